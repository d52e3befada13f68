/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A STIX 2.1 bundle: an indicator an IOC, a malware object a family, and a report of what was carried. */
#include "control/iocgen/export/carry.h"
#include "control/iocgen/export/uuid.h"
#include "control/iocgen/shown.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum how { BY_VALUE, BY_PATH, BY_KEY, BY_END };

/* The properties of cyber-observable objects that hold an artefact (STIX 2.1, part 6). */
static const struct property {
	enum artefact_kind kind;
	enum how how;
	const char *name, *folder;
} properties[] = {
	{ KIND_FILE, BY_PATH, "file:name", "file:parent_directory_ref.path" },
	{ KIND_PROCESS, BY_PATH, "process:image_ref.name", "process:image_ref.parent_directory_ref.path" },
	{ KIND_REGISTRY, BY_KEY, "windows-registry-key:values[*].name", "windows-registry-key:key" },
	{ KIND_MUTEX, BY_VALUE, "mutex:name", NULL }, { KIND_COMMAND, BY_VALUE, "process:command_line", NULL },
	{ KIND_SERVICE, BY_VALUE, "process:extensions.'windows-service-ext'.service_name", NULL },
	{ KIND_URL, BY_VALUE, "url:value", NULL }, { KIND_DNS, BY_VALUE, "domain-name:value", NULL },
	{ KIND_AGENT, BY_VALUE, "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'", NULL },
	{ KIND_IP, BY_END, "network-traffic:dst_ref.value", NULL },
};

static const struct property *property_of(enum artefact_kind k)
{
	for (size_t i = 0; i < COUNT_OF(properties); i++) {
		if (properties[i].kind == k)
			return &properties[i];
	}
	return NULL;
}

static bool is_plain(const struct pattern *p)
{
	return p->count == 1 && !p->pieces[0].is_hole && !p->open_front && !p->open_back;
}

static struct carried carry_pattern(const struct ioc *ioc, const struct pattern *p)
{
	struct carried ret = { CARRY_NOT, "no memory" };
	struct forms *forms;

	if (property_of(p->kind) == NULL)
		return (struct carried){ CARRY_NOT, "no object of STIX is a task or a pipe" };
	if (p->kind == KIND_IP && !is_plain(p))
		return (struct carried){ CARRY_NOT, "addresses with holes" };
	if ((forms = malloc(sizeof(*forms))) == NULL)
		return ret;
	if (forms_of(p, true, forms) < 0)
		ret.why = "a pattern too long for an indicator";
	else if (p->action != CLASS_ANY)
		ret = (struct carried){ CARRY_WIDER, "STIX says that a thing was seen, not what was done to it" };
	else if (forms->wider)
		ret = (struct carried){ CARRY_WIDER, "folders that hang on the user are left open" };
	else if (ioc->patterns_count > 1)
		ret = (struct carried){ CARRY_WIDER, "artefacts of one sample become observations within an hour" };
	else
		ret = (struct carried){ CARRY_WHOLE, NULL };
	free(forms);
	return ret;
}

/* A text in single quotes: the pattern language has its own backslashes. */
static void put_text(const char *text, size_t len, struct sink *to)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\' || text[i] == '\'')
			sink_u8(to, '\\');
		sink_u8(to, (uint8_t)text[i]);
	}
}

static void put(const char *text, struct sink *to)
{
	sink_put(to, text, strlen(text));
}

/* Parts of a regular expression: what is before the last separator of a path and what is behind it; false: there is none. */
static bool split(const char *regex, size_t *ret_before, size_t *ret_behind)
{
	bool in_class = false, found = false;

	for (size_t i = 0; regex[i] != '\0'; i++) {
		if (regex[i] == '\\' && regex[i + 1] != '\0') {
			if (regex[i + 1] == '\\' && !in_class) {
				found = true;
				*ret_before = i;
				*ret_behind = i + 2;
			}
			i++;
		} else if (regex[i] == '[') {
			in_class = true;
		} else if (regex[i] == ']') {
			in_class = false;
		} else if (regex[i] == '/' && !in_class) {
			found = true;
			*ret_before = i;
			*ret_behind = i + 1;
		}
	}
	return found;
}

