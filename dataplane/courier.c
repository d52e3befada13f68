/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The courier: waits for the end of control, for signals and for the next second; never touches a packet. */
#include "dataplane/courier.h"

#include "control/wire/pulse.h"
#include "dataplane/port/device.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

struct courier {
	pthread_t thread;
	int control, signals, wake[2];
	struct loader *loader;
	struct feed *feed;
	struct lane **lanes;
	unsigned count;
	uint64_t beaten_ms;
};

enum { BEAT_MS = 1000 };

/* Control says nothing yet on this socket but its own end. */
static bool control_gone(int fd)
{
	char scratch[256];
	ssize_t n = read(fd, scratch, sizeof(scratch));

	return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void beat(struct courier *c)
{
	struct device_losses lost;

	c->beaten_ms = now_ms();
	if (c->loader != NULL)
		loader_step(c->loader);
	if (!c->feed->replay) {
		device_losses(c->feed, &lost);
		lane_set_outside(c->lanes[0], DROP_PORT_MISSED, lost.missed);
		lane_set_outside(c->lanes[0], DROP_PORT_NO_MEMORY, lost.no_memory);
		lane_set_outside(c->lanes[0], DROP_PORT_ERRORS, lost.errors);
		lane_set_outside(c->lanes[0], DROP_LANE_QUEUE, atomic_load(&c->feed->queue_drops));
		lane_set_outside(c->lanes[0], COUNTER_FORWARDED, atomic_load(&c->feed->forward.forwarded));
		lane_set_outside(c->lanes[0], DROP_FORWARD_FULL, atomic_load(&c->feed->forward.full));
		lane_set_outside(c->lanes[0], DROP_FORWARD_NOT_READY, atomic_load(&c->feed->forward.not_ready));
		lane_set_outside(c->lanes[0], DROP_FORWARD_BYPASSED, atomic_load(&c->feed->forward.bypassed));
		lane_set_outside(c->lanes[0], DROP_FORWARD_STALLED, atomic_load(&c->feed->forward.stalled));
		lane_set_outside(c->lanes[0], DROP_FORWARD_OVERTAKEN, atomic_load(&c->feed->forward.overtaken));
		lane_set_outside(c->lanes[0], COUNTER_STOPPED_BY_BLOCK, atomic_load(&c->feed->forward.blocked));
		lane_set_outside(c->lanes[0], COUNTER_LANE_STALLS, atomic_load(&c->feed->stalls));
	}
	if (c->feed->pulse != NULL) {
		lane_set_outside(c->lanes[0], COUNTER_BYPASSED, atomic_load(&c->feed->pulse->bypassed));
		lane_set_outside(c->lanes[0], COUNTER_BYPASS_FALLS, atomic_load(&c->feed->pulse->falls));
	}
	for (unsigned i = 0; i < c->count; i++)
		lane_want_counters(c->lanes[i]);
}

/* False: one that ends the program. */
static bool signal_taken(struct courier *c)
{
	struct signalfd_siginfo s;

	if (read(c->signals, &s, sizeof(s)) != sizeof(s))
		return true;
	if (s.ssi_signo == SIGHUP && c->loader != NULL)
		loader_reload(c->loader);
	return s.ssi_signo == SIGHUP;
}

static void *courier_run(void *arg)
{
	struct courier *c = arg;
	struct pollfd waits[] = {
		{ .fd = c->wake[0], .events = POLLIN },
		{ .fd = c->signals, .events = POLLIN },
		{ .fd = c->control, .events = POLLIN }, /* -1 is passed over by poll */
	};

	for (;;) {
		int n = poll(waits, COUNT_OF(waits), BEAT_MS / 4);

		if (n < 0 && errno != EINTR)
			break;
		if (n > 0 && waits[0].revents != 0)
			return NULL;
		if (n > 0 && ((waits[1].revents != 0 && !signal_taken(c)) || (waits[2].revents != 0 && control_gone(c->control))))
			break;
		if (now_ms() - c->beaten_ms >= BEAT_MS)
			beat(c);
	}
	atomic_store(&c->feed->stop, true);
	return NULL;
}

int courier_start(int fd, struct loader *loader, struct feed *feed, struct lane **lanes, unsigned count, struct courier **ret)
{
	struct courier *c = calloc(1, sizeof(*c));
	sigset_t stops;
	int r = -ENOMEM;

	if (c == NULL)
		return -ENOMEM;
	*c = (struct courier){ .control = fd, .signals = -1, .wake = { -1, -1 }, .loader = loader, .feed = feed, .lanes = lanes,
	                       .count = count };
	sigemptyset(&stops);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGHUP);
	if (pipe2(c->wake, O_CLOEXEC) < 0 || (c->signals = signalfd(-1, &stops, SFD_CLOEXEC)) < 0) {
		r = -errno;
		goto out;
	}
	if ((r = -pthread_create(&c->thread, NULL, courier_run, c)) < 0)
		goto out;
	*ret = c;
	return 0;
out:
	close(c->wake[0]);
	close(c->wake[1]);
	free(c);
	return r;
}

void courier_stop(struct courier *c)
{
	if (c == NULL)
		return;
	close(c->wake[1]); /* hangs up the other end, which the thread waits for */
	pthread_join(c->thread, NULL);
	close(c->wake[0]);
	close(c->signals);
	free(c);
}
