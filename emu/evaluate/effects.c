/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of evaluated code. */
#include "emu/evaluate/effects.h"

#include <string.h>

void effect_contact(struct bytes host, uint16_t port, bool connects, struct event **e)
{
	struct address address = { 0 };

	if (address_parse_bytes(host, &address) < 0)
		address = (struct address){ 0 };
	if (address.family == 0)
		*(*e)++ = (struct event){ .kind = EVENT_DNS, .name = host };
	if (connects)
		*(*e)++ = (struct event){ .kind = EVENT_CONNECT, .address = address, .port = port, .protocol = 6,
			.name = address.family == 0 ? host : (struct bytes){ 0 } };
}

struct event effect_command(struct bytes text, bool cmd, struct arena *a)
{
	static const char posix[] = "sh\0-c", windows[] = "cmd.exe\0/c";
	size_t len = cmd ? sizeof(windows) : sizeof(posix);
	uint8_t *argv = arena_take(a, len + text.left + 1);

	if (argv == NULL)
		return (struct event){ .kind = EVENT_EXEC };
	memcpy(argv, cmd ? windows : posix, len);
	memcpy(argv + len, text.at, text.left);
	return (struct event){ .kind = EVENT_EXEC, .path = bytes_text(cmd ? "cmd.exe" : "/bin/sh"), .argv = bytes_of(argv, len + text.left + 1) };
}
