/* SPDX-License-Identifier: GPL-2.0-or-later */
/* powershell.exe: its command line (about_PowerShell_exe), and a session from its first line to its last. */
#include "emu/windows/powershell/powershell.h"
#include "emu/windows/command/programs.h"
#include "emu/windows/powershell/session.h"

#include <nettle/base64.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static struct session *session_new(struct host *h, const struct variables *v, struct standard standard, const char *cwd)
{
	struct session *s = heap_take(h->heap, sizeof(*s));
	struct scope *global = heap_take(h->heap, sizeof(*global));

	*global = (struct scope){ NULL, table_new(h->heap), table_new(h->heap) };
	*s = (struct session){ .host = h, .environment = variables_copy(v), .standard = standard, .global = global, .scope = global,
		.aliases = table_new(h->heap), .good = true };
	snprintf(s->cwd, sizeof(s->cwd), "%s", cwd);
	return s;
}

/* What nothing caught is told at the end. */
static int32_t session_end(struct session *s)
{
	const struct value *exception = s->flow == FLOW_THROW && s->thrown.kind == V_OBJECT ? table_at(s->thrown.object->properties, "Exception") : NULL;
	const struct value *message = exception != NULL && exception->kind == V_OBJECT ? table_at(exception->object->properties, "Message") : NULL;

	if (message != NULL && host_runs(s->host))
		handle_text(s->host, s->standard.err, heap_print(s->host->heap, "%.4000s\r\n", value_utf8(s, message)));
	if (s->flow == FLOW_EXIT)
		return s->exit_status;
	return s->flow == FLOW_THROW || !s->good;
}

/* The options in full; any beginning that is long enough to be one alone names it. */
static const struct option { const char *name; char what; size_t least; } options[] = {
	{ "encodedcommand", 'e', 1 }, { "ec", 'e', 2 }, { "encodedarguments", 'v', 8 }, { "command", 'c', 1 }, { "file", 'f', 1 },
	{ "executionpolicy", 'v', 2 }, { "ep", 'v', 2 }, { "inputformat", 'v', 2 }, { "outputformat", 'v', 1 }, { "windowstyle", 'v', 1 },
	{ "configurationname", 'v', 4 }, { "psconsolefile", 'v', 1 }, { "version", 'v', 1 }, { "workingdirectory", 'v', 2 },
	{ "noprofile", 's', 3 }, { "nologo", 's', 3 }, { "noninteractive", 's', 4 }, { "noexit", 's', 3 }, { "sta", 's', 3 }, { "mta", 's', 3 },
	{ "help", 'h', 1 },
};

static char option_of(const char *word)
{
	const char *name = word + 1 + (word[0] == '-' && word[1] == '-');
	size_t len = strlen(name);

	for (size_t i = 0; i < COUNT_OF(options); i++)
		if (len >= options[i].least && len <= strlen(options[i].name) && strncasecmp(options[i].name, name, len) == 0)
			return options[i].what;
	return 0;
}

/* -EncodedCommand: base64 of UTF-16LE. NULL: it is not. */
static struct string *decoded(struct session *s, const char *text)
{
	uint8_t *out = heap_take(s->host->heap, BASE64_DECODE_LENGTH(strlen(text)) + 4);
	struct base64_decode_ctx ctx;
	size_t len = 0;

	base64_decode_init(&ctx);
	if (!base64_decode_update(&ctx, &len, out, strlen(text), text) || !base64_decode_final(&ctx))
		return NULL;
	return encoding_decode(s, "unicode", bytes_of(out, len));
}

/* Words from an index on, joined by blanks: what -Command gets. */
static struct string *rest_of(struct running *r, unsigned from)
{
	struct text t = text_in(r->host->heap);

	for (unsigned i = from; i < r->argc; i++)
		text_print(&t, "%s%.16000s", i != from ? " " : "", r->argv[i]);
	return string_utf8(r->host->heap, text_bytes(&t));
}

static void run_file(struct session *s, const char *name)
{
	char whole[FILE_PATH_MAX];
	struct bytes text;
	struct place p;

	if (!file_path(s->cwd, name, whole) || file_read(s->host, whole, &text) < 0) {
		session_complain(s, "powershell.file", name);
		s->good = false;
	} else if (file_find(s->host, whole, &p) && file_is_foreign(s->host, p.node)) {
		(void)host_unknown(s->host, whole);
	} else {
		session_run(s, string_utf8(s->host->heap, text));
	}
}

/* From standard input, for "-" or nothing. */
static void run_input(struct session *s, struct running *r)
{
	struct bytes text = handle_rest(r->standard.in);

	if (r->standard.in->foreign)
		(void)host_unknown(s->host, "powershell: lines from the network");
	else if (text.left != 0)
		session_run(s, string_utf8(s->host->heap, text));
}

int32_t powershell_main(struct running *r)
{
	struct session *s = session_new(r->host, r->variables, r->standard, r->cwd);
	struct string *code;

	for (unsigned i = 1; i < r->argc; i++) {
		const char *word = r->argv[i];
		char what = *word == '-' || *word == '/' ? option_of(word) : 'c';

		if (strcmp(word, "-") == 0) {
			run_input(s, r);
			return session_end(s);
		}
		switch (what) {
		case 's':
			break;
		case 'v':
			i++;
			break;
		case 'e':
			code = i + 1 < r->argc ? decoded(s, r->argv[i + 1]) : NULL;
			if (code != NULL)
				session_run(s, code);
			else
				session_complain(s, "powershell.encoded", NULL);
			return session_end(s);
		case 'f':
			if (i + 1 < r->argc && strcmp(r->argv[i + 1], "-") == 0)
				run_input(s, r);
			else if (i + 1 < r->argc)
				run_file(s, r->argv[i + 1]);
			return session_end(s);
		case 'c':
			i += *word == '-' || *word == '/';
			if (i < r->argc && strcmp(r->argv[i], "-") == 0)
				run_input(s, r);
			else
				session_run(s, rest_of(r, i));
			return session_end(s);
		default:
			(void)host_unknown(r->host, "powershell: an option");
			return 1;
		}
	}
	run_input(s, r);
	return session_end(s);
}

void powershell_code(struct host *h, struct bytes code, uint32_t *exit_status)
{
	struct session *s = session_new(h, h->variables, standard_of(h), h->world->profile.cwd);

	session_run(s, string_utf8(h->heap, code));
	*exit_status = (uint32_t)session_end(s);
}
