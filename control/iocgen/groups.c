/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of shapes by their keys. */
#include "control/iocgen/groups.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint32_t at_least(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

void groups_levels(struct groups *g, uint32_t n)
{
	const uint32_t wanted[LEVELS_MAX] = {
		n < 6 ? 1 : at_least(2, n / 100), at_least(2, n / 25), at_least(2, n * 3 / 20), at_least(2, (n + 1) / 2),
	};

	g->levels_count = 0;
	for (int i = 0; i < LEVELS_MAX; i++) {
		if (g->levels_count == 0 || wanted[i] > g->levels[g->levels_count - 1])
			g->levels[g->levels_count++] = wanted[i];
	}
}

static int grow_slots(struct groups *g)
{
	uint32_t count = g->slots_count == 0 ? 1 << 16 : g->slots_count * 2, *slots = malloc(count * sizeof(*slots));

	if (slots == NULL)
		return -ENOMEM;
	memset(slots, 0xff, count * sizeof(*slots));
	for (uint32_t i = 0; i < g->count; i++) {
		uint32_t at = (uint32_t)g->list[i].key & (count - 1);

		while (slots[at] != UINT32_MAX)
			at = (at + 1) & (count - 1);
		slots[at] = i;
	}
	free(g->slots);
	g->slots = slots;
	g->slots_count = count;
	return 0;
}

static int reserve(struct groups *g)
{
	if (g->slots_count < 2 * (g->count + 1) && grow_slots(g) < 0)
		return -ENOMEM;
	if (g->count == g->room) {
		uint32_t room = g->room * 2 + 4096;
		struct group *list = realloc(g->list, room * sizeof(*list));

		if (list == NULL)
			return -ENOMEM;
		g->list = list;
		g->room = room;
	}
	return 0;
}

/* *ret UINT32_MAX: there is none, and none was made. */
static int group_of(struct groups *g, const struct shape *s, bool make, uint32_t *ret)
{
	uint32_t at;
	int r;

	if (make && (r = reserve(g)) < 0)
		return r;
	*ret = UINT32_MAX;
	if (g->slots_count == 0)
		return 0;
	for (at = (uint32_t)s->key & (g->slots_count - 1); g->slots[at] != UINT32_MAX; at = (at + 1) & (g->slots_count - 1)) {
		if (g->list[g->slots[at]].key == s->key) {
			*ret = g->slots[at];
			return 0;
		}
	}
	if (!make || g->count == GROUPS_MAX)
		return 0;
	g->list[g->count] = (struct group){ .key = s->key, .literal = (uint16_t)s->literal, .elements = (uint16_t)s->count,
		.set = UINT32_MAX };
	for (unsigned i = 0; i < s->count; i++)
		g->list[g->count].components += s->list[i].what == ELEMENT_COMPONENT;
	g->slots[at] = g->count;
	*ret = g->count++;
	return 0;
}

int groups_add_member(struct groups *g, struct local_value *v, struct membership m)
{
	for (uint64_t i = v->first; i < v->first + v->count; i++) {
		if (g->memberships[i].group == m.group)
			return 0;
	}
	if (g->memberships_count == g->memberships_room) {
		uint64_t room = g->memberships_room * 2 + 65536;
		struct membership *list = realloc(g->memberships, room * sizeof(*list));

		if (list == NULL)
			return -ENOMEM;
		g->memberships = list;
		g->memberships_room = room;
	}
	g->memberships[g->memberships_count++] = m;
	v->count++;
	return 0;
}

int groups_add_value(struct groups *g, struct local_value *v, bool make)
{
	struct bytes value = names_get(&g->view->corpus->values, v->value);
	uint32_t ids[TOKENS_MAX], group;
	uint64_t before[SHAPE_COUNT] = { 0 };
	struct tokens t;
	struct shape s;
	int r = 0;

	v->first = g->memberships_count;
	v->count = 0;
	if (tokens_of(value_kind(value), value_text(value), &t) < 0)
		return 0;
	vocabulary_ids(&g->words, &t, ids);
	for (uint32_t l = 0; l < g->levels_count; l++) {
		for (int how = 0; how < SHAPE_COUNT && r == 0; how++) {
			if (!shape_of(value, &t, ids, &g->words, (struct varying){ .least = g->levels[l] }, how, &s) || s.key == before[how])
				continue;
			before[how] = s.key;
			if ((r = group_of(g, &s, make, &group)) == 0 && group != UINT32_MAX)
				r = groups_add_member(g, v, (struct membership){ group, (uint8_t)l, (uint8_t)how, 0 });
		}
	}
	return r;
}

static struct varying varying_of(const struct groups *g, const struct membership *m)
{
	if (m->level == LEVEL_CHOSEN)
		return (struct varying){ .chosen = true, .fixed = m->fixed };
	return (struct varying){ .least = g->levels[m->level] };
}

int groups_shape(const struct groups *g, uint32_t value, const struct membership *m, struct tokens *t, struct shape *ret)
{
	struct bytes v = names_get(&g->view->corpus->values, value);
	uint32_t ids[TOKENS_MAX];

	if (tokens_of(value_kind(v), value_text(v), t) < 0)
		return -EINVAL;
	vocabulary_ids(&g->words, t, ids);
	return shape_of(v, t, ids, &g->words, varying_of(g, m), m->how, ret) ? 0 : -EINVAL;
}

int groups_add_fixed(struct groups *g, uint32_t value, int how, uint64_t fixed, uint32_t *ret)
{
	const struct membership m = { .level = LEVEL_CHOSEN, .how = (uint8_t)how, .fixed = fixed };
	struct tokens t;
	struct shape s;

	*ret = UINT32_MAX;
	return groups_shape(g, value, &m, &t, &s) < 0 ? 0 : group_of(g, &s, true, ret);
}

void groups_fini(struct groups *g)
{
	vocabulary_fini(&g->words);
	free(g->list);
	free(g->slots);
	free(g->memberships);
	*g = (struct groups){ 0 };
}
