/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SQL in values: a text that changes the structure of the query it is put into, in some quoting; and probes of it. */
#include "control/extract/sql.h"

#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"
#include "control/extract/listing.h"
#include "control/extract/writing.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	SEGMENTS_MAX = 16,    /* of a path, each looked at by itself and with all behind it */
	HEADER_MORE = 4,      /* weight that a header needs beyond a parameter: its ordinary values have marks of all kinds */
	NAME_MORE = 4,        /* a parameter's name, and what stands in a path */
	DOCUMENT_MORE = 8,    /* a document of many lines and words, in which people quote all kinds of marks */
	PREFIX_MAX = 40,      /* bytes before a probe's marks */
	NUMBER_MAX = 6,       /* digits of a probe's numbers */
	PROSE_RUN = 3, PROSE_WORDS = 8, TAGS_MIN = 2,
	GUESSED_MIN = 8,      /* bytes that a decoder made of what only may be encoded, for a probe of a few marks */
};

static bool is_text(struct bytes b)
{
	unsigned odd = 0;

	for (size_t i = 0; i < b.left; i++)
		odd += b.at[i] < ' ' && (b.at[i] < '\t' || b.at[i] > '\r');
	return odd <= 1;
}

/* The most that the text weighs in any quoting. */
static int weigh(struct bytes text)
{
	static const uint8_t quotes[] = { 0, '\'', '"', '`' };
	struct sqltokens *tokens = malloc(sizeof(*tokens));
	int most = 0;

	for (size_t i = 0; tokens != NULL && i < COUNT_OF(quotes); i++) {
		for (unsigned backslash = 0; backslash < 2; backslash++) {
			struct sqlquoting q = { .quote = quotes[i], .backslash = backslash != 0 };
			int weight;
			bool said = false;

			if (q.quote != 0 && writing_quotes(text, q.quote, &said) && said)
				continue;
			if ((backslash != 0 && memchr(text.at, '\\', text.left) == NULL) || !sqltokens_of(text, q, tokens))
				continue;
			weight = sqlshape_weigh(tokens, q);
			most = weight > most ? weight : most;
		}
	}
	free(tokens);
	return most;
}

static bool is_mark(uint8_t c)
{
	return c != 0 && strchr("'\"`()\\.,;<>%", c) != NULL;
}

/*
 * A probe that only unbalances: a short value, then nothing but marks, a quote or a bracket that nothing opened among
 * them; or marks of all kinds in one run, behind a quote that ends the value.
 */
static bool unbalances(struct bytes b)
{
	size_t prefix = 0, run = 0;
	bool digits = true, quotes[2] = { false }, mixed = false, only = true;
	int brackets = 0, closed = 0;

	while (prefix < b.left && prefix < PREFIX_MAX && (isalnum(b.at[prefix]) || b.at[prefix] >= 0x80 || strchr("-_", b.at[prefix]) != NULL) &&
	       b.at[prefix] != 0)
		digits &= isdigit(b.at[prefix++]) != 0;
	if (prefix == b.left || prefix == PREFIX_MAX || b.left > 2 * PREFIX_MAX)
		return false;
	for (size_t i = prefix; i < b.left; i++) {
		bool mark = is_mark(b.at[i]);

		only &= mark;
		run = mark ? run + 1 : 0;
		if (!mark)
			quotes[0] = quotes[1] = false;
		quotes[0] |= b.at[i] == '\'';
		quotes[1] |= b.at[i] == '"';
		mixed |= run >= 3 && quotes[0] && quotes[1];
		if (b.at[i] == '<' && i + 1 < b.left && (isalpha(b.at[i + 1]) || strchr("/!?<", b.at[i + 1]) != NULL))
			return false; /* a tag: that is another matter */
		brackets += b.at[i] == '(';
		if (b.at[i] == ')' && --brackets < 0) {
			closed++;
			brackets = 0;
		}
	}
	if (!only)
		return mixed && (b.at[prefix] == '\'' || b.at[prefix] == '"');
	if (digits && prefix > 0)
		return quotes[0] || quotes[1] || (size_t)closed == b.left - prefix || (b.left == prefix + 1 && b.at[prefix] == '\\');
	return mixed || (quotes[0] && !quotes[1] && (b.left - prefix == 1 || closed > 0));
}

/*
 * digits - digits, in a parameter that is named as a number of things: it reads as their difference. So do numbers of two
 * parts that a site gives its things: only beside attacks it is one.
 */
