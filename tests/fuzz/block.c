/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks of any text and of any bytes of a store; and which requests say that they were forwarded. */
#include "control/contain/contained.h"
#include "control/contain/forwarded.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_text(struct bytes b)
{
	char text[BLOCK_TEXT + 64], out[BLOCK_TEXT];
	struct block block, again;

	if (b.left >= sizeof(text))
		return;
	memcpy(text, b.at, b.left);
	text[b.left] = '\0';
	if (block_parse(text, &block) < 0)
		return;
	if (block_parse(block_format(&block, out), &again) < 0 || !block_equal(&block, &again))
		abort();
}

static void read_stored(struct bytes b)
{
	uint8_t room[CONTAINED_ENCODED_MAX];
	struct sink s = sink_over(room, sizeof(room));
	struct bytes again;
	struct contained c;

	if (contained_decode(b, &c) < 0)
		return;
	contained_encode(&s, &c);
	if (sink_done(&s, &again) < 0 || !bytes_equal(again, b))
		abort();
	json_decref(contained_json(&c, 0, true));
}

static void read_head(struct bytes b)
{
	struct case_record r = { .app = APP_HTTP };
	uint8_t *longer = malloc(b.left + 8);

	r.parts[PART_REQUEST_HEAD] = (struct case_part){ .present = true, .head = b };
	(void)forwarded_says(&r);
	if (longer != NULL) { /* a line of its own says so, whatever stands before it */
		memcpy(longer, b.at, b.left);
		memcpy(longer + b.left, "\nvIA: x", 7);
		r.parts[PART_REQUEST_HEAD].head = bytes_of(longer, b.left + 7);
		if (!forwarded_says(&r))
			abort();
	}
	free(longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes b = bytes_of(data, size);
	uint8_t which;

	if (bytes_u8(&b, &which) < 0)
		return 0;
	if (which % 3 == 0)
		read_text(b);
	else if (which % 3 == 1)
		read_stored(b);
	else
		read_head(b);
	return 0;
}
