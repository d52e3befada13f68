/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shortening what repeats: slides of no-operations, "AAAA…", "../../…". Their matches are so dense that Hyperscan slows
 * down twentyfold; without its middle, such a run still holds every short text that it held before.
 */
#include "dataplane/match/matcher.h"

#include <string.h>

enum {
	STRIDE = 64,     /* bytes between the places that are probed */
	PROBE = 16,      /* bytes compared there */
	KEEP = 96,       /* bytes kept of a run before its cut: a fast pattern (48) in each phase of the longest lag (40) */
	CUT_LEAST = 128, /* bytes: shorter cuts are not worth copying */
};

/* A run of period p repeats after every multiple of p: these find the periods 1 to 8, 10, 12, 14, 20, 24, 28 and 40. */
static const unsigned lags[] = { 24, 40, 28 };

static bool repeats(const uint8_t *at, unsigned lag)
{
	return memcmp(at, at + lag, PROBE) == 0;
}

/* How far at[0..len) goes on equal to itself lag bytes later; the run is lag longer. */
static size_t extent(const uint8_t *at, size_t len, unsigned lag)
{
	size_t n = 0;

	while (n + lag < len && at[n] == at[n + lag])
		n++;
	return n + lag;
}

/* The bytes that may go from the middle of a run that begins at at; 0: there is no run, or it is short. */
static size_t cut_at(const uint8_t *at, size_t len, size_t *run)
{
	for (unsigned i = 0; i < COUNT_OF(lags); i++) {
		unsigned lag = lags[i];
		if (len < PROBE + lag || !repeats(at, lag))
			continue;
		*run = extent(at, len, lag);
		if (*run < KEEP + lag + CUT_LEAST)
			continue;
		return (*run - KEEP - lag) / lag * lag;
	}
	return 0;
}

size_t collapse(const uint8_t *at, size_t len, uint8_t *to)
{
	size_t taken = 0, written = 0, run = 0;

	for (size_t i = 0; i + KEEP < len; i += STRIDE) {
		size_t cut = cut_at(at + i, len - i, &run);
		if (cut == 0)
			continue;
		memcpy(to + written, at + taken, i + KEEP - taken);
		written += i + KEEP - taken;
		taken = i + KEEP + cut;
		i += run / STRIDE * STRIDE;
		if (i < taken)
			i = taken;
	}
	if (taken == 0)
		return 0;
	memcpy(to + written, at + taken, len - taken);
	return written + len - taken;
}
