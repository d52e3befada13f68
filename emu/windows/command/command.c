/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines from outside: cmd.exe's own options, and processes that something else creates. */
#include "emu/windows/command/command.h"
#include "emu/windows/command/cmd.h"
#include "emu/windows/command/programs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static void begin(struct cmd *c, struct running *r)
{
	*c = (struct cmd){ .host = r->host, .variables = variables_copy(r->variables), .standard = r->standard,
		.extensions = true, .echo = true, .line = r->line };
	snprintf(c->cwd, sizeof(c->cwd), "%s", r->cwd);
}

/*
 * What is behind /c. Its quotes stay only where there are just two, no special sign is between them, a blank is, and what
 * they hold is a program; else the first and the last one go (the page "cmd").
 */
static char *inside(struct cmd *c, const char *text, bool plain)
{
	char *made = heap_text(c->host->heap, bytes_text(text)), *last = strrchr(made, '"');
	unsigned quotes = 0;

	if (*made != '"' || last == made)
		return made;
	for (const char *q = made; *q != 0; q++)
		quotes += *q == '"';
	if (!plain && quotes == 2 && strcspn(made, "&<>()@^|") == strlen(made) && strchr(made, ' ') != NULL &&
	    strchr(made, ' ') < last &&
	    program_is_known(c->host, c->variables, c->cwd, heap_text(c->host->heap, bytes_of(made + 1, (size_t)(last - made) - 1))))
		return made;
	memmove(last, last + 1, strlen(last));
	return made + 1;
}

/* Told what to do over its input: what it says first, and then a prompt for each line. */
static void dialogue(struct cmd *c)
{
	bool foreign = c->standard.in->foreign;

	c->interactive = true;
	cmd_say(c, "cmd.banner", NULL);
	if (foreign)
		(void)host_unknown(c->host, "cmd: lines from the network");
	batch_run(c, "", foreign ? (struct bytes){ 0 } : handle_rest(c->standard.in), 0, "", "");
}

int32_t cmd_main(struct running *r)
{
	const char *at = r->rest;
	bool plain = false, quiet = false, stays = false;
	struct cmd *c = heap_take(r->host->heap, sizeof(*c));

	begin(c, r);
	for (;;) {
		at += strspn(at, " \t,;=");
		if (*at != '/' && *at != '-')
			break;
		switch (at[1] | 0x20) {
		case 'c': case 'r': case 'k':
			stays = (at[1] | 0x20) == 'k';
			at += 2 + strspn(at + 2, " \t");
			c->echo = !quiet;
			cmd_line(c, inside(c, at, plain));
			if (stays && c->leaving == GOES_ON)
				dialogue(c);
			return c->result;
		case 'v':
			c->delayed = strncasecmp(at + 2, ":off", 4) != 0;
			break;
		case 's': plain = true; break;
		case 'q': quiet = true; break;
		default: break;
		}
		at += 2 + strcspn(at + 2, " \t/");
	}
	dialogue(c);
	return c->errorlevel;
}

int command_create(struct host *h, const struct creation *what, uint32_t *exit_status)
{
	const char *line = what->line != NULL ? what->line : what->application, *at = line;
	struct running r = { .host = h, .variables = variables_copy(what->variables != NULL ? what->variables : h->variables),
		.standard = what->standard, .cwd = what->cwd != NULL ? what->cwd : h->world->profile.cwd, .line = line };
	char *argv[PROGRAM_WORDS];
	bool quoted = false;

	if (line == NULL || words_of(h->heap, line, argv) == 0)
		return -ENOENT;
	at += strspn(at, " \t");
	for (; *at != 0 && (quoted || (*at != ' ' && *at != '\t')); at++)
		quoted ^= *at == '"';
	r.rest = at;
	return program_start(&r, what->application != NULL ? what->application : argv[0], exit_status);
}

int command_system(struct host *h, const char *line, const struct standard *standard, uint32_t *exit_status)
{
	struct creation c = { .line = heap_print(h->heap, "cmd.exe /c %.16000s", line), .standard = *standard };

	return command_create(h, &c, exit_status);
}

void command_code(struct host *h, struct bytes code, uint32_t *exit_status)
{
	struct running r = { .host = h, .variables = h->variables, .standard = standard_of(h), .cwd = h->world->profile.cwd,
		.line = "cmd.exe" };
	struct cmd *c = heap_take(h->heap, sizeof(*c));
	const uint8_t *nul = code.left != 0 ? memchr(code.at, 0, code.left) : NULL, *end;

	begin(c, &r);
	if (nul != NULL)
		code.left = (size_t)(nul - code.at);
	end = code.left != 0 ? memchr(code.at, '\n', code.left) : NULL;
	while (end != NULL && end < code.at + code.left && (*end == '\n' || *end == '\r' || *end == ' '))
		end++;
	c->line = heap_text(h->heap, code);
	if (end != NULL && end != code.at + code.left)
		batch_run(c, "", code, 0, "", "");
	else
		cmd_line(c, c->line);
	*exit_status = (uint32_t)(c->leaving != GOES_ON ? c->errorlevel : c->result);
}
