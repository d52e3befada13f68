/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki-bypass: keeps inline traffic going by the kernel while konseki-dataplane cannot. Holds CAP_NET_ADMIN. */
#include "config/load.h"
#include "control/wire/pulse.h"
#include "dataplane/bypass/link.h"
#include "dataplane/bypass/power.h"
#include "dataplane/bypass/watch.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EXIT_CANNOT_RUN = 3, WIRES_MAX = 4, NAME_MAX_LEN = 16, LOOK_MS = 25, LINKS_EVERY = 4, PRIORITY = -10 };

/* A pair of kernel interfaces. */
struct wire {
	char names[2][NAME_MAX_LEN], bridge[NAME_MAX_LEN];
	bool had_carrier[2], put_down[2];
};

struct keeper {
	struct settings settings;
	struct pulse *pulse;
	struct watch watch;
	struct wire wires[WIRES_MAX];
	unsigned count;
	bool takes_away;    /* a port takes packets out of the kernel's hands as long as its process lives */
	int links, parent;  /* parent: the end of konseki run */
};

/* A handler can reach nothing but an object of static life. */
static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	stopped = 1;
}

static int cannot(const char *what, const char *why)
{
	fprintf(stderr, "konseki-bypass: %s: %s\n", what, why);
	return -ECANCELED;
}

/* The kernel interface of a vdev: "…,iface=NAME,…". False: it has none; that of net_tap is made and removed by DPDK. */
static bool interface_of(const char *device, char *ret)
{
	const char *at = strstr(device, ",iface=");
	size_t len;

	if (at == NULL || strncmp(device, "net_tap", 7) == 0)
		return false;
	at += strlen(",iface=");
	len = strcspn(at, ",");
	if (len == 0 || len >= NAME_MAX_LEN)
		return false;
	memcpy(ret, at, len);
	ret[len] = '\0';
	return true;
}

static int wires_find(struct keeper *k)
{
	const struct settings *s = &k->settings;

	for (unsigned i = 0; i < s->ports_count; i++) {
		struct wire *w = &k->wires[k->count];
		int other = s->ports[i].pair_index;

		if (other < (int)i) /* none, or met already */
			continue;
		if (!interface_of(s->ports[i].device, w->names[0]) || !interface_of(s->ports[other].device, w->names[1])) {
			cannot(s->ports[i].name, "it or its pair is no interface of the kernel, so nothing carries its packets when the dataplane "
			       "cannot");
			continue;
		}
		k->takes_away |= strncmp(s->ports[i].device, "net_af_xdp", 10) == 0 || strncmp(s->ports[other].device, "net_af_xdp", 10) == 0;
		snprintf(w->bridge, sizeof(w->bridge), "konseki%u", k->count);
		k->count++;
	}
	return 0;
}

static void carry(struct keeper *k, bool on)
{
	int r;

	if (on)
		atomic_store(&k->pulse->bypassed, 1);
	for (unsigned i = 0; i < k->count; i++)
		if ((r = link_set(k->links, k->wires[i].bridge, on)) < 0)
			cannot(k->wires[i].bridge, strerror(-r));
	if (!on)
		atomic_store(&k->pulse->bypassed, 0);
}

static int wires_open(struct keeper *k)
{
	int r;

	if ((k->links = link_open()) < 0)
		return cannot("rtnetlink", strerror(-k->links));
	for (unsigned i = 0; i < k->count && k->settings.fail_open; i++) {
		const char *const members[2] = { k->wires[i].names[0], k->wires[i].names[1] };

		if ((r = link_bridge(k->links, k->wires[i].bridge, members)) < 0) {
			char what[64];

			snprintf(what, sizeof(what), "a bridge over %s and %s", members[0], members[1]);
			return cannot(what, strerror(-r));
		}
	}
	return 0;
}

/* A wire whose one end is cut looks cut at the other end too. */
static void links_step(struct keeper *k)
{
	for (unsigned i = 0; i < k->count; i++)
		for (unsigned end = 0; end < 2; end++) {
			struct wire *w = &k->wires[i];
			int there = w->put_down[end] ? -1 : link_carrier(k->links, w->names[end]);

			if (there < 0)
				continue;
			if (there == 0 && w->had_carrier[end] && !w->put_down[!end])
				w->put_down[!end] = link_set(k->links, w->names[!end], false) == 0;
			if (there == 1 && w->put_down[!end])
				w->put_down[!end] = link_set(k->links, w->names[!end], true) < 0;
			w->had_carrier[end] |= there == 1;
		}
}

