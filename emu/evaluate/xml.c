/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a document's parser shows and fetches: each resource as its URL is, and what its own entities come to. */
#include "emu/evaluate/xml.h"

#include "control/wire/url.h"
#include "emu/evaluate/fetch.h"
#include "emu/evaluate/join.h"
#include "emu/language/xml.h"

#include <errno.h>
#include <string.h>

enum { RESOURCES_RUN = 6 };

/* The host alone where the rest of the URL is not known: who asks for it must go there. */
static struct bytes known_part(const struct xml_resource *x, struct bytes url)
{
	ptrdiff_t at = bytes_find(url, bytes_text("//"));
	const uint8_t *slash;

	if (!x->cut || at < 0)
		return url;
	slash = memchr(url.at + at + 2, '/', url.left - (size_t)at - 2);
	return slash != NULL ? bytes_of(url.at, (size_t)(slash - url.at)) : (struct bytes){ 0 };
}

/* A system identifier without a scheme is a file's path, from the document's folder on. */
static int add_resource(struct server *const *servers, unsigned count, const struct job *job, struct arena *a,
                        void (*run_begins)(void), const struct xml_resource *x, struct report *ret)
{
	struct bytes url = known_part(x, bytes_text(x->url));
	struct job part = *job;
	struct report *report;
	struct url u;
	bool parsed = url_parse(url, &u) && u.scheme[0] != '\0';
	bool network = parsed && u.kind == URL_FETCH;
	int r;

	if (url.left == 0 || (!network && !x->shown))
		return 0;
	part.code = arena_copy(a, url, XML_URL_MAX);
	part.request = (struct bytes){ 0 };
	part.language = parsed ? LANGUAGE_URL : LANGUAGE_PATH;
	r = parsed ? evaluate_url(servers, count, &part, a, run_begins, &report) :
	    evaluate_path(servers, count, &part, a, run_begins, &report);
	if (r < 0)
		return r;
	return join(ret, report, network ? JOIN_NETWORK : JOIN_TEXT, (struct bytes){ 0 }, a);
}

/* The document's text, where entities of its own were replaced in it. */
static int add_text(struct server *const *servers, unsigned count, const struct job *job, struct arena *a,
                    const struct xml_result *x, struct report *ret)
{
	struct observations *o = arena_take(a, sizeof(*o));
	struct server *chosen[REPORT_RUNS_MAX];
	unsigned chosen_count = study_servers(servers, count, job, chosen);
	struct bytes text = arena_copy(a, bytes_of(x->text, x->text_len), XML_TEXT_MAX);
	struct report *report;
	int r;

	if (o == NULL)
		return -ENOMEM;
	for (unsigned row = 0; row < chosen_count * SEEDS && row < ROWS_MAX; row++) {
		o->rows[row].server = row / SEEDS;
		o->rows[row].run = (struct run){ .profile = bytes_text(server_name(chosen[row / SEEDS])), .seed = row % SEEDS,
			.stopped_by = x->stopped_by == STOPPED_SIGNAL ? STOPPED_EXIT : x->stopped_by, .output = text, .out = text };
		o->count = o->plain = row + 1;
	}
	if ((r = study_learn(o, job, a, &report)) < 0)
		return r;
	ret->runs = report->runs;
	ret->runs_count = report->runs_count;
	return x->expanded > 0 ? join(ret, report, JOIN_TEXT, (struct bytes){ 0 }, a) : 0;
}

int evaluate_xml(struct server *const *servers, unsigned count, const struct job *job, struct arena *a,
                 void (*run_begins)(void), struct report **ret)
{
	struct xml_result *x = arena_take(a, sizeof(*x));
	struct report *all = arena_take(a, sizeof(*all));
	int r;

	if (x == NULL || all == NULL)
		return -ENOMEM;
	xml_evaluate(job->code, NULL, x);
	/* what is not well-formed is read up to there by many a parser */
	*all = (struct report){ .job_id = job->id, .language = LANGUAGE_XML,
		.stopped_by = x->stopped_by == STOPPED_SIGNAL ? STOPPED_EXIT : x->stopped_by };
	r = add_text(servers, count, job, a, x, all);
	for (unsigned i = 0; i < x->resources_count && i < RESOURCES_RUN && r == 0; i++)
		r = add_resource(servers, count, job, a, run_begins, &x->resources[i], all);
	if (r == 0)
		*ret = all;
	return r;
}
