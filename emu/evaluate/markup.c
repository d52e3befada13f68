/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Markup: each script that it brings into a page is a trace, which a parse of the response finds or does not. */
#include "emu/evaluate/evaluate.h"

#include "emu/language/html.h"
#include "emu/trace/model.h"
#include "emu/trace/pattern.h"
#include "emu/trace/text.h"

#include <errno.h>
#include <string.h>

/* One run for each server: what a browser runs hangs on the page alone. */
static void observe_browser(struct server *const *servers, unsigned count, struct bytes scripts, struct observations *o)
{
	for (unsigned i = 0; i < count * SEEDS; i++) {
		o->rows[i].server = i / SEEDS;
		o->rows[i].run = (struct run){ .profile = bytes_text(server_name(servers[i / SEEDS])), .seed = i % SEEDS,
			.out = scripts, .output = scripts, .stopped_by = STOPPED_EXIT };
	}
	o->count = o->plain = count * SEEDS;
}

/* "label: script" in lines: what `konseki emulate` shows of the code. */
static struct bytes told(const struct html_result *found, struct arena *a)
{
	size_t room = 1;
	struct sink s;

	for (unsigned i = 0; i < found->count; i++)
		room += strlen(found->at[i].label) + found->at[i].len + 3;
	s = sink_over(arena_take(a, room), room);
	for (unsigned i = 0; s.at != NULL && i < found->count; i++) {
		sink_put(&s, found->at[i].label, strlen(found->at[i].label));
		sink_put(&s, ": ", 2);
		sink_put(&s, found->at[i].text, found->at[i].len);
		sink_u8(&s, '\n');
	}
	return bytes_of(s.at, s.used);
}

static int script_trace(const struct html_script *script, const struct observations *o, struct trace_list *list)
{
	struct bytes text = bytes_of(script->text, script->len);
	uint8_t pattern[TRACE_PATTERN_MAX];
	struct sink s = sink_over(pattern, sizeof(pattern));
	struct trace *t = NULL;

	sink_put(&s, script->label, strlen(script->label));
	sink_put(&s, ": ", 2);
	sink_put(&s, text.at, text.left);
	if ((t = trace_add(list)) == NULL)
		return 0;
	t->kind = TRACE_SCRIPT;
	t->place = PLACE_RESPONSE;
	t->pattern = arena_copy(list->arena, bytes_of(pattern, s.used), sizeof(pattern));
	t->text = arena_copy(list->arena, text, HTML_SCRIPT_MAX);
	t->bits = model_bits(text, 0);
	t->literal = true;
	t->profiles = profiles_of(o, plain_rows(o), list->arena);
	return list->arena->full ? -ENOMEM : 0;
}

int evaluate_markup(struct server *const *servers, unsigned count, const struct job *job, struct arena *a, struct report **ret)
{
	struct observations *o = arena_take(a, sizeof(*o));
	struct trace_list *list = arena_take(a, sizeof(*list));
	struct html_result *found = arena_take(a, sizeof(*found));
	struct server *chosen[REPORT_RUNS_MAX];
	unsigned chosen_count = study_servers(servers, count, job, chosen);
	int r;

	if (o == NULL || list == NULL || found == NULL)
		return -ENOMEM;
	list->arena = a;
	html_evaluate(job->code, found);
	observe_browser(chosen, chosen_count, told(found, a), o);
	if ((r = study_learn(o, job, a, ret)) < 0)
		return r;
	for (unsigned i = 0; i < found->count && r == 0; i++)
		r = script_trace(&found->at[i], o, list);
	(*ret)->traces = list->traces;
	(*ret)->traces_count = list->count;
	return r;
}
