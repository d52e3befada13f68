/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a text change the structure of the query that it is put into? A walk over its tokens that knows where an operand
 * and where an operator must stand. What stands right behind the quote or value that the text ends must go on with the
 * query; from there on everything that only a query has adds to the weight, and what breaks the grammar takes from it.
 */
#include "control/extract/sql.h"

#include <ctype.h>
#include <string.h>

enum {
	ERRORS_MAX = 4,
	ERROR = 3,
	COMMENT_WORDS_MAX = 2, /* of what a comment hides: more is prose */
	LOGIC_MAX = 3, COMPARE_MAX = 4, /* what these weigh together in a text that begins as prose does */
	YEAR_DIGITS = 4,
	GLUE_MAX = 2, BREAKS_MAX = 4, ARITHMETIC_MAX = 2,
};

struct walk {
	const struct sqltoken *t, *first;
	struct sqlquoting quoting;
	int weight, logic, compare, compared, glue, breaks, arithmetic, errors;
	unsigned depth;
	bool operand;         /* one must come next */
	bool telling;         /* something was seen that no other text has */
	bool functions;       /* an ordinary function was counted */
	bool value_first;     /* it begins with a number, or ends a quote */
	bool statement;       /* it begins with SELECT: a query of its own, as people write it down */
	bool selects;         /* inside a query of its own: words may follow words there */
	bool broken;          /* no query goes on so */
	bool tagged;          /* a page does */
	bool done;
};

static void fault(struct walk *w)
{
	w->weight -= ERROR;
	w->done |= ++w->errors > ERRORS_MAX;
}

static void tell(struct walk *w, int weight)
{
	w->weight += weight;
	w->telling |= weight >= SQLSHAPE_ENOUGH - 2;
}

static bool is_literal(const struct sqltoken *t)
{
	return t->kind == SQLTOKEN_NUMBER || t->kind == SQLTOKEN_TEXT || t->kind == SQLTOKEN_HEX;
}

static bool is_comparison(const struct sqltoken *t)
{
	return (t->kind == SQLTOKEN_OPERATOR && strchr("=<>!", t->text.at[0]) != NULL && !bytes_equal(t->text, bytes_text("!")) &&
		!bytes_equal(t->text, bytes_text("<<")) && !bytes_equal(t->text, bytes_text(">>"))) ||
		sqlword_is(t, "like") || sqlword_is(t, "rlike") || sqlword_is(t, "regexp");
}

static unsigned words_of(struct bytes text)
{
	unsigned words = 0;

	for (size_t i = 0; i < text.left; i++)
		words += isalpha(text.at[i]) && (i == 0 || !isalpha(text.at[i - 1]));
	return words;
}

/* One word at most: what a comment of an attack hides. */
static bool hides_little(struct bytes text)
{
	return words_of(text) < COMMENT_WORDS_MAX;
}

/* UNION [ALL] [(] SELECT */
static void see_set(struct walk *w)
{
	const struct sqltoken *t = w->t + 1;

	while (sqlword_is(t, "all") || sqlword_is(t, "distinct") || sqlword_is(t, "distinctrow") || t->kind == SQLTOKEN_OPEN) {
		w->depth += t->kind == SQLTOKEN_OPEN;
		t++;
	}
	if (!sqlword_is(t, "select") && !sqlword_is(t, "values") && !sqlword_is(t, "table")) {
		fault(w);
		w->done |= !w->telling;
		w->operand = true;
		return;
	}
	w->t = t;
	tell(w, sqlword_selects(t + 1) ? 10 : 3);
	w->selects = w->operand = true;
}

