/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text as a page of Microsoft's web server: its evaluation ends, within its bounds. */
#include "emu/asp/asp.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 24 << 20 };

/* What the server would print: something of the code itself. */
static int run(void *context, enum language language, struct bytes code, struct bytes *ret)
{
	(void)language;
	*ret = arena_copy(context, code, 64);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct template_outcome o;
	static struct arena arena;
	struct template_host host = { .context = &arena };

	if (arena.at == NULL && (arena.at = calloc(1, MEMORY)) == NULL)
		abort();
	if (size == 0)
		return 0;
	memset(arena.at, 0, arena.used);
	arena = (struct arena){ .at = arena.at, .size = MEMORY };
	host.run = (data[0] & 1) != 0 ? run : NULL;
	if (asp_evaluate(bytes_of(data + 1, size - 1), &host, &arena, &o) < 0 && !arena.full)
		abort();
	if (o.effects_count > TEMPLATE_EFFECTS_MAX || o.refusals_count > TEMPLATE_REFUSALS_MAX || o.text.left > TEMPLATE_TEXT_MAX)
		abort();
	return 0;
}
