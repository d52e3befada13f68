/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a profile folder: profile.conf (facts, and which host files are shown) and files/ (what only this server has). */
#include "emu/world/profile.h"
#include "emu/world/furnish.h"
#include "emu/world/keys.h"
#include "emu/world/sysroots.h"

#include <errno.h>
#include <libconfig.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	struct profile *profile;
	struct tree *tree;
	const char *folder;
	config_t config;
	char *why;
	size_t why_size;
};

static int fail(struct reading *r, int line, const char *what, const char *subject)
{
	snprintf(r->why, r->why_size, "%s/profile.conf:%d: %s%s%s", r->folder, line, what, *subject != 0 ? " " : "", subject);
	return -EINVAL;
}

/* The line that a key stands in; 0: it is left to its default. */
static int line_of(const struct reading *r, const char *key)
{
	const config_setting_t *s = config_lookup(&r->config, key);

	return s != NULL ? (int)config_setting_source_line(s) : 0;
}

static void text(struct reading *r, const char *key, const char *fallback, char *to, size_t size)
{
	const char *v = fallback;

	config_lookup_string(&r->config, key, &v);
	snprintf(to, size, "%s", v);
}

static uint64_t number(struct reading *r, const char *key, uint64_t fallback)
{
	long long v;

	return config_lookup_int64(&r->config, key, &v) == CONFIG_TRUE && v >= 0 ? (uint64_t)v : fallback;
}

static unsigned length(struct reading *r, const char *key, config_setting_t **ret)
{
	*ret = config_lookup(&r->config, key);
	return *ret != NULL ? (unsigned)config_setting_length(*ret) : 0;
}

static int strings(struct reading *r, const char *key, unsigned max, char **to, unsigned *count)
{
	config_setting_t *list;
	unsigned n = length(r, key, &list);

	for (unsigned i = 0; i < n; i++) {
		const char *v = config_setting_get_string_elem(list, (int)i);

		if (v == NULL || *count == max)
			return fail(r, config_setting_source_line(list), "not a list of strings, or too long:", key);
		if ((to[*count] = strdup(v)) == NULL)
			return -ENOMEM;
		++*count;
	}
	return 0;
}

static int addresses(struct reading *r)
{
	struct profile *p = r->profile;
	config_setting_t *list;
	unsigned n = length(r, "addresses", &list);
	char resolver[64];

	for (unsigned i = 0; i < n; i++) {
		const char *v = config_setting_get_string_elem(list, (int)i);

		if (v == NULL || p->addresses_count == PROFILE_ADDRESSES_MAX ||
		    address_parse(v, &p->addresses[p->addresses_count]) < 0)
			return fail(r, config_setting_source_line(list), "no address:", v != NULL ? v : "");
		p->addresses_count++;
	}
	text(r, "resolver", "192.0.2.53", resolver, sizeof(resolver));
	if (address_parse(resolver, &p->resolver) < 0)
		return fail(r, line_of(r, "resolver"), "no address:", resolver);
	n = length(r, "ports", &list);
	for (unsigned i = 0; i < n && i < PROFILE_PORTS_MAX; i++)
		p->ports[p->ports_count++] = (uint16_t)config_setting_get_int_elem(list, (int)i);
	return 0;
}

static int facts(struct reading *r)
{
	struct profile *p = r->profile;
	config_setting_t *list;
	unsigned n;

	text(r, "hostname", "localhost", p->hostname, sizeof(p->hostname));
	p->hostname_digits = (unsigned)number(r, "hostname_digits", 0);
	text(r, "domain", "(none)", p->domain, sizeof(p->domain));
	text(r, "context", "", p->context, sizeof(p->context));
	text(r, "cgroup", "", p->cgroup, sizeof(p->cgroup));
	text(r, "kernel_release", "6.1.0", p->kernel_release, sizeof(p->kernel_release));
	text(r, "kernel_version", "#1 SMP", p->kernel_version, sizeof(p->kernel_version));
	text(r, "cwd", "/", p->cwd, sizeof(p->cwd));
	text(r, "shell", "/bin/sh", p->shell, sizeof(p->shell));
	text(r, "php", "", p->php, sizeof(p->php));
	text(r, "python", "", p->python, sizeof(p->python));
	text(r, "perl", "", p->perl, sizeof(p->perl));
	text(r, "ruby", "", p->ruby, sizeof(p->ruby));
	text(r, "node", "", p->node, sizeof(p->node));
	p->clock_ns = number(r, "clock", 1700000000) * 1000000000ull;
	p->pid = (uint32_t)number(r, "pid", 1200);
	p->memory_mb = (unsigned)number(r, "memory_mb", 2048);
	p->processors = (unsigned)number(r, "processors", 1);
	p->ping_group = number(r, "ping_by_anyone", 1) != 0;
	p->user.uid = (uint32_t)number(r, "user.uid", 65534);
	p->user.gid = (uint32_t)number(r, "user.gid", 65534);
	n = length(r, "user.groups", &list);
	for (unsigned i = 0; i < n && i < COUNT_OF(p->user.groups); i++)
		p->user.groups[p->user.groups_count++] = (uint32_t)config_setting_get_int_elem(list, (int)i);
	return addresses(r);
}

