/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A little of all that a program asks of its kernel, with structures that each processor has otherwise: files, memory,
 * processes, signals, times, sockets, threads. Prints the same on every processor.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PLACE "/tmp/konseki.processors"

static volatile sig_atomic_t got, info_signal, info_code;
static volatile double fp = 1.5;
static void on_signal(int n) { got = n; fp = fp * 2; }
static void on_info(int n, siginfo_t *i, void *c) { info_signal = i->si_signo; got = n; (void)c; }

/* The call is made before its error is looked at. */
static void told(const char *what, long r)
{
	printf("%s %ld %s\n", what, r, r < 0 ? strerror(errno) : "");
}

static void arguments(int argc, char **argv)
{
	printf("argc %d name %d\n", argc, strrchr(argv[0], '/') != NULL);
	setenv("KEY", "value", 1);
	printf("env %s\n", getenv("KEY"));
}
static void files(void)
{
	struct stat s, l;
	char b[64];
	mkdir(PLACE, 0755);
	int fd = open(PLACE "/file", O_CREAT | O_RDWR | O_TRUNC, 0640);
	ssize_t n;
	printf("open %d\n", fd >= 0);
	printf("write %zd\n", write(fd, "hello world\n", 12));
	printf("lseek %ld\n", (long)lseek(fd, 6, SEEK_SET));
	n = read(fd, b, sizeof b);
	printf("read %zd %.*s", n, (int)n, b);
	n = pread(fd, b, 3, 1);
	printf("pread %zd %.*s\n", n, (int)n, b);
	printf("pwrite %zd\n", pwrite(fd, "XY", 2, 3));
	struct iovec v[2] = { { b, 4 }, { b + 10, 20 } };
	lseek(fd, 0, SEEK_SET);
	n = readv(fd, v, 2);
	printf("readv %zd %.4s %.*s", n, b, (int)n - 4, b + 10);
	fstat(fd, &s);
	printf("fstat size %lld mode %o links %d\n", (long long)s.st_size, s.st_mode, (int)s.st_nlink);
	printf("ftruncate %d\n", ftruncate(fd, 5));
	stat(PLACE "/file", &s);
	printf("stat size %lld blocks>0 %d mtime %d\n", (long long)s.st_size, s.st_blocks > 0, s.st_mtime > 1000000000);
	printf("mkdir %d\n", mkdir(PLACE "/dir", 0755));
	printf("symlink %d\n", symlink("../file", PLACE "/dir/link"));
	told("lstat", lstat(PLACE "/dir/link", &l));
	printf("type %o\n", l.st_mode & S_IFMT);
	n = readlink(PLACE "/dir/link", b, sizeof b);
	printf("readlink %.*s\n", (int)n, b);
	printf("rename %d\n", rename(PLACE "/file", PLACE "/dir/moved"));
	told("access", access(PLACE "/file", F_OK));
	DIR *d = opendir(PLACE "/dir");
	struct dirent *e;
	int seen = 0;
	while ((e = readdir(d)) != NULL)
		seen += strlen(e->d_name) * (e->d_type == DT_DIR ? 1 : e->d_type == DT_LNK ? 100 : 10000);
	printf("readdir %d\n", seen);
	closedir(d);
	told("unlink", unlink(PLACE "/dir/link"));
	told("unlink", unlink(PLACE "/dir/moved"));
	told("rmdir", rmdir(PLACE "/dir"));
	printf("flags %d\n", (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
	told("set", fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK));
	printf("flags %d\n", (fcntl(fd, F_GETFL) & (O_APPEND | O_NONBLOCK)) == (O_APPEND | O_NONBLOCK));
	struct flock k = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 5 };
	printf("lock %d\n", fcntl(fd, F_SETLK, &k));
	close(fd);
	told("closed", read(fd, b, 1));
	told("open dir", open("/tmp", O_WRONLY));
	told("nothing", open("/nowhere/file", O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
	told("long", open(memset(calloc(1, 5000), 'a', 4900), O_RDONLY));
}
static void memory(void)
{
	char *a = mmap(NULL, 100000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *b;
	printf("mmap %d\n", a != MAP_FAILED);
	memset(a, 7, 100000);
	b = mremap(a, 100000, 300000, MREMAP_MAYMOVE);
	printf("mremap %d %d\n", b != MAP_FAILED, b[99999]);
	printf("mprotect %d\n", mprotect(b, 4096, PROT_READ));
	printf("munmap %d\n", munmap(b, 300000));
	for (int i = 0; i < 100; i++)
		free(malloc(i * 1000));
	void *big = malloc(5000000);
	memset(big, 1, 5000000);
	printf("malloc %d\n", ((char *)big)[4999999]);
	int fd = open(PLACE "/map", O_CREAT | O_RDWR, 0600);
	for (int i = 0; i < 3000; i++)
		if (write(fd, "abcd", 4) != 4)
			break;
	a = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 4096);
	printf("file map %.8s\n", a);
	close(fd);
	unlink(PLACE "/map");
	rmdir(PLACE);
}
static void processes(void)
{
	int p[2], status = 0;
	char b[32];
	pid_t c, w;
	printf("pipe %d\n", pipe(p));
	fflush(stdout);
	if ((c = fork()) == 0) {
		close(p[0]);
		if (write(p[1], "from child", 10) != 10)
			_exit(1);
		_exit(42);
	}
	close(p[1]);
	told("read", read(p[0], b, sizeof b));
	printf("%.10s\n", b);
	printf("read %zd\n", read(p[0], b, sizeof b));
	w = waitpid(c, &status, 0);
	printf("wait %d exited %d status %d\n", w == c, WIFEXITED(status), WEXITSTATUS(status));
	fflush(stdout);
	if ((c = fork()) == 0) {
		kill(getpid(), SIGUSR1);
		_exit(1);
	}
	w = wait(&status);
	printf("wait signaled %d by %d\n", WIFSIGNALED(status), WTERMSIG(status) == SIGUSR1);
	fflush(stdout);
	if ((c = vfork()) == 0)
		_exit(9);
	waitpid(c, &status, 0);
	printf("vfork %d\n", WEXITSTATUS(status));
	told("none", wait(&status));
		FILE *f = popen("echo popen works; exit 3", "r");
	if (f != NULL && fgets(b, sizeof b, f) != NULL)
		printf("popen %s", b);
	printf("pclose %d\n", f != NULL ? WEXITSTATUS(pclose(f)) : -1);
	printf("system %d\n", WEXITSTATUS(system("exit 5")));
}
static sigjmp_buf jump;
static void on_fault(int n) { (void)n; siglongjmp(jump, 1); }
static void signals(void)
{
	struct sigaction a = { .sa_handler = on_signal }, old;
	sigset_t set, was, pending;
	printf("sigaction %d\n", sigaction(SIGUSR2, &a, NULL));
	fp = 1.5;
	double local = 3.25 * fp;
	raise(SIGUSR2);
	printf("got %d fp %.2f %.3f\n", got == SIGUSR2, fp, local);
	a.sa_sigaction = on_info;
	a.sa_flags = SA_SIGINFO;
	sigaction(SIGUSR1, &a, &old);
	kill(getpid(), SIGUSR1);
	printf("info %d %d\n", got == SIGUSR1, info_signal == SIGUSR1);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGCHLD);
	printf("block %d\n", sigprocmask(SIG_BLOCK, &set, &was));
	got = 0;
	raise(SIGUSR1);
	sigpending(&pending);
	printf("pending %d got %d\n", sigismember(&pending, SIGUSR1), got);
	sigprocmask(SIG_SETMASK, &was, NULL);
	printf("unblocked %d\n", got == SIGUSR1);
	a.sa_handler = on_signal;
	a.sa_flags = 0;
	sigaction(SIGALRM, &a, NULL);
	struct itimerval t = { { 0, 0 }, { 0, 20000 } };
	printf("setitimer %d\n", setitimer(ITIMER_REAL, &t, NULL));
	told("pause", pause());
	printf("alarm %d\n", got == SIGALRM);
	signal(SIGPIPE, SIG_IGN);
	int p[2];
	if (pipe(p) == 0) {
		close(p[0]);
		told("broken", write(p[1], "x", 1));
	}
	signal(SIGSEGV, on_fault);
	if (sigsetjmp(jump, 1) == 0)
		*(volatile int *)16 = 1;
	else
		puts("fault caught");
	if (sigsetjmp(jump, 1) == 0)
		*(volatile int *)32 = 1;
	else
		puts("fault caught again");
	static char stack[65536];
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof stack };
	printf("altstack %d\n", sigaltstack(&alt, NULL));
	a.sa_flags = SA_ONSTACK;
	a.sa_handler = on_signal;
	sigaction(SIGUSR1, &a, NULL);
	raise(SIGUSR1);
	printf("on it %d\n", got == SIGUSR1);
	sigaltstack(NULL, &alt);
	printf("altstack size %d\n", (int)alt.ss_size);
}
static void clocks(void)
{
	struct timespec t = { 0, 1000000 }, n;
	struct timeval v;
	struct tm *m;
	time_t when = 1000000000;
	printf("nanosleep %d\n", nanosleep(&t, NULL));
	told("gettimeofday", gettimeofday(&v, NULL));
	printf("late %d\n", v.tv_sec > 1000000000);
	told("clock", clock_gettime(CLOCK_MONOTONIC, &n));
	printf("late %d\n", n.tv_sec > 0);
	m = gmtime(&when);
	printf("gmtime %d-%d-%d\n", m->tm_year, m->tm_mon, m->tm_mday);
	printf("usleep %d\n", usleep(100));
}
static void sockets(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0), c, a, one = 1, type = 0, u;
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, from;
	socklen_t len = sizeof from;
	char b[32];
	printf("socket %d\n", s >= 0);
	printf("reuse %d\n", setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
	len = sizeof type;
	printf("type %d", getsockopt(s, SOL_SOCKET, SO_TYPE, &type, &len));
	printf(" %d %d\n", type == SOCK_STREAM, (int)len);
	printf("bind %d\n", bind(s, (void *)&in, sizeof in));
	printf("listen %d\n", listen(s, 5));
	len = sizeof from;
	printf("name %d", getsockname(s, (void *)&from, &len));
	printf(" %d %d family %d\n", from.sin_port != 0, (int)len, from.sin_family == AF_INET);
	in.sin_port = from.sin_port;
	c = socket(AF_INET, SOCK_STREAM, 0);
	printf("connect %d\n", connect(c, (void *)&in, sizeof in));
	len = sizeof from;
	a = accept(s, (void *)&from, &len);
	printf("accept %d family %d\n", a >= 0, from.sin_family == AF_INET);
	printf("send %zd\n", send(c, "ping", 4, 0));
	told("recv", recv(a, b, sizeof b, 0));
	printf("%.4s\n", b);
	struct pollfd p[2] = { { c, POLLIN, 0 }, { a, POLLOUT, 0 } };
	told("poll", poll(p, 2, 0));
	printf("%d %d\n", p[0].revents, p[1].revents);
	fd_set r;
	FD_ZERO(&r);
	FD_SET(c, &r);
	struct timeval t = { 0, 1000 };
	printf("select %d\n", select(c + 1, &r, NULL, NULL, &t));
	struct iovec v[2] = { { "one ", 4 }, { "two", 3 } };
	struct msghdr m = { .msg_iov = v, .msg_iovlen = 2 };
	printf("sendmsg %zd\n", sendmsg(a, &m, 0));
	FD_ZERO(&r);
	FD_SET(c, &r);
	t.tv_sec = 1;
	printf("select %d", select(c + 1, &r, NULL, NULL, &t));
	printf(" set %d\n", FD_ISSET(c, &r) != 0);
	int waiting = 0;
	printf("ioctl %d", ioctl(c, FIONREAD, &waiting));
	printf(" %d\n", waiting);
	memset(b, 0, sizeof b);
	v[0] = (struct iovec){ b, 3 };
	v[1] = (struct iovec){ b + 8, 20 };
	printf("recvmsg %zd", recvmsg(c, &m, 0));
	printf(" %s %s\n", b, b + 8);
	close(a);
	printf("end %zd\n", recv(c, b, sizeof b, 0));
	u = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	printf("cloexec %d nonblock %d\n", fcntl(u, F_GETFD), (fcntl(u, F_GETFL) & O_NONBLOCK) != 0);
	int pair[2];
	printf("socketpair %d\n", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	printf("write %zd\n", write(pair[0], "abc", 3));
	printf("read %zd\n", read(pair[1], b, sizeof b));
	told("not", listen(0, 1));
	told("family", socket(77, SOCK_STREAM, 0));
}
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;
static __thread int own;
static void *work(void *arg)
{
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		own++;
		pthread_mutex_unlock(&lock);
	}
	return (void *)(long)(own + (long)arg);
}
static void threads(void)
{
	pthread_t t[4];
	long sum = 0;
	for (long i = 0; i < 4; i++)
		printf("create %d\n", pthread_create(&t[i], NULL, work, (void *)i));
	for (int i = 0; i < 4; i++) {
		void *r;
		pthread_join(t[i], &r);
		sum += (long)r;
	}
	printf("counter %d sum %ld own %d\n", counter, sum, own);
}
int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 4096);
	arguments(argc, argv);
	files();
	memory();
	processes();
	signals();
	clocks();
	sockets();
	threads();
	return 17;
}
