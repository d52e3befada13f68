/* SPDX-License-Identifier: GPL-2.0-or-later */
/* version.json and the files it tells of. */
#include "control/versions/version.h"

#include "config/origin.h"
#include "config/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool version_text_ok(const char *text, size_t max)
{
	json_t *o = NULL;
	bool ok = strlen(text) <= max;

	for (const char *c = text; *c != 0; c++)
		ok = ok && (unsigned char)*c >= ' ' && *c != 127;
	if (ok)
		o = json_string(text); /* NULL for what is no UTF-8 */
	json_decref(o);
	return ok && o != NULL;
}

void version_free(struct version *v)
{
	if (v == NULL)
		return;
	for (unsigned i = 0; i < v->files_count; i++)
		free(v->files[i].path);
	free(v);
}

int version_add(struct version *v, const char *path, const char *role, bool outside, const char *sha256, uint64_t bytes)
{
	struct version_file *f = &v->files[v->files_count];

	if (v->files_count == COUNT_OF(v->files))
		return -ENOBUFS;
	if (strlen(role) >= sizeof(f->role) || strlen(sha256) >= sizeof(f->sha256))
		return -ENAMETOOLONG;
	*f = (struct version_file){ .path = strdup(path), .outside = outside, .bytes = bytes };
	if (f->path == NULL)
		return -ENOMEM;
	snprintf(f->role, sizeof(f->role), "%s", role);
	snprintf(f->sha256, sizeof(f->sha256), "%s", sha256);
	v->files_count++;
	return 0;
}

json_t *version_encode(const struct version *v)
{
	json_t *files = json_array(), *o;

	for (unsigned i = 0; i < v->files_count; i++) {
		const struct version_file *f = &v->files[i];

		json_array_append_new(files, json_pack("{s:s, s:s, s:s, s:I, s:b}", "path", f->path, "role", f->role, "sha256", f->sha256,
		                                       "bytes", (json_int_t)f->bytes, "outside", f->outside));
	}
	o = json_pack("{s:i, s:s, s:s, s:s, s:i, s:o}", "number", (int)v->number, "time", v->time, "author", v->author, "reason",
	              v->reason, "parent", (int)v->parent, "files", files);
	return o;
}

static bool is_digest(const char *text)
{
	return strlen(text) == SHA256_TEXT - 1 && strspn(text, "0123456789abcdef") == SHA256_TEXT - 1;
}

static int file_decode(json_t *o, struct version *v)
{
	const char *path, *role, *sha256;
	json_int_t bytes;
	int outside;
	char whole[PATH_MAX + 8];

	if (json_unpack(o, "{s:s, s:s, s:s, s:I, s:b !}", "path", &path, "role", &role, "sha256",
	                   &sha256, "bytes", &bytes, "outside", &outside) < 0)
		return -EBADMSG;
	if (!is_digest(sha256) || bytes < 0 || strlen(path) >= PATH_MAX || strlen(role) >= VERSION_ROLE_MAX)
		return -EBADMSG;
	/* a copy must lie where version_path() says, never elsewhere */
	snprintf(whole, sizeof(whole), "/x/%s", path);
	if (outside ? path[0] != '/' : path[0] == '/' || origin_below("/x", whole) == NULL)
		return -EBADMSG;
	return version_add(v, path, role, outside, sha256, (uint64_t)bytes) == -ENOMEM ? -ENOMEM : 0;
}

int version_decode(const char *text, size_t len, struct version **ret)
{
	const char *time, *author, *reason;
	struct version *v = calloc(1, sizeof(*v));
	json_t *o = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL), *files;
	int number, parent, r = v == NULL ? -ENOMEM : -EBADMSG;

	if (v == NULL || json_unpack(o, "{s:i, s:s, s:s, s:s, s:i, s:o !}", "number", &number, "time", &time, "author", &author,
	                             "reason", &reason, "parent", &parent, "files", &files) < 0)
		goto out;
	if (number < 1 || number > VERSION_NUMBER_MAX || parent < 0 || parent >= number || strlen(time) >= sizeof(v->time) ||
	    !version_text_ok(author, VERSION_AUTHOR_MAX) || !version_text_ok(reason, VERSION_REASON_MAX) ||
	    !version_text_ok(time, sizeof(v->time)) || json_array_size(files) == 0 || json_array_size(files) > VERSION_FILES_MAX)
		goto out;
	v->number = (unsigned)number;
	v->parent = (unsigned)parent;
	snprintf(v->time, sizeof(v->time), "%s", time);
	snprintf(v->author, sizeof(v->author), "%s", author);
	snprintf(v->reason, sizeof(v->reason), "%s", reason);
	r = 0;
	for (size_t i = 0; r == 0 && i < json_array_size(files); i++)
		r = file_decode(json_array_get(files, i), v);
	if (r == 0 && strcmp(v->files[0].role, "main") != 0)
		r = -EBADMSG;
