/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An IOC for endpoints: one to three patterns that a sample's artefacts must match, and how good that is. */
#ifndef CONTROL_IOCGEN_IOC_H
#define CONTROL_IOCGEN_IOC_H

#include "control/iocgen/sample.h"

#include <stdbool.h>
#include <stdio.h>

/* What a varying part of a value is; hole_name()'s table has the JSON's words, ioc_regex() what each matches. */
enum hole {
	HOLE_USER, HOLE_HOST, HOLE_GUID, HOLE_SID, HOLE_HASH, HOLE_HEX, HOLE_NUMBER, HOLE_DATE, HOLE_LETTERS, HOLE_WORD, HOLE_VERSION,
	HOLE_BASE64, HOLE_COMPONENT, HOLE_COUNT
};

enum { IOC_PATTERNS_MAX = 3, IOC_PIECES_MAX = 64, IOC_EXAMPLES_MAX = 3, IOC_ID_MAX = 24 };

/* Literal text, or a hole of min to max characters. */
struct piece {
	bool is_hole;
	enum hole hole;
	unsigned min, max;
	struct bytes text; /* of a literal: normalised, as normal.h says */
};

/* One artefact's pattern: kind, what was done, and a value of these pieces from its beginning to its end. */
struct pattern {
	enum artefact_kind kind;
	enum action_class action;
	bool open_front, open_back; /* anything may stand before, after: at the border of a component (path part, label, parameter) */
	unsigned count;
	struct piece *pieces;
};

struct ioc {
	char id[IOC_ID_MAX];  /* digest of family and patterns: the same IOC has it in every run */
	struct bytes family;
	unsigned patterns_count;
	struct pattern patterns[IOC_PATTERNS_MAX]; /* all of them, in one sample */
	struct bytes sentence;                     /* for a person */
	uint64_t samples, family_samples;          /* of its family: matched, all */
	uint64_t others;                           /* malware of other families matched */
	uint64_t benign_hits, benign_samples;
	double fpr_low, fpr_high;                  /* Clopper-Pearson, 95 % */
	int32_t first, last;                       /* days of its matches; DAY_NONE */
	unsigned examples_count;
	struct bytes examples[IOC_EXAMPLES_MAX];   /* values that it matched */
};

/* How near the best a family's set is. */
struct ioc_family {
	struct bytes name;
	uint64_t samples, covered;
	double value, bound, gap; /* of the optimiser: reached, what no set can exceed, and 1 - value / bound */
	bool exact;               /* proven to be the optimum */
};

/* A file of them. Everything is its own. */
struct ioc_set {
	uint64_t malware_samples, malware_covered, benign_samples, benign_hits;
	double max_fpr, fpr_low, fpr_high; /* asked for; interval of what the whole set hits */
	size_t count, families_count;
	struct ioc *iocs;              /* by family, then the one that covers most */
	struct ioc_family *families;
	void *memory;                  /* of all texts and pieces */
};

/*
 * Reads what ioc_set_write() wrote. *why (static text) says what is wrong. -EBADMSG: no such file, or past a bound; -ENOMEM.
 * ret is freed by ioc_set_free().
 */
must_check int ioc_set_read(struct bytes json, struct ioc_set **ret, const char **why);
/* One JSON object, tests/schema/iocs.json; -EIO. */
must_check int ioc_set_write(const struct ioc_set *, FILE *to);
void ioc_set_free(struct ioc_set *);
/* Memory that lives as long as the set. NULL: none. */
void *set_take(struct ioc_set *, size_t len);

/* A pattern in its short form: `%appdata%\<word:5-8>\run.exe`, `…\run.exe`. -ENOSPC, -EINVAL. The text is for people only. */
must_check int pattern_text(const struct pattern *, struct sink *to);
/* As a regular expression to search for, that PCRE2 and Hyperscan read alike, over the bytes of a normalised value. -ENOSPC. */
must_check int pattern_regex(const struct pattern *, struct sink *to);
const char *hole_name(enum hole);
must_check int hole_find(struct bytes name, enum hole *ret);
/* What one character of the hole may be, as a class of a regular expression over bytes. */
const char *hole_class(enum artefact_kind, enum hole);

#endif
