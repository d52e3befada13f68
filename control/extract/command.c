/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Weighing a command position. Each sign that a person who writes prose would not leave, and a shell would take, gives
 * points; signs of prose take some away. The points were set by hand on the look-alikes of the rule-set tests.
 */
#include "control/extract/command.h"

#include "control/extract/word.h"

#include <ctype.h>
#include <string.h>

enum {
	CODE_MAX = 2048,      /* bytes of a command that are weighed */
	ARGUMENT_POINTS = 3,  /* at most, of all arguments */
	TEXT_WORDS = 8,       /* and so many a document */
	PROSE_WORDS = 3,      /* so many plain words beside it make the value prose */
};

static bool is_plain_word(struct bytes w)
{
	for (size_t i = 0; i < w.left; i++) {
		if (!isalpha(w.at[i]) && !(i + 1 == w.left && strchr(",.!?:'", w.at[i]) != NULL))
			return false;
	}
	return w.left > 1;
}

static unsigned plain_words(struct bytes text)
{
	unsigned n = 0;

	for (size_t i = 0; i < text.left;) {
		size_t start = i;

		while (i < text.left && !isspace(text.at[i]))
			i++;
		n += is_plain_word(bytes_of(text.at + start, i - start));
		while (i < text.left && isspace(text.at[i]))
			i++;
	}
	return n;
}

/* What one argument says: an option, a path, a URL or an expansion is seldom prose. */
static int argument_points(const struct shell_word *w)
{
	struct bytes text = bytes_of(w->text, w->len);

	if (w->len == 0)
		return w->expands ? 2 : 0;
	if ((w->text[0] == '-' && w->len > 1) || w->text[0] == '/' || w->expands || w->hidden ||
	    bytes_find(text, bytes_text("://")) > 0 || bytes_find(text, bytes_text("../")) >= 0)
		return 2;
	if (w->quoted || isdigit(w->text[0]) || memchr(w->text, '.', w->len - 1) != NULL ||
	    memchr(w->text, '/', w->len) != NULL || w->globs)
		return 1;
	return 0;
}

/* A sign of comparison, or a redirection: to a file by its path, or to where another output goes, none compares with. */
static int redirection_points(struct bytes code, size_t at)
{
	bool hidden = false;

	if (at >= code.left || (code.at[at] != '<' && code.at[at] != '>'))
		return 0;
	while (at < code.left && (code.at[at] == '<' || code.at[at] == '>'))
		at++;
	at = shell_skip_blanks(code, at, &hidden);
	return at < code.left && (code.at[at] == '/' || code.at[at] == '&') ? 2 : 1;
}

/* prose: the command's own name is a word of it too. */
static int arguments_points(struct bytes code, size_t at, bool prose)
{
	struct shell_word w;
	bool hidden = false, more = false;
	unsigned plain = 0;
	int points = 0;

	for (unsigned n = 0; n < 8; n++) {
		at = shell_skip_blanks(code, at, &hidden);
		shell_word_read(code, at, &w);
		if (w.end == at)
			break;
		more = true;
		points += argument_points(&w);
		plain += is_plain_word(bytes_of(w.text, w.len));
		/* two files of the system's own configuration do not come together in prose */
		if (w.len > 5 && (memcmp(w.text, "/etc/", 5) == 0 || memcmp(w.text, "/proc", 5) == 0))
			points++;
		at = w.end;
	}
	if (!more)
		points++;
	points += redirection_points(code, at);
	if (points > ARGUMENT_POINTS)
		points = ARGUMENT_POINTS;
	if (prose && plain >= PROSE_WORDS)
		return 0;
	return points - (plain >= 2 && points == 0) + (hidden ? 3 : 0);
}

/* NAME=… in front of a command, or alone. Returns the name's length, or 0. */
static size_t assignment_name(struct bytes code, const struct shell_word *w)
{
	size_t i = w->start;

	while (i < w->end && (isalnum(code.at[i]) || code.at[i] == '_'))
		i++;
	return i > w->start && i < w->end && code.at[i] == '=' && !isdigit(code.at[w->start]) ? i - w->start : 0;
}

/* Is a variable that was assigned at the front run as a command behind a delimiter? */
static bool runs_variable(struct bytes code, struct bytes name, size_t at)
{
	for (; at + name.left < code.left; at++) {
		size_t i = at + 1;
		bool dollar = false;

		if (strchr(";&|\n", code.at[at]) == NULL)
			continue;
		for (; i < code.left && (isspace(code.at[i]) || strchr("${\"", code.at[i]) != NULL); i++)
			dollar |= code.at[i] == '$';
		if (dollar && i + name.left <= code.left && memcmp(code.at + i, name.at, name.left) == 0)
			return true;
	}
	return false;
}

