/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dir. By Microsoft's page "dir" of the Windows commands reference; its words and the form of a date are the profile's. */
#include "emu/windows/command/cmd.h"
#include "emu/windows/host/calendar.h"
#include "emu/windows/host/web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FOLDERS_MAX = 1024, NAMES_MAX = 4096 };

struct listing {
	struct cmd *cmd;
	bool bare, below, wide, hidden, lower;
	char attributes[8];    /* of /a:, without signs */
	unsigned files, folders, shown;
	uint64_t bytes;
	char *list[FOLDERS_MAX];
	unsigned list_count;
};

/* 1234567 as 1,234,567: what stands between is the profile's. */
static char *grouped(struct host *h, uint64_t v)
{
	char digits[32], made[64], *to = made;
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)v);
	const char *between = host_fact(h, "THOUSANDS");

	for (int i = 0; i < len; i++) {
		if (i != 0 && (len - i) % 3 == 0 && *between != 0)
			*to++ = *between;
		*to++ = digits[i];
	}
	*to = 0;
	return heap_text(h->heap, bytes_text(made));
}

static char *date_of(struct host *h, const struct node *n)
{
	/* a file of the profile is as old as its server, and that is moved by the seed */
	uint64_t ns = n->changed_ns != 0 ? n->changed_ns : h->world->start_ns - (n->ino * 86413ull % 40000000) * 1000000000ull;
	const char *format = host_text(h, "format.dir", NULL);
	char *made = calendar_print(h, format != NULL ? format : "", ns);

	if (n->changed_ns != 0)
		(void)host_clock(h);
	/* whose dates these are, is the server's to know */
	record_fact(h->world->record, bytes_text(made));
	return made;
}

static void row(struct listing *l, const char *path, const char *name, const struct node *n)
{
	struct cmd *c = l->cmd;
	struct text t = text_in(c->host->heap);
	bool folder = n->kind == NODE_DIR;

	if (l->bare)
		text_print(&t, l->below ? "%s%s%s\r\n" : "%.0s%.0s%s\r\n", path, path[strlen(path) - 1] == '\\' ? "" : "\\", name);
	else if (l->wide)
		text_print(&t, folder ? "[%s]\r\n" : "%s\r\n", name);
	else if (folder)
		text_print(&t, "%s    %s          %s\r\n", date_of(c->host, n), host_fact(c->host, "DIR_MARK"), name);
	else
		text_print(&t, "%s    %14s %s\r\n", date_of(c->host, n), grouped(c->host, n->size), name);
	if (l->lower)
		for (size_t i = 0; i < t.len; i++)
			t.at[i] = t.at[i] >= 'A' && t.at[i] <= 'Z' ? (char)(t.at[i] + 32) : t.at[i];
	handle_write(c->host, c->standard.out, text_bytes(&t));
}

static bool wanted(const struct listing *l, const char *pattern, const struct entry *e)
{
	bool folder = e->node->kind == NODE_DIR;

	if (l->attributes[0] != 0 && strchr(l->attributes, 'd') != NULL && (strstr(l->attributes, "-d") == NULL) != folder)
		return false;
	return file_fits(pattern, e->name);
}

