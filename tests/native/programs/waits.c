/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for many things: epoll level, edge and once; eventfd, timerfd, signalfd; timers; poll's and select's answers. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static volatile int rang;

static void tell(const char *what, long r)
{
	int e = errno;

	printf("%s: %ld %s\n", what, r, r < 0 ? strerror(e) : "");
}

static void ring(int n, siginfo_t *i, void *context)
{
	rang++;
	if (rang == 1)
		printf("timer signal %d code %d value %d\n", n, i->si_code, i->si_value.sival_int);
}

static void show(int e, int timeout)
{
	struct epoll_event v[8];
	int n = epoll_wait(e, v, 8, timeout);

	printf("epoll %d:", n);
	for (int i = 0; i < n; i++)
		printf(" %x=%u", v[i].events, v[i].data.u32);
	printf("\n");
}

static void add(int e, int op, int fd, uint32_t events, uint32_t data)
{
	struct epoll_event v = { .events = events, .data.u32 = data };

	tell("ctl", epoll_ctl(e, op, fd, &v));
}

static void epolls(void)
{
	int p[2], q[2], e = epoll_create1(EPOLL_CLOEXEC), inner = epoll_create1(0), file = open("/etc/passwd", O_RDONLY);
	char c;

	pipe(p);
	socketpair(AF_UNIX, SOCK_STREAM, 0, q);
	add(e, EPOLL_CTL_ADD, p[0], EPOLLIN, 1);
	add(e, EPOLL_CTL_ADD, p[0], EPOLLIN, 1);
	add(e, EPOLL_CTL_ADD, file, EPOLLIN, 2);
	add(e, EPOLL_CTL_ADD, 99, EPOLLIN, 2);
	add(e, EPOLL_CTL_ADD, e, EPOLLIN, 2);
	add(e, EPOLL_CTL_MOD, p[1], EPOLLIN, 2);
	show(e, 0);
	show(e, 10);
	write(p[1], "ab", 2);
	show(e, -1);
	show(e, -1);
	read(p[0], &c, 1);
	show(e, 0);
	read(p[0], &c, 1);
	show(e, 0);
	add(e, EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLET, 3);
	write(p[1], "a", 1);
	show(e, 0);
	show(e, 0);
	write(p[1], "b", 1);
	show(e, 0);
	show(e, 0);
	read(p[0], &c, 1);
	show(e, 0);
	add(e, EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT, 4);
	show(e, 0);
	show(e, 0);
	add(e, EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT, 5);
	show(e, 0);
	add(e, EPOLL_CTL_ADD, q[0], EPOLLIN | EPOLLOUT | EPOLLRDHUP, 6);
	show(e, 0);
	write(q[1], "x", 1);
	show(e, 0);
	shutdown(q[1], SHUT_WR);
	show(e, 0);
	close(q[1]);
	show(e, 0);
	add(inner, EPOLL_CTL_ADD, e, EPOLLIN, 7);
	show(inner, 0);
	add(e, EPOLL_CTL_DEL, q[0], 0, 0);
	close(p[1]);
	add(e, EPOLL_CTL_MOD, p[0], EPOLLIN, 8);
	show(e, 0);
	close(p[0]);
	show(e, 0);
	show(inner, 0);
	if (fork() == 0) {
		usleep(20000);
		_exit(0);
	}
	show(e, 50);
}

static void counts(void)
{
	int f = eventfd(3, EFD_NONBLOCK), one = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
	struct pollfd p = { .fd = f, .events = POLLIN | POLLOUT };
	uint64_t v = 4;

	tell("write", write(f, &v, 8));
	printf("poll %d %x\n", poll(&p, 1, 0), p.revents);
	tell("read", read(f, &v, 8));
	printf("count %lu\n", v);
	tell("empty", read(f, &v, 8));
	printf("poll %d %x\n", poll(&p, 1, 0), p.revents);
	tell("short", read(f, &v, 4));
	v = UINT64_MAX;
	tell("too much", write(f, &v, 8));
	tell("one", read(one, &v, 8));
	tell("two", read(one, &v, 8));
	tell("three", read(one, &v, 8));
}

