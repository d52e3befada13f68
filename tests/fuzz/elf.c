/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs as attackers send them: headers read, loaded into a space, the "#!" line followed. */
#include "emu/loader/elf.h"
#include "emu/loader/script.h"

#include <stdlib.h>
#include <string.h>

static void nothing(void *owner)
{
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct machine *machine;
	static struct memory memory;
	struct node file = { .kind = NODE_FILE, .data = data, .size = size };
	struct space *space = NULL;
	struct script script;
	struct elf elf;

	if (machine == NULL) {
		if (machine_new(&(struct machine_hooks){ .syscall = nothing }, &machine) < 0)
			abort();
		memory = (struct memory){ .machine = machine, .held_max = 16 << 20 };
	}
	if (script_read(bytes_of(data, size), &script) == 0 &&
	    (strlen(script.interpreter) >= sizeof(script.interpreter) || script.interpreter[0] == '\0'))
		abort();
	if (elf_read(bytes_of(data, size), &elf) < 0)
		return 0;
	for (unsigned i = 0; i < elf.count; i++)
		if (elf.segments[i].offset + elf.segments[i].file_len > size)
			abort();
	if (machine_reset(machine) < 0 || space_new(&memory, &space) < 0)
		abort();
	memory.full = false;
	if (elf_load(space, &elf, &file, elf.fixed ? 0 : WINDOW_IMAGES, "") == 0 && elf_plain_len(&elf) % GUEST_PAGE != 0)
		abort();
	space_release(space);
	if (memory.held != 0)
		abort();
	return 0;
}
