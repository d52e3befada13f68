/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the command line may ask the appliance: one JSON object, one line. */
#ifndef CONTROL_CTL_REQUEST_H
#define CONTROL_CTL_REQUEST_H

#include "control/store/store.h"
#include "control/wire/block.h"

enum {
	REQUEST_MAX = 4096,       /* bytes of a line */
	REQUEST_LIMIT_MAX = 1000, /* records of one answer */
	REQUEST_MINUTES_MAX = 525600, REQUEST_WHO_MAX = 64, REQUEST_REASON_MAX = 200,
};

enum show {
	SHOW_ALERTS, SHOW_FLOWS, SHOW_PORTS, SHOW_LANES, SHOW_QUEUE, SHOW_RULES, SHOW_IOCS, SHOW_PROFILES, SHOW_HEALTH,
	SHOW_COUNT,
};
const char *show_name(enum show);
/* -EINVAL for a name that is none. */
must_check int show_parse(const char *name, enum show *ret);

enum request_kind { REQUEST_SHOW, REQUEST_BLOCK_LIST, REQUEST_BLOCK_ADD, REQUEST_BLOCK_REMOVE };

struct request {
	enum request_kind kind;
	/* SHOW */
	enum show show;
	bool follow;      /* alerts: go on with each new one */
	unsigned limit;   /* alerts: how many of the latest, 1..REQUEST_LIMIT_MAX */
	/* BLOCK_ADD, BLOCK_REMOVE: what, or by which of id, case_id, all it is removed */
	struct block block;             /* kind 0: none */
	uint64_t id;                    /* 0: none */
	char case_id[CASE_ID_TEXT];     /* "": none */
	bool all;
	unsigned minutes;               /* ADD; 0: as containment.minutes says */
	bool force;                     /* ADD: although it is protected */
	char who[REQUEST_WHO_MAX + 1];  /* who asks, as he says */
	char reason[REQUEST_REASON_MAX + 1];
};

/*
 * {"show": NAME, "follow": BOOL, "limit": N}, {"block": "list"}, {"block": "add", "what": TEXT, "minutes": N, "force": BOOL,
 * "who": TEXT, "reason": TEXT}, {"block": "remove", "what": TEXT | "id": N | "case": TEXT | "all": true, "who": TEXT}; other
 * keys are refused, and texts of more than one line. -EINVAL. Sender: request_encode().
 */
must_check int request_decode(struct bytes line, struct request *ret);
/* Writes the line, with its end, as text. Receiver: request_decode(). -ENOMEM, -ENOSPC. */
must_check int request_encode(const struct request *, char *buf, size_t size);
/* One line of UTF-8 without control characters, at most max bytes? */
bool request_text_ok(const char *text, size_t max);

#endif
