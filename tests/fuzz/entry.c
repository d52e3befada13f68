/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target `entry`: a spooled verdict of any bytes is read or refused; what was read is written again as it was. */
#include "control/journal/entry.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct syslog_filter filter = { .priority = 1, .verdicts = 4, .classes_count = 1, .classes = { "shell" }, .networks_count = 1 };
	static const struct settings settings;
	static uint8_t room[2 * ENTRY_MAX];
	struct sink s = sink_over(room, sizeof(room));
	struct entry e, again;
	struct bytes b;

	if (entry_decode(bytes_of(data, size), &e) < 0)
		return 0;
	(void)entry_passes(&e, &settings, &filter);
	for (unsigned i = 0; i < SYSLOG_FORMATS; i++)
		if (entry_line(&e, (enum syslog_format)i).left > size)
			abort();
	if (e.bare)
		return 0;
	entry_encode(&s, &e);
	if (sink_done(&s, &b) < 0 || entry_decode(b, &again) < 0 || !bytes_equal(e.lines[0], again.lines[0]) ||
	    !bytes_equal(e.class_name, again.class_name) || !address_equal(&e.dst, &again.dst))
		abort();
	return 0;
}
