/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs whose system calls use one thing up, each without end: see budgets.py. */
#include "spend.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

static char name[] = "/tmp/zzzzzzzz";

/* Names that come before all earlier ones. */
static const char *next_name(void)
{
	for (char *at = name + sizeof(name) - 2; --*at < 'a'; at--)
		*at = 'z';
	return name;
}

static void spin(void)
{
	for (;;)
		__asm__ volatile("");
}

static void calls(void)
{
	for (;;)
		CALL(SYS_getppid);
}

static void forks(void)
{
	for (;;)
		CALL(SYS_fork);
}

static void forks_that_end(void)
{
	for (;;)
		if (CALL(SYS_fork) == 0)
			CALL(SYS_exit, 0);
		else
			CALL(SYS_wait4, -1, 0, 0, 0);
}

static void large_forks(void)
{
	uint8_t *at = memory(50 << 20, 3);

	for (unsigned long i = 0; i < 50 << 20; i += 4096)
		at[i] = 1;
	if (CALL(SYS_fork) == 0)
		for (;;)
			CALL(SYS_sched_yield);
	for (;;)
		CALL(SYS_sched_yield);
}

static void maps(void)
{
	while ((long)memory(1 << 20, 3) > 0)
		;
	spin();
}

static void maps_and_back(void)
{
	for (;;)
		CALL(SYS_munmap, memory(1 << 16, 3), 1 << 16);
}

static void small_maps(void)
{
	for (unsigned n = 0;; n++)
		if (n % 2 == 0 || CALL(SYS_mmap, 0x30000000 + n % 1500 * 8192, 4096, 1 + n % 2, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) < 0)
			CALL(SYS_munmap, 0x30000000 + n * 7 % 1500 * 8192, 4096);
}

static void code_maps(void)
{
	for (;;)
		CALL(SYS_munmap, memory(1 << 16, 7), 1 << 16);
}

static void protections(void)
{
	uint8_t *at = memory(8 << 20, 3);

	for (unsigned n = 0;; n++)
		CALL(SYS_mprotect, at + n * 5 % 1000 * 8192, 4096, n / 1000 % 2 == 0 ? 7 : 3);
}

static void advice(void)
{
	uint8_t *at = memory(64 << 20, 3);

	for (;;)
		CALL(SYS_madvise, at, 64 << 20, MADV_DONTNEED);
}

static void moves(void)
{
	unsigned long len = 1 << 20;
	void *at = memory(len, 3);

	for (;; len = len == 1 << 20 ? 40 << 20 : 1 << 20)
		at = (void *)CALL(SYS_mremap, at, len, len == 1 << 20 ? 40 << 20 : 1 << 20, MREMAP_MAYMOVE);
}

static void brk_up_and_down(void)
{
	long start = CALL(SYS_brk, 0);

	for (;;) {
		CALL(SYS_brk, start + (60 << 20));
		CALL(SYS_brk, start);
	}
}

static void random_bytes(void)
{
	uint8_t *at = memory(32 << 20, 3);

	for (;;)
		CALL(SYS_getrandom, at, 32 << 20, 0);
}

static void zeroes(void)
{
	uint8_t *at = memory(64 << 20, 3);
	int fd = (int)CALL(SYS_open, "/dev/zero", O_RDONLY);

	for (;;)
		CALL(SYS_read, fd, at, 64 << 20);
}

static void nothing_written(void)
{
	static struct iovec v[1024];
	uint8_t *at = memory(64 << 20, 3);
	int fd = (int)CALL(SYS_open, "/dev/null", O_WRONLY);

	for (unsigned i = 0; i < 1024; i++)
		v[i] = (struct iovec){ at, 64 << 20 };
	for (;;)
		CALL(SYS_writev, fd, v, 1024);
}

static void output(void)
{
	for (;;)
		CALL(SYS_write, 1, room, 4096);
}

