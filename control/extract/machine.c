/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machine code: bytes that are no text. Where it begins in them, for which processor, and whether it is code at all, only
 * trying tells (emu/shellcode): what turns out to be none is dropped then.
 */
#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/wire/utf8.h"

#include <ctype.h>

enum {
	CODE_MIN = 12,    /* bytes: with less, not even a descriptor is duplicated and a shell started */
	FOREIGN_MIN = 4,  /* bytes that no text holds: one or two stand in any text of an older encoding */
	TURNS_MAX = 8,    /* of a client, looked at */
	VALUE_MAX = 32 << 10, /* bytes of a value in HTTP: longer ones are pictures and archives, and a search takes its time */
};
/* A sender that waits so long, longer than most round trips, has ended what it had to say. */
static const uint64_t PAUSE_NS = 200000000;

static bool is_binary(struct bytes b)
{
	unsigned foreign = 0;

	while (b.left > 0 && foreign < FOREIGN_MIN) {
		size_t len = utf8_length(b);

		if (len == 0 || (iscntrl(b.at[0]) && !isspace(b.at[0])))
			foreign++;
		len = len != 0 ? len : 1;
		b = bytes_of(b.at + len, b.left - len);
	}
	return foreign == FOREIGN_MIN;
}

static void note(struct finder *f, const struct carrier *c, const struct layer *l)
{
	const struct sighting s = { .language = LANGUAGE_MACHINE, .class_name = "shellcode", .text = l->text,
	                            .contexts = CONTEXT_ALONE, .sink = carrier_sink(c) };

	if (l->text.left >= CODE_MIN)
		finder_note(f, c, l, &s);
}

void machine_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	/* decoded for the sake of what it is: an object, or what inflates */
	if (l->count > 0 && decode_is_object(l->text))
		return;
	/* a stream as it came is looked at turn by turn */
	if (c->kind == CARRIER_STREAM ? l->count > 0 && is_binary(l->text) : l->text.left <= VALUE_MAX && is_binary(l->text))
		note(f, c, l);
}

/* Did the client wait, or the server say something, between two packets? */
static bool is_turn(const struct case_record *r, uint64_t before_ns, uint64_t ns)
{
	const struct case_part *server = &r->parts[PART_SERVER_STREAM];

	for (uint32_t i = 0; server->present && i < server->marks_count; i++)
		if (server->marks[i].time_ns > before_ns && server->marks[i].time_ns < ns)
			return true;
	return ns > before_ns && ns - before_ns >= PAUSE_NS;
}

/*
 * Machine code comes in one turn of the client's; what the client sends after it goes to what the code opened. So that
 * code made of letters alone is found too, no turn is left out for looking like text.
 */
void machine_of_stream(struct finder *f, const struct case_record *r, const struct carrier *whole)
{
	const struct case_part *part = &r->parts[PART_CLIENT_STREAM];
	size_t start = 0;
	unsigned turns = 0;

	for (uint32_t i = 1; i <= part->marks_count && turns < TURNS_MAX; i++) {
		size_t end = i < part->marks_count ? part->marks[i].offset : whole->raw.left;
		struct carrier c = *whole;

		if (end > whole->raw.left)
			break;
		if (i < part->marks_count && !is_turn(r, part->marks[i - 1].time_ns, part->marks[i].time_ns))
			continue;
		c.raw = bytes_of(whole->raw.at + start, end - start);
		c.offset = start;
		note(f, &c, &(struct layer){ .text = c.raw });
		start = end;
		turns++;
	}
	if (part->marks_count == 0)
		note(f, whole, &(struct layer){ .text = whole->raw });
}

struct bytes extract_said_after(const struct case_record *record, const struct attack_code *code)
{
	struct bytes stream = record->parts[PART_CLIENT_STREAM].head;
	uint64_t end = code->offset + code->raw.left;

	if (code->language != LANGUAGE_MACHINE || code->part != PART_CLIENT_STREAM || code->layers_count > 0 || end > stream.left)
		return bytes_of(NULL, 0);
	return bytes_of(stream.at + end, stream.left - end);
}
