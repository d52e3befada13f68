/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From tables of functions to images of libraries. */
#include "emu/windows/process/catalog.h"
#include "emu/windows/process/layout.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>

enum { PAGE = 4096, STAMP_FIRST = 0x4a5bda00 };

/* 32-bit: what every function of Windows begins with, so that code which looks for hooks, or jumps past it, is right. */
static size_t gate32(uint8_t *to, uint32_t number, const struct win_function *f)
{
	static const uint8_t begin[] = { 0x8b, 0xff, 0x55, 0x8b, 0xec, 0xb8 };
	uint8_t *at = to;

	memcpy(at, begin, sizeof(begin));
	at += sizeof(begin);
	for (int i = 0; i < 4; i++)
		*at++ = (uint8_t)(number >> 8 * i);
	*at++ = 0xcd;
	*at++ = 0xf0;
	*at++ = 0x5d;
	if (f->cdecl || f->args == 0) {
		*at++ = 0xc3;
	} else {
		*at++ = 0xc2;
		*at++ = (uint8_t)(4 * f->args);
		*at++ = 0;
	}
	return (size_t)(at - to);
}

/* 64-bit: a system call as ntdll has it, its number where code that makes them itself reads it. */
static size_t gate64(uint8_t *to, uint32_t number, const struct win_function *f)
{
	static const uint8_t begin[] = { 0x4c, 0x8b, 0xd1, 0xb8 };
	static const uint8_t system[] = { 0xf6, 0x04, 0x25, 0x08, 0x03, 0xfe, 0x7f, 0x01, 0x75, 0x03, 0x0f, 0x05, 0xc3, 0xcd, 0x2e,
		0xc3 };
	static const uint8_t plain[] = { 0x0f, 0x05, 0xc3 };
	uint8_t *at = to;

	memcpy(at, begin, sizeof(begin));
	at += sizeof(begin);
	if (f->number != 0)
		number = f->number - 1u;
	for (int i = 0; i < 4; i++)
		*at++ = (uint8_t)(number >> 8 * i);
	memcpy(at, f->number != 0 ? system : plain, f->number != 0 ? sizeof(system) : sizeof(plain));
	return (size_t)(at - to) + (f->number != 0 ? sizeof(system) : sizeof(plain));
}

/* Inner code traps, and is known by where it stands: the accumulator may hold what a guest's function gave. */
static void put_inner(uint8_t *to, bool wide)
{
	for (unsigned n = 0; n < WIN_INNER_COUNT; n++) {
		uint8_t *at = to + n * WIN_INNER_SIZE;

		memset(at, 0x90, WIN_INNER_SIZE);
		if (n == WIN_INNER_UNWIND)
			memcpy(at, "\x48\x83\xc4\x20\xc3", 5);
		else if (wide)
			memcpy(at, "\x0f\x05\xc3", 3);
		else
			memcpy(at, n == WIN_INNER_SYSTEM ? "\xcd\x2e\xc3" : "\xcd\xf1\xc3", 3);
	}
}

static bool has(const struct win_function *f, unsigned version)
{
	return (f->since == 0 || version >= f->since) && (f->until == 0 || version <= f->until);
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct win_function *const *)a)->name, (*(const struct win_function *const *)b)->name);
}

static int list_functions(struct win_image *image, unsigned version)
{
	const struct win_library *l = image->library;
	unsigned count = 0;

	for (unsigned t = 0; t < WIN_TABLES_MAX && l->tables[t] != NULL; t++)
		count += l->tables[t]->count;
	if ((image->functions = calloc(count + 1, sizeof(struct win_function *))) == NULL)
		return -ENOMEM;
	for (unsigned t = 0; t < WIN_TABLES_MAX && l->tables[t] != NULL; t++)
		for (unsigned i = 0; i < l->tables[t]->count; i++)
			if (has(&l->tables[t]->functions[i], version))
				image->functions[image->count++] = &l->tables[t]->functions[i];
	qsort(image->functions, image->count, sizeof(struct win_function *), by_name);
	return 0;
}

