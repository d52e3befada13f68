/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects put down: each once, its text kept in the result. */
#include "emu/serial/graph.h"

#include <ctype.h>
#include <string.h>

static bool known(const struct serial_result *r, enum serial_kind kind, enum language language, struct bytes text)
{
	for (unsigned i = 0; i < r->effects_count; i++) {
		const struct serial_effect *e = &r->effects[i];

		if (e->kind == kind && e->language == language && bytes_equal(e->text, text))
			return true;
	}
	return false;
}

void effect_add(struct serial_result *r, enum serial_kind kind, enum language language, struct bytes text, bool guessed,
    struct bytes class_name)
{
	struct serial_effect *e;
	size_t len = class_name.left < SERIAL_CLASS_MAX - 1 ? class_name.left : SERIAL_CLASS_MAX - 1;

	if (text.left == 0 || known(r, kind, language, text))
		return;
	if (text.left > SERIAL_TEXT_MAX || r->effects_count == SERIAL_EFFECTS_MAX) {
		r->effects_left++;
		return;
	}
	e = &r->effects[r->effects_count++];
	*e = (struct serial_effect){ .kind = kind, .language = language, .guessed = guessed };
	memcpy(r->memory + r->used, text.at, text.left);
	e->text = bytes_of(r->memory + r->used, text.left);
	r->used += text.left;
	if (len > 0)
		memcpy(e->class_name, class_name.at, len);
	e->class_name[len] = '\0';
}

/* "cmd", "C:\\Windows\\System32\\cmd.exe", "powershell": programs by their last name. */
static enum language language_of(struct bytes program)
{
	struct bytes name = program;

	for (size_t i = 0; i < program.left; i++)
		if (program.at[i] == '\\' || program.at[i] == '/')
			name = bytes_of(program.at + i + 1, program.left - i - 1);
	if (name.left > 4 && bytes_equal_fold(bytes_of(name.at + name.left - 4, 4), bytes_text(".exe")))
		return LANGUAGE_CMD;
	return bytes_equal_fold(name, bytes_text("cmd")) || bytes_equal_fold(name, bytes_text("powershell")) ||
	    bytes_equal_fold(name, bytes_text("certutil")) ? LANGUAGE_CMD : LANGUAGE_SHELL;
}

static void put_word(struct sink *s, struct bytes word)
{
	bool plain = word.left > 0;

	for (size_t i = 0; i < word.left; i++)
		plain = plain && (isalnum(word.at[i]) || (word.at[i] != 0 && strchr("/._-:=@%+,", word.at[i]) != NULL));
	if (plain) {
		sink_put(s, word.at, word.left);
		return;
	}
	sink_u8(s, '\'');
	for (size_t i = 0; i < word.left; i++)
		sink_put(s, word.at[i] == '\'' ? (const void *)"'\\''" : word.at + i, word.at[i] == '\'' ? 4 : 1);
	sink_u8(s, '\'');
}

/* Words parted by blanks, as Java's Runtime and .NET's Process take one text. */
static void put_split(struct sink *s, struct bytes text)
{
	bool first = true;

	for (size_t i = 0; i < text.left;) {
		size_t from;

		while (i < text.left && isspace(text.at[i]))
			i++;
		for (from = i; i < text.left && !isspace(text.at[i]); i++)
			;
		if (i == from)
			break;
		if (!first)
			sink_u8(s, ' ');
		put_word(s, bytes_of(text.at + from, i - from));
		first = false;
	}
}

void effect_program(struct serial_result *r, const struct bytes *words, unsigned count, bool split, struct bytes class_name)
{
	uint8_t line[SERIAL_TEXT_MAX];
	struct sink s = sink_over(line, sizeof(line));
	struct bytes program = count > 0 ? words[0] : (struct bytes){ 0 };
	enum language language;

	for (size_t i = 0; split && i < program.left; i++)
		if (isspace(program.at[i]))
			program.left = i;
	language = language_of(program);
	for (unsigned i = 0; i < count; i++) {
		if (i > 0)
			sink_u8(&s, ' ');
		if (language == LANGUAGE_CMD)
			sink_put(&s, words[i].at, words[i].left);
		else if (split)
			put_split(&s, words[i]);
		else
			put_word(&s, words[i]);
	}
	if (!s.overflow)
		effect_add(r, SERIAL_CODE, language, bytes_of(line, s.used), false, class_name);
	else
		r->effects_left++;
}

bool effect_url(struct serial_result *r, struct bytes text, bool guessed, struct bytes class_name)
{
	static const struct { const char *scheme; enum serial_kind kind; } schemes[] = {
		{ "ldap://", SERIAL_JNDI }, { "ldaps://", SERIAL_JNDI }, { "rmi://", SERIAL_JNDI }, { "iiop://", SERIAL_JNDI },
		{ "dns://", SERIAL_JNDI }, { "corbaname:", SERIAL_JNDI }, { "http://", SERIAL_FETCH }, { "https://", SERIAL_FETCH },
		{ "ftp://", SERIAL_FETCH },
	};

	for (size_t i = 0; i < text.left; i++)
		if (isspace(text.at[i]) || text.at[i] < 0x20)
			return false;
	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		struct bytes scheme = bytes_text(schemes[i].scheme);

		if (!bytes_starts_fold(text, scheme) || text.left == scheme.left)
			continue;
		effect_add(r, schemes[i].kind, LANGUAGE_AUTO, text, guessed, class_name);
		return true;
	}
	return false;
}
