/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sandbox of a worker. */
#include "emu/pool/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <seccomp.h>

/* What Unicorn itself needs (PLATFORM.md), and setitimer for the worker's watchdog. The clock is asked by a system call where the vDSO cannot read
 * it: with the clock sources hpet and acpi_pm, as many virtual machines have them. */
static const int allowed[] = {
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(munmap), SCMP_SYS(mprotect),
	SCMP_SYS(madvise), SCMP_SYS(mremap), SCMP_SYS(brk), SCMP_SYS(futex), SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday), SCMP_SYS(clock_nanosleep), SCMP_SYS(restart_syscall), SCMP_SYS(sched_yield), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(sigaltstack), SCMP_SYS(getrandom), SCMP_SYS(fstat), SCMP_SYS(sysinfo),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(setitimer),
};

int jail_close(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), high;

	if (null < 0)
		return -errno;
	/* First out of the way, so that neither stands where the other goes. */
	if ((high = fcntl(fd, F_DUPFD, 16)) < 0 || (null = fcntl(null, F_DUPFD, 16)) < 0)
		return -errno;
	if (dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 || dup2(high, JAIL_SOCKET) < 0)
		return -errno;
	return close_range(JAIL_SOCKET + 1, ~0u, 0) < 0 ? -errno : 0;
}

/* Bytes of address space that are mapped now. */
static int mapped(rlim_t *ret)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long pages;
	int n;

	if (f == NULL)
		return -errno;
	n = fscanf(f, "%lu", &pages);
	fclose(f);
	if (n != 1)
		return -EIO;
	*ret = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
	return 0;
}

int jail_limit(void)
{
	struct { int what; struct rlimit limit; } limits[] = {
		{ RLIMIT_AS, { 0, 0 } },
		{ RLIMIT_CPU, { JAIL_CPU_S, JAIL_CPU_S + 1 } },
		{ RLIMIT_FSIZE, { 0, 0 } },
		{ RLIMIT_CORE, { 0, 0 } },
		{ RLIMIT_NPROC, { 0, 0 } },
		{ RLIMIT_MEMLOCK, { 0, 0 } },
		{ RLIMIT_MSGQUEUE, { 0, 0 } },
		/* Landlock wants one descriptor yet; the filter lets none be made. */
		{ RLIMIT_NOFILE, { JAIL_SOCKET + 2, JAIL_SOCKET + 2 } },
	};
	int r = mapped(&limits[0].limit.rlim_cur);

	if (r < 0)
		return r;
	limits[0].limit.rlim_cur += JAIL_MEMORY;
	limits[0].limit.rlim_max = limits[0].limit.rlim_cur;
	for (size_t i = 0; i < COUNT_OF(limits); i++) {
		if (setrlimit(limits[i].what, &limits[i].limit) < 0)
			return -errno;
	}
	return 0;
}

int jail_hide(void)
{
	/* Every right of the first version of landlock, and of no path. */
	struct landlock_ruleset_attr rules = { .handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };
	int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules.handled_access_fs), 0), r = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		r = -errno;
	close(fd);
	return r;
}

int jail_filter(void)
{
	/* Libraries' last words go to /dev/null; reports to the socket; jobs come from it. */
	const struct scmp_arg_cmp to_the_socket = { .arg = 0, .op = SCMP_CMP_LE, .datum_a = JAIL_SOCKET };
	const struct scmp_arg_cmp from_the_socket = { .arg = 0, .op = SCMP_CMP_EQ, .datum_a = JAIL_SOCKET };
	/* Memory, executable too, as translations are; never a file's. */
	const struct scmp_arg_cmp anonymous = { .arg = 3, .op = SCMP_CMP_MASKED_EQ, .datum_a = MAP_ANONYMOUS,
		.datum_b = MAP_ANONYMOUS };
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r = -ENOMEM;

	if (filter == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < COUNT_OF(allowed); i++) {
		if ((r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0)) < 0)
			goto out;
	}
	/* stdio asks by this what a descriptor is, and lives without the answer. */
	if ((r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(newfstatat), 0)) < 0)
		goto out;
	if ((r = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, &to_the_socket)) < 0 ||
	    (r = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(read), 1, &from_the_socket)) < 0 ||
	    (r = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &anonymous)) < 0)
		goto out;
	r = seccomp_load(filter);
out:
	seccomp_release(filter);
	return r;
}

/* prctl of one argument. */
static int set(int what, unsigned long value)
{
	return prctl(what, value, 0, 0, 0) < 0 ? -errno : 0;
}

int jail_enter(int fd)
{
	int r;

	if ((r = set(PR_SET_PDEATHSIG, SIGKILL)) < 0 || (r = jail_close(fd)) < 0 || (r = jail_limit()) < 0 ||
	    (r = set(PR_SET_DUMPABLE, 0)) < 0 || (r = set(PR_SET_NO_NEW_PRIVS, 1)) < 0)
		return r;
	r = jail_hide();
	if (r < 0 && r != -ENOSYS && r != -EOPNOTSUPP)
		return r;
	return jail_filter();
}