/* Owner and mode of what stands at a path: {path, mode, uid, gid}; folders are made. */
static int owners(struct reading *r)
{
	config_setting_t *list;
	unsigned n = length(r, "folders", &list);

	for (unsigned i = 0; i < n; i++) {
		config_setting_t *one = config_setting_get_elem(list, i);
		const char *path = NULL;
		int mode = 0755, uid = 0, gid = 0;

		config_setting_lookup_int(one, "mode", &mode);
		config_setting_lookup_int(one, "uid", &uid);
		config_setting_lookup_int(one, "gid", &gid);
		if (config_setting_lookup_string(one, "path", &path) != CONFIG_TRUE || *path != '/' ||
		    furnish_folder(r->tree, path, (uint16_t)(mode & 07777), (uint32_t)uid, (uint32_t)gid) < 0)
			return fail(r, config_setting_source_line(one), "cannot make", path != NULL ? path : "?");
	}
	return 0;
}

static int pairs(struct reading *r, const char *key, const char *first, const char *second,
    int (*put)(struct reading *, const char *, const char *))
{
	config_setting_t *list;
	unsigned n = length(r, key, &list);

	for (unsigned i = 0; i < n; i++) {
		config_setting_t *one = config_setting_get_elem(list, i);
		const char *a = NULL, *b = NULL;

		if (config_setting_lookup_string(one, first, &a) != CONFIG_TRUE)
			return fail(r, config_setting_source_line(one), "no value for", first);
		if (config_setting_lookup_string(one, second, &b) != CONFIG_TRUE)
			b = a;
		if (put(r, a, b) < 0)
			return fail(r, config_setting_source_line(one), "cannot show", a);
	}
	return 0;
}

static int put_link(struct reading *r, const char *path, const char *target)
{
	return furnish_link(r->tree, path, target);
}

static int put_host(struct reading *r, const char *from, const char *to)
{
	return furnish_host(r->tree, from, to, true);
}

/* A word of the profile's own, kept. */
static int keep(const char *text, char **ret)
{
	return (*ret = strdup(text)) != NULL ? 0 : -ENOMEM;
}

static int put_label(struct reading *r, const char *path, const char *context)
{
	struct profile *p = r->profile;
	struct label *l = &p->labels[p->labels_count];

	if (p->labels_count == PROFILE_LABELS_MAX || keep(path, &l->path) < 0)
		return -ENOMEM;
	p->labels_count++;
	return keep(context, &l->context);
}

static int put_fact(struct reading *r, const char *name, const char *value)
{
	struct profile *p = r->profile;
	struct own_fact *f = &p->facts[p->facts_count];

	if (p->facts_count == PROFILE_FACTS_MAX || keep(name, &f->name) < 0)
		return -ENOMEM;
	p->facts_count++;
	return keep(value, &f->value);
}

static int own_clocks(struct reading *r)
{
	struct profile *p = r->profile;
	config_setting_t *list;
	unsigned n = length(r, "own_clock", &list);

	for (unsigned i = 0; i < n; i++) {
		config_setting_t *one = config_setting_get_elem(list, i);
		const char *program = NULL;
		int times = 0, blocks = 0;

		config_setting_lookup_int(one, "times", &times);
		config_setting_lookup_int(one, "blocks", &blocks);
		if (config_setting_lookup_string(one, "program", &program) != CONFIG_TRUE || i == PROFILE_CLOCKS_MAX)
			return fail(r, config_setting_source_line(one), "no value for program, or too long a list", "");
		if (keep(program, &p->clocks[i].program) < 0)
			return -ENOMEM;
		p->clocks[p->clocks_count].blocks = (unsigned)blocks;
		p->clocks[p->clocks_count++].times = (unsigned)times;
	}
	return 0;
}

