/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The emulated file system: paths, permissions, and that a run leaves nothing behind. */
#include "emu/world/tree.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct identity root = { 0 }, guest = { .uid = 33, .gid = 33 };

static struct node *put(struct tree *t, struct node *dir, const char *name, enum node_kind kind, unsigned mode,
    const char *text)
{
	struct node *n = node_new(t, kind, (uint16_t)mode, 0, 0);

	assert_non_null(n);
	if (text != NULL)
		assert_int_equal(node_write(t, n, 0, bytes_text(text)), 0);
	assert_int_equal(node_link(t, dir, name, n, 0), 0);
	return n;
}

static struct tree *furnished(void)
{
	struct tree *t = NULL;
	struct node *etc, *shut;

	assert_int_equal(tree_new(&t), 0);
	etc = put(t, tree_root(t), "etc", NODE_DIR, 0755, NULL);
	put(t, etc, "motd", NODE_FILE, 0644, "hello");
	put(t, etc, "link", NODE_LINK, 0777, "motd");
	put(t, etc, "loop", NODE_LINK, 0777, "/etc/loop");
	put(t, tree_root(t), "conf", NODE_LINK, 0777, "/etc/");
	shut = put(t, tree_root(t), "shut", NODE_DIR, 0700, NULL);
	put(t, shut, "in", NODE_FILE, 0644, "x");
	tree_settle(t);
	return t;
}

static int walk(struct tree *t, const char *path, struct walk *w)
{
	return tree_walk(t, tree_root(t), path, &guest, true, w);
}

static void paths_lead_through_links_and_dots(void **state)
{
	struct tree *t = furnished();
	struct walk w;

	assert_int_equal(walk(t, "/conf/../etc/./link", &w), 0);
	assert_non_null(w.node);
	assert_int_equal(w.node->size, 5);
	assert_int_equal(walk(t, "/../../etc//motd", &w), 0);
	assert_non_null(w.node);
	assert_int_equal(walk(t, "/etc/new", &w), 0);
	assert_null(w.node);
	assert_string_equal(w.name, "new");
	tree_free(t);
}

static void paths_that_lead_nowhere_say_why(void **state)
{
	struct tree *t = furnished();
	struct walk w;

	assert_int_equal(walk(t, "", &w), -ENOENT);
	assert_int_equal(walk(t, "/etc/loop", &w), -ELOOP);
	assert_int_equal(walk(t, "/etc/motd/x", &w), -ENOTDIR);
	assert_int_equal(walk(t, "/etc/motd/", &w), -ENOTDIR);
	assert_int_equal(walk(t, "/none/x", &w), -ENOENT);
	assert_int_equal(walk(t, "/shut/in", &w), -EACCES);
	assert_int_equal(tree_walk(t, tree_root(t), "/shut/in", &root, true, &w), 0);
	tree_free(t);
}

static void a_run_leaves_nothing_behind(void **state)
{
	struct tree *t = furnished();
	struct walk etc, motd, w;

	for (int run = 0; run < 3; run++) {
		assert_int_equal(walk(t, "/etc", &etc), 0);
		assert_int_equal(walk(t, "/etc/motd", &motd), 0);
		assert_int_equal(node_write(t, motd.node, 5, bytes_text(" world")), 0);
		assert_int_equal(motd.node->size, 11);
		put(t, etc.node, "new", NODE_FILE, 0644, "n");
		assert_int_equal(node_unlink(t, etc.node, "link", 0), 0);
		assert_int_equal(node_truncate(t, motd.node, 0), 0);
		tree_restore(t);
		assert_int_equal(walk(t, "/etc/new", &w), 0);
		assert_null(w.node);
		assert_int_equal(walk(t, "/etc/link", &w), 0);
		assert_non_null(w.node);
		assert_int_equal(w.node->size, 5);
		assert_memory_equal(w.node->data, "hello", 5);
	}
	tree_free(t);
}

static void files_of_a_run_are_bounded(void **state)
{
	struct tree *t = furnished();
	struct walk w;

	tree_limit(t, 64 << 10);
	assert_int_equal(walk(t, "/etc/motd", &w), 0);
	assert_int_equal(node_truncate(t, w.node, 1 << 20), -EDQUOT);
	assert_true(tree_full(t));
	tree_restore(t);
	assert_false(tree_full(t));
	assert_int_equal(node_truncate(t, w.node, 1000), 0);
	assert_int_equal(node_write(t, w.node, UINT64_MAX - 2, bytes_text("xxxx")), -EFBIG);
	tree_free(t);
}

static void names_stay_sorted_and_found(void **state)
{
	static const char *const names[] = { "b", "a", "ab", "abc", "c", "B", "_", "aa" };
	struct tree *t = furnished();

	for (size_t i = 0; i < COUNT_OF(names); i++)
		put(t, tree_root(t), names[i], NODE_FILE, 0644, NULL);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_non_null(node_find(tree_root(t), names[i], strlen(names[i])));
	assert_null(node_find(tree_root(t), "abcd", 4));
	for (unsigned i = 1; i < tree_root(t)->count; i++)
		assert_true(strcmp(tree_root(t)->entries[i - 1].name, tree_root(t)->entries[i].name) < 0);
	tree_free(t);
}

static void a_folder_knows_its_path(void **state)
{
	struct tree *t = furnished();
	char path[PATH_BYTES];
	struct walk w;

	assert_int_equal(walk(t, "/conf", &w), 0);
	assert_int_equal(node_path(w.node, path, sizeof(path)), 0);
	assert_string_equal(path, "/etc");
	assert_int_equal(node_path(tree_root(t), path, sizeof(path)), 0);
	assert_string_equal(path, "/");
	assert_int_equal(node_path(w.node, path, 3), -ENAMETOOLONG);
	tree_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_lead_through_links_and_dots),
		cmocka_unit_test(paths_that_lead_nowhere_say_why),
		cmocka_unit_test(a_run_leaves_nothing_behind),
		cmocka_unit_test(files_of_a_run_are_bounded),
		cmocka_unit_test(names_stay_sorted_and_found),
		cmocka_unit_test(a_folder_knows_its_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
