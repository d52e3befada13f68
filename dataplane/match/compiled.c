/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiled patterns kept on disk. */
#include "dataplane/match/compiled.h"
#include "dataplane/match/matcher.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nettle/sha2.h>

enum {
	FILES_MAX = 64,            /* databases in the folder: some sets of rules, each with a dozen */
	LOOKED_AT = 4096,           /* entries of the folder; what is beyond stays */
	BYTES_MAX = 512 << 20,      /* of a file: 32,000 rules make 20 MB */
	NAME_SIZE = 2 * SHA256_DIGEST_SIZE + sizeof(".hs"),
};

static void digest_text(struct sha256_ctx *of, const void *at, size_t len)
{
	uint64_t size = len;

	sha256_update(of, sizeof(size), (const uint8_t *)&size);
	sha256_update(of, len, at);
}

/* The name of what these patterns become here: by this library, for this processor. */
static bool name_of(const struct compiled_patterns *p, char ret[NAME_SIZE])
{
	const char *version = hs_version();
	uint8_t digest[SHA256_DIGEST_SIZE];
	hs_platform_info_t platform;
	struct sha256_ctx of;

	memset(&platform, 0, sizeof(platform));
	if (hs_populate_platform(&platform) != HS_SUCCESS)
		return false;
	sha256_init(&of);
	digest_text(&of, version, strlen(version));
	digest_text(&of, &platform, sizeof(platform));
	digest_text(&of, p->lens != NULL ? "literals" : "expressions", p->lens != NULL ? 8 : 11);
	for (unsigned i = 0; i < p->count; i++) {
		digest_text(&of, p->texts[i], p->lens != NULL ? p->lens[i] : strlen(p->texts[i]));
		digest_text(&of, &p->flags[i], sizeof(p->flags[i]));
		digest_text(&of, &p->ids[i], sizeof(p->ids[i]));
	}
	sha256_digest(&of, sizeof(digest), digest);
	bytes_hex(bytes_of(digest, sizeof(digest)), ret);
	memcpy(ret + 2 * sizeof(digest), ".hs", sizeof(".hs"));
	return true;
}

