/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program that was given the value as one word complains of it, as all that use the C library do: its own name, the
 * word, why the system or the resolver would not have it. Then no shell took the word apart where it was given (R3).
 * A page that gives the value to a second program, by a shell, would be misjudged.
 */
#include "control/judge/ruling.h"

#include <ctype.h>
#include <netdb.h>
#include <string.h>

enum {
	ERRORS_MAX = 133,  /* EHWPOISON, the last of Linux */
	LOOKUPS_MAX = 12,  /* EAI_OVERFLOW: they are counted downwards */
	NAME_MIN = 2,      /* letters of a program's name */
	SAID_MIN = 8,      /* bytes of what is told: "Success" is no complaint */
};

static bool begins(struct bytes b, const char *said)
{
	return said != NULL && strlen(said) >= SAID_MIN && bytes_starts_fold(b, bytes_text(said));
}

/* Does it begin with what the C library says of an error? As this machine's own says it. */
static bool tells_error(struct bytes b)
{
	for (int e = 1; e <= ERRORS_MAX; e++) {
		if (begins(b, strerrordesc_np(e)))
			return true;
	}
	for (int e = 1; e <= LOOKUPS_MAX; e++) {
		if (begins(b, gai_strerror(-e)))
			return true;
	}
	return false;
}

/* "name: " at the end of b, the word perhaps in quotes. */
static bool ends_with_name(struct bytes b)
{
	size_t end, start;

	if (b.left > 0 && b.at[b.left - 1] == '\'')
		b.left--;
	if (b.left < 2 || memcmp(b.at + b.left - 2, ": ", 2) != 0)
		return false;
	end = b.left - 2;
	for (start = end; start > 0 && (isalnum(b.at[start - 1]) || strchr("_.+-/", b.at[start - 1]) != NULL); start--)
		;
	return end - start >= NAME_MIN && isalpha(b.at[end - 1]);
}

bool complained_of_whole(const struct ruling *r, unsigned code)
{
	const struct attempt *a = &r->attempts[code];
	const struct attack_code *c = &r->in->codes->codes[code];
	struct bytes b = r->views.body, after;

	if (strcmp(c->class_name, "shell") != 0 || c->sink != SINK_RESOURCE || (c->contexts & CONTEXT_ALONE) != 0 || a->answer == 0 ||
	    a->copies == 0 || ran_alike(r, code))
		return false;
	after = bytes_of(b.at + a->copy_at + a->copy_len, b.left - a->copy_at - a->copy_len);
	if (after.left > 0 && after.at[0] == '\'')
		after = bytes_of(after.at + 1, after.left - 1);
	return ends_with_name(bytes_of(b.at, a->copy_at)) && after.left > 2 && memcmp(after.at, ": ", 2) == 0 &&
		tells_error(bytes_of(after.at + 2, after.left - 2));
}
