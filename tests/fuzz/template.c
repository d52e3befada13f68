/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text as every engine's template (the first byte says whose): every evaluation ends, within its bounds. */
#include "emu/template/engine.h"

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
	static int (*const engines[])(struct bytes, const struct template_host *, struct arena *, struct template_outcome *) = {
		jinja2_evaluate, twig_evaluate, smarty_evaluate,
	};
	static struct template_outcome o;
	static struct arena arena;
	struct template_host host = { .context = &arena };
	int r;

	if (arena.at == NULL && (arena.at = calloc(1, MEMORY)) == NULL)
		abort();
	if (size == 0)
		return 0;
	memset(arena.at, 0, arena.used);
	arena = (struct arena){ .at = arena.at, .size = MEMORY };
	host.seed = data[0];
	host.run = (data[0] & 64) != 0 ? run : NULL;
	r = engines[data[0] % COUNT_OF(engines)](bytes_of(data + 1, size - 1), &host, &arena, &o);
	if (r < 0 || o.effects_count > TEMPLATE_EFFECTS_MAX || o.refusals_count > TEMPLATE_REFUSALS_MAX || o.text.left > TEMPLATE_TEXT_MAX)
		abort();
	return 0;
}
