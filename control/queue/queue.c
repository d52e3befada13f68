/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries by key, lists by state, and the cache of what is ready. */
#include "control/queue/queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	BUCKETS = 1 << 14,
	TRIES_MAX = 2,     /* a worker may have been killed for reasons of its own; twice is the code's doing */
	ENTRY_COST = sizeof(struct traces) + 256,
};

struct list {
	struct traces *first, *last;
	uint64_t count;
};

struct queue {
	struct traces *buckets[BUCKETS];
	struct list waiting[QUEUE_PRIORITIES];
	struct list running;
	struct list held, idle; /* READY: with users; without, the longest unused first */
	unsigned max_jobs;
	size_t cache_bytes;
	uint64_t next_job;
	struct queue_counts counts;
};

static void list_add(struct list *l, struct traces *t)
{
	t->next = NULL;
	t->previous = l->last;
	if (l->last != NULL)
		l->last->next = t;
	else
		l->first = t;
	l->last = t;
	l->count++;
}

static void list_remove(struct list *l, struct traces *t)
{
	if (t->previous != NULL)
		t->previous->next = t->next;
	else
		l->first = t->next;
	if (t->next != NULL)
		t->next->previous = t->previous;
	else
		l->last = t->previous;
	t->next = t->previous = NULL;
	l->count--;
}

static struct list *list_of(struct queue *q, const struct traces *t)
{
	if (t->state == TRACES_WAITING)
		return &q->waiting[t->priority];
	if (t->state == TRACES_RUNNING)
		return &q->running;
	return t->users > 0 ? &q->held : &q->idle;
}

static struct traces **bucket_of(struct queue *q, const uint8_t *key)
{
	return &q->buckets[(key[0] | key[1] << 8) % BUCKETS];
}

int queue_new(unsigned max_jobs, size_t cache_bytes, struct queue **ret)
{
	struct queue *q = calloc(1, sizeof(*q));

	if (q == NULL)
		return -ENOMEM;
	q->max_jobs = max_jobs;
	q->cache_bytes = cache_bytes;
	q->next_job = 1;
	*ret = q;
	return 0;
}

static void code_free(struct traces *t)
{
	union {
		const uint8_t *lent;
		void *own;
	} at = { .lent = t->code.at };

	free(at.own);
	t->code = t->request = bytes_of(NULL, 0);
}

static void traces_free(struct traces *t)
{
	code_free(t);
	if (t->answer.report != NULL)
		answer_free(&t->answer);
	if (t->memory != NULL) {
		union {
			const struct report *lent;
			struct report *own;
		} report = { .lent = t->report };

		report_free(report.own);
		free(t->memory);
	}
	free(t);
}

/* Takes an entry out of everything. */
static void traces_drop(struct queue *q, struct traces *t)
{
	struct traces **at = bucket_of(q, t->key);

	while (*at != t)
		at = &(*at)->bucket_next;
	*at = t->bucket_next;
	list_remove(list_of(q, t), t);
	if (t->state == TRACES_READY)
		q->counts.cached_bytes -= t->cost;
	traces_free(t);
}

void queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	for (unsigned i = 0; i < BUCKETS; i++)
		while (q->buckets[i] != NULL)
			traces_drop(q, q->buckets[i]);
	free(q);
}

static void hold(struct queue *q, struct traces *t)
{
	struct list *from = list_of(q, t);

	t->users++;
	if (from == list_of(q, t))
		return;
	list_remove(from, t);
	list_add(list_of(q, t), t);
}

struct traces *queue_find(struct queue *q, const uint8_t key[TRACES_KEY_SIZE])
{
	for (struct traces *t = *bucket_of(q, key); t != NULL; t = t->bucket_next) {
		/* what a worker's own end says is good for the cases that hold it only */
		if (memcmp(t->key, key, TRACES_KEY_SIZE) != 0 || (t->state == TRACES_READY && t->of_worker))
			continue;
		q->counts.hits++;
		hold(q, t);
		return t;
	}
	return NULL;
}

/* What nobody holds makes room, the longest unused first. */
static void cache_trim(struct queue *q)
{
	while (q->counts.cached_bytes > q->cache_bytes && q->idle.first != NULL)
		traces_drop(q, q->idle.first);
}

static struct traces *traces_new(struct queue *q, const uint8_t *key, enum language language)
{
	struct traces *t = calloc(1, sizeof(*t)), **at = bucket_of(q, key);

	if (t == NULL)
		return NULL;
	memcpy(t->key, key, TRACES_KEY_SIZE);
	t->language = language;
	t->users = 1;
	t->bucket_next = *at;
	*at = t;
	return t;
}

static uint64_t waiting_count(const struct queue *q)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < QUEUE_PRIORITIES; i++)
		n += q->waiting[i].count;
	return n;
}

int queue_add(struct queue *q, const uint8_t key[TRACES_KEY_SIZE], enum language language, struct bytes code,
              struct bytes request, uint64_t seed, unsigned priority, uint64_t limit_ns, struct traces **ret)
{
	uint8_t *copy;
	struct traces *t;

