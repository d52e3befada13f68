/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages of foreign servers: each is parsed within its bounds, and what is found stands in the page. */
#include "control/judge/javascript.h"
#include "control/judge/page.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct page *page = NULL;
	const struct page_script *scripts;
	unsigned count, left;

	if (page_new(bytes_of(data, size), &page) < 0)
		return 0;
	scripts = page_scripts(page, &count, &left);
	if (count > PAGE_SCRIPTS_MAX)
		abort();
	for (unsigned i = 0; i < count; i++) {
		const struct page_script *s = &scripts[i];

		if (s->from >= size || s->tag_from > s->from || s->written.at < data || s->written.at + s->written.left > data + size)
			abort();
		(void)javascript_place_of(s->text, s->text.left / 2, 1);
	}
	page_free(page);
	return 0;
}
