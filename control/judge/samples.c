/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts of kept bodies by place. */
#include "control/judge/samples.h"

#include "control/extract/http.h"
#include "control/judge/digest.h"

enum { SAMPLES_EACH = 4 }; /* of one place in a period: what fails and what does not, each more than once */

static const uint64_t PERIOD_NS = 600000000000;

static uint64_t place_key(const struct sites *sites, const struct history *h)
{
	struct address site = site_of(sites, &h->tuple.dst);
	struct bytes query = h->name, path = http_split(&query, '?');
	uint64_t key = digest_run(DIGEST_START, bytes_of(&site, sizeof(site)));

	/* a path without a query may end in a value */
	while (query.left == 0 && path.left > 0 && path.at[path.left - 1] != '/' && bytes_equal(h->method, bytes_text("GET")))
		path.left--;
	key = digest_run(digest_run(digest_number(key, h->tuple.dport), h->method), path);
	return digest_number(key, h->status / 100) | 1;
}

bool samples_want(struct samples *s, const struct sites *sites, const struct history *h)
{
	uint64_t key = place_key(sites, h);
	struct sampled *slot = &s->at[(key ^ key >> 32) % SAMPLES_SLOTS];

	if (slot->place != key || h->time_ns > slot->since_ns + PERIOD_NS)
		*slot = (struct sampled){ .place = key, .since_ns = h->time_ns };
	return slot->count < SAMPLES_EACH && ++slot->count > 0;
}
