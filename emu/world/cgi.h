/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An HTTP/1 request as a web server hands it to an application: the variables of CGI 1.1 (RFC 3875), and its body. */
#ifndef EMU_WORLD_CGI_H
#define EMU_WORLD_CGI_H

#include "control/wire/bytes.h"

enum { CGI_SCRIPT_MAX = 128, CGI_NAME_MAX = 64, CGI_HEADERS_MAX = 100 };

struct cgi {
	struct bytes method, target, query, protocol, content_type, body; /* borrowed from the request */
	struct bytes host;                /* of the Host header, without a port */
	char script[CGI_SCRIPT_MAX];      /* "/a/b.php" of the path, decoded; "": it names none that could be a file's */
	char path_info[CGI_SCRIPT_MAX];   /* what follows it */
	struct bytes headers;             /* all lines */
};

/* Untrusted bytes. -EBADMSG: no request line. A body that is cut short, or chunked, is what there is of it. */
must_check int cgi_read(struct bytes request, struct cgi *ret);
/*
 * The header after *rest as a variable: "HTTP_USER_AGENT" and its value. Headers that web servers keep from
 * applications, or tell otherwise, are passed over. False: no more.
 */
bool cgi_header(struct bytes *rest, char name[CGI_NAME_MAX], struct bytes *value);

#endif
