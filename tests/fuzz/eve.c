/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target `eve`: a file of another IDS's alerts of any content is read or told; what was read is joined to a case. */
#include "control/eve/eve.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(struct eve *e)
{
	FILE *nowhere = fopen("/dev/null", "w");

	if (nowhere == NULL || eve_rules_write(e, nowhere) < 0)
		abort();
	fclose(nowhere);
	for (unsigned i = 0; i < eve_count(e); i++) {
		struct case_record c = { .app = APP_HTTP, .tuple = eve_at(e, i)->tuple };
		bool flow = c.tuple.protocol != 0;

		c.tx_id = (uint32_t)eve_at(e, i)->tx_id;
		c.request_first_ns = c.request_last_ns = eve_at(e, i)->time_ns;
		if (flow && c.tx_id == eve_at(e, i)->tx_id && eve_join(e, &c) == 0)
			abort(); /* its own flow and moment */
		if (c.alerts_count > CASE_ALERTS_MAX)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct complaints complaints = { .max = 1 };
	struct eve *e = NULL;
	char path[64];
	int fd = memfd_create("eve", 0);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	if (eve_open(path, &complaints, &e) == 0)
		use(e);
	eve_free(e);
	close(fd);
	return 0;
}
