/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Script traces: does a parse of the response hold a script that the request brought along? */
#include "control/extract/decode.h"
#include "control/extract/http.h"
#include "control/judge/javascript.h"
#include "control/judge/page.h"
#include "control/judge/ruling.h"
#include "control/judge/search.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	BITS_A_BYTE = 3,      /* a byte of markup or script in its order: prose has less, since its letters follow each other */
	COPY_MAX = 64,        /* bytes of a copy that count */
	REMAINS_MIN = 6,      /* bytes of a script by which it is known again in text */
};

/* One trace and one script of the page. */
struct match {
	const struct trace *trace;
	const struct page_script *script;
	struct bytes anchor;     /* the script's own text, where it stands in the page */
	size_t copy_from;        /* the run of the page around it that the value holds too; anchor's own beginning at most */
	size_t copy_len;
	bool whole_value;        /* the copy begins where the value begins */
};

static struct bytes label_of(const struct trace *t)
{
	ptrdiff_t end = bytes_find(t->pattern, bytes_text(": "));

	return bytes_of(t->pattern.at, end < 0 ? 0 : (size_t)end);
}

/* Is it what the label names: an element's content, an attribute of any or of that element, or anything? */
static bool is_named(const struct page_script *s, struct bytes label)
{
	struct bytes attribute = label, element = http_split(&attribute, '@');

	if (bytes_equal(label, bytes_text("*")) || strcmp(s->attribute, "srcdoc") == 0)
		return true;
	if (memchr(label.at, '@', label.left) == NULL)
		return s->attribute[0] == '\0' && bytes_equal(label, bytes_text(s->element));
	return bytes_equal_fold(attribute, bytes_text(s->attribute)) &&
		(bytes_equal(element, bytes_text("*")) || bytes_equal(element, bytes_text(s->element)));
}

/* Does the document that an attribute holds run the trace's script? */
static bool document_runs(struct bytes text, const struct trace *t)
{
	struct page *page = NULL;
	const struct page_script *scripts;
	unsigned count, left;
	bool runs = false;

	if (page_new(text, &page) < 0)
		return false;
	scripts = page_scripts(page, &count, &left);
	for (unsigned i = 0; i < count && !runs; i++)
		runs = is_named(&scripts[i], label_of(t)) && bytes_find(scripts[i].text, t->text) >= 0;
	page_free(page);
	return runs;
}

/* Does the trace's text run as a part of this script? */
static enum javascript_place place_in(const struct page_script *s, const struct trace *t)
{
	enum javascript_place best = JAVASCRIPT_DATA;
	struct bytes script = s->text;

	if (strcmp(s->attribute, "srcdoc") == 0)
		return document_runs(s->text, t) ? JAVASCRIPT_CODE : JAVASCRIPT_DATA;
	if (s->address) {
		ptrdiff_t scheme = bytes_find(script, bytes_text(":"));

		/* a source, a document, or script written with escapes of its own */
		if (bytes_find(script, t->text) >= 0 && (!bytes_starts_fold(bytes_trim(script), bytes_text("j")) ||
		    memchr(script.at, '%', script.left) != NULL || scheme < 0))
			return JAVASCRIPT_CODE;
		if (scheme >= 0)
			script = bytes_of(script.at + scheme + 1, script.left - (size_t)scheme - 1);
	}
	for (size_t at = 0; at + t->text.left <= script.left;) {
		ptrdiff_t next = bytes_find(bytes_of(script.at + at, script.left - at), t->text);
		enum javascript_place place;

		if (next < 0)
			break;
		at += (size_t)next;
		/* markup's own names begin no script: what begins a comment or a string is looked at behind that */
		place = at == 0 && t->text.left == script.left ? JAVASCRIPT_CODE : javascript_place_of(script, at, t->text.left);
		if (place == JAVASCRIPT_CODE)
			return place;
		best = place == JAVASCRIPT_BROKEN ? place : best;
		at++;
	}
	return best;
}

