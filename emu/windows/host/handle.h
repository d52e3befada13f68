/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard handles: where a command reads from and writes to. */
#ifndef EMU_WINDOWS_HOST_HANDLE_H
#define EMU_WINDOWS_HOST_HANDLE_H

#include "emu/windows/host/host.h"

enum handle_kind { HANDLE_NUL, HANDLE_OUT, HANDLE_ERR, HANDLE_FILE, HANDLE_BUFFER, HANDLE_CALL };

struct handle {
	enum handle_kind kind;
	struct node *node;      /* HANDLE_FILE */
	uint64_t offset;
	struct event *told;     /* the event of its writing */
	struct text buffer;     /* HANDLE_BUFFER: what was written */
	struct bytes left;      /* to be read */
	void (*write)(void *context, struct bytes); /* HANDLE_CALL: a pipe or socket of whoever started this */
	void *context;
	bool foreign;           /* what is read came from the network */
};

struct standard { struct handle *in, *out, *err; };

struct handle *handle_new(struct host *, enum handle_kind); /* in the heap */
struct handle *handle_reading(struct host *, struct bytes);
void handle_write(struct host *, struct handle *, struct bytes);
void handle_text(struct host *, struct handle *, const char *text);
/* A line without its end; false: no more. */
bool handle_line(struct handle *, struct bytes *ret);
/* All that is left. */
struct bytes handle_rest(struct handle *);
/* The standard handles of the run itself: input is empty, output is the record's. */
struct standard standard_of(struct host *);
/* Prints a text of the profile: host_text(). Where there is none, what would be printed is an open question. */
void handle_say(struct host *, struct handle *, const char *key, const char *const *args);

#endif
