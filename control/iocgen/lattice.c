/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closed generalisations of values. */
#include "control/iocgen/lattice.h"
#include "control/iocgen/groups.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	CELLS_MAX = 20,     /* words of a value that may vary by themselves; more, and it is looked at by components only */
	NODES_MAX = 120,    /* generalisations of one skeleton; the rest repeat each other */
	MEMBERS_MAX = 20000 /* values of one skeleton; later ones are left out */
};

/* A word, or a component's stem or ending, that may stay or vary. */
struct cell {
	uint64_t word;
	uint8_t first, end; /* tokens */
};

struct cells {
	uint64_t key; /* of what does not vary: kind, class, marks, forms */
	unsigned count;
	struct cell list[CELLS_MAX];
};

struct line {
	uint64_t key;
	uint32_t value;
	uint8_t how;
};

struct node {
	uint32_t group, cells; /* bit i: cell i stays */
	uint64_t word[CELLS_MAX];
};

struct skeleton {
	uint64_t key;
	uint32_t first, count; /* nodes */
};

struct lattice {
	struct groups *groups;
	const struct view_family *family;
	const struct local_value *values;
	uint32_t least, words_a_set;
	struct skeleton *skeletons; /* by rising key */
	struct node *nodes;
	struct kept *kept;
	size_t skeletons_count, skeletons_room, nodes_count, nodes_room, kept_count, kept_room;
};

/* The values of one skeleton at work. */
struct table {
	struct lattice *l;
	uint8_t how;
	unsigned cells;
	uint32_t count, nodes;
	const struct line *lines;
	struct cells *list;
	uint32_t *samples; /* of a value: how many have it */
	uint64_t *set;     /* scratch */
};

static uint64_t word_of(const struct tokens *t, unsigned first, unsigned end)
{
	unsigned at = t->list[first].at;

	return text_digest(bytes_of(t->text.at + at, t->list[end - 1].at + t->list[end - 1].len - at), 3);
}

static bool is_mark(const struct token *t)
{
	return t->form == TOKEN_MARK || t->form == TOKEN_NAME;
}

static void mix_marks(const struct tokens *t, unsigned first, unsigned end, uint64_t *key)
{
	for (unsigned i = first; i < end; i++)
		*key = mix(*key, word_of(t, i, i + 1));
}

static bool add_cell(struct cells *c, const struct tokens *t, unsigned first, unsigned end, uint64_t kind)
{
	if (c->count == CELLS_MAX)
		return false;
	c->list[c->count++] = (struct cell){ word_of(t, first, end), (uint8_t)first, (uint8_t)end };
	c->key = mix(c->key, kind);
	return true;
}

static bool cells_of_words(const struct tokens *t, struct cells *c)
{
	for (unsigned i = 0; i < t->count; i++) {
		if (is_mark(&t->list[i]))
			mix_marks(t, i, i + 1, &c->key);
		else if (!add_cell(c, t, i, i + 1, 1000 + (uint64_t)t->list[i].form))
			return false;
	}
	return c->count > 0;
}

static bool cells_of_components(const struct tokens *t, struct cells *c)
{
	unsigned done = 0;

	for (unsigned p = 0; p < t->parts; p++) {
		unsigned first = t->part[p].first, end = t->part[p].end, stem = end;

		mix_marks(t, done, first, &c->key);
		done = end;
		if (end - first == 1 && is_mark(&t->list[first])) {
			mix_marks(t, first, end, &c->key);
			continue;
		}
		if (end - first >= 3 && t->text.at[t->list[end - 2].at] == '.' && !is_mark(&t->list[end - 1]))
			stem = end - 2;
		if (!add_cell(c, t, first, stem, 2000) || (stem < end && !add_cell(c, t, end - 1, end, 2001)))
			return false;
	}
	mix_marks(t, done, t->count, &c->key);
	return c->count > 1;
}

static bool cells_of(struct bytes value, const struct tokens *t, int how, struct cells *ret)
{
	ret->count = 0;
	ret->key = mix((uint64_t)value.at[0] << 8 | value.at[1], (uint64_t)how + 77);
	if (t->count > 64)
		return false;
	return how == SHAPE_WHOLE ? cells_of_words(t, ret) : cells_of_components(t, ret);
}

