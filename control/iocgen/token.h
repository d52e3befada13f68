/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A normalised value as a row of tokens, and where its components lie. */
#ifndef CONTROL_IOCGEN_TOKEN_H
#define CONTROL_IOCGEN_TOKEN_H

#include "control/iocgen/sample.h"

enum { TOKENS_MAX = 96, PARTS_MAX = 24 };

/* TOKEN_WORD is a run of letters and digits; the others below it are recognised by their form, wherever they stand. */
enum token_form { TOKEN_MARK, TOKEN_NAME /* %variable% */, TOKEN_WORD, TOKEN_GUID, TOKEN_SID, TOKEN_DATE, TOKEN_VERSION, TOKEN_BASE64 };

struct token {
	uint16_t at, len;
	enum token_form form;
};

struct tokens {
	struct bytes text; /* borrowed */
	unsigned count, parts;
	struct token list[TOKENS_MAX];
	struct { uint8_t first, end; } part[PARTS_MAX]; /* components, in tokens, without the marks between them */
};

/* -E2BIG: more tokens or components than there is room for. Pure. */
must_check int tokens_of(enum artefact_kind, struct bytes text, struct tokens *ret);

#endif
