/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ways out of the jail, tried natively: what a worker whose emulator was broken into would try. Each is a test: either the
 * process is killed at the call (SIGSYS), or it goes on and was refused.
 */
#include "emu/pool/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { OTHERS = 64 /* descriptors that a careless parent leaves open */ };

static int escaped[2]; /* a pipe that is open when the jail is entered, and may not be after */

/* What is not on the list at all, by number and with arguments that would do something. */
static const struct { const char *name; long number, a[6]; } calls[] = {
	{ "open", SYS_open, { (long)"/etc/passwd", O_RDONLY } }, { "openat", SYS_openat, { AT_FDCWD, (long)"/tmp/konseki-escaped", O_CREAT | O_WRONLY, 0600 } },
	{ "openat2", SYS_openat2, { AT_FDCWD, (long)"/", 0, 24 } }, { "creat", SYS_creat, { (long)"/tmp/konseki-escaped", 0600 } },
	{ "unlink", SYS_unlink, { (long)"/tmp/konseki-none" } }, { "readlink", SYS_readlink, { (long)"/proc/self/exe", 0, 0 } },
	{ "stat", SYS_stat, { (long)"/etc/passwd", 0 } }, { "getdents64", SYS_getdents64, { 0, 0, 0 } }, { "chdir", SYS_chdir, { (long)"/" } },
	{ "socket", SYS_socket, { AF_INET, SOCK_STREAM, 0 } }, { "socket of netlink", SYS_socket, { AF_NETLINK, SOCK_RAW, 0 } },
	{ "socketpair", SYS_socketpair, { AF_UNIX, SOCK_STREAM, 0, 0 } }, { "connect", SYS_connect, { JAIL_SOCKET, 0, 0 } },
	{ "sendto", SYS_sendto, { JAIL_SOCKET, 0, 0, 0, 0, 0 } }, { "sendmsg", SYS_sendmsg, { JAIL_SOCKET, 0, 0 } },
	{ "recvmsg", SYS_recvmsg, { JAIL_SOCKET, 0, 0 } }, { "execve", SYS_execve, { (long)"/bin/true", 0, 0 } },
	{ "execveat", SYS_execveat, { AT_FDCWD, (long)"/bin/true", 0, 0, 0 } }, { "fork", SYS_fork, { 0 } }, { "vfork", SYS_vfork, { 0 } },
	{ "clone", SYS_clone, { SIGCHLD, 0, 0, 0, 0 } }, { "clone of a thread", SYS_clone, { CLONE_VM | CLONE_THREAD | CLONE_SIGHAND, 0, 0, 0, 0 } },
	{ "clone3", SYS_clone3, { 0, 88 } }, { "ptrace", SYS_ptrace, { 16, 1, 0, 0 } }, { "process_vm_readv", SYS_process_vm_readv, { 1, 0, 0, 0, 0, 0 } },
	{ "process_vm_writev", SYS_process_vm_writev, { 1, 0, 0, 0, 0, 0 } }, { "kill", SYS_kill, { -1, 0 } }, { "tkill", SYS_tkill, { 1, 0 } },
	{ "tgkill", SYS_tgkill, { 1, 1, 0 } }, { "pidfd_open", SYS_pidfd_open, { 1, 0 } }, { "pidfd_getfd", SYS_pidfd_getfd, { 0, 0, 0 } },
	{ "pidfd_send_signal", SYS_pidfd_send_signal, { 0, 0, 0, 0 } }, { "io_uring_setup", SYS_io_uring_setup, { 1, 0 } }, { "io_setup", SYS_io_setup, { 1, 0 } },
	{ "add_key", SYS_add_key, { 0, 0, 0, 0, -4 } }, { "request_key", SYS_request_key, { 0, 0, 0, 0 } }, { "keyctl", SYS_keyctl, { 0, -3, 1 } },
	{ "userfaultfd", SYS_userfaultfd, { 0 } }, { "perf_event_open", SYS_perf_event_open, { 0, 0, -1, -1, 0 } }, { "bpf", SYS_bpf, { 0, 0, 0 } },
	{ "unshare", SYS_unshare, { CLONE_NEWUSER } }, { "setns", SYS_setns, { 0, 0 } }, { "chroot", SYS_chroot, { (long)"/" } },
	{ "pivot_root", SYS_pivot_root, { 0, 0 } }, { "mount", SYS_mount, { 0, 0, 0, 0, 0 } }, { "memfd_create", SYS_memfd_create, { (long)"x", 0 } },
	{ "memfd_secret", SYS_memfd_secret, { 0 } }, { "setrlimit", SYS_setrlimit, { RLIMIT_NOFILE, 0 } }, { "prlimit64", SYS_prlimit64, { 0, RLIMIT_AS, 0, 0 } },
	{ "prctl", SYS_prctl, { 4, 1, 0, 0, 0 } }, { "seccomp", SYS_seccomp, { 1, 0, 0 } }, { "personality", SYS_personality, { 0x40000 } },
	{ "ioctl", SYS_ioctl, { 0, 0x5412, 0 } }, { "fcntl", SYS_fcntl, { JAIL_SOCKET, F_DUPFD, 0 } }, { "dup", SYS_dup, { JAIL_SOCKET } },
	{ "dup2", SYS_dup2, { JAIL_SOCKET, 1 } }, { "shmget", SYS_shmget, { 0, 4096, 0600 } }, { "msgget", SYS_msgget, { 0, 0600 } }, { "semget", SYS_semget, { 0, 1, 0600 } },
	{ "mq_open", SYS_mq_open, { (long)"x", O_CREAT, 0600, 0 } }, { "inotify_init", SYS_inotify_init, { 0 } }, { "fanotify_init", SYS_fanotify_init, { 0, 0 } },
	{ "epoll_create1", SYS_epoll_create1, { 0 } }, { "eventfd2", SYS_eventfd2, { 0, 0 } }, { "timerfd_create", SYS_timerfd_create, { 0, 0 } },
	{ "signalfd4", SYS_signalfd4, { -1, 0, 8, 0 } }, { "pipe2", SYS_pipe2, { 0, 0 } }, { "rt_sigaction", SYS_rt_sigaction, { SIGALRM, 0, 0, 8 } },
	{ "setuid", SYS_setuid, { 0 } }, { "setresuid", SYS_setresuid, { 0, 0, 0 } }, { "capset", SYS_capset, { 0, 0 } }, { "arch_prctl", SYS_arch_prctl, { 0x1002, 0 } },
	{ "modify_ldt", SYS_modify_ldt, { 1, 0, 0 } }, { "iopl", SYS_iopl, { 3 } }, { "ioperm", SYS_ioperm, { 0, 1, 1 } }, { "init_module", SYS_init_module, { 0, 0, 0 } },
	{ "kexec_load", SYS_kexec_load, { 0, 0, 0, 0 } }, { "reboot", SYS_reboot, { 0, 0, 0, 0 } }, { "syslog", SYS_syslog, { 3, 0, 0 } }, { "swapon", SYS_swapon, { 0, 0 } },
	{ "move_pages", SYS_move_pages, { 1, 0, 0, 0, 0, 0 } }, { "process_madvise", SYS_process_madvise, { 0, 0, 0, 0, 0 } }, { "mlock", SYS_mlock, { 0, 4096 } },
	{ "remap_file_pages", SYS_remap_file_pages, { 0, 0, 0, 0, 0 } }, { "name_to_handle_at", SYS_name_to_handle_at, { 0, 0, 0, 0, 0 } },
	{ "open_by_handle_at", SYS_open_by_handle_at, { 0, 0, 0 } }, { "getppid", SYS_getppid, { 0 } }, { "adjtimex", SYS_adjtimex, { 0 } }, { "settimeofday", SYS_settimeofday, { 0, 0 } },
	{ "read of another descriptor", SYS_read, { 0, 0, 0 } }, { "write to another descriptor", SYS_write, { JAIL_SOCKET + 1, 0, 0 } },
	{ "writev", SYS_writev, { JAIL_SOCKET, 0, 0 } }, { "mmap of a file", SYS_mmap, { 0, 4096, PROT_READ, MAP_PRIVATE, JAIL_SOCKET, 0 } },
	{ "a number of 32-bit pointers", 0x40000000 | SYS_getpid, { 0 } }, { "a number that is none", 9999, { 0 } },
};

