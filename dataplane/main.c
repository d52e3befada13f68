/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki-dataplane: packets in, cases and history up. Writes no file but compiled rules, before lanes run. */
#include "config/card.h"
#include "config/load.h"
#include "config/rules/rule.h"
#include "control/wire/barrier.h"
#include "control/wire/pulse.h"
#include "dataplane/courier.h"
#include "dataplane/match/match.h"
#include "dataplane/options.h"
#include "dataplane/port/device.h"
#include "dataplane/port/live.h"
#include "dataplane/port/replay.h"
#include "dataplane/power.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_CANNOT_RUN = 3, WARNINGS_MAX = 20 };

/* Everything that main starts, in order; stopped in reverse. */
struct dataplane {
	struct options options;
	struct settings settings;
	struct rule_set *rules; /* until they are compiled */
	struct matcher *matcher;
	unsigned rules_loaded, rules_refused;
	struct capture_file *captures;
	struct feed *feed;
	bool eal;
	unsigned lanes_count;
	struct ring *rings[FEED_LANES_MAX];
	struct lane *lanes[FEED_LANES_MAX];
	struct courier *courier;
	struct loader *loader; /* live; then the matcher is its */
};

static int format_like(1, 2) cannot(const char *why, ...)
{
	va_list args;

	fputs("konseki-dataplane: ", stderr);
	va_start(args, why);
	vfprintf(stderr, why, args);
	va_end(args);
	fputc('\n', stderr);
	return -ECANCELED;
}

static int read_settings(struct dataplane *d)
{
	struct complaints told = { .to = stderr, .max = WARNINGS_MAX };

	if (settings_load(d->options.config, &told, &d->settings) < 0)
		return cannot("%s cannot be used; konseki check -c %s tells why", d->options.config, d->options.config);
	/* who made the rings says how many lanes there are: the config, or `konseki replay --lanes` */
	d->lanes_count = rings_count(d->options.rings);
	if (d->lanes_count == 0 || d->lanes_count > FEED_LANES_MAX)
		return cannot("descriptor %d holds rings for %u lanes; 1 to %u can run", d->options.rings, d->lanes_count,
		              FEED_LANES_MAX);
	if (!d->options.replay && d->settings.ports_count == 0)
		return cannot("no port is set; add one to dataplane.ports in %s", d->options.config);
	return 0;
}

static int read_rules(struct dataplane *d)
{
	int r = rules_read(&d->options, &d->settings, &d->rules);

	if (r < 0)
		return r;
	d->rules_loaded = rule_set_count(d->rules);
	d->rules_refused = rule_set_refused(d->rules);
	return 0;
}

/* The longest part of starting: inline, packets are on their way meanwhile. */
static int compile_rules(struct dataplane *d)
{
	struct rule_set *rules = d->rules;

	if (rules == NULL) /* they are */
		return 0;
	d->rules = NULL;
	return rules_compile(rules, d->settings.compiled, &d->matcher);
}

/* While we may still read what the operator may read. */
static int open_captures(struct dataplane *d)
{
	struct rlimit files;

	if (!d->options.replay)
		return 0;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files); /* a capture too many says so itself */
	}
	d->captures = calloc(d->options.captures_count, sizeof(*d->captures));
	if (d->captures == NULL)
		return cannot("no memory");
	for (unsigned i = 0; i < d->options.captures_count; i++)
		capture_open(d->options.captures[i], &d->captures[i]);
	return 0;
}

static bool hugepages_free(void)
{
	static const char *const file = "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages";
	FILE *f = fopen(file, "r");
	unsigned long count = 0;

	if (f == NULL)
		return false;
	if (fscanf(f, "%lu", &count) != 1)
		count = 0;
	fclose(f);
	return count > 0;
}

/* EAL does not survive a heap that cannot be mapped. */
static bool memory_fits(unsigned memory_mb)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages <= 0 || size <= 0 || (uint64_t)memory_mb << 20 <= (uint64_t)pages * (uint64_t)size;
}