static int compare_lines(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->value < y->value ? -1 : x->value > y->value;
}

static int compare_kept(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->group < y->group ? -1 : x->group > y->group;
}

static int compare_words(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return x[0] < y[0] ? -1 : x[0] > y[0];
}

/* Makes room for one more; the list's element has `size` bytes. */
static int reserve(void **list, size_t count, size_t *room, size_t size)
{
	size_t more = *room * 2 + 256;
	void *p;

	if (count < *room)
		return 0;
	if ((p = realloc(*list, more * size)) == NULL)
		return -ENOMEM;
	*list = p;
	*room = more;
	return 0;
}

/* How many samples of the family have any of these values. */
static uint32_t support_of(const struct table *t, const uint32_t *members, uint32_t count)
{
	const struct view *v = t->l->groups->view;
	const struct view_family *f = t->l->family;
	uint32_t n = 0;

	memset(t->set, 0, t->l->words_a_set * sizeof(*t->set));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t value = t->l->values[t->lines[members[i]].value].value;

		for (uint64_t k = v->posting[value]; k < v->posting[value + 1]; k++) {
			uint32_t place = v->holders[k] - f->first;

			if (v->holders[k] >= f->first && place < f->count)
				t->set[place / 64] |= UINT64_C(1) << place % 64;
		}
	}
	for (uint32_t i = 0; i < t->l->words_a_set; i++)
		n += (uint32_t)__builtin_popcountll(t->set[i]);
	return n;
}

static uint64_t fixed_of(const struct cells *c, uint32_t cells)
{
	uint64_t fixed = 0;

	for (unsigned i = 0; i < c->count; i++) {
		for (unsigned k = c->list[i].first; (cells >> i & 1) != 0 && k < c->list[i].end; k++)
			fixed |= UINT64_C(1) << k;
	}
	return fixed;
}

static int put_node(struct table *t, const uint32_t *members, uint32_t count, uint32_t cells)
{
	struct lattice *l = t->l;
	struct node n = { .cells = cells };
	int r = reserve((void **)&l->nodes, l->nodes_count, &l->nodes_room, sizeof(*l->nodes));

	for (unsigned i = 0; i < t->cells; i++)
		n.word[i] = t->list[members[0]].list[i].word;
	if (r == 0)
		r = groups_add_fixed(l->groups, l->values[t->lines[members[0]].value].value, t->how, fixed_of(&t->list[members[0]], cells), &n.group);
	if (r < 0 || n.group == UINT32_MAX)
		return r;
	l->nodes[l->nodes_count++] = n;
	t->nodes++;
	for (uint32_t i = 0; i < count && r == 0; i++) {
		r = reserve((void **)&l->kept, l->kept_count, &l->kept_room, sizeof(*l->kept));
		if (r == 0)
			l->kept[l->kept_count++] = (struct kept){ t->lines[members[i]].value, n.group, fixed_of(&t->list[members[i]], cells), t->how };
	}
	return r;
}

struct branch {
	uint32_t *members, count, cells;
	unsigned from; /* cells before it are decided */
};

/* Cells in which all members have the same word. */
static uint32_t closure_of(const struct table *t, const uint32_t *members, uint32_t count)
{
	uint32_t cells = 0;

	for (unsigned i = 0; i < t->cells; i++) {
		uint64_t word = t->list[members[0]].list[i].word;
		bool same = true;

		for (uint32_t k = 1; k < count && same; k++)
			same = t->list[members[k]].list[i].word == word;
		cells |= same ? 1u << i : 0;
	}
	return cells;
}

/* Members of the branch by their word in a cell: {word, member} pairs, sorted. */
static uint64_t *by_word(const struct table *t, const struct branch *b, unsigned cell)
{
	uint64_t *list = malloc(((size_t)b->count + 1) * 2 * sizeof(*list));

	for (uint32_t i = 0; list != NULL && i < b->count; i++) {
		list[2 * i] = t->list[b->members[i]].list[cell].word;
		list[2 * i + 1] = b->members[i];
	}
	if (list != NULL)
		qsort(list, b->count, 2 * sizeof(*list), compare_words);
	return list;
}

