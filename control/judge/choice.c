/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Places where a value names what is to be shown: a file, a page, a URL. What such a place answers to one name it does
 * not take, it answers to the next.
 */
#include "control/judge/choice.h"

#include "control/extract/decode.h"
#include "control/extract/http.h"
#include "control/judge/digest.h"
#include "control/judge/mask.h"

#include <ctype.h>
#include <string.h>

enum {
	OTHERS_MIN = 2,        /* other names with the same answer; one that is no attack's will do */
	OTHERS_MAX = 256,      /* answers looked at */
	REFUSED_MIN = 3,       /* where nothing else is known of the place: it refuses whatever is named */
	DIFFERENCE_MIN = 16,   /* bytes that no clock makes a page longer */
	AROUND_MIN = 32,       /* bytes on each side of a result by which an application is known again on another server */
	PAGE_MIN = 100,        /* letters and digits of a page that is shown in place of the one that was named */
	SHOWN_MIN = 4,         /* letters and digits that stand where the chosen text would */
};

bool code_is_include(const struct attack_code *c)
{
	return strcmp(c->class_name, "include") == 0;
}

/* Code of whatever language in a URL that brings it along: what is to be shown is what it prints. */
static bool is_brought_along(const struct attack_code *c)
{
	return bytes_starts_fold(c->value, bytes_text("data:")) || bytes_starts_fold(c->value, bytes_text("expect:"));
}

bool names_what_is_shown(const struct attack_code *c)
{
	return c->sink == SINK_RESOURCE && c->part == PART_REQUEST_HEAD && c->parameter[0] != '\0' &&
	    (c->language == LANGUAGE_PATH || code_is_include(c) || is_brought_along(c));
}

bool parameter_value(struct bytes target, const char *parameter, struct bytes *ret)
{
	(void)http_split(&target, '?');
	while (target.left > 0) {
		struct bytes value = http_split(&target, '&'), name = http_split(&value, '=');

		if (bytes_equal(name, bytes_text(parameter))) {
			*ret = value;
			return true;
		}
	}
	return false;
}

/* The value as the application got it, in room; nothing where that is too small, or the target has no such parameter. */
static struct bytes plain_value(struct bytes target, const char *parameter, uint8_t room[static HISTORY_NAME_MAX])
{
	struct sink s = sink_over(room, HISTORY_NAME_MAX);
	struct bytes value = { 0 };

	if (!parameter_value(target, parameter, &value))
		return value;
	if (!decode_url.undo(value, &s) || s.overflow) {
		s = sink_over(room, HISTORY_NAME_MAX);
		sink_put(&s, value.at, value.left);
	}
	return s.overflow ? bytes_of(value.at, 0) : bytes_of(room, s.used);
}

/* What is the same in two answers that say the same of two names: their own name apart, where a message tells it. */
static uint64_t answer_key(const struct history *h, const char *parameter)
{
	uint64_t key = digest_bytes(DIGEST_START, bytes_of(&h->status, sizeof(h->status)));
	uint8_t room[HISTORY_NAME_MAX];
	struct masked m;

	if (h->status < 400 || h->sample.left != h->body_len || h->content_encoding.left > 0 ||
	    !mask_value(h->sample, plain_value(h->name, parameter, room), false, &m))
		return digest_bytes(key, bytes_of(&h->body_digest, sizeof(h->body_digest)));
	return digest_number(key, m.digest);
}

/* Is it the same request but for that parameter's value? */
static bool differs_there_alone(struct bytes a, struct bytes b, const char *parameter)
{
	struct bytes x, y;
	size_t before;

	if (!parameter_value(a, parameter, &x) || !parameter_value(b, parameter, &y) || bytes_equal(x, y))
		return false;
	before = (size_t)(x.at - a.at);
	return before == (size_t)(y.at - b.at) && memcmp(a.at, b.at, before) == 0 &&
	    bytes_equal(bytes_of(x.at + x.left, a.left - before - x.left), bytes_of(y.at + y.left, b.left - before - y.left));
}

unsigned words_in(struct bytes b)
{
	unsigned n = 0;
	bool tag = false;

	for (size_t i = 0; i < b.left; i++) {
		tag = b.at[i] == '<' || (tag && b.at[i] != '>');
		n += !tag && isalnum(b.at[i]);
	}
	return n;
}

/* Where this response differs from another of the place, does it show something of its own? */
static bool shows_another(const struct ruling *r, struct bytes other)
{
	struct bytes b = r->views.body;
	size_t front = 0, back = 0;

	while (front < b.left && front < other.left && b.at[front] == other.at[front])
		front++;
	while (back < b.left - front && back < other.left - front && b.at[b.left - 1 - back] == other.at[other.left - 1 - back])
		back++;
	return words_in(bytes_of(b.at + front, b.left - front - back)) >= SHOWN_MIN;
}

/* The last name in a value, by which one file is told from another however the way to it is written. */
static uint64_t name_key(struct bytes target, const char *parameter)
{
	uint8_t room[HISTORY_NAME_MAX];
	struct bytes value = plain_value(target, parameter, room);
	const uint8_t *at = value.at;
	size_t start, end;
	uint64_t key = DIGEST_START;

	for (end = 0; end < value.left && at[end] != '\0'; end++)
		;
	while (end > 0 && !isalnum(at[end - 1]))
		end--;
	for (start = end; start > 0 && (isalnum(at[start - 1]) || strchr("._-", at[start - 1]) != NULL); start--)
		;
	for (; start < end; start++)
		key = digest_byte(key, (unsigned)tolower(at[start]));
	return key;
}

static bool noted(const uint64_t *list, unsigned count, uint64_t value)
{
	for (unsigned i = 0; i < count; i++) {
		if (list[i] == value)
			return true;
	}
	return false;
}

