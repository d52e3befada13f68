/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's small files. */
#include "images/prepare/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *root_folder = "";

void sysfs_root(const char *root)
{
	root_folder = root;
}

const char *sysfs_path(char *buf, size_t size, const char *format, ...)
{
	int used = snprintf(buf, size, "%s", root_folder);
	va_list args;

	va_start(args, format);
	if (used >= 0 && (size_t)used < size)
		vsnprintf(buf + used, size - (size_t)used, format, args);
	va_end(args);
	return buf;
}

int sysfs_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), r = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		r = -errno;
	close(fd);
	return r;
}

int sysfs_number(const char *path, unsigned long *ret)
{
	FILE *f = fopen(path, "re");
	int n;

	if (f == NULL)
		return -errno;
	n = fscanf(f, "%lu", ret);
	fclose(f);
	return n == 1 ? 0 : -EINVAL;
}

int sysfs_link(const char *path, char *ret, size_t size)
{
	char to[PATH_MAX];
	ssize_t n = readlink(path, to, sizeof(to) - 1);
	const char *name;

	if (n < 0)
		return -errno;
	to[n] = '\0';
	name = strrchr(to, '/');
	name = name == NULL ? to : name + 1;
	return (size_t)snprintf(ret, size, "%s", name) < size ? 0 : -ENAMETOOLONG;
}
