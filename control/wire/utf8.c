/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One character of UTF-8. */
#include "control/wire/utf8.h"

size_t utf8_length(struct bytes b)
{
	static const struct {
		uint8_t first, last, second_low, second_high;
		uint8_t len;
	} rows[] = {
		{ 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < COUNT_OF(rows) && b.left > 0; i++) {
		if (b.at[0] < rows[i].first || b.at[0] > rows[i].last)
			continue;
		if (b.left < rows[i].len)
			return 0;
		if (rows[i].len > 1 && (b.at[1] < rows[i].second_low || b.at[1] > rows[i].second_high))
			return 0;
		for (size_t k = 2; k < rows[i].len; k++)
			if ((b.at[k] & 0xc0) != 0x80)
				return 0;
		return rows[i].len;
	}
	return 0;
}
