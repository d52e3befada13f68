/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text made of values and values of text: String.format, Base64, URL encoding, digests, chance and the clock. */
#include "emu/expression/class.h"

#include <ctype.h>
#include <errno.h>
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

/* One conversion with its flags and width; *at is behind the percent sign. */
static int format_one(struct java_run *run, struct bytes f, size_t *at, const struct java_value *v, struct java_object *out)
{
	size_t from = *at;
	struct bytes text;
	char spec[40], made[512];
	uint8_t c;
	int r;

	while (*at < f.left && strchr("-+0 ,#123456789.$", f.at[*at]) != NULL)
		(*at)++;
	if (*at >= f.left || *at - from > 24)
		return java_throw(run, "java.util.UnknownFormatConversionException", "");
	c = f.at[(*at)++];
	snprintf(spec, sizeof(spec), "%%%.*s", (int)(*at - 1 - from), (const char *)f.at + from);
	if (c == 'n' || c == '%')
		return java_write(run, out, bytes_text(c == 'n' ? "\n" : "%"));
	if (v == NULL || strchr(spec, '$') != NULL || strchr(spec, ',') != NULL)
		return v == NULL ? java_throw(run, "java.util.MissingFormatArgumentException", "") : java_refuse(run, "format", f);
	if (strchr("dxXo", c) != NULL && (java_is_whole(v))) {
		snprintf(made, sizeof(made), strcat(spec, c == 'd' ? "lld" : c == 'x' ? "llx" : c == 'X' ? "llX" : "llo"), (long long)(c == 'd' || v->kind == JAVA_LONG ? v->i : (int64_t)(uint32_t)v->i));
		return java_write(run, out, bytes_text(made));
	}
	if (strchr("fe", c) != NULL && (v->kind == JAVA_DOUBLE || v->kind == JAVA_FLOAT || v->kind == JAVA_DECIMAL)) {
		snprintf(made, sizeof(made), strcat(spec, c == 'f' ? "f" : "e"), java_to_double(v));
		return java_write(run, out, bytes_text(made));
	}
	if (c != 's' && c != 'S' && c != 'b' && c != 'c')
		return java_throw(run, "java.util.IllegalFormatConversionException", "");
	if (c == 'c' && java_is_number(v)) {
		uint8_t code[4];

		return java_write(run, out, bytes_of(code, java_text_put(java_to_long(v), code)));
	}
	if ((r = java_to_text(run, v, &text)) < 0)
		return r;
	if (spec[1] == '\0' || text.left > 400)
		return java_write(run, out, text);
	snprintf(made, sizeof(made), strcat(spec, ".*s"), (int)text.left, (const char *)text.at);
	return strchr(spec + 1, '.') != strrchr(spec, '.') ? java_refuse(run, "format", f) : java_write(run, out, bytes_text(made));
}

METHOD(format)
{
	struct bytes f = m->variant == 1 ? self->s : args[0].s;
	unsigned next = m->variant == 1 ? 0 : 1;
	struct java_object *out;
	int r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &out);

	for (size_t at = 0; at < f.left && r == 0;) {
		bool takes;

		if (f.at[at] != '%') {
			r = java_write(run, out, bytes_of(f.at + at++, 1));
			continue;
		}
		at++;
		takes = at < f.left && f.at[at] != '%' && f.at[at] != 'n';
		r = format_one(run, f, &at, takes && next < count ? &args[next] : NULL, out);
		next += takes;
	}
	*ret = java_string(out->text);
	return r;
}

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static struct bytes encoded(struct java_run *run, struct bytes s)
{
	uint8_t *to = java_take(run, s.left / 3 * 4 + 5);
	size_t used = 0;

	for (size_t i = 0; to != NULL && i < s.left; i += 3) {
		uint32_t n = (uint32_t)s.at[i] << 16 | (i + 1 < s.left ? (uint32_t)s.at[i + 1] << 8 : 0) | (i + 2 < s.left ? s.at[i + 2] : 0);

		to[used++] = (uint8_t)letters[n >> 18];
		to[used++] = (uint8_t)letters[n >> 12 & 63];
		to[used++] = i + 1 < s.left ? (uint8_t)letters[n >> 6 & 63] : '=';
		to[used++] = i + 2 < s.left ? (uint8_t)letters[n & 63] : '=';
	}
	return bytes_of(to, used);
}