static void see_clause(struct walk *w)
{
	const struct sqltoken *t = w->t, *next = t + 1;

	if (sqlword_is(t, "order") || sqlword_is(t, "group")) {
		if (!sqlword_is(next, "by")) {
			fault(w);
			return;
		}
		w->t++;
		next++;
		if (next->kind == SQLTOKEN_NUMBER || next->kind == SQLTOKEN_OPEN || w->value_first)
			tell(w, 6);
	} else if (sqlword_is(t, "procedure") && sqlword_is(next, "analyse")) {
		tell(w, 8);
	} else if (sqlword_is(t, "into") && (sqlword_is(next, "outfile") || sqlword_is(next, "dumpfile"))) {
		tell(w, 10);
		w->t++;
	} else if (sqlword_is(t, "having") && (next->kind == SQLTOKEN_END || (next->kind == SQLTOKEN_OPERATOR && next[1].kind == SQLTOKEN_END))) {
		fault(w); /* a sentence's end */
	} else if (sqlword_is(t, "having")) {
		w->weight += w->value_first ? 4 : 2;
	} else if (sqlword_is(t, "limit") || sqlword_is(t, "offset")) {
		w->weight += next->kind == SQLTOKEN_NUMBER || next->kind == SQLTOKEN_OPEN ? 3 : 0;
	} else if (sqlword_is(t, "from") || sqlword_is(t, "where")) {
		w->weight += w->selects && !w->statement ? 3 : w->value_first && sqlword_is(t, "where") ? 3 : 0;
	}
	w->operand = true;
}

/* "sleep (2).jpg": the second file of that name; "Sleep (1994)": a title and its year */
static bool is_numbered(const struct walk *w)
{
	const struct sqltoken *t = w->t;

	if (!t[1].blank || t[2].kind != SQLTOKEN_NUMBER || t[3].kind != SQLTOKEN_CLOSE)
		return false;
	if (w->quoting.quote == 0 && t == w->first + 1 && t[2].text.left == YEAR_DIGITS)
		return true;
	if (t[4].kind == SQLTOKEN_OPERATOR)
		return !t[4].blank && t[4].text.at[0] == '.' && t[5].kind == SQLTOKEN_WORD;
	return w->quoting.quote == 0 && t == w->first + 1 && t[4].kind == SQLTOKEN_END;
}

static void see_call(struct walk *w, enum sqlword is)
{
	const struct sqltoken *t = w->t;
	bool empty = t[2].kind == SQLTOKEN_CLOSE;

	if (is_numbered(w)) {
		w->broken = true;
		return;
	}
	if (!w->operand)
		fault(w);
	if (!w->value_first && !w->selects && w->depth == 0 &&
	    (bytes_starts_fold(t->text, bytes_text("sys.")) || (is == SQLWORD_FUNCTION && empty && t > w->first + 1))) {
		w->weight += 2; /* others call what is named so, too */
	} else if (is == SQLWORD_TELLING && t == w->first + 1 && w->quoting.quote == 0 && !sqlword_acts(t->text)) {
		w->weight += 4;
	} else if (is == SQLWORD_TELLING || is == SQLWORD_CATALOG || (is == SQLWORD_FUNCTION && empty && !t[1].blank)) {
		tell(w, 8);
	} else if (is == SQLWORD_FUNCTION) {
		w->weight += w->functions ? 2 : w->value_first ? 4 : 2;
		w->functions = true;
	} else if (memchr(t->text.at, '_', t->text.left) != NULL) {
		w->weight += w->value_first ? 3 : 0;
	} else if (t[-1].kind == SQLTOKEN_WORD && sqlword_of(t[-1].text) == SQLWORD_LOGIC) {
		w->weight += w->value_first ? 2 : 0;
	} else if (!w->selects) {
		fault(w);
	}
	w->t++;
	w->depth++;
	w->operand = true;
}

static void see_verb(struct walk *w, bool begins)
{
	int worth = sqlword_statement(w->t);

	/* a whole statement is what people write down, and other languages have such words too */
	if (begins && w->quoting.quote == 0 && w->t == w->first + 1 && !sqlword_is(w->t, "waitfor") && w->t[1].kind != SQLTOKEN_OPEN) {
		w->statement = w->selects = w->operand = true;
		return;
	}
	if (begins && w->quoting.quote == 0 && w->t == w->first + 1 && !sqlword_is(w->t, "waitfor"))
		worth = 0;

	/* behind a value only SQL Server begins another statement so */
	if (worth > 0 && (begins || !w->operand)) {
		tell(w, begins ? worth : worth - 2);
		w->selects = w->operand = true;
		return;
	}
	if (w->t[1].kind == SQLTOKEN_OPEN && sqlword_of(w->t->text) == SQLWORD_VERB &&
	    (sqlword_is(w->t, "if") || sqlword_is(w->t, "insert") || sqlword_is(w->t, "replace") || sqlword_is(w->t, "truncate"))) {
		see_call(w, SQLWORD_FUNCTION);
		return;
	}
	if (!w->operand)
		fault(w);
	w->operand = false;
}

