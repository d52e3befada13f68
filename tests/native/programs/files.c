/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files: names, links, rights, times, locks, mappings, devices, what /proc says of oneself. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define HERE "/tmp/konseki.files"

static void tell(const char *what, long r)
{
	int e = errno;

	printf("%s: %ld %s\n", what, r < 0 ? r : r > 0, r < 0 ? strerror(e) : "");
}

static void number(const char *what, long r)
{
	int e = errno;

	printf("%s: %ld %s\n", what, r, r < 0 ? strerror(e) : "");
}

static void mode(const char *path)
{
	struct stat s;

	if (lstat(path, &s) < 0)
		printf("%s: %s\n", path, strerror(errno));
	else
		printf("%s: %o links %ld size %ld\n", path, s.st_mode, (long)s.st_nlink, S_ISDIR(s.st_mode) ? 0 : (long)s.st_size);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void list(const char *path)
{
	struct dirent **all;
	int n = scandir(path, &all, NULL, by_name);

	printf("%s:", path);
	for (int i = 0; i < n; i++)
		printf(" %s/%d", all[i]->d_name, all[i]->d_type);
	printf("\n");
}

static void names(void)
{
	char buf[PATH_MAX], deep[4200];
	int fd;

	umask(022);
	tell("mkdir", mkdir(HERE, 0777));
	tell("chdir", chdir(HERE));
	tell("mkdir again", mkdir(HERE, 0777));
	tell("mkdir deep", mkdir("no/such", 0777));
	tell("create", fd = open("file", O_RDWR | O_CREAT | O_EXCL, 0666));
	tell("create again", open("file", O_RDWR | O_CREAT | O_EXCL, 0666));
	number("write", write(fd, "0123456789", 10));
	number("seek", lseek(fd, -3, SEEK_END));
	number("read", read(fd, buf, 100));
	number("before", lseek(fd, -1, SEEK_SET));
	number("pread", pread(fd, buf, 4, 8));
	number("pwrite", pwrite(fd, "ab", 2, 20));
	number("hole", pread(fd, buf, 30, 8));
	printf("%d %d %c\n", buf[1], buf[5], buf[12]);
	tell("truncate", ftruncate(fd, 5));
	number("size", lseek(fd, 0, SEEK_END));
	tell("negative", ftruncate(fd, -1));
	tell("link", link("file", "second"));
	tell("symlink", symlink("file", "soft"));
	tell("symlink", symlink("loop", "loop"));
	tell("dangling", symlink("nowhere", "dangling"));
	mode("file");
	mode("soft");
	tell("loop", open("loop", O_RDONLY));
	tell("nofollow", open("soft", O_RDONLY | O_NOFOLLOW));
	tell("through dangling", open("dangling", O_RDWR | O_CREAT, 0600));
	mode("nowhere");
	number("readlink", readlink("soft", buf, 2));
	tell("readlink file", readlink("file", buf, 2));
	tell("rename", rename("second", "third"));
	tell("rename over", rename("third", "file"));
	mode("third");
	tell("mkdir d", mkdir("d", 0755));
	tell("mkdir d/e", mkdir("d/e", 0755));
	tell("into itself", rename("d", "d/e/f"));
	tell("file over folder", rename("file", "d"));
	tell("folder over file", rename("d", "file"));
	tell("over full", rename("soft", "d"));
	tell("rmdir full", rmdir("d"));
	tell("unlink folder", unlink("d"));
	tell("rmdir file", rmdir("file"));
	tell("as a folder", open("file/x", O_RDONLY));
	tell("trailing", open("file/", O_RDONLY));
	tell("new trailing", open("new/", O_RDWR | O_CREAT, 0600));
	tell("dot", rmdir("d/e/."));
	tell("dotdot", rmdir("d/e/.."));
	memset(deep, 'a', sizeof(deep));
	deep[sizeof(deep) - 1] = 0;
	tell("too long", open(deep, O_RDONLY));
	deep[300] = 0;
	tell("long name", open(deep, O_RDWR | O_CREAT, 0600));
	tell("empty", open("", O_RDONLY));
	tell("null", open(NULL, O_RDONLY));
	tell("folder to write", open("d", O_RDWR));
	number("read folder", read(open("d", O_RDONLY), buf, 4));
	tell("directory", open("file", O_RDONLY | O_DIRECTORY));
	tell("fifo", mkfifo("fifo", 0666));
	tell("nobody reads", open("fifo", O_WRONLY | O_NONBLOCK));
	mode("fifo");
	tell("device", mknod("null", S_IFCHR | 0666, makedev(1, 3)));
	list(HERE);
	unlink("file");
	number("unlinked", write(fd, "x", 1));
	{
		struct stat s;

		fstat(fd, &s);
		printf("links %ld\n", (long)s.st_nlink);
		snprintf(buf, sizeof(buf), "/proc/self/fd/%d", fd);
		buf[readlink(buf, buf + 1000, 1000) + 1000] = 0;
		printf("%s\n", buf + 1000);
	}
	tell("gone", chdir("d/e"));
	rmdir("../e");
	tell("getcwd", getcwd(buf, sizeof(buf)) == NULL ? -1 : 0);
	tell("create in it", open("x", O_RDWR | O_CREAT, 0600));
	chdir(HERE);
}

static void rights(void)
{
	struct stat s;
	int fd;

	close(open("a", O_RDWR | O_CREAT, 0600));
	tell("chmod", chmod("a", 04711));
	mode("a");
	tell("none", chmod("a", 0));
	tell("read", open("a", O_RDONLY));
	tell("access", access("a", R_OK));
	tell("exists", access("a", F_OK));
	tell("unlink anyway", unlink("a"));
	tell("chmod other's", chmod("/etc/passwd", 0777));
	tell("chown", chown(HERE, 0, 0));
	tell("chown to self", chown(HERE, getuid(), getgid()));
	tell("write other's", open("/etc/passwd", O_WRONLY));
	tell("make in other's", open("/etc/konseki", O_WRONLY | O_CREAT, 0600));
	tell("root's", open("/root/x", O_RDONLY));
	tell("unlink other's", unlink("/etc/passwd"));
	tell("truncate other's", truncate("/etc/passwd", 0));
	mkdir("closed", 0700);
	close(open("closed/in", O_RDWR | O_CREAT, 0600));
	chmod("closed", 0600);
	tell("search", open("closed/in", O_RDONLY));
	chmod("closed", 0300);
	tell("list", opendir("closed") == NULL ? -1 : 0);
	tell("search", open("closed/in", O_RDONLY));
	chmod("closed", 0500);
	tell("make", open("closed/new", O_RDWR | O_CREAT, 0600));
	tell("remove", unlink("closed/in"));
	chmod("closed", 0700);
	umask(077);
	close(open("u", O_RDWR | O_CREAT, 0666));
	mkdir("v", 02777);
	mode("u");
	mode("v");
	umask(022);
	tell("setuid", setuid(0));
	fd = open("u", O_RDONLY);
	number("write to read", write(fd, "x", 1));
	fd = open("u", O_WRONLY);
	number("read from write", read(fd, &s, 1));
	tell("nice", setpriority(PRIO_PROCESS, 0, -5));
	tell("limit", setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 1u << 30, 1u << 30 }));
}

