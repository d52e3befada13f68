/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What zlib undoes: gzip, zlib and bare deflate. RFC 1950, 1951, 1952. */
#include "control/extract/decode.h"

#include <ctype.h>
#include <zlib.h>

enum {
	PIECE = 4 << 10,
	RAW_MIN = 6,         /* bytes; shorter ones inflate by chance */
	RAW_OUT_MAX = 256 << 10,
	TEXT_SHARE = 90,     /* per cent of printable bytes */
};

bool decode_is_gzip(struct bytes b)
{
	return b.left > 10 && b.at[0] == 0x1f && b.at[1] == 0x8b;
}

bool decode_is_packed(struct bytes in)
{
	return decode_is_gzip(in) || (in.left > 6 && in.at[0] == 0x78 && ((in.at[0] << 8 | in.at[1]) % 31) == 0);
}

/* window: as inflateInit2() has it. */
static bool inflate_into(struct bytes in, int window, struct sink *out)
{
	z_stream z = { 0 };
	int r;

	if (inflateInit2(&z, window) != Z_OK)
		return false;
	z.next_in = (Bytef *)(uintptr_t)in.at; /* zlib reads only */
	z.avail_in = (uInt)in.left;
	z.next_out = out->at + out->used;
	z.avail_out = (uInt)(out->size - out->used);
	r = inflate(&z, Z_FINISH);
	out->used = out->size - z.avail_out;
	inflateEnd(&z);
	return (r == Z_STREAM_END || r == Z_BUF_ERROR || r == Z_OK) && out->used > 0;
}

bool decode_is_raw(struct bytes in)
{
	uint8_t piece[PIECE];
	size_t printable = 0, total = 0;
	z_stream z = { 0 };
	int r = Z_OK;

	/* a block of the fourth kind there is none (RFC 1951, 3.2.3) */
	if (in.left < RAW_MIN || (in.at[0] & 6) == 6 || inflateInit2(&z, -15) != Z_OK)
		return false;
	z.next_in = (Bytef *)(uintptr_t)in.at;
	z.avail_in = (uInt)in.left;
	while (r == Z_OK && total < RAW_OUT_MAX && printable * 100 >= total * TEXT_SHARE) {
		z.next_out = piece;
		z.avail_out = sizeof(piece);
		r = inflate(&z, Z_SYNC_FLUSH);
		for (size_t i = 0; i < sizeof(piece) - z.avail_out; i++)
			printable += (piece[i] >= 0x20 && piece[i] < 0x7f) || isspace(piece[i]);
		total += sizeof(piece) - z.avail_out;
	}
	inflateEnd(&z);
	return r == Z_STREAM_END && z.avail_in == 0 && total > 0 && printable * 100 >= total * TEXT_SHARE;
}

static bool undo_gzip(struct bytes in, struct sink *out)
{
	return decode_is_packed(in) && inflate_into(in, 15 + 32, out);
}

static bool undo_deflate(struct bytes in, struct sink *out)
{
	return inflate_into(in, -15, out);
}

/* Text is not deflated: most values are told at a glance. */
static bool undo_raw(struct bytes in, struct sink *out)
{
	return decode_is_raw(in) && inflate_into(in, -15, out);
}

const struct step decode_gzip = { "gzip", undo_gzip, false };
const struct step decode_deflate = { "gzip", undo_deflate, true };
const struct step decode_raw = { "deflate", undo_raw, false };
