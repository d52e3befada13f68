/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a record of the site must be to be a network trace. */
#include "control/judge/wanted.h"

#include "control/extract/http.h"
#include "control/judge/search.h"

#include <ctype.h>
#include <string.h>

enum { ENDING_MAX = 16 };

static enum event_kind event_of(const struct trace *t)
{
	static const enum event_kind kinds[TRACE_KIND_COUNT] = {
		[TRACE_CONNECT] = EVENT_CONNECT, [TRACE_LISTEN] = EVENT_LISTEN, [TRACE_DNS] = EVENT_DNS, [TRACE_ICMP] = EVENT_ICMP,
		[TRACE_FETCH] = EVENT_FETCH,
	};

	return kinds[t->kind];
}

uint64_t trace_lead_ns(const struct report *report, const struct trace *t)
{
	uint64_t lead = UINT64_MAX;

	for (uint32_t i = 0; i < report->runs_count; i++) {
		const struct run *run = &report->runs[i];
		uint64_t slept = 0;

		for (uint32_t e = 0; e < run->events_count; e++) {
			const struct event *event = &run->events[e];
			uint64_t waited = slept < event->virtual_ns ? slept : event->virtual_ns;

			/* another process may have slept: then the guest's clock stands earlier */
			if (event->kind == event_of(t) && waited < lead)
				lead = waited;
			if (event->kind == EVENT_SLEEP)
				slept += event->value;
		}
	}
	return lead == UINT64_MAX ? 0 : lead / 10 * 9; /* clocks differ */
}

/* A pattern's literals may be escaped. */
struct bytes trace_host(const struct trace *t, uint8_t *to, size_t size)
{
	struct bytes text = t->pattern;
	ptrdiff_t scheme = bytes_find(text, bytes_text("//"));
	size_t len = 0;

	if (scheme >= 0)
		text = bytes_of(text.at + scheme + 2, text.left - (size_t)scheme - 2);
	for (size_t i = 0; i < text.left && len < size && text.at[i] != ':' && text.at[i] != '/'; i++) {
		bool escape = !t->literal && text.at[i] == '\\' && i + 1 < text.left;

		if (!t->literal && (escape ? isalnum(text.at[i + 1]) != 0 : strchr("[({*+?|", text.at[i]) != NULL))
			return (struct bytes){ 0 };
		i += escape;
		to[len++] = text.at[i];
	}
	return bytes_of(to, len);
}

static bool same_name(struct bytes a, struct bytes b)
{
	while (a.left > 0 && a.at[a.left - 1] == '.')
		a.left--;
	while (b.left > 0 && b.at[b.left - 1] == '.')
		b.left--;
	return bytes_equal_fold(a, b);
}

/* Does the pattern stand for the whole name? */
static bool names_match(struct search *names, struct bytes name)
{
	size_t at = 0, start = 0, end = 0;

	return search_next(names, name, &at, &start, &end) && start == 0 && end >= name.left;
}

static bool is_far_end(const struct wanted *w, const struct history *h)
{
	for (unsigned i = 0; i < w->addresses_count; i++) {
		if (address_equal(&h->tuple.dst, &w->addresses[i]))
			return true;
	}
	return false;
}

/* What an application that includes files puts behind their names: ".php", ".inc.php". */
static bool is_ending(struct bytes b)
{
	if (b.left == 0)
		return true;
	if (b.left < 2 || b.left > ENDING_MAX || b.at[0] != '.')
		return false;
	for (size_t i = 1; i < b.left; i++)
		if (!isalnum(b.at[i]) && b.at[i] != '.')
			return false;
	return true;
}

static bool asked_for(struct bytes name, struct bytes asked)
{
	return name.left >= asked.left && bytes_equal(bytes_of(name.at, asked.left), asked) &&
		is_ending(bytes_of(name.at + asked.left, name.left - asked.left));
}

