/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Portable executables as Windows has them in memory: headers, code, export directory. Made from names, for attack code
 * that reads them. Microsoft PE Format specification. Pure; any thread.
 */
#ifndef EMU_WINDOWS_IMAGE_IMAGE_H
#define EMU_WINDOWS_IMAGE_IMAGE_H

#include "control/wire/bytes.h"

enum {
	IMAGE_EXPORTS_MAX = 2048,
	IMAGE_ORDINAL_MAX = 1024, /* of those that state theirs */
	IMAGE_GATE = 32,          /* bytes that one function's code takes */
	IMAGE_TEXT = 0x1000,      /* where code begins, from the base */
};

struct image_export {
	const char *name;
	const char *forward;   /* NULL, or "NTDLL.RtlAllocateHeap": another library's */
	uint16_t ordinal;      /* 0: the next free one, in the order of names */
	struct bytes code;     /* at most IMAGE_GATE; none where forwarded */
};

struct image_plan {
	const char *name;      /* "kernel32.dll", as its export directory says */
	uint64_t base;
	bool wide;             /* PE32+, for x86-64 */
	bool library;          /* else a program: its entry is its first byte of code */
	uint32_t stamp;        /* when it was linked */
	struct bytes extra;    /* code behind the functions' */
	unsigned count;
	const struct image_export *exports; /* names sorted as strcmp() has it, none twice */
};

/* What stands where, from the base. */
struct image_places {
	uint32_t size;         /* of the image, whole pages */
	uint32_t text_size, directory, directory_size, data, extra;
};

/* -EINVAL: names unsorted, ordinals twice or too high, too much. */
must_check int image_places(const struct image_plan *, struct image_places *ret);
/* Writes the image as loaded, image_places().size bytes at to, which are zero. -EINVAL. */
must_check int image_build(const struct image_plan *, uint8_t *to);
/* Where the i-th function's code begins, from the base; forwarded ones have room too. */
uint32_t image_gate(unsigned i);

#endif
