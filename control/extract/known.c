/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A slot by the key's digest; what counts is that all its bytes are equal. */
#include "control/extract/known.h"

#include <stdlib.h>
#include <string.h>

struct known {
	struct slot {
		uint8_t *key; /* owned */
		size_t len;
	} slots[KNOWN_MAX];
};

struct known *known_new(void)
{
	return calloc(1, sizeof(struct known));
}

void known_free(struct known *k)
{
	for (size_t i = 0; k != NULL && i < KNOWN_MAX; i++)
		free(k->slots[i].key);
	free(k);
}

/* An attacker who makes slots collide only has his own values looked through again. */
static size_t slot_of(struct bytes key)
{
	return bytes_hash(key) % KNOWN_MAX;
}

bool known_holds(const struct known *k, struct bytes key)
{
	const struct slot *s;

	if (k == NULL || key.left == 0)
		return false;
	s = &k->slots[slot_of(key)];
	return s->key != NULL && bytes_equal(key, bytes_of(s->key, s->len));
}

void known_note(struct known *k, struct bytes key)
{
	struct slot *s;
	uint8_t *kept;

	if (k == NULL || key.left == 0 || key.left > KNOWN_KEY_MAX || (kept = malloc(key.left)) == NULL)
		return;
	s = &k->slots[slot_of(key)];
	memcpy(kept, key.at, key.left);
	free(s->key);
	*s = (struct slot){ .key = kept, .len = key.left };
}
