/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ELF programs and libraries of every processor: their headers checked, their segments put into a space. */
#ifndef EMU_LOADER_ELF_H
#define EMU_LOADER_ELF_H

#include "emu/machine/space.h"
#include "emu/world/tree.h"

enum { ELF_SEGMENTS_MAX = 32 };

struct elf_segment {
	uint64_t address, memory_len; /* in the guest, before the base is added */
	uint64_t offset, file_len;    /* inside the file: checked */
	uint8_t protection;
};

struct elf {
	enum machine_cpu cpu;
	bool fixed;                 /* linked to its addresses: the base is 0 */
	uint64_t entry;             /* on ARM bit 0 says Thumb */
	uint64_t headers;           /* address of the program headers; 0: not in a segment */
	unsigned headers_count, headers_size;
	uint64_t start, end;        /* of all segments, page bounds */
	unsigned count;
	struct elf_segment segments[ELF_SEGMENTS_MAX];
	char interpreter[256];      /* "": static */
	bool executable_stack;
};

/* Untrusted bytes. -ENOEXEC: not a program of a processor there is here, or one whose headers do not hold. */
must_check int elf_read(struct bytes file, struct elf *ret);
/*
 * Puts the segments at base: what is read-only comes from the file's own mapping, if the tree has one, and the rest
 * is copied. name: for /proc/self/maps, must outlive the space. -ENOEXEC, -ENOMEM.
 */
must_check int elf_load(struct space *, const struct elf *, const struct node *file, uint64_t base, const char *name);
/* How many bytes from the start of a mapped file are read-only in its image, at the same distances: page bound. */
uint64_t elf_plain_len(const struct elf *);

#endif