static bool calculates(struct bytes name, struct bytes b)
{
	unsigned long left = 0, right = 0;
	size_t at = 0, from;
	uint8_t sign;

	if (name.left < 2 || !bytes_equal_fold(bytes_of(name.at + name.left - 2, 2), bytes_text("id")) ||
	    (name.left > 2 && islower(name.at[name.left - 3]) && name.left > 4))
		return false;
	for (; at < b.left && at < NUMBER_MAX && isdigit(b.at[at]); at++)
		left = left * 10 + (b.at[at] - '0');
	if (at == 0 || at + 1 >= b.left || strchr("-*+/", b.at[at]) == NULL)
		return false;
	sign = b.at[at++];
	for (from = at; at < b.left && at < from + NUMBER_MAX && isdigit(b.at[at]); at++)
		right = right * 10 + (b.at[at] - '0');
	if (at != b.left || (from > 2 && b.at[0] == '0') || (at - from > 1 && b.at[from] == '0') || (left >= 1900 && left < 2100 && right <= 31))
		return false;
	return sign == '*' || sign == '+' || (sign == '-' ? left >= right : right > 0 && left % right == 0);
}

/* Is it what people log in with? What calls functions there wants more than that. */
static bool is_credential(struct bytes name)
{
	static const char *const words[] = { "user", "login", "email", "mail", "pass", "pwd", "account", "uname", "uid", "logon" };

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		for (size_t at = 0; at < name.left; at++) {
			if (bytes_starts_fold(bytes_of(name.at + at, name.left - at), bytes_text(words[i])))
				return true;
		}
	}
	return false;
}

static bool noted_here(const struct finder *f, const struct carrier *c)
{
	for (unsigned i = 0; i < f->found.count; i++) {
		const struct attack_code *o = &f->found.codes[i];

		/* pieces of one decoded value have its place, all of them */
		if (o->language == LANGUAGE_SQL && o->part == c->part && o->offset == c->offset && (c->text.at == NULL || o->carrier == f->carriers))
			return true;
	}
	return false;
}

static void note(struct finder *f, const struct carrier *c, const struct layer *l, struct bytes text, bool quiet)
{
	struct sighting s = { .language = LANGUAGE_SQL, .text = text, .contexts = CONTEXT_ALONE, .sink = carrier_sink(c), .quiet = quiet,
		.class_name = c->kind == CARRIER_PARAMETER && is_credential(c->name) && memchr(text.at, '(', text.left) == NULL ? "login" : "sql" };

	if (c->kind == CARRIER_PATH)
		s.sink = SINK_HEADER;
	finder_note(f, c, l, &s);
}

/* The same text with blanks for plus signs, as forms write them; text where it has none, or blanks already. */
static struct bytes with_blanks(struct finder *f, struct bytes text)
{
	uint8_t *to;

	if (memchr(text.at, '+', text.left) == NULL || memchr(text.at, ' ', text.left) != NULL || (to = finder_take(f, text.left)) == NULL)
		return text;
	for (size_t i = 0; i < text.left; i++)
		to[i] = text.at[i] == '+' ? ' ' : text.at[i];
	return bytes_of(to, text.left);
}

/* A piece of a path is what the application reads there; a slash may be the attack's own. */
static void look_in_path(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct bytes rest = l->text.left > 0 ? with_blanks(f, l->text) : l->text;

	for (unsigned n = 0; n < SEGMENTS_MAX && rest.left > 0; n++) {
		struct bytes whole = rest, piece = http_split(&rest, '/');

		if (piece.left > 1 && weigh(piece) >= SQLSHAPE_ENOUGH + NAME_MORE)
			note(f, c, l, piece, false);
		else if (n > 0 && piece.left > 0 && rest.left > 0 && weigh(whole) >= SQLSHAPE_ENOUGH + NAME_MORE)
			note(f, c, l, whole, false);
		else
			continue;
		return;
	}
}

/* Numbers and letters that a guess made of noise end in a mark in one of some hundred tokens. */
static bool is_guessed(const struct layer *l)
{
	return l->count > 0 && l->text.left < GUESSED_MIN && (strcmp(l->names[l->count - 1], "base64") == 0 || strcmp(l->names[l->count - 1], "hex") == 0);
}

