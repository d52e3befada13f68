/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One PowerShell: scopes, functions, the flow of control, and the steps of evaluation. Inside this folder only. */
#ifndef EMU_WINDOWS_POWERSHELL_SESSION_H
#define EMU_WINDOWS_POWERSHELL_SESSION_H

#include "emu/windows/host/files.h"
#include "emu/windows/host/handle.h"
#include "emu/windows/host/variables.h"
#include "emu/windows/powershell/syntax.h"
#include "emu/windows/powershell/value.h"

struct scope { struct scope *outer; struct table *variables, *functions; };

enum flow { FLOW_ON, FLOW_BREAK, FLOW_CONTINUE, FLOW_RETURN, FLOW_EXIT, FLOW_THROW };

/* A script block as a value: what was parsed, and where its text is. */
struct block { const struct syntax *body; const struct string *text; };

struct session {
	struct host *host;
	struct variables *environment;
	struct standard standard;
	char cwd[FILE_PATH_MAX];
	struct scope *global, *scope;
	struct table *aliases;         /* that the code makes */
	enum flow flow;
	struct value thrown;
	int32_t exit_status, last_exit;
	bool good;                     /* $? */
	unsigned tries;                /* trys that are open around here: what is thrown goes to them */
	bool thrown_by_code;           /* a throw, or a complaint with Stop: not only its statement ends */
	bool stops;                    /* a complaint is thrown: -ErrorAction Stop */
	struct list *out;              /* where results go; NULL: they are printed */
	struct value random;
};

/* Code into a tree, and run in this session. What it leaves goes to s->out. */
void session_run(struct session *, const struct string *code);
/* iex: foreign code is the attacker's, and unknown. */
void session_invoke(struct session *, const struct value *code);
bool session_goes_on(struct session *);
struct value *session_variable(struct session *, const char *name); /* NULL: not set */
void session_set(struct session *, const char *name, struct value);
const struct string *block_text(const struct block *);
const struct string *object_string(struct session *, struct object *);

/* Expressions and statements. Results of a pipeline are gathered: none, one, or a list. */
struct value evaluate_expression(struct session *, const struct syntax *);
void evaluate_statements(struct session *, const struct syntax *);
void evaluate_statement(struct session *, const struct syntax *);
struct value evaluate_gathered(struct session *, const struct syntax *);
void evaluate_pipeline(struct session *, const struct syntax *);
void evaluate_assign(struct session *, const struct syntax *target, struct value);
struct value evaluate_variable(struct session *, const struct string *name);
struct value value_gathered(struct list *);
/* A script block or a function: args by place and by name; input: what $input and process{} have. */
struct arguments {
	struct list *list;              /* by place */
	struct table *named;            /* -Name value; a switch is $true */
	struct list *input;             /* NULL: none is given */
	const struct list *texts;       /* all words as a program would be given them */
};
void block_call(struct session *, const struct syntax *body, const struct arguments *, bool own_scope);
/* The same with $_ set, once, its results gathered. */
struct value block_with(struct session *, const struct block *, const struct value *item);

/* A result: goes down the pipeline, lists part by part, or is printed. */
void session_emit(struct session *, struct value);
void session_emit_one(struct session *, struct value); /* a list as one */
void print_value(struct session *, const struct value *);
void print_line(struct session *, const struct string *);

/* Throws by a key of the profile's texts; unknown ones have a message nobody knows. */
void session_complain(struct session *, const char *key, const char *subject);
void session_throw(struct session *, const char *key, const char *subject); /* ends the statement */
void session_unsupported(struct session *, const char *what, const char *name);

/* Operators. */
struct value operator_binary(struct session *, enum operator, const struct value *, const struct value *);
struct value operator_unary(struct session *, enum operator, const struct value *);
bool operator_equal(struct session *, const struct value *, const struct value *, bool folded);
int operator_order(struct session *, const struct value *, const struct value *, bool folded);
bool operator_like(const struct string *, const struct string *pattern, bool folded);
struct string *operator_format(struct session *, const struct string *format, const struct list *args);
struct string *format_value(struct session *, const struct value *, const char *how);

