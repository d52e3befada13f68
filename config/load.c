/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a config file: finding it, walking its groups, and telling every error with its file and line. */
#include "config/load.h"

#include "config/origin.h"
#include "config/schema.h"
#include "config/source.h"
#include "config/target.h"
#include "config/value.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void complain(struct complaints *to, const char *file, unsigned line, const char *why, ...)
{
	char text[2048];
	va_list args;

	to->count++;
	if (to->to == NULL || (to->max != 0 && to->count > to->max))
		return;
	va_start(args, why);
	vsnprintf(text, sizeof(text), why, args);
	va_end(args);
	/* words of the file stand in it, and it may go to a terminal: control characters are shown, not sent */
	fprintf(to->to, "%s:%u: ", file, line);
	for (const char *c = text; *c != 0; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			fprintf(to->to, "\\x%02x", (unsigned char)*c);
		else
			fputc(*c, to->to);
	fputc('\n', to->to);
}

void settings_default(const char *folder, struct settings *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (unsigned i = 0; i < schema_count; i++)
		value_default(&schema[i], folder, ret);
}

/* Is this the name of a group, the part of a path before its dot? */
static bool group_known(const char *name)
{
	size_t len = strlen(name);

	for (unsigned i = 0; i < schema_count; i++)
		if (strncmp(schema[i].path, name, len) == 0 && schema[i].path[len] == '.')
			return true;
	return false;
}

static void unknown_key(struct reading *in, const config_setting_t *s, const char *path)
{
	char near[64];

	if (schema_nearest(path, near, sizeof(near)))
		value_complain(in, s, "unknown key %s; did you mean %s?", path, near);
	else
		value_complain(in, s, "unknown key %s", path);
}

static void read_group(struct reading *in, const config_setting_t *group)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
		const struct schema_row *row;
		char path[256];

		snprintf(path, sizeof(path), "%s.%s", config_setting_name(group), config_setting_name(s));
		row = schema_find(path);
		if (row == NULL)
			unknown_key(in, s, path);
		else
			value_read(in, row, s);
		if (row != NULL)
			in->settings->lines[row - schema] = value_line(in, s);
	}
}

unsigned settings_line(const struct settings *settings, const char *path)
{
	const struct schema_row *row = schema_find(path);

	return row == NULL ? 0 : settings->lines[row - schema];
}

static void read_tree(struct reading *in, const config_t *tree)
{
	const config_setting_t *root = config_root_setting(tree);

	for (int i = 0; i < config_setting_length(root); i++) {
		const config_setting_t *s = config_setting_get_elem(root, (unsigned)i);
		const char *name = config_setting_name(s);

		if (!group_known(name))
			unknown_key(in, s, name);
		else if (!config_setting_is_group(s))
			value_complain(in, s, "%s must be a group: %s = { … };", name, name);
		else
			read_group(in, s);
	}
}

static void complain_of_key(struct reading *in, const char *path, const char *why)
{
	complain(in->complaints, in->file, settings_line(in->settings, path), "%s: %s", path, why);
}

/* What makes sense by itself, but not beside other keys. */
static void agree(struct reading *in)
{
	static const char acts[] = "containment.on_success";
	const struct settings *s = in->settings;
	bool is_inline = s->ports_count == 0; /* not asked for yet */

	for (unsigned i = 0; i < s->ports_count; i++)
		is_inline |= s->ports[i].pair_index >= 0;
	if (s->block_on_count > 0 && !is_inline)
		complain_of_key(in, acts, "on a tap nothing can be stopped: no port of dataplane.ports has a pair");
	for (unsigned i = 0; i < s->block_on_count && s->home_count == 0; i++)
		if (s->block_on[i] != BLOCK_ON_FLOW) {
			complain_of_key(in, acts, "\"attacker\" and \"contact\" need rules.home, which says whom they must never block");
			break;
		}
}

/* The absolute path of a file and its folder, both PATH_MAX. */
static int locate(const char *path, char *file, char *folder)
{
	if (realpath(path, file) == NULL)
		return -errno;
	if (access(file, R_OK) < 0)
		return -errno;
	snprintf(folder, PATH_MAX, "%s", file);
	char *slash = strrchr(folder, '/');
	slash[slash == folder] = '\0';
	return 0;
}

int settings_load(const char *path, struct complaints *complaints, struct settings *ret)
{
	char file[PATH_MAX], folder[PATH_MAX], origin[PATH_MAX], named[PATH_MAX];
	unsigned before = complaints->count;
	struct settings *settings = NULL;
	struct reading in = { .file = path, .folder = folder, .origin = origin, .complaints = complaints };
	config_t tree;
	int r;

	config_init(&tree);
	r = locate(path, file, folder);
	if (r < 0) {
		complain(complaints, path, 0, "cannot be read: %s", strerror(-r));
		goto out;
	}
	if (origin_of(file, origin))
		in.file = path = file; /* not through `current`, which may name another version while this one is read */
	else
		memcpy(origin, folder, sizeof(origin));
	if ((r = source_check(path, folder, complaints)) < 0)
		goto out;
	r = -ENOMEM;
	settings = malloc(sizeof(*settings));
	if (settings == NULL)
		goto out;
	settings_default(origin, settings);
	memcpy(settings->file, file, sizeof(file));
	in.settings = settings;
	config_set_include_dir(&tree, folder);
	r = -EINVAL;
	if (!config_read_file(&tree, path)) {
		const char *where = config_error_file(&tree);
		int line = config_error_line(&tree);
		value_place(&in, where, named);
		complain(complaints, named, line > 0 ? (unsigned)line : 0, "%s", config_error_text(&tree));
		goto out;
	}
	read_tree(&in, &tree);
	if (complaints->count == before) /* else the list has other elements */
		targets_join(&in, config_lookup(&tree, "syslog.targets"));
	agree(&in);
	if (complaints->count != before)
		goto out;
	origin_copies(settings, origin, folder);
	memcpy(ret, settings, sizeof(*ret));
	r = 0;
out:
	config_destroy(&tree);
	free(settings);
	return r;
}

const char *settings_find(char *buf, size_t size)
{
	static const char installed[] = "/etc/konseki/konseki.conf";
	char path[PATH_MAX], candidate[PATH_MAX + 32];
	ssize_t n;

	if (access(installed, R_OK) == 0 && sizeof(installed) <= size)
		return memcpy(buf, installed, sizeof(installed));
	n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (n <= 0)
		return NULL;
	path[n] = '\0';
	/* the program lies some folders deep in the build tree, which lies beside config/ */
	for (char *slash; (slash = strrchr(path, '/')) != NULL;) {
		*slash = '\0';
		int len = snprintf(candidate, sizeof(candidate), "%s/config/konseki.conf", path);
		if (access(candidate, R_OK) == 0 && (size_t)len < size)
			return memcpy(buf, candidate, (size_t)len + 1);
	}
	return NULL;
}
