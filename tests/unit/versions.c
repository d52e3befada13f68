/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Committed versions of a config: what is kept of one, which is in force, which goes back, which keys changed. */
#include "tests/unit/version_world.h"

#include "config/changes.h"
#include "config/origin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void a_version_reads_its_own_copies_and_keeps_its_state_where_it_was(void **state)
{
	struct world *w = *state;
	struct complaints c = { .to = stderr };
	char path[PATH_MAX];

	assert_int_equal(world_commit(w, 60), 1);
	world_put(w, "rules/a.rules", "# two\n");
	world_put(w, "more/sites.conf", "privacy = { mask_outside = false; };\n");
	snprintf(path, sizeof(path), "%s.versions/current/files/konseki.conf", w->conf);
	assert_int_equal(settings_load(path, &c, &w->settings), 0);
	assert_true(w->settings.mask_outside);
	snprintf(path, sizeof(path), "%s.versions/1/files/konseki.conf", w->conf);
	assert_string_equal(w->settings.file, path);
	snprintf(path, sizeof(path), "%s.versions/1/files/rules/a.rules", w->conf);
	assert_string_equal(w->settings.rules[0], path);
	snprintf(path, sizeof(path), "%s/state", w->folder);
	assert_string_equal(w->settings.store, path);
	assert_string_equal(world_text(w, "konseki.conf.versions/1/files/rules/a.rules"), "# one\n");
}

static void only_the_folder_of_a_version_is_taken_for_one(void **state)
{
	char home[PATH_MAX];

	assert_true(origin_of("/etc/k/a.conf.versions/12/files/a.conf", home));
	assert_string_equal(home, "/etc/k");
	assert_true(origin_of("/a.conf.versions/1.tmp/files/a.conf", home));
	assert_string_equal(home, "/");
	assert_false(origin_of("/etc/a.conf.versions/12/files/b.conf", home));
	assert_false(origin_of("/etc/a.conf.versions/012/files/a.conf", home));
	assert_false(origin_of("/etc/a.conf.versions/x/files/a.conf", home));
	assert_false(origin_of("/etc/a.conf.version/1/files/a.conf", home));
	assert_false(origin_of("/etc/a.conf.versions/1/file/a.conf", home));
	assert_false(origin_of("/etc/a.conf.versions/1/a.conf", home));
	assert_false(origin_of("/1/files/a.conf", home));
	assert_false(origin_of("/files/a.conf", home));
	assert_false(origin_of("/a.conf", home));
	assert_string_equal(origin_below("/etc", "/etc/./a"), "a");
	assert_string_equal(origin_below("/", "/a/b..c"), "a/b..c");
	assert_null(origin_below("/etc", "/etc/a/../../b"));
	assert_null(origin_below("/etc", "/etcetera/a"));
	assert_null(origin_below("/etc", "/etc/"));
}

static void what_is_known_of_a_version_comes_back(void **state)
{
	struct world *w = *state;
	struct version *v = NULL, *again = NULL;
	unsigned n = 0;

	world_put(w, "../konseki-versions-outside.rules", "# outside\n");
	world_put(w, "konseki.conf", "rules = { files = [ \"rules/a.rules\", \"../konseki-versions-outside.rules\" ]; };\n");
	assert_int_equal(world_store(w, &n), 0);
	assert_int_equal(version_read(&w->versions, n, &v), 0);
	assert_int_equal(v->number, 1);
	assert_string_equal(v->author, "tester");
	assert_string_equal(v->reason, "a \"reason\"");
	assert_int_equal(v->files_count, 3);
	assert_string_equal(v->files[0].path, "konseki.conf");
	assert_string_equal(v->files[0].role, "main");
	assert_string_equal(v->files[1].role, "rules.files");
	assert_int_equal(v->files[1].bytes, 6);
	/* of sha256sum */
	assert_string_equal(v->files[1].sha256, "54c592ac3a26758bdc4232b5a2f32eed508b2b3c48bc3b177eae44a5b47bd0c8");
	assert_true(v->files[2].outside);
	assert_int_equal(version_check(&w->versions, v, &v->files[2], true), 0);
	world_put(w, "../konseki-versions-outside.rules", "# outsidE\n");
	assert_int_equal(version_check(&w->versions, v, &v->files[2], true), -EBADMSG);
	assert_int_equal(version_read(&w->versions, 2, &again), -ENOENT);
	version_free(v);
	unlink("/tmp/konseki-versions-outside.rules");
}

