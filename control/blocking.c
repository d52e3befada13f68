/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Containment as control does it: successes and operators' words in, the barrier and the store out, each change said on stderr. */
#include "control/loop.h"

#include "control/contain/choose.h"
#include "control/journal/record.h"
#include "control/journal/stamp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const uint64_t again_ns = UINT64_C(1000000000), minute_ns = UINT64_C(60000000000);

static uint64_t wall_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

static bool in_force(const struct control *c)
{
	for (unsigned i = 0; i < c->settings->ports_count; i++)
		if (c->settings->ports[i].pair_index >= 0)
			return true;
	return false;
}

int blocking_begin(struct control *c, int fd)
{
	unsigned bad;
	int r;

	if (fd < 0)
		return 0;
	if ((r = barrier_open(fd, &c->barrier)) < 0 || (r = containment_new(c->barrier, &c->blocks)) < 0 ||
	    (r = guard_new(c->settings, &c->guard)) < 0 || (r = containment_load(c->blocks, c->store, wall_ns(), &bad)) < 0)
		return r;
	if (bad > 0)
		fprintf(stderr, "konseki-control: %u blocks in the store cannot be read and are not in force\n", bad);
	blocking_step(c, clock_ns());
	return 0;
}

/* Alone in its transaction: what of a verdict is pending is the publisher's to put again, should the store fail. */
static int save(struct control *c, uint64_t now_ns)
{
	int r = 0;

	if (!containment_unsaved(c->blocks))
		return 0;
	if (store_pending(c->store) || publisher_unsettled(c->publisher) > 0)
		r = publisher_settle(c->publisher, now_ns);
	return r == 0 ? containment_save(c->blocks, c->store) : r;
}

void blocking_spare_collectors(struct control *c)
{
	for (unsigned i = 0; c->guard != NULL && i < sender_count(c->sender); i++) {
		struct collector_counts n;

		sender_look(c->sender, i, &n);
		if (n.peer.family != 0)
			guard_collector(c->guard, &n.peer);
	}
}

void blocking_end(struct control *c)
{
	if (c->blocks != NULL && c->publisher != NULL && save(c, UINT64_MAX) < 0)
		fputs("konseki-control: the last changes of what is blocked could not be stored\n", stderr);
	containment_free(c->blocks);
	guard_free(c->guard);
	barrier_close(c->barrier);
}

static void tell(const char *what, const struct contained *b, const char *why)
{
	char text[BLOCK_TEXT], until[STAMP_TEXT];

	fprintf(stderr, "konseki-control: %s %s until %s: %s%s%s%s%s\n", what, block_format(&b->block, text), stamp_utc(b->until_ns, until),
	        b->case_id[0] != '\0' ? "success of case " : b->who[0] != '\0' ? b->who : "an operator", b->case_id,
	        b->reason[0] != '\0' ? ": " : "", b->reason, why);
}

void blocking_verdict(struct control *c, const struct open_case *oc)
{
	const struct case_record *record = &oc->file->record;
	const struct tuple attack = record_tuple(record, oc->codes);
	const struct choose_facts facts = {
		.settings = c->settings, .guard = c->guard, .record = record, .attack = &attack, .judgement = &oc->judgement, .reports = oc->reports,
	};
	struct contained wish = { .until_ns = wall_ns() + c->settings->block_minutes * minute_ns };
	struct choice choices[CHOICES_MAX];
	const struct contained *made;
	unsigned n;

	if (c->blocks == NULL || c->settings->block_on_count == 0 || !oc->newly_success)
		return;
	n = choose(&facts, choices);
	case_id_format(&oc->id, wish.case_id);
	for (unsigned i = 0; i < n; i++) {
		char text[BLOCK_TEXT];

		wish.block = choices[i].block;
		snprintf(wish.reason, sizeof(wish.reason), "%s of a success", choices[i].what);
		if (choices[i].why_not != NULL) {
			c->blocks_refused++;
			fprintf(stderr, "konseki-control: not blocked, %s of case %s: %s %s\n", choices[i].what, wish.case_id,
			        block_format(&wish.block, text), choices[i].why_not);
		} else if (containment_add(c->blocks, &wish, wall_ns(), &made) == 0) {
			tell("blocked", made, "");
		} else {
			fprintf(stderr, "konseki-control: not blocked, %s of case %s: %s: there are containment.max blocks already\n", choices[i].what,
			        wish.case_id, block_format(&wish.block, text));
		}
	}
	blocking_step(c, clock_ns());
}

