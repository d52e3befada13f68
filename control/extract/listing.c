/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fences and backticks, as the authors of posts set them. */
#include "control/extract/listing.h"

#include <ctype.h>
#include <string.h>

enum {
	PROSE_MIN = 3,       /* words outside of all listings */
	DOCUMENT_WORDS = 20, /* and so many, on several lines, are a document */
	DOCUMENT_LINES = 3,
};

static bool is_fence(struct bytes b, size_t at)
{
	if (at + 3 > b.left || memcmp(b.at + at, "```", 3) != 0)
		return false;
	/* a line's end may stand there in another way of writing */
	return at == 0 || b.at[at - 1] == '\n' || (at >= 2 && memcmp(b.at + at - 2, "\\n", 2) == 0) || (at >= 3 && memcmp(b.at + at - 3, "%0A", 3) == 0);
}

/* Words of letters outside of fences. */
static unsigned prose(struct bytes b)
{
	bool inside = false;
	unsigned words = 0;

	for (size_t i = 0; i < b.left; i++) {
		size_t start = i;

		if (is_fence(b, i)) {
			inside = !inside;
			i += 2;
			continue;
		}
		while (i < b.left && isalpha(b.at[i]))
			i++;
		words += !inside && i - start > 2 && (start == 0 || isspace(b.at[start - 1]) || b.at[start - 1] == '+');
	}
	return words;
}

bool listing_holds(struct bytes text, size_t at)
{
	unsigned before = 0, after = 0;
	const uint8_t *closed;

	for (size_t i = 0; i < text.left; i++) {
		if (is_fence(text, i))
			*(i < at ? &before : &after) += 1;
	}
	if (before % 2 == 1 && after > 0)
		return prose(text) >= PROSE_MIN;
	if (at < 2 || text.at[at - 1] != '`' || !isspace(text.at[at - 2]))
		return false;
	closed = memchr(text.at + at, '`', text.left - at);
	return closed != NULL && memchr(text.at + at, '\n', (size_t)(closed - text.at) - at) == NULL && prose(text) >= PROSE_MIN;
}

bool listing_is_document(struct bytes text)
{
	unsigned lines = 1;

	for (size_t i = 0; i < text.left; i++)
		lines += text.at[i] == '\n';
	return lines >= DOCUMENT_LINES && prose(text) >= DOCUMENT_WORDS;
}
