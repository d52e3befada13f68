/* SPDX-License-Identifier: GPL-2.0-or-later */
/* History: one small record of each request, response, question and first word. */
#include "dataplane/session/inside.h"

#include "dataplane/app/dns.h"

#include <errno.h>

static struct history about(const struct transaction *t, enum history_kind kind)
{
	return (struct history){ .kind = kind, .flow_id = t->flow_id, .tx_id = t->id, .tuple = t->client };
}

void tell_request(struct sessions *ss, struct transaction *t, const struct http_head *h)
{
	struct history r = about(t, HISTORY_REQUEST);

	r.time_ns = t->request.last_ns;
	r.packet = t->request.last_packet;
	r.name = h->target;
	r.host = http_head_value(h, "Host");
	r.method = h->method;
	r.suspect = t->found != NULL;
	outbox_history(ss->outbox, &r);
}

/* From the request's last byte to the response's first; 0 where a lost or repeated packet blurs it. */
static uint64_t delay_of(const struct transaction *t)
{
	bool known = t->request.first_packet > 0 && t->response.first_packet > 0 && !t->early && !t->retransmitted;

	return known && t->response.first_ns > t->request.last_ns ? t->response.first_ns - t->request.last_ns : 0;
}

/* Text of a kind that commands and files are shown in: what it always says is told too. */
static bool is_text(struct bytes content_type)
{
	return bytes_starts_fold(content_type, bytes_text("text/")) ||
		bytes_starts_fold(content_type, bytes_text("application/json"));
}

void tell_response(struct sessions *ss, struct transaction *t, bool whole)
{
	struct sink room = sink_over(ss->room, ROOM_SIZE);
	struct http_head *h = &ss->heads[FROM_SERVER];
	struct history r = about(t, HISTORY_RESPONSE);
	struct bytes request;

	if (!t->home)
		return;
	request = kept_head(&t->parts[PART_REQUEST_HEAD], &room);
	http_head_read(kept_head(&t->parts[PART_RESPONSE_HEAD], &room), true, h);
	r.time_ns = t->response.last_ns;
	r.packet = t->response.last_packet;
	r.name = slice_in(request, t->target);
	r.host = slice_in(request, t->host);
	r.method = slice_in(request, t->method);
	r.status = t->status;
	r.whole = whole;
	r.suspect = t->found != NULL;
	r.delay_ns = delay_of(t);
	r.body_len = t->body_len;
	r.body_digest = digest_value(&t->digest);
	r.content_type = http_head_value(h, "Content-Type");
	r.content_encoding = http_head_value(h, "Content-Encoding");
	if (t->status >= 400 || (t->found == NULL && is_text(r.content_type)))
		r.sample = kept_head(&t->parts[PART_RESPONSE_BODY], &room);
	outbox_history(ss->outbox, &r);
}

void tell_sent(struct sessions *ss, struct session *s, enum direction d, const struct run *run)
{
	struct history r = { .kind = HISTORY_SENT, .time_ns = run->time_ns, .packet = run->packet,
			     .flow_id = s->flow_id, .sample = run->bytes };

	if (!s->home || s->app == APP_DNS)
		return;
	r.tuple = d == FROM_CLIENT ? s->client : tuple_reverse(&s->client);
	outbox_history(ss->outbox, &r);
}

int tell_dns(struct sessions *ss, struct session *s, const struct packet *p, struct bytes message)
{
	struct dns_message m;
	struct history r = { .time_ns = p->time_ns, .packet = p->number, .flow_id = s->flow_id, .tuple = p->tuple };

	if (dns_read(message, &m) < 0) {
		counter_up(ss->counters, COUNTER_DNS_MALFORMED);
		return -EBADMSG;
	}
	counter_up(ss->counters, COUNTER_DNS_MESSAGES);
	for (unsigned i = 0; i < m.name_len; i++)
		ss->dns_text[i] = m.name[i];
	ss->dns_name = bytes_of(ss->dns_text, m.name_len);
	r.kind = m.response ? HISTORY_DNS_ANSWER : HISTORY_DNS_QUESTION;
	r.name = ss->dns_name;
	r.answers_count = m.answers_count;
	for (unsigned i = 0; i < m.answers_count; i++)
		r.answers[i] = m.answers[i];
	if (s->home)
		outbox_history(ss->outbox, &r);
	return 0;
}
