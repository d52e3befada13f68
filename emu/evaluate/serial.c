/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Serialised objects. Python's are read by the real Python of the servers, Ruby's by the real Ruby where there is one; what
 * the others do when they are read, emu/serial tells, and it is followed here as code, look-ups and contacts.
 */
#include "emu/evaluate/evaluate.h"

#include "emu/serial/serial.h"
#include "emu/trace/text.h"
#include "emu/evaluate/effects.h"

#include <errno.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

enum { FOLLOWED_MAX = 4, WRAP_MAX = 512 };

static const char digits[] = "0123456789abcdef";

/* A call in a script that reads the object, which stands in it as hexadecimal digits. */
static int wrap(const struct job *job, const char *before, const char *after, enum language language, struct arena *a, struct job *ret)
{
	size_t size = 2 * job->code.left + WRAP_MAX;
	uint8_t *at = arena_take(a, size);
	struct sink s = sink_over(at, at != NULL ? size : 0);

	if (at == NULL)
		return -ENOMEM;
	sink_put(&s, before, strlen(before));
	for (size_t i = 0; i < job->code.left; i++) {
		sink_u8(&s, (uint8_t)digits[job->code.at[i] >> 4]);
		sink_u8(&s, (uint8_t)digits[job->code.at[i] & 15]);
	}
	sink_put(&s, after, strlen(after));
	*ret = *job;
	ret->language = language;
	ret->code = bytes_of(s.at, s.used);
	return 0;
}

/* What reads the object in a language that the servers have. AUTO: none. */
static int reader_of(const struct job *job, struct arena *a, struct job *ret)
{
	bool python = bytes_find(job->code, bytes_text("python/")) >= 0, ruby = bytes_find(job->code, bytes_text("ruby/")) >= 0;

	ret->language = LANGUAGE_AUTO;
	if (job->language == LANGUAGE_PICKLE)
		return wrap(job, "__import__('pickle').loads(bytes.fromhex('", "'))", LANGUAGE_PYTHON, a, ret);
	if (job->language == LANGUAGE_YAML && python)
		return wrap(job, "__import__('yaml').load(bytes.fromhex('", "').decode(errors='replace'),Loader=__import__('yaml').UnsafeLoader)",
		    LANGUAGE_PYTHON, a, ret);
	if (job->language == LANGUAGE_YAML && ruby)
		return wrap(job, "require 'yaml';YAML.unsafe_load(['", "'].pack('H*'))", LANGUAGE_RUBY, a, ret);
	if (job->language == LANGUAGE_RUBY_OBJECT)
		return wrap(job, "Marshal.load(['", "'].pack('H*'))", LANGUAGE_RUBY, a, ret);
	return 0;
}

static bool can_run(struct server *const *servers, unsigned count, enum language language)
{
	for (unsigned i = 0; i < count; i++)
		if (server_runs(servers[i], language))
			return true;
	return false;
}

/* An application may do with the read object what it likes: no text must show. */
static void soften(struct report *r, bool all)
{
	for (uint32_t i = 0; i < r->traces_count; i++) {
		struct trace *t = (struct trace *)(uintptr_t)&r->traces[i];

		if (all || t->kind == TRACE_TEXT)
			t->must_show = false;
	}
}

static bool does_something(const struct report *r)
{
	bool does = false;

	for (uint32_t i = 0; i < r->traces_count; i++)
		does |= r->traces[i].kind != TRACE_ERROR;
	return does;
}

/* "host:port"; what stands behind a last colon is digits. */
static uint16_t split_port(struct bytes *host)
{
	const uint8_t *colon = host->left > 0 ? memrchr(host->at, ':', host->left) : NULL;
	unsigned port = 0;

	if (colon == NULL)
		return 0;
	for (const uint8_t *c = colon + 1; c < host->at + host->left && port < 65536; c++) {
		if (*c < '0' || *c > '9')
			return 0;
		port = port * 10 + (unsigned)(*c - '0');
	}
	host->left = (size_t)(colon - host->at);
	return port < 65536 ? (uint16_t)port : 0;
}

/* A URL is fetched: its host is resolved and contacted. */
static void add_fetch(struct bytes url, struct event **e)
{
	ptrdiff_t begin = bytes_find(url, bytes_text("://"));
	struct bytes host = bytes_of(url.at + begin + 3, 0);
	uint16_t port;

	while (host.at + host.left < url.at + url.left && strchr("/?#", host.at[host.left]) == NULL)
		host.left++;
	port = split_port(&host);
	if (port == 0)
		port = bytes_starts_fold(url, bytes_text("https")) ? 443 : bytes_starts_fold(url, bytes_text("ftp")) ? 21 : 80;
	if (host.left == 0)
		return;
	effect_contact(host, port, port != 0, e);
	*(*e)++ = (struct event){ .kind = EVENT_FETCH, .name = url };
}

