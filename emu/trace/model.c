/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The background model's arithmetic; its tables stand in model_words.c and model_letters.c. */
#include "emu/trace/model.h"

#include "emu/trace/token.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 15, MARKS = 31, LETTERS = 27 };

static const double WORD_ORDINARY = 20, LETTER_ORDINARY = 5.6, LETTER_SHARE = 0.6, FOLLOWING_SHARE = 0.6;
static const double DIGIT = 3.3219280948873623, DIGIT_CHEAP = 1, BLANK = 0.5, BYTE_HIGH = 2, CONTROL = 4, MARK_AGAIN = 0.3, UNDERSCORE = 3, AGAIN_SHARE = 0.3;

/* train.py's characters, back to bits. */
static double quarter_bits(char c)
{
	int v = c >= '0' && c <= '9' ? c - '0'
	      : c >= 'A' && c <= 'Z' ? c - 'A' + 10
	      : c >= 'a' && c <= 'z' ? c - 'a' + 36
	      : c == '+'             ? 62
	                             : 63;

	return v / 4.0;
}

/* 1..26 for a letter, 0 for anything else. */
static unsigned letter_index(uint8_t c)
{
	return c >= 'a' && c <= 'z' ? c - 'a' + 1u : c >= 'A' && c <= 'Z' ? c - 'A' + 1u : 0;
}

/* Which row of model_marks a mark has; MARKS where it is none. */
static unsigned mark_index(uint8_t c)
{
	static const char marks[] = "!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~";
	const char *at = c != 0 ? strchr(marks, c) : NULL;

	return at != NULL ? (unsigned)(at - marks) : MARKS;
}

static int word_compare(const void *key, const void *row)
{
	return strcmp(key, ((const struct model_word *)row)->word);
}

static const struct model_word *word_find(struct bytes word)
{
	char folded[WORD_MAX + 1];

	if (word.left > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < word.left; i++)
		folded[i] = (char)(word.at[i] | 0x20);
	folded[word.left] = '\0';
	return bsearch(folded, model_words, model_words_count, sizeof(model_words[0]), word_compare);
}

/* Letters following letters. */
static double letters_bits(struct bytes word)
{
	unsigned a = 0, b = 0;
	double bits = 0;

	for (size_t i = 0; i < word.left; i++) {
		unsigned c = letter_index(word.at[i]);

		bits += quarter_bits(model_letters[(a * LETTERS + b) * LETTERS + c]);
		a = b;
		b = c;
	}
	return bits;
}

static double word_bits(struct bytes word, bool *common)
{
	const struct model_word *row = word_find(word);
	double bits;

	if (row != NULL) {
		bits = *common ? row->bits * FOLLOWING_SHARE : row->bits;
		*common = true;
		return bits;
	}
	*common = false;
	bits = letters_bits(word);
	if (bits < LETTER_ORDINARY * (double)word.left && bits * LETTER_SHARE > WORD_ORDINARY)
		return WORD_ORDINARY;
	return bits * LETTER_SHARE;
}

static double number_bits(struct bytes number)
{
	size_t zeros = 0;
	double bits = 0;

	while (zeros < number.left && number.at[number.left - 1 - zeros] == '0')
		zeros++;
	for (size_t i = 0; i < number.left; i++) {
		int step = i > 0 ? number.at[i] - number.at[i - 1] : 9;
		bool trailing = i > 0 && i >= number.left - zeros;

		bits += trailing || (step >= -1 && step <= 1) ? DIGIT_CHEAP : DIGIT;
	}
	return bits;
}

static double mark_bits(uint8_t mark, uint8_t before)
{
	unsigned index = mark_index(mark);
	unsigned row = 2;

	if (mark >= 0x80 || mark == 0)
		return BYTE_HIGH;
	if (mark == before)
		return MARK_AGAIN;
	if (mark == '_')
		return UNDERSCORE;
	if (letter_index(before) != 0 || before == '_' || before >= 0x80)
		row = 0;
	else if (is_digit(before))
		row = 1;
	else if (mark_index(before) < MARKS)
		row = 3;
	/* Rarer than any mark in text, but what is no text is full of them. */
	return index < MARKS ? quarter_bits(model_marks[row * MARKS + index]) : CONTROL;
}

/* The end of the run of bytes of literal[from] 's class. */
static size_t run_end(struct bytes literal, size_t from)
{
	uint8_t c = literal.at[from];
	size_t end = from + 1;

	while (end < literal.left) {
		uint8_t d = literal.at[end];

		if (!((letter_index(c) && letter_index(d)) || (is_digit(c) && is_digit(d)) ||
		      (is_blank(c) && is_blank(d))))
			break;
		end++;
	}
	return end;
}

/* Did literal[from..end), with the two bytes before it, stand earlier in the literal already? */
static bool said_before(struct bytes literal, size_t from, size_t end)
{
	return from >= 2 && memmem(literal.at, end - 1, literal.at + from - 2, end - from + 2) != NULL;
}

double model_bits(struct bytes literal, uint8_t before)
{
	bool common = false;
	double bits = 0;
	size_t end;

	for (size_t at = 0; at < literal.left; at = end) {
		uint8_t c = literal.at[at], last = at > 0 ? literal.at[at - 1] : before;
		struct bytes run;
		double more;

		end = run_end(literal, at);
		run = bytes_of(literal.at + at, end - at);
		if (letter_index(c))
			more = word_bits(run, &common);
		else if (is_digit(c))
			more = number_bits(run);
		else if (is_blank(c))
			more = BLANK;
		else
			more = mark_bits(c, last);
		bits += said_before(literal, at, end) ? more * AGAIN_SHARE : more;
	}
	return bits;
}
