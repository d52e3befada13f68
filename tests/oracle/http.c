/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random HTTP/1 conversations, cut into random segments, through our sessions and through libhtp, which Suricata
 * trusts: the same transactions, methods, targets, statuses and body lengths.
 */
#include "tests/unit/session_world.h"

#include <htp/htp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <cmocka.h>

enum { SIDE_MAX = 48 << 10, CONVERSATIONS = 3000, TURNS_MAX = 6 };

struct side {
	char at[SIDE_MAX];
	size_t len;
};

struct conversation {
	struct side client[TURNS_MAX], server[TURNS_MAX];
	unsigned turns;
	bool until_close;
};

static uint32_t below(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)(*seed >> 4) * n) >> 28);
}

static const char *any(uint32_t *seed, const char *const *of, size_t count)
{
	return of[below(seed, (uint32_t)count)];
}
#define ANY(seed, list) any(seed, list, COUNT_OF(list))

static void put(struct side *s, const char *text)
{
	size_t n = strlen(text);

	assert_true(s->len + n < SIDE_MAX);
	memcpy(s->at + s->len, text, n);
	s->len += n;
}

/* The first is a letter: after a head of bare LFs, libhtp takes a CR for more of the head. */
static void put_bytes(struct side *s, uint32_t *seed, size_t n)
{
	assert_true(s->len + n < SIDE_MAX);
	if (n > 0) {
		s->at[s->len++] = 'x';
		n--;
	}
	while (n-- > 0)
		s->at[s->len++] = (char)("abc\r\n \0HTTP/1.1 200 GET / :"[below(seed, 27)]);
}

static void put_chunked(struct side *s, uint32_t *seed, const char *end)
{
	static const char *const extensions[] = { "", "", ";a=b", ";x=\"y\"" };
	char line[64];

	for (unsigned i = below(seed, 4); i > 0; i--) {
		size_t n = 1 + below(seed, i == 1 ? 2000 : 40);

		snprintf(line, sizeof(line), below(seed, 2) ? "%zx%s%s" : "%zX%s%s", n, ANY(seed, extensions), end);
		put(s, line);
		put_bytes(s, seed, n);
		put(s, end);
	}
	put(s, "0");
	put(s, end);
	if (below(seed, 4) == 0) {
		put(s, "X-Trailer: x");
		put(s, end);
	}
	put(s, end);
}

static void put_fields(struct side *s, uint32_t *seed, const char *end)
{
	static const char *const fields[] = {
		"Host: example.org", "User-Agent: test", "Accept: */*", "Cookie: a=b; c=d", "X-Odd:  spaced \t",
		"X-Empty:", "Referer: http://example.org/", "Content-Type: text/html",
	};

	for (unsigned i = below(seed, 6); i > 0; i--) {
		put(s, ANY(seed, fields));
		put(s, end);
	}
}

/* A body, with the fields that frame it, the blank line and its bytes. */
static void put_body(struct side *s, uint32_t *seed, const char *end)
{
	char line[64];
	size_t n = below(seed, 3) == 0 ? below(seed, 5000) : below(seed, 50);

	if (below(seed, 3) == 0) {
		put(s, "Transfer-Encoding: chunked");
		put(s, end);
		put(s, end);
		put_chunked(s, seed, end);
		return;
	}
	snprintf(line, sizeof(line), "Content-Length: %zu%s", n, end);
	put(s, line);
	put(s, end);
	put_bytes(s, seed, n);
}

static const char *put_request(struct side *s, uint32_t *seed)
{
	static const char *const methods[] = { "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW" };
	static const char *const targets[] = { "/", "/a/b?c=d&e=%20f", "/%2e%2e/x", "http://example.org/abs", "/a;b=c#d" };
	const char *method = ANY(seed, methods), *end = below(seed, 8) == 0 ? "\n" : "\r\n";

	put(s, method);
	put(s, " ");
	put(s, ANY(seed, targets));
	put(s, below(seed, 5) == 0 ? " HTTP/1.0" : " HTTP/1.1");
	put(s, end);
	put_fields(s, seed, end);
	if (strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0)
		put_body(s, seed, end);
	else
		put(s, end);
	return method;
}

static void put_response(struct side *s, uint32_t *seed, const char *method, bool last, bool *until_close)
{
	static const char *const statuses[] = { "200 OK", "404 Not Found", "204 No Content", "304 Not Modified",
						"500 Internal Server Error", "302 Found", "200" };
	const char *status = ANY(seed, statuses), *end = below(seed, 8) == 0 ? "\n" : "\r\n";

	put(s, "HTTP/1.1 ");
	put(s, status);
	put(s, end);
	put_fields(s, seed, end);
	if (strncmp(status, "204", 3) == 0 || strncmp(status, "304", 3) == 0 || strcmp(method, "HEAD") == 0) {
		put(s, end);
	} else if (last && below(seed, 3) == 0) {
		*until_close = true;
		put(s, end);
		put_bytes(s, seed, below(seed, 3000));
	} else {
		put_body(s, seed, end);
	}
}

