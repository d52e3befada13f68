/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extraction by itself: requests come in, each behind its length (u32le); a line tells of each that holds attack code.
 * With an argument, all of it in hex, and how it was decoded: "number language where class step,step code".
 */
#include "control/extract/extract.h"

#include <stdio.h>
#include <stdlib.h>

enum { REQUEST_MAX = 4 << 20, SHOWN_MAX = 100 };

/* Beginning of the code, in one line. */
static void tell(unsigned long number, const struct attack_code *c)
{
	printf("%lu %s %s ", number, language_name(c->language), c->where);
	for (size_t i = 0; i < c->text.left && i < SHOWN_MAX; i++)
		putchar(c->text.at[i] >= 0x20 && c->text.at[i] < 0x7f ? c->text.at[i] : '.');
	putchar('\n');
}

/* All that is known of it. */
static void tell_whole(unsigned long number, const struct attack_code *c)
{
	printf("%lu %s %s %s ", number, language_name(c->language), c->where, c->class_name);
	for (unsigned i = 0; i < c->layers_count; i++)
		printf("%s%s", i > 0 ? "," : "", c->layers[i]);
	printf("%s ", c->layers_count == 0 ? "-" : "");
	for (size_t i = 0; i < c->text.left; i++)
		printf("%02x", c->text.at[i]);
	putchar('\n');
}

int main(int count, char **words)
{
	uint8_t *room = malloc(REQUEST_MAX);
	unsigned long number = 0;
	uint32_t len;

	(void)words;
	while (room != NULL && fread(&len, sizeof(len), 1, stdin) == 1 && len <= REQUEST_MAX && fread(room, 1, len, stdin) == len) {
		struct extraction *found = NULL;

		if (extract_bytes(bytes_of(room, len), &found) < 0)
			break;
		for (unsigned i = 0; i < found->count; i++) {
			const struct attack_code *c = &found->codes[i];

			if (c->language != LANGUAGE_MACHINE) /* whether that is code at all, emulation tells */
				(count > 1 ? tell_whole : tell)(number, c);
		}
		extraction_free(found);
		number++;
	}
	printf("%lu requests\n", number);
	free(room);
	return feof(stdin) ? 0 : 1;
}
