/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Libraries of other processors: read as packages are, then taken out of the tree, so that no listing shows them. */
#include "emu/world/sysroots.h"
#include "emu/world/furnish.h"

#include <errno.h>
#include <string.h>

static const char *const processors[CPU_COUNT] = {
	[CPU_X86_64] = "", [CPU_X86] = "x86", [CPU_AARCH64] = "aarch64", [CPU_ARM] = "arm", [CPU_MIPS] = "mips",
	[CPU_MIPSEL] = "mipsel", [CPU_POWERPC] = "powerpc",
};

static int take_out(struct tree *t, const char *path, struct node **ret)
{
	struct walk w;
	int r = tree_walk(t, tree_root(t), path, &(struct identity){ 0 }, false, &w);

	if (r < 0)
		return r;
	if (w.node == NULL || w.node->kind != NODE_DIR)
		return -ENOENT;
	if ((r = node_unlink(t, w.dir, w.name, 0)) < 0)
		return r;
	w.node->parent = w.node;
	*ret = w.node;
	return 0;
}

static int read_one(struct profile *p, struct tree *t, const config_setting_t *one, const char **what, const char **subject)
{
	/* what a package says about itself would stay in the tree */
	char *const omit[] = { (char[]){ "/usr/share" } };
	const char *processor = "", *package = "", *path = "";
	unsigned cpu;

	config_setting_lookup_string(one, "processor", &processor);
	config_setting_lookup_string(one, "package", &package);
	config_setting_lookup_string(one, "path", &path);
	for (cpu = 0; cpu < CPU_COUNT && (*processor == 0 || strcmp(processors[cpu], processor) != 0); cpu++)
		;
	*what = "no such processor, or one that has its libraries:";
	*subject = processor;
	if (cpu == CPU_COUNT || p->sysroots[cpu] != NULL)
		return -EINVAL;
	*what = "not installed here: install it, or take it out of the list: package";
	*subject = package;
	if (furnish_package(t, package, omit, COUNT_OF(omit)) < 0)
		return -EINVAL;
	*what = "the package has nothing at";
	*subject = path;
	return take_out(t, path, &p->sysroots[cpu]) < 0 ? -EINVAL : 0;
}

int sysroots_read(struct profile *p, struct tree *t, const config_t *config, int *line, const char **what,
    const char **subject)
{
	const config_setting_t *list = config_lookup(config, "sysroots");
	unsigned count = list != NULL ? (unsigned)config_setting_length(list) : 0;
	int r = 0;

	for (unsigned i = 0; i < count && r == 0; i++) {
		const config_setting_t *one = config_setting_get_elem(list, i);

		*line = (int)config_setting_source_line(one);
		r = read_one(p, t, one, what, subject);
	}
	return r;
}
