/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one table of counters, and their encoding. */
#include "control/wire/counters.h"

#include <errno.h>

#define WORK COUNTER_KIND_WORK
#define ODD  COUNTER_KIND_ODD
#define LOSS COUNTER_KIND_LOSS
#define IGNORED COUNTER_KIND_IGNORED

static const struct counter_row rows[COUNTER_COUNT] = {
	[COUNTER_PACKETS] = { "packets", WORK, "packets the lane took from its port" },
	[COUNTER_BYTES] = { "bytes", WORK, "bytes of those packets as captured" },
	[COUNTER_CPU_NS] = { "cpu_ns", WORK, "processor time of the lane's thread, in nanoseconds" },
	[COUNTER_CAPTURES] = { "captures", WORK, "capture files replayed to their end" },
	[DROP_TRUNCATED] = { "drop_truncated", LOSS, "packets captured too short to hold their headers" },
	[DROP_LINK] = { "drop_link", LOSS, "packets whose link header could not be read" },
	[DROP_NOT_IP] = { "drop_not_ip", IGNORED, "frames that carry neither IPv4 nor IPv6 (ARP, LLDP, ...)" },
	[DROP_IP_HEADER] = { "drop_ip_header", LOSS, "packets with a wrong IP version, header or total length" },
	[DROP_IP_EXTENSIONS] = { "drop_ip_extensions", LOSS, "IPv6 packets with too many or broken extension headers" },
	[DROP_FRAGMENT] = { "drop_fragment", LOSS, "fragments given up: pool full, timed out, or a part never came" },
	[DROP_FRAGMENT_BAD] = { "drop_fragment_bad", LOSS, "fragments with an impossible offset or length" },
	[DROP_TCP_HEADER] = { "drop_tcp_header", LOSS, "packets with a broken TCP header" },
	[DROP_UDP_HEADER] = { "drop_udp_header", LOSS, "packets with a broken UDP header" },
	[DROP_ICMP_HEADER] = { "drop_icmp_header", LOSS, "packets with a broken ICMP header" },
	[DROP_PROTOCOL] = { "drop_protocol", IGNORED, "IP packets of a protocol that is not followed" },
	[COUNTER_FRAGMENTS] = { "fragments", WORK, "IP fragments seen" },
	[COUNTER_REASSEMBLED] = { "reassembled", WORK, "datagrams put together from fragments" },
	[COUNTER_FRAGMENT_OVERLAP] = { "fragment_overlap", ODD, "fragments that overlap earlier ones (the first bytes win)" },
	[COUNTER_IP_CHECKSUM] = { "ip_checksum", ODD, "IPv4 headers with a wrong checksum (looked into all the same)" },
	[COUNTER_SHORT_CAPTURE] = { "short_capture", ODD, "packets captured shorter than they were sent" },
	[COUNTER_VLAN] = { "vlan", WORK, "packets with at least one VLAN tag" },
	[COUNTER_LARGE] = { "large_cut", ODD, "frames longer than IP allows: looked into up to there" },
	[COUNTER_TIME_BACKWARD] = { "time_backward", ODD, "packets more than 10 ms older than one before them: their time was moved up" },
	[COUNTER_FLOWS] = { "flows", WORK, "flows begun" },
	[COUNTER_FLOWS_MIDSTREAM] = { "flows_midstream", ODD, "TCP flows that had begun before we saw them" },
	[COUNTER_FLOWS_ANSWERED] = { "flows_answered", WORK, "flows whose other side answered" },
	[COUNTER_FLOWS_REFUSED] = { "flows_refused", WORK, "flows refused before any answer" },
	[COUNTER_FLOWS_EXPIRED] = { "flows_expired", WORK, "flows ended by silence" },
	[COUNTER_FLOWS_CLOSED] = { "flows_closed", WORK, "TCP flows ended by FIN or RST" },
	[COUNTER_FLOWS_EVICTED] = { "flows_evicted", LOSS, "flows put out early because the table was full" },
	[DROP_FLOW_TABLE_FULL] = { "drop_flow_table_full", LOSS, "packets of new flows for which the table had no room" },
	[COUNTER_ICMP_ECHO] = { "icmp_echo", WORK, "ICMP echo requests seen" },
	[COUNTER_ICMP_ERROR] = { "icmp_error", WORK, "ICMP errors that quote a packet" },
	[COUNTER_ICMP_OTHER] = { "icmp_other", WORK, "other ICMP messages: neighbours, routers, timestamps" },
	[COUNTER_TCP_ODD_FLAGS] = { "tcp_odd_flags", ODD, "TCP packets whose flags contradict each other" },
	[COUNTER_SESSIONS] = { "sessions", WORK, "flows whose contents were followed" },
	[DROP_SESSIONS_FULL] = { "drop_sessions_full", LOSS, "flows whose contents were not followed: no session free" },
	[DROP_TRANSACTIONS_FULL] = { "drop_transactions_full", LOSS, "exchanges not followed: too many are under way" },
	[DROP_STREAM_WAIT] = { "drop_stream_wait", LOSS, "segments dropped: too much waits behind a gap of that direction" },
	[DROP_STREAM_POOL] = { "drop_stream_pool", LOSS, "segments dropped: the lane's segment pool is empty" },
	[DROP_STREAM_WINDOW] = { "drop_stream_window", LOSS, "segments outside any believable window" },
	[COUNTER_STREAM_GAP] = { "stream_gap", ODD, "gaps in streams that were given up" },
	[COUNTER_STREAM_OVERLAP] = { "stream_overlap", ODD, "segments with other bytes than wait for the same place (the first win)" },
	[COUNTER_STREAM_RETRANSMITTED] = { "stream_retransmitted", WORK, "segments that brought nothing new" },
	[COUNTER_STREAM_BEYOND_DEPTH] = { "stream_beyond_depth", ODD,
		"bytes of raw streams beyond the depth that rules look into" },
	[COUNTER_HTTP_REQUESTS] = { "http_requests", WORK, "HTTP requests completed" },
	[COUNTER_HTTP_RESPONSES] = { "http_responses", WORK, "HTTP responses completed" },
	[COUNTER_HTTP_MALFORMED] = { "http_malformed", ODD, "HTTP messages whose framing broke" },
	[COUNTER_WEBSOCKET_MESSAGES] = { "websocket_messages", WORK, "WebSocket messages completed" },
	[COUNTER_WEBSOCKET_MALFORMED] = { "websocket_malformed", ODD, "WebSocket directions whose framing or compression broke" },
	[DROP_INFLATERS_FULL] = { "drop_inflaters_full", LOSS, "compressed WebSocket messages not looked into: too many directions compress at once" },
	[COUNTER_DNS_MESSAGES] = { "dns_messages", WORK, "DNS messages read" },
	[COUNTER_DNS_MALFORMED] = { "dns_malformed", ODD, "DNS messages that could not be read" },
	[COUNTER_CASES] = { "cases", WORK, "cases sent to control" },
	[COUNTER_CASES_OPEN] = { "cases_open", WORK, "cases sent early because the response takes long" },
	[DROP_CASES_FULL] = { "drop_cases_full", LOSS, "cases lost: too many open at once" },
	[DROP_CASE_MEMORY] = { "drop_case_memory", LOSS, "bytes of cases not kept: the lane's case memory is full" },
	[DROP_CASE_RING] = { "drop_case_ring", LOSS, "cases lost: the ring to control was full" },
	[DROP_CASE_SIZE] = { "drop_case_size", LOSS, "cases lost: larger than a record may be" },
	[COUNTER_HISTORY] = { "history", WORK, "history records sent to control" },
	[DROP_HISTORY_RING] = { "drop_history_ring", LOSS, "history records lost: the ring to control was full" },
	[COUNTER_PORT_WAITS] = { "port_waits", WORK, "times the replay port was held back for want of room" },
	[DROP_PORT_MISSED] = { "drop_port_missed", LOSS, "packets the port lost because no lane took them in time" },
	[DROP_PORT_NO_MEMORY] = { "drop_port_no_memory", LOSS, "packets the port lost for want of packet buffers" },
	[DROP_PORT_ERRORS] = { "drop_port_errors", LOSS, "packets the port received with errors" },
	[DROP_LANE_QUEUE] = { "drop_lane_queue", LOSS, "packets not looked into: the lane's queue was full (inline they were forwarded)" },
	[DROP_OVERLOAD_NEW] = { "drop_overload_new", LOSS, "packets of new flows not looked into: known ones were more than the lane could take" },
	[COUNTER_FORWARDED] = { "forwarded", WORK, "packets that left by the other port of their pair" },
	[DROP_FORWARD_FULL] = { "drop_forward_full", LOSS, "packets lost on the wire: the other port of the pair took no more" },
	[DROP_FORWARD_NOT_READY] = { "drop_forward_not_ready", LOSS, "packets not looked into: the rules were not loaded yet" },
	[DROP_FORWARD_BYPASSED] = { "drop_forward_bypassed", LOSS, "packets not looked into: the kernel carried them at that time" },
	[DROP_FORWARD_STALLED] = { "drop_forward_stalled", LOSS, "packets not looked into: their lane stood still" },
	[DROP_FORWARD_OVERTAKEN] = { "drop_forward_overtaken", LOSS, "packets lost on the wire: they waited for a lane that stood still" },
	[COUNTER_LANE_STALLS] = { "lane_stalls", ODD, "times that a lane stood still for longer than inline.stall_ms" },
	[COUNTER_BYPASSED] = { "bypassed", ODD, "1 while the kernel carries the packets" },
	[COUNTER_BYPASS_FALLS] = { "bypass_falls", ODD, "times that the kernel had to take over" },
	[COUNTER_FORWARD_WAITED] = { "forward_waited", WORK, "packets that left only after the lane had looked into them" },
	[COUNTER_STOPPED_BY_RULE] = { "stopped_by_rule", WORK, "packets that did not leave, as a rule says (drop, reject)" },
	[COUNTER_STOPPED_BY_BLOCK] = { "stopped_by_block", WORK, "packets that did not leave and were not looked into: their address, pair or flow is blocked" },
	[COUNTER_REJECTED] = { "rejected", WORK, "resets and ICMP errors sent, as a rule says (reject)" },
	[COUNTER_RULES_LOADED] = { "rules_loaded", WORK, "rules in force" },
	[COUNTER_RULES_REFUSED] = { "rules_refused", ODD, "rules that could not be understood" },
	[COUNTER_RULES_RELOADS] = { "rules_reloads", WORK, "times that other rules came into force" },
	[COUNTER_RULES_RELOADS_FAILED] = { "rules_reloads_failed", ODD, "reloads after which the old rules stayed in force" },
	[COUNTER_RULES_RESTARTED] = { "rules_restarted", ODD, "exchanges under way that were begun anew under other rules" },
};

const struct counter_row *counter_row(enum counter c)
{
	return &rows[c];
}

void counters_encode(struct sink *s, const struct lane_counters *c)
{
	sink_u32le(s, c->lane);
	sink_u32le(s, COUNTER_COUNT);
	for (unsigned i = 0; i < COUNTER_COUNT; i++)
		sink_u64le(s, c->value[i]);
}

int counters_decode(struct bytes *b, struct lane_counters *ret)
{
	struct bytes at = *b;
	struct lane_counters c;
	uint32_t count;

	if (bytes_u32le(&at, &c.lane) < 0 || bytes_u32le(&at, &count) < 0 || count != COUNTER_COUNT)
		return -EBADMSG;
	for (unsigned i = 0; i < COUNTER_COUNT; i++)
		if (bytes_u64le(&at, &c.value[i]) < 0)
			return -EBADMSG;
	*b = at;
	*ret = c;
	return 0;
}