/* NAME MATCHES '(?i)^…$' of regex[from..to), whose own anchors fall away. */
static void put_match(const char *name, const char *regex, size_t from, size_t to_at, struct sink *to)
{
	from += from == 0 && regex[0] == '^';
	to_at -= to_at == strlen(regex) && to_at > from && regex[to_at - 1] == '$';
	put(name, to);
	put(" MATCHES '(?i)^", to);
	put_text(regex + from, to_at > from ? to_at - from : 0, to);
	put("$'", to);
}

static void put_form(const struct property *p, const struct form *f, struct sink *to)
{
	size_t before, behind, len = strlen(f->regex);
	bool cut = p->how != BY_VALUE && !f->back && split(f->regex, &before, &behind);

	if (p->how == BY_KEY) {
		put_match(p->folder, f->regex, 0, len, to);
		if (cut) {
			put(" OR (", to);
			put_match(p->folder, f->regex, 0, before, to);
			put(" AND ", to);
			put_match(p->name, f->regex, behind, len, to);
			put(")", to);
		}
	} else if (cut) {
		put("(", to);
		put_match(p->folder, f->regex, 0, before, to);
		put(" AND ", to);
		put_match(p->name, f->regex, behind, len, to);
		put(")", to);
	} else if (p->how == BY_PATH && f->back) {
		/* whatever lies below: a folder that begins so */
		put_match(p->folder, f->regex, 0, len, to);
	} else {
		put_match(p->name, f->regex, 0, len, to);
	}
}

static void put_end(const struct property *p, struct bytes text, struct sink *to)
{
	const uint8_t *colon = text.left > 0 ? memrchr(text.at, ':', text.left) : NULL;
	struct bytes port = bytes_of(NULL, 0);

	if (colon != NULL && (memchr(text.at, ':', text.left) == colon || colon[-1] == ']')) {
		port = bytes_of(colon + 1, text.left - (size_t)(colon + 1 - text.at));
		text.left = (size_t)(colon - text.at);
	}
	if (text.left > 2 && *text.at == '[')
		text = bytes_of(text.at + 1, text.left - 2);
	put(p->name, to);
	put(" = '", to);
	put_text((const char *)text.at, text.left, to);
	put("'", to);
	if (port.left > 0) {
		put(" AND network-traffic:dst_port = ", to);
		sink_put(to, port.at, port.left);
	}
}

static int put_pattern(const struct ioc *ioc, struct forms *forms, struct sink *to)
{
	for (unsigned k = 0; k < ioc->patterns_count; k++) {
		const struct pattern *p = &ioc->patterns[k];
		const struct property *property = property_of(p->kind);

		put(k == 0 ? (ioc->patterns_count > 1 ? "(" : "") : " AND ", to);
		put("[", to);
		if (property->how == BY_END) {
			put_end(property, p->pieces[0].text, to);
		} else {
			if (forms_of(p, true, forms) < 0)
				return -ENOSPC;
			for (unsigned i = 0; i < forms->count; i++) {
				put(i > 0 ? " OR " : "", to);
				put_form(property, &forms->form[i], to);
			}
		}
		put("]", to);
	}
	if (ioc->patterns_count > 1)
		put(") WITHIN 3600 SECONDS", to);
	return to->overflow ? -ENOSPC : 0;
}

struct bundle {
	FILE *to;
	char identity[UUID_TEXT], time[40];
};

static void begin_object(const struct bundle *b, const char *type, const char *uuid)
{
	fprintf(b->to, ",\n{\"type\":\"%s\",\"spec_version\":\"2.1\",\"id\":\"%s--%s\",\"created_by_ref\":\"identity--%s\",\"created\":\"%s\",\"modified\":\"%s\"",
	        type, type, uuid, b->identity, b->time, b->time);
}

static void put_member(const struct bundle *b, const char *name, struct bytes text)
{
	fprintf(b->to, ",\"%s\":", name);
	shown_json(b->to, text);
}

static const char *family_uuid(struct bytes family, char buf[UUID_TEXT])
{
	char name[SAMPLE_NAME_MAX + 1];
	size_t len = family.left < SAMPLE_NAME_MAX ? family.left : SAMPLE_NAME_MAX;

	if (len > 0)
		memcpy(name, family.at, len);
	name[len] = '\0';
	return uuid_of("malware", name, buf);
}

