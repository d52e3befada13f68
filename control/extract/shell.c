/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shell commands in values: a lexer that asks of every command position, in each quoting the carrier's own command
 * line may stand in, whether a plausible command stands there, and after which delimiter.
 */
#include "control/extract/command.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"
#include "control/extract/word.h"
#include "control/extract/writing.h"

#include <ctype.h>
#include <string.h>

enum {
	POSITIONS_MAX = 256,     /* command positions weighed in one value */
	SUBSTITUTION_MAX = 8192, /* bytes of a substitution's content */
	NAME_HIDDEN_MAX = 2,     /* letters of a parameter by which the shell of a visitor is asked: one that is seldom named so */
	TEXT_SHARE = 90,         /* per cent of printable bytes below which a value is no command line */
};

/* A delimiter that a command may follow. */
struct delimiter {
	const char *text;
	uint32_t context;
	bool everyday;           /* stands in ordinary text too */
};

static const struct delimiter delimiters[] = { /* longer ones first */
	{ "&&", CONTEXT_IF_SUCCESS, false },
	{ "||", CONTEXT_IF_FAILURE, false },
	{ "|&", CONTEXT_PIPED_INTO, false },
	{ ";", CONTEXT_AFTER, true },
	{ "|", CONTEXT_PIPED_INTO, true },
	{ "&", CONTEXT_AFTER | CONTEXT_BACKGROUND, true },
	{ "\n", CONTEXT_AFTER, true },
};

/* One walk through a value. */
struct walk {
	struct finder *finder;
	const struct carrier *carrier;
	const struct layer *layer;
	struct bytes text;
	uint8_t quote;           /* the quote the carrier's command line has open where the value begins */
	unsigned positions;
	bool broken;             /* a bracket stood behind a word: a POSIX shell runs nothing of such a line */
};

static const struct delimiter *delimiter_at(struct bytes b, size_t at)
{
	for (size_t i = 0; i < COUNT_OF(delimiters); i++) {
		size_t len = strlen(delimiters[i].text);

		if (b.left - at >= len && memcmp(b.at + at, delimiters[i].text, len) == 0)
			return &delimiters[i];
	}
	return NULL;
}

/* By the program that is called first: one that only Windows has is called by its command processor. */
static enum language language_of(struct bytes code)
{
	struct shell_word first;
	bool hidden = false;

	shell_word_read(code, shell_skip_blanks(code, 0, &hidden), &first);
	return command_is_windows(bytes_of(first.text, first.len)) ? LANGUAGE_CMD : LANGUAGE_SHELL;
}

/*
 * Does the command stand in a text of many words, on a line of its own or between the backticks that authors set it in? Whoever injects one
 * has no use for so much else; it is told where it worked.
 */
static bool is_listing(const struct walk *w, struct bytes code, uint32_t contexts)
{
	struct bytes text = w->text;
	size_t at = (size_t)(code.at - text.at);
	bool own_line = false;

	if (w->carrier->kind != CARRIER_PARAMETER || code.at < text.at || at >= text.left || at == 0)
		return false;
	if (contexts & CONTEXT_SUBSTITUTION)
		own_line = text.at[at - 1] == '`' && (at == 1 || !isalnum(text.at[at - 2]));
	else
		for (size_t i = at; i > 0 && !own_line && (isspace(text.at[i - 1]) || text.at[i - 1] == '`'); i--)
			own_line = text.at[i - 1] == '\n';
	return own_line && command_is_prose(bytes_of(text.at, at), bytes_of(text.at + at, text.left - at));
}

/* Is the command set in backticks, and nothing beside them but what ends a sentence? */
static bool is_in_backticks(struct bytes text, struct bytes code)
{
	size_t at = (size_t)(code.at - text.at), end = at + code.left + 1;

	if (code.at <= text.at || end > text.left || text.at[at - 1] != '`' || (memchr(code.at, ' ', code.left) == NULL && at == 1 && end == text.left))
		return false;
	for (size_t i = 0; i < text.left; i++)
		if ((i + 1 < at || i >= end) && !isspace(text.at[i]) && strchr(".,:;!?()", text.at[i]) == NULL)
			return false;
	return true;
}

/* Does the value begin as a command line does, so that nothing in it leaves another one? */
static bool begins_line(struct bytes text)
{
	struct shell_word first;
	size_t name = 0;
	bool hidden = false;

	text = bytes_trim(text);
	while (name < text.left && (isupper(text.at[name]) || text.at[name] == '_'))
		name++;
	shell_word_read(text, 0, &first);
	return (name > 0 && name < text.left && text.at[name] == '=') ||
		(shell_skip_blanks(text, first.end, &hidden) > first.end && command_rank(bytes_of(first.text, first.len)) > RANK_PROSE);
}

