/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decoders: each undoes one way of writing bytes. */
#ifndef CONTROL_EXTRACT_DECODE_H
#define CONTROL_EXTRACT_DECODE_H

#include "control/wire/bytes.h"

/*
 * One decoder. undo() writes the decoded form to out and says whether it is another one than the input; false also
 * where the input is not written that way at all. Only those that inflate write more than they read; they stop at out's
 * size. Pure.
 */
struct step {
	const char *name;                                  /* as in triage.attack_code.decoding */
	bool (*undo)(struct bytes in, struct sink *out);
	bool natural_only;                                 /* never tried unasked */
};

extern const struct step decode_url;        /* %41, %u0041 */
extern const struct step decode_plus;       /* + for a blank */
extern const struct step decode_json;       /* \n, \x41, \u0041, \101 */
extern const struct step decode_html;       /* &lt; &#60; &#x3c; */
extern const struct step decode_overlong;   /* UTF-8 longer than need be */
extern const struct step decode_base64;     /* plain or url alphabet, the whole text */
extern const struct step decode_hex;        /* the whole text */
extern const struct step decode_gzip;       /* gzip or zlib, by its first bytes */
extern const struct step decode_quoted;     /* =41, as in mail (RFC 2045): asked for by name only */
extern const struct step decode_raw;        /* deflated without a header, to its end and to text */
extern const struct step decode_deflate;    /* deflated without a header, maybe cut: asked for by name only */

/* Every decoder, in the order in which they are tried; NULL at the end. */
extern const struct step *const decoders[];

/* Gzip, or gzip and zlib, by their first bytes; bare deflate, by inflating it: all of it, to text. */
bool decode_is_gzip(struct bytes);
bool decode_is_packed(struct bytes);
bool decode_is_raw(struct bytes);

/* Bytes that a serialised object of some language begins with, or what is deflated: Java, .NET, a page's state, pickle, Marshal. */
bool decode_is_object(struct bytes);

/* The step of that name; NULL: none, as of what is undone for a whole body. */
const struct step *decode_named(const char *name);

/* Room that undo() may need for this input; 0: it will change nothing. */
size_t decode_room(const struct step *, struct bytes in);

#endif
