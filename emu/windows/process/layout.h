/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where things stand in the emulated Windows process: the window's places, and the offsets of the structures there. */
#ifndef EMU_WINDOWS_PROCESS_LAYOUT_H
#define EMU_WINDOWS_PROCESS_LAYOUT_H

#include <stdint.h>

#define WIN_LEAD 0x00020000ull           /* memory before the attack code, which may be its stack */
#define WIN_CODE 0x00022000ull           /* the attack code: lowest, as egg hunters begin at the bottom */
#define WIN_CODE_END 0x00140000ull
#define WIN_PARAMETERS 0x00150000ull     /* process parameters and environment */
#define WIN_PARAMETERS_END 0x00158000ull
#define WIN_LOADER 0x00160000ull         /* the loader's lists */
#define WIN_LOADER_END 0x00170000ull
#define WIN_STACK 0x00180000ull          /* of the first thread; what runs into memory of zeroes costs the host by its length */
#define WIN_STACK_END 0x001c0000ull
#define WIN_HEAP 0x00200000ull           /* the process heap; what it has no room for is allocated apart */
#define WIN_HEAP_END 0x00220000ull
#define WIN_PROGRAM 0x00400000ull        /* the attacked program's image */
#define WIN_REGIONS 0x01000000ull        /* VirtualAlloc and what else asks for memory */
#define WIN_REGIONS_END 0x6f000000ull
#define WIN_LIBRARIES 0x70000000ull      /* images of libraries, from the top down; above it the window has a hole */
#define WIN_LIBRARIES_END 0x75f00000ull
#define WIN_BLOCKS 0x7ffd0000ull         /* thread blocks from below; the last page is the process block, where NT 5 had it */
#define WIN_PEB 0x7ffdf000ull
#define WIN_SHARED 0x7ffe0000ull         /* KUSER_SHARED_DATA, the same in every version */
#define WIN_SHARED_END 0x7ffe1000ull

enum {
	WIN_TEB_SIZE = 0x2000,
	WIN_THREADS_MAX = 7,           /* as many blocks as fit below the process block */
	WIN_SELECTOR_CODE = 0x1b, WIN_SELECTOR_DATA = 0x23, WIN_SELECTOR_TEB = 0x3b,
};

/*
 * Offsets, 32-bit and 64-bit: as the symbols of ntdll state them, the same from NT 5.1 to 10.0 as far as used here.
 */
struct win_offsets {
	uint16_t teb_self, teb_stack, teb_limit, teb_process_id, teb_thread_id, teb_tls, teb_peb, teb_error, teb_wow, teb_slots;
	uint16_t peb_base, peb_loader, peb_parameters, peb_heap, peb_processors, peb_major, peb_minor, peb_build, peb_platform;
	uint16_t loader_load, loader_memory, loader_order;
	uint16_t entry_base, entry_start, entry_size, entry_path, entry_name, entry_flags, entry_count, entry_stamp;
	uint16_t parameters_in, parameters_folder, parameters_image, parameters_line, parameters_environment;
};

static const struct win_offsets win_offsets_of[2] = {
	{
		.teb_self = 0x18, .teb_stack = 4, .teb_limit = 8, .teb_process_id = 0x20, .teb_thread_id = 0x24, .teb_tls = 0x2c,
		.teb_peb = 0x30, .teb_error = 0x34, .teb_wow = 0xc0, .teb_slots = 0xe10,
		.peb_base = 8, .peb_loader = 0xc, .peb_parameters = 0x10, .peb_heap = 0x18, .peb_processors = 0x64,
		.peb_major = 0xa4, .peb_minor = 0xa8, .peb_build = 0xac, .peb_platform = 0xb0,
		.loader_load = 0xc, .loader_memory = 0x14, .loader_order = 0x1c,
		.entry_base = 0x18, .entry_start = 0x1c, .entry_size = 0x20, .entry_path = 0x24, .entry_name = 0x2c,
		.entry_flags = 0x34, .entry_count = 0x38, .entry_stamp = 0x44,
		.parameters_in = 0x18, .parameters_folder = 0x24, .parameters_image = 0x38, .parameters_line = 0x40,
		.parameters_environment = 0x48,
	}, {
		.teb_self = 0x30, .teb_stack = 8, .teb_limit = 0x10, .teb_process_id = 0x40, .teb_thread_id = 0x48, .teb_tls = 0x58,
		.teb_peb = 0x60, .teb_error = 0x68, .teb_wow = 0x100, .teb_slots = 0x1480,
		.peb_base = 0x10, .peb_loader = 0x18, .peb_parameters = 0x20, .peb_heap = 0x30, .peb_processors = 0xb8,
		.peb_major = 0x118, .peb_minor = 0x11c, .peb_build = 0x120, .peb_platform = 0x124,
		.loader_load = 0x10, .loader_memory = 0x20, .loader_order = 0x30,
		.entry_base = 0x30, .entry_start = 0x38, .entry_size = 0x40, .entry_path = 0x48, .entry_name = 0x58,
		.entry_flags = 0x68, .entry_count = 0x6c, .entry_stamp = 0x80,
		.parameters_in = 0x20, .parameters_folder = 0x38, .parameters_image = 0x60, .parameters_line = 0x70,
		.parameters_environment = 0x80,
	},
};

#endif
