/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that bring files from elsewhere or turn them into others: certutil, bitsadmin, curl, ftp, tftp. */
#include "emu/windows/command/programs.h"
#include "emu/windows/host/web.h"
#include "emu/world/network.h"

#include <ctype.h>
#include <errno.h>
#include <nettle/base64.h>
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LINE_OF_BASE64 = 64, FILE_MAX = 1 << 20 };

/* What a URL's file is called: its last part. */
static const char *name_of(struct running *r, const char *url)
{
	const char *last = strrchr(url, '/');

	last = last != NULL && last[1] != 0 ? last + 1 : "index.html";
	return heap_text(r->host->heap, bytes_of(last, strcspn(last, "?#")));
}

static bool is_url(const char *word)
{
	return strstr(word, "://") != NULL;
}

/* The words after an option, those that are options left out; how many. */
static unsigned operands(const struct running *r, unsigned from, const char *ret[4])
{
	unsigned count = 0;

	for (unsigned i = from + 1; i < r->argc && count < 4; i++)
		if (r->argv[i][0] != '-' && r->argv[i][0] != '/')
			ret[count++] = r->argv[i];
	return count;
}

static int32_t certutil_fetch(struct running *r, const char *const *words, unsigned count)
{
	const char *url = NULL, *to = NULL;

	for (unsigned i = 0; i < count; i++) {
		if (url == NULL && is_url(words[i]))
			url = words[i];
		else if (url != NULL && to == NULL)
			to = words[i];
	}
	if (url == NULL || (count != 0 && strcmp(words[count - 1], "delete") == 0)) {
		program_unknown(r, "certutil -urlcache: what it shows");
		return 0;
	}
	if (!program_fetch(r, url, program_path(r, to != NULL ? to : name_of(r, url)))) {
		program_unknown(r, "certutil: how it failed");
		return (int32_t)0x80072ee7;
	}
	handle_say(r->host, r->standard.out, "certutil.fetched", NULL);
	return 0;
}

/* Base64 with or without the lines of PEM around it. -EBADMSG. */
static int decode(struct host *h, struct bytes text, struct text *ret)
{
	struct base64_decode_ctx ctx;
	uint8_t out[64];
	size_t len;

	base64_decode_init(&ctx);
	while (text.left != 0 && host_step(h)) {
		const uint8_t *end = memchr(text.at, '\n', text.left);
		size_t line = end != NULL ? (size_t)(end - text.at) + 1 : text.left;

		if (!bytes_starts_fold(text, bytes_text("-----"))) {
			for (size_t i = 0; i < line; i += 32) {
				size_t n = line - i < 32 ? line - i : 32;

				if (!base64_decode_update(&ctx, &len, out, n, (const char *)text.at + i))
					return -EBADMSG;
				text_add(ret, bytes_of(out, len));
			}
		}
		text = bytes_of(text.at + line, text.left - line);
	}
	return base64_decode_final(&ctx) ? 0 : -EBADMSG;
}

static int decode_hex(struct bytes text, struct text *ret)
{
	int half = -1;

	for (size_t i = 0; i < text.left; i++) {
		int c = text.at[i], v = isdigit(c) ? c - '0' : isxdigit(c) ? (c | 0x20) - 'a' + 10 : -1;

		if (v < 0 && !isspace(c))
			return -EBADMSG;
		if (v < 0)
			continue;
		if (half >= 0)
			text_put(ret, (char)(half << 4 | v));
		half = half >= 0 ? -1 : v;
	}
	return half < 0 ? 0 : -EBADMSG;
}

static int encode(struct host *h, struct bytes data, struct text *ret)
{
	char *all = heap_take(h->heap, BASE64_ENCODE_RAW_LENGTH(data.left) + 1);

	base64_encode_raw(all, data.left, data.at);
	text_add(ret, bytes_text("-----BEGIN CERTIFICATE-----\r\n"));
	for (size_t i = 0, len = BASE64_ENCODE_RAW_LENGTH(data.left); i < len; i += LINE_OF_BASE64)
		text_print(ret, "%.*s\r\n", LINE_OF_BASE64, all + i);
	text_add(ret, bytes_text("-----END CERTIFICATE-----\r\n"));
	return 0;
}