/* The far end is told by its name, as to a proxy; by its address where the request names none. */
static bool is_fetched(const struct wanted *w, const struct history *h)
{
	struct bytes asked = w->target, host = h->host;

	if (asked.left > HISTORY_NAME_MAX)
		asked.left = HISTORY_NAME_MAX;
	if (host.left > 0 && host.at[0] != '[')
		host = http_split(&host, ':');
	return asked_for(h->name, asked) && (w->trace->port == 0 || h->tuple.dport == w->trace->port) &&
		(w->name.left > 0 && host.left > 0 ? same_name(host, w->name) : is_far_end(w, h));
}

bool is_wanted(const struct wanted *w, const struct history *h)
{
	const struct trace *t = w->trace;

	if (w->target.left > 0)
		return is_fetched(w, h);
	switch (t->kind) {
	case TRACE_DNS:
		return w->names != NULL ? names_match(w->names, h->name) : same_name(h->name, w->name);
	case TRACE_ICMP:
		break;
	case TRACE_LISTEN:
		return h->tuple.dport == t->port && (t->protocol == 0 || t->protocol == h->tuple.protocol);
	default:
		if ((t->port != 0 && h->tuple.dport != t->port) || (t->protocol != 0 && h->tuple.protocol != t->protocol))
			return false;
	}
	return is_far_end(w, h);
}

/* The addresses that the site was told for the far end's name, before known_until. */
static void learn_addresses(const struct ruling *r, struct wanted *w)
{
	struct memory_query q = { .address = r->in->record->tuple.dst, .side = MEMORY_TO,
	                          .kinds = 1u << HISTORY_DNS_ANSWER, .to_ns = r->in->known_until_ns };
	struct memory_cursor c;
	const struct history *h = NULL;

	if (w->trace->address.family != 0) {
		w->addresses[w->addresses_count++] = w->trace->address;
		return;
	}
	memory_seek(r->in->memory, &q, &c);
	while ((h = memory_next(&c)) != NULL) {
		for (unsigned i = 0; w->name.left > 0 && same_name(h->name, w->name) && i < h->answers_count; i++) {
			if (w->addresses_count < WANTED_ADDRESSES)
				w->addresses[w->addresses_count++] = h->answers[i];
		}
	}
}

/* Behind the host of a URL that is asked for in plain HTTP; "/" where nothing follows. */
static struct bytes target_of(const struct trace *t)
{
	struct bytes text = t->pattern, slash = bytes_text("/");
	const uint8_t *at;

	if (t->kind != TRACE_FETCH || !t->literal || !bytes_starts_fold(text, bytes_text("http://")))
		return (struct bytes){ 0 };
	text = bytes_of(text.at + 7, text.left - 7);
	at = memchr(text.at, '/', text.left);
	return at == NULL ? slash : bytes_of(at, text.left - (size_t)(at - text.at));
}

void wanted_init(const struct ruling *r, const struct trace *t, struct wanted *ret)
{
	*ret = (struct wanted){ .kinds = 1u << HISTORY_FLOW, .side = MEMORY_FROM, .trace = t };
	ret->name = trace_host(t, ret->name_memory, sizeof(ret->name_memory));
	ret->target = target_of(t);
	if (t->kind == TRACE_DNS) {
		ret->kinds = 1u << HISTORY_DNS_QUESTION;
		if (!t->literal && search_new(t->pattern, 0, &ret->names) < 0)
			ret->names = NULL;
	} else if (ret->target.left > 0) {
		ret->kinds = 1u << HISTORY_REQUEST;
	} else if (t->kind == TRACE_ICMP) {
		ret->kinds = 1u << HISTORY_ICMP_ECHO;
	} else if (t->kind == TRACE_LISTEN) {
		ret->kinds = 1u << HISTORY_ANSWERED;
		ret->side = MEMORY_TO;
	}
	learn_addresses(r, ret);
}

void wanted_fini(struct wanted *w)
{
	search_free(w->names);
}
