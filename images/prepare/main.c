/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki-prepare: what only root can do before `konseki run`: hugepages, cards for vfio-pci. Does it and ends. */
#include "config/card.h"
#include "images/prepare/card.h"
#include "images/prepare/in_force.h"
#include "images/prepare/sysfs.h"

#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_CANNOT = 3, PAGE_MB = 2, SPARE_MB = 512, PORT_BUFFERS_MB = 32 };

static const char help[] =
    "usage: konseki-prepare [-c FILE] [--user NAME] [--cores] [--root FOLDER]\n"
    "Does what only root can do before `konseki run`, as the config in force wants it: reserves hugepages, gives ports\n"
    "that are named by PCI address to vfio-pci and their files in /dev/vfio to NAME (konseki). It can be repeated.\n"
    "  --cores        does nothing, and prints the processors that dataplane.lanes leave to everything else\n"
    "  --root FOLDER  stands for / (for tests)\n"
    "Exit: 0 done, 1 some port cannot be used, 2 usage, 3 the config or the account cannot be used.";

/* As many pages as DPDK would take without them, and more for each port's packets; none rather than too few. */
static void pages_reserve(const struct settings *s)
{
	unsigned long want = (s->memory_mb + s->ports_count * PORT_BUFFERS_MB + PAGE_MB - 1) / PAGE_MB, have = 0;
	struct sysinfo machine;
	char path[PATH_MAX], text[32];

	sysfs_path(path, sizeof(path), "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages");
	if (sysinfo(&machine) == 0 && (uint64_t)machine.totalram * machine.mem_unit < (want * PAGE_MB + SPARE_MB) << 20) {
		printf("hugepages: none, this machine has too little memory for %lu MiB of them\n", want * PAGE_MB);
		return;
	}
	if (sysfs_number(path, &have) < 0) {
		puts("hugepages: none, the kernel has no pages of 2 MiB");
		return;
	}
	snprintf(text, sizeof(text), "%lu", want);
	if (have < want && (sysfs_write(path, text) < 0 || sysfs_number(path, &have) < 0))
		have = 0;
	if (have < want && sysfs_write(path, "0") < 0) /* DPDK takes them if there are any, and does not start with too few */
		fputs("konseki-prepare: hugepages cannot be given back\n", stderr);
	printf("hugepages: %lu of %lu pages of 2 MiB\n", have < want ? 0 : have, want);
}

static void module_load(const char *name)
{
	char program[] = "/sbin/modprobe", quiet[] = "-q", word[32], *argv[] = { program, quiet, word, NULL };
	pid_t child;

	snprintf(word, sizeof(word), "%s", name);
	if (posix_spawn(&child, program, NULL, NULL, argv, environ) == 0)
		(void)waitpid(child, NULL, 0); /* built in, or missing: the binding shows */
}

/* Pairs of cards whose traffic is to go on are the kernel's until konseki-bypass wants them elsewhere. */
static bool left_to_rebind(const struct settings *s, const struct port_setting *p)
{
	char path[PATH_MAX];

	return s->fail_open && port_is_paired_card(p) && access(sysfs_path(path, sizeof(path), "%s", s->rebind), F_OK) == 0;
}

static bool cards_give(const struct settings *s, const struct passwd *user)
{
	bool all = true, first = true;

	for (unsigned i = 0; i < s->ports_count; i++) {
		const struct port_setting *p = &s->ports[i];
		enum card c;

		if (!port_is_card(p))
			continue;
		if (first)
			module_load("vfio-pci");
		first = false;
		if (left_to_rebind(s, p)) {
			printf("port %s, card %s: left to konseki-rebind\n", p->name, p->device);
			continue;
		}
		c = card_give(p->device, user->pw_uid, user->pw_gid);
		printf("port %s, card %s: %s\n", p->name, p->device, card_says(c));
		all &= card_is_there(c);
	}
	return all;
}

/* Lanes and their receiver take the last processors, one each, if then one is left (dataplane/port/device.c). */
static void cores_print(const struct settings *s)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN), busy = (long)s->lanes + 1;

	printf("0-%ld\n", busy < cpus ? cpus - busy - 1 : cpus - 1);
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "user", required_argument, NULL, 'u' }, { "root", required_argument, NULL, 'r' }, { "cores", no_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'v' }, { NULL, 0, NULL, 0 },
	};
	static struct settings settings;
	const char *config = NULL, *user = "konseki";
	const struct passwd *account;
	bool cores = false;
	int option;

	while ((option = getopt_long(argc, argv, "c:", longs, NULL)) != -1) {
		if (option == 'h' || option == 'v') {
			puts(option == 'h' ? help : "konseki-prepare " KONSEKI_VERSION);
			return 0;
		}
		if (option == 'c')
			config = optarg;
		else if (option == 'u')
			user = optarg;
		else if (option == 'r')
			sysfs_root(optarg);
		else if (option == 'n')
			cores = true;
		else
			return EXIT_USAGE;
	}
	if (optind < argc) {
		fprintf(stderr, "konseki-prepare: unexpected argument: %s\n", argv[optind]);
		return EXIT_USAGE;
	}
	if (config_in_force(config, &settings) < 0) {
		fputs("konseki-prepare: the config cannot be used; konseki check tells why\n", stderr);
		return EXIT_CANNOT;
	}
	if (cores) {
		cores_print(&settings);
		return 0;
	}
	if ((account = getpwnam(user)) == NULL) {
		fprintf(stderr, "konseki-prepare: there is no account %s\n", user);
		return EXIT_CANNOT;
	}
	pages_reserve(&settings);
	return cards_give(&settings, account) ? 0 : 1;
}
