/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a program is found, begun and ended. */
#include "emu/windows/command/programs.h"
#include "emu/windows/host/web.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NOT_FOUND = 9009, NO_PATH = 9059 };

static const struct program *const tables[] = {
	programs_shell, programs_facts, programs_network, programs_transfer, programs_text, programs_change,
};

static const struct program *modelled(const char *path)
{
	const char *last = strrchr(path, '\\'), *dot;
	size_t len;

	last = last != NULL ? last + 1 : path;
	dot = strrchr(last, '.');
	len = dot != NULL && (same_name(dot, ".exe") || same_name(dot, ".com")) ? (size_t)(dot - last) : strlen(last);
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		for (const struct program *p = tables[i]; p->name != NULL; p++)
			if (strlen(p->name) == len && strncasecmp(p->name, last, len) == 0)
				return p;
	return NULL;
}

bool option_is(const char *word, const char *name)
{
	return (*word == '/' || *word == '-') && same_name(word + 1 + (word[0] == '-' && word[1] == '-'), name);
}

const char *option_value(const char *word, const char *name)
{
	size_t len = strlen(name);

	if ((*word != '/' && *word != '-') || strncasecmp(word + 1, name, len) != 0 || word[1 + len] != ':')
		return NULL;
	return word + len + 2;
}

unsigned option_find(const struct running *r, const char *name)
{
	for (unsigned i = 1; i < r->argc; i++)
		if (option_is(r->argv[i], name))
			return i;
	return 0;
}

int32_t program_says(struct running *r, const char *key)
{
	handle_say(r->host, r->standard.out, key, NULL);
	return 0;
}

int32_t program_complains(struct running *r, const char *key, const char *subject, int32_t status)
{
	handle_say(r->host, r->standard.err, key, (const char *const[]){ subject, NULL });
	return status;
}

const char *program_path(struct running *r, const char *word)
{
	char whole[FILE_PATH_MAX];

	return file_path(r->cwd, word, whole) ? heap_text(r->host->heap, bytes_text(whole)) : NULL;
}

bool program_fetch(struct running *r, const char *url, const char *path)
{
	struct bytes got;
	struct place p;

	if (web_fetch(r->host, "GET", url, (struct bytes){ 0 }, &got) < 0 || path == NULL || file_put(r->host, path, got) < 0)
		return false;
	if (file_find(r->host, path, &p))
		file_mark_foreign(r->host, p.node);
	return true;
}

void program_unknown(struct running *r, const char *what)
{
	(void)host_unknown(r->host, what);
}

static bool ends(const char *path, const char *ending)
{
	size_t len = strlen(path), n = strlen(ending);

	return len >= n && same_name(path + len - n, ending);
}

/* A batch file, in the cmd.exe that called it or in one of its own. */
static int32_t run_batch(struct running *r, struct bytes text)
{
	struct cmd inner = { .host = r->host, .variables = r->variables, .standard = r->standard, .extensions = true,
		.echo = true, .line = r->line };
	struct cmd *c = r->caller != NULL ? r->caller : &inner;
	struct standard kept = c->standard;

	if (c == &inner)
		snprintf(inner.cwd, sizeof(inner.cwd), "%s", r->cwd);
	c->standard = r->standard;
	batch_run(c, r->path, text, 0, r->argv[0], r->rest);
	c->standard = kept;
	return c->errorlevel;
}

static int32_t run_file(struct running *r)
{
	const struct program *p = modelled(r->path);
	struct bytes text = { 0 };
	struct place place = { 0 };
	bool there = file_find(r->host, r->path, &place) && place.node != NULL;

	/* an attacker's file does what the attacker wants */
	if (there && file_is_foreign(r->host, place.node))
		return host_unknown(r->host, r->path) ? 1 : 0;
	if (ends(r->path, ".bat") || ends(r->path, ".cmd")) {
		if (file_read(r->host, r->path, &text) < 0)
			return host_unknown(r->host, r->path) ? 1 : 0;
		return run_batch(r, text);
	}
	if (p != NULL && (!there || place.node->packaged))
		return p->run(r);
	return host_unknown(r->host, r->path) ? 1 : 0;
}

