/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs in, reports out. Peer: control/queue/worker.c. */
#include "emu/pool/worker.h"

#include "control/wire/frame.h"
#include "control/wire/job.h"
#include "emu/evaluate/evaluate.h"
#include "emu/pool/jail.h"
#include "emu/trace/study.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
	JOB_BODY_MAX = JOB_SAMPLE_MAX + JOB_REQUEST_MAX + JOB_PROFILE_MAX + 64,
	OUT_SIZE = REPORT_MAX + FRAME_HEAD,
	KEPT_DIRTY = 4 << 20,  /* bytes of a job's memory that stay ours for the next */
};

struct worker {
	struct server *const *servers;
	unsigned servers_count, jobs_left;
	struct finder *finder;
	struct arena arena;
	uint8_t *out;          /* OUT_SIZE */
	uint8_t *in;           /* JOB_BODY_MAX + FRAME_HEAD */
	size_t in_used;
};

/* The frame that the watchdog sends: made before the job begins, as a signal handler can only write it. */
static struct {
	uint8_t raw[256];
	size_t len;
	int status;
} last_words;

static void watchdog(int signal)
{
	ssize_t n = write(JAIL_SOCKET, last_words.raw, last_words.len);

	(void)n;
	_exit(last_words.status);
}

static void timers_set(unsigned cpu_s, unsigned real_s)
{
	setitimer(ITIMER_PROF, &(struct itimerval){ .it_value.tv_sec = cpu_s }, NULL);
	setitimer(ITIMER_REAL, &(struct itimerval){ .it_value.tv_sec = real_s }, NULL);
}

static void run_begins(void)
{
	timers_set(WORKER_RUN_CPU_S, WORKER_RUN_REAL_S);
}

/* false: nobody listens. */
static bool send_all(const uint8_t *at, size_t len)
{
	while (len > 0) {
		ssize_t n = write(JAIL_SOCKET, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static bool send_ready(void)
{
	uint8_t raw[FRAME_HEAD];
	struct sink s = sink_over(raw, sizeof(raw));

	frame_end(&s, frame_begin(&s, FRAME_READY));
	return send_all(raw, s.used);
}

/* The report as one frame, or -ENOSPC. */
static int report_frame(struct sink *s, const struct report *r)
{
	size_t begun = frame_begin(s, FRAME_REPORT);

	report_encode(s, r);
	frame_end(s, begun);
	return s->overflow ? -ENOSPC : 0;
}

/* The next job; its bytes are in w->in. false: the socket closed, or what came was no job. */
static bool receive(struct worker *w, struct job *ret)
{
	size_t used = 0, need = FRAME_HEAD;
	struct frame f;
	int r;

	do {
		struct bytes received;
		ssize_t n = read(JAIL_SOCKET, w->in + used, need - used);

		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return false;
		used += (size_t)n;
		received = bytes_of(w->in, used);
		r = frame_take(&received, JOB_BODY_MAX, &f, &need);
	} while (r == -EAGAIN);
	w->in_used = used;
	return r == 0 && f.kind == FRAME_JOB && job_decode(&f.body, ret) == 0 && f.body.left == 0;
}

static void prepare_last_words(const struct job *j)
{
	const struct report bare = { .job_id = j->id, .language = j->language, .stopped_by = STOPPED_WATCHDOG };
	struct sink s = sink_over(last_words.raw, sizeof(last_words.raw));

	last_words.len = report_frame(&s, &bare) == 0 ? s.used : 0;
}

/* Nothing of a job's memory is read in the next: it is zeroed when taken. What was much goes back to the kernel. */
static void forget(struct worker *w)
{
	if (w->arena.used > KEPT_DIRTY)
		madvise(w->arena.at, w->arena.size, MADV_DONTNEED);
	if (w->in_used > KEPT_DIRTY)
		madvise(w->in, JOB_BODY_MAX + FRAME_HEAD, MADV_DONTNEED);
	w->arena.used = 0;
	w->arena.full = false;
}

/* What runs the job's language is made warm where no job has asked for it yet; that time is not the job's. */
static void warm(struct worker *w, const struct job *job)
{
	struct server *chosen[REPORT_RUNS_MAX];
	unsigned count = study_servers(w->servers, w->servers_count, job, chosen), programs_count;
	enum language programs[4];

	programs_count = evaluate_programs(job, programs);
	timers_set(WORKER_WARM_CPU_S, WORKER_WARM_REAL_S);
	for (unsigned i = 0; i < count * programs_count; i++) {
		/* a machine that failed fails in the run as well, where it is told */
		if (server_warm(chosen[i / programs_count], programs[i % programs_count]) < 0)
			break;
	}
	last_words.status = WORKER_WARMED | (int)server_warmed(w->servers, w->servers_count);
}

/* true: the next job may come; false: this worker has done its part. */
static bool serve_one(struct worker *w, const struct job *job)
{
	struct report *report = NULL, failed = { .job_id = job->id, .language = job->language, .stopped_by = STOPPED_DIED };
	struct sink s = sink_over(w->out, OUT_SIZE);
	bool good;
	int r;

	prepare_last_words(job);
	warm(w, job);
	run_begins();
	r = evaluate(w->servers, w->servers_count, w->finder, job, &w->arena, run_begins, &report);
	timers_set(0, 0);
	/* An ordinary run, or one that never was, leaves nothing behind; after any other, a fresh worker is certain. */
	good = r == 0 && (report->stopped_by <= STOPPED_SIGNAL || report->stopped_by == STOPPED_UNSUPPORTED);
	for (unsigned i = 0; i < w->servers_count; i++)
		good = good && !server_spoilt(w->servers[i]);
	if (report_frame(&s, r == 0 ? report : &failed) < 0) {
		failed.stopped_by = STOPPED_MEMORY;
		s = sink_over(w->out, OUT_SIZE);
		if (report_frame(&s, &failed) < 0)
			return false;
	}
	if (!send_all(w->out, s.used))
		return false;
	forget(w);
	return good;
}

static bool cpu_is_left(void)
{
	struct timespec t;

	return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) == 0 && t.tv_sec < JAIL_CPU_S / 2;
}

static void *room(size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

void worker_serve(int fd, struct server *const *servers, unsigned servers_count, struct finder *finder,
    unsigned jobs_max)
{
	static struct worker w;
	struct sigaction act = { .sa_handler = watchdog };
	struct job job;

	w = (struct worker){ .servers = servers, .servers_count = servers_count, .finder = finder, .jobs_left = jobs_max,
		.arena = { .at = room(STUDY_MEMORY), .size = STUDY_MEMORY }, .out = room(OUT_SIZE), .in = room(JOB_BODY_MAX + FRAME_HEAD) };
	if (w.arena.at == MAP_FAILED || w.out == MAP_FAILED || w.in == MAP_FAILED)
		_exit(WORKER_CANNOT);
	sigfillset(&act.sa_mask);
	sigaction(SIGPROF, &act, NULL);
	sigaction(SIGALRM, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (jail_enter(fd) < 0)
		_exit(WORKER_CANNOT);
	while (w.jobs_left-- > 0 && cpu_is_left() && send_ready() && receive(&w, &job)) {
		if (!serve_one(&w, &job))
			break;
	}
	_exit(last_words.status);
}