static struct bytes undone(struct java_run *run, struct bytes s)
{
	uint8_t *to = java_take(run, s.left + 1);
	uint32_t n = 0;
	unsigned bits = 0;
	size_t used = 0;

	for (size_t i = 0; to != NULL && i < s.left; i++) {
		uint8_t c = s.at[i] == '-' ? '+' : s.at[i] == '_' ? '/' : s.at[i];
		const char *at = c != '\0' ? strchr(letters, c) : NULL;

		if (at == NULL)
			continue;
		n = n << 6 | (uint32_t)(at - letters);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			to[used++] = (uint8_t)(n >> bits);
		}
	}
	return bytes_of(to, used);
}

/* variant: 0 encode to text, 1 to bytes, 2 decode to bytes, 3 decode to text */
METHOD(base64)
{
	struct bytes text;
	struct java_value s;
	int r = java_stream_rest(run, &args[0], &text);

	if (r < 0)
		return r;
	s = java_string(m->variant < 2 ? encoded(run, text) : undone(run, text));
	if (s.s.at == NULL)
		return -E2BIG;
	*ret = s;
	return m->variant == 1 || m->variant == 2 ? java_method_call(run, &s, NULL, bytes_text("getBytes"), NULL, 0, ret) : 0;
}

METHOD(coder)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_PLAIN, m->variant == 0 ? "java.util.Base64.Encoder" : "java.util.Base64.Decoder", &o);

	*ret = java_object(o);
	return r;
}

METHOD(url_text)
{
	static const char hex[] = "0123456789ABCDEF";
	struct bytes s = args[0].s;
	uint8_t *to = java_take(run, s.left * 3 + 1);
	size_t used = 0;

	if (to == NULL)
		return -E2BIG;
	for (size_t i = 0; i < s.left; i++) {
		uint8_t c = s.at[i];

		if (m->variant == 1 && c == '%' && i + 2 < s.left && isxdigit(s.at[i + 1]) && isxdigit(s.at[i + 2])) {
			const char *high = strchr(hex, toupper(s.at[i + 1])), *low = strchr(hex, toupper(s.at[i + 2]));

			to[used++] = (uint8_t)((high - hex) << 4 | (low - hex));
			i += 2;
		} else if (m->variant == 1 || isalnum(c) || strchr("-_.*", c) != NULL || c == ' ') {
			to[used++] = m->variant == 1 && c == '+' ? ' ' : m->variant == 0 && c == ' ' ? '+' : c;
		} else {
			to[used++] = '%';
			to[used++] = (uint8_t)hex[c >> 4];
			to[used++] = (uint8_t)hex[c & 15];
		}
	}
	*ret = java_string(bytes_of(to, used));
	return 0;
}

/* DigestUtils.md5Hex and its like */
METHOD(digest)
{
	struct md5_ctx md5;
	struct sha1_ctx sha1;
	struct sha256_ctx sha256;
	uint8_t sum[32];
	char hex[65];
	struct bytes s;
	size_t size = m->variant == 0 ? 16 : m->variant == 1 ? 20 : 32;
	int r = java_stream_rest(run, &args[0], &s);

	if (r < 0)
		return r;
	if (m->variant == 0) {
		md5_init(&md5);
		md5_update(&md5, s.left, s.at);
		md5_digest(&md5, size, sum);
	} else if (m->variant == 1) {
		sha1_init(&sha1);
		sha1_update(&sha1, s.left, s.at);
		sha1_digest(&sha1, size, sum);
	} else {
		sha256_init(&sha256);
		sha256_update(&sha256, s.left, s.at);
		sha256_digest(&sha256, size, sum);
	}
	bytes_hex(bytes_of(sum, size), hex);
	*ret = java_string(java_copy(run, bytes_of(hex, 2 * size)));
	return 0;
}

