/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One extraction: its memory, the forms of each value, and the codes noted. */
#include "control/extract/extract.h"

#include "control/extract/charset.h"
#include "control/extract/command.h"
#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"
#include "control/extract/writing.h"

#include <ctype.h>
#include <errno.h>
#include <nettle/sha2.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK_SIZE = 16 << 10,
	LOOK_MEMORY = 1 << 20, /* more than the forms of a value that is short enough to be known take, inflated ones among them */
	TEXT_SHARE = 90, /* per cent of printable bytes below which a value is no text: of noise 88 are */
};

struct chunk {
	struct chunk *next;
	size_t size, used;
	uint8_t bytes[];
};

/* From the newest chunk of a list, or a new one. */
static uint8_t *take(struct finder *f, struct chunk **list, size_t len)
{
	struct chunk *c = *list;
	uint8_t *at = NULL;

	if (c == NULL || c->size - c->used < len) {
		size_t size = len > CHUNK_SIZE ? len : CHUNK_SIZE;

		if (f->memory + size > FINDER_MEMORY_MAX || (c = malloc(sizeof(*c) + size)) == NULL) {
			f->exhausted = true;
			return NULL;
		}
		c->next = *list;
		c->size = size;
		c->used = 0;
		*list = c;
		f->memory += size;
	}
	at = c->bytes + c->used;
	c->used += len;
	return at;
}

uint8_t *finder_take(struct finder *f, size_t len)
{
	return take(f, &f->chunks, len);
}

bool finder_is_text(struct bytes b)
{
	size_t printable = 0;

	for (size_t i = 0; i < b.left; i++)
		printable += b.at[i] >= 0x20 || isspace(b.at[i]);
	return printable * 100 >= b.left * TEXT_SHARE;
}

bool finder_keep(struct finder *f, struct bytes from, struct bytes *ret)
{
	uint8_t *at = take(f, &f->kept, from.left);

	if (at == NULL)
		return false;
	if (from.left > 0)
		memcpy(at, from.at, from.left);
	*ret = bytes_of(at, from.left);
	return true;
}

/* The value decoded by one step, as a layer of its own; false where the step changes nothing. */
static bool layer_undo(struct finder *f, const struct layer *from, const struct step *step, struct layer *ret)
{
	size_t room = decode_room(step, from->text);
	uint8_t *at = NULL;
	struct sink out;

	if (room == 0 || from->count == EXTRACT_LAYERS_MAX || (at = finder_take(f, room)) == NULL)
		return false;
	out = sink_over(at, room);
	if (!step->undo(from->text, &out) || out.overflow || out.used == 0) {
		f->chunks->used -= room; /* the newest piece of the newest chunk: give it back */
		return false;
	}
	f->chunks->used -= room - out.used;
	*ret = *from;
	ret->text = bytes_of(at, out.used);
	ret->names[ret->count++] = step->name;
	return true;
}

static bool seen_before(const struct layer *layers, unsigned count, struct bytes text)
{
	for (unsigned i = 0; i < count; i++) {
		if (bytes_equal(layers[i].text, text))
			return true;
	}
	return false;
}

void finder_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	shellshock_recognise(f, c, l);
	shell_recognise(f, c, l);
	jndi_recognise(f, c, l);
	if (serialised_recognise(f, c, l))
		return;
	script_recognise(f, c, l);
	php_recognise(f, c, l);
	include_recognise(f, c, l);
	upload_recognise(f, c, l);
	path_recognise(f, c, l);
	xml_recognise(f, c, l);
	sql_recognise(f, c, l);
	markup_recognise(f, c, l);
	template_recognise(f, c, l);
	url_recognise(f, c, l);
	expression_recognise(f, c, l);
	machine_recognise(f, c, l);
}

/* A form's bytes were percent-encoded as its charset has them. */
static void undo_charset(struct finder *f, const struct carrier *c, struct layer *l)
{
	uint8_t *room = NULL;
	size_t len = 0;

	if (c->charset.left > 0 && l->count < EXTRACT_LAYERS_MAX && (room = finder_take(f, l->text.left)) != NULL)
		len = charset_undo(c->charset, l->text, room);
	if (len == 0)
		return;
	l->text = bytes_of(room, len);
	l->names[l->count++] = "charset";
}

/* Every form of one value to every recogniser. base: how many steps the carrier itself demanded. */
static void look_at_layers(struct finder *f, const struct carrier *c, struct layer *layers)
{
	unsigned count = 1, base = layers[0].count;

	for (unsigned i = 0; i < count; i++) {
		if (nested_note(f, c, &layers[i]))
			continue; /* each piece is decoded by itself */
		finder_recognise(f, c, &layers[i]);
		for (unsigned d = 0; decoders[d] != NULL && layers[i].count < base + FINDER_DEPTH_MAX; d++) {
			if (count == FINDER_VARIANTS_MAX)
				break;
			if (layer_undo(f, &layers[i], decoders[d], &layers[count]) &&
			    !seen_before(layers, count, layers[count].text))
				count++;
		}
	}
}

