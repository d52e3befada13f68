/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns over normal forms, turned back into what an endpoint writes: variables become folders, one pattern several. */
#ifndef CONTROL_IOCGEN_EXPORT_ENDPOINT_H
#define CONTROL_IOCGEN_EXPORT_ENDPOINT_H

#include "control/iocgen/ioc.h"

enum { FORMS_MAX = 4, FORM_TEXT_MAX = 4096 + 256, FORM_REGEX_MAX = 16 << 10 };

/* One way an endpoint writes values of the pattern. */
struct form {
	bool front, back;                  /* anything may stand before, after */
	bool plain;                        /* all of it is literal: text says it */
	char text[FORM_TEXT_MAX + 1];      /* small letters, as values are compared with case folded */
	char regex[FORM_REGEX_MAX + 1];    /* PCRE, over the whole value, to be matched with case folded */
};

struct forms {
	unsigned count;
	bool wider;                        /* more than the pattern: a folder's place is not known to the last letter */
	struct form form[FORMS_MAX];
};

/* Of Unix' files, by the slash. */
bool pattern_is_unix(const struct pattern *);
/* whole_hives: keys begin with hkey_local_machine, not hklm. -ENOSPC: too long for an export. Pure. */
must_check int forms_of(const struct pattern *, bool whole_hives, struct forms *ret);

#endif
