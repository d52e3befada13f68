/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files, pages and words that no emulated server holds, shown by a place that was seen to show what is named or what code
 * prints: something of its own stands exactly where results stood. The place's surroundings are what its results had in common.
 */
#include "control/judge/choice.h"

#include "control/extract/http.h"

#include <ctype.h>
#include <string.h>

enum {
	RESULTS_MIN = 2,      /* different results of a place before its surroundings are known */
	AROUND_MIN = 16,      /* bytes before a fetched page, by which its frame is told from a bare answer */
	TEXT_LINES_MIN = 2,   /* a message has fewer */
	TEXT_WORDS_MIN = 24,
	LINE_WORDS_MIN = 200, /* of one line alone: an encoding */
	BACK_MIN = 8,
	MESSAGE_LINES = 4,    /* at most, of one that tells the file's name */
	PAGE_WORDS_MIN = 12,
	FETCHED_MIN = 12,     /* bytes of a fetched body that is looked for */
	WORD_MIN = 4,         /* letters and digits of a name that is told by itself */
	WORD_MAX = 64,
	MISSES_MIN = 2,       /* values that had one and the same answer without a result: what the place says then */
};

static const double SHOWN_BITS = 40;

void shown_learn(const struct ruling *r, unsigned code, struct place *p)
{
	const struct attack_code *c = &r->in->codes->codes[code];
	uint64_t rest = r->attempts[code].rest;
	struct bytes body = r->views.body, fetched;
	ptrdiff_t at;

	if (!r->sights[code].found || !response_whole(r) || r->views.status / 100 != 2 || code_is_sql(c))
		return;
	if (r->sights[code].where == REASON_TRACE_IN_RESPONSE && (c->language != LANGUAGE_URL || names_what_is_shown(c)))
		place_keep_result(p, body, rest);
	if (c->language != LANGUAGE_URL || !fetched_body(r, code, &fetched) || fetched.left < FETCHED_MIN)
		return;
	if ((at = bytes_find(body, fetched)) < 0) {
		fetched = bytes_trim(fetched);
		at = bytes_find(body, fetched);
	}
	if (at >= AROUND_MIN && fetched.left >= FETCHED_MIN)
		place_keep_shown(p, body, rest, (size_t)at, body.left - (size_t)at - fetched.left);
}

/* What stands between the surroundings of the place's results; false where they are not those. */
static bool between(const struct ruling *r, const struct place *p, struct bytes *ret)
{
	struct bytes b = r->views.body;
	size_t back = p->back;

	/* files alone end alike by chance */
	if (p->front == 0 && back < BACK_MIN)
		back = 0;
	if (p->front + back > b.left || p->front + back > p->result_len || memcmp(b.at, p->result, p->front) != 0 ||
	    memcmp(b.at + b.left - back, p->result + p->result_len - back, back) != 0)
		return false;
	*ret = bytes_of(b.at + p->front, b.left - p->front - back);
	return true;
}

static bool holds_tag(struct bytes b)
{
	for (size_t i = 0; i + 1 < b.left; i++) {
		if (b.at[i] == '<' && (isalpha(b.at[i + 1]) || b.at[i + 1] == '/'))
			return true;
	}
	return false;
}

static unsigned lines_in(struct bytes b)
{
	unsigned n = 0;

	while (b.left > 0)
		n += bytes_trim(http_split(&b, '\n')).left > 0;
	return n;
}

/* The last name of the value: a message about a file tells it. */
static struct bytes last_name(struct bytes value)
{
	size_t start;

	while (value.left > 0 && !isalnum(value.at[value.left - 1]))
		value.left--;
	for (start = value.left; start > 0 && strchr("/\\=", value.at[start - 1]) == NULL; start--)
		;
	return bytes_of(value.at + start, value.left - start);
}

/* Reads it as what was named, and not as a message about it? */
static bool reads_as_content(const struct attack_code *c, const struct place *p, struct bytes text)
{
	struct bytes value = bytes_trim(c->value), name = last_name(value);
	unsigned lines = lines_in(text), words = words_in(text);
	bool bare = p->front == 0; /* the file alone is the answer */

	if (c->language == LANGUAGE_URL && !code_is_include(c))
		return p->exact && words >= PAGE_WORDS_MIN && bytes_find(text, value) < 0;
	if (lines <= MESSAGE_LINES && (bytes_find(text, value) >= 0 || (name.left >= 3 && bytes_find(text, name) >= 0)))
		return false;
	return p->results >= RESULTS_MIN && (bare || !holds_tag(text)) && words >= TEXT_WORDS_MIN &&
	    (lines >= TEXT_LINES_MIN || words >= LINE_WORDS_MIN);
}

