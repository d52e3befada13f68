/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attack code out of a request: where it stood, how it was decoded, what language it is. Pure: no I/O, bounded. */
#ifndef CONTROL_EXTRACT_EXTRACT_H
#define CONTROL_EXTRACT_EXTRACT_H

#include "control/wire/case.h"
#include "control/wire/language.h"

enum {
	EXTRACT_CODES_MAX = 32,
	EXTRACT_LAYERS_MAX = 12,
	EXTRACT_CODE_MAX = 64 << 10,
};

#define EXTRACT_UPLOADED "uploaded" /* the layer of a script that stands in no request of this case */

/* What the code's surroundings allow; more than one may hold. */
enum code_context {
	/* 0: of a shell, none. What stands so is started by none */
	CONTEXT_ALONE = 1 << 0,        /* the whole value is the code (a command parameter, a shell's stdin) */
	CONTEXT_AFTER = 1 << 1,        /* runs whatever came before (; newline | &) */
	CONTEXT_IF_SUCCESS = 1 << 2,   /* only if what came before succeeded (&&) */
	CONTEXT_IF_FAILURE = 1 << 3,   /* only if it failed (||) */
	CONTEXT_SUBSTITUTION = 1 << 4, /* its output becomes part of a word ($(…), `…`) */
	CONTEXT_PIPED_INTO = 1 << 5,   /* its stdin is another command's output */
	CONTEXT_BACKGROUND = 1 << 6,
};

/* What carries it out; R1 hangs on this. */
enum code_sink {
	SINK_RESOURCE,  /* only the addressed resource would run it (a CGI's body, a script's parameter) */
	SINK_HEADER,    /* a header, a cookie, a log, a path's words: other code than the resource may run it */
	SINK_STREAM,    /* raw protocol */
};

struct attack_code {
	enum language language;
	const char *class_name;                     /* triage.class: "shell", "jndi", … static */
	struct bytes text;                          /* decoded, what is to be run; owned by the extraction */
	struct bytes value;                         /* the decoded value of the carrier it stood in; owned likewise */
	struct bytes raw;                           /* the carrier's value as it stood in its part; borrowed from the case */
	enum part_kind part;
	uint64_t offset;                            /* of raw in that part */
	char where[96];                             /* "http.uri", "http.header.user-agent", "http.request_body" */
	char file[96];                              /* name of the file that the value is the content of, without folders; "": none */
	char parameter[64];                         /* name of the parameter, field or cookie; "" where there is none */
	const char *layers[EXTRACT_LAYERS_MAX];     /* decoders, outermost first: "url", "base64"; static */
	unsigned layers_count;
	unsigned carrier;                           /* which value of the request, in the order in which they were looked at */
	uint32_t contexts;                          /* enum code_context, or-ed */
	enum code_sink sink;
	uint8_t digest[32];                         /* SHA-256 of text */
	bool cut;                                   /* longer than we run */
	bool quiet;                                 /* ordinary requests hold the like: no record unless it worked, or stands beside an attack */
};

struct extraction {
	unsigned count, left;                       /* left: codes and values beyond the bounds, not looked at to the end */
	struct attack_code codes[EXTRACT_CODES_MAX];
	/* storage follows, private */
};

/* May what the code does hang on the request that brought it? */
bool extract_reads_request(const struct attack_code *);

/* What the client sent after this machine code over the same raw stream; borrowed from the case. "" for other code. */
struct bytes extract_said_after(const struct case_record *, const struct attack_code *);

/*
 * *ret is the caller's, freed by extraction_free(); it borrows from the case's parts. known (may be NULL): values of
 * earlier cases in which nothing was found; what is found does not hang on it. -ENOMEM only.
 */
struct known;
must_check int extract_case(const struct case_record *, struct known *known, struct extraction **ret);
/* The same for bare request bytes (konseki extract): an HTTP request, or else a raw stream. */
must_check int extract_bytes(struct bytes request, struct extraction **ret);
/*
 * Adds a script that an earlier request brought and that this request asks for: code of class "upload" with the layer
 * EXTRACT_UPLOADED. -ENOMEM, -ENOBUFS where there is no room.
 */
must_check int extract_uploaded(struct extraction *, const struct case_record *, enum language, struct bytes script);
void extraction_free(struct extraction *);

#endif
