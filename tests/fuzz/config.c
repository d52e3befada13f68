/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target `config`: a config file of any content is loaded or told to be wrong. */
#include "config/load.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[] = "/dev/shm/konseki-fuzz-XXXXXX";

static void file_remove(void)
{
	unlink(path);
}

/* One file for the whole run; the loader wants one with a name in a folder. */
static const char *file_of(const uint8_t *data, size_t size)
{
	static int fd = -1;

	if (fd < 0 && ((fd = mkstemp(path)) < 0 || atexit(file_remove) != 0))
		abort();
	return ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size ? path : NULL;
}

/* What every config is to load with: the target itself is looked at once, since a loader that reads nothing finds nothing. */
static void probe(void)
{
	static const char text[] = "dataplane = { lanes = 7; };";
	static struct settings settings;
	struct complaints complaints = { .max = 8 };
	const char *file = file_of((const uint8_t *)text, sizeof(text) - 1);

	if (file == NULL || settings_load(file, &complaints, &settings) < 0 || settings.lanes != 7)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct settings settings;
	static bool probed;
	struct complaints complaints = { .max = 8 };
	const char *file;

	/* other files of this machine are no part of the input */
	if (memmem(data, size, "@include", 8) != NULL)
		return 0;
	if (!probed)
		probe();
	probed = true;
	file = file_of(data, size);
	if (file != NULL && settings_load(file, &complaints, &settings) < 0 && complaints.count == 0)
		__builtin_trap(); /* a refusal without a word */
	return 0;
}
