/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of the guest: bytes, or UTF-16. */
#include "emu/windows/process/process.h"

#include <errno.h>
#include <string.h>

static size_t put_utf8(uint32_t c, char *to, size_t room)
{
	if (c < 0x80 && room > 1) {
		to[0] = (char)c;
		return 1;
	}
	if (c >= 0x80 && c < 0x800 && room > 2) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c >= 0x800 && c < 0x10000 && room > 3) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	if (c >= 0x10000 && room > 4) {
		to[0] = (char)(0xf0 | (c >> 18 & 7));
		to[1] = (char)(0x80 | (c >> 12 & 0x3f));
		to[2] = (char)(0x80 | (c >> 6 & 0x3f));
		to[3] = (char)(0x80 | (c & 0x3f));
		return 4;
	}
	return 0;
}

size_t win_utf8(const uint8_t *utf16, size_t units, char *to, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < units; i++) {
		uint32_t c = (uint32_t)(utf16[2 * i] | utf16[2 * i + 1] << 8);
		size_t n;

		if (c >= 0xd800 && c < 0xdc00 && i + 1 < units) {
			uint32_t low = (uint32_t)(utf16[2 * i + 2] | utf16[2 * i + 3] << 8);

			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
				i++;
			}
		}
		if ((n = put_utf8(c, to + used, size - used)) == 0)
			break;
		used += n;
	}
	to[used] = 0;
	return used;
}

/* One code point of UTF-8; what is none counts as the byte it is. */
static uint32_t take_utf8(const uint8_t **at)
{
	const uint8_t *p = *at;
	unsigned more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : 0;
	uint32_t c = more == 0 ? *p : *p & (0x3fu >> more);

	for (unsigned i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			*at = p + 1;
			return *p;
		}
		c = c << 6 | (p[i] & 0x3f);
	}
	*at = p + 1 + more;
	return c;
}

size_t win_utf16(const char *utf8, uint8_t *to, size_t units)
{
	const uint8_t *at = (const uint8_t *)utf8;
	size_t used = 0;

	while (*at != 0 && used < units) {
		uint32_t c = take_utf8(&at);
		uint16_t unit = (uint16_t)c;

		if (c >= 0x10000) {
			if (used + 2 > units)
				break;
			unit = (uint16_t)(0xd800 + ((c - 0x10000) >> 10));
			to[2 * used] = (uint8_t)unit;
			to[2 * used++ + 1] = (uint8_t)(unit >> 8);
			unit = (uint16_t)(0xdc00 + ((c - 0x10000) & 0x3ff));
		}
		to[2 * used] = (uint8_t)unit;
		to[2 * used++ + 1] = (uint8_t)(unit >> 8);
	}
	return used;
}

int win_text(struct windows *w, uint64_t at, bool wide, char *to, size_t size)
{
	uint8_t raw[2 * WIN_TEXT_MAX];
	unsigned unit = wide ? 2 : 1;
	size_t max = (size < WIN_TEXT_MAX ? size : WIN_TEXT_MAX) - 1, n = 0;
	uint64_t there = space_reach(w->space, at, max * unit, RANGE_READ);

	if (there < unit || win_read(w, at, raw, there) < 0)
		return -EFAULT;
	while (n < max && (n + 1) * unit <= there && (raw[n * unit] != 0 || (wide && raw[n * unit + 1] != 0)))
		n++;
	if (n < max && (n + 1) * unit > there)
		return -EFAULT; /* memory ends before the text does */
	if (wide) {
		win_utf8(raw, n, to, size);
		return 0;
	}
	memcpy(to, raw, n);
	to[n] = 0;
	return 0;
}

uint64_t win_put_text(struct windows *w, uint64_t at, bool wide, const char *text, uint64_t room)
{
	uint8_t raw[2 * WIN_TEXT_MAX + 2];
	size_t len = wide ? win_utf16(text, raw, WIN_TEXT_MAX) : strnlen(text, sizeof(raw) - 1);
	unsigned unit = wide ? 2 : 1;

	if (!wide)
		memcpy(raw, text, len);
	raw[len * unit] = raw[len * unit + unit - 1] = 0;
	if (len + 1 > room)
		return len + 1;
	return win_write(w, at, raw, (len + 1) * unit) == 0 ? len + 1 : 0;
}
