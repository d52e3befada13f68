/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SQL's words, by what they do in a query. */
#include "control/extract/sql.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Words that begin so are an engine's own procedures. */
static const char *const beginnings[] = { "xp_", "sp_oa", "sp_exec", "sp_configure", "dbms_", "utl_", "pg_", "lo_", "mysql.", "sys.", "master.",
	"information_schema.", "pg_catalog.", "performance_schema.", "ctxsys.", "v$", "fn_", "st_", "json_" };

/* words: a blank before and after each. */
static bool holds(const char *words, struct bytes word)
{
	for (const char *w = words + 1; *w != '\0'; w = strchr(w, ' ') + 1) {
		size_t len = (size_t)(strchr(w, ' ') - w);

		if (len == word.left && strncasecmp(w, (const char *)word.at, len) == 0)
			return true;
	}
	return false;
}

enum sqlword sqlword_of(struct bytes word)
{
	enum sqlword is = sqlword_listed(word);

	if (is != SQLWORD_OTHER)
		return is;
	for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
		if (bytes_starts_fold(word, bytes_text(beginnings[i])))
			return SQLWORD_CATALOG;
	}
	return SQLWORD_OTHER;
}

bool sqlword_acts(struct bytes word)
{
	return holds(" sleep benchmark pg_sleep extractvalue updatexml load_file load_extension randomblob xmltype utl_inaddr utl_http "
	             "httpuritype lo_import lo_export dblink query_to_xml generate_series gtid_subset json_keys name_const exp ", word);
}

bool sqlword_is(const struct sqltoken *t, const char *word)
{
	return t->kind == SQLTOKEN_WORD && bytes_equal_fold(t->text, bytes_text(word));
}

/* Is t one of these words? */
static bool one_of(const struct sqltoken *t, const char *words)
{
	return t->kind == SQLTOKEN_WORD && holds(words, t->text);
}

static bool is_name(const struct sqltoken *t)
{
	return t->kind == SQLTOKEN_WORD || t->kind == SQLTOKEN_NAME || t->kind == SQLTOKEN_TEXT || t->kind == SQLTOKEN_VARIABLE;
}

static bool is_end(const struct sqltoken *t)
{
	return t->kind == SQLTOKEN_END || t->kind == SQLTOKEN_SEMI || t->kind == SQLTOKEN_COMMENT;
}

/* t has at least END behind it: it is looked at one token after the other, never past END. */
static const struct sqltoken *behind(const struct sqltoken *t)
{
	return t->kind == SQLTOKEN_END ? t : t + 1;
}

/* Does one of the words stand within a few tokens? */
static bool soon(const struct sqltoken *t, const char *words, unsigned within)
{
	for (unsigned n = 0; n < within && !is_end(t); n++, t = behind(t)) {
		if (one_of(t, words))
			return true;
	}
	return false;
}

static int executes(const struct sqltoken *what)
{
	if (what->kind == SQLTOKEN_OPEN || what->kind == SQLTOKEN_VARIABLE || what->kind == SQLTOKEN_TEXT)
		return 8;
	if (what->kind != SQLTOKEN_WORD)
		return 0;
	return sqlword_of(what->text) == SQLWORD_CATALOG || memchr(what->text.at, '_', what->text.left) != NULL || one_of(what, " immediate ") ? 10 : 0;
}

