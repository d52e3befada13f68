/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The views: each way of writing text that can be undone gives one more where it changes something. */
#include "control/judge/view.h"

#include "control/extract/decode.h"
#include "control/extract/http.h"
#include "control/judge/inflate.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Tags between which text goes on without a blank. */
static const char *const inline_tags[] = { "b", "i", "u", "a", "em", "strong", "span", "font", "tt", "code", "small",
                                           "mark", "wbr" };

uint64_t view_origin(const struct view *v, size_t at)
{
	return v->base + (v->origin != NULL ? v->origin[at] : at);
}

size_t views_size(const struct views *vs)
{
	size_t size = 0;

	for (unsigned i = 0; i < vs->count; i++)
		size += vs->at[i].text.left;
	return size;
}

static struct view *view_add(struct views *vs, const struct view *v)
{
	if (vs->count == VIEWS_MAX || v->text.left == 0)
		return NULL;
	vs->at[vs->count] = *v;
	return &vs->at[vs->count++];
}

/* Room for a text made from `from`, which is never longer. */
static int view_make(const struct view *from, struct view *ret)
{
	*ret = *from;
	ret->plain = false;
	ret->owned = malloc(from->text.left);
	ret->origin = malloc(from->text.left * sizeof(*ret->origin));
	ret->text.at = ret->owned;
	ret->text.left = 0;
	if (ret->owned != NULL && ret->origin != NULL)
		return 0;
	free(ret->owned);
	free(ret->origin);
	return -ENOMEM;
}

static void view_put(struct view *to, uint8_t c, uint64_t origin)
{
	to->origin[to->text.left] = (uint32_t)(origin - to->base);
	to->owned[to->text.left++] = c;
}

static void view_drop(struct view *v)
{
	free(v->owned);
	free(v->origin);
}

/* `from` from `at` on, len bytes, as they stand. */
static void view_copy(struct view *to, const struct view *from, size_t at, size_t len)
{
	uint32_t *origin = to->origin + to->text.left;

	memcpy(to->owned + to->text.left, from->text.at + at, len);
	if (from->origin != NULL)
		memcpy(origin, from->origin + at, len * sizeof(*origin));
	for (size_t i = 0; from->origin == NULL && i < len; i++)
		origin[i] = (uint32_t)(at + i);
	to->text.left += len;
}

/*
 * `from` with one decoder undone, piece by piece: a piece begins with the decoder's lead byte, so that what follows
 * the escape ends where the piece ends, and origins are counted back from there.
 */
static int view_undo(struct views *vs, const struct view *from, const struct step *step, uint8_t lead)
{
	struct view made;
	bool changed = false;
	int r;

	if (memchr(from->text.at, lead, from->text.left) == NULL)
		return 0;
	if ((r = view_make(from, &made)) < 0)
		return r;
	for (size_t start = 0; start < from->text.left;) {
		const uint8_t *next = memchr(from->text.at + start + 1, lead, from->text.left - start - 1);
		size_t end = next != NULL ? (size_t)(next - from->text.at) : from->text.left, first = made.text.left;
		struct sink out = sink_over(made.owned + first, end - start);

		changed |= step->undo(bytes_of(from->text.at + start, end - start), &out);
		for (size_t i = 0; i < out.used; i++)
			made.origin[first + i] = (uint32_t)(view_origin(from, end - out.used + i) - from->base);
		made.text.left += out.used;
		start = end;
	}
	if (!changed || view_add(vs, &made) == NULL)
		view_drop(&made);
	return 0;
}

static bool is_inline(struct bytes tag)
{
	size_t len = 0;

	if (tag.left > 0 && tag.at[0] == '/')
		tag = bytes_of(tag.at + 1, tag.left - 1);
	while (len < tag.left && isalnum(tag.at[len]))
		len++;
	for (size_t i = 0; i < COUNT_OF(inline_tags); i++) {
		if (bytes_equal_fold(bytes_of(tag.at, len), bytes_text(inline_tags[i])))
			return true;
	}
	return false;
}

/* `from` without tags: those that part text become a line's end. */
static int view_strip(struct views *vs, const struct view *from, struct view **ret)
{
	struct view made;
	bool changed = false;
	int r;

	*ret = NULL;
	if (memchr(from->text.at, '<', from->text.left) == NULL)
		return 0;
	if ((r = view_make(from, &made)) < 0)
		return r;
	for (size_t i = 0; i < from->text.left; i++) {
		const uint8_t *tag = memchr(from->text.at + i, '<', from->text.left - i), *end = NULL;
		size_t plain = tag != NULL ? (size_t)(tag - from->text.at) - i : from->text.left - i;
		uint8_t after;

		view_copy(&made, from, i, plain);
		if (tag == NULL)
			break;
		i += plain;
		after = i + 1 < from->text.left ? from->text.at[i + 1] : 0;
		if (isalpha(after) || after == '/' || after == '!')
			end = memchr(from->text.at + i, '>', from->text.left - i);
		if (end == NULL) {
			view_put(&made, '<', view_origin(from, i));
			continue;
		}
		changed = true;
		if (!is_inline(bytes_of(from->text.at + i + 1, (size_t)(end - from->text.at) - i - 1)))
			view_put(&made, '\n', view_origin(from, i));
		i = (size_t)(end - from->text.at);
	}
	if (!changed || (*ret = view_add(vs, &made)) == NULL)
		view_drop(&made);
	return 0;
}

