/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals: handlers with what came along, masks, stacks, restarts, stops, real-time queues, faults. */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

static sigjmp_buf back;
static volatile int seen, on_stack, depth;
static double kept;

static void info(int n, siginfo_t *i, void *context)
{
	ucontext_t *u = context;

	printf("signal %d code %d pid %d uid %d value %d blocked %d\n", n, i->si_code, i->si_pid == getpid(),
	    i->si_uid == getuid(), i->si_code == SI_QUEUE ? i->si_value.sival_int : -1, sigismember(&u->uc_sigmask, SIGUSR2));
	kept = kept * 3.5 + 1; /* floating point in a handler changes nothing outside */
}

static void fault(int n, siginfo_t *i, void *context)
{
	printf("fault %d code %d address %p\n", n, i->si_code, n == SIGSEGV ? i->si_addr : NULL);
	siglongjmp(back, 1);
}

static void tell(const char *what, long r)
{
	int e = errno;

	printf("%s: %ld %s\n", what, r, r < 0 ? strerror(e) : "");
}

static void note(int n)
{
	char here;

	seen = n;
	on_stack = (long)&here != 0;
}

static void child(int n, siginfo_t *i, void *context)
{
	printf("SIGCHLD code %d status %d pid %d\n", i->si_code, i->si_status, i->si_pid > 0);
}

static void nested(int n)
{
	depth++;
	if (depth < 3)
		raise(n);
	depth--;
	seen++;
}

static void set(int n, void *handler, int flags)
{
	struct sigaction a = { .sa_flags = flags };

	if (flags & SA_SIGINFO)
		a.sa_sigaction = handler;
	else
		a.sa_handler = handler;
	if (sigaction(n, &a, NULL) < 0)
		printf("sigaction %d: %s\n", n, strerror(errno));
}

static void faults(void)
{
	volatile int zero = 0;

	set(SIGSEGV, fault, SA_SIGINFO);
	set(SIGFPE, fault, SA_SIGINFO);
	set(SIGILL, fault, SA_SIGINFO);
	set(SIGTRAP, fault, SA_SIGINFO);
	if (sigsetjmp(back, 1) == 0)
		*(volatile int *)16 = 1;
	if (sigsetjmp(back, 1) == 0)
		printf("%d\n", 5 / zero);
	if (sigsetjmp(back, 1) == 0)
		__asm__ volatile("ud2");
}

