/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lays out and writes one image: a DOS header, PE headers, three sections (.text, .rdata, .data). */
#include "emu/windows/image/image.h"

#include <errno.h>
#include <string.h>

enum {
	PAGE = 0x1000, NEW_HEADER = 0xf0, SECTIONS = 3, DIRECTORY_SIZE = 40, DIRECTORIES = 16,
	MACHINE_I386 = 0x14c, MACHINE_AMD64 = 0x8664,
	IS_EXECUTABLE = 2, IS_LARGE_AWARE = 0x20, IS_32 = 0x100, IS_LIBRARY = 0x2000,
	HAS_CODE = 0x60000020, HAS_CONSTANTS = 0x40000040, HAS_DATA = (int)0xc0000040,
};

uint32_t image_gate(unsigned i)
{
	return IMAGE_TEXT + i * IMAGE_GATE;
}

static uint32_t pages(uint32_t len)
{
	return (len + PAGE - 1) / PAGE * PAGE;
}

/* Ordinals: stated ones stand fast, the others fill what is free. slots: 1 + index of the export, or 0. */
static int number(const struct image_plan *p, uint16_t slots[IMAGE_EXPORTS_MAX + IMAGE_ORDINAL_MAX], unsigned *ret)
{
	unsigned next = 1, highest = 0;

	memset(slots, 0, (IMAGE_EXPORTS_MAX + IMAGE_ORDINAL_MAX) * sizeof(*slots));
	for (unsigned i = 0; i < p->count; i++) {
		unsigned o = p->exports[i].ordinal;

		if (o > IMAGE_ORDINAL_MAX || (i > 0 && strcmp(p->exports[i - 1].name, p->exports[i].name) >= 0) ||
		    p->exports[i].code.left > IMAGE_GATE || (o != 0 && slots[o - 1] != 0))
			return -EINVAL;
		if (o == 0)
			continue;
		slots[o - 1] = (uint16_t)(i + 1);
		highest = o > highest ? o : highest;
	}
	/* a library with ordinals of its own gives those without one numbers behind them */
	next = highest + 1;
	for (unsigned i = 0; i < p->count; i++)
		if (p->exports[i].ordinal == 0)
			slots[next++ - 1] = (uint16_t)(i + 1);
	*ret = next - 1;
	return 0;
}

static uint32_t directory_size(const struct image_plan *p, unsigned slots)
{
	size_t len = DIRECTORY_SIZE + 4 * (size_t)slots + 6 * (size_t)p->count + strlen(p->name) + 1;

	for (unsigned i = 0; i < p->count; i++) {
		len += strlen(p->exports[i].name) + 1;
		if (p->exports[i].forward != NULL)
			len += strlen(p->exports[i].forward) + 1;
	}
	return (uint32_t)len;
}

int image_places(const struct image_plan *p, struct image_places *ret)
{
	uint16_t slots[IMAGE_EXPORTS_MAX + IMAGE_ORDINAL_MAX];
	unsigned used;
	int r;

	if (p->count > IMAGE_EXPORTS_MAX || p->extra.left > PAGE)
		return -EINVAL;
	if ((r = number(p, slots, &used)) < 0)
		return r;
	ret->extra = image_gate(p->count);
	ret->text_size = p->count * IMAGE_GATE + (uint32_t)p->extra.left;
	ret->directory = IMAGE_TEXT + pages(ret->text_size != 0 ? ret->text_size : 1);
	ret->directory_size = p->count != 0 ? directory_size(p, used) : 0;
	ret->data = ret->directory + pages(ret->directory_size != 0 ? ret->directory_size : 1);
	ret->size = ret->data + PAGE;
	return 0;
}

static void put_section(struct sink *s, const char *name, uint32_t at, uint32_t len, uint32_t flags)
{
	char padded[8] = { 0 };

	memcpy(padded, name, strlen(name));
	sink_put(s, padded, sizeof(padded));
	sink_u32le(s, len);
	sink_u32le(s, at);
	sink_u32le(s, pages(len));
	sink_u32le(s, at); /* the file is laid out as memory is */
	sink_u32le(s, 0);
	sink_u32le(s, 0);
	sink_u32le(s, 0);
	sink_u32le(s, flags);
}

/* Pointers of the optional header are as wide as the machine's. */
static void put_wide(struct sink *s, const struct image_plan *p, uint64_t v)
{
	if (p->wide)
		sink_u64le(s, v);
	else
		sink_u32le(s, (uint32_t)v);
}

