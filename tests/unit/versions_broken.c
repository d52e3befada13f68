/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Committed versions are whole or not there, whatever is cut short, full, damaged, or done twice. */
#include "tests/unit/version_world.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void a_crash_at_any_point_leaves_the_old_version(void **state)
{
	struct world *w = *state;
	struct in_force in;
	struct versions other;
	unsigned n;

	assert_int_equal(world_commit(w, 60), 1);
	/* copies begun, none finished */
	world_put(w, "konseki.conf.versions/2.tmp/files/konseki.conf", "half");
	assert_int_equal(world_in_force(w, &in), 60);
	/* whole and named, not yet in force */
	world_conf(w, 61);
	snprintf(w->why, sizeof(w->why), "%s.versions/2.tmp", w->conf);
	assert_int_equal(tree_remove(w->why), 0);
	assert_int_equal(world_store(w, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(world_in_force(w, &in), 60);
	/* `current` begun */
	assert_int_equal(symlinkat("2", w->versions.fd, "current.tmp"), 0);
	world_put(w, "konseki.conf.versions/pending.tmp", "2 1");
	assert_int_equal(world_in_force(w, &in), 60);
	assert_string_equal(in.why, "");
	/* who comes next cleans up, and goes on behind the number that was given */
	versions_close(&w->versions);
	assert_int_equal(versions_open(w->conf, false, &other), 0);
	assert_int_equal(versions_lock(&other), 0);
	w->versions = other;
	assert_int_equal(world_leftovers(w), 0);
	assert_int_equal(world_commit(w, 62), 3);
	assert_int_equal(world_in_force(w, &in), 62);
}

/* A file may have so many bytes: what is longer fails in the middle, as on a full disk. */
static void limit(rlim_t bytes)
{
	struct rlimit l;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &l), 0);
	l.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static void a_write_that_fails_anywhere_leaves_nothing(void **state)
{
	static char rules[20001];
	struct world *w = *state;
	struct in_force in;
	unsigned n, failed = 0;

	assert_int_equal(world_commit(w, 60), 1);
	memset(rules, '#', sizeof(rules) - 1);
	world_put(w, "rules/a.rules", rules);
	world_conf(w, 61);
	signal(SIGXFSZ, SIG_IGN);
	for (rlim_t bytes = 0; bytes < 20000; bytes += bytes < 1200 ? 50 : 4000) {
		int r;

		limit(bytes);
		r = world_store(w, &n);
		limit(RLIM_INFINITY);
		assert_int_equal(r, -EFBIG);
		assert_non_null(strstr(w->why, "File too large"));
		assert_int_equal(world_leftovers(w), 0);
		assert_false(world_has(w, "konseki.conf.versions/2"));
		assert_int_equal(world_in_force(w, &in), 60);
		failed++;
	}
	assert_true(failed > 20);
	assert_int_equal(world_commit(w, 61), 2);
	assert_int_equal(world_in_force(w, &in), 61);
}

static void a_full_disk_is_one_error_and_going_back_needs_no_room(void **state)
{
	struct world *w = *state;
	char small[sizeof(w->folder)], fill[1 << 12] = "";
	struct pending p = { 0 };
	struct in_force in;
	unsigned n = 0;
	int fd;

	assert_true(snprintf(small, sizeof(small), "%s/small", w->folder) < (int)sizeof(small));
	assert_int_equal(mkdir(small, 0755), 0);
	if (mount("tmpfs", small, "tmpfs", 0, "size=256k") < 0) {
		print_message("skipped: no right to mount a small file system\n");
		skip();
	}
	struct world *full = calloc(1, sizeof(*full));
	snprintf(full->folder, sizeof(full->folder), "%s", small);
	snprintf(full->conf, sizeof(full->conf), "%s/konseki.conf", small);
	world_put(full, "rules/a.rules", "# one\n");
	world_put(full, "more/sites.conf", "privacy = { mask_outside = true; };\n");
	world_conf(full, 60);
	assert_int_equal(versions_open(full->conf, true, &full->versions), 0);
	assert_int_equal(versions_lock(&full->versions), 0);
	assert_int_equal(world_commit(full, 60), 1);
	assert_int_equal(pending_write(&full->versions, &(struct pending){ 2, 1, 100 }), 0);
	assert_int_equal(world_commit(full, 61), 2);
	fd = openat(full->versions.fd, "fill", O_WRONLY | O_CREAT, 0600);
	while (write(fd, fill, sizeof(fill)) > 0)
		;
	close(fd);
	assert_int_equal(world_store(full, &n), -ENOSPC);
	assert_non_null(strstr(full->why, "No space left on device"));
	assert_int_equal(world_leftovers(full), 0);
	assert_int_equal(world_in_force(full, &in), 61);
	assert_int_equal(pending_expire(&full->versions, 100, &p), 1);
	assert_int_equal(world_in_force(full, &in), 60);
	versions_close(&full->versions);
	free(full);
	assert_int_equal(umount(small), 0);
}

static void what_is_damaged_gives_way_to_the_newest_before_it(void **state)
{
	struct world *w = *state;
	struct in_force in;

	for (unsigned i = 1; i <= 5; i++)
		assert_int_equal(world_commit(w, 60 + i), i);
	world_put(w, "konseki.conf.versions/5/files/rules/a.rules", "# onE\n");
	assert_int_equal(world_in_force(w, &in), 64);
	assert_string_equal(in.why, "its rules/a.rules: not what was committed");
	assert_int_equal(in.wanted, 5);
	world_put(w, "konseki.conf.versions/4/version.json", "{\"number\": 4, \"ti");
	assert_int_equal(world_in_force(w, &in), 63);
	snprintf(w->why, sizeof(w->why), "%s.versions/3/files/konseki.conf", w->conf);
	assert_int_equal(unlink(w->why), 0);
	assert_int_equal(world_in_force(w, &in), 62);
	/* `current` is gone, or names nothing */
	assert_int_equal(unlinkat(w->versions.fd, "current", 0), 0);
	assert_int_equal(world_in_force(w, &in), 62);
	assert_int_equal(in.wanted, 0);
	world_put(w, "konseki.conf.versions/current", "1");
	assert_int_equal(world_in_force(w, &in), 62);
	assert_int_equal(unlinkat(w->versions.fd, "current", 0), 0);
	assert_int_equal(symlinkat("../../etc", w->versions.fd, "current"), 0);
	assert_int_equal(world_in_force(w, &in), 62);
	assert_non_null(strstr(in.why, "current names no version"));
	/* a version newer than the one in force is none to fall back to */
	assert_int_equal(versions_point(&w->versions, 1), 0);
	world_put(w, "konseki.conf.versions/1/files/konseki.conf", "");
	assert_int_equal(world_in_force(w, &in), 0);
}

static void links_inside_are_not_followed(void **state)
{
	struct world *w = *state;
	struct versions other;
	struct version *v;
	struct in_force in;

	assert_int_equal(world_commit(w, 60), 1);
	assert_int_equal(world_commit(w, 61), 2);
	/* a copy that is a link to a file of the same contents */
	assert_int_equal(unlinkat(w->versions.fd, "2/files/rules/a.rules", 0), 0);
	assert_int_equal(symlinkat("../../../../rules/a.rules", w->versions.fd, "2/files/rules/a.rules"), 0);
	assert_int_equal(world_in_force(w, &in), 60);
	assert_int_equal(symlinkat("1", w->versions.fd, "7"), 0);
	assert_int_equal(version_read(&w->versions, 7, &v), -EBADMSG);
	assert_int_equal(symlinkat("1/version.json", w->versions.fd, "pending"), 0);
	assert_int_equal(pending_read(&w->versions, &(struct pending){ 0 }), -ELOOP);
	/* removing one leaves what it points at */
	assert_int_equal(versions_remove(&w->versions, 7), 0);
	assert_int_equal(world_in_force(w, &in), 60);
	snprintf(w->why, sizeof(w->why), "%s/more/other.conf", w->folder);
	world_put(w, "more/other.conf", "");
	world_put(w, "x", "");
	assert_int_equal(symlink(w->versions.path, strcat(w->why, ".versions")), 0);
	w->why[strlen(w->why) - strlen(".versions")] = 0;
	assert_true(versions_open(w->why, true, &other) < 0);
	versions_close(&other);
}

static void only_one_commits_at_a_time(void **state)
{
	struct world *w = *state;
	struct versions other;

	assert_int_equal(versions_open(w->conf, true, &other), 0);
	assert_int_equal(versions_lock(&other), -EWOULDBLOCK);
	versions_close(&w->versions);
	assert_int_equal(versions_lock(&other), 0);
	versions_close(&other);
	assert_int_equal(versions_open(w->conf, true, &w->versions), 0);
	assert_int_equal(versions_lock(&w->versions), 0);
}

static void a_file_that_changes_meanwhile_is_not_committed(void **state)
{
	struct world *w = *state;
	struct complaints c = { .to = stderr };
	struct version *v = NULL;

	assert_int_equal(settings_load(w->conf, &c, &w->settings), 0);
	assert_int_equal(commit_describe(&w->settings, w->why, &v), 0);
	world_put(w, "rules/a.rules", "# other\n");
	assert_int_equal(commit_store(&w->versions, &w->settings, v, w->why), -ESTALE);
	assert_non_null(strstr(w->why, "rules/a.rules changed while it was committed"));
	assert_int_equal(world_leftovers(w), 0);
	version_free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_crash_at_any_point_leaves_the_old_version, world_begin, world_end),
		cmocka_unit_test_setup_teardown(a_write_that_fails_anywhere_leaves_nothing, world_begin, world_end),
		cmocka_unit_test_setup_teardown(a_full_disk_is_one_error_and_going_back_needs_no_room, world_begin, world_end),
		cmocka_unit_test_setup_teardown(what_is_damaged_gives_way_to_the_newest_before_it, world_begin, world_end),
		cmocka_unit_test_setup_teardown(links_inside_are_not_followed, world_begin, world_end),
		cmocka_unit_test_setup_teardown(only_one_commits_at_a_time, world_begin, world_end),
		cmocka_unit_test_setup_teardown(a_file_that_changes_meanwhile_is_not_committed, world_begin, world_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
