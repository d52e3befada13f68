/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a family's values to its patterns: shapes counted, the closed ones kept, their holes learned. */
#include "control/iocgen/mine.h"
#include "control/iocgen/learn.h"
#include "control/iocgen/mining.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	PATTERNS_MAX = 900,    /* of a family */
	COMMON_SHARE = 4,      /* values that 1 of so many harmless samples has are nothing of the family's own */
	COMMON_FROM = 50,      /* harmless samples from which that is judged */
	LATTICE_LEAST = 3      /* samples of a closed generalisation */
};

static int compare_numbers(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Words of the values that harmless samples have, or only those that are not held out. */
static int add_words(struct miner *m, bool all)
{
	const struct view *view = m->view;
	const struct names *values = &view->corpus->values;
	struct tokens t;
	uint32_t id;
	int r = 0;

	for (uint32_t v = 0; v < values->count && r == 0; v++) {
		struct bytes value = names_get(values, v);
		bool counts = all;

		if (m->benign_count[v] == 0)
			continue;
		for (uint64_t i = view->posting[v]; i < view->posting[v + 1] && !counts; i++)
			counts = view->holders[i] >= view->malware && !roaring_bitmap_contains(m->held_out, view->holders[i]);
		if (!counts || tokens_of(value_kind(value), value_text(value), &t) < 0)
			continue;
		for (unsigned i = 0; i < t.count && r == 0; i++) {
			if (t.list[i].form == TOKEN_WORD && t.list[i].len >= LITERAL_MIN)
				r = names_add(&m->words, bytes_of(t.text.at + t.list[i].at, t.list[i].len), &id);
		}
	}
	return r;
}

int miner_new(const struct view *v, const roaring_bitmap_t *held_out, struct miner **ret)
{
	struct miner *m = calloc(1, sizeof(*m));
	uint32_t values = v->corpus->values.count, benign = view_benign(v) - (uint32_t)roaring_bitmap_get_cardinality(held_out);
	uint32_t step = benign / MINE_BENIGN_MAX + 1, looked = 0;
	int r = -ENOMEM;

	if (m == NULL)
		return r;
	m->view = v;
	m->held_out = held_out;
	m->benign_count = calloc((size_t)values + 1, sizeof(*m->benign_count));
	m->local = malloc(((size_t)values + 1) * sizeof(*m->local));
	m->some = malloc(((size_t)MINE_BENIGN_MAX + 1) * sizeof(*m->some));
	if (m->benign_count != NULL && m->local != NULL && m->some != NULL) {
		memset(m->local, 0xff, (size_t)values * sizeof(*m->local));
		for (uint32_t i = v->malware; i < v->count; i++) {
			const struct corpus_sample *s = view_sample(v, i);
			bool known = !roaring_bitmap_contains(held_out, i), kinds[KIND_COUNT] = { false };

			for (uint32_t k = 0; k < s->count; k++) {
				uint32_t id = v->corpus->items[s->first + k];

				m->benign_count[id]++;
				kinds[value_kind(names_get(&v->corpus->values, id))] = known;
			}
			for (int k = 0; k < KIND_COUNT; k++)
				m->of_kind[k] += kinds[k];
			if (known && looked++ % step == 0 && m->some_count < MINE_BENIGN_MAX)
				m->some[m->some_count++] = i;
		}
		r = add_words(m, false);
		m->words_counted = m->words.count;
		if (r == 0)
			r = add_words(m, true);
	}
	if (r < 0)
		miner_free(m);
	else
		*ret = m;
	return r;
}

void miner_free(struct miner *m)
{
	if (m == NULL)
		return;
	names_fini(&m->words);
	free(m->benign_count);
	free(m->local);
	free(m->some);
	free(m);
}

unsigned miner_novelty(const struct miner *m, const struct pattern *p, bool but_held_out)
{
	uint32_t known = but_held_out ? m->words_counted : UINT32_MAX;
	struct tokens t;
	unsigned most = 0;
	uint32_t id;

	for (unsigned i = 0; i < p->count; i++) {
		if (p->pieces[i].is_hole || tokens_of(p->kind, p->pieces[i].text, &t) < 0)
			continue;
		for (unsigned k = 0; k < t.count; k++) {
			struct bytes word = bytes_of(t.text.at + t.list[k].at, t.list[k].len);

			if (t.list[k].form != TOKEN_MARK && t.list[k].form != TOKEN_NAME && word.left > most &&
			    (names_find(&m->words, word, &id) < 0 || id >= known))
				most = (unsigned)word.left;
		}
	}
	return most;
}

/* The family's distinct values that are not everybody's, and what its words are worth. */
static int gather(struct mining *g)
{
	const struct view *v = g->m->view;
	uint32_t benign = view_benign(v);
	struct tokens t;
	int r = 0;

	for (uint32_t i = 0; i < g->family->count && r == 0; i++) {
		const struct corpus_sample *s = view_sample(v, g->family->first + i);

		for (uint32_t k = 0; k < s->count && r == 0; k++) {
			uint32_t id = v->corpus->items[s->first + k];
			struct bytes value = names_get(&v->corpus->values, id);

			if (benign >= COMMON_FROM && g->m->benign_count[id] > benign / COMMON_SHARE)
				continue;
			if (g->m->local[id] == UINT32_MAX) {
				if (g->values_count == g->values_room) {
					uint32_t room = g->values_room * 2 + 4096;
					struct local_value *values = realloc(g->values, room * sizeof(*values));

					if (values == NULL)
						return -ENOMEM;
					g->values = values;
					g->values_room = room;
				}
				g->m->local[id] = g->values_count;
				g->values[g->values_count++] = (struct local_value){ .value = id };
			}
			if (tokens_of(value_kind(value), value_text(value), &t) == 0)
				r = vocabulary_add(&g->groups.words, &t, i);
		}
	}
	return r;
}

static void count_support(const struct mining *g, struct group *group, uint32_t sample)
{
	if (group->last != sample + 1) {
		group->support++;
		group->last = sample + 1;
	}
}

static void count_benign(const struct mining *g, struct group *group, uint32_t sample)
{
	if (group->last != UINT32_MAX - sample) {
		group->benign++;
		group->last = UINT32_MAX - sample;
	}
}

static void forget_values(struct mining *g, const struct local_value *values, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		g->m->local[values[i].value] = UINT32_MAX;
}

struct falling {
	struct groups *groups;
	struct local_value *value;
};

static int fall(void *to, uint32_t group)
{
	struct falling *f = to;

	return groups_add_member(f->groups, f->value, (struct membership){ group, LEVEL_CHOSEN, 0, 0 });
}

/* How many of some harmless samples have each shape. */
static int look_at_benign(struct mining *g)
{
	const struct view *v = g->m->view;
	struct local_value *values = NULL;
	uint32_t count = 0, room = 0;
	int r = 0;

	forget_values(g, g->values, g->values_count);
	for (uint32_t i = 0; i < g->m->some_count && r == 0; i++) {
		const struct corpus_sample *s = view_sample(v, g->m->some[i]);

		for (uint32_t k = 0; k < s->count && r == 0; k++) {
			uint32_t id = v->corpus->items[s->first + k];

			if (g->m->local[id] != UINT32_MAX)
				continue;
			if (count == room) {
				struct local_value *more = realloc(values, (room = room * 2 + 4096) * sizeof(*values));

				if (more == NULL) {
					r = -ENOMEM;
					break;
				}
				values = more;
			}
			values[count] = (struct local_value){ .value = id };
			g->m->local[id] = count;
			r = groups_add_value(&g->groups, &values[count], false);
			if (r == 0)
				r = lattice_each(g->lattice, names_get(&v->corpus->values, id), fall, &(struct falling){ &g->groups, &values[count] });
			count++;
		}
		if (r == 0)
			mining_each(g, s, values, count_benign, i);
	}
	if (values != NULL)
		forget_values(g, values, count);
	free(values);
	for (uint32_t i = 0; i < g->values_count; i++)
		g->m->local[g->values[i].value] = i;
	return r;
}

/*
 * Enough text to the letter; or a whole value of narrow holes (a mutex of ten hex digits), where harmless samples show that theirs are
 * otherwise.
 */
static bool says_enough(const struct mining *g, const struct pattern *p)
{
	if (pattern_literal(p) >= LITERAL_MIN)
		return true;
	if (p->open_front || p->open_back || g->m->of_kind[p->kind] < CONTRAST)
		return false;
	for (unsigned i = 0; i < p->count; i++) {
		if (p->pieces[i].is_hole && p->pieces[i].hole == HOLE_COMPONENT)
			return false;
	}
	return true;
}

static int put_pattern(void *to, const struct pattern *p)
{
	struct mining *g = to;
	uint32_t id;
	int r;

	if (g->ids_count == PATTERNS_MAX || !says_enough(g, p))
		return 0;
	if ((r = pool_add(g->pool, p, &id)) < 0)
		return r == -ENOSPC ? 0 : r; /* a pattern too long to be read */
	g->ids[g->ids_count++] = id;
	return 0;
}

/* One group's members beside each other. */
static int learn_group(struct mining *g, const uint32_t *holders, uint32_t count, uint32_t group)
{
	struct member *members = calloc(count, sizeof(*members));
	struct element *elements = NULL;
	struct bytes first = { 0 };
	struct shape s, lead;
	struct tokens t;
	uint32_t kept = 0;
	int r = members == NULL ? -ENOMEM : 0;

	for (uint32_t i = 0; i < count && r == 0; i++) {
		const struct local_value *v = &g->values[holders[i]];
		const struct membership *m = &g->groups.memberships[v->first];

		while (m->group != group)
			m++;
		if (groups_shape(&g->groups, v->value, m, &t, &s) < 0)
			continue;
		if (kept == 0) {
			lead = s;
			first = names_get(&g->m->view->corpus->values, v->value);
			if ((elements = calloc((size_t)count * s.count, sizeof(*elements))) == NULL)
				r = -ENOMEM;
		}
		if (r < 0 || s.count != lead.count) /* keys may meet by chance */
			continue;
		members[kept].text = t.text;
		members[kept].list = elements + (size_t)kept * lead.count;
		members[kept].samples = 1;
		memcpy(members[kept++].list, s.list, lead.count * sizeof(*elements));
	}
	if (r == 0 && kept > 0)
		r = learn_patterns(first, &lead, members, kept, g->least, put_pattern, g);
	free(members);
	free(elements);
	return r;
}

struct holding {
	uint32_t chosen, value; /* place in g->chosen; place in g->values */
};

static int compare_holdings(const void *a, const void *b)
{
	const struct holding *x = a, *y = b;

	if (x->chosen != y->chosen)
		return x->chosen < y->chosen ? -1 : 1;
	return x->value < y->value ? -1 : x->value > y->value;
}

static int learn_chosen(struct mining *g)
{
	uint32_t *place = malloc(((size_t)g->groups.count + 1) * sizeof(*place)), *values;
	struct holding *list = NULL;
	size_t count = 0, room = 0;
	int r = place == NULL ? -ENOMEM : 0;

	if (r == 0)
		memset(place, 0xff, (size_t)g->groups.count * sizeof(*place));
	for (uint32_t i = 0; i < g->chosen_count && r == 0; i++)
		place[g->chosen[i]] = i;
	for (uint32_t v = 0; v < g->values_count && r == 0; v++) {
		for (uint64_t i = g->values[v].first; i < g->values[v].first + g->values[v].count; i++) {
			uint32_t p = place[g->groups.memberships[i].group];

			if (p == UINT32_MAX)
				continue;
			if (count == room) {
				struct holding *more = realloc(list, (room = room * 2 + 4096) * sizeof(*list));

				if (more == NULL) {
					r = -ENOMEM;
					break;
				}
				list = more;
			}
			list[count++] = (struct holding){ p, v };
		}
	}
	if (r == 0 && count > 0)
		qsort(list, count, sizeof(*list), compare_holdings);
	values = r == 0 ? malloc((LEARN_MEMBERS_MAX + 1) * sizeof(*values)) : NULL;
	if (r == 0 && values == NULL)
		r = -ENOMEM;
	for (size_t i = 0, end; i < count && r == 0; i = end) {
		uint32_t n = 0;

		for (end = i; end < count && list[end].chosen == list[i].chosen; end++) {
			if (n < LEARN_MEMBERS_MAX)
				values[n++] = list[end].value;
		}
		r = learn_group(g, values, n, g->chosen[list[i].chosen]);
	}
	free(values);
	free(list);
	free(place);
	return r;
}

/* Every value in its groups: those by levels, then those of the lattice. */
static int add_shapes(struct mining *g)
{
	size_t count, at = 0;
	const struct kept *kept = lattice_kept(g->lattice, &count);
	int r = 0;

	for (uint32_t i = 0; i < g->values_count && r == 0; i++) {
		r = groups_add_value(&g->groups, &g->values[i], true);
		for (; at < count && kept[at].value == i && r == 0; at++)
			r = groups_add_member(&g->groups, &g->values[i], (struct membership){ kept[at].group, LEVEL_CHOSEN, kept[at].how, kept[at].fixed });
	}
	return r;
}

int miner_family(struct miner *m, const struct view_family *f, struct pool *pool, uint32_t **ret, uint32_t *ret_count)
{
	struct mining g = { .m = m, .family = f, .groups = { .view = m->view }, .pool = pool };
	uint32_t kept = 0;
	int r;

	g.ids = calloc(PATTERNS_MAX, sizeof(*g.ids));
	r = g.ids == NULL ? -ENOMEM : gather(&g);
	groups_levels(&g.groups, f->count);
	g.least = g.groups.levels[0];
	if (r == 0)
		r = lattice_new(&g.groups, f, g.values, g.values_count, g.least > LATTICE_LEAST ? g.least : LATTICE_LEAST, &g.lattice);
	if (r == 0)
		r = add_shapes(&g);
	for (uint32_t i = 0; i < f->count && r == 0; i++)
		mining_each(&g, view_sample(m->view, f->first + i), g.values, count_support, i);
	if (r == 0)
		r = look_at_benign(&g);
	if (r == 0)
		r = mining_sets(&g);
	if (r == 0)
		r = mining_closed(&g);
	if (r == 0)
		r = learn_chosen(&g);
	if (g.values != NULL)
		forget_values(&g, g.values, g.values_count);
	qsort(g.ids, g.ids_count, sizeof(*g.ids), compare_numbers);
	for (uint32_t i = 0; i < g.ids_count; i++) {
		if (i == 0 || g.ids[i] != g.ids[i - 1])
			g.ids[kept++] = g.ids[i];
	}
	lattice_free(g.lattice);
	groups_fini(&g.groups);
	free(g.values);
	free(g.sets);
	free(g.chosen);
	if (r < 0) {
		free(g.ids);
		return r;
	}
	*ret = g.ids;
	*ret_count = kept;
	return 0;
}