/* A name, a version, a number of something: no sentence, and no word of one; or what is no text at all, as files of the kernel are. */
static bool reads_as_value(struct bytes text)
{
	struct bytes word = bytes_trim(text);
	unsigned told = 0, signs = 0, letters = 0;

	if (memchr(text.at, '\0', text.left) != NULL)
		return words_in(text) >= WORD_MIN;
	for (size_t i = 0; i < word.left; i++) {
		if (!isgraph(word.at[i]) || strchr("<>&", word.at[i]) != NULL)
			return false;
		told += isalnum(word.at[i]) != 0;
		letters += isalpha(word.at[i]) != 0;
		signs += isdigit(word.at[i]) || strchr("-_.:/@", word.at[i]) != NULL;
	}
	return told >= WORD_MIN && letters > 0 && signs > 0 && isalnum(word.at[word.left - 1]) && word.left <= WORD_MAX;
}

/* The first bytes of a program, an archive or a document: no message begins so. */
static bool begins_as_file(struct bytes text)
{
	static const char *const magic[] = { "<?php", "#!/", "SQLite format 3", "\177ELF", "PK\x03\x04", "%PDF-" };

	for (size_t i = 0; i < COUNT_OF(magic); i++) {
		struct bytes m = bytes_text(magic[i]);

		if (text.left > m.left && memcmp(text.at, m.at, m.left) == 0)
			return true;
	}
	return false;
}

/*
 * Does the place say another thing than where there is no result, which is known by what it says to several, and does code
 * that breaks out like this one have its results shown here?
 */
static bool is_no_miss(const struct place *p, const struct attempt *a)
{
	const struct attempt *o = NULL;
	unsigned alike = 0;

	for (unsigned i = 0; i < p->series.count && alike < MISSES_MIN; i++) {
		o = &p->series.at[i];
		alike = o->shown || o->end == END_RAN || o->rest != a->rest || o->answer == a->answer ? 0 : 1;
		for (const struct attempt *b = alike > 0 ? series_alike(&p->series, o, NULL) : NULL; b != NULL; b = series_alike(&p->series, o, b))
			alike = b->shown || b->end == END_RAN ? 0 : alike + 1;
	}
	return alike >= MISSES_MIN;
}

/* A result that is all of the victim's own: no emulated server knows the name of this one. */
static bool shows_value(const struct ruling *r, unsigned code, const struct place *p, struct bytes text)
{
	const struct attempt *a = &r->attempts[code];

	return p->results >= RESULTS_MIN && ran_alike(r, code) && a->answer != 0 && a->copies == 0 &&
		series_alike(&p->series, a, NULL) == NULL && (begins_as_file(text) || (reads_as_value(text) && is_no_miss(p, a))) &&
		!reflection_explains(r->reflection, bytes_trim(text));
}

/* A file or page that others were seen to be shown at. */
static bool shows_content(const struct ruling *r, unsigned code, const struct place *p, struct bytes text)
{
	const struct attack_code *c = &r->in->codes->codes[code];
	struct bytes value;
	struct sameness s;

	if ((c->language != LANGUAGE_PATH && c->language != LANGUAGE_URL) || r->in->reports[code]->traces_count == 0 ||
	    !reads_as_content(c, p, text))
		return false;
	sameness_of(r, c, &s);
	return s.own != NULL && parameter_value(s.own->name, c->parameter, &value) && s.names == 0 && !s.ordinary;
}

void shown_look(struct ruling *r, unsigned code)
{
	const struct attack_code *c = &r->in->codes->codes[code];
	const struct place *p = place_of(r, code);
	struct sight *sight = &r->sights[code];
	struct evidence e = { .code = code, .bits = SHOWN_BITS, .found = true };
	const struct segment_mark *mark;
	struct bytes text;

	if (sight->found || sight->rejected || sight->gave_up || sight->explained || c->quiet || code_is_sql(c) ||
	    r->in->reports[code] == NULL || p == NULL || p->result == NULL || !response_whole(r) || r->ordinary ||
	    r->views.status / 100 != 2 || p->rest != r->attempts[code].rest || !between(r, p, &text) ||
	    bytes_equal(r->views.body, bytes_of(p->result, p->result_len)) ||
	    (!shows_content(r, code, p, text) && !shows_value(r, code, p, text)))
		return;
	e.offset = p->front;
	if ((mark = case_part_mark(&r->in->record->parts[PART_RESPONSE_BODY], e.offset)) != NULL) {
		e.packet = mark->packet;
		e.time_ns = mark->time_ns;
	}
	memcpy(e.where, "http.response_body", sizeof("http.response_body"));
	e.excerpt_len = text.left < sizeof(e.excerpt) ? text.left : sizeof(e.excerpt);
	memcpy(e.excerpt, text.at, e.excerpt_len);
	ruling_evidence(r, &e);
	sight->found = true;
	sight->where = REASON_TRACE_IN_RESPONSE;
}
