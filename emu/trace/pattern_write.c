/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns of one or more lines as PCRE2 text, and how many bits finding one is worth. */
#include "emu/trace/pattern.h"

#include "emu/trace/model.h"

#include <stdio.h>
#include <string.h>

enum { LINES_MAX = 16, FLAT_MAX = 2048, BLANKS_MAX = 8 };

/* The pieces of all lines in a row, line ends between them; holes and blanks at both ends are left away. */
struct flat {
	unsigned from, to;
	struct piece pieces[FLAT_MAX];
};

static const struct bytes line_end = { (const uint8_t *)"\n", 1 };

static bool is_hole(const struct piece *p)
{
	return p->literal.left == 0;
}

static bool has_shape(const struct piece *p)
{
	return p->literal.left == 0 && p->hole.max > 0 && p->hole.kind > HOLE_ANYTHING;
}

/* Takes the blanks off a literal's ends. */
static void trim(struct bytes *literal, bool front, bool back)
{
	while (front && literal->left > 0 && is_blank(literal->at[0])) {
		literal->at++;
		literal->left--;
	}
	while (back && literal->left > 0 && is_blank(literal->at[literal->left - 1]))
		literal->left--;
}

static void flatten(struct flat *f, const struct pattern *const *lines, unsigned count)
{
	f->from = f->to = 0;
	for (unsigned i = 0; i < count; i++) {
		if (i > 0 && f->to < FLAT_MAX)
			f->pieces[f->to++] = (struct piece){ .literal = line_end };
		for (unsigned k = 0; k < lines[i]->count && f->to < FLAT_MAX; k++)
			f->pieces[f->to++] = lines[i]->pieces[k];
	}
	for (; f->from < f->to; f->from++) {
		trim(&f->pieces[f->from].literal, true, false);
		if (!is_hole(&f->pieces[f->from]) || has_shape(&f->pieces[f->from]))
			break;
	}
	for (; f->to > f->from; f->to--) {
		trim(&f->pieces[f->to - 1].literal, false, true);
		if (!is_hole(&f->pieces[f->to - 1]) || has_shape(&f->pieces[f->to - 1]))
			break;
	}
}

/* The byte a literal after this piece stands behind, as the background model asks. */
static uint8_t last_byte(const struct piece *p)
{
	if (!is_hole(p))
		return p->literal.at[p->literal.left - 1];
	return p->hole.kind == HOLE_NUMBER ? '0' : p->hole.kind == HOLE_ANYTHING ? 0 : 'a';
}

static void write_byte(struct sink *s, uint8_t c)
{
	char text[8];
	int len;

	if (c < 0x20 || c >= 0x7f)
		len = snprintf(text, sizeof(text), "\\x%02x", c);
	else if (strchr("\\^$.[]|()?*+{}", c) != NULL)
		len = snprintf(text, sizeof(text), "\\%c", c);
	else
		len = snprintf(text, sizeof(text), "%c", c);
	sink_put(s, text, (size_t)len);
}

void literal_write(struct sink *s, struct bytes literal)
{
	for (size_t i = 0; i < literal.left; i++)
		write_byte(s, literal.at[i]);
}

/* A literal whose runs of blanks stand for any; blanks says that the piece before ended in them. */
static void write_folding(struct sink *s, struct bytes literal, bool *blanks)
{
	for (size_t i = 0; i < literal.left; i++) {
		size_t run = i;
		char text[24];

		if (!is_blank(literal.at[i])) {
			write_byte(s, literal.at[i]);
			*blanks = false;
			continue;
		}
		while (run < literal.left && is_blank(literal.at[run]))
			run++;
		run -= i;
		i += run - 1;
		if (!*blanks) {
			run = run < BLANKS_MAX / 2 ? BLANKS_MAX : run < 500 ? run * 2 : 1000;
			sink_put(s, text, (size_t)snprintf(text, sizeof(text), "\\s{1,%zu}", run));
		}
		*blanks = true;
	}
}

void patterns_write(struct sink *s, const struct pattern *const *lines, unsigned count)
{
	static _Thread_local struct flat f;
	bool blanks = false;

	flatten(&f, lines, count < LINES_MAX ? count : LINES_MAX);
	for (unsigned i = f.from; i < f.to; i++) {
		if (is_hole(&f.pieces[i])) {
			hole_write(s, &f.pieces[i].hole);
			blanks = false;
		} else {
			write_folding(s, f.pieces[i].literal, &blanks);
		}
	}
}

double patterns_bits(const struct pattern *const *lines, unsigned count)
{
	static _Thread_local struct flat f;
	double bits = 0;

	flatten(&f, lines, count < LINES_MAX ? count : LINES_MAX);
	for (unsigned i = f.from; i < f.to; i++) {
		const struct piece *p = &f.pieces[i];
		bool more = i + 1 < f.to;

		if (!is_hole(p))
			bits += model_bits(p->literal, i > f.from ? last_byte(p - 1) : 0);
		else
			bits += hole_bits(&p->hole, !more || is_hole(p + 1) ? -1 : p[1].literal.at[0]);
	}
	return bits > 0 ? bits : 0;
}
