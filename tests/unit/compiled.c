/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiled patterns that are kept on disk: found again, and never believed where they are not whole or not ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "dataplane/match/compiled.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/konseki-kept.XXXXXX", kept[sizeof(folder) + 8];

/* The names of what the folder holds; how many. */
static unsigned files(char ret[][128], unsigned max)
{
	DIR *all = opendir(kept);
	const struct dirent *e;
	unsigned count = 0;

	while (all != NULL && (e = readdir(all)) != NULL && count < max)
		if (e->d_name[0] != '.')
			snprintf(ret[count++], 128, "%s/%.80s", kept, e->d_name);
	if (all != NULL)
		closedir(all);
	return count;
}

static int told(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	(void)from, (void)to, (void)flags;
	*(unsigned *)context += 1 + id;
	return 0;
}

/* Does the database that comes for these two patterns find both of them? */
static void works(const char *where, const char *first, bool literal)
{
	const char *texts[] = { first, "second" };
	const unsigned flags[] = { HS_FLAG_SINGLEMATCH, HS_FLAG_SINGLEMATCH }, ids[] = { 3, 5 };
	const size_t lens[] = { strlen(first), 6 };
	struct compiled_patterns p = { texts, flags, ids, literal ? lens : NULL, 2 };
	hs_database_t *db = NULL;
	hs_scratch_t *scratch = NULL;
	char why[128], text[64];
	unsigned sum = 0;

	assert_int_equal(compiled_get(where, &p, why, sizeof(why), &db), 0);
	assert_int_equal(hs_alloc_scratch(db, &scratch), HS_SUCCESS);
	snprintf(text, sizeof(text), "a %s and a second", first);
	assert_int_equal(hs_scan(db, text, (unsigned)strlen(text), 0, scratch, told, &sum), HS_SUCCESS);
	assert_int_equal(sum, 4 + 6);
	hs_free_scratch(scratch);
	hs_free_database(db);
}

static void what_was_compiled_is_found_again(void **state)
{
	char names[8][128];
	struct stat before, after;

	works(kept, "first", true);
	assert_int_equal(files(names, 8), 1);
	assert_int_equal(stat(names[0], &before), 0);
	works(kept, "first", true);
	assert_int_equal(stat(names[0], &after), 0);
	assert_int_equal(before.st_ino, after.st_ino); /* it was not written again */
	works(kept, "first", false); /* the same texts as expressions are something else */
	works(kept, "fir+st", true);
	assert_int_equal(files(names, 8), 3);
}

static void what_is_not_whole_is_compiled_again(void **state)
{
	char names[8][128], byte = 0;
	struct stat s;
	int fd;

	works(kept, "broken", true);
	for (unsigned i = 0, count = files(names, 8); i < count; i++) {
		assert_int_equal(stat(names[i], &s), 0);
		assert_true((fd = open(names[i], O_RDWR)) >= 0);
		assert_int_equal(pread(fd, &byte, 1, s.st_size - 9), 1);
		byte = (char)(byte ^ 0x40);
		assert_int_equal(pwrite(fd, &byte, 1, s.st_size - 9), 1);
		close(fd);
	}
	works(kept, "broken", true);
	for (unsigned i = 0, count = files(names, 8); i < count; i++)
		assert_int_equal(truncate(names[i], 40), 0);
	works(kept, "broken", true);
}

static void what_others_may_write_is_not_believed(void **state)
{
	char names[8][128];
	unsigned count;

	works(kept, "other", true);
	count = files(names, 8);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(chmod(names[i], 0666), 0);
	works(kept, "other", true);
	assert_int_equal(chmod(kept, 0777), 0);
	works(kept, "never kept", true);
	assert_int_equal(files(names, 8), count);
	assert_int_equal(chmod(kept, 0755), 0);
}

static void a_folder_that_cannot_be_costs_nothing_but_time(void **state)
{
	works(NULL, "none", true);
	works("", "none", true);
	works("/nonexistent/folder/deep", "none", false);
	works("/dev/null", "none", false);
}

static void the_oldest_go(void **state)
{
	static char names[256][128];
	char text[32];

	for (unsigned i = 0; i < 80; i++) {
		snprintf(text, sizeof(text), "text %u", i);
		works(kept, text, true);
	}
	assert_int_equal(files(names, 256), 64);
}

static int clear(void **state)
{
	static char names[256][128];
	unsigned count = files(names, 256);

	for (unsigned i = 0; i < count; i++)
		unlink(names[i]);
	rmdir(kept);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(what_was_compiled_is_found_again, clear),
		cmocka_unit_test_teardown(what_is_not_whole_is_compiled_again, clear),
		cmocka_unit_test_teardown(what_others_may_write_is_not_believed, clear),
		cmocka_unit_test(a_folder_that_cannot_be_costs_nothing_but_time),
		cmocka_unit_test_teardown(the_oldest_go, clear),
	};
	int failed;

	umask(022);
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(kept, sizeof(kept), "%s/kept", folder);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(folder);
	return failed;
}
