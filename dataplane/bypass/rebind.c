/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The client's end of control/wire/rebind.h. Peer: images/prepare/rebind.c. */
#include "dataplane/bypass/rebind.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATIENCE_S = 20 };

int rebind_open(const char *path)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd, r;

	if (len >= sizeof(at.sun_path))
		return -ENAMETOOLONG;
	memcpy(at.sun_path, path, len);
	if ((fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
	    connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	r = -errno;
	close(fd);
	return r;
}

int rebind_ask(int fd, uint32_t number, enum rebind_to to, struct rebind_answer *ret)
{
	const struct rebind_request request = { .to = to, .number = number };
	struct rebind_answer got;
	ssize_t n;

	if (send(fd, &request, sizeof(request), MSG_NOSIGNAL) < 0)
		return -errno;
	do { /* answers to what was given up come late */
		if ((n = recv(fd, &got, sizeof(got), 0)) < 0)
			return -errno;
		if (n == 0)
			return -EPIPE;
		if (n != (ssize_t)sizeof(got) || got.ports > REBIND_PORTS_MAX)
			return -EBADMSG;
	} while (got.number != number);
	*ret = got;
	return got.error;
}
