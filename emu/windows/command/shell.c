/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that run others, or code that is not here: shells, script hosts, installers, schedulers. */
#include "emu/windows/command/programs.h"
#include "emu/windows/host/web.h"
#include "emu/windows/powershell/powershell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What another process is to do, given as one text. */
static int32_t run_line(struct running *r, const char *line, struct standard standard)
{
	struct creation c = { .line = line, .cwd = r->cwd, .variables = r->variables, .standard = standard };
	uint32_t status = 1;

	if (command_create(r->host, &c, &status) < 0)
		return 1;
	return (int32_t)status;
}

static struct standard unseen(struct host *h)
{
	return (struct standard){ handle_new(h, HANDLE_NUL), handle_new(h, HANDLE_NUL), handle_new(h, HANDLE_NUL) };
}

static bool is_url(const char *word)
{
	return strncasecmp(word, "http://", 7) == 0 || strncasecmp(word, "https://", 8) == 0 || strncasecmp(word, "ftp://", 6) == 0;
}

/* A script or a library from a URL, a share or a file: what it does is not known. */
static void load(struct running *r, const char *from)
{
	struct bytes got;

	if (is_url(from))
		(void)!web_fetch(r->host, "GET", from, (struct bytes){ 0 }, &got);
	else if (file_is_unc(from))
		web_share(r->host, from);
	program_unknown(r, from);
}

static int32_t script_host(struct running *r)
{
	for (unsigned i = 1; i < r->argc; i++)
		if (r->argv[i][0] != '/') {
			const char *path = program_path(r, r->argv[i]);
			struct bytes text;

			if (is_url(r->argv[i]) || file_is_unc(r->argv[i]))
				load(r, r->argv[i]);
			else if (path != NULL && file_read(r->host, path, &text) != -ENOENT)
				program_unknown(r, path);
			else
				return program_complains(r, "wscript.not_found", r->argv[i], 1);
			return 0;
		}
	return 0;
}

static int32_t mshta(struct running *r)
{
	if (r->argc > 1)
		load(r, r->argv[1]);
	return 0;
}

static int32_t regsvr32(struct running *r)
{
	for (unsigned i = 1; i < r->argc; i++) {
		const char *value = option_value(r->argv[i], "i");

		if (value != NULL || (r->argv[i][0] != '/' && r->argv[i][0] != '-'))
			load(r, value != NULL ? value : r->argv[i]);
	}
	return 0;
}

static int32_t rundll32(struct running *r)
{
	const char *shell = strcasestr(r->rest, "ShellExec_RunDLL"), *open = strcasestr(r->rest, "FileProtocolHandler");

	if (open == NULL)
		open = strcasestr(r->rest, "OpenURL");
	if (shell != NULL)
		return run_line(r, shell + strlen("ShellExec_RunDLL") + strspn(shell + strlen("ShellExec_RunDLL"), "AW "), unseen(r->host));
	if (open != NULL && r->argc > 2)
		return run_line(r, r->argv[2], unseen(r->host));
	if (r->argc > 1)
		load(r, r->argv[1]);
	for (unsigned i = 2; i < r->argc; i++)
		if (is_url(r->argv[i]) || file_is_unc(r->argv[i]))
			load(r, r->argv[i]);
	return 0;
}

/* A URL or a share in a word of its own, or behind the colon or the sign of an option. NULL: none. */
static const char *place_in(const char *word)
{
	static const char *const schemes[] = { "http://", "https://", "ftp://" };
	const char *found;

	for (size_t i = 0; i < COUNT_OF(schemes); i++)
		if ((found = strcasestr(word, schemes[i])) != NULL && (found == word || strchr(":=/zZ,\"'", found[-1]) != NULL))
			return found;
	if ((found = strstr(word, "\\\\")) != NULL && file_is_unc(found) && (found == word || strchr(":=", found[-1]) != NULL))
		return found;
	return NULL;
}

/*
 * Programs that open whatever file or address they are given, each by Microsoft's page of it; what they make of it is not
 * modelled: hh, certreq, expand, replace, makecab and the like.
 */
