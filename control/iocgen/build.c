/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IOCs with all that is told of them. */
#include "control/iocgen/build.h"
#include "control/iocgen/describe.h"
#include "control/iocgen/interval.h"
#include "control/iocgen/matcher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SENTENCE_MAX = 4000 };

static struct bytes keep(struct ioc_set *s, struct bytes t)
{
	uint8_t *copy = set_take(s, t.left + 1);

	if (copy == NULL)
		return bytes_of(NULL, 0);
	if (t.left > 0)
		memcpy(copy, t.at, t.left);
	copy[t.left] = 0;
	return bytes_of(copy, t.left);
}

static int keep_pattern(struct ioc_set *s, const struct pattern *from, struct pattern *ret)
{
	*ret = *from;
	if ((ret->pieces = set_take(s, from->count * sizeof(*ret->pieces))) == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < from->count; i++) {
		ret->pieces[i] = from->pieces[i];
		ret->pieces[i].text = keep(s, from->pieces[i].text);
		if (ret->pieces[i].text.at == NULL)
			return -ENOMEM;
	}
	return 0;
}

static int hit(void *to, uint32_t pattern)
{
	*(bool *)to = true;
	return 1;
}

/* Values that the first pattern matches, of the first samples that have different ones. */
static int add_examples(struct ioc *c, struct ioc_set *s, const struct view *v, const struct candidate *from)
{
	const struct corpus *corpus = v->corpus;
	roaring_uint32_iterator_t it;
	struct matcher *m;
	uint32_t which, before = UINT32_MAX;
	int r = matcher_new(&c->patterns[0], 1, &m, &which);

	if (r < 0)
		return r;
	for (roaring_init_iterator(from->family, &it); it.has_value && c->examples_count < IOC_EXAMPLES_MAX; roaring_advance_uint32_iterator(&it)) {
		const struct corpus_sample *sample = view_sample(v, it.current_value);

		for (uint32_t k = 0; k < sample->count; k++) {
			uint32_t id = corpus->items[sample->first + k];
			struct bytes value = names_get(&corpus->values, id);
			bool matches = false;

			if (matcher_scan(m, value_kind(value), value_class(value), value_text(value), hit, &matches) < 0 || !matches)
				continue;
			if (id != before) {
				c->examples[c->examples_count] = keep(s, value_text(value));
				if (c->examples[c->examples_count].at == NULL)
					r = -ENOMEM;
				c->examples_count++;
			}
			before = id;
			break;
		}
		if (r < 0 || (c->patterns[0].count == 1 && !c->patterns[0].pieces[0].is_hole && !c->patterns[0].open_front &&
		              !c->patterns[0].open_back && c->examples_count > 0))
			break; /* a literal has one example */
	}
	matcher_free(m);
	return r;
}

static void set_id(struct ioc *c, const struct pool *pool, const struct candidate *from)
{
	uint64_t digest = text_digest(c->family, 11);

	for (unsigned i = 0; i < from->count; i++)
		digest = mix(digest, text_digest(names_get(&pool->keys, from->patterns[i]), 13));
	for (int i = 0; i < 16; i++)
		c->id[i] = "0123456789abcdef"[digest >> (60 - 4 * i) & 15];
	c->id[16] = 0;
}

static void set_days(struct ioc *c, const struct view *v, const struct candidate *from)
{
	roaring_uint32_iterator_t it;

	c->first = c->last = DAY_NONE;
	for (roaring_init_iterator(from->family, &it); it.has_value; roaring_advance_uint32_iterator(&it)) {
		int32_t day = view_sample(v, it.current_value)->day;

		if (day == DAY_NONE)
			continue;
		c->first = c->first == DAY_NONE || day < c->first ? day : c->first;
		c->last = day > c->last ? day : c->last;
	}
}

int builder_add(struct builder *b, const struct view *v, const struct pool *pool, const struct view_family *f, const struct candidate *from)
{
	uint8_t sentence[SENTENCE_MAX];
	struct sink to = sink_over(sentence, sizeof(sentence));
	struct interval i = interval_of(from->hits, view_benign(v));
	struct ioc *c;
	int r = 0;

	if (b->set->count == b->room) {
		size_t room = b->room * 2 + 64;
		struct ioc *iocs = realloc(b->set->iocs, room * sizeof(*iocs));

		if (iocs == NULL)
			return -ENOMEM;
		b->set->iocs = iocs;
		b->room = room;
	}
	c = &b->set->iocs[b->set->count];
	*c = (struct ioc){ .family = keep(b->set, names_get(&v->corpus->families, f->name)), .patterns_count = from->count,
		.samples = from->support, .family_samples = f->count, .others = from->others, .benign_hits = from->hits,
		.benign_samples = view_benign(v), .fpr_low = i.low, .fpr_high = i.high };
	for (unsigned k = 0; k < from->count && r == 0; k++)
		r = keep_pattern(b->set, &pool->patterns[from->patterns[k]], &c->patterns[k]);
	set_id(c, pool, from);
	set_days(c, v, from);
	if (r == 0)
		r = add_examples(c, b->set, v, from);
	if (r == 0 && ioc_describe(c, &to) < 0) { /* cut where a person would not read on */
		to.overflow = false;
		while (to.used > 0 && (sentence[to.used - 1] & 0xc0) == 0x80)
			to.used--;
	}
	c->sentence = keep(b->set, bytes_of(sentence, to.used));
	if (r == 0 && (c->sentence.at == NULL || c->family.at == NULL))
		r = -ENOMEM;
	b->set->count += r == 0;
	return r;
}

int builder_family(struct builder *b, const struct ioc_family *f)
{
	struct ioc_family *to;

	if (b->set->families_count == b->families_room) {
		size_t room = b->families_room * 2 + 64;
		struct ioc_family *families = realloc(b->set->families, room * sizeof(*families));

		if (families == NULL)
			return -ENOMEM;
		b->set->families = families;
		b->families_room = room;
	}
	to = &b->set->families[b->set->families_count++];
	*to = *f;
	to->name = keep(b->set, f->name);
	return to->name.at == NULL ? -ENOMEM : 0;
}

static int compare_iocs(const void *a, const void *b)
{
	const struct ioc *x = a, *y = b;
	size_t n = x->family.left < y->family.left ? x->family.left : y->family.left;
	int r = memcmp(x->family.at, y->family.at, n);

	if (r == 0 && x->family.left != y->family.left)
		r = x->family.left < y->family.left ? -1 : 1;
	if (r == 0 && x->samples != y->samples)
		r = x->samples > y->samples ? -1 : 1;
	return r != 0 ? r : strcmp(x->id, y->id);
}

void builder_end(struct builder *b, const struct view *v, uint64_t covered, uint64_t hits, double max_fpr)
{
	struct interval i = interval_of(hits, view_benign(v));

	b->set->malware_samples = v->malware;
	b->set->malware_covered = covered;
	b->set->benign_samples = view_benign(v);
	b->set->benign_hits = hits;
	b->set->max_fpr = max_fpr;
	b->set->fpr_low = i.low;
	b->set->fpr_high = i.high;
	if (b->set->count > 0)
		qsort(b->set->iocs, b->set->count, sizeof(*b->set->iocs), compare_iocs);
}