static void times(void)
{
	struct itimerspec s = { { 0, 10000000 }, { 0, 10000000 } }, left;
	int f = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	struct pollfd p = { .fd = f, .events = POLLIN };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 42 };
	struct sigaction a = { .sa_sigaction = ring, .sa_flags = SA_SIGINFO };
	struct itimerval prof = { { 0, 0 }, { 0, 2000 } };
	uint64_t v = 0;
	timer_t t;
	sigset_t set;

	tell("not yet", read(f, &v, 8));
	timerfd_settime(f, 0, &s, NULL);
	printf("poll %d", poll(&p, 1, 1000));
	printf(" read %zd count %lu\n", read(f, &v, 8), v);
	usleep(35000);
	read(f, &v, 8);
	printf("missed %d\n", v >= 2 && v <= 6);
	timerfd_gettime(f, &left);
	printf("every %ld left %d\n", left.it_interval.tv_nsec, left.it_value.tv_nsec > 0);
	memset(&s, 0, sizeof(s));
	timerfd_settime(f, 0, &s, NULL);
	printf("off %d\n", poll(&p, 1, 30));
	sigaction(SIGUSR1, &a, NULL);
	tell("create", timer_create(CLOCK_MONOTONIC, &ev, &t));
	s.it_value.tv_nsec = s.it_interval.tv_nsec = 5000000;
	timer_settime(t, 0, &s, NULL);
	while (rang < 3)
		pause();
	printf("rang\n");
	tell("delete", timer_delete(t));
	rang = 5;
	sigaction(SIGPROF, &a, NULL);
	setitimer(ITIMER_PROF, &prof, NULL);
	for (volatile long i = 0; rang == 5; i++)
		;
	printf("processor time ran out\n");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	f = signalfd(-1, &set, SFD_NONBLOCK);
	p.fd = f;
	printf("no signal %d\n", poll(&p, 1, 0));
	raise(SIGUSR2);
	printf("signal %d", poll(&p, 1, 0));
	{
		struct signalfd_siginfo i;

		printf(" read %zd", read(f, &i, sizeof(i)));
		printf(" number %u pid %d\n", i.ssi_signo, (pid_t)i.ssi_pid == getpid());
		tell("again", read(f, &i, sizeof(i)));
	}
}

static void polls(void)
{
	struct pollfd p[4];
	struct timeval tv = { 0, 10000 };
	fd_set in, out;
	int a[2], b[2];

	pipe(a);
	pipe(b);
	write(b[1], "x", 1);
	p[0] = (struct pollfd){ a[0], POLLIN, 0 };
	p[1] = (struct pollfd){ a[1], POLLOUT, 0 };
	p[2] = (struct pollfd){ 77, POLLIN, 0 };
	p[3] = (struct pollfd){ -1, POLLIN, 9 };
	printf("poll %d", poll(p, 4, 0));
	printf(" %x %x %x %x\n", p[0].revents, p[1].revents, p[2].revents, p[3].revents);
	close(a[1]);
	printf("hung up %d", poll(p, 1, -1));
	printf(" %x\n", p[0].revents);
	close(b[0]);
	p[0] = (struct pollfd){ b[1], POLLOUT, 0 };
	printf("nobody reads %d", poll(p, 1, -1));
	printf(" %x\n", p[0].revents);
	pipe(a);
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(a[0], &in);
	FD_SET(a[1], &out);
	printf("select %d", select(a[1] + 1, &in, &out, NULL, &tv));
	printf(" %d %d\n", FD_ISSET(a[0], &in) != 0, FD_ISSET(a[1], &out) != 0);
	FD_ZERO(&in);
	FD_SET(a[0], &in);
	tv.tv_usec = 10000;
	printf("timeout %d", select(a[0] + 1, &in, NULL, NULL, &tv));
	printf(" %d left %ld\n", FD_ISSET(a[0], &in) != 0, (long)tv.tv_usec);
	FD_SET(60, &in);
	tell("bad", select(61, &in, NULL, NULL, NULL));
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	epolls();
	counts();
	times();
	polls();
	return 0;
}
