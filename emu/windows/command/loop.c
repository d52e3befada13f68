/* SPDX-License-Identifier: GPL-2.0-or-later */
/* for in its five forms. By Microsoft's page "for" of the Windows commands reference. */
#include "emu/windows/command/cmd.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LOOP_ROUNDS_MAX = 100000, TOKENS_MAX = 31 };

/* The body once, with the variable set. False: the loop ends. */
static bool round_of(struct cmd *c, const struct statement *s, const char *value)
{
	c->loop[s->variable] = heap_text(c->host->heap, bytes_text(value));
	cmd_execute(c, s->first);
	return c->leaving == GOES_ON && host_step(c->host);
}

/* All names in a folder that fit; folders: those alone. False: the loop ends. */
static bool fitting(struct cmd *c, const struct statement *s, const char *shown, const char *dir, const char *pattern, bool folders)
{
	struct place p;

	if (!file_find(c->host, dir, &p) || p.node == NULL || p.node->kind != NODE_DIR) {
		(void)record_ask(c->host->world->record, QUESTION_PATH, dir, false);
		return true;
	}
	(void)record_ask(c->host->world->record, QUESTION_PATH, heap_print(c->host->heap, "%s\\%s", dir, pattern), p.node->count != 0);
	for (unsigned i = 0; i < p.node->count; i++) {
		const struct entry *e = &p.node->entries[i];

		if ((e->node->kind == NODE_DIR) != folders || !file_fits(pattern, e->name))
			continue;
		if (!round_of(c, s, heap_print(c->host->heap, "%s%s", shown, e->name)))
			return false;
	}
	return true;
}

static bool over_name(struct cmd *c, const struct statement *s, const char *name, bool folders)
{
	char *bare = unquoted(c->host->heap, name), whole[FILE_PATH_MAX], *last;
	size_t shown = strlen(bare);

	if (strpbrk(bare, "*?") == NULL)
		return round_of(c, s, name);
	while (shown != 0 && strchr("\\/:", bare[shown - 1]) == NULL)
		shown--;
	if (!file_path(c->cwd, bare, whole) || (last = strrchr(whole, '\\')) == NULL)
		return true;
	return fitting(c, s, heap_text(c->host->heap, bytes_of(bare, shown)),
	    heap_text(c->host->heap, bytes_of(whole, (size_t)(last - whole) + (last - whole == 2))), last + 1, folders);
}

static void plain(struct cmd *c, const struct statement *s, const char *set)
{
	char *word;

	while ((word = word_next(c->host->heap, &set)) != NULL && host_step(c->host))
		if (!over_name(c, s, word, s->way == 'd'))
			return;
}

/* The folders of a tree, each with every name of the set: a list that grows as folders are met. */
static void below(struct cmd *c, const struct statement *s, const char *set)
{
	char *root = expand_delayed(c, expand_loop(c, s->root != NULL ? s->root : c->cwd)), whole[FILE_PATH_MAX];
	char **folders = heap_take(c->host->heap, 1024 * sizeof(*folders));
	unsigned count = 1;
	struct place p;

	if (!file_path(c->cwd, unquoted(c->host->heap, root), whole))
		return;
	folders[0] = heap_text(c->host->heap, bytes_text(whole));
	for (unsigned i = 0; i < count && host_step(c->host); i++) {
		const char *at = set, *slash = folders[i][strlen(folders[i]) - 1] == '\\' ? "" : "\\";
		char *word;

		while ((word = word_next(c->host->heap, &at)) != NULL) {
			char *bare = unquoted(c->host->heap, word), *shown = heap_print(c->host->heap, "%s%s", folders[i], slash);

			if (strpbrk(bare, "*?") != NULL ? !fitting(c, s, shown, folders[i], bare, false)
			    : !round_of(c, s, heap_print(c->host->heap, "%s%s", shown, bare)))
				return;
		}
		if (!file_find(c->host, folders[i], &p) || p.node == NULL || p.node->kind != NODE_DIR)
			continue;
		for (unsigned k = 0; k < p.node->count && count < 1024; k++)
			if (p.node->entries[k].node->kind == NODE_DIR)
				folders[count++] = heap_print(c->host->heap, "%s%s%s", folders[i], slash, p.node->entries[k].name);
	}
}

static void counting(struct cmd *c, const struct statement *s, const char *set)
{
	long long v[3] = { 0, 0, 0 };
	unsigned rounds = 0;

	for (int i = 0; i < 3; i++) {
		char *word = word_next(c->host->heap, &set);

		v[i] = word != NULL ? strtoll(word, NULL, 0) : 0;
	}
	for (long long i = v[0]; v[1] >= 0 ? i <= v[2] : i >= v[2]; i += v[1]) {
		if (++rounds > LOOP_ROUNDS_MAX) {
			host_stop(c->host, STOPPED_ROUNDS);
			return;
		}
		if (!round_of(c, s, heap_print(c->host->heap, "%lld", i)))
			return;
	}
}

/* How /f parts a line. */
struct parting {
	char eol, delims[64];
	unsigned skip, tokens_count, tokens[TOKENS_MAX];
	bool rest, usebackq;
};

