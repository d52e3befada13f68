/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A server profile: the facts of one kind of server, read from a folder that an operator can copy and change. */
#ifndef EMU_WORLD_PROFILE_H
#define EMU_WORLD_PROFILE_H

#include "control/wire/address.h"
#include "emu/machine/machine.h"
#include "emu/world/tree.h"

enum {
	PROFILE_ENVIRONMENT_MAX = 64, PROFILE_ADDRESSES_MAX = 8, PROFILE_PORTS_MAX = 32, PROFILE_LABELS_MAX = 64,
	PROFILE_NAMED_MAX = 8, PROFILE_CLOCKS_MAX = 8, PROFILE_INIS_MAX = 4, PROFILE_NAME_BYTES = 65, PROFILE_FACTS_MAX = 160,
};
/* In the environment and in the files of `named`: where the host's name stands. */
#define PROFILE_NAME_PLACE "@HOSTNAME@"

struct profile {
	char name[64];                 /* the folder's name */
	char hostname[PROFILE_NAME_BYTES], domain[65];
	unsigned hostname_digits;      /* not 0: the name is so many hexadecimal digits, by the seed */
	unsigned named_count;
	char *named[PROFILE_NAMED_MAX]; /* owned: paths of files that hold the place of the host's name */
	char kernel_release[65], kernel_version[65];
	struct identity user;
	char context[128];             /* of the command's process, as SELinux tells it; "": there is no SELinux */
	unsigned labels_count;
	struct label { char *path, *context; } labels[PROFILE_LABELS_MAX]; /* owned: of what stands at path and below */
	unsigned clocks_count;
	struct own_clock { char *program; unsigned times, blocks; } clocks[PROFILE_CLOCKS_MAX]; /* owned; see profile_own_clock() */
	char cgroup[256];              /* the line of /proc/PID/cgroup; "": no such file */
	char cwd[256];
	char shell[256];               /* what runs shell commands */
	char php[256], python[256], perl[256], ruby[256], node[256]; /* what runs these languages; "": nothing */
	unsigned php_inis_count;
	char *php_inis[PROFILE_INIS_MAX]; /* owned: configurations of php, of which a victim has one */
	uint64_t clock_ns;             /* UTC at which runs begin, before the seed's offset */
	uint32_t pid;                  /* of the command's process, before the seed's offset */
	unsigned memory_mb, processors;
	unsigned addresses_count;
	struct address addresses[PROFILE_ADDRESSES_MAX]; /* of eth0; loopback is always there */
	struct address resolver;
	unsigned ports_count;
	uint16_t ports[PROFILE_PORTS_MAX];   /* TCP ports on which the server itself listens */
	unsigned environment_count;
	char *environment[PROFILE_ENVIRONMENT_MAX]; /* owned: "NAME=value" */
	unsigned applets_count;
	char **applets;                /* owned; sorted; names the multi-call program answers to */
	unsigned quiet_count;
	char **quiet;                  /* owned: path prefixes that programs ask for of themselves: no open questions */
	bool windows;                  /* kind = "windows": no Linux machine; emu/windows reads the rest of the folder */
	unsigned facts_count;
	struct own_fact { char *name, *value; } facts[PROFILE_FACTS_MAX]; /* owned: what Windows programs can be asked */
	struct node *sysroots[CPU_COUNT]; /* where programs of other processors look first; NULL: nowhere */
	bool ping_group;               /* may anyone open a datagram ICMP socket? */
};

/* Reads FOLDER/profile.conf and FOLDER/files into profile and tree. -errno; why names file and line. */
must_check int profile_read(struct profile *, struct tree *, const char *folder, char *why, size_t why_size);
void profile_fini(struct profile *);
bool profile_has_applet(const struct profile *, const char *name); /* true where nothing is left out */

/* How often a program asks what time it is of itself, whatever code it runs. */
unsigned profile_own_clock(const struct profile *, const char *program);
/* How many blocks it takes to start and end, whatever code it runs; 0: too few to be counted apart. */
unsigned profile_own_blocks(const struct profile *, const char *program);
/* The label of the file at path, by the longest path of `labels` above it; NULL: none. */
const char *profile_label(const struct profile *, const char *path);

bool profile_is_quiet(const struct profile *, const char *path);

#endif