static void file_bytes(void)
{
	int fd = (int)CALL(SYS_open, "/tmp/full", O_WRONLY | O_CREAT, 0600);

	for (;;)
		CALL(SYS_write, fd, room, 65536);
}

static void holes(void)
{
	int fd = (int)CALL(SYS_open, "/tmp/hole", O_RDWR | O_CREAT, 0600);

	for (;;) {
		CALL(SYS_ftruncate, fd, 7 << 20);
		CALL(SYS_ftruncate, fd, 0);
	}
}

static void sent_files(void)
{
	int from = (int)CALL(SYS_open, "/tmp/from", O_RDWR | O_CREAT, 0600), null = (int)CALL(SYS_open, "/dev/null", O_WRONLY);

	CALL(SYS_ftruncate, from, 7 << 20);
	for (;;) {
		long zero = 0;
		CALL(SYS_sendfile, null, from, &zero, 7 << 20);
	}
}

static void own_reading(void)
{
	int fd = (int)CALL(SYS_open, "/tmp/from", O_RDWR | O_CREAT, 0600);

	CALL(SYS_ftruncate, fd, 7 << 20);
	for (;;)
		CALL(SYS_pread64, fd, memory(8 << 20, 3), 7 << 20, 0);
}

static void mapped_files(void)
{
	int fd = (int)CALL(SYS_open, "/tmp/from", O_RDWR | O_CREAT, 0600);

	CALL(SYS_ftruncate, fd, 7 << 20);
	for (;;)
		CALL(SYS_munmap, CALL(SYS_mmap, 0, 7 << 20, 3, MAP_PRIVATE, fd, 0), 7 << 20);
}

static void names(void)
{
	for (;;)
		CALL(SYS_close, CALL(SYS_open, next_name(), O_WRONLY | O_CREAT, 0600));
}

static void links(void)
{
	CALL(SYS_close, CALL(SYS_open, "/tmp/one", O_WRONLY | O_CREAT, 0600));
	for (;;)
		CALL(SYS_link, "/tmp/one", next_name());
}

static void deep_folders(void)
{
	CALL(SYS_chdir, "/tmp");
	for (;;) {
		CALL(SYS_mkdir, "d", 0700);
		CALL(SYS_chdir, "d");
		CALL(SYS_getcwd, room, 4096);
	}
}

static void looks(void)
{
	char *to = (char *)room;

	for (*to++ = '/'; to < (char *)room + 4000; to += 13)
		__builtin_memcpy(to, "proc/self/../", 13);
	for (;;)
		CALL(SYS_access, room, 0);
}

static void circles(void)
{
	char *to = (char *)room;

	CALL(SYS_symlink, "/tmp/../tmp/../tmp/../tmp/../tmp/../tmp", "/tmp/l");
	for (; to < (char *)room + 4000; to += 7)
		__builtin_memcpy(to, "/tmp/l/", 7);
	for (;;)
		CALL(SYS_access, room, 0);
}

static void listings(void)
{
	for (unsigned i = 0; i < 5000; i++)
		CALL(SYS_close, CALL(SYS_open, next_name(), O_WRONLY | O_CREAT, 0600));
	for (;;) {
		int fd = (int)CALL(SYS_open, "/tmp", O_RDONLY | O_DIRECTORY);

		while (CALL(SYS_getdents64, fd, room, sizeof(room)) > 0)
			;
		CALL(SYS_close, fd);
	}
}

static void process_files(void)
{
	for (;;) {
		int fd = (int)CALL(SYS_open, "/proc/self/maps", O_RDONLY);

		CALL(SYS_read, fd, room, sizeof(room));
		CALL(SYS_close, fd);
	}
}

static void descriptors(void)
{
	for (;;)
		CALL(SYS_dup, 1);
}

static void pipes(void)
{
	for (;;) {
		int pair[2];

		CALL(SYS_pipe, pair);
		CALL(SYS_write, pair[1], room, 65536);
	}
}

