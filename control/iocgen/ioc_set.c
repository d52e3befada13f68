/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of IOCs: one JSON object. */
#include "control/iocgen/ioc.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { IOCS_MAX = 200000, TEXT_MAX = 4096 }; /* of a file; more is no file of ours */

/* Memory of a set: blocks in a chain, freed as one. */
struct block {
	struct block *next;
	size_t used, size;
	max_align_t bytes[];
};

void *set_take(struct ioc_set *s, size_t len)
{
	struct block *b = s->memory;

	len = (len + 15) & ~(size_t)15;
	if (b == NULL || b->size - b->used < len) {
		size_t size = len > 65536 ? len : 65536;

		b = malloc(sizeof(*b) + size);
		if (b == NULL)
			return NULL;
		*b = (struct block){ .next = s->memory, .size = size };
		s->memory = b;
	}
	b->used += len;
	return (uint8_t *)b->bytes + b->used - len;
}

void ioc_set_free(struct ioc_set *s)
{
	if (s == NULL)
		return;
	for (struct block *b = s->memory, *next; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	free(s->iocs);
	free(s->families);
	free(s);
}

struct reading {
	struct ioc_set *set;
	const char *why;
	int error;
};

static int refuse(struct reading *r, const char *why)
{
	if (r->error == 0) {
		r->error = -EBADMSG;
		r->why = why;
	}
	return r->error;
}

static struct bytes text_of(struct reading *r, const json_t *of, const char *key, const char *why)
{
	const json_t *v = json_object_get(of, key);
	size_t len = json_string_length(v);
	uint8_t *copy;

	if (!json_is_string(v) || len > TEXT_MAX) {
		refuse(r, why);
		return bytes_of(NULL, 0);
	}
	copy = set_take(r->set, len + 1);
	if (copy == NULL) {
		r->error = -ENOMEM;
		return bytes_of(NULL, 0);
	}
	memcpy(copy, json_string_value(v), len + 1);
	return bytes_of(copy, len);
}

static uint64_t count_of(struct reading *r, const json_t *of, const char *key)
{
	const json_t *v = json_object_get(of, key);

	if (!json_is_integer(v) || json_integer_value(v) < 0) {
		refuse(r, "a count is missing or negative");
		return 0;
	}
	return (uint64_t)json_integer_value(v);
}

static double share_of(struct reading *r, const json_t *of, const char *key)
{
	const json_t *v = json_object_get(of, key);

	if (!json_is_number(v))
		refuse(r, "a share is missing");
	return json_number_value(v);
}

static int32_t day_of(struct reading *r, const json_t *of, const char *key)
{
	const json_t *v = json_object_get(of, key);
	int32_t day = DAY_NONE;

	if (v != NULL && (!json_is_string(v) || day_parse(bytes_text(json_string_value(v)), &day) < 0))
		refuse(r, "first_seen and last_seen are days, YYYY-MM-DD");
	return day;
}

static void read_piece(struct reading *r, const json_t *j, struct piece *ret)
{
	const json_t *hole = json_object_get(j, "hole");
	uint64_t min, max;

	*ret = (struct piece){ .is_hole = hole != NULL };
	if (!ret->is_hole) {
		ret->text = text_of(r, j, "text", "a piece is {\"text\"} or {\"hole\", \"min\", \"max\"}");
		return;
	}
	if (!json_is_string(hole) || hole_find(bytes_text(json_string_value(hole)), &ret->hole) < 0) {
		refuse(r, "no such hole");
		return;
	}
	min = count_of(r, j, "min");
	max = count_of(r, j, "max");
	if (min > max || max > TEXT_MAX || max == 0)
		refuse(r, "a hole's min and max are 0 to 4096 characters");
	ret->min = (unsigned)min;
	ret->max = (unsigned)max;
}

static void read_pattern(struct reading *r, const json_t *j, struct pattern *ret)
{
	const char *kind = json_string_value(json_object_get(j, "kind")), *action = json_string_value(json_object_get(j, "action"));
	const json_t *pieces = json_object_get(j, "pieces");

	*ret = (struct pattern){ .open_front = json_is_true(json_object_get(j, "open_front")),
		.open_back = json_is_true(json_object_get(j, "open_back")) };
	if (kind == NULL || kind_find(bytes_text(kind), &ret->kind) < 0 || action == NULL ||
	    class_find(bytes_text(action), &ret->action) < 0) {
		refuse(r, "a pattern has a kind and an action");
		return;
	}
	if (!json_is_array(pieces) || json_array_size(pieces) == 0 || json_array_size(pieces) > IOC_PIECES_MAX) {
		refuse(r, "a pattern has 1 to 64 pieces");
		return;
	}
	ret->count = (unsigned)json_array_size(pieces);
	ret->pieces = set_take(r->set, ret->count * sizeof(*ret->pieces));
	if (ret->pieces == NULL) {
		r->error = -ENOMEM;
		return;
	}
	for (unsigned i = 0; i < ret->count; i++)
		read_piece(r, json_array_get(pieces, i), &ret->pieces[i]);
}

static void read_ioc(struct reading *r, const json_t *j, struct ioc *ret)
{
	const json_t *all = json_object_get(j, "all_of"), *fpr = json_object_get(j, "fpr"), *examples = json_object_get(j, "examples");
	const char *id = json_string_value(json_object_get(j, "id"));

	*ret = (struct ioc){ .family = text_of(r, j, "family", "an IOC has a family"),
		.sentence = text_of(r, j, "sentence", "an IOC has a sentence"), .samples = count_of(r, j, "samples"),
		.family_samples = count_of(r, j, "family_samples"), .others = count_of(r, j, "others"),
		.benign_hits = count_of(r, j, "benign_hits"), .benign_samples = count_of(r, j, "benign_samples"),
		.fpr_low = share_of(r, fpr, "low"), .fpr_high = share_of(r, fpr, "high"), .first = day_of(r, j, "first_seen"),
		.last = day_of(r, j, "last_seen") };
	if (id == NULL || strlen(id) >= sizeof(ret->id))
		refuse(r, "an IOC has an id");
	else
		strcpy(ret->id, id);
	if (!json_is_array(all) || json_array_size(all) == 0 || json_array_size(all) > IOC_PATTERNS_MAX ||
	    !json_is_array(examples) || json_array_size(examples) > IOC_EXAMPLES_MAX) {
		refuse(r, "an IOC has 1 to 3 patterns and up to 3 examples");
		return;
	}
	ret->patterns_count = (unsigned)json_array_size(all);
	for (unsigned i = 0; i < ret->patterns_count; i++)
		read_pattern(r, json_array_get(all, i), &ret->patterns[i]);
	for (size_t i = 0; i < json_array_size(examples); i++) {
		json_t *one = json_pack("{s:O}", "e", json_array_get(examples, i));

		ret->examples[ret->examples_count++] = text_of(r, one, "e", "an example is text");
		json_decref(one);
	}
}

static void read_family(struct reading *r, const json_t *j, struct ioc_family *ret)
{
	*ret = (struct ioc_family){ .name = text_of(r, j, "family", "a family has a name"), .samples = count_of(r, j, "samples"),
		.covered = count_of(r, j, "covered"), .value = share_of(r, j, "value"), .bound = share_of(r, j, "bound"),
		.gap = share_of(r, j, "gap"), .exact = json_is_true(json_object_get(j, "exact")) };
}

static void read_set(struct reading *r, const json_t *j)
{
	const json_t *iocs = json_object_get(j, "iocs"), *families = json_object_get(j, "families"), *fpr = json_object_get(j, "fpr");
	struct ioc_set *s = r->set;

	s->malware_samples = count_of(r, j, "malware_samples");
	s->malware_covered = count_of(r, j, "malware_covered");
	s->benign_samples = count_of(r, j, "benign_samples");
	s->benign_hits = count_of(r, j, "benign_hits");
	s->max_fpr = share_of(r, j, "max_fpr");
	s->fpr_low = share_of(r, fpr, "low");
	s->fpr_high = share_of(r, fpr, "high");
	if (!json_is_array(iocs) || !json_is_array(families) || json_array_size(iocs) > IOCS_MAX || json_array_size(families) > IOCS_MAX)
		refuse(r, "\"iocs\" and \"families\" are lists of up to 200000");
	if (r->error < 0)
		return;
	s->iocs = calloc(json_array_size(iocs) + 1, sizeof(*s->iocs));
	s->families = calloc(json_array_size(families) + 1, sizeof(*s->families));
	if (s->iocs == NULL || s->families == NULL) {
		r->error = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < json_array_size(iocs) && r->error == 0; i++)
		read_ioc(r, json_array_get(iocs, i), &s->iocs[s->count++]);
	for (size_t i = 0; i < json_array_size(families) && r->error == 0; i++)
		read_family(r, json_array_get(families, i), &s->families[s->families_count++]);
}

int ioc_set_read(struct bytes text, struct ioc_set **ret, const char **why)
{
	struct reading r = { .set = calloc(1, sizeof(*r.set)) };
	json_t *j = json_loadb((const char *)text.at, text.left, JSON_REJECT_DUPLICATES, NULL);

	if (r.set == NULL)
		r.error = -ENOMEM;
	else if (!json_is_object(j))
		refuse(&r, "no JSON object");
	else
		read_set(&r, j);
	json_decref(j);
	if (r.error < 0) {
		ioc_set_free(r.set);
		*why = r.why == NULL ? "no memory" : r.why;
		return r.error;
	}
	*ret = r.set;
	return 0;
}

static json_t *text_json(struct bytes t)
{
	return json_stringn_nocheck((const char *)t.at, t.left);
}

static json_t *pattern_json(const struct pattern *p)
{
	char buf[2 * TEXT_MAX];
	struct sink to = sink_over(buf, sizeof(buf));
	json_t *pieces = json_array();

	for (unsigned i = 0; i < p->count; i++) {
		const struct piece *piece = &p->pieces[i];

		json_array_append_new(pieces, !piece->is_hole ? json_pack("{s:o}", "text", text_json(piece->text)) :
		                      json_pack("{s:s, s:i, s:i}", "hole", hole_name(piece->hole), "min", piece->min, "max", piece->max));
	}
	if (pattern_text(p, &to) < 0)
		to.used = 0;
	return json_pack("{s:s, s:s, s:o, s:b, s:b, s:o}", "kind", kind_name(p->kind), "action", class_name(p->action), "text",
	                 text_json(bytes_of(buf, to.used)), "open_front", p->open_front, "open_back", p->open_back, "pieces", pieces);
}

static json_t *ioc_json(const struct ioc *c)
{
	json_t *all = json_array(), *examples = json_array(), *j;
	char day[16];

	for (unsigned i = 0; i < c->patterns_count; i++)
		json_array_append_new(all, pattern_json(&c->patterns[i]));
	for (unsigned i = 0; i < c->examples_count; i++)
		json_array_append_new(examples, text_json(c->examples[i]));
	j = json_pack("{s:s, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:{s:f, s:f}}", "id", c->id, "family", text_json(c->family),
	              "sentence", text_json(c->sentence), "all_of", all, "samples", (json_int_t)c->samples, "family_samples",
	              (json_int_t)c->family_samples, "others", (json_int_t)c->others, "benign_hits", (json_int_t)c->benign_hits,
	              "benign_samples", (json_int_t)c->benign_samples, "fpr", "low", c->fpr_low, "high", c->fpr_high);
	if (c->first != DAY_NONE)
		json_object_set_new(j, "first_seen", json_string(day_format(c->first, day)));
	if (c->last != DAY_NONE)
		json_object_set_new(j, "last_seen", json_string(day_format(c->last, day)));
	json_object_set_new(j, "examples", examples);
	return j;
}

int ioc_set_write(const struct ioc_set *s, FILE *to)
{
	json_t *iocs = json_array(), *families = json_array(), *all;
	int r = 0;

	for (size_t i = 0; i < s->count; i++)
		json_array_append_new(iocs, ioc_json(&s->iocs[i]));
	for (size_t i = 0; i < s->families_count; i++) {
		const struct ioc_family *f = &s->families[i];

		json_array_append_new(families, json_pack("{s:o, s:I, s:I, s:f, s:f, s:f, s:b}", "family", text_json(f->name), "samples",
		                      (json_int_t)f->samples, "covered", (json_int_t)f->covered, "value", f->value, "bound", f->bound,
		                      "gap", f->gap, "exact", f->exact));
	}
	all = json_pack("{s:s, s:f, s:I, s:I, s:I, s:I, s:{s:f, s:f}, s:o, s:o}", "version", "1", "max_fpr", s->max_fpr,
	                "malware_samples", (json_int_t)s->malware_samples, "malware_covered", (json_int_t)s->malware_covered,
	                "benign_samples", (json_int_t)s->benign_samples, "benign_hits", (json_int_t)s->benign_hits, "fpr", "low",
	                s->fpr_low, "high", s->fpr_high, "families", families, "iocs", iocs);
	if (all == NULL)
		return -ENOMEM;
	if (json_dumpf(all, to, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) < 0 || fputc('\n', to) == EOF || fflush(to) != 0)
		r = -EIO;
	json_decref(all);
	return r;
}
