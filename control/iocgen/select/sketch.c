/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The least of 64 orders of the members. */
#include "control/iocgen/select/sketch.h"

#include "control/iocgen/names.h"

void sketch_init(struct sketch *s)
{
	*s = (struct sketch){ 0 };
	for (unsigned i = 0; i < SKETCH_SIZE; i++)
		s->least[i] = UINT32_MAX;
}

void sketch_add(struct sketch *s, uint64_t digest)
{
	for (unsigned i = 0; i < SKETCH_SIZE; i++) {
		uint32_t v = (uint32_t)(mix(digest, i + 1) >> 32);

		s->least[i] = v < s->least[i] ? v : s->least[i];
	}
	s->sum += mix(digest, 0);
	s->members++;
}

double sketch_likeness(const struct sketch *a, const struct sketch *b)
{
	unsigned alike = 0;

	if (a->members == 0 || b->members == 0)
		return 0;
	if (a->sum == b->sum && a->members == b->members)
		return 1;
	for (unsigned i = 0; i < SKETCH_SIZE; i++)
		alike += a->least[i] == b->least[i];
	return (double)alike / SKETCH_SIZE;
}

uint64_t sketch_band(const struct sketch *s, unsigned band)
{
	uint64_t h = band;

	for (unsigned i = 0; i < SKETCH_SIZE / SKETCH_BANDS; i++)
		h = mix(h, s->least[band * (SKETCH_SIZE / SKETCH_BANDS) + i]);
	return h;
}
