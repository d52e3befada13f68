/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A web server's side of FastCGI 1.0: one request to an application, and its answer taken apart. */
#ifndef EMU_WORLD_FASTCGI_H
#define EMU_WORLD_FASTCGI_H

#include "control/wire/bytes.h"

/* Adds one name and its value to the parameters of a request. */
void fastcgi_pair(struct sink *params, struct bytes name, struct bytes value);
/* The records of one request: role responder, the connection not kept. Longer parts become several records. */
void fastcgi_request(struct sink *to, struct bytes params, struct bytes body);

/* What came back so far: all zero before its first byte. */
struct fastcgi_reply {
	uint8_t head[8];
	unsigned head_used;
	uint32_t content, padding; /* bytes that are left of the record */
	bool in_body;              /* past the header lines of the answer */
	bool line_begun;           /* a header line has a character */
	bool ended;                /* the application said that it is done */
};
enum fastcgi_part { FASTCGI_NOTHING, FASTCGI_BODY, FASTCGI_ERROR };
/*
 * Takes the next part from the front of what the application wrote, untrusted and cut anywhere; ret borrows from it.
 * Header lines are passed over. FASTCGI_NOTHING: all was taken.
 */
enum fastcgi_part fastcgi_step(struct fastcgi_reply *, struct bytes *in, struct bytes *ret);

#endif
