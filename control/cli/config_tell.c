/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki config show and history: what was committed, for people and as JSON. */
#include "control/cli/clean.h"
#include "control/cli/config.h"
#include "control/cli/input.h"
#include "config/source.h"

#include <errno.h>
#include <nettle/base64.h>
#include <stdlib.h>
#include <string.h>

/* Includes and the main file are shown, lists only named: they may be very long. */
static bool is_shown(const struct version_file *f)
{
	return strcmp(f->role, "main") == 0 || strcmp(f->role, "include") == 0;
}

static json_t *base64_json(const uint8_t *at, size_t len)
{
	char *text = malloc(BASE64_ENCODE_RAW_LENGTH(len) + 1);
	json_t *o;

	if (text == NULL)
		return NULL;
	base64_encode_raw(text, len, at);
	o = json_stringn(text, BASE64_ENCODE_RAW_LENGTH(len));
	free(text);
	return o;
}

/* Does a file outside of the config's folder no longer have the contents that were committed, or a copy those of its digest? */
static bool has_changed(const struct config_ask *a, const struct version *v, const struct version_file *f)
{
	return version_check(&a->versions, v, f, true) < 0;
}

static json_t *marks_json(const struct config_ask *a, const struct version *v, json_t *o)
{
	struct pending p;
	unsigned current = 0;
	char time[40];

	if (versions_current(&a->versions, &current) < 0)
		current = 0;
	json_object_set_new(o, "in_force", json_boolean(v->number == current));
	if (v->number == current && pending_read(&a->versions, &p) == 0) {
		json_object_set_new(o, "back_to", json_integer(p.back_to));
		json_object_set_new(o, "back_at", json_string(config_time(p.deadline_s, time)));
	}
	if (pending_went_back(&a->versions, v->number))
		json_object_set_new(o, "went_back", json_true());
	return o;
}

/* The path of a file as the version, or the candidate where its number is 0, has it. */
static int place(const struct config_ask *a, const struct version *v, const struct version_file *f, char *ret)
{
	if (v->number != 0 || f->outside)
		return version_path(&a->versions, v, f, ret);
	return snprintf(ret, PATH_MAX, "%s/%s", a->versions.home, f->path) >= PATH_MAX ? -ENAMETOOLONG : 0;
}

static int text_read(const struct config_ask *a, const struct version *v, const struct version_file *f, uint8_t **ret, size_t *ret_len)
{
	char path[PATH_MAX];
	int r = place(a, v, f, path);

	return r < 0 ? r : input_read(path, SOURCE_MAX, ret, ret_len);
}

static int show_json(const struct config_ask *a, const struct version *v)
{
	json_t *o = version_encode(v), *files = json_object_get(o, "files"), *f;
	size_t i;
	int r = 0;

	if (v->number == 0)
		for (const char *const *key = (const char *const[]){ "number", "time", "author", "reason", "parent", NULL }; *key != NULL; key++)
			json_object_del(o, *key); /* nobody committed it */
	else
		marks_json(a, v, o);
	json_array_foreach(files, i, f)
	{
		uint8_t *text = NULL;
		size_t len;
		json_t *whole;

		if (v->number != 0)
			json_object_set_new(f, "changed", json_boolean(has_changed(a, v, &v->files[i])));
		if (!is_shown(&v->files[i]))
			continue;
		if ((r = text_read(a, v, &v->files[i], &text, &len)) < 0)
			break;
		whole = json_stringn((const char *)text, len);
		if (whole != NULL)
			json_object_set_new(f, "text", whole);
		else
			json_object_set_new(f, "base64", base64_json(text, len));
		free(text);
	}
	if (r == 0 && (o == NULL || json_dumpf(o, stdout, JSON_COMPACT) < 0))
		r = -ENOMEM;
	if (r == 0)
		putchar('\n');
	json_decref(o);
	return r;
}

static void header_print(const struct config_ask *a, const struct version *v, unsigned current)
{
	if (v->number == 0) {
		printf("# the candidate: %s\n", a->file);
	} else {
		printf("# version %u of %s%s\n# committed %s by ", v->number, a->file, v->number == current ? ", in force" : "", v->time);
		clean_put(stdout, v->author);
		fputs(v->reason[0] != 0 ? ": " : "", stdout);
		clean_put(stdout, v->reason);
		putchar('\n');
	}
	for (unsigned i = 0; i < v->files_count; i++) {
		const struct version_file *f = &v->files[i];

		printf("# %s: ", f->role);
		clean_put(stdout, f->path);
		printf(", %llu bytes, sha256 %s%s\n", (unsigned long long)f->bytes, f->sha256,
		       v->number == 0 || !has_changed(a, v, f) ? "" : f->outside ? "; it changed since" : "; DAMAGED: its copy is not what was committed");
	}
}

