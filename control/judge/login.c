/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log-ins without a password: what the code asks of the database is true, and the answer is a log-in's, unlike those of the
 * log-ins that failed at the same address. One that failed is known by what it asked, or because it asks for the password
 * again.
 */
#include "control/extract/http.h"
#include "control/judge/digest.h"
#include "control/judge/ruling.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
	FAILED_MIN = 2,    /* log-ins that failed before one is told from them */
	SESSION_MIN = 8,   /* letters and digits of a cookie's value by which a session is known again */
	STATUS_DENIED = 401,
};

static const double LOGIN_BITS = 40;

/* Does the page ask for a password? */
static bool asks_password(struct bytes page)
{
	ptrdiff_t at;

	while (page.left > 0 && (at = bytes_find(page, bytes_text("type="))) >= 0) {
		page = bytes_of(page.at + at + 5, page.left - (size_t)at - 5);
		if (page.left > 0 && (page.at[0] == '"' || page.at[0] == '\''))
			page = bytes_of(page.at + 1, page.left - 1);
		if (bytes_starts_fold(page, bytes_text("password")))
			return true;
	}
	return false;
}

/* The path that a Location names, without server, query and fragment. */
static struct bytes path_of_location(struct bytes where)
{
	ptrdiff_t at = bytes_find(where, bytes_text("://"));

	if (at >= 0) {
		where = bytes_of(where.at + at + 3, where.left - (size_t)at - 3);
		while (where.left > 0 && where.at[0] != '/')
			where = bytes_of(where.at + 1, where.left - 1);
	}
	where = http_split(&where, '#');
	return http_split(&where, '?');
}

/* Is it the same page, named from the root or beside the request's own? */
static bool leads_back(struct bytes location, struct bytes path)
{
	return location.left == 0 || (location.left <= path.left &&
		memcmp(path.at + path.left - location.left, location.at, location.left) == 0 &&
		(location.left == path.left || path.at[path.left - location.left - 1] == '/'));
}

static bool is_session(struct bytes value)
{
	size_t n = 0;

	value = http_split(&value, ';');
	for (size_t i = 0; i < value.left; i++)
		n += isalnum(value.at[i]) != 0;
	return n >= SESSION_MIN;
}

/* What of the answer tells a log-in. */
static void fill_in(const struct ruling *r, struct attempt *a)
{
	const struct case_record *c = r->in->record;
	struct http_request request = http_request_of(c->parts[PART_REQUEST_HEAD].head);
	struct bytes lines = http_response_of(c->parts[PART_RESPONSE_HEAD].head).headers;
	struct http_header h;

	a->carried = http_header_find(request.headers, "cookie").at != NULL;
	a->form = asks_password(r->views.body);
	while (http_header_next(&lines, &h)) {
		if (bytes_equal_fold(h.name, bytes_text("location")) && !leads_back(path_of_location(h.value), request.path))
			a->leads = digest_of(path_of_location(h.value));
		if (bytes_equal_fold(h.name, bytes_text("set-cookie"))) {
			struct bytes name = http_split(&h.value, '=');

			if (is_session(h.value))
				a->sessions ^= digest_of(name);
		}
	}
}

/* The place of all that is asked at this address, whatever the parameter. */
static struct attack_code address_of(void)
{
	return (struct attack_code){ .where = "http.uri", .sink = SINK_RESOURCE };
}

/* A log-in that failed, whoever tried it. An attack that a guard turned away is none. */
static bool is_failed(const struct attempt *o)
{
	return o->answer != 0 && o->status < 500 && (o->form || o->status == STATUS_DENIED ||
		(o->truth == TRUTH_FALSE && !status_refuses(o->status)));
}

/* Is this one answered as a log-in, where that one is not? */
static bool tells_apart(const struct attempt *a, const struct attempt *o)
{
	if (o->status == STATUS_DENIED || (a->leads != 0 && a->leads != o->leads))
		return true;
	if (a->sessions != 0 && a->sessions != o->sessions && (a->carried || !o->carried))
		return true;
	return o->form && o->truth == TRUTH_FALSE && o->rest == a->rest && a->status == o->status;
}

struct failed_logins {
	unsigned count, alike; /* alike: with this one's own question, but false */
	bool asked;            /* for a password, or denied one */
	bool same;             /* one of them was answered like this one */
};

static void count_attempts(const struct series *s, const struct attempt *a, struct failed_logins *f)
{
	for (unsigned i = 0; i < s->count; i++) {
		const struct attempt *o = &s->at[i];

		if (o->transaction == a->transaction || !is_failed(o))
			continue;
		f->count++;
		f->asked |= o->form || o->status == STATUS_DENIED;
		f->alike += o->truth == TRUTH_FALSE && o->rest == a->rest && (o->base == a->base || o->shape == a->shape);
		f->same |= !tells_apart(a, o);
	}
}

