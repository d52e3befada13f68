/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An address with a port. */
#include "config/listen.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int listen_parse(const char *text, struct address *ret, uint16_t *port)
{
	char buf[ADDRESS_TEXT + 2];
	const char *colon = strrchr(text, ':');
	size_t len = colon == NULL ? 0 : (size_t)(colon - text);
	unsigned long number;
	char *end;

	if (len == 0 || len >= sizeof(buf) || !isdigit((unsigned char)colon[1]))
		return -EINVAL;
	memcpy(buf, text, len);
	buf[len] = '\0';
	number = strtoul(colon + 1, &end, 10);
	if (*end != '\0' || number == 0 || number > 65535)
		return -EINVAL;
	if (buf[0] == '[' && buf[len - 1] == ']') {
		buf[len - 1] = '\0';
		memmove(buf, buf + 1, len - 1);
	} else if (strchr(buf, ':') != NULL) {
		return -EINVAL; /* where would its port begin? */
	}
	if (address_parse(buf, ret) < 0)
		return -EINVAL;
	*port = (uint16_t)number;
	return 0;
}
