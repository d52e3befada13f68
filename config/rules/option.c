/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a rule: splitting them, and the one table of keywords. */
#include "config/rules/parse.h"

#include "config/rules/class.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int copy_text(struct parse *p, const char *text, struct bytes *ret)
{
	char *copy = arena_copy(&p->set->arena, text, strlen(text));

	if (copy == NULL)
		return -ENOMEM;
	*ret = bytes_text(copy);
	return 0;
}

static int parse_message(struct parse *p, const struct keyword *k, char *value)
{
	bool negated;
	char *text = unquote(value, &negated), *out;

	if (text == NULL || negated || strlen(text) > 255)
		return refuse(p, "msg must be a text in quotes of at most 255 bytes");
	out = text;
	for (char *in = text; *in != '\0'; in++) {
		if (*in == '\\' && in[1] != '\0' && strchr("\\\";:", in[1]) != NULL)
			in++;
		*out++ = *in;
	}
	*out = '\0';
	p->has_message = true;
	return copy_text(p, text, &p->rule.message);
}

static int parse_identity(struct parse *p, const struct keyword *k, char *value)
{
	uint32_t *to = k->name[0] == 's' ? &p->rule.sid : k->name[0] == 'g' ? &p->rule.gid : &p->rule.rev;
	long n;

	if (!parse_number(value, k->name[0] == 's', 0xffffffff, &n))
		return refuse(p, "%s: \"%.32s\" is no number", k->name, value);
	if (k->name[0] == 's' && p->has_sid)
		return refuse(p, "sid stands twice");
	p->has_sid |= k->name[0] == 's';
	*to = (uint32_t)n;
	return 0;
}

static int parse_class(struct parse *p, const struct keyword *k, char *value)
{
	const struct rule_class *c = rule_class_find(value);

	/* as Suricata does, an unknown class is only a name */
	p->rule.severity = c != NULL ? c->severity : 3;
	if (c == NULL)
		return copy_text(p, value, &p->rule.class_text);
	p->rule.class_text = bytes_text(c->text);
	return 0;
}

static int parse_priority(struct parse *p, const struct keyword *k, char *value)
{
	long n;

	if (!parse_number(value, 1, 255, &n))
		return refuse(p, "priority: \"%.32s\" is no number from 1 to 255", value);
	p->priority = n > 4 ? 4 : (int)n;
	return 0;
}

/* reference, metadata, target, gid's like: for people and for other tools */
static int parse_remark(struct parse *p, const struct keyword *k, char *value)
{
	return value[0] == '\0' ? refuse(p, "%s needs a value", k->name) : 0;
}

static int parse_sticky(struct parse *p, const struct keyword *k, char *value)
{
	if (value[0] != '\0')
		return refuse(p, "%s takes no value", k->name);
	p->sticky = k->view.buffer != BUFFER_PAYLOAD;
	p->view = k->view;
	return 0;
}

static int parse_dot_prefix(struct parse *p, const struct keyword *k, char *value)
{
	if (!p->sticky || (p->view.buffer != BUFFER_DNS_QUERY && p->view.buffer != BUFFER_HTTP_HOST))
		return refuse(p, "dotprefix is only supported after dns.query and http.host");
	p->view.dot_prefix = true;
	return 0;
}