static bool same_path(const struct history *h, struct bytes path)
{
	struct bytes target = h->name;

	return bytes_equal(http_split(&target, '?'), path);
}

/*
 * The log-ins of others at the address. *ret_blocked: attacks of other addresses were answered with the very same page;
 * *ret_usual: others were answered with the same status here.
 */
static void count_ordinary(const struct ruling *r, const struct attempt *a, struct failed_logins *f, bool *ret_blocked,
                           bool *ret_usual)
{
	struct bytes path = http_request_of(r->in->record->parts[PART_REQUEST_HEAD].head).path;
	struct memory_cursor c = answers_of(r);
	const struct history *h = NULL, *own = NULL;

	while (own == NULL && (h = memory_next(&c)) != NULL)
		own = answer_is_own(r, h) ? h : NULL;
	c = answers_of(r);
	while ((h = memory_next(&c)) != NULL) {
		struct attempt o = { .status = h->status, .form = asks_password(h->sample), .answer = 1, .carried = true };

		if (h == own || h->tuple.dport != r->in->record->tuple.dport || !h->whole)
			continue;
		if (h->suspect) {
			*ret_blocked |= own != NULL && !same_path(h, path) && h->status == own->status && own->body_len > 0 &&
				h->body_len == own->body_len && h->body_digest == own->body_digest;
			continue;
		}
		if (!bytes_equal(h->method, bytes_text("POST")) || !same_path(h, path))
			continue;
		*ret_usual |= h->status == r->views.status;
		if (!is_failed(&o))
			continue;
		f->count++;
		f->asked = true;
		/* of these it is not known where they led to */
		f->same |= h->status != STATUS_DENIED && h->status == r->views.status && a->sessions == 0;
	}
}

/* Did SQL open this door before? Then it opens it again, whatever it asks: a row that is made up is a user, too. */
static bool was_opened(const struct series *s, const struct attempt *a)
{
	for (unsigned i = 0; i < s->count; i++) {
		const struct attempt *o = &s->at[i];

		if (o->end == END_RAN && o->transaction != a->transaction && o->status == a->status && o->leads == a->leads &&
		    o->sessions == a->sessions)
			return true;
	}
	return false;
}

/* It leads on with a session of its own, as others are led on here, and who failed was asked for the password again. */
static bool is_usual_entry(const struct attempt *a, const struct failed_logins *f, bool usual)
{
	return usual && f->asked && a->leads != 0 && a->sessions != 0 && !a->carried;
}

static void tell(struct ruling *r, unsigned code, const struct failed_logins *f)
{
	const struct report *report = r->in->reports[code];
	struct evidence e = { .code = code, .bits = LOGIN_BITS, .found = true, .packet = r->in->record->response_first_packet,
	                      .time_ns = r->in->record->response_first_ns };

	for (unsigned t = 0; t < report->traces_count; t++) {
		if (report->traces[t].kind == TRACE_TRUTH)
			e.trace = t;
	}
	snprintf(e.where, sizeof(e.where), "http.response");
	e.excerpt_len = (size_t)snprintf((char *)e.excerpt, sizeof(e.excerpt),
	                                 "status %u, unlike %u log-ins that failed here", r->views.status, f->count);
	ruling_evidence(r, &e);
	r->sights[code].found = true;
	r->sights[code].where = REASON_LOGGED_IN;
}

void login_look(struct ruling *r, unsigned code)
{
	const struct attack_code *c = &r->in->codes->codes[code];
	const struct attack_code address = address_of();
	struct attempt *a = &r->attempts[code];
	struct failed_logins f = { 0 };
	bool blocked = false, usual = false;
	struct place *p;

	if (r->in->reports[code] == NULL || r->in->reports[code]->traces_count == 0 || a->answer == 0 ||
	    c->part != PART_REQUEST_BODY || (a->truth == TRUTH_NONE && !code_is_sql(c)))
		return;
	fill_in(r, a);
	if ((p = place_book_take(r->in->places, r->in->record, &address)) == NULL)
		return;
	series_note(&p->series, a);
	if (a->truth == TRUTH_FALSE || (a->truth != TRUTH_TRUE && !was_opened(&p->series, a)) || r->sights[code].found || r->views.status >= 400 || a->form)
		return;
	count_attempts(&p->series, a, &f);
	count_ordinary(r, a, &f, &blocked, &usual);
	if (f.count < (is_usual_entry(a, &f, usual) ? 1 : FAILED_MIN) || f.same || blocked)
		return;
	/* a redirect alone may be a guard's, unless others get one here, or what is false gets none */
	if (a->leads != 0 && a->sessions == 0 && f.alike == 0 && !usual)
		return;
	if (!f.asked && (a->sessions == 0 || f.alike == 0))
		return;
	tell(r, code, &f);
	a->end = END_RAN;
	series_note(&p->series, a);
}
