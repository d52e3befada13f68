/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTTP/1 framing: one function a state. */
#include "dataplane/app/http1.h"

#include <ctype.h>
#include <string.h>

enum { CHUNK_DIGITS_MAX = 15, TRAILER_MAX = 64 << 10, METHOD_WORD_MAX = 20 };

/* Takes up to n bytes from the front. */
static struct bytes take_most(struct bytes *in, uint64_t n)
{
	struct bytes piece = bytes_of(in->at, n < in->left ? (size_t)n : in->left);

	in->at += piece.left;
	in->left -= piece.left;
	return piece;
}

static int hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* How far the block of lines goes in what is here, its blank line included if it is here; *over tells that it is. */
static size_t lines_span(struct http1 *h, struct bytes in, bool *over)
{
	size_t i = 0;

	*over = false;
	while (i < in.left && !*over) {
		uint8_t c = in.at[i];

		if (h->line == 0) {
			const uint8_t *lf = memchr(in.at + i, '\n', in.left - i);

			i = lf == NULL ? in.left : (size_t)(lf - in.at) + 1;
			h->line = lf == NULL ? 0 : 1;
			continue;
		}
		i++;
		if (c == '\n')
			*over = true;
		else
			h->line = c == '\r' && h->line == 1 ? 2 : 0;
	}
	return i;
}

static enum http1_event step_start(struct http1 *h, struct bytes *in, struct bytes *piece)
{
	while (in->left > 0 && (in->at[0] == '\r' || in->at[0] == '\n'))
		(void)take_most(in, 1);
	if (in->left == 0)
		return HTTP1_MORE;
	h->state = HTTP1_IN_HEAD;
	h->line = 0;
	h->head_len = 0;
	*piece = bytes_of(in->at, 0);
	return HTTP1_BEGIN;
}

static enum http1_event step_head(struct http1 *h, struct bytes *in, struct bytes *piece)
{
	struct bytes window = *in;
	bool over;

	if (h->head_len >= HTTP1_HEAD_MAX) {
		h->state = HTTP1_TO_CLOSE;
		return HTTP1_HEAD_BROKEN;
	}
	if (window.left > HTTP1_HEAD_MAX - h->head_len)
		window.left = HTTP1_HEAD_MAX - h->head_len;
	*piece = take_most(in, lines_span(h, window, &over));
	h->head_len += (uint32_t)piece->left;
	if (over)
		h->state = HTTP1_HEAD_OVER;
	return HTTP1_HEAD;
}

static enum http1_event step_head_over(struct http1 *h)
{
	h->state = HTTP1_WAIT_BODY;
	return HTTP1_HEAD_END;
}

static enum http1_event step_length(struct http1 *h, struct bytes *in, struct bytes *piece)
{
	if (h->remaining == 0) {
		h->state = HTTP1_START;
		return HTTP1_END;
	}
	if (in->left == 0)
		return HTTP1_MORE;
	*piece = take_most(in, h->remaining);
	h->remaining -= piece->left;
	return HTTP1_BODY;
}

static enum http1_event chunk_broken(struct http1 *h)
{
	h->state = HTTP1_TO_CLOSE;
	return HTTP1_BODY_BROKEN;
}

static void chunk_begins(struct http1 *h)
{
	h->state = h->remaining == 0 ? HTTP1_TRAILER : HTTP1_CHUNK_DATA;
	h->line = 1;
	h->head_len = 0;
}

/* Blanks before the digits and an empty line are tolerated; anything else but hex digits is not. */
static enum http1_event step_chunk_size(struct http1 *h, struct bytes *in)
{
	uint8_t c = in->at[0];
	int value = hex_value(c);

	if (value >= 0) {
		if (h->digits == CHUNK_DIGITS_MAX)
			return chunk_broken(h);
		h->digits++;
		h->remaining = h->remaining << 4 | (uint64_t)value;
	} else if (h->digits == 0) {
		if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
			return chunk_broken(h);
	} else if (c == '\n') {
		chunk_begins(h);
	} else if (c == ';' || c == '\r' || c == ' ' || c == '\t') {
		h->state = HTTP1_CHUNK_EXTENSION;
	} else {
		return chunk_broken(h);
	}
	(void)take_most(in, 1);
	return HTTP1_MORE;
}

static enum http1_event step_chunk_extension(struct http1 *h, struct bytes *in)
{
	const uint8_t *lf = memchr(in->at, '\n', in->left);

	(void)take_most(in, lf == NULL ? in->left : (size_t)(lf - in->at) + 1);
	if (lf != NULL)
		chunk_begins(h);
	return HTTP1_MORE;
}

static void chunk_size_begins(struct http1 *h)
{
	h->state = HTTP1_CHUNK_SIZE;
	h->digits = 0;
	h->remaining = 0;
}