/* The longest run of body around the anchor that stands in value too. */
static void measure_copy(struct bytes body, struct bytes value, struct match *m)
{
	size_t start = (size_t)(m->anchor.at - body.at), end = start + m->anchor.left;

	m->copy_len = 0;
	m->whole_value = false;
	for (size_t at = 0; at + m->anchor.left <= value.left;) {
		ptrdiff_t next = bytes_find(bytes_of(value.at + at, value.left - at), m->anchor);
		size_t left = 0, right = 0;

		if (next < 0)
			break;
		at += (size_t)next;
		while (left < at && left < start && value.at[at - left - 1] == body.at[start - left - 1])
			left++;
		while (end + right < body.left && at + m->anchor.left + right < value.left &&
		       value.at[at + m->anchor.left + right] == body.at[end + right])
			right++;
		if (left + right + m->anchor.left > m->copy_len) {
			m->copy_len = left + right + m->anchor.left;
			m->copy_from = start - left;
			m->whole_value = left == at;
		}
		at++;
	}
}

/*
 * Did the value bring what makes this a script: the tag, the attribute, the address's beginning, or the end of the string
 * or statement before it?
 */
static bool is_brought(const struct match *m, struct bytes body)
{
	size_t anchor = (size_t)(m->anchor.at - body.at), written = (size_t)(m->script->written.at - body.at);

	if (m->copy_len == 0)
		return false;
	if (m->copy_from <= m->script->from || (m->script->address && m->copy_from <= written))
		return true;
	return bytes_equal(label_of(m->trace), bytes_text("*")) && (m->copy_from < anchor || m->whole_value);
}

/* PCRE2 text of a literal. */
static size_t write_literal(struct bytes b, uint8_t *to, size_t max)
{
	size_t len = 0;

	for (size_t i = 0; i < b.left && len + 4 <= max; i++) {
		static const char digits[] = "0123456789abcdef";

		if (isalnum(b.at[i])) {
			to[len++] = b.at[i];
			continue;
		}
		to[len++] = '\\';
		to[len++] = 'x';
		to[len++] = (uint8_t)digits[b.at[i] >> 4];
		to[len++] = (uint8_t)digits[b.at[i] & 15];
	}
	return len;
}

/* Does this server show the script to others too? */
static bool is_ordinary(const struct ruling *r, const struct trace *t)
{
	uint8_t pattern[1024];
	struct search *s = NULL;
	bool held = r->ordinary || r->views.cached;

	if (held || searches_take(place_book_searches(r->in->places), bytes_of(pattern, write_literal(t->text, pattern, sizeof(pattern))), 0, &s) < 0)
		return held;
	held = server_holds(r, s);
	searches_give(s);
	return held;
}

static const struct view *body_view(const struct ruling *r)
{
	for (unsigned i = 0; i < r->views.count; i++) {
		if (r->views.at[i].plain && r->views.at[i].text.at == r->views.body.at)
			return &r->views.at[i];
	}
	return NULL;
}

static void note_evidence(struct ruling *r, unsigned code, unsigned trace, const struct match *m, double bits, bool found)
{
	struct evidence e = { .code = code, .trace = trace, .bits = bits, .found = found, .where = "http.response_body" };
	const struct view *v = body_view(r);
	size_t end = (size_t)(m->script->written.at - r->views.body.at) + m->script->written.left;
	const struct segment_mark *mark = NULL;

	if (v == NULL)
		return;
	e.offset = view_origin(v, m->script->from);
	if ((mark = case_part_mark(v->part, e.offset)) != NULL) {
		e.packet = mark->packet;
		e.time_ns = mark->time_ns;
	}
	e.excerpt_len = end - m->script->from < sizeof(e.excerpt) ? end - m->script->from : sizeof(e.excerpt);
	memcpy(e.excerpt, r->views.body.at + m->script->from, e.excerpt_len);
	ruling_evidence(r, &e);
}

/* One trace against one script of the page. */
static void weigh(struct ruling *r, unsigned code, unsigned trace, const struct page_script *script, unsigned scripts)
{
	const struct attack_code *c = &r->in->codes->codes[code];
	struct match m = { .trace = &r->in->reports[code]->traces[trace], .script = script };
	struct sight *sight = &r->sights[code];
	struct bytes label = label_of(m.trace), body = r->views.body;
	enum javascript_place place = is_named(script, label) ? place_in(script, m.trace) : JAVASCRIPT_DATA;
	ptrdiff_t at = bytes_find(script->written, m.trace->text);
	double bits = m.trace->bits - bits_searched(scripts);
	bool found;

	if (place == JAVASCRIPT_DATA)
		return;
	m.anchor = at < 0 ? script->written : bytes_of(script->written.at + at, m.trace->text.left);
	measure_copy(body, c->value, &m);
	if (is_brought(&m, body))
		bits += BITS_A_BYTE * (double)((m.copy_len < COPY_MAX ? m.copy_len : COPY_MAX) - (m.copy_len > m.anchor.left ? m.anchor.left : m.copy_len));
	else if (!bytes_equal(label, bytes_text("*")) && bytes_equal(bytes_trim(script->text), m.trace->text))
		bits += BITS_A_BYTE * (double)label.left; /* put together by the application out of what the value holds */
	else
		return;
	if (is_ordinary(r, m.trace)) {
		sight->explained = true;
		return;
	}
	found = place == JAVASCRIPT_CODE && bits >= r->in->success_bits;
	note_evidence(r, code, trace, &m, bits, found);
	sight->found |= found;
	sight->weak |= !found;
	if (found)
		sight->where = REASON_SCRIPT_IN_RESPONSE;
}

