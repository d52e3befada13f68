/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of config/rules share while one rule is read. Private to config/rules. */
#ifndef CONFIG_RULES_PARSE_H
#define CONFIG_RULES_PARSE_H

#include "config/rules/arena.h"
#include "config/rules/ast.h"

struct variable {
	const char *name, *text;
};

struct expression; /* header.c: an address or port text seen before, and its ranges */

struct rule_set {
	unsigned holders;
	struct arena arena;
	struct rule *rules;
	unsigned count, room, max, refused, plain;
	unsigned pcre_steps;
	struct variable *variables;
	unsigned variables_count;
	struct expression **expressions; /* hash table of EXPRESSIONS_SIZE lists */
	uint32_t *sids;                  /* hash table of rules by gid and sid: index + 1 */
	unsigned sids_room;
	char *bits[RULE_BITS_MAX];
	unsigned bits_count;
};

/* One rule under way. */
struct parse {
	struct rule_set *set;
	struct rule rule;
	char why[256];                   /* "" or why it is refused */
	struct condition conditions[RULE_CONDITIONS_MAX];
	unsigned conditions_count;
	struct rule_flow_bit bits[16];
	unsigned bits_count;
	bool sticky;                     /* a sticky buffer holds for what follows */
	struct rule_view view;
	int last_content;                /* what content modifiers change; -1: none yet */
	int fast;                        /* an explicit fast_pattern; -1: none */
	int fast_from, fast_len;         /* fast_pattern:from,len; -1: the whole */
	bool to_server, to_client, has_message, has_sid, datagram_size;
	int priority;                    /* 0: from the class */
};

/* Writes why (the first reason stays); returns -EINVAL. */
int refuse(struct parse *, const char *why, ...) format_like(2, 3);

/* header.c: everything before the options. text is changed. Sets action, protocol, addresses, ports. */
must_check int header_parse(struct parse *, char *text);
/* Addresses or ports of text into *ret (owned by the set, NULL: any). -EINVAL with why written, -ENOMEM. */
must_check int expression_parse(struct parse *, bool ports, const char *text, const struct ranges **ret);
void expressions_free(struct rule_set *);

/* variable.c: the text of a variable, or NULL; all variables of settings and the usual ones; which of them are wrong. */
const char *variable_find(const struct rule_set *, const char *name, size_t len);
must_check int variables_fill(struct rule_set *, const struct settings *);
void variables_check(struct rule_set *, const struct settings *, struct complaints *);

/* set.c: one rule; text is changed, file kept as it is. -EINVAL with why written (and counted), -ENOMEM. */
must_check int rule_add(struct rule_set *, char *text, const char *file, unsigned line, char *why, size_t why_size);

/* option.c: the options between the brackets. text is changed. */
must_check int options_parse(struct parse *, char *text);
/* finish.c: groups, orientation, fast pattern, and what only the whole rule shows to be wrong. */
must_check int rule_finish(struct parse *);

/* One option's handler: value is "" where it has none; both are NUL-terminated and may be changed. */
struct keyword {
	const char *name;
	int (*parse)(struct parse *, const struct keyword *, char *value);
	struct rule_view view; /* of sticky buffers and content modifiers */
};
int parse_content(struct parse *, const struct keyword *, char *value);
int parse_content_modifier(struct parse *, const struct keyword *, char *value);
int parse_content_buffer(struct parse *, const struct keyword *, char *value);
int parse_fast_pattern(struct parse *, const struct keyword *, char *value);
int parse_pcre(struct parse *, const struct keyword *, char *value);
int parse_data_at(struct parse *, const struct keyword *, char *value);
int parse_size(struct parse *, const struct keyword *, char *value);
int parse_byte_test(struct parse *, const struct keyword *, char *value);
int parse_byte_jump(struct parse *, const struct keyword *, char *value);
int parse_app(struct parse *, const struct keyword *, char *value);
int parse_flow(struct parse *, const struct keyword *, char *value);
int parse_flow_bits(struct parse *, const struct keyword *, char *value);
int parse_pair_bits(struct parse *, const struct keyword *, char *value);
int parse_threshold(struct parse *, const struct keyword *, char *value);

/* A new condition in the buffer that holds now; NULL (refused) when the rule has too many. */
struct condition *condition_add(struct parse *, enum condition_kind, bool relative);
/* Splits at commas outside quotes, trimmed, into at most max words; returns how many, or max + 1. */
unsigned split_commas(char *text, char **words, unsigned max);
char *trim(char *text);
/* A whole number within low..high; false for anything else. */
bool parse_number(const char *text, long low, long high, long *ret);
/* "…" with escapes and |hex|, in place: returns its length, or -1. quotes are taken off; *negated tells a '!'. */
ptrdiff_t unquote_bytes(char *text, bool *negated, char **ret);
/* "…" of msg and pcre: quotes and a '!' off, nothing else changed; NULL where quotes are missing. */
char *unquote(char *text, bool *negated);

#endif
