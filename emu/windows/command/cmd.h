/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One cmd.exe: its state, and the steps by which it understands a line. Inside this folder only. */
#ifndef EMU_WINDOWS_COMMAND_CMD_H
#define EMU_WINDOWS_COMMAND_CMD_H

#include "emu/windows/command/command.h"
#include "emu/windows/host/files.h"

enum { FOR_VARIABLES = 128, BATCH_ARGS = 64, SETLOCAL_MAX = 32 };

struct batch {
	struct batch *outer;
	const char *path;         /* of the file, whole */
	struct bytes text;
	size_t at;                /* of the line that is read next */
	unsigned argc;
	char *argv[BATCH_ARGS];   /* [0]: as it was called; with their quotes */
	const char *rest;         /* %* */
	unsigned locals;          /* setlocals that are open */
};

struct saved { struct variables *variables; char cwd[FILE_PATH_MAX]; bool delayed; };

struct cmd {
	struct host *host;
	struct variables *variables;
	struct standard standard;
	char cwd[FILE_PATH_MAX];
	bool delayed, extensions, echo;
	bool interactive;         /* told line by line what to do, over a pipe or a socket */
	int32_t result;           /* of the last command: what && and || look at */
	int32_t errorlevel;
	struct batch *batch;      /* NULL: a command line */
	char *loop[FOR_VARIABLES]; /* the values of for's variables, by their letter */
	enum { GOES_ON, LEAVES_LINE, LEAVES_BATCH, LEAVES } leaving;
	unsigned saved_count, pushed_count;
	struct saved saved[SETLOCAL_MAX];
	char *pushed[SETLOCAL_MAX];
	const char *line;         /* %CMDCMDLINE% */
};

struct redirection {
	struct redirection *next;
	int handle;              /* 0, 1, 2 */
	enum { FROM_FILE, TO_FILE, BEHIND_FILE, AS_HANDLE } how;
	char *target;            /* with quotes */
	int other;
};
enum statement_kind { SIMPLE, BOTH, AND, OR, PIPE, BLOCK, IF, FOR };
struct statement {
	enum statement_kind kind;
	bool silent;             /* @ */
	char *text;              /* SIMPLE: all but redirections, carets resolved. FOR: the set */
	struct redirection *redirections;
	struct statement *first, *second; /* IF: then, else; FOR: do */
	/* IF */
	bool negated, folded;
	char *left, *operator, *right;
	/* FOR */
	char way;                /* 0, 'd', 'r', 'l', 'f' */
	char *options, *root;
	uint8_t variable;
};

/* Phase 1: %name%, %1, %~dp0. In a batch file what is not set is nothing; else it stays as it is. */
char *expand_percent(struct cmd *, const char *line);
/* Phase 4: %i and %~nxi of for. Phase 5: !name!. */
char *expand_loop(struct cmd *, const char *text);
char *expand_delayed(struct cmd *, const char *text);
/* A variable with :~n,m or :a=b behind its name (name..end, no signs around it); NULL: not set. */
const char *expand_variable(struct cmd *, const char *name, size_t len);
/* %~fdpnxsatz of a name. */
char *expand_name(struct cmd *, const char *modifiers, size_t len, const char *value);

/*
 * Phase 2. more gives the next line of a batch file, already through phase 1, for what goes on there; false: no more.
 * NULL: an empty line, or one that is no command (then wrong is true).
 */
struct reading {
	struct cmd *cmd;
	bool (*more)(struct cmd *, const char **ret);
	const char *at;
	bool quoted, wrong;
	unsigned blocks;
	char *near; /* what was not expected */
};
struct statement *parse_line(struct reading *);

void cmd_execute(struct cmd *, const struct statement *);
/* One line from phase 1 on. */
void cmd_line(struct cmd *, const char *line);
void cmd_simple(struct cmd *, const char *text);
bool cmd_redirect(struct cmd *, const struct redirection *);
void cmd_for(struct cmd *, const struct statement *);
bool cmd_condition(struct cmd *, const struct statement *);
/* A command's output, as for /f and pipes take it: run in a cmd.exe of its own. */
struct bytes cmd_capture(struct cmd *, const char *line, struct handle *in);
/* A batch file or an interactive input until its end; path may be "". */
void batch_run(struct cmd *, const char *path, struct bytes text, size_t from, const char *name, const char *rest);
void batch_call(struct cmd *, const char *rest);
void batch_goto(struct cmd *, const char *label);
void batch_prompt(struct cmd *, struct text *);

/* A command of cmd's own; args: all after its name. */
struct builtin {
	const char *name;
	int32_t (*run)(struct cmd *, const char *args);
};
const struct builtin *builtin_find(const char *name, size_t len);
const struct builtin *builtin_file_find(const char *name, size_t len); /* those about files */
int32_t builtin_dir(struct cmd *, const char *args);
/* `set /a`. False: no expression (a complaint was printed). */
bool arithmetic(struct cmd *, const char *expression, int32_t *ret);

/* Says a text of the profile on standard error or output. */
void cmd_complain(struct cmd *, const char *key, const char *subject);
void cmd_say(struct cmd *, const char *key, const char *subject);

/* Words of a line: cmd's own parting, by blank , ; = and tab outside quotes. NULL: no more. Quotes stay. */
char *word_next(struct heap *, const char **at);
char *unquoted(struct heap *, const char *word); /* without its quotes */

#endif
