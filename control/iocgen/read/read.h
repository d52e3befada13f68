/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readers of behaviour logs: one file each, chosen by what the log begins with. */
#ifndef CONTROL_IOCGEN_READ_READ_H
#define CONTROL_IOCGEN_READ_READ_H

#include "control/iocgen/sample.h"

#include <stdio.h>

/* What is known of a log before it is read. */
struct read_given {
	const char *path;        /* for messages; a sample without a name of its own is called by the path's last part */
	size_t named;            /* bytes of the path that the command line named: folders below it may say what its samples are */
	bool by_process;         /* an event log: each tree of processes is a sample; else the log is one */
	struct sample otherwise; /* what a sample has that says nothing itself: label, family, source, day; the name is not used */
};

/*
 * Every reader: reads `from` to its end and hands on what it holds. Borrows all. Bad records go to sink->bad and are passed over.
 * Returns 0; -EIO where the stream broke; what the sink returned; -ENOMEM.
 */
int read_plain(FILE *from, const struct read_given *, const struct sample_sink *); /* one JSON object a line (config/README.md) */


/*
 * Opens a log (gzip and zstd are undone), looks at its beginning, and reads it with the reader that knows it. A folder: every file
 * below it, in the order of their names. "-": stdin. Returns as the readers do, -errno where it cannot be opened, -EPROTO where no
 * reader knows it.
 */
must_check int read_open(const struct read_given *, const struct sample_sink *);

#endif
