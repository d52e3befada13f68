/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What fuzz targets of log readers share: a sink that holds the reader to its word. */
#ifndef TESTS_FUZZ_LOG_H
#define TESTS_FUZZ_LOG_H

#include "control/iocgen/read/form.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
	bool open;
	uint64_t samples;
};

static inline int log_begin(void *to, const struct sample *s)
{
	struct heard *h = to;

	if (h->open || s->name.left == 0 || s->name.left > SAMPLE_NAME_MAX || s->family.left > SAMPLE_NAME_MAX || s->source.left > SAMPLE_NAME_MAX)
		abort();
	h->open = true;
	return 0;
}

static inline int log_artefact(void *to, const struct artefact *a)
{
	struct heard *h = to;
	uint8_t copy[ARTEFACT_VALUE_MAX];

	if (!h->open || a->kind >= KIND_COUNT || a->action >= ACTION_COUNT || a->value.left == 0 || a->value.left > ARTEFACT_VALUE_MAX)
		abort();
	memcpy(copy, a->value.at, a->value.left); /* so that a sanitizer sees all of it read */
	return 0;
}

static inline int log_end(void *to)
{
	struct heard *h = to;

	if (!h->open)
		abort();
	h->open = false;
	h->samples++;
	return 0;
}

static inline void log_bad(void *to, const char *file, uint64_t line, const char *why)
{
	if (file == NULL || why == NULL || *why == '\0')
		abort();
}

/* A line end at the end says that trees of processes are samples. */
static inline int log_try(const uint8_t *data, size_t size, int (*read)(FILE *, const struct read_given *, const struct sample_sink *))
{
	struct heard heard = { 0 };
	const struct sample_sink sink = { .begin = log_begin, .artefact = log_artefact, .end = log_end, .bad = log_bad, .to = &heard };
	struct read_given given = { .path = "log.json", .otherwise = { .day = DAY_NONE }, .by_process = size > 0 && data[size - 1] == '\n' };
	FILE *from;

	if (size == 0 || (from = fmemopen((void *)(uintptr_t)data, size, "r")) == NULL)
		return 0;
	if (read(from, &given, &sink) < 0 || heard.open)
		abort();
	fclose(from);
	(void)is_cape(bytes_of(data, size));
	return 0;
}

#endif
