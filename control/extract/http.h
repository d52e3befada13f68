/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The heads of HTTP/1 messages, read as forgivingly as servers read them. Pure; everything is borrowed. */
#ifndef CONTROL_EXTRACT_HTTP_H
#define CONTROL_EXTRACT_HTTP_H

#include "control/wire/bytes.h"

/* A request line and what follows it. Fields that are not there are empty. */
struct http_request {
	struct bytes method, target;
	struct bytes path, query;   /* of target, without scheme and host, without the question mark */
	struct bytes headers;       /* every line after the first, for http_header_next() */
};

struct http_header {
	struct bytes name, value;   /* value without blanks around it; a folded one with its line ends inside */
};

struct http_response {
	unsigned status;            /* 0: no status line */
	struct bytes headers;
};

/* Of the bytes of a head. Bytes that are no HTTP give a request without method. */
struct http_request http_request_of(struct bytes head);
struct http_response http_response_of(struct bytes head);
/* Takes the next header line from *lines; false at the blank line or the end. */
bool http_header_next(struct bytes *lines, struct http_header *ret);
/* The first header of that name (any case); at == NULL where there is none. */
struct bytes http_header_find(struct bytes lines, const char *name);
/* Does a header's value hold the word? ASCII case folded. */
bool http_says(struct bytes value, const char *word);
/*
 * Takes the chunks' contents out of a chunked body into to (never more than body.left bytes); what breaks the framing
 * ends it. Returns how many bytes there were.
 */
size_t http_dechunk(struct bytes body, uint8_t *to);
/* Takes up to (and without) the first c of *rest, or all; *rest goes on behind c. */
struct bytes http_split(struct bytes *rest, uint8_t c);

/* A token of RFC 9110 5.6.2, as methods and names of fields are. */
bool http_is_token(struct bytes);
/* What follows the last slash or backslash. */
struct bytes http_basename(struct bytes path);

#endif