void blocking_step(struct control *c, uint64_t now_ns)
{
	const struct contained *ended;
	unsigned count;
	int r;

	if (c->blocks == NULL)
		return;
	containment_step(c->blocks, now_ns, wall_ns(), &ended, &count);
	for (unsigned i = 0; i < count; i++)
		tell("no longer blocked:", &ended[i], "");
	if (!containment_unsaved(c->blocks) || now_ns < c->blocks_retry_ns || c->publisher == NULL)
		return;
	if ((r = save(c, now_ns)) < 0) {
		if (r != -EAGAIN && c->store_errors++ == 0)
			fprintf(stderr, "konseki-control: what is blocked cannot be stored: %s; it is in force all the same\n", store_why(r));
		c->blocks_retry_ns = now_ns + again_ns;
	}
}

static void say(struct control *c, const struct contained *b, struct admin_client *to)
{
	json_t *o = contained_json(b, containment_packets(c->blocks, b), in_force(c));
	char *text = o == NULL ? NULL : json_dumps(o, JSON_COMPACT);

	if (text != NULL)
		admin_say(to, text);
	free(text);
	json_decref(o);
}

/* what: NULL, or what it is about. */
static void say_no(struct admin_client *to, const char *what, const char *why)
{
	json_t *o = what == NULL ? json_pack("{s:s}", "error", why) : json_pack("{s:s++}", "error", what, " ", why);
	char *text = o == NULL ? NULL : json_dumps(o, JSON_COMPACT);

	if (text != NULL)
		admin_say(to, text);
	free(text);
	json_decref(o);
}

/* Once it is answered, it is there to stay. */
static void settle(struct control *c)
{
	containment_heed(c->blocks);
	c->blocks_retry_ns = 0;
	blocking_step(c, clock_ns());
}

static void answer_add(struct control *c, const struct request *q, struct admin_client *to)
{
	unsigned minutes = q->minutes == 0 ? c->settings->block_minutes : q->minutes;
	struct contained wish = { .block = q->block, .until_ns = wall_ns() + minutes * minute_ns };
	const char *why = q->force ? NULL : guard_why(c->guard, &q->block);
	const struct contained *made;
	char text[BLOCK_TEXT];

	snprintf(wish.who, sizeof(wish.who), "%s", q->who);
	snprintf(wish.reason, sizeof(wish.reason), "%s", q->reason);
	if (why != NULL) {
		say_no(to, block_format(&q->block, text), why);
		return;
	}
	if (containment_add(c->blocks, &wish, wall_ns(), &made) < 0) {
		say_no(to, NULL, "there are containment.max blocks already; remove some");
		return;
	}
	tell("blocked", made, "");
	settle(c);
	say(c, made, to);
}

static bool is_meant(const struct contained *b, const struct request *q)
{
	if (q->id != 0)
		return b->id == q->id;
	if (q->case_id[0] != '\0')
		return strcmp(b->case_id, q->case_id) == 0;
	return q->all || block_equal(&b->block, &q->block);
}

static void answer_remove(struct control *c, const struct request *q, struct admin_client *to)
{
	char by[REQUEST_WHO_MAX + 32];
	const struct contained *b;
	bool any = false;

	snprintf(by, sizeof(by), "; removed by %s", q->who[0] != '\0' ? q->who : "an operator");
	for (unsigned place = 0; (b = containment_next(c->blocks, &place)) != NULL;) {
		if (!is_meant(b, q))
			continue;
		any = true;
		say(c, b, to);
		tell("no longer blocked:", b, by);
		containment_remove(c->blocks, b);
	}
	if (any)
		settle(c);
	else
		say_no(to, NULL, "nothing such is blocked");
}

void blocking_answer(struct control *c, const struct request *q, struct admin_client *to)
{
	const struct contained *b;

	if (c->blocks == NULL) {
		say_no(to, NULL, "this appliance was started without containment");
		return;
	}
	switch (q->kind) {
	case REQUEST_BLOCK_LIST:
		for (unsigned place = 0; (b = containment_next(c->blocks, &place)) != NULL;)
			say(c, b, to);
		break;
	case REQUEST_BLOCK_ADD:
		answer_add(c, q, to);
		break;
	case REQUEST_BLOCK_REMOVE:
		answer_remove(c, q, to);
		break;
	case REQUEST_SHOW:
		break;
	}
}
