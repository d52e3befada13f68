/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One thread: rings, workers, store, collectors, admin clients, each in its turn and none waited for. */
#include "control/loop.h"
#include "control/figures.h"
#include "control/extract/known.h"
#include "control/judge/memory.h"
#include "control/judge/place.h"
#include "control/upload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	IDLE_MS = 1,            /* rings have no descriptor: they are looked at so often when nothing happens */
	REPLAY_CACHE = 16,      /* times judging.cache_mb: in a replay what is run again should not hang on room */
	CLAIM_MS = 3000, CLAIM_STEP_MS = 50, /* one that was killed a moment ago may not be gone quite yet */
};
static const uint64_t look_ns = UINT64_C(100000000), sweep_ns = UINT64_C(50000000);

uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

static void item_drop(struct merge_item *item)
{
	/* cases are dropped with their docket; what stands here is history */
	if (item->kind == RECORD_HISTORY)
		free(item->what);
}

static int complain_of(const char *what, const char *which, int r)
{
	fprintf(stderr, "konseki-control: %s %s: %s\n", what, which, strerror(-r));
	return r;
}

/* An appliance's is for it alone; replays may share theirs, each commits what is its own. */
static int store_begin_at(struct control *c, const char *folder)
{
	const struct settings *s = c->settings;
	int r = store_open(folder, (uint64_t)s->store_mb << 20, (uint64_t)s->spool_mb << 20,
	                   c->replay ? STORE_QUICK : STORE_DURABLE, &c->store);

	if (r == 0 && !c->replay)
		r = store_claim(c->store);
	for (unsigned ms = 0; r == -EBUSY && ms < CLAIM_MS; ms += CLAIM_STEP_MS) {
		usleep(CLAIM_STEP_MS * 1000);
		r = store_claim(c->store);
	}
	if (r < 0) {
		store_close(c->store);
		c->store = NULL;
	}
	return r;
}

/* `<store>/replay` or `<store>/live`; a replay that cannot have it goes on in a temporary folder. */
static int store_begin(struct control *c)
{
	char folder[PATH_MAX + 16], temporary[] = "/tmp/konseki-replay-XXXXXX";
	int r;

	snprintf(folder, sizeof(folder), "%s/%s", c->settings->store, c->replay ? "replay" : "live");
	r = store_begin_at(c, folder);
	if (r == 0)
		return 0;
	if (c->replay && mkdtemp(temporary) != NULL) {
		fprintf(stderr, "konseki-control: cannot use the store %s: %s; cases of this replay are kept in %s\n",
		        folder, store_why(r), temporary);
		r = store_begin_at(c, temporary);
		snprintf(folder, sizeof(folder), "%s", temporary);
	}
	if (r < 0)
		fprintf(stderr, "konseki-control: cannot use the store %s: %s\n", folder, store_why(r));
	return r;
}

static void on_committed(void *control, struct bytes json)
{
	struct control *c = control;

	if (c->admin != NULL)
		admin_push(c->admin, json);
}

/* The docket's tell(). What a success blocks is blocked even if the store takes nothing. */
static int on_verdict(void *control, const struct open_case *oc)
{
	struct control *c = control;
	int r = publish(c->publisher, oc);

	blocking_verdict(c, oc);
	return r;
}

static int rings_begin(struct control *c, int rings)
{
	c->lanes = rings_count(rings);
	if (c->lanes == 0 || c->lanes > RINGS_MAX)
		return complain_of("cannot use", "the rings", -EINVAL);
	for (unsigned i = 0; i < c->lanes; i++) {
		int r = ring_open(rings, i, &c->uptakes[i].ring);

		if (r < 0)
			return complain_of("cannot open", "a ring", r);
	}
	return merge_new(c->lanes, item_drop, &c->merge);
}

static int rooms_begin(struct control *c, int results)
{
	const struct settings *s = c->settings;
	const struct publisher_tools publisher = {
		.settings = s, .store = c->store, .replay = c->replay, .results = results, .committed = on_committed,
		.context = c,
	};
	struct docket_tools docket = { .settings = s, .replay = c->replay, .store = c->store, .eve = c->eve, .tell = on_verdict };
	size_t cache = (size_t)s->cache_mb << 20;
	int r;

	c->sites = (struct sites){ s->sites, s->sites_count };
	if ((r = memory_new((size_t)s->history_mb << 20, &c->sites, &c->memory)) < 0 ||
	    (r = place_book_new(&c->sites, &c->places)) < 0 ||
	    (r = uploads_new(&c->uploads)) < 0 ||
	    (r = queue_new(c->replay ? UINT32_MAX : s->queue_jobs, c->replay ? cache * REPLAY_CACHE : cache,
	                   &c->queue)) < 0 ||
	    (r = publisher_new(&publisher, &c->publisher)) < 0)
		return r;
	docket.queue = c->queue;
	docket.memory = c->memory;
	docket.places = c->places;
	docket.sites = &c->sites;
	docket.uploads = c->uploads;
	docket.known = c->known = known_new();
	docket.context = c;
	return docket_new(&docket, &c->docket);
}

