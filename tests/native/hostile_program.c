/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hostile x86-64 programs: what reaches for the machine itself, what the translator dies of, calls and bytes by chance. */
#include "tests/native/hostile.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

enum { AT = 0x400000, HEAD = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr), CODE_AT = AT + HEAD, ROOM_AT = AT + 0x8000, MEMORY = 0x20000 };

uint64_t chance(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

void hostile_wrap(const char *name, struct bytes code, struct hostile *ret)
{
	const Elf64_Phdr p = { .p_type = PT_LOAD, .p_flags = PF_R | PF_W | PF_X, .p_vaddr = AT, .p_paddr = AT,
		.p_filesz = HEAD + code.left, .p_memsz = MEMORY, .p_align = 0x1000 };
	Elf64_Ehdr h = { .e_type = ET_EXEC, .e_machine = EM_X86_64, .e_version = 1, .e_entry = CODE_AT, .e_phoff = sizeof(h),
		.e_ehsize = sizeof(h), .e_phentsize = sizeof(p), .e_phnum = 1 };

	memcpy(h.e_ident, ELFMAG "\2\1\1", 7);
	memcpy(ret->code, &h, sizeof(h));
	memcpy(ret->code + sizeof(h), &p, sizeof(p));
	memcpy(ret->code + HEAD, code.at, code.left);
	ret->len = HEAD + code.left;
	ret->language = LANGUAGE_ELF;
	snprintf(ret->name, sizeof(ret->name), "program: %s", name);
}

static void put(struct sink *s, const char *bytes, size_t len)
{
	sink_put(s, bytes, len);
}

/* mov the register, by its place among the arguments of a call (0: the number), to a value. */
static void put_register(struct sink *s, unsigned place, uint64_t value)
{
	static const char codes[7][2] = { "\x48\xb8", "\x48\xbf", "\x48\xbe", "\x48\xba", "\x49\xba", "\x49\xb8", "\x49\xb9" };

	put(s, codes[place], 2);
	sink_u64le(s, value);
}

static void put_exit(struct sink *s, uint64_t status)
{
	put_register(s, 0, 231);
	put_register(s, 1, status);
	put(s, "\x0f\x05", 2);
}

static uint64_t argument(uint64_t *state)
{
	static const uint64_t odd[] = {
		0, 1, 2, 3, 7, 8, 64, 4096, 65536, UINT64_MAX, (uint64_t)-100, INT64_MAX, 1ull << 63, UINT32_MAX, ROOM_AT, ROOM_AT + 0x100,
		ROOM_AT + 0x1000, AT, CODE_AT, AT + MEMORY - 8, AT + MEMORY, 0x10000, 0x77fffff0, 0x78000000, 0x0c000000, 0x54000000, 0x7fff, 0x14000000,
	};

	return chance_below(state, 3) == 0 ? chance_below(state, 256) : odd[chance_below(state, COUNT_OF(odd))];
}

/* Calls by chance, some of them many times. */
static void calls(struct sink *s, uint64_t *state)
{
	unsigned count = 1 + (unsigned)chance_below(state, 60);

	for (unsigned i = 0; i < count; i++) {
		bool again = chance_below(state, 8) == 0;

		if (again) {
			put(s, "\x41\xbc", 2); /* mov r12d, times */
			sink_u32le(s, (uint32_t)(1u << chance_below(state, 14)));
		}
		size_t top = s->used;

		put_register(s, 0, chance_below(state, 16) == 0 ? chance(state) : chance_below(state, 452));
		for (unsigned r = 1; r < 7; r++)
			put_register(s, r, argument(state));
		put(s, "\x0f\x05", 2);
		if (again) { /* dec r12d; jnz top */
			put(s, "\x41\xff\xcc\x0f\x85", 5);
			sink_u32le(s, (uint32_t)(top - (s->used + 4)));
		}
	}
}

static void noise(struct sink *s, uint64_t *state)
{
	unsigned count = 1 + (unsigned)chance_below(state, 400);

	for (unsigned i = 0; i < count; i++)
		sink_u8(s, (uint8_t)chance(state));
}

/* Instructions whose second byte, operand and prefixes are by chance, between ones that keep registers plausible. */
static void instructions(struct sink *s, uint64_t *state)
{
	static const char prefixes[] = "\x66\xf2\xf3\x48\x4c\x2e\x64\x65\x67";
	unsigned count = 1 + (unsigned)chance_below(state, 40);

	for (unsigned i = 0; i < count; i++) {
		put_register(s, (unsigned)chance_below(state, 7), argument(state));
		while (chance_below(state, 3) == 0)
			sink_u8(s, (uint8_t)prefixes[chance_below(state, sizeof(prefixes) - 1)]);
		if (chance_below(state, 2) == 0)
			sink_u8(s, 0x0f);
		for (unsigned k = 0; k < 7; k++)
			sink_u8(s, (uint8_t)chance(state));
	}
}

/* What the translator of Unicorn 2.0.1 is known to abort at. */
static void abortive(struct sink *s, uint64_t *state)
{
	static const char known[][3] = { "\xff\xd8", "\xff\xe8", "\xf0\x38", "\xf0\x39", "\xf0\xa6", "\xf0\xa7" };
	unsigned which = (unsigned)chance_below(state, COUNT_OF(known));

	while (chance_below(state, 2) == 0)
		put(s, "\x90", 1);
	put(s, known[which], 1);
	sink_u8(s, (uint8_t)((uint8_t)known[which][1] | (which < 2 ? chance_below(state, 8) : 0)));
}

/* What is done over and over, with the registers of a call set before. */
struct storm {
	const char *name;
	uint64_t call, arguments[6];
};
static const struct storm storms[] = {
	{ "mmap storm", 9, { 0, 0x10000, 3, 0x22, UINT64_MAX, 0 } }, { "mprotect storm", 10, { ROOM_AT, 0x1000, 7, 0, 0, 0 } },
	{ "brk storm", 12, { 0x0d000000, 0, 0, 0, 0, 0 } }, { "munmap storm", 11, { ROOM_AT + 0x4000, 0x1000, 0, 0, 0, 0 } },
	{ "fork storm", 57, { 0 } }, { "kill storm", 62, { 0, 0, 0, 0, 0, 0 } }, { "getrandom storm", 318, { ROOM_AT, 0x10000, 0, 0, 0, 0 } },
	{ "write storm", 1, { 1, ROOM_AT, 0x8000, 0, 0, 0 } }, { "pipe storm", 22, { ROOM_AT, 0, 0, 0, 0, 0 } }, { "yield storm", 24, { 0 } },
	{ "poll storm", 7, { 0, 0, 1, 0, 0, 0 } }, { "socket storm", 41, { 2, 1, 0, 0, 0, 0 } }, { "dup storm", 32, { 1, 0, 0, 0, 0, 0 } },
	{ "vfork storm", 58, { 0 } }, { "thread storm", 56, { 0x10f00, ROOM_AT + 0x10000, 0, 0, 0, 0 } }, { "alarm storm", 37, { 1, 0, 0, 0, 0, 0 } },
};

static const char *storm(struct sink *s, uint64_t *state)
{
	const struct storm *t = &storms[chance_below(state, COUNT_OF(storms))];
	size_t top = s->used;

	put_register(s, 0, t->call);
	for (unsigned i = 0; i < 6; i++)
		put_register(s, i + 1, t->arguments[i]);
	put(s, "\x0f\x05\xe9", 3);
	sink_u32le(s, (uint32_t)(top - (s->used + 4)));
	return t->name;
}

/* Code alone; what follows it is an exit. */
#define CODE(bytes) bytes, sizeof(bytes) - 1
static const struct { const char *name, *code; unsigned len; } acts[] = {
	{ "a jump to itself", CODE("\xeb\xfe") }, { "a call of itself", CODE("\xe8\xfb\xff\xff\xff") },
	{ "lgdt", CODE("\x0f\x01\x10") }, { "lidt", CODE("\x0f\x01\x18") }, { "mov to cr0", CODE("\x31\xc0\x0f\x22\xc0") }, { "mov to cr3", CODE("\x0f\x22\xd8") },
	{ "mov to cr4", CODE("\x31\xc0\x0f\x22\xe0") }, { "mov to dr7", CODE("\xb8\xff\xff\xff\xff\x0f\x23\xf8") }, { "wrmsr", CODE("\xb9\x80\x00\x00\xc0\x31\xc0\x31\xd2\x0f\x30") },
	{ "wrmsr of lstar", CODE("\xb9\x82\x00\x00\xc0\xb8\x00\x00\x40\x00\x31\xd2\x0f\x30") }, { "wrmsr of the fs base", CODE("\xb9\x00\x01\x00\xc0\xb8\x00\x00\x40\x00\x31\xd2\x0f\x30") },
	{ "segments", CODE("\x66\xb8\x23\x00\x8e\xd8\x8e\xc0\x8e\xe0\x8e\xe8") }, { "flags", CODE("\x9c\x48\xc7\x04\x24\x00\x47\x7f\x00\x9d") },
	{ "direction flag", CODE("\xfd") }, { "alignment flag", CODE("\x9c\x48\x81\x0c\x24\x00\x00\x04\x00\x9d") }, { "swapgs", CODE("\x0f\x01\xf8") },
	{ "mxcsr", CODE("\x6a\x00\x0f\xae\x14\x24") }, { "float control word", CODE("\x6a\x00\xd9\x2c\x24\xd9\xeb\xd9\xeb\xd9\xeb") },
	{ "sysret", CODE("\x48\x0f\x07") }, { "sysenter", CODE("\x0f\x34") }, { "iretq", CODE("\x48\xcf") }, { "int 80", CODE("\xb8\x01\x00\x00\x00\xcd\x80") }, { "hlt", CODE("\xf4") }, { "cli", CODE("\xfa") },
	{ "far return", CODE("\x48\xcb") }, { "string without end", CODE("\x48\xbf\x00\x80\x40\x00\x00\x00\x00\x00\x48\xb9\xff\xff\xff\x7f\x00\x00\x00\x00\xf3\xaa") },
	{ "self-modifying loop", CODE("\x48\x8d\x1d\x06\x00\x00\x00\xff\x43\x01\x90\x90\x90\xb8\x00\x00\x00\x00\xeb\xf3") },
	{ "sines", CODE("\xd9\xeb\xd9\xfe\xd9\xfe\xd9\xfe\xd9\xfe\xd9\xfe\xd9\xfe\xd9\xfe\xeb\xf0") },
	{ "cpuid loop", CODE("\x0f\xa2\xeb\xfc") }, { "fault in the stack's hole", CODE("\x48\xc7\xc4\x00\x00\x00\x76\x50") }, { "jump out of the window", CODE("\x48\xb8\x00\x00\x00\x78\x00\x00\x00\x00\xff\xe0") },
	{ "jump below the window", CODE("\x31\xc0\xff\xe0") }, { "read beyond", CODE("\x48\xb8\xff\xff\xff\xff\xff\xff\xff\x7f\x48\x8b\x00") }, { "rdtsc", CODE("\x0f\x31") }, { "in and out", CODE("\xe4\x70\xe6\x70") },
	{ "invlpg", CODE("\x0f\x01\x38") }, { "clts", CODE("\x0f\x06") }, { "vmcall", CODE("\x0f\x01\xc1") }, { "rsm", CODE("\x0f\xaa") }, { "wbinvd", CODE("\x0f\x09") }, { "fxrstor of nothing", CODE("\x48\xc7\xc0\x00\x80\x40\x00\x0f\xae\x08") },
};

void hostile_program(uint64_t *state, struct hostile *ret)
{
	static uint8_t raw[HOSTILE_MAX - HEAD];
	struct sink s = sink_over(raw, sizeof(raw));
	const char *name = "calls";
	unsigned which = (unsigned)chance_below(state, 16);

	if (which < 6) {
		calls(&s, state);
	} else if (which < 9) {
		name = "noise";
		noise(&s, state);
	} else if (which < 11) {
		name = "instructions";
		instructions(&s, state);
	} else if (which == 11 && chance_below(state, 2) == 0) {
		name = "what aborts the translator";
		abortive(&s, state);
	} else if (which == 12) {
		name = storm(&s, state);
	} else {
		size_t i = chance_below(state, COUNT_OF(acts));

		name = acts[i].name;
		put(&s, acts[i].code, acts[i].len);
	}
	put_exit(&s, chance_below(state, 256));
	hostile_wrap(name, bytes_of(raw, s.overflow ? sizeof(raw) : s.used), ret);
}