static void an_included_file_from_elsewhere_is_told(void **state)
{
	struct world *w = *state;
	struct complaints c = { .to = stderr };
	struct version *v = NULL;

	world_put(w, "../konseki-versions-outside.conf", "privacy = { };\n");
	world_put(w, "konseki.conf", "@include \"../konseki-versions-outside.conf\"\n");
	assert_int_equal(settings_load(w->conf, &c, &w->settings), 0);
	assert_int_equal(commit_describe(&w->settings, w->why, &v), -EXDEV);
	assert_non_null(strstr(w->why, "konseki-versions-outside.conf lies outside of"));
	unlink("/tmp/konseki-versions-outside.conf");
}

static void what_is_not_confirmed_goes_back_once(void **state)
{
	struct world *w = *state;
	struct pending p = { 0 };
	struct in_force in;

	assert_int_equal(world_commit(w, 60), 1);
	assert_int_equal(pending_expire(&w->versions, 1000, &p), 0);
	assert_int_equal(pending_write(&w->versions, &(struct pending){ 2, 1, 1000 }), 0);
	assert_int_equal(pending_read(&w->versions, &p), -ENOENT); /* a crash before it was in force */
	assert_int_equal(pending_expire(&w->versions, 1000, &p), 0);
	assert_int_equal(world_commit(w, 61), 2);
	assert_int_equal(pending_read(&w->versions, &p), 0);
	assert_int_equal(p.back_to, 1);
	assert_int_equal(pending_expire(&w->versions, 999, &p), 0);
	assert_int_equal(pending_expire(&w->versions, 1000, &p), 1);
	assert_int_equal(p.number, 2);
	assert_int_equal(world_in_force(w, &in), 60);
	assert_true(pending_went_back(&w->versions, 2));
	assert_false(pending_went_back(&w->versions, 1));
	assert_int_equal(pending_expire(&w->versions, 2000, &p), 0);
	/* confirmed in time */
	assert_int_equal(pending_write(&w->versions, &(struct pending){ 3, 1, 1000 }), 0);
	assert_int_equal(world_commit(w, 62), 3);
	assert_int_equal(pending_end(&w->versions), 0);
	assert_int_equal(pending_expire(&w->versions, 2000, &p), 0);
	/* what no one of us wrote */
	static const char *const strange[] = { "", "3 1", "3 1 x\n", "3 1 5", "3 0 5\n", "3 3 5\n", "03 1 5\n", "-1 1 5\n", "3 1 99999999999999999999\n" };
	for (unsigned i = 0; i < COUNT_OF(strange); i++) {
		world_put(w, "konseki.conf.versions/pending", strange[i]);
		assert_int_equal(pending_read(&w->versions, &p), -EBADMSG);
	}
	assert_int_equal(world_in_force(w, &in), 62);
}

static void the_oldest_go_but_never_the_one_in_force(void **state)
{
	struct world *w = *state;
	unsigned all[16];

	for (unsigned i = 1; i <= 6; i++)
		world_commit(w, 60 + i);
	assert_int_equal(versions_point(&w->versions, 1), 0);
	assert_int_equal(versions_prune(&w->versions, 3, 1, 2), 0);
	assert_int_equal(versions_list(&w->versions, all, COUNT_OF(all)), 5);
	assert_int_equal(all[0], 6);
	assert_int_equal(all[2], 4);
	assert_int_equal(all[3], 2);
	assert_int_equal(all[4], 1);
	assert_int_equal(world_leftovers(w), 0);
}

