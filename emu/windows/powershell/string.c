/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings of UTF-16 units. */
#include "emu/windows/powershell/value.h"

#include <string.h>

struct units units_in(struct heap *heap)
{
	return (struct units){ .heap = heap };
}

static void grow(struct units *u, size_t more)
{
	uint16_t *at;

	if (u->len + more <= u->room)
		return;
	u->room = 2 * (u->len + more) + 16;
	at = heap_take(u->heap, u->room * sizeof(*at));
	if (u->len != 0)
		memcpy(at, u->at, u->len * sizeof(*at));
	u->at = at;
}

void units_put(struct units *u, uint16_t c)
{
	if (u->len >= STRING_MAX) {
		heap_fill(u->heap);
		return;
	}
	grow(u, 1);
	u->at[u->len++] = c;
}

void units_add(struct units *u, const struct string *s)
{
	u->foreign |= s->foreign;
	if (s->len == 0)
		return;
	if (s->len > STRING_MAX - u->len) {
		heap_fill(u->heap);
		return;
	}
	grow(u, s->len);
	memcpy(u->at + u->len, s->at, s->len * sizeof(*s->at));
	u->len += s->len;
}

void units_text(struct units *u, const char *text)
{
	while (*text != 0)
		units_put(u, (uint8_t)*text++);
}

struct string *units_string(struct units *u)
{
	struct string *s = heap_take(u->heap, sizeof(*s));

	*s = (struct string){ u->at, (uint32_t)u->len, u->foreign };
	return s;
}

struct string *string_of(struct heap *heap, const uint16_t *at, size_t len)
{
	struct units u = units_in(heap);
	const struct string all = { at, (uint32_t)(len < STRING_MAX ? len : STRING_MAX), false };

	units_add(&u, &all);
	return units_string(&u);
}

/* One code point; what is no UTF-8 is one U+FFFD a byte. */
static uint32_t take(struct bytes *b)
{
	uint8_t c = *b->at;
	unsigned more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 9;
	uint32_t v = more == 0 ? c : c & (0x3f >> more);

	if (more > 3 || b->left <= more)
		goto wrong;
	for (unsigned i = 1; i <= more; i++) {
		if ((b->at[i] & 0xc0) != 0x80)
			goto wrong;
		v = v << 6 | (b->at[i] & 0x3f);
	}
	if ((more == 2 && v < 0x800) || (more == 3 && (v < 0x10000 || v > 0x10ffff)))
		goto wrong;
	b->at += more + 1;
	b->left -= more + 1;
	return v;
wrong:
	b->at++;
	b->left--;
	return 0xfffd;
}

struct string *string_utf8(struct heap *heap, struct bytes b)
{
	struct units u = units_in(heap);

	while (b.left != 0 && !heap_full(heap)) {
		uint32_t v = take(&b);

		if (v >= 0x10000) {
			units_put(&u, (uint16_t)(0xd800 + ((v - 0x10000) >> 10)));
			units_put(&u, (uint16_t)(0xdc00 + ((v - 0x10000) & 0x3ff)));
		} else {
			units_put(&u, (uint16_t)v);
		}
	}
	return units_string(&u);
}

struct string *string_text(struct heap *heap, const char *text)
{
	return string_utf8(heap, bytes_text(text));
}

static void put_point(struct text *t, uint32_t v)
{
	if (v < 0x80) {
		text_put(t, (char)v);
	} else if (v < 0x800) {
		text_put(t, (char)(0xc0 | v >> 6));
		text_put(t, (char)(0x80 | (v & 0x3f)));
	} else if (v < 0x10000) {
		text_put(t, (char)(0xe0 | v >> 12));
		text_put(t, (char)(0x80 | (v >> 6 & 0x3f)));
		text_put(t, (char)(0x80 | (v & 0x3f)));
	} else {
		text_put(t, (char)(0xf0 | v >> 18));
		text_put(t, (char)(0x80 | (v >> 12 & 0x3f)));
		text_put(t, (char)(0x80 | (v >> 6 & 0x3f)));
		text_put(t, (char)(0x80 | (v & 0x3f)));
	}
}

struct bytes string_bytes(struct heap *heap, const struct string *s)
{
	struct text t = text_in(heap);

	for (uint32_t i = 0; i < s->len; i++) {
		uint32_t v = s->at[i];

		if (v >= 0xd800 && v < 0xdc00 && i + 1 < s->len && s->at[i + 1] >= 0xdc00 && s->at[i + 1] < 0xe000)
			v = 0x10000 + ((v - 0xd800) << 10) + (s->at[++i] - 0xdc00u);
		else if (v >= 0xd800 && v < 0xe000)
			v = 0xfffd;
		put_point(&t, v);
	}
	return text_bytes(&t);
}

char *string_to_utf8(struct heap *heap, const struct string *s)
{
	struct bytes b = string_bytes(heap, s);
	char *made = heap_text(heap, b);

	/* what is a NUL there would end it here: a name or a path with one is none */
	for (size_t i = 0; i < b.left && i < TEXT_BYTES_MAX; i++)
		if (made[i] == 0)
			made[i] = '?';
	return made;
}

struct string *string_join(struct heap *heap, const struct string *a, const struct string *b)
{
	struct units u = units_in(heap);

	units_add(&u, a);
	units_add(&u, b);
	return units_string(&u);
}

struct string *string_part(struct heap *heap, const struct string *s, size_t from, size_t len)
{
	struct string *part = heap_take(heap, sizeof(*part));

	*part = (struct string){ s->at + from, (uint32_t)len, s->foreign };
	return part;
}

static uint16_t fold(uint16_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ? c + 32 : c;
}

bool string_is(const struct string *s, const char *ascii)
{
	if (strlen(ascii) != s->len)
		return false;
	for (uint32_t i = 0; i < s->len; i++)
		if (fold(s->at[i]) != fold((uint8_t)ascii[i]))
			return false;
	return true;
}

int string_compare(const struct string *a, const struct string *b, bool folded)
{
	for (uint32_t i = 0; i < a->len && i < b->len; i++) {
		uint16_t x = folded ? fold(a->at[i]) : a->at[i], y = folded ? fold(b->at[i]) : b->at[i];

		if (x != y)
			return x < y ? -1 : 1;
	}
	return a->len < b->len ? -1 : a->len > b->len;
}

int64_t string_find(const struct string *hay, const struct string *needle, size_t from, bool folded)
{
	for (size_t i = from; i + needle->len <= hay->len; i++) {
		size_t k = 0;

		while (k < needle->len && (folded ? fold(hay->at[i + k]) == fold(needle->at[k]) : hay->at[i + k] == needle->at[k]))
			k++;
		if (k == needle->len)
			return (int64_t)i;
	}
	return -1;
}
