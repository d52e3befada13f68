/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The programs of a Windows server that commands name, each as far as it is modelled. */
#ifndef EMU_WINDOWS_COMMAND_PROGRAMS_H
#define EMU_WINDOWS_COMMAND_PROGRAMS_H

#include "emu/windows/command/cmd.h"

enum { PROGRAM_WORDS = 128 };

/* A program that runs. */
struct running {
	struct host *host;
	struct variables *variables;
	struct standard standard;
	const char *cwd;
	const char *path;      /* of its file, whole */
	const char *line;      /* the whole command line */
	const char *rest;      /* what stands behind its name there */
	unsigned argc;
	char **argv;           /* [0]: its name as it was called */
	struct cmd *caller;    /* NULL: not started from a cmd.exe */
};
struct program {
	const char *name;      /* of its file, without the ending */
	int32_t (*run)(struct running *);
};
/* By folders of what they are about; each ends with a name of NULL. */
extern const struct program programs_shell[], programs_facts[], programs_network[], programs_transfer[], programs_text[],
	programs_change[];

/* From a cmd.exe: looks the program up, runs it, sets result and errorlevel. name with its quotes. */
void program_run(struct cmd *, const char *name, const char *rest);
int32_t cmd_main(struct running *); /* cmd.exe itself */
/*
 * From anywhere: path NULL where the name is to be looked up. -ENOENT: nowhere (asked; nothing was printed).
 */
must_check int program_start(struct running *, const char *name, uint32_t *exit_status);
/* Is a name one of the modelled programs, or any that is there? Asks nothing. */
bool program_is_known(struct host *, const struct variables *, const char *cwd, const char *name);

unsigned words_of(struct heap *, const char *line, char *ret[PROGRAM_WORDS]);

/* Is this word the option (without its / or -), whole; or does it begin with it and a colon (value: what follows)? */
bool option_is(const char *word, const char *name);
const char *option_value(const char *word, const char *name);
/* The index of the option among the words, or 0. */
unsigned option_find(const struct running *, const char *name);
/* Prints a text of the profile that tells facts. */
int32_t program_says(struct running *, const char *key);
int32_t program_complains(struct running *, const char *key, const char *subject, int32_t status);
/* The text that the profile has for this command; else it is open what it shows. */
int32_t program_tells(struct running *);
bool program_may(struct running *); /* is the user an administrator, with all rights? */
/* A path of the program's, whole. NULL: none. */
const char *program_path(struct running *, const char *word);
/* Fetches to a file, as the attacker's. False: not fetched, or not written. */
bool program_fetch(struct running *, const char *url, const char *path);
/* What is run there came from the network, or is nothing we evaluate: an open question. */
void program_unknown(struct running *, const char *what);

#endif