static int show_text(const struct config_ask *a, const struct version *v, unsigned current)
{
	header_print(a, v, current);
	for (unsigned i = 0; i < v->files_count; i++) {
		uint8_t *text = NULL;
		size_t len;
		int r;

		if (!is_shown(&v->files[i]))
			continue;
		if ((r = text_read(a, v, &v->files[i], &text, &len)) < 0)
			return r;
		fputs("\n# ---- ", stdout);
		clean_put(stdout, v->files[i].path);
		putchar('\n');
		fwrite(text, 1, len, stdout);
		if (len > 0 && text[len - 1] != '\n')
			putchar('\n');
		free(text);
	}
	return 0;
}

int config_show(struct config_ask *a)
{
	unsigned n = a->count > 0 ? a->numbers[0] : 0, current = 0;
	struct settings *settings = malloc(sizeof(*settings));
	struct version *v = NULL;
	int code, r = a->versions.fd < 0 ? -ENOENT : versions_current(&a->versions, &current);

	if (settings == NULL)
		return cli_cannot("config", "out of memory");
	if (n == 0 && !a->candidate && r == -EINVAL)
		code = cli_cannot("config", "%s/current names no version", a->versions.path);
	else if (n == 0 && (a->candidate || r < 0))
		code = config_candidate_load(a, &v, settings);
	else
		code = config_version(a, n != 0 ? n : current, &v);
	if (code == EXIT_DONE && (r = a->json ? show_json(a, v) : show_text(a, v, current)) < 0)
		code = cli_cannot("config", "cannot show all of it: %s", strerror(-r));
	version_free(v);
	free(settings);
	return code;
}

/* Paths outside of the config's folder whose contents changed since, and copies that are damaged. */
static json_t *changed_json(const struct config_ask *a, const struct version *v, bool outside)
{
	json_t *paths = json_array();

	for (unsigned i = 0; i < v->files_count; i++)
		if (v->files[i].outside == outside && has_changed(a, v, &v->files[i]))
			json_array_append_new(paths, json_string(v->files[i].path));
	if (json_array_size(paths) > 0)
		return paths;
	json_decref(paths);
	return NULL;
}

static json_t *history_json(const struct config_ask *a, const struct version *v)
{
	json_t *o = version_encode(v), *paths;

	json_object_del(o, "files");
	marks_json(a, v, o);
	if ((paths = changed_json(a, v, true)) != NULL)
		json_object_set_new(o, "changed", paths);
	if ((paths = changed_json(a, v, false)) != NULL)
		json_object_set_new(o, "damaged", paths);
	return o;
}

static void paths_print(const json_t *paths, const char *what)
{
	size_t i;
	json_t *path;

	json_array_foreach(paths, i, path)
	{
		printf("%9s%s ", "", what);
		clean_put(stdout, json_string_value(path));
		putchar('\n');
	}
}

static void history_print(const struct version *v, const json_t *o)
{
	const char *at = json_string_value(json_object_get(o, "back_at"));

	printf("%c%7u %s  ", json_is_true(json_object_get(o, "in_force")) ? '*' : ' ', v->number, v->time);
	clean_put(stdout, v->author);
	fputs(v->reason[0] != 0 ? ": " : "", stdout);
	clean_put(stdout, v->reason);
	if (at != NULL)
		printf(" (goes back to %lld at %s unless it is confirmed)", json_integer_value(json_object_get(o, "back_to")), at);
	if (json_is_true(json_object_get(o, "went_back")))
		fputs(" (was not confirmed in time)", stdout);
	putchar('\n');
	paths_print(json_object_get(o, "changed"), "changed since:");
	paths_print(json_object_get(o, "damaged"), "DAMAGED:");
}

int config_history(struct config_ask *a)
{
	unsigned all[2 * VERSIONS_KEPT];
	int count = a->versions.fd < 0 ? 0 : versions_list(&a->versions, all, COUNT_OF(all)), code = EXIT_DONE;

	if (count < 0)
		return cli_cannot("config", "cannot read %s: %s", a->versions.path, strerror(-count));
	if (count == 0)
		return cli_no("config", "nothing of %s is committed yet; commit it with: konseki config commit", a->file);
	if (!a->json)
		puts(" VERSION COMMITTED             BY: WHY   (* in force)");
	for (int i = 0; i < count; i++) {
		struct version *v = NULL;
		json_t *o;

		if ((code = config_version(a, all[i], &v)) != EXIT_DONE)
			continue; /* it was told; the others are there all the same */
		o = history_json(a, v);
		if (a->json && json_dumpf(o, stdout, JSON_COMPACT) == 0)
			putchar('\n');
		else if (!a->json)
			history_print(v, o);
		json_decref(o);
		version_free(v);
	}
	return code;
}
