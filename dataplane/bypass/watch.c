/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one decision of konseki-bypass, over time. */
#include "dataplane/bypass/watch.h"

enum { DOUBLINGS_MAX = 5 };
static const uint64_t forgiven_ns = UINT64_C(600000000000); /* well for so long: earlier falls count no more */

static bool well(const struct watch *w, uint64_t now_ns, bool ready, uint64_t beat_ns)
{
	return ready && beat_ns != 0 && now_ns < beat_ns + w->stall_ns;
}

/* The first start needs no proof: nothing has fallen yet. */
static uint64_t proof_ns(const struct watch *w)
{
	unsigned doublings = w->falls < DOUBLINGS_MAX ? w->falls : DOUBLINGS_MAX;

	return w->falls == 0 ? 0 : w->return_ns << (doublings - 1);
}

enum watch_news watch_step(struct watch *w, uint64_t now_ns, bool ready, uint64_t beat_ns)
{
	bool is_well = well(w, now_ns, ready, beat_ns);

	if (!is_well)
		w->well_since_ns = 0;
	else if (w->well_since_ns == 0)
		w->well_since_ns = now_ns;
	if (!w->bypassed) {
		if (is_well && now_ns - w->returned_ns > forgiven_ns)
			w->falls = 0;
		if (is_well)
			return WATCH_AS_BEFORE;
		w->bypassed = true;
		w->falls++;
		return WATCH_FALL;
	}
	if (!is_well || now_ns - w->well_since_ns < proof_ns(w))
		return WATCH_AS_BEFORE;
	w->bypassed = false;
	w->returned_ns = now_ns;
	return WATCH_RETURN;
}
