/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text in each of Java's expression languages (the first byte says which, and how): every evaluation ends, within its bounds. */
#include "emu/expression/expression.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int prints(void *context, const struct bytes *words, unsigned count, struct expression_process *ret)
{
	if (count == 0 || words[0].left == 0)
		abort();
	ret->out = ret->both = words[count - 1];
	return 0;
}

static void note(void *context, const struct event *e)
{
	if (e->kind >= EVENT_KIND_COUNT)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { MEMORY = 48 << 20 };
	static struct expression_outcome outcome;
	static struct arena arena;
	struct expression_host host = { .exec = prints, .note = note };
	int r;

	if (arena.at == NULL && (arena.at = malloc(MEMORY)) == NULL)
		abort();
	if (size == 0)
		return 0;
	arena = (struct arena){ .at = arena.at, .size = MEMORY };
	host.old = (data[0] & 64) != 0;
	host.seed = data[0];
	host.request = bytes_of(data, size);
	r = expression_evaluate(data[0] % EXPRESSION_LANGUAGES, (data[0] & 128) != 0, bytes_of(data + 1, size - 1), &host, &arena, &outcome);
	if (r > 0 || arena.size != MEMORY || outcome.shown.left > EXPRESSION_SHOWN_MAX)
		abort();
	return 0;
}
