/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions on sizes and numbers: isdataat, bsize, urilen, dsize, byte_test, byte_jump. */
#include "config/rules/parse.h"

#include <errno.h>
#include <string.h>

/* Is the condition before a content of the buffer that holds now? */
static bool is_last_content(const struct parse *p)
{
	const struct condition *c = &p->conditions[p->last_content];

	if (p->last_content < 0 || (unsigned)p->last_content + 1 != p->conditions_count)
		return false;
	return !p->sticky || (c->view.buffer == p->view.buffer && c->view.dot_prefix == p->view.dot_prefix);
}

int parse_data_at(struct parse *p, const struct keyword *k, char *value)
{
	char *words[3];
	bool relative = false, negated = value[0] == '!';
	unsigned count = split_commas(negated ? value + 1 : value, words, COUNT_OF(words));
	struct condition *c;
	long n;

	if (count > COUNT_OF(words) || !parse_number(words[0], 0, 65535, &n))
		return refuse(p, "isdataat: \"%.40s\" is no number up to 65535", words[0]);
	for (unsigned i = 1; i < count; i++) {
		if (strcmp(words[i], "relative") == 0)
			relative = true;
		else if (strcmp(words[i], "rawbytes") != 0)
			return refuse(p, "isdataat: unknown word \"%.32s\"", words[i]);
	}
	if (negated && relative && n == 1 && is_last_content(p)) { /* Suricata's older way to write endswith */
		p->conditions[p->last_content].content.ends_with = true;
		return 0;
	}
	if ((c = condition_add(p, CONDITION_DATA_AT, relative)) == NULL)
		return -EINVAL;
	c->negated = negated;
	c->data_at.offset = (int32_t)n;
	return 0;
}

/* N, <N, >N, <=N, >=N, !N, N<>M */
static int size_parse(struct parse *p, const char *name, char *value, struct condition *c)
{
	static const struct {
		const char *sign;
		enum size_relation relation;
	} signs[] = {
		{ "<=", SIZE_AT_MOST }, { ">=", SIZE_AT_LEAST }, { "<", SIZE_LESS }, { ">", SIZE_MORE }, { "!", SIZE_NOT },
	};
	char *between = strstr(value, "<>");
	long low, high = 0;

	c->size.relation = SIZE_EQUAL;
	if (between != NULL && between != value) {
		*between = '\0';
		c->size.relation = SIZE_BETWEEN;
		if (!parse_number(trim(between + 2), 0, 1 << 30, &high))
			return refuse(p, "%s: no number after <>", name);
	}
	for (unsigned i = 0; i < COUNT_OF(signs) && c->size.relation == SIZE_EQUAL; i++)
		if (strncmp(value, signs[i].sign, strlen(signs[i].sign)) == 0) {
			c->size.relation = signs[i].relation;
			value += strlen(signs[i].sign);
		}
	if (!parse_number(trim(value), 0, 1 << 30, &low))
		return refuse(p, "%s: \"%.40s\" is no size", name, value);
	if (c->size.relation == SIZE_BETWEEN && low >= high)
		return refuse(p, "%s: %ld<>%ld is empty", name, low, high);
	c->size.low = (uint32_t)low;
	c->size.high = (uint32_t)high;
	return 0;
}

int parse_size(struct parse *p, const struct keyword *k, char *value)
{
	struct condition *c = condition_add(p, CONDITION_SIZE, false);
	char *comma = strchr(value, ',');

	if (c == NULL)
		return -EINVAL;
	if (strcmp(k->name, "bsize") == 0) {
		if (!p->sticky)
			return refuse(p, "bsize without a sticky buffer before it");
		return size_parse(p, k->name, value, c);
	}
	c->view = k->view; /* urilen, dsize */
	p->datagram_size |= strcmp(k->name, "dsize") == 0;
	if (comma != NULL) {
		*comma++ = '\0';
		if (strcmp(trim(comma), "raw") == 0)
			c->view.buffer = BUFFER_HTTP_URI_RAW;
		else if (strcmp(trim(comma), "norm") != 0)
			return refuse(p, "%s: unknown word \"%.32s\"", k->name, comma);
	}
	return size_parse(p, k->name, value, c);
}

/* What byte_test and byte_jump share of their words; 1: word was taken, 0: it is another's, -EINVAL. */
static int number_word(struct parse *p, const char *word, struct byte_number *n, bool *relative)
{
	static const struct {
		const char *word;
		uint8_t base;
	} bases[] = { { "hex", 16 }, { "dec", 10 }, { "oct", 8 } };
	long mask;

	for (unsigned i = 0; i < COUNT_OF(bases); i++)
		if (strcmp(word, bases[i].word) == 0) {
			n->base = bases[i].base;
			return 1;
		}
	if (strcmp(word, "relative") == 0) {
		*relative = true;
	} else if (strcmp(word, "little") == 0) {
		n->little_endian = true;
	} else if (strcmp(word, "string") == 0) {
		if (n->base == 0)
			n->base = 10;
	} else if (strncmp(word, "bitmask ", 8) == 0) {
		if (!parse_number(word + 8, 1, 0xffffffff, &mask))
			return refuse(p, "\"%.40s\" is no bitmask", word + 8);
		n->mask = (uint32_t)mask;
	} else if (strcmp(word, "big") != 0) {
		return 0;
	}
	return 1;
}

