/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Batch files: their lines, labels and parameters; and a cmd.exe that is told what to do line by line. */
#include "emu/windows/command/cmd.h"
#include "emu/windows/command/programs.h"

#include <string.h>
#include <strings.h>

enum { LINES_MAX = 200000 };

void batch_prompt(struct cmd *c, struct text *t)
{
	const char *format = variable_find(c->variables, "PROMPT");

	for (format = format != NULL ? format : "$P$G"; *format != 0; format++) {
		if (*format != '$' || format[1] == 0) {
			text_put(t, *format);
			continue;
		}
		switch (*++format | 0x20) {
		case 'p': text_add(t, bytes_text(c->cwd)); break;
		case 'g': text_put(t, '>'); break;
		case 'l': text_put(t, '<'); break;
		case 'b': text_put(t, '|'); break;
		case 'a': text_put(t, '&'); break;
		case 'c': text_put(t, '('); break;
		case 'f': text_put(t, ')'); break;
		case 'q': text_put(t, '='); break;
		case 's': text_put(t, ' '); break;
		case '_': case 0x7f: text_add(t, bytes_text("\r\n")); break;
		case '$' | 0x20: text_put(t, '$'); break;
		default: host_unknown(c->host, "cmd: prompt"); break;
		}
	}
}

/* The next line of the file as it is. */
static bool raw_line(struct cmd *c, char **ret)
{
	struct batch *b = c->batch;
	const uint8_t *end;
	size_t len;

	if (b == NULL || b->at >= b->text.left)
		return false;
	end = memchr(b->text.at + b->at, '\n', b->text.left - b->at);
	len = end != NULL ? (size_t)(end - b->text.at) - b->at : b->text.left - b->at;
	*ret = heap_text(c->host->heap, bytes_of(b->text.at + b->at, len - (len != 0 && b->text.at[b->at + len - 1] == '\r')));
	b->at += len + (end != NULL);
	return true;
}

static bool more(struct cmd *c, const char **ret)
{
	char *line;

	if (!raw_line(c, &line))
		return false;
	*ret = expand_percent(c, line);
	return true;
}

static void show(struct cmd *c, const char *line)
{
	struct text t = text_in(c->host->heap);

	text_add(&t, bytes_text("\r\n"));
	batch_prompt(c, &t);
	text_print(&t, "%s\r\n", line);
	handle_write(c->host, c->standard.out, text_bytes(&t));
}

static void one_line(struct cmd *c, char *line)
{
	struct reading r = { .cmd = c, .more = more };
	struct statement *s;
	const char *first = line + strspn(line, " \t,;=");

	if (*first == ':')
		return;
	r.at = expand_percent(c, line);
	first = r.at + strspn(r.at, " \t,;=");
	line = heap_text(c->host->heap, bytes_text(first));
	s = parse_line(&r);
	if (r.wrong) {
		if (host_runs(c->host))
			cmd_complain(c, "error.unexpected", r.near != NULL ? r.near : "");
		c->leaving = c->interactive ? GOES_ON : LEAVES; /* a file with a wrong line is left altogether */
		return;
	}
	if (s == NULL)
		return;
	if (c->echo && !s->silent && !c->interactive)
		show(c, line);
	cmd_execute(c, s);
}

static void args_read(struct cmd *c, struct batch *b, const char *name, const char *rest)
{
	const char *at = rest;
	char *word;

	b->argv[b->argc++] = heap_text(c->host->heap, bytes_text(name));
	while (b->argc < BATCH_ARGS && (word = word_next(c->host->heap, &at)) != NULL)
		b->argv[b->argc++] = word;
	b->rest = heap_text(c->host->heap, bytes_text(rest + strspn(rest, " \t,;=")));
}

static void lines_run(struct cmd *c)
{
	unsigned lines = 0;
	char *line;

	while (c->leaving == GOES_ON && host_step(c->host)) {
		if (c->interactive) {
			struct text t = text_in(c->host->heap);

			text_add(&t, bytes_text("\r\n"));
			batch_prompt(c, &t);
			handle_write(c->host, c->standard.out, text_bytes(&t));
		}
		if (!raw_line(c, &line))
			break;
		/* what is told is shown, as a console or a pipe shows it */
		if (c->interactive)
			handle_text(c->host, c->standard.out, heap_print(c->host->heap, "%s\r\n", line));
		one_line(c, line);
		if (c->leaving == LEAVES_LINE)
			c->leaving = GOES_ON;
		if (++lines > LINES_MAX)
			host_stop(c->host, STOPPED_ROUNDS);
	}
}

void batch_run(struct cmd *c, const char *path, struct bytes text, size_t from, const char *name, const char *rest)
{
	struct batch *b = heap_take(c->host->heap, sizeof(*b));
	unsigned saved = c->saved_count;

	if (!host_enter(c->host))
		return;
	b->outer = c->batch;
	b->path = heap_text(c->host->heap, bytes_text(path));
	b->text = text;
	b->at = from;
	args_read(c, b, name, rest);
	c->batch = b;
	lines_run(c);
	/* what setlocal kept comes back at the end of the file */
	while (c->saved_count > saved) {
		struct saved *s = &c->saved[--c->saved_count];

		c->variables = s->variables;
		c->delayed = s->delayed;
		strcpy(c->cwd, s->cwd);
	}
	c->batch = b->outer;
	if (c->leaving == LEAVES_BATCH)
		c->leaving = GOES_ON;
	host_leave(c->host);
}

static bool is_label(const char *line, const char *label, size_t len)
{
	line += strspn(line, " \t,;=");
	if (*line++ != ':')
		return false;
	line += strspn(line, " \t");
	return strncasecmp(line, label, len) == 0 && (line[len] == 0 || strchr(" \t:+,;=&|<>", line[len]) != NULL);
}

/* Looks on from where the file is, then from its beginning. */
static bool find_label(struct cmd *c, const char *label, size_t len)
{
	struct batch *b = c->batch;
	size_t from = b->at;
	char *line;

	for (int turn = 0; turn < 2; turn++) {
		while ((turn == 0 || b->at < from) && host_step(c->host) && raw_line(c, &line))
			if (is_label(line, label, len))
				return true;
		b->at = 0;
	}
	b->at = from;
	return false;
}

void batch_goto(struct cmd *c, const char *label)
{
	size_t len;

	label += strspn(label, " \t,;=");
	if (same_name(label, ":eof")) {
		c->leaving = LEAVES_BATCH;
		return;
	}
	label += *label == ':';
	len = strcspn(label, " \t:+,;=");
	if (c->batch == NULL)
		return;
	if (len != 0 && find_label(c, label, len)) {
		c->leaving = LEAVES_LINE;
		return;
	}
	cmd_complain(c, "error.label", label);
	c->leaving = LEAVES_BATCH;
}

void batch_call(struct cmd *c, const char *rest)
{
	const char *at = expand_percent(c, rest), *name;
	char *word;

	at += strspn(at, " \t,;=");
	if (*at != ':') {
		c->result = 0;
		if (*at == 0)
			c->errorlevel = 0;
		else
			cmd_simple(c, at);
		return;
	}
	if (c->batch == NULL) {
		cmd_complain(c, "error.call_label", NULL);
		return;
	}
	name = at;
	word = word_next(c->host->heap, &at);
	if (word != NULL) {
		struct batch here = *c->batch, *kept = c->batch;

		c->batch = &here;
		if (!find_label(c, word + 1, strlen(word + 1))) {
			c->batch = kept;
			cmd_complain(c, "error.label", name + 1);
			return;
		}
		c->batch = kept;
		batch_run(c, here.path, here.text, here.at, word, at);
	}
}
