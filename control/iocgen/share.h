/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One budget of harmless matches, shared among families by what each gains from more of it. */
#ifndef CONTROL_IOCGEN_SHARE_H
#define CONTROL_IOCGEN_SHARE_H

#include "control/iocgen/family.h"

/* What a family's best set is worth with some matches allowed. */
struct offer {
	uint32_t hits_max;
	double value;
	bool *takes;              /* of the family's candidates */
	roaring_bitmap_t *benign; /* harmless samples that it matches */
};

enum { OFFERS_MAX = 10 };

/* What a family offers, by rising hits_max; the first allows least. */
struct offers {
	uint32_t count, samples;
	struct offer list[OFFERS_MAX];
};

/* Offers for no match, one, two, four, … up to most. limits: hits_max is not looked at. -ENOMEM. */
must_check int offers_make(const struct candidates *, const struct limits *, uint32_t most, struct offers *ret);
void offers_fini(struct offers *);
/*
 * Takes one offer of each family so that all together match at most `most` harmless samples: from the cheapest on, again and again the
 * step that gains most samples of malware for a harmless one (the upper hull of each family's offers). A step that gains less than half
 * of the share of malware that it costs of the `benign` harmless samples is not taken. taken[f] is the number of the offer. -ENOMEM. Deterministic.
 */
must_check int offers_share(const struct offers *, uint32_t families, uint64_t most, uint64_t malware, uint64_t benign, uint32_t *taken);

#endif