/* What is allowed, or goes another way: each ends the process by itself, with 0 where it was held. */
static int other_table(void)
{
	long answer = 20; /* getpid in the table of 32 bits */

	__asm__ volatile("int $0x80" : "+a"(answer) : : "memory");
	return 1;
}

static int inherited(void)
{
	struct stat_room { uint8_t room[256]; } st;

	for (int fd = JAIL_SOCKET + 1; fd < OTHERS + 16; fd++)
		if (syscall(SYS_fstat, fd, &st) == 0 || errno != EBADF)
			return 1;
	return 0;
}

static int names_of_files(void)
{
	struct stat_room { uint8_t room[256]; } st;

	return syscall(SYS_newfstatat, AT_FDCWD, "/etc/passwd", &st, 0) == 0 || errno != EPERM;
}

static int large_memory(void)
{
	return mmap(NULL, (size_t)2 << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != MAP_FAILED ||
	    errno != ENOMEM;
}

/* In small pieces: JAIL_MEMORY is the end. */
static int much_memory(void)
{
	size_t had = 0;
	uint8_t *at;

	while ((at = mmap(NULL, 16 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) != MAP_FAILED) {
		if ((had += 16 << 20) > (size_t)JAIL_MEMORY)
			return 1;
	}
	return errno != ENOMEM;
}

/* A view of a file needs a descriptor; one of shared memory reaches nobody else. */
static int grown_mapping(void)
{
	void *at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED || mremap(at, 4096, (size_t)2 << 30, MREMAP_MAYMOVE) != MAP_FAILED || errno != ENOMEM;
}

static int deeper(volatile uint8_t *above, size_t depth)
{
	volatile uint8_t room[1 << 16];

	room[0] = *above;
	return depth == 0 ? room[0] : deeper(room, depth - 1) + room[0];
}

static int endless_stack(void)
{
	uint8_t top = 0;

	return deeper(&top, 1 << 20); /* 64 GB */
}

/* The vDSO makes these calls where the kernel's clock source is one that only the kernel can read. */
static int clock_by_call(void)
{
	struct timespec t;
	struct timeval now;

	return syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t) != 0 || syscall(SYS_gettimeofday, &now, NULL) != 0;
}

enum { HELD = 0 };
static const struct { const char *name; int (*does)(void); int status; } acts[] = {
	{ "the other table of system calls", other_table, -SIGSYS }, { "descriptors of others", inherited, HELD }, { "names of files", names_of_files, HELD },
	{ "much memory at once", large_memory, HELD }, { "much memory in pieces", much_memory, HELD }, { "a mapping that grows", grown_mapping, HELD },
	{ "an endless stack", endless_stack, -SIGSEGV }, { "the clock, which it may read", clock_by_call, HELD },
};

/* Runs in the jail, in a child; its exit status, or the negative of the signal that ended it. */
static int jailed(int (*act)(const void *), const void *arg)
{
	int pair[2], status;
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	fflush(NULL);
	if ((pid = fork()) == 0) {
		for (int i = 0; i < OTHERS; i++)
			if (dup(escaped[1]) < 0 || signal(SIGSEGV, SIG_DFL) == SIG_ERR)
				_exit(90);
		if (jail_enter(pair[1]) < 0)
			_exit(91);
		_exit(act(arg));
	}
	close(pair[0]);
	close(pair[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int make_call(const void *arg)
{
	const long *a = calls[*(const size_t *)arg].a;

	syscall(calls[*(const size_t *)arg].number, a[0], a[1], a[2], a[3], a[4], a[5]);
	return 1;
}

static int do_act(const void *arg)
{
	return acts[*(const size_t *)arg].does();
}

static size_t number_of(void **state)
{
	return (size_t)(uintptr_t)*state;
}

static void the_call_kills(void **state)
{
	size_t i = number_of(state);

	assert_int_equal(jailed(make_call, &i), -SIGSYS);
}

/* A kernel built without the table of 32 bits answers its instruction with SIGSEGV, jail or no jail. */
static bool kernel_lacks_other_table(void)
{
	int status = 0;
	pid_t pid;

	fflush(NULL);
	if ((pid = fork()) == 0) {
		signal(SIGSEGV, SIG_DFL);
		_exit(other_table() - 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

static void it_is_held(void **state)
{
	size_t i = number_of(state);
	int status = acts[i].status;

	if (acts[i].does == other_table && kernel_lacks_other_table())
		status = -SIGSEGV;
	assert_int_equal(jailed(do_act, &i), status);
}

static int open_pipe(void **state)
{
	return pipe(escaped);
}

int main(void)
{
	struct CMUnitTest tests[COUNT_OF(calls) + COUNT_OF(acts)] = { 0 };

	for (size_t i = 0; i < COUNT_OF(tests); i++) {
		bool call = i < COUNT_OF(calls);
		size_t n = call ? i : i - COUNT_OF(calls);

		tests[i].name = call ? calls[n].name : acts[n].name;
		tests[i].test_func = call ? the_call_kills : it_is_held;
		tests[i].initial_state = (void *)(uintptr_t)n;
	}
	return _cmocka_run_group_tests("ways out of the jail", tests, COUNT_OF(tests), open_pipe, NULL);
}