static void tokens_read(const char *text, struct parting *p)
{
	p->tokens_count = 0;
	while (*text != 0 && *text != ' ' && *text != '"') {
		char *end;
		long from = strtol(text, &end, 10), to = from;

		if (*end == '-')
			to = strtol(end + 1, &end, 10);
		if (*end == '*') {
			p->rest = true;
			end++;
		}
		for (; from > 0 && from <= to && to <= TOKENS_MAX && p->tokens_count < TOKENS_MAX; from++)
			p->tokens[p->tokens_count++] = (unsigned)from;
		if (end == text)
			break;
		text = end + (*end == ',');
	}
}

static struct parting options_read(const char *text)
{
	struct parting p = { .eol = ';', .delims = " \t", .tokens_count = 1, .tokens = { 1 } };
	const char *at;

	if (text == NULL)
		return p;
	if ((at = strcasestr(text, "eol=")) != NULL)
		p.eol = at[4];
	if ((at = strcasestr(text, "skip=")) != NULL)
		p.skip = (unsigned)strtoul(at + 5, NULL, 0);
	if ((at = strcasestr(text, "tokens=")) != NULL)
		tokens_read(at + 7, &p);
	if ((at = strcasestr(text, "delims=")) != NULL) {
		size_t len = strcspn(at + 7, " ");

		/* at the end of the options a blank may be one of them */
		if (at[7 + len] == ' ' && strcspn(at + 7 + len, "=") == strlen(at + 7 + len) &&
		    strcasestr(at + 7 + len, "usebackq") == NULL)
			len = strlen(at + 7);
		len = len < sizeof(p.delims) - 1 ? len : sizeof(p.delims) - 1;
		memcpy(p.delims, at + 7, len);
		p.delims[len] = 0;
	}
	p.usebackq = strcasestr(text, "usebackq") != NULL;
	return p;
}

/* One line, parted into the variable and those after it. False: the loop ends. */
static bool parted(struct cmd *c, const struct statement *s, const struct parting *p, char *line)
{
	char *words[TOKENS_MAX + 1] = { NULL }, *at = line, *rest = NULL;
	unsigned last = p->tokens_count != 0 ? p->tokens[p->tokens_count - 1] : 0, count = 0;

	if (*line == 0 || *line == p->eol)
		return true;
	at += strspn(at, p->delims);
	for (; *at != 0 && count < TOKENS_MAX; count++) {
		size_t len;

		if (count == last && p->rest) {
			rest = at;
			break;
		}
		len = strcspn(at, p->delims);
		words[count] = heap_text(c->host->heap, bytes_of(at, len));
		at += len;
		at += strspn(at, p->delims);
	}
	if (p->tokens_count != 0 && (p->tokens[0] > count && !(p->rest && rest != NULL)))
		return true;
	for (unsigned i = 0; i < p->tokens_count + p->rest && s->variable + i < FOR_VARIABLES; i++) {
		char *value = i == p->tokens_count ? rest : words[p->tokens[i] - 1];

		c->loop[s->variable + i] = value != NULL ? value : heap_text(c->host->heap, bytes_text(""));
	}
	cmd_execute(c, s->first);
	return c->leaving == GOES_ON && host_step(c->host);
}

static bool over_lines(struct cmd *c, const struct statement *s, const struct parting *p, struct bytes text)
{
	struct handle *lines = handle_reading(c->host, text);
	unsigned number = 0;
	struct bytes line;

	while (handle_line(lines, &line) && host_step(c->host))
		if (number++ >= p->skip && !parted(c, s, p, heap_text(c->host->heap, line)))
			return false;
	return true;
}

static void over_text(struct cmd *c, const struct statement *s, const char *set)
{
	struct parting p = options_read(s->options != NULL ? expand_delayed(c, s->options) : NULL);
	char command = p.usebackq ? '`' : '\'', literal = p.usebackq ? '\'' : '"', whole[FILE_PATH_MAX], *word;
	size_t len;

	set += strspn(set, " \t");
	len = strlen(set);
	while (len > 0 && (set[len - 1] == ' ' || set[len - 1] == '\t'))
		len--;
	if (len >= 2 && set[0] == command && set[len - 1] == command) {
		over_lines(c, s, &p, cmd_capture(c, heap_text(c->host->heap, bytes_of(set + 1, len - 2)), NULL));
		return;
	}
	if (len >= 2 && set[0] == literal && set[len - 1] == literal) {
		over_lines(c, s, &p, bytes_of(set + 1, len - 2));
		return;
	}
	while ((word = word_next(c->host->heap, &set)) != NULL && host_step(c->host)) {
		struct bytes text;

		if (!file_path(c->cwd, unquoted(c->host->heap, word), whole) || file_read(c->host, whole, &text) < 0) {
			cmd_complain(c, "error.file_not_found_named", unquoted(c->host->heap, word));
			return;
		}
		if (!over_lines(c, s, &p, text))
			return;
	}
}

void cmd_for(struct cmd *c, const struct statement *s)
{
	char *kept[FOR_VARIABLES], *set = expand_delayed(c, expand_loop(c, s->text));

	memcpy(kept, c->loop, sizeof(kept));
	switch (s->way) {
	case 'l':
		counting(c, s, set);
		break;
	case 'f':
		over_text(c, s, set);
		break;
	case 'r':
		below(c, s, set);
		break;
	default:
		plain(c, s, set);
		break;
	}
	memcpy(c->loop, kept, sizeof(kept));
}
