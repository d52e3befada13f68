/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payloads in which machine code is looked for: the first byte says of which processor, the rest is tried. */
#include "emu/shellcode/find.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum language languages[] = { LANGUAGE_AUTO, LANGUAGE_X86, LANGUAGE_X86_64, LANGUAGE_ARM,
		LANGUAGE_AARCH64, LANGUAGE_MIPS, LANGUAGE_MIPSEL, LANGUAGE_POWERPC, LANGUAGE_WIN_X86, LANGUAGE_WIN_X86_64 };
	static struct finder *finder;
	struct found first[FOUND_MAX], second[FOUND_MAX];
	enum language language;
	struct bytes payload;
	int n, again;

	if (finder == NULL && finder_open(&finder) < 0)
		abort();
	if (size == 0)
		return 0;
	language = languages[data[0] % COUNT_OF(languages)];
	payload = bytes_of(data + 1, size - 1);
	n = finder_search(finder, language, payload, first);
	if (n < 0 || n > FOUND_MAX)
		abort();
	for (int i = 0; i < n; i++)
		if (first[i].entry >= payload.left || !language_is_machine(first[i].language) || first[i].score <= 0)
			abort();
	/* the same bytes, the same answer: nothing of a search is left for the next */
	again = finder_search(finder, language, payload, second);
	if (again != n || (n > 0 && (first[0].entry != second[0].entry || first[0].score != second[0].score ||
	    first[0].language != second[0].language)))
		abort();
	return 0;
}
