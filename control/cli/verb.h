/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every verb of the command line shares: its function, exit codes, and how it says what is wrong. */
#ifndef CONTROL_CLI_VERB_H
#define CONTROL_CLI_VERB_H

#include "control/wire/compiler.h"

#include <stdbool.h>
#include <stddef.h>

/* Exit codes of `konseki`; EXIT_NO: the answer is no, or some input was bad. */
enum { EXIT_DONE = 0, EXIT_NO = 1, EXIT_USAGE = 2, EXIT_CANNOT = 3 };

/*
 * One verb: argv[0] is its name, argv[1..argc) what follows; getopt_long() may be used, optind is 1. Returns the exit
 * code. `--help` and `-h` before any `--` were handled by main.c: they never reach the verb.
 */
int verb_run(int argc, char **argv);
int verb_replay(int argc, char **argv);
int verb_show(int argc, char **argv);
int verb_case(int argc, char **argv);
int verb_check(int argc, char **argv);
int verb_emulate(int argc, char **argv);
int verb_extract(int argc, char **argv);
int verb_config(int argc, char **argv);
int verb_block(int argc, char **argv);
int verb_ioc(int argc, char **argv); /* gets --help too: its own verbs have theirs */

/* One line on stderr, "konseki VERB: why"; returns EXIT_CANNOT so that a verb can `return cli_cannot(…)`. */
int cli_cannot(const char *verb, const char *why, ...) format_like(2, 3);
/* The same for input that was bad; returns EXIT_NO. */
int cli_no(const char *verb, const char *why, ...) format_like(2, 3);
/* The same with what to do ("see konseki VERB --help"); returns EXIT_USAGE. */
int cli_usage(const char *verb, const char *why, ...) format_like(2, 3);
/*
 * What getopt_long() refused just now (it was called with opterr = 0): names the option and says what is wrong with it.
 * Returns EXIT_USAGE.
 */
int cli_bad_option(const char *verb, int result, char **argv);

struct settings;
/*
 * Reads the config that `-c` named (file), or the default one where file is NULL; where none is there that is an error.
 * Complaints go to stderr. Returns EXIT_DONE or EXIT_CANNOT.
 */
int cli_settings(const char *verb, const char *file, struct settings *ret);
/*
 * The same for what works with the running appliance: where versions of the file were committed, the one in force, the newest before it
 * that can be used (with a line on stderr), and only then the file itself. whole: its copies are held against their digests.
 * *ret_number is the version, 0 for the file.
 */
int cli_settings_in_force(const char *verb, const char *file, bool whole, struct settings *ret, unsigned *ret_number);

#endif
