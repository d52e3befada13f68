/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capabilities of all threads, by a signal to each, as glibc does for setuid(); nptl(7). */
#include "dataplane/threads.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <linux/capability.h>

enum { WAIT_MS = 2000 };

/* A handler can reach nothing but objects of static life. */
static atomic_uint dropped;

static int drop(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0 } };

	return syscall(SYS_capset, &head, none) < 0 ? -errno : 0;
}

static void on_signal(int number)
{
	int kept = errno;

	if (drop() == 0)
		atomic_fetch_add(&dropped, 1);
	errno = kept;
}

/* Asks every thread but the calling one. How many, or -errno. */
static int ask_others(int number)
{
	pid_t self = (pid_t)syscall(SYS_gettid);
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *task;
	int asked = 0;

	if (tasks == NULL)
		return -errno;
	while ((task = readdir(tasks)) != NULL) {
		pid_t thread = (pid_t)strtol(task->d_name, NULL, 10);

		if (thread > 0 && thread != self && syscall(SYS_tgkill, getpid(), thread, number) == 0)
			asked++;
	}
	closedir(tasks);
	return asked;
}

int threads_drop_capabilities(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART }, before;
	const struct timespec pause = { .tv_nsec = 1000000 };
	int number = SIGRTMIN, asked, r;

	if ((r = drop()) < 0)
		return r;
	atomic_store(&dropped, 0);
	if (sigaction(number, &action, &before) < 0)
		return -errno;
	asked = ask_others(number);
	for (unsigned ms = 0; asked > 0 && atomic_load(&dropped) < (unsigned)asked && ms < WAIT_MS; ms++)
		nanosleep(&pause, NULL);
	r = asked < 0 ? asked : atomic_load(&dropped) < (unsigned)asked ? -ETIMEDOUT : 0;
	if (r == 0 && sigaction(number, &before, NULL) < 0)
		r = -errno;
	return r;
}
