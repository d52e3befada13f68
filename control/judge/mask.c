/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies of a value are found by walking over both at once: each of its bytes may be written in several ways. */
#include "control/judge/mask.h"

#include "control/extract/http.h"
#include "control/judge/digest.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	COPY_MIN = 3,            /* bytes of a value whose copies mean anything: "1" is everywhere */
	STEPS_MAX = 1 << 20,     /* bytes compared in one answer: hostile ones may repeat a value's beginning for ever */
	ENTITY_MAX = 10,         /* bytes of one, with & and ; */
	AROUND_MAX = 256,        /* bytes before and behind a code that are told apart */
};

/* The byte that an entity at the start of b stands for, and its length; 0 where there is none. */
static size_t entity(struct bytes b, uint8_t *ret)
{
	static const struct {
		const char *name;
		uint8_t c;
	} names[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' }, { "&nbsp;", ' ' } };
	bool hex = b.left > 3 && b.at[1] == '#' && (b.at[2] | 0x20) == 'x';
	unsigned value = 0;
	size_t i = hex ? 3 : 2;

	for (size_t n = 0; n < COUNT_OF(names); n++) {
		if (bytes_starts_fold(b, bytes_text(names[n].name))) {
			*ret = names[n].c;
			return strlen(names[n].name);
		}
	}
	if (b.left < 4 || b.at[1] != '#')
		return 0;
	for (; i < b.left && i < ENTITY_MAX && (hex ? isxdigit(b.at[i]) : isdigit(b.at[i])); i++)
		value = value * (hex ? 16 : 10) + (unsigned)(isdigit(b.at[i]) ? b.at[i] - '0' : (b.at[i] | 0x20) - 'a' + 10);
	if (i >= b.left || b.at[i] != ';' || value == 0 || value > 0xff)
		return 0;
	*ret = (uint8_t)value;
	return i + 1;
}

static bool hex_byte(struct bytes b, size_t at, size_t digits, unsigned *ret)
{
	unsigned value = 0;

	for (size_t i = 0; i < digits; i++) {
		if (at + i >= b.left || !isxdigit(b.at[at + i]))
			return false;
		value = value * 16 + (unsigned)(isdigit(b.at[at + i]) ? b.at[at + i] - '0' : (b.at[at + i] | 0x20) - 'a' + 10);
	}
	*ret = value;
	return true;
}

/* The same for an escape that a backslash begins. */
static size_t escape(struct bytes b, uint8_t *ret)
{
	static const char letters[] = "nrtbf", bytes[] = "\n\r\t\b\f";
	const char *at = NULL;
	unsigned value = 0;

	if (b.left < 2)
		return 0;
	if (b.at[1] == 'u' && hex_byte(b, 2, 4, &value) && value <= 0xff) {
		*ret = (uint8_t)value;
		return 6;
	}
	at = strchr(letters, b.at[1]);
	*ret = at != NULL && b.at[1] != '\0' ? (uint8_t)bytes[at - letters] : b.at[1];
	return 2;
}

/* How many bytes at the start of b write the byte c; 0: another one. escapes: a backslash is never meant as itself. */
static size_t writes(struct bytes b, uint8_t c, bool escapes)
{
	uint8_t other = 0;
	unsigned value = 0;
	size_t len = 0;

	if (b.left == 0)
		return 0;
	if (b.at[0] == '&' && (len = entity(b, &other)) > 0 && other == c)
		return len;
	if (b.at[0] == '\\' && escapes)
		return (len = escape(b, &other)) > 0 && (other == c || (c == '\r' && other == '\n')) ? len : 0;
	if (b.at[0] == '%' && hex_byte(b, 1, 2, &value) && value == c)
		return 3;
	if (b.at[0] == c || (c == ' ' && b.at[0] == '+') || (c == '\r' && b.at[0] == '\n'))
		return 1;
	/* what is no character any more */
	return c >= 0x80 && b.left >= 3 && memcmp(b.at, "\xef\xbf\xbd", 3) == 0 ? 3 : 0;
}

/* The length of a copy of the value at the start of b, written in one way from its beginning to its end; 0: none. */
static size_t copy_written(struct bytes b, struct bytes value, bool escapes, size_t *steps)
{
	size_t at = 0;

	for (size_t i = 0; i < value.left; i++) {
		size_t len = writes(bytes_of(b.at + at, b.left - at), value.at[i], escapes);

		++*steps;
		if (len == 0)
			return 0;
		at += len;
	}
	return at;
}

static size_t copy_at(struct bytes b, struct bytes value, size_t *steps)
{
	size_t plain = copy_written(b, value, false, steps);

	return plain > 0 ? plain : copy_written(b, value, true, steps);
}

bool mask_value(struct bytes body, struct bytes value, bool numbers, struct masked *ret)
{
	struct masked m = { .digest = DIGEST_START };
	const uint8_t *end = NULL;
	size_t steps = 0;

	if (value.left >= COPY_MIN && (end = memchr(value.at + COPY_MIN, '\0', value.left - COPY_MIN)) != NULL)
		value = bytes_of(value.at, (size_t)(end - value.at)); /* so far many a program reads it */
	value = bytes_trim(value);
	for (size_t i = 0; i < body.left;) {
		size_t copy = value.left >= COPY_MIN ? copy_at(bytes_of(body.at + i, body.left - i), value, &steps) : 0;

		if (steps > STEPS_MAX)
			return false;
		if (copy > 0 && m.copies++ == 0) {
			m.at = i;
			m.len = copy;
		}
		if (copy > 0)
			m.digest = digest_byte(m.digest, 0x100);
		else if (!numbers || !isdigit(body.at[i]))
			m.digest = digest_byte(m.digest, body.at[i]);
		else if (i == 0 || !isdigit(body.at[i - 1]))
			m.digest = digest_byte(m.digest, 0x101);
		i += copy > 0 ? copy : 1;
	}
	m.digest |= 1;
	*ret = m;
	return true;
}

/* Letters as one, digits as one, signs as they are. */
static uint64_t digest_signs(uint64_t h, struct bytes text)
{
	unsigned last = 0;

	for (size_t i = 0; i < text.left; i++) {
		unsigned c = isdigit(text.at[i]) ? '0' : isalpha(text.at[i]) ? 'a' : text.at[i];

		if (c != last || !isalnum((int)c))
			h = digest_byte(h, c);
		last = c;
	}
	return digest_byte(h, 0x100);
}

uint64_t mask_shape(struct bytes text)
{
	return digest_signs(DIGEST_START, text);
}

struct bytes mask_base(struct bytes value)
{
	size_t len = 0;

	while (len < value.left && (isalnum(value.at[len]) || memchr("._@-", value.at[len], 4) != NULL))
		len++;
	while (len > 0 && !isalnum(value.at[len - 1]))
		len--;
	return bytes_of(value.at, len);
}

uint64_t mask_around(struct bytes value, struct bytes code)
{
	ptrdiff_t at = code.left > 0 ? bytes_find(value, code) : -1;
	struct bytes before, after;
	size_t base = 0;

	if (at < 0)
		return 0;
	before = bytes_of(value.at, (size_t)at);
	after = bytes_trim(bytes_of(value.at + at + code.left, value.left - (size_t)at - code.left));
	base = mask_base(before).left;
	before = bytes_of(before.at + base, before.left - base);
	if (before.left > AROUND_MAX || after.left > AROUND_MAX)
		return 0;
	return digest_signs(digest_signs(DIGEST_START, before), after) | 1;
}
