/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The emulator's measure: the same codes by the real program, each in namespaces of its own.
 * usage (root): bench_native TIMES PROGRAM NAME FLAG CODE…   runs NAME FLAG CODE; prints {"cold_ms": …, "ms": …, "cpu_s": …}
 * as bench_emulate, children included
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* In the child: apart from this machine as a sandbox would be, then the command. */
static void run_apart(char **argv, const char *code)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
		_exit(126);
	if (unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS) < 0)
		_exit(126);
	if (setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0)
		_exit(126);
	execl(argv[2], argv[3], argv[4], code, (char *)NULL);
	_exit(127);
}

static int run_once(char **argv, const char *code, double *ms)
{
	double begin = now_ms();
	int status = 0;
	pid_t child = fork();

	if (child < 0)
		return -errno;
	if (child == 0)
		run_apart(argv, code);
	if (waitpid(child, &status, 0) < 0)
		return -errno;
	*ms = now_ms() - begin;
	return WIFEXITED(status) && WEXITSTATUS(status) < 126 ? 0 : -EIO;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double seconds(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv)
{
	int times = argc > 5 ? atoi(argv[1]) : 0, codes = argc - 5, count = 0;
	double *ms, first;

	if (times <= 0) {
		fprintf(stderr, "usage: bench_native TIMES PROGRAM NAME FLAG CODE...\n");
		return 2;
	}
	if ((ms = calloc((size_t)times * (size_t)codes, sizeof(*ms))) == NULL)
		return 3;
	for (int i = 0; i < times; i++) {
		for (int c = 0; c < codes; c++) {
			if (run_once(argv, argv[5 + c], &ms[count++]) < 0) {
				fprintf(stderr, "%s: cannot be run apart\n", argv[5 + c]);
				return 3;
			}
		}
	}
	first = ms[0];
	qsort(ms, (size_t)count, sizeof(*ms), by_size);
	printf("{\"cold_ms\": %.3f, \"ms\": %.4f, \"cpu_s\": %.6f}\n", first, ms[count / 2],
	       seconds(RUSAGE_SELF) + seconds(RUSAGE_CHILDREN));
	free(ms);
	return 0;
}