static void restarts(void)
{
	struct timeval none = { 0, 100000 };
	struct itimerval soon = { { 0, 0 }, { 0, 20000 } };
	char c;
	int p[2];

	pipe(p);
	set(SIGALRM, note, 0);
	setitimer(ITIMER_REAL, &soon, NULL);
	tell("read", read(p[0], &c, 1));
	set(SIGALRM, note, SA_RESTART);
	if (fork() == 0) {
		usleep(60000);
		write(p[1], "x", 1);
		_exit(0);
	}
	seen = 0;
	setitimer(ITIMER_REAL, &soon, NULL);
	tell("restarted read", read(p[0], &c, 1));
	printf("%c seen %d\n", c, seen == SIGALRM);
	wait(NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	tell("select", select(0, NULL, NULL, NULL, &none));
	setitimer(ITIMER_REAL, &soon, NULL);
	tell("poll", poll(NULL, 0, 1000));
	setitimer(ITIMER_REAL, &soon, NULL);
	tell("pause", pause());
	setitimer(ITIMER_REAL, &soon, NULL);
	printf("sleep left: %u\n", sleep(3));
}

static void queues(void)
{
	union sigval v;
	sigset_t s, old;
	siginfo_t i;
	struct timespec soon = { 0, 1000000 };
	int n;

	set(SIGRTMIN, info, SA_SIGINFO);
	sigemptyset(&s);
	sigaddset(&s, SIGRTMIN);
	sigaddset(&s, SIGRTMIN + 1);
	sigaddset(&s, SIGUSR1);
	sigprocmask(SIG_BLOCK, &s, &old);
	for (int k = 0; k < 3; k++) {
		v.sival_int = k * 10;
		sigqueue(getpid(), SIGRTMIN + (k & 1), v);
		kill(getpid(), SIGUSR1);
	}
	sigpending(&old);
	printf("pending %d %d %d\n", sigismember(&old, SIGRTMIN), sigismember(&old, SIGUSR1), sigismember(&old, SIGUSR2));
	while ((n = sigtimedwait(&s, &i, &soon)) > 0)
		printf("took %d code %d value %d\n", n - SIGRTMIN, i.si_code, n != SIGUSR1 ? i.si_value.sival_int : 0);
	tell("nothing", n);
	v.sival_int = 77;
	sigqueue(getpid(), SIGRTMIN, v);
	sigprocmask(SIG_UNBLOCK, &s, NULL);
}

static void stops(void)
{
	int status;
	pid_t pid;

	fflush(stdout);
	set(SIGCHLD, child, SA_SIGINFO | SA_RESTART);
	if ((pid = fork()) == 0) {
		set(SIGCHLD, SIG_DFL, 0);
		raise(SIGSTOP);
		usleep(50000);
		_exit(4);
	}
	printf("stopped %d", waitpid(pid, &status, WUNTRACED) == pid);
	printf(" %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status));
	kill(pid, SIGCONT);
	usleep(20000);
	printf("continued %d", waitpid(pid, &status, WCONTINUED) == pid);
	printf(" %d\n", WIFCONTINUED(status));
	printf("ended %d", waitpid(pid, &status, 0) == pid);
	printf(" %d\n", WEXITSTATUS(status));
	fflush(stdout);
	if ((pid = fork()) == 0)
		for (;;)
			pause();
	kill(pid, SIGTERM);
	printf("killed %d", waitpid(pid, &status, 0) == pid);
	printf(" %d by %d core %d\n", WIFSIGNALED(status), WTERMSIG(status), WCOREDUMP(status));
	set(SIGCHLD, SIG_IGN, 0);
	if (fork() == 0)
		_exit(1);
	tell("ignored children", wait(NULL));
	set(SIGCHLD, SIG_DFL, 0);
}

int main(void)
{
	static char stack[65536];
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) }, now;
	union sigval v = { .sival_int = 5 };
	sigset_t none, all;
	double x = 1.25;

	setvbuf(stdout, NULL, _IONBF, 0);
	set(SIGUSR1, info, SA_SIGINFO);
	raise(SIGUSR1);
	kill(getpid(), SIGUSR1);
	sigqueue(getpid(), SIGUSR1, v);
	for (int i = 0; i < 10; i++) {
		x = x * 1.5 + i;
		raise(SIGCONT);
	}
	printf("double %.6f\n", x);
	sigaltstack(&ss, &now);
	printf("no stack yet: %d\n", now.ss_flags == SS_DISABLE);
	set(SIGUSR2, note, SA_ONSTACK);
	raise(SIGUSR2);
	sigaltstack(NULL, &now);
	printf("stack %d %zu seen %d\n", now.ss_flags, now.ss_size, seen == SIGUSR2);
	seen = 0;
	set(SIGUSR2, nested, SA_NODEFER);
	raise(SIGUSR2);
	printf("nested %d\n", seen);
	set(SIGUSR2, note, SA_RESETHAND);
	raise(SIGUSR2);
	{
		struct sigaction a;

		sigaction(SIGUSR2, NULL, &a);
		printf("reset %d\n", a.sa_handler == SIG_DFL);
	}
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigprocmask(SIG_SETMASK, NULL, &none);
	printf("all blocked: %d kill %d stop %d\n", sigismember(&none, SIGTERM), sigismember(&none, SIGKILL), sigismember(&none, SIGSTOP));
	sigemptyset(&none);
	set(SIGUSR2, note, 0);
	seen = 0;
	raise(SIGUSR2);
	printf("held %d", seen);
	sigsuspend(&none);
	printf(" suspend %d\n", seen == SIGUSR2);
	sigprocmask(SIG_SETMASK, &none, NULL);
	faults();
	restarts();
	queues();
	stops();
	tell("bad signal", kill(getpid(), 99));
	tell("nobody", kill(999999, 0));
	set(SIGKILL, note, 0);
	signal(SIGPIPE, SIG_IGN);
	{
		int p[2];

		pipe(p);
		close(p[0]);
		tell("pipe", write(p[1], "x", 1));
		signal(SIGPIPE, SIG_DFL);
		write(p[1], "x", 1);
	}
	printf("not reached\n");
	return 0;
}
