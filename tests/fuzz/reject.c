/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers to any frame: they stay in their room, are whole packets, and go where the frame came from. */
#include "dataplane/reject.h"

#include "dataplane/decode/decode.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (unsigned back = 0; back < 2; back++) {
		uint8_t room[256];
		size_t len = reject_build(bytes_of(data, size), back != 0, room, sizeof(room));
		struct decoded asked, answer;

		if (len == 0)
			continue;
		if (len > sizeof(room) || decode_frame(LINK_ETHERNET, bytes_of(data, size), &asked) != DECODE_PACKET ||
		    decode_frame(LINK_ETHERNET, bytes_of(room, len), &answer) != DECODE_PACKET)
			abort();
		if (!address_equal(&answer.packet.tuple.dst, back ? &asked.packet.tuple.src : &asked.packet.tuple.dst))
			abort();
	}
	return 0;
}
