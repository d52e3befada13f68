/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tuples from foreign bytes: what decodes is encoded to the same bytes, and its text form is read back. */
#include "control/wire/address.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void text_comes_back(const struct address *a)
{
	char text[ADDRESS_TEXT];
	struct address again;

	if (a->family == 0)
		return;
	if (address_parse(address_format(a, text), &again) < 0 || !address_equal(a, &again))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes b = bytes_of(data, size), written;
	struct tuple t;
	uint8_t raw[64];
	struct sink s = sink_over(raw, sizeof(raw));

	if (tuple_decode(&b, &t) < 0)
		return 0;
	tuple_encode(&s, &t);
	if (sink_done(&s, &written) < 0 || !bytes_equal(written, bytes_of(data, size - b.left)))
		abort();
	text_comes_back(&t.src);
	text_comes_back(&t.dst);
	return 0;
}