static int watch(struct control *c, int fd)
{
	struct epoll_event e = { .events = EPOLLIN };

	return epoll_ctl(c->epoll, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
}

static int is_profile(const struct dirent *d)
{
	return d->d_name[0] != '.' && d->d_type == DT_DIR;
}

static int metrics_page(void *control, bool open_metrics, char **ret, size_t *len)
{
	return figures_expose(control, open_metrics, ret, len);
}

/* Later the folder may be out of reach: whoever control becomes need not see it. */
static int live_begin(struct control *c, int blocks)
{
	const struct admin_tools admin = { .answer = show_answer, .context = c };
	const struct listener_tools metrics = { .page = metrics_page, .context = c };
	char why[SENDER_WHY_MAX];
	int r = sender_new(c->settings, c->store, &c->sender, why);

	c->retention.days = c->settings->store_days;
	c->profiles_count = scandir(c->settings->profiles, &c->profiles, is_profile, alphasort);
	if (r < 0) {
		fprintf(stderr, "konseki-control: syslog.targets: %s\n", why);
		return r;
	}
	if ((r = blocking_begin(c, blocks)) < 0)
		return complain_of("cannot read", "what is blocked", r);
	r = admin_open(c->settings->socket, &admin, &c->admin);
	if (r < 0)
		return complain_of("cannot listen at", c->settings->socket, r);
	if (c->settings->metrics[0] != 0 && (r = listener_open(c->settings->metrics, &metrics, &c->metrics)) < 0)
		return complain_of("metrics.listen: cannot listen at", c->settings->metrics, r);
	return watch(c, admin_fd(c->admin));
}

int control_new(const struct settings *settings, bool replay, int rings, int results, int blocks, struct eve *eve,
                volatile int *stop, struct control **ret)
{
	struct control *c = calloc(1, sizeof(*c));
	int r;

	if (c == NULL)
		return -ENOMEM;
	c->settings = settings;
	c->replay = replay;
	c->stop = stop;
	c->eve = eve;
	c->courier = -1;
	c->epoll = epoll_create1(EPOLL_CLOEXEC);
	r = c->epoll < 0 ? -errno : rings_begin(c, rings);
	if (r == 0)
		r = store_begin(c);
	if (r == 0 && (r = rooms_begin(c, results)) < 0)
		complain_of("cannot", "begin", r);
	if (r == 0 && !replay)
		r = live_begin(c, blocks);
	if (r < 0) {
		control_free(c);
		return r;
	}
	*ret = c;
	return 0;
}

/* Cases in the merge belong to the docket: they go first. */
static void merge_empty(struct control *c)
{
	struct merge_item item;

	for (unsigned i = 0; i < c->lanes; i++)
		merge_end(c->merge, i);
	while (merge_peek(c->merge) != NULL) {
		merge_take(c->merge, &item);
		if (item.kind == RECORD_CASE)
			docket_drop(c->docket, item.what);
		else
			free(item.what);
	}
}

void control_free(struct control *c)
{
	if (c == NULL)
		return;
	if (c->merge != NULL && c->docket != NULL)
		merge_empty(c);
	listener_close(c->metrics);
	admin_close(c->admin);
	docket_free(c->docket);
	sender_free(c->sender);
	blocking_end(c);
	publisher_free(c->publisher);
	store_close(c->store);
	pool_close(c->pool);
	queue_free(c->queue);
	place_book_free(c->places);
	uploads_free(c->uploads);
	known_free(c->known);
	memory_free(c->memory);
	merge_free(c->merge);
	for (unsigned i = 0; i < c->lanes; i++)
		ring_close(c->uptakes[i].ring);
	if (c->epoll >= 0)
		close(c->epoll);
	for (int i = 0; i < c->profiles_count; i++)
		free(c->profiles[i]);
	free(c->profiles);
	free(c);
}

static bool workers_step(struct control *c, uint64_t now)
{
	struct traces *t;
	bool moved = false;
	int r = pool_step(c->pool, now);

	if (r < 0 && !c->pool_gone) {
		c->pool_gone = true;
		if (pool_served(c->pool)) /* else it has said why it cannot begin */
			fprintf(stderr, "konseki-control: konseki-emu is gone: %s\n", strerror(-r));
	}
	while (queue_take(c->queue, c->pool, &t)) {
		docket_answered(c->docket, t);
		moved = true;
	}
	r = queue_send(c->queue, c->pool, now);
	if (r < 0 && c->store_errors++ == 0)
		fprintf(stderr, "konseki-control: a job could not be sent: %s\n", strerror(-r));
	return moved;
}

/* Group commit; what was committed may then be shown and sent. */
static void store_step(struct control *c, uint64_t now)
{
	char news[512];
	int r;

	if (store_pending(c->store) || publisher_unsettled(c->publisher)) {
		if (c->pending_since_ns == 0)
			c->pending_since_ns = now;
		if (now - c->pending_since_ns < (uint64_t)c->settings->commit_ms * 1000000)
			return;
		r = c->replay ? store_commit(c->store) : publisher_settle(c->publisher, now);
		if (r == -EAGAIN)
			return;
		c->pending_since_ns = 0;
		if (r < 0 && !publisher_unsettled(c->publisher) && c->store_errors++ == 0)
			fprintf(stderr, "konseki-control: a commit failed: %s\n", store_why(r));
		c->swept_ns = 0; /* new lines may go out at once */
	}
	if (!c->replay && (r = retention_step(&c->retention, c->store, now)) < 0 && c->store_errors++ == 0)
		fprintf(stderr, "konseki-control: old cases could not be removed: %s\n", store_why(r));
	if (c->sender != NULL && !store_pending(c->store) && now - c->swept_ns >= sweep_ns) {
		c->swept_ns = now;
		r = sender_step(c->sender, now);
		if (r < 0 && c->store_errors++ == 0)
			fprintf(stderr, "konseki-control: the spool failed: %s\n", strerror(-r));
		blocking_spare_collectors(c);
		while (sender_news(c->sender, news, sizeof(news)))
			fprintf(stderr, "konseki-control: %s\n", news);
	}
}

/* The dataplane ended, all that it left in the rings was taken, and no case of it waits for its turn. */
static bool courier_over(struct control *c)
{
	uint8_t byte;

	return !merge_ended(c->merge) && merge_peek(c->merge) == NULL &&
	       recv(c->courier, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0 && !uptake_step(c);
}

static int turn(struct control *c)
{
	struct epoll_event events[8];
	uint64_t now = clock_ns();
	bool moved = uptake_step(c);
	int n;

	moved |= workers_step(c, now);
	moved |= progress_step(c);
	if (!c->replay && now - c->looked_ns >= look_ns) {
		c->looked_ns = now;
		docket_look(c->docket, c->capture_ns, now);
	}
	blocking_step(c, now);
	store_step(c, now);
	if (!moved && c->courier >= 0 && courier_over(c))
		return -EPIPE;
	n = epoll_wait(c->epoll, events, COUNT_OF(events), moved ? 0 : IDLE_MS);
	if (n < 0 && errno != EINTR)
		return -errno;
	if (c->admin != NULL)
		admin_step(c->admin);
	if (c->metrics != NULL)
		listener_step(c->metrics, now);
	return 0;
}

/* Replay cannot go on without workers or without all its lanes. */
static int replay_stuck(const struct control *c)
{
	struct queue_counts q;

	queue_count(c->queue, &q);
	if (c->pool_gone && q.waiting + q.running > 0 && pool_living(c->pool) == 0)
		return -EPIPE;
	for (unsigned i = 0; i < c->lanes; i++)
		if (c->uptakes[i].ring == NULL)
			return -EBADMSG;
	return 0;
}

int control_run(struct control *c, uint32_t captures)
{
	int r = watch(c, pool_fd(c->pool));

	while (r == 0 && !*c->stop && !(c->replay && c->captures_done >= captures)) {
		r = turn(c);
		if (r == -EPIPE)
			fputs("konseki-control: konseki-dataplane ended early\n", stderr);
		if (r == 0 && c->replay && (r = replay_stuck(c)) < 0 && (r != -EPIPE || pool_served(c->pool)))
			complain_of("cannot go on:", r == -EPIPE ? "the emulation pool" : "a lane", r);
	}
	if (r == 0 && c->replay)
		r = *c->stop ? -EINTR : tally_tell(c);
	if (c->replay && store_commit(c->store) < 0)
		fputs("konseki-control: the cases of this replay could not be stored\n", stderr);
	if (!c->replay && publisher_settle(c->publisher, UINT64_MAX) < 0)
		fputs("konseki-control: the last verdicts could not be stored and are lost\n", stderr);
	return r;
}
