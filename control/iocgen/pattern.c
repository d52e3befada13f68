/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pattern for people, and as a regular expression for engines. */
#include "control/iocgen/ioc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *class; /* class: NULL where it hangs on the kind */
} holes[HOLE_COUNT] = {
	[HOLE_USER] = { "user", "[^\\\\/:*?\"<>|&=]" }, [HOLE_HOST] = { "host", "[a-z0-9._-]" }, [HOLE_GUID] = { "guid", "[0-9a-f-]" },
	[HOLE_SID] = { "sid", "[0-9s-]" }, [HOLE_HASH] = { "hash", "[0-9a-f]" }, [HOLE_HEX] = { "hex", "[0-9a-f]" },
	[HOLE_NUMBER] = { "number", "[0-9]" }, [HOLE_DATE] = { "date", "[0-9:._-]" },
	[HOLE_LETTERS] = { "letters", "[a-z\\x80-\\xff]" }, [HOLE_WORD] = { "word", "[a-z0-9\\x80-\\xff]" },
	[HOLE_VERSION] = { "version", "[0-9.]" }, [HOLE_BASE64] = { "base64", "[a-z0-9+/=_-]" }, [HOLE_COMPONENT] = { "component", NULL },
};

const char *hole_name(enum hole h)
{
	return holes[h].name;
}

int hole_find(struct bytes name, enum hole *ret)
{
	for (int i = 0; i < HOLE_COUNT; i++) {
		if (bytes_equal(name, bytes_text(holes[i].name))) {
			*ret = (enum hole)i;
			return 0;
		}
	}
	return -ENOENT;
}

const char *hole_class(enum artefact_kind k, enum hole h)
{
	if (holes[h].class != NULL)
		return holes[h].class;
	switch (k) {
	case KIND_URL:
		return "[^/?&=#]";
	case KIND_DNS:
	case KIND_IP:
		return "[^.]";
	case KIND_COMMAND:
	case KIND_AGENT:
		return "[^ ]";
	default:
		return "[^\\\\/]";
	}
}

static void put(struct sink *to, const char *text)
{
	sink_put(to, text, strlen(text));
}

static void put_range(struct sink *to, const char *open, unsigned min, unsigned max, const char *between, const char *close)
{
	char buf[64];

	if (min == max)
		snprintf(buf, sizeof(buf), "%s%u%s", open, min, close);
	else
		snprintf(buf, sizeof(buf), "%s%u%s%u%s", open, min, between, max, close);
	put(to, buf);
}

int pattern_text(const struct pattern *p, struct sink *to)
{
	struct bytes done;

	if (p->open_front)
		put(to, "…");
	for (unsigned i = 0; i < p->count; i++) {
		const struct piece *piece = &p->pieces[i];

		if (!piece->is_hole) {
			sink_put(to, piece->text.at, piece->text.left);
			continue;
		}
		put(to, "<");
		put(to, holes[piece->hole].name);
		if (piece->hole != HOLE_GUID && piece->hole != HOLE_SID && piece->hole != HOLE_COMPONENT)
			put_range(to, ":", piece->min, piece->max, "-", "");
		put(to, ">");
	}
	if (p->open_back)
		put(to, "…");
	return sink_done(to, &done);
}

static void put_literal(struct sink *to, struct bytes t)
{
	char hex[8];

	for (size_t i = 0; i < t.left; i++) {
		uint8_t c = t.at[i];

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ' ') {
			sink_u8(to, c);
		} else {
			snprintf(hex, sizeof(hex), "\\x%02x", c);
			put(to, hex);
		}
	}
}

int pattern_regex(const struct pattern *p, struct sink *to)
{
	struct bytes done;

	put(to, p->open_front ? "" : "^");
	for (unsigned i = 0; i < p->count; i++) {
		const struct piece *piece = &p->pieces[i];

		if (piece->is_hole) {
			put(to, hole_class(p->kind, piece->hole));
			put_range(to, "{", piece->min, piece->max, ",", "}");
		} else {
			put_literal(to, piece->text);
		}
	}
	put(to, p->open_back ? "" : "$");
	return sink_done(to, &done);
}
