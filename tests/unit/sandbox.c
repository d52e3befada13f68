/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Zygote, workers and jail, with servers whose code tries to get out, hangs, aborts and spends. */
#include "control/queue/pool.h"
#include "emu/pool/jail.h"
#include "emu/pool/zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* The server: its code is a word that says what native code in a worker would do. */
struct server {
	const char *name;
};

static struct server first = { "first" }, second = { "second" };
static struct server *const servers[] = { &first, &second };
static int secret = -1; /* a descriptor that the zygote holds and no worker may */
static struct outcome outcome;
static unsigned runs_here; /* state that a worker keeps from job to job */

const char *server_name(const struct server *s)
{
	return s->name;
}

bool server_spoilt(const struct server *s)
{
	return false;
}

int server_warm(struct server *s, enum language l)
{
	return 0;
}

unsigned server_warmed(struct server *const *all, unsigned count)
{
	return 0;
}

int server_warm_all(struct server *const *all, unsigned count, unsigned warmed)
{
	return 0;
}

bool server_runs(const struct server *s, enum language l)
{
	return l == LANGUAGE_SHELL;
}

/* Each returns only where it was not stopped. */
static void try_open(void)
{
	(void)!open("/etc/hostname", O_RDONLY);
}

static void try_create(void)
{
	(void)!open("/tmp/konseki-escaped", O_WRONLY | O_CREAT, 0600);
}

static void try_socket(void)
{
	(void)!socket(AF_INET, SOCK_STREAM, 0);
}

static void try_exec(void)
{
	char *argv[] = { NULL };

	execv("/bin/true", argv);
}

static void try_fork(void)
{
	if (fork() == 0)
		_exit(0);
}

static void try_secret(void)
{
	char c;

	/* Reading is allowed, but the descriptor is not there: the worker dies by its own hand then. */
	if (read(5, &c, 1) < 0 && errno == EBADF)
		abort();
}