METHOD(victims)
{
	return java_open(run, m->name, ret);
}

METHOD(charset)
{
	*ret = count > 0 ? args[0] : java_text("UTF-8");
	return 0;
}

METHOD(same)
{
	*ret = args[0];
	return 0;
}

static const char string[] = "java.lang.String", enc[] = "java.util.Base64.Encoder", dec[] = "java.util.Base64.Decoder", du[] = "org.apache.commons.codec.digest.DigestUtils", cb[] = "org.apache.commons.codec.binary.Base64",
	b64[] = "java.util.Base64";
static const struct java_method list[] = {
	{ string, "format", "s*", METHOD_STATIC, 0, format }, { string, "formatted", "*", 0, 1, format }, { b64, "getEncoder", "", METHOD_STATIC, 0, coder }, { b64, "getDecoder", "", METHOD_STATIC, 1, coder },
	{ b64, "getUrlDecoder", "", METHOD_STATIC, 1, coder }, { b64, "getMimeDecoder", "", METHOD_STATIC, 1, coder }, { enc, "encodeToString", "a", 0, 0, base64 }, { enc, "encode", "a", 0, 1, base64 }, { dec, "decode", "a", 0, 2, base64 },
	{ dec, "decodeBuffer", "a", 0, 2, base64 }, { enc, "encodeBuffer", "a", 0, 0, base64 }, { cb, "encodeBase64String", "a", METHOD_STATIC, 0, base64 }, { cb, "decodeBase64", "a", METHOD_STATIC, 2, base64 },
	{ "org.springframework.util.Base64Utils", "decodeFromString", "a", METHOD_STATIC, 2, base64 }, { "org.springframework.util.Base64Utils", "encodeToString", "a", METHOD_STATIC, 0, base64 },
	{ "javax.xml.bind.DatatypeConverter", "parseBase64Binary", "a", METHOD_STATIC, 2, base64 }, { "javax.xml.bind.DatatypeConverter", "printBase64Binary", "a", METHOD_STATIC, 0, base64 },
	{ "java.net.URLDecoder", "decode", "s*", METHOD_STATIC, 1, url_text }, { "java.net.URLEncoder", "encode", "s*", METHOD_STATIC, 0, url_text }, { du, "md5Hex", "a", METHOD_STATIC, 0, digest },
	{ du, "sha1Hex", "a", METHOD_STATIC, 1, digest }, { du, "sha256Hex", "a", METHOD_STATIC, 2, digest }, { "java.util.UUID", "randomUUID", "", METHOD_STATIC, 0, victims }, { "java.util.Date", "new", "*", METHOD_NEW, 0, victims },
	{ "java.util.Random", "new", "*", METHOD_NEW, 0, victims }, { "java.nio.charset.Charset", "forName", "s", METHOD_STATIC, 0, charset }, { "java.nio.charset.Charset", "defaultCharset", "", METHOD_STATIC, 0, charset },
	{ "java.util.Objects", "toString", "a", METHOD_STATIC, 0, same }, { "java.util.Objects", "requireNonNull", "a", METHOD_STATIC, 0, same }, { "java.util.stream.Collectors", "joining", "s", METHOD_STATIC, 0, same },
};
const struct method_table methods_format = { list, COUNT_OF(list) };

static const struct java_method util[] = {
	{ "java.text.SimpleDateFormat", "new", "*", METHOD_NEW, 0, victims }, { "java.security.MessageDigest", "getInstance", "s", METHOD_STATIC, 0, victims },
};
const struct method_table methods_util = { util, COUNT_OF(util) };
