/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The emulation pool against a zygote and workers that the test itself plays. */
#include "control/queue/queue.h"
#include "control/wire/frame.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { PID = 4321 };

struct stage {
	struct pool *pool;
	int zygote, worker; /* our ends of them */
};

static void put_frame(int fd, uint8_t kind, struct bytes body)
{
	static uint8_t raw[1 << 20];
	struct sink s = sink_over(raw, sizeof(raw));
	size_t begun = frame_begin(&s, kind);

	sink_put(&s, body.at, body.left);
	frame_end(&s, begun);
	assert_false(s.overflow);
	assert_int_equal(send(fd, raw, s.used, MSG_NOSIGNAL), (ssize_t)s.used);
}

/* As emu/main.c does it. */
static void hand_over(int zygote, int fd)
{
	uint8_t raw[FRAME_HEAD + 4];
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct sink s = sink_over(raw, sizeof(raw));
	size_t begun = frame_begin(&s, FRAME_READY);
	struct iovec io = { .iov_base = raw, .iov_len = sizeof(raw) };
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control) };

	sink_u32le(&s, PID);
	frame_end(&s, begun);
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	assert_int_equal(sendmsg(zygote, &m, 0), sizeof(raw));
	close(fd);
}

static int another_worker(struct stage *s)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	hand_over(s->zygote, pair[0]);
	return pair[1];
}

static int set_up(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));
	int pair[2];

	if (s == NULL || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return -1;
	s->zygote = pair[1];
	if (pool_open(pair[0], &s->pool) < 0)
		return -1;
	s->worker = another_worker(s);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct stage *s = *state;

	pool_close(s->pool);
	close(s->zygote);
	close(s->worker);
	free(s);
	return 0;
}

static const struct job job = { .id = 5, .language = LANGUAGE_SHELL, .code = { (const uint8_t *)"id", 2 } };

/* The worker says READY and gets the job. */
static void send_job(struct stage *s)
{
	put_frame(s->worker, FRAME_READY, bytes_of(NULL, 0));
	assert_int_equal(pool_step(s->pool, 0), 0);
	assert_int_equal(pool_idle(s->pool), 1);
	assert_int_equal(pool_send(s->pool, &job, 100), 0);
	assert_int_equal(pool_idle(s->pool), 0);
}

static void put_report(int fd, uint64_t id, const uint8_t *text, size_t len)
{
	static uint8_t raw[900 << 10];
	struct trace t = { .text = bytes_of(text, len), .profiles = bytes_of("debian", 7) };
	struct report r = { .job_id = id, .traces_count = 1, .traces = &t };
	struct sink s = sink_over(raw, sizeof(raw));
	struct bytes b;

	report_encode(&s, &r);
	assert_int_equal(sink_done(&s, &b), 0);
	put_frame(fd, FRAME_REPORT, b);
}

static void no_job_goes_to_a_worker_that_is_not_ready(void **state)
{
	struct stage *s = *state;

	assert_int_equal(pool_step(s->pool, 0), 0);
	assert_int_equal(pool_living(s->pool), 1);
	assert_int_equal(pool_worker_pid(s->pool, 0), PID);
	assert_int_equal(pool_send(s->pool, &job, 100), -EAGAIN);
}

static void a_job_goes_out_and_its_report_comes_back(void **state)
{
	struct stage *s = *state;
	static const uint8_t text[60000] = "all of it";
	uint8_t raw[256];
	struct answer a;
	struct bytes b;
	struct frame f;
	struct job got;
	ssize_t n;

	send_job(s);
	n = recv(s->worker, raw, sizeof(raw), 0);
	assert_true(n > 0);
	b = bytes_of(raw, (size_t)n);
	assert_int_equal(frame_take(&b, sizeof(raw), &f, NULL), 0);
	assert_int_equal(f.kind, FRAME_JOB);
	assert_int_equal(job_decode(&f.body, &got), 0);
	assert_true(got.id == 5 && bytes_equal(got.code, job.code));

	put_report(s->worker, 5, text, sizeof(text)); /* longer than the first receive buffer */
	put_frame(s->worker, FRAME_READY, bytes_of(NULL, 0));
	assert_int_equal(pool_step(s->pool, 0), 0);
	assert_true(pool_take(s->pool, &a));
	assert_true(a.job_id == 5 && a.report->stopped_by == STOPPED_EXIT && a.report->traces_count == 1);
	assert_true(bytes_equal(a.report->traces[0].text, bytes_of(text, sizeof(text))));
	answer_free(&a);
	assert_false(pool_take(s->pool, &a));
	assert_int_equal(pool_idle(s->pool), 1);
}

static void a_dead_worker_is_an_answer_and_its_replacement_serves(void **state)
{
	struct stage *s = *state;
	struct answer a;

	send_job(s);
	close(s->worker);
	s->worker = another_worker(s);
	assert_int_equal(pool_step(s->pool, 0), 0);
	assert_true(pool_take(s->pool, &a));
	assert_true(a.job_id == 5 && a.report->stopped_by == STOPPED_DIED && a.report->traces_count == 0);
	answer_free(&a);
	send_job(s);
}

static void a_job_beyond_its_deadline_is_given_up(void **state)
{
	struct stage *s = *state;
	struct answer a;

	send_job(s);
	assert_true(pool_deadline_ns(s->pool) == 100);
	assert_int_equal(pool_step(s->pool, 99), 0);
	assert_false(pool_take(s->pool, &a));
	assert_int_equal(pool_step(s->pool, 100), 0);
	assert_true(pool_take(s->pool, &a));
	assert_int_equal(a.report->stopped_by, STOPPED_WATCHDOG);
	answer_free(&a);
	assert_int_equal(pool_living(s->pool), 0);
	assert_true(pool_deadline_ns(s->pool) == UINT64_MAX);
}

