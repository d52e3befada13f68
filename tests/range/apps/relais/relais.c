/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A relay for short notes over TCP, as careless programmers write it: a note is copied into a buffer that may be too small. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* what every large program holds somewhere */
__asm__(".globl relais_gadget\nrelais_gadget: jmp *%rsp\n");

static int fixed;

static void say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		_exit(1);
}

/* The line of truth: who, and which process; strace says what it then did. */
static void tell(const struct sockaddr_in *peer, const char *build)
{
	char line[512];
	struct timespec now;
	int fd = open("/run/truth/requests", O_WRONLY | O_APPEND | O_CLOEXEC), n;

	clock_gettime(CLOCK_REALTIME, &now);
	n = snprintf(line, sizeof(line), "{\"src\":\"%s\",\"sport\":%d,\"pid\":%d,\"line\":\"payload\",\"start\":%ld.%06ld,\"build\":\"%s\",\"facts\":[{\"kind\":\"machine\"}]}\n",
		inet_ntoa(peer->sin_addr), ntohs(peer->sin_port), getpid(), (long)now.tv_sec, now.tv_nsec / 1000, build);
	if (fd >= 0 && write(fd, line, (size_t)n) < 0)
		_exit(1);
	close(fd);
}

__attribute__((noinline)) static int note(const char *text, size_t len)
{
	char kept[200];

	if (fixed && len > sizeof(kept))
		return -1;
	memcpy(kept, text, len);
	/* a mark for strace: what comes next is no longer this program's own */
	if (write(-1, "mark", 4) != -1)
		return -1;
	return kept[0] == 'x' ? 1 : 0;
}

static void serve(int fd)
{
	static char in[8192];
	size_t len = 0, want = 0;
	ssize_t n;

	say(fd, "220 relais 2.1 ready\r\n");
	while (len < sizeof(in) - 1 && (n = read(fd, in + len, sizeof(in) - 1 - len)) > 0) {
		len += (size_t)n;
		in[len] = 0;
		if (want == 0 && strncmp(in, "QUIT", 4) == 0) {
			say(fd, "221 bye\r\n");
			return;
		}
		char *end = strstr(in, "\r\n");
		if (want == 0 && end != NULL && sscanf(in, "NOTE %zu", &want) == 1)
			want += (size_t)(end + 2 - in);
		if (want > 0 && len >= want) {
			char *body = strstr(in, "\r\n") + 2;
			say(fd, note(body, want - (size_t)(body - in)) < 0 ? "552 note too long\r\n" : "250 noted\r\n");
			len = want = 0;
		}
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(7007)}, peer;
	int s = socket(AF_INET, SOCK_STREAM, 0), on = 1, fd;
	socklen_t size = sizeof(peer);

	if (argc < 3)
		return 2;
	fixed = strcmp(argv[2], "nov") == 0;
	inet_aton(argv[1], &at.sin_addr);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(s, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(s, 16) < 0)
		return 1;
	while ((fd = accept(s, (struct sockaddr *)&peer, &size)) >= 0) {
		if (fork() == 0) {
			close(s);
			tell(&peer, argv[2]);
			alarm(20);
			serve(fd);
			_exit(0);
		}
		close(fd);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		size = sizeof(peer);
	}
	return 0;
}
