/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files by their Windows paths: drives are folders of the tree ("C:\a" is /C/a), names are compared without regard to
 * case. What the profile does not hold is an open question.
 */
#ifndef EMU_WINDOWS_HOST_FILES_H
#define EMU_WINDOWS_HOST_FILES_H

#include "emu/windows/host/host.h"

enum { FILE_PATH_MAX = 1024 };

/* FOLDER/programs: a path a line, of programs that are there without their bytes. -errno; why gets FILE:LINE. */
must_check int files_programs(struct host *, const char *folder, char *why, size_t why_size);

/*
 * The whole path of what cwd and path mean: drive, no "." and "..", backslashes. A UNC path stays one. False: too long,
 * or with letters no name has.
 */
bool file_path(const char *cwd, const char *path, char ret[FILE_PATH_MAX]);
bool file_is_unc(const char *path);

struct place {
	struct node *dir, *node; /* NULL: not there */
	char name[256];          /* the last part as it is written in the folder, or as it was asked for */
};
/* By a whole path. False: its folder is not there. Asks no question. */
bool file_find(struct host *, const char *path, struct place *ret);
/* A whole path as its names are written on the disk; what is not there stays as it is. ret may be path. */
void file_written(struct host *, const char *path, char ret[FILE_PATH_MAX]);
/* As file_find(), and whether it is there is a question. */
bool file_exists(struct host *, const char *path, struct place *ret);
/*
 * A file's bytes. -ENOENT, -EISDIR, -EACCES (there, but its contents are the victim's to know: a question was asked, or
 * a twist takes it away).
 */
must_check int file_read(struct host *, const char *path, struct bytes *ret);
/* The file to write to, made or cut to nothing; its event. -ENOENT (no folder), -EISDIR, -EACCES, -EDQUOT. */
must_check int file_write(struct host *, const char *path, bool append, struct node **ret, struct event **told);
must_check int file_put(struct host *, const char *path, struct bytes contents); /* all at once */
must_check int file_make_folder(struct host *, const char *path); /* with those above it; -EEXIST */
must_check int file_delete(struct host *, const char *path);      /* a file or an empty folder; -ENOTEMPTY */
must_check int file_rename(struct host *, const char *from, const char *to);
/* Contents came from the network: what they do is the attacker's to know. */
void file_mark_foreign(struct host *, const struct node *);
bool file_is_foreign(const struct host *, const struct node *);
/* Does a name fit "*.t?t"? */
bool file_fits(const char *pattern, const char *name);
/*
 * A program as CreateProcess or a shell finds it: name with or without its ending, in cwd and the folders of path.
 * False: nowhere (a question).
 */
bool file_program(struct host *, const char *cwd, const char *path, const char *endings, const char *name,
                  char ret[FILE_PATH_MAX]);

#endif
