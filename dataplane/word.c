/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inline: the lane's word on packets that wait for it. */
#include "dataplane/lane_parts.h"

#include "dataplane/match/match.h"

uint8_t lane_gate(const void *matcher, const struct tuple *t, bool ports)
{
	struct match_gate g = match_gate(matcher, t, ports);

	return g.waits ? (uint8_t)(LANE_GATE_WAITS | g.action) : 0;
}

static void answer(struct lane *l, unsigned i, bool back)
{
	uint8_t room[INTAKE_OWN_MAX];
	size_t len = reject_build(l->burst.frames[i].bytes, back, room, sizeof(room));

	if (len > 0 && intake_send(l->intake, &l->burst, i, back, bytes_of(room, len)))
		counter_up(&l->counters, COUNTER_REJECTED);
}

void lane_word(struct lane *l, unsigned i, enum rule_action action)
{
	enum rule_action at_once = (enum rule_action)(l->burst.frames[i].gate & ~LANE_GATE_WAITS);

	if (at_once > action)
		action = at_once;
	if (!rule_action_stops(action)) {
		counter_up(&l->counters, COUNTER_FORWARD_WAITED);
		intake_release(l->intake, &l->burst, i);
		return;
	}
	counter_up(&l->counters, COUNTER_STOPPED_BY_RULE);
	if (action == RULE_REJECT_SOURCE || action == RULE_REJECT_BOTH)
		answer(l, i, true);
	if (action == RULE_REJECT_DESTINATION || action == RULE_REJECT_BOTH)
		answer(l, i, false);
}
