/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every key of the config file: one row each. */
#include "config/schema.h"

#include <stddef.h>
#include <string.h>

#define AT(field) offsetof(struct settings, field)
#define LIST(field, count) AT(field), AT(count), 0
#define ONE(field) AT(field), 0, sizeof(((struct settings *)0)->field)

/* clang-format off */
const struct schema_row schema[] = {
	{ "dataplane.lanes", SCHEMA_COUNT, "lanes", 1, 64, 1, "", false,
	  "Pinned cores that take packets, each with tables of its own.", ONE(lanes) },
	{ "dataplane.memory_mb", SCHEMA_COUNT, "MiB", 64, 1 << 20, 256, "", false,
	  "DPDK memory where no hugepages are reserved.", ONE(memory_mb) },
	{ "dataplane.ring_mb", SCHEMA_COUNT, "MiB", 8, 1024, 16, "", false,
	  "A lane's ring up to control; at least two of the longest records must fit.", ONE(ring_mb) },
	{ "dataplane.ports", SCHEMA_PORTS, "ports", 0, 8, 0, "", false,
	  "Where packets come from: name is what people call it, device a PCI address or a DPDK vdev with its "
	  "arguments, pair the name of the port where they leave again (inline; without it a tap).",
	  LIST(ports, ports_count) },
	{ "dataplane.flows", SCHEMA_COUNT, "flows", 1024, 1 << 24, 131072, "", false,
	  "Flow table entries of a lane; when all are taken the idlest is dropped and counted.", ONE(flows) },
	{ "dataplane.inflaters", SCHEMA_COUNT, "directions", 0, 65536, 256, "", false,
	  "Directions of WebSocket flows of a lane whose compressed messages are followed at once; 40 KB each.", ONE(inflaters) },
	{ "dataplane.sessions", SCHEMA_COUNT, "flows", 64, 1 << 20, 16384, "", false,
	  "Flows of a lane whose contents are followed at once; only these hold stream memory.", ONE(sessions) },
	{ "dataplane.stream_mb", SCHEMA_COUNT, "MiB", 1, 65536, 32, "", false,
	  "Segments of a lane that wait for a gap to close.", ONE(stream_mb) },
	{ "dataplane.stream_wait_kb", SCHEMA_COUNT, "KiB", 16, 16384, 256, "", false,
	  "Waiting segments of one direction of one flow: one sender must not take all of stream_mb.",
	  ONE(stream_wait_kb) },
	{ "dataplane.cases_open", SCHEMA_COUNT, "cases", 16, 1 << 20, 1024, "", false,
	  "Cases of a lane that wait for their response.", ONE(cases_open) },
	{ "dataplane.case_mb", SCHEMA_COUNT, "MiB", 2, 65536, 64, "", false,
	  "Memory of a lane's open cases.", ONE(case_mb) },
	{ "dataplane.case_part_kb", SCHEMA_COUNT, "KiB", 4, 512, 256, "", false,
	  "Kept of one request or response: three quarters from its head, one quarter from its tail.",
	  ONE(case_part_kb) },
	{ "dataplane.case_open_s", SCHEMA_COUNT, "s", 1, 3600, 8, "", false,
	  "After so long without a whole response a case is sent as it is: a verdict is due within ten seconds.",
	  ONE(case_open_s) },
	{ "dataplane.tcp_idle_s", SCHEMA_COUNT, "s", 5, 86400, 600, "", false,
	  "A TCP flow without packets is forgotten after this.", ONE(tcp_idle_s) },
	{ "dataplane.tcp_closed_s", SCHEMA_COUNT, "s", 1, 600, 10, "", false,
	  "A closed TCP flow is kept so long for late segments.", ONE(tcp_closed_s) },
	{ "dataplane.udp_idle_s", SCHEMA_COUNT, "s", 1, 86400, 60, "", false,
	  "A UDP or ICMP flow without packets is forgotten after this.", ONE(udp_idle_s) },

	{ "inline.fail_open", SCHEMA_FLAG, "", 0, 1, 1, "", false,
	  "While rules load, a lane stalls or the program is dead, traffic goes on without being looked into; false: it stops, and every "
	  "packet waits for its lane.", ONE(fail_open) },
	{ "inline.stall_ms", SCHEMA_COUNT, "ms", 100, 60000, 500, "", false,
	  "A receiver or a lane that shows no life for so long has stalled.", ONE(stall_ms) },
	{ "inline.return_s", SCHEMA_COUNT, "s", 0, 3600, 5, "", false,
	  "After a fall the dataplane must have been well for so long before traffic goes through it again, doubled with each fall, "
	  "at most 16 times as long.", ONE(return_s) },

	{ "inline.rebind", SCHEMA_PATH, "", 0, 0, 0, "/run/konseki-rebind.sock", false,
	  "Socket of konseki-rebind, who gives the PCI cards of pairs to the kernel's driver while the dataplane cannot forward.", ONE(rebind) },

	{ "rules.files", SCHEMA_PATHS, "files", 0, SETTINGS_LIST_MAX, 0, "rules/konseki.rules", true,
	  "Rule files in Suricata's language.", LIST(rules, rules_count) },
	{ "rules.home", SCHEMA_NETWORKS, "networks", 0, SETTINGS_LIST_MAX, 0, "", true,
	  "The protected networks, $HOME_NET in rules; none means every address.", LIST(home, home_count) },
	{ "rules.variables", SCHEMA_VARIABLES, "variables", 0, SETTINGS_LIST_MAX, 0, "", true,
	  "Further variables of rules, each NAME = \"address or port expression\"; the usual ones have defaults.",
	  LIST(variables, variables_count) },
	{ "rules.max", SCHEMA_COUNT, "rules", 1, 1 << 18, 65536, "", true,
	  "Rules kept; further ones are refused, so that compiling has an end.", ONE(rules_max) },
	{ "rules.pcre_steps", SCHEMA_COUNT, "steps", 100, 1000000, 5000, "", true,
	  "Matching steps of one regular expression on one buffer; beyond it the rule does not match and is counted.",
	  ONE(pcre_steps) },
	{ "rules.compiled", SCHEMA_PATH, "", 0, 0, 0, "../build/compiled", false,
	  "Folder where compiled rules are kept, so that the next start need not compile them again; used only if nobody else "
	  "may write there.", ONE(compiled) },

	{ "emulation.workers", SCHEMA_COUNT, "workers", 1, 256, 2, "", false,
	  "Sandboxed processes that run attack code.", ONE(workers) },
	{ "emulation.jobs_per_worker", SCHEMA_COUNT, "jobs", 1, 1000000, 1000, "", false,
	  "After so many jobs a worker is replaced by a fresh one.", ONE(jobs_per_worker) },
	{ "emulation.limit_s", SCHEMA_COUNT, "s", 1, 3600, 8, "", false,
	  "A worker that takes longer for one attack code in all profiles, by the clock, is given up and its case unknown; more on a slow machine.",
	  ONE(limit_s) },
	{ "emulation.profiles", SCHEMA_PATH, "", 0, 0, 0, "../emu/profiles", false,
	  "Folder of the server profiles.", ONE(profiles) },
	{ "emulation.user", SCHEMA_NAME, "", 0, 0, 0, "nobody", false,
	  "Account that the programs change to when started as root.", ONE(user) },

	{ "judging.success_bits", SCHEMA_NUMBER, "bits", 10, 200, 30, "", false,
	  "How unlikely in other traffic a found trace must be to prove a success.", ONE(success_bits) },
	{ "judging.window_s", SCHEMA_COUNT, "s", 1, 86400, 60, "", false,
	  "How long later flows of a site are watched for a trace.", ONE(window_s) },
	{ "judging.egress_visible", SCHEMA_FLAG, "", 0, 1, 0, "", false,
	  "States that all traffic of the protected servers to the outside passes here.", ONE(egress_visible) },
	{ "judging.sites", SCHEMA_SITES, "sites", 0, SETTINGS_LIST_MAX, 0, "", false,
	  "Which addresses act for one server: { name = \"shop\"; addresses = [ \"203.0.113.10\", \"10.1.0.0/28\" ]; }, its virtual "
	  "address first, then pool members, NAT, resolver, proxy; an address may act for several.", LIST(sites, sites_count) },
	{ "judging.history_mb", SCHEMA_COUNT, "MiB", 1, 65536, 64, "", false,
	  "Memory of what the sites did lately.", ONE(history_mb) },
	{ "judging.queue_jobs", SCHEMA_COUNT, "jobs", 16, 1 << 20, 4096, "", false,
	  "Attack codes that wait for a worker, the gravest alert first, of equals the oldest; beyond it a case is unknown "
	  "(queue-full), and so is one that waits longer than its window (queue-late).", ONE(queue_jobs) },
	{ "judging.open_mb", SCHEMA_COUNT, "MiB", 16, 1 << 20, 256, "", false,
	  "Memory of cases whose verdict is not final; beyond it the oldest are closed as they stand.", ONE(open_mb) },
	{ "judging.cache_mb", SCHEMA_COUNT, "MiB", 1, 1 << 20, 64, "", false,
	  "Memory of traces whose attack code was seen lately and need not be run again.", ONE(cache_mb) },

	{ "containment.on_success", SCHEMA_ACTS, "words", 0, BLOCK_ON_COUNT, 0, "", false,
	  "What a verdict of success blocks, inline: \"attacker\" its address, \"flow\" its connection, \"contact\" all between the victim and "
	  "the address that the evidence shows it in contact with. None: containment is off.", LIST(block_on, block_on_count) },
	{ "containment.minutes", SCHEMA_COUNT, "minutes", 1, 525600, 60, "", false,
	  "How long; a further success begins it anew.", ONE(block_minutes) },
	{ "containment.never", SCHEMA_NETWORKS, "networks", 0, SETTINGS_LIST_MAX, 0, "", false,
	  "Addresses that no verdict blocks, besides rules.home, judging.sites, this machine's own and those of collectors: proxies, CDNs, "
	  "NAT, monitoring, scanners of one's own.", LIST(never, never_count) },
	{ "containment.max", SCHEMA_COUNT, "blocks", 1, 32768, 4096, "", false,
	  "Blocks at once, so that many sources cost no more memory; beyond it nothing more is blocked, counted.", ONE(blocks_max) },
	{ "containment.proxied", SCHEMA_FLAG, "", 0, 1, 1, "", false,
	  "A request that says a proxy forwarded it (X-Forwarded-For, Forwarded, Via, …) costs its sender the flow, not the address, behind "
	  "which others are; false: the address all the same.", ONE(proxied) },

	{ "store.folder", SCHEMA_PATH, "", 0, 0, 0, "../build/state", false,
	  "Folder of verdicts, cases and spool.", ONE(store) },
	{ "store.max_mb", SCHEMA_COUNT, "MiB", 16, 1 << 24, 4096, "", false,
	  "Largest size of the store; the oldest cases make room.", ONE(store_mb) },
	{ "store.max_days", SCHEMA_COUNT, "days", 0, 36500, 0, "", false,
	  "Cases older than this are removed, counted; 0: only their number makes them go.", ONE(store_days) },
	{ "store.commit_ms", SCHEMA_COUNT, "ms", 1, 1000, 20, "", false,
	  "Verdicts of so long share one commit before they are told.", ONE(commit_ms) },

	{ "syslog.targets", SCHEMA_SYSLOG, "targets", 0, TARGETS_MAX, 0, "", false,
	  "Collectors of RFC 5424 lines: \"udp://host:port\", \"tcp://…\", \"tls://…\", or a group of url and the keys below.",
	  LIST(syslog, syslog_count) },
	{ "syslog.spool_mb", SCHEMA_COUNT, "MiB", 1, 65536, 256, "", false,
	  "Lines kept on disk until a collector has taken them.", ONE(spool_mb) },
	{ "syslog.excerpt_bytes", SCHEMA_COUNT, "bytes", 16, 4096, 256, "", false,
	  "Longest excerpt of evidence in an alert.", ONE(excerpt_bytes) },

	{ "metrics.listen", SCHEMA_LISTEN, "", 0, 0, 0, "", false,
	  "Where Prometheus may fetch metrics, \"127.0.0.1:9464\": an address of the management network; \"\" is nowhere.", ONE(metrics) },

	{ "privacy.mask_secrets", SCHEMA_FLAG, "", 0, 1, 1, "", false,
	  "A case is shown and exported with asterisks for cookies, credentials and tokens of its headers; attack code stays.",
	  ONE(mask_secrets) },
	{ "privacy.mask_outside", SCHEMA_FLAG, "", 0, 1, 0, "", false,
	  "And for all of its bodies and streams that is neither attack code nor evidence.", ONE(mask_outside) },

	{ "admin.socket", SCHEMA_PATH, "", 0, 0, 0, "../build/state/admin.sock", false,
	  "Socket that the command line asks.", ONE(socket) },
};
/* clang-format on */
const unsigned schema_count = COUNT_OF(schema);
_Static_assert(COUNT_OF(schema) <= SETTINGS_KEYS_MAX, "settings.lines has a place for each key");

