/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes on: newer samples are worth more, and so are signs that several times showed. */
#include "control/iocgen/lasting.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const double once = 0.6;  /* strength of what one environment alone shows, where there are no days */
static const double gone = 0.3;  /* of what the newest window does not show any more */
static const double lasting[WINDOWS + 1] = { 0, 0.65, 0.75, 0.9, 1 }; /* by the windows that show it, the newest one among them */
static const double newest = 0.08, newer = 0.5, smooth = 0.5; /* shares of a family's days that a trend is seen in; samples added to each count */
static const double recent = 4; /* the oldest sample weighs exp(-recent) of the newest one */

int windows_init(struct windows *w, const struct view *v, const struct view_family *f)
{
	*w = (struct windows){ .days = malloc(((size_t)f->count + 1) * sizeof(*w->days)) };
	if (w->days == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < f->count; i++) {
		int32_t day = view_sample(v, f->first + i)->day;

		w->sources |= view_sample(v, f->first + i)->source != view_sample(v, f->first)->source;
		if (day != DAY_NONE)
			w->days[w->count++] = day;
	}
	days_sort(w->days, w->count);
	for (uint32_t i = 1; i < WINDOWS && w->count > 0; i++)
		w->begins[i - 1] = w->days[(uint64_t)w->count * i / WINDOWS];
	w->several = w->count >= WINDOWS && w->days[0] != w->days[w->count - 1];
	return 0;
}

void windows_fini(struct windows *w)
{
	free(w->days);
	*w = (struct windows){ 0 };
}

static unsigned window_of(const struct windows *w, int32_t day)
{
	unsigned n = 0;

	for (unsigned i = 0; i + 1 < WINDOWS; i++)
		n += day >= w->begins[i];
	return n;
}

/* The share of days that are not after this one. */
static double age_of(const struct windows *w, int32_t day)
{
	uint32_t low = 0, high = w->count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (w->days[mid] <= day)
			low = mid + 1;
		else
			high = mid;
	}
	return (double)low / w->count;
}

void windows_weigh(const struct windows *w, const struct view *v, const struct view_family *f, double *weights)
{
	double sum = 0;

	for (uint32_t i = 0; i < f->count; i++) {
		int32_t day = view_sample(v, f->first + i)->day;

		weights[i] = w->several && day != DAY_NONE ? exp(recent * (age_of(w, day) - 1)) : 1;
		sum += weights[i];
	}
	for (uint32_t i = 0; i < f->count; i++)
		weights[i] /= sum;
}

/* How often the newest days show it, as a share of how often the newer half does, to 1: what is being left behind will be gone. */
static double trend_of(const struct windows *w, uint32_t in_newest, uint32_t in_newer)
{
	double now = (in_newest + smooth) / (newest * w->count + 2 * smooth), before = (in_newer + smooth) / (newer * w->count + 2 * smooth);

	return now < before ? now / before : 1;
}

double windows_strength(const struct windows *w, const struct view *v, const roaring_bitmap_t *places)
{
	roaring_uint32_iterator_t it;
	uint32_t in_newest = 0, in_newer = 0;
	unsigned seen = 0;
	uint32_t source = UINT32_MAX;
	bool two = false;

	if (!w->several && !w->sources)
		return 1;
	for (roaring_init_iterator(places, &it); it.has_value; roaring_advance_uint32_iterator(&it)) {
		const struct corpus_sample *s = view_sample(v, it.current_value);

		if (s->day != DAY_NONE && w->several) {
			double age = age_of(w, s->day);

			seen |= 1u << window_of(w, s->day);
			in_newest += age > 1 - newest;
			in_newer += age > 1 - newer;
		}
		two |= source != UINT32_MAX && source != s->source;
		source = s->source;
	}
	if (!w->several)
		return two ? 1 : once;
	return ((seen >> (WINDOWS - 1) & 1) == 0 ? gone : lasting[__builtin_popcount(seen)]) * trend_of(w, in_newest, in_newer);
}
