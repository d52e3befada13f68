/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values are cut into tokens: words, marks between them, and what is known by its form. */
#include "control/iocgen/token.h"

#include <errno.h>

enum { GUID_LEN = 36, BASE64_MIN = 40 };

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool is_word(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || c >= 0x80;
}

static uint8_t at(struct bytes t, size_t i)
{
	return i < t.left ? t.at[i] : 0;
}

static size_t guid_at(struct bytes t, size_t i)
{
	for (size_t k = 0; k < GUID_LEN; k++) {
		bool dash = k == 8 || k == 13 || k == 18 || k == 23;

		if (dash ? at(t, i + k) != '-' : !is_hex(at(t, i + k)))
			return 0;
	}
	return is_word(at(t, i + GUID_LEN)) ? 0 : GUID_LEN;
}

static size_t digits_at(struct bytes t, size_t i)
{
	size_t n = 0;

	while (is_digit(at(t, i + n)))
		n++;
	return n;
}

static size_t sid_at(struct bytes t, size_t i)
{
	size_t end = i + 4, parts = 0;

	if (at(t, i) != 's' || at(t, i + 1) != '-' || at(t, i + 2) != '1' || at(t, i + 3) != '-')
		return 0;
	for (size_t n; (n = digits_at(t, end)) > 0; parts++) {
		end += n;
		if (at(t, end) != '-' || digits_at(t, end + 1) == 0)
			break;
		end++;
	}
	return parts >= 3 ? end - i : 0;
}

/* 2024-01-31, 2024.01.31, 2024_01_31 */
static size_t date_at(struct bytes t, size_t i)
{
	uint8_t mark = at(t, i + 4);

	if ((mark != '-' && mark != '.' && mark != '_') || at(t, i + 7) != mark || digits_at(t, i) != 4 || digits_at(t, i + 5) != 2 ||
	    digits_at(t, i + 8) != 2 || (at(t, i) != '1' && at(t, i) != '2') || at(t, i + 5) > '1')
		return 0;
	return 10;
}

/* Numbers with dots between: three or more, so that no name with its ending is one. */
static size_t version_at(struct bytes t, size_t i)
{
	size_t end = i, n, parts = 0;

	while ((n = digits_at(t, end)) > 0) {
		parts++;
		end += n;
		if (at(t, end) != '.' || digits_at(t, end + 1) == 0)
			break;
		end++;
	}
	return parts >= 3 && !is_word(at(t, end)) ? end - i : 0;
}

/* A long run of base64's characters with more digits and letters than a path's names have between slashes. */
static size_t base64_at(struct bytes t, size_t i)
{
	size_t n = 0, slashes = 0, digits = 0, hex = 0;

	while (is_word(at(t, i + n)) || at(t, i + n) == '+' || at(t, i + n) == '/' || at(t, i + n) == '=') {
		slashes += at(t, i + n) == '/';
		digits += is_digit(at(t, i + n));
		hex += is_hex(at(t, i + n));
		n++;
	}
	return n >= BASE64_MIN && hex < n && slashes * 16 < n && digits * 40 > n ? n : 0;
}

static size_t name_at(struct bytes t, size_t i)
{
	size_t n = 1;

	while ((at(t, i + n) >= 'a' && at(t, i + n) <= 'z') || at(t, i + n) == '_')
		n++;
	return n > 1 && at(t, i + n) == '%' ? n + 1 : 0;
}

static struct token next_token(enum artefact_kind kind, struct bytes t, size_t i)
{
	bool begins = i == 0 || !is_word(t.at[i - 1]);
	size_t n;

	if (t.at[i] == '%' && (n = name_at(t, i)) > 0)
		return (struct token){ (uint16_t)i, (uint16_t)n, TOKEN_NAME };
	if (!is_word(t.at[i]))
		return (struct token){ (uint16_t)i, 1, TOKEN_MARK };
	if (begins && (n = guid_at(t, i)) > 0)
		return (struct token){ (uint16_t)i, (uint16_t)n, TOKEN_GUID };
	if (begins && (n = sid_at(t, i)) > 0)
		return (struct token){ (uint16_t)i, (uint16_t)n, TOKEN_SID };
	if (begins && (n = date_at(t, i)) > 0)
		return (struct token){ (uint16_t)i, (uint16_t)n, TOKEN_DATE };
	if (begins && (n = version_at(t, i)) > 0)
		return (struct token){ (uint16_t)i, (uint16_t)n, TOKEN_VERSION };
	if (begins && (kind == KIND_COMMAND || kind == KIND_URL) && (n = base64_at(t, i)) > 0)
		return (struct token){ (uint16_t)i, (uint16_t)n, TOKEN_BASE64 };
	for (n = 1; is_word(at(t, i + n)); n++)
		;
	return (struct token){ (uint16_t)i, (uint16_t)n, TOKEN_WORD };
}

/* Does this character stand between components of the kind? */
static bool divides(enum artefact_kind kind, uint8_t c)
{
	switch (kind) {
	case KIND_URL:
		return c == '/' || c == '?' || c == '&' || c == '#';
	case KIND_DNS:
	case KIND_IP:
		return c == '.';
	case KIND_COMMAND:
	case KIND_AGENT:
	case KIND_SERVICE:
		return c == ' ';
	default:
		return c == '\\' || c == '/';
	}
}

int tokens_of(enum artefact_kind kind, struct bytes text, struct tokens *ret)
{
	unsigned first = 0;

	ret->text = text;
	ret->count = ret->parts = 0;
	if (text.left > UINT16_MAX)
		return -E2BIG;
	for (size_t i = 0; i < text.left; i += ret->list[ret->count++].len) {
		if (ret->count == TOKENS_MAX)
			return -E2BIG;
		ret->list[ret->count] = next_token(kind, text, i);
	}
	for (unsigned i = 0; i <= ret->count; i++) {
		bool mark = i == ret->count || (ret->list[i].form == TOKEN_MARK && divides(kind, text.at[ret->list[i].at]));

		if (mark && i > first) {
			if (ret->parts == PARTS_MAX)
				return -E2BIG;
			ret->part[ret->parts].first = (uint8_t)first;
			ret->part[ret->parts++].end = (uint8_t)i;
		}
		if (mark)
			first = i + 1;
	}
	return 0;
}
