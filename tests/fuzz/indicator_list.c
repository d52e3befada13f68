/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of indicators: what is read is written and read again the same. */
#include "control/iocgen/network/lists.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void bad(void *to, const char *file, uint64_t line, const char *why)
{
	if (file == NULL || why == NULL || *why == '\0')
		abort();
}

static void read_list(const void *data, size_t size, struct indicators *l)
{
	FILE *from = fmemopen((void *)(uintptr_t)data, size, "r");

	if (from == NULL)
		abort();
	if (lists_read(from, "list", l, bad, NULL) < 0)
		abort();
	fclose(from);
	indicators_settle(l);
}

static void again(const struct indicators *l, void (*write)(const struct indicators *, int32_t, FILE *))
{
	struct indicators back = { 0 };
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	if (to == NULL)
		abort();
	write(l, 0, to);
	fclose(to);
	read_list(text, len, &back);
	/* a form may have no word for a kind: nothing else is lost, and nothing comes */
	for (size_t i = 0, k = 0; i < back.count; i++, k++) {
		while (k < l->count && (l->at[k].kind != back.at[i].kind || strcmp(l->at[k].value, back.at[i].value) != 0))
			k++;
		if (k == l->count)
			abort();
	}
	indicators_fini(&back);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct indicators l = { 0 };
	char *text = NULL;
	size_t len = 0;
	FILE *to;

	if (size == 0)
		return 0;
	read_list(data, size, &l);
	again(&l, lists_write_misp);
	again(&l, lists_write_stix);
	if ((to = open_memstream(&text, &len)) != NULL) {
		lists_write_rules(&l, 0, to);
		lists_write_plain(&l, 0, to);
		lists_write_csv(&l, 0, to);
		fclose(to);
	}
	free(text);
	indicators_fini(&l);
	return 0;
}
