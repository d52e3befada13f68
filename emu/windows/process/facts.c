/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the process is told of itself and the system in memory: process block, parameters, environment, shared data. */
#include "emu/windows/process/process.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENVIRONMENT_AT = 0x2000, TEXTS_AT = 0x800, EPOCH_S = 11644473600, TICK_NS = 100 };

static bool put_string(struct windows *w, uint64_t at, uint64_t text, const char *value)
{
	uint8_t raw[1024];
	size_t units = win_utf16(value, raw, sizeof(raw) / 2 - 1);

	raw[2 * units] = raw[2 * units + 1] = 0;
	return win_write(w, text, raw, 2 * units + 2) == 0 && win_put(w, at, 2 * units, 2) &&
	    win_put(w, at + 2, 2 * units + 2, 2) && win_put_word(w, at + w->word, text);
}

static bool put_environment(struct windows *w)
{
	const struct profile *f = &w->world->profile;
	uint64_t at = WIN_PARAMETERS + ENVIRONMENT_AT;
	bool good = true;

	w->environment = at;
	for (unsigned i = 0; i < f->environment_count && good; i++) {
		char row[1024];
		uint64_t n;

		(void)world_fill(w->world, w->world->seed, bytes_text(f->environment[i]), row, sizeof(row));
		n = win_put_text(w, at, true, row, (WIN_PARAMETERS_END - at) / 2 - 2);
		good = n != 0 && at + 2 * n < WIN_PARAMETERS_END - 2;
		at += 2 * n;
	}
	return good && win_put(w, at, 0, 2);
}

static bool put_parameters(struct windows *w)
{
	const struct win_offsets *o = w->offsets;
	uint64_t text = WIN_PARAMETERS + TEXTS_AT;
	char program[128];

	snprintf(program, sizeof(program), "C:\\Windows\\%s", w->modules[0].name);
	snprintf(w->folder, sizeof(w->folder), "%s", w->world->profile.cwd[0] == '/' ? "C:\\Windows\\System32" :
	    w->world->profile.cwd);
	return win_put(w, WIN_PARAMETERS, 0x1000, 4) && win_put(w, WIN_PARAMETERS + 4, 0x1000, 4) &&
	    put_string(w, WIN_PARAMETERS + o->parameters_folder, text, w->folder) &&
	    put_string(w, WIN_PARAMETERS + o->parameters_image, text + 0x400, program) &&
	    put_string(w, WIN_PARAMETERS + o->parameters_line, text + 0x800, program) &&
	    win_put_word(w, WIN_PARAMETERS + o->parameters_environment, WIN_PARAMETERS + ENVIRONMENT_AT) && put_environment(w);
}

/* "10.0.17763": its last number. */
static unsigned build_of(const struct windows *w)
{
	const char *dot = strrchr(w->world->profile.kernel_release, '.');

	return dot != NULL ? (unsigned)strtoul(dot + 1, NULL, 10) : 0;
}

static bool put_block(struct windows *w)
{
	const struct win_offsets *o = w->offsets;
	unsigned version = w->catalog->version;
	bool good = win_put_word(w, WIN_PEB + o->peb_base, WIN_PROGRAM) && win_put_word(w, WIN_PEB + o->peb_loader, WIN_LOADER) &&
	    win_put_word(w, WIN_PEB + o->peb_parameters, WIN_PARAMETERS) && win_put_word(w, WIN_PEB + o->peb_heap, WIN_HEAP) &&
	    win_put(w, WIN_PEB + o->peb_processors, w->world->profile.processors, 4) &&
	    win_put(w, WIN_PEB + o->peb_major, version / 10, 4) && win_put(w, WIN_PEB + o->peb_minor, version % 10, 4) &&
	    win_put(w, WIN_PEB + o->peb_build, build_of(w), 2) && win_put(w, WIN_PEB + o->peb_platform, 2, 4);

	/* NT 5 has the functions that lock the process block here */
	if (good && !w->wide && version < 60) {
		uint64_t lock = win_module_function(w, &w->modules[1], "RtlEnterCriticalSection", 0);
		uint64_t unlock = win_module_function(w, &w->modules[1], "RtlLeaveCriticalSection", 0);

		good = win_put_word(w, WIN_PEB + 0x20, lock) && win_put_word(w, WIN_PEB + 0x24, unlock);
	}
	return good;
}

static bool put_shared(struct windows *w)
{
	uint64_t now = world_now(w->world) / TICK_NS + EPOCH_S * 10000000ull, up = 86400ull * 10000000ull * 9;
	unsigned version = w->catalog->version;

	return win_put(w, WIN_SHARED + 4, 0x0fa00000, 4) && win_put(w, WIN_SHARED + 8, up, 8) &&
	    win_put(w, WIN_SHARED + 0x10, up >> 32, 4) && win_put(w, WIN_SHARED + 0x14, now, 8) &&
	    win_put(w, WIN_SHARED + 0x1c, now >> 32, 4) && win_put_text(w, WIN_SHARED + 0x30, true, "C:\\Windows", 260) != 0 &&
	    win_put(w, WIN_SHARED + 0x260, build_of(w), 4) && win_put(w, WIN_SHARED + 0x264, 3, 4) &&
	    win_put(w, WIN_SHARED + 0x26c, version / 10, 4) && win_put(w, WIN_SHARED + 0x270, version % 10, 4) &&
	    win_put(w, WIN_SHARED + 0x300, catalog_inner(w->catalog, 1, WIN_INNER_SYSTEM), 4) &&
	    win_put(w, WIN_SHARED + 0x320, up / 10000, 8);
}

int win_facts_begin(struct windows *w)
{
	return put_parameters(w) && put_block(w) && put_shared(w) ? 0 : -EINVAL;
}
