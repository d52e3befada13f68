/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Serialised objects in values, by each format's own grammar: Python pickle, PHP serialize(), Java and .NET streams, Ruby
 * Marshal, YAML with tags, JSON and XML that name classes. Data without objects that could do anything is none.
 */
#include "control/extract/serialised.h"

#include "control/extract/decode.h"
#include "control/extract/http.h"

#include <ctype.h>
#include <string.h>

enum {
	SERIAL_TEXT_MAX = 64 << 10,  /* bytes of a text looked through for tags and class names */
	SIGNED_MAX = 16 << 10,       /* bytes of a value looked through for pieces of base64: a cookie, a token */
	PIECES_MAX = 16,             /* of a value: runs of base64 in it that begin as a serialised object does */
	PIECE_MIN = 16,
	BEGINNING = 256,             /* bytes by which a text is told from what is none */
};

/* How texts of these formats begin in base64, so that a piece of a signed cookie is worth decoding. */
static const char *const beginnings[] = { "rO0A", "gA", "AAEAAAD", "BAh", "BAg", "Tzo", "Qzo", "YT", "eJ", "eN", "H4sI", "Y2", "KG" };

static void note(struct finder *f, const struct carrier *c, const struct layer *l, enum language language, struct bytes text)
{
	const struct sighting s = { .language = language, .class_name = "deserialization", .text = text,
		.contexts = CONTEXT_ALONE, .sink = carrier_sink(c) };

	finder_note(f, c, l, &s);
}

static bool has(struct bytes b, const char *text)
{
	return bytes_find(b, bytes_text(text)) >= 0;
}

static bool begins(struct bytes b, const void *magic, size_t len)
{
	return b.left >= len && memcmp(b.at, magic, len) == 0;
}

static ptrdiff_t find_magic(struct bytes b, const void *magic, size_t len)
{
	return bytes_find(b, bytes_of(magic, len));
}

/*
 * An object or an array, with its class, behind the stream's header: what calls a remote method sends blocks of data and strings
 * too, of which nothing is made. Java Object Serialization Specification, 6.4.
 */
static bool holds_object(struct bytes b)
{
	enum { OBJECT = 0x73, CLASS = 0x72, ARRAY = 0x75, BLOCK = 0x77, PROXY = 0x7d };

	if (b.left < 4 || (b.at[0] != OBJECT && b.at[0] != ARRAY && b.at[0] != BLOCK))
		return false;
	for (size_t i = 0; i + 2 < b.left; i++) {
		if ((b.at[i] == OBJECT || b.at[i] == ARRAY) && ((b.at[i + 1] == CLASS && b.at[i + 2] < 4) || b.at[i + 1] == PROXY))
			return true;
	}
	return false;
}

