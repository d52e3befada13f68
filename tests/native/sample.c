/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What samples do, done by a harmless program: files, names, processes, ends on the network. See behaviour.py. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void put(const char *path, const char *text, int flags)
{
	int fd = open(path, O_WRONLY | O_CREAT | flags, 0644);

	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		perror(path);
	close(fd);
}

static void run(const char *const argv[])
{
	pid_t pid = fork();

	if (pid == 0) {
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

static struct sockaddr_in end(const char *address, int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };

	inet_pton(AF_INET, address, &a.sin_addr);
	return a;
}

static void files(void)
{
	mkdir("/tmp/.cache", 0700);
	put("/tmp/.cache/stage", "#!/bin/sh\nexit 3\n", O_TRUNC);
	chmod("/tmp/.cache/stage", 0755);
	put("/etc/cron.d/update", "* * * * * root /tmp/.cache/stage\n", O_TRUNC);
	put("/etc/systemd/system/update.service", "[Service]\nExecStart=/tmp/.cache/stage\n", O_TRUNC);
	mkdir("/root/.ssh", 0700);
	put("/root/.ssh/authorized_keys", "ssh-ed25519 AAAA none\n", O_APPEND);
	put("/etc/passwd", "extra::0:0::/:/bin/sh\n", O_APPEND);
	put("half", "written and moved\n", O_TRUNC);
	rename("half", "whole");
	symlink("/tmp/whole", "/tmp/shown");
	link("/tmp/whole", "/tmp/other");
	unlink("/tmp/program");
	rmdir("/tmp/none");
}

static void network(void)
{
	struct sockaddr_in far = end("203.0.113.9", 4444), dns = end("198.51.100.53", 5353), own = end("0.0.0.0", 31337);
	int s = socket(AF_INET, SOCK_STREAM, 0), u = socket(AF_INET, SOCK_DGRAM, 0), l = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(s, (struct sockaddr *)&far, sizeof(far)) == 0)
		send(s, "hello\n", 6, 0);
	sendto(u, "x", 1, 0, (struct sockaddr *)&dns, sizeof(dns));
	bind(l, (struct sockaddr *)&own, sizeof(own));
	listen(l, 1);
}

int main(int argc, char **argv)
{
	static const char *const stage[] = { "/tmp/.cache/stage", "-q", NULL };
	static const char *const shell[] = { "/bin/sh", "-c", "exit 0", NULL };

	prctl(PR_SET_NAME, "kworker/0:1");
	files();
	run(stage);
	run(shell);
	kill(4242, SIGKILL);
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	network();
	return 0;
}