static void converse(struct conversation *c, uint32_t seed)
{
	memset(c, 0, sizeof(*c));
	c->turns = 1 + below(&seed, TURNS_MAX - 1);
	for (unsigned i = 0; i < c->turns; i++) {
		const char *method = put_request(&c->client[i], &seed);

		put_response(&c->server[i], &seed, method, i + 1 == c->turns, &c->until_close);
	}
}

static void say(struct world *w, htp_connp_t *peer, enum direction d, const struct side *s, uint32_t *seed)
{
	struct timeval now = { 0 };

	for (size_t at = 0; at < s->len;) {
		/* libhtp takes a first segment that holds less than a status line for more of the body before */
		size_t n = (at == 0 ? 30 : 1) + below(seed, below(seed, 2) ? 1460 : 20);

		if (n > s->len - at)
			n = s->len - at;
		world_send(w, d, s->at + at, n);
		if (d == FROM_CLIENT)
			assert_int_not_equal(htp_connp_req_data(peer, &now, s->at + at, n), HTP_STREAM_ERROR);
		else
			assert_int_not_equal(htp_connp_res_data(peer, &now, s->at + at, n), HTP_STREAM_ERROR);
		at += n;
	}
}

static bool same_text(bstr *theirs, struct bytes ours)
{
	return theirs != NULL && bytes_equal(bytes_of(bstr_ptr(theirs), bstr_len(theirs)), ours);
}

static const struct case_record *case_of(const struct world *w, uint32_t tx_id)
{
	for (size_t i = 0; i < w->cases_count; i++) {
		if (w->cases[i].record.tx_id == tx_id)
			return &w->cases[i].record;
	}
	fail_msg("transaction %u of ours is missing", tx_id);
	return NULL;
}

static void compare(const struct world *w, const htp_connp_t *peer, const struct conversation *c)
{
	const htp_conn_t *conn = htp_connp_get_connection(peer);

	assert_int_equal(htp_list_size(conn->transactions), c->turns);
	assert_int_equal(w->cases_count, c->turns);
	for (unsigned i = 0; i < c->turns; i++) {
		const htp_tx_t *theirs = htp_list_get(conn->transactions, i);
		const struct history *response = world_history(w, HISTORY_RESPONSE, i);
		const struct case_record *ours = case_of(w, i);

		assert_non_null(response);
		assert_int_equal(response->tx_id, i);
		assert_true(same_text(theirs->request_method, response->method));
		assert_true(same_text(theirs->request_uri, response->name));
		assert_int_equal(theirs->response_status_number, response->status);
		assert_int_equal(theirs->response_entity_len, (int64_t)response->body_len);
		assert_int_equal(theirs->request_entity_len, (int64_t)ours->parts[PART_REQUEST_BODY].seen);
		assert_int_equal(theirs->response_entity_len, (int64_t)ours->parts[PART_RESPONSE_BODY].seen);
		assert_int_equal(theirs->request_progress, HTP_REQUEST_COMPLETE);
		assert_int_equal(theirs->response_progress, HTP_RESPONSE_COMPLETE);
		for (unsigned k = 0; k < PART_COUNT; k++)
			assert_int_equal(ours->parts[k].gaps, 0);
	}
}

static void one(struct world *w, htp_cfg_t *cfg, const struct conversation *c, uint32_t seed)
{
	htp_connp_t *peer = htp_connp_create(cfg);
	struct timeval now = { 0 };
	bool pipelined = below(&seed, 3) == 0;

	htp_connp_open(peer, "192.0.2.1", 40000, "198.51.100.1", 80, &now);
	world_forget(w);
	world_open(w);
	for (unsigned i = 0; i < c->turns; i++) {
		say(w, peer, FROM_CLIENT, &c->client[i], &seed);
		if (!pipelined)
			say(w, peer, FROM_SERVER, &c->server[i], &seed);
	}
	for (unsigned i = 0; pipelined && i < c->turns; i++)
		say(w, peer, FROM_SERVER, &c->server[i], &seed);
	world_fin(w, FROM_SERVER);
	world_close(w, SESSION_CLOSED);
	htp_connp_close(peer, &now);
	compare(w, peer, c);
	htp_connp_destroy_all(peer);
}

static void conversations_are_the_same_to_us_and_to_libhtp(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "", false);
	struct conversation *c = malloc(sizeof(*c));
	htp_cfg_t *cfg = htp_config_create();

	assert_non_null(c);
	assert_int_equal(htp_config_set_server_personality(cfg, HTP_SERVER_GENERIC), HTP_OK);
	htp_config_set_response_decompression(cfg, 0);
	for (uint32_t i = 1; i <= CONVERSATIONS; i++) {
		converse(c, i * 2654435761u);
		one(w, cfg, c, i * 40503u);
	}
	htp_config_destroy(cfg);
	free(c);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conversations_are_the_same_to_us_and_to_libhtp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
