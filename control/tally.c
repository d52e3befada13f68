/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last lines of a replay: what was lost on the way, and which alerts of another IDS found no transaction. */
#include "control/loop.h"
#include "control/journal/text.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

enum { UNMATCHED_TOLD = 20 };

/* One line of results; takes o, NULL where there was no memory for it. */
static int line_tell(struct control *c, json_t *o)
{
	char *text = o == NULL ? NULL : json_dumps(o, JSON_COMPACT);
	int r = text == NULL ? -ENOMEM : publisher_line(c->publisher, text);

	free(text);
	json_decref(o);
	return r;
}

/* What was lost, ignored or odd on the way, by counter; nothing was: an empty object. */
static int losses_tell(struct control *c)
{
	json_t *losses = json_object(), *o;
	struct docket_counts d;

	for (enum counter k = 0; k < COUNTER_COUNT; k++) {
		uint64_t sum = 0;

		for (unsigned i = 0; i < c->lanes; i++)
			sum += c->uptakes[i].counters.value[k];
		if (sum > 0 && counter_row(k)->kind != COUNTER_KIND_WORK)
			json_object_set_new(losses, counter_row(k)->name, json_integer((json_int_t)sum));
	}
	docket_count(c->docket, &d);
	if (d.closed_early > 0)
		json_object_set_new(losses, "cases_closed_early", json_integer((json_int_t)d.closed_early));
	if (d.bad > 0)
		json_object_set_new(losses, "cases_refused", json_integer((json_int_t)d.bad));
	o = json_pack("{s:o}", "losses", losses);
	return line_tell(c, o);
}

/* Which alerts of the other IDS no transaction was found for. */
static int alerts_tell(struct control *c)
{
	json_t *list = json_array(), *o;
	unsigned joined = 0;
	char src[ADDRESS_TEXT], dst[ADDRESS_TEXT];

	for (unsigned i = 0; i < eve_count(c->eve); i++) {
		const struct eve_alert *a = eve_at(c->eve, i);

		joined += a->joined;
		if (!a->joined && json_array_size(list) < UNMATCHED_TOLD)
			json_array_append_new(list, json_pack("{s:i, s:I, s:o, s:s, s:i, s:s, s:i}", "line", (int)a->line,
			                                      "signature_id", (json_int_t)a->alert.sid, "signature",
			                                      text_shown(a->alert.message), "src_ip",
			                                      address_format(&a->tuple.src, src), "src_port",
			                                      (int)a->tuple.sport, "dest_ip",
			                                      address_format(&a->tuple.dst, dst), "dest_port",
			                                      (int)a->tuple.dport));
	}
	o = json_pack("{s:{s:i, s:i, s:o}}", "others", "alerts", (int)eve_count(c->eve), "joined", (int)joined,
	              "unmatched", list);
	return line_tell(c, o);
}

int tally_tell(struct control *c)
{
	int r = losses_tell(c);

	return r == 0 && c->eve != NULL ? alerts_tell(c) : r;
}
