/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interpreters of a server: the real php-cgi, python3 and perl, each kept warm where it waits for its code.
 * php-cgi serves FastCGI and waits for a request, python3 runs an application that reads code from its standard input,
 * perl reads its script from there.
 */
#ifndef EMU_SERVER_INTERPRETER_H
#define EMU_SERVER_INTERPRETER_H

#include "emu/kernel/kernel.h"

struct interpreters; /* of one server */

/* The world and the kernel are borrowed. -ENOMEM. */
must_check int interpreters_new(struct world *, struct kernel *, struct interpreters **ret);
void interpreters_free(struct interpreters *);
/* Does the server have what runs this language? */
bool interpreters_have(const struct interpreters *, enum language);
/*
 * Starts the language's interpreter once in each state and keeps it; a second call does nothing. Ends the run that was,
 * so it stands before kernel_begin(). What cannot be kept warm is started cold later. -errno: the machine failed.
 */
must_check int interpreters_warm(struct interpreters *, enum language);
/* Which languages were made warm, as bits; a language's bit: 0: none. */
unsigned interpreters_warmed(const struct interpreters *);
unsigned interpreters_bit(enum language);
/* What it tells of itself, once it is warm: facts of this server that another would tell otherwise. Borrowed. */
struct bytes interpreters_portrait(const struct interpreters *, enum language);
/* Before kernel_begin(): readies the machine for this command. False: no interpreter of ours runs it. */
bool interpreters_prepare(const struct interpreters *, const struct command *);
/* After kernel_begin(): goes on with this command's code. -errno as kernel_start(). */
must_check int interpreters_start(struct interpreters *, const struct command *);

#endif
