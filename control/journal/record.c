/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A judged alert as JSON: first what every EVE consumer knows, then triage. */
#include "control/journal/record.h"
#include "control/extract/http.h"
#include "control/journal/community.h"
#include "control/journal/stamp.h"
#include "control/journal/text.h"
#include "control/journal/triage.h"

#include <netinet/in.h>
#include <string.h>

/* JSON numbers stay whole in every reader up to 2^53; Suricata keeps its flow_id below 2^51, so do we. */
#define FLOW_ID_MASK ((UINT64_C(1) << 51) - 1)

struct tuple record_tuple(const struct case_record *c, const struct extraction *codes)
{
	bool from_client = codes == NULL || codes->count == 0;

	for (unsigned i = 0; !from_client && i < codes->count; i++) {
		enum part_kind part = codes->codes[i].part;

		from_client = part == PART_REQUEST_HEAD || part == PART_REQUEST_BODY || part == PART_CLIENT_STREAM;
	}
	return from_client ? c->tuple : tuple_reverse(&c->tuple);
}

uint64_t record_time_ns(const struct case_record *c)
{
	if (c->request_last_ns != 0)
		return c->request_last_ns;
	if (c->request_first_ns != 0)
		return c->request_first_ns;
	return c->response_first_ns != 0 ? c->response_first_ns : c->flow_start_ns;
}

static void put_alert(struct writer *w, const struct case_alert *a)
{
	writer_open(w, '{');
	writer_key_text(w, "action", "allowed");
	writer_key_integer(w, "gid", a->gid);
	writer_key_integer(w, "signature_id", a->sid);
	writer_key_integer(w, "rev", a->rev);
	writer_key(w, "signature");
	text_write_shown(w, a->message);
	writer_key(w, "category");
	text_write_shown(w, a->class_type);
	writer_key_integer(w, "severity", a->severity);
	writer_close(w, '}');
}

static void put_shown(struct writer *w, const char *name, struct bytes b)
{
	if (b.left == 0)
		return;
	writer_key(w, name);
	text_write_shown(w, b);
}

static void put_header(struct writer *w, const char *name, struct bytes lines, const char *header)
{
	put_shown(w, name, http_header_find(lines, header));
}

/* The last word of the request line, where it is a version. */
static struct bytes protocol_of(struct bytes head)
{
	struct bytes line = bytes_trim(http_split(&head, '\n')), word = line;

	while (line.left > 0)
		word = http_split(&line, ' ');
	return bytes_starts_fold(word, bytes_text("HTTP/")) ? word : bytes_of(NULL, 0);
}

static void put_http(struct writer *w, const struct case_record *c)
{
	const struct case_part *request = &c->parts[PART_REQUEST_HEAD], *response = &c->parts[PART_RESPONSE_HEAD];
	struct http_request q = http_request_of(request->head);
	struct http_response a = { 0 };

	writer_open(w, '{');
	put_header(w, "hostname", q.headers, "host");
	if (q.target.at != NULL) /* empty is told, none is not */
		text_write(w, "url", "url_base64", q.target);
	put_header(w, "http_user_agent", q.headers, "user-agent");
	put_header(w, "xff", q.headers, "x-forwarded-for");
	put_shown(w, "http_method", q.method);
	put_header(w, "http_refer", q.headers, "referer");
	put_shown(w, "protocol", protocol_of(request->head));
	if (response->present)
		a = http_response_of(response->head);
	put_header(w, "http_content_type", a.headers, "content-type");
	if (a.status != 0)
		writer_key_integer(w, "status", a.status);
	if (c->parts[PART_RESPONSE_BODY].present)
		writer_key_integer(w, "length", (int64_t)c->parts[PART_RESPONSE_BODY].seen);
	writer_close(w, '}');
}

static const char *protocol_name(uint8_t protocol, char buf[8])
{
	static const struct {
		uint8_t number;
		const char *name;
	} names[] = { { IPPROTO_TCP, "TCP" }, { IPPROTO_UDP, "UDP" }, { IPPROTO_ICMP, "ICMP" },
		      { IPPROTO_ICMPV6, "IPv6-ICMP" }, { IPPROTO_SCTP, "SCTP" } };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i].number == protocol)
			return names[i].name;
	snprintf(buf, 8, "%u", protocol);
	return buf;
}

static void put_ends(struct writer *w, const struct tuple *t)
{
	char address[ADDRESS_TEXT], number[8], community[COMMUNITY_TEXT];
	bool ports = t->protocol == IPPROTO_TCP || t->protocol == IPPROTO_UDP;

	if (t->vlan != 0) {
		writer_key(w, "vlan");
		writer_open(w, '[');
		writer_integer(w, t->vlan);
		writer_close(w, ']');
	}
	writer_key_text(w, "src_ip", address_format(&t->src, address));
	if (ports)
		writer_key_integer(w, "src_port", t->sport);
	writer_key_text(w, "dest_ip", address_format(&t->dst, address));
	if (ports)
		writer_key_integer(w, "dest_port", t->dport);
	writer_key_text(w, "proto", protocol_name(t->protocol, number));
	if (t->protocol != IPPROTO_ICMP && t->protocol != IPPROTO_ICMPV6) {
		community_id(t, community);
		writer_key_text(w, "community_id", community);
	}
}

int record_write(const struct record_facts *f, enum record_form form, struct writer *w, struct bytes *ret)
{
	const struct case_record *c = f->record;
	const struct case_alert *alert = case_record_alert(c);
	const struct tuple tuple = record_tuple(c, f->codes);
	char stamp[STAMP_TEXT];

	writer_reset(w);
	writer_open(w, '{');
	writer_key_text(w, "timestamp", stamp_utc(record_time_ns(c), stamp));
	writer_key_integer(w, "flow_id", (int64_t)(c->flow_id & FLOW_ID_MASK));
	writer_key_text(w, "event_type", "alert");
	put_ends(w, &tuple);
	writer_key_text(w, "app_proto", app_proto_name(c->app));
	writer_key_integer(w, "tx_id", c->tx_id);
	if (alert != NULL) {
		writer_key(w, "alert");
		put_alert(w, alert);
	}
	writer_key(w, "alerts");
	writer_open(w, '[');
	for (uint32_t i = 0; i < c->alerts_count; i++)
		put_alert(w, &c->alerts[i]);
	writer_close(w, ']');
	if (c->alerts_left > 0)
		writer_key_integer(w, "alerts_left", c->alerts_left);
	if (c->app == APP_HTTP && c->parts[PART_REQUEST_HEAD].present) {
		writer_key(w, "http");
		put_http(w, c);
	}
	writer_key(w, "triage");
	triage_write(w, f, form);
	writer_close(w, '}');
	return writer_done(w, ret);
}