	if (waiting_count(q) >= q->max_jobs) {
		q->counts.refused++;
		return -ENOBUFS;
	}
	copy = malloc(code.left + request.left + 1);
	t = copy == NULL ? NULL : traces_new(q, key, language);
	if (t == NULL) {
		free(copy);
		return -ENOMEM;
	}
	if (code.left > 0)
		memcpy(copy, code.at, code.left);
	if (request.left > 0)
		memcpy(copy + code.left, request.at, request.left);
	t->code = bytes_of(copy, code.left);
	t->request = bytes_of(copy + code.left, request.left);
	t->seed = seed;
	t->priority = priority < QUEUE_PRIORITIES ? priority : QUEUE_PRIORITIES - 1;
	t->limit_ns = limit_ns;
	t->state = TRACES_WAITING;
	list_add(&q->waiting[t->priority], t);
	*ret = t;
	return 0;
}

static void make_ready(struct queue *q, struct traces *t, const struct report *report, size_t cost)
{
	t->report = report;
	t->state = TRACES_READY;
	t->cost = cost + ENTRY_COST;
	q->counts.cached_bytes += t->cost;
	list_add(list_of(q, t), t);
}

/*
 * Does the answer tell of the code, so that it holds for the next case too? A worker that died without a word, or was given
 * up by us, may have had reasons of its own (whoever ends konseki-emu ends them all): the next case asks anew. What a worker
 * lived to tell, or what kept it until its own watchdog, is the code's doing, and would be so again.
 */
static bool tells_of_code(const struct answer *a)
{
	if (a->report->stopped_by == STOPPED_DIED)
		return a->report->runs_count > 0;
	return a->report->stopped_by != STOPPED_WATCHDOG || a->memory != NULL;
}

int queue_add_known(struct queue *q, const uint8_t key[TRACES_KEY_SIZE], enum language language, struct bytes report,
                    struct traces **ret)
{
	uint8_t *copy = calloc(1, report.left + 1);
	struct bytes b = bytes_of(copy, report.left);
	struct report *decoded = NULL;
	struct traces *t;
	int r = -ENOMEM;

	if (copy == NULL)
		return r;
	if (report.left > 0)
		memcpy(copy, report.at, report.left);
	if ((r = report_decode(&b, &decoded)) < 0)
		goto out;
	r = -ENOMEM;
	if ((t = traces_new(q, key, language)) == NULL)
		goto out;
	t->memory = copy;
	t->seen = true;
	make_ready(q, t, decoded, report.left);
	*ret = t;
	return 0;
out:
	report_free(decoded);
	free(copy);
	return r;
}

void queue_release(struct queue *q, struct traces *t)
{
	struct list *from = list_of(q, t);

	t->users--;
	if (t->users > 0)
		return;
	if (t->state == TRACES_WAITING) {
		traces_drop(q, t);
	} else if (t->state == TRACES_READY && t->of_worker) {
		list_remove(from, t);
		list_add(&q->idle, t);
		traces_drop(q, t);
	} else if (t->state == TRACES_READY) {
		list_remove(from, t);
		list_add(&q->idle, t);
		cache_trim(q);
	}
}

int queue_send(struct queue *q, struct pool *pool, uint64_t now_ns)
{
	int sent = 0;

	for (unsigned i = 0; i < QUEUE_PRIORITIES; i++) {
		while (q->waiting[i].first != NULL && pool_idle(pool) > 0) {
			struct traces *t = q->waiting[i].first;
			struct job job = { .id = q->next_job, .language = t->language, .code = t->code, .request = t->request,
				           .profile = bytes_of(NULL, 0), .runs = false, .seed = t->seed };
			int r = pool_send(pool, &job, now_ns + t->limit_ns);

			if (r == -EAGAIN)
				return sent;
			if (r < 0)
				return r;
			q->next_job++;
			q->counts.jobs++;
			t->job_id = job.id;
			t->tries++;
			list_remove(&q->waiting[i], t);
			t->state = TRACES_RUNNING;
			list_add(&q->running, t);
			sent++;
		}
	}
	return sent;
}

static size_t report_cost(const struct report *r)
{
	size_t cost = sizeof(*r);

	for (uint32_t i = 0; i < r->traces_count; i++)
		cost += sizeof(struct trace) + r->traces[i].pattern.left + r->traces[i].text.left;
	for (uint32_t i = 0; i < r->runs_count; i++)
		cost += sizeof(struct run) + r->runs[i].output.left + r->runs[i].out.left + r->runs[i].err.left +
			r->runs[i].events_count * sizeof(struct event);
	return cost;
}

bool queue_take(struct queue *q, struct pool *pool, struct traces **ret)
{
	struct answer a;

	while (pool_take(pool, &a)) {
		struct traces *t = q->running.first;

		while (t != NULL && t->job_id != a.job_id)
			t = t->next;
		if (t == NULL) { /* never asked, or dropped since */
			answer_free(&a);
			continue;
		}
		list_remove(&q->running, t);
		if (a.report->stopped_by == STOPPED_DIED) {
			q->counts.died++;
			if (!tells_of_code(&a) && t->tries < TRIES_MAX && t->users > 0) {
				answer_free(&a);
				t->state = TRACES_WAITING;
				list_add(&q->waiting[t->priority], t);
				continue;
			}
		}
		if (a.report->stopped_by == STOPPED_WATCHDOG)
			q->counts.late++;
		q->counts.answers++;
		code_free(t);
		t->answer = a;
		t->of_worker = !tells_of_code(&a);
		t->emulated = !t->of_worker;
		make_ready(q, t, a.report, report_cost(a.report));
		*ret = t;
		return true;
	}
	return false;
}

void queue_count(const struct queue *q, struct queue_counts *ret)
{
	*ret = q->counts;
	ret->waiting = waiting_count(q);
	ret->running = q->running.count;
	ret->cached = q->held.count + q->idle.count;
}
