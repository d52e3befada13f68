/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of dataplane/match share: the compiled rules, a lane's scratch, a transaction's state. Private. */
#ifndef DATAPLANE_MATCH_MATCHER_H
#define DATAPLANE_MATCH_MATCHER_H

#include "dataplane/match/match.h"

#include "config/rules/ast.h"

#include <hs/hs.h>

enum {
	/* a view is a buffer as some rules see it; BUFFER_PAYLOAD is that of TCP */
	VIEW_DNS_QUERY_DOT = BUFFER_COUNT, /* buffers with a '.' before them */
	VIEW_HTTP_HOST_DOT,
	VIEW_PAYLOAD_UDP,
	VIEW_PAYLOAD_HTTP,     /* of rules for http alone */
	VIEW_HEAD_TCP,         /* the first bytes of a payload, for patterns that must lie there */
	VIEW_HEAD_UDP,
	VIEW_HEAD_HTTP,
	VIEW_PAYLOAD_RAW,      /* of rules for what is no http */
	VIEW_COUNT,
	HEAD_BYTES = 64,
	CHUNK = 32 << 10,      /* bytes that Hyperscan gets at once */
	DOTTED_MAX = 1024,     /* bytes of such a buffer; what is longer is cut */
	HITS_MAX = 80,         /* patterns remembered in a transaction; further ones are counted */
	TOLD_MAX = 24,         /* rules told in a transaction; further ones are counted */
	STREAMS = 4,           /* buffers that come in pieces: payload of both sides, request body, response body */
	STEPS_MAX = 3000,      /* searches for one rule's conditions on one buffer */
	STEP_BYTES = 64,       /* a search over more bytes costs more steps */
	PCRE_COST = 4,         /* times what a search for a text costs */
	PAIR_BUCKETS = 1024,   /* of xbits of pairs of hosts; a pair's bit has one bucket */
	PAIR_WAYS = 4,
	CALL_STEPS_MAX = 100000, /* of one call of match_verdicts(): hostile text must not hold a lane */
};

/* The rules that one fast pattern makes candidates: entries[first..first + count). */
struct pattern {
	uint32_t first, count;
	bool stops;           /* one of them stops packets */
};

/* A rule, and from whose side its packets come. */
struct entry {
	uint32_t rule;
	uint8_t orientation;  /* enum direction */
	bool exact;           /* the pattern's being seen is all that conditions[fast_pcre] asks */
};

/* All patterns of one view in one direction. */
struct database {
	hs_database_t *literals; /* NULL: there are none */
	uint32_t *expressions;   /* the pattern of each regular expression of its kind, or NO_PATTERN; NULL: all none */
};

/* Rules without a fast pattern, by an address that they name. */
struct plain {
	unsigned __int128 low, high;
	unsigned __int128 reach; /* the highest high up to here */
	uint32_t pattern;
};

/* Rules repeat one expression for several buffers: it is compiled once for payload, once for all other buffers. */
enum expression_kind { EXPRESSIONS_OF_PAYLOAD, EXPRESSIONS_OF_FIELDS };
#define NO_PATTERN UINT32_MAX
static inline enum expression_kind expression_kind_of(unsigned view)
{
	bool payload = view == BUFFER_PAYLOAD || (view >= VIEW_PAYLOAD_UDP && view < VIEW_COUNT);

	return payload ? EXPRESSIONS_OF_PAYLOAD : EXPRESSIONS_OF_FIELDS;
}

struct matcher {
	struct rule_set *rules; /* held */
	const char *compiled;   /* folder of compiled patterns, while compiling */
	hs_database_t *expressions[2]; /* enum expression_kind; NULL: there are none */
	struct pattern *patterns;
	struct entry *entries;
	unsigned patterns_count, entries_count;
	struct database databases[2][VIEW_COUNT];
	struct plain *plain[2];       /* by the client's address; by the server's */
	unsigned plain_count[2];
	uint32_t *wide;               /* patterns of rules without content and with every address */
	unsigned wide_count;
	bool stops;                   /* some rule stops packets */
	bool guard_all;               /* so many that every packet waits */
	const struct rule **guards;   /* gate.c: one rule of each header, those that pass first */
	unsigned guards_count;
};

