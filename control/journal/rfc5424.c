/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RFC 5424: header, structured data, message. */
#include "control/journal/rfc5424.h"
#include "control/journal/stamp.h"
#include "control/wire/utf8.h"

#include <stdio.h>
#include <string.h>

/* RFC 5424 6.2.1: PRI is facility * 8 + severity. 32473 is the enterprise number kept for such use (RFC 5612). */
enum { LOCAL4 = 20 };
static const char data_name[] = "konseki@32473";

static const unsigned severities[] = {
	[PRIORITY_HIGH] = 2,   /* critical */
	[PRIORITY_MEDIUM] = 4, /* warning */
	[PRIORITY_LOW] = 6,    /* informational */
};

static void put(struct sink *s, const char *text)
{
	sink_put(s, text, strlen(text));
}

/* RFC 5424 6.3.3: quote, backslash and bracket are escaped in a value. */
static void put_parameter(struct sink *s, const char *name, const char *value)
{
	put(s, " ");
	put(s, name);
	put(s, "=\"");
	for (const char *at = value; *at != 0; at++) {
		if (*at == '"' || *at == '\\' || *at == ']')
			sink_u8(s, '\\');
		sink_u8(s, (uint8_t)*at);
	}
	put(s, "\"");
}

/* RFC 5424 6.2.4: HOSTNAME is printable ASCII without blanks. */
static void put_host(struct sink *s, const char *host)
{
	size_t len = 0;

	for (const char *at = host == NULL ? "" : host; *at != 0 && len < 255; at++, len++)
		sink_u8(s, *at > ' ' && *at < 127 ? (uint8_t)*at : '?');
	if (len == 0)
		sink_u8(s, '-');
}

static void put_endpoint(struct sink *s, const char *name, const struct address *a, uint16_t port)
{
	char address[ADDRESS_TEXT], text[ADDRESS_TEXT + 16];

	address_format(a, address);
	if (port == 0)
		snprintf(text, sizeof(text), "%s", address);
	else
		snprintf(text, sizeof(text), a->family == 6 ? "[%s]:%u" : "%s:%u", address, port);
	put_parameter(s, name, text);
}

/* One character of UTF-8 as its code point, *at moved behind it; -1 for a byte that begins none. */
static int32_t character_take(struct bytes *at)
{
	size_t len = utf8_length(*at), taken = len > 0 ? len : 1;
	uint32_t c = len > 1 ? at->at[0] & (0x7fu >> len) : at->at[0];

	for (size_t i = 1; i < len; i++)
		c = c << 6 | (at->at[i] & 0x3f);
	at->at += taken;
	at->left -= taken;
	return len > 0 ? (int32_t)c : -1;
}

/*
 * MSG in ASCII: UTF-8 would have to begin with a BOM (RFC 5424 6.4), which no JSON parser takes. What is not ASCII is
 * written as JSON escapes it (RFC 8259 7), which means the same in every string of the record.
 */
static void put_message(struct sink *s, struct bytes message)
{
	char text[16];

	while (message.left > 0) {
		int32_t c = character_take(&message);

		if (c >= ' ' && c < 127) {
			sink_u8(s, (uint8_t)c);
			continue;
		}
		if (c > 0xffff) {
			snprintf(text, sizeof(text), "\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)));
			put(s, text);
			c = 0xdc00 + ((c - 0x10000) & 0x3ff);
		}
		snprintf(text, sizeof(text), "\\u%04x", c < 0 ? 0xfffdu : (unsigned)c);
		put(s, text);
	}
}

void line_head(struct sink *s, const struct line_facts *f)
{
	char text[STAMP_TEXT + 16];

	snprintf(text, sizeof(text), "<%u>1 ", LOCAL4 * 8 + severities[f->priority]);
	put(s, text);
	put(s, stamp_utc(f->time_ns, text));
	put(s, " ");
	put_host(s, f->host);
	put(s, " konseki - verdict ");
}

void line_write(struct sink *s, const struct line_facts *f, struct bytes message)
{
	char text[16];

	line_head(s, f);
	put(s, "[");
	put(s, data_name);
	put_parameter(s, "id", f->id);
	snprintf(text, sizeof(text), "%u", f->revision);
	put_parameter(s, "revision", text);
	put_parameter(s, "final", f->final ? "true" : "false");
	put_parameter(s, "verdict", verdict_name(f->verdict));
	put_parameter(s, "event.outcome", verdict_name(f->verdict)); /* as the Elastic Common Schema calls it */
	put_parameter(s, "priority", priority_name(f->priority));
	put_parameter(s, "reason", f->reason);
	put_endpoint(s, "src", &f->tuple.src, f->tuple.sport);
	put_endpoint(s, "dst", &f->tuple.dst, f->tuple.dport);
	put(s, "] ");
	put_message(s, message);
}

const char *line_sentence(const struct line_facts *f, const char *detail, char *buf, size_t size)
{
	char src[ADDRESS_TEXT], dst[ADDRESS_TEXT];

	snprintf(buf, size, "%s: attack from %s on %s port %u: %s", verdict_name(f->verdict),
	         address_format(&f->tuple.src, src), address_format(&f->tuple.dst, dst), f->tuple.dport, detail);
	return buf;
}
