/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing a version back over the candidate. */
#include "control/versions/candidate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char kept[] = "candidate-before-rollback", half[] = "candidate-before-rollback.tmp", beside[] = ".konseki-new";

static int failed(char *why, const char *doing, const char *path, int r)
{
	snprintf(why, COMMIT_WHY_MAX, "cannot %s %.*s: %s", doing, PATH_MAX, path, strerror(-r));
	return r;
}

static int join(char ret[PATH_MAX], const char *folder, const char *name, const char *end)
{
	char path[2 * PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s%s", folder, name, end);
	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(ret, path, strlen(path) + 1);
	return 0;
}

/* Is the candidate's file what the version has? */
static bool same(const char *path, const struct version_file *f)
{
	char sha256[SHA256_TEXT];
	uint64_t bytes;

	return file_digest(path, sha256, &bytes) == 0 && bytes == f->bytes && strcmp(sha256, f->sha256) == 0;
}

/* Copies what will be replaced; files that are not there replace nothing. */
static int keep(struct versions *versions, const struct version *v, char *why)
{
	char folder[PATH_MAX], from[PATH_MAX], to[PATH_MAX];
	int r = join(folder, versions->path, half, "");

	if (r < 0 || (r = tree_remove(folder)) < 0 || (r = mkdir(folder, 0755) < 0 ? -errno : 0) < 0)
		return failed(why, "make", folder, r);
	for (unsigned i = 0; i < v->files_count; i++) {
		const struct version_file *f = &v->files[i];

		if (f->outside)
			continue;
		if ((r = join(from, versions->home, f->path, "")) < 0 || (r = join(to, folder, f->path, "")) < 0)
			return failed(why, "keep", f->path, r);
		if ((r = folders_make(folder, to)) < 0 || (r = file_copy(from, to)) < 0) {
			if (r != -ENOENT)
				return failed(why, "keep", from, r);
		}
	}
	if ((r = join(to, versions->path, kept, "")) < 0 || (r = tree_remove(to)) < 0)
		return failed(why, "replace", to, r);
	if (renameat(versions->fd, half, versions->fd, kept) < 0 || fsync(versions->fd) < 0)
		return failed(why, "make", to, -errno);
	return 0;
}

static int replace(struct versions *versions, const struct version *v, const struct version_file *f, char *why)
{
	char from[PATH_MAX], to[PATH_MAX], new[PATH_MAX];
	int r = join(to, versions->home, f->path, "");

	if (r < 0 || (r = join(new, versions->home, f->path, beside)) < 0 || (r = version_path(versions, v, f, from)) < 0)
		return failed(why, "write", f->path, r);
	if (same(to, f))
		return 0;
	unlink(new); /* of an earlier try */
	if ((r = folders_make(versions->home, to)) < 0 || (r = file_copy(from, new)) < 0)
		return failed(why, "write", new, r);
	if (rename(new, to) < 0) {
		r = -errno;
		unlink(new);
		return failed(why, "write", to, r);
	}
	return 0;
}

int candidate_restore(struct versions *versions, const struct version *v, char why[COMMIT_WHY_MAX])
{
	int r = keep(versions, v, why);

	for (unsigned i = 0; r == 0 && i < v->files_count; i++)
		if (!v->files[i].outside)
			r = replace(versions, v, &v->files[i], why);
	if (r == 0 && (r = folder_sync(versions->home)) < 0)
		r = failed(why, "write", versions->home, r);
	return r;
}
