/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A job's way through the trace room. */
#include "emu/trace/study.h"

#include "emu/trace/network.h"
#include "emu/trace/text.h"

#include <errno.h>
#include <string.h>

enum {
	OUTPUTS_MAX = 6 << 20,    /* bytes of all runs' outputs in one report */
	OUTPUTS_BRIEF = 96 << 10, /* the same where nobody asked for them: judging compares a response with their beginnings */
};

/* The first plain run of each server, as the report carries them. */
static int runs_of(const struct observations *o, size_t most, struct arena *a, struct report *ret)
{
	struct run *runs = arena_take(a, REPORT_RUNS_MAX * sizeof(*runs));
	size_t share;

	if (runs == NULL)
		return -ENOMEM;
	for (unsigned row = 0; row < o->plain && ret->runs_count < REPORT_RUNS_MAX; row++) {
		if (o->rows[row].run.seed == 0)
			runs[ret->runs_count++] = o->rows[row].run;
	}
	share = ret->runs_count > 0 ? most / 3 / ret->runs_count : 0;
	for (uint32_t i = 0; i < ret->runs_count; i++) {
		struct bytes *outputs[] = { &runs[i].output, &runs[i].out, &runs[i].err };

		for (unsigned k = 0; k < COUNT_OF(outputs); k++)
			outputs[k]->left = outputs[k]->left < share ? outputs[k]->left : share;
	}
	ret->runs = runs;
	return 0;
}

static enum stopped_by worst_stop(const struct observations *o)
{
	enum stopped_by worst = o->plain > 0 ? STOPPED_EXIT : STOPPED_UNSUPPORTED;

	for (unsigned row = 0; row < o->plain; row++) {
		if (o->rows[row].run.stopped_by > worst)
			worst = o->rows[row].run.stopped_by;
	}
	return worst;
}

unsigned study_servers(struct server *const *servers, unsigned count, const struct job *job,
                       struct server *ret[REPORT_RUNS_MAX])
{
	unsigned chosen = 0;

	for (unsigned i = 0; i < count && chosen < REPORT_RUNS_MAX; i++) {
		if (job->profile.left == 0 || bytes_equal(job->profile, bytes_text(server_name(servers[i]))))
			ret[chosen++] = servers[i];
	}
	return chosen;
}

int study_report(const struct observations *o, const struct job *job, struct arena *a, struct report **ret)
{
	struct report *report = arena_take(a, sizeof(*report));
	int r;

	if (report == NULL)
		return -ENOMEM;
	report->job_id = job->id;
	report->language = job->language;
	report->stopped_by = worst_stop(o);
	report->blocks = o->blocks;
	report->host_ns = o->host_ns;
	if ((r = runs_of(o, job->runs ? OUTPUTS_MAX : OUTPUTS_BRIEF, a, report)) < 0)
		return r;
	*ret = report;
	return 0;
}

int study_learn(const struct observations *o, const struct job *job, struct arena *a, struct report **ret)
{
	struct trace_list *list = arena_take(a, sizeof(*list));
	struct report *report;
	int r;

	if (list == NULL)
		return -ENOMEM;
	list->arena = a;
	network_traces(o, list);
	if ((r = text_traces(o, list)) < 0 || (r = study_report(o, job, a, &report)) < 0)
		return r;
	report->traces = list->traces;
	report->traces_count = list->count;
	*ret = report;
	return 0;
}

int study(struct server *const *servers, unsigned count, const struct job *job, struct arena *a,
          void (*run_begins)(void), struct report **ret)
{
	struct observations *o = arena_take(a, sizeof(*o));
	struct server *chosen[REPORT_RUNS_MAX];
	unsigned chosen_count = study_servers(servers, count, job, chosen);
	int r;

	if (o == NULL)
		return -ENOMEM;
	r = observe(chosen, chosen_count, job, a, run_begins, o);
	return r == 0 ? study_learn(o, job, a, ret) : r;
}
