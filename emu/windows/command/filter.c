/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that read text and print some of it: find, findstr, sort, more. By the Windows commands reference. */
#include "emu/windows/command/programs.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LINES_MAX = 100000, PATTERNS_MAX = 64 };

/* What one of them reads: its files, or its input. name NULL: the input. False: no more, or not there. */
struct source { const char *name; struct handle *lines; };

static bool open_source(struct running *r, const char *name, struct source *ret)
{
	const char *path = program_path(r, name);
	struct bytes text;

	if (path == NULL || file_read(r->host, path, &text) < 0)
		return false;
	*ret = (struct source){ name, handle_reading(r->host, text) };
	return true;
}

/* All names with stars become the files they stand for. */
static unsigned files_of(struct running *r, const char *name, const char *ret[], unsigned max)
{
	char *dir = heap_text(r->host->heap, bytes_text(name)), *last = strrchr(dir, '\\');
	const char *path;
	struct place p;
	unsigned count = 0;

	if (strpbrk(name, "*?") == NULL) {
		ret[0] = name;
		return 1;
	}
	path = program_path(r, last != NULL ? heap_text(r->host->heap, bytes_of(dir, (size_t)(last - dir) + 1)) : ".");
	if (path == NULL || !file_find(r->host, path, &p) || p.node == NULL || p.node->kind != NODE_DIR)
		return 0;
	for (unsigned i = 0; i < p.node->count && count < max; i++)
		if (p.node->entries[i].node->kind == NODE_FILE && file_fits(last != NULL ? last + 1 : dir, p.node->entries[i].name))
			ret[count++] = last != NULL ? heap_print(r->host->heap, "%.*s\\%s", (int)(last - dir), dir, p.node->entries[i].name)
			    : p.node->entries[i].name;
	return count;
}

static bool holds(const char *line, const char *text, bool folded)
{
	return (folded ? strcasestr(line, text) : strstr(line, text)) != NULL;
}

static void emit(struct running *r, const char *text)
{
	handle_text(r->host, r->standard.out, heap_print(r->host->heap, "%s\r\n", text));
}

/* find [/v] [/c] [/n] [/i] "TEXT" [FILE…]: a line a match; 0 where any was found. */
static int32_t find(struct running *r)
{
	bool not = option_find(r, "v"), count_only = option_find(r, "c"), numbered = option_find(r, "n"), folded = option_find(r, "i");
	const char *text = NULL, *names[64];
	unsigned names_count = 0, found = 0;

	for (unsigned i = 1; i < r->argc; i++) {
		if (r->argv[i][0] == '/')
			continue;
		if (text == NULL)
			text = r->argv[i];
		else
			names_count += files_of(r, r->argv[i], names + names_count, COUNT_OF(names) - names_count);
	}
	/* its text must stand in quotes */
	if (text == NULL || strchr(r->line, '"') == NULL)
		return program_complains(r, "find.parameter", NULL, 2);
	for (unsigned i = 0; i < (names_count != 0 ? names_count : 1) && host_step(r->host); i++) {
		struct source s = { NULL, r->standard.in };
		unsigned number = 0, count = 0;
		struct bytes line;

		if (names_count != 0 && !open_source(r, names[i], &s)) {
			program_complains(r, "find.not_found", names[i], 1);
			continue;
		}
		if (s.name != NULL && !count_only)
			handle_say(r->host, r->standard.out, "find.file", (const char *const[]){ s.name, NULL });
		while (handle_line(s.lines, &line) && host_step(r->host)) {
			char *one = heap_text(r->host->heap, line);

			number++;
			if (holds(one, text, folded) == not)
				continue;
			count++;
			if (!count_only)
				emit(r, numbered ? heap_print(r->host->heap, "[%u]%s", number, one) : one);
		}
		if (count_only && s.name != NULL)
			handle_say(r->host, r->standard.out, "find.count", (const char *const[]){ s.name, heap_print(r->host->heap, "%u", count), NULL });
		else if (count_only)
			emit(r, heap_print(r->host->heap, "%u", count));
		found += count;
	}
	return found == 0;
}

