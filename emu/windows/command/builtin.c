/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of cmd's own that are not about files. */
#include "emu/windows/command/cmd.h"
#include "emu/windows/command/programs.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int32_t echo(struct cmd *c, const char *args)
{
	const char *word = args + strspn(args, " \t,;=");

	if (*args == 0 || (*word == 0 && strchr(" \t", *args) != NULL)) {
		cmd_say(c, c->echo ? "echo.on" : "echo.off", NULL);
		return 0;
	}
	if (same_name(word, "off") || same_name(word, "on")) {
		c->echo = same_name(word, "on");
		return 0;
	}
	handle_write(c->host, c->standard.out, bytes_text(heap_print(c->host->heap, "%.8000s\r\n", args + 1)));
	return 0;
}

static int32_t set_show(struct cmd *c, const char *prefix)
{
	bool any = false;

	for (unsigned i = 0; i < c->variables->count; i++) {
		const struct variable *v = &c->variables->list[i];

		if (strncasecmp(v->name, prefix, strlen(prefix)) != 0)
			continue;
		handle_text(c->host, c->standard.out, heap_print(c->host->heap, "%s=%s\r\n", v->name, v->value));
		any = true;
	}
	if (*prefix != 0)
		(void)record_ask(c->host->world->record, QUESTION_VARIABLE, prefix, any);
	if (!any)
		cmd_complain(c, "error.variable", prefix);
	return !any;
}

/* "name=value" in quotes: what is up to the last quote; what follows it is nothing. */
static char *assignment(struct cmd *c, const char *args)
{
	char *text = heap_text(c->host->heap, bytes_text(args)), *last;

	if (*text == '"' && (last = strrchr(text, '"')) != text) {
		*last = 0;
		return text + 1;
	}
	return text + (*text == '"');
}

static int32_t set_ask(struct cmd *c, const char *args)
{
	char *text = assignment(c, args), *equals = strchr(text, '=');
	struct bytes line;

	if (equals == NULL)
		return 1;
	*equals = 0;
	handle_text(c->host, c->standard.out, assignment(c, equals + 1));
	if (!handle_line(c->standard.in, &line) || line.left == 0)
		return 1;
	variable_set(c->variables, text, heap_text(c->host->heap, line));
	return 0;
}

static int32_t set(struct cmd *c, const char *args)
{
	char *text, *equals;
	int32_t v;

	args += strspn(args, " \t");
	if (strncasecmp(args, "/a", 2) == 0) {
		if (!arithmetic(c, args + 2, &v))
			return 1073750993;
		if (c->batch == NULL)
			handle_text(c->host, c->standard.out, heap_print(c->host->heap, "%d", v));
		return 0;
	}
	if (strncasecmp(args, "/p", 2) == 0)
		return set_ask(c, args + 2 + strspn(args + 2, " \t"));
	text = assignment(c, args);
	if ((equals = strchr(text, '=')) == NULL) {
		size_t len = strlen(text);

		while (len != 0 && text[len - 1] == ' ')
			text[--len] = 0;
		return set_show(c, text);
	}
	if (equals == text) {
		cmd_complain(c, "error.syntax", NULL);
		return 1;
	}
	*equals = 0;
	variable_set(c->variables, text, equals + 1);
	return 0;
}

static int32_t leave(struct cmd *c, const char *args)
{
	char *word = word_next(c->host->heap, &args);

	c->leaving = LEAVES;
	if (word != NULL && same_name(word, "/b")) {
		c->leaving = LEAVES_BATCH;
		word = word_next(c->host->heap, &args);
	}
	if (word != NULL)
		c->errorlevel = (int32_t)strtol(word, NULL, 10);
	return c->errorlevel;
}

static int32_t go_to(struct cmd *c, const char *args)
{
	batch_goto(c, args);
	return 0;
}

static int32_t call(struct cmd *c, const char *args)
{
	batch_call(c, args);
	return c->result;
}

static int32_t nothing(struct cmd *c, const char *args)
{
	return 0;
}

static int32_t version(struct cmd *c, const char *args)
{
	cmd_say(c, "ver", NULL);
	return 0;
}

static int32_t volume(struct cmd *c, const char *args)
{
	char *word = word_next(c->host->heap, &args), drive[2] = { word != NULL ? (char)(*word & ~0x20) : c->cwd[0], 0 };

	cmd_say(c, "vol", drive);
	return 0;
}

static int32_t clock_of(struct cmd *c, const char *name, const char *key, const char *args)
{
	if (strcasestr(args, "/t") == NULL) {
		cmd_say(c, key, expand_variable(c, name, 4));
		return 1; /* asks for a new one, and gets none */
	}
	handle_text(c->host, c->standard.out, heap_print(c->host->heap, "%s\r\n",
	    strcmp(name, "DATE") == 0 ? expand_variable(c, "DATE", 4) : expand_variable(c, "TIME:~0,5", 9)));
	return 0;
}

static int32_t date(struct cmd *c, const char *args)
{
	return clock_of(c, "DATE", "date.is", args);
}

