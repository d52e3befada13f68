/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A raw stream of text cut into lines: what SMTP, FTP, IRC, Redis, memcached and services of one's own read. */
#include "control/extract/finder.h"
#include "control/extract/http.h"
#include "control/wire/utf8.h"

#include <ctype.h>
#include <string.h>

enum {
	UTF8_MAX = 4,           /* bytes of a character */
	LINES_MAX = 256,        /* looked at in one stream */
	VERB_MIN = 3, VERB_MAX = 12, VERBS_MAX = 2, /* letters of a command's word, words of one */
	LINE_LENGTH_MAX = 4096, /* RFC 5321 has 512, servers read a few thousand */
};

/* Text, without the bytes by which binary protocols say how long things are. The last character may be cut. */
static bool is_dialogue(struct bytes b)
{
	for (size_t i = 0, len; i < b.left; i += len) {
		len = b.at[i] < 0x80 ? 1 : utf8_length(bytes_of(b.at + i, b.left - i));
		if ((b.at[i] < 0x20 && memchr("\t\n\r", b.at[i], 3) == NULL) || b.at[i] == 0x7f || (len == 0 && i + UTF8_MAX < b.left))
			return false;
		len = len > 0 ? len : 1;
	}
	return b.left > 0;
}

/* Between "DATA" and a lone dot stands a letter: what it says about code is not said to the server. RFC 5321, 4.1.1.4. */
static bool is_letter(struct bytes line, bool letter)
{
	return letter ? !bytes_equal(line, bytes_text(".")) : bytes_equal_fold(line, bytes_text("data"));
}

/*
 * Behind the words that say what is to be done, "RCPT", "SITE EXEC", as commands of text protocols are written; of IRC's the
 * last argument, which alone may hold blanks (RFC 2812, 2.3.1).
 */
static struct bytes argument_of(struct bytes line)
{
	ptrdiff_t last = -1;
	unsigned verbs = 0;

	for (size_t i = 0; verbs < VERBS_MAX; verbs++, i = 0) {
		while (i < line.left && isupper(line.at[i]))
			i++;
		if (i < VERB_MIN || i > VERB_MAX || i == line.left || line.at[i] != ' ')
			break;
		line = bytes_trim(bytes_of(line.at + i, line.left - i));
	}
	if (verbs > 0)
		last = bytes_find(line, bytes_text(" :"));
	return last > 0 ? bytes_of(line.at + last + 2, line.left - (size_t)last - 2) : line;
}

void carriers_of_lines(struct finder *f, const struct carrier *like)
{
	struct bytes rest = like->raw;
	bool letter = false;

	if (!is_dialogue(rest))
		return;
	for (unsigned n = 0; rest.left > 0; n++) {
		struct bytes line = bytes_trim(http_split(&rest, '\n'));
		struct carrier c = carrier_piece(like, argument_of(line), (struct bytes){ 0 });
		bool before = letter;

		letter = is_letter(line, letter);
		if (n == LINES_MAX || line.left > LINE_LENGTH_MAX) {
			f->found.left++;
			return;
		}
		c.kind = CARRIER_HEADER; /* what is given to a server that logs it, hands it on or looks it up */
		if (!before && !letter)
			finder_look(f, &c, NULL);
	}
}
