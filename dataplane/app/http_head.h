/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the head of an HTTP/1 message says, once it is here in one piece. */
#ifndef DATAPLANE_APP_HTTP_HEAD_H
#define DATAPLANE_APP_HTTP_HEAD_H

#include "dataplane/app/http1.h"

enum { HTTP_FIELDS_MAX = 128 }; /* header fields looked at; servers allow about 100, further ones stay in the raw head */

struct http_field {
	struct bytes name;
	struct bytes value;  /* blanks around it cut off; a folded one holds its line ends */
};

/* Everything borrowed from the head. Absent parts are empty. */
struct http_head {
	bool response;
	bool malformed;            /* framing that two readers may understand differently, or that nobody can */
	bool short_form;           /* a request without version: HTTP/0.9 */
	struct bytes first_line;   /* without its line end */
	struct bytes method, target, version;  /* requests */
	uint16_t status;           /* responses; 0: not a number */
	struct bytes status_text, reason;
	struct bytes block;        /* the header lines, with the blank line */
	unsigned fields_count, fields_left;
	struct http_field fields[HTTP_FIELDS_MAX];
};

/* Reads a head as http1_step() found it (or the part of one that is there). Never fails: junk makes odd fields. */
void http_head_read(struct bytes head, bool response, struct http_head *ret);
/* The first field of that name, or NULL. */
const struct http_field *http_head_find(const struct http_head *, const char *name);
/* Its value, or nothing. */
struct bytes http_head_value(const struct http_head *, const char *name);
/*
 * How the body is framed; *length for HTTP1_LENGTH. Sets head->malformed where the fields contradict each other.
 * request_method: of the request that a response answers; empty where it was not seen. RFC 9112 6.3.
 */
enum http1_framing http_head_framing(struct http_head *, struct bytes request_method, uint64_t *length);
/* Does this pair leave HTTP: 101 Switching Protocols, or 2xx to CONNECT? */
bool http_head_tunnels(const struct http_head *response, struct bytes request_method);

#endif