static void try_memory(void)
{
	if (mmap(NULL, (size_t)2 << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED)
		abort();
}

static void spin(void)
{
	for (volatile unsigned i = 0;; i++)
		;
}

/* Nothing that it can be told reaches it any more: no signal that can be blocked, no timer, no closed socket. */
static void stall(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setitimer(ITIMER_PROF, &(struct itimerval){ 0 }, NULL);
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	spin();
}

/* What no worker may say, and more of it than anyone reads. */
static void babble(void)
{
	static uint8_t much[1 << 20];

	memset(much, 0x55, sizeof(much));
	for (int i = 0; i < 64; i++)
		if (write(JAIL_SOCKET, much, sizeof(much)) < 0)
			break;
	spin();
}

/* The ways out by one call alone are tests/unit/escape.c's. */
static const struct { const char *word; void (*does)(void); } acts[] = {
	{ "open", try_open }, { "create", try_create }, { "socket", try_socket }, { "exec", try_exec },
	{ "fork", try_fork }, { "secret", try_secret }, { "memory", try_memory }, { "abort", abort }, { "spin", spin },
	{ "stall", stall }, { "babble", babble },
};

int server_run(struct server *s, const struct command *c, const struct outcome **ret)
{
	static char text[64];

	memset(&outcome, 0, sizeof(outcome));
	for (unsigned i = 0; i < COUNT_OF(acts); i++) {
		if (bytes_equal(c->code, bytes_text(acts[i].word)))
			acts[i].does();
	}
	if (bytes_equal(c->code, bytes_text("fail")))
		return -EIO;
	if (bytes_equal(c->code, bytes_text("spend")))
		outcome.run.stopped_by = STOPPED_BLOCKS;
	runs_here++;
	outcome.run.profile = bytes_text(s->name);
	snprintf(text, sizeof(text), bytes_equal(c->code, bytes_text("count")) ? "run %u" : "out", runs_here);
	outcome.run.out = outcome.run.output = bytes_text(text);
	*ret = &outcome;
	return 0;
}

struct stage {
	struct pool *pool;
	pid_t zygote;
};

static int start(void **state, unsigned workers, unsigned jobs)
{
	struct stage *s = calloc(1, sizeof(*s));
	int pair[2];

	if (s == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	s->zygote = fork();
	if (s->zygote == 0) {
		const struct zygote z = { .control = pair[1], .workers = workers, .jobs_per_worker = jobs,
			.servers = servers, .servers_count = COUNT_OF(servers) };

		secret = open("/dev/zero", O_RDONLY);
		for (int fd = 4; fd < 10; fd++) {
			if (fd != pair[1])
				dup2(secret, fd);
		}
		close(pair[0]);
		_exit(zygote_run(&z) == 0 ? 0 : 1);
	}
	close(pair[1]);
	*state = s;
	return pool_open(pair[0], &s->pool);
}

static int start_one(void **state)
{
	return start(state, 1, 100);
}

static int start_short(void **state)
{
	return start(state, 1, 3);
}

static int stop(void **state)
{
	struct stage *s = *state;
	int status;

	pool_close(s->pool);
	waitpid(s->zygote, &status, 0);
	free(s);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static void ask(struct stage *s, const char *code, struct answer *ret)
{
	static uint64_t id;
	const struct job j = { .id = ++id, .language = LANGUAGE_SHELL, .code = bytes_text(code), .runs = true };

	assert_int_equal(pool_ask(s->pool, &j, 60000000000u, ret), 0);
}

static enum stopped_by stopped(struct stage *s, const char *code)
{
	struct answer a;
	enum stopped_by by;

	ask(s, code, &a);
	by = a.report->stopped_by;
	answer_free(&a);
	return by;
}

static void an_ordinary_job_is_answered(void **state)
{
	struct answer a;

	ask(*state, "echo", &a);
	assert_int_equal(a.report->stopped_by, STOPPED_EXIT);
	assert_int_equal(a.report->runs_count, 2);
	assert_true(bytes_equal(a.report->runs[0].out, bytes_text("out")));
	answer_free(&a);
}

static void every_way_out_ends_the_worker_and_the_next_job_is_served(void **state)
{
	for (unsigned i = 0; i < COUNT_OF(acts); i++) {
		if (acts[i].does == spin || acts[i].does == stall)
			continue;
		print_message("          %s\n", acts[i].word);
		assert_int_equal(stopped(*state, acts[i].word), STOPPED_DIED);
		assert_int_equal(stopped(*state, "echo"), STOPPED_EXIT);
	}
	assert_int_not_equal(access("/tmp/konseki-escaped", F_OK), 0);
}

static void a_run_without_end_is_stopped_by_the_watchdog(void **state)
{
	assert_int_equal(stopped(*state, "spin"), STOPPED_WATCHDOG);
	assert_int_equal(stopped(*state, "echo"), STOPPED_EXIT);
}

/* Control alone ends it, at the job's deadline. */
static void a_worker_that_nothing_reaches_is_ended_by_control(void **state)
{
	const struct job j = { .id = 77, .language = LANGUAGE_SHELL, .code = bytes_text("stall"), .runs = true };
	struct stage *s = *state;
	struct answer a;
	pid_t pid;

	assert_int_equal(stopped(s, "echo"), STOPPED_EXIT);
	pid = pool_worker_pid(s->pool, 0);
	assert_int_equal(pool_ask(s->pool, &j, 500000000u, &a), 0);
	assert_int_equal(a.report->stopped_by, STOPPED_WATCHDOG);
	answer_free(&a);
	assert_int_equal(stopped(s, "echo"), STOPPED_EXIT);
	assert_int_not_equal(kill(pid, 0), 0);
}

static void a_failed_machine_is_an_answer_and_a_new_worker(void **state)
{
	assert_int_equal(stopped(*state, "fail"), STOPPED_DIED);
	assert_int_equal(stopped(*state, "echo"), STOPPED_EXIT);
}

/* The first run in a worker says "run 1". */
static bool is_fresh(struct stage *s)
{
	struct answer a;
	bool fresh;

	ask(s, "count", &a);
	fresh = bytes_equal(a.report->runs[0].out, bytes_text("run 1"));
	answer_free(&a);
	return fresh;
}

static void a_spent_budget_replaces_the_worker(void **state)
{
	assert_true(is_fresh(*state));
	assert_false(is_fresh(*state));
	assert_int_equal(stopped(*state, "spend"), STOPPED_BLOCKS);
	assert_true(is_fresh(*state));
}

static void so_many_jobs_replace_the_worker(void **state)
{
	assert_true(is_fresh(*state));
	assert_false(is_fresh(*state));
	assert_false(is_fresh(*state));
	assert_true(is_fresh(*state));
}

static void a_worker_killed_from_outside_is_replaced(void **state)
{
	struct stage *s = *state;

	assert_int_equal(stopped(s, "echo"), STOPPED_EXIT);
	assert_int_equal(kill(pool_worker_pid(s->pool, 0), SIGKILL), 0);
	assert_int_equal(stopped(s, "echo") == STOPPED_EXIT || stopped(s, "echo") == STOPPED_EXIT, 1);
}

/* What the child of a test does; the exit status is its answer. */
static int in_child(int (*act)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(act());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int behind_landlock(void)
{
	int r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return 1;
	r = jail_hide();
	if (r == -ENOSYS || r == -EOPNOTSUPP)
		return 77;
	if (r < 0)
		return 2;
	return open("/etc/hostname", O_RDONLY) < 0 && errno == EACCES && mkdir("/tmp/konseki-made", 0700) < 0 ? 0 : 3;
}

static void landlock_alone_refuses_every_path(void **state)
{
	int answer = in_child(behind_landlock);

	if (answer == 77)
		skip();
	assert_int_equal(answer, 0);
}

static int behind_limits(void)
{
	FILE *f = tmpfile();

	if (f == NULL || jail_limit() < 0)
		return 1;
	signal(SIGXFSZ, SIG_IGN);
	if (write(fileno(f), "x", 1) >= 0)
		return 2;
	if (mmap(NULL, (size_t)2 << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != MAP_FAILED)
		return 3;
	for (int i = 0; i < 16; i++) {
		if (dup(0) < 0)
			return 0;
	}
	return 4;
}

static void limits_alone_refuse_files_memory_and_descriptors(void **state)
{
	assert_int_equal(in_child(behind_limits), 0);
}

static int behind_the_filter(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || jail_filter() < 0)
		return 1;
	syscall(SYS_getpid);
	return 2;
}

static void the_filter_alone_kills_at_a_call_that_is_not_listed(void **state)
{
	assert_int_equal(in_child(behind_the_filter), -SIGSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_ordinary_job_is_answered, start_one, stop),
		cmocka_unit_test_setup_teardown(every_way_out_ends_the_worker_and_the_next_job_is_served, start_one, stop),
		cmocka_unit_test_setup_teardown(a_run_without_end_is_stopped_by_the_watchdog, start_one, stop),
		cmocka_unit_test_setup_teardown(a_worker_that_nothing_reaches_is_ended_by_control, start_one, stop),
		cmocka_unit_test_setup_teardown(a_failed_machine_is_an_answer_and_a_new_worker, start_one, stop),
		cmocka_unit_test_setup_teardown(a_spent_budget_replaces_the_worker, start_one, stop),
		cmocka_unit_test_setup_teardown(so_many_jobs_replace_the_worker, start_short, stop),
		cmocka_unit_test_setup_teardown(a_worker_killed_from_outside_is_replaced, start_one, stop),
		cmocka_unit_test(landlock_alone_refuses_every_path),
		cmocka_unit_test(limits_alone_refuse_files_memory_and_descriptors),
		cmocka_unit_test(the_filter_alone_kills_at_a_call_that_is_not_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
