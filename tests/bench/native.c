/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The emulator's measure: the same commands by the real program, each in namespaces of its own.
 * usage (root): bench_native TIMES PROGRAM NAME OPTION COMMAND…   prints {"cpu_s": …} of all of them, children included
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODY = 65534 };

/* In the child: apart from this machine as a sandbox would be, then the command. */
static void run_apart(char *const *program, const char *command)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
		_exit(126);
	if (unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS) < 0)
		_exit(126);
	if (setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0)
		_exit(126);
	execl(program[0], program[1], program[2], command, (char *)NULL);
	_exit(127);
}

static int run_once(char *const *program, const char *command)
{
	int status = 0;
	pid_t child = fork();

	if (child < 0)
		return -errno;
	if (child == 0)
		run_apart(program, command);
	if (waitpid(child, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) < 126 ? 0 : -EIO;
}

static double seconds(const struct rusage *u)
{
	return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) +
	       (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv)
{
	struct rusage self, children;
	int times = argc > 5 ? atoi(argv[1]) : 0;

	if (times <= 0) {
		fprintf(stderr, "usage: bench_native TIMES PROGRAM NAME OPTION COMMAND...\n");
		return 2;
	}
	for (int i = 0; i < times; i++) {
		for (int c = 5; c < argc; c++) {
			if (run_once(argv + 2, argv[c]) < 0) {
				fprintf(stderr, "%s: cannot be run apart\n", argv[c]);
				return 3;
			}
		}
	}
	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	printf("{\"cpu_s\": %.6f}\n", seconds(&self) + seconds(&children));
	return 0;
}
