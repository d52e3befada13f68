/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FILE.versions/: where it is, who may change it, what is in it, which version is in force. */
#ifndef CONTROL_VERSIONS_FOLDER_H
#define CONTROL_VERSIONS_FOLDER_H

#include "control/wire/compiler.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

enum { VERSIONS_KEPT = 100 /* so that an appliance that is changed daily for years does not fill its disk */ };

struct versions {
	char file[PATH_MAX];   /* the candidate, absolute; it need not be there */
	char home[PATH_MAX];   /* its folder: inputs below it are copied */
	char path[PATH_MAX];   /* FILE.versions */
	char name[NAME_MAX + 1]; /* of the main file */
	int fd, lock;          /* of the folder; of its lock, -1: not held */
};

/*
 * Opens the folder beside file; make: makes it where it is not there. -ENOENT: nothing was ever committed;
 * -ENOTDIR, -ELOOP: something else stands there; -errno. The caller closes.
 */
must_check int versions_open(const char *file, bool make, struct versions *ret);
void versions_close(struct versions *); /* a zeroed one too, and twice */
/* Only one process changes the folder at a time. Removes what a crash left half done. -EWOULDBLOCK: another one does; -errno. */
must_check int versions_lock(struct versions *);

/* The version in force. -ENOENT: none was ever; -EINVAL: `current` names none. */
must_check int versions_current(const struct versions *, unsigned *ret);
/* Makes n (0: none) the one in force, lasting, at once or not at all; needs no room on the disk but a name's. -errno. Locked. */
must_check int versions_point(struct versions *, unsigned n);
/*
 * `running`: the version that the appliance's programs read; `konseki run` alone moves it, without the lock. The path of its main
 * file, through that link, into ret[PATH_MAX]. -errno.
 */
must_check int versions_run(const struct versions *, unsigned n, char *ret);
/* That version; 0: none. */
unsigned versions_running(const struct versions *);
/* The stored versions, newest first, at most max. Returns how many, or -errno. */
must_check int versions_list(const struct versions *, unsigned *ret, unsigned max);
/* Removes the oldest beyond `kept`, never one of the two, nor the one that runs. -errno. Locked. */
must_check int versions_prune(struct versions *, unsigned kept, unsigned keep, unsigned keep_too);
/* Removes a version. -errno. Locked. */
must_check int versions_remove(struct versions *, unsigned n);

/* Puts len bytes into name, lasting, at once or not at all (mode 0644). -errno. */
must_check int file_replace(int folder, const char *name, const void *at, size_t len);
/* Reads a regular file of at most size bytes, no link; a NUL stands behind it. Its length; -EFBIG, -errno. */
must_check long file_take(int folder, const char *name, char *ret, size_t size);
/* Removes a folder or file with all below it, following no link. -errno; 0 where nothing is there. */
must_check int tree_remove(const char *path);
/* Flushes a folder's names. -errno. */
must_check int folder_sync(const char *path);

#endif
