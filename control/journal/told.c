/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A slot by the key's first bytes, which are a digest's. */
#include "control/journal/told.h"

#include <stdlib.h>
#include <string.h>

enum {
	SLOTS = 1 << 10,
	TEXT_MAX = 32 << 10, /* bytes of one report's; a longer one is written each time */
};

struct told {
	uint8_t key[TOLD_KEY_SIZE];
	uint32_t ends[REPORT_TRACES_MAX]; /* of each trace's members */
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

static struct told *told_make(const uint8_t *key, const struct report *r, void (*each)(struct writer *, const struct trace *))
{
	struct writer w = { 0 };
	struct told *t = NULL;
	uint32_t ends[REPORT_TRACES_MAX];
	struct bytes text;

	for (unsigned i = 0; i < r->traces_count && i < REPORT_TRACES_MAX; i++) {
		w.follows = false; /* they stand alone */
		each(&w, &r->traces[i]);
		ends[i] = (uint32_t)w.used;
	}
	if (writer_done(&w, &text) == 0 && text.left <= TEXT_MAX && (t = malloc(sizeof(*t) + text.left)) != NULL) {
		memcpy(t->key, key, sizeof(t->key));
		memcpy(t->ends, ends, r->traces_count * sizeof(ends[0]));
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
	const struct told *t = all == NULL || key == NULL || r->traces_count > REPORT_TRACES_MAX ? NULL : told_find(all, key, r, each);
	uint32_t from;
	char *to;

	if (t == NULL) {
		each(w, &r->traces[i]);
		return;
	}
	from = i == 0 ? 0 : t->ends[i - 1];
	if ((to = writer_raw(w, t->ends[i] - from)) != NULL)
		memcpy(to, t->text + from, t->ends[i] - from);
	w->follows = true;
}
