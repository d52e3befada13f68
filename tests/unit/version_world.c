/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scratch config of tests about versions. */
#include "tests/unit/version_world.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void world_put(const struct world *w, const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", w->folder, name);
	assert_int_equal(folders_make(w->folder, path), 0);
	unlink(path);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

bool world_has(const struct world *w, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", w->folder, name);
	return access(path, F_OK) == 0;
}

char *world_text(const struct world *w, const char *name)
{
	static char text[4096];
	char path[PATH_MAX];
	long len;

	snprintf(path, sizeof(path), "%s/%s", w->folder, name);
	len = file_take(AT_FDCWD, path, text, sizeof(text));
	return len < 0 ? NULL : text;
}

void world_conf(const struct world *w, unsigned window)
{
	char text[512];

	snprintf(text, sizeof(text), "rules = { files = [ \"rules/a.rules\" ]; };\njudging = { window_s = %u; };\nstore = { folder = \"state\"; };\n"
	         "@include \"more/sites.conf\"\n", window);
	world_put(w, "konseki.conf", text);
}

int world_begin(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	snprintf(w->folder, sizeof(w->folder), "/tmp/konseki-versions-XXXXXX");
	if (mkdtemp(w->folder) == NULL)
		return -1;
	snprintf(w->conf, sizeof(w->conf), "%s/konseki.conf", w->folder);
	world_put(w, "rules/a.rules", "# one\n");
	world_put(w, "more/sites.conf", "privacy = { mask_outside = true; };\n");
	world_conf(w, 60);
	assert_int_equal(versions_open(w->conf, true, &w->versions), 0);
	assert_int_equal(versions_lock(&w->versions), 0);
	*state = w;
	return 0;
}

int world_end(void **state)
{
	struct world *w = *state;

	versions_close(&w->versions);
	assert_int_equal(tree_remove(w->folder), 0);
	free(w);
	return 0;
}

int world_store(struct world *w, unsigned *number)
{
	struct complaints c = { .to = stderr };
	struct version *v = NULL;
	int r;

	assert_int_equal(settings_load(w->conf, &c, &w->settings), 0);
	assert_int_equal(commit_describe(&w->settings, w->why, &v), 0);
	snprintf(v->author, sizeof(v->author), "tester");
	snprintf(v->reason, sizeof(v->reason), "a \"reason\"");
	r = commit_store(&w->versions, &w->settings, v, w->why);
	*number = v->number;
	version_free(v);
	return r;
}

unsigned world_commit(struct world *w, unsigned window)
{
	unsigned n = 0;

	world_conf(w, window);
	assert_int_equal(world_store(w, &n), 0);
	assert_int_equal(versions_point(&w->versions, n), 0);
	return n;
}

unsigned world_in_force(struct world *w, struct in_force *in)
{
	struct settings *s = malloc(sizeof(*s));
	unsigned window = in_force_load(&w->versions, true, in, s) == 0 ? s->window_s : 0;

	free(s);
	return window;
}

unsigned world_leftovers(struct world *w)
{
	char command[PATH_MAX];
	unsigned count = 0;
	FILE *p;

	snprintf(command, sizeof(command), "find %s -name '*.tmp' | wc -l", w->folder);
	p = popen(command, "r");
	assert_int_equal(fscanf(p, "%u", &count), 1);
	pclose(p);
	return count;
}
