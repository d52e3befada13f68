/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a lane counts, one row each in counters.c: shared by the lanes, control, metrics and the CLI. Every way to
 * lose or not to look at a packet, a case or a history record has a row of its own.
 */
#ifndef CONTROL_WIRE_COUNTERS_H
#define CONTROL_WIRE_COUNTERS_H

#include "control/wire/bytes.h"

enum counter {
	/* work done */
	COUNTER_PACKETS,
	COUNTER_BYTES,
	COUNTER_CPU_NS,
	COUNTER_CAPTURES,
	/* decode: why a packet was not looked into */
	DROP_TRUNCATED,
	DROP_LINK,
	DROP_NOT_IP,
	DROP_IP_HEADER,
	DROP_IP_EXTENSIONS,
	DROP_FRAGMENT,
	DROP_FRAGMENT_BAD,
	DROP_TCP_HEADER,
	DROP_UDP_HEADER,
	DROP_ICMP_HEADER,
	DROP_PROTOCOL,
	/* decode: looked into, but odd */
	COUNTER_FRAGMENTS,
	COUNTER_REASSEMBLED,
	COUNTER_FRAGMENT_OVERLAP,
	COUNTER_IP_CHECKSUM,
	COUNTER_SHORT_CAPTURE,
	COUNTER_VLAN,
	COUNTER_LARGE,
	COUNTER_TIME_BACKWARD,
	/* flow */
	COUNTER_FLOWS,
	COUNTER_FLOWS_MIDSTREAM,
	COUNTER_FLOWS_ANSWERED,
	COUNTER_FLOWS_REFUSED,
	COUNTER_FLOWS_EXPIRED,
	COUNTER_FLOWS_CLOSED,
	COUNTER_FLOWS_EVICTED,
	DROP_FLOW_TABLE_FULL,
	COUNTER_ICMP_ECHO,
	COUNTER_ICMP_ERROR,
	COUNTER_ICMP_OTHER,
	COUNTER_TCP_ODD_FLAGS,
	/* stream and app */
	COUNTER_SESSIONS,
	DROP_SESSIONS_FULL,
	DROP_TRANSACTIONS_FULL,
	DROP_STREAM_WAIT,
	DROP_STREAM_POOL,
	DROP_STREAM_WINDOW,
	COUNTER_STREAM_GAP,
	COUNTER_STREAM_OVERLAP,
	COUNTER_STREAM_RETRANSMITTED,
	COUNTER_STREAM_BEYOND_DEPTH,
	COUNTER_HTTP_REQUESTS,
	COUNTER_HTTP_RESPONSES,
	COUNTER_HTTP_MALFORMED,
	COUNTER_WEBSOCKET_MESSAGES,
	COUNTER_WEBSOCKET_MALFORMED,
	DROP_INFLATERS_FULL,
	COUNTER_DNS_MESSAGES,
	COUNTER_DNS_MALFORMED,
	/* cases and history */
	COUNTER_CASES,
	COUNTER_CASES_OPEN,
	DROP_CASES_FULL,
	DROP_CASE_MEMORY,
	DROP_CASE_RING,
	DROP_CASE_SIZE,
	COUNTER_HISTORY,
	DROP_HISTORY_RING,
	/* port */
	COUNTER_PORT_WAITS,
	DROP_PORT_MISSED,
	DROP_PORT_NO_MEMORY,
	DROP_PORT_ERRORS,
	DROP_LANE_QUEUE,
	DROP_OVERLOAD_NEW,
	/* inline */
	COUNTER_FORWARDED,
	DROP_FORWARD_FULL,
	DROP_FORWARD_NOT_READY,
	DROP_FORWARD_BYPASSED,
	DROP_FORWARD_STALLED,
	DROP_FORWARD_OVERTAKEN,
	COUNTER_LANE_STALLS,
	COUNTER_BYPASSED,
	COUNTER_BYPASS_FALLS,
	COUNTER_FORWARD_WAITED,
	COUNTER_STOPPED_BY_RULE,
	COUNTER_STOPPED_BY_BLOCK,
	COUNTER_REJECTED,
	COUNTER_RULES_LOADED,
	COUNTER_RULES_REFUSED,
	COUNTER_RULES_RELOADS,
	COUNTER_RULES_RELOADS_FAILED,
	COUNTER_RULES_RESTARTED,
	COUNTER_COUNT,
};

/*
 * What the number is: only counters of kind LOSS mean that something was not seen or not told, those of kind IGNORED
 * that it is not looked into. A replay tells all but WORK at its end.
 */
enum counter_kind { COUNTER_KIND_WORK, COUNTER_KIND_ODD, COUNTER_KIND_IGNORED, COUNTER_KIND_LOSS };

struct counter_row {
	const char *name; /* "drop_flow_table_full": stable, in metrics and JSON */
	enum counter_kind kind;
	const char *help; /* one sentence */
};

/* Never NULL for a valid counter. */
const struct counter_row *counter_row(enum counter);

/* RECORD_COUNTERS: all of one lane's counters since start. */
struct lane_counters {
	uint32_t lane;
	uint64_t value[COUNTER_COUNT];
};

void counters_encode(struct sink *, const struct lane_counters *);
/* -EBADMSG also where the producer counts other things than we do. */
must_check int counters_decode(struct bytes *, struct lane_counters *ret);

#endif
