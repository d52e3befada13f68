/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this room share: a page under evaluation, its tokens, its values. */
#ifndef EMU_ASP_INSIDE_H
#define EMU_ASP_INSIDE_H

#include "emu/asp/asp.h"

enum {
	ASP_DEPTH_MAX = 48,       /* brackets and operators within each other, texts that are evaluated */
	ASP_STEPS_MAX = 4096,     /* operations of one page */
	ASP_NAMES_MAX = 64,
	ASP_ARGUMENTS_MAX = 8,
};

enum asp_token { ASP_END, ASP_WORD, ASP_NUMBER, ASP_TEXT, ASP_SIGN, ASP_LINE };

struct asp_lexeme {
	enum asp_token token;
	struct bytes text;        /* a text without its quotes, its escapes undone; a sign's one or two letters */
	double number;
	bool blank;               /* a blank stands before it */
};

enum asp_kind { ASP_EMPTY, ASP_NUMBER_VALUE, ASP_TEXT_VALUE, ASP_OBJECT, ASP_OPEN };
enum asp_object {
	OBJECT_RESPONSE, OBJECT_REQUEST, OBJECT_SERVER, OBJECT_SHELL, OBJECT_EXEC, OBJECT_STREAM, OBJECT_FILES, OBJECT_HTTP,
	OBJECT_PROCESS, OBJECT_STRING, OBJECT_MATH, OBJECT_OTHER,
};

struct asp_value {
	enum asp_kind kind;
	enum asp_object object;
	double number;
	struct bytes text;        /* of a text; of an object: what it stands for (a command's output, a URL) */
};

struct asp_name {
	struct bytes name;
	struct asp_value value;
};

struct asp_page {
	const struct template_host *host;
	struct arena *arena;
	struct template_outcome *out;
	struct sink written;
	struct bytes in;          /* what is still to be read */
	struct asp_lexeme next;
	unsigned depth, steps, names_count;
	int error;                /* of memory or of the host */
	bool stopped, did;        /* did: it wrote, ran or evaluated something */
	struct asp_name names[ASP_NAMES_MAX];
};

/* lexeme.c: reads the next token into page->next. */
void asp_read(struct asp_page *);
bool asp_sign(const struct asp_page *, const char *sign);
bool asp_word(const struct asp_page *, const char *word);
/* A page that cannot go on: what is not modelled, by name. */
void asp_stop(struct asp_page *, const char *what);

/* value.c */
struct asp_value asp_text(struct bytes);
struct asp_value asp_number(double);
struct asp_value asp_open(struct asp_page *);
struct bytes asp_text_of(struct asp_page *, const struct asp_value *);
double asp_number_of(const struct asp_value *);
/* a sign b; joins says that + joins texts (JScript and C#), & always does. */
struct asp_value asp_operate(struct asp_page *, struct bytes sign, const struct asp_value *a, const struct asp_value *b);

/* object.c: a name alone, a member of an object, a call. count -1: it is not called. */
struct asp_value asp_global(struct asp_page *, struct bytes name, const struct asp_value *arguments, int count);
struct asp_value asp_member(struct asp_page *, const struct asp_value *of, struct bytes name, const struct asp_value *arguments, int count);
bool asp_global_known(struct bytes name);

/* asp.c: evaluates a text as statements; its last expression's value. */
struct asp_value asp_run(struct asp_page *, struct bytes code);
void asp_write(struct asp_page *, struct bytes text);

#endif
