/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page as a browser parses it: the scripts in it, and where in the text each stands. */
#ifndef CONTROL_JUDGE_PAGE_H
#define CONTROL_JUDGE_PAGE_H

#include "control/wire/bytes.h"

enum {
	PAGE_SCRIPTS_MAX = 1024,    /* scripts of one page; more are counted in left */
	PAGE_MEMORY_MAX = 64 << 20, /* bytes of one page's tree: pages can make many nodes out of few bytes */
	PAGE_OPEN_MAX = 2048,       /* elements open at one time: each new tag asks about all of them */
};

struct page_script {
	const char *element, *attribute; /* lower case; attribute "": the element's content */
	struct bytes text;       /* character references undone */
	struct bytes written;    /* where that stands in the page, quotes of an attribute left away */
	size_t from;             /* offset where what makes it script begins: the tag, or the attribute's name */
	size_t tag_from;         /* and where its tag begins */
	bool address;            /* text is an address, of script or of a script's source */
};

struct page;

/*
 * Parses text as HTML (HTML 13.2.6). Lists what a browser would run: content of script elements of JavaScript, sources of
 * them, attributes on…, and attributes that hold an address of script. Templates and what stands for browsers without
 * script are left out. *ret borrows text; freed by page_free(). -ENOMEM, -E2BIG where the tree would be too large.
 */
must_check int page_new(struct bytes text, struct page **ret);
void page_free(struct page *);
/* The scripts in the order of the page; *left: those beyond the bound. */
const struct page_script *page_scripts(const struct page *, unsigned *count, unsigned *left);

#endif
