/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A serialised object of the format that the first byte says: reading it ends, within its bounds. */
#include "emu/serial/serial.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum language formats[] = {
		LANGUAGE_PHP_OBJECT, LANGUAGE_JAVA_OBJECT, LANGUAGE_DOTNET_OBJECT, LANGUAGE_RUBY_OBJECT, LANGUAGE_YAML,
	};
	static struct serial_result result;
	static void *room;

	if (size == 0)
		return 0;
	if (room == NULL && (room = malloc(serial_room())) == NULL)
		abort();
	serial_evaluate(formats[data[0] % COUNT_OF(formats)], bytes_of(data + 1, size - 1), room, &result);
	if (result.effects_count > SERIAL_EFFECTS_MAX || result.used > sizeof(result.memory))
		abort();
	for (unsigned i = 0; i < result.effects_count; i++)
		if (result.effects[i].text.left == 0 || result.effects[i].text.left > SERIAL_TEXT_MAX)
			abort();
	return 0;
}
