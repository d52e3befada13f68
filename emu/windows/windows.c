/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the processes of both widths, and runs code in one of them. */
#include "emu/windows/windows.h"

#include "emu/windows/api/api.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTHS = 2, VERSION_USUAL = 100 };
/* What has handlers for missing memory is rare in 32 bits, and being exact about it is slow there. */
enum which { PROCESS_32, PROCESS_64, PROCESS_PRECISE_32, PROCESSES };

struct machines {
	struct host *host;
	struct catalog *catalogs[WIDTHS];
	struct windows *processes[PROCESSES];
};

/* "10.0.17763": NT's version, times ten. What machine code finds may be of an older one than what commands tell. */
static unsigned version_of(const struct profile *p)
{
	static const char *const names[] = { "MACHINE_VERSION", "VERSION" };

	for (unsigned n = 0; n < COUNT_OF(names); n++)
		for (unsigned i = 0; i < p->facts_count; i++) {
			const char *v = p->facts[i].value;
			const char *dot = strchr(v, '.');

			if (strcmp(p->facts[i].name, names[n]) != 0 || dot == NULL)
				continue;
			return (unsigned)strtoul(v, NULL, 10) * 10 + (unsigned)strtoul(dot + 1, NULL, 10) % 10;
		}
	return VERSION_USUAL;
}

int machines_open(struct host *h, struct machines **ret)
{
	struct machines *m = calloc(1, sizeof(*m));
	int r = 0;

	if (m == NULL)
		return -ENOMEM;
	m->host = h;
	for (unsigned i = 0; i < WIDTHS && r == 0; i++)
		r = catalog_new(api_libraries, api_libraries_count, i == 1, version_of(&h->world->profile), &m->catalogs[i]);
	for (unsigned i = 0; i < PROCESSES && r == 0; i++)
		if ((r = win_new(h->world, m->catalogs[i == PROCESS_64], i != PROCESS_32, &m->processes[i])) == 0)
			m->processes[i]->host = h;
	if (r == 0) {
		*ret = m;
		m = NULL;
	}
	machines_close(m);
	return r;
}

void machines_close(struct machines *m)
{
	if (m == NULL)
		return;
	for (unsigned i = 0; i < PROCESSES; i++)
		win_free(m->processes[i]);
	for (unsigned i = 0; i < WIDTHS; i++)
		catalog_free(m->catalogs[i]);
	free(m);
}

bool machines_run_language(enum language language)
{
	return language == LANGUAGE_WIN_X86 || language == LANGUAGE_WIN_X86_64;
}

static int run_in(struct machines *m, struct windows *w, const struct command *c, enum win_registers registers)
{
	struct outcome *outcome;
	int r;

	if ((r = world_begin(m->host->world, c->seed, c->twists, c->twists_count)) < 0 || (r = host_begin(m->host)) < 0)
		return r;
	r = win_begin(w, c->code, c->entry, registers);
	if (r == -EINVAL) {
		outcome = record_outcome(m->host->world->record);
		outcome->run.stopped_by = STOPPED_UNSUPPORTED;
		outcome->run.exit_status = 126;
		return 0;
	}
	if (r == 0)
		r = win_run(w);
	win_end(w);
	return r;
}

static int run_once(struct machines *m, const struct command *c, enum win_registers registers)
{
	struct windows *w = m->processes[c->language == LANGUAGE_WIN_X86_64 ? PROCESS_64 : PROCESS_32];
	int r = run_in(m, w, c, registers);

	return r == 0 && w->inexact ? run_in(m, m->processes[PROCESS_PRECISE_32], c, registers) : r;
}

int machines_run(struct machines *m, const struct command *c, bool pointing)
{
	const struct run *run = &record_outcome(m->host->world->record)->run;
	enum win_registers first = pointing ? WIN_REGISTERS_CODE : WIN_REGISTERS_ZERO;
	int r = 0;

	for (unsigned i = 0; i < WIN_REGISTERS_COUNT && r == 0; i++) {
		r = run_once(m, c, (first + i) % WIN_REGISTERS_COUNT);
		if (run->events_count != 0 || run->output.left != 0 || run->stopped_by != STOPPED_SIGNAL)
			return r;
	}
	/* none did anything: what the caller asked for is the answer */
	return r == 0 ? run_once(m, c, first) : r;
}