static enum http1_event step_chunk_data(struct http1 *h, struct bytes *in, struct bytes *piece)
{
	*piece = take_most(in, h->remaining);
	h->remaining -= piece->left;
	if (h->remaining == 0)
		h->state = HTTP1_CHUNK_END;
	return HTTP1_BODY;
}

/* CR LF or LF; anything else means that size and data disagree. */
static enum http1_event step_chunk_end(struct http1 *h, struct bytes *in)
{
	uint8_t c = in->at[0];

	if (c != '\r' && c != '\n')
		return chunk_broken(h);
	(void)take_most(in, 1);
	if (c == '\n')
		chunk_size_begins(h);
	return HTTP1_MORE;
}

static enum http1_event step_trailer(struct http1 *h, struct bytes *in)
{
	struct bytes window = *in;
	bool over;

	if (window.left > TRAILER_MAX - h->head_len)
		window.left = TRAILER_MAX - h->head_len;
	h->head_len += (uint32_t)take_most(in, lines_span(h, window, &over)).left;
	if (over) {
		h->state = HTTP1_START;
		return HTTP1_END;
	}
	return h->head_len < TRAILER_MAX ? HTTP1_MORE : chunk_broken(h);
}

static enum http1_event step_lost(struct http1 *h, struct bytes *in, struct bytes *piece)
{
	if (http1_looks_like_beginning(h->response, *in)) {
		h->state = HTTP1_START;
		return HTTP1_MORE;
	}
	*piece = take_most(in, in->left);
	return HTTP1_SKIPPED;
}

/* One state's step; HTTP1_MORE with input left means: go on in the new state. */
static enum http1_event step_once(struct http1 *h, struct bytes *in, struct bytes *piece)
{
	if (h->state == HTTP1_HEAD_OVER)
		return step_head_over(h);
	if (h->state == HTTP1_IN_LENGTH)
		return step_length(h, in, piece);
	if (in->left == 0)
		return HTTP1_MORE;
	switch (h->state) {
	case HTTP1_START:
		return step_start(h, in, piece);
	case HTTP1_IN_HEAD:
		return step_head(h, in, piece);
	case HTTP1_CHUNK_SIZE:
		return step_chunk_size(h, in);
	case HTTP1_CHUNK_EXTENSION:
		return step_chunk_extension(h, in);
	case HTTP1_CHUNK_DATA:
		return step_chunk_data(h, in, piece);
	case HTTP1_CHUNK_END:
		return step_chunk_end(h, in);
	case HTTP1_TRAILER:
		return step_trailer(h, in);
	case HTTP1_LOST:
		return step_lost(h, in, piece);
	default:
		*piece = take_most(in, in->left);
		return HTTP1_BODY;
	}
}

enum http1_event http1_step(struct http1 *h, struct bytes *in, struct bytes *piece)
{
	enum http1_event e;

	*piece = bytes_of(in->at, 0);
	do {
		e = step_once(h, in, piece);
	} while (e == HTTP1_MORE && in->left > 0);
	return e;
}

void http1_body(struct http1 *h, enum http1_framing framing, uint64_t length)
{
	if (framing == HTTP1_CHUNKED) {
		chunk_size_begins(h);
		return;
	}
	h->state = framing == HTTP1_UNTIL_CLOSE ? HTTP1_TO_CLOSE : HTTP1_IN_LENGTH;
	h->remaining = framing == HTTP1_LENGTH ? length : 0;
}

bool http1_gap(struct http1 *h, uint64_t len)
{
	bool inside = h->state == HTTP1_IN_LENGTH || h->state == HTTP1_CHUNK_DATA;

	if (h->state == HTTP1_TO_CLOSE)
		return true;
	if (inside && len <= h->remaining) {
		h->remaining -= len;
		if (h->remaining == 0 && h->state == HTTP1_CHUNK_DATA)
			h->state = HTTP1_CHUNK_END;
		return true;
	}
	h->state = HTTP1_LOST;
	return false;
}

bool http1_finish(const struct http1 *h)
{
	return h->state == HTTP1_START || h->state == HTTP1_TO_CLOSE || h->state == HTTP1_LOST ||
	       (h->state == HTTP1_IN_LENGTH && h->remaining == 0);
}

bool http1_looks_like_beginning(bool response, struct bytes piece)
{
	size_t word = 0;

	if (response)
		return bytes_starts_fold(piece, bytes_text("HTTP/1."));
	while (word < piece.left && word < METHOD_WORD_MAX && isupper(piece.at[word]))
		word++;
	if (word < 3 || word + 1 >= piece.left || piece.at[word] != ' ')
		return false;
	return piece.at[word + 1] == '/' || piece.at[word + 1] == '*' || piece.at[word + 1] == 'h';
}