/* What the object does on the network by itself, the same on every server. */
static int contacts(const struct serial_result *s, struct server *const *chosen, unsigned count, struct arena *a, struct observations *o)
{
	struct event *events = arena_take(a, 3 * SERIAL_EFFECTS_MAX * sizeof(*events)), *e = events;

	if (events == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < s->effects_count; i++) {
		struct bytes host = s->effects[i].text;
		uint16_t port;

		switch (s->effects[i].kind) {
		case SERIAL_DNS:
			effect_contact(host, 0, false, &e);
			break;
		case SERIAL_CONNECT:
			port = split_port(&host);
			effect_contact(host, port, port != 0, &e);
			break;
		case SERIAL_FETCH:
			add_fetch(host, &e);
			break;
		default:
			break;
		}
	}
	for (unsigned row = 0; row < count * SEEDS; row++) {
		o->rows[row] = (struct observation){ .server = row / SEEDS };
		o->rows[row].run = (struct run){ .profile = bytes_text(server_name(chosen[row / SEEDS])), .seed = row % SEEDS,
			.stopped_by = s->read ? STOPPED_EXIT : STOPPED_UNSUPPORTED, .events_count = (uint32_t)(e - events), .events = events };
		o->count = o->plain = row + 1;
	}
	return 0;
}

/* A look-up's URL as the message of a logger, whose look-ups go the same way. */
static int code_of(const struct serial_effect *e, struct arena *a, struct job *next)
{
	size_t size = e->text.left + 16;
	uint8_t *at;
	struct sink s;

	next->language = e->language;
	next->code = e->text;
	if (e->kind != SERIAL_JNDI)
		return 0;
	if ((at = arena_take(a, size)) == NULL)
		return -ENOMEM;
	s = sink_over(at, size);
	sink_put(&s, "${jndi:", 7);
	sink_put(&s, e->text.at, e->text.left);
	sink_u8(&s, '}');
	next->language = LANGUAGE_JNDI;
	next->code = bytes_of(s.at, s.used);
	return 0;
}

static int append(const struct report *from, const struct serial_effect *e, struct arena *a, struct trace_list *to)
{
	char text[SERIAL_CLASS_MAX + 8];

	snprintf(text, sizeof(text), "class %s", e->class_name);
	for (uint32_t i = 0; i < from->traces_count; i++) {
		struct trace *t = from->traces[i].kind == TRACE_ERROR ? NULL : trace_add(to);

		if (t == NULL)
			continue;
		*t = from->traces[i];
		t->must_show = false;
		if (e->class_name[0] != '\0' && t->depends_count < TRACE_DEPENDS_MAX)
			t->depends_on[t->depends_count++] = arena_copy(a, bytes_text(text), sizeof(text));
	}
	return a->full ? -ENOMEM : 0;
}

static int follow(struct server *const *servers, unsigned count, struct finder *finder, const struct job *job,
    const struct serial_result *s, struct arena *a, void (*run_begins)(void), struct report *base, struct trace_list *list)
{
	unsigned followed = 0;

	for (unsigned i = 0; i < s->effects_count && followed < FOLLOWED_MAX; i++) {
		struct job next = *job;
		struct report *report;
		int r;

		if (s->effects[i].kind != SERIAL_CODE && s->effects[i].kind != SERIAL_JNDI)
			continue;
		if ((r = code_of(&s->effects[i], a, &next)) < 0 ||
		    (r = evaluate(servers, count, finder, &next, a, run_begins, &report)) < 0 ||
		    (r = append(report, &s->effects[i], a, list)) < 0)
			return r;
		/* people see what the first of them did */
		if (followed++ == 0 && base->traces_count == 0) {
			base->runs = report->runs;
			base->runs_count = report->runs_count;
			base->stopped_by = report->stopped_by;
		}
		base->blocks += report->blocks;
		base->host_ns += report->host_ns;
	}
	return 0;
}

static int evaluate_effects(struct server *const *servers, unsigned count, struct finder *finder, const struct job *job,
    const struct serial_result *s, struct arena *a, void (*run_begins)(void), struct report **ret)
{
	struct observations *o = arena_take(a, sizeof(*o));
	struct trace_list *list = arena_take(a, sizeof(*list));
	struct server *chosen[REPORT_RUNS_MAX];
	unsigned chosen_count = study_servers(servers, count, job, chosen);
	int r;

	if (o == NULL || list == NULL)
		return -ENOMEM;
	list->arena = a;
	if ((r = contacts(s, chosen, chosen_count, a, o)) < 0 || (r = study_learn(o, job, a, ret)) < 0)
		return r;
	for (uint32_t i = 0; i < (*ret)->traces_count; i++) {
		struct trace *t = trace_add(list);

		*t = (*ret)->traces[i];
		t->must_show = false;
	}
	if ((r = follow(servers, count, finder, job, s, a, run_begins, *ret, list)) < 0)
		return r;
	(*ret)->traces = list->traces;
	(*ret)->traces_count = list->count;
	return 0;
}

int evaluate_serial(struct server *const *servers, unsigned count, struct finder *finder, const struct job *job, struct arena *a,
    void (*run_begins)(void), struct report **ret)
{
	struct serial_result *s;
	struct job reader;
	void *room;
	int r;

	if ((r = reader_of(job, a, &reader)) < 0)
		return r;
	if (reader.language != LANGUAGE_AUTO && can_run(servers, count, reader.language)) {
		if ((r = study(servers, count, &reader, a, run_begins, ret)) < 0)
			return r;
		(*ret)->language = job->language;
		soften(*ret, job->language == LANGUAGE_RUBY_OBJECT);
		/* what the real one refuses for want of an application's class, is looked into as a graph */
		if (job->language != LANGUAGE_RUBY_OBJECT || does_something(*ret))
			return 0;
	}
	room = arena_take(a, serial_room());
	s = arena_take(a, sizeof(*s));
	if (room == NULL || s == NULL)
		return -ENOMEM;
	serial_evaluate(job->language, job->code, room, s);
	return evaluate_effects(servers, count, finder, job, s, a, run_begins, ret);
}