static int number_start(struct parse *p, const char *name, const char *size, const char *offset, struct byte_number *n)
{
	long s, o;

	if (!parse_number(size, 1, 23, &s) || !parse_number(offset, -65535, 65535, &o))
		return refuse(p, "%s: size must be 1 to 23 and offset -65535 to 65535 (variables are not supported)", name);
	n->size = (uint8_t)s;
	n->offset = (int32_t)o;
	return 0;
}

/* Binary numbers are 1, 2, 3 or 4 bytes long; of text any number of digits that fits. */
static int number_end(struct parse *p, const char *name, const struct byte_number *n)
{
	return n->base == 0 && n->size > 4 ? refuse(p, "%s: binary numbers have 1 to 4 bytes", name) : 0;
}

static int relation_parse(struct parse *p, const char *word, struct condition *c)
{
	static const struct {
		const char *sign;
		enum byte_relation relation;
	} signs[] = {
		{ "=", BYTE_EQUAL }, { "<", BYTE_LESS }, { ">", BYTE_MORE }, { "<=", BYTE_AT_MOST }, { ">=", BYTE_AT_LEAST },
		{ "&", BYTE_AND }, { "^", BYTE_OR },
	};

	if (word[0] == '!') {
		c->negated = true;
		word++;
		if (word[0] == '\0')
			word = "=";
	}
	for (unsigned i = 0; i < COUNT_OF(signs); i++)
		if (strcmp(word, signs[i].sign) == 0) {
			c->byte_test.relation = signs[i].relation;
			return 0;
		}
	return refuse(p, "byte_test: unknown operator \"%.16s\"", word);
}

int parse_byte_test(struct parse *p, const struct keyword *k, char *value)
{
	struct condition c = { .kind = CONDITION_BYTE_TEST }, *at;
	char *words[12];
	unsigned count = split_commas(value, words, COUNT_OF(words));
	long n;
	int r;

	if (count < 4 || count > COUNT_OF(words))
		return refuse(p, "byte_test needs size,operator,value,offset");
	if ((r = number_start(p, k->name, words[0], words[3], &c.byte_test.number)) < 0 ||
	    (r = relation_parse(p, words[1], &c)) < 0)
		return r;
	if (!parse_number(words[2], 0, 0xffffffff, &n))
		return refuse(p, "byte_test: \"%.40s\" is no number (variables are not supported)", words[2]);
	c.byte_test.value = (uint32_t)n;
	for (unsigned i = 4; i < count; i++) {
		r = number_word(p, words[i], &c.byte_test.number, &c.relative);
		if (r <= 0)
			return r < 0 ? r : refuse(p, "byte_test: \"%.32s\" is not supported", words[i]);
	}
	if ((at = condition_add(p, CONDITION_BYTE_TEST, c.relative)) == NULL)
		return -EINVAL;
	c.view = at->view;
	*at = c;
	return number_end(p, k->name, &c.byte_test.number);
}

static int jump_word(struct parse *p, char *word, struct condition *c)
{
	long n;
	int r = number_word(p, word, &c->byte_jump.number, &c->relative);

	if (r != 0)
		return r < 0 ? r : 0;
	if (strcmp(word, "align") == 0) {
		c->byte_jump.align = true;
	} else if (strcmp(word, "from_beginning") == 0) {
		c->byte_jump.from_beginning = true;
	} else if (strcmp(word, "from_end") == 0) {
		c->byte_jump.from_end = true;
	} else if (strncmp(word, "multiplier ", 11) == 0) {
		if (!parse_number(word + 11, 1, 65535, &n))
			return refuse(p, "byte_jump: \"%.40s\" is no multiplier", word + 11);
		c->byte_jump.multiplier = (uint32_t)n;
	} else if (strncmp(word, "post_offset ", 12) == 0) {
		if (!parse_number(word + 12, -65535, 65535, &n))
			return refuse(p, "byte_jump: \"%.40s\" is no offset", word + 12);
		c->byte_jump.post_offset = (int32_t)n;
	} else {
		return refuse(p, "byte_jump: \"%.32s\" is not supported", word);
	}
	return 0;
}

int parse_byte_jump(struct parse *p, const struct keyword *k, char *value)
{
	struct condition c = { .kind = CONDITION_BYTE_JUMP, .byte_jump.multiplier = 1 }, *at;
	char *words[12];
	unsigned count = split_commas(value, words, COUNT_OF(words));
	int r;

	if (count < 2 || count > COUNT_OF(words))
		return refuse(p, "byte_jump needs size,offset");
	if ((r = number_start(p, k->name, words[0], words[1], &c.byte_jump.number)) < 0)
		return r;
	for (unsigned i = 2; i < count; i++)
		if ((r = jump_word(p, words[i], &c)) < 0)
			return r;
	if ((at = condition_add(p, CONDITION_BYTE_JUMP, c.relative)) == NULL)
		return -EINVAL;
	c.view = at->view;
	*at = c;
	return number_end(p, k->name, &c.byte_jump.number);
}