static void see_word(struct walk *w, bool begins)
{
	const struct sqltoken *t = w->t;
	enum sqlword is = sqlword_of(t->text);

	if (t[1].kind == SQLTOKEN_OPEN && (is == SQLWORD_FUNCTION || is == SQLWORD_TELLING || is == SQLWORD_CATALOG || is == SQLWORD_OTHER ||
	                                   sqlword_is(t, "left") || sqlword_is(t, "right"))) {
		if (is == SQLWORD_OTHER && w->selects && !w->operand) { /* a table's columns */
			w->operand = true;
			return;
		}
		see_call(w, is == SQLWORD_INNER ? SQLWORD_FUNCTION : is);
		return;
	}
	switch (is) {
	case SQLWORD_LOGIC:
		if (w->operand && !begins) {
			fault(w);
			return;
		}
		w->weight += w->logic < LOGIC_MAX || w->value_first ? 2 : 0;
		w->logic += 2;
		w->operand = true;
		return;
	case SQLWORD_OPERATOR:
		if (w->operand && !begins && !sqlword_is(&t[-1], "not"))
			fault(w);
		w->weight += w->value_first ? 3 : 0;
		w->operand = !sqlword_is(t, "isnull") && !sqlword_is(t, "notnull");
		return;
	case SQLWORD_PREFIX:
		w->operand = true;
		return;
	case SQLWORD_SET:
		see_set(w);
		return;
	case SQLWORD_SELECT:
		if (!w->operand && !begins) {
			fault(w);
			w->done |= !w->telling;
			return;
		}
		if (w->t[-1].kind == SQLTOKEN_OPEN || begins)
			tell(w, sqlword_selects(t + 1) ? 8 : 3);
		w->selects = w->operand = true;
		return;
	case SQLWORD_CLAUSE:
		see_clause(w);
		return;
	case SQLWORD_INNER:
		if (sqlword_is(t, "case"))
			w->weight += t[1].kind == SQLTOKEN_WORD ? 4 : 1;
		if (!w->selects && w->depth == 0 && !sqlword_is(t, "case") && !sqlword_is(t, "end") && !sqlword_is(t, "when") && !sqlword_is(t, "then") &&
		    !sqlword_is(t, "else"))
			fault(w);
		w->operand = !sqlword_is(t, "end") && !sqlword_is(t, "asc") && !sqlword_is(t, "desc");
		return;
	case SQLWORD_VERB:
		see_verb(w, begins);
		return;
	case SQLWORD_VALUE:
		w->weight += !w->value_first ? 0 : memchr(t->text.at, '_', t->text.left) != NULL ? 3 : w->quoting.quote != 0 ? 2 : 1;
		break;
	case SQLWORD_CATALOG:
		/* where no table is named, others have such names, too */
		if (sqlword_is(&t[-1], "from") || sqlword_is(&t[-1], "into") || !bytes_starts_fold(t->text, bytes_text("sys.")))
			tell(w, w->statement ? 8 : 6);
		break;
	default:
		if (!w->operand && w->selects) { /* an alias */
			w->weight -= w->t[-1].kind == SQLTOKEN_CLOSE || sqlword_is(&w->t[-1], "as") ? 0 : 1;
			return;
		}
		break;
	}
	if (!w->operand)
		fault(w);
	w->operand = false;
}

static void see_comparison(struct walk *w)
{
	const struct sqltoken *a = w->t - 1, *b = w->t + 1;
	int worth = 2;

	if (is_literal(a) && is_literal(b))
		worth = 6;
	else if (w->value_first && (is_literal(a) || is_literal(b) || a->kind == SQLTOKEN_CLOSE || b->kind == SQLTOKEN_OPEN))
		worth = 3;
	if (worth < 6 && !w->value_first) {
		worth = w->compare + worth > COMPARE_MAX ? COMPARE_MAX - w->compare : worth;
		w->compare += worth;
	}
	if (w->quoting.quote != 0)
		w->weight += worth;
	else
		w->compared += worth == 3 ? 4 : worth;
}