static int32_t certutil_code(struct running *r, const char *way, const char *const *words, unsigned count)
{
	struct text made = text_in(r->host->heap);
	const char *from, *to, *sizes[3] = { NULL };
	struct bytes data;
	struct place p;
	bool foreign;
	int e;

	if (count < 2 || (from = program_path(r, words[0])) == NULL || (to = program_path(r, words[1])) == NULL)
		return program_complains(r, "certutil.arguments", NULL, (int32_t)0x80070057);
	if (file_read(r->host, from, &data) < 0 || data.left > FILE_MAX)
		return program_complains(r, "certutil.not_found", way, (int32_t)0x80070002);
	foreign = file_find(r->host, from, &p) && file_is_foreign(r->host, p.node);
	e = same_name(way, "decode") ? decode(r->host, data, &made) : same_name(way, "decodehex") ? decode_hex(data, &made)
	    : encode(r->host, data, &made);
	/* what an attacker's file holds is not what ours does: it would be decoded */
	if (e < 0 && !foreign)
		return program_complains(r, "certutil.invalid", way, (int32_t)0x8007000d);
	if (file_put(r->host, to, foreign ? data : text_bytes(&made)) < 0)
		return program_complains(r, "certutil.exists", way, (int32_t)0x80070050);
	if (foreign && file_find(r->host, to, &p))
		file_mark_foreign(r->host, p.node);
	sizes[0] = heap_print(r->host->heap, "%zu", data.left);
	sizes[1] = heap_print(r->host->heap, "%zu", made.len);
	handle_say(r->host, r->standard.out, "certutil.lengths", sizes);
	handle_say(r->host, r->standard.out, "certutil.done", (const char *const[]){ way, NULL });
	return 0;
}

static int32_t certutil_hash(struct running *r, const char *const *words, unsigned count)
{
	const char *way = count > 1 ? words[1] : "SHA1", *from = count != 0 ? program_path(r, words[0]) : NULL;
	uint8_t digest[SHA512_DIGEST_SIZE];
	struct text hex = text_in(r->host->heap);
	struct bytes data;
	size_t len;

	if (from == NULL || file_read(r->host, from, &data) < 0)
		return program_complains(r, "certutil.not_found", "hashfile", (int32_t)0x80070002);
	if (same_name(way, "MD5")) {
		struct md5_ctx m;

		md5_init(&m);
		md5_update(&m, data.left, data.at);
		md5_digest(&m, len = MD5_DIGEST_SIZE, digest);
	} else if (same_name(way, "SHA256")) {
		struct sha256_ctx m;

		sha256_init(&m);
		sha256_update(&m, data.left, data.at);
		sha256_digest(&m, len = SHA256_DIGEST_SIZE, digest);
	} else if (same_name(way, "SHA512")) {
		struct sha512_ctx m;

		sha512_init(&m);
		sha512_update(&m, data.left, data.at);
		sha512_digest(&m, len = SHA512_DIGEST_SIZE, digest);
	} else if (same_name(way, "SHA1")) {
		struct sha1_ctx m;

		sha1_init(&m);
		sha1_update(&m, data.left, data.at);
		sha1_digest(&m, len = SHA1_DIGEST_SIZE, digest);
	} else {
		program_unknown(r, "certutil -hashfile: another digest");
		return 0;
	}
	for (size_t i = 0; i < len; i++)
		text_print(&hex, "%02x", digest[i]);
	handle_say(r->host, r->standard.out, "certutil.hash", (const char *const[]){ way, words[0], hex.at, NULL });
	return 0;
}

static int32_t certutil(struct running *r)
{
	static const char *const ways[] = { "urlcache", "verifyctl", "url", "decode", "decodehex", "encode", "hashfile" };

	for (unsigned k = 0; k < COUNT_OF(ways); k++) {
		const char *words[4];
		unsigned at = option_find(r, ways[k]), count = operands(r, at, words);

		if (at == 0)
			continue;
		return k < 3 ? certutil_fetch(r, words, count) : k < 6 ? certutil_code(r, ways[k], words, count)
		    : certutil_hash(r, words, count);
	}
	return program_tells(r);
}