int sqlword_statement(const struct sqltoken *verb)
{
	const struct sqltoken *a = behind(verb), *b = behind(a);

	if (sqlword_is(verb, "waitfor"))
		return one_of(a, " delay time ") && (b->kind == SQLTOKEN_TEXT || b->kind == SQLTOKEN_VARIABLE) ? 16 : 0;
	if (one_of(verb, " exec execute ")) /* exec@host.example is an address */
		return a->kind == SQLTOKEN_VARIABLE && !a->blank && memchr(a->text.at, '.', a->text.left) != NULL ? 0 : executes(a);
	if (one_of(verb, " drop create alter truncate "))
		return (!sqlword_is(a, "table") || is_name(b)) /* "drop table!" */ && soon(a, " table database view user index function procedure trigger schema login role sequence alias extension ", 4) &&
			!one_of(b, " of the a to ") ? 10 : 0;
	if (one_of(verb, " insert replace merge "))
		return sqlword_is(a, "into") && is_name(b) && (behind(b)->kind == SQLTOKEN_OPEN || soon(behind(b), " values select set default ", 3)) ? 10 : 0;
	if (sqlword_is(verb, "delete"))
		return sqlword_is(a, "from") && is_name(b) && (is_end(behind(b)) || sqlword_is(behind(b), "where")) ? 10 : 0;
	if (sqlword_is(verb, "update"))
		return is_name(a) && sqlword_is(b, "set") ? 10 : 0;
	if (one_of(verb, " declare set "))
		return a->kind == SQLTOKEN_VARIABLE ? 10 : is_name(a) && b->kind == SQLTOKEN_OPERATOR ? 4 : one_of(a, " global session ") ? 8 : 0;
	if (sqlword_is(verb, "copy"))
		return soon(a, " to from ", 64) ? 10 : 0;
	if (one_of(verb, " shutdown reconfigure "))
		return is_end(a) || one_of(a, " with ") ? 8 : 0;
	if (one_of(verb, " attach "))
		return one_of(a, " database ") || a->kind == SQLTOKEN_TEXT ? 10 : 0;
	if (one_of(verb, " load "))
		return one_of(a, " data xml ") || a->kind == SQLTOKEN_TEXT ? 8 : 0;
	if (one_of(verb, " bulk dbcc backup restore grant revoke pragma kill openrowset "))
		return one_of(a, " insert database log all select execute table_info ") || (a->kind == SQLTOKEN_WORD && b->kind == SQLTOKEN_OPEN) ? 8 : 0;
	if (one_of(verb, " call do if handler prepare "))
		return (a->kind == SQLTOKEN_OPEN || b->kind == SQLTOKEN_OPEN || sqlword_is(a, "not") || one_of(b, " open from ")) ? 4 : 0;
	if (one_of(verb, " begin commit rollback vacuum "))
		return is_end(a) ? 4 : one_of(a, " declare try transaction dbms_lock.sleep null ") ? 8 : 2;
	return 0;
}

bool sqlword_selects(const struct sqltoken *t)
{
	while (t->kind == SQLTOKEN_OPEN || sqlword_is(t, "all") || sqlword_is(t, "distinct") || sqlword_is(t, "top"))
		t++;
	if (t->kind == SQLTOKEN_END)
		return false;
	if (t->kind == SQLTOKEN_OPERATOR) /* "select." is a word at the end of its sentence */
		return strchr("+-~!*", t->text.at[0]) != NULL;
	if (t->kind != SQLTOKEN_WORD)
		return t->kind != SQLTOKEN_ODD && t->kind != SQLTOKEN_COMMA && t->kind != SQLTOKEN_SEMI;
	if (sqlword_of(t->text) == SQLWORD_VALUE || sqlword_of(t->text) == SQLWORD_CATALOG)
		return true;
	return t[1].kind == SQLTOKEN_OPEN || t[1].kind == SQLTOKEN_COMMA || sqlword_is(&t[1], "from") || sqlword_is(&t[1], "case") ||
		t[1].kind == SQLTOKEN_COMMENT || t[1].kind == SQLTOKEN_LOGIC || t[1].kind == SQLTOKEN_OPERATOR;
}

bool sqlword_goes_on(const struct sqltoken *t)
{
	while (t->kind == SQLTOKEN_CLOSE)
		t++;
	switch (t->kind) {
	case SQLTOKEN_OPERATOR: case SQLTOKEN_LOGIC: case SQLTOKEN_SEMI: case SQLTOKEN_COMMENT: case SQLTOKEN_COMMA:
		return true;
	case SQLTOKEN_TEXT:
		return t->open || t->text.left == 0;
	case SQLTOKEN_WORD:
		switch (sqlword_of(t->text)) {
		case SQLWORD_CLAUSE:
			return !sqlword_is(t, "for") || sqlword_is(t + 1, "update") || sqlword_is(t + 1, "share") || sqlword_is(t + 1, "xml") || sqlword_is(t + 1, "json");
		case SQLWORD_LOGIC: case SQLWORD_OPERATOR: case SQLWORD_SET:
			return true;
		case SQLWORD_VERB:
			return sqlword_statement(t) > 0;
		default:
			return sqlword_is(t, "as") || sqlword_is(t, "when") || sqlword_is(t, "then") || sqlword_is(t, "else") || sqlword_is(t, "not");
		}
	default:
		return false;
	}
}
