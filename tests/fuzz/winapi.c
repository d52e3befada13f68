/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Windows functions as hostile code calls them: each ten bytes of input are one call, which function and how each
 * argument is made. That calls end and reach nothing outside the guest's memory is ours; what they do is the guest's.
 */
#include "emu/server/server.h"
#include "emu/windows/api/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CALL_BYTES = 12, CALLS_MAX = 48, ARGUMENTS = 10, TEXTS_AT = 0x3000, CODE_SIZE = 0x4000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a text argument might be; where they stand in the code is what pointers to them are. */
static const char *const texts[] = {
	"kernel32.dll", "ws2_32", "C:\\Windows\\Temp\\a.exe", "\\\\.\\pipe\\p", "http://192.0.2.1:81/a?b", "cmd /c echo %PATH% > b",
	"..\\..\\x", "%s%n%99999d%I64x", "w", "192.0.2.7", "name.example", "SOFTWARE\\Microsoft", "*", "",
	"powershell -enc dwBoAG8AYQBtAGkA", "\\\\?\\C:\\a\\b\\c", "GET",
};
enum { TEXT_ROOM = 64 };

/* Numbers worth trying: small ones, pointers that are good, at an edge or bad, lengths that overflow. */
static uint64_t argument(uint8_t how)
{
	static const uint64_t odd[] = {
		0, 1, 2, 3, 4, 6, 8, 16, 17, 64, 0x40, 0x44, 0x48, 0x4c, 0x50, 0x54, 0x58, 0x1000, 0x3000, 0x8000, 0xffff, 0x10000,
		UINT64_MAX, (uint64_t)-2, INT64_MAX, 1ull << 63, UINT32_MAX, INT32_MAX, 0x80000002, WIN_HEAP + 0x100, WIN_HEAP + 0x200,
		WIN_HEAP_END - 1, WIN_HEAP_END - 8, WIN_HEAP_END, WIN_STACK_END - 4, WIN_LOADER, WIN_PEB, WIN_SHARED, WIN_SHARED_END,
		WIN_PROGRAM, WIN_LIBRARIES, WINDOW_END, WINDOW_END - 1, 0x41414141, 0xdeadbeefcafeull, WIN_CODE, 0x20000000, 100 << 20,
	};
	uint64_t text = WIN_CODE + TEXTS_AT + (uint64_t)(how % COUNT_OF(texts)) * 2 * TEXT_ROOM;

	/* each text stands there twice: as bytes, then in UTF-16 */
	return how < 96 ? odd[how % COUNT_OF(odd)] : how < 176 ? text : text + TEXT_ROOM;
}

static void put_texts(uint8_t *code)
{
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		uint8_t *at = code + TEXTS_AT + i * 2 * TEXT_ROOM;

		memset(at, 0, 2 * TEXT_ROOM);
		snprintf((char *)at, TEXT_ROOM, "%s", texts[i]);
		for (size_t n = 0; n < TEXT_ROOM / 2 - 1 && texts[i][n] != 0; n++)
			at[TEXT_ROOM + 2 * n] = (uint8_t)texts[i][n];
	}
}

static uint64_t function(const struct catalog *c, unsigned which)
{
	unsigned all = 0;

	for (unsigned i = 1; i < c->count; i++)
		all += c->images[i].count;
	which %= all;
	for (unsigned i = 1; i < c->count; i++) {
		if (which < c->images[i].count)
			return c->images[i].base + image_gate(which);
		which -= c->images[i].count;
	}
	return 0;
}

static void put_move(struct sink *s, uint8_t prefix, uint8_t code, uint64_t value)
{
	sink_u8(s, prefix);
	sink_u8(s, code);
	sink_u64le(s, value);
}

/* sub rsp; then for each call: arguments to the stack and the registers, call rax. */
static size_t program(const struct catalog *c, struct bytes calls, uint8_t *code)
{
	static const uint8_t registers[4][2] = { { 0x48, 0xb9 }, { 0x48, 0xba }, { 0x49, 0xb8 }, { 0x49, 0xb9 } };
	struct sink s = sink_over(code, TEXTS_AT);
	struct bytes call;

	sink_put(&s, "\x48\x81\xec\x28\x01\x00\x00", 7);
	for (unsigned n = 0; n < CALLS_MAX && bytes_take(&calls, CALL_BYTES, &call) == 0; n++) {
		for (unsigned i = 4; i < ARGUMENTS; i++) {
			put_move(&s, 0x48, 0xb8, argument(call.at[2 + i]));
			sink_put(&s, "\x48\x89\x84\x24", 4);
			sink_u32le(&s, 8 * i);
		}
		for (unsigned i = 0; i < 4; i++)
			put_move(&s, registers[i][0], registers[i][1], argument(call.at[2 + i]));
		put_move(&s, 0x48, 0xb8, function(c, (unsigned)(call.at[0] | call.at[1] << 8)));
		sink_put(&s, "\xff\xd0", 2);
	}
	sink_put(&s, "\x48\x81\xc4\x28\x01\x00\x00\xc3", 8);
	put_texts(code);
	return CODE_SIZE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t code[CODE_SIZE];
	static struct catalog *catalog;
	static struct server *server;
	struct command c = { .language = LANGUAGE_WIN_X86_64, .seed = 1 };
	const struct outcome *outcome;
	char why[256];

	if (server == NULL && (server_open(SOURCE_ROOT "/emu/profiles/windows", why, sizeof(why), &server) < 0 ||
	    catalog_new(api_libraries, api_libraries_count, true, 100, &catalog) < 0))
		abort();
	memset(code, 0xcc, sizeof(code));
	c.code = bytes_of(code, program(catalog, bytes_of(data, size), code));
	if (server_run(server, &c, &outcome) < 0)
		abort();
	return 0;
}
