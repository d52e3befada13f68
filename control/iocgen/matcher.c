/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hyperscan over many patterns; whole literals by a table. */
#include "control/iocgen/matcher.h"
#include "control/iocgen/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <hs.h>

enum { REGEX_MAX = 16384 };

/* Patterns of one kind and class. */
struct shelf {
	hs_database_t *database;
	struct names literals;
	uint32_t *literal_ids; /* of literals: the pattern's number */
};

struct matcher {
	struct shelf shelves[KIND_COUNT][CLASS_COUNT];
	hs_scratch_t *scratch;
};

static int hs_error(hs_error_t e)
{
	return e == HS_SUCCESS ? 0 : e == HS_NOMEM ? -ENOMEM : -EINVAL;
}

static bool is_literal(const struct pattern *p)
{
	return !p->open_front && !p->open_back && p->count == 1 && !p->pieces[0].is_hole;
}

/* What is compiled for one shelf. */
struct listing {
	char **texts;
	unsigned *flags, *ids, count;
};

static void listing_fini(struct listing *l)
{
	for (unsigned i = 0; i < l->count; i++)
		free(l->texts[i]);
	free(l->texts);
	free(l->flags);
	free(l->ids);
}

static int listing_make(const struct pattern *patterns, uint32_t count, enum artefact_kind k, enum action_class c, struct listing *l)
{
	char text[REGEX_MAX];

	l->texts = calloc((size_t)count + 1, sizeof(*l->texts));
	l->flags = calloc((size_t)count + 1, sizeof(*l->flags));
	l->ids = calloc((size_t)count + 1, sizeof(*l->ids));
	if (l->texts == NULL || l->flags == NULL || l->ids == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++) {
		struct sink s = sink_over(text, sizeof(text) - 1);
		int r;

		if (patterns[i].kind != k || patterns[i].action != c || is_literal(&patterns[i]))
			continue;
		if ((r = pattern_regex(&patterns[i], &s)) < 0)
			return r;
		text[s.used] = 0;
		if ((l->texts[l->count] = strdup(text)) == NULL)
			return -ENOMEM;
		l->flags[l->count] = HS_FLAG_SINGLEMATCH | HS_FLAG_DOTALL | HS_FLAG_ALLOWEMPTY;
		l->ids[l->count++] = i;
	}
	return 0;
}

static int compile(struct matcher *m, const struct pattern *patterns, uint32_t count, enum artefact_kind k, enum action_class c,
                   uint32_t *which)
{
	struct shelf *s = &m->shelves[k][c];
	struct listing l = { 0 };
	hs_compile_error_t *error = NULL;
	int r = listing_make(patterns, count, k, c, &l);

	if (r == 0 && l.count > 0) {
		r = hs_error(hs_compile_multi((const char *const *)l.texts, l.flags, l.ids, l.count, HS_MODE_BLOCK, NULL, &s->database,
		                              &error));
		if (r < 0 && error != NULL)
			*which = error->expression >= 0 ? l.ids[error->expression] : 0;
		hs_free_compile_error(error);
		if (r == 0)
			r = hs_error(hs_alloc_scratch(s->database, &m->scratch));
	}
	listing_fini(&l);
	return r;
}

static int add_literals(struct matcher *m, const struct pattern *patterns, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct shelf *s = &m->shelves[patterns[i].kind][patterns[i].action];
		uint32_t id, *ids;
		int r;

		if (!is_literal(&patterns[i]))
			continue;
		if ((r = names_add(&s->literals, patterns[i].pieces[0].text, &id)) < 0)
			return r;
		if ((id & (id + 1)) == 0) { /* room doubles as ids pass a power of two */
			if ((ids = realloc(s->literal_ids, ((size_t)id + 1) * 2 * sizeof(*ids))) == NULL)
				return -ENOMEM;
			s->literal_ids = ids;
		}
		s->literal_ids[id] = i;
	}
	return 0;
}

int matcher_new(const struct pattern *patterns, uint32_t count, struct matcher **ret, uint32_t *which)
{
	struct matcher *m = calloc(1, sizeof(*m));
	int r = m == NULL ? -ENOMEM : add_literals(m, patterns, count);

	for (int k = 0; r == 0 && k < KIND_COUNT; k++) {
		for (int c = 0; r == 0 && c < CLASS_COUNT; c++)
			r = compile(m, patterns, count, (enum artefact_kind)k, (enum action_class)c, which);
	}
	if (r < 0) {
		matcher_free(m);
		return r;
	}
	*ret = m;
	return 0;
}

struct telling {
	int (*hit)(void *, uint32_t);
	void *to;
	int r;
};

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *arg)
{
	struct telling *t = arg;

	t->r = t->hit(t->to, id);
	return t->r != 0;
}

int matcher_scan(struct matcher *m, enum artefact_kind k, enum action_class c, struct bytes value, int (*hit)(void *, uint32_t), void *to)
{
	const struct shelf *s = &m->shelves[k][c];
	struct telling t = { hit, to, 0 };
	uint32_t id;
	int r = 0;

	if (s->literals.count > 0 && names_find(&s->literals, value, &id) == 0)
		r = hit(to, s->literal_ids[id]);
	if (r != 0 || s->database == NULL)
		return r;
	r = hs_error(hs_scan(s->database, (const char *)value.at, (unsigned)value.left, 0, m->scratch, on_match, &t));
	return t.r != 0 ? t.r : r;
}

void matcher_free(struct matcher *m)
{
	if (m == NULL)
		return;
	for (int k = 0; k < KIND_COUNT; k++) {
		for (int c = 0; c < CLASS_COUNT; c++) {
			hs_free_database(m->shelves[k][c].database);
			names_fini(&m->shelves[k][c].literals);
			free(m->shelves[k][c].literal_ids);
		}
	}
	hs_free_scratch(m->scratch);
	free(m);
}
