/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of markup: each is read in every place of a page, within its bounds. */
#include "emu/language/html.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct html_result result;

	html_evaluate(bytes_of(data, size), &result);
	if (result.count > HTML_SCRIPTS_MAX)
		abort();
	for (unsigned i = 0; i < result.count; i++) {
		if (result.at[i].len == 0 || result.at[i].len > HTML_SCRIPT_MAX || strlen(result.at[i].label) >= HTML_LABEL_MAX)
			abort();
	}
	return 0;
}
