/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starting, watching and ending the programs. */
#include "control/cli/supervise.h"
#include "control/cli/verb.h"
#include "control/wire/barrier.h"
#include "control/wire/pulse.h"
#include "control/wire/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const uint64_t backoff_min_ns = UINT64_C(200000000), backoff_max_ns = UINT64_C(10000000000);
static const uint64_t caught_ns = UINT64_C(20000000); /* while konseki-bypass is dead nobody catches the traffic */
static const uint64_t steady_ns = UINT64_C(30000000000); /* who lived so long starts again at once */

static const struct {
	const char *name, *folder; /* its folder in the build tree */
	unsigned grace_ms;         /* to end by itself when asked */
	bool powers;               /* gets the capabilities that we were started with */
} programs[PROGRAM_COUNT] = {
	[PROGRAM_BYPASS] = { "konseki-bypass", "dataplane/bypass", 10000, true },
	[PROGRAM_EMU] = { "konseki-emu", "emu", 2000, false },
	[PROGRAM_CONTROL] = { "konseki-control", "control", 5000, false },
	[PROGRAM_DATAPLANE] = { "konseki-dataplane", "dataplane", 5000, true },
};

const char *program_name(enum program p)
{
	return programs[p].name;
}

int program_find(enum program p, char *buf, size_t size)
{
	return program_beside(programs[p].folder, programs[p].name, buf, size);
}

int program_beside(const char *in_build, const char *name, char *buf, size_t size)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	const char *folder;

	if (len < 0)
		return -errno;
	self[len] = 0;
	folder = dirname(self);
	for (unsigned i = 0; i < 3; i++) {
		const char *between = i == 0 ? in_build : i == 1 ? "." : "../libexec/konseki";

		if ((size_t)snprintf(buf, size, "%s/%s/%s", folder, between, name) < size &&
		    access(buf, X_OK) == 0)
			return 0;
	}
	return -ENOENT;
}

