/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames written and read through the cursors. */
#include "control/wire/frame.h"

#include <errno.h>

size_t frame_begin(struct sink *s, uint8_t kind)
{
	size_t begun = s->used;

	sink_u32le(s, 0);
	sink_u8(s, kind);
	return begun;
}

void frame_end(struct sink *s, size_t begun)
{
	size_t len = s->used - begun - 4;
	struct sink head;

	if (s->overflow)
		return;
	if (len > UINT32_MAX) {
		s->overflow = true;
		return;
	}
	head = sink_over(s->at + begun, 4);
	sink_u32le(&head, (uint32_t)len);
}

int frame_take(struct bytes *received, size_t max, struct frame *ret, size_t *need)
{
	struct bytes at = *received;
	struct frame f;
	uint32_t len;

	if (bytes_u32le(&at, &len) < 0) {
		if (need != NULL)
			*need = FRAME_HEAD;
		return -EAGAIN;
	}
	if (len < 1 || len - 1 > max)
		return -EBADMSG;
	if (bytes_take(&at, len, &f.body) < 0) {
		if (need != NULL)
			*need = 4 + (size_t)len;
		return -EAGAIN;
	}
	if (bytes_u8(&f.body, &f.kind) < 0)
		return -EBADMSG;
	*ret = f;
	*received = at;
	return 0;
}
