/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DNS messages of any kind: read or refused, never beyond their end. */
#include "dataplane/app/dns.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dns_message m;

	if (dns_read(bytes_of(data, size), &m) == 0 && (m.name[m.name_len] != '\0' || m.answers_count > DNS_ANSWERS_MAX))
		abort();
	return 0;
}
