/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CEF: header, extension, escapes. */
#include "control/journal/cef.h"
#include "control/extract/http.h"
#include "control/journal/community.h"
#include "control/journal/text.h"
#include "control/wire/utf8.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* Characters of a value. Those of the dictionary; attack code and evidence less than its 4000, so that a line fits. */
enum {
	NAME_MAX_CHARS = 512, TEXT_MAX = 1023, AGENT_MAX = 256, CODE_MAX = 1500, EVIDENCE_MAX_CHARS = 1000, WORD_MAX = 63, ID_MAX = 40,
};

static const unsigned severities[] = { [PRIORITY_HIGH] = 8, [PRIORITY_MEDIUM] = 5, [PRIORITY_LOW] = 2 };

/* Where a value stands says which characters need an escape. */
enum spot { IN_HEADER, IN_EXTENSION };

static void put(struct sink *s, const char *text)
{
	sink_put(s, text, strlen(text));
}

/* The next character as it is written, at most 16 bytes; b moves behind it. Returns its length. */
static size_t character_take(struct bytes *b, enum spot spot, char ret[16])
{
	size_t len = utf8_length(*b);
	uint32_t c = b->at[0];

	b->at += len > 1 ? len : 1;
	b->left -= len > 1 ? len : 1;
	if (len == 0)
		return (size_t)snprintf(ret, 16, "\\\\x%02x", (unsigned)c);
	if (len > 1) {
		c &= 0x7fu >> len;
		for (size_t i = 1; i < len; i++)
			c = c << 6 | (b->at[(ptrdiff_t)i - (ptrdiff_t)len] & 0x3f);
		return (size_t)snprintf(ret, 16, c > 0xffff ? "\\\\U%08x" : "\\\\u%04x", (unsigned)c);
	}
	if (spot == IN_EXTENSION && (c == '\n' || c == '\r'))
		return (size_t)snprintf(ret, 16, c == '\n' ? "\\n" : "\\r");
	if (c < ' ' || c == 127)
		return (size_t)snprintf(ret, 16, "\\\\x%02x", (unsigned)c);
	if (c == '\\' || (spot == IN_HEADER && c == '|') || (spot == IN_EXTENSION && c == '='))
		return (size_t)snprintf(ret, 16, "\\%c", (char)c);
	ret[0] = (char)c;
	return 1;
}

/* At most max bytes, escapes among them; none is cut in two. */
static void put_value(struct sink *s, enum spot spot, struct bytes b, size_t max)
{
	char text[16];
	size_t used = 0;

	while (b.left > 0) {
		size_t len = character_take(&b, spot, text);

		if (used + len > max)
			return;
		sink_put(s, text, len);
		used += len;
	}
}

/* Nothing of an empty value. The blank before it ends the one before. */
static void put_bytes(struct sink *s, const char *key, struct bytes b, size_t max)
{
	if (b.left == 0)
		return;
	put(s, " ");
	put(s, key);
	put(s, "=");
	put_value(s, IN_EXTENSION, b, max);
}

static void put_text(struct sink *s, const char *key, const char *text)
{
	put_bytes(s, key, bytes_text(text), TEXT_MAX);
}

static void put_number(struct sink *s, const char *key, uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	put_text(s, key, text);
}

/* A field that CEF has no name for goes by its label: "cs1", "cs1Label". */
static void put_labelled(struct sink *s, const char *key, const char *label, struct bytes b, size_t max)
{
	char name[32];

	if (b.left == 0)
		return;
	put_bytes(s, key, b, max);
	snprintf(name, sizeof(name), "%sLabel", key);
	put_text(s, name, label);
}

static void put_labelled_number(struct sink *s, const char *key, const char *label, uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	put_labelled(s, key, label, bytes_text(text), sizeof(text));
}

/* src and dst are IPv4 in CEF 0; IPv6 has fields of its own. */
static void put_ends(struct sink *s, const struct tuple *t)
{
	static const char *const protocols[256] = { [IPPROTO_TCP] = "TCP", [IPPROTO_UDP] = "UDP", [IPPROTO_ICMP] = "ICMP",
		                                    [IPPROTO_ICMPV6] = "IPv6-ICMP", [IPPROTO_SCTP] = "SCTP" };
	bool ports = t->protocol == IPPROTO_TCP || t->protocol == IPPROTO_UDP;
	char src[ADDRESS_TEXT], dst[ADDRESS_TEXT], community[COMMUNITY_TEXT];

	address_format(&t->src, src);
	address_format(&t->dst, dst);
	if (t->src.family == 6) {
		put_labelled(s, "c6a2", "Source IPv6 Address", bytes_text(src), sizeof(src));
		put_labelled(s, "c6a3", "Destination IPv6 Address", bytes_text(dst), sizeof(dst));
	} else {
		put_text(s, "src", src);
		put_text(s, "dst", dst);
	}
	if (ports) {
		put_number(s, "spt", t->sport);
		put_number(s, "dpt", t->dport);
	}
	if (protocols[t->protocol] != NULL)
		put_text(s, "proto", protocols[t->protocol]);
	if (t->protocol != IPPROTO_ICMP && t->protocol != IPPROTO_ICMPV6) {
		community_id(t, community);
		put_labelled(s, "cs4", "Community ID", bytes_text(community), sizeof(community));
	}
}

