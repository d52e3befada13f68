/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A block in the store and as JSON. */
#include "control/contain/contained.h"

#include "control/journal/stamp.h"

#include <errno.h>

enum { FORMAT = 1 };

void contained_encode(struct sink *s, const struct contained *c)
{
	sink_u8(s, FORMAT);
	sink_u64le(s, c->id);
	block_encode(s, &c->block);
	sink_u64le(s, c->since_ns);
	sink_u64le(s, c->until_ns);
	sink_text(s, c->case_id);
	sink_text(s, c->who);
	sink_text(s, c->reason);
}

static int text_read(struct bytes *from, char *ret, size_t size)
{
	struct bytes run;

	if (bytes_run(from, size - 1, &run) < 0 || (run.left > 0 && memchr(run.at, 0, run.left) != NULL))
		return -EBADMSG;
	if (run.left > 0)
		memcpy(ret, run.at, run.left);
	ret[run.left] = '\0';
	return 0;
}

int contained_decode(struct bytes b, struct contained *ret)
{
	struct contained c = { 0 };
	uint8_t format;

	if (bytes_u8(&b, &format) < 0 || format != FORMAT || bytes_u64le(&b, &c.id) < 0 || c.id == 0 || block_decode(&b, &c.block) < 0 ||
	    bytes_u64le(&b, &c.since_ns) < 0 || bytes_u64le(&b, &c.until_ns) < 0 || text_read(&b, c.case_id, sizeof(c.case_id)) < 0 ||
	    text_read(&b, c.who, sizeof(c.who)) < 0 || text_read(&b, c.reason, sizeof(c.reason)) < 0 || b.left != 0)
		return -EBADMSG;
	*ret = c;
	return 0;
}

json_t *contained_json(const struct contained *c, uint64_t packets, bool in_force)
{
	char what[BLOCK_TEXT], since[STAMP_TEXT], until[STAMP_TEXT];
	json_t *o = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s}", "id", (json_int_t)c->id, "kind", block_kind_name(c->block.kind), "what",
	                      block_format(&c->block, what), "since", stamp_utc(c->since_ns, since), "until", stamp_utc(c->until_ns, until),
	                      "by", c->case_id[0] != '\0' ? "verdict" : "person");

	if (c->case_id[0] != '\0')
		json_object_set_new(o, "case", json_string(c->case_id));
	if (c->who[0] != '\0')
		json_object_set_new(o, "who", json_string(c->who));
	if (c->reason[0] != '\0')
		json_object_set_new(o, "reason", json_string(c->reason));
	json_object_set_new(o, "packets", json_integer((json_int_t)packets));
	json_object_set_new(o, "in_force", json_boolean(in_force));
	return o;
}