/* The value in its forms, and what it is a whole of. */
static void look_through(struct finder *f, const struct carrier *c, const struct step *const *natural)
{
	struct layer layers[FINDER_VARIANTS_MAX];

	layers[0] = (struct layer){ .text = carrier_text(c), .count = c->undone_count };
	memcpy(layers[0].names, c->undone, sizeof(layers[0].names));
	if (layers[0].text.left > FINDER_VALUE_MAX) {
		layers[0].text.left = FINDER_VALUE_MAX;
		f->found.left++;
	}
	for (; natural != NULL && *natural != NULL; natural++)
		(void)layer_undo(f, &layers[0], *natural, &layers[0]);
	undo_charset(f, c, &layers[0]);
	look_at_layers(f, c, layers);
	nested_unfold(f);
}

static void key_bytes(struct sink *key, struct bytes b)
{
	sink_u32le(key, (uint32_t)b.left);
	sink_put(key, b.at, b.left);
}

/* All that finding in a value hangs on but what was found before at its place; nothing where it is too long. */
static struct bytes key_of(const struct finder *f, const struct carrier *c, const struct step *const *natural, uint8_t room[KNOWN_KEY_MAX])
{
	struct sink key = sink_over(room, KNOWN_KEY_MAX);
	struct bytes whole;

	sink_u8(&key, (uint8_t)c->kind);
	sink_u8(&key, (uint8_t)c->part);
	sink_u8(&key, c->to_upload);
	sink_u8(&key, c->to_interpreter);
	sink_u8(&key, (uint8_t)c->sink);
	sink_u8(&key, (uint8_t)c->says);
	sink_u64le(&key, (uintptr_t)natural); /* a constant list */
	sink_u8(&key, (uint8_t)c->undone_count);
	for (unsigned i = 0; i < c->undone_count; i++)
		key_bytes(&key, bytes_text(c->undone[i]));
	key_bytes(&key, bytes_text(c->where));
	key_bytes(&key, c->name);
	key_bytes(&key, c->charset);
	key_bytes(&key, c->file);
	key_bytes(&key, f->host);
	key_bytes(&key, c->raw);
	return sink_done(&key, &whole) == 0 ? whole : bytes_of(NULL, 0);
}

/* The forms of a value are not needed any more, of what was found in them there are copies: memory is left for others. */
static void give_back(struct finder *f, struct chunk *chunks, size_t used)
{
	while (f->chunks != chunks) {
		struct chunk *next = f->chunks->next;

		f->memory -= f->chunks->size;
		free(f->chunks);
		f->chunks = next;
	}
	if (chunks != NULL)
		chunks->used = used;
}

static bool found_at(const struct finder *f, const struct carrier *c)
{
	for (unsigned i = 0; i < f->found.count; i++)
		if (f->found.codes[i].part == c->part && (f->found.codes[i].offset == c->offset || c->kind == CARRIER_BODY || c->kind == CARRIER_STREAM))
			return true;
	return false;
}

/* Of a piece of a decoded whole nothing is known: it hangs on more. */
static bool may_be_known(const struct finder *f, const struct carrier *c)
{
	return f->known != NULL && !f->unfolding && !c->repeated && c->text.at == NULL && c->depth == 0 &&
		/* near the bound of memory it matters what looking takes */
		f->memory + LOOK_MEMORY <= FINDER_MEMORY_MAX && !found_at(f, c);
}

void finder_look(struct finder *f, const struct carrier *c, const struct step *const *natural)
{
	uint8_t room[KNOWN_KEY_MAX];
	struct bytes key = { 0 };
	struct chunk *chunks = f->chunks;
	size_t used = chunks != NULL ? chunks->used : 0;
	unsigned left = f->found.left, notes = f->notes, carriers, wholes = f->nested_count, count = 0;
	struct note found[KNOWN_NOTES_MAX];
	const struct note *known = NULL;
	bool records;

	if (carrier_text(c).left == 0)
		return;
	if (f->exhausted || f->carriers == FINDER_CARRIERS_MAX) {
		f->found.left++;
		return;
	}
	carriers = ++f->carriers;
	if (may_be_known(f, c))
		key = key_of(f, c, natural, room);
	if (known_find(f->known, key, &known, &count)) {
		for (unsigned i = 0; i < count; i++)
			finder_note_again(f, c, &known[i].in, &known[i].what, known[i].digest);
		return;
	}
	records = key.left > 0 && f->noted == NULL;
	if (records) {
		f->noted = found;
		f->first_note = notes;
	}
	look_through(f, c, natural);
	if (records)
		f->noted = NULL;
	if (f->nested_count != wholes)
		return;
	count = f->notes - notes;
	if (records && count <= KNOWN_NOTES_MAX && f->found.left == left && f->carriers == carriers && !f->exhausted) {
		for (unsigned i = 0; i < count; i++)
			note_digest(found[i].what.text, found[i].digest);
		known_keep(f->known, key, found, count);
	}
	give_back(f, chunks, used);
}

