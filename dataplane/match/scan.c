/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scanning: buffers through Hyperscan, piece by piece; what is seen is remembered in the transaction. */
#include "dataplane/match/matcher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int match_scratch_new(const struct matcher *m, struct match_scratch **ret)
{
	enum { STACK = 512 << 10 }; /* bytes for one regular expression */
	struct match_scratch *x = calloc(1, sizeof(*x));
	int r = -ENOMEM;

	if (x == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < 2 * VIEW_COUNT; i++) {
		const hs_database_t *db = m->databases[i / VIEW_COUNT][i % VIEW_COUNT].literals;
		if (db != NULL && hs_alloc_scratch(db, &x->hyperscan) != HS_SUCCESS)
			goto out;
	}
	for (unsigned i = 0; i < COUNT_OF(m->expressions); i++) {
		const hs_database_t *db = m->expressions[i];
		if (db != NULL && hs_alloc_scratch(db, &x->hyperscan) != HS_SUCCESS)
			goto out;
	}
	x->found = pcre2_match_data_create(1, NULL);
	x->context = pcre2_match_context_create(NULL);
	x->stack = pcre2_jit_stack_create(STACK, STACK, NULL);
	if (x->found == NULL || x->context == NULL || x->stack == NULL)
		goto out;
	pcre2_jit_stack_assign(x->context, NULL, x->stack);
	pcre2_set_match_limit(x->context, rule_set_pcre_steps(m->rules));
	*ret = x;
	x = NULL;
	r = 0;
out:
	match_scratch_free(x);
	return r;
}

void match_scratch_free(struct match_scratch *x)
{
	if (x == NULL)
		return;
	hs_free_scratch(x->hyperscan);
	pcre2_match_data_free(x->found);
	pcre2_match_context_free(x->context);
	pcre2_jit_stack_free(x->stack);
	free(x);
}

const struct match_counts *match_scratch_counts(const struct match_scratch *x)
{
	return &x->counts;
}

void state_hit(struct state *s, uint32_t pattern)
{
	s->suspect = s->news = true;
	for (unsigned i = 0; i < s->hits_count; i++)
		if (s->hits[i] == pattern)
			return;
	if (s->hits_count == HITS_MAX)
		s->lost++;
	else
		s->hits[s->hits_count++] = pattern;
}

void match_begin(const struct matcher *m, struct match_state *state, const struct tuple *client, enum app_proto app)
{
	struct state *s = state_of(state);

	memset(s, 0, sizeof(*s));
	s->client = *client;
	s->app = (uint8_t)app;
	plain_mark(m, s);
}

bool match_suspect(const struct match_state *state)
{
	return ((const struct state *)(const void *)state->raw)->suspect;
}

/* Who hears of a match: the transaction, if one of the pattern's rules could be about it at all. */
struct listener {
	const struct matcher *matcher;
	struct match_scratch *scratch;
	struct state *state;
	const uint32_t *expressions; /* the pattern of each, in this view */
};

/* A rule that asks what these hosts did before is not about those that did not: their answers need not be kept. */
static bool pair_fits(const struct listener *l, const struct rule *r)
{
	for (unsigned i = 0; i < r->bits_count; i++)
		if (r->bits[i].pair && r->bits[i].what == FLOW_BIT_IS_SET && !pair_has(l->scratch, &l->state->client, r->bits[i].names[0], 0))
			return false;
	return true;
}

static void hear(const struct listener *l, uint32_t pattern)
{
	const struct matcher *m = l->matcher;
	const struct pattern *p = &m->patterns[pattern];

	for (uint32_t i = p->first; i < p->first + p->count; i++) {
		const struct entry *e = &m->entries[i];
		const struct rule *r = rule_set_at(m->rules, e->rule);

		if (header_fits(r, (enum direction)e->orientation, l->state) && pair_fits(l, r)) {
			state_hit(l->state, pattern);
			return;
		}
	}
}

static int on_expression(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	const struct listener *l = context;

	if (l->expressions[id] != NO_PATTERN)
		hear(l, l->expressions[id]);
	return 0;
}

static int on_literal(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	hear(context, id);
	return 0;
}

static void scan_view(const struct matcher *m, struct match_scratch *x, enum direction d, unsigned view,
                      struct bytes b, struct state *s)
{
	const struct database *db = &m->databases[d][view];
	const hs_database_t *expressions = m->expressions[expression_kind_of(view)];
	struct listener l = { .matcher = m, .scratch = x, .state = s, .expressions = db->expressions };

