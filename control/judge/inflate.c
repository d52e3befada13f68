/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The decoders behind one loop: input in small steps, so that each output knows about where it came from. */
#include "control/judge/inflate.h"

#include "control/extract/http.h"

#include <brotli/decode.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum inflate_state { INFLATE_MORE, INFLATE_ENDED, INFLATE_BROKEN };

/* One running decoder. */
struct decoder {
	z_stream z;
	BrotliDecoderState *brotli;
	ZSTD_DStream *zstd;
};

/* Moves on over in and out as far as both reach. */
struct coding {
	const char *name;
	bool (*init)(struct decoder *, struct bytes body);
	enum inflate_state (*step)(struct decoder *, struct bytes *in, struct sink *out);
	void (*fini)(struct decoder *);
	bool (*again)(struct decoder *, struct bytes rest); /* begins the next member, if rest is one; NULL: there is one */
};

static bool zlib_init(struct decoder *d, int bits)
{
	return inflateInit2(&d->z, bits) == Z_OK;
}

static bool gzip_init(struct decoder *d, struct bytes body)
{
	return zlib_init(d, 15 + 32);
}

/* "deflate" should be zlib's format; some servers send it bare. */
static bool deflate_init(struct decoder *d, struct bytes body)
{
	bool wrapped = body.left >= 2 && (body.at[0] & 0x0f) == 8 && ((body.at[0] << 8 | body.at[1]) % 31) == 0;

	return zlib_init(d, wrapped ? 15 : -15);
}

static enum inflate_state zlib_step(struct decoder *d, struct bytes *in, struct sink *out)
{
	int r;

	d->z.next_in = (Bytef *)(uintptr_t)in->at; /* zlib reads only */
	d->z.avail_in = (uInt)in->left;
	d->z.next_out = out->at + out->used;
	d->z.avail_out = (uInt)(out->size - out->used);
	r = inflate(&d->z, Z_SYNC_FLUSH);
	*in = bytes_of(d->z.next_in, d->z.avail_in);
	out->used = out->size - d->z.avail_out;
	return r == Z_STREAM_END ? INFLATE_ENDED : r == Z_OK || r == Z_BUF_ERROR ? INFLATE_MORE : INFLATE_BROKEN;
}

/* RFC 1952 2.2: a gzip file is a series of members. */
static bool gzip_again(struct decoder *d, struct bytes rest)
{
	return rest.left > 0 && rest.at[0] == 0x1f && inflateReset(&d->z) == Z_OK;
}

static void zlib_fini(struct decoder *d)
{
	inflateEnd(&d->z);
}

static bool brotli_init(struct decoder *d, struct bytes body)
{
	d->brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	return d->brotli != NULL;
}

static enum inflate_state brotli_step(struct decoder *d, struct bytes *in, struct sink *out)
{
	size_t room = out->size - out->used;
	uint8_t *to = out->at + out->used;
	BrotliDecoderResult r = BrotliDecoderDecompressStream(d->brotli, &in->left, &in->at, &room, &to, NULL);

	out->used = out->size - room;
	return r == BROTLI_DECODER_RESULT_SUCCESS ? INFLATE_ENDED :
		r == BROTLI_DECODER_RESULT_ERROR ? INFLATE_BROKEN : INFLATE_MORE;
}

static void brotli_fini(struct decoder *d)
{
	BrotliDecoderDestroyInstance(d->brotli);
}

static bool zstd_init(struct decoder *d, struct bytes body)
{
	d->zstd = ZSTD_createDStream();
	if (d->zstd != NULL)
		ZSTD_DCtx_setParameter(d->zstd, ZSTD_d_windowLogMax, 23);
	return d->zstd != NULL;
}

static enum inflate_state zstd_step(struct decoder *d, struct bytes *in, struct sink *out)
{
	ZSTD_inBuffer from = { in->at, in->left, 0 };
	ZSTD_outBuffer to = { out->at, out->size, out->used };
	size_t r = ZSTD_decompressStream(d->zstd, &to, &from);

	*in = bytes_of(in->at + from.pos, in->left - from.pos);
	out->used = to.pos;
	return ZSTD_isError(r) ? INFLATE_BROKEN : r == 0 ? INFLATE_ENDED : INFLATE_MORE;
}

/* RFC 8878 3: frames one after the other; the decoder goes on by itself. */
static bool zstd_again(struct decoder *d, struct bytes rest)
{
	return rest.left > 0 && (rest.at[0] == 0x28 || (rest.at[0] & 0xf0) == 0x50);
}