static uint64_t now_of(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

/* argv of one program; numbers live in text. */
struct arguments {
	char **argv;
	unsigned count, room;
	char text[8][32];
	unsigned texts;
	int fds[5];
	unsigned fds_count;
};

static void add(struct arguments *a, const char *word)
{
	union {
		const char *lent;
		char *word;
	} u = { .lent = word };

	if (a->count + 1 < a->room)
		a->argv[a->count++] = u.word;
	a->argv[a->count] = NULL;
}

static void add_number(struct arguments *a, const char *option, int number)
{
	char *text = a->text[a->texts++];

	snprintf(text, sizeof(a->text[0]), "%d", number);
	add(a, option);
	add(a, text);
}

static void add_fd(struct arguments *a, const char *option, int fd)
{
	add_number(a, option, fd);
	a->fds[a->fds_count++] = fd;
}

static void arguments_of(const struct fleet *f, enum program p, const char *path, struct arguments *a)
{
	add(a, path);
	add(a, "-c");
	add(a, f->plan.settings->file);
	if (p == PROGRAM_DATAPLANE && f->plan.rules >= 0) {
		char *text = a->text[a->texts++];

		snprintf(text, sizeof(a->text[0]), "/proc/self/fd/%d", f->plan.rules);
		add(a, "--rules");
		add(a, text);
		a->fds[a->fds_count++] = f->plan.rules;
	}
	if (p == PROGRAM_CONTROL && f->plan.alerts != NULL) {
		add(a, "--alerts");
		add(a, f->plan.alerts);
	}
	if (p == PROGRAM_BYPASS) {
		add_fd(a, "--pulse", f->pulse);
		add_fd(a, "--parent", f->life[0]);
		return;
	}
	if (p == PROGRAM_DATAPLANE && f->pulse >= 0)
		add_fd(a, "--pulse", f->pulse);
	if (p == PROGRAM_EMU) {
		add_fd(a, "--control", f->emu[1]);
		add_number(a, "--workers", (int)f->plan.settings->workers);
		return;
	}
	add_fd(a, "--rings", f->rings);
	if (f->blocks >= 0)
		add_fd(a, "--blocks", f->blocks);
	add_fd(a, "--courier", f->courier[p == PROGRAM_CONTROL ? 0 : 1]);
	if (p == PROGRAM_CONTROL)
		add_fd(a, "--emu", f->emu[0]);
	if (!f->plan.replay)
		return;
	if (p == PROGRAM_CONTROL) {
		add(a, "--replay");
		add_fd(a, "--results", f->results[1]);
		add_number(a, "--captures", (int)f->plan.captures_count);
		return;
	}
	for (unsigned i = 0; i < f->plan.captures_count; i++) {
		add(a, "--replay");
		add(a, f->plan.captures[i]);
	}
}

/* In the child: never returns. Why exec failed goes up report. */
static void become(const struct arguments *a, pid_t parent, int report, enum program p)
{
	sigset_t none;
	int error;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	setpgid(0, 0); /* a terminal's ^C reaches us alone; we end the others in order */
	if (p != PROGRAM_BYPASS) /* it outlives us */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!programs[p].powers)
		prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); /* of an unprivileged account nothing else survives execve() */
	if (getppid() != parent)
		_exit(1);
	for (unsigned i = 0; i < a->fds_count; i++)
		fcntl(a->fds[i], F_SETFD, 0);
	execv(a->argv[0], a->argv);
	error = errno;
	if (write(report, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

static int spawn(const char *path, const struct arguments *a, enum program p, pid_t *ret)
{
	int report[2], error = 0;
	pid_t parent = getpid(), child;

	if (pipe2(report, O_CLOEXEC) < 0)
		return -errno;
	child = fork();
	if (child == 0)
		become(a, parent, report[1], p);
	error = child < 0 ? errno : 0;
	close(report[1]);
	if (child > 0 && read(report[0], &error, sizeof(error)) == sizeof(error)) {
		waitpid(child, NULL, 0);
		child = 0;
	}
	close(report[0]);
	if (child <= 0)
		return -error;
	*ret = child;
	return 0;
}

static int member_start(struct fleet *f, enum program p)
{
	struct fleet_member *m = &f->members[p];
	struct arguments a = { .room = 32 + 2 * f->plan.captures_count };
	char path[PATH_MAX];
	int r = program_find(p, path, sizeof(path));

	if (r < 0)
		return cli_cannot(f->plan.verb, "%s is missing; build or install it", programs[p].name);
	a.argv = calloc(a.room + 1, sizeof(*a.argv));
	if (a.argv == NULL)
		return cli_cannot(f->plan.verb, "out of memory");
	arguments_of(f, p, path, &a);
	r = spawn(path, &a, p, &m->pid);
	free(a.argv);
	if (r < 0)
		return cli_cannot(f->plan.verb, "cannot start %s: %s", path, strerror(-r));
	m->ended = false;
	m->started_ns = now_of();
	return EXIT_DONE;
}

/* Who keeps inline traffic going is wanted only where there is some. */
static bool wanted(const struct fleet *f, enum program p)
{
	const struct settings *s = f->plan.settings;
	bool is_inline = false;

	for (unsigned i = 0; i < s->ports_count; i++)
		is_inline |= s->ports[i].pair_index >= 0;
	return p != PROGRAM_BYPASS || (is_inline && !f->plan.replay);
}

static int wires_make(struct fleet *f)
{
	const struct settings *s = f->plan.settings;

	f->rings = rings_create(s->lanes, (size_t)s->ring_mb << 20);
	if (f->rings < 0)
		return f->rings;
	fcntl(f->rings, F_SETFD, FD_CLOEXEC);
	if (wanted(f, PROGRAM_BYPASS) && ((f->pulse = pulse_create()) < 0 || pipe2(f->life, O_CLOEXEC) < 0))
		return f->pulse < 0 ? f->pulse : -errno;
	if (!f->plan.replay && (f->blocks = barrier_create(s->blocks_max)) < 0)
		return f->blocks;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, f->courier) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, f->emu) < 0 ||
	    (f->plan.replay && pipe2(f->results, O_CLOEXEC) < 0))
		return -errno;
	return 0;
}

/* The folders must be there before the programs lose the right to make them; they belong to their account. */
static void folder_give(const struct settings *s, const char *path)
{
	const struct passwd *user = geteuid() == 0 ? getpwnam(s->user) : NULL;

	if ((mkdir(path, 0750) == 0 || errno == EEXIST) && user != NULL && chown(path, user->pw_uid, user->pw_gid) < 0)
		return; /* who may not be given it may still be able to write it; the programs tell */
}

static void folders_make(const struct settings *s)
{
	char socket_folder[PATH_MAX];

	folder_give(s, s->store);
	snprintf(socket_folder, sizeof(socket_folder), "%s", s->socket);
	folder_give(s, dirname(socket_folder));
}

