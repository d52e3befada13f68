/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the steps of one extraction share: its memory, its carriers, its layers, and where codes are noted. */
#ifndef CONTROL_EXTRACT_FINDER_H
#define CONTROL_EXTRACT_FINDER_H

#include "control/extract/extract.h"
#include "control/extract/known.h"

enum {
	FINDER_MEMORY_MAX = 8 << 20,   /* bytes of one extraction: decoded layers and codes */
	FINDER_CARRIERS_MAX = 1024,    /* values looked at in one request; attacks that hide behind more are rare */
	FINDER_VARIANTS_MAX = 24,      /* decoded forms of one value */
	FINDER_DEPTH_MAX = 6,          /* decoders on top of a carrier's own: three times compressed and in base64 */
	FINDER_NESTED_MAX = 64,        /* wholes of others that stand in one value */
	FINDER_NESTED_DEPTH_MAX = 3,   /* wholes in wholes */
	FINDER_VALUE_MAX = 128 << 10,  /* bytes of one value; what is longer is looked at up to here */
};

/* Who may run the value, as far as its place in the request tells. */
enum carrier_kind {
	CARRIER_PATH,
	CARRIER_PARAMETER,   /* of a query, a form, JSON, XML, a multipart field */
	CARRIER_HEADER,
	CARRIER_COOKIE,
	CARRIER_BODY,        /* a whole of others, each looked at by itself: a body, a value of JSON */
	CARRIER_STREAM,
};

/* What a decoded value is a whole of. */
enum nested_form { NESTED_NONE, NESTED_JSON, NESTED_XML, NESTED_PARTS, NESTED_TOKEN, NESTED_ZIP };

struct carrier {
	enum carrier_kind kind;
	enum part_kind part;
	uint64_t offset;           /* of raw in the part */
	struct bytes raw;          /* as it stood there */
	struct bytes text;         /* of a piece of what raw was decoded to: the piece; at NULL: raw itself */
	const char *where;
	enum code_sink sink;       /* of what stands there, whatever its kind */
	struct bytes name;         /* parameter, cookie, field */
	const char *undone[EXTRACT_LAYERS_MAX]; /* what was undone before: of a whole body, of the value that this is a piece of */
	unsigned undone_count;
	unsigned depth;            /* decoded wholes around it */
	enum nested_form says;     /* what a header says that it is a whole of */
	struct bytes charset;      /* of what stands percent-encoded in a form; "": ASCII stands as it is */
	struct bytes file;         /* what it is the content of: a part's file name, the path of a PUT */
	bool repeated;             /* several fields of one name, joined: of SQL sql_of_repeated() tells */
	bool to_upload;            /* the addressed resource is a script where files are put that visitors bring */
	bool to_interpreter;       /* the addressed resource is a shell: what it reads is a script */
};

/* One decoded form of a carrier's value. */
struct layer {
	struct bytes text;
	const char *names[EXTRACT_LAYERS_MAX];
	unsigned count;
};

/* One such value, whose pieces are still to be looked at. */
struct nested {
	enum nested_form form;
	struct carrier whole;      /* text: the value, blanks around it gone */
	struct layer layer;        /* the form of the value that it was seen in */
	struct bytes file;         /* that the whole is the content of */
};

/* name=value&… of a request. */
struct form {
	struct carrier like;
	struct bytes fields;
};

struct chunk;
struct finder {
	struct extraction found;   /* first: extraction_free() takes the whole */
	struct known *known;       /* borrowed; NULL: none */
	struct chunk *chunks;      /* given back when a value was looked through */
	struct chunk *kept;        /* of the codes */
	size_t memory;             /* bytes taken */
	unsigned carriers;
	struct bytes headers, host; /* of the request: all of them, the Host; borrowed */
	unsigned notes;            /* calls of finder_note() */
	struct note *noted;        /* where they are written down, the first KNOWN_NOTES_MAX behind first_note; NULL: nowhere */
	unsigned first_note;
	unsigned nested_count, nested_done;
	struct form forms[2];      /* the query's and the body's */
	unsigned forms_count;
	bool unfolding;            /* the wholes are under way */
	bool exhausted;            /* memory ran out: what was found until then stands */
	struct nested nested[FINDER_NESTED_MAX]; /* last: what the count says is valid */
};

/* Memory that lives as long as the value that is looked through, or as the extraction outside of one; NULL at the bound. */
uint8_t *finder_take(struct finder *, size_t len);

/*
 * Looks through one value: first decoded as its carrier demands (natural: decoder names, NULL at the end), then
 * through every decoder that changes it, and hands each form to every recogniser.
 */
struct step;
void finder_look(struct finder *, const struct carrier *, const struct step *const *natural);

/*
 * Notes one code. Copies text; a code that was noted before at the same place, in the same language and with the same
 * text, only adds its contexts.
 */
struct sighting {
	enum language language;
	const char *class_name;
	struct bytes text;
	uint32_t contexts;
	enum code_sink sink;
	struct bytes core;         /* of a text that is more than the code: the code; at NULL: all of it */
	bool quiet;                /* told only where it worked, and beside other attacks */
};
void finder_note(struct finder *, const struct carrier *, const struct layer *, const struct sighting *);
/* The same of what was noted in an earlier request; digest: of the text as far as it is kept, NULL: not known yet. */
void finder_note_again(struct finder *, const struct carrier *, const struct layer *, const struct sighting *, const uint8_t *digest);
/* SHA-256. */
void note_digest(struct bytes text, uint8_t ret[32]);
/* A copy that lives as long as the extraction. False: no memory, or past its bound. */
bool finder_keep(struct finder *, struct bytes from, struct bytes *ret);
/* What such a call said, and the digest of its text as far as it is kept. */
struct note {
	struct sighting what;
	struct layer in;
	uint8_t digest[32];
};
/* The sink that belongs to a carrier. */
enum code_sink carrier_sink(const struct carrier *);
/* Is a key nothing but a name? */
bool carrier_is_name(struct bytes);
/* What is looked at of it first. */
struct bytes carrier_text(const struct carrier *);