out:
	json_decref(o);
	if (r == 0)
		*ret = v;
	else
		version_free(v);
	return r;
}

int version_read(const struct versions *versions, unsigned n, struct version **ret)
{
	char name[16], *text = malloc(VERSION_TEXT_MAX);
	struct version *v = NULL;
	int folder = -1, r = -ENOMEM;
	long len;

	if (text == NULL)
		goto out;
	snprintf(name, sizeof(name), "%u", n);
	folder = openat(versions->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0) {
		r = errno == ENOENT ? -ENOENT : -EBADMSG;
		goto out;
	}
	len = file_take(folder, "version.json", text, VERSION_TEXT_MAX);
	r = len >= 0 ? version_decode(text, (size_t)len, &v) : len == -ENOENT || len == -EFBIG ? -EBADMSG : (int)len;
	if (r == 0 && v->number != n)
		r = -EBADMSG;
out:
	if (folder >= 0)
		close(folder);
	free(text);
	if (r == 0)
		*ret = v;
	else
		version_free(v);
	return r;
}

int version_path(const struct versions *versions, const struct version *v, const struct version_file *f, char *ret)
{
	char path[2 * PATH_MAX + 32];

	if (f->outside)
		snprintf(path, sizeof(path), "%s", f->path);
	else
		snprintf(path, sizeof(path), "%s/%u/files/%s", versions->path, v->number, f->path);
	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(ret, path, strlen(path) + 1);
	return 0;
}

int file_digest(const char *path, char ret[SHA256_TEXT], uint64_t *ret_bytes)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), r = 0;
	uint8_t digest[SHA256_DIGEST_SIZE], *buf = malloc(1 << 16);
	struct sha256_ctx sha;
	struct stat st;
	uint64_t bytes = 0;
	ssize_t n = 0;

	sha256_init(&sha);
	if (buf == NULL)
		r = -ENOMEM;
	else if (fd < 0 || fstat(fd, &st) < 0)
		r = -errno;
	else if (!S_ISREG(st.st_mode))
		r = -EINVAL;
	while (r == 0 && (n = read(fd, buf, 1 << 16)) > 0) {
		sha256_update(&sha, (size_t)n, buf);
		bytes += (uint64_t)n;
		if (bytes > VERSION_BYTES_MAX)
			r = -EFBIG;
	}
	if (r == 0 && n < 0)
		r = -errno;
	if (fd >= 0)
		close(fd);
	free(buf);
	if (r < 0)
		return r;
	sha256_digest(&sha, sizeof(digest), digest);
	bytes_hex(bytes_of(digest, sizeof(digest)), ret);
	*ret_bytes = bytes;
	return 0;
}

int version_check(const struct versions *versions, const struct version *v, const struct version_file *f, bool whole)
{
	char path[PATH_MAX], sha256[SHA256_TEXT];
	struct stat st;
	uint64_t bytes;
	int r = version_path(versions, v, f, path);

	if (r < 0)
		return r;
	if (!f->outside && lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return -EBADMSG; /* a link of somebody's */
	if (!whole)
		return stat(path, &st) < 0 ? -errno : (uint64_t)st.st_size == f->bytes ? 0 : -EBADMSG;
	if ((r = file_digest(path, sha256, &bytes)) < 0)
		return r;
	return bytes == f->bytes && strcmp(sha256, f->sha256) == 0 ? 0 : -EBADMSG;
}

int version_check_all(const struct versions *versions, const struct version *v, bool whole, const struct version_file **ret)
{
	for (unsigned i = 0; i < v->files_count; i++) {
		int r = v->files[i].outside ? 0 : version_check(versions, v, &v->files[i], whole);

		if (r < 0) {
			*ret = &v->files[i];
			return r;
		}
	}
	return 0;
}