static void begin(struct running *r, const char *name)
{
	struct text words = text_in(r->host->heap);
	char *argv[PROGRAM_WORDS];

	r->argc = words_of(r->host->heap, r->line, argv);
	r->argv = heap_take(r->host->heap, (r->argc + 2) * sizeof(*r->argv));
	memcpy(r->argv, argv, (r->argc + 1) * sizeof(*r->argv));
	if (r->argc == 0)
		r->argv[r->argc++] = heap_text(r->host->heap, bytes_text(name));
	for (unsigned i = 0; i < r->argc; i++)
		text_add(&words, bytes_of(r->argv[i], strlen(r->argv[i]) + 1));
	/* a batch file is no process */
	if (!ends(r->path, ".bat") && !ends(r->path, ".cmd"))
		(void)host_process(r->host, r->path, text_bytes(&words));
}

int program_start(struct running *r, const char *name, uint32_t *exit_status)
{
	const char *path = variable_find(r->variables, "PATH"), *endings = variable_find(r->variables, "PATHEXT");
	char found[FILE_PATH_MAX];

	if (file_is_unc(name)) {
		web_share(r->host, name);
		r->path = name;
		begin(r, name);
		*exit_status = host_unknown(r->host, name);
		return 0;
	}
	if (!file_program(r->host, r->cwd, path != NULL ? path : "", endings != NULL ? endings : ".COM;.EXE;.BAT;.CMD", name, found))
		return -ENOENT;
	r->path = heap_text(r->host->heap, bytes_text(*found != 0 ? found : name));
	begin(r, name);
	*exit_status = 0;
	if (*found != 0 && host_runs(r->host) && host_enter(r->host)) {
		*exit_status = (uint32_t)run_file(r);
		host_leave(r->host);
	}
	return 0;
}

void program_run(struct cmd *c, const char *name, const char *rest)
{
	struct running r = { .host = c->host, .variables = c->variables, .standard = c->standard, .cwd = c->cwd,
		.rest = rest, .line = heap_print(c->host->heap, "%.4000s%.12000s", name, rest), .caller = c };
	char *bare = unquoted(c->host->heap, name);
	uint32_t status;

	if (strlen(name) + strlen(rest) > 8191) { /* "the maximum length of the string is 8191 characters" */
		cmd_complain(c, "error.too_long", NULL);
		return;
	}
	if (program_start(&r, bare, &status) == 0) {
		c->result = c->errorlevel = (int32_t)status;
		return;
	}
	cmd_complain(c, strpbrk(bare, "\\/:") != NULL && strchr(bare, '.') == NULL ? "error.path_not_found" : "error.not_a_command",
	    name);
	c->result = c->errorlevel = NOT_FOUND;
}

bool program_is_known(struct host *h, const struct variables *v, const char *cwd, const char *name)
{
	const char *path = variable_find(v, "PATH"), *at = path != NULL ? path : "";
	char whole[FILE_PATH_MAX], dir[FILE_PATH_MAX];
	struct place p;

	for (at = cwd; at != NULL && *at != 0; ) {
		size_t len = strcspn(at, ";");
		static const char *const endings[] = { "", ".exe", ".com", ".bat", ".cmd" };

		snprintf(dir, sizeof(dir), "%.*s", (int)len, at);
		for (size_t i = 0; i < COUNT_OF(endings); i++)
			if (file_path(dir, heap_print(h->heap, "%s%s", name, endings[i]), whole) && file_find(h, whole, &p) &&
			    p.node != NULL && p.node->kind == NODE_FILE)
				return true;
		at = at == cwd ? path : at[len] != 0 ? at + len + 1 : NULL;
	}
	return false;
}
