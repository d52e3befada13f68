/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Logs are opened here: folders walked, compression undone, the reader chosen by what a log begins with. */
#include "control/iocgen/read/read.h"

#include "control/iocgen/read/folder.h"
#include "control/iocgen/read/form.h"

#include <errno.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

enum { HEAD_MAX = 65536, DEPTH_MAX = 16 }; /* bytes looked at; folders in folders */

struct reader {
	bool (*knows)(struct bytes head);
	int (*read)(FILE *from, const struct read_given *, const struct sample_sink *);
};

/* A line that begins an object; foreign JSON logs do too, so this row is the last. */
static bool is_plain(struct bytes head)
{
	head = bytes_trim(head);
	return head.left > 1 && head.at[0] == '{' && head.at[1] != '\n' && head.at[1] != '\r'; /* a record stands on one line */
}

static const struct reader readers[] = {
	{ is_cape, read_cape }, { is_speakeasy, read_speakeasy }, { is_windows, read_windows }, { is_audit, read_audit }, { is_emulated, read_emulated },
	{ is_plain, read_plain },
};

/* A stream that undoes compression and can give its beginning twice. */
struct unpacked {
	FILE *from;
	gzFile gz;
	ZSTD_DStream *zstd;
	ZSTD_inBuffer in;
	uint8_t *packed, *head;
	size_t head_len, head_at;
	bool broken;
};

static ssize_t raw_read(struct unpacked *u, void *to, size_t size)
{
	if (u->gz != NULL) {
		int n = gzread(u->gz, to, (unsigned)(size > 1 << 20 ? 1 << 20 : size));

		return n < 0 ? -1 : n;
	}
	if (u->zstd == NULL) {
		size_t n = fread(to, 1, size, u->from);

		return n == 0 && ferror(u->from) ? -1 : (ssize_t)n;
	}
	for (ZSTD_outBuffer out = { to, size, 0 };;) {
		size_t r;

		if (u->in.pos == u->in.size) {
			u->in = (ZSTD_inBuffer){ u->packed, fread(u->packed, 1, HEAD_MAX, u->from), 0 };
			if (u->in.size == 0)
				return ferror(u->from) ? -1 : 0;
		}
		r = ZSTD_decompressStream(u->zstd, &out, &u->in);
		if (ZSTD_isError(r))
			return -1;
		if (out.pos > 0)
			return (ssize_t)out.pos;
	}
}

static ssize_t unpacked_read(void *cookie, char *to, size_t size)
{
	struct unpacked *u = cookie;
	size_t n = u->head_len - u->head_at;
	ssize_t r;

	if (n > 0) {
		n = n < size ? n : size;
		memcpy(to, u->head + u->head_at, n);
		u->head_at += n;
		return (ssize_t)n;
	}
	r = raw_read(u, to, size);
	if (r < 0)
		errno = EIO;
	return r;
}

static void unpacked_fini(struct unpacked *u)
{
	if (u->gz != NULL)
		gzclose(u->gz);
	ZSTD_freeDStream(u->zstd);
	if (u->from != NULL && u->from != stdin)
		fclose(u->from);
	free(u->packed);
	free(u->head);
}

/* Reads the head through, so that the reader gets it again. */
static int unpacked_begin(struct unpacked *u, const char *path)
{
	unsigned char magic[4] = { 0 };
	size_t n = 0;

	u->head = malloc(HEAD_MAX);
	u->packed = malloc(HEAD_MAX);
	if (u->head == NULL || u->packed == NULL)
		return -ENOMEM;
	u->from = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	if (u->from == NULL)
		return -errno;
	if (u->from != stdin) {
		n = fread(magic, 1, sizeof(magic), u->from);
		rewind(u->from);
	}
	if (n >= 2 && magic[0] == 0x1f && magic[1] == 0x8b && (u->gz = gzopen(path, "rb")) == NULL)
		return -ENOMEM;
	if (n == 4 && memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0 && (u->zstd = ZSTD_createDStream()) == NULL)
		return -ENOMEM;
	while (u->head_len < HEAD_MAX) {
		ssize_t r = raw_read(u, u->head + u->head_len, HEAD_MAX - u->head_len);

		if (r < 0)
			return -EIO;
		if (r == 0)
			break;
		u->head_len += (size_t)r;
	}
	return 0;
}

static int read_file(const struct read_given *given, const struct sample_sink *sink)
{
	const cookie_io_functions_t io = { .read = unpacked_read };
	const struct read_given labelled = folder_given(given);
	struct unpacked u = { 0 };
	FILE *stream = NULL;
	int r = unpacked_begin(&u, given->path);

	if (r < 0)
		goto out;
	r = -EPROTO;
	for (size_t i = 0; i < COUNT_OF(readers) && r == -EPROTO; i++) {
		if (!readers[i].knows(bytes_of(u.head, u.head_len)))
			continue;
		if ((stream = fopencookie(&u, "r", io)) == NULL) {
			r = -ENOMEM;
			goto out;
		}
		r = readers[i].read(stream, &labelled, sink);
	}
out:
	if (stream != NULL)
		fclose(stream);
	unpacked_fini(&u);
	return r;
}

static int no_dots(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_path(const struct read_given *, const struct sample_sink *, unsigned depth);

/* One bad file of a folder is named, the others are read. */
static int read_folder(const struct read_given *given, const struct sample_sink *sink, unsigned depth)
{
	struct dirent **names;
	int count = scandir(given->path, &names, no_dots, by_bytes), r = 0;

	if (count < 0)
		return -errno;
	for (int i = 0; i < count; i++) {
		struct read_given one = *given;
		char *path = NULL;

		if (r == 0 && asprintf(&path, "%s/%s", given->path, names[i]->d_name) < 0)
			r = -ENOMEM;
		one.path = path;
		if (r == 0)
			r = read_path(&one, sink, depth + 1);
		if (r == -EPROTO || r == -EIO || r == -EACCES) {
			sink->bad(sink->to, path, 0, r == -EPROTO ? "no behaviour log that we know" : strerror(-r));
			r = 0;
		}
		free(path);
		free(names[i]);
	}
	free(names);
	return r;
}

static int read_path(const struct read_given *given, const struct sample_sink *sink, unsigned depth)
{
	struct stat s;

	if (strcmp(given->path, "-") != 0 && stat(given->path, &s) < 0)
		return -errno;
	if (strcmp(given->path, "-") == 0 || !S_ISDIR(s.st_mode))
		return read_file(given, sink);
	return depth == DEPTH_MAX ? -ELOOP : read_folder(given, sink, depth);
}

int read_open(const struct read_given *given, const struct sample_sink *sink)
{
	struct read_given whole = *given;

	whole.named = strlen(given->path);
	return read_path(&whole, sink, 0);
}
