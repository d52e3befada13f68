/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PHP calls what a text names: a form whose fields fill an array that an application hands to call_user_func() and the like, one
 * of them the name of a function, another its argument ("vars[0]=system&vars[1][]=id", "mail[#post_render][]=exec&mail[#markup]=id").
 */
#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"
#include "control/extract/word.h"

#include <ctype.h>
#include <string.h>

enum {
	FIELDS_MAX = 64,          /* of one form that are looked at */
	ARGUMENT_MAX = 4 << 10,   /* bytes of an argument */
};

struct field {
	struct bytes key, raw;    /* as they stand in the form */
	struct bytes name, value; /* decoded */
	struct bytes root;        /* of a name with brackets: what stands before them; "": it has none */
};

static unsigned fields_of(struct finder *f, struct bytes form, struct field ret[static FIELDS_MAX])
{
	unsigned n = 0;

	while (form.left > 0 && n < FIELDS_MAX) {
		struct field *to = &ret[n];
		const uint8_t *bracket;

		to->raw = http_split(&form, '&');
		to->key = http_split(&to->raw, '=');
		if (to->raw.left == 0 || to->raw.left > ARGUMENT_MAX)
			continue;
		to->name = form_value(f, to->key);
		to->value = form_value(f, to->raw);
		bracket = to->name.left > 0 ? memchr(to->name.at, '[', to->name.left) : NULL;
		to->root = bytes_of(to->name.at, bracket != NULL ? (size_t)(bracket - to->name.at) : 0);
		n++;
	}
	return n;
}

/* What calls another function by its name, or makes the object that does. */
static bool is_caller(struct bytes value)
{
	static const char *const names[] = { "call_user_func", "call_user_func_array", "__construct", "__call" };

	return bytes_is_one_of(value, names, COUNT_OF(names));
}

/* What starts a program of the system: its argument must read as one. */
static bool is_starter(struct bytes value)
{
	static const char *const names[] = { "system", "exec", "passthru", "shell_exec", "popen", "proc_open", "pcntl_exec" };

	return bytes_is_one_of(value, names, COUNT_OF(names));
}

static bool reads_as_command(struct bytes value)
{
	size_t len = 0;

	value = bytes_trim(value);
	while (len < value.left && (isalnum(value.at[len]) || strchr("_.-", value.at[len]) != NULL) && value.at[len] != '\0')
		len++;
	return (len > 0 && command_rank(bytes_of(value.at, len)) != RANK_NONE) || (value.left > 1 && value.at[0] == '/');
}

/* The field that is given to the function: of the same array, or of any where something calls it. */
static const struct field *argument_of(const struct field *fields, unsigned count, const struct field *function, bool called)
{
	const struct field *best = NULL;

	for (unsigned i = 0; i < count; i++) {
		const struct field *a = &fields[i];

		if (a == function || a->root.left == 0 || is_caller(a->value))
			continue;
		if (is_starter(function->value) && reads_as_command(a->value) && (called || bytes_equal(a->root, function->root)))
			return a;
		best = best == NULL && called ? a : best;
	}
	return best;
}

static void put_quoted(struct sink *s, struct bytes text)
{
	sink_u8(s, '\'');
	for (size_t i = 0; i < text.left; i++) {
		if (text.at[i] == '\'' || text.at[i] == '\\')
			sink_u8(s, '\\');
		sink_u8(s, text.at[i]);
	}
	sink_u8(s, '\'');
}

static void note_call(struct finder *f, const struct carrier *like, const struct field *function, const struct field *argument)
{
	const size_t room = function->value.left + 2 * argument->value.left + 8;
	struct sink s = sink_over(finder_take(f, room), room);
	struct carrier c = carrier_piece(like, argument->raw, argument->key);
	struct sighting seen = { .language = LANGUAGE_PHP, .class_name = "php", .contexts = CONTEXT_ALONE, .sink = carrier_sink(like) };
	struct layer l = { .names = { "url" }, .count = 1 };

	if (s.at == NULL)
		return;
	sink_put(&s, function->value.at, function->value.left);
	sink_u8(&s, '(');
	put_quoted(&s, argument->value);
	sink_u8(&s, ')');
	if (s.overflow)
		return;
	l.text = seen.text = bytes_of(s.at, s.used);
	finder_note(f, &c, &l, &seen);
}

void callable_of_form(struct finder *f, const struct carrier *like, struct bytes form)
{
	struct field fields[FIELDS_MAX];
	unsigned count;
	bool called = false;

	if (memchr(form.at, '[', form.left) == NULL && bytes_find(form, bytes_text("%5")) < 0)
		return;
	count = fields_of(f, form, fields);
	for (unsigned i = 0; i < count; i++)
		called |= is_caller(fields[i].value);
	for (unsigned i = 0; i < count; i++) {
		const struct field *argument = NULL;

		if (fields[i].root.left == 0 || is_caller(fields[i].value) ||
		    !(is_starter(fields[i].value) || (called && php_is_function(fields[i].value))))
			continue;
		argument = argument_of(fields, count, &fields[i], called);
		if (argument != NULL)
			note_call(f, like, &fields[i], argument);
	}
}