static int start_dpdk(struct dataplane *d)
{
	bool live = !d->options.replay, shared;
	struct eal_wish wish = { .lanes = d->lanes_count, .memory_mb = d->settings.memory_mb, .pin = live };
	char why[256];
	int r;

	if (!memory_fits(d->settings.memory_mb))
		return cannot("dataplane.memory_mb is %u, more than this machine has", d->settings.memory_mb);
	wish.hugepages = live && hugepages_free();
	wish.pci_later = d->options.pulse >= 0 && cards_in_pairs(&d->settings);
	for (unsigned i = 0; live && i < d->settings.ports_count; i++)
		if (port_is_card(&d->settings.ports[i]) && !(wish.pci_later && port_is_paired_card(&d->settings.ports[i])))
			wish.pci[wish.pci_count++] = d->settings.ports[i].device;
	wish.receiver = live;
	if (eal_start(&wish, why, sizeof(why)) < 0)
		return cannot("%s", why);
	d->eal = true;
	shared = live ? live_must_distribute(&d->settings, d->lanes_count) : d->lanes_count > 1;
	r = feed_new(d->lanes_count, !live, shared, live ? live_buffers(&d->settings) : 0, &d->feed);
	if (r < 0)
		return cannot("no memory for packets; dataplane.memory_mb is %u", d->settings.memory_mb);
	d->feed->crowded = live && !eal_pins(&wish);
	return 0;
}

static int open_pulse(struct dataplane *d)
{
	struct pulse *p;
	int r;

	if (d->options.pulse < 0)
		return 0;
	if ((r = pulse_open(d->options.pulse, &p)) < 0)
		return cannot("the pulse cannot be used: %s", strerror(-r));
	atomic_store(&p->ready, 0);
	atomic_store(&p->beat_ns, 0);
	atomic_store(&p->cards, CARDS_NOT_ASKED);
	atomic_store(&p->pid, getpid());
	d->feed->pulse = p;
	return 0;
}

static bool must_stop(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 && (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1);
}

/* As long as rules are not compiled, the kernel's driver has the cards of pairs, and a bridge carries their packets. */
static int await_cards(struct dataplane *d)
{
	const struct timespec pause = { .tv_nsec = 2000000 };
	struct pulse *p = d->feed->pulse;
	int r;

	if (p == NULL || !cards_in_pairs(&d->settings))
		return 0;
	if ((r = compile_rules(d)) < 0)
		return r;
	atomic_store(&p->cards, CARDS_WANTED);
	while (atomic_load(&p->cards) != CARDS_GIVEN) {
		if (must_stop())
			return -ECANCELED;
		nanosleep(&pause, NULL);
	}
	return 0;
}

static int open_ports(struct dataplane *d)
{
	char why[256];

	if (!d->options.replay && live_open(d->feed, &d->settings, why, sizeof(why)) < 0)
		return cannot("%s", why);
	return 0;
}

/* What is blocked is so from the first packet on. */
static int open_barrier(struct dataplane *d)
{
	int r = d->options.blocks < 0 ? 0 : barrier_open(d->options.blocks, &d->feed->barrier);

	return r < 0 ? cannot("what is blocked cannot be read: %s", strerror(-r)) : 0;
}

/* From here on packets of pairs are forwarded, whatever else goes on. */
static int start_receiver(struct dataplane *d)
{
	if (d->options.replay || d->feed->intakes[0].queue == NULL)
		return 0;
	return eal_launch_receiver(live_receive, d->feed) < 0 ? cannot("the receiver cannot start") : 0;
}

static int drop_power(struct dataplane *d)
{
	int r = power_become(d->settings.user);

	if (r < 0)
		return cannot("cannot become %s: %s", d->settings.user, strerror(-r));
	return 0;
}

static int make_lane(struct dataplane *d, unsigned i)
{
	struct lane_setup setup = {
		.index = i,
		.replay = d->options.replay,
		.settings = &d->settings,
		.matcher = d->matcher,
		.intake = &d->feed->intakes[i],
	};
	int r;

	/* live, nobody may guess which flows share a bucket; a replay is the same every time */
	if (!setup.replay && getrandom(&setup.seed, sizeof(setup.seed), 0) != (ssize_t)sizeof(setup.seed))
		return cannot("no random numbers: %s", strerror(errno));
	if ((r = ring_open(d->options.rings, i, &d->rings[i])) < 0)
		return cannot("ring %u cannot be opened: %s", i, strerror(-r));
	setup.up = d->rings[i];
	if ((r = lane_new(&setup, &d->lanes[i])) < 0)
		return cannot("lane %u cannot be made: %s", i, strerror(-r));
	return 0;
}

