/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A slot by the key's first bytes, which are a digest's. */
#include "control/journal/told.h"

#include <stdlib.h>
#include <string.h>

enum {
	SLOTS = 1 << 12,     /* with the next bound 64 MB at most */
	TEXT_MAX = 16 << 10, /* bytes of one report's; a longer one is written each time */
};

struct told {
	uint8_t key[TOLD_KEY_SIZE];
	uint32_t ends[TOLD_TRACES]; /* of each trace's members */
	bool too_long;              /* that is all that is kept */
	char text[];
};

struct told_texts {
	struct told *at[SLOTS];
};

struct told_texts *told_new(void)
{
	return calloc(1, sizeof(struct told_texts));
}

void told_free(struct told_texts *all)
{
	for (size_t i = 0; all != NULL && i < SLOTS; i++)
		free(all->at[i]);
	free(all);
}

static unsigned count_of(const struct report *r)
{
	return r->traces_count < TOLD_TRACES ? r->traces_count : TOLD_TRACES;
}

static struct told *told_make(const uint8_t *key, const struct report *r, void (*each)(struct writer *, const struct trace *))
{
	struct writer w = { 0 };
	struct told *t = NULL;
	uint32_t ends[TOLD_TRACES];
	struct bytes text;
	unsigned count = count_of(r);

	for (unsigned i = 0; i < count; i++) {
		w.follows = false; /* they stand alone */
		each(&w, &r->traces[i]);
		ends[i] = (uint32_t)w.used;
	}
	if (writer_done(&w, &text) < 0) {
		writer_fini(&w);
		return NULL;
	}
	if (text.left > TEXT_MAX)
		text.left = 0;
	if ((t = malloc(sizeof(*t) + text.left)) != NULL) {
		t->too_long = count > 0 && text.left == 0;
		memcpy(t->key, key, sizeof(t->key));
		memcpy(t->ends, ends, count * sizeof(ends[0]));
		memcpy(t->text, text.at, text.left);
	}
	writer_fini(&w);
	return t;
}

static struct told *told_find(struct told_texts *all, const uint8_t *key, const struct report *r,
                              void (*each)(struct writer *, const struct trace *))
{
	struct told **slot = &all->at[(key[0] | key[1] << 8) % SLOTS], *made;

	if (*slot != NULL && memcmp((*slot)->key, key, TOLD_KEY_SIZE) == 0)
		return *slot;
	if ((made = told_make(key, r, each)) == NULL)
		return NULL;
	free(*slot);
	return *slot = made;
}

void told_write(struct told_texts *all, const uint8_t *key, const struct report *r, unsigned i, struct writer *w,
                void (*each)(struct writer *, const struct trace *))
{
	const struct told *t = all == NULL || key == NULL || i >= TOLD_TRACES ? NULL : told_find(all, key, r, each);
	uint32_t from;
	char *to;

	if (t == NULL || t->too_long) {
		each(w, &r->traces[i]);
		return;
	}
	from = i == 0 ? 0 : t->ends[i - 1];
	if ((to = writer_raw(w, t->ends[i] - from)) != NULL)
		memcpy(to, t->text + from, t->ends[i] - from);
	w->follows = true;
}
