/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Foreign bytes and long sentences of a case, for people. */
#ifndef CONTROL_CLI_CASE_TEXT_H
#define CONTROL_CLI_CASE_TEXT_H

#include "control/wire/bytes.h"

#include <stdio.h>

enum { CASE_SHOWN_MAX = 4096 /* bytes of one part or code that are shown; --json has them whole */ };

/* Lines as lines, behind the indent; every byte that is no text becomes \xNN. */
void case_text_lines(FILE *to, struct bytes b, const char *indent);
/* The first bytes of b, at most `most`: text as lines, anything else 16 bytes a row beside its text; then how many more there are. */
void case_text_brief(FILE *to, struct bytes b, size_t most, const char *indent);
/* A sentence, clean, broken at blanks: `used` columns of the first line are taken, further lines begin with the indent. Ends the line. */
void case_text_wrap(FILE *to, const char *text, unsigned used, const char *indent);

#endif
