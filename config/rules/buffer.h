/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a rule's keyword looks; Suricata's sticky buffers. */
#ifndef CONFIG_RULES_BUFFER_H
#define CONFIG_RULES_BUFFER_H

enum buffer {
	BUFFER_PAYLOAD,            /* no sticky buffer: the reassembled stream, or the datagram; of HTTP: head and body */
	BUFFER_HTTP_METHOD,
	BUFFER_HTTP_URI,           /* normalised: percent-decoded once, path resolved as Suricata does */
	BUFFER_HTTP_URI_RAW,
	BUFFER_HTTP_REQUEST_LINE,
	BUFFER_HTTP_HEADER,        /* normalised header block of its direction, without cookies */
	BUFFER_HTTP_HEADER_RAW,
	BUFFER_HTTP_COOKIE,
	BUFFER_HTTP_USER_AGENT,
	BUFFER_HTTP_HOST,          /* lower case, without the port */
	BUFFER_HTTP_HOST_RAW,
	BUFFER_HTTP_REFERER,
	BUFFER_HTTP_CONTENT_TYPE,
	BUFFER_HTTP_ACCEPT,
	BUFFER_HTTP_ACCEPT_ENCODING,
	BUFFER_HTTP_ACCEPT_LANGUAGE,
	BUFFER_HTTP_CONNECTION,
	BUFFER_HTTP_CONTENT_LENGTH,
	BUFFER_HTTP_LOCATION,
	BUFFER_HTTP_SERVER,
	BUFFER_HTTP_PROTOCOL,      /* "HTTP/1.1" */
	BUFFER_HTTP_RESPONSE_LINE,
	BUFFER_HTTP_HEADER_NAMES,  /* CR LF, each name with CR LF behind it, CR LF */
	BUFFER_HTTP_START,         /* first line, "Name: value" lines, blank line */
	BUFFER_HTTP_REQUEST_BODY,
	BUFFER_HTTP_STAT_CODE,
	BUFFER_HTTP_STAT_MSG,
	BUFFER_FILE_DATA,          /* response body */
	BUFFER_DNS_QUERY,
	BUFFER_COUNT,
};

/* The keyword people write: "http.uri", "payload", …; never NULL for a valid value. */
const char *buffer_name(enum buffer);

#endif
