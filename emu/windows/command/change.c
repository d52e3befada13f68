/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that change the server: the registry, services, users, rights, logs. Each leaves its event; who may, does. */
#include "emu/windows/command/programs.h"
#include "emu/windows/host/registry.h"
#include "emu/windows/host/web.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *after(const struct running *r, const char *name)
{
	unsigned i = option_find(r, name);

	return i != 0 && i + 1 < r->argc ? r->argv[i + 1] : NULL;
}

static int32_t denied(struct running *r)
{
	return program_complains(r, "error.access_denied_program", NULL, 5);
}

/* A machine-wide key is an administrator's to change. */
static bool may_change(struct running *r, const char *key)
{
	return program_may(r) || strncasecmp(key, "HKEY_CURRENT_USER", 17) == 0;
}

static void show_value(struct running *r, const struct registry_value *v)
{
	handle_text(r->host, r->standard.out, heap_print(r->host->heap, "    %s    %s    %s\r\n",
	    *v->name != 0 ? v->name : host_fact(r->host, "REGISTRY_DEFAULT"), v->type, v->data));
}

static int32_t reg_query(struct running *r, const char *key)
{
	const char *name = option_find(r, "ve") != 0 ? "" : after(r, "v"), *shown = "";
	const struct registry_value *v = registry_find(r->host, key, name);
	bool below = option_find(r, "s") != 0;

	if (v == NULL)
		return program_complains(r, "reg.not_found", NULL, 1);
	if (name != NULL) {
		handle_text(r->host, r->standard.out, heap_print(r->host->heap, "\r\n%s\r\n", key));
		show_value(r, v);
		handle_text(r->host, r->standard.out, "\r\n");
		return 0;
	}
	/* what a key holds on the victim is not known whole */
	(void)host_unknown(r->host, heap_print(r->host->heap, "reg query %.200s", key));
	for (v = registry_next(r->host, key, NULL); v != NULL && host_step(r->host); v = registry_next(r->host, key, v)) {
		bool own = same_name(v->key, key);

		if (!own && !below)
			continue;
		if (!same_name(shown, v->key))
			handle_text(r->host, r->standard.out, heap_print(r->host->heap, "\r\n%s\r\n", shown = v->key));
		if (v->name != NULL) {
			record_fact(r->host->world->record, bytes_text(v->data));
			show_value(r, v);
		}
	}
	handle_text(r->host, r->standard.out, "\r\n");
	return 0;
}

static int32_t reg(struct running *r)
{
	const char *what = r->argc > 1 ? r->argv[1] : "", *key = r->argc > 2 ? registry_key(r->host, r->argv[2]) : NULL;
	const char *name = option_find(r, "ve") != 0 ? "" : after(r, "v"), *type = after(r, "t"), *data = after(r, "d");

	if (key == NULL)
		return program_complains(r, "reg.key", NULL, 1);
	if (same_name(what, "query"))
		return reg_query(r, key);
	if (same_name(what, "add") || same_name(what, "delete")) {
		if (!may_change(r, key))
			return program_complains(r, "reg.denied", NULL, 1);
		if (same_name(what, "add"))
			registry_set(r->host, key, name, type != NULL ? type : "REG_SZ", data != NULL ? data : "");
		else if (!registry_delete(r->host, key, name) && !record_ask(r->host->world->record, QUESTION_PATH, key, false))
			return program_complains(r, "reg.not_found", NULL, 1);
		return program_says(r, "reg.done");
	}
	if (same_name(what, "save") || same_name(what, "export")) {
		const char *path = r->argc > 3 ? program_path(r, r->argv[3]) : NULL;

		if (!program_may(r) && same_name(what, "save"))
			return program_complains(r, "reg.privilege", NULL, 1);
		if (path != NULL && registry_find(r->host, key, NULL) != NULL && file_put(r->host, path, bytes_text("regf")) == 0)
			return program_says(r, "reg.done");
		return program_complains(r, "reg.not_found", NULL, 1);
	}
	program_unknown(r, "reg: another operation");
	return 1;
}