static int32_t time_of_day(struct cmd *c, const char *args)
{
	return clock_of(c, "TIME", "time.is", args);
}

static int32_t path(struct cmd *c, const char *args)
{
	const char *value = variable_find(c->variables, "PATH");

	args += strspn(args, " \t=");
	if (*args != 0)
		variable_set(c->variables, "PATH", strcmp(args, ";") == 0 ? "" : args);
	else if (value != NULL)
		handle_text(c->host, c->standard.out, heap_print(c->host->heap, "PATH=%s\r\n", value));
	else
		cmd_say(c, "path.none", NULL);
	return 0;
}

static int32_t prompt(struct cmd *c, const char *args)
{
	args += strspn(args, " \t");
	variable_set(c->variables, "PROMPT", *args != 0 ? args : "$P$G");
	return 0;
}

static int32_t set_local(struct cmd *c, const char *args)
{
	struct saved *s;
	char *word;

	if (c->batch == NULL)
		return 0;
	if (c->saved_count == SETLOCAL_MAX) {
		cmd_complain(c, "error.setlocal", NULL);
		return 1;
	}
	s = &c->saved[c->saved_count++];
	s->variables = c->variables;
	s->delayed = c->delayed;
	strcpy(s->cwd, c->cwd);
	c->variables = variables_copy(c->variables);
	while ((word = word_next(c->host->heap, &args)) != NULL) {
		if (same_name(word, "enabledelayedexpansion"))
			c->delayed = true;
		if (same_name(word, "disabledelayedexpansion"))
			c->delayed = false;
	}
	return 0;
}

static int32_t end_local(struct cmd *c, const char *args)
{
	struct saved *s;

	if (c->batch == NULL || c->saved_count == 0)
		return 0;
	s = &c->saved[--c->saved_count];
	c->variables = s->variables;
	c->delayed = s->delayed;
	strcpy(c->cwd, s->cwd);
	return 0;
}

static int32_t shift(struct cmd *c, const char *args)
{
	struct batch *b = c->batch;
	const char *n = strchr(args, '/');
	unsigned from = n != NULL ? (unsigned)strtoul(n + 1, NULL, 10) : 0;

	if (b == NULL || from >= b->argc)
		return b == NULL;
	memmove(&b->argv[from], &b->argv[from + 1], (b->argc - from - 1) * sizeof(b->argv[0]));
	b->argc--;
	return 0;
}

static int32_t wait_for_key(struct cmd *c, const char *args)
{
	struct bytes line;

	cmd_say(c, "pause", NULL);
	(void)handle_line(c->standard.in, &line);
	return 0;
}

/* `start "title" [/b] [/wait] … program args`: a process of its own; it is run at once. */
static int32_t start(struct cmd *c, const char *args)
{
	struct cmd inner;
	const char *at = args + strspn(args, " \t");

	if (*at == '"') {
		const char *end = strchr(at + 1, '"');

		at = end != NULL && end[1 + strspn(end + 1, " \t")] != 0 ? end + 1 : at;
	}
	for (;;) {
		at += strspn(at, " \t");
		if (*at != '/')
			break;
		if (strncasecmp(at, "/d ", 3) == 0 || strncasecmp(at, "/affinity ", 10) == 0 || strncasecmp(at, "/node ", 6) == 0) {
			at += strcspn(at, " \t");
			at += strspn(at, " \t");
			if (*at == '"')
				at += 1 + strcspn(at + 1, "\"");
		}
		at += strcspn(at, " \t");
	}
	inner = *c;
	inner.batch = NULL;
	inner.variables = variables_copy(c->variables);
	/* a window of its own, unless told otherwise: what it prints is not seen */
	if (strcasestr(args, "/b") == NULL)
		inner.standard = (struct standard){ handle_new(c->host, HANDLE_NUL), handle_new(c->host, HANDLE_NUL),
			handle_new(c->host, HANDLE_NUL) };
	if (*at != 0)
		cmd_simple(&inner, at);
	else
		(void)host_process(c->host, "C:\\Windows\\System32\\cmd.exe", bytes_text("cmd.exe"));
	return *at != 0 && inner.result == 9059 ? 9059 : 0;
}

static const struct builtin own[] = {
	{ "echo", echo }, { "set", set }, { "exit", leave }, { "goto", go_to }, { "call", call }, { "rem", nothing },
	{ "ver", version }, { "vol", volume }, { "date", date }, { "time", time_of_day }, { "path", path }, { "prompt", prompt },
	{ "setlocal", set_local }, { "endlocal", end_local }, { "shift", shift }, { "pause", wait_for_key }, { "start", start },
	{ "title", nothing }, { "color", nothing }, { "cls", nothing }, { "break", nothing }, { "verify", nothing },
	{ "dpath", nothing }, { "assoc", NULL }, { "ftype", NULL },
};

const struct builtin *builtin_find(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT_OF(own); i++)
		if (own[i].run != NULL && strlen(own[i].name) == len && strncasecmp(own[i].name, name, len) == 0)
			return &own[i];
	return builtin_file_find(name, len);
}
