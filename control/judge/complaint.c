/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Complaints about the whole value. A program that was given it as one word complains of it, as all that use the C library
 * do: its own name, the word, why the system or the resolver would not have it. Then no shell took the word apart where it
 * was given (R3). A page that gives the value to a second program, by a shell, would be misjudged.
 * An application says of the value that it has not the form it should have: it looked before it gave it to anybody (R1).
 * One that says so when a command ended badly is believed only of commands that end well.
 */
#include "control/judge/ruling.h"

#include <ctype.h>
#include <netdb.h>
#include <string.h>
#include <strings.h>

enum {
	ERRORS_MAX = 133,  /* EHWPOISON, the last of Linux */
	LOOKUPS_MAX = 12,  /* EAI_OVERFLOW: they are counted downwards */
	NAME_MIN = 2,      /* letters of a program's name */
	SAID_MIN = 8,      /* bytes of what is told: "Success" is no complaint */
	SENTENCE_MAX = 96, /* bytes of the sentence around the value, on each side */
};

static bool begins(struct bytes b, const char *said)
{
	return said != NULL && strlen(said) >= SAID_MIN && bytes_starts_fold(b, bytes_text(said));
}

/* Does it begin with what the C library says of an error? As this machine's own says it. */
static bool tells_error(struct bytes b)
{
	for (int e = 1; e <= ERRORS_MAX; e++) {
		if (begins(b, strerrordesc_np(e)))
			return true;
	}
	for (int e = 1; e <= LOOKUPS_MAX; e++) {
		if (begins(b, gai_strerror(-e)))
			return true;
	}
	return false;
}

/* "name: " at the end of b, the word perhaps in quotes. */
static bool ends_with_name(struct bytes b)
{
	size_t end, start;

	if (b.left > 0 && b.at[b.left - 1] == '\'')
		b.left--;
	if (b.left < 2 || memcmp(b.at + b.left - 2, ": ", 2) != 0)
		return false;
	end = b.left - 2;
	for (start = end; start > 0 && (isalnum(b.at[start - 1]) || strchr("_.+-/", b.at[start - 1]) != NULL); start--)
		;
	return end - start >= NAME_MIN && isalpha(b.at[end - 1]);
}

bool complained_of_whole(const struct ruling *r, unsigned code)
{
	const struct attempt *a = &r->attempts[code];
	const struct attack_code *c = &r->in->codes->codes[code];
	struct bytes b = r->views.body, after;

	if (strcmp(c->class_name, "shell") != 0 || c->sink != SINK_RESOURCE || (c->contexts & CONTEXT_ALONE) != 0 || a->answer == 0 ||
	    a->copies == 0 || ran_alike(r, code))
		return false;
	after = bytes_of(b.at + a->copy_at + a->copy_len, b.left - a->copy_at - a->copy_len);
	if (after.left > 0 && after.at[0] == '\'')
		after = bytes_of(after.at + 1, after.left - 1);
	return ends_with_name(bytes_of(b.at, a->copy_at)) && after.left > 2 && memcmp(after.at, ": ", 2) == 0 &&
		tells_error(bytes_of(after.at + 2, after.left - 2));
}

/* What is said of a form, by how the words begin; not of a result, which may be of code that ran: "unknown", "failed". */
static const char *const of_form[] = {
	"invalid", "inv\xc3\xa1lid", "non valid", "not valid", "not a valid", "no v\xc3\xa1lid", "ung\xc3\xbcltig", "illegal", "malformed",
	"not allowed", "not permitted", "nicht erlaubt", "disallowed", "forbidden", "unacceptable", "not acceptable", "incorrect",
};

/* The same of numbers and the like, by those who convert texts into them: databases, runtimes, frameworks. */
static const char *const of_type[] = {
	"invalid input syntax for", "invalid literal for", "for input string", "incorrect integer value", "incorrect decimal value",
	"truncated incorrect", "conversion failed when converting", "could not convert string", "failed to convert", "cast to", "parsing",
};

/* Does a tag end the sentence that it stands in? */
static bool parts(struct bytes tag)
{
	static const char *const inside[] = { "b", "i", "u", "q", "em", "tt", "var", "kbd", "samp", "span", "code", "mark", "strong" };
	size_t len = 0;

	if (tag.left > 0 && tag.at[0] == '/')
		tag = bytes_of(tag.at + 1, tag.left - 1);
	while (len < tag.left && isalpha(tag.at[len]))
		len++;
	for (size_t i = 0; i < COUNT_OF(inside); i++) {
		if (strlen(inside[i]) == len && strncasecmp(inside[i], (const char *)tag.at, len) == 0)
			return false;
	}
	return true;
}

/* The words of the sentence before the value, or behind it, in lower case. Returns the length. */
static size_t sentence(struct bytes b, bool before, char to[static SENTENCE_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < b.left; i++) {
		bool ends = b.at[i] == '\n' || (strchr(".!?;", b.at[i]) != NULL && (i + 1 == b.left || isspace(b.at[i + 1])));

		if (b.at[i] == '<') {
			ends = parts(bytes_of(b.at + i + 1, b.left - i - 1));
			while (i < b.left && b.at[i] != '>')
				i++;
		} else if (!ends && n < SENTENCE_MAX) {
			to[n++] = (char)tolower(b.at[i]);
		}
		if (ends && !before)
			break;
		n = ends ? 0 : n;
	}
	return n;
}

static bool holds_word(const char *text, size_t len, const char *word)
{
	struct bytes b = bytes_of(text, len);
	ptrdiff_t at = bytes_find(b, bytes_text(word));

	return at == 0 || (at > 0 && !isalpha((uint8_t)text[at - 1]));
}

bool complains_of_form(const struct ruling *r, unsigned code)
{
	const struct attempt *a = &r->attempts[code];
	bool sql = code_is_sql(&r->in->codes->codes[code]);
	const char *const *words = sql ? of_type : of_form;
	size_t count = sql ? COUNT_OF(of_type) : COUNT_OF(of_form);
	char before[SENTENCE_MAX], after[SENTENCE_MAX];
	struct bytes b = r->views.body;
	size_t from, end, front, back;

	if (a->answer == 0 || a->copies == 0)
		return false;
	end = a->copy_at + a->copy_len;
	from = a->copy_at > SENTENCE_MAX ? a->copy_at - SENTENCE_MAX : 0;
	front = sentence(bytes_of(b.at + from, a->copy_at - from), true, before);
	back = sentence(bytes_of(b.at + end, b.left - end < SENTENCE_MAX ? b.left - end : SENTENCE_MAX), false, after);
	for (size_t i = 0; i < count; i++) {
		if (holds_word(before, front, words[i]) || (!sql && holds_word(after, back, words[i])))
			return true;
	}
	return false;
}