/* <name>, <a-name>: comparisons do not follow each other so. */
static bool is_tag(const struct sqltoken *t)
{
	const struct sqltoken *end = t + 1;

	while ((end->kind == SQLTOKEN_WORD || bytes_equal(end->text, bytes_text("-"))) && !end->blank)
		end++;
	return bytes_equal(t->text, bytes_text("<")) && end > t + 1 && end->kind == SQLTOKEN_OPERATOR && end->text.at[0] == '>' && !end->blank;
}

static void see_operator(struct walk *w, bool begins)
{
	const struct sqltoken *t = w->t;

	w->tagged |= is_tag(t);
	w->broken |= w->tagged;
	/* x().y, and a sentence's end */
	w->broken |= t->text.at[0] == '.' && t->text.left == 1 && !t->blank && ((w->quoting.quote != 0 && t[-1].kind == SQLTOKEN_CLOSE) || (t[1].kind == SQLTOKEN_END && t[-1].kind == SQLTOKEN_WORD && t[-2].kind == SQLTOKEN_COMMA));

	if (w->operand && !begins) {
		/* signs before a value; a star for all columns */
		if (strchr("+-~!*", t->text.at[0]) == NULL || t->text.left > 1)
			w->broken = true;
		if (t->text.at[0] == '*')
			w->operand = false;
		return;
	}
	if (is_comparison(t))
		see_comparison(w);
	else if (w->value_first)
		w->weight += ++w->arithmetic <= ARITHMETIC_MAX;
	w->broken |= t->text.at[0] == '&' && /* name=value&name=value */
	    t[1].kind == SQLTOKEN_WORD && !t[1].blank && t[2].kind == SQLTOKEN_OPERATOR;
	w->operand = true;
}

/* "word": the quotes stand round it as people put them, and not as a query's own would. */
static bool is_quoted_word(const struct sqltoken *t, const struct sqltoken *first)
{
	const struct sqltoken *word = t - 1;
	struct bytes before = first->text;

	return word == first + 1 && !word->blank && !t->blank && (before.left == 0 || !isalnum(before.at[before.left - 1])) &&
		(t->text.left == 0 || !isalnum(t->text.at[0])) && (word->kind == SQLTOKEN_WORD || t->quote == '"' || before.left > 0);
}

static void see_text(struct walk *w)
{
	const struct sqltoken *t = w->t;
	bool closes = t->open && t->quote == w->quoting.quote;

	if (closes && is_quoted_word(t, w->first))
		w->broken = true;
	else if (closes && memchr(t->text.at, t->quote, t->text.left) != NULL)
		fault(w);
	else if (closes && (w->operand || (w->t[-1].kind == SQLTOKEN_TEXT && memchr(t->text.at, ' ', t->text.left) == NULL)))
		w->weight += 4; /* the query's own quote will end it */
	else if (t->open)
		fault(w);
	else if (!w->operand && w->t[-1].kind != SQLTOKEN_TEXT && !w->selects)
		fault(w);
	w->operand = false;
}

static void see_close(struct walk *w)
{
	if (w->depth > 0) {
		w->depth--;
	} else {
		w->weight += w->breaks < BREAKS_MAX ? 2 : 0;
		w->breaks += 2;
		if (w->operand && w->t[-1].kind != SQLTOKEN_OPEN)
			fault(w);
	}
	w->operand = false;
}

static void see_semicolon(struct walk *w)
{
	const struct sqltoken *next = w->t + 1;

	w->operand = true;
	if (next->kind == SQLTOKEN_END || next->kind == SQLTOKEN_COMMENT || next->kind == SQLTOKEN_SEMI)
		return;
	w->selects = w->statement = false;
	if (next->kind == SQLTOKEN_WORD && (sqlword_is(next, "select") || sqlword_is(next, "with") || sqlword_statement(next) > 0 ||
	                                    (sqlword_of(next->text) == SQLWORD_INNER && w->telling))) {
		w->t++;
		see_word(w, true);
		return;
	}
	fault(w);
	w->done |= !w->telling;
}

