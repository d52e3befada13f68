/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests of the admin socket. */
#include "control/ctl/request.h"

#include "control/wire/utf8.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT_DEFAULT = 100 };

static const char *const names[SHOW_COUNT] = {
	[SHOW_ALERTS] = "alerts", [SHOW_FLOWS] = "flows", [SHOW_PORTS] = "ports", [SHOW_LANES] = "lanes",
	[SHOW_QUEUE] = "queue", [SHOW_RULES] = "rules", [SHOW_IOCS] = "iocs", [SHOW_PROFILES] = "profiles",
	[SHOW_HEALTH] = "health",
};

const char *show_name(enum show s)
{
	return names[s];
}

int show_parse(const char *name, enum show *ret)
{
	for (enum show s = 0; s < SHOW_COUNT; s++) {
		if (strcmp(names[s], name) == 0) {
			*ret = s;
			return 0;
		}
	}
	return -EINVAL;
}

bool request_text_ok(const char *text, size_t max)
{
	struct bytes b = bytes_text(text);

	if (b.left > max)
		return false;
	for (size_t len; b.left > 0; b = bytes_of(b.at + len, b.left - len))
		if ((len = utf8_length(b)) == 0 || b.at[0] < ' ' || b.at[0] == 127)
			return false;
	return true;
}

static int show_decode(json_t *o, struct request *ret)
{
	struct request q = { .kind = REQUEST_SHOW };
	const char *show = NULL;
	int follow = 0, limit = LIMIT_DEFAULT;

	if (json_unpack(o, "{s:s, s?:b, s?:i !}", "show", &show, "follow", &follow, "limit", &limit) < 0 || limit < 1 ||
	    limit > REQUEST_LIMIT_MAX || show_parse(show, &q.show) < 0)
		return -EINVAL;
	q.follow = follow != 0;
	q.limit = (unsigned)limit;
	*ret = q;
	return 0;
}

/* NULL: it is not there. */
static int text_take(const char *text, size_t max, char *ret)
{
	if (text == NULL)
		return 0;
	if (!request_text_ok(text, max))
		return -EINVAL;
	memcpy(ret, text, strlen(text) + 1);
	return 0;
}

static int add_decode(json_t *o, struct request *ret)
{
	struct request q = { .kind = REQUEST_BLOCK_ADD };
	const char *word, *what, *who = NULL, *reason = NULL;
	int minutes = 0, force = 0;

	if (json_unpack(o, "{s:s, s:s, s?:i, s?:b, s?:s, s?:s !}", "block", &word, "what", &what, "minutes", &minutes, "force", &force, "who",
	                &who, "reason", &reason) < 0 ||
	    minutes < 0 || minutes > REQUEST_MINUTES_MAX || block_parse(what, &q.block) < 0 || text_take(who, REQUEST_WHO_MAX, q.who) < 0 ||
	    text_take(reason, REQUEST_REASON_MAX, q.reason) < 0)
		return -EINVAL;
	q.minutes = (unsigned)minutes;
	q.force = force != 0;
	*ret = q;
	return 0;
}

static int remove_decode(json_t *o, struct request *ret)
{
	struct request q = { .kind = REQUEST_BLOCK_REMOVE };
	const char *word, *what = NULL, *of = NULL, *who = NULL;
	struct case_id id;
	json_int_t number = 0;
	int all = 0;

	if (json_unpack(o, "{s:s, s?:s, s?:I, s?:s, s?:b, s?:s !}", "block", &word, "what", &what, "id", &number, "case", &of, "all", &all, "who",
	                &who) < 0 ||
	    number < 0 || (what != NULL) + (number > 0) + (of != NULL) + (all != 0) != 1 || text_take(who, REQUEST_WHO_MAX, q.who) < 0 ||
	    (what != NULL && block_parse(what, &q.block) < 0) || (of != NULL && case_id_parse(of, &id) < 0))
		return -EINVAL;
	if (of != NULL)
		case_id_format(&id, q.case_id);
	q.id = (uint64_t)number;
	q.all = all != 0;
	*ret = q;
	return 0;
}

int request_decode(struct bytes line, struct request *ret)
{
	const char *word;
	int r = -EINVAL;
	json_t *o;

	if (line.left > REQUEST_MAX)
		return -EINVAL;
	o = json_loadb((const char *)line.at, line.left, JSON_REJECT_DUPLICATES, NULL);
	word = json_string_value(json_object_get(o, "block"));
	if (word == NULL) {
		r = show_decode(o, ret);
	} else if (strcmp(word, "add") == 0) {
		r = add_decode(o, ret);
	} else if (strcmp(word, "remove") == 0) {
		r = remove_decode(o, ret);
	} else if (strcmp(word, "list") == 0 && json_object_size(o) == 1) {
		*ret = (struct request){ .kind = REQUEST_BLOCK_LIST };
		r = 0;
	}
	json_decref(o);
	return r;
}

static json_t *add_object(const struct request *q)
{
	char what[BLOCK_TEXT];

	return json_pack("{s:s, s:s, s:i, s:b, s:s, s:s}", "block", "add", "what", block_format(&q->block, what), "minutes", (int)q->minutes,
	                 "force", q->force, "who", q->who, "reason", q->reason);
}

static json_t *remove_object(const struct request *q)
{
	char what[BLOCK_TEXT];
	json_t *o = json_pack("{s:s, s:s}", "block", "remove", "who", q->who);

	if (q->block.kind != 0)
		json_object_set_new(o, "what", json_string(block_format(&q->block, what)));
	else if (q->id != 0)
		json_object_set_new(o, "id", json_integer((json_int_t)q->id));
	else if (q->case_id[0] != '\0')
		json_object_set_new(o, "case", json_string(q->case_id));
	else
		json_object_set_new(o, "all", json_true());
	return o;
}

int request_encode(const struct request *q, char *buf, size_t size)
{
	json_t *o = q->kind == REQUEST_BLOCK_ADD      ? add_object(q) :
	            q->kind == REQUEST_BLOCK_REMOVE   ? remove_object(q) :
	            q->kind == REQUEST_BLOCK_LIST     ? json_pack("{s:s}", "block", "list") :
	                                                json_pack("{s:s, s:b, s:i}", "show", names[q->show], "follow", q->follow, "limit", (int)q->limit);
	char *text = o == NULL ? NULL : json_dumps(o, JSON_COMPACT);
	int r = text == NULL ? -ENOMEM : 0;

	if (r == 0 && (size_t)snprintf(buf, size, "%s\n", text) >= size)
		r = -ENOSPC;
	free(text);
	json_decref(o);
	return r;
}
