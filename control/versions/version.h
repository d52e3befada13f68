/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One committed version: who, when and why, and the files that it is made of. */
#ifndef CONTROL_VERSIONS_VERSION_H
#define CONTROL_VERSIONS_VERSION_H

#include "control/versions/folder.h"

#include <jansson.h>
#include <stdint.h>

enum {
	VERSION_FILES_MAX = 512,        /* more than the includes and lists of a config may name */
	VERSION_BYTES_MAX = 1 << 30,    /* of all copies together: several times the largest public rule sets */
	VERSION_TEXT_MAX = 4 << 20,     /* of version.json: VERSION_FILES_MAX paths of full length */
	VERSION_REASON_MAX = 1000,      /* bytes; a reason is read in a list */
	VERSION_AUTHOR_MAX = 64,
	VERSION_ROLE_MAX = 64,
	SHA256_TEXT = 65,
};

struct version_file {
	char *path;                     /* owned; below the config's folder, or absolute where outside of it */
	char role[VERSION_ROLE_MAX];    /* "main", "include", or the key whose list names it */
	char sha256[SHA256_TEXT];
	uint64_t bytes;
	bool outside;                   /* not copied: known by its digest only */
};

struct version {
	unsigned number, parent;        /* parent 0: the first */
	char time[40];                  /* RFC 3339, UTC */
	char author[VERSION_AUTHOR_MAX + 1], reason[VERSION_REASON_MAX + 1];
	unsigned files_count;
	struct version_file files[VERSION_FILES_MAX]; /* the main one first */
};

/* Reads what is known of version n. *ret is the caller's. -ENOENT, -EBADMSG (no description of it), -ENOMEM, -errno. */
must_check int version_read(const struct versions *, unsigned n, struct version **ret);
void version_free(struct version *);
/* As the object of version.json; NULL: out of memory. The caller's. */
json_t *version_encode(const struct version *);
/* Takes it back; everything foreign is checked. -EBADMSG, -ENOMEM. */
must_check int version_decode(const char *text, size_t len, struct version **ret);
/* A file more. -ENOBUFS, -ENAMETOOLONG, -ENOMEM. */
must_check int version_add(struct version *, const char *path, const char *role, bool outside, const char *sha256, uint64_t bytes);

/* The path of a file's copy, of the file itself where it is outside; ret[PATH_MAX]. -ENAMETOOLONG. */
must_check int version_path(const struct versions *, const struct version *, const struct version_file *, char *ret);
/* Is a file as it was when it was committed? whole: by its digest, else by its length alone. -EBADMSG: no; -errno. */
must_check int version_check(const struct versions *, const struct version *, const struct version_file *, bool whole);
/* The same for all copies; those outside may have changed. *ret lends the first that is not. */
must_check int version_check_all(const struct versions *, const struct version *, bool whole, const struct version_file **ret);
/* Digest and length of a regular file. -EINVAL: it is none; -EFBIG; -errno. */
must_check int file_digest(const char *path, char ret[SHA256_TEXT], uint64_t *ret_bytes);

/* Author and reason are one line of UTF-8 without control characters, so long at most. */
bool version_text_ok(const char *text, size_t max);

#endif
