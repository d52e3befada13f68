/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Serialised objects: what reading one would do. Pure; bounded. */
#ifndef EMU_SERIAL_SERIAL_H
#define EMU_SERIAL_SERIAL_H

#include "control/wire/bytes.h"
#include "control/wire/language.h"

enum {
	SERIAL_EFFECTS_MAX = 8,
	SERIAL_TEXT_MAX = 16 << 10, /* bytes of one effect's text */
	SERIAL_CLASS_MAX = 96,
};

enum serial_kind {
	SERIAL_CODE,    /* code of a language, run: a shell's words, a script */
	SERIAL_JNDI,    /* a name looked up: a URL */
	SERIAL_FETCH,   /* a URL fetched */
	SERIAL_CONNECT, /* "host:port" contacted */
	SERIAL_DNS,     /* a host's name resolved */
};

struct serial_effect {
	enum serial_kind kind;
	enum language language;          /* of code */
	bool guessed;                    /* a text of an object that the application's classes may use so, or not at all */
	struct bytes text;               /* in the result's memory */
	char class_name[SERIAL_CLASS_MAX]; /* that it hangs on; "" for none but the reader's own */
};

struct serial_result {
	bool read;                       /* the format's grammar took it */
	unsigned effects_count, effects_left;
	struct serial_effect effects[SERIAL_EFFECTS_MAX];
	size_t used;
	uint8_t memory[SERIAL_EFFECTS_MAX * SERIAL_TEXT_MAX];
};

/* room: at least serial_room() bytes for the reader's own use, aligned for any type. Never fails: what is not read does nothing. */
size_t serial_room(void);
void serial_evaluate(enum language format, struct bytes object, void *room, struct serial_result *ret);

#endif
