/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A slot by the key's digest; what counts is that all its bytes are equal. */
#include "control/extract/known.h"

#include "control/extract/finder.h"

#include <stdlib.h>
#include <string.h>

struct known {
	struct slot {
		uint8_t *key;       /* owned */
		size_t len;
		struct note *notes; /* owned, with the texts that they name behind them; NULL: nothing was found */
		unsigned count;
	} slots[KNOWN_MAX];
};

struct known *known_new(void)
{
	return calloc(1, sizeof(struct known));
}

static void slot_fini(struct slot *s)
{
	free(s->key);
	free(s->notes);
}

void known_free(struct known *k)
{
	for (size_t i = 0; k != NULL && i < KNOWN_MAX; i++)
		slot_fini(&k->slots[i]);
	free(k);
}

/* An attacker who makes slots collide only has his own values looked through again. */
static size_t slot_of(struct bytes key)
{
	return bytes_hash(key) % KNOWN_MAX;
}

bool known_find(const struct known *k, struct bytes key, const struct note **ret, unsigned *count)
{
	const struct slot *s;

	if (k == NULL || key.left == 0)
		return false;
	s = &k->slots[slot_of(key)];
	if (s->key == NULL || !bytes_equal(key, bytes_of(s->key, s->len)))
		return false;
	*ret = s->notes;
	*count = s->count;
	return true;
}

static struct bytes keep(uint8_t **at, struct bytes text)
{
	struct bytes kept = bytes_of(*at, text.left);

	if (text.left > 0)
		memcpy(*at, text.at, text.left);
	*at += text.left;
	return kept;
}

/* The notes and their texts in one block. False: too much, or no memory. */
static bool notes_copy(const struct note *notes, unsigned count, struct note **ret)
{
	size_t texts = 0;
	uint8_t *at;

	*ret = NULL;
	if (count == 0)
		return true;
	for (unsigned i = 0; i < count; i++)
		texts += notes[i].what.text.left + notes[i].in.text.left;
	if (texts + count * sizeof(*notes) > KNOWN_FOUND_MAX || (*ret = malloc(count * sizeof(*notes) + texts)) == NULL)
		return false;
	at = (uint8_t *)(*ret + count);
	for (unsigned i = 0; i < count; i++) {
		(*ret)[i] = notes[i];
		(*ret)[i].what.text = keep(&at, notes[i].what.text);
		(*ret)[i].in.text = keep(&at, notes[i].in.text);
	}
	return true;
}

void known_keep(struct known *k, struct bytes key, const struct note *notes, unsigned count)
{
	struct slot made = { .len = key.left, .count = count };
	struct slot *s;

	if (k == NULL || key.left == 0 || key.left > KNOWN_KEY_MAX || !notes_copy(notes, count, &made.notes))
		return;
	if ((made.key = malloc(key.left)) == NULL) {
		slot_fini(&made);
		return;
	}
	memcpy(made.key, key.at, key.left);
	s = &k->slots[slot_of(key)];
	slot_fini(s);
	*s = made;
}
