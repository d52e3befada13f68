/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System calls as a hostile program makes them: each ten bytes of input are one call, its number and how each argument
 * is made. What the calls do is the guest's affair; that they end, and reach nothing outside the window, is ours.
 */
#include "emu/kernel/kernel.h"
#include "emu/world/network.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum { CALL_BYTES = 10, CALLS_MAX = 64, DATA_AT = 0x500000, DATA_LEN = 0x4000, CODE_AT = 0x400000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Numbers worth trying: small ones, pointers that are good, at an edge or bad, lengths that overflow. */
static uint64_t argument(uint8_t how)
{
	static const uint64_t odd[] = {
		0, 1, 2, 3, 4, 7, 8, 16, 64, 4096, 65536, UINT64_MAX, (uint64_t)-100, INT64_MAX, 1ull << 63, UINT32_MAX,
		DATA_AT, DATA_AT + 0x100, DATA_AT + 0x1000, DATA_AT + 0x2000, DATA_AT + DATA_LEN - 1,
		DATA_AT + DATA_LEN - 8, DATA_AT + DATA_LEN, CODE_AT, 0x10000, WINDOW_END - 1, WINDOW_END, WINDOW_STACK_END - 16,
		WINDOW_HEAP, WINDOW_MMAP, 0x41414141, 0xdeadbeefcafeull,
	};

	return how < 128 ? odd[how % COUNT_OF(odd)] : (uint64_t)how - 128;
}

static void put_move(struct sink *s, uint8_t prefix, uint8_t code, uint64_t value)
{
	sink_u8(s, prefix);
	sink_u8(s, code);
	sink_u64le(s, value);
}

/* mov each register, syscall; at the end exit(0). */
static struct bytes program(struct bytes calls, uint8_t *raw, size_t raw_size)
{
	static const uint8_t codes[7][2] = {
		{ 0x48, 0xb8 }, { 0x48, 0xbf }, { 0x48, 0xbe }, { 0x48, 0xba }, { 0x49, 0xba }, { 0x49, 0xb8 }, { 0x49, 0xb9 },
	};
	Elf64_Ehdr h = { .e_type = ET_EXEC, .e_machine = EM_X86_64, .e_entry = CODE_AT + sizeof(h) + 2 * sizeof(Elf64_Phdr),
		.e_phoff = sizeof(h), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 2 };
	Elf64_Phdr p[2] = {
		{ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = CODE_AT },
		{ .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_vaddr = DATA_AT, .p_memsz = DATA_LEN },
	};
	struct sink s = sink_over(raw, raw_size);
	struct bytes ret = { 0 }, call;

	memcpy(h.e_ident, ELFMAG, SELFMAG);
	h.e_ident[EI_CLASS] = ELFCLASS64;
	h.e_ident[EI_DATA] = ELFDATA2LSB;
	s.used = sizeof(h) + sizeof(p);
	for (unsigned n = 0; n < CALLS_MAX && bytes_take(&calls, CALL_BYTES, &call) == 0; n++) {
		put_move(&s, 0x48, 0xb8, (uint64_t)call.at[0] | (uint64_t)(call.at[1] & 1) << 8);
		for (unsigned i = 1; i < 7; i++)
			put_move(&s, codes[i][0], codes[i][1], argument(call.at[1 + i]));
		sink_u8(&s, 0x0f);
		sink_u8(&s, 0x05);
	}
	put_move(&s, 0x48, 0xb8, 231);
	sink_u8(&s, 0x0f);
	sink_u8(&s, 0x05);
	p[0].p_filesz = p[0].p_memsz = s.used;
	memcpy(raw, &h, sizeof(h));
	memcpy(raw + sizeof(h), p, sizeof(p));
	if (sink_done(&s, &ret) < 0)
		abort();
	return ret;
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
	static uint8_t raw[8192];
	static struct world world;
	static struct kernel *kernel;
	static struct node *tmp;
	struct bytes argv[1] = { bytes_text("/tmp/p") };
	struct start start = { .path = "/tmp/p", .argc = 1, .argv = argv, .code = -1 };
	struct bytes code = program(bytes_of(data, size), raw, sizeof(raw));
	struct node *n;

	if (kernel == NULL) {
		struct node *null;

		memcpy(world.profile.cwd, "/tmp", 5);
		world.profile.user = (struct identity){ .uid = 33, .gid = 33 };
		world.profile.memory_mb = 256;
		if (tree_new(&world.tree) < 0 || record_new(&world.record) < 0 || network_new(&world, &world.network) < 0)
			abort();
		tmp = folder(world.tree, "tmp");
		null = node_new(world.tree, NODE_DEVICE, 0666, 0, 0);
		if (null == NULL || node_link(world.tree, folder(world.tree, "dev"), "null", null, 0) < 0 ||
		    kernel_new(&world, &kernel) < 0 || kernel_settle(kernel) < 0)
			abort();
	}
	if (kernel_begin(kernel, 1, NULL, 0) < 0 || (n = node_new(world.tree, NODE_FILE, 0755, 33, 33)) == NULL ||
	    node_write(world.tree, n, 0, code) < 0 || node_link(world.tree, tmp, "p", n, 0) < 0)
		abort();
	/* begun again at the end too, so that what an input took is freed with it */
	if (kernel_start(kernel, &start) < 0 || kernel_run(kernel) < 0 || kernel_begin(kernel, 1, NULL, 0) < 0)
		abort();
	return 0;
}