/*
 * Is it a whole command in plain words where people write or search for a text, or a body of text? They ask about it: it is
 * told where it worked.
 */
static bool is_asked_about(const struct carrier *c, struct bytes code)
{
	struct shell_word first;
	bool hidden = false;

	shell_word_read(code, shell_skip_blanks(code, 0, &hidden), &first);
	return (writing_field(c->name) || (c->part == PART_REQUEST_BODY && c->offset == 0 && c->name.left == 0)) && !c->to_interpreter && !hidden && !first.hidden && !first.globs && !first.expands;
}

static void note(struct walk *w, struct bytes code, uint32_t contexts)
{
	struct sighting s = { .language = language_of(code), .class_name = "shell", .text = code, .contexts = contexts,
	                      .sink = carrier_sink(w->carrier),
	                      .quiet = (w->broken && language_of(code) == LANGUAGE_SHELL) || is_listing(w, code, contexts) || ((contexts == CONTEXT_ALONE || is_in_backticks(w->text, code) || begins_line(w->text)) && is_asked_about(w->carrier, code)) };

	/* no file is called so: whatever answers for a whole tree of paths runs it, and may then say "not found" */
	if (w->carrier->kind == CARRIER_PATH)
		s.sink = SINK_HEADER;
	finder_note(w->finder, w->carrier, w->layer, &s);
}

/* Does a plausible command stand in the position behind a delimiter? */
static bool plausible(struct walk *w, size_t before, size_t at, size_t end, bool everyday, bool substitution)
{
	struct command_place place = {
		.before = bytes_of(w->text.at, before), .code = bytes_of(w->text.at + at, end - at),
		.everyday = everyday, .substitution = substitution,
		.newline = before < at && w->text.at[before] == '\n', .has_lines = w->carrier->part != PART_REQUEST_HEAD,
	};
	int needed = COMMAND_SCORE + (w->carrier->kind == CARRIER_HEADER ? 2 : w->carrier->kind == CARRIER_PATH ? 1 : 0);

	if (substitution)
		place.after = bytes_of(w->text.at + end, w->text.left - end);
	return w->positions++ < POSITIONS_MAX && command_score(&place) >= needed;
}

/*
 * Notes what runs from `at` on to the end of the value. Where the value ends inside the quote that the carrier's
 * command line will close, the piece behind the last delimiter is that quote's: closed here as it will be there.
 */
static void note_to_end(struct walk *w, size_t at, uint32_t contexts)
{
	struct bytes code = bytes_of(w->text.at + at, w->text.left - at);
	uint8_t open = shell_quote_at_end(code), *closed = NULL;
	size_t end = code.left;

	if (open == 0 || open != w->quote) {
		note(w, bytes_trim(code), contexts);
		return;
	}
	while (end > 0 && (code.at[end - 1] == open || isspace(code.at[end - 1])))
		end--;
	if (end < code.left && end > 0 && strchr(";|&\n#", code.at[end - 1]) != NULL) {
		while (end > 0 && strchr(";|&\n# ", code.at[end - 1]) != NULL)
			end--;
		note(w, bytes_of(code.at, end), contexts);
		return;
	}
	closed = finder_take(w->finder, code.left + 1);
	if (closed == NULL)
		return;
	memcpy(closed, code.at, code.left);
	closed[code.left] = open;
	note(w, bytes_of(closed, code.left + 1), contexts);
}

/* A substitution whose content begins at `at`; returns where the walk goes on. */
static size_t try_substitution(struct walk *w, size_t before, size_t at, uint8_t closing)
{
	struct bytes near = { w->text.at, at + SUBSTITUTION_MAX < w->text.left ? at + SUBSTITUTION_MAX : w->text.left };
	size_t end, inner;

	if (w->positions >= POSITIONS_MAX)
		return at;
	/* three of them are a fence around a listing */
	if (closing == '`' && before >= 2 && w->text.at[before - 1] == '`' && w->text.at[before - 2] == '`')
		return at;
	end = shell_substitution_end(near, at, closing);
	if (end <= at || w->text.at[end - 1] != closing) {
		w->positions++;
		return at;
	}
	inner = end - 1;
	if (inner == at) /* two backticks: nothing is substituted, and what they stand around is a literal of a document */
		return end;
	if (!plausible(w, before, at, inner, false, true))
		return at;
	note(w, bytes_of(w->text.at + at, inner - at), CONTEXT_SUBSTITUTION);
	return end;
}

