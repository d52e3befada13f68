/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A response as it is searched: its parts decoded in every way a page may write text, each byte with its origin. */
#ifndef CONTROL_JUDGE_VIEW_H
#define CONTROL_JUDGE_VIEW_H

#include "control/wire/case.h"

enum { VIEWS_MAX = 16 };

struct view {
	const char *where;        /* "http.response_body", "http.response_header", "stream"; static */
	const struct case_part *part;
	struct bytes text;
	uint64_t base;            /* offset in the part that origins count from */
	uint32_t *origin;         /* owned: each byte's; NULL: its own place */
	uint8_t *owned;           /* text's memory where it is the view's own */
	bool plain;               /* the text itself, not written in another way */
};

struct views {
	unsigned count;
	struct bytes body;        /* the decoded body (or the server's stream), for comparing; borrowed from a view */
	unsigned status;          /* of an HTTP response; 0: none */
	bool seen;                /* some of the response was captured */
	bool whole;               /* and all of it */
	bool decoded;             /* its encodings could be undone */
	bool cached;              /* a cache made it, or had it, before the request came */
	bool stored;              /* it says that it is a file, older than the request: no request made what it holds */
	struct view at[VIEWS_MAX];/* last: what the count says is valid */
};

/* The views of a case's response; they borrow from the case. -ENOMEM. Freed by views_fini(). */
must_check int views_of(const struct case_record *, struct views *ret);
void views_fini(struct views *);
/* Offset in the part of the byte at `at` of a view. */
uint64_t view_origin(const struct view *, size_t at);
/* Bytes of all views: how many places a search looks at. */
size_t views_size(const struct views *);

#endif
