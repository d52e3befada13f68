/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading ELF headers, and loading what they describe. */
#include "emu/loader/elf.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

static uint64_t down(uint64_t v)
{
	return v & ~(uint64_t)(GUEST_PAGE - 1);
}

static uint64_t up(uint64_t v)
{
	return down(v + GUEST_PAGE - 1);
}

static int add_segment(struct elf *e, const Elf64_Phdr *p, uint64_t file_len)
{
	struct elf_segment *s = &e->segments[e->count];

	if (p->p_memsz == 0)
		return 0;
	if (e->count == ELF_SEGMENTS_MAX || p->p_filesz > p->p_memsz || p->p_offset > file_len ||
	    p->p_filesz > file_len - p->p_offset || p->p_vaddr >= WINDOW_END || p->p_memsz >= WINDOW_END ||
	    p->p_vaddr + p->p_memsz > WINDOW_END || (p->p_vaddr - p->p_offset) % GUEST_PAGE != 0)
		return -ENOEXEC;
	/* in the order of addresses, as the ABI says */
	if (e->count != 0 && p->p_vaddr < s[-1].address + s[-1].memory_len)
		return -ENOEXEC;
	*s = (struct elf_segment){ p->p_vaddr, p->p_memsz, p->p_offset, p->p_filesz, 0 };
	s->protection = (uint8_t)(((p->p_flags & PF_R) != 0 ? RANGE_READ : 0) |
	    ((p->p_flags & PF_W) != 0 ? RANGE_WRITE : 0) | ((p->p_flags & PF_X) != 0 ? RANGE_EXECUTE : 0));
	if (e->count == 0)
		e->start = down(p->p_vaddr);
	e->end = up(p->p_vaddr + p->p_memsz);
	e->count++;
	return 0;
}

int elf_read(struct bytes file, struct elf *ret)
{
	struct elf e = { 0 };
	struct bytes at = file;
	Elf64_Ehdr h;
	int r;

	if (bytes_copy(&at, &h, sizeof(h)) < 0 || memcmp(h.e_ident, ELFMAG, SELFMAG) != 0 ||
	    h.e_ident[EI_CLASS] != ELFCLASS64 || h.e_ident[EI_DATA] != ELFDATA2LSB || h.e_machine != EM_X86_64 ||
	    (h.e_type != ET_EXEC && h.e_type != ET_DYN) || h.e_phentsize != sizeof(Elf64_Phdr) ||
	    h.e_phoff > file.left)
		return -ENOEXEC;
	e.fixed = h.e_type == ET_EXEC;
	e.entry = h.e_entry;
	e.headers_count = h.e_phnum;
	e.headers_size = sizeof(Elf64_Phdr);
	at = bytes_of(file.at + h.e_phoff, file.left - h.e_phoff);
	for (unsigned i = 0; i < h.e_phnum; i++) {
		Elf64_Phdr p;

		if (bytes_copy(&at, &p, sizeof(p)) < 0)
			return -ENOEXEC;
		if (p.p_type == PT_LOAD && (r = add_segment(&e, &p, file.left)) < 0)
			return r;
		if (p.p_type == PT_GNU_STACK)
			e.executable_stack = (p.p_flags & PF_X) != 0;
		if (p.p_type != PT_INTERP)
			continue;
		if (p.p_offset > file.left || p.p_filesz > file.left - p.p_offset || p.p_filesz < 2 ||
		    p.p_filesz > sizeof(e.interpreter) || file.at[p.p_offset + p.p_filesz - 1] != 0)
			return -ENOEXEC;
		memcpy(e.interpreter, file.at + p.p_offset, p.p_filesz);
	}
	if (e.count == 0)
		return -ENOEXEC;
	for (unsigned i = 0; i < e.count && e.headers == 0; i++)
		if (h.e_phoff >= e.segments[i].offset &&
		    h.e_phoff < e.segments[i].offset + e.segments[i].file_len)
			e.headers = e.segments[i].address + (h.e_phoff - e.segments[i].offset);
	*ret = e;
	return 0;
}

uint64_t elf_plain_len(const struct elf *e)
{
	uint64_t end = 0, next = 0;

	/* each read-only segment as far from the file's start as from the image's, without a hole between them */
	for (unsigned i = 0; i < e->count; i++) {
		const struct elf_segment *s = &e->segments[i];

		if ((s->protection & RANGE_WRITE) != 0 || s->memory_len != s->file_len ||
		    s->address - e->start != s->offset || (i != 0 && down(s->address) - e->start != next))
			break;
		next = end = up(s->address + s->memory_len) - e->start;
	}
	return end;
}

static int load_segment(struct space *space, const struct elf_segment *s, const struct node *file, uint64_t base,
    const char *name)
{
	uint64_t first = down(base + s->address);
	struct range r = {
		.start = first, .end = up(base + s->address + s->memory_len), .kind = RANGE_MEMORY,
		.protection = s->protection | RANGE_READ, .name = name, .offset = down(s->offset),
	};
	uint8_t *to;
	int e;

	if ((e = space_add(space, &r)) < 0)
		return e == -ERANGE ? -ENOEXEC : e;
	if (s->file_len == 0)
		return 0;
	if ((to = space_at(space, base + s->address, s->file_len, RANGE_READ)) == NULL)
		return -ENOEXEC;
	memcpy(to, file->data + s->offset, s->file_len);
	/* what stands before the segment in its first page is the file's too */
	memcpy(to - (base + s->address - first), file->data + down(s->offset), s->address % GUEST_PAGE);
	space_wrote(space, first, r.end - first);
	return 0;
}

int elf_load(struct space *space, const struct elf *e, const struct node *file, uint64_t base, const char *name)
{
	uint64_t plain = file->mapped ? elf_plain_len(e) : 0;
	struct range image = {
		.start = base + e->start, .end = base + e->start + plain, .kind = RANGE_IMAGE,
		.protection = RANGE_READ | RANGE_EXECUTE, .name = name, .source = file->data,
	};
	int r;

	if (plain != 0 && (r = space_add(space, &image)) < 0)
		return r == -ERANGE ? -ENOEXEC : r;
	for (unsigned i = 0; i < e->count; i++)
		if (e->segments[i].address >= e->start + plain &&
		    (r = load_segment(space, &e->segments[i], file, base, name)) < 0)
			return r;
	return 0;
}
