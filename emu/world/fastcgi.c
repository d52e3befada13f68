/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FastCGI records, as the specification 1.0 has them. */
#include "emu/world/fastcgi.h"

enum { VERSION = 1, BEGIN = 1, END = 3, PARAMS = 4, IN = 5, OUT = 6, ERR = 7 };
enum { RESPONDER = 1, REQUEST_ID = 1, PART_MAX = 65528 };

static void length(struct sink *s, size_t len)
{
	if (len < 128) {
		sink_u8(s, (uint8_t)len);
		return;
	}
	sink_u8(s, (uint8_t)(len >> 24 | 128));
	sink_u8(s, (uint8_t)(len >> 16));
	sink_u8(s, (uint8_t)(len >> 8));
	sink_u8(s, (uint8_t)len);
}

void fastcgi_pair(struct sink *params, struct bytes name, struct bytes value)
{
	length(params, name.left);
	length(params, value.left);
	sink_put(params, name.at, name.left);
	sink_put(params, value.at, value.left);
}

static void record(struct sink *to, uint8_t type, struct bytes content)
{
	const uint8_t head[8] = { VERSION, type, 0, REQUEST_ID, (uint8_t)(content.left >> 8), (uint8_t)content.left, 0, 0 };

	sink_put(to, head, sizeof(head));
	sink_put(to, content.at, content.left);
}

/* A stream of records, ended by an empty one. */
static void stream(struct sink *to, uint8_t type, struct bytes all)
{
	while (all.left != 0) {
		struct bytes part = bytes_of(all.at, all.left < PART_MAX ? all.left : PART_MAX);

		record(to, type, part);
		all = bytes_of(all.at + part.left, all.left - part.left);
	}
	record(to, type, all);
}

void fastcgi_request(struct sink *to, struct bytes params, struct bytes body)
{
	static const uint8_t begin[8] = { 0, RESPONDER };

	record(to, BEGIN, bytes_of(begin, sizeof(begin)));
	stream(to, PARAMS, params);
	stream(to, IN, body);
}

/* Passes over header lines, up to the empty one. */
static void skip_lines(struct fastcgi_reply *r, struct bytes *part)
{
	while (!r->in_body && part->left != 0) {
		uint8_t c = *part->at++;

		part->left--;
		if (c == '\n') {
			r->in_body = !r->line_begun;
			r->line_begun = false;
		} else if (c != '\r') {
			r->line_begun = true;
		}
	}
}

enum fastcgi_part fastcgi_step(struct fastcgi_reply *r, struct bytes *in, struct bytes *ret)
{
	while (in->left != 0) {
		struct bytes part;

		if (r->head_used < sizeof(r->head)) {
			r->head[r->head_used++] = *in->at++;
			in->left--;
			r->content = (uint32_t)r->head[4] << 8 | r->head[5];
			r->padding = r->head[6];
		} else if (r->content != 0) {
			part = bytes_of(in->at, in->left < r->content ? in->left : r->content);
			*in = bytes_of(in->at + part.left, in->left - part.left);
			r->content -= (uint32_t)part.left;
			if (r->head[1] == OUT)
				skip_lines(r, &part);
			if (part.left != 0 && (r->head[1] == OUT || r->head[1] == ERR)) {
				*ret = part;
				return r->head[1] == OUT ? FASTCGI_BODY : FASTCGI_ERROR;
			}
		} else if (r->padding != 0) {
			uint32_t n = in->left < r->padding ? (uint32_t)in->left : r->padding;

			*in = bytes_of(in->at + n, in->left - n);
			r->padding -= n;
		}
		if (r->head_used == sizeof(r->head) && r->content == 0 && r->padding == 0) {
			r->ended = r->ended || r->head[1] == END;
			r->head_used = 0;
		}
	}
	return FASTCGI_NOTHING;
}