/* A word that holds a digit is a clock's, a counter's or a nonce's: it changes from answer to answer to the same name. */
static size_t steady(struct bytes b, uint8_t *to)
{
	size_t n = 0;

	for (size_t i = 0; i < b.left;) {
		size_t end = i;
		bool counts = false;

		for (; end < b.left && isalnum(b.at[end]); end++)
			counts |= isdigit(b.at[end]) != 0;
		if (end == i)
			end++;
		if (!counts) {
			memcpy(to + n, b.at + i, end - i);
			n += end - i;
		}
		i = end;
	}
	return n;
}

/*
 * Do the two answers show different things, and not the same at different times? What is kept of a long one is its
 * beginning: behind it only the length tells.
 */
static bool shows_different(const struct history *a, const struct history *b)
{
	uint8_t x[HISTORY_SAMPLE_MAX], y[HISTORY_SAMPLE_MAX];
	size_t m, n, longer = a->body_len > b->body_len ? a->body_len - b->body_len : b->body_len - a->body_len;

	if (longer >= DIFFERENCE_MIN)
		return true;
	if (a->sample.left > sizeof(x) || b->sample.left > sizeof(y) || a->content_encoding.left > 0 || b->content_encoding.left > 0)
		return false;
	m = steady(a->sample, x);
	n = steady(b->sample, y);
	return m > 0 && n > 0 && (m != n || memcmp(x, y, m) != 0);
}

void sameness_of(const struct ruling *r, const struct attack_code *code, struct sameness *ret)
{
	struct memory_cursor c = answers_of(r);
	const struct history *h = NULL;
	uint64_t key, values[OTHERS_MAX], names[OTHERS_MAX + 1];

	*ret = (struct sameness){ 0 };
	while ((h = memory_next(&c)) != NULL && ret->own == NULL)
		ret->own = answer_is_own(r, h) ? h : NULL;
	if (ret->own == NULL || !ret->own->whole || ret->own->body_len == 0)
		return;
	key = answer_key(ret->own, code->parameter);
	names[0] = name_key(ret->own->name, code->parameter);
	c = answers_of(r);
	while (ret->others < OTHERS_MAX && (h = memory_next(&c)) != NULL) {
		uint64_t value = digest_bytes(DIGEST_START, h->name), name;
		bool same;

		/* what one client got packed and another not may be one page: only what is written alike can be compared */
		if (answer_is_own(r, h) || !h->whole || h->tuple.dport != ret->own->tuple.dport ||
		    !bytes_equal(h->content_encoding, ret->own->content_encoding) ||
		    !differs_there_alone(ret->own->name, h->name, code->parameter))
			continue;
		name = name_key(h->name, code->parameter);
		same = answer_key(h, code->parameter) == key;
		if (same && !noted(values, ret->others, value)) {
			values[ret->others++] = value;
			ret->ordinary |= !h->suspect && name != names[0];
			if (!noted(names, ret->names + 1, name))
				names[++ret->names] = name;
		} else if (!same && h->status / 100 == 2) {
			ret->differs |= !h->suspect && shows_different(ret->own, h);
			/* the shortest one may be of a name for which there is nothing */
			ret->filled |= ret->own->body_len >= h->body_len + SHOWN_MIN;
		}
	}
}

bool choice_refused(const struct ruling *r, unsigned code)
{
	const struct attack_code *c = &r->in->codes->codes[code];
	const struct place *p = place_of(r, code);
	struct sameness s;

	/* a URL may have been asked for in vain: value_refused() wants a call that did not come */
	if (!names_what_is_shown(c) || !response_whole(r) || !status_refuses(r->views.status))
		return false;
	sameness_of(r, c, &s);
	return s.own != NULL && s.others > 0 && (s.others >= REFUSED_MIN || s.differs || (p != NULL && p->shows_results));
}

/*
 * The same page as that of a result, with something of its own where that stood: a page's worth, and no message, which may
 * be all that is said by one that read the file and shows nothing of it.
 */
static bool filled_otherwise(struct bytes body, struct bytes result)
{
	size_t front = 0, back = 0, most = body.left < result.left ? body.left : result.left;

	while (front < most && body.at[front] == result.at[front])
		front++;
	while (back < most - front && body.at[body.left - 1 - back] == result.at[result.left - 1 - back])
		back++;
	return front >= AROUND_MIN && back >= AROUND_MIN && words_in(bytes_of(body.at + front, body.left - front - back)) >= PAGE_MIN;
}

/* The same application shows on another server what is named, asked for in the same way. Here it shows something else there. */
static bool kin_shows(const struct ruling *r, unsigned code)
{
	const struct place *k = NULL;

	while ((k = place_book_kin(r->in->places, r->in->record, &r->in->codes->codes[code], k)) != NULL) {
		if (k->result != NULL && k->rest == r->attempts[code].rest &&
		    filled_otherwise(r->views.body, bytes_of(k->result, k->result_len)))
			return true;
	}
	return false;
}

bool choice_fell_back(const struct ruling *r, unsigned code)
{
	const struct attack_code *c = &r->in->codes->codes[code];
	const struct place *p = place_of(r, code);
	struct sameness s;

	if (!names_what_is_shown(c) || !response_whole(r) || r->views.status / 100 != 2)
		return false;
	sameness_of(r, c, &s);
	if (s.own == NULL || (s.names < OTHERS_MIN && !s.ordinary))
		return false;
	if (s.differs && s.filled)
		return true;
	if (p != NULL && p->result != NULL && p->rest == r->attempts[code].rest && shows_another(r, bytes_of(p->result, p->result_len)))
		return true;
	return (p == NULL || !p->runs_code) && s.names >= OTHERS_MIN && kin_shows(r, code);
}
