/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * konseki-control that says how long each case took it, in processor time: a line "LANGUAGE NANOSECONDS" for every verdict
 * told, into the file that TIMES names. The calls between the rooms are caught at link time (--wrap), so that what is measured is
 * the program as it is: extraction and look-up of traces, every judgement of the case, the record and what the store takes of it.
 */
#include "control/open_case.h"
#include "control/publish.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CASES = 1 << 16 }; /* open at a time; one that finds no slot is not told */

/* By where its record lies, which is what all the calls have in common. */
static struct spent {
	const struct case_record *record;
	uint64_t ns;
} cases[CASES];

int __real_open_case_new(const struct docket_tools *, const uint8_t build[TRACES_KEY_SIZE], struct bytes, uint64_t, struct open_case **);
int __wrap_open_case_new(const struct docket_tools *, const uint8_t build[TRACES_KEY_SIZE], struct bytes, uint64_t, struct open_case **);
void __real_judge(const struct judge_input *, struct judgement *);
void __wrap_judge(const struct judge_input *, struct judgement *);
int __real_publish(void *, const struct open_case *);
int __wrap_publish(void *, const struct open_case *);

static uint64_t processor_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

/* Memory is used again: a place that an earlier case had is the new one's. */
static struct spent *spent_of(const struct case_record *record)
{
	size_t home = (size_t)((uintptr_t)record / 16 * UINT64_C(0x9e3779b97f4a7c15) >> 48);

	for (size_t i = 0; i < CASES; i++) {
		struct spent *s = &cases[(home + i) % CASES];

		if (s->record == record || s->record == NULL) {
			s->record = record;
			return s;
		}
	}
	return NULL;
}

int __wrap_open_case_new(const struct docket_tools *tools, const uint8_t build[TRACES_KEY_SIZE], struct bytes encoded, uint64_t now_ns,
                         struct open_case **ret)
{
	uint64_t from = processor_ns();
	int r = __real_open_case_new(tools, build, encoded, now_ns, ret);
	struct spent *s = r == 0 && *ret != NULL ? spent_of(&(*ret)->file->record) : NULL;

	if (s != NULL)
		s->ns = processor_ns() - from;
	return r;
}

void __wrap_judge(const struct judge_input *in, struct judgement *ret)
{
	uint64_t from = processor_ns();
	struct spent *s = spent_of(in->record);

	__real_judge(in, ret);
	if (s != NULL)
		s->ns += processor_ns() - from;
}

int __wrap_publish(void *publisher, const struct open_case *c)
{
	static FILE *times;
	uint64_t from = processor_ns();
	int r = __real_publish(publisher, c);
	struct spent *s = spent_of(&c->file->record);

	if (times == NULL && (getenv("TIMES") == NULL || (times = fopen(getenv("TIMES"), "w")) == NULL))
		return r;
	if (s != NULL)
		fprintf(times, "%s %" PRIu64 "\n", c->codes->count > 0 ? language_name(c->codes->codes[0].language) : "none",
		        s->ns + processor_ns() - from);
	return r;
}