/* One of findstr's patterns: . * ^ $ [class] \x \< \>, or plain text. */
struct pattern { const char *text; bool literal; };

static char fold(char c, bool folded)
{
	return folded && c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* How long the pattern's first piece is. */
static size_t piece(const char *p)
{
	const char *end;

	if (*p == '\\' && p[1] != 0)
		return 2;
	if (*p == '[' && (end = strchr(p + 2, ']')) != NULL)
		return (size_t)(end - p) + 1;
	return 1;
}

static bool piece_fits(const char *p, size_t len, char c, bool folded)
{
	bool not, in = false;

	if (c == 0)
		return false;
	if (len == 1)
		return *p == '.' || fold(*p, folded) == fold(c, folded);
	if (*p == '\\')
		return fold(p[1], folded) == fold(c, folded);
	not = p[1] == '^';
	for (size_t i = 1 + not; i + 1 < len; i++) {
		char from = fold(p[i], folded), to = from;

		if (p[i + 1] == '-' && i + 2 < len - 1) {
			to = fold(p[i + 2], folded);
			i += 2;
		}
		in |= fold(c, folded) >= from && fold(c, folded) <= to;
	}
	return in != not;
}

/* The pattern at exactly this place; each * tries its longest first. Depth: as many as there are stars. */
static bool fits_here(struct host *h, const char *p, const char *line, const char *at, bool folded)
{
	while (*p != 0 && host_step(h)) {
		size_t len = piece(p);

		if (*p == '$' && p[1] == 0)
			return *at == 0;
		if (len == 2 && (p[1] == '<' || p[1] == '>')) {
			bool before = at > line && is_word(at[-1]), after = is_word(*at);

			if (p[1] == '<' ? before || !after : !before || after)
				return false;
			p += 2;
			continue;
		}
		if (p[len] == '*') {
			const char *most = at;
			bool fits = false;

			while (piece_fits(p, len, *most, folded))
				most++;
			if (!host_enter(h))
				return false;
			for (; !fits && most >= at && host_step(h); most--)
				fits = fits_here(h, p + len + 1, line, most, folded);
			host_leave(h);
			return fits;
		}
		if (!piece_fits(p, len, *at, folded))
			return false;
		p += len;
		at++;
	}
	return *p == 0;
}

static bool fits(struct host *h, const struct pattern *p, const char *line, bool folded, bool begins, bool ends_too)
{
	size_t len = strlen(p->text), line_len = strlen(line);

	if (p->literal && (begins || ends_too)) {
		const char *at = ends_too && line_len >= len ? line + line_len - len : line;

		if ((begins && ends_too && len != line_len) || len > line_len)
			return false;
		return folded ? strncasecmp(at, p->text, len) == 0 : strncmp(at, p->text, len) == 0;
	}
	if (p->literal)
		return holds(line, p->text, folded);
	if (p->text[0] == '^')
		return fits_here(h, p->text + 1, line, line, folded);
	for (const char *at = line;; at++) {
		if (fits_here(h, p->text, line, at, folded))
			return true;
		if (*at == 0 || begins || !host_step(h))
			return false;
	}
}

struct findstr {
	struct pattern patterns[PATTERNS_MAX];
	unsigned count, names_count;
	const char *names[64];
	bool folded, not, numbered, names_only, begins, ends, exact, literal, regex;
};

static void add_pattern(struct running *r, struct findstr *f, const char *text, bool whole)
{
	while (*text != 0 && f->count < PATTERNS_MAX) {
		size_t len = whole ? strlen(text) : strcspn(text, " ");
		char *one = heap_text(r->host->heap, bytes_of(text, len));

		if (len != 0)
			f->patterns[f->count++] = (struct pattern){ one, f->literal };
		text += len;
		text += strspn(text, " ");
	}
}

static void findstr_options(struct running *r, struct findstr *f)
{
	const char *plain = NULL;

	for (unsigned i = 1; i < r->argc; i++) {
		const char *w = r->argv[i], *value = option_value(w, "c");

		if (value != NULL) {
			add_pattern(r, f, value, true);
		} else if (w[0] == '/') {
			for (const char *o = w + 1; *o != 0 && *o != ':'; o++) {
				int k = *o | 0x20;

				f->folded |= k == 'i', f->not |= k == 'v', f->numbered |= k == 'n', f->names_only |= k == 'm';
				f->begins |= k == 'b', f->ends |= k == 'e', f->exact |= k == 'x', f->literal |= k == 'l', f->regex |= k == 'r';
			}
		} else if (plain == NULL && f->count == 0) {
			plain = w;
		} else {
			f->names_count += files_of(r, w, f->names + f->names_count, COUNT_OF(f->names) - f->names_count);
		}
	}
	if (plain != NULL)
		add_pattern(r, f, plain, false);
	/* a text of /c: is literal unless /r says otherwise; other words are patterns unless /l does */
	for (unsigned i = 0; i < f->count; i++)
		f->patterns[i].literal = f->literal || (plain == NULL && !f->regex) ||
		    strpbrk(f->patterns[i].text, ".*[]^$\\") == NULL;
}

static int32_t findstr(struct running *r)
{
	struct findstr *f = heap_take(r->host->heap, sizeof(*f));
	unsigned found = 0;

	findstr_options(r, f);
	if (f->count == 0)
		return program_complains(r, "findstr.parameter", NULL, 2);
	for (unsigned i = 0; i < (f->names_count != 0 ? f->names_count : 1) && host_step(r->host); i++) {
		struct source s = { NULL, r->standard.in };
		unsigned number = 0;
		struct bytes line;
		const char *shown;

		if (f->names_count != 0 && !open_source(r, f->names[i], &s)) {
			program_complains(r, "findstr.not_found", f->names[i], 1);
			continue;
		}
		shown = f->names_count > 1 ? heap_print(r->host->heap, "%s:", s.name) : "";
		while (handle_line(s.lines, &line) && host_step(r->host)) {
			char *one = heap_text(r->host->heap, line);
			bool any = false;

			number++;
			for (unsigned k = 0; k < f->count && !any; k++)
				any = fits(r->host, &f->patterns[k], one, f->folded, f->begins || f->exact, f->ends || f->exact);
			if (any == f->not)
				continue;
			found++;
			if (f->names_only) {
				emit(r, s.name != NULL ? s.name : "");
				break;
			}
			emit(r, f->numbered ? heap_print(r->host->heap, "%s%u:%s", shown, number, one) : heap_print(r->host->heap, "%s%s", shown, one));
		}
	}
	return found == 0;
}

static int in_order(const void *a, const void *b)
{
	return strcasecmp(*(char *const *)a, *(char *const *)b);
}

static int32_t sort(struct running *r)
{
	struct source s = { NULL, r->standard.in };
	bool back = option_find(r, "r") != 0 || option_find(r, "reverse") != 0;
	char **lines = heap_take(r->host->heap, LINES_MAX * sizeof(*lines));
	struct bytes line;
	unsigned count = 0;

	for (unsigned i = 1; i < r->argc; i++)
		if (r->argv[i][0] != '/' && !open_source(r, r->argv[i], &s))
			return program_complains(r, "sort.not_found", NULL, 1);
	while (count < LINES_MAX && handle_line(s.lines, &line) && host_step(r->host))
		lines[count++] = heap_text(r->host->heap, line);
	qsort(lines, count, sizeof(*lines), in_order);
	for (unsigned i = 0; i < count; i++)
		emit(r, lines[back ? count - 1 - i : i]);
	return 0;
}

static int32_t more(struct running *r)
{
	struct source s = { NULL, r->standard.in };
	struct bytes line;

	for (unsigned i = 1; i < r->argc; i++)
		if (r->argv[i][0] != '/' && r->argv[i][0] != '+' && !open_source(r, r->argv[i], &s))
			return program_complains(r, "more.not_found", r->argv[i], 1);
	while (handle_line(s.lines, &line) && host_step(r->host))
		emit(r, heap_text(r->host->heap, line));
	return 0;
}

static int32_t clip(struct running *r)
{
	(void)handle_rest(r->standard.in);
	return 0;
}

const struct program programs_text[] = {
	{ "find", find }, { "findstr", findstr }, { "sort", sort }, { "more", more }, { "clip", clip }, { NULL, NULL },
};
