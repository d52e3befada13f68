/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The DNS persona: every name has an address, made from the name and the seed (what shows one is what nobody can know),
 * in 198.18.0.0/15 (for tests) or 100.64.0.0/10 (inside carriers), so that nobody takes it for a real answer and seeds
 * that follow each other have nothing in common; the event tells both.
 */
#include "emu/world/network_inside.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	TYPE_A = 1, TYPE_NS = 2, TYPE_CNAME = 5, TYPE_SOA = 6, TYPE_PTR = 12, TYPE_MX = 15, TYPE_TXT = 16, TYPE_SRV = 33,
	TYPE_ANY = 255, STREAM = 6, /* TCP */
};

/* The question's name as text; moves b behind it. */
static int read_name(struct bytes *b, char *name, size_t size)
{
	size_t at = 0;
	uint8_t len;

	for (;;) {
		struct bytes label;

		if (bytes_u8(b, &len) < 0 || len > 63)
			return -EBADMSG;
		if (len == 0)
			break;
		if (bytes_take(b, len, &label) < 0 || at + len + 2 > size)
			return -EBADMSG;
		if (at != 0)
			name[at++] = '.';
		for (size_t i = 0; i < len; i++)
			name[at++] = label.at[i] > 32 && label.at[i] < 127 ? (char)label.at[i] : '?';
	}
	name[at] = 0;
	return 0;
}

static void address_for(const struct world *w, const char *name, struct address *ret)
{
	uint32_t h = 2166136261u ^ (uint32_t)(w->seed % WORLD_VARIETY);

	for (; *name != 0; name++) {
		uint8_t c = (uint8_t)*name;

		h = (h ^ (c >= 'A' && c <= 'Z' ? c + 32 : c)) * 16777619u;
	}
	if (w->seed % 2 == 0)
		*ret = (struct address){ 4, { 198, (uint8_t)(18 + (h >> 16 & 1)), (uint8_t)(h >> 8), (uint8_t)h } };
	else
		*ret = (struct address){ 4, { 100, (uint8_t)(64 + (h >> 16 & 63)), (uint8_t)(h >> 8), (uint8_t)h } };
	if (ret->raw[3] == 0 || ret->raw[3] == 255)
		ret->raw[3] = 7;
}

/* The name of an address that was made up here: on the victim it would be another's. */
static bool asks_back(const struct world *w, uint16_t type, const char *name)
{
	unsigned v[4];
	struct address a = { .family = 4 };

	if (type != TYPE_PTR || sscanf(name, "%3u.%3u.%3u.%3u.in-addr.arpa", &v[3], &v[2], &v[1], &v[0]) != 4)
		return false;
	for (int i = 0; i < 4; i++)
		a.raw[i] = (uint8_t)v[i];
	return network_name(w->network, &a).left != 0;
}

static void put16(struct sink *s, uint16_t v)
{
	sink_u8(s, (uint8_t)(v >> 8));
	sink_u8(s, (uint8_t)v);
}

/* The data of an answer: names are made of the one that was asked, texts of the seed. Bytes, 0: none of this type. */
static size_t data_for(const struct world *w, uint16_t type, const char *name, const struct address *a, struct sink *s)
{
	size_t before = s->used;
	char text[64];
	int len;

	switch (type) {
	case TYPE_A:
	case TYPE_ANY:
		sink_put(s, a->raw, 4);
		break;
	case TYPE_TXT:
		len = http_script(w, name, text, sizeof(text));
		len = len > 0 && (size_t)len < sizeof(text) ? len : (int)sizeof(text) - 1;
		while (len > 0 && text[len - 1] == '\n')
			len--;
		sink_u8(s, (uint8_t)len);
		sink_put(s, text, (size_t)len);
		break;
	case TYPE_MX:
		put16(s, 10);
		sink_put(s, "\2mx\xc0\x0c", 5);
		break;
	case TYPE_NS:
		sink_put(s, "\2ns\xc0\x0c", 5);
		break;
	case TYPE_SOA:
		sink_put(s, "\2ns\xc0\x0c\4host\xc0\x0c", 12);
		for (int i = 0; i < 5; i++) {
			put16(s, 0);
			put16(s, 3600);
		}
		break;
	default:
		break;
	}
	return s->used - before;
}

void dns_answer(struct peer *p, struct world *w, struct bytes question)
{
	uint16_t id, flags, counts[4], type = 0, class = 0;
	uint8_t raw[1024], data[256];
	bool stream = p->protocol == STREAM;
	struct sink s = sink_over(raw, sizeof(raw)), d = sink_over(data, sizeof(data));
	struct bytes b = question, reply;
	struct address address = { 0 };
	struct event *e;
	char name[256];
	size_t len;
	bool known;

	if (bytes_u16be(&b, &id) < 0 || bytes_u16be(&b, &flags) < 0)
		return;
	for (int i = 0; i < 4; i++)
		if (bytes_u16be(&b, &counts[i]) < 0)
			return;
	if ((flags & 0x8000) != 0 || counts[0] != 1 || read_name(&b, name, sizeof(name)) < 0 ||
	    bytes_u16be(&b, &type) < 0 || bytes_u16be(&b, &class) < 0)
		return;
	known = type != TYPE_PTR && record_ask(w->record, QUESTION_NETWORK, name, true);
	address_for(w, name, &address);
	if (!asks_back(w, type, name) && (e = world_event(w, EVENT_DNS)) != NULL) {
		e->name = world_keep_text(w, name);
		e->value = type;
		if (known && (type == TYPE_A || type == TYPE_ANY))
			e->address = address;
	}
	len = known ? data_for(w, type, name, &address, &d) : 0;
	if (stream)
		put16(&s, (uint16_t)(b.at - question.at + (len != 0 ? 12 + (ptrdiff_t)len : 0)));
	put16(&s, id);
	put16(&s, known ? 0x8180 : 0x8183);
	put16(&s, 1);
	put16(&s, len != 0 ? 1 : 0);
	put16(&s, 0);
	put16(&s, 0);
	sink_put(&s, question.at + 12, (size_t)(b.at - question.at) - 12);
	if (len != 0) {
		put16(&s, 0xc00c);
		put16(&s, type == TYPE_ANY ? TYPE_A : type);
		put16(&s, class);
		put16(&s, 0);
		put16(&s, 300);
		put16(&s, (uint16_t)len);
		sink_put(&s, data, len);
	}
	if (sink_done(&s, &reply) == 0)
		peer_answer(p, reply);
}