static void a_worker_that_answers_another_job_is_not_believed(void **state)
{
	struct stage *s = *state;
	struct answer a;

	send_job(s);
	put_report(s->worker, 6, NULL, 0);
	assert_int_equal(pool_step(s->pool, 0), 0);
	assert_true(pool_take(s->pool, &a));
	assert_true(a.job_id == 5 && a.report->stopped_by == STOPPED_DIED);
	answer_free(&a);
	assert_int_equal(pool_living(s->pool), 0);
}

static void a_report_that_nobody_asked_for_ends_the_worker(void **state)
{
	struct stage *s = *state;
	struct answer a;

	put_report(s->worker, 5, NULL, 0);
	assert_int_equal(pool_step(s->pool, 0), 0);
	assert_false(pool_take(s->pool, &a));
	assert_int_equal(pool_living(s->pool), 0);
}

static void the_end_of_the_zygote_is_told_and_workers_go_on(void **state)
{
	struct stage *s = *state;

	send_job(s);
	close(s->zygote);
	s->zygote = -1;
	assert_int_equal(pool_step(s->pool, 0), -EPIPE);
	assert_int_equal(pool_living(s->pool), 1);
}

/* A code for which a worker is given READY and the job; the entry. */
static struct traces *ask_queue(struct stage *s, struct queue *q, uint8_t key_byte)
{
	const uint8_t key[TRACES_KEY_SIZE] = { key_byte };
	struct traces *t = NULL;

	put_frame(s->worker, FRAME_READY, bytes_of(NULL, 0));
	assert_int_equal(pool_step(s->pool, 0), 0);
	assert_int_equal(queue_add(q, key, LANGUAGE_SHELL, job.code, bytes_of(NULL, 0), 1, 0, 100, &t), 0);
	assert_int_equal(queue_send(q, s->pool, 0), 1);
	return t;
}

/* Is it still there when nobody holds it? */
static bool is_kept(struct queue *q, struct traces *t)
{
	uint8_t key[TRACES_KEY_SIZE];
	struct traces *found;

	memcpy(key, t->key, sizeof(key));
	queue_release(q, t);
	if ((found = queue_find(q, key)) != NULL)
		queue_release(q, found);
	return found != NULL;
}

static void die(struct stage *s)
{
	close(s->worker);
	s->worker = another_worker(s);
	assert_int_equal(pool_step(s->pool, 0), 0);
}

static void two_workers_that_die_are_enough_for_a_case_but_no_answer_for_the_next(void **state)
{
	struct stage *s = *state;
	struct traces *t, *ready = NULL;
	struct queue *q = NULL;

	assert_int_equal(queue_new(16, 1 << 20, &q), 0);
	t = ask_queue(s, q, 1);
	die(s);
	assert_false(queue_take(q, s->pool, &ready));
	put_frame(s->worker, FRAME_READY, bytes_of(NULL, 0));
	assert_int_equal(pool_step(s->pool, 0), 0);
	assert_int_equal(queue_send(q, s->pool, 0), 1);
	die(s);
	assert_true(queue_take(q, s->pool, &ready));
	/* who ended konseki-emu ended both: that is not the code's doing */
	assert_true(ready == t && t->report->stopped_by == STOPPED_DIED && !t->emulated);
	assert_false(is_kept(q, t));
	queue_free(q);
}

static void a_workers_own_watchdog_tells_of_the_code_and_ours_does_not(void **state)
{
	static const struct report late = { .job_id = 1, .stopped_by = STOPPED_WATCHDOG };
	struct stage *s = *state;
	struct traces *t, *ready = NULL;
	struct queue *q = NULL;
	uint8_t raw[256];
	struct sink to = sink_over(raw, sizeof(raw));
	struct bytes b;

	report_encode(&to, &late);
	assert_int_equal(sink_done(&to, &b), 0);
	assert_int_equal(queue_new(16, 1 << 20, &q), 0);
	t = ask_queue(s, q, 1);
	put_frame(s->worker, FRAME_REPORT, b);
	assert_int_equal(pool_step(s->pool, 0), 0);
	assert_true(queue_take(q, s->pool, &ready));
	assert_true(ready == t && t->report->stopped_by == STOPPED_WATCHDOG && t->emulated);
	assert_true(is_kept(q, t));

	t = ask_queue(s, q, 2);
	assert_int_equal(pool_step(s->pool, 200), 0);
	assert_true(queue_take(q, s->pool, &ready));
	assert_true(ready == t && t->report->stopped_by == STOPPED_WATCHDOG && !t->emulated);
	assert_false(is_kept(q, t));
	queue_free(q);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(no_job_goes_to_a_worker_that_is_not_ready),
		TEST(a_job_goes_out_and_its_report_comes_back),
		TEST(a_dead_worker_is_an_answer_and_its_replacement_serves),
		TEST(a_job_beyond_its_deadline_is_given_up),
		TEST(a_worker_that_answers_another_job_is_not_believed),
		TEST(a_report_that_nobody_asked_for_ends_the_worker),
		TEST(the_end_of_the_zygote_is_told_and_workers_go_on),
		TEST(two_workers_that_die_are_enough_for_a_case_but_no_answer_for_the_next),
		TEST(a_workers_own_watchdog_tells_of_the_code_and_ours_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
