/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of local sockets. */
#include "control/ctl/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int socket_place(const char *path, struct sockaddr_un *ret, int *ret_folder)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const char *name = strrchr(path, '/');
	char folder[PATH_MAX];
	size_t len = strlen(path);
	int fd = -1;

	if (len < sizeof(at.sun_path)) {
		memcpy(at.sun_path, path, len + 1);
	} else {
		if (name == NULL || name == path || len >= sizeof(folder))
			return -ENAMETOOLONG;
		memcpy(folder, path, (size_t)(name - path));
		folder[name - path] = 0;
		fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			return -errno;
		if ((size_t)snprintf(at.sun_path, sizeof(at.sun_path), "/proc/self/fd/%d%s", fd, name) >=
		    sizeof(at.sun_path)) {
			close(fd);
			return -ENAMETOOLONG;
		}
	}
	*ret = at;
	*ret_folder = fd;
	return 0;
}