/* May it be a text of any script? Not what noise, pictures and archives are made of. */
bool finder_is_text(struct bytes);

/* The recognisers: each notes what it finds in one form of one value. */
void shell_recognise(struct finder *, const struct carrier *, const struct layer *);
/* What shell_recognise() looks for where it found nothing: commands where no shell starts them, quiet; contexts is then 0. */
void misplaced_recognise(struct finder *, const struct carrier *, const struct layer *);
void shellshock_recognise(struct finder *, const struct carrier *, const struct layer *);
void jndi_recognise(struct finder *, const struct carrier *, const struct layer *);
void path_recognise(struct finder *, const struct carrier *, const struct layer *);
void php_recognise(struct finder *, const struct carrier *, const struct layer *);
void xml_recognise(struct finder *, const struct carrier *, const struct layer *);
void url_recognise(struct finder *, const struct carrier *, const struct layer *);
void template_recognise(struct finder *, const struct carrier *, const struct layer *);
void expression_recognise(struct finder *, const struct carrier *, const struct layer *);
void script_recognise(struct finder *, const struct carrier *, const struct layer *);
/* Is it a serialised object? Then its bytes are nothing else. */
bool serialised_recognise(struct finder *, const struct carrier *, const struct layer *);
/* Is what several fields of one name are together more of an attack than any of them? Notes it. */
bool sql_of_repeated(struct finder *, const struct carrier *, const struct layer *joined, const struct bytes *values, unsigned count);
/* A form whose names reach into a server's own objects. */
void valve_of_form(struct finder *, const struct carrier *like, struct bytes form);
/* A form whose fields are a function of PHP's and its argument. */
void callable_of_form(struct finder *, const struct carrier *like, struct bytes form);
/* Is it the name of a function of PHP that reaches outside or tells of the server? */
bool php_is_function(struct bytes name);
void include_recognise(struct finder *, const struct carrier *, const struct layer *);
void sql_recognise(struct finder *, const struct carrier *, const struct layer *);
void markup_recognise(struct finder *, const struct carrier *, const struct layer *);
void url_recognise(struct finder *, const struct carrier *, const struct layer *);
void upload_recognise(struct finder *, const struct carrier *, const struct layer *);
void machine_recognise(struct finder *, const struct carrier *, const struct layer *);
void machine_of_stream(struct finder *, const struct case_record *, const struct carrier *whole);

/* nested.c: is this form of a value a whole of others? Its pieces are looked at once the value itself is done. */
bool nested_note(struct finder *, const struct carrier *, const struct layer *);
/* Looks at the pieces of all that was noted, and of what is noted meanwhile. */
void nested_unfold(struct finder *);
/* Every recogniser over one form. */
void finder_recognise(struct finder *, const struct carrier *, const struct layer *);

/* A piece of like's text as a carrier of its own, with its offset where like's text is as it stood. */
struct carrier carrier_piece(const struct carrier *like, struct bytes raw, struct bytes name);

/* carriers.c, body.c: cut a request into carriers and look through each. */
void carriers_of_request(struct finder *, struct bytes head, struct bytes body);
void carriers_of_stream(struct finder *, const struct case_record *, struct bytes stream);
void carriers_of_lines(struct finder *, const struct carrier *like);
/* Is it a page that would do something? Such text is no data. */
bool nested_is_active(struct bytes);
/* Does it begin as a page, or as rich text? Its attributes are for a browser, and its text is one with what stands around it. */
bool nested_is_page(struct bytes);
/* The body of a request, as the carrier says; its file and what it is addressed to are set. */
struct http_request;
void carriers_of_body(struct finder *, const struct http_request *, const struct carrier *whole);
void carriers_of_form(struct finder *, const struct carrier *like, struct bytes form);
/* repeated.c: an attack cut into several fields of one name, of the query and the body. */
void carriers_of_repeated(struct finder *);
/* A name or value of a form, decoded into the finder's memory. */
struct bytes form_value(struct finder *, struct bytes raw);
/* Does it read name=value&…, with no blank before the first sign of equality? Then its fields are looked at, and it is no code itself. */
bool body_is_form(struct bytes);
void carriers_of_json(struct finder *, const struct carrier *like, struct bytes json);
void carriers_of_xml(struct finder *, const struct carrier *like, struct bytes xml);
/* parts.c: between the boundary's lines; the last part may lack its end. */
void carriers_of_parts(struct finder *, const struct carrier *like, struct bytes boundary, struct bytes body);
/* The first line of what is parts, whatever a header says: "--boundary"; "": it is none. */
struct bytes parts_boundary(struct bytes body);
/* zip.c: the members of an archive that a server would run. */
void carriers_of_zip(struct finder *, const struct carrier *like, struct bytes zip);
/* What stands in a header's value behind `key`, in quotes or up to a semicolon. */
struct bytes header_parameter(struct bytes value, const char *key);

#endif