static const char *const type_names[] = {
	[SCHEMA_COUNT] = "whole number",
	[SCHEMA_NUMBER] = "number",
	[SCHEMA_FLAG] = "true or false",
	[SCHEMA_NAME] = "name",
	[SCHEMA_LISTEN] = "address with a port",
	[SCHEMA_PATH] = "path",
	[SCHEMA_PATHS] = "list of paths",
	[SCHEMA_NETWORKS] = "list of networks",
	[SCHEMA_SYSLOG] = "list of targets",
	[SCHEMA_PORTS] = "list of groups",
	[SCHEMA_ACTS] = "list of words",
	[SCHEMA_SITES] = "list of groups",
	[SCHEMA_VARIABLES] = "group",
};

const char *schema_type_name(enum schema_type type)
{
	return type_names[type];
}

const struct schema_row *schema_find(const char *path)
{
	for (unsigned i = 0; i < schema_count; i++)
		if (strcmp(schema[i].path, path) == 0)
			return &schema[i];
	return NULL;
}

static const char *default_text(const struct schema_row *row, char *buf, size_t size)
{
	switch (row->type) {
	case SCHEMA_COUNT:
	case SCHEMA_NUMBER:
		snprintf(buf, size, "%.10g", row->preset);
		break;
	case SCHEMA_FLAG:
		snprintf(buf, size, "%s", row->preset != 0 ? "true" : "false");
		break;
	default:
		snprintf(buf, size, "%s", row->text[0] != '\0' ? row->text : "none");
	}
	return buf;
}

void schema_document(FILE *to)
{
	fprintf(to, "| key | type | range | default | change needs | what |\n|---|---|---|---|---|---|\n");
	for (unsigned i = 0; i < schema_count; i++) {
		const struct schema_row *row = &schema[i];
		char buf[256], range[96] = "";
		if (row->max > 0 && row->type != SCHEMA_FLAG)
			snprintf(range, sizeof(range), "%.10g–%.10g %s", row->min, row->max, row->unit);
		fprintf(to, "| `%s` | %s | %s | %s | %s | %s |\n", row->path, schema_type_name(row->type), range,
		        default_text(row, buf, sizeof(buf)), row->live ? "reload" : "restart", row->help);
	}
}