struct pulled {
	bool asked, have, whole;
	struct bytes bytes;
};

/* An xbit that is set; until_ns 0: none. */
struct pair_bit {
	struct address one, other;
	uint16_t name;
	uint64_t until_ns;
};

struct match_scratch {
	hs_scratch_t *hyperscan;
	pcre2_match_data *found;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	struct pulled pulled[2][VIEW_COUNT];
	uint8_t dotted[2][DOTTED_MAX]; /* the two dotted views' bytes */
	uint8_t collapsed[CHUNK];      /* a chunk without the middle of what repeats */
	unsigned steps;                /* left in this call */
	struct pair_bit pairs[PAIR_BUCKETS][PAIR_WAYS];
	struct match_counts counts;
};

struct state {
	struct tuple client;
	uint64_t scanned[STREAMS];
	uint8_t app;
	bool suspect, news;
	uint8_t told_count, hits_count;
	uint32_t lost;            /* patterns seen and not remembered since they were last counted */
	uint32_t told[TOLD_MAX];  /* rules */
	uint32_t hits[HITS_MAX];  /* patterns */
};
_Static_assert(sizeof(struct state) <= MATCH_STATE_SIZE, "a transaction's state fits where it is embedded");

static inline struct state *state_of(struct match_state *s)
{
	return (struct state *)(void *)s->raw;
}

/* pair.c: xbits. Is it set at that time? */
bool pair_has(struct match_scratch *, const struct tuple *, uint16_t name, uint64_t now_ns);
/* Sets it until then; what of its bucket ends first makes room. */
void pair_remember(struct match_scratch *, const struct tuple *, uint16_t name, uint64_t now_ns, uint64_t until_ns);
void pair_forget(struct match_scratch *, const struct tuple *, uint16_t name);
/* Remembers a pattern that was seen. */
void state_hit(struct state *, uint32_t pattern);
/* collapse.c: shortens what repeats with a short period. Returns bytes written to to[len], or 0: nothing repeats. */
size_t collapse(const uint8_t *at, size_t len, uint8_t *to);
/* name with a '.' before it, in scratch, for one of the dotted views. */
struct bytes dot_prefixed(struct match_scratch *, unsigned view, struct bytes name);

/* A fast pattern on its way into a database; equal ones become one pattern. */
struct draft {
	uint8_t direction, view;
	bool regex, nocase;
	struct bytes bytes;           /* literal; of a regex its text */
	uint32_t options;             /* of a regex */
	struct entry entry;
};

/* Can Hyperscan filter by this regular expression? exact: what it finds, PCRE2 finds too. */
bool expression_fits(const struct draft *, bool *exact);
/* expressions.c: the databases of regular expressions; ids[i] is draft i's pattern. -ENOMEM, -EINVAL with why. */
must_check int expressions_build(struct matcher *, const struct draft *, unsigned count, const uint32_t *ids, char *why,
                                 size_t why_size);
int hyperscan_error(hs_error_t);

/* A rule without a fast pattern, seen from one side. */
struct plain_draft {
	uint32_t pattern, rule;
	enum direction orientation;
};
/* The tables by address. -ENOMEM. */
must_check int plain_build(struct matcher *, const struct plain_draft *, unsigned count);
/* Makes those whose header fits candidates. */
void plain_mark(const struct matcher *, struct state *);
/* Do protocol, addresses and ports of this rule fit the transaction? */
bool header_fits(const struct rule *, enum direction orientation, const struct state *);

/* gate.c: the headers of rules that stop packets. -ENOMEM. */
must_check int gate_build(struct matcher *);

/* verify.c: do all conditions of a group hold on this buffer? whole: nothing of it is missing at its end. */
bool group_holds(struct match_scratch *, const struct rule *, const struct rule_group *, struct bytes buffer, bool whole);

#endif
