/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Archives that are uploaded to be unpacked: the pages with code among their members. ZIP, APPNOTE 4.3.7. */
#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"

enum {
	MEMBERS_MAX = 512,          /* headers read in one archive */
	LOOKED_MAX = 8,             /* members looked into */
	MEMBER_MAX = 128 << 10,     /* bytes of one, inflated */
	STORED = 0, DEFLATED = 8,
	SIZES_FOLLOW = 1 << 3,      /* they stand behind the content */
};

struct member {
	struct bytes name, content;
	uint16_t method, flags;
};

/* Does a server run what is called so, once it is asked for? */
static bool is_page(struct bytes name)
{
	static const char *const endings[] = { ".php", ".phtml", ".phar", ".pht", ".jsp", ".asp", ".cfm", ".cgi", ".htaccess" };
	struct bytes base = http_basename(name);

	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		if (http_says(base, endings[i]))
			return true;
	}
	return false;
}

/* One local header and what stands behind it; *zip goes on there. */
static bool member_read(struct bytes *zip, struct member *ret)
{
	ptrdiff_t at = bytes_find(*zip, bytes_of("PK\3\4", 4)), next;
	uint16_t version, name_len, extra_len;
	uint32_t time, crc, packed, size;
	struct bytes b, extra;

	if (at < 0)
		return false;
	b = bytes_of(zip->at + at + 4, zip->left - (size_t)at - 4);
	*zip = b;
	if (bytes_u16le(&b, &version) < 0 || bytes_u16le(&b, &ret->flags) < 0 || bytes_u16le(&b, &ret->method) < 0 ||
	    bytes_u32le(&b, &time) < 0 || bytes_u32le(&b, &crc) < 0 || bytes_u32le(&b, &packed) < 0 || bytes_u32le(&b, &size) < 0 ||
	    bytes_u16le(&b, &name_len) < 0 || bytes_u16le(&b, &extra_len) < 0 || bytes_take(&b, name_len, &ret->name) < 0 ||
	    bytes_take(&b, extra_len, &extra) < 0)
		return false;
	if (ret->flags & SIZES_FOLLOW) {
		next = bytes_find(b, bytes_of("PK", 2));
		/* of deflated content the end shows itself */
		packed = (uint32_t)(next < 0 || ret->method == DEFLATED ? b.left : (size_t)next);
	}
	ret->content = bytes_of(b.at, packed < b.left ? packed : b.left);
	if (!(ret->flags & SIZES_FOLLOW))
		*zip = bytes_of(b.at + ret->content.left, b.left - ret->content.left);
	return true;
}

static void look_at(struct finder *f, const struct carrier *like, const struct member *m)
{
	struct carrier c = *like;
	uint8_t *room = NULL;
	struct sink out;

	c.text = m->content;
	c.file = http_basename(m->name);
	if (m->method == DEFLATED) {
		if ((room = finder_take(f, MEMBER_MAX)) == NULL)
			return;
		out = sink_over(room, MEMBER_MAX);
		if (!decode_deflate.undo(m->content, &out))
			return;
		c.text = bytes_of(room, out.used);
	} else if (m->method != STORED) {
		return;
	}
	finder_look(f, &c, NULL);
}

void carriers_of_zip(struct finder *f, const struct carrier *like, struct bytes zip)
{
	unsigned looked = 0;
	struct member m;

	for (unsigned n = 0; n < MEMBERS_MAX && member_read(&zip, &m); n++) {
		if (!is_page(m.name))
			continue;
		if (looked++ == LOOKED_MAX) {
			f->found.left++;
			return;
		}
		look_at(f, like, &m);
	}
}
