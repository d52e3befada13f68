/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks: normal form, text, encoding. */
#include "control/wire/block.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { TCP = 6, UDP = 17, WORD_MAX = 64 };

static const char *const names[] = { [BLOCK_ADDRESS] = "address", [BLOCK_PAIR] = "pair", [BLOCK_FLOW] = "flow" };

const char *block_kind_name(enum block_kind k)
{
	return names[k];
}

struct address address_masked(const struct address *a, unsigned bits)
{
	struct address r = *a;
	unsigned most = a->family == 4 ? 32 : 128;

	for (unsigned i = bits / 8; i < most / 8; i++)
		r.raw[i] &= i == bits / 8 ? (uint8_t)(0xff00 >> bits % 8) : 0;
	return r;
}

static int normal_network(const struct block *of, struct block *ret)
{
	bool four = of->a.family == 4;

	if (of->bits > (four ? 32 : 128) || of->bits < (four ? BLOCK_BITS4_MIN : BLOCK_BITS6_MIN))
		return -EINVAL;
	*ret = (struct block){ .kind = BLOCK_ADDRESS, .bits = of->bits, .a = address_masked(&of->a, of->bits) };
	return 0;
}

int block_normal(const struct block *of, struct block *ret)
{
	struct block b = *of;
	int order;

	if (b.a.family != 4 && b.a.family != 6)
		return -EINVAL;
	if (b.kind == BLOCK_ADDRESS)
		return normal_network(of, ret);
	if ((b.kind != BLOCK_PAIR && b.kind != BLOCK_FLOW) || b.b.family != b.a.family ||
	    (b.kind == BLOCK_FLOW && b.protocol != TCP && b.protocol != UDP))
		return -EINVAL;
	b.bits = 0;
	if (b.kind == BLOCK_PAIR)
		b.aport = b.bport = 0;
	if (b.kind == BLOCK_PAIR)
		b.protocol = 0;
	order = memcmp(b.a.raw, b.b.raw, sizeof(b.a.raw));
	if (order > 0 || (order == 0 && b.aport > b.bport)) {
		struct address a = b.a;
		uint16_t port = b.aport;

		b.a = b.b;
		b.b = a;
		b.aport = b.bport;
		b.bport = port;
	}
	*ret = b;
	return 0;
}

bool block_equal(const struct block *x, const struct block *y)
{
	return x->kind == y->kind && x->bits == y->bits && x->protocol == y->protocol && x->aport == y->aport && x->bport == y->bport &&
	       address_equal(&x->a, &y->a) && address_equal(&x->b, &y->b);
}

/* Whole decimal number up to max, nothing else. */
static int number_parse(const char *text, unsigned long max, unsigned *ret)
{
	char *end;
	unsigned long n;

	if (!isdigit((unsigned char)text[0]))
		return -EINVAL;
	n = strtoul(text, &end, 10);
	if (*end != '\0' || n > max)
		return -EINVAL;
	*ret = (unsigned)n;
	return 0;
}

/* ADDRESS/BITS; its address or the whole of it. */
static int network_read(char *word, struct block *ret)
{
	char *slash = strchr(word, '/');
	struct block b = { .kind = BLOCK_ADDRESS };
	unsigned bits;

	if (slash != NULL)
		*slash = '\0';
	if (address_parse(word, &b.a) < 0)
		return -EINVAL;
	bits = b.a.family == 4 ? 32 : 128;
	if (slash != NULL && number_parse(slash + 1, bits, &bits) < 0)
		return -EINVAL;
	b.bits = (uint8_t)bits;
	return block_normal(&b, ret);
}

/* ADDRESS:PORT or [ADDRESS]:PORT. */
static int end_read(char *word, struct address *ret, uint16_t *ret_port)
{
	char *colon = strrchr(word, ':');
	size_t len;
	unsigned port;

	if (colon == NULL || number_parse(colon + 1, 65535, &port) < 0)
		return -EINVAL;
	*colon = '\0';
	len = strlen(word);
	if (len > 2 && word[0] == '[' && word[len - 1] == ']') {
		word[len - 1] = '\0';
		word++;
	} else if (strchr(word, ':') != NULL) {
		return -EINVAL; /* which colon is the port's? */
	}
	*ret_port = (uint16_t)port;
	return address_parse(word, ret);
}

int block_parse(const char *text, struct block *ret)
{
	char words[3][WORD_MAX], rest[2];
	struct block b = { .kind = BLOCK_FLOW };
	int n = strlen(text) < BLOCK_TEXT ? sscanf(text, "%63s %63s %63s %1s", words[0], words[1], words[2], rest) : 0;

	if (n == 1)
		return network_read(words[0], ret);
	if (n == 2) {
		b.kind = BLOCK_PAIR;
		if (address_parse(words[0], &b.a) < 0 || address_parse(words[1], &b.b) < 0)
			return -EINVAL;
		return block_normal(&b, ret);
	}
	if (n != 3)
		return -EINVAL;
	b.protocol = strcmp(words[0], "tcp") == 0 ? TCP : strcmp(words[0], "udp") == 0 ? UDP : 0;
	if (end_read(words[1], &b.a, &b.aport) < 0 || end_read(words[2], &b.b, &b.bport) < 0)
		return -EINVAL;
	return block_normal(&b, ret);
}

const char *block_format(const struct block *b, char buf[BLOCK_TEXT])
{
	char a[ADDRESS_TEXT], c[ADDRESS_TEXT];
	bool four = b->a.family == 4;

	address_format(&b->a, a);
	address_format(&b->b, c);
	if (b->kind == BLOCK_ADDRESS && b->bits == (four ? 32 : 128))
		snprintf(buf, BLOCK_TEXT, "%s", a);
	else if (b->kind == BLOCK_ADDRESS)
		snprintf(buf, BLOCK_TEXT, "%s/%u", a, b->bits);
	else if (b->kind == BLOCK_PAIR)
		snprintf(buf, BLOCK_TEXT, "%s %s", a, c);
	else
		snprintf(buf, BLOCK_TEXT, four ? "%s %s:%u %s:%u" : "%s [%s]:%u [%s]:%u", b->protocol == TCP ? "tcp" : "udp", a, b->aport, c,
		         b->bport);
	return buf;
}

void block_encode(struct sink *s, const struct block *b)
{
	sink_u8(s, (uint8_t)b->kind);
	sink_u8(s, b->bits);
	sink_u8(s, b->protocol);
	address_encode(s, &b->a);
	address_encode(s, &b->b);
	sink_u16le(s, b->aport);
	sink_u16le(s, b->bport);
}

int block_decode(struct bytes *from, struct block *ret)
{
	struct bytes at = *from;
	struct block b = { 0 }, normal;
	uint8_t kind;

	if (bytes_u8(&at, &kind) < 0 || bytes_u8(&at, &b.bits) < 0 || bytes_u8(&at, &b.protocol) < 0 || address_decode(&at, &b.a) < 0 ||
	    address_decode(&at, &b.b) < 0 || bytes_u16le(&at, &b.aport) < 0 || bytes_u16le(&at, &b.bport) < 0)
		return -EBADMSG;
	b.kind = kind;
	if (block_normal(&b, &normal) < 0 || !block_equal(&b, &normal))
		return -EBADMSG;
	*from = at;
	*ret = b;
	return 0;
}