static void decide(struct keeper *k)
{
	enum watch_news news = watch_step(&k->watch, pulse_now_ns(), atomic_load(&k->pulse->ready) != 0, atomic_load(&k->pulse->beat_ns));
	pid_t pid = atomic_load(&k->pulse->pid);

	if (news == WATCH_AS_BEFORE || !k->settings.fail_open)
		return;
	carry(k, news == WATCH_FALL);
	if (news == WATCH_RETURN) {
		fputs("konseki-bypass: the dataplane forwards\n", stderr);
		return;
	}
	atomic_fetch_add(&k->pulse->falls, 1);
	fputs("konseki-bypass: the dataplane shows no life; the kernel forwards, nothing is looked into\n", stderr);
	if (k->takes_away && pid > 1)
		(void)kill(pid, SIGKILL); /* as long as it lives, its sockets get what the kernel should forward */
}

static void keep(struct keeper *k)
{
	struct pollfd parent = { .fd = k->parent, .events = POLLIN };
	int r;

	for (unsigned n = 0; !stopped; n++) {
		if (poll(&parent, 1, LOOK_MS) > 0)
			break;
		decide(k);
		if (n % LINKS_EVERY == 0)
			links_step(k);
	}
	for (unsigned i = 0; i < k->count; i++)
		for (unsigned end = 0; end < 2; end++)
			if (k->wires[i].put_down[end] && (r = link_set(k->links, k->wires[i].names[end], true)) < 0)
				cannot(k->wires[i].names[end], strerror(-r));
	if (k->settings.fail_open)
		carry(k, true);
}

static int start(struct keeper *k, const char *config, int fd)
{
	struct complaints told = { .to = stderr, .max = 20 };
	int r;

	if (settings_load(config, &told, &k->settings) < 0)
		return cannot(config, "it cannot be used");
	if ((r = pulse_open(fd, &k->pulse)) < 0)
		return cannot("the pulse", strerror(-r));
	k->watch = (struct watch){
		.stall_ns = k->settings.stall_ms * UINT64_C(1000000), .return_ns = k->settings.return_s * UINT64_C(1000000000),
		.bypassed = atomic_load(&k->pulse->ready) == 0 || atomic_load(&k->pulse->bypassed) != 0,
	};
	/* started anew beside a dataplane that forwards: that goes on, and if it died meanwhile its beat is missed soon */
	if ((r = wires_find(k)) < 0 || (r = wires_open(k)) < 0)
		return r;
	(void)setpriority(PRIO_PROCESS, 0, PRIORITY); /* a busy machine is no reason to be late */
	if (k->settings.fail_open && k->watch.bypassed)
		carry(k, true);
	if ((r = bypass_confine(k->settings.user)) < 0)
		return cannot("power cannot be given away", strerror(-r));
	return 0;
}

static int number(const char *text)
{
	char *end;
	long v = strtol(text, &end, 10);

	return *text == '\0' || *end != '\0' || v < 0 || v > INT32_MAX ? -1 : (int)v;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "pulse", required_argument, NULL, 'p' }, { "parent", required_argument, NULL, 'a' }, { "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	static struct keeper k = { .parent = -1 };
	struct sigaction action = { .sa_handler = on_signal };
	const char *config = NULL;
	int option, pulse = -1;

	while ((option = getopt_long(argc, argv, "c:", longs, NULL)) != -1) {
		if (option == 'v') {
			puts("konseki-bypass " KONSEKI_VERSION);
			return 0;
		}
		if (option == 'c')
			config = optarg;
		else if (option == 'p')
			pulse = number(optarg);
		else if (option == 'a')
			k.parent = number(optarg);
		else
			return 2;
	}
	if (config == NULL || pulse < 0 || optind != argc) {
		fputs("konseki-bypass is started by `konseki run`, which hands it -c FILE --pulse FD --parent FD\n", stderr);
		return 2;
	}
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (start(&k, config, pulse) < 0)
		return EXIT_CANNOT_RUN;
	keep(&k);
	return 0;
}
