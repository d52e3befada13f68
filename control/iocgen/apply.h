/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IOCs over samples: which matches which. */
#ifndef CONTROL_IOCGEN_APPLY_H
#define CONTROL_IOCGEN_APPLY_H

#include "control/iocgen/pool.h"

/* Embedded. */
struct applied {
	struct view view;
	roaring_bitmap_t **hits; /* of each IOC: places in the view */
	size_t count;
};

/* What share of malware and of harmless samples any of the first `count` IOCs matches. */
struct applied_rates {
	uint64_t malware, malware_hit, right_family, benign, benign_hit;
};

/* wanted: as for view_init(). -ENOMEM; -EINVAL: a pattern that Hyperscan refuses. */
must_check int apply_iocs(const struct ioc_set *, const struct corpus *, const bool *wanted, struct applied *ret);
/* takes: of each IOC, whether it counts; NULL: all. */
must_check int applied_rates(const struct applied *, const struct ioc_set *, const bool *takes, struct applied_rates *ret);
void applied_fini(struct applied *);

#endif
