/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading other rules while packets flow, and freeing what no lane uses any more. */
#include "dataplane/loader.h"

#include "config/load.h"
#include "config/rules/rule.h"
#include "dataplane/match/match.h"
#include "dataplane/port/live.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WARNINGS_MAX = 20, SETS_MAX = 16, TURN_US = 1000 };

/* A compiled set, and how many lanes still have it. */
struct loaded {
	struct matcher *matcher;
	unsigned lanes;
};

struct loader {
	const struct options *options;
	struct feed *feed;
	struct lane **lanes;
	unsigned count;
	struct loaded sets[SETS_MAX];
	struct matcher *now;
	uint64_t reloads, failed;
	pthread_t thread;
	bool started, again;
	_Atomic bool busy;
};

static int tell(const char *what, const char *why)
{
	fprintf(stderr, "konseki-dataplane: %s: %s\n", what, why);
	return -ECANCELED;
}

int rules_read(const struct options *o, const struct settings *s, struct rule_set **ret)
{
	struct complaints told = { .to = stderr, .max = WARNINGS_MAX };
	struct rule_set *rules = NULL;
	int r = rule_set_load(s, &told, &rules);

	if (r == 0 && o->rules != NULL)
		r = rule_set_add(rules, o->rules, &told);
	if (r < 0) {
		rule_set_free(rules);
		return tell("the rules cannot be loaded", strerror(-r));
	}
	if (rule_set_count(rules) == 0)
		fprintf(stderr, "konseki-dataplane: no rule is loaded, so nothing will become a case; konseki check -c %s "
		        "tells why\n", o->config);
	*ret = rules;
	return 0;
}

int rules_compile(struct rule_set *rules, const char *kept, struct matcher **ret)
{
	char why[512];
	int r = matcher_new(rules, kept, why, sizeof(why), ret);

	rule_set_free(rules);
	return r < 0 ? tell("the rules cannot be compiled", why) : 0;
}

static struct loaded *vacant(struct loader *l)
{
	for (unsigned i = 0; i < SETS_MAX; i++)
		if (l->sets[i].matcher == NULL)
			return &l->sets[i];
	return NULL;
}

int loader_new(const struct options *o, struct feed *feed, struct lane **lanes, unsigned count, struct matcher *first, struct loader **ret)
{
	struct loader *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return -ENOMEM;
	*l = (struct loader){ .options = o, .feed = feed, .lanes = lanes, .count = count, .now = first };
	l->sets[0] = (struct loaded){ .matcher = first, .lanes = count };
	*ret = l;
	return 0;
}

static bool readable(const struct settings *s)
{
	for (unsigned i = 0; i < s->rules_count; i++)
		if (access(s->rules[i], R_OK) < 0) {
			tell(s->rules[i], strerror(errno));
			return false;
		}
	return true;
}

/* What the config says now; at the start it may be that files are missing, later it is a mistake. */
static int read_again(const struct loader *l, struct matcher **ret, unsigned *loaded, unsigned *refused)
{
	struct complaints told = { .to = stderr, .max = WARNINGS_MAX };
	struct settings *s = malloc(sizeof(*s));
	struct rule_set *rules;
	int r = -ENOMEM;

	if (s == NULL)
		return -ENOMEM;
	if ((r = settings_load(l->options->config, &told, s)) < 0 || (r = readable(s) ? 0 : -ENOENT) < 0 ||
	    (r = rules_read(l->options, s, &rules)) < 0)
		goto out;
	*loaded = rule_set_count(rules);
	*refused = rule_set_refused(rules);
	r = rules_compile(rules, NULL, ret); /* with lanes at work, this process may rename no file */
out:
	free(s);
	return r;
}

