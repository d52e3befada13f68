/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that attack code makes itself: by ntdll's numbers (x86-64), or to see whether memory is there (x86). */
#include "emu/windows/process/process.h"

enum { VIOLATION = (int)0xc0000005, WRONG = (int)0xc000000d, PROBED = 4, LOWEST = 0x10000, NEAR = 256 };

static bool readable(struct windows *w, uint64_t at)
{
	return space_reach(w->space, at, 1, RANGE_READ) == 1;
}

/*
 * Of x86 the numbers differ from version to version, and what is asked is nearly always this: does a call that is refused
 * anyway say whether an address can be read? Windows looks at where the arguments stand (EDX) first, and refuses then;
 * on 64-bit systems, where they stand on the stack, it looks at what they point to as well.
 */
static uint32_t probe(struct windows *w)
{
	uint64_t at = win_get(w, GPR_RDX), sp = win_get(w, GPR_RSP);
	bool on_stack = at >= sp && at - sp < NEAR;

	if (space_reach(w->space, at, 4, RANGE_READ) < 4)
		return (uint32_t)VIOLATION;
	for (unsigned i = 0; on_stack && i < PROBED; i++) {
		uint64_t v = win_number(w, at + 4 * i, 4, NULL);

		if (v >= LOWEST && !readable(w, v))
			return (uint32_t)VIOLATION;
	}
	return (uint32_t)WRONG;
}

void win_system_call(struct windows *w)
{
	const struct win_image *ntdll = &w->catalog->images[1];
	uint64_t number = win_get(w, GPR_RAX);

	w->world->virtual_ns += 1000;
	for (unsigned i = 0; w->wide && i < ntdll->count; i++)
		if (ntdll->functions[i]->number == number + 1) {
			win_call(w, ntdll->functions[i], ntdll->library->name);
			return;
		}
	if (!w->wide) {
		win_set(w, GPR_RAX, probe(w));
		return;
	}
	win_unknown(w, "system call", "by number");
	win_set(w, GPR_RAX, (uint32_t)WRONG);
}