/* May nobody write there but this process's user and root? */
static bool ours(int fd, mode_t kind)
{
	struct stat s;

	return fstat(fd, &s) == 0 && (s.st_mode & S_IFMT) == kind && (s.st_uid == geteuid() || s.st_uid == 0) &&
	       (s.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* An open descriptor of the folder, or -1. */
static int folder_open(const char *folder)
{
	int fd;

	if (folder == NULL || folder[0] == '\0' || (mkdir(folder, 0755) < 0 && errno != EEXIST))
		return -1;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && !ours(fd, S_IFDIR)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* All of a file of ours; NULL if there is none, or no room. Owned by the caller. */
static char *file_read(int folder, const char *name, size_t *len)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	size_t have = 0, size = 0;
	char *text = NULL;
	struct stat s;
	ssize_t n = -1;

	if (fd < 0)
		return NULL;
	if (ours(fd, S_IFREG) && fstat(fd, &s) == 0 && s.st_size > 0 && s.st_size <= BYTES_MAX) {
		size = (size_t)s.st_size;
		text = malloc(size);
	}
	while (text != NULL && have < size && (n = read(fd, text + have, size - have)) > 0)
		have += (size_t)n;
	if (text != NULL && have < size) {
		free(text);
		text = NULL;
	} else if (text != NULL) {
		(void)futimens(fd, NULL); /* the oldest go first */
	}
	close(fd);
	*len = size;
	return text;
}

/* Hyperscan checks length, version, processor and a checksum of what it reads back. */
static hs_database_t *find(int folder, const char *name)
{
	hs_database_t *db = NULL;
	size_t len = 0;
	char *text = file_read(folder, name, &len);

	if (text != NULL && hs_deserialize_database(text, len, &db) != HS_SUCCESS)
		db = NULL;
	free(text);
	return db;
}

/* Written beside its place and moved there whole, so that nobody reads half of it. */
static void keep(int folder, const char *name, const hs_database_t *db)
{
	char beside[NAME_SIZE + 16], *text = NULL;
	size_t len = 0, done = 0;
	int fd = -1;
	ssize_t n;

	snprintf(beside, sizeof(beside), "%s.%ld", name, (long)getpid());
	if (hs_serialize_database(db, &text, &len) != HS_SUCCESS || len > BYTES_MAX ||
	    (fd = openat(folder, beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644)) < 0)
		goto out;
	while (done < len && (n = write(fd, text + done, len - done)) > 0)
		done += (size_t)n;
	if (done < len || renameat(folder, beside, folder, name) < 0)
		(void)unlinkat(folder, beside, 0);
out:
	if (fd >= 0)
		close(fd);
	free(text);
}

struct compiled_file {
	char name[NAME_SIZE + 16];
	struct timespec used;
};

static int by_use(const void *a, const void *b)
{
	const struct compiled_file *x = a, *y = b;

	if (x->used.tv_sec != y->used.tv_sec)
		return x->used.tv_sec < y->used.tv_sec ? -1 : 1;
	return x->used.tv_nsec < y->used.tv_nsec ? -1 : x->used.tv_nsec > y->used.tv_nsec;
}

/* Only files that look like ours: somebody may have named a folder with other things in it. */
static bool is_compiled(const char *name)
{
	size_t hex = strspn(name, "0123456789abcdef");

	return hex == 2 * SHA256_DIGEST_SIZE && strncmp(name + hex, ".hs", 3) == 0 && strlen(name) < NAME_SIZE + 16;
}

/* Removes the least lately used beyond FILES_MAX, and with them what a process left half written. */
static void tidy(int folder)
{
	struct compiled_file *files = calloc(LOOKED_AT, sizeof(*files));
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *all = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *e;
	unsigned count = 0;
	struct stat s;

	while (files != NULL && all != NULL && count < LOOKED_AT && (e = readdir(all)) != NULL) {
		if (!is_compiled(e->d_name) || fstatat(folder, e->d_name, &s, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		memcpy(files[count].name, e->d_name, strlen(e->d_name) + 1);
		files[count++].used = s.st_mtim;
	}
	if (count > FILES_MAX) {
		qsort(files, count, sizeof(*files), by_use);
		for (unsigned i = 0; i < count - FILES_MAX; i++)
			(void)unlinkat(folder, files[i].name, 0);
	}
	if (all != NULL)
		closedir(all);
	else if (fd >= 0)
		close(fd);
	free(files);
}

static int compile(const struct compiled_patterns *p, char *why, size_t why_size, hs_database_t **ret)
{
	hs_compile_error_t *error = NULL;
	hs_error_t e;
	int r;

	if (p->lens != NULL)
		e = hs_compile_lit_multi(p->texts, p->flags, p->ids, p->lens, p->count, HS_MODE_BLOCK, NULL, ret, &error);
	else
		e = hs_compile_multi(p->texts, p->flags, p->ids, p->count, HS_MODE_BLOCK, NULL, ret, &error);
	if ((r = hyperscan_error(e)) < 0)
		snprintf(why, why_size, "Hyperscan: %s", error != NULL ? error->message : "cannot compile");
	hs_free_compile_error(error);
	return r;
}

int compiled_get(const char *folder, const struct compiled_patterns *p, char *why, size_t why_size, hs_database_t **ret)
{
	int fd = folder_open(folder), r = 0;
	hs_database_t *db = NULL;
	char name[NAME_SIZE];

	if (fd >= 0 && !name_of(p, name)) {
		close(fd);
		fd = -1;
	}
	if (fd >= 0)
		db = find(fd, name);
	if (db == NULL && (r = compile(p, why, why_size, &db)) == 0 && fd >= 0) {
		keep(fd, name, db);
		tidy(fd);
	}
	if (fd >= 0)
		close(fd);
	if (r == 0)
		*ret = db;
	return r;
}
