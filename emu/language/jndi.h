/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log4j 2 look-ups: what a logger before 2.15 makes of a message with ${…} in it, and whom its JNDI look-ups call.
 * Semantics: Log4j 2 StrSubstitutor and Interpolator (nested names, ":-" defaults, "$${" escapes, prefixes without
 * regard to case), Java JNDI URL schemes (with regard to case), RFC 4516 for where an LDAP URL points.
 */
#ifndef EMU_LANGUAGE_JNDI_H
#define EMU_LANGUAGE_JNDI_H

#include "control/wire/report.h"

enum {
	JNDI_TEXT_MAX = 8192,  /* bytes of the message while look-ups grow it; more ends the evaluation */
	JNDI_STEPS_MAX = 4096, /* look-ups evaluated in one message; a message can ask for itself for ever */
	JNDI_CALLS_MAX = 8,    /* further calls are counted */
	JNDI_UNKNOWN_MAX = 8,
};

/* A value of the victim: of environment, system property and the like; NULL where the server has none. */
struct jndi_facts {
	const char *(*find)(const void *context, const char *prefix, const char *name);
	const void *context;
};

/* One look-up that reached JNDI with a scheme it knows. */
struct jndi_call {
	char scheme[8];
	char url[1024];        /* as JNDI got it, cut */
	char host[256];        /* name or address; "" for a look-up without a host (the victim's own resolver) */
	struct address address;/* family 0: host is a name */
	uint16_t port;         /* stated, or the scheme's own */
	char question[256];    /* dns: the name asked for */
};

struct jndi_result {
	unsigned calls_count, calls_left;
	struct jndi_call calls[JNDI_CALLS_MAX];
	unsigned unknown_count;                    /* what hangs on the victim: "env:AWS_KEY" */
	char unknown[JNDI_UNKNOWN_MAX][64];
	enum stopped_by stopped_by;                /* STOPPED_EXIT, or the bound reached: _MEMORY, _ROUNDS */
	size_t text_len;
	uint8_t text[JNDI_TEXT_MAX];               /* the message as it was logged */
};

/* Evaluates the message. Pure; any thread. Never fails: what is no look-up stays as it is. */
void jndi_evaluate(struct bytes message, const struct jndi_facts *, struct jndi_result *ret);

#endif
