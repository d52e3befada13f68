/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture file, read through once before its packets go to the lanes. */
#ifndef DATAPLANE_PORT_SCAN_H
#define DATAPLANE_PORT_SCAN_H

#include "dataplane/decode/decode.h"

struct capture_file {
	const char *path;   /* borrowed */
	int fd;             /* -1: could not be opened */
	int error;          /* 0, or an errno: see text. packets may be > 0 all the same: they are good */
	char text[512];     /* the error in one line, "" if none */
	enum link_type link;
	uint64_t packets;   /* that can be read */
};

/* Opens the file; an error is kept in *ret. Call before privileges are dropped. */
void capture_open(const char *path, struct capture_file *ret);
/* Reads it through: sets link, packets, error and text, and leaves fd at the beginning. Ordinary thread. */
void capture_scan(struct capture_file *);
void capture_close(struct capture_file *);

#endif