/* Formats that are no text. */
static bool note_binary(struct finder *f, const struct carrier *c, const struct layer *l, struct bytes b)
{
	static const uint8_t java[] = { 0xac, 0xed, 0, 5 };
	static const uint8_t dotnet[] = { 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t state[] = { 0xff, 1 };
	bool anywhere = c->kind == CARRIER_STREAM || c->kind == CARRIER_BODY;
	ptrdiff_t at;
	size_t len;

	at = anywhere ? find_magic(b, java, sizeof(java)) : begins(b, java, sizeof(java)) ? 0 : -1;
	if (at >= 0 && holds_object(bytes_of(b.at + at + 4, b.left - (size_t)at - 4))) {
		note(f, c, l, LANGUAGE_JAVA_OBJECT, bytes_of(b.at + at, b.left - (size_t)at));
		return true;
	}
	/* a page's state holds an object of a class only where another formatter's stream is in it */
	at = begins(b, state, sizeof(state)) || anywhere ? find_magic(b, dotnet, sizeof(dotnet)) : begins(b, dotnet, sizeof(dotnet)) ? 0 : -1;
	if (at >= 0) {
		note(f, c, l, LANGUAGE_DOTNET_OBJECT, bytes_of(b.at + at, b.left - (size_t)at));
		return true;
	}
	if ((len = marshal_length(b)) > 0) {
		note(f, c, l, LANGUAGE_RUBY_OBJECT, bytes_of(b.at, len));
		return true;
	}
	if ((len = pickle_length(b)) > 0) {
		note(f, c, l, LANGUAGE_PICKLE, bytes_of(b.at, len));
		return true;
	}
	return false;
}

/* Where a PHP object may begin: at the value's beginning, behind a session's name, in an archive's description. */
static bool note_php(struct finder *f, const struct carrier *c, const struct layer *l, struct bytes b)
{
	bool archive = has(b, "__HALT_COMPILER();");

	for (size_t i = 0; i + 4 < b.left && i < SERIAL_TEXT_MAX; i++) {
		struct bytes rest = bytes_of(b.at + i, b.left - i);
		size_t len = strchr("aOC", rest.at[0]) != NULL && rest.at[0] != 0 && rest.at[1] == ':' ? php_object_length(rest) : 0;

		if (len > 0) {
			note(f, c, l, LANGUAGE_PHP_OBJECT, bytes_of(rest.at, len));
			return true;
		}
		if (!archive) {
			const uint8_t *bar = memchr(rest.at, '|', rest.left);

			if (bar == NULL || bar + 1 >= rest.at + rest.left)
				return false;
			i += (size_t)(bar - rest.at);
		}
	}
	return false;
}

/* "!!python/…", "!ruby/object:…", "!!javax.…": a tag that makes a parser build what it names. */
static bool is_tagged_yaml(struct bytes b)
{
	static const char *const tags[] = {
		"!!python/", "!python/", "tag:yaml.org,2002:python/", "!ruby/", "!!ruby/", "tag:yaml.org,2002:java", "!!javax.", "!!java.",
		"!!com.", "!!org.", "!!sun.", "!!oracle.", "!!ch.", "!!net.", "!!io.",
	};
	bool found = false;

	for (size_t i = 0; i < COUNT_OF(tags); i++)
		found |= has(b, tags[i]);
	return found;
}

/* A key of JSON that names the class of what it stands in. */
static enum language typed_json(struct bytes b)
{
	static const struct { const char *key; enum language language; } keys[] = {
		{ "\"@type\"", LANGUAGE_JAVA_OBJECT }, { "'@type'", LANGUAGE_JAVA_OBJECT }, { "\"@class\"", LANGUAGE_JAVA_OBJECT },
		{ "\"$type\"", LANGUAGE_DOTNET_OBJECT }, { "'$type'", LANGUAGE_DOTNET_OBJECT }, { "\"__type\"", LANGUAGE_DOTNET_OBJECT },
	};
	static const char *const packages[] = { "java.", "javax.", "com.", "org.", "sun.", "ch.", "net.", "oracle.", "br.", "io." };

	if (b.left == 0 || (b.at[0] != '{' && b.at[0] != '['))
		return LANGUAGE_AUTO;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		bool framework = has(b, "System.") || has(b, "Microsoft.");

		if (has(b, keys[i].key) && (keys[i].language == LANGUAGE_JAVA_OBJECT || framework))
			return keys[i].language;
	}
	/* ["package.Class", {…}] */
	for (size_t i = 0; i < COUNT_OF(packages); i++) {
		char opening[16] = "[\"";

		strcat(opening, packages[i]);
		if (has(b, opening))
			return LANGUAGE_JAVA_OBJECT;
	}
	return LANGUAGE_AUTO;
}

