/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a rule that holds does with its flow, as Suricata does inline. */
#ifndef CONFIG_RULES_ACTION_H
#define CONFIG_RULES_ACTION_H

#include <stdbool.h>

/* In order of strength: of several rules that hold the strongest counts, but a pass that comes first is the last word. */
enum rule_action {
	RULE_ALERT,
	RULE_PASS,               /* the flow's other rules are not told, and it goes on */
	RULE_DROP,               /* this packet and what follows of its flow stay here */
	RULE_REJECT_SOURCE,      /* and who sent the packet is told by a reset or an ICMP error */
	RULE_REJECT_DESTINATION, /* or who would have got it */
	RULE_REJECT_BOTH,
};

static inline bool rule_action_stops(enum rule_action a)
{
	return a >= RULE_DROP;
}

#endif
