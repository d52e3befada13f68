/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parser's files share. Every function returns NULL or false once p->failed is set. */
#ifndef EMU_SQL_PARSE_H
#define EMU_SQL_PARSE_H

#include "emu/sql/syntax.h"

bool parse_in(const struct parser *, unsigned dialects);
const struct lexeme *parse_peek(const struct parser *, unsigned ahead);
bool parse_at_end(const struct parser *); /* or before what is no lexeme */
bool parse_is(const struct parser *, const char *word);
bool parse_is2(const struct parser *, const char *word, const char *next);
/* Takes the word if it is there. */
bool parse_take(struct parser *, const char *word);
/* Takes it or fails. */
bool parse_expect(struct parser *, const char *word);
void *parse_fail(struct parser *);
void *parse_refuse(struct parser *, const char *what);
/* A keyword that can be no column, alias or function. */
bool parse_reserved(const struct parser *, const struct lexeme *);
/* A name, quoted or not. */
bool sql_parse_name(struct parser *, struct bytes *ret);
void *parse_room(struct parser *, size_t size);
/* Checked depth: parse_enter() false means failed; each true one has its parse_leave(). */
bool parse_enter(struct parser *);
void parse_leave(struct parser *);

struct node *parse_node(struct parser *, enum node_kind);
/* Puts child at the end of parent's arguments. NULL child: nothing. false: failed. */
bool parse_add(struct parser *, struct node *parent, struct node *child);

struct node *sql_parse_expression(struct parser *);
struct node *parse_binding(struct parser *, unsigned least); /* only operators that bind at least so */
unsigned parse_unary_level(const struct parser *);
struct node *sql_parse_primary(struct parser *);
struct node *parse_call(struct parser *, struct bytes name);
struct node *parse_case(struct parser *);
struct node *parse_cast(struct parser *, struct bytes name);
bool sql_parse_type(struct parser *, struct type_name *ret);
/* e, e, … as arguments of a node. */
bool parse_list(struct parser *, struct node *parent);
struct query *parse_query(struct parser *);
bool parse_begins_query(const struct parser *, unsigned ahead);
struct source *parse_sources(struct parser *);
struct node *parse_order(struct parser *);

#endif
