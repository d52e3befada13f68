/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A parsed rule: its header, and its conditions in groups by buffer. Read-only once the set is loaded. */
#ifndef CONFIG_RULES_AST_H
#define CONFIG_RULES_AST_H

#define PCRE2_CODE_UNIT_WIDTH 8

#include "config/rules/action.h"
#include "config/rules/buffer.h"
#include "config/rules/ranges.h"
#include "config/rules/rule.h"
#include "control/wire/case.h"
#include "dataplane/packet.h"

#include <pcre2.h>

enum {
	RULE_CONDITIONS_MAX = 96, /* of one rule: bounds verification's stack */
	RULE_GROUPS_MAX = 8,      /* buffers of one rule */
	RULE_CONTENT_MAX = 1024,  /* bytes of one content */
	RULE_BITS_MAX = 512,      /* flowbit names of a set: struct match_flow holds one bit each */
	RULE_BIT_NAMES_MAX = 8,   /* names in one flowbits option */
	RULE_PLAIN_MAX = 256,     /* rules of a set with nothing to look for and every address: they meet all traffic */
};

enum rule_protocol { RULE_IP, RULE_TCP, RULE_UDP, RULE_HTTP, RULE_DNS };

/* A buffer as a rule sees it. */
struct rule_view {
	enum buffer buffer;
	bool dot_prefix; /* with a '.' before it: names of a domain and below are one pattern */
};

enum condition_kind {
	CONDITION_CONTENT,
	CONDITION_PCRE,
	CONDITION_DATA_AT,   /* is there a byte at offset? */
	CONDITION_SIZE,      /* bsize, urilen, dsize: the buffer's length */
	CONDITION_BYTE_TEST,
	CONDITION_BYTE_JUMP,
};

enum size_relation { SIZE_EQUAL, SIZE_LESS, SIZE_MORE, SIZE_AT_MOST, SIZE_AT_LEAST, SIZE_BETWEEN, SIZE_NOT };
enum byte_relation { BYTE_EQUAL, BYTE_LESS, BYTE_MORE, BYTE_AT_MOST, BYTE_AT_LEAST, BYTE_AND, BYTE_OR };

struct content {
	struct bytes bytes;  /* folded to lower case where nocase */
	bool nocase, ends_with;
	bool has_offset, has_depth, has_distance, has_within;
	int32_t offset, depth, distance, within; /* depth is counted from offset, as it is written */
};

struct byte_number { /* the number that byte_test and byte_jump read */
	uint8_t size;     /* bytes; of text, digits */
	uint8_t base;     /* 0: binary; else 8, 10 or 16: text */
	bool little_endian;
	int32_t offset;
	uint32_t mask;    /* 0: none */
};

struct condition {
	enum condition_kind kind;
	struct rule_view view;
	bool negated;
	bool relative;    /* to where the last match before it in its group ended */
	union {
		struct content content;
		struct { pcre2_code *code; uint32_t options; const char *text; } pcre;
		struct { int32_t offset; } data_at;
		struct { enum size_relation relation; uint32_t low, high; } size;
		struct { struct byte_number number; enum byte_relation relation; uint32_t value; } byte_test;
		struct {
			struct byte_number number;
			uint32_t multiplier;
			int32_t post_offset;
			bool align, from_beginning, from_end;
		} byte_jump;
	};
};

/* The conditions on one buffer: conditions[first..first + count) of the rule. */
struct rule_group {
	struct rule_view view;
	uint16_t first, count;
};

enum flow_bit { FLOW_BIT_SET, FLOW_BIT_UNSET, FLOW_BIT_TOGGLE, FLOW_BIT_IS_SET, FLOW_BIT_IS_NOT_SET };
struct rule_flow_bit {
	enum flow_bit what;
	bool pair;                                       /* xbits: of two hosts, not of a flow */
	uint32_t expire_s;                               /* of a pair's bit that is set */
	uint16_t names[RULE_BIT_NAMES_MAX], names_count; /* IS_SET, IS_NOT_SET: any of them */
};

struct rule {
	uint32_t gid, sid, rev;
	uint8_t severity; /* 1 high .. 4 */
	enum rule_action action;
	enum rule_protocol protocol;
	bool established;        /* asks for a flow that was answered: no first packet is meant */
	bool app_given, app_negated; /* app-layer-protocol: what was recognised must be, or must not be, app */
	enum app_proto app;
	struct bytes message;
	struct bytes class_text; /* the class's description: EVE's category */
	const struct ranges *src, *dst, *sport, *dport;
	bool both_ways;          /* <> */
	bool orientations[2];    /* enum direction: from whom its packets may come */
	bool quiet;              /* noalert, pass-free: sets flowbits only */
	uint16_t bits_count, conditions_count, groups_count;
	const struct rule_flow_bit *bits;
	const struct condition *conditions;
	const struct rule_group *groups;
	/* the content whose presence makes the rule a candidate: conditions[fast], or -1: none is long enough */
	int fast;
	uint16_t fast_from, fast_len; /* the part of it that is searched */
	int fast_pcre;                /* where fast < 0: a regular expression that could serve, or -1 */
	unsigned line;
	const char *file;
};

/* The rules in order of loading: rule_set_count() of them. */
const struct rule *rule_set_at(const struct rule_set *, unsigned index);
/* Another owner of the set; each calls rule_set_free(). */
struct rule_set *rule_set_hold(const struct rule_set *);
/* Steps that one regular expression may take: settings' rules.pcre_steps. */
unsigned rule_set_pcre_steps(const struct rule_set *);
/* FROM_CLIENT or FROM_SERVER where a buffer has a side of its own; otherwise the orientation. */
enum direction buffer_side(enum buffer, enum direction orientation);
/* Does buffer belong to one side only? */
bool buffer_is_sided(enum buffer);

#endif
