/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages and values from both sides of an attack: cutting one out of the other ends, and a copy of the value is always found. */
#include "control/judge/mask.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says how long the value is; what follows it is the page. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct masked m = { 0 };
	size_t len;

	if (size == 0)
		return 0;
	len = data[0] < size ? data[0] : size - 1;
	(void)mask_value(bytes_of(data + 1 + len, size - 1 - len), bytes_of(data + 1, len), data[0] & 1, &m);
	(void)mask_around(bytes_of(data + 1, size - 1), bytes_of(data + 1, len));
	(void)mask_shape(bytes_of(data + 1, size - 1));
	if (mask_base(bytes_of(data + 1, size - 1)).left > size - 1)
		abort();
	/* plain letters stand for nothing but themselves */
	for (size_t i = 0; i < len; i++) {
		if (!isalnum(data[1 + i]))
			return 0;
	}
	if (len >= 3 && (!mask_value(bytes_of(data + 1, len), bytes_of(data + 1, len), false, &m) || m.copies != 1))
		abort();
	return 0;
}
