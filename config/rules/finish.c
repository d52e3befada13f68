/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a rule's reading: groups by buffer, from whose side, and which content makes it a candidate. */
#include "config/rules/parse.h"

#include <errno.h>
#include <string.h>

enum {
	FAST_MAX = 48, /* bytes of a fast pattern: longer ones find nothing more */
};

static bool same_view(const struct rule_view *a, const struct rule_view *b)
{
	return a->buffer == b->buffer && a->dot_prefix == b->dot_prefix;
}

static bool is_http(enum buffer b)
{
	return b != BUFFER_PAYLOAD && b != BUFFER_DNS_QUERY;
}

/* Conditions on the same buffer come together, in the order they were written; p->fast moves along. */
static int group(struct parse *p)
{
	struct rule *r = &p->rule;
	struct rule_group groups[RULE_GROUPS_MAX], *kept;
	struct condition *out = arena_take(&p->set->arena, p->conditions_count * sizeof(*out));
	unsigned count = 0, done = 0;
	int fast = -1;

	if (out == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < p->conditions_count; i++) {
		unsigned known = 0;
		while (known < count && !same_view(&groups[known].view, &p->conditions[i].view))
			known++;
		if (known < count)
			continue;
		if (count == RULE_GROUPS_MAX)
			return refuse(p, "more than %d buffers", RULE_GROUPS_MAX);
		groups[count] = (struct rule_group){ .view = p->conditions[i].view, .first = (uint16_t)done };
		for (unsigned j = i; j < p->conditions_count; j++)
			if (same_view(&p->conditions[j].view, &groups[count].view)) {
				if (p->fast == (int)j)
					fast = (int)done;
				out[done++] = p->conditions[j];
			}
		groups[count].count = (uint16_t)(done - groups[count].first);
		count++;
	}
	kept = arena_take(&p->set->arena, count * sizeof(*kept));
	if (kept == NULL)
		return -ENOMEM;
	memcpy(kept, groups, count * sizeof(*kept));
	p->fast = fast;
	r->groups = kept;
	r->groups_count = (uint16_t)count;
	r->conditions = out;
	r->conditions_count = (uint16_t)done;
	return 0;
}

/* From whom the rule's packets come: as flow says, else as its buffers say, else from both. */
static int orient(struct parse *p)
{
	struct rule *r = &p->rule;
	bool sides[2] = { false, false };

	for (unsigned i = 0; i < r->groups_count; i++) {
		enum buffer b = r->groups[i].view.buffer;
		if (buffer_is_sided(b))
			sides[buffer_side(b, FROM_CLIENT)] = true;
		if (b == BUFFER_FILE_DATA && p->to_server)
			return refuse(p, "file.data of a request is not supported; http.request_body is");
	}
	if (p->to_server || p->to_client) {
		r->orientations[FROM_CLIENT] = p->to_server;
		r->orientations[FROM_SERVER] = p->to_client;
	} else if (sides[FROM_CLIENT] || sides[FROM_SERVER]) {
		r->orientations[FROM_CLIENT] = sides[FROM_CLIENT];
		r->orientations[FROM_SERVER] = !sides[FROM_CLIENT];
	} else {
		r->orientations[FROM_CLIENT] = r->orientations[FROM_SERVER] = true;
	}
	return 0;
}

/* A rule over http or dns buffers looks at these protocols alone, whatever its header says. */
static int narrow(struct parse *p)
{
	struct rule *r = &p->rule;

	for (unsigned i = 0; i < r->groups_count; i++) {
		enum buffer b = r->groups[i].view.buffer;
		enum rule_protocol needed = is_http(b) ? RULE_HTTP : b == BUFFER_DNS_QUERY ? RULE_DNS : r->protocol;
		bool fits = r->protocol == needed || r->protocol == RULE_IP ||
		            (r->protocol == RULE_TCP && needed == RULE_HTTP) ||
		            ((r->protocol == RULE_UDP || r->protocol == RULE_TCP) && needed == RULE_DNS);
		if (!fits)
			return refuse(p, "%s does not go with the rule's protocol", buffer_name(b));
		r->protocol = needed;
	}
	if (p->datagram_size && r->protocol != RULE_UDP)
		return refuse(p, "dsize is only supported for udp: streams have no packet sizes");
	return 0;
}

