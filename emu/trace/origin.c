/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a line's standing is worth on a server with other facts and another clock. */
#include "emu/trace/origin.h"

#include "emu/trace/token.h"

#include <string.h>

enum {
	FACT_MIN = 3,             /* shorter pieces agree by chance */
	RECORDS_MAX = 8 << 10,    /* bytes of a fact whose records are looked for one by one */
};

const struct question *asked_until(const struct observation *row, enum question_kind kind, const char *subject,
                                   uint32_t end)
{
	for (unsigned i = 0; i < row->questions_count; i++) {
		const struct question *q = &row->questions[i];

		if (q->kind == kind && (subject == NULL || strcmp(q->subject, subject) == 0) && q->output_before <= end)
			return q;
	}
	return NULL;
}

bool shows_clock(const struct observation *row, const struct pattern *p, uint32_t end)
{
	if (asked_until(row, QUESTION_CLOCK, NULL, end) == NULL)
		return false;
	for (unsigned i = 0; i < p->count; i++) {
		if (p->pieces[i].literal.left == 0)
			return true;
		for (size_t k = 0; k < p->pieces[i].literal.left; k++) {
			if (is_digit(p->pieces[i].literal.at[k]))
				return true;
		}
	}
	return false;
}

static struct bytes trimmed(struct bytes b)
{
	while (b.left > 0 && is_blank(b.at[0])) {
		b.at++;
		b.left--;
	}
	while (b.left > 0 && is_blank(b.at[b.left - 1]))
		b.left--;
	return b;
}

static bool holds_literal(struct bytes fact, const struct pattern *p)
{
	for (unsigned i = 0; i < p->count; i++) {
		struct bytes literal = trimmed(p->pieces[i].literal);

		if (literal.left >= FACT_MIN && bytes_find(fact, literal) >= 0)
			return true;
	}
	return false;
}

static bool has_record(struct bytes line, struct bytes fact)
{
	fact.left = fact.left < RECORDS_MAX ? fact.left : RECORDS_MAX;
	while (fact.left > 0) {
		size_t len = 0;
		struct bytes record;

		while (len < fact.left && fact.at[len] != '\n' && fact.at[len] != 0)
			len++;
		record = trimmed(bytes_of(fact.at, len));
		if (record.left >= FACT_MIN && bytes_find(line, record) >= 0)
			return true;
		len += len < fact.left;
		fact.at += len;
		fact.left -= len;
	}
	return false;
}

bool shows_fact(const struct observation *row, const struct pattern *p, struct bytes line, uint32_t end)
{
	for (unsigned i = 0; i < row->facts_count; i++) {
		const struct fact *f = &row->facts[i];

		if (f->output_before <= end && (holds_literal(f->text, p) || has_record(line, f->text)))
			return true;
	}
	return false;
}
