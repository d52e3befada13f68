/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts of what a format carries, by family and by reason. */
#include "control/iocgen/export/carry.h"

#include "control/iocgen/interval.h"

#include <stdlib.h>
#include <string.h>

enum { REASONS_MAX = 32 };

struct carried *carry_all(const struct ioc_set *set, const struct format *format)
{
	struct carried *all = calloc(set->count + 1, sizeof(*all));

	for (size_t i = 0; all != NULL && i < set->count; i++) {
		for (unsigned k = 0; k < set->iocs[i].patterns_count; k++) {
			struct carried one = format->pattern(&set->iocs[i], &set->iocs[i].patterns[k]);

			if (one.carry > all[i].carry)
				all[i] = one;
		}
	}
	return all;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t most(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void add_family(const struct ioc_set *set, const struct carried *all, const struct ioc_family *family, struct remains *ret)
{
	uint64_t kept = 0, lost = 0, best = 0;

	for (size_t i = 0; i < set->count; i++) {
		const struct ioc *ioc = &set->iocs[i];

		if (!bytes_equal(ioc->family, family->name))
			continue;
		if (all[i].carry == CARRY_NOT) {
			lost += ioc->samples;
		} else {
			kept += ioc->samples;
			best = most(best, ioc->samples);
		}
	}
	ret->covered_low += least(most(best, family->covered > lost ? family->covered - lost : 0), family->covered);
	ret->covered_high += least(kept, family->covered);
}

void carry_remains(const struct ioc_set *set, const struct carried *all, struct remains *ret)
{
	uint64_t kept = 0, lost = 0, best = 0;

	*ret = (struct remains){ 0 };
	for (size_t i = 0; i < set->count; i++) {
		ret->whole += all[i].carry == CARRY_WHOLE;
		ret->wider += all[i].carry == CARRY_WIDER;
		ret->lost += all[i].carry == CARRY_NOT;
		if (all[i].carry == CARRY_NOT) {
			lost += set->iocs[i].benign_hits;
		} else {
			kept += set->iocs[i].benign_hits;
			best = most(best, set->iocs[i].benign_hits);
		}
	}
	for (size_t i = 0; i < set->families_count; i++)
		add_family(set, all, &set->families[i], ret);
	ret->benign_low = most(best, set->benign_hits > lost ? set->benign_hits - lost : 0);
	ret->benign_high = least(kept, set->benign_hits);
	ret->benign_low = least(ret->benign_low, ret->benign_high);
	ret->fpr_high = interval_of(ret->benign_high, set->benign_samples).high;
}

/* Every reason once, with how many IOCs it is that of. Formats have a handful of them, as texts of their own. */
static void tell_reasons(const struct ioc_set *set, const struct carried *all, enum carry carry, const char *before, FILE *to)
{
	struct { const char *why; uint64_t count; } reasons[REASONS_MAX] = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++) {
		size_t k = 0;

		if (all[i].carry != carry || all[i].why == NULL)
			continue;
		while (k < count && strcmp(reasons[k].why, all[i].why) != 0)
			k++;
		if (k == REASONS_MAX)
			continue;
		count += k == count;
		reasons[k].why = all[i].why;
		reasons[k].count++;
	}
	for (size_t k = 0; k < count; k++)
		fprintf(to, "%s  %llu %s: %s\n", before, (unsigned long long)reasons[k].count, carry == CARRY_NOT ? "not carried" : "wider", reasons[k].why);
}

static void tell_range(const char *what, uint64_t low, uint64_t high, uint64_t of, uint64_t all, FILE *to)
{
	if (low == high)
		fprintf(to, "%llu of %llu %s", (unsigned long long)low, (unsigned long long)all, what);
	else
		fprintf(to, "%llu to %llu of %llu %s", (unsigned long long)low, (unsigned long long)high, (unsigned long long)all, what);
	fprintf(to, " (all IOCs: %llu)", (unsigned long long)of);
}

void carry_tell(const struct ioc_set *set, const struct carried *all, const struct format *format, const char *before, FILE *to)
{
	struct remains r;

	carry_remains(set, all, &r);
	fprintf(to, "%s%s carries %llu of %zu IOCs, %llu of them wider than they were\n", before, format->name,
	        (unsigned long long)(r.whole + r.wider), set->count, (unsigned long long)r.wider);
	tell_reasons(set, all, CARRY_NOT, before, to);
	tell_reasons(set, all, CARRY_WIDER, before, to);
	fprintf(to, "%sthey match ", before);
	tell_range("malware samples", r.covered_low, r.covered_high, set->malware_covered, set->malware_samples, to);
	fputs(" and ", to);
	tell_range("ordinary ones", r.benign_low, r.benign_high, set->benign_hits, set->benign_samples, to);
	fprintf(to, ",\n%sfalse positives at most %.3f %% with 95 %% confidence%s\n", before, 100 * r.fpr_high,
	        r.wider > 0 ? " as far as nothing is wider" : "");
}
