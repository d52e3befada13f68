/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki-emu: opens the emulated servers, gives root up, and forks the workers that run attack code. */
#include "config/account.h"
#include "config/load.h"
#include "emu/shellcode/find.h"
#include "emu/pool/zygote.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_CANNOT = 3, WORKERS_MAX = 256 };

struct options {
	const char *config; /* NULL: none was named */
	int control;
	unsigned workers;   /* 0: as the config says */
};

static bool number(const char *text, unsigned max, unsigned *ret)
{
	char *end;
	unsigned long v;

	errno = 0;
	v = strtoul(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || v > max)
		return false;
	*ret = (unsigned)v;
	return true;
}

static const char help[] =
    "usage: konseki-emu -c FILE --control FD [--workers N]\n"
    "Opens the emulated servers and forks the workers that run attack code. Started by `konseki run`, `konseki replay`\n"
    "and `konseki emulate`, which hand it FD, the socket over which workers go up.";

static int parse(int argc, char **argv, struct options *ret)
{
	static const struct option options[] = {
		{ "control", required_argument, NULL, 'f' },
		{ "workers", required_argument, NULL, 'w' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	unsigned fd = 0;
	int c;

	*ret = (struct options){ .control = -1 };
	while ((c = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
		if (c == 'h') {
			puts(help);
			exit(0);
		}
		if (c == 'c')
			ret->config = optarg;
		else if (c == 'f' && number(optarg, 1 << 20, &fd))
			ret->control = (int)fd;
		else if (c != 'w' || !number(optarg, WORKERS_MAX, &ret->workers))
			return EXIT_USAGE;
	}
	if (ret->control < 0 || optind != argc) {
		fputs("konseki-emu is started by konseki: -c FILE --control FD [--workers N]\n", stderr);
		return EXIT_USAGE;
	}
	return 0;
}

static int settings_read(const char *file, struct settings *ret)
{
	struct complaints complaints = { .to = stderr, .max = 20 };
	char found[PATH_MAX];

	if (file == NULL)
		file = settings_find(found, sizeof(found));
	if (file == NULL) {
		settings_default(".", ret);
		return 0;
	}
	return settings_load(file, &complaints, ret);
}

static int is_profile(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* Opens every profile of the folder, by name, so that the order of runs is always the same. How many, or -errno. */
static int open_servers(const char *folder, struct server **ret, unsigned max)
{
	struct dirent **names = NULL;
	int found = scandir(folder, &names, is_profile, alphasort), opened = 0, r = 0;

	if (found < 0) {
		r = -errno;
		fprintf(stderr, "konseki-emu: emulation.profiles: %s: %s\n", folder, strerror(-r));
		return r;
	}
	for (int i = 0; i < found; i++) {
		char path[2 * PATH_MAX], why[512] = "";
		struct stat st;

		snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		if (r == 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode) && (unsigned)opened < max) {
			r = server_open(path, why, sizeof(why), &ret[opened]);
			if (r < 0)
				fprintf(stderr, "konseki-emu: %s\n", why[0] != '\0' ? why : path);
			else
				opened++;
		}
		free(names[i]);
	}
	free(names);
	if (r == 0 && opened == 0) {
		fprintf(stderr, "konseki-emu: emulation.profiles: %s holds no profile\n", folder);
		return -ENOENT;
	}
	return r < 0 ? r : opened;
}

/* Root's last act: no network, no other programs' shared memory; then root is given up. */
static int give_up_power(const char *user)
{
	int r;

	if (geteuid() == 0 && unshare(CLONE_NEWNET | CLONE_NEWIPC) < 0 && errno != EPERM && errno != EINVAL)
		return -errno;
	if ((r = account_become(user)) < 0)
		return r;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

int main(int argc, char **argv)
{
	static struct settings settings;
	struct server *servers[REPORT_RUNS_MAX];
	struct finder *finder = NULL;
	struct options options;
	struct zygote zygote;
	int count, r;

	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		puts("konseki-emu " KONSEKI_VERSION);
		return 0;
	}
	if ((r = parse(argc, argv, &options)) != 0)
		return r;
	if ((r = settings_read(options.config, &settings)) < 0)
		return EXIT_CANNOT;
	if ((count = open_servers(settings.profiles, servers, COUNT_OF(servers))) < 0)
		return EXIT_CANNOT;
	if ((r = finder_open(&finder)) < 0) {
		fprintf(stderr, "konseki-emu: the processors for shellcode cannot be started: %s\n", strerror(-r));
		return EXIT_CANNOT;
	}
	if ((r = give_up_power(settings.user)) < 0) {
		fprintf(stderr, "konseki-emu: cannot become %s: %s\n", settings.user, strerror(-r));
		return EXIT_CANNOT;
	}
	zygote = (struct zygote){ .control = options.control,
		.workers = options.workers > 0 ? options.workers : settings.workers,
		.jobs_per_worker = settings.jobs_per_worker, .servers = servers, .servers_count = (unsigned)count,
		.finder = finder };
	r = zygote_run(&zygote);
	if (r < 0)
		fprintf(stderr, "konseki-emu: %s\n", r == -EPERM ? "workers cannot enter their sandbox" : strerror(-r));
	for (int i = 0; i < count; i++)
		server_close(servers[i]);
	finder_close(finder);
	return r < 0 ? EXIT_CANNOT : 0;
}