static int32_t bitsadmin(struct running *r)
{
	unsigned at = option_find(r, "transfer") != 0 ? option_find(r, "transfer") : option_find(r, "addfile");

	for (unsigned i = at + 1; at != 0 && i < r->argc; i++) {
		if (!is_url(r->argv[i]))
			continue;
		if (option_find(r, "upload") != 0 || !program_fetch(r, r->argv[i], i + 1 < r->argc ? program_path(r, r->argv[i + 1]) : NULL)) {
			program_unknown(r, "bitsadmin: how it failed");
			return 1;
		}
		if (i + 1 < r->argc && option_find(r, "transfer") != 0) {
			handle_say(r->host, r->standard.out, "bitsadmin.done", (const char *const[]){ r->argv[at + 1], r->argv[i], r->argv[i + 1], NULL });
			return 0;
		}
		i++;
	}
	program_unknown(r, "bitsadmin: what it shows");
	return 0;
}

/* The options of curl that have a value; -o and the like may have it in the same word. */
static const char curl_valued[] = "oXdHAuTFexbDmyYKCrtEPQUwz";

struct curl { const char *out, *method, *url; struct text body; bool head, include, named, upload; };

static unsigned curl_option(struct running *r, struct curl *c, unsigned i)
{
	const char *word = r->argv[i], *value;
	static const struct { const char *name; char letter; } longer[] = {
		{ "output", 'o' }, { "request", 'X' }, { "data", 'd' }, { "data-raw", 'd' }, { "data-binary", 'd' },
		{ "data-urlencode", 'd' }, { "header", 'H' }, { "user-agent", 'A' }, { "user", 'u' }, { "upload-file", 'T' },
		{ "form", 'F' }, { "remote-name", 'O' }, { "head", 'I' }, { "include", 'i' }, { "proxy", 'x' }, { "cookie", 'b' },
		{ "max-time", 'm' }, { "connect-timeout", 'm' }, { "referer", 'e' }, { "url", '*' }, { "retry", 'm' },
	};
	char letter = word[1];

	for (size_t k = 0; letter == '-' && k < COUNT_OF(longer); k++)
		if (strcmp(longer[k].name, word + 2) == 0)
			letter = longer[k].letter;
	if (word[1] != '-')
		/* of "-sko" the last letter counts, if it has a value; the others are switches */
		while (letter != 0 && strchr(curl_valued, letter) == NULL && word[1] != 0) {
			c->named |= letter == 'O';
			c->head |= letter == 'I';
			c->include |= letter == 'i';
			letter = *(++word + 1);
		}
	c->named |= letter == 'O';
	c->head |= letter == 'I';
	if (letter == 0 || letter == '-' || (letter != '*' && strchr(curl_valued, letter) == NULL))
		return i;
	value = word[1] != '-' && word[2] != 0 ? word + 2 : ++i < r->argc ? r->argv[i] : "";
	switch (letter) {
	case 'o': c->out = value; break;
	case 'X': c->method = value; break;
	case '*': c->url = value; break;
	case 'T': c->upload = true; c->method = "PUT"; break;
	case 'd': case 'F':
		if (*value == '@') {
			struct bytes data;
			const char *path = program_path(r, value + 1);

			if (path != NULL && file_read(r->host, path, &data) == 0)
				text_add(&c->body, data);
		} else {
			text_print(&c->body, "%s%.8000s", c->body.len != 0 ? "&" : "", value);
		}
		break;
	default: break;
	}
	return i;
}