#define PLAIN { BUFFER_PAYLOAD, false }
#define IN(buffer) { BUFFER_##buffer, false }
static const struct keyword keywords[] = {
	{ "msg", parse_message, PLAIN },
	{ "sid", parse_identity, PLAIN },
	{ "gid", parse_identity, PLAIN },
	{ "rev", parse_identity, PLAIN },
	{ "classtype", parse_class, PLAIN },
	{ "priority", parse_priority, PLAIN },
	{ "reference", parse_remark, PLAIN },
	{ "metadata", parse_remark, PLAIN },
	{ "target", parse_remark, PLAIN },
	{ "flow", parse_flow, PLAIN },
	{ "app-layer-protocol", parse_app, PLAIN },
	{ "flowbits", parse_flow_bits, PLAIN },
	{ "xbits", parse_pair_bits, PLAIN },
	{ "noalert", parse_flow_bits, PLAIN },
	{ "threshold", parse_threshold, PLAIN },
	{ "content", parse_content, PLAIN },
	{ "uricontent", parse_content, IN(HTTP_URI) },
	{ "nocase", parse_content_modifier, PLAIN },
	{ "depth", parse_content_modifier, PLAIN },
	{ "offset", parse_content_modifier, PLAIN },
	{ "distance", parse_content_modifier, PLAIN },
	{ "within", parse_content_modifier, PLAIN },
	{ "startswith", parse_content_modifier, PLAIN },
	{ "endswith", parse_content_modifier, PLAIN },
	{ "rawbytes", parse_content_modifier, PLAIN },
	{ "fast_pattern", parse_fast_pattern, PLAIN },
	{ "pcre", parse_pcre, PLAIN },
	{ "isdataat", parse_data_at, PLAIN },
	{ "bsize", parse_size, PLAIN },
	{ "dsize", parse_size, PLAIN },
	{ "urilen", parse_size, IN(HTTP_URI) },
	{ "byte_test", parse_byte_test, PLAIN },
	{ "byte_jump", parse_byte_jump, PLAIN },
	{ "http_method", parse_content_buffer, IN(HTTP_METHOD) },
	{ "http_uri", parse_content_buffer, IN(HTTP_URI) },
	{ "http_raw_uri", parse_content_buffer, IN(HTTP_URI_RAW) },
	{ "http_header", parse_content_buffer, IN(HTTP_HEADER) },
	{ "http_raw_header", parse_content_buffer, IN(HTTP_HEADER_RAW) },
	{ "http_cookie", parse_content_buffer, IN(HTTP_COOKIE) },
	{ "http_user_agent", parse_content_buffer, IN(HTTP_USER_AGENT) },
	{ "http_host", parse_content_buffer, IN(HTTP_HOST) },
	{ "http_raw_host", parse_content_buffer, IN(HTTP_HOST_RAW) },
	{ "http_client_body", parse_content_buffer, IN(HTTP_REQUEST_BODY) },
	{ "http_server_body", parse_content_buffer, IN(FILE_DATA) },
	{ "http_stat_code", parse_content_buffer, IN(HTTP_STAT_CODE) },
	{ "http_stat_msg", parse_content_buffer, IN(HTTP_STAT_MSG) },
	{ "http.method", parse_sticky, IN(HTTP_METHOD) },
	{ "http.uri", parse_sticky, IN(HTTP_URI) },
	{ "http.uri.raw", parse_sticky, IN(HTTP_URI_RAW) },
	{ "http.request_line", parse_sticky, IN(HTTP_REQUEST_LINE) },
	{ "http_request_line", parse_sticky, IN(HTTP_REQUEST_LINE) },
	{ "http.header", parse_sticky, IN(HTTP_HEADER) },
	{ "http.header.raw", parse_sticky, IN(HTTP_HEADER_RAW) },
	{ "http.cookie", parse_sticky, IN(HTTP_COOKIE) },
	{ "http.user_agent", parse_sticky, IN(HTTP_USER_AGENT) },
	{ "http.host", parse_sticky, IN(HTTP_HOST) },
	{ "http.host.raw", parse_sticky, IN(HTTP_HOST_RAW) },
	{ "http.referer", parse_sticky, IN(HTTP_REFERER) },
	{ "http_referer", parse_sticky, IN(HTTP_REFERER) },
	{ "http.content_type", parse_sticky, IN(HTTP_CONTENT_TYPE) },
	{ "http_content_type", parse_sticky, IN(HTTP_CONTENT_TYPE) },
	{ "http.accept", parse_sticky, IN(HTTP_ACCEPT) },
	{ "http_accept", parse_sticky, IN(HTTP_ACCEPT) },
	{ "http.accept_enc", parse_sticky, IN(HTTP_ACCEPT_ENCODING) },
	{ "http_accept_enc", parse_sticky, IN(HTTP_ACCEPT_ENCODING) },
	{ "http.accept_lang", parse_sticky, IN(HTTP_ACCEPT_LANGUAGE) },
	{ "http_accept_lang", parse_sticky, IN(HTTP_ACCEPT_LANGUAGE) },
	{ "http.connection", parse_sticky, IN(HTTP_CONNECTION) },
	{ "http_connection", parse_sticky, IN(HTTP_CONNECTION) },
	{ "http.content_len", parse_sticky, IN(HTTP_CONTENT_LENGTH) },
	{ "http_content_len", parse_sticky, IN(HTTP_CONTENT_LENGTH) },
	{ "http.location", parse_sticky, IN(HTTP_LOCATION) },
	{ "http.server", parse_sticky, IN(HTTP_SERVER) },
	{ "http.protocol", parse_sticky, IN(HTTP_PROTOCOL) },
	{ "http_protocol", parse_sticky, IN(HTTP_PROTOCOL) },
	{ "http.response_line", parse_sticky, IN(HTTP_RESPONSE_LINE) },
	{ "http_response_line", parse_sticky, IN(HTTP_RESPONSE_LINE) },
	{ "http.header_names", parse_sticky, IN(HTTP_HEADER_NAMES) },
	{ "http_header_names", parse_sticky, IN(HTTP_HEADER_NAMES) },
	{ "http.start", parse_sticky, IN(HTTP_START) },
	{ "http_start", parse_sticky, IN(HTTP_START) },
	{ "http.request_body", parse_sticky, IN(HTTP_REQUEST_BODY) },
	{ "http.stat_code", parse_sticky, IN(HTTP_STAT_CODE) },
	{ "http.stat_msg", parse_sticky, IN(HTTP_STAT_MSG) },
	{ "http.response_body", parse_sticky, IN(FILE_DATA) },
	{ "file.data", parse_sticky, IN(FILE_DATA) },
	{ "file_data", parse_sticky, IN(FILE_DATA) },
	{ "pkt_data", parse_sticky, PLAIN },
	{ "dns.query", parse_sticky, IN(DNS_QUERY) },
	{ "dns_query", parse_sticky, IN(DNS_QUERY) },
	{ "dotprefix", parse_dot_prefix, PLAIN },
};

