/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading and writing the kernel's small files, below a root that tests may put elsewhere. */
#ifndef IMAGES_PREPARE_SYSFS_H
#define IMAGES_PREPARE_SYSFS_H

#include "control/wire/compiler.h"

#include <stdbool.h>
#include <stddef.h>

/* "" or a folder that stands for "/"; set once, before anything else. */
void sysfs_root(const char *root);
/* root and path of it. Returns buf. */
const char *sysfs_path(char *buf, size_t size, const char *format, ...) format_like(3, 4);
/* text goes into the file. -errno. */
must_check int sysfs_write(const char *path, const char *text);
/* A number, the file's first word. -errno, -EINVAL. */
must_check int sysfs_number(const char *path, unsigned long *ret);
/* The last part of what a symbolic link names. -errno, -ENAMETOOLONG. */
must_check int sysfs_link(const char *path, char *ret, size_t size);

#endif
