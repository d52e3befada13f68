/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A transaction made of given buffers, for tests of matching. */
#include "tests/unit/match_harness.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int harness_load(struct rule_set *set, const char *text, size_t len, struct complaints *complaints)
{
	char path[64];
	int fd = memfd_create("rules", 0), r = -1;

	if (fd < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (write(fd, text, len) == (ssize_t)len)
		r = rule_set_add(set, path, complaints);
	close(fd);
	return r;
}

struct harness *harness_new(const char *rules)
{
	static struct settings settings;
	struct harness *h = calloc(1, sizeof(*h));
	struct complaints complaints = { .to = stderr };
	char why[256] = "";

	settings_default("/", &settings);
	if (h == NULL || rule_set_new(&settings, &complaints, &h->rules) < 0 ||
	    harness_load(h->rules, rules, strlen(rules), &complaints) < 0 || complaints.count > 0 ||
	    matcher_new(h->rules, NULL, why, sizeof(why), &h->matcher) < 0 || match_scratch_new(h->matcher, &h->scratch) < 0) {
		fprintf(stderr, "the test's rules do not load: %s\n%s\n", why, rules);
		abort();
	}
	h->app = APP_HTTP;
	h->max = CASE_ALERTS_MAX;
	return h;
}

void harness_free(struct harness *h)
{
	match_scratch_free(h->scratch);
	matcher_free(h->matcher);
	rule_set_free(h->rules);
	free(h);
}

void harness_set_bytes(struct harness *h, enum direction d, enum buffer b, const void *at, size_t len)
{
	h->have[d][b] = at != NULL;
	h->buffers[d][b] = bytes_of(at, len);
}

void harness_set(struct harness *h, enum direction d, enum buffer b, const char *text)
{
	harness_set_bytes(h, d, b, text, text != NULL ? strlen(text) : 0);
}

static bool lend(void *transaction, enum direction d, enum buffer b, struct bytes *ret, bool *whole)
{
	const struct harness *h = transaction;

	if (!h->have[d][b])
		return false;
	*ret = h->buffers[d][b];
	*whole = true;
	return true;
}

static bool in_pieces(enum buffer b)
{
	return b == BUFFER_PAYLOAD || b == BUFFER_HTTP_REQUEST_BODY || b == BUFFER_FILE_DATA;
}

static void scan(struct harness *h, struct match_state *state, enum direction d, enum buffer b)
{
	struct bytes all = h->buffers[d][b];
	size_t step = in_pieces(b) && h->piece > 0 ? h->piece : all.left;

	for (size_t at = 0; at < all.left || at == 0; at += step > 0 ? step : 1) {
		size_t carry = at < MATCH_CARRY ? at : MATCH_CARRY;
		size_t end = at + step < all.left ? at + step : all.left;
		match_scan(h->matcher, h->scratch, state, d, b, bytes_of(all.at + at - carry, end - at + carry), at - carry,
		           end == all.left);
	}
}

const char *harness_run(struct harness *h)
{
	struct tuple client = { .sport = 40000, .dport = 80, .protocol = 6 };
	struct match_source source = { .buffer = lend, .transaction = h, .time_ns = h->time_ns };
	struct case_alert alerts[CASE_ALERTS_MAX];
	struct match_state state;
	size_t len = 0;

	if (address_parse(h->elsewhere ? "10.0.0.6" : "10.0.0.5", &client.src) < 0 || address_parse("192.0.2.1", &client.dst) < 0)
		abort();
	client.src.raw[1] ^= (uint8_t)(h->neighbour >> 8);
	client.src.raw[2] ^= (uint8_t)h->neighbour;
	h->fired[0] = '\0';
	h->left = 0;
	match_begin(h->matcher, &state, &client, h->app);
	for (unsigned d = FROM_CLIENT; d <= FROM_SERVER; d++) {
		uint32_t left;
		for (unsigned b = 0; b < BUFFER_COUNT; b++)
			if (h->have[d][b])
				scan(h, &state, (enum direction)d, (enum buffer)b);
		unsigned n = match_verdicts(h->matcher, h->scratch, &state, &h->flow, &source, (enum direction)d, alerts, h->max,
		                            &left);
		h->left += left;
		for (unsigned i = 0; i < n; i++)
			len += (size_t)snprintf(h->fired + len, sizeof(h->fired) - len, "%s%u", len > 0 ? " " : "", alerts[i].sid);
	}
	return h->fired;
}

const char *harness_uri(struct harness *h, const char *uri)
{
	harness_set(h, FROM_CLIENT, BUFFER_HTTP_URI, uri);
	return harness_run(h);
}
