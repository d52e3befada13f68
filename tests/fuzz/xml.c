/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Documents that read themselves and each other: every evaluation ends, within its bounds. */
#include "emu/language/xml.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any resource is the document again, from the half of its name on: declarations and content by chance. */
static bool read_again(const void *context, struct bytes url, struct bytes *ret)
{
	const struct bytes *document = context;
	size_t from = url.left < document->left ? url.left : 0;

	*ret = bytes_of(document->at + from, document->left - from);
	return url.at[0] != 'n';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes document = bytes_of(data, size);
	const struct xml_world world = { .context = &document, .read = read_again };
	static struct xml_result result;

	for (unsigned known = 0; known < 2; known++) {
		xml_evaluate(document, known != 0 ? &world : NULL, &result);
		if (result.text_len > sizeof(result.text) || result.resources_count > XML_RESOURCES_MAX)
			abort();
		for (unsigned i = 0; i < result.resources_count; i++)
			if (memchr(result.resources[i].url, 0, XML_URL_MAX) == NULL)
				abort();
	}
	return 0;
}