static int32_t curl(struct running *r)
{
	struct curl c = { .body = text_in(r->host->heap) };
	struct bytes got;
	struct place p;

	for (unsigned i = 1; i < r->argc; i++) {
		if (r->argv[i][0] == '-' && r->argv[i][1] != 0)
			i = curl_option(r, &c, i);
		else
			c.url = r->argv[i];
	}
	if (c.url == NULL)
		return program_complains(r, "curl.no_url", NULL, 2);
	if (!is_url(c.url))
		c.url = heap_print(r->host->heap, "http://%.4000s", c.url);
	if (c.method == NULL)
		c.method = c.body.len != 0 ? "POST" : c.head ? "HEAD" : "GET";
	if (web_fetch(r->host, c.method, c.url, text_bytes(&c.body), &got) < 0)
		return program_complains(r, "curl.failed", NULL, 6);
	if (c.named || c.out != NULL) {
		const char *path = program_path(r, c.out != NULL ? c.out : name_of(r, c.url));

		if (path == NULL || file_put(r->host, path, got) < 0)
			return 23;
		if (file_find(r->host, path, &p))
			file_mark_foreign(r->host, p.node);
	} else {
		r->standard.out->foreign = true; /* for whoever reads it from a pipe */
		handle_write(r->host, r->standard.out, got);
	}
	return 0;
}

static void put_foreign(struct running *r, const char *name, const char *of)
{
	const char *path = program_path(r, name);
	struct place p;

	if (path != NULL && file_put(r->host, path, bytes_text(of)) == 0 && file_find(r->host, path, &p))
		file_mark_foreign(r->host, p.node);
}

/* ftp -s:FILE [HOST]: the commands of the file, over a connection whose far end says what it will. */
static int32_t ftp(struct running *r)
{
	struct handle *lines = r->standard.in;
	const char *server = NULL;
	struct bytes text, line;

	for (unsigned i = 1; i < r->argc; i++) {
		const char *script = option_value(r->argv[i], "s"), *path = script != NULL ? program_path(r, script) : NULL;

		if (path != NULL && file_read(r->host, path, &text) == 0)
			lines = handle_reading(r->host, text);
		else if (script == NULL && r->argv[i][0] != '-')
			server = r->argv[i];
	}
	if (server != NULL && web_connect(r->host, server, 21) == NULL)
		return 1;
	while (handle_line(lines, &line) && host_step(r->host)) {
		char *words[PROGRAM_WORDS];
		unsigned count = words_of(r->host->heap, heap_text(r->host->heap, line), words);

		if (count > 1 && same_name(words[0], "open"))
			(void)!web_connect(r->host, server = words[1], count > 2 ? (uint16_t)strtoul(words[2], NULL, 10) : 21);
		else if (count > 1 && (same_name(words[0], "get") || same_name(words[0], "recv")) && server != NULL)
			put_foreign(r, words[count > 2 ? 2 : 1], server);
		else if (count != 0 && (same_name(words[0], "bye") || same_name(words[0], "quit")))
			break;
	}
	program_unknown(r, "ftp: the dialogue");
	return 0;
}

/* RFC 1350: a read or write request to port 69. */
static int32_t tftp(struct running *r)
{
	struct peer *p = peer_new(r->host->world->network, 17, false);
	struct text request = text_in(r->host->heap);
	unsigned at = 1;
	struct address a;
	bool put;

	while (at < r->argc && r->argv[at][0] == '-')
		at++;
	if (at + 2 >= r->argc || p == NULL)
		return 1;
	put = same_name(r->argv[at + 1], "put");
	text_add(&request, bytes_of(put ? "\0\2" : "\0\1", 2));
	text_add(&request, bytes_of(r->argv[at + 2], strlen(r->argv[at + 2]) + 1));
	text_add(&request, bytes_of(at > 1 ? "octet" : "netascii", at > 1 ? 6 : 9));
	if (web_resolve(r->host, r->argv[at], &a))
		(void)!peer_send(p, &a, 69, text_bytes(&request));
	peer_close(p);
	if (!put)
		put_foreign(r, r->argv[at + 3 < r->argc ? at + 3 : at + 2], r->argv[at]);
	program_unknown(r, "tftp: how it ended");
	return 0;
}

const struct program programs_transfer[] = {
	{ "certutil", certutil }, { "bitsadmin", bitsadmin }, { "curl", curl }, { "ftp", ftp }, { "tftp", tftp }, { NULL, NULL },
};
