/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scripts that requests brought to a server, by the names they may have there: what is asked for under such a name later
 * is the script, run with that request. Bounded: the oldest is forgotten. One thread.
 */
#ifndef CONTROL_UPLOAD_H
#define CONTROL_UPLOAD_H

#include "control/extract/extract.h"

struct uploads;

must_check int uploads_new(struct uploads **ret);
void uploads_free(struct uploads *);
/* Forgets all (the next capture is a world of its own). */
void uploads_forget(struct uploads *);
/*
 * Notes the scripts of a case: under the file names of its parts, and under every name of a script that its request or its
 * response holds. Cases come in the order of their requests; one that comes again, with its response, is noted again.
 */
void uploads_note(struct uploads *, const struct case_record *, const struct extraction *);

/* A script and its language; text is borrowed until the next uploads_note(). */
struct uploaded {
	enum language language;
	struct bytes text;
};

enum { UPLOADED_MAX = 3 /* scripts that one name may mean */ };

/* The scripts that the case's path may name, the newest first. Returns how many. */
unsigned uploads_find(const struct uploads *, const struct case_record *, struct uploaded ret[UPLOADED_MAX]);
/* May the path name a script at all? Without asking what was uploaded. Pure. */
bool upload_is_asked_for(const struct case_record *);

#endif
