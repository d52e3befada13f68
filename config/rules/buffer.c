/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the buffers are called, and whose side they belong to. */
#include "config/rules/ast.h"

static const struct {
	const char *name;
	bool sided;
	enum direction side;
} buffers[BUFFER_COUNT] = {
	[BUFFER_PAYLOAD] = { "payload", false, FROM_CLIENT },
	[BUFFER_HTTP_METHOD] = { "http.method", true, FROM_CLIENT },
	[BUFFER_HTTP_URI] = { "http.uri", true, FROM_CLIENT },
	[BUFFER_HTTP_URI_RAW] = { "http.uri.raw", true, FROM_CLIENT },
	[BUFFER_HTTP_REQUEST_LINE] = { "http.request_line", true, FROM_CLIENT },
	[BUFFER_HTTP_HEADER] = { "http.header", false, FROM_CLIENT },
	[BUFFER_HTTP_HEADER_RAW] = { "http.header.raw", false, FROM_CLIENT },
	[BUFFER_HTTP_COOKIE] = { "http.cookie", false, FROM_CLIENT },
	[BUFFER_HTTP_USER_AGENT] = { "http.user_agent", true, FROM_CLIENT },
	[BUFFER_HTTP_HOST] = { "http.host", true, FROM_CLIENT },
	[BUFFER_HTTP_HOST_RAW] = { "http.host.raw", true, FROM_CLIENT },
	[BUFFER_HTTP_REFERER] = { "http.referer", true, FROM_CLIENT },
	[BUFFER_HTTP_CONTENT_TYPE] = { "http.content_type", false, FROM_CLIENT },
	[BUFFER_HTTP_ACCEPT] = { "http.accept", true, FROM_CLIENT },
	[BUFFER_HTTP_ACCEPT_ENCODING] = { "http.accept_enc", true, FROM_CLIENT },
	[BUFFER_HTTP_ACCEPT_LANGUAGE] = { "http.accept_lang", true, FROM_CLIENT },
	[BUFFER_HTTP_CONNECTION] = { "http.connection", false, FROM_CLIENT },
	[BUFFER_HTTP_CONTENT_LENGTH] = { "http.content_len", false, FROM_CLIENT },
	[BUFFER_HTTP_LOCATION] = { "http.location", true, FROM_SERVER },
	[BUFFER_HTTP_SERVER] = { "http.server", true, FROM_SERVER },
	[BUFFER_HTTP_PROTOCOL] = { "http.protocol", false, FROM_CLIENT },
	[BUFFER_HTTP_RESPONSE_LINE] = { "http.response_line", true, FROM_SERVER },
	[BUFFER_HTTP_HEADER_NAMES] = { "http.header_names", false, FROM_CLIENT },
	[BUFFER_HTTP_START] = { "http.start", false, FROM_CLIENT },
	[BUFFER_HTTP_REQUEST_BODY] = { "http.request_body", true, FROM_CLIENT },
	[BUFFER_HTTP_STAT_CODE] = { "http.stat_code", true, FROM_SERVER },
	[BUFFER_HTTP_STAT_MSG] = { "http.stat_msg", true, FROM_SERVER },
	[BUFFER_FILE_DATA] = { "file.data", true, FROM_SERVER },
	[BUFFER_DNS_QUERY] = { "dns.query", true, FROM_CLIENT },
};

const char *buffer_name(enum buffer b)
{
	return buffers[b].name;
}

bool buffer_is_sided(enum buffer b)
{
	return buffers[b].sided;
}

enum direction buffer_side(enum buffer b, enum direction orientation)
{
	return buffers[b].sided ? buffers[b].side : orientation;
}