/* Words in rows of three and more that no query knows: an alias stands alone. */
static unsigned prose_words(struct bytes text)
{
	unsigned words = 0, run = 0;

	for (size_t i = 0; i < text.left;) {
		size_t start = i;

		while (i < text.left && isalpha(text.at[i]))
			i++;
		if (i > start && sqlword_listed(bytes_of(text.at + start, i - start)) == SQLWORD_OTHER) {
			run++;
			words += run == PROSE_RUN ? PROSE_RUN : run > PROSE_RUN;
		} else if (i > start || !isspace(text.at[i])) {
			run = 0;
		}
		i += i == start;
	}
	return words;
}

static unsigned closing_tags(struct bytes text)
{
	unsigned tags = 0;

	for (size_t i = 0; i + 2 < text.left; i++)
		tags += text.at[i] == '<' && text.at[i + 1] == '/' && isalpha(text.at[i + 2]);
	return tags;
}

/* Words, in quotes too, and nothing that a query would compute with. */
static bool says_nothing(struct bytes text)
{
	for (size_t i = 0; i < text.left; i++) {
		if (isdigit(text.at[i]) || (strchr("=#;<>|&", text.at[i]) != NULL && text.at[i] != '\0') ||
		    (text.at[i] == '(' && i > 0 && isalnum(text.at[i - 1])))
			return false;
	}
	return bytes_find(text, bytes_text("--")) < 0 && prose_words(text) + writing_words(text) + text.left > 2;
}

/*
 * Do people write it? A document or a piece of a listing, in which they quote all kinds of marks; and where they search and
 * write titles, a statement as a whole, words in quotes, a number and the bracket behind it.
 */
static bool is_written(const struct carrier *c, struct bytes text, int weight)
{
	bool said, whole = c->part == PART_REQUEST_BODY && c->offset == 0 && c->name.left == 0, alnum = false;

	if (bytes_find(text, bytes_text("/*")) >= 0)
		return false; /* what hides its words */
	if (prose_words(text) >= PROSE_WORDS || (listing_is_document(text) && weight < SQLSHAPE_ENOUGH + DOCUMENT_MORE) || writing_is_excerpt(text, false))
		return true;
	if (memchr(text.at, '\n', text.left) != NULL && closing_tags(text) >= TAGS_MIN)
		return true;
	if (whole && bytes_starts_fold(bytes_trim(text), bytes_text("select ")))
		return true;
	if (!writing_field(c->name))
		return false;
	for (size_t i = 0; i < text.left; i++)
		alnum |= isalnum(text.at[i]) != 0;
	return (alnum && (weight < SQLSHAPE_ENOUGH || says_nothing(text))) || (writing_quotes(text, '\'', &said) && !said) || (writing_quotes(text, '`', &said) && !said) || (writing_quotes(text, '"', &said) && !said);
}

static int more_needed(const struct carrier *c)
{
	return c->kind == CARRIER_HEADER ? HEADER_MORE : c->name.left == 0 && c->part == PART_REQUEST_HEAD ? NAME_MORE : 0;
}

void sql_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	bool parameter = c->kind == CARRIER_PARAMETER || c->kind == CARRIER_COOKIE;
	struct bytes text = l->text;
	int weight;

	if (text.left == 0 || c->repeated || c->kind == CARRIER_STREAM || !is_text(text) || noted_here(f, c))
		return;
	/* the fields of a body and a header are looked at by themselves */
	if (c->kind == CARRIER_COOKIE && c->name.left == 0 && memchr(text.at, '=', text.left) != NULL)
		return;
	if (c->kind == CARRIER_BODY && (memchr(text.at, '=', text.left) != NULL || strchr("{[<", text.at[0]) != NULL ||
	                                bytes_starts_fold(text, bytes_text("--"))))
		return;
	if (c->kind == CARRIER_PATH) {
		look_in_path(f, c, l);
		return;
	}
	weight = weigh(text);
	if (!is_guessed(l) && (weight >= SQLSHAPE_ENOUGH + more_needed(c) || (parameter && unbalances(text))))
		note(f, c, l, text, is_written(c, text, weight));
	else if (parameter && calculates(c->name, text))
		note(f, c, l, text, true);
}

bool sql_of_repeated(struct finder *f, const struct carrier *c, const struct layer *l, const struct bytes *values, unsigned count)
{
	int most = SQLSHAPE_ENOUGH;

	for (unsigned i = 0; i < count; i++) {
		int weight = weigh(values[i]);

		most = weight > most ? weight : most;
	}
	if (l->text.left <= 2 || weigh(l->text) < most + NAME_MORE)
		return false;
	note(f, c, l, l->text, false);
	return true;
}
