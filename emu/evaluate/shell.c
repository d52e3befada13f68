/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any server may have bash for its sh: what the two read differently is run by both. */
#include "emu/evaluate/shell.h"

#include "emu/evaluate/join.h"
#include "emu/evaluate/quote.h"

#include <string.h>

enum { CODE_MAX = 8 << 10, ROOM = 5 * CODE_MAX };

/* A list or a range in braces, which only bash makes into words. */
static bool holds_list(struct bytes code)
{
	for (size_t i = 0; i < code.left; i++) {
		bool list = false;

		if (code.at[i] != '{' || (i > 0 && code.at[i - 1] == '$'))
			continue;
		for (i++; i < code.left && code.at[i] != '}' && code.at[i] > ' '; i++)
			list |= code.at[i] == ',' || (code.at[i] == '.' && code.at[i - 1] == '.');
		if (list && i < code.left && code.at[i] == '}')
			return true;
	}
	return false;
}

/* Does bash read it otherwise than POSIX's shell does? */
static bool is_for_bash(struct bytes code)
{
	static const char *const signs[] = { "$'", "$\"", "<(", ">(", "<<<", "[[", "&>", "|&", "/dev/tcp/", "/dev/udp/", "((", "${!",
	                                     "function ", "declare ", "source " };

	for (size_t i = 0; i < COUNT_OF(signs); i++) {
		if (bytes_find(code, bytes_text(signs[i])) >= 0)
			return true;
	}
	return holds_list(code);
}

int evaluate_shell(struct server *const *servers, unsigned count, const struct job *job, struct arena *a,
                   void (*run_begins)(void), struct report **ret)
{
	char *room;
	struct sink s;
	struct job bash = *job;
	struct report *report;
	struct trace *traces;
	int r;

	if ((r = study(servers, count, job, a, run_begins, ret)) < 0 || job->runs || job->code.left > CODE_MAX || !is_for_bash(job->code) ||
	    (room = arena_take(a, ROOM)) == NULL)
		return r;
	s = sink_over(room, ROOM);
	quote_text(&s, "exec bash -c ");
	quote_shell(&s, job->code);
	bash.code = bytes_of(s.at, s.used);
	if (s.overflow || (r = study(servers, count, &bash, a, run_begins, &report)) < 0)
		return r;
	/* what one of them leaves need not show where the other is */
	traces = (struct trace *)(uintptr_t)(*ret)->traces;
	for (uint32_t i = 0; i < (*ret)->traces_count; i++)
		traces[i].must_show = false;
	traces = (struct trace *)(uintptr_t)report->traces;
	for (uint32_t i = 0; i < report->traces_count; i++)
		traces[i].must_show = false;
	return join(*ret, report, JOIN_ALL, (struct bytes){ 0 }, a);
}