static void put_optional(struct sink *s, const struct image_plan *p, const struct image_places *at)
{
	sink_u16le(s, p->wide ? 0x20b : 0x10b);
	sink_u16le(s, 0x0a0e);
	sink_u32le(s, pages(at->text_size != 0 ? at->text_size : 1));
	sink_u32le(s, at->size - at->directory);
	sink_u32le(s, 0);
	sink_u32le(s, p->library ? 0 : IMAGE_TEXT);
	sink_u32le(s, IMAGE_TEXT);
	if (!p->wide)
		sink_u32le(s, at->directory);
	put_wide(s, p, p->base);
	sink_u32le(s, PAGE);
	sink_u32le(s, PAGE);
	sink_u16le(s, 6);
	sink_u16le(s, 1);
	sink_u32le(s, 0);
	sink_u16le(s, 6);
	sink_u16le(s, 1);
	sink_u32le(s, 0);
	sink_u32le(s, at->size);
	sink_u32le(s, PAGE);
	sink_u32le(s, 0);
	sink_u16le(s, 3);      /* a console program */
	sink_u16le(s, 0x140);  /* may be moved, runs without executable data */
	put_wide(s, p, 0x100000);
	put_wide(s, p, 0x1000);
	put_wide(s, p, 0x100000);
	put_wide(s, p, 0x1000);
	sink_u32le(s, 0);
	sink_u32le(s, DIRECTORIES);
	sink_u32le(s, p->count != 0 ? at->directory : 0);
	sink_u32le(s, at->directory_size);
	for (unsigned i = 1; i < DIRECTORIES; i++)
		sink_u64le(s, 0);
}

static void put_headers(uint8_t *to, const struct image_plan *p, const struct image_places *at)
{
	struct sink s = sink_over(to, PAGE);
	uint16_t flags = IS_EXECUTABLE | (p->library ? IS_LIBRARY : 0) | (p->wide ? IS_LARGE_AWARE : IS_32);

	sink_put(&s, "MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8", 17);
	s.used = 0x3c;
	sink_u32le(&s, NEW_HEADER);
	s.used = NEW_HEADER;
	sink_put(&s, "PE\0\0", 4);
	sink_u16le(&s, p->wide ? MACHINE_AMD64 : MACHINE_I386);
	sink_u16le(&s, SECTIONS);
	sink_u32le(&s, p->stamp);
	sink_u64le(&s, 0);
	sink_u16le(&s, p->wide ? 0xf0 : 0xe0);
	sink_u16le(&s, flags);
	put_optional(&s, p, at);
	put_section(&s, ".text", IMAGE_TEXT, at->text_size != 0 ? at->text_size : 1, HAS_CODE);
	put_section(&s, ".rdata", at->directory, at->directory_size != 0 ? at->directory_size : 1, HAS_CONSTANTS);
	put_section(&s, ".data", at->data, PAGE, (uint32_t)HAS_DATA);
}

static void put_le(uint8_t *to, uint32_t v, unsigned len)
{
	for (unsigned i = 0; i < len; i++)
		to[i] = (uint8_t)(v >> 8 * i);
}

/* Texts stand behind the tables; their places are noted in them. */
static uint32_t put_text(uint8_t *image, struct sink *s, const char *text)
{
	uint32_t at = (uint32_t)(s->at + s->used - image);

	sink_put(s, text, strlen(text) + 1);
	return at;
}

static void put_directory(uint8_t *to, const struct image_plan *p, const struct image_places *at,
    const uint16_t *slots, unsigned used)
{
	uint32_t functions = at->directory + DIRECTORY_SIZE, names = functions + 4 * used, ordinals = names + 4 * p->count;
	struct sink s = sink_over(to + at->directory, at->directory_size);
	uint8_t *head = to + at->directory;

	s.used = ordinals + 2 * p->count - at->directory;
	put_le(head + 4, p->stamp, 4);
	put_le(head + 12, put_text(to, &s, p->name), 4);
	put_le(head + 16, 1, 4);
	put_le(head + 20, used, 4);
	put_le(head + 24, p->count, 4);
	put_le(head + 28, functions, 4);
	put_le(head + 32, names, 4);
	put_le(head + 36, ordinals, 4);
	for (unsigned i = 0; i < p->count; i++)
		put_le(to + names + 4 * i, put_text(to, &s, p->exports[i].name), 4);
	for (unsigned n = 0; n < used; n++) {
		const struct image_export *e;
		unsigned i = slots[n];

		if (i-- == 0)
			continue;
		e = &p->exports[i];
		put_le(to + functions + 4 * n, e->forward != NULL ? put_text(to, &s, e->forward) : image_gate(i), 4);
		put_le(to + ordinals + 2 * i, n, 2);
	}
}

int image_build(const struct image_plan *p, uint8_t *to)
{
	uint16_t slots[IMAGE_EXPORTS_MAX + IMAGE_ORDINAL_MAX];
	struct image_places at;
	unsigned used;
	int r;

	if ((r = image_places(p, &at)) < 0 || (r = number(p, slots, &used)) < 0)
		return r;
	put_headers(to, p, &at);
	/* between functions stands what a compiler puts there */
	memset(to + IMAGE_TEXT, 0xcc, at.text_size);
	for (unsigned i = 0; i < p->count; i++)
		if (p->exports[i].code.left != 0)
			memcpy(to + image_gate(i), p->exports[i].code.at, p->exports[i].code.left);
	if (p->extra.left != 0)
		memcpy(to + at.extra, p->extra.at, p->extra.left);
	if (p->count != 0)
		put_directory(to, p, &at, slots, used);
	return 0;
}