/* Its long arrays hold what their counts say, and are not cleared. */
static struct finder *finder_new(void)
{
	struct finder *f = malloc(sizeof(*f));

	if (f == NULL)
		return NULL;
	f->found.count = f->found.left = 0;
	memset(&f->known, 0, offsetof(struct finder, nested) - offsetof(struct finder, known));
	return f;
}

int extract_case(const struct case_record *record, struct known *known, struct extraction **ret)
{
	struct finder *f = finder_new();

	if (f == NULL)
		return -ENOMEM;
	f->known = known;
	if (record->parts[PART_REQUEST_HEAD].present)
		carriers_of_request(f, record->parts[PART_REQUEST_HEAD].head, record->parts[PART_REQUEST_BODY].head);
	if (record->parts[PART_CLIENT_STREAM].present)
		carriers_of_stream(f, record, record->parts[PART_CLIENT_STREAM].head);
	*ret = &f->found;
	return 0;
}

/* Where the head ends: behind its blank line, or at the end of all. */
static size_t head_length(struct bytes request)
{
	struct bytes rest = request;

	while (rest.left > 0) {
		struct bytes line = http_split(&rest, '\n');

		if (line.left == 0 || (line.left == 1 && line.at[0] == '\r'))
			return request.left - rest.left;
	}
	return request.left;
}

/* A request line, and no text that merely begins with two words. */
static bool is_request(struct bytes b)
{
	struct http_request r = http_request_of(b);

	return r.method.left > 0 && (r.target.at[0] == '/' || bytes_equal(r.target, bytes_text("*")) ||
	                             bytes_find(r.target, bytes_text("://")) > 0);
}

/* The body as a case would hold it: without its chunks' framing, in memory of the extraction. */
static struct bytes body_of(struct finder *f, struct bytes head, struct bytes body)
{
	struct bytes coding = http_header_find(http_request_of(head).headers, "transfer-encoding");
	uint8_t *to = NULL;

	if (!http_says(coding, "chunked") || body.left == 0 || (to = finder_take(f, body.left)) == NULL)
		return body;
	return bytes_of(to, http_dechunk(body, to));
}

int extract_bytes(struct bytes request, struct extraction **ret)
{
	struct finder *f = finder_new();
	struct bytes head = bytes_of(request.at, head_length(request));

	if (f == NULL)
		return -ENOMEM;
	if (is_request(request))
		carriers_of_request(f, head, body_of(f, head, bytes_of(request.at + head.left, request.left - head.left)));
	else
		carriers_of_stream(f, &(struct case_record){ 0 }, request);
	*ret = &f->found;
	return 0;
}

int extract_uploaded(struct extraction *e, const struct case_record *record, enum language language, struct bytes script)
{
	struct finder *f = (struct finder *)(void *)e;
	struct bytes head = record->parts[PART_REQUEST_HEAD].head, path = http_request_of(head).path;
	struct carrier c = { .kind = CARRIER_PATH, .part = PART_REQUEST_HEAD, .raw = path, .where = "http.uri" };
	struct layer l = { .text = script, .names = { EXTRACT_UPLOADED }, .count = 1 };
	struct sighting s = { .language = language, .class_name = "upload", .text = script, .contexts = CONTEXT_ALONE, .sink = SINK_RESOURCE };
	unsigned before = e->count;

	if (path.left == 0 || before == EXTRACT_CODES_MAX)
		return -ENOBUFS;
	c.offset = (uint64_t)(path.at - head.at);
	finder_note(f, &c, &l, &s);
	return e->count > before ? 0 : -ENOMEM;
}

static void chunks_free(struct chunk *c)
{
	while (c != NULL) {
		struct chunk *next = c->next;

		free(c);
		c = next;
	}
}

void extraction_free(struct extraction *e)
{
	struct finder *f = (struct finder *)(void *)e;

	if (f == NULL)
		return;
	chunks_free(f->chunks);
	chunks_free(f->kept);
	free(f);
}