/* How rare a content probably is: its length, less for repeated bytes and for buffers that are nearly constant. */
static int rarity(const struct condition *c)
{
	struct bytes b = c->content.bytes;
	bool seen[256] = { false };
	int distinct = 0, len = b.left > 24 ? 24 : (int)b.left;

	if (c->kind != CONDITION_CONTENT || c->negated)
		return -1;
	for (size_t i = 0; i < b.left; i++) {
		distinct += !seen[b.at[i]];
		seen[b.at[i]] = true;
	}
	len = len < 2 * distinct ? len : 2 * distinct;
	switch (c->view.buffer) {
	case BUFFER_HTTP_METHOD:
	case BUFFER_HTTP_STAT_CODE:
	case BUFFER_HTTP_STAT_MSG:
	case BUFFER_HTTP_PROTOCOL:
	case BUFFER_HTTP_CONNECTION:
		return 1;
	case BUFFER_PAYLOAD:
		return 2 * len;
	case BUFFER_HTTP_HEADER:
	case BUFFER_HTTP_HEADER_RAW:
	case BUFFER_HTTP_ACCEPT:
	case BUFFER_HTTP_ACCEPT_ENCODING:
	case BUFFER_HTTP_ACCEPT_LANGUAGE:
	case BUFFER_HTTP_CONTENT_TYPE:
	case BUFFER_HTTP_HEADER_NAMES:
	case BUFFER_HTTP_START:
		return 2 * len + 1;
	default:
		return 2 * len + 4;
	}
}

static int rarest(const struct rule *r)
{
	int best = 0, found = -1;

	for (int i = 0; i < r->conditions_count; i++) {
		int rare = rarity(&r->conditions[i]);
		if (rare > best) {
			best = rare;
			found = i;
		}
	}
	return found;
}

static void choose_fast(struct parse *p)
{
	struct rule *r = &p->rule;
	/* a negated content cannot make a candidate, whatever the rule's author asked for */
	bool asked = p->fast >= 0 && !r->conditions[p->fast].negated;

	r->fast = asked ? p->fast : rarest(r);
	r->fast_pcre = -1;
	if (r->fast >= 0) {
		bool part = asked && p->fast_len > 0;
		size_t len = part ? (size_t)p->fast_len : r->conditions[r->fast].content.bytes.left;
		r->fast_from = part ? (uint16_t)p->fast_from : 0;
		r->fast_len = (uint16_t)(len > FAST_MAX ? FAST_MAX : len);
		return;
	}
	for (int i = 0; i < r->conditions_count && r->fast_pcre < 0; i++)
		if (r->conditions[i].kind == CONDITION_PCRE && !r->conditions[i].negated && !r->conditions[i].relative)
			r->fast_pcre = i;
}

int rule_finish(struct parse *p)
{
	struct rule *r = &p->rule;
	struct rule_flow_bit *bits;
	int n;

	if (!p->has_sid)
		return refuse(p, "a rule needs a sid");
	if (r->gid == 0)
		r->gid = 1;
	if (p->priority != 0)
		r->severity = (uint8_t)p->priority;
	if (r->severity == 0)
		r->severity = 3;
	if ((n = group(p)) < 0 || (n = orient(p)) < 0 || (n = narrow(p)) < 0)
		return n;
	choose_fast(p);
	bits = arena_take(&p->set->arena, p->bits_count * sizeof(*bits));
	if (bits == NULL)
		return -ENOMEM;
	memcpy(bits, p->bits, p->bits_count * sizeof(*bits));
	r->bits = bits;
	r->bits_count = (uint16_t)p->bits_count;
	return 0;
}
