/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The normalised forms that rules look into, written from a head into the caller's memory. */
#ifndef DATAPLANE_APP_HTTP_BUFFERS_H
#define DATAPLANE_APP_HTTP_BUFFERS_H

#include "dataplane/app/http_head.h"

/*
 * http.uri: scheme and host of an absolute target left out; the path percent-decoded once (%u, too), backslashes and
 * repeated slashes made one slash, dot segments resolved; the query percent-decoded once, its plus signs kept.
 * Never longer than the target. As Suricata 7 shows it.
 */
void http_uri_write(struct sink *, struct bytes target);
/* http.header: "Name: value" lines ended by CR LF, unfolded, without cookies. At most 2 bytes a field longer. */
void http_header_write(struct sink *, const struct http_head *);
/* http.header_names: CR LF, each name with CR LF behind it, CR LF; duplicates as they come. */
void http_names_write(struct sink *, const struct http_head *);
/* http.start: the first line and every "Name: value" line, unfolded, each with CR LF, and the blank line. */
void http_start_write(struct sink *, const struct http_head *);
/* http.host: lower case, without the port. */
void http_host_write(struct sink *, const struct http_head *);

#endif