static void zstd_fini(struct decoder *d)
{
	ZSTD_freeDStream(d->zstd);
}

static const struct coding codings[] = {
	{ "gzip", gzip_init, zlib_step, zlib_fini, gzip_again },
	{ "x-gzip", gzip_init, zlib_step, zlib_fini, gzip_again },
	{ "deflate", deflate_init, zlib_step, zlib_fini, NULL },
	{ "br", brotli_init, brotli_step, brotli_fini, NULL },
	{ "zstd", zstd_init, zstd_step, zstd_fini, zstd_again },
};

static const struct coding *coding_find(struct bytes name)
{
	for (size_t i = 0; i < COUNT_OF(codings); i++) {
		if (bytes_equal_fold(name, bytes_text(codings[i].name)))
			return &codings[i];
	}
	return NULL;
}

/* Runs one decoder over body. Marks are counted in ret's own input. */
static int undo(const struct coding *c, struct bytes body, struct inflated *ret)
{
	struct decoder d = { 0 };
	struct sink out = { 0 };
	struct bytes rest = body;
	enum inflate_state state = INFLATE_MORE;
	int r = -ENOMEM;

	out = sink_over(malloc(INFLATE_MAX), INFLATE_MAX);
	ret->marks = calloc(body.left / INFLATE_STEP + 2, sizeof(*ret->marks));
	if (out.at == NULL || ret->marks == NULL || !c->init(&d, body))
		goto out;
	while (state == INFLATE_MORE && rest.left > 0 && out.used < out.size) {
		struct bytes piece = bytes_of(rest.at, rest.left < INFLATE_STEP ? rest.left : INFLATE_STEP);
		size_t before = piece.left, used = out.used;

		while (state == INFLATE_MORE && piece.left > 0 && out.used < out.size) {
			size_t left = piece.left, filled = out.used;

			state = c->step(&d, &piece, &out);
			if (piece.left == left && out.used == filled)
				break;
			if (state == INFLATE_ENDED && c->again != NULL &&
			    c->again(&d, bytes_of(piece.at, rest.left - (before - piece.left))))
				state = INFLATE_MORE;
		}
		/* what a decoder still holds comes out with the input after it */
		if (piece.left == before && out.used == used && state == INFLATE_MORE)
			state = INFLATE_BROKEN;
		rest = bytes_of(rest.at + (before - piece.left), rest.left - (before - piece.left));
		ret->marks[ret->marks_count++] = (struct inflate_mark){ out.used, body.left - rest.left };
		if (ret->marks_count > body.left / INFLATE_STEP)
			break;
	}
	c->fini(&d);
	r = out.used > 0 || state == INFLATE_ENDED ? 0 : -EBADMSG;
	ret->whole = state == INFLATE_ENDED && rest.left == 0;
	ret->len = out.used;
	ret->at = out.at;
	out.at = NULL;
out:
	free(out.at);
	return r;
}

int inflate_body(struct bytes body, struct bytes encodings, struct inflated *ret)
{
	const struct coding *order[INFLATE_ENCODINGS_MAX];
	unsigned count = 0;
	int r = 0;

	*ret = (struct inflated){ .whole = true };
	while (encodings.left > 0) {
		struct bytes name = bytes_trim(http_split(&encodings, ','));

		if (name.left == 0 || bytes_equal_fold(name, bytes_text("identity")))
			continue;
		if (count == INFLATE_ENCODINGS_MAX || (order[count] = coding_find(name)) == NULL)
			return -ENOTSUP;
		count++;
	}
	/* the last one named was put on last: it comes off first, and its marks speak of the body's own offsets */
	while (r == 0 && count > 0 && body.left > 0) {
		struct inflated next = { 0 };

		r = undo(order[--count], body, &next);
		if (ret->at != NULL) {
			for (size_t i = 0; i < next.marks_count; i++)
				next.marks[i].in = inflated_origin(ret, next.marks[i].in);
			next.whole &= ret->whole;
			inflated_fini(ret);
		}
		*ret = next;
		body = bytes_of(ret->at, ret->len);
	}
	if (r < 0)
		inflated_fini(ret);
	return r;
}

void inflated_fini(struct inflated *i)
{
	free(i->at);
	free(i->marks);
	*i = (struct inflated){ 0 };
}

size_t inflated_origin(const struct inflated *i, size_t out)
{
	size_t low = 0, high = i->marks_count;

	if (i->at == NULL)
		return out;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (i->marks[middle].out <= out)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? 0 : i->marks[low - 1].in;
}