static int build(struct catalog *c, unsigned index)
{
	struct win_image *image = &c->images[index];
	uint8_t inner[WIN_INNER_COUNT * WIN_INNER_SIZE];
	uint8_t (*gates)[IMAGE_GATE] = calloc(image->count + 1, IMAGE_GATE);
	struct image_export *exports = calloc(image->count + 1, sizeof(*exports));
	struct image_plan plan = { .name = image->library->name, .base = image->base, .wide = c->wide, .library = index != 0,
		.stamp = image->stamp, .extra = bytes_of(inner, sizeof(inner)), .count = image->count, .exports = exports };
	int r = -ENOMEM;

	if (gates == NULL || exports == NULL)
		goto out;
	put_inner(inner, c->wide);
	for (unsigned i = 0; i < image->count; i++) {
		const struct win_function *f = image->functions[i];
		uint32_t number = WIN_GATE_FUNCTION | index << 16 | i;

		exports[i] = (struct image_export){ .name = f->name, .forward = f->forward, .ordinal = f->ordinal };
		if (f->forward == NULL)
			exports[i].code = bytes_of(gates[i], c->wide ? gate64(gates[i], number, f) : gate32(gates[i], number, f));
	}
	if ((r = image_places(&plan, &image->places)) < 0)
		goto out;
	image->bytes = mmap(NULL, image->places.size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (image->bytes == MAP_FAILED) {
		image->bytes = NULL;
		r = -ENOMEM;
		goto out;
	}
	r = image_build(&plan, image->bytes);
	if (r == 0 && mprotect(image->bytes, image->places.size, PROT_READ) < 0)
		r = -ENOMEM;
out:
	free(gates);
	free(exports);
	return r;
}

int catalog_new(const struct win_library *libraries, unsigned count, bool wide, unsigned version, struct catalog **ret)
{
	struct catalog *c = calloc(1, sizeof(*c));
	uint64_t top = WIN_LIBRARIES_END;
	int r = 0;

	if (c == NULL)
		return -ENOMEM;
	c->wide = wide;
	c->version = version;
	for (unsigned i = 0; i < count && r == 0; i++) {
		struct win_image *image = &c->images[c->count];

		if (libraries[i].since > version)
			continue;
		if (c->count == WIN_IMAGES_MAX) {
			r = -EINVAL;
			break;
		}
		image->library = &libraries[i];
		image->stamp = STAMP_FIRST + version * 0x10000u + c->count * 0x137u;
		if ((r = list_functions(image, version)) < 0)
			break;
		/* places follow from the tables: the same in every run of this version */
		top -= 0x100000;
		image->base = c->count == 0 ? WIN_PROGRAM : top;
		c->count++;
		r = build(c, c->count - 1);
		if (r == 0 && (image->places.size > 0x100000 || top < WIN_LIBRARIES))
			r = -EINVAL;
	}
	if (r == 0) {
		*ret = c;
		c = NULL;
	}
	catalog_free(c);
	return r;
}

void catalog_free(struct catalog *c)
{
	if (c == NULL)
		return;
	for (unsigned i = 0; i < c->count; i++) {
		if (c->images[i].bytes != NULL)
			munmap(c->images[i].bytes, c->images[i].places.size);
		free(c->images[i].functions);
	}
	free(c);
}

/* Sets of functions have names of their own since 6.1; the implementer is by the set's name. */
static const char *api_set(const char *name)
{
	static const struct { const char *begins, *library; } sets[] = {
		{ "api-ms-win-crt-", "msvcrt.dll" }, { "api-ms-win-core-com-", "ole32.dll" },
		{ "api-ms-win-security-", "advapi32.dll" }, { "api-ms-win-service-", "advapi32.dll" },
		{ "api-ms-win-core-registry-", "advapi32.dll" }, { "api-ms-win-ntuser-", "user32.dll" },
		{ "api-ms-win-rtcore-ntuser-", "user32.dll" }, { "api-ms-win-gdi-", "gdi32.dll" },
		{ "api-ms-win-shell-", "shell32.dll" }, { "api-ms-win-core-rtlsupport-", "ntdll.dll" },
		{ "api-ms-", "kernelbase.dll" }, { "ext-ms-", "kernelbase.dll" },
	};

	for (size_t i = 0; i < COUNT_OF(sets); i++)
		if (strncasecmp(name, sets[i].begins, strlen(sets[i].begins)) == 0)
			return sets[i].library;
	return name;
}

const struct win_image *catalog_find(const struct catalog *c, const char *name)
{
	size_t len;

	if (c->version >= 61)
		name = api_set(name);
	len = strlen(name);
	/* a name that ends in a dot is meant to have no ending; none here does */
	if (len > 4 && strcasecmp(name + len - 4, ".dll") == 0)
		len -= 4;
	for (unsigned i = 1; i < c->count; i++) {
		const char *own = c->images[i].library->name;

		if (strncasecmp(own, name, len) == 0 && strcasecmp(own + len, ".dll") == 0)
			return &c->images[i];
	}
	return NULL;
}

int catalog_function(const struct win_image *image, const char *name)
{
	const struct win_function key = { .name = name }, *at = &key;
	const struct win_function **found = bsearch(&at, image->functions, image->count, sizeof(*found), by_name);

	return found != NULL ? (int)(found - image->functions) : -1;
}

int catalog_ordinal(const struct win_image *image, unsigned ordinal)
{
	uint32_t count, ordinals, v;
	const uint8_t *at = image->bytes + image->places.directory;

	if (image->count == 0)
		return -1;
	memcpy(&count, at + 24, sizeof(count));
	memcpy(&ordinals, at + 36, sizeof(ordinals));
	for (unsigned i = 0; i < count; i++) {
		v = (uint32_t)(image->bytes[ordinals + 2 * i] | image->bytes[ordinals + 2 * i + 1] << 8);
		if (v + 1 == ordinal)
			return (int)i;
	}
	return -1;
}

uint64_t catalog_inner(const struct catalog *c, unsigned image, enum win_inner which)
{
	return c->images[image].base + c->images[image].places.extra + (uint64_t)which * WIN_INNER_SIZE;
}
