/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A value weighed as injected SQL in one quoting (the first byte says which): tokens stay inside of it, and in number. */
#include "control/extract/sql.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t quotes[] = { 0, '\'', '"', '`' };
	static struct sqltokens tokens;
	struct sqlquoting q;
	const uint8_t *end = data + size;

	if (size < 2)
		return 0;
	q = (struct sqlquoting){ .quote = quotes[data[0] % 4], .backslash = (data[0] & 4) != 0 };
	if (!sqltokens_of(bytes_of(data + 1, size - 1), q, &tokens))
		return 0;
	if (tokens.count < 2 || tokens.count > SQLTOKENS_MAX || tokens.list[tokens.count - 1].kind != SQLTOKEN_END)
		abort();
	for (unsigned i = 0; i + 1 < tokens.count; i++) {
		if (tokens.list[i].text.left > 0 && (tokens.list[i].text.at < data || tokens.list[i].text.at + tokens.list[i].text.left > end))
			abort();
	}
	(void)sqlshape_weigh(&tokens, q);
	return 0;
}
