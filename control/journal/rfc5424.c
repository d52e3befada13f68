/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RFC 5424: header, structured data, message. */
#include "control/journal/rfc5424.h"
#include "control/journal/stamp.h"

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

void line_write(struct sink *s, const struct line_facts *f, struct bytes message)
{
	char text[STAMP_TEXT + 16];

	snprintf(text, sizeof(text), "<%u>1 ", LOCAL4 * 8 + severities[f->priority]);
	put(s, text);
	put(s, stamp_utc(f->time_ns, text));
	put(s, " ");
	put_host(s, f->host);
	put(s, " konseki - verdict [");
	put(s, data_name);
	put_parameter(s, "id", f->id);
	snprintf(text, sizeof(text), "%u", f->revision);
	put_parameter(s, "revision", text);
	put_parameter(s, "final", f->final ? "true" : "false");
	put_parameter(s, "verdict", verdict_name(f->verdict));
	put_parameter(s, "priority", priority_name(f->priority));
	put_parameter(s, "reason", f->reason);
	put_endpoint(s, "src", &f->tuple.src, f->tuple.sport);
	put_endpoint(s, "dst", &f->tuple.dst, f->tuple.dport);
	put(s, "] ");
	sink_put(s, message.at, message.left);
}

const char *line_sentence(const struct line_facts *f, const char *detail, char *buf, size_t size)
{
	char src[ADDRESS_TEXT], dst[ADDRESS_TEXT];

	snprintf(buf, size, "%s: attack from %s on %s port %u: %s", verdict_name(f->verdict),
	         address_format(&f->tuple.src, src), address_format(&f->tuple.dst, dst), f->tuple.dport, detail);
	return buf;
}
