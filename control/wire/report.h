/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What emulation learned: runs (what the code did in each emulated server) and traces (what a success
 * would leave on the wire). Written by emu/pool/worker, read by control and the CLI.
 */
#ifndef CONTROL_WIRE_REPORT_H
#define CONTROL_WIRE_REPORT_H

#include "control/wire/address.h"
#include "control/wire/language.h"

enum {
	REPORT_MAX = 8 << 20,       /* bytes of an encoded report */
	REPORT_RUNS_MAX = 16,
	REPORT_EVENTS_MAX = 256,    /* of one run; more are counted in events_left */
	REPORT_TRACES_MAX = 128,
	REPORT_OUTPUT_MAX = 1 << 20,
	TRACE_PATTERN_MAX = 8192,
	TRACE_DEPENDS_MAX = 16,
};

enum event_kind {
	EVENT_CONNECT, EVENT_LISTEN, EVENT_ACCEPT, EVENT_DNS, EVENT_ICMP, EVENT_FETCH, EVENT_SEND, EVENT_EXEC,
	EVENT_OPEN, EVENT_WRITE, EVENT_DELETE, EVENT_SLEEP, EVENT_RENAME, EVENT_REGISTRY, EVENT_MUTEX, EVENT_SERVICE,
	EVENT_TASK, EVENT_PIPE, EVENT_CHMOD, EVENT_MKDIR, EVENT_LINK, EVENT_KILL, EVENT_MODULE, EVENT_PTRACE, EVENT_NAME,
	EVENT_KIND_COUNT,
};
const char *event_kind_name(enum event_kind);

/* Fields that a kind does not use are empty or 0. */
struct event {
	enum event_kind kind;
	struct address address;   /* connect, accept, icmp, listen */
	uint16_t port;
	uint8_t protocol;         /* 6, 17, … of connect, listen, send */
	uint64_t virtual_ns;      /* guest time since the run began; of sleep: how long, in value */
	uint64_t value;           /* sleep: ns; write, send: bytes in all */
	/*
	 * dns: the name; fetch: the URL; connect: the name that a made-up address stands for; registry, module, ptrace: what
	 * was done; write: "create" where the file was not there; chmod: the mode in octal; kill: the signal's number; name:
	 * what the process calls itself now
	 */
	struct bytes name;
	/*
	 * exec, open, write, delete, chmod, mkdir, link, module; rename: the old one; registry: KEY or KEY\VALUE; mutex,
	 * service, task, pipe: its name; kill, ptrace: the other process, by its name or its number
	 */
	struct bytes path;
	struct bytes argv;        /* exec: words, each ended by NUL */
	struct bytes data;        /* send, write: the first 4096 bytes; rename: the new path; link: where it leads; registry: the value */
};

/* Why a run ended. "exit" is the only ordinary one. */
enum stopped_by {
	STOPPED_EXIT, STOPPED_SIGNAL, STOPPED_BLOCKS, STOPPED_SYSCALLS, STOPPED_ROUNDS, STOPPED_COPIES,
	STOPPED_PROCESSES, STOPPED_MEMORY, STOPPED_OUTPUT, STOPPED_FILES, STOPPED_DESCRIPTORS, STOPPED_CONNECTS,
	STOPPED_TIME, STOPPED_WATCHDOG, STOPPED_DIED, STOPPED_UNSUPPORTED, STOPPED_COUNT,
};
const char *stopped_by_name(enum stopped_by); /* "exit", "signal", "blocks", …, "emulator died", "unsupported" */

struct run {
	struct bytes profile;             /* its name */
	uint32_t seed;                    /* which of its seeds, from 0 */
	struct bytes output;              /* stdout and stderr as they interleave */
	struct bytes out, err;            /* apart */
	int32_t exit_status;              /* as a shell counts: 128 + n for a signal */
	enum stopped_by stopped_by;
	uint64_t blocks;                  /* work: blocks run, and what else was done in blocks that take as long */
	uint64_t host_ns;                 /* for people; no decision hangs on it */
	uint64_t ended_ns;                /* guest time from the start until the first process had ended */
	uint32_t events_count, events_left;
	const struct event *events;
};

enum trace_kind {
	TRACE_TEXT,     /* text in a response */
	TRACE_SCRIPT,   /* a script node in a parsed HTML response */
	TRACE_CONNECT, TRACE_LISTEN, TRACE_DNS, TRACE_ICMP, TRACE_FETCH,
	TRACE_DELAY,    /* the response comes later by value_ns */
	TRACE_DATA,     /* bytes on the attack's own connection */
	TRACE_ERROR,    /* text an interpreter prints when it rejects the code (R2), not a success */
	TRACE_TRUTH,    /* what the attack's predicate is: "true", "false", "open"; no evidence by itself: a series of probes is */
	TRACE_KIND_COUNT,
};
const char *trace_kind_name(enum trace_kind);

enum trace_place {
	PLACE_RESPONSE,  /* this response */
	PLACE_LATER_RESPONSE,
	PLACE_LATER_FLOW,/* later flows of the site */
	PLACE_OWN_FLOW,  /* the attack's own connection */
	PLACE_COUNT,
};
const char *trace_place_name(enum trace_place);

struct trace {
	enum trace_kind kind;
	enum trace_place place;
	/*
	 * script: "script: TEXT", "ELEMENT@ATTRIBUTE: TEXT", "*: TEXT" (any script of the page's own); no pattern, text is TEXT.
	 * text kinds: a PCRE2 pattern over bytes (no UTF mode, no look-around, no back-references): literals
	 * escaped, holes as classes with bounded repeats. Network kinds: how people write it
	 * ("198.51.100.7", "203.0.113.9:4444", "http://203.0.113.9/x"); where a part of the name hangs on the
	 * server (a host name sent out over DNS), literal is false and pattern is a PCRE2 pattern of the whole name.
	 */
	struct bytes pattern;
	struct address address;   /* network kinds, if known as an address */
	uint16_t port;            /* 0: any */
	uint8_t protocol;
	uint64_t value_ns;        /* delay */
	double bits;              /* -log2 of the chance that other text holds it at one position */
	bool must_show;           /* a success must leave it: in every profile, without open-world input */
	bool literal;             /* pattern has no hole */
	struct bytes text;        /* an example: what the first profile really printed (<= 4096) */
	uint32_t depends_count;
	struct bytes depends_on[TRACE_DEPENDS_MAX]; /* "path /srv/x", "variable HOME", "program curl", "network" … */
	struct bytes profiles;    /* names that leave it, each ended by NUL */
};

struct report {
	uint64_t job_id;
	enum language language;   /* what it was run as (auto resolved) */
	enum stopped_by stopped_by; /* the worst of its runs */
	uint64_t host_ns;
	uint64_t blocks;          /* of all runs together, sent or not: the measure of work that never differs */
	uint32_t runs_count;
	const struct run *runs;
	uint32_t traces_count;
	const struct trace *traces;
};

void report_encode(struct sink *, const struct report *);
/* Bytes stay borrowed from b; arrays are allocated, all freed by report_free(*ret). -EBADMSG, -ENOMEM. */
must_check int report_decode(struct bytes *b, struct report **ret);
void report_free(struct report *);

#endif