/* Does a name match a pattern of letters, ?, * and classes? Each star takes as little as it can, then more. */
static bool glob_matches(struct bytes pattern, const char *name)
{
	size_t at = 0, star = pattern.left, from = 0, n = 0;

	while (name[n] != '\0') {
		if (at < pattern.left && pattern.at[at] == '*') {
			star = at++;
			from = n;
		} else if (at < pattern.left && (pattern.at[at] == '?' || pattern.at[at] == (uint8_t)name[n])) {
			at++;
			n++;
		} else if (at < pattern.left && pattern.at[at] == '[') {
			const uint8_t *end = memchr(pattern.at + at, ']', pattern.left - at);

			if (end == NULL)
				return false;
			at = (size_t)(end - pattern.at) + 1; /* any letter: what it may be is not worth asking */
			n++;
		} else if (star < pattern.left) {
			at = star + 1;
			n = ++from;
		} else {
			return false;
		}
	}
	while (at < pattern.left && pattern.at[at] == '*')
		at++;
	return at == pattern.left;
}

/* An absolute path below a top folder in which programs are, or may be put; other paths are addresses of the site. */
static bool holds_programs(struct bytes path)
{
	static const char *const tops[] = { "bin", "sbin", "usr", "lib", "opt", "tmp", "var", "home", "root", "dev", "etc", "srv" };
	size_t len = 0;

	if (path.at[0] != '/')
		return false;
	while (path.left > 0 && path.at[0] == '/')
		path = bytes_of(path.at + 1, path.left - 1);
	while (len < path.left && path.at[len] != '/')
		len++;
	for (size_t i = 0; i < COUNT_OF(tops); i++) {
		if (glob_matches(bytes_of(path.at, len), tops[i]))
			return true;
	}
	return false;
}

/* "AC/DC", "cat/dog", an address: a path of that form leads below the folder that the server happens to be in; no programs are there. */
static bool is_pair_of_words(const struct shell_word *w, size_t slash)
{
	struct bytes folder = bytes_of(w->text, slash > 0 ? slash - 1 : 0);

	if (bytes_find(folder, bytes_text("://")) > 0)
		return true; /* an address */
	if (slash < 2 || w->hidden || w->expands || w->globs)
		return false;
	if (folder.at[0] == '/' || folder.at[0] == '.' || folder.at[0] == '~')
		return false;
	return folder.left < 3 || !bytes_equal(bytes_of(folder.at + folder.left - 3, 3), bytes_text("bin"));
}

/* Below /etc files are called as the programs that they are for, and only scripts of one folder are run. */
static bool is_settings(const struct shell_word *w)
{
	struct bytes path = bytes_of(w->text, w->len);

	return !w->globs && bytes_starts_fold(path, bytes_text("/etc/")) && !bytes_starts_fold(path, bytes_text("/etc/init.d/"));
}

/* What the word in command position says; -1: no command can be called so. */
static int name_points(const struct shell_word *w)
{
	struct bytes name = bytes_of(w->text, w->len);
	size_t slash = w->len;
	enum command_rank rank;

	if (w->len == 0 || w->text[w->len - 1] == '/')
		return -1;
	while (slash > 0 && w->text[slash - 1] != '/')
		slash--;
	name = bytes_of(w->text + slash, w->len - slash);
	if (w->text[0] == '{' && w->text[w->len - 1] == '}' && memchr(w->text, ',', w->len) != NULL) {
		const uint8_t *comma = memchr(w->text, ',', w->len);

		rank = command_rank(bytes_of(w->text + 1, (size_t)(comma - w->text) - 1));
		return rank == RANK_NONE ? -1 : 4;
	}
	rank = command_rank(name);
	if (is_pair_of_words(w, slash))
		return -1;
	if (rank == RANK_NONE)
		return slash <= 1 || is_settings(w) || !holds_programs(bytes_of(w->text, w->len)) ? -1 : w->globs ? 3 : 1;
	return (int)rank - (int)RANK_PROSE + (slash > 1 && !is_settings(w) ? 2 : 0) + (w->hidden ? 3 : 0);
}

/* Is the last word a machine's address or name, as a program of the network is given one? */
static bool ends_in_address(struct bytes b)
{
	size_t start = b.left;
	unsigned dots = 0;

	while (start > 0 && (isalnum(b.at[start - 1]) || b.at[start - 1] == '.' || b.at[start - 1] == '-'))
		dots += b.at[--start] == '.';
	return dots > 0 && start > 0 && isspace(b.at[start - 1]) && isalnum(b.at[start]) && isalnum(b.at[b.left - 1]);
}