static void times(void)
{
	struct timespec t[2] = { { 1000000000, 5 }, { 1100000000, 7 } }, omit[2] = { { 0, UTIME_OMIT }, { 0, UTIME_NOW } };
	struct stat s;

	close(open("t", O_RDWR | O_CREAT, 0600));
	tell("utimens", utimensat(AT_FDCWD, "t", t, 0));
	stat("t", &s);
	printf("%ld.%ld %ld.%ld\n", (long)s.st_atim.tv_sec, s.st_atim.tv_nsec, (long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
	tell("omit", utimensat(AT_FDCWD, "t", omit, 0));
	stat("t", &s);
	printf("%ld %d\n", (long)s.st_atim.tv_sec, s.st_mtim.tv_sec > 1100000000);
	tell("other's", utimes("/etc/passwd", NULL));
	tell("nothing", utimes("nothing", NULL));
	symlink("t", "tl");
	tell("link's", utimensat(AT_FDCWD, "tl", t, AT_SYMLINK_NOFOLLOW));
	lstat("tl", &s);
	printf("%ld\n", (long)s.st_mtim.tv_sec);
	stat("/", &s);
	printf("root %d\n", S_ISDIR(s.st_mode));
}

static void locks(void)
{
	struct flock l = { .l_type = F_WRLCK, .l_start = 0, .l_len = 10 };
	int fd = open("lock", O_RDWR | O_CREAT, 0600), status;

	tell("lock", fcntl(fd, F_SETLK, &l));
	tell("flock", flock(fd, LOCK_EX | LOCK_NB));
	fflush(stdout);
	if (fork() == 0) {
		int mine = open("lock", O_RDWR);

		l.l_start = 5;
		tell("taken", fcntl(mine, F_SETLK, &l));
		tell("asked", fcntl(mine, F_GETLK, &l));
		printf("type %d pid %d\n", l.l_type, l.l_pid == getppid());
		l.l_type = F_RDLCK;
		l.l_start = 50;
		tell("elsewhere", fcntl(mine, F_SETLK, &l));
		tell("flock taken", flock(mine, LOCK_SH | LOCK_NB));
		fflush(stdout);
		_exit(0);
	}
	wait(&status);
	tell("unlock", flock(fd, LOCK_UN));
	tell("lockf", lockf(fd, F_TLOCK, 5));
}

static void mappings(void)
{
	int fd = open("map", O_RDWR | O_CREAT, 0600), m, *n, ro;
	char *a, *b, buf[8] = "";

	write(fd, "hello world", 11);
	a = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	printf("%.5s %d\n", a, a[100]);
	memcpy(a, "HELLO", 5);
	pread(fd, buf, 5, 0);
	printf("file %s\n", buf);
	pwrite(fd, "WORLD", 5, 6);
	printf("map %.11s\n", a);
	b = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	b[0] = 'x';
	printf("private %.3s %.3s\n", b, a);
	tell("msync", msync(a, 4096, MS_SYNC));
	n = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	*n = 1;
	fflush(stdout);
	if (fork() == 0) {
		*n += 41;
		a[1] = '_';
		_exit(0);
	}
	wait(NULL);
	printf("shared %d %.5s\n", *n, a);
	tell("munmap", munmap(a, 4096));
	pread(fd, buf, 5, 0);
	printf("file %s\n", buf);
	ro = open("map", O_RDONLY);
	tell("write to read-only", mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, ro, 0) == MAP_FAILED ? -1 : 0);
	tell("private of read-only", mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, ro, 0) == MAP_FAILED ? -1 : 0);
	tell("no length", mmap(NULL, 0, PROT_READ, MAP_PRIVATE, ro, 0) == MAP_FAILED ? -1 : 0);
	tell("bad file", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 77, 0) == MAP_FAILED ? -1 : 0);
	a = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	strcpy(a, "moves along");
	a = mremap(a, 8192, 65536, MREMAP_MAYMOVE);
	printf("%s %d\n", a, a[65535]);
	tell("advise", madvise(a, 4096, MADV_DONTNEED));
	printf("%d\n", a[0]);
	tell("lock", mlock(a, 4096));
	m = memfd_create("name", MFD_CLOEXEC);
	number("memfd", write(m, "abc", 3));
	b = mmap(NULL, 4096, PROT_READ, MAP_SHARED, m, 0);
	printf("%.3s\n", b);
	m = open("/dev/shm/konseki", O_RDWR | O_CREAT, 0600);
	tell("shm", ftruncate(m, 100));
	unlink("/dev/shm/konseki");
	tell("brk", sbrk(8192) == (void *)-1 ? -1 : 0);
}

