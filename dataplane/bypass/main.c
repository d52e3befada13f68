/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki-bypass: keeps inline traffic going by the kernel while konseki-dataplane cannot. Holds CAP_NET_ADMIN. */
#include "config/load.h"
#include "control/wire/pulse.h"
#include "dataplane/bypass/power.h"
#include "dataplane/bypass/watch.h"
#include "dataplane/bypass/wires.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EXIT_CANNOT_RUN = 3, LOOK_MS = 25, LINKS_EVERY = 4, AGAIN_EVERY = 40, END_MS = 2000, PRIORITY = -10 };

/* Cards are silent while the dataplane starts them: a driver that hangs is no reason to be silent for ever. */
static const uint64_t cards_start_ns = UINT64_C(30000000000);

struct keeper {
	struct settings settings;
	struct pulse *pulse;
	struct watch watch;
	struct wires wires;
	uint64_t given_ns;  /* when the dataplane got the cards */
	int parent;         /* the end of konseki run */
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

static bool alive(const struct keeper *k)
{
	pid_t pid = atomic_load(&k->pulse->pid);

	return pid > 1 && kill(pid, 0) == 0;
}

/* The dataplane's process ends, and its cards with it: in order, if it is asked to. */
static void cards_free(struct keeper *k, bool in_order)
{
	pid_t pid = atomic_load(&k->pulse->pid);

	if (!k->wires.cards || atomic_load(&k->pulse->cards) != CARDS_GIVEN)
		return;
	if (in_order && alive(k))
		(void)kill(pid, SIGTERM);
	for (unsigned waited = 0; in_order && alive(k) && waited < END_MS; waited += LOOK_MS)
		(void)poll(NULL, 0, LOOK_MS);
	if (alive(k))
		(void)kill(pid, SIGKILL);
	atomic_store(&k->pulse->cards, CARDS_NOT_ASKED);
}

static void carry(struct keeper *k)
{
	atomic_store(&k->pulse->bypassed, 1);
	(void)wires_carry(&k->wires); /* it tells; what is not there yet is asked for again */
}

static void give_back(struct keeper *k)
{
	int r = wires_give(&k->wires);

	if (r < 0) {
		cannot("the dataplane cannot have the cards", strerror(-r));
		k->watch.bypassed = true;
		k->watch.falls++;
		carry(k);
		return;
	}
	k->given_ns = pulse_now_ns();
	if (k->wires.cards)
		atomic_store(&k->pulse->cards, CARDS_GIVEN);
	atomic_store(&k->pulse->bypassed, 0);
	fputs(k->wires.cards ? "konseki-bypass: the dataplane gets the cards\n" : "konseki-bypass: the dataplane forwards\n", stderr);
}

/* Without cards it shows that it is well beside the bridge. With cards it can only show that all else is ready, and then that it comes up. */
static enum watch_news look(struct keeper *k)
{
	uint64_t now_ns = pulse_now_ns(), beat_ns = atomic_load(&k->pulse->beat_ns);
	bool ready = atomic_load(&k->pulse->ready) != 0, has_cards = atomic_load(&k->pulse->cards) == CARDS_GIVEN;

	if (k->wires.cards && k->watch.bypassed) {
		ready = atomic_load(&k->pulse->cards) == CARDS_WANTED && alive(k);
		beat_ns = now_ns;
	} else if (k->wires.cards && !ready) {
		ready = has_cards && alive(k) && now_ns < k->given_ns + cards_start_ns;
		beat_ns = now_ns;
	}
	return watch_step(&k->watch, now_ns, ready, beat_ns);
}

static void decide(struct keeper *k)
{
	enum watch_news news = look(k);
	pid_t pid = atomic_load(&k->pulse->pid);

	/* where nobody can carry for it, nobody stands in its way */
	if (!k->wires.cards && atomic_load(&k->pulse->cards) == CARDS_WANTED)
		atomic_store(&k->pulse->cards, CARDS_GIVEN);
	if (news == WATCH_AS_BEFORE || !k->settings.fail_open)
		return;
	if (news == WATCH_RETURN) {
		give_back(k);
		return;
	}
	cards_free(k, false);
	carry(k);
	atomic_fetch_add(&k->pulse->falls, 1);
	fputs("konseki-bypass: the dataplane shows no life; the kernel forwards, nothing is looked into\n", stderr);
	if (k->wires.takes_away && pid > 1)
		(void)kill(pid, SIGKILL); /* as long as it lives, its sockets get what the kernel should forward */
}

static void keep(struct keeper *k)
{
	struct pollfd parent = { .fd = k->parent, .events = POLLIN };

	for (unsigned n = 0; !stopped; n++) {
		if (poll(&parent, 1, LOOK_MS) > 0)
			break;
		decide(k);
		if (n % LINKS_EVERY == 0)
			wires_links_step(&k->wires);
		if (n % AGAIN_EVERY == 0 && k->settings.fail_open && k->watch.bypassed && k->wires.cards && !k->wires.in_kernel)
			carry(k);
	}
	wires_links_restore(&k->wires);
	if (!k->settings.fail_open)
		return;
	cards_free(k, true);
	carry(k);
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
	if ((r = wires_open(&k->wires, &k->settings)) < 0)
		return r;
	k->watch.bypassed |= k->wires.cards && atomic_load(&k->pulse->cards) != CARDS_GIVEN;
	k->given_ns = pulse_now_ns();
	(void)setpriority(PRIO_PROCESS, 0, PRIORITY); /* a busy machine is no reason to be late */
	if (k->settings.fail_open && k->watch.bypassed)
		carry(k);
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