static int put_indicator(const struct bundle *b, const struct ioc *ioc, struct forms *forms, uint8_t *room, size_t size)
{
	struct sink pattern = sink_over(room, size);
	char uuid[UUID_TEXT], malware[UUID_TEXT], relation[UUID_TEXT], name[IOC_ID_MAX + 32], day[16];
	int r = put_pattern(ioc, forms, &pattern);

	if (r < 0)
		return r;
	uuid_of("indicator", ioc->id, uuid);
	snprintf(name, sizeof(name), "konseki %s", ioc->id);
	begin_object(b, "indicator", uuid);
	put_member(b, "name", bytes_text(name));
	put_member(b, "description", ioc->sentence);
	put_member(b, "pattern", bytes_of(room, pattern.used));
	fprintf(b->to, ",\"indicator_types\":[\"malicious-activity\"],\"pattern_type\":\"stix\",\"pattern_version\":\"2.1\",\"valid_from\":\"%sT00:00:00.000Z\"}",
	        ioc->first != DAY_NONE ? day_format(ioc->first, day) : "1970-01-01");
	begin_object(b, "relationship", uuid_of("relationship", ioc->id, relation));
	fprintf(b->to, ",\"relationship_type\":\"indicates\",\"source_ref\":\"indicator--%s\",\"target_ref\":\"malware--%s\"}", uuid,
	        family_uuid(ioc->family, malware));
	return 0;
}

static void put_family(const struct bundle *b, struct bytes family)
{
	char uuid[UUID_TEXT];

	begin_object(b, "malware", family_uuid(family, uuid));
	put_member(b, "name", family);
	fputs(",\"is_family\":true}", b->to);
}

/* What was carried, over all objects of the bundle. */
static int put_report(const struct bundle *b, const struct ioc_set *set, const struct carried *all)
{
	char *told = NULL, uuid[UUID_TEXT];
	size_t len = 0;
	FILE *tell = open_memstream(&told, &len);

	if (tell == NULL)
		return -ENOMEM;
	carry_tell(set, all, &format_stix, "", tell);
	fclose(tell);
	begin_object(b, "report", uuid_of("report", set->count > 0 ? set->iocs[0].id : "", uuid));
	put_member(b, "name", bytes_text("IOCs of Konseki"));
	put_member(b, "description", bytes_of(told, len));
	fprintf(b->to, ",\"report_types\":[\"indicator\"],\"published\":\"%s\",\"object_refs\":[\"identity--%s\"", b->time, b->identity);
	for (size_t i = 0; i < set->count; i++) {
		if (all[i].carry != CARRY_NOT)
			fprintf(b->to, ",\"indicator--%s\"", uuid_of("indicator", set->iocs[i].id, uuid));
	}
	fputs("]}", b->to);
	free(told);
	return 0;
}

static int write_bundle(const struct ioc_set *set, const struct carried *all, int32_t day, FILE *to)
{
	enum { ROOM = 256 << 10 };
	struct bundle b = { .to = to };
	struct forms *forms = malloc(sizeof(*forms));
	uint8_t *room = malloc(ROOM);
	char uuid[UUID_TEXT], date[16];
	const struct bytes *last = NULL;
	int r = forms != NULL && room != NULL ? 0 : -ENOMEM;

	uuid_of("identity", "konseki", b.identity);
	snprintf(b.time, sizeof(b.time), "%sT00:00:00.000Z", day_format(day, date));
	fprintf(to, "{\"type\":\"bundle\",\"id\":\"bundle--%s\",\"objects\":[\n", uuid_of("bundle", set->count > 0 ? set->iocs[0].id : "", uuid));
	fprintf(to, "{\"type\":\"identity\",\"spec_version\":\"2.1\",\"id\":\"identity--%s\",\"created\":\"%s\",\"modified\":\"%s\",\"name\":\"Konseki\","
	        "\"identity_class\":\"system\"}", b.identity, b.time, b.time);
	for (size_t i = 0; r == 0 && i < set->count; i++) {
		const struct ioc *ioc = &set->iocs[i];

		if (all[i].carry == CARRY_NOT)
			continue;
		/* they stand by family */
		if (last == NULL || !bytes_equal(*last, ioc->family))
			put_family(&b, ioc->family);
		last = &ioc->family;
		r = put_indicator(&b, ioc, forms, room, ROOM);
	}
	if (r == 0)
		r = put_report(&b, set, all);
	fputs("\n]}\n", to);
	free(forms);
	free(room);
	return r;
}

const struct format format_stix = { "stix", carry_pattern, write_bundle };