/* Is what another command prints run as a command behind a delimiter? */
static bool runs_substitution(struct walk *w, size_t before, size_t at)
{
	struct bytes near = { w->text.at, at + SUBSTITUTION_MAX < w->text.left ? at + SUBSTITUTION_MAX : w->text.left };
	bool hidden = false;
	uint8_t closing;
	size_t end;

	at = shell_skip_blanks(near, at, &hidden);
	if (at + 2 < near.left && near.at[at] == '$' && near.at[at + 1] == '(' && near.at[at + 2] != '(') {
		closing = ')';
		at += 2;
	} else if (at < near.left && near.at[at] == '`') {
		closing = '`';
		at += 1;
	} else {
		return false;
	}
	if (w->positions >= POSITIONS_MAX)
		return false;
	end = shell_substitution_end(near, at, closing);
	if (end > at && near.at[end - 1] == closing)
		return plausible(w, before, at, end - 1, false, true);
	w->positions++;
	return false;
}

static size_t line_end(struct bytes b, size_t at)
{
	const uint8_t *end = memchr(b.at + at, '\n', b.left - at);

	return end == NULL ? b.left : (size_t)(end - b.at);
}

/* The end of a sign's name in HTML, "&gt;": what is written so was written for a page. */
static bool ends_sign(struct bytes b, size_t at)
{
	static const char *const signs[] = { "&amp", "&lt", "&gt", "&quot", "&apos", "&nbsp" };

	for (size_t i = 0; i < COUNT_OF(signs) && b.at[at] == ';'; i++) {
		size_t len = strlen(signs[i]);

		if (at >= len && memcmp(b.at + at - len, signs[i], len) == 0)
			return true;
	}
	return false;
}

/* "word (", and no word of the grammar before it, nor a function's empty brackets: a syntax error. POSIX, 2.10.2. */
static bool is_misplaced_bracket(struct bytes b, size_t at)
{
	static const char *const words[] = { "if", "while", "until", "then", "do", "else", "elif", "in" };
	size_t end = at, start;

	while (end > 0 && b.at[end - 1] == ' ')
		end--;
	for (start = end; start > 0 && isalnum(b.at[start - 1]); start--)
		;
	if (end == start || b.at[at] != '(' || (at + 1 < b.left && b.at[at + 1] == ')'))
		return false;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (bytes_equal(bytes_of(b.at + start, end - start), bytes_text(words[i])))
			return false;
	}
	return true;
}

static void walk_value(struct walk *w)
{
	const struct bytes b = w->text;
	uint8_t quote = w->quote;

	for (size_t i = 0; i < b.left;) {
		const struct delimiter *d = NULL;
		uint8_t c = b.at[i];

		w->broken |= quote == 0 && is_misplaced_bracket(b, i);
		if (c == '\\' && quote != '\'') {
			i += 2;
		} else if (c == '`' && quote != '\'') {
			i = try_substitution(w, i, i + 1, '`');
		} else if (c == '$' && quote != '\'' && i + 2 < b.left && b.at[i + 1] == '(' && b.at[i + 2] != '(') {
			i = try_substitution(w, i, i + 2, ')');
		} else if (quote != 0) {
			quote = c == quote ? 0 : quote;
			i++;
		} else if (c == '\'' || c == '"') {
			quote = c;
			i++;
		} else if ((d = delimiter_at(b, i)) != NULL) {
			size_t at = i + strlen(d->text);

			if (!ends_sign(b, i) && (plausible(w, i, at, b.left, d->everyday, false) || runs_substitution(w, i, at))) {
				note_to_end(w, at, d->context);
				return;
			}
			/* what stands behind a mark of numbers is a comment up to the line's end: "&#60;" is a sign of HTML */
			i = at < b.left && b.at[at] == '#' ? line_end(b, at) : at;
		} else {
			i++;
		}
	}
}

static bool is_command_line(struct bytes b)
{
	size_t printable = 0;

	for (size_t i = 0; i < b.left; i++)
		printable += (b.at[i] >= 0x20 && b.at[i] < 0x7f) || isspace(b.at[i]);
	return b.left > 1 && printable * 100 >= b.left * TEXT_SHARE;
}

/* One path and nothing else, and not to where programs are: what is read by it may be named as one is. */
static bool is_path_of_data(struct bytes b)
{
	size_t end = 0, start;

	for (size_t i = 0; i < b.left; i++) {
		if (b.at[i] <= ' ' ? b.at[i] != '\0' : strchr("$`;|&<>(){}'\"", b.at[i]) != NULL)
			return false;
		if (b.at[i] == '/')
			end = i;
	}
	for (start = end; start > 0 && b.at[start - 1] != '/'; start--)
		;
	b = bytes_of(b.at + start, end - start);
	return b.left > 0 && !bytes_equal(b, bytes_text(".")) && !bytes_equal(b, bytes_text("tmp")) &&
		(b.left < 3 || !bytes_equal(bytes_of(b.at + b.left - 3, 3), bytes_text("bin")));
}

