/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a format can say of IOCs, what it cannot, and how good what remains is. */
#ifndef CONTROL_IOCGEN_EXPORT_CARRY_H
#define CONTROL_IOCGEN_EXPORT_CARRY_H

#include "control/iocgen/export/endpoint.h"

enum carry {
	CARRY_WHOLE,  /* matches what the pattern matches */
	CARRY_WIDER,  /* matches that and more: hits of ordinary software may come, none of malware are lost */
	CARRY_NOT,
};

/* Of one IOC: the worst of its patterns, and why; NULL where it is whole. */
struct carried {
	enum carry carry;
	const char *why; /* static */
};

/* A format to write. */
struct format {
	const char *name;
	/* What the format says of one pattern of an IOC. */
	struct carried (*pattern)(const struct ioc *, const struct pattern *);
	/* The stream keeps its error; -ENOMEM. day: of the export, since 1970. */
	int (*write)(const struct ioc_set *, const struct carried *, int32_t day, FILE *to);
};

extern const struct format format_sigma, format_stix, format_openioc, format_csv, format_json;

/* How good what the format carries is. Counts of samples; what the file of IOCs does not tell exactly lies between low and high. */
struct remains {
	uint64_t whole, wider, lost;             /* IOCs */
	uint64_t covered_low, covered_high;      /* malware samples of the set that are still matched */
	uint64_t benign_low, benign_high;        /* ordinary samples that are matched, as far as nothing is wider */
	double fpr_high;                         /* upper end of the interval of 95 % for benign_high */
};

/* One entry for each IOC of the set, to be freed; NULL: no memory. */
struct carried *carry_all(const struct ioc_set *, const struct format *);
/*
 * By each family: at least what its best remaining IOC covers, or all that was covered but for what the lost ones had; at most
 * what was covered, or the sum of what remains. Pure.
 */
void carry_remains(const struct ioc_set *, const struct carried *, struct remains *ret);
/* That in sentences, each line with `before` in front, and what was lost by its reason. */
void carry_tell(const struct ioc_set *, const struct carried *, const struct format *, const char *before, FILE *to);

#endif