	if (db->literals == NULL && db->expressions == NULL)
		return;
	x->counts.scanned += b.left;
	for (size_t at = 0; at < b.left; at += CHUNK - MATCH_CARRY) {
		size_t len = b.left - at < CHUNK ? b.left - at : CHUNK;
		size_t shorter = collapse(b.at + at, len, x->collapsed);
		const char *text = (const char *)(shorter > 0 ? x->collapsed : b.at + at);
		unsigned size = (unsigned)(shorter > 0 ? shorter : len);

		/* results other than success mean our own misuse: a pattern less seen, never more */
		if (db->literals != NULL)
			(void)hs_scan(db->literals, text, size, 0, x->hyperscan, on_literal, &l);
		if (db->expressions != NULL)
			(void)hs_scan(expressions, text, size, 0, x->hyperscan, on_expression, &l);
		if (at + len == b.left)
			break;
	}
}

/* A piece of a payload that begins at offset, whose bytes up to done were scanned before. */
static void scan_payload(const struct matcher *m, struct match_scratch *x, struct state *s, enum direction d,
                         struct bytes piece, uint64_t offset, uint64_t done, size_t skip)
{
	struct bytes rest = bytes_of(piece.at + skip, piece.left - skip), head = piece;
	bool udp = s->client.protocol == 17, starts = offset == 0 && done < HEAD_BYTES;

	if (head.left > HEAD_BYTES)
		head.left = HEAD_BYTES;
	scan_view(m, x, d, udp ? VIEW_PAYLOAD_UDP : BUFFER_PAYLOAD, rest, s);
	if (starts)
		scan_view(m, x, d, udp ? VIEW_HEAD_UDP : VIEW_HEAD_TCP, head, s);
	if (s->app != APP_HTTP) {
		scan_view(m, x, d, VIEW_PAYLOAD_RAW, rest, s);
		return;
	}
	scan_view(m, x, d, VIEW_PAYLOAD_HTTP, rest, s);
	if (starts)
		scan_view(m, x, d, VIEW_HEAD_HTTP, head, s);
}

/* Which of the transaction's positions belongs to a buffer that comes in pieces; -1: it comes whole. */
static int stream_of(enum direction d, enum buffer b)
{
	switch (b) {
	case BUFFER_PAYLOAD:
		return d == FROM_CLIENT ? 0 : 1;
	case BUFFER_HTTP_REQUEST_BODY:
		return 2;
	case BUFFER_FILE_DATA:
		return 3;
	default:
		return -1;
	}
}

bool match_looks(const struct matcher *m, enum direction d, enum buffer b)
{
	unsigned dotted = b == BUFFER_DNS_QUERY ? VIEW_DNS_QUERY_DOT : VIEW_HTTP_HOST_DOT;
	const struct database *db = &m->databases[d][b], *with_dot = &m->databases[d][dotted];

	if (db->literals != NULL || db->expressions != NULL)
		return true;
	return (b == BUFFER_DNS_QUERY || b == BUFFER_HTTP_HOST) &&
	       (with_dot->literals != NULL || with_dot->expressions != NULL);
}

void match_scan(const struct matcher *m, struct match_scratch *x, struct match_state *state, enum direction d,
                enum buffer b, struct bytes piece, uint64_t offset, bool last)
{
	struct state *s = state_of(state);
	int stream = stream_of(d, b);
	uint64_t done = 0;
	size_t skip = 0;

	s->news |= s->hits_count > 0;
	if (stream >= 0) {
		/* of what was scanned before, only as much as a pattern may straddle */
		done = s->scanned[stream];
		if (done >= offset + piece.left)
			return;
		if (done > offset + MATCH_CARRY)
			skip = (size_t)(done - offset - MATCH_CARRY);
		s->scanned[stream] = offset + piece.left;
	}
	if (b == BUFFER_PAYLOAD)
		scan_payload(m, x, s, d, piece, offset, done, skip);
	else
		scan_view(m, x, d, b, bytes_of(piece.at + skip, piece.left - skip), s);
	if (b == BUFFER_DNS_QUERY || b == BUFFER_HTTP_HOST) {
		unsigned view = b == BUFFER_DNS_QUERY ? VIEW_DNS_QUERY_DOT : VIEW_HTTP_HOST_DOT;
		scan_view(m, x, d, view, dot_prefixed(x, view, piece), s);
	}
	x->counts.state_full += s->lost;
	s->lost = 0;
}

struct bytes dot_prefixed(struct match_scratch *x, unsigned view, struct bytes name)
{
	uint8_t *to = x->dotted[view - VIEW_DNS_QUERY_DOT];
	size_t len = name.left;

	if (len >= DOTTED_MAX) {
		len = DOTTED_MAX - 1;
		x->counts.cut++;
	}
	to[0] = '.';
	if (len > 0)
		memcpy(to + 1, name.at, len);
	return bytes_of(to, len + 1);
}