struct stack {
	struct branch list[NODES_MAX * 4];
	uint32_t count;
};

/* The members that share a word in the cell, as a branch of its own, if they are enough and this is where it is found first. */
static int push_run(const struct table *t, struct stack *s, const struct branch *b, unsigned cell, const uint64_t *run, uint32_t count)
{
	uint32_t most = 0, closed, *members;

	for (uint32_t i = 0; i < count; i++)
		most += t->samples[run[2 * i + 1]];
	if (most < t->l->least || s->count == COUNT_OF(s->list))
		return 0;
	if ((members = malloc(count * sizeof(*members))) == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++)
		members[i] = (uint32_t)run[2 * i + 1];
	closed = closure_of(t, members, count);
	if (((closed & ~b->cells) & ((1u << cell) - 1)) != 0 || support_of(t, members, count) < t->l->least) {
		free(members);
		return 0;
	}
	s->list[s->count++] = (struct branch){ members, count, closed, cell + 1 };
	return 0;
}

static int expand(struct table *t, struct stack *s, const struct branch *b)
{
	int r = 0;

	for (unsigned cell = b->from; cell < t->cells && r == 0; cell++) {
		uint64_t *list;

		if ((b->cells >> cell & 1) != 0)
			continue;
		if ((list = by_word(t, b, cell)) == NULL)
			return -ENOMEM;
		for (uint32_t i = 0, end; i < b->count && r == 0; i = end) {
			for (end = i + 1; end < b->count && list[2 * (size_t)end] == list[2 * (size_t)i]; end++)
				;
			r = push_run(t, s, b, cell, list + 2 * (size_t)i, end - i);
		}
		free(list);
	}
	return r;
}

static struct branch pop_widest(struct stack *s)
{
	uint32_t best = 0;
	struct branch b;

	for (uint32_t i = 1; i < s->count; i++)
		best = s->list[i].count > s->list[best].count ? i : best;
	b = s->list[best];
	s->list[best] = s->list[--s->count];
	return b;
}

/* All closed generalisations of one skeleton, those of most values first. */
static int walk(struct table *t)
{
	struct stack *s = calloc(1, sizeof(*s));
	uint32_t *all = malloc(((size_t)t->count + 1) * sizeof(*all));
	int r = s == NULL || all == NULL ? -ENOMEM : 0;

	for (uint32_t i = 0; r == 0 && i < t->count; i++)
		all[i] = i;
	if (r == 0 && support_of(t, all, t->count) >= t->l->least) {
		s->list[s->count++] = (struct branch){ all, t->count, closure_of(t, all, t->count), 0 };
		all = NULL;
	}
	while (r == 0 && s->count > 0) {
		struct branch b = pop_widest(s);

		if (t->nodes < NODES_MAX && (r = put_node(t, b.members, b.count, b.cells)) == 0)
			r = expand(t, s, &b);
		free(b.members);
	}
	while (s != NULL && s->count > 0)
		free(s->list[--s->count].members);
	free(s);
	free(all);
	return r;
}

static int skeleton_make(struct lattice *l, const struct line *lines, uint32_t count)
{
	struct table t = { .l = l, .how = lines[0].how, .lines = lines };
	const struct view *v = l->groups->view;
	struct tokens tokens;
	size_t first = l->nodes_count;
	uint32_t most = 0;
	int r = 0;

	count = count > MEMBERS_MAX ? MEMBERS_MAX : count;
	t.list = malloc(count * sizeof(*t.list));
	t.samples = calloc(count, sizeof(*t.samples));
	t.set = calloc(l->words_a_set, sizeof(*t.set));
	if (t.list == NULL || t.samples == NULL || t.set == NULL)
		r = -ENOMEM;
	for (uint32_t i = 0; i < count && r == 0; i++) {
		uint32_t id = l->values[lines[i].value].value;
		struct bytes value = names_get(&v->corpus->values, id);

		if (tokens_of(value_kind(value), value_text(value), &tokens) < 0 || !cells_of(value, &tokens, t.how, &t.list[i]) ||
		    (i > 0 && t.list[i].count != t.cells)) /* keys may meet by chance */
			break;
		t.cells = t.list[i].count;
		for (uint64_t k = v->posting[id]; k < v->posting[id + 1]; k++)
			t.samples[i] += v->holders[k] >= l->family->first && v->holders[k] - l->family->first < l->family->count;
		most += t.samples[i];
		t.count = i + 1;
	}
	if (r == 0 && most >= l->least && t.count > 0)
		r = walk(&t);
	if (r == 0 && l->nodes_count > first &&
	    (r = reserve((void **)&l->skeletons, l->skeletons_count, &l->skeletons_room, sizeof(*l->skeletons))) == 0)
		l->skeletons[l->skeletons_count++] = (struct skeleton){ lines[0].key, (uint32_t)first, (uint32_t)(l->nodes_count - first) };
	free(t.list);
	free(t.samples);
	free(t.set);
	return r;
}

