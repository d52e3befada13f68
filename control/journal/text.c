/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes as JSON strings. */
#include "control/journal/text.h"
#include "control/wire/utf8.h"

#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes of plain ASCII it begins with, eight at a time. */
static size_t ascii_length(struct bytes b)
{
	size_t len = 0;
	uint64_t eight;

	for (; len + sizeof(eight) <= b.left; len += sizeof(eight)) {
		memcpy(&eight, b.at + len, sizeof(eight));
		if ((eight & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	return len;
}

bool text_is_utf8(struct bytes b)
{
	size_t ascii = ascii_length(b);

	b = bytes_of(b.at + ascii, b.left - ascii);
	for (size_t i = 0, len; i < b.left; i += len)
		if ((len = utf8_length(bytes_of(b.at + i, b.left - i))) == 0)
			return false;
	return true;
}

struct bytes text_whole(struct bytes b)
{
	for (size_t cut = 0; cut < 4 && cut <= b.left; cut++) {
		struct bytes whole = { b.at, b.left - cut };

		if (text_is_utf8(whole))
			return whole;
	}
	return b;
}

static json_t *base64_string(struct bytes b)
{
	size_t len = BASE64_ENCODE_RAW_LENGTH(b.left);
	char *text = malloc(len + 1);
	json_t *string;

	if (text == NULL)
		return NULL;
	base64_encode_raw(text, b.left, b.at);
	string = json_stringn(text, len);
	free(text);
	return string;
}

bool text_put(json_t *object, const char *name, const char *base64_name, struct bytes b)
{
	if (text_is_utf8(b))
		return json_object_set_new_nocheck(object, name, json_stringn_nocheck((const char *)b.at, b.left)) == 0;
	return json_object_set_new(object, base64_name, base64_string(b)) == 0;
}

void text_write(struct writer *w, const char *name, const char *base64_name, struct bytes b)
{
	size_t len = BASE64_ENCODE_RAW_LENGTH(b.left);
	char *to;

	if (text_is_utf8(b)) {
		writer_key(w, name);
		writer_text(w, b);
		return;
	}
	writer_key(w, base64_name);
	writer_begin(w);
	if ((to = writer_raw(w, len)) != NULL)
		base64_encode_raw(to, b.left, b.at);
	writer_end(w);
}

void text_write_shown(struct writer *w, struct bytes b)
{
	if (text_is_utf8(b)) {
		writer_text(w, b);
		return;
	}
	writer_begin(w);
	for (size_t i = 0, len; i < b.left; i += len == 0 ? 1 : len) {
		char byte[5];

		len = utf8_length(bytes_of(b.at + i, b.left - i));
		if (len == 0)
			snprintf(byte, sizeof(byte), "\\x%02X", b.at[i]);
		writer_part(w, len == 0 ? bytes_text(byte) : bytes_of(b.at + i, len));
	}
	writer_end(w);
}

json_t *text_shown(struct bytes b)
{
	char *text = NULL;
	size_t used = 0, len;
	json_t *string;

	if (text_is_utf8(b))
		return json_stringn_nocheck(b.left > 0 ? (const char *)b.at : "", b.left);
	if ((text = malloc(b.left * 4 + 1)) == NULL)
		return NULL;
	for (size_t i = 0; i < b.left; i += len == 0 ? 1 : len) {
		len = utf8_length(bytes_of(b.at + i, b.left - i));
		if (len == 0)
			used += (size_t)snprintf(text + used, 5, "\\x%02X", b.at[i]);
		else
			memcpy(text + used, b.at + i, len);
		used += len;
	}
	string = json_stringn(text, used);
	free(text);
	return string;
}
