/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lays out the first stack as the psABI of each processor says: they differ in the size and order of words only. */
#include "emu/loader/stack.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct layout {
	struct space *space;
	uint64_t at, bottom;
};

static int push(struct layout *l, const void *from, uint64_t len, uint64_t *ret)
{
	if (l->at - l->bottom < len)
		return -E2BIG;
	l->at -= len;
	*ret = l->at;
	return space_put(l->space, l->at, from, len);
}

static int push_text(struct layout *l, struct bytes text, uint64_t *ret)
{
	int r = push(l, "", 1, ret);

	return r < 0 ? r : push(l, text.at, text.left, ret);
}

/* What the kernel says of the processor: AT_HWCAP as each asm/hwcap.h has its bits, and AT_PLATFORM. */
static const struct { const char *platform; uint32_t capabilities; } processors[CPU_COUNT] = {
	[CPU_X86_64] = { "x86_64", 0x078bfbff },
	[CPU_X86] = { "i686", 0x078bfbff },
	[CPU_AARCH64] = { "aarch64", 0x3 },   /* floating point, SIMD */
	[CPU_ARM] = { "v7l", 0xb0d7 },        /* swp, half, Thumb, long multiply, VFP, edsp, NEON, VFPv3, TLS */
	[CPU_MIPS] = { "mips", 0 },
	[CPU_MIPSEL] = { "mips", 0 },
	[CPU_POWERPC] = { "powerpc", 0x8c000000 }, /* 32 bits, FPU, MMU */
};

/* The table in the processor's words, in place. Bytes of it. */
static uint64_t to_words(enum machine_cpu cpu, uint64_t *table, size_t count)
{
	uint8_t *to = (uint8_t *)table;

	if (machine_is_wide(cpu))
		return count * 8;
	for (size_t i = 0; i < count; i++) {
		uint32_t v = (uint32_t)table[i];

		if (machine_is_big_endian(cpu))
			v = __builtin_bswap32(v);
		memcpy(to + i * 4, &v, sizeof(v));
	}
	return count * 4;
}

int stack_build(struct space *space, const struct stack *s, uint64_t *ret)
{
	enum { AUX = 17, STACK_TEXT_MAX = 1 << 20 };
	struct layout l = { space, WINDOW_STACK_END - 16, WINDOW_STACK_END - STACK_TEXT_MAX };
	size_t words = 1 + s->argc + 1 + s->envc + 1 + 2 * AUX, n = 0;
	uint64_t *table = calloc(words, sizeof(*table)), program, platform, random, at, size;
	int r = -ENOMEM;

	if (table == NULL)
		return -ENOMEM;
	if ((r = push_text(&l, bytes_text(s->program), &program)) < 0 ||
	    (r = push_text(&l, bytes_text(processors[s->cpu].platform), &platform)) < 0 ||
	    (r = push(&l, s->random, sizeof(s->random), &random)) < 0)
		goto out;
	table[0] = s->argc;
	/* from the last to the first, so that they stand in order */
	for (unsigned i = s->envc; i-- > 0;)
		if ((r = push_text(&l, s->envp[i], &table[2 + s->argc + i])) < 0)
			goto out;
	for (unsigned i = s->argc; i-- > 0;) {
		table[1 + i] = WINDOW_CODE;
		if ((int)i != s->code && (r = push_text(&l, s->argv[i], &table[1 + i])) < 0)
			goto out;
	}
	n = 1 + s->argc + 1 + s->envc + 1;
	const uint64_t aux[2 * AUX] = {
		AT_HWCAP, processors[s->cpu].capabilities, AT_PAGESZ, GUEST_PAGE, AT_CLKTCK, 100, AT_PHDR, s->headers,
		AT_PHENT, s->headers_size, AT_PHNUM, s->headers_count, AT_BASE, s->interpreter_base,
		AT_FLAGS, 0, AT_ENTRY, s->entry, AT_UID, s->uid, AT_EUID, s->euid, AT_GID, s->gid,
		AT_EGID, s->egid, AT_RANDOM, random, AT_PLATFORM, platform,
		AT_SECURE, s->uid != s->euid || s->gid != s->egid, AT_NULL, 0,
	};
	memcpy(table + n, aux, sizeof(aux));
	size = to_words(s->cpu, table, words);
	/* as a kernel leaves a gap by chance: at a page's beginning, so that what a loader does is the same for all arguments */
	l.at = (l.at - size) & ~(uint64_t)(s->cpu == CPU_X86_64 ? GUEST_PAGE - 1 : 15);
	if (l.at < l.bottom) {
		r = -E2BIG;
		goto out;
	}
	at = l.at;
	if ((r = space_put(space, at, table, size)) < 0)
		goto out;
	*ret = at;
out:
	free(table);
	return r;
}