static enum language typed_xml(struct bytes b)
{
	static const struct { const char *text; enum language language; } words[] = {
		{ "java.beans.XMLDecoder", LANGUAGE_JAVA_OBJECT }, { "class=\"java.", LANGUAGE_JAVA_OBJECT },
		{ "class=\"javax.", LANGUAGE_JAVA_OBJECT }, { "class=\"com.", LANGUAGE_JAVA_OBJECT }, { "class=\"org.", LANGUAGE_JAVA_OBJECT },
		{ "class='java.", LANGUAGE_JAVA_OBJECT }, { "<java.", LANGUAGE_JAVA_OBJECT }, { "<javax.", LANGUAGE_JAVA_OBJECT },
		{ "<dynamic-proxy", LANGUAGE_JAVA_OBJECT }, { "serializable>", LANGUAGE_JAVA_OBJECT },
		{ "ObjectDataProvider", LANGUAGE_DOTNET_OBJECT }, { "clr-namespace:System", LANGUAGE_DOTNET_OBJECT },
	};

	if (b.left == 0 || b.at[0] != '<')
		return LANGUAGE_AUTO;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (has(b, words[i].text))
			return words[i].language;
	return LANGUAGE_AUTO;
}

/* Does its beginning hold nothing that no text does? Pictures and archives are not worth a search for words. */
static bool is_text(struct bytes b)
{
	for (size_t i = 0; i < b.left && i < BEGINNING; i++)
		if (iscntrl(b.at[i]) && !isspace(b.at[i]))
			return false;
	return true;
}

static bool look(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct bytes b = bytes_trim(l->text);
	enum language language;

	if (b.left < 4)
		return false;
	if (note_binary(f, c, l, l->text) || (b.at != l->text.at && note_binary(f, c, l, b)))
		return true;
	if (c->kind != CARRIER_STREAM && note_php(f, c, l, b))
		return true;
	if (!is_text(b))
		return false;
	if (b.left > SERIAL_TEXT_MAX)
		b.left = SERIAL_TEXT_MAX;
	language = is_tagged_yaml(b) ? LANGUAGE_YAML : typed_json(b);
	if (language == LANGUAGE_AUTO)
		language = typed_xml(b);
	if (language != LANGUAGE_AUTO)
		note(f, c, l, language, b);
	return language != LANGUAGE_AUTO;
}

static bool is_base64(uint8_t c)
{
	return isalnum(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

static bool begins_so(struct bytes b)
{
	for (size_t i = 0; i < COUNT_OF(beginnings); i++)
		if (b.left >= PIECE_MIN && memcmp(b.at, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	return false;
}

static bool undo(struct finder *f, const struct layer *from, const struct step *step, struct bytes text, struct layer *ret)
{
	size_t room = decode_room(step, text);
	uint8_t *at;
	struct sink out;

	if (from->count == EXTRACT_LAYERS_MAX || (at = finder_take(f, room)) == NULL)
		return false;
	out = sink_over(at, room);
	if (!step->undo(text, &out) || out.used == 0)
		return false;
	*ret = *from;
	ret->text = bytes_of(at, out.used);
	ret->names[ret->count++] = step->name;
	return true;
}

/* "value.signature", "!signature?value": what is signed is a piece of the whole. */
static void look_in_pieces(struct finder *f, const struct carrier *c, const struct layer *l)
{
	unsigned pieces = 0;

	for (size_t i = 0; i < l->text.left && pieces < PIECES_MAX;) {
		struct bytes piece = bytes_of(l->text.at + i, 0);
		struct layer plain, inflated;

		while (i < l->text.left && is_base64(l->text.at[i]))
			i++;
		piece.left = (size_t)(l->text.at + i - piece.at);
		while (i < l->text.left && !is_base64(l->text.at[i]))
			i++;
		/* the whole is decoded by the decoders */
		if (piece.left == l->text.left || !begins_so(piece))
			continue;
		pieces++;
		if (undo(f, l, &decode_base64, piece, &plain) && !look(f, c, &plain) && undo(f, &plain, &decode_gzip, plain.text, &inflated))
			(void)look(f, c, &inflated);
	}
}

bool serialised_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	bool found = look(f, c, l);

	if (!found && l->text.left <= SIGNED_MAX && (c->kind == CARRIER_PARAMETER || c->kind == CARRIER_COOKIE || c->kind == CARRIER_HEADER))
		look_in_pieces(f, c, l);
	return found;
}
