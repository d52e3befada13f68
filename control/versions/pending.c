/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file `pending`, and what becomes of it. */
#include "control/versions/pending.h"

#include "config/origin.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int pending_read(const struct versions *v, struct pending *ret)
{
	struct pending p;
	unsigned current;
	char text[80], again[80];
	long len = file_take(v->fd, "pending", text, sizeof(text));
	int r = versions_current(v, &current);

	if (len < 0)
		return len == -EFBIG ? -EBADMSG : (int)len;
	if (r < 0)
		return r;
	if (sscanf(text, "%u %u %" SCNd64, &p.number, &p.back_to, &p.deadline_s) != 3)
		return -EBADMSG;
	/* only what we write ourselves is taken */
	snprintf(again, sizeof(again), "%u %u %" PRId64 "\n", p.number, p.back_to, p.deadline_s);
	if (strcmp(text, again) != 0 || p.back_to == 0 || p.number > VERSION_NUMBER_MAX || p.back_to >= p.number)
		return -EBADMSG;
	if (p.number != current)
		return -ENOENT;
	*ret = p;
	return 0;
}

int pending_write(struct versions *v, const struct pending *p)
{
	char text[80];
	int len = snprintf(text, sizeof(text), "%u %u %" PRId64 "\n", p->number, p->back_to, p->deadline_s);

	return file_replace(v->fd, "pending", text, (size_t)len);
}

int pending_end(struct versions *v)
{
	if (unlinkat(v->fd, "pending", 0) < 0)
		return errno == ENOENT ? 0 : -errno;
	return fsync(v->fd) < 0 ? -errno : 0;
}

int pending_expire(struct versions *v, int64_t now_s, struct pending *ret)
{
	struct pending p;
	char mark[40];
	int r = pending_read(v, &p);

	if (r == -ENOENT || (r == 0 && now_s < p.deadline_s))
		return 0;
	if (r < 0 || (r = versions_point(v, p.back_to)) < 0)
		return r;
	snprintf(mark, sizeof(mark), "%u/went-back", p.number);
	if (renameat(v->fd, "pending", v->fd, mark) < 0 && (r = pending_end(v)) < 0)
		return r;
	*ret = p;
	return 1;
}

bool pending_went_back(const struct versions *v, unsigned n)
{
	struct stat st;
	char mark[40];

	snprintf(mark, sizeof(mark), "%u/went-back", n);
	return fstatat(v->fd, mark, &st, AT_SYMLINK_NOFOLLOW) == 0;
}
