/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System.Text.Encoding in its common kinds. ASCII and Default are exact for ASCII; Default is Windows-1252's Latin part. */
#include "emu/windows/powershell/session.h"

#include <string.h>

struct string *encoding_decode(struct session *s, const char *name, struct bytes b)
{
	struct units u = units_in(s->host->heap);

	if (strcmp(name, "utf8") == 0 || strcmp(name, "utf7") == 0)
		return string_utf8(s->host->heap, b);
	if (strcmp(name, "unicode") == 0 || strcmp(name, "bigendianunicode") == 0) {
		bool big = *name == 'b';

		for (size_t i = 0; i + 1 < b.left; i += 2)
			units_put(&u, (uint16_t)(b.at[i + big] | b.at[i + !big] << 8));
		return units_string(&u);
	}
	for (size_t i = 0; i < b.left; i++)
		units_put(&u, strcmp(name, "ascii") == 0 && b.at[i] > 127 ? '?' : b.at[i]);
	return units_string(&u);
}

struct bytes encoding_encode(struct session *s, const char *name, const struct string *text)
{
	struct text t = text_in(s->host->heap);

	if (strcmp(name, "utf8") == 0 || strcmp(name, "utf7") == 0)
		return string_bytes(s->host->heap, text);
	for (uint32_t i = 0; i < text->len; i++) {
		uint16_t c = text->at[i];

		if (strcmp(name, "unicode") == 0) {
			text_put(&t, (char)c);
			text_put(&t, (char)(c >> 8));
		} else if (strcmp(name, "bigendianunicode") == 0) {
			text_put(&t, (char)(c >> 8));
			text_put(&t, (char)c);
		} else {
			text_put(&t, c > (strcmp(name, "ascii") == 0 ? 127 : 255) ? '?' : (char)c);
		}
	}
	return text_bytes(&t);
}

static bool encoding_call(struct session *s, struct object *o, const char *name, const struct list *args, struct value *ret)
{
	const char *which = o->state;

	if (strcmp(name, "getstring") == 0 && args->count >= 1) {
		struct bytes b = value_bytes(s, &args->at[0]);
		struct string *text;

		if (args->count == 3) {
			int64_t from = value_int(s, &args->at[1]), len = value_int(s, &args->at[2]);

			if (from < 0 || len < 0 || from > (int64_t)b.left || len > (int64_t)b.left - from) {
				session_throw(s, "powershell.range", NULL);
				return true;
			}
			b = bytes_of(b.at + from, (size_t)len);
		}
		text = encoding_decode(s, which, b);
		text->foreign = value_is_foreign(&args->at[0]);
		*ret = args->at[0].kind == V_UNKNOWN ? v_unknown() : v_string(text);
	} else if (strcmp(name, "getbytes") == 0 && args->count >= 1) {
		const struct string *text = value_string(s, &args->at[0]);

		*ret = v_bytes(s->host->heap, encoding_encode(s, which, text));
		ret->list->foreign = text->foreign;
	} else if ((strcmp(name, "getchars") == 0) && args->count == 1) {
		struct string *text = encoding_decode(s, which, value_bytes(s, &args->at[0]));

		return string_call(s, text, "tochararray", list_new(s->host->heap, 0), ret);
	} else if (strcmp(name, "getbytecount") == 0 && args->count == 1) {
		*ret = v_int((int64_t)encoding_encode(s, which, value_string(s, &args->at[0])).left);
	} else {
		return false;
	}
	return true;
}

const struct class class_encoding = { "System.Text.Encoding", NULL, NULL, encoding_call };

struct value encoding_of(struct session *s, const char *name)
{
	return v_object(s->host->heap, &class_encoding, heap_text(s->host->heap, bytes_text(name)));
}
