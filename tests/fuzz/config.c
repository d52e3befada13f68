/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target `config`: a config file of any content is loaded or told to be wrong. */
#include "config/load.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct settings settings;
	struct complaints complaints = { .max = 8 };
	char path[64];
	int fd;

	/* other files of this machine are no part of the input */
	if (memmem(data, size, "@include", 8) != NULL)
		return 0;
	fd = memfd_create("config", 0);
	if (fd < 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (write(fd, data, size) == (ssize_t)size && settings_load(path, &complaints, &settings) < 0 &&
	    complaints.count == 0)
		__builtin_trap(); /* a refusal without a word */
	close(fd);
	return 0;
}