static const struct keyword *keyword_find(const char *name)
{
	for (unsigned i = 0; i < COUNT_OF(keywords); i++)
		if (strcmp(keywords[i].name, name) == 0)
			return &keywords[i];
	return NULL;
}

/*
 * Where the option that begins at text ends: its ';'. Quotes hold ';' only at a value's begin; a backslash takes the
 * next byte along. NULL where no ';' follows.
 */
static char *option_end(char *text)
{
	bool quoted = false, value = false;
	char last = ':';

	for (char *c = text; *c != '\0'; c++) {
		if (*c == '\\' && c[1] != '\0') {
			c++;
			last = 'x';
			continue;
		}
		if (quoted) {
			quoted = *c != '"';
		} else if (*c == ';') {
			return c;
		} else if (*c == '"' && value && (last == ':' || last == '!')) {
			quoted = true;
		}
		value |= *c == ':';
		if (*c != ' ' && *c != '\t')
			last = *c;
	}
	return NULL;
}

static int option_parse(struct parse *p, char *text)
{
	char *colon = strchr(text, ':');
	char *value = text + strlen(text);
	const struct keyword *k;

	if (colon != NULL) {
		*colon = '\0';
		value = trim(colon + 1);
	}
	text = trim(text);
	k = keyword_find(text);
	if (k == NULL)
		return refuse(p, "keyword %.40s is not supported", text);
	return k->parse(p, k, value);
}

int options_parse(struct parse *p, char *text)
{
	int r = 0;

	for (char *end; r == 0; text = end + 1) {
		text += strspn(text, " \t");
		if (*text == '\0')
			break;
		end = option_end(text);
		if (end == NULL)
			return refuse(p, "option \"%.40s\" does not end with ';'", text);
		*end = '\0';
		if (text != end)
			r = option_parse(p, text);
	}
	return r;
}
