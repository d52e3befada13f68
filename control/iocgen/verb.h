/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs of `konseki ioc` share: their functions, exit codes, and how they say what is wrong. */
#ifndef CONTROL_IOCGEN_VERB_H
#define CONTROL_IOCGEN_VERB_H

#include "control/wire/compiler.h"

/* Exit codes, those of `konseki`. */
enum { EXIT_DONE = 0, EXIT_NO = 1, EXIT_USAGE = 2, EXIT_CANNOT = 3 };

/*
 * One verb: argv[0] is its name; getopt_long() may be used, optind is 1. Returns the exit code. `--help` was handled before. Files to
 * write are opened first, then jail_enter() is called, then foreign bytes are read.
 */
int ioc_generate(int argc, char **argv);
int ioc_scan(int argc, char **argv);
int ioc_score(int argc, char **argv);
int ioc_convert(int argc, char **argv);
int ioc_select(int argc, char **argv);
int ioc_cluster(int argc, char **argv);
int ioc_export(int argc, char **argv);
int ioc_publish(int argc, char **argv);
int ioc_import(int argc, char **argv);
int ioc_list(int argc, char **argv);

/* One line on stderr, "konseki ioc VERB: why"; return the code of their name. */
int ioc_cannot(const char *verb, const char *why, ...) format_like(2, 3);
int ioc_no(const char *verb, const char *why, ...) format_like(2, 3);
int ioc_usage(const char *verb, const char *why, ...) format_like(2, 3);
/* What getopt_long() refused just now (called with opterr = 0 and a leading ':'). EXIT_USAGE. */
int ioc_bad_option(const char *verb, int result, char **argv);

#endif
