/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A judged alert as JSON: first what every EVE consumer knows, then triage. */
#include "control/journal/record.h"
#include "control/extract/http.h"
#include "control/journal/community.h"
#include "control/journal/compact.h"
#include "control/journal/stamp.h"
#include "control/journal/text.h"
#include "control/journal/triage.h"

#include <errno.h>
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

static json_t *alert_json(const struct case_alert *a)
{
	return json_pack("{s:s, s:I, s:I, s:I, s:o, s:o, s:i}", "action", "allowed", "gid", (json_int_t)a->gid,
	                 "signature_id", (json_int_t)a->sid, "rev", (json_int_t)a->rev, "signature",
	                 text_shown(a->message), "category", text_shown(a->class_type), "severity", (int)a->severity);
}

static json_t *alerts_json(const struct case_record *c)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < c->alerts_count; i++)
		if (json_array_append_new(list, alert_json(&c->alerts[i])) < 0)
			break;
	return list;
}

static void put_shown(json_t *object, const char *name, struct bytes b)
{
	if (b.left > 0)
		json_object_set_new(object, name, text_shown(b));
}

static void put_header(json_t *object, const char *name, struct bytes lines, const char *header)
{
	put_shown(object, name, http_header_find(lines, header));
}

/* The last word of the request line, where it is a version. */
static struct bytes protocol_of(struct bytes head)
{
	struct bytes line = bytes_trim(http_split(&head, '\n')), word = line;

	while (line.left > 0)
		word = http_split(&line, ' ');
	return bytes_starts_fold(word, bytes_text("HTTP/")) ? word : bytes_of(NULL, 0);
}

static json_t *http_json(const struct case_record *c)
{
	const struct case_part *request = &c->parts[PART_REQUEST_HEAD], *response = &c->parts[PART_RESPONSE_HEAD];
	struct http_request q = http_request_of(request->head);
	struct http_response a = { 0 };
	json_t *http = json_object();

	put_header(http, "hostname", q.headers, "host");
	if (!text_put(http, "url", "url_base64", q.target))
		json_object_del(http, "url");
	put_header(http, "http_user_agent", q.headers, "user-agent");
	put_header(http, "xff", q.headers, "x-forwarded-for");
	put_shown(http, "http_method", q.method);
	put_header(http, "http_refer", q.headers, "referer");
	put_shown(http, "protocol", protocol_of(request->head));
	if (response->present)
		a = http_response_of(response->head);
	put_header(http, "http_content_type", a.headers, "content-type");
	if (a.status != 0)
		json_object_set_new(http, "status", json_integer(a.status));
	if (c->parts[PART_RESPONSE_BODY].present)
		json_object_set_new(http, "length", json_integer((json_int_t)c->parts[PART_RESPONSE_BODY].seen));
	return http;
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

static void put_ends(json_t *o, const struct tuple *t)
{
	char address[ADDRESS_TEXT], number[8], community[COMMUNITY_TEXT];
	bool ports = t->protocol == IPPROTO_TCP || t->protocol == IPPROTO_UDP;

	if (t->vlan != 0)
		json_object_set_new(o, "vlan", json_pack("[i]", (int)t->vlan));
	json_object_set_new(o, "src_ip", json_string(address_format(&t->src, address)));
	if (ports)
		json_object_set_new(o, "src_port", json_integer(t->sport));
	json_object_set_new(o, "dest_ip", json_string(address_format(&t->dst, address)));
	if (ports)
		json_object_set_new(o, "dest_port", json_integer(t->dport));
	json_object_set_new(o, "proto", json_string(protocol_name(t->protocol, number)));
	if (t->protocol != IPPROTO_ICMP && t->protocol != IPPROTO_ICMPV6) {
		community_id(t, community);
		json_object_set_new(o, "community_id", json_string(community));
	}
}

static json_t *record_json(const struct record_facts *f, enum record_form form)
{
	const struct case_record *c = f->record;
	const struct case_alert *alert = case_record_alert(c);
	const struct tuple tuple = record_tuple(c, f->codes);
	char stamp[STAMP_TEXT];
	json_t *o = json_object(), *triage = triage_json(f, form);

	if (o == NULL || triage == NULL) {
		json_decref(o);
		json_decref(triage);
		return NULL;
	}
	json_object_set_new(o, "timestamp", json_string(stamp_utc(record_time_ns(c), stamp)));
	json_object_set_new(o, "flow_id", json_integer((json_int_t)(c->flow_id & FLOW_ID_MASK)));
	json_object_set_new(o, "event_type", json_string("alert"));
	put_ends(o, &tuple);
	json_object_set_new(o, "app_proto", json_string(app_proto_name(c->app)));
	json_object_set_new(o, "tx_id", json_integer(c->tx_id));
	if (alert != NULL)
		json_object_set_new(o, "alert", alert_json(alert));
	json_object_set_new(o, "alerts", alerts_json(c));
	if (c->alerts_left > 0)
		json_object_set_new(o, "alerts_left", json_integer(c->alerts_left));
	if (c->app == APP_HTTP && c->parts[PART_REQUEST_HEAD].present)
		json_object_set_new(o, "http", http_json(c));
	json_object_set_new(o, "triage", triage);
	return o;
}

int record_write(const struct record_facts *f, enum record_form form, char **ret)
{
	json_t *o = record_json(f, form);
	char *text = o == NULL ? NULL : compact_of(o);

	json_decref(o);
	if (text == NULL)
		return -ENOMEM;
	*ret = text;
	return 0;
}