static void no_strange_description_is_taken(void **state)
{
	static const char file[] = "{\"path\":\"%s\",\"role\":\"%s\",\"sha256\":\"%s\",\"bytes\":%s,\"outside\":%s}";
	static const char digest[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	static const struct {
		const char *path, *role, *sha256, *bytes, *outside;
	} bad[] = {
		{ "../x", "main", digest, "1", "false" }, { "/x", "main", digest, "1", "false" }, { "a/../../x", "main", digest, "1", "false" },
		{ "x", "main", digest, "1", "true" }, { "x", "include", digest, "1", "false" }, { "x", "main", "00", "1", "false" },
		{ "x", "main", digest, "-1", "false" }, { "x", "main", digest, "\"1\"", "false" }, { "x", "main", digest, "1", "0" },
		{ "", "main", digest, "1", "false" },
	};
	char one[1024], text[2048];
	struct version *v;

	for (int i = -1; i < (int)COUNT_OF(bad); i++) {
		if (i < 0)
			snprintf(one, sizeof(one), file, "x", "main", digest, "1", "false");
		else
			snprintf(one, sizeof(one), file, bad[i].path, bad[i].role, bad[i].sha256, bad[i].bytes, bad[i].outside);
		snprintf(text, sizeof(text), "{\"number\":2,\"time\":\"t\",\"author\":\"a\",\"reason\":\"r\",\"parent\":1,\"files\":[%s]}", one);
		if (version_decode(text, strlen(text), &v) == 0) {
			assert_int_equal(i, -1);
			version_free(v);
		} else {
			assert_int_not_equal(i, -1);
		}
	}
	assert_int_equal(version_decode("[]", 2, &v), -EBADMSG);
	assert_int_equal(version_decode("", 0, &v), -EBADMSG);
	assert_false(version_text_ok("a\x1b[1m", 100));
	assert_false(version_text_ok("a\xff", 100));
	assert_false(version_text_ok("four", 3));
	assert_true(version_text_ok("größer", 100));
}

struct told {
	char text[4096];
};

static void tell(void *context, const struct schema_row *row, const char *was, const char *is)
{
	struct told *t = context;
	size_t len = strlen(t->text);

	snprintf(t->text + len, sizeof(t->text) - len, "%s: %s -> %s\n", row->path, was, is);
}

static void changed_keys_are_told_by_value_not_by_spelling(void **state)
{
	struct world *w = *state;
	struct complaints c = { .to = stderr };
	static struct settings other;
	struct told t = { "" };
	char path[PATH_MAX];

	world_put(w, "konseki.conf", "judging = { window_s = 60; sites = ( { name = \"s\"; addresses = [ \"192.0.2.1\" ]; } ); };\nrules = { home = [ \"10.0.0.0/8\" ]; };\n");
	world_put(w, "b.conf", "rules = { home = ( \"10.0.0.0/8\" ); };\njudging = { window_s = 0x3c; sites = ( { name = \"s\"; addresses = [ \"192.0.2.2\" ]; } );\n"
	                 "success_bits = 31; };\nstore = { folder = \"s\"; };\n@include \"more/sites.conf\"\n");
	assert_int_equal(settings_load(w->conf, &c, &w->settings), 0);
	snprintf(path, sizeof(path), "%s/b.conf", w->folder);
	assert_int_equal(settings_load(path, &c, &other), 0);
	assert_int_equal(changes_each(&w->settings, &other, tell, &t), 4);
	snprintf(w->why, sizeof(w->why),
	         "judging.success_bits: 30 -> 31\njudging.sites: [{ name = \"s\", addresses = [\"192.0.2.1\"] }] -> [{ name = \"s\", addresses = [\"192.0.2.2\"] }]\n"
	         "store.folder: \"%s/../build/state\" -> \"%s/s\"\nprivacy.mask_outside: false -> true\n", w->folder, w->folder);
	assert_string_equal(t.text, w->why);
	assert_int_equal(changes_each(&other, &other, NULL, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_version_reads_its_own_copies_and_keeps_its_state_where_it_was, world_begin, world_end),
		cmocka_unit_test(only_the_folder_of_a_version_is_taken_for_one),
		cmocka_unit_test_setup_teardown(what_is_known_of_a_version_comes_back, world_begin, world_end),
		cmocka_unit_test_setup_teardown(an_included_file_from_elsewhere_is_told, world_begin, world_end),
		cmocka_unit_test_setup_teardown(what_is_not_confirmed_goes_back_once, world_begin, world_end),
		cmocka_unit_test_setup_teardown(the_oldest_go_but_never_the_one_in_force, world_begin, world_end),
		cmocka_unit_test(no_strange_description_is_taken),
		cmocka_unit_test_setup_teardown(changed_keys_are_told_by_value_not_by_spelling, world_begin, world_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