static void ping_pong(void)
{
	int a[2], b[2];

	CALL(SYS_pipe, a);
	CALL(SYS_pipe, b);
	if (CALL(SYS_fork) == 0)
		for (;;) {
			CALL(SYS_write, b[1], room, 1);
			CALL(SYS_read, a[0], room, 1);
		}
	for (;;) {
		CALL(SYS_read, b[0], room, 1);
		CALL(SYS_write, a[1], room, 1);
	}
}

static void polls(void)
{
	static struct pollfd fds[1000];

	for (unsigned i = 0; i < 1000; i++)
		fds[i] = (struct pollfd){ (int)CALL(SYS_dup, 1), 0, 0 };
	for (;;)
		CALL(SYS_poll, fds, 1000, 0);
}

static void many_waiters(void)
{
	static struct pollfd fds[500];
	int pair[2];

	CALL(SYS_pipe, pair);
	for (unsigned i = 0; i < 500; i++)
		fds[i] = (struct pollfd){ (int)CALL(SYS_dup, pair[0]), POLLIN, 0 };
	for (unsigned i = 0; i < 28; i++)
		if (CALL(SYS_fork) == 0)
			for (;;)
				CALL(SYS_poll, fds, 500, 1);
	for (;;)
		CALL(SYS_sched_yield);
}

static void sockets(void)
{
	for (;;) {
		static const uint8_t to[16] = { 2, 0, 0, 80, 203, 0, 113, 9 };
		int fd = (int)CALL(SYS_socket, 2, SOCK_STREAM, 0);

		CALL(SYS_connect, fd, to, 16);
		CALL(SYS_close, fd);
	}
}

static void datagrams(void)
{
	static const uint8_t to[16] = { 2, 0, 0, 80, 203, 0, 113, 9 };
	int fd = (int)CALL(SYS_socket, 2, SOCK_DGRAM, 0);

	for (;;)
		CALL(SYS_sendto, fd, room, 60000, 0, to, 16);
}

static void stream(void)
{
	static const uint8_t to[16] = { 2, 0, 0, 99, 203, 0, 113, 9 };
	int fd = (int)CALL(SYS_socket, 2, SOCK_STREAM, 0);

	CALL(SYS_connect, fd, to, 16);
	for (;;)
		CALL(SYS_write, fd, room, sizeof(room));
}

static void programs(void)
{
	static char *argv[1001];

	for (unsigned i = 0; i < 1000; i++)
		argv[i] = "a word of an argument list that is long and, like the others, says nothing";
	for (;;)
		CALL(SYS_execve, "/proc/self/exe", argv, argv);
}

static void bad_programs(void)
{
	static char *argv[4001];

	for (unsigned i = 0; i < 4000; i++)
		argv[i] = "a word of an argument list that is long and, like the others, says nothing";
	for (;;)
		CALL(SYS_execve, "/etc/passwd", argv, argv);
}

static void sleeps(void)
{
	for (;;) {
		long v[2] = { 600, 0 };

		CALL(SYS_nanosleep, v, 0);
	}
}

static void short_sleeps(void)
{
	for (;;) {
		long v[2] = { 0, 1 };

		CALL(SYS_nanosleep, v, 0);
	}
}

static void alarms(void)
{
	static long every[4] = { 0, 1, 0, 1 };

	CALL(SYS_rt_sigprocmask, 0, &(unsigned long){ 1ul << 13 }, 0, 8);
	CALL(SYS_setitimer, 0, every, 0);
	for (;;)
		CALL(SYS_sched_yield);
}

static void for_ever(void)
{
	CALL(SYS_futex, room, FUTEX_WAIT, 0, 0);
}

static void threads(void)
{
	for (;;)
		if (CALL(SYS_clone, 0x10f00, room + sizeof(room) - 64) == 0)
			spin();
}

void _start(void);
void _start(void)
{
	ACT();
	CALL(SYS_exit_group, 0);
}
