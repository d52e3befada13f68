/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line's end of the admin socket. */
#include "control/cli/ask.h"
#include "control/ctl/place.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int ask_connect(const char *socket_path)
{
	struct sockaddr_un at;
	int folder, fd, r = socket_place(socket_path, &at, &folder);

	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&at, sizeof(at)) < 0) {
		r = -errno;
		if (fd >= 0)
			close(fd);
	}
	if (folder >= 0)
		close(folder);
	return r < 0 ? r : fd;
}

static int ask_send(int fd, const struct request *q)
{
	char text[REQUEST_MAX];
	size_t len;
	int r = request_encode(q, text, sizeof(text));

	if (r < 0)
		return r;
	len = strlen(text);
	return send(fd, text, len, MSG_NOSIGNAL) == (ssize_t)len ? 0 : -errno;
}

int ask(const char *socket_path, const struct request *q, FILE **ret)
{
	int fd = ask_connect(socket_path), r;
	FILE *stream;

	if (fd < 0)
		return fd;
	r = ask_send(fd, q);
	if (r == 0 && (stream = fdopen(fd, "r")) == NULL)
		r = -errno;
	if (r < 0) {
		close(fd);
		return r;
	}
	*ret = stream;
	return 0;
}

int answer_each(FILE *answer, int (*line)(void *, const char *, size_t), void *arg)
{
	char *at = NULL;
	size_t size = 0;
	ssize_t len;
	int r = 0;

	while (r == 0 && (len = getline(&at, &size, answer)) > 0)
		r = line(arg, at, (size_t)len);
	free(at);
	fclose(answer);
	return r;
}

bool ask_healthy(const char *socket_path, pid_t control)
{
	static const struct request health = { .show = SHOW_HEALTH, .limit = 1 };
	const struct timeval patience = { .tv_usec = 200000 };
	int fd = ask_connect(socket_path);
	struct ucred peer = { .pid = 0 };
	socklen_t len = sizeof(peer);
	bool healthy = false;
	char first[4096];
	ssize_t n = 0;
	json_t *o;

	if (fd < 0)
		return false;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 && peer.pid == control &&
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 && ask_send(fd, &health) == 0)
		n = recv(fd, first, sizeof(first), 0);
	if (n > 0) {
		o = json_loadb(first, (size_t)n, JSON_DISABLE_EOF_CHECK, NULL);
		healthy = json_is_true(json_object_get(o, "healthy"));
		json_decref(o);
	}
	close(fd);
	return healthy;
}