static void odd(void)
{
	struct iovec v[3] = { { "a", 1 }, { "", 0 }, { "bc", 2 } };
	char buf[64] = "";
	struct stat s;
	int fd, t = open(HERE, O_TMPFILE | O_RDWR, 0600);

	tell("tmpfile", t);
	number("write", write(t, "tmp", 3));
	fd = open("x", O_RDWR | O_CREAT | O_APPEND, 0600);
	number("writev", writev(fd, v, 3));
	lseek(fd, 0, SEEK_SET);
	number("append", write(fd, "d", 1));
	number("pread", pread(fd, buf, 10, 0));
	printf("%s\n", buf);
	number("flags", fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
	fcntl(fd, F_SETFL, O_NONBLOCK);
	number("flags", fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
	number("dup", fcntl(fd, F_DUPFD, 100));
	number("cloexec", fcntl(fcntl(fd, F_DUPFD_CLOEXEC, 100), F_GETFD));
	number("dup2 bad", dup2(fd, -1));
	number("dup2 self", dup2(fd, fd) - fd);
	number("dup3 self", dup3(fd, fd, 0));
	number("close", close(99));
	number("null", write(open("/dev/null", O_WRONLY), buf, 9));
	number("zero", read(open("/dev/zero", O_RDONLY), buf, 9));
	number("full", write(open("/dev/full", O_WRONLY), buf, 9));
	number("random", read(open("/dev/urandom", O_RDONLY), buf, 9));
	tell("tty", open("/dev/tty", O_RDWR));
	tell("seek pipe", lseek(0, 0, SEEK_CUR) < 0 && errno != ESPIPE ? -1 : 0);
	number("isatty", isatty(fd));
	stat("/dev/null", &s);
	printf("null %o %u %u\n", s.st_mode, major(s.st_rdev), minor(s.st_rdev));
	tell("statvfs", statvfs("/", &(struct statvfs){ 0 }));
	number("random", getrandom(buf, 16, 0));
	number("allocate", posix_fallocate(fd, 0, 100));
	number("advise", posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL));
	number("copy", copy_file_range(fd, &(off_t){ 0 }, t, NULL, 4, 0));
	tell("link by number", linkat(AT_FDCWD, "x", AT_FDCWD, "y", 0));
	tell("exchange", renameat2(AT_FDCWD, "x", AT_FDCWD, "y", RENAME_EXCHANGE));
	tell("no replace", renameat2(AT_FDCWD, "x", AT_FDCWD, "y", RENAME_NOREPLACE));
	{
		struct stat root, proc, dev, shm;

		stat("/", &root);
		stat("/proc", &proc);
		stat("/dev", &dev);
		printf("mounts %d\n", root.st_dev != proc.st_dev);
		stat("/dev/shm", &shm);
	}
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	/* what it tries and must not be allowed would be allowed */
	if (getuid() == 0) {
		fputs("not as root: this program tries to remove files of the system\n", stderr);
		return 8;
	}
	if (system("rm -rf " HERE) != 0)
		return 9;
	names();
	rights();
	times();
	locks();
	mappings();
	odd();
	chdir("/");
	return system("chmod -R u+rwx " HERE "; rm -rf " HERE) != 0;
}
