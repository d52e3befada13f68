/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything an operator can set, as the programs use it. Filled from a file by the rows of config/schema.c. */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "control/wire/address.h"

#include <limits.h>

enum {
	SETTINGS_LIST_MAX = 64, SETTINGS_KEYS_MAX = 64, SITE_NETWORKS_MAX = 32,
	TARGETS_MAX = 8, TARGET_LIST_MAX = 32, CLASS_NAME_MAX = 24, FINGERPRINT_SIZE = 32,
};

struct network {
	struct address address;
	unsigned bits;
};

/* Which verdicts a collector is told; all zero: every one. */
struct syslog_filter {
	unsigned priority;             /* the least one: 0 low, 1 medium, 2 high */
	unsigned verdicts;             /* 1 unknown, 2 failure, 4 success, or-ed; 0: all */
	bool final_only;
	unsigned classes_count;        /* 0: all */
	char classes[TARGET_LIST_MAX][CLASS_NAME_MAX];
	unsigned networks_count;       /* one side of the attack is in one of these or of the sites; none of both: all */
	struct network networks[TARGET_LIST_MAX];
	unsigned sites_count;
	unsigned sites[TARGET_LIST_MAX]; /* indices into settings.sites */
};

struct syslog_target {
	char host[256];
	uint16_t port;
	enum syslog_transport { SYSLOG_UDP, SYSLOG_TCP, SYSLOG_TLS } transport;
	enum syslog_format { SYSLOG_JSON, SYSLOG_CEF, SYSLOG_FORMATS } format;
	struct syslog_filter filter;
	/* TLS; "" is none */
	char name[256];                /* that the certificate must be for, where it is not host */
	char ca[PATH_MAX];             /* PEM file of who may have signed it; none: the system's */
	char certificate[PATH_MAX], key[PATH_MAX]; /* ours, PEM */
	bool pinned;
	uint8_t fingerprint[FINGERPRINT_SIZE]; /* SHA-256 of the certificate, if pinned */
	unsigned line;                 /* where it stands in settings.file; 0: in an included one */
};

struct port_setting {
	char name[32];   /* what people call it: "tap0" */
	char device[256];/* a DPDK device: a PCI address, or a vdev with its arguments */
	char pair[32];   /* the port where its packets leave again, and the other way round; "": a tap */
	int pair_index;  /* of that port; -1: none */
};

/* The addresses that act for one server. */
struct site_setting {
	char name[32];
	unsigned networks_count;       /* at least one */
	struct network networks[SITE_NETWORKS_MAX];
};

/* A rule variable: $NAME stands for text, an address or port expression of the rule language. */
struct rule_variable {
	char name[32];
	char text[512];
	unsigned line;     /* where it stands in settings.file; 0: in an included one */
};

/* Owned strings are inside; paths are absolute (relative ones were resolved against the file's folder). */
struct settings {
	char file[PATH_MAX];            /* the config file itself; "" when none was found and defaults hold */
	unsigned lines[SETTINGS_KEYS_MAX]; /* of each row of the schema in that file; 0: not set there. See settings_line() */

	/* dataplane */
	unsigned lanes;
	unsigned memory_mb;             /* DPDK memory without hugepages */
	unsigned ring_mb;               /* per lane, to control */
	unsigned ports_count;
	struct port_setting ports[8];
	unsigned flows;                 /* flow table entries per lane */
	unsigned inflaters;             /* compressed WebSocket directions per lane followed at once */
	unsigned sessions;              /* flows per lane whose contents are followed at once */
	unsigned stream_mb;             /* waiting segments per lane */
	unsigned stream_wait_kb;        /* of one direction of one flow */
	unsigned cases_open;            /* per lane */
	unsigned case_mb;               /* memory of open cases per lane */
	unsigned case_part_kb;          /* kept of one part: three quarters head, one quarter tail */
	unsigned case_open_s;           /* after so long without a full response the case is sent as open */
	unsigned tcp_idle_s, tcp_closed_s, udp_idle_s;

	/* inline */
	bool fail_open;                 /* what cannot be looked into goes on; else it stays */
	unsigned stall_ms;              /* without a sign of life it counts as dead */
	unsigned return_s;              /* well for so long after a fall before it gets the traffic back */
	char rebind[PATH_MAX];          /* socket of konseki-rebind */

	/* rules */
	unsigned rules_count;
	char rules[SETTINGS_LIST_MAX][PATH_MAX];
	unsigned home_count;            /* protected sites; none: every address */
	struct network home[SETTINGS_LIST_MAX];
	unsigned variables_count;
	struct rule_variable variables[SETTINGS_LIST_MAX];
	unsigned rules_max;             /* rules kept; further ones are refused */
	unsigned pcre_steps;            /* one regular expression may take on one buffer */
	char compiled[PATH_MAX];        /* folder of compiled rules */

	/* emulation */
	unsigned workers;
	unsigned jobs_per_worker;
	unsigned limit_s;               /* a live worker that takes longer for one code is given up */
	char profiles[PATH_MAX];        /* folder of server profiles */
	char user[64];                  /* the account the programs change to when started as root */

	/* judging */
	double success_bits;
	unsigned window_s;              /* how long later flows are watched for a trace */
	bool egress_visible;            /* the operator states: all traffic of the servers to outside passes here */
	unsigned history_mb;
	unsigned queue_jobs;
	unsigned open_mb;               /* cases whose verdict is not final */
	unsigned sites_count;
	struct site_setting sites[SETTINGS_LIST_MAX];
	unsigned cache_mb;              /* traces of codes seen lately */

	/* containment */
	unsigned block_on_count;        /* 0: off */
	enum block_on { BLOCK_ON_ATTACKER, BLOCK_ON_FLOW, BLOCK_ON_CONTACT, BLOCK_ON_COUNT } block_on[BLOCK_ON_COUNT];
	unsigned block_minutes;
	unsigned never_count;           /* networks that no verdict blocks */
	struct network never[SETTINGS_LIST_MAX];
	unsigned blocks_max;
	bool proxied;                   /* a request that says it was forwarded does not cost its sender's address */

	/* store and journal */
	char store[PATH_MAX];           /* folder */
	unsigned store_mb;
	unsigned store_days;            /* 0: as long as there is room */
	unsigned commit_ms;
	unsigned syslog_count;
	struct syslog_target syslog[TARGETS_MAX];
	unsigned spool_mb;
	char socket[PATH_MAX];          /* admin socket */
	char metrics[64];               /* "address:port" that metrics are told at; "": nowhere */
	bool mask_secrets, mask_outside; /* of cases that people are shown */
	unsigned excerpt_bytes;         /* of evidence */
};

#endif
