/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `konseki emulate --json` prints: its "behaviour" is a log in the plain form. */
#include "control/iocgen/read/form.h"

#include "control/iocgen/read/report.h"

#include <string.h>

static bool open_part(void *user, const struct walk_path *p, bool object)
{
	struct report *r = user;

	/* outputs, events and traces tell of the run, not of what it leaves */
	if (p->depth == 1 && !walk_path_is(p, "behaviour"))
		return false;
	if (walk_path_is(p, "behaviour"))
		r->known = true;
	if (object && walk_path_is(p, "behaviour.artefacts.*"))
		record_clear(&r->record);
	return true;
}

static void close_part(void *user, const struct walk_path *p, bool object)
{
	struct report *r = user;
	enum artefact_kind kind;

	if (!walk_path_is(p, "behaviour.artefacts.*") || kind_find(record_get(&r->record, "kind"), &kind) < 0)
		return;
	report_add(r, kind, action_find(record_get(&r->record, "action")), record_get(&r->record, "value"));
}

static void take_value(void *user, const struct walk_path *p, enum walk_type type, struct bytes value)
{
	struct report *r = user;

	if (type == WALK_NULL)
		return;
	if (walk_path_is(p, "behaviour.sample"))
		facts_put(r->facts.name, value);
	else if (walk_path_is(p, "behaviour.family"))
		facts_put(r->facts.family, value);
	else if (walk_path_is(p, "behaviour.source"))
		facts_put(r->facts.source, value);
	else if (walk_path_is(p, "behaviour.date"))
		facts_put_day(&r->facts, value);
	else if (walk_path_is(p, "behaviour.label"))
		(void)!label_find(value, &r->facts.label);
	else if (walk_path_is(p, "behaviour.artefacts.*.*"))
		report_keep(r, p, value);
}

static void finish(struct report *r)
{
	facts_put(r->facts.source, bytes_text("konseki-emu"));
}

int read_emulated(FILE *from, const struct read_given *given, const struct sample_sink *sink)
{
	static const struct walk_hooks hooks = { .open = open_part, .close = close_part, .value = take_value };

	return report_read(from, given, sink, &hooks, finish);
}