static int start_lanes(struct dataplane *d)
{
	int r;

	for (unsigned i = 0; i < d->lanes_count; i++)
		if ((r = make_lane(d, i)) < 0)
			return r;
	if (d->feed->is_inline) {
		live_gate(d->feed, lane_gate, NULL);
		live_gate(d->feed, match_stops(d->matcher) ? lane_gate : NULL, d->matcher);
	}
	lane_set_outside(d->lanes[0], COUNTER_RULES_LOADED, d->rules_loaded);
	lane_set_outside(d->lanes[0], COUNTER_RULES_REFUSED, d->rules_refused);
	if (power_confine(d->options.replay) < 0)
		return cannot("the kernel does not let this program be confined (seccomp)");
	if (!d->options.replay) {
		if (loader_new(&d->options, d->feed, d->lanes, d->lanes_count, d->matcher, &d->loader) < 0)
			return cannot("no memory");
		d->matcher = NULL; /* the loader's now */
	}
	if ((r = courier_start(d->options.courier, d->loader, d->feed, d->lanes, d->lanes_count, &d->courier)) < 0)
		return cannot("the courier cannot start: %s", strerror(-r));
	for (unsigned i = 0; i < d->lanes_count; i++)
		if ((r = eal_launch(i, lane_run, d->lanes[i])) < 0)
			return cannot("lane %u cannot start: %s", i, strerror(-r));
	return 0;
}

static int work(struct dataplane *d)
{
	int r = 0;

	if (d->options.replay)
		r = replay_run(d->feed, d->captures, d->options.captures_count);
	else
		live_run(d->feed);
	if (r < 0)
		atomic_store(&d->feed->stop, true);
	eal_join();
	return 0;
}

static int run(struct dataplane *d)
{
	int r;

	if ((r = read_settings(d)) < 0 || (r = read_rules(d)) < 0 || (r = open_captures(d)) < 0)
		return r;
	if (d->options.replay && (r = drop_power(d)) < 0)
		return r;
	if ((r = start_dpdk(d)) < 0 || (r = open_pulse(d)) < 0 || (r = await_cards(d)) < 0 || (r = open_ports(d)) < 0 ||
	    (r = open_barrier(d)) < 0 || (r = drop_power(d)) < 0 || (r = start_receiver(d)) < 0 || (r = compile_rules(d)) < 0 || (r = start_lanes(d)) < 0)
		return r;
	return work(d);
}

static void stop(struct dataplane *d)
{
	if (d->feed != NULL) { /* lanes that run already, although a later step failed */
		atomic_store(&d->feed->stop, true);
		eal_join();
	}
	courier_stop(d->courier);
	for (unsigned i = 0; i < d->lanes_count; i++) {
		lane_free(d->lanes[i]);
		ring_close(d->rings[i]);
	}
	loader_free(d->loader);
	if (d->feed != NULL && !d->options.replay)
		live_close(d->feed, &d->settings);
	if (d->feed != NULL)
		barrier_close(d->feed->barrier);
	feed_free(d->feed);
	if (d->eal)
		eal_stop();
	for (unsigned i = 0; d->captures != NULL && i < d->options.captures_count; i++)
		capture_close(&d->captures[i]);
	free(d->captures);
	rule_set_free(d->rules);
	matcher_free(d->matcher);
}

int main(int argc, char **argv)
{
	static struct dataplane d;
	sigset_t stops;
	int r;

	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("konseki-dataplane " KONSEKI_VERSION);
		return 0;
	}
	if ((r = dataplane_options_parse(argc, argv, &d.options)) < 0)
		return r == -ENOMEM ? EXIT_CANNOT_RUN : 2;
	/* the courier reads them; no lane is ever interrupted */
	sigemptyset(&stops);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGHUP);
	sigprocmask(SIG_BLOCK, &stops, NULL);
	signal(SIGPIPE, SIG_IGN);
	r = run(&d);
	stop(&d);
	options_fini(&d.options);
	return r < 0 ? EXIT_CANNOT_RUN : 0;
}
