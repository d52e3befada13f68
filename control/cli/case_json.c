/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stored case as JSON. */
#include "control/cli/case.h"
#include "control/journal/stamp.h"
#include "control/journal/text.h"
#include "control/journal/triage.h"

const char *part_name(enum part_kind k)
{
	static const char *const names[PART_COUNT] = {
		[PART_REQUEST_HEAD] = "http.request_head", [PART_REQUEST_BODY] = "http.request_body",
		[PART_RESPONSE_HEAD] = "http.response_head", [PART_RESPONSE_BODY] = "http.response_body",
		[PART_CLIENT_STREAM] = "stream.client", [PART_SERVER_STREAM] = "stream.server",
	};

	return names[k];
}

static const char *const gaps[] = { "longer than what is kept", "packets were lost", "the flow ended before it did",
	                             "still under way", "packets captured short", "not captured",
	                             "the flow had begun before", "broken framing",
	                             "other bytes were sent for the same place, too" };

const char *part_gap_name(unsigned gap)
{
	return gap < COUNT_OF(gaps) ? gaps[gap] : NULL;
}

static json_t *part_json(const struct case_part *p)
{
	json_t *o = json_object(), *missing = json_array(), *packets = json_array();

	for (unsigned i = 0; part_gap_name(i) != NULL; i++)
		if ((p->gaps >> i & 1) != 0)
			json_array_append_new(missing, json_string(part_gap_name(i)));
	for (uint32_t i = 0; i < p->marks_count; i++) {
		char stamp[STAMP_TEXT];

		json_array_append_new(packets, json_pack("{s:I, s:I, s:s}", "packet", (json_int_t)p->marks[i].packet,
		                                         "offset", (json_int_t)p->marks[i].offset, "timestamp",
		                                         stamp_utc(p->marks[i].time_ns, stamp)));
	}
	json_object_set_new(o, "bytes", json_integer((json_int_t)p->seen));
	json_object_set_new(o, "gaps", missing);
	if (!text_put(o, "head", "head_base64", p->head) ||
	    (p->tail.left > 0 && !text_put(o, "tail", "tail_base64", p->tail))) {
		json_decref(o);
		json_decref(packets);
		return NULL;
	}
	json_object_set_new(o, "packets", packets);
	return o;
}

static json_t *report_json(const struct report *r)
{
	json_t *traces;

	if (r == NULL)
		return json_null();
	traces = json_array();
	for (uint32_t i = 0; i < r->traces_count; i++)
		json_array_append_new(traces, trace_json(&r->traces[i]));
	return json_pack("{s:s, s:s, s:I, s:o}", "language", language_name(r->language), "stopped_by",
	                 stopped_by_name(r->stopped_by), "blocks", (json_int_t)r->blocks, "traces", traces);
}

json_t *case_json(const struct stored_case *c)
{
	json_t *o = json_object(), *parts = json_object(), *reports = json_array();
	char id[CASE_ID_TEXT];

	json_object_set_new(o, "id", json_string(case_id_format(&c->id, id)));
	if (c->mark != NULL)
		json_object_set_new(o, "mark", json_string(c->mark));
	json_object_set(o, "record", c->record);
	for (enum part_kind k = 0; k < PART_COUNT; k++)
		if (c->captured.parts[k].present)
			json_object_set_new(parts, part_name(k), part_json(&c->captured.parts[k]));
	for (unsigned i = 0; i < c->reports_count; i++)
		json_array_append_new(reports, report_json(c->reports[i].report));
	json_object_set_new(o, "parts", parts);
	json_object_set_new(o, "reports", reports);
	return o;
}