/* Do the lines behind the first read as a text about a command, not as more of a script? */
static bool goes_on_as_text(struct bytes text)
{
	struct bytes first = http_split(&text, '\n');
	unsigned lines = 0, strange = 0;

	/* a quote or a document that is open goes on over the line's end */
	if (shell_quote_at_end(first) != 0 || bytes_find(first, bytes_text("<<")) >= 0)
		return false;
	while (text.left > 0) {
		struct bytes line = bytes_trim(http_split(&text, '\n'));
		bool prose = false;

		if (line.left == 0)
			continue;
		lines++;
		strange += !command_may_be_line(line, &prose);
		if (prose)
			return true;
	}
	return strange * 2 > lines;
}

/* Is the whole value one command line, given to a shell by a parameter that exists for that? */
static bool is_whole_command(const struct carrier *c, struct bytes text)
{
	struct command_place place = { .code = text, .whole = true, .asked_for = command_parameter(c->name) ||
	                               (c->to_upload && c->name.left > 0 && c->name.left <= NAME_HIDDEN_MAX) };

	if ((c->kind != CARRIER_PARAMETER && c->kind != CARRIER_COOKIE) ||
	    (!place.asked_for && (is_path_of_data(text) || goes_on_as_text(text) || shell_quote_at_end(text) != 0)))
		return false;
	return command_score(&place) >= COMMAND_SCORE;
}

/* A command whose output is to be read: Perl's open() and the like run a file name that ends with a bar. */
static bool is_opened_command(const struct carrier *c, struct bytes text, struct bytes *ret)
{
	struct command_place place = { .whole = true, .asked_for = true };

	if ((c->kind != CARRIER_PARAMETER && c->kind != CARRIER_COOKIE) || text.left < 2 || text.at[text.left - 1] != '|')
		return false;
	place.code = bytes_trim(bytes_of(text.at, text.left - 1));
	for (size_t i = 0; i < place.code.left; i++) {
		if (strchr(";|&\n", place.code.at[i]) != NULL)
			return false;
	}
	*ret = place.code;
	return command_score(&place) > COMMAND_SCORE; /* words of prose stand before bars in tables */
}

void shell_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	static const uint8_t quotes[] = { 0, '\'', '"' };
	struct walk w = { .finder = f, .carrier = c, .layer = l, .text = l->text };
	struct bytes opened;
	unsigned found = f->found.count;

	if (c->kind == CARRIER_STREAM || (c->kind == CARRIER_BODY && !c->to_interpreter) || !is_command_line(l->text))
		return;
	if (!c->to_interpreter && is_opened_command(c, bytes_trim(l->text), &opened)) {
		note(&w, opened, CONTEXT_ALONE);
		return;
	}
	if (c->to_interpreter || is_whole_command(c, bytes_trim(l->text))) {
		if (!c->to_interpreter || l->count == 0 || strcmp(l->names[l->count - 1], "gzip") == 0)
			note(&w, l->text, CONTEXT_ALONE);
		return;
	}
	for (size_t i = 0; i < sizeof(quotes); i++) {
		w.quote = quotes[i];
		w.broken = false;
		if (w.quote == 0 || memchr(l->text.at, w.quote, l->text.left) != NULL)
			walk_value(&w);
	}
	if (f->found.count == found)
		misplaced_recognise(f, c, l);
}

/*
 * Bash's imported functions: a value that begins with a function definition, and what stands behind its body.
 * Behind the body a redirection and a second group may stand, in which the parser of older versions runs code too.
 */
void shellshock_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct bytes b = bytes_trim(l->text);
	struct walk w = { .finder = f, .carrier = c, .layer = l };
	unsigned open = 0;
	size_t i = 0;

	if (b.left < 6 || b.at[0] != '(' || b.at[1] != ')')
		return;
	for (i = 2; i < b.left; i++) {
		if (b.at[i] == '{')
			open++;
		else if (open == 0 && !isspace(b.at[i]))
			return;
		else if (b.at[i] == '}' && --open == 0)
			break;
	}
	if (i >= b.left)
		return;
	b = bytes_trim(bytes_of(b.at + i + 1, b.left - i - 1));
	if (b.left > 0 && b.at[0] == ';')
		b = bytes_trim(bytes_of(b.at + 1, b.left - 1));
	else if (b.left > 0 && b.at[0] == '>' && memchr(b.at, '{', b.left) != NULL) {
		http_split(&b, '{');
		while (b.left > 0 && (b.at[b.left - 1] == '}' || isspace(b.at[b.left - 1])))
			b.left--;
		b = bytes_trim(b);
	}
	if (b.left > 0)
		note(&w, b, CONTEXT_AFTER);
}
