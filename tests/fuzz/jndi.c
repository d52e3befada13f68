/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Log4j messages: every evaluation ends, within its bounds. */
#include "emu/language/jndi.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *find(const void *context, const char *prefix, const char *name)
{
	(void)context;
	(void)prefix;
	return name[0] == 'x' ? "${x:${x}${jndi:ldap://h/}" : NULL; /* a fact that asks again */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct jndi_facts facts = { .find = find };
	static struct jndi_result result;

	jndi_evaluate(bytes_of(data, size), &facts, &result);
	if (result.text_len > sizeof(result.text) || result.calls_count > JNDI_CALLS_MAX ||
	    result.unknown_count > JNDI_UNKNOWN_MAX)
		abort();
	return 0;
}