static int32_t opens(struct running *r)
{
	for (unsigned i = 1; i < r->argc; i++) {
		const char *place = place_in(r->argv[i]);

		if (place != NULL)
			load(r, place);
	}
	program_unknown(r, r->argv[0]);
	return 0;
}

static int32_t msiexec(struct running *r)
{
	for (unsigned i = 1; i + 1 < r->argc; i++)
		if (option_is(r->argv[i], "i") || option_is(r->argv[i], "package") || option_is(r->argv[i], "y") ||
		    option_is(r->argv[i], "z"))
			load(r, r->argv[i + 1]);
	return 0;
}

/* forfiles /p FOLDER /m MASK /c "COMMAND": for each name that fits, with @file and @path replaced. */
static int32_t forfiles(struct running *r)
{
	unsigned p = option_find(r, "p"), m = option_find(r, "m"), c = option_find(r, "c");
	const char *folder = program_path(r, p != 0 && p + 1 < r->argc ? r->argv[p + 1] : ".");
	const char *mask = m != 0 && m + 1 < r->argc ? r->argv[m + 1] : "*";
	const char *line = c != 0 && c + 1 < r->argc ? r->argv[c + 1] : "cmd /c echo @file";
	struct place place;
	bool any = false;

	if (folder == NULL || !file_exists(r->host, folder, &place))
		return program_complains(r, "forfiles.not_found", mask, 1);
	for (unsigned i = 0; place.node != NULL && place.node->kind == NODE_DIR && i < place.node->count && host_step(r->host); i++) {
		const char *name = place.node->entries[i].name;
		struct text t = text_in(r->host->heap);

		if (!file_fits(mask, name))
			continue;
		any = true;
		for (const char *at = line; *at != 0; at++) {
			bool file = strncasecmp(at, "@file", 5) == 0, path = strncasecmp(at, "@path", 5) == 0;

			if (file)
				text_print(&t, "\"%s\"", name);
			else if (path)
				text_print(&t, "\"%s\\%s\"", folder, name);
			else if (at[0] == '0' && at[1] == 'x' && strspn(at + 2, "0123456789abcdefABCDEF") >= 2)
				text_put(&t, (char)strtol((char[]){ at[2], at[3], 0 }, NULL, 16));
			else
				text_put(&t, *at);
			at += file || path ? 4 : at[0] == '0' && at[1] == 'x' ? 3 : 0;
		}
		(void)run_line(r, t.at, r->standard);
	}
	(void)record_ask(r->host->world->record, QUESTION_PATH, heap_print(r->host->heap, "%s\\%s", folder, mask), any);
	return any ? 0 : program_complains(r, "forfiles.not_found", mask, 1);
}

static int32_t timeout(struct running *r)
{
	for (unsigned i = 1; i < r->argc; i++)
		if (r->argv[i][0] >= '0' && r->argv[i][0] <= '9') {
			unsigned long s = strtoul(r->argv[i], NULL, 10);

			if (r->standard.in->kind != HANDLE_NUL && r->standard.in->kind != HANDLE_CALL)
				return program_complains(r, "timeout.redirected", NULL, 1);
			host_sleep(r->host, (s < 99999 ? s : 99999) * UINT64_C(1000000000));
			program_unknown(r, "timeout: what it shows");
			return 0;
		}
	return 1;
}

static int32_t choice(struct running *r)
{
	unsigned t = option_find(r, "t");

	/* nobody answers; with a time and a default it goes on by itself */
	if (t != 0 && t + 1 < r->argc)
		host_sleep(r->host, strtoul(r->argv[t + 1], NULL, 10) % 10000 * UINT64_C(1000000000));
	program_unknown(r, "choice");
	return 1;
}