/* What stands around the position. */
static int place_points(const struct command_place *p)
{
	struct bytes before = p->before;
	bool blank_before = false, alpha = true;
	int points = 0;

	if (p->whole)
		return p->asked_for ? 3 : 0;
	while (p->newline && before.left > 0 && before.at[before.left - 1] == '\r')
		before.left--;
	for (size_t i = 0; i < before.left; i++) {
		blank_before |= isspace(before.at[i]);
		alpha &= isalpha(before.at[i]) || isspace(before.at[i]) || before.at[i] == '&'; /* AT&T */
	}
	alpha &= !bytes_equal_fold(bytes_trim(before), bytes_text("localhost")); /* a name of machines, not of prose */
	if (p->code.left > 0 && !isspace(p->code.at[0]) && !(p->newline && p->has_lines))
		points++;
	if (!p->everyday)
		points++;
	if (!blank_before)
		points += before.left == 0 || !alpha ? 2 : 1;
	else if (ends_in_address(before) && plain_words(before) < PROSE_WORDS)
		points++;
	if (plain_words(before) + plain_words(p->after) >= PROSE_WORDS)
		points -= p->substitution ? 3 : 2;
	return points;
}

/* Words that a command may follow in the same position: of the grammar, and programs that run others. */
static bool is_opener(const struct shell_word *w, bool *program)
{
	static const char *const grammar[] = { "{", "!", "if", "then", "else", "while", "until", "do" };
	static const char *const programs[] = { "exec", "eval", "sudo", "nohup", "env", "time", "command", "busybox" };

	*program = false;
	for (size_t i = 0; i < COUNT_OF(grammar); i++) {
		if (shell_word_is(w, grammar[i]))
			return true;
	}
	for (size_t i = 0; i < COUNT_OF(programs); i++)
		*program |= shell_word_is(w, programs[i]);
	return *program;
}

int command_score(const struct command_place *p)
{
	struct bytes code = p->code;
	struct shell_word w;
	size_t at, name, opener_end = 0;
	bool hidden = false, program = false;
	int points, opened = 0;

	if (code.left > CODE_MAX)
		code.left = CODE_MAX;
	for (at = 0; at < code.left && (isspace(code.at[at]) || code.at[at] == '(');)
		at++;
	for (unsigned i = 0; i < 8; i++) {
		bool runs = false;

		at = shell_skip_blanks(code, at, &hidden);
		shell_word_read(code, at, &w);
		name = assignment_name(code, &w);
		if (name > 0 && runs_variable(code, bytes_of(code.at + w.start, name), w.end))
			return COMMAND_SCORE + place_points(p);
		if (name == 0 && (opened == 3 || !is_opener(&w, &runs)))
			break;
		if (name == 0) {
			program = runs;
			opened++;
			opener_end = w.end;
		}
		at = w.end;
	}
	points = name_points(&w);
	if (program && shell_word_is(&w, "=")) /* command = …: a setting of that name */
		return 0;
	/* the opener itself was the command (env, time), and no sentence goes on behind it */
	if (points < 0 && program && !is_plain_word(bytes_of(w.text, w.len)))
		return 1 + arguments_points(code, opener_end, false) + place_points(p) + (hidden ? 3 : 0);
	points += opened > 0;
	/* name(…) is a call in other languages, and never a command */
	if (points < 0 || (w.end < code.left && code.at[w.end] == '('))
		return 0;
	return points + arguments_points(code, w.end, points == 0) + place_points(p) + (hidden ? 3 : 0);
}

bool command_may_be_line(struct bytes line, bool *ret_prose)
{
	struct shell_word w;
	bool hidden = false;

	shell_word_read(line, shell_skip_blanks(line, 0, &hidden), &w);
	if (name_points(&w) >= 0 || assignment_name(line, &w) > 0 || strchr("#}{)(-$\"'|&<>!", line.at[0]) != NULL)
		return true;
	*ret_prose = plain_words(line) >= PROSE_WORDS;
	return false;
}

bool command_is_prose(struct bytes before, struct bytes after)
{
	while (after.left > 0 && after.at[0] != '\n' && after.at[0] != '`')
		after = bytes_of(after.at + 1, after.left - 1);
	return plain_words(before) + plain_words(after) >= TEXT_WORDS;
}

bool command_parameter(struct bytes name)
{
	static const char *const names[] = { "cmd", "command", "exec", "execute", "shell", "sh", "run", "system",
	                                     "passthru", "cmdline", "commandline", "shellcmd", "shell_cmd", "bash" };

	if (bytes_is_one_of(name, names, COUNT_OF(names)))
		return true;
	/* sysCmd, nmap_cmd, adminCommand */
	for (size_t i = 0; i < 2; i++) {
		struct bytes end = bytes_text(names[i]);

		if (name.left > end.left && bytes_equal_fold(bytes_of(name.at + name.left - end.left, end.left), end))
			return true;
	}
	return false;
}
