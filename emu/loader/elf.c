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

/* Where the fields of headers are: ELF gABI, figures 4-3 and 5-1, for 32 and for 64 bits. */
struct form {
	bool big_endian;
	unsigned word, header, program;
	unsigned entry, program_at, flags, program_size, program_count; /* of the file's header */
	unsigned offset, address, file_len, memory_len, protection;     /* of a program header */
};
static const struct form form32 = { false, 4, 52, 32, 24, 28, 36, 42, 44, 4, 8, 16, 20, 24 };
static const struct form form64 = { false, 8, 64, 56, 24, 32, 48, 54, 56, 8, 16, 32, 40, 4 };

static uint64_t number(const struct form *f, const uint8_t *at, unsigned len)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < len; i++)
		v |= (uint64_t)at[i] << 8 * (f->big_endian ? len - 1 - i : i);
	return v;
}

/* The processor, and the form; false: none that is here. */
static bool form_of(const uint8_t *ident, struct form *form, enum machine_cpu *cpu)
{
	enum { N32 = 0x20, MACHINE = 18 };
	static const struct { uint16_t machine; uint8_t class, data; enum machine_cpu cpu; } known[] = {
		{ EM_X86_64, ELFCLASS64, ELFDATA2LSB, CPU_X86_64 }, { EM_386, ELFCLASS32, ELFDATA2LSB, CPU_X86 },
		{ EM_AARCH64, ELFCLASS64, ELFDATA2LSB, CPU_AARCH64 }, { EM_ARM, ELFCLASS32, ELFDATA2LSB, CPU_ARM },
		{ EM_MIPS, ELFCLASS32, ELFDATA2MSB, CPU_MIPS }, { EM_MIPS, ELFCLASS32, ELFDATA2LSB, CPU_MIPSEL },
		{ EM_PPC, ELFCLASS32, ELFDATA2MSB, CPU_POWERPC },
	};

	*form = ident[EI_CLASS] == ELFCLASS64 ? form64 : form32;
	form->big_endian = ident[EI_DATA] == ELFDATA2MSB;
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (number(form, ident + MACHINE, 2) == known[i].machine && ident[EI_CLASS] == known[i].class &&
		    ident[EI_DATA] == known[i].data) {
			*cpu = known[i].cpu;
			/* N32 files hold 64-bit instructions */
			return known[i].machine != EM_MIPS || (number(form, ident + form->flags, 4) & N32) == 0;
		}
	return false;
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

/* One program header. */
static int read_program(struct elf *e, const struct form *f, struct bytes file, const uint8_t *at)
{
	const Elf64_Phdr p = {
		.p_type = (Elf64_Word)number(f, at, 4), .p_flags = (Elf64_Word)number(f, at + f->protection, 4),
		.p_offset = number(f, at + f->offset, f->word), .p_vaddr = number(f, at + f->address, f->word),
		.p_filesz = number(f, at + f->file_len, f->word), .p_memsz = number(f, at + f->memory_len, f->word),
	};

	if (p.p_type == PT_LOAD)
		return add_segment(e, &p, file.left);
	if (p.p_type == PT_GNU_STACK)
		e->executable_stack = (p.p_flags & PF_X) != 0;
	if (p.p_type != PT_INTERP)
		return 0;
	if (p.p_offset > file.left || p.p_filesz > file.left - p.p_offset || p.p_filesz < 2 ||
	    p.p_filesz > sizeof(e->interpreter) || file.at[p.p_offset + p.p_filesz - 1] != 0)
		return -ENOEXEC;
	memcpy(e->interpreter, file.at + p.p_offset, p.p_filesz);
	return 0;
}

int elf_read(struct bytes file, struct elf *ret)
{
	enum { TYPE = 16 };
	struct elf e = { 0 };
	struct bytes at = file;
	uint8_t h[sizeof(Elf64_Ehdr)] = { 0 }, one[sizeof(Elf64_Phdr)];
	uint64_t type, programs;
	struct form f;
	int r;

	if (bytes_copy(&at, h, sizeof(Elf32_Ehdr)) < 0 || memcmp(h, ELFMAG, SELFMAG) != 0)
		return -ENOEXEC;
	if (h[EI_CLASS] == ELFCLASS64 && bytes_copy(&at, h + sizeof(Elf32_Ehdr), sizeof(h) - sizeof(Elf32_Ehdr)) < 0)
		return -ENOEXEC;
	if (!form_of(h, &f, &e.cpu))
		return -ENOEXEC;
	type = number(&f, h + TYPE, 2);
	programs = number(&f, h + f.program_at, f.word);
	if ((type != ET_EXEC && type != ET_DYN) || number(&f, h + f.program_size, 2) != f.program || programs > file.left)
		return -ENOEXEC;
	e.fixed = type == ET_EXEC;
	e.entry = number(&f, h + f.entry, f.word);
	e.headers_count = (unsigned)number(&f, h + f.program_count, 2);
	e.headers_size = f.program;
	at = bytes_of(file.at + programs, file.left - programs);
	for (unsigned i = 0; i < e.headers_count; i++)
		if (bytes_copy(&at, one, f.program) < 0 || (r = read_program(&e, &f, file, one)) < 0)
			return -ENOEXEC;
	if (e.count == 0)
		return -ENOEXEC;
	for (unsigned i = 0; i < e.count && e.headers == 0; i++)
		if (programs >= e.segments[i].offset && programs < e.segments[i].offset + e.segments[i].file_len)
			e.headers = e.segments[i].address + (programs - e.segments[i].offset);
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
	/* what has no place of its own comes elsewhere each time: it is copied */
	uint64_t plain = file->mapped && (file->place != 0 || e->fixed) ? elf_plain_len(e) : 0;
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