static int32_t where(struct running *r)
{
	const char *path = variable_find(r->variables, "PATH"), *endings = variable_find(r->variables, "PATHEXT");
	int32_t status = 0;
	char found[FILE_PATH_MAX];

	for (unsigned i = 1; i < r->argc; i++) {
		if (r->argv[i][0] == '/')
			continue;
		if (strpbrk(r->argv[i], "*?:") != NULL) {
			program_unknown(r, "where: patterns");
			continue;
		}
		if (file_program(r->host, r->cwd, path != NULL ? path : "", endings != NULL ? endings : "", r->argv[i], found))
			handle_text(r->host, r->standard.out, heap_print(r->host->heap, "%s\r\n", *found != 0 ? found : r->argv[i]));
		else
			status = program_complains(r, "where.not_found", NULL, 1);
	}
	return status;
}

static const char *after(const struct running *r, const char *name)
{
	unsigned i = option_find(r, name);

	return i != 0 && i + 1 < r->argc ? r->argv[i + 1] : "";
}

static int32_t schtasks(struct running *r)
{
	const char *what = r->argc > 1 && r->argv[1][0] == '/' ? r->argv[1] + 1 : "query";
	struct event *e;

	for (char *c = r->argc > 1 ? r->argv[1] : NULL; c != NULL && *c != 0; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
	if (same_name(what, "query")) {
		program_unknown(r, "schtasks /query");
		return 0;
	}
	if ((e = world_event(r->host->world, EVENT_TASK)) != NULL) {
		e->name = world_keep_text(r->host->world, what);
		e->path = world_keep_text(r->host->world, after(r, "tn"));
		e->data = world_keep_text(r->host->world, after(r, "tr"));
	}
	handle_say(r->host, r->standard.out, heap_print(r->host->heap, "schtasks.%.20s", what),
	    (const char *const[]){ after(r, "tn"), NULL });
	return 0;
}

/* wmic … process call create "COMMAND": the form that runs something. Others tell facts. */
static int32_t wmic(struct running *r)
{
	for (unsigned i = 1; i + 3 < r->argc; i++)
		if (same_name(r->argv[i], "process") && same_name(r->argv[i + 1], "call") && same_name(r->argv[i + 2], "create")) {
			(void)run_line(r, r->argv[i + 3], unseen(r->host));
			program_unknown(r, "wmic: what it shows");
			return 0;
		}
	for (unsigned i = 1; i < r->argc; i++) {
		const char *node = option_value(r->argv[i], "node"), *format = option_value(r->argv[i], "format");

		if (node != NULL)
			(void)!web_connect(r->host, node, 135);
		if (format != NULL && (is_url(format) || file_is_unc(format)))
			load(r, format);
	}
	return program_tells(r);
}

static int32_t conhost(struct running *r)
{
	return r->argc > 1 ? run_line(r, r->rest, r->standard) : 0;
}

static int32_t runas(struct running *r)
{
	program_unknown(r, "runas: a password");
	return 1;
}

const struct program programs_shell[] = {
	{ "cmd", cmd_main }, { "powershell", powershell_main }, { "pwsh", powershell_main }, { "cscript", script_host },
	{ "wscript", script_host }, { "mshta", mshta }, { "regsvr32", regsvr32 }, { "rundll32", rundll32 }, { "msiexec", msiexec },
	{ "forfiles", forfiles }, { "timeout", timeout }, { "choice", choice }, { "where", where }, { "schtasks", schtasks },
	{ "wmic", wmic }, { "conhost", conhost }, { "runas", runas },
	{ "hh", opens }, { "certreq", opens }, { "certoc", opens }, { "expand", opens }, { "extrac32", opens }, { "makecab", opens },
	{ "diantz", opens }, { "replace", opens }, { "print", opens }, { "esentutl", opens }, { "cmstp", opens }, { "presentationhost", opens },
	{ "desktopimgdownldr", opens }, { "mpcmdrun", opens }, { "installutil", opens }, { "ieexec", opens }, { "imewdbld", opens },
	{ "xwizard", opens }, { "configsecuritypolicy", opens }, { "datasvcutil", opens }, { "dnscmd", opens }, { "xcopy", opens },
	{ "robocopy", opens }, { "odbcconf", opens }, { "pcalua", opens }, { "iexplore", opens }, { "printbrm", opens }, { "tar", opens },
	{ NULL, NULL },
};
