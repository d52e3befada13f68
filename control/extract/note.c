/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Noting a code: once at its place, with its value and layers, quiet where the value reads as a text about code. */
#include "control/extract/command.h"
#include "control/extract/finder.h"
#include "control/extract/writing.h"

#include <nettle/sha2.h>
#include <string.h>

void note_digest(struct bytes text, uint8_t ret[SHA256_DIGEST_SIZE])
{
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, text.left, text.at);
	sha256_digest(&sha, SHA256_DIGEST_SIZE, ret);
}

/* As a string, up to a NUL in it. */
static void text_of(struct bytes b, char *to, size_t size)
{
	size_t len = b.left < size ? b.left : size - 1;

	if (len > 0)
		memcpy(to, b.at, len);
	to[len] = '\0';
}

static struct attack_code *noted_before(struct finder *f, const struct carrier *c, const struct sighting *s)
{
	for (unsigned i = 0; i < f->found.count; i++) {
		struct attack_code *o = &f->found.codes[i];

		/* a whole body or stream is looked at after its pieces */
		if (o->language == s->language && o->part == c->part &&
		    (o->offset == c->offset || c->kind == CARRIER_BODY || c->kind == CARRIER_STREAM) && bytes_equal(o->text, s->text))
			return o;
	}
	return NULL;
}

/* Languages whose interpreter takes nothing but code: what else stands in the value has to be explained. */
static bool stands_alone(enum language language)
{
	switch (language) {
	case LANGUAGE_SHELL: case LANGUAGE_CMD: case LANGUAGE_POWERSHELL: case LANGUAGE_PHP: case LANGUAGE_PYTHON: case LANGUAGE_PERL:
	case LANGUAGE_RUBY: case LANGUAGE_NODE: case LANGUAGE_ASP: case LANGUAGE_JAVA: case LANGUAGE_TEMPLATE:
		return true;
	default:
		return false;
	}
}

/* Code that stands in pages, and in pictures that are to be pages. */
static bool is_of_pages(enum language language)
{
	return language == LANGUAGE_TEMPLATE || language == LANGUAGE_ASP || language == LANGUAGE_JAVA;
}

/*
 * Does the value read as a text about code? Sentences around it, which an attack has no use for, or a piece out of a
 * listing. Files, and what is brought to an interpreter, are code however they read.
 */
static bool is_written(const struct carrier *c, const struct layer *l, const struct sighting *s)
{
	struct bytes code = s->core.at != NULL ? s->core : s->text, before = { 0 }, after = l->text;
	bool shell = s->language == LANGUAGE_SHELL || s->language == LANGUAGE_CMD;

	if (c->file.left > 0 && s->language != LANGUAGE_PHP && strcmp(s->class_name, "upload") != 0 && (stands_alone(s->language) || s->language == LANGUAGE_PATH))
		return !is_of_pages(s->language) || writing_is_long(l->text); /* what the file is as a whole the upload tells */
	if ((c->kind != CARRIER_PARAMETER && c->kind != CARRIER_COOKIE && c->kind != CARRIER_BODY) || !stands_alone(s->language) ||
	    c->file.left > 0 || c->to_upload || c->to_interpreter)
		return false;
	/* a command's own words end where its line does, what stands in it may be a text all the same */
	if (!shell && code.left > 0 && code.at >= l->text.at && code.at + code.left <= l->text.at + l->text.left) {
		before = bytes_of(l->text.at, (size_t)(code.at - l->text.at));
		after = bytes_of(code.at + code.left, l->text.left - before.left - code.left);
	}
	if (writing_is_about(before, after))
		return true;
	if (command_parameter(c->name))
		return false;
	return writing_is_excerpt(l->text, shell) || (shell && writing_is_script(l->text)) || (s->language != LANGUAGE_TEMPLATE && s->language != LANGUAGE_PHP && writing_is_long(l->text)) || (s->language != LANGUAGE_TEMPLATE && s->language != LANGUAGE_PHP && nested_is_page(bytes_trim(l->text)));
}

void finder_note_again(struct finder *f, const struct carrier *c, const struct layer *l, const struct sighting *s, const uint8_t *digest)
{
	struct sighting cut = *s;
	struct attack_code *code = NULL;

	f->notes++;
	if (cut.text.left > EXTRACT_CODE_MAX)
		cut.text.left = EXTRACT_CODE_MAX;
	code = noted_before(f, c, &cut);
	if (code != NULL) {
		code->contexts |= s->contexts;
		code->quiet &= cut.quiet;
		return;
	}
	if (f->found.count == EXTRACT_CODES_MAX) {
		f->found.left++;
		return;
	}
	code = &f->found.codes[f->found.count];
	*code = (struct attack_code){
		.language = s->language, .class_name = s->class_name, .raw = c->raw, .part = c->part,
		.offset = c->offset, .layers_count = l->count, .contexts = s->contexts, .sink = s->sink,
		.cut = s->text.left > EXTRACT_CODE_MAX, .quiet = cut.quiet, .carrier = f->carriers,
	};
	if (!finder_keep(f, cut.text, &code->text) || !finder_keep(f, l->text, &code->value)) {
		f->found.left++;
		return;
	}
	if (c->file.left > 0 && s->language == LANGUAGE_PHP)
		code->class_name = "upload";
	memcpy(code->layers, l->names, sizeof(code->layers));
	text_of(c->file, code->file, sizeof(code->file));
	text_of(bytes_text(c->where), code->where, sizeof(code->where));
	text_of(c->name, code->parameter, sizeof(code->parameter));
	if (digest != NULL)
		memcpy(code->digest, digest, sizeof(code->digest));
	else
		note_digest(code->text, code->digest);
	f->found.count++;
}

void finder_note(struct finder *f, const struct carrier *c, const struct layer *l, const struct sighting *s)
{
	struct sighting what = *s;

	what.quiet |= is_written(c, l, s);
	what.core = (struct bytes){ 0 }; /* it was for that question alone */
	if (f->noted != NULL && f->notes - f->first_note < KNOWN_NOTES_MAX)
		f->noted[f->notes - f->first_note] = (struct note){ .what = what, .in = *l };
	finder_note_again(f, c, l, &what, NULL);
}
