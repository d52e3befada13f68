/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys and signatures of signify(1): Ed25519 over the whole file, base64 behind one line of comment. */
#ifndef CONTROL_IOCGEN_FEED_SIGNIFY_H
#define CONTROL_IOCGEN_FEED_SIGNIFY_H

#include "control/wire/bytes.h"

struct signing_key {
	uint8_t number[8], secret[32], public[32];
};

enum { SIGNATURE_TEXT_MAX = 256 };

/*
 * A secret key as `signify -G -n` writes it. *why (static) says what is wrong: -EBADMSG, or -EKEYREJECTED where a passphrase keeps
 * it, or its checksum or its public half does not fit.
 */
must_check int signing_key_read(struct bytes file, struct signing_key *ret, const char **why);
/* The bytes go from memory. */
void signing_key_fini(struct signing_key *);
/* The signature's file, with its comment; returns its length. */
size_t signature_make(const struct signing_key *, struct bytes message, char ret[SIGNATURE_TEXT_MAX]);
/* Is it this key's signature of the message? */
bool signature_holds(const struct signing_key *, struct bytes message, struct bytes file);

#endif