/* A response that a browser shows as a document with script: by its type, or where it has none by its looks. */
static bool is_page(const struct ruling *r)
{
	const struct case_part *part = &r->in->record->parts[PART_RESPONSE_HEAD];
	struct http_response head = http_response_of(part->present ? part->head : (struct bytes){ 0 });
	struct bytes type = bytes_trim(http_header_find(head.headers, "content-type"));
	struct bytes disposition = bytes_trim(http_header_find(head.headers, "content-disposition"));
	static const char *const types[] = { "text/html", "application/xhtml", "image/svg", "text/xml", "application/xml", "text/xsl" };

	if (head.status / 100 == 3 || head.status == 204 || bytes_starts_fold(disposition, bytes_text("attachment")))
		return false;
	if (type.left == 0 || memchr(type.at, '/', type.left) == NULL || bytes_starts_fold(type, bytes_text("*/*")))
		return true;
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (bytes_starts_fold(type, bytes_text(types[i])))
			return true;
	}
	return false;
}

/* Does the value, or what it would run, stand in the response as text? */
static bool stands(const struct ruling *r, unsigned code)
{
	const struct attack_code *c = &r->in->codes->codes[code];
	const struct report *report = r->in->reports[code];

	for (unsigned v = 0; v < r->views.count; v++) {
		struct bytes text = r->views.at[v].text;

		if (bytes_find(text, bytes_trim(c->value)) >= 0)
			return true;
		for (unsigned t = 0; t < report->traces_count; t++) {
			if (report->traces[t].text.left >= REMAINS_MIN && bytes_find(text, report->traces[t].text) >= 0)
				return true;
		}
	}
	return false;
}

void script_look(struct ruling *r, unsigned code)
{
	const struct report *report = r->in->reports[code];
	struct sight *sight = &r->sights[code];
	const struct page_script *scripts = NULL;
	struct page *page = NULL;
	unsigned count = 0, left = 0;
	bool shown = is_page(r);

	if (r->in->codes->codes[code].language != LANGUAGE_HTML || report == NULL)
		return;
	if (shown && r->views.body.left > 0 && page_new(r->views.body, &page) < 0) {
		sight->gave_up = true;
		return;
	}
	if (page != NULL)
		scripts = page_scripts(page, &count, &left);
	for (unsigned t = 0; t < report->traces_count; t++) {
		sight->text_wanted |= report->traces[t].kind == TRACE_SCRIPT;
		for (unsigned i = 0; report->traces[t].kind == TRACE_SCRIPT && i < count; i++)
			weigh(r, code, t, &scripts[i], count);
	}
	sight->gave_up |= left > 0;
	sight->stands = stands(r, code);
	page_free(page);
}

bool script_is_inert(const struct ruling *r, unsigned code)
{
	return r->in->codes->codes[code].language == LANGUAGE_HTML && r->sights[code].stands && r->in->reports[code] != NULL &&
		r->in->reports[code]->traces_count > 0 && response_whole(r);
}

bool script_is_beside(const struct ruling *r, unsigned code)
{
	const struct attack_code *c = &r->in->codes->codes[code];

	if (c->language != LANGUAGE_HTML || r->sights[code].stands || r->sights[code].weak || !response_whole(r))
		return false;
	for (unsigned i = 0; i < r->in->codes->count; i++) {
		const struct attack_code *o = &r->in->codes->codes[i];

		if (o->language != LANGUAGE_HTML && o->part == c->part && o->offset == c->offset)
			return true;
	}
	return false;
}