/* A text and what comes out of it. */
static int views_of_text(struct views *vs, const struct view *plain)
{
	struct view *base = view_add(vs, plain), *stripped = NULL;
	int r = 0;

	if (base == NULL) {
		view_drop(&(struct view){ .owned = plain->owned, .origin = plain->origin });
		return 0;
	}
	if ((r = view_undo(vs, base, &decode_html, '&')) < 0 || (r = view_undo(vs, base, &decode_json, '\\')) < 0 ||
	    (r = view_undo(vs, base, &decode_url, '%')) < 0 || (r = view_strip(vs, base, &stripped)) < 0)
		return r;
	return stripped != NULL ? view_undo(vs, stripped, &decode_html, '&') : 0;
}

/* The body, its encodings undone. A tail behind a hole can only be read where nothing had to be undone. */
static int views_of_body(struct views *vs, const struct case_part *part, struct bytes encodings)
{
	struct view v = { .where = "http.response_body", .part = part, .text = part->head, .plain = true };
	struct inflated inflated;
	int r = inflate_body(part->head, encodings, &inflated);

	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		vs->decoded = part->head.left == 0;
		return 0;
	}
	vs->whole &= inflated.whole;
	vs->decoded = true;
	if (inflated.at != NULL) {
		v.origin = malloc((inflated.len + 1) * sizeof(*v.origin));
		if (v.origin == NULL) {
			inflated_fini(&inflated);
			return -ENOMEM;
		}
		for (size_t i = 0; i < inflated.len; i++)
			v.origin[i] = (uint32_t)inflated_origin(&inflated, i);
		v.owned = inflated.at;
		v.text = bytes_of(inflated.at, inflated.len);
		inflated.at = NULL;
		inflated_fini(&inflated);
	}
	vs->body = v.text;
	if ((r = views_of_text(vs, &v)) < 0 || v.owned != NULL || part->tail.left == 0)
		return r;
	v = (struct view){ .where = v.where, .part = part, .text = part->tail, .base = part->seen - part->tail.left };
	return views_of_text(vs, &v);
}

/* Seconds of an HTTP date (RFC 9110 5.6.7, the preferred form); 0 where it is none. */
static time_t http_date(struct bytes value)
{
	char text[40] = "";
	struct tm tm = { 0 };

	if (value.left == 0 || value.left >= sizeof(text))
		return 0;
	memcpy(text, value.at, value.left);
	return strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm) != NULL ? timegm(&tm) : 0;
}

/* A file as web servers serve files: dated before this answer, in pieces on request, of known length. */
static bool is_stored(const struct http_response *r)
{
	time_t modified;

	if (r->status != 200 || http_header_find(r->headers, "accept-ranges").left == 0 ||
	    http_header_find(r->headers, "etag").left == 0)
		return false;
	modified = http_date(http_header_find(r->headers, "last-modified"));
	return modified > 0 && http_date(http_header_find(r->headers, "date")) > modified;
}

/* By its Age (RFC 9111 5.1), in whole seconds that may be one too many: what it holds was made before the request. */
static bool is_cached(const struct http_response *r, const struct case_record *record)
{
	struct bytes age = bytes_trim(http_header_find(r->headers, "age"));
	uint64_t seconds = 0, waited_ns = record->response_first_ns - record->request_last_ns;

	if (record->request_last_ns == 0 || record->response_first_ns < record->request_last_ns)
		return false;
	for (size_t i = 0; i < age.left; i++) {
		if (!isdigit(age.at[i]) || seconds > UINT32_MAX)
			return false;
		seconds = seconds * 10 + (age.at[i] - '0');
	}
	return seconds > 1 + waited_ns / 1000000000;
}

int views_of(const struct case_record *record, struct views *ret)
{
	const struct case_part *head = &record->parts[PART_RESPONSE_HEAD], *body = &record->parts[PART_RESPONSE_BODY];
	const struct case_part *stream = &record->parts[PART_SERVER_STREAM];
	struct http_response response = http_response_of(head->present ? head->head : (struct bytes){ 0 });
	int r = 0;

	memset(ret, 0, offsetof(struct views, at)); /* of the views only those that there are */
	ret->decoded = true;
	ret->status = response.status;
	ret->stored = is_stored(&response);
	ret->cached = is_cached(&response, record);
	ret->seen = (head->present && head->head.left > 0) || (body->present && body->seen > 0) ||
		(stream->present && stream->seen > 0);
	ret->whole = ret->seen && record->state == CASE_DONE && head->gaps == 0 && body->gaps == 0 && stream->gaps == 0;
	if (head->present && head->head.left > 0) {
		struct view v = { .where = "http.response_header", .part = head, .text = head->head, .plain = true };

		r = views_of_text(ret, &v);
	}
	if (r == 0 && stream->present && stream->head.left > 0) {
		struct view v = { .where = "stream", .part = stream, .text = stream->head, .plain = true };

		ret->body = v.text;
		r = views_of_text(ret, &v);
	}
	if (r == 0 && body->present)
		r = views_of_body(ret, body, http_header_find(response.headers, "content-encoding"));
	if (r < 0)
		views_fini(ret);
	return r;
}

void views_fini(struct views *vs)
{
	for (unsigned i = 0; i < vs->count; i++)
		view_drop(&vs->at[i]);
	vs->count = 0;
}