/* Each lane gets its own scratch; one that cannot take the set now would go on by the old one, so nobody does. */
static int offer(struct loader *l, struct matcher *m)
{
	struct match_scratch *scratch[FEED_LANES_MAX] = { NULL };
	int r = 0;

	for (unsigned i = 0; i < l->count && r == 0; i++)
		r = match_scratch_new(m, &scratch[i]);
	for (unsigned i = 0; i < l->count && r == 0; i++)
		r = lane_can_take(l->lanes[i]) ? 0 : -EBUSY;
	for (unsigned i = 0; i < l->count; i++) {
		if (r == 0)
			lane_offer(l->lanes[i], m, scratch[i]);
		else
			match_scratch_free(scratch[i]);
	}
	return r;
}

/* Nobody looks at the old gate any more once the receiver has begun two turns. */
static void gate_change(struct loader *l, const struct matcher *m)
{
	uint64_t turn;

	if (!l->feed->is_inline)
		return;
	live_gate(l->feed, match_stops(m) ? lane_gate : NULL, m);
	turn = atomic_load(&l->feed->turns);
	while (atomic_load(&l->feed->turns) < turn + 2 && !atomic_load(&l->feed->stop))
		usleep(TURN_US);
}

static void *load(void *arg)
{
	struct loader *l = arg;
	struct loaded *place = vacant(l);
	struct matcher *m = NULL;
	unsigned loaded = 0, refused = 0;
	int r = place == NULL ? -EBUSY : read_again(l, &m, &loaded, &refused);

	if (r == 0) {
		*place = (struct loaded){ .matcher = m, .lanes = l->count };
		if ((r = offer(l, m)) < 0) {
			*place = (struct loaded){ 0 };
			matcher_free(m);
		}
	}
	if (r == -EBUSY)
		tell("reload", "too many older sets of rules are still in use by exchanges under way; try again later");
	if (r < 0) {
		l->failed++;
		fputs("konseki-dataplane: the rules that were in force stay in force\n", stderr);
	} else {
		gate_change(l, m);
		l->now = m;
		l->reloads++;
		lane_set_outside(l->lanes[0], COUNTER_RULES_LOADED, loaded);
		lane_set_outside(l->lanes[0], COUNTER_RULES_REFUSED, refused);
		fprintf(stderr, "konseki-dataplane: %u rules loaded, %u refused; they are in force\n", loaded, refused);
	}
	lane_set_outside(l->lanes[0], COUNTER_RULES_RELOADS, l->reloads);
	lane_set_outside(l->lanes[0], COUNTER_RULES_RELOADS_FAILED, l->failed);
	atomic_store_explicit(&l->busy, false, memory_order_release);
	return NULL;
}

void loader_reload(struct loader *l)
{
	if (atomic_load_explicit(&l->busy, memory_order_acquire)) {
		l->again = true;
		return;
	}
	if (l->started)
		pthread_join(l->thread, NULL);
	l->again = false;
	atomic_store(&l->busy, true);
	l->started = pthread_create(&l->thread, NULL, load, l) == 0;
	if (!l->started)
		atomic_store(&l->busy, false);
}

void loader_step(struct loader *l)
{
	const struct matcher *m;
	struct match_scratch *x;

	if (atomic_load_explicit(&l->busy, memory_order_acquire))
		return; /* the thread has the table of sets */
	for (unsigned i = 0; i < l->count; i++) {
		if (!lane_spare(l->lanes[i], &m, &x))
			continue;
		match_scratch_free(x);
		for (unsigned j = 0; j < SETS_MAX; j++)
			if (l->sets[j].matcher == m && --l->sets[j].lanes == 0) {
				matcher_free(l->sets[j].matcher);
				l->sets[j] = (struct loaded){ 0 };
			}
	}
	if (l->again)
		loader_reload(l);
}

void loader_free(struct loader *l)
{
	if (l == NULL)
		return;
	if (l->started)
		pthread_join(l->thread, NULL);
	for (unsigned i = 0; i < SETS_MAX; i++)
		matcher_free(l->sets[i].matcher);
	free(l);
}
