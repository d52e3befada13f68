/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Labels by folders: only of those below what the command line names, for the rest of the path is somebody's house. */
#include "control/iocgen/read/folder.h"

#include <string.h>

struct read_given folder_given(const struct read_given *given)
{
	static const char *const benign[] = { "benign", "clean", "goodware" }, *const malware[] = { "malware", "malicious" };
	struct read_given ret = *given;
	size_t len = strlen(given->path);
	struct bytes rest = bytes_of(given->path + (given->named < len ? given->named : len), given->named < len ? len - given->named : 0);
	bool family = false;

	while (ret.otherwise.label == LABEL_UNKNOWN || family) {
		const uint8_t *slash;
		struct bytes part;

		while (rest.left > 0 && *rest.at == '/')
			rest = bytes_of(rest.at + 1, rest.left - 1);
		/* the last part is the log's own name */
		if (rest.left == 0 || (slash = memchr(rest.at, '/', rest.left)) == NULL)
			break;
		part = bytes_of(rest.at, (size_t)(slash - rest.at));
		rest = bytes_of(slash, rest.left - part.left);
		if (family) {
			ret.otherwise.family = ret.otherwise.family.left > 0 ? ret.otherwise.family : part;
			break;
		}
		if (bytes_is_one_of(part, benign, COUNT_OF(benign)))
			ret.otherwise.label = LABEL_BENIGN;
		family = bytes_is_one_of(part, malware, COUNT_OF(malware));
		if (family)
			ret.otherwise.label = LABEL_MALWARE;
	}
	return ret;
}
