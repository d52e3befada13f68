/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System calls of other processors as hostile code makes them: the first byte chooses the processor, then each ten bytes
 * are one call, its number and how each argument is made. Their structures are made over in a buffer of the kernel's.
 */
#include "emu/kernel/kernel.h"
#include "emu/world/network.h"

#include <stdlib.h>
#include <string.h>

enum { CALL_BYTES = 10, CALLS_MAX = 48, DATA = 0x800 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Small numbers, addresses that are good, at an edge or bad, lengths that overflow. */
static uint32_t argument(uint8_t how)
{
	static const uint32_t odd[] = {
		0, 1, 2, 3, 4, 7, 8, 16, 24, 64, 128, 1024, 4096, 65536, UINT32_MAX, (uint32_t)-100, INT32_MAX, 1u << 31,
		RAW_STACK_END - DATA, RAW_STACK_END - DATA / 2, RAW_STACK_END - 16, RAW_STACK_END - 8, RAW_STACK_END - 1,
		RAW_STACK_END, RAW_CODE, RAW_CODE + 0x100, 0x10000, (uint32_t)WINDOW_END - 1, (uint32_t)WINDOW_END,
		(uint32_t)WINDOW_HEAP, (uint32_t)WINDOW_MMAP, 0x41414141,
	};

	return how < 128 ? odd[how % COUNT_OF(odd)] : how - 128u;
}

/* One processor: which registers a call takes, how a constant comes into one, and the call itself. */
static const struct kind {
	enum machine_cpu cpu;
	uint16_t base; /* of numbers */
	uint8_t registers[7];
	uint32_t call;
} kinds[] = {
	{ CPU_X86, 0, { 0, 3, 1, 2, 6, 7, 5 }, 0x80cd },
	{ CPU_ARM, 0, { 7, 0, 1, 2, 3, 4, 5 }, 0xef000000 },
	{ CPU_AARCH64, 0, { 8, 0, 1, 2, 3, 4, 5 }, 0xd4000001 },
	{ CPU_MIPS, 4000, { 2, 4, 5, 6, 7, 8, 9 }, 0x0000000c },
	{ CPU_MIPSEL, 6000, { 2, 4, 5, 6, 7, 8, 9 }, 0x0000000c },
	{ CPU_POWERPC, 0, { 0, 3, 4, 5, 6, 7, 8 }, 0x44000002 },
};

static void word(struct sink *s, const struct kind *k, uint32_t v)
{
	sink_u32le(s, machine_is_big_endian(k->cpu) ? __builtin_bswap32(v) : v);
}

static void put_move(struct sink *s, const struct kind *k, uint32_t reg, uint32_t v)
{
	uint32_t low = v & 0xffff, high = v >> 16;

	switch (k->cpu) {
	case CPU_X86:
		sink_u8(s, (uint8_t)(0xb8 + reg));
		sink_u32le(s, v);
		break;
	case CPU_ARM:
		word(s, k, 0xe3000000 | low >> 12 << 16 | reg << 12 | (low & 0xfff));
		word(s, k, 0xe3400000 | high >> 12 << 16 | reg << 12 | (high & 0xfff));
		break;
	case CPU_AARCH64:
		word(s, k, 0xd2800000 | low << 5 | reg);
		word(s, k, 0xf2a00000 | high << 5 | reg);
		break;
	case CPU_POWERPC:
		word(s, k, 0x3c000000 | reg << 21 | high);
		word(s, k, 0x60000000 | reg << 21 | reg << 16 | low);
		break;
	default:
		word(s, k, 0x3c000000 | reg << 16 | high);
		word(s, k, 0x34000000 | reg << 21 | reg << 16 | low);
		break;
	}
}

static void put_call(struct sink *s, const struct kind *k, const uint8_t *at)
{
	put_move(s, k, k->registers[0], k->base + (at[0] | (uint32_t)(at[1] & 1) << 8));
	for (unsigned i = 1; i < 7; i++)
		put_move(s, k, k->registers[i], argument(at[1 + i]));
	/* O32 takes the last two from the stack */
	if (k->cpu == CPU_MIPS) {
		word(s, k, 0xafa80010);
		word(s, k, 0xafa90014);
	}
	if (k->cpu == CPU_X86) {
		sink_u8(s, 0xcd);
		sink_u8(s, 0x80);
	} else {
		word(s, k, k->call);
	}
}

static struct node *folder(struct tree *t, const char *name)
{
	struct node *n = node_new(t, NODE_DIR, 0777, 0, 0);

	if (n == NULL || node_link(t, tree_root(t), name, n, 0) < 0)
		abort();
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t code[8192];
	static struct world world;
	static struct kernel *kernel;
	const struct kind *k = size != 0 ? &kinds[data[0] % COUNT_OF(kinds)] : NULL;
	struct bytes calls = size != 0 ? bytes_of(data + 1, size - 1) : (struct bytes){ 0 }, call;
	struct sink s = sink_over(code, sizeof(code));
	struct raw raw = { 0 };

	if (k == NULL)
		return 0;
	if (kernel == NULL) {
		struct node *null;

		memcpy(world.profile.cwd, "/tmp", 5);
		memcpy(world.profile.shell, "/none", 6);
		world.profile.user = (struct identity){ .uid = 33, .gid = 33 };
		world.profile.memory_mb = 256;
		if (tree_new(&world.tree) < 0 || record_new(&world.record) < 0 || network_new(&world, &world.network) < 0)
			abort();
		folder(world.tree, "tmp");
		null = node_new(world.tree, NODE_DEVICE, 0666, 0, 0);
		if (null == NULL || node_link(world.tree, folder(world.tree, "dev"), "null", null, 0) < 0 ||
		    kernel_new(&world, &kernel) < 0 || kernel_settle(kernel) < 0)
			abort();
	}
	for (unsigned n = 0; n < CALLS_MAX && bytes_take(&calls, CALL_BYTES, &call) == 0; n++)
		put_call(&s, k, call.at);
	/* and an end, as far as what came before lets it come to it */
	put_call(&s, k, (const uint8_t[CALL_BYTES]){ k->cpu == CPU_AARCH64 ? 93 : k->base == 6000 ? 58 : 1 });
	raw.cpu = k->cpu;
	if (sink_done(&s, &raw.code) < 0)
		abort();
	/* begun again at the end too, so that what an input took is freed with it */
	if (kernel_begin(kernel, 1, NULL, 0) < 0 || kernel_start_raw(kernel, &raw) < 0 || kernel_run(kernel) < 0 ||
	    kernel_begin(kernel, 1, NULL, 0) < 0)
		abort();
	return 0;
}
