/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is an answer one to a request in which nothing is suspicious, and does the place answer two such requests apart? */
#include "control/judge/ordinary.h"

#include "control/extract/decode.h"
#include "control/extract/http.h"
#include "control/extract/word.h"

#include <string.h>

/* Does it read as code, though no rule says so? What such a request gets may be a result. */
static bool reads_as_code(struct bytes value)
{
	uint8_t plain[HISTORY_NAME_MAX];
	struct sink out = sink_over(plain, sizeof(plain));
	struct bytes text = value, word;

	if (value.left > sizeof(plain))
		return true;
	if (decode_url.undo(value, &out))
		text = bytes_of(out.at, out.used);
	for (size_t i = 0; i < text.left; i++) {
		if (text.at[i] < ' ' || strchr(";|&`$(){}<>\\'\"%^*", text.at[i]) != NULL)
			return true;
	}
	while (text.left > 0 && (text.at[0] == '+' || text.at[0] == ' '))
		text = bytes_of(text.at + 1, text.left - 1);
	for (word.left = 0; word.left < text.left && strchr("+ ", text.at[word.left]) == NULL;)
		word.left++;
	return bytes_find(text, bytes_text("..")) >= 0 || command_rank(bytes_of(text.at, word.left)) > RANK_PROSE;
}

/*
 * An answer to a request in which nothing is suspicious: what others get too. Bodies are not kept, so none may count. Nor may an answer
 * whose request nobody saw (it passed while the kernel carried the packets): it may be an attack's.
 */
bool history_is_ordinary(const struct history *h)
{
	static const char *const with_body[] = { "POST", "PUT", "PATCH" };
	struct bytes query = h->name, path = http_split(&query, '?');

	if (h->suspect || h->name.left == 0 || reads_as_code(path))
		return false;
	for (size_t i = 0; i < COUNT_OF(with_body); i++) {
		if (bytes_equal(h->method, bytes_text(with_body[i])))
			return false;
	}
	while (query.left > 0) {
		struct bytes value = http_split(&query, '&'), name = value;

		if (memchr(value.at, '=', value.left) != NULL)
			name = http_split(&value, '=');
		if (reads_as_code(name) || reads_as_code(value))
			return false;
	}
	return true;
}