static int packages(struct reading *r)
{
	char *omit[64] = { 0 }, *names[256] = { 0 };
	unsigned omit_count = 0, names_count = 0;
	config_setting_t *list;
	int e;

	if ((e = strings(r, "omit", COUNT_OF(omit), omit, &omit_count)) < 0 ||
	    (e = strings(r, "packages", COUNT_OF(names), names, &names_count)) < 0)
		goto out;
	length(r, "packages", &list);
	for (unsigned i = 0; i < names_count; i++)
		if (furnish_package(r->tree, names[i], omit, omit_count) < 0) {
			snprintf(r->why, r->why_size, "%s/profile.conf:%u: package %s is not installed here: install it, or take it "
			    "out of the list", r->folder, config_setting_source_line(config_setting_get_elem(list, i)), names[i]);
			e = -EINVAL;
			goto out;
		}
out:
	for (unsigned i = 0; i < omit_count; i++)
		free(omit[i]);
	for (unsigned i = 0; i < names_count; i++)
		free(names[i]);
	return e;
}

static int sysroots(struct reading *r)
{
	const char *what = "", *subject = "";
	int line = 0, e = sysroots_read(r->profile, r->tree, &r->config, &line, &what, &subject);

	return e < 0 ? fail(r, line, what, subject) : 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* applets = { program, list }: one path a line, each a link to the program; no other name runs. */
static int applets(struct reading *r)
{
	struct profile *p = r->profile;
	const char *program, *list;
	int mode = 0755;
	char line[PATH_MAX];
	struct walk w;
	FILE *f;
	int e = 0;

	if (config_lookup_string(&r->config, "applets.program", &program) != CONFIG_TRUE ||
	    config_lookup_string(&r->config, "applets.list", &list) != CONFIG_TRUE)
		return 0;
	if (tree_walk(r->tree, tree_root(r->tree), program, &(struct identity){ 0 }, true, &w) < 0 || w.node == NULL)
		return fail(r, line_of(r, "applets.program"), "no such program in this profile:", program);
	w.node->limited = true;
	config_lookup_int(&r->config, "applets.mode", &mode);
	w.node->mode = (uint16_t)(mode & 07777);
	snprintf(line, sizeof(line), "%s/%s", r->folder, list);
	if ((f = fopen(line, "re")) == NULL)
		return fail(r, line_of(r, "applets.list"), "cannot read", line);
	while (e == 0 && fgets(line, sizeof(line), f) != NULL) {
		const char *name = strrchr(line, '/');
		char **more;

		line[strcspn(line, "\n")] = 0;
		if (line[0] != '/')
			continue;
		more = realloc(p->applets, (p->applets_count + 1) * sizeof(*more));
		if (more == NULL) {
			e = -ENOMEM;
			break;
		}
		p->applets = more;
		if ((p->applets[p->applets_count] = strdup(name + 1)) == NULL)
			e = -ENOMEM;
		else if (p->applets_count++, strcmp(line, program) != 0)
			e = furnish_link(r->tree, line, program);
	}
	fclose(f);
	if (p->applets_count != 0)
		qsort(p->applets, p->applets_count, sizeof(*p->applets), by_text);
	return e;
}

/* What a fact names is to be there. A profile may go without a shell, but not by a slip. */
static int stands(struct reading *r, const char *key, const char *path, enum node_kind kind)
{
	struct walk w;

	if (line_of(r, key) == 0 ||
	    (tree_walk(r->tree, tree_root(r->tree), path, &(struct identity){ 0 }, true, &w) == 0 && w.node != NULL &&
	    w.node->kind == kind))
		return 0;
	return fail(r, line_of(r, key), kind == NODE_DIR ? "no such folder in this profile:" : "no such file in this profile:",
	    path);
}

/* A Windows server has files, facts and an environment; nothing of this machine is shown in it. */
static int read_windows(struct reading *r)
{
	struct profile *p = r->profile;
	char files[PATH_MAX];
	int e;

	snprintf(files, sizeof(files), "%s/files", r->folder);
	p->windows = true;
	if ((e = facts(r)) < 0 || (e = strings(r, "environment", PROFILE_ENVIRONMENT_MAX, p->environment, &p->environment_count)) < 0 ||
	    (e = pairs(r, "facts", "name", "value", put_fact)) < 0)
		return e;
	return furnish_copy(r->tree, files, "");
}

static int read_all(struct reading *r)
{
	struct profile *p = r->profile;
	const char *kind = "linux";
	unsigned quiet = 0;
	char files[PATH_MAX];
	int e;

	config_lookup_string(&r->config, "kind", &kind);
	if (strcmp(kind, "windows") == 0)
		return read_windows(r);
	if (strcmp(kind, "linux") != 0)
		return fail(r, line_of(r, "kind"), "must be \"linux\" or \"windows\":", "kind");
	p->quiet = calloc(64, sizeof(*p->quiet));
	if (p->quiet == NULL)
		return -ENOMEM;
	snprintf(files, sizeof(files), "%s/files", r->folder);
	if ((e = facts(r)) < 0 ||
	    (e = strings(r, "environment", PROFILE_ENVIRONMENT_MAX, p->environment, &p->environment_count)) < 0 ||
	    (e = strings(r, "php_ini", PROFILE_INIS_MAX, p->php_inis, &p->php_inis_count)) < 0 ||
	    (e = strings(r, "named", PROFILE_NAMED_MAX, p->named, &p->named_count)) < 0 ||
	    (e = strings(r, "quiet", 64, p->quiet, &quiet)) < 0 || (e = own_clocks(r)) < 0 ||
	    (e = pairs(r, "labels", "path", "context", put_label)) < 0)
		return e;
	p->quiet_count = quiet;
	/* links first: packages name paths below /bin that a merged /usr turns elsewhere */
	if ((e = pairs(r, "links", "path", "target", put_link)) < 0 || (e = furnish_copy(r->tree, files, "")) < 0 ||
	    (e = pairs(r, "host", "from", "to", put_host)) < 0 || (e = packages(r)) < 0 || (e = sysroots(r)) < 0 || (e = applets(r)) < 0 ||
	    (e = owners(r)) < 0 || (e = furnish_devices(r->tree)) < 0)
		return e;
	furnish_places(r->tree);
	if ((e = stands(r, "cwd", p->cwd, NODE_DIR)) < 0 || (e = stands(r, "shell", p->shell, NODE_FILE)) < 0 ||
	    (e = stands(r, "php", p->php, NODE_FILE)) < 0 || (e = stands(r, "python", p->python, NODE_FILE)) < 0 ||
	    (e = stands(r, "perl", p->perl, NODE_FILE)) < 0 || (e = stands(r, "ruby", p->ruby, NODE_FILE)) < 0 ||
	    (e = stands(r, "node", p->node, NODE_FILE)) < 0)
		return e;
	for (unsigned i = 0; i < p->php_inis_count; i++)
		if ((e = stands(r, "php_ini", p->php_inis[i], NODE_FILE)) < 0)
			return e;
	for (unsigned i = 0; i < p->named_count; i++)
		if ((e = stands(r, "named", p->named[i], NODE_FILE)) < 0)
			return e;
	return 0;
}

int profile_read(struct profile *p, struct tree *tree, const char *folder, char *why, size_t why_size)
{
	struct reading r = { .profile = p, .tree = tree, .folder = folder, .why = why, .why_size = why_size };
	const char *name = strrchr(folder, '/');
	char file[PATH_MAX], wrong[256];
	int e, line;

	name = name != NULL ? name + 1 : folder;
	snprintf(p->name, sizeof(p->name), "%s", name);
	snprintf(file, sizeof(file), "%s/profile.conf", folder);
	snprintf(why, why_size, "%s: cannot be read as a profile", folder);
	config_init(&r.config);
	if (config_read_file(&r.config, file) != CONFIG_TRUE)
		e = config_error_type(&r.config) == CONFIG_ERR_FILE_IO ? fail(&r, 0, "cannot be read:", strerror(errno))
		    : fail(&r, config_error_line(&r.config), "cannot be read:", config_error_text(&r.config));
	else if (keys_check(&r.config, &line, wrong, sizeof(wrong)) < 0)
		e = fail(&r, line, wrong, "");
	else
		e = read_all(&r);
	config_destroy(&r.config);
	return e;
}
