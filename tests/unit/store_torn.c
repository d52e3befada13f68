/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The store on a disk that takes half of a write and then nothing, or says that it is full, at every moment there is. */
#include "control/store/store.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { MIB = 1 << 20, ROUNDS = 5, DEAD = 9 };

static char folder[64];

/* What becomes of the write that brings the countdown to 0. */
static enum { WHOLE, TORN, FULL, BROKEN } fate;
static long countdown;
static unsigned met; /* writes that met it */

static bool is_due(void)
{
	if (fate == WHOLE || countdown == 0 || --countdown > 0)
		return false;
	met++;
	return true;
}

static ssize_t refuse(void)
{
	errno = fate == FULL ? ENOSPC : EIO;
	return -1;
}

/*
 * LMDB's writes come through these: a program's own go before its libraries'. Both names of each, which on this
 * processor do the same.
 */
ssize_t hook_pwrite(int fd, const void *buf, size_t n, off_t at) __asm__("pwrite");
ssize_t hook_pwrite64(int fd, const void *buf, size_t n, off_t at) __asm__("pwrite64");
ssize_t hook_pwritev(int fd, const struct iovec *v, int count, off_t at) __asm__("pwritev");
ssize_t hook_pwritev64(int fd, const struct iovec *v, int count, off_t at) __asm__("pwritev64");
ssize_t hook_writev(int fd, const struct iovec *v, int count) __asm__("writev");

ssize_t hook_pwrite(int fd, const void *buf, size_t n, off_t at)
{
	if (!is_due())
		return syscall(SYS_pwrite64, fd, buf, n, at);
	if (fate != TORN)
		return refuse();
	syscall(SYS_pwrite64, fd, buf, n / 2, at);
	_exit(DEAD);
}

ssize_t hook_pwrite64(int fd, const void *buf, size_t n, off_t at)
{
	return hook_pwrite(fd, buf, n, at);
}

ssize_t hook_pwritev(int fd, const struct iovec *v, int count, off_t at)
{
	if (!is_due())
		return syscall(SYS_pwritev, fd, v, count, at, 0);
	if (fate != TORN)
		return refuse();
	syscall(SYS_pwritev, fd, v, count / 2, at, 0);
	_exit(DEAD);
}

ssize_t hook_pwritev64(int fd, const struct iovec *v, int count, off_t at)
{
	return hook_pwritev(fd, v, count, at);
}

ssize_t hook_writev(int fd, const struct iovec *v, int count)
{
	if (!is_due())
		return syscall(SYS_writev, fd, v, count);
	if (fate != TORN)
		return refuse();
	syscall(SYS_writev, fd, v, count / 2);
	_exit(DEAD);
}

static int make_folder(void **state)
{
	snprintf(folder, sizeof(folder), "/tmp/konseki-torn-XXXXXX");
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "data.mdb", "lock.mdb" };
	char path[128];

	fate = WHOLE;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	return rmdir(folder);
}

static struct store *open_store(void)
{
	struct store *s = NULL;

	assert_int_equal(store_open(folder, 16 * MIB, MIB, STORE_DURABLE, &s), 0);
	return s;
}

/* One verdict with a case of several pages and a line. */
static int put(struct store *s, uint64_t flow)
{
	static uint8_t pages[9000];
	const struct store_record r = { .id = { flow, 1 }, .time_ns = flow, .revision = 1, .json = bytes_text("{\"verdict\":1}") };
	char line[32];
	int e;

	snprintf(line, sizeof(line), "<1>%lu", (unsigned long)flow);
	e = store_put_record(s, &r, bytes_of(pages, sizeof(pages)), bytes_text(line));
	return e < 0 ? e : store_commit(s);
}

/* Everything up to flow is there, with case and line; nothing is there by half. */
static void assert_whole(struct store *s, uint64_t flow)
{
	uint64_t number = 0, lines = 0;
	struct bytes b;

	for (uint64_t i = 1; i <= flow + 1; i++) {
		const struct case_id id = { i, 1 };
		struct store_record r;
		int there = store_find_record(s, &id, &r);

		assert_true(there == 0 || i == flow + 1);
		assert_int_equal(store_find_case(s, &id, &b), there);
		if (there == 0)
			assert_true(bytes_equal(r.json, bytes_text("{\"verdict\":1}")));
	}
	while (store_spool_next(s, number, &number, &b) == 0)
		lines++;
	assert_in_range(lines, flow, flow + 1);
}

/* A child commits verdicts and says so of each, until a write of its is cut in two. */
static bool crash_at(long write_number)
{
	int said[2], status;
	uint64_t committed = 0, flow;
	pid_t child;

	assert_int_equal(pipe(said), 0);
	child = fork();
	if (child == 0) {
		struct store *s = open_store();

		countdown = write_number;
		fate = TORN;
		for (flow = 1; flow <= ROUNDS; flow++)
			if (put(s, flow) < 0 || write(said[1], &flow, sizeof(flow)) < 0)
				_exit(1);
		_exit(0);
	}
	close(said[1]);
	while (read(said[0], &flow, sizeof(flow)) == sizeof(flow))
		committed = flow;
	close(said[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == DEAD || WEXITSTATUS(status) == 0));

	struct store *s = open_store();

	assert_whole(s, committed);
	assert_int_equal(put(s, 1000), 0); /* and it goes on */
	store_close(s);
	return WEXITSTATUS(status) == DEAD;
}

static void half_of_any_write_loses_nothing_committed(void **state)
{
	long n = 1;

	for (bool died = true; died; n++) {
		died = crash_at(n);
		remove_folder(NULL);
		assert_int_equal(make_folder(NULL), 0);
	}
	assert_true(n > 2 * ROUNDS); /* pages and meta of each commit */
}

/* Every write in turn fails once: that commit is lost and says so, the next one goes through, and what was there stays. */
static void fails_once(int how)
{
	unsigned failed = 0, before;

	for (long n = 1;; n++) {
		struct store *s = open_store();
		uint64_t last = 0;

		countdown = n;
		fate = how;
		before = met;
		for (uint64_t flow = 1; flow <= ROUNDS; flow++) {
			int r = put(s, flow);

			failed += r < 0;
			if (r < 0)
				r = put(s, flow); /* again, as the publisher does */
			assert_int_equal(r, 0);
			last = flow;
		}
		fate = WHOLE;
		assert_whole(s, last);
		store_close(s);
		s = open_store();
		assert_whole(s, last);
		store_close(s);
		remove_folder(NULL);
		assert_int_equal(make_folder(NULL), 0);
		if (met == before)
			break;
	}
	assert_true(failed > ROUNDS);
}

static void a_disk_that_is_full_for_one_write_loses_nothing(void **state)
{
	fails_once(FULL);
}

static void a_disk_that_fails_one_write_loses_nothing(void **state)
{
	fails_once(BROKEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(half_of_any_write_loses_nothing_committed, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_disk_that_is_full_for_one_write_loses_nothing, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_disk_that_fails_one_write_loses_nothing, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