/* Regular expressions, by PCRE2: for what attacks write the same as .NET's. False: not one. */
struct match { struct list *groups; size_t from, to; struct table *names; };
bool regex_find(struct session *, const struct string *pattern, const struct string *text, size_t from, bool folded, struct match *ret);
struct list *regex_all(struct session *, const struct string *pattern, const struct string *text, bool folded); /* matches as objects */
struct string *regex_replace(struct session *, const struct string *pattern, const struct string *text, const struct value *by, bool folded);
struct list *regex_split(struct session *, const struct string *pattern, const struct string *text, int64_t max, bool folded);

/* Types: casts, static members, new objects. */
struct value type_cast(struct session *, const char *type, const struct value *);
bool type_static(struct session *, const char *type, const char *name, struct value *ret);
void type_static_set(struct session *, const char *type, const char *name, const struct value *);
bool type_call(struct session *, const char *type, const char *name, const struct list *args, struct value *ret);
bool type_call_more(struct session *, const char *type, const char *name, const struct list *args, struct value *ret);
bool type_new(struct session *, const char *type, const struct list *args, struct value *ret);
bool type_is(const struct value *, const char *type);
const char *type_name(struct session *, const struct string *); /* small letters, without "system." */
/* Members. */
struct value member_get(struct session *, const struct value *, const struct string *name);
void member_set(struct session *, const struct value *, const struct string *name, const struct value *);
struct value member_call(struct session *, const struct value *, const struct string *name, const struct list *args);
bool string_call(struct session *, const struct string *, const char *name, const struct list *args, struct value *ret);
bool list_call(struct session *, struct list *, const char *name, const struct list *args, struct value *ret);
struct value index_get(struct session *, const struct value *, const struct value *index);
struct value object_com(struct session *, const char *name);
struct value object_custom(struct session *);
extern const struct class class_custom, class_encoding, class_process;
struct value encoding_of(struct session *, const char *name);
struct string *encoding_decode(struct session *, const char *name, struct bytes);
struct bytes encoding_encode(struct session *, const char *name, const struct string *);
/* Bytes that a stream object holds or that its far end sends, all that are left. */
bool stream_rest(struct session *, const struct value *, struct bytes *ret, bool *foreign);
bool stream_new(struct session *, const char *type, const struct list *args, struct value *ret);
struct value stream_over(struct session *, struct bytes, bool foreign);
/* A foreign string of what was fetched, or an error thrown. */
bool web_get(struct session *, const char *method, const char *url, struct bytes body, struct bytes *ret);

/* Commands. */
struct cmdlet {
	const char *name;
	void (*run)(struct session *, struct arguments *);
	const char *switches;           /* parameters without a value, "|a|b|" in small letters */
};
extern const struct cmdlet cmdlets_objects[], cmdlets_files[], cmdlets_system[];
const struct cmdlet *cmdlet_find(struct session *, const char *name, const char **whole);
void cmdlet_get_command(struct session *, struct arguments *);
bool cmdlet_is_approved(const char *name); /* is it a verb with a noun, as all cmdlets are named? */
/* A parameter by its name (any that begins it and is no other's), else the nth by place; NULL: neither. */
const struct value *argument(const struct arguments *, const char *name, int place);
bool argument_switch(const struct arguments *, const char *name);
/*
 * Runs a program of the server's; in: bytes for it. Its lines are emitted, or go to where ours go. as_is: words are joined
 * by blanks as they are, as .NET does it; else each with a blank in it gets quotes.
 */
bool program_call(struct session *, const char *name, const struct list *words, struct bytes in, bool as_is);
char *session_path(struct session *, const struct value *); /* whole; NULL: none */

#endif
