/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Forking, handing over, reaping. Peer: control/queue/pool.c. */
#include "emu/pool/zygote.h"

#include "control/wire/frame.h"
#include "control/wire/job.h"
#include "emu/pool/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * FRAME_READY with the worker's process id, its socket beside it, and a handle by which control can end it: one that was
 * taken over looks at no closed socket.
 */
static int hand_over(int control, pid_t pid, int fd)
{
	int fds[2] = { fd, (int)syscall(SYS_pidfd_open, pid, 0) };
	size_t fds_size = fds[1] >= 0 ? sizeof(fds) : sizeof(fds[0]); /* a kernel without such handles: Linux before 5.3 */
	int r = 0;
	uint8_t raw[FRAME_HEAD + 4];
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(2 * sizeof(int))];
	} rights = { 0 };
	struct sink s = sink_over(raw, sizeof(raw));
	size_t begun = frame_begin(&s, FRAME_READY);
	struct iovec io = { .iov_base = raw, .iov_len = sizeof(raw) };
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = &rights,
		.msg_controllen = CMSG_SPACE(fds_size) };

	sink_u32le(&s, (uint32_t)pid);
	frame_end(&s, begun);
	rights.head.cmsg_level = SOL_SOCKET;
	rights.head.cmsg_type = SCM_RIGHTS;
	rights.head.cmsg_len = CMSG_LEN(fds_size);
	memcpy(CMSG_DATA(&rights.head), fds, fds_size);
	if (sendmsg(control, &m, MSG_NOSIGNAL) < 0)
		r = -errno;
	if (fds[1] >= 0)
		close(fds[1]);
	return r;
}

/* One more worker. The pid, or -errno. */
static pid_t spawn(const struct zygote *z, const sigset_t *plain)
{
	int pair[2], r;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, plain, NULL);
		close(pair[0]);
		worker_serve(pair[1], z->servers, z->servers_count, z->finder, z->jobs_per_worker);
	}
	r = pid < 0 ? -errno : hand_over(z->control, pid, pair[0]);
	close(pair[0]);
	close(pair[1]);
	if (r < 0 && pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return r < 0 ? r : pid;
}

/* Reaps who ended and puts others in their place. */
static int replace(const struct zygote *z, pid_t *pids, const sigset_t *plain)
{
	int status, r;
	pid_t ended;

	while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
		if (WIFEXITED(status) && WEXITSTATUS(status) == WORKER_CANNOT)
			return -EPERM;
		/* what its jobs needed, others will: from now on workers have it */
		if (WIFEXITED(status) && (WEXITSTATUS(status) & WORKER_WARMED) != 0 &&
		    (r = server_warm_all(z->servers, z->servers_count, WEXITSTATUS(status) & ~WORKER_WARMED)) < 0)
			return r;
		for (unsigned i = 0; i < z->workers; i++) {
			if (pids[i] != ended)
				continue;
			if ((pids[i] = spawn(z, plain)) < 0)
				return pids[i];
		}
	}
	return 0;
}

int zygote_run(const struct zygote *z)
{
	pid_t *pids = calloc(z->workers, sizeof(*pids));
	sigset_t child, plain;
	struct pollfd fds[2] = { { .fd = z->control, .events = POLLIN }, { .fd = -1, .events = POLLIN } };
	int r = -ENOMEM;

	if (pids == NULL)
		return r;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &plain);
	if ((fds[1].fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK)) < 0) {
		r = -errno;
		goto out;
	}
	r = 0;
	for (unsigned i = 0; i < z->workers && r == 0; i++)
		r = (pids[i] = spawn(z, &plain)) < 0 ? pids[i] : 0;
	while (r == 0) {
		struct signalfd_siginfo info;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			r = -errno;
		if (fds[0].revents != 0)
			break; /* control says nothing here: it closed */
		while (read(fds[1].fd, &info, sizeof(info)) > 0)
			;
		if (r == 0)
			r = replace(z, pids, &plain);
	}
	for (unsigned i = 0; i < z->workers; i++) {
		if (pids[i] > 0 && kill(pids[i], SIGKILL) == 0)
			waitpid(pids[i], NULL, 0);
	}
	/* Control closing while a worker is handed over is an ordinary end. */
	if (r == -EPIPE || r == -ECONNRESET)
		r = 0;
out:
	if (fds[1].fd >= 0)
		close(fds[1].fd);
	sigprocmask(SIG_SETMASK, &plain, NULL);
	free(pids);
	return r;
}