/* "http://host/target": CEF wants the protocol there. What is no path stands as it came. */
static void put_request(struct sink *s, const struct case_record *c)
{
	const struct case_part *head = &c->parts[PART_REQUEST_HEAD], *answer = &c->parts[PART_RESPONSE_HEAD];
	struct http_request q;
	struct bytes host, rest, name;
	size_t used;
	bool path;

	if (c->app != APP_HTTP || !head->present)
		return;
	q = http_request_of(head->head);
	host = rest = http_header_find(q.headers, "host");
	path = q.target.left > 0 && q.target.at[0] == '/' && host.left > 0 && host.left < 256;
	name = host.left > 0 && host.at[0] != '[' ? http_split(&rest, ':') : host;
	put_bytes(s, "requestMethod", q.method, WORD_MAX);
	if (q.target.left > 0) {
		put(s, " request=");
		used = s->used;
		if (path) {
			put(s, "http://");
			put_value(s, IN_EXTENSION, host, 300);
		}
		put_value(s, IN_EXTENSION, q.target, TEXT_MAX - (s->used - used));
	}
	put_bytes(s, "dhost", name, 255);
	put_bytes(s, "requestClientApplication", http_header_find(q.headers, "user-agent"), AGENT_MAX);
	if (answer->present && http_response_of(answer->head).status != 0)
		put_labelled_number(s, "cn2", "HTTP Status", http_response_of(answer->head).status);
}

/* The code that the verdict's first evidence is of, else the first; and that evidence. */
static void put_attack(struct sink *s, const struct record_facts *f)
{
	const struct judgement *j = f->judgement;
	const struct evidence *e = NULL;
	const struct attack_code *code;

	for (unsigned i = 0; i < j->evidence_count && e == NULL; i++)
		e = j->evidence[i].found ? &j->evidence[i] : NULL;
	if (f->codes != NULL && f->codes->count > 0) {
		code = &f->codes->codes[e != NULL && e->code < f->codes->count ? e->code : 0];
		put_labelled(s, "cs1", "Attack Code", code->text, CODE_MAX);
		put_labelled(s, "cs2", "Attack Code Language", bytes_text(language_name(code->language)), WORD_MAX);
	}
	if (e == NULL)
		return;
	put_labelled(s, "cs3", "Evidence", text_whole(bytes_of(e->excerpt, e->excerpt_len < f->excerpt_bytes ? e->excerpt_len : f->excerpt_bytes)),
	             EVIDENCE_MAX_CHARS);
	put_labelled(s, "cs5", "Evidence Place", bytes_text(e->where), 128);
}

static void put_header(struct sink *s, const struct line_facts *line, const struct case_alert *alert)
{
	char number[32];

	put(s, "CEF:0|Konseki|Konseki|" KONSEKI_VERSION "|");
	snprintf(number, sizeof(number), "%" PRIu32, alert == NULL ? 0 : alert->sid);
	put(s, number);
	put(s, "|");
	put_value(s, IN_HEADER, alert == NULL || alert->message.left == 0 ? bytes_text("Attack") : alert->message, NAME_MAX_CHARS);
	snprintf(number, sizeof(number), "|%u|", severities[line->priority]);
	put(s, number);
}

void cef_write(struct sink *s, const struct line_facts *line, const struct record_facts *f)
{
	const struct judgement *j = f->judgement;
	char id[64];

	line_head(s, line);
	put(s, "- ");
	put_header(s, line, case_record_alert(f->record));
	snprintf(id, sizeof(id), "rt=%" PRIu64, line->time_ns / 1000000);
	put(s, id);
	put_bytes(s, "externalId", bytes_text(f->id), ID_MAX);
	put_text(s, "cat", j->class_name == NULL || j->class_name[0] == 0 ? "other" : j->class_name);
	put_text(s, "outcome", verdict_name(j->verdict));
	put_text(s, "reason", reason_name(j->reason));
	put_bytes(s, "msg", bytes_text(j->detail), TEXT_MAX);
	put_ends(s, &line->tuple);
	put_text(s, "app", app_proto_name(f->record->app));
	put_request(s, f->record);
	put_attack(s, f);
	put_labelled_number(s, "cn1", "Revision", f->revision);
	put_labelled(s, "cs6", "Final", bytes_text(j->final ? "true" : "false"), WORD_MAX);
}
