/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading DNS messages, hostile ones too. */
#include "dataplane/app/dns.h"

#include <errno.h>
#include <string.h>

enum { TYPE_A = 1, TYPE_AAAA = 28, RECORDS_MAX = 64, LABELS_MAX = 128 };

/*
 * The name at b, which moves behind it. Compression pointers must point backwards, each further than the one before:
 * so there are no circles. name (DNS_NAME_MAX + 1 bytes) may be NULL.
 */
static int take_name(struct bytes whole, struct bytes *b, char *name, uint8_t *name_len)
{
	size_t at = whole.left - b->left, used = 0, lowest = at;
	bool jumped = false;

	for (unsigned i = 0; i < LABELS_MAX; i++) {
		uint8_t len;

		if (at >= whole.left)
			return -EBADMSG;
		len = whole.at[at++];
		if (len >= 0xc0) {
			if (at >= whole.left)
				return -EBADMSG;
			if (!jumped)
				*b = bytes_of(whole.at + at + 1, whole.left - at - 1);
			jumped = true;
			at = (size_t)(len & 0x3f) << 8 | whole.at[at];
			if (at >= lowest)
				return -EBADMSG;
			lowest = at;
			continue;
		}
		if (len > 63)
			return -EBADMSG;
		if (len == 0) {
			if (!jumped)
				*b = bytes_of(whole.at + at, whole.left - at);
			if (name != NULL) {
				name[used] = '\0';
				*name_len = (uint8_t)used;
			}
			return 0;
		}
		if (len > whole.left - at || used + len + 1 > DNS_NAME_MAX)
			return -EBADMSG;
		if (name != NULL) {
			if (used > 0)
				name[used++] = '.';
			memcpy(name + used, whole.at + at, len);
		} else if (used > 0) {
			used++;
		}
		used += len;
		at += len;
	}
	return -EBADMSG;
}

/* One resource record; addresses are added to m. */
static int take_record(struct bytes whole, struct bytes *b, struct dns_message *m)
{
	uint16_t type, class_code, length;
	uint32_t ttl;
	struct bytes data;
	struct address *a = &m->answers[m->answers_count];

	if (take_name(whole, b, NULL, NULL) < 0 || bytes_u16be(b, &type) < 0 || bytes_u16be(b, &class_code) < 0 ||
	    bytes_u32be(b, &ttl) < 0 || bytes_u16be(b, &length) < 0 || bytes_take(b, length, &data) < 0)
		return -EBADMSG;
	if (m->answers_count == DNS_ANSWERS_MAX)
		return 0;
	if (type == TYPE_A && length == 4)
		a->family = 4;
	else if (type == TYPE_AAAA && length == 16)
		a->family = 6;
	else
		return 0;
	memcpy(a->raw, data.at, length);
	m->answers_count++;
	return 0;
}

int dns_read(struct bytes message, struct dns_message *ret)
{
	struct bytes b = message;
	struct dns_message m = { 0 };
	uint16_t flags, questions, answers, other;

	if (bytes_u16be(&b, &m.id) < 0 || bytes_u16be(&b, &flags) < 0 || bytes_u16be(&b, &questions) < 0 ||
	    bytes_u16be(&b, &answers) < 0 || bytes_u16be(&b, &other) < 0 || bytes_u16be(&b, &other) < 0)
		return -EBADMSG;
	m.response = flags >> 15;
	m.rcode = flags & 15;
	/* only standard queries, and one question, as everybody sends */
	if ((flags >> 11 & 15) != 0 || questions != 1 || take_name(message, &b, m.name, &m.name_len) < 0 ||
	    bytes_u16be(&b, &m.type) < 0 || bytes_u16be(&b, &m.class_code) < 0)
		return -EBADMSG;
	/* a truncated answer still tells the records that are here */
	for (unsigned i = 0; m.response && i < answers && i < RECORDS_MAX; i++) {
		if (take_record(message, &b, &m) < 0)
			break;
	}
	*ret = m;
	return 0;
}