/* The rest is cut off: that alone is an attack where it ends a quote, if no sentence stands behind it. */
static void see_comment(struct walk *w)
{
	bool at_once = w->quoting.quote != 0 && w->t == w->first + 1;

	/* -->, -----: the end of a comment of a page, a line across */
	if (w->t->text.at[-1] == '-' && w->t->text.left > 0 && (w->t->text.at[0] == '>' || (w->t->text.left > 1 && memcmp(w->t->text.at, "--", 2) == 0)))
		w->broken = true;
	if (at_once && w->t->text.at[-1] == '#' && (words_of(w->t->text) > 0 || memchr(w->first->text.at, ' ', w->first->text.left) != NULL))
		w->broken = true;
	else if (hides_little(w->t->text) && (w->value_first || w->telling))
		w->weight += w->errors > 0 ? 1 : w->quoting.quote != 0 || w->logic > 0 ? 4 : w->t == w->first + 2 ? 6 : 2;
	else if (hides_little(w->t->text) && w->weight > 0)
		w->weight += 2;
	w->done = true;
}

static void see(struct walk *w, bool begins)
{
	const struct sqltoken *t = w->t;

	if (t->commented && w->glue < GLUE_MAX) {
		w->weight++;
		w->glue++;
	}
	switch (t->kind) {
	case SQLTOKEN_WORD: see_word(w, begins); break;
	case SQLTOKEN_NUMBER: case SQLTOKEN_HEX: case SQLTOKEN_NAME: case SQLTOKEN_VARIABLE:
		if (!w->operand)
			fault(w);
		if (t->kind == SQLTOKEN_VARIABLE)
			tell(w, t->text.at[1] == '@' ? 6 : w->value_first ? 2 : 0);
		if (t->kind == SQLTOKEN_HEX && t->text.left > 5)
			w->weight += 2;
		w->broken |= t->kind == SQLTOKEN_NAME && t->open && is_quoted_word(t, w->first);
		if (t->kind == SQLTOKEN_NAME && t->open)
			w->weight += w->operand && t->quote == w->quoting.quote ? 4 : -ERROR;
		w->operand = false;
		break;
	case SQLTOKEN_TEXT: see_text(w); break;
	case SQLTOKEN_OPERATOR: see_operator(w, begins); break;
	case SQLTOKEN_LOGIC:
		if (w->operand && !begins)
			fault(w);
		w->weight += 2;
		w->logic += 2;
		w->operand = true;
		break;
	case SQLTOKEN_OPEN:
		if (!w->operand && !w->selects)
			fault(w);
		w->depth++;
		w->operand = true;
		break;
	case SQLTOKEN_CLOSE: see_close(w); break;
	case SQLTOKEN_COMMA: w->operand = true; break;
	case SQLTOKEN_SEMI: see_semicolon(w); break;
	case SQLTOKEN_COMMENT: see_comment(w); break;
	default: fault(w); break;
	}
}

/* A value of its own before the query goes on: 1, -1, 1.5. */
static bool begins_with_number(const struct sqltoken *t)
{
	while (t->kind == SQLTOKEN_OPERATOR && (t->text.at[0] == '-' || t->text.at[0] == '+'))
		t++;
	return (t->kind == SQLTOKEN_NUMBER || t->kind == SQLTOKEN_HEX) && sqlword_goes_on(t + 1);
}

int sqlshape_weigh(const struct sqltokens *tokens, struct sqlquoting quoting)
{
	struct walk w = { .t = tokens->list + 1, .first = tokens->list, .quoting = quoting, .operand = quoting.quote == 0 };

	if (quoting.quote != 0) {
		if (!sqlword_goes_on(w.t))
			return 0;
		w.weight = 4;
		w.value_first = true;
	} else if (begins_with_number(w.t)) {
		w.weight = 2;
		w.value_first = true;
	} else if (w.t->kind == SQLTOKEN_CLOSE) {
		w.value_first = sqlword_goes_on(w.t);
	} else if (sqlword_is(w.t, "select")) {
		w.statement = w.selects = true;
		w.t++;
	}
	for (; !w.done && !w.broken && w.t->kind != SQLTOKEN_END; w.t++)
		see(&w, w.t == tokens->list + 1);
	/* name="value": an attribute of a tag, written down */
	w.broken |= quoting.quote == '"' && w.first->text.left > 0 && w.first->text.at[w.first->text.left - 1] == '=';
	if (w.broken && (!w.telling || (w.tagged && !w.value_first)))
		return 0;
	/* a comparison by itself is anybody's: one that is added to a condition is not */
	return w.weight + (w.logic > 0 || w.telling ? w.compared : w.compared > 0);
}