static const uint8_t ways[] = { SHAPE_WHOLE, SHAPE_COMPONENTS };

int lattice_new(struct groups *g, const struct view_family *f, const struct local_value *values, uint32_t count, uint32_t least,
                struct lattice **ret)
{
	struct lattice *l = calloc(1, sizeof(*l));
	struct line *lines = calloc((size_t)count * COUNT_OF(ways) + 1, sizeof(*lines));
	size_t n = 0;
	int r = l == NULL || lines == NULL ? -ENOMEM : 0;

	for (uint32_t i = 0; i < count && r == 0; i++) {
		struct bytes value = names_get(&g->view->corpus->values, values[i].value);
		struct tokens t;
		struct cells c;

		if (tokens_of(value_kind(value), value_text(value), &t) < 0)
			continue;
		for (size_t w = 0; w < COUNT_OF(ways); w++) {
			if (cells_of(value, &t, ways[w], &c))
				lines[n++] = (struct line){ c.key, i, ways[w] };
		}
	}
	if (r == 0) {
		*l = (struct lattice){ .groups = g, .family = f, .values = values, .least = least, .words_a_set = f->count / 64 + 1 };
		qsort(lines, n, sizeof(*lines), compare_lines);
	}
	for (size_t i = 0, end; i < n && r == 0; i = end) {
		for (end = i + 1; end < n && lines[end].key == lines[i].key; end++)
			;
		r = skeleton_make(l, lines + i, (uint32_t)(end - i));
	}
	free(lines);
	if (r < 0) {
		lattice_free(l);
		return r;
	}
	if (l->kept_count > 0)
		qsort(l->kept, l->kept_count, sizeof(*l->kept), compare_kept);
	*ret = l;
	return 0;
}

const struct kept *lattice_kept(const struct lattice *l, size_t *ret_count)
{
	*ret_count = l->kept_count;
	return l->kept;
}

static int compare_skeletons(const void *a, const void *b)
{
	const struct skeleton *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

static bool node_has(const struct node *n, const struct cells *c)
{
	for (unsigned i = 0; i < c->count; i++) {
		if ((n->cells >> i & 1) != 0 && n->word[i] != c->list[i].word)
			return false;
	}
	return true;
}

int lattice_each(const struct lattice *l, struct bytes value, int (*put)(void *, uint32_t group), void *to)
{
	struct tokens t;
	struct cells c;
	int r = 0;

	if (tokens_of(value_kind(value), value_text(value), &t) < 0)
		return 0;
	for (size_t w = 0; w < COUNT_OF(ways) && r == 0; w++) {
		const struct skeleton *s;

		if (l->skeletons_count == 0 || !cells_of(value, &t, ways[w], &c))
			continue;
		s = bsearch(&(struct skeleton){ .key = c.key }, l->skeletons, l->skeletons_count, sizeof(*s), compare_skeletons);
		for (uint32_t i = 0; s != NULL && i < s->count && r == 0; i++) {
			if (node_has(&l->nodes[s->first + i], &c))
				r = put(to, l->nodes[s->first + i].group);
		}
	}
	return r;
}

void lattice_free(struct lattice *l)
{
	if (l == NULL)
		return;
	free(l->skeletons);
	free(l->nodes);
	free(l->kept);
	free(l);
}