int fleet_start(const struct fleet_plan *plan, struct fleet *ret)
{
	struct fleet *f = ret;
	int r;

	*f = (struct fleet){ .plan = *plan, .rings = -1, .courier = { -1, -1 }, .emu = { -1, -1 }, .results = { -1, -1 }, .pulse = -1, .life = { -1, -1 }, .blocks = -1 };
	r = wires_make(f);
	if (r < 0) {
		fleet_stop(f);
		return cli_cannot(plan->verb, "cannot make rings of %u lanes, %u MiB each: %s", plan->settings->lanes,
		                  plan->settings->ring_mb, strerror(-r));
	}
	folder_give(plan->settings, plan->settings->compiled);
	if (!plan->replay)
		folders_make(plan->settings);
	for (enum program p = 0; p < PROGRAM_COUNT; p++) {
		if (wanted(f, p) && (r = member_start(f, p)) != EXIT_DONE) {
			fleet_stop(f);
			return r;
		}
	}
	return EXIT_DONE;
}

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void fleet_let_go(struct fleet *f)
{
	shut(&f->rings);
	for (unsigned i = 0; i < 2; i++) {
		shut(&f->courier[i]);
		shut(&f->emu[i]);
	}
	shut(&f->results[1]);
}

void fleet_reap(struct fleet *f)
{
	for (enum program p = 0; p < PROGRAM_COUNT; p++) {
		struct fleet_member *m = &f->members[p];

		if (m->pid > 0 && waitpid(m->pid, &m->status, WNOHANG) == m->pid) {
			m->pid = 0;
			m->ended = true;
		}
	}
}

const char *fleet_ending(const struct fleet_member *m, char *buf, size_t size)
{
	if (WIFSIGNALED(m->status))
		snprintf(buf, size, "was killed by signal %d", WTERMSIG(m->status));
	else
		snprintf(buf, size, "ended with code %d", WEXITSTATUS(m->status));
	return buf;
}

void fleet_mend(struct fleet *f, uint64_t now_ns)
{
	char how[64];

	for (enum program p = 0; p < PROGRAM_COUNT; p++) {
		struct fleet_member *m = &f->members[p];

		if (m->pid > 0 || !wanted(f, p))
			continue;
		if (m->ended) {
			m->ended = false;
			if (p == PROGRAM_BYPASS && WIFSIGNALED(m->status))
				m->backoff_ns = caught_ns;
			else if (m->backoff_ns == 0 || now_ns - m->started_ns > steady_ns)
				m->backoff_ns = backoff_min_ns;
			else
				m->backoff_ns = m->backoff_ns * 2 < backoff_max_ns ? m->backoff_ns * 2 : backoff_max_ns;
			m->restart_ns = now_ns + m->backoff_ns;
			fprintf(stderr, "konseki %s: %s %s; it is started again in %.1f s\n", f->plan.verb,
			        programs[p].name, fleet_ending(m, how, sizeof(how)), (double)m->backoff_ns / 1e9);
		}
		if (now_ns >= m->restart_ns && member_start(f, p) != EXIT_DONE)
			m->restart_ns = now_ns + backoff_max_ns;
	}
}

static void member_stop(struct fleet *f, enum program p)
{
	struct fleet_member *m = &f->members[p];
	const struct timespec pause = { .tv_nsec = 5000000 };

	for (unsigned waited = 0; m->pid > 0; waited += 5) {
		if (waited == 0)
			kill(m->pid, SIGTERM);
		if (waited >= programs[p].grace_ms)
			kill(m->pid, SIGKILL);
		nanosleep(&pause, NULL);
		fleet_reap(f);
	}
}

void fleet_stop(struct fleet *f)
{
	if (f->plan.replay) /* an interrupted one wants no more of what the dataplane has */
		member_stop(f, PROGRAM_CONTROL);
	member_stop(f, PROGRAM_BYPASS); /* it bridges first */
	member_stop(f, PROGRAM_DATAPLANE);
	member_stop(f, PROGRAM_CONTROL);
	shut(&f->emu[0]);
	shut(&f->emu[1]);
	member_stop(f, PROGRAM_EMU);
	fleet_let_go(f);
	shut(&f->results[0]);
	shut(&f->pulse);
	shut(&f->blocks);
	shut(&f->life[0]);
	shut(&f->life[1]);
}
