/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small world around sessions. */
#include "tests/unit/session_world.h"

#include "control/wire/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { FIN = 1, SYN = 2, ACK = 16, MS = 1000000 };

struct world *world_new(enum direction d, enum buffer b, const char *word, bool wait)
{
	struct world *w = calloc(1, sizeof(*w));
	int fd = rings_create(1, 8 << 20);

	assert_non_null(w);
	assert_true(fd >= 0);
	assert_int_equal(ring_open(fd, 0, &w->up), 0);
	assert_int_equal(ring_open(fd, 0, &w->down), 0);
	close(fd);
	w->settings = (struct settings){ .sessions = 64, .stream_mb = 1, .stream_wait_kb = 64, .cases_open = 128,
					 .case_mb = 4, .case_part_kb = 64, .case_open_s = 10 };
	if (word != NULL)
		w->matcher = (struct matcher){ .count = 1, .rules = { { .direction = d, .buffer = b, .word = word } } };
	assert_int_equal(sessions_new(&w->settings, &w->matcher, &w->counters, w->up, wait, &w->sessions), 0);
	w->client = (struct tuple){ .sport = 40000, .dport = 80, .protocol = 6 };
	assert_int_equal(address_parse("192.0.2.1", &w->client.src), 0);
	assert_int_equal(address_parse("198.51.100.1", &w->client.dst), 0);
	w->now_ns = 1000ull * MS;
	return w;
}

void world_forget(struct world *w)
{
	for (size_t i = 0; i < w->cases_count; i++)
		free(w->cases[i].raw);
	for (size_t i = 0; i < w->history_count; i++)
		free(w->history[i].raw);
	w->cases_count = w->history_count = 0;
}

void world_free(struct world *w)
{
	world_forget(w);
	sessions_free(w->sessions);
	ring_close(w->up);
	ring_close(w->down);
	free(w);
}

/* The packet's bytes live only as long as the call, as in a lane. */
static void packet(struct world *w, enum direction d, uint8_t flags, const void *bytes, size_t len)
{
	uint8_t *copy = malloc(len + 1);
	struct packet p = { .time_ns = w->now_ns += MS, .number = ++w->packets, .tcp_flags = flags,
			    .seq = w->next_seq[d], .ack = w->next_seq[!d], .payload_sent = (uint32_t)len,
			    .tuple = d == FROM_CLIENT ? w->client : tuple_reverse(&w->client) };

	assert_non_null(copy);
	if (len > 0)
		memcpy(copy, bytes, len);
	p.payload = bytes_of(copy, len);
	session_packet(w->sessions, w->session, d, &p);
	memset(copy, 0xee, len);
	free(copy);
	w->next_seq[d] += (uint32_t)len + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
}

void world_handshake(struct world *w, bool syn, bool syn_later)
{
	w->session = session_open(w->sessions, &w->client, 77, w->now_ns, false);
	assert_non_null(w->session);
	w->next_seq[FROM_CLIENT] = 0xfffffff0u;
	w->next_seq[FROM_SERVER] = 5000;
	if (syn)
		packet(w, FROM_CLIENT, SYN, NULL, 0);
	else
		w->next_seq[FROM_CLIENT] += syn_later;
	packet(w, FROM_SERVER, SYN | ACK, NULL, 0);
}

void world_open(struct world *w)
{
	world_handshake(w, true, false);
}

void world_syn_late(struct world *w, size_t len)
{
	w->next_seq[FROM_CLIENT] -= (uint32_t)len + 1;
	packet(w, FROM_CLIENT, SYN, NULL, 0);
	w->next_seq[FROM_CLIENT] += (uint32_t)len;
}

void world_close(struct world *w, enum session_end end)
{
	session_close(w->sessions, w->session, end, w->now_ns);
	w->session = NULL;
	assert_true(sessions_flush(w->sessions));
	world_read(w);
	assert_true(sessions_oldest(w->sessions) == UINT64_MAX);
}

void world_send(struct world *w, enum direction d, const void *bytes, size_t len)
{
	packet(w, d, ACK, bytes, len);
}

void world_say(struct world *w, enum direction d, const char *text)
{
	world_send(w, d, text, strlen(text));
}

void world_fin(struct world *w, enum direction d)
{
	packet(w, d, ACK | FIN, NULL, 0);
}

void world_lose(struct world *w, enum direction d, size_t len)
{
	w->next_seq[d] += (uint32_t)len;
	w->packets++;
}

static void take_case(struct world *w, struct bytes b)
{
	struct told_case *c = &w->cases[w->cases_count++];

	assert_true(w->cases_count <= WORLD_CASES);
	c->raw = malloc(b.left);
	memcpy(c->raw, b.at, b.left);
	b.at = c->raw;
	assert_int_equal(case_decode(&b, c->marks, &c->record), 0);
	assert_int_equal(b.left, 0);
}

static void take_history(struct world *w, struct bytes b)
{
	struct told_history *h = &w->history[w->history_count++];

	assert_true(w->history_count <= WORLD_HISTORY);
	h->raw = malloc(b.left);
	memcpy(h->raw, b.at, b.left);
	b.at = h->raw;
	assert_int_equal(history_decode(&b, &h->record), 0);
}

void world_read(struct world *w)
{
	struct bytes b;
	uint8_t kind;

	while (ring_peek(w->down, &b) == 0) {
		assert_int_equal(bytes_u8(&b, &kind), 0);
		if (kind == RECORD_CASE)
			take_case(w, b);
		else
			take_history(w, b);
		ring_release(w->down);
	}
}

const struct history *world_history(const struct world *w, enum history_kind kind, size_t n)
{
	for (size_t i = 0; i < w->history_count; i++) {
		if (w->history[i].record.kind == kind && n-- == 0)
			return &w->history[i].record;
	}
	return NULL;
}
