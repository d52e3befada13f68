/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One report out of several. */
#include "emu/evaluate/join.h"

#include <errno.h>
#include <string.h>

enum { BITS_MIN = 10 /* a file's shortest lines are in every page */ };

/* Did a plain run print it, on a server that has the file? */
static bool is_plain(const struct report *from, const struct trace *t)
{
	struct bytes line = t->text;
	const uint8_t *end = line.left > 0 ? memchr(line.at, '\n', line.left) : NULL;

	if (end != NULL)
		line.left = (size_t)(end - line.at);
	for (uint32_t i = 0; i < from->runs_count && line.left > 0; i++) {
		if (bytes_find(from->runs[i].out, line) >= 0)
			return true;
	}
	return false;
}

static bool is_taken(const struct report *from, const struct trace *t, enum join_what what, struct bytes about)
{
	if (what == JOIN_ALL || what == JOIN_NETWORK)
		return what == JOIN_ALL || (t->kind != TRACE_TEXT && t->kind != TRACE_ERROR);
	/* what a file holds that is not there, nobody knows */
	for (uint32_t i = 0; what == JOIN_TEXT && i < t->depends_count; i++) {
		if (bytes_starts_fold(t->depends_on[i], bytes_text("path ")) && !is_plain(from, t))
			return false;
	}
	return t->kind == TRACE_TEXT && t->bits >= BITS_MIN && (about.left == 0 || bytes_find(t->text, about) >= 0);
}

static bool is_there(const struct trace *list, uint32_t count, const struct trace *t)
{
	for (uint32_t i = 0; i < count; i++) {
		if (list[i].kind == t->kind && bytes_equal(list[i].pattern, t->pattern))
			return true;
	}
	return false;
}

int join(struct report *ret, const struct report *from, enum join_what what, struct bytes about, struct arena *a)
{
	struct trace *traces = arena_take(a, REPORT_TRACES_MAX * sizeof(*traces));
	uint32_t count = ret->traces_count;

	if (traces == NULL)
		return -ENOMEM;
	if (count > 0)
		memcpy(traces, ret->traces, count * sizeof(*traces));
	for (uint32_t i = 0; i < from->traces_count && count < REPORT_TRACES_MAX; i++) {
		struct trace t = from->traces[i];

		if (!is_taken(from, &t, what, about))
			continue;
		if (what == JOIN_ERRORS)
			t.kind = TRACE_ERROR;
		t.must_show &= what == JOIN_ALL || what == JOIN_NETWORK;
		if (!is_there(traces, count, &t))
			traces[count++] = t;
	}
	ret->traces = traces;
	ret->traces_count = count;
	if (ret->runs_count == 0) {
		ret->runs = from->runs;
		ret->runs_count = from->runs_count;
	}
	ret->blocks += from->blocks;
	ret->host_ns += from->host_ns;
	return 0;
}
