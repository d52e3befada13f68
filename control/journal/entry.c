/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spooled verdicts, and the filters of collectors. */
#include "control/journal/entry.h"

#include <errno.h>

_Static_assert(PRIORITY_LOW == 0 && PRIORITY_MEDIUM == 1 && PRIORITY_HIGH == 2, "config/target.c names them in this order");
_Static_assert(VERDICT_UNKNOWN == 0 && VERDICT_FAILURE == 1 && VERDICT_SUCCESS == 2, "config/target.c names them in this order");

enum { FORM = 1 }; /* the first byte; a bare line begins with '<' */

void entry_encode(struct sink *s, const struct entry *e)
{
	sink_u8(s, FORM);
	sink_u8(s, e->priority);
	sink_u8(s, e->verdict);
	sink_u8(s, e->final);
	address_encode(s, &e->src);
	address_encode(s, &e->dst);
	sink_run(s, e->class_name);
	for (unsigned i = 0; i < SYSLOG_FORMATS; i++)
		sink_run(s, e->lines[i]);
}

int entry_decode(struct bytes b, struct entry *ret)
{
	struct entry e = { .bare = b.left > 0 && b.at[0] == '<' };
	uint8_t form, final;

	if (e.bare) {
		e.lines[SYSLOG_JSON] = b;
		*ret = e;
		return 0;
	}
	if (bytes_u8(&b, &form) < 0 || form != FORM || bytes_u8(&b, &e.priority) < 0 || bytes_u8(&b, &e.verdict) < 0 ||
	    bytes_u8(&b, &final) < 0 || address_decode(&b, &e.src) < 0 || address_decode(&b, &e.dst) < 0 ||
	    bytes_run(&b, CLASS_NAME_MAX, &e.class_name) < 0)
		return -EBADMSG;
	for (unsigned i = 0; i < SYSLOG_FORMATS; i++)
		if (bytes_run(&b, LINE_MAX_BYTES, &e.lines[i]) < 0)
			return -EBADMSG;
	if (e.priority > PRIORITY_HIGH || e.verdict > VERDICT_SUCCESS || b.left > 0)
		return -EBADMSG;
	e.final = final != 0;
	*ret = e;
	return 0;
}

struct bytes entry_line(const struct entry *e, enum syslog_format format)
{
	for (unsigned i = 0; e->lines[format].left == 0 && i < SYSLOG_FORMATS; i++)
		if (e->lines[i].left > 0)
			return e->lines[i];
	return e->lines[format];
}

static bool within_any(const struct entry *e, const struct network *networks, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (address_within(&e->src, &networks[i].address, networks[i].bits) ||
		    address_within(&e->dst, &networks[i].address, networks[i].bits))
			return true;
	return false;
}

static bool concerns(const struct entry *e, const struct settings *settings, const struct syslog_filter *f)
{
	bool found = f->networks_count + f->sites_count == 0 || within_any(e, f->networks, f->networks_count);

	for (unsigned i = 0; i < f->sites_count && !found; i++) {
		const struct site_setting *site = &settings->sites[f->sites[i]];

		found = within_any(e, site->networks, site->networks_count);
	}
	return found;
}

static bool is_of_class(const struct entry *e, const struct syslog_filter *f)
{
	bool found = f->classes_count == 0;

	for (unsigned i = 0; i < f->classes_count && !found; i++)
		found = bytes_equal(e->class_name, bytes_text(f->classes[i]));
	return found;
}

bool entry_passes(const struct entry *e, const struct settings *settings, const struct syslog_filter *f)
{
	return e->bare ||
	       (e->priority >= f->priority && (f->verdicts == 0 || (f->verdicts & 1u << e->verdict) != 0) &&
	        (e->final || !f->final_only) && is_of_class(e, f) && concerns(e, settings, f));
}