static int by_name(const void *a, const void *b)
{
	return strcasecmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static void totals(struct listing *l, const char *key, unsigned files, uint64_t bytes)
{
	struct cmd *c = l->cmd;
	const char *args[] = { heap_print(c->host->heap, "%16s", grouped(c->host, files)),
		heap_print(c->host->heap, "%14s", grouped(c->host, bytes)), NULL };

	handle_say(c->host, c->standard.out, key, args);
}

/* One folder. False: nothing in it fits. */
static bool folder(struct listing *l, const char *path, const char *pattern)
{
	struct cmd *c = l->cmd;
	unsigned files = 0, count = 0;
	struct entry *sorted;
	struct place p;
	uint64_t bytes = 0;

	if (!file_find(c->host, path, &p) || p.node == NULL || p.node->kind != NODE_DIR)
		return false;
	if ((sorted = heap_take(c->host->heap, (p.node->count + 1) * sizeof(*sorted))) == NULL)
		return false;
	for (unsigned i = 0; i < p.node->count && count < NAMES_MAX && host_step(c->host); i++) {
		struct entry *e = &p.node->entries[i];

		/* what stands there is the server's to know, but for what the run put there */
		if (!e->node->fresh)
			record_fact(c->host->world->record, bytes_text(e->name));
		if (l->below && e->node->kind == NODE_DIR && l->list_count < FOLDERS_MAX)
			l->list[l->list_count++] = heap_print(c->host->heap, "%s%s%s", path, path[strlen(path) - 1] == '\\' ? "" : "\\",
			    e->name);
		if (wanted(l, pattern, e))
			sorted[count++] = *e;
	}
	if (count == 0 && !(strcmp(pattern, "*") == 0 && !l->below))
		return false;
	qsort(sorted, count, sizeof(*sorted), by_name);
	if (!l->bare)
		cmd_say(c, "dir.folder", path);
	if (!l->bare && path[3] != 0 && strcmp(pattern, "*") == 0 && l->attributes[0] == 0) {
		row(l, path, ".", p.node);
		row(l, path, "..", p.node);
		l->folders += 2;
	}
	for (unsigned i = 0; i < count && host_step(c->host); i++) {
		row(l, path, sorted[i].name, sorted[i].node);
		files += sorted[i].node->kind != NODE_DIR;
		bytes += sorted[i].node->kind != NODE_DIR ? sorted[i].node->size : 0;
		l->folders += sorted[i].node->kind == NODE_DIR;
	}
	l->files += files;
	l->bytes += bytes;
	if (!l->bare)
		totals(l, "dir.files", files, bytes);
	return true;
}

static int32_t list(struct listing *l, const char *name)
{
	struct cmd *c = l->cmd;
	char whole[FILE_PATH_MAX], drive[2], *last, *dir;
	const char *pattern = "*";
	bool any = false;
	struct place p;

	if (!file_path(c->cwd, name, whole)) {
		cmd_complain(c, "error.path_syntax", name);
		return 1;
	}
	if (file_is_unc(whole)) {
		web_share(c->host, whole);
		cmd_complain(c, "error.network_path", name);
		return 1;
	}
	dir = whole;
	last = strrchr(whole, '\\');
	if (strpbrk(last, "*?") != NULL || (file_find(c->host, whole, &p) && p.node != NULL && p.node->kind != NODE_DIR)) {
		dir = heap_text(c->host->heap, bytes_of(whole, (size_t)(last - whole) + (last - whole == 2)));
		pattern = last + 1;
		if (strcmp(pattern, "*.*") == 0)
			pattern = "*";
	}
	if (!l->bare) {
		drive[0] = whole[0];
		drive[1] = 0;
		cmd_say(c, "vol", drive);
	}
	l->list[l->list_count++] = dir;
	for (unsigned i = 0; i < l->list_count && host_step(c->host); i++)
		any |= folder(l, l->list[i], pattern);
	if (record_ask(c->host->world->record, QUESTION_PATH, whole, any) != any || !any) {
		cmd_complain(c, "error.file_not_found_dir", name);
		return 1;
	}
	if (l->below && !l->bare)
		totals(l, "dir.all", l->files, l->bytes);
	if (!l->bare) {
		const char *args[] = { heap_print(c->host->heap, "%16s", grouped(c->host, l->folders)), NULL };

		handle_say(c->host, c->standard.out, "dir.folders", args);
	}
	return 0;
}

int32_t builtin_dir(struct cmd *c, const char *args)
{
	struct listing *l = heap_take(c->host->heap, sizeof(*l));
	int32_t result = 0;
	bool named = false;
	char *names[16], *word;
	unsigned count = 0;

	l->cmd = c;
	while ((word = word_next(c->host->heap, &args)) != NULL) {
		/* options may follow each other, and a name, without a blank */
		char *slash = word[0] == '"' ? NULL : strchr(word, '/');

		if (slash != word && count < COUNT_OF(names)) {
			if (slash != NULL)
				*slash = 0;
			names[count++] = unquoted(c->host->heap, word);
			named = true;
			if (slash != NULL)
				*slash = '/';
		}
		for (; slash != NULL; slash = strchr(slash + 1, '/')) {
			char o = (char)(slash[1] | 0x20);

			l->bare |= o == 'b';
			l->below |= o == 's';
			l->wide |= o == 'w' || o == 'd';
			l->lower |= o == 'l';
			l->hidden |= o == 'a';
			if (o == 'a')
				snprintf(l->attributes, sizeof(l->attributes), "%.*s", (int)strcspn(slash + 2 + (slash[2] == ':'), "/"),
				    slash + 2 + (slash[2] == ':'));
			for (char *a = l->attributes; *a != 0; a++)
				*a |= *a == '-' ? 0 : 0x20;
		}
	}
	if (!named)
		return list(l, ".");
	for (unsigned i = 0; i < count && host_step(c->host); i++) {
		l->list_count = 0;
		result |= list(l, names[i]);
	}
	return result;
}
