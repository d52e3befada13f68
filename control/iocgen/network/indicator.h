/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Indicators of traffic: what a network sensor can match, each once. */
#ifndef CONTROL_IOCGEN_NETWORK_INDICATOR_H
#define CONTROL_IOCGEN_NETWORK_INDICATOR_H

#include "control/wire/bytes.h"

enum indicator_kind { OF_IP, OF_DOMAIN, OF_URL, OF_JA3, OF_JA4, OF_MD5, OF_SHA1, OF_SHA256, INDICATOR_KINDS };

enum { INDICATORS_MAX = 1 << 20, INDICATOR_VALUE_MAX = 2048 };

struct indicator {
	enum indicator_kind kind;
	char *value; /* small letters but for a URL's path; an address as inet_ntop(3) writes it, with /BITS for a network */
};

/* Embedded; zero is empty. */
struct indicators {
	struct indicator *at;
	size_t count, size;
};

const char *indicator_name(enum indicator_kind);
/* What a text is by its looks, undone of [.] and hxxp; the value is written in its one form. -EINVAL: none that we know. Pure. */
must_check int indicator_parse(struct bytes text, enum indicator_kind *ret_kind, char ret[INDICATOR_VALUE_MAX + 1]);
/* Takes one that is known to be of this kind (a digest says not whether it is a file's or JA3's). -EINVAL: it is not. */
must_check int indicators_add(struct indicators *, enum indicator_kind, struct bytes text);
/* As it looks. -EINVAL; -ENOSPC past INDICATORS_MAX; -ENOMEM. */
must_check int indicators_add_any(struct indicators *, struct bytes text);
/* By kind and value, each once. */
void indicators_settle(struct indicators *);
void indicators_fini(struct indicators *);

#endif