static void service_event(struct running *r, const char *what, const char *name, const char *data)
{
	struct event *e = world_event(r->host->world, EVENT_SERVICE);

	if (e == NULL)
		return;
	e->name = world_keep_text(r->host->world, what);
	e->path = world_keep_text(r->host->world, name);
	if (data != NULL)
		e->data = world_keep_text(r->host->world, data);
}

static int32_t sc(struct running *r)
{
	unsigned at = r->argc > 1 && file_is_unc(r->argv[1]) ? 2 : 1;
	const char *what = r->argc > at ? r->argv[at] : "", *name = r->argc > at + 1 ? r->argv[at + 1] : "", *image = NULL;

	if (at == 2)
		web_share(r->host, r->argv[1]);
	if (same_name(what, "query") || same_name(what, "qc") || same_name(what, "queryex") || same_name(what, "sdshow"))
		return program_tells(r);
	for (unsigned i = at + 2; i < r->argc; i++)
		if (strncasecmp(r->argv[i], "binpath=", 8) == 0)
			image = r->argv[i][8] != 0 ? r->argv[i] + 8 : i + 1 < r->argc ? r->argv[i + 1] : NULL;
	service_event(r, what, name, image);
	if (!program_may(r))
		return program_complains(r, "sc.denied", NULL, 5);
	handle_say(r->host, r->standard.out, heap_print(r->host->heap, "sc.%.30s", what), (const char *const[]){ name, NULL });
	return 0;
}

static int32_t net(struct running *r)
{
	const char *what = r->argc > 1 ? r->argv[1] : "", *name = r->argc > 2 ? r->argv[2] : "";
	bool changes = option_find(r, "add") != 0 || option_find(r, "delete") != 0 || option_find(r, "active") != 0;

	if (same_name(what, "use") || same_name(what, "view")) {
		for (unsigned i = 2; i < r->argc; i++)
			if (file_is_unc(r->argv[i])) {
				web_share(r->host, r->argv[i]);
				program_unknown(r, "net use: a share of another's");
				return 2;
			}
		return program_tells(r);
	}
	if (same_name(what, "start") || same_name(what, "stop")) {
		if (r->argc < 3)
			return program_tells(r);
		service_event(r, what, name, NULL);
		return program_may(r) ? host_unknown(r->host, "net start: how it went") : denied(r);
	}
	/* net user NAME PASSWORD changes it */
	if (!changes && !(same_name(what, "user") && r->argc > 3 && r->argv[3][0] != '/'))
		return program_tells(r);
	return program_may(r) ? program_says(r, "net.done") : denied(r);
}

/* Rights, encryption, traces: what they do shows in their command line; what they print is told where it is known. */
static int32_t changes(struct running *r)
{
	return program_tells(r);
}

static int32_t attrib(struct running *r)
{
	for (unsigned i = 1; i < r->argc; i++)
		if (r->argv[i][0] == '+' || (r->argv[i][0] == '-' && r->argv[i][1] != 0))
			return 0; /* sets them, and says nothing */
	program_unknown(r, "attrib: what it shows");
	return 0;
}

static int32_t setx(struct running *r)
{
	if (r->argc < 3)
		return 1;
	registry_set(r->host, "HKEY_CURRENT_USER\\Environment", r->argv[1], "REG_SZ", r->argv[2]);
	return program_says(r, "setx.done");
}

static int32_t netsh(struct running *r)
{
	if (r->argc > 2 && !program_may(r))
		return program_complains(r, "netsh.denied", NULL, 1);
	program_unknown(r, "netsh: what it shows");
	return 0;
}

const struct program programs_change[] = {
	{ "reg", reg }, { "sc", sc }, { "net", net }, { "attrib", attrib }, { "setx", setx }, { "netsh", netsh },
	{ "icacls", changes }, { "cacls", changes }, { "takeown", changes }, { "cipher", changes }, { "bcdedit", changes },
	{ "wbadmin", changes }, { "taskkill", changes }, { "shutdown", changes }, { "subst", changes }, { "logoff", changes },
	{ NULL, NULL },
};
