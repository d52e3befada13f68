/* SPDX-License-Identifier: GPL-2.0-or-later */
/* signify's formats over nettle's Ed25519. */
#include "control/iocgen/feed/signify.h"

#include <errno.h>
#include <nettle/base64.h>
#include <nettle/eddsa.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

/* Offsets in a secret key: "Ed", "BK", rounds, salt, checksum, number, the key and its public half. */
enum { ROUNDS = 4, CHECKSUM = 24, NUMBER = 32, SECRET = 40, PUBLIC = 72, SECRET_FILE = 104, SIGNATURE_FILE = 74 };

/* The second line's base64; its length, or 0. */
static size_t decode(struct bytes file, uint8_t *ret, size_t size)
{
	struct base64_decode_ctx ctx;
	const uint8_t *end = memchr(file.at != NULL ? file.at : (const uint8_t *)"", '\n', file.left);
	size_t len = 0;
	struct bytes text;

	if (end == NULL || !bytes_starts_fold(file, bytes_text("untrusted comment:")))
		return 0;
	text = bytes_trim(bytes_of(end + 1, file.left - (size_t)(end + 1 - file.at)));
	if (BASE64_DECODE_LENGTH(text.left) > size)
		return 0;
	base64_decode_init(&ctx);
	if (!base64_decode_update(&ctx, &len, ret, text.left, (const char *)text.at) || !base64_decode_final(&ctx))
		return 0;
	return len;
}

int signing_key_read(struct bytes file, struct signing_key *ret, const char **why)
{
	uint8_t raw[SECRET_FILE + 64], digest[SHA512_DIGEST_SIZE], public[32];
	static const uint8_t none[4];
	struct sha512_ctx sha;

	if (decode(file, raw, sizeof(raw)) != SECRET_FILE || memcmp(raw, "EdBK", 4) != 0) {
		*why = "no secret key of signify";
		return -EBADMSG;
	}
	if (memcmp(raw + ROUNDS, none, sizeof(none)) != 0) {
		*why = "a passphrase keeps this key; a feed is signed with one made by signify -G -n";
		return -EKEYREJECTED;
	}
	sha512_init(&sha);
	sha512_update(&sha, SECRET_FILE - SECRET, raw + SECRET);
	sha512_digest(&sha, sizeof(digest), digest);
	ed25519_sha512_public_key(public, raw + SECRET);
	if (memcmp(digest, raw + CHECKSUM, 8) != 0 || memcmp(public, raw + PUBLIC, sizeof(public)) != 0) {
		*why = "a broken key: its parts do not fit together";
		return -EKEYREJECTED;
	}
	memcpy(ret->number, raw + NUMBER, sizeof(ret->number));
	memcpy(ret->secret, raw + SECRET, sizeof(ret->secret));
	memcpy(ret->public, public, sizeof(ret->public));
	explicit_bzero(raw, sizeof(raw));
	return 0;
}

void signing_key_fini(struct signing_key *k)
{
	explicit_bzero(k, sizeof(*k));
}

size_t signature_make(const struct signing_key *k, struct bytes message, char ret[SIGNATURE_TEXT_MAX])
{
	uint8_t raw[SIGNATURE_FILE];
	char text[BASE64_ENCODE_RAW_LENGTH(SIGNATURE_FILE) + 1];
	int n;

	memcpy(raw, "Ed", 2);
	memcpy(raw + 2, k->number, sizeof(k->number));
	ed25519_sha512_sign(k->public, k->secret, message.left, message.at, raw + 10);
	base64_encode_raw(text, sizeof(raw), raw);
	text[sizeof(text) - 1] = '\0';
	n = snprintf(ret, SIGNATURE_TEXT_MAX, "untrusted comment: feed of konseki\n%s\n", text);
	return (size_t)n;
}

bool signature_holds(const struct signing_key *k, struct bytes message, struct bytes file)
{
	uint8_t raw[SIGNATURE_FILE + 64];

	return decode(file, raw, sizeof(raw)) == SIGNATURE_FILE && memcmp(raw, "Ed", 2) == 0 && memcmp(raw + 2, k->number, sizeof(k->number)) == 0 &&
	       ed25519_sha512_verify(k->public, message.left, message.at, raw + 10);
}
