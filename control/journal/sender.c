/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All collectors: each goes on by itself, and what all of them took leaves the spool. */
#include "control/journal/sender.h"
#include "control/journal/collector.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Another reason why the same collector's lines wait is told no sooner. */
static const uint64_t news_ns = UINT64_C(60000000000);

struct sender {
	struct store *store;
	unsigned count;
	struct collector *collectors;
};

int sender_new(const struct settings *settings, struct store *store, struct sender **ret, char *why)
{
	struct sender *s = calloc(1, sizeof(*s));
	char reason[TLS_WHY_MAX] = "out of memory";
	int r = 0;

	if (s != NULL)
		s->collectors = calloc(settings->syslog_count + 1, sizeof(*s->collectors));
	if (s == NULL || s->collectors == NULL)
		r = -ENOMEM;
	for (unsigned i = 0; r == 0 && i < settings->syslog_count; i++) {
		s->store = store;
		s->count++;
		r = collector_init(&s->collectors[i], settings, &settings->syslog[i], store, reason);
	}
	if (r < 0) {
		snprintf(why, SENDER_WHY_MAX, "%s%s%s", s != NULL && s->count > 0 ? s->collectors[s->count - 1].name : "",
		         s != NULL && s->count > 0 ? ": " : "", reason);
		sender_free(s);
		return r;
	}
	*ret = s;
	return 0;
}

void sender_free(struct sender *s)
{
	if (s == NULL)
		return;
	for (unsigned i = 0; i < s->count; i++)
		collector_fini(&s->collectors[i]);
	free(s->collectors);
	free(s);
}

/* What was taken is noted in the store, and dropped there when everyone has it. */
static int note_taken(struct sender *s)
{
	uint64_t least = UINT64_MAX;
	bool moved = false;
	int r;

	for (unsigned i = 0; i < s->count; i++) {
		struct collector *c = &s->collectors[i];

		if (c->taken != c->noted) {
			if ((r = store_spool_take(s->store, c->name, c->taken)) < 0)
				return r;
			c->noted = c->taken;
			moved = true;
		}
		if (c->taken < least)
			least = c->taken;
	}
	return moved ? store_spool_drop(s->store, least) : 0;
}

int sender_step(struct sender *s, uint64_t now_ns)
{
	for (unsigned i = 0; i < s->count; i++) {
		int r = collector_step(&s->collectors[i], now_ns);

		if (r < 0)
			return r;
	}
	return note_taken(s);
}

bool sender_busy(const struct sender *s)
{
	uint64_t number;
	struct bytes line;

	for (unsigned i = 0; i < s->count; i++)
		if (store_spool_next(s->store, s->collectors[i].taken, &number, &line) == 0)
			return true;
	return false;
}

bool sender_news(struct sender *s, char *buf, size_t size)
{
	for (unsigned i = 0; i < s->count; i++) {
		struct collector *c = &s->collectors[i];
		bool other = c->down && strcmp(c->why, c->told_why) != 0 && c->now_ns - c->told_ns >= news_ns;

		if (c->down == c->told_down && !other)
			continue;
		c->told_down = c->down;
		c->told_ns = c->now_ns;
		memcpy(c->told_why, c->why, sizeof(c->why));
		if (c->down)
			snprintf(buf, size, "collector %s: %s; its lines wait in the spool", c->name, c->why);
		else
			snprintf(buf, size, "collector %s takes lines again", c->name);
		return true;
	}
	return false;
}

unsigned sender_count(const struct sender *s)
{
	return s->count;
}

void sender_look(const struct sender *s, unsigned i, struct collector_counts *ret)
{
	const struct collector *c = &s->collectors[i];

	*ret = c->counts;
	ret->name = c->name;
	ret->cef = c->to->format == SYSLOG_CEF;
	ret->peer = c->peer;
	ret->connected = c->link.state == LINK_UP;
	ret->done = c->taken;
}
