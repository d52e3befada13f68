/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in a script text is code: outside strings, comments and regular expressions, in a script that can be parsed. Pure. */
#ifndef CONTROL_JUDGE_JAVASCRIPT_H
#define CONTROL_JUDGE_JAVASCRIPT_H

#include "control/wire/bytes.h"

enum javascript_place {
	JAVASCRIPT_DATA,    /* the piece stands in a string, a comment or a pattern */
	JAVASCRIPT_CODE,    /* it begins as code, and the script holds together as far as its tokens and brackets tell */
	JAVASCRIPT_BROKEN,  /* the script cannot be parsed: nothing of it runs, as far as is seen here */
};

/* Where the piece of script at `at`, len bytes, stands. No grammar beyond tokens, brackets and what may follow what. ECMA-262 12. */
enum javascript_place javascript_place_of(struct bytes script, size_t at, size_t len);

#endif
