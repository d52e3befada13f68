/* SPDX-License-Identifier: GPL-2.0-or-later */
/* msvcrt: memory, texts, printing, files, system(). */
#include "emu/windows/api/api.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEN_MAX = 16 << 20 };

static uint64_t do_malloc(struct windows *w, const uint64_t *a)
{
	return win_heap(w, w->function->value == 2 ? (uint32_t)a[0] * (uint64_t)(uint32_t)a[1] : a[0]);
}

static uint64_t do_realloc(struct windows *w, const uint64_t *a)
{
	uint64_t had = win_heap_size(w, a[0]), at = win_heap(w, a[1]);
	const uint8_t *from;

	had = had < a[1] ? had : a[1];
	if (at != 0 && a[0] != 0 && had <= LEN_MAX && (from = space_at(w->space, a[0], had, RANGE_READ)) != NULL)
		(void)!win_write(w, at, from, had);
	return at;
}

static uint64_t do_memset(struct windows *w, const uint64_t *a)
{
	uint8_t *to = a[2] != 0 && a[2] <= LEN_MAX ? space_at(w->space, a[0], a[2], RANGE_WRITE) : NULL;

	if (to != NULL) {
		memset(to, (int)a[1], a[2]);
		space_wrote(w->space, a[0], a[2]);
	}
	return a[0];
}

static uint64_t do_memcpy(struct windows *w, const uint64_t *a)
{
	const uint8_t *from = a[2] != 0 && a[2] <= LEN_MAX ? space_at(w->space, a[1], a[2], RANGE_READ) : NULL;
	uint8_t *to = from != NULL ? space_at(w->space, a[0], a[2], RANGE_WRITE) : NULL;

	if (to != NULL) {
		memmove(to, from, a[2]);
		space_wrote(w->space, a[0], a[2]);
	}
	return a[0];
}

static uint64_t do_memcmp(struct windows *w, const uint64_t *a)
{
	const uint8_t *x = a[2] <= LEN_MAX ? space_at(w->space, a[0], a[2], RANGE_READ) : NULL;
	const uint8_t *y = x != NULL ? space_at(w->space, a[1], a[2], RANGE_READ) : NULL;

	return y != NULL ? (uint64_t)(int64_t)memcmp(x, y, a[2]) : 1;
}

static uint64_t length(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX];
	uint8_t raw[2 * WIN_TEXT_MAX];

	if (!api_text_of(w, a[0], text))
		return 0;
	return w->function->wide ? win_utf16(text, raw, WIN_TEXT_MAX) : strlen(text);
}

static uint64_t copy(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX];

	(void)api_text_of(w, a[1], text);
	if (w->function->args == 3 && a[2] < sizeof(text))
		text[a[2]] = 0;
	win_put_text(w, a[0], w->function->wide, text, WIN_TEXT_MAX);
	return a[0];
}

static uint64_t append(struct windows *w, const uint64_t *a)
{
	const uint64_t as[] = { a[0] + length(w, a) * (w->function->wide ? 2 : 1), a[1], a[2] };

	copy(w, as);
	return a[0];
}

static uint64_t compare(struct windows *w, const uint64_t *a)
{
	char x[WIN_TEXT_MAX], y[WIN_TEXT_MAX];
	size_t most = w->function->args == 3 ? (size_t)a[2] : WIN_TEXT_MAX;

	(void)api_text_of(w, a[0], x);
	(void)api_text_of(w, a[1], y);
	return (uint64_t)(int64_t)(w->function->value == 1 ? strncasecmp(x, y, most) : strncmp(x, y, most));
}

static uint64_t find_text(struct windows *w, const uint64_t *a)
{
	char x[WIN_TEXT_MAX], y[WIN_TEXT_MAX];
	const char *at;

	if (!api_text_of(w, a[0], x))
		return 0;
	if (w->function->value == 1) {
		at = strchr(x, (int)(a[1] & 0xff));
	} else if (w->function->value == 2) {
		at = strrchr(x, (int)(a[1] & 0xff));
	} else {
		(void)api_text_of(w, a[1], y);
		at = strstr(x, y);
	}
	return at != NULL ? a[0] + (uint64_t)(at - x) * (w->function->wide ? 2 : 1) : 0;
}

static uint64_t to_number(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX];

	(void)api_text_of(w, a[0], text);
	return (uint64_t)strtoll(text, NULL, w->function->args == 3 ? (int)(a[2] & 31) : 10);
}

/* Arguments of a function that takes as many as it is given: where the first after `named` stands. */
static uint64_t rest(struct windows *w, unsigned named, const uint64_t *a, uint64_t *scratch)
{
	uint64_t sp = win_get(w, GPR_RSP) + 8;

	if (!w->wide)
		return sp + 4 * named;
	/* x86-64 gives four of them in registers: they go where the caller left room for them */
	for (unsigned i = 0; i < 4; i++)
		(void)win_put_word(w, sp + 8 * i, a[i]);
	*scratch = sp;
	return sp + 8 * named;
}

static void print(struct windows *w, const char *text)
{
	if (record_output(w->world->record, STREAM_OUT, bytes_text(text)) < 0)
		win_stop(w, STOPPED_OUTPUT);
}

static uint64_t do_printf(struct windows *w, const uint64_t *a)
{
	char format[WIN_TEXT_MAX], text[WIN_TEXT_MAX];
	uint64_t scratch;
	size_t n;

	if (!api_text_of(w, a[0], format))
		return WIN_FAILED;
	n = api_format(w, format, w->function->wide, rest(w, 1, a, &scratch), text, sizeof(text));
	print(w, text);
	return n;
}

static uint64_t do_puts(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX];

	(void)api_text_of(w, a[0], text);
	print(w, text);
	print(w, "\n");
	return 0;
}

static uint64_t do_sprintf(struct windows *w, const uint64_t *a)
{
	char format[WIN_TEXT_MAX], text[WIN_TEXT_MAX];
	uint64_t scratch;
	size_t n;

	if (!api_text_of(w, a[1], format))
		return WIN_FAILED;
	n = api_format(w, format, w->function->wide, rest(w, 2, a, &scratch), text, sizeof(text));
	win_put_text(w, a[0], w->function->wide, text, WIN_TEXT_MAX);
	return n;
}

static uint64_t do_snprintf(struct windows *w, const uint64_t *a)
{
	char format[WIN_TEXT_MAX], text[WIN_TEXT_MAX];
	uint64_t scratch;
	size_t n;

	if (!api_text_of(w, a[2], format))
		return WIN_FAILED;
	n = api_format(w, format, w->function->wide, rest(w, 3, a, &scratch), text, sizeof(text));
	if (a[1] != 0 && n >= a[1])
		text[a[1] - 1] = 0;
	win_put_text(w, a[0], w->function->wide, text, WIN_TEXT_MAX);
	return n;
}

static uint64_t do_system(struct windows *w, const uint64_t *a)
{
	char command[WIN_TEXT_MAX], line[WIN_TEXT_MAX + 16];
	uint32_t code = 0;

	if (!api_text_of(w, a[0], command))
		return 0;
	/* as the library does: whatever COMSPEC names */
	snprintf(line, sizeof(line), "cmd.exe /c %s", command);
	return api_start(w, &(struct api_start){ .line = line, .folder = w->folder }, &code) ? code : WIN_FAILED;
}

/* _execl and its like: program, then the words, NULL after the last. */
static uint64_t do_spawn(struct windows *w, const uint64_t *a)
{
	char line[WIN_TEXT_MAX];
	uint32_t code = 0;

	return api_text_of(w, a[w->function->value], line) &&
	    api_start(w, &(struct api_start){ .line = line, .folder = w->folder }, &code) ? code : WIN_FAILED;
}

static uint64_t do_exit(struct windows *w, const uint64_t *a)
{
	win_exit(w, (uint32_t)a[0]);
	return 0;
}

static uint64_t do_time(struct windows *w, const uint64_t *a)
{
	uint64_t s = world_now(w->world) / 1000000000;

	(void)record_ask(w->world->record, QUESTION_CLOCK, "", true);
	if (a[0] != 0)
		win_put(w, a[0], s, 4);
	return s;
}

static uint64_t do_rand(struct windows *w, const uint64_t *a)
{
	return world_random(w->world) & 0x7fff;
}

/* fopen(path, mode), fclose, fwrite(from, size, count, file), fread, fputs: on the same objects as files have */
static uint64_t do_fopen(struct windows *w, const uint64_t *a)
{
	char path[FILE_PATH_MAX], mode[WIN_TEXT_MAX];
	struct place place = { 0 };
	struct event *event = NULL;
	struct win_object *o;
	uint64_t handle = 0;
	bool writes;

	if (!api_path_of(w, a[0], path) || !api_text_of(w, a[1], mode))
		return 0;
	writes = strchr(mode, 'w') != NULL || strchr(mode, 'a') != NULL;
	if (writes ? file_write(w->host, path, strchr(mode, 'a') != NULL, &place.node, &event) < 0
	    : !file_exists(w->host, path, &place))
		return 0;
	if ((o = win_object_new(w, WIN_FILE, &handle)) == NULL)
		return 0;
	o->node = place.node;
	o->event = event;
	o->text = strdup(path);
	return handle;
}

static uint64_t put_bytes(struct windows *w, struct win_object *o, const void *from, uint64_t len)
{
	if (o == NULL || o->node == NULL || node_write(w->world->tree, o->node, o->at, bytes_of(from, len)) < 0)
		return 0;
	if (o->event != NULL)
		record_more(w->world->record, o->event, bytes_of(from, len));
	o->at += len;
	return 1;
}

static uint64_t do_fwrite(struct windows *w, const uint64_t *a)
{
	uint64_t len = (uint32_t)a[1] * (uint64_t)(uint32_t)a[2];
	const uint8_t *from = len != 0 && len <= LEN_MAX ? space_at(w->space, a[0], len, RANGE_READ) : NULL;

	return from != NULL && put_bytes(w, win_object(w, a[3], WIN_FILE), from, len) != 0 ? a[2] : 0;
}

static uint64_t do_fputs(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX];

	return api_text_of(w, a[0], text) && put_bytes(w, win_object(w, a[1], WIN_FILE), text, strlen(text)) != 0 ? 1 : WIN_FAILED;
}

static uint64_t do_fclose(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FILE);

	if (o != NULL)
		win_object_free(w, o);
	return o != NULL ? 0 : WIN_FAILED;
}

static const struct win_function rows[] = {
	{ "malloc", 1, .run = do_malloc, .cdecl = true }, { "calloc", 2, .run = do_malloc, .value = 2, .cdecl = true },
	{ "free", 1, .run = do_rand, .cdecl = true }, { "realloc", 2, .run = do_realloc, .cdecl = true },
	{ "memset", 3, .run = do_memset, .cdecl = true }, { "memcpy", 3, .run = do_memcpy, .cdecl = true },
	{ "memmove", 3, .run = do_memcpy, .cdecl = true }, { "memcmp", 3, .run = do_memcmp, .cdecl = true },
	{ "strlen", 1, .run = length, .cdecl = true }, { "wcslen", 1, .run = length, .wide = true, .cdecl = true },
	{ "strcpy", 2, .run = copy, .cdecl = true }, { "wcscpy", 2, .run = copy, .wide = true, .cdecl = true },
	{ "strncpy", 3, .run = copy, .cdecl = true }, { "strcat", 2, .run = append, .cdecl = true },
	{ "wcscat", 2, .run = append, .wide = true, .cdecl = true }, { "strncat", 3, .run = append, .cdecl = true },
	{ "strcmp", 2, .run = compare, .cdecl = true }, { "strncmp", 3, .run = compare, .cdecl = true },
	{ "_stricmp", 2, .run = compare, .value = 1, .cdecl = true },
	{ "_strnicmp", 3, .run = compare, .value = 1, .cdecl = true },
	{ "_strcmpi", 2, .run = compare, .value = 1, .cdecl = true },
	{ "wcscmp", 2, .run = compare, .wide = true, .cdecl = true },
	{ "_wcsicmp", 2, .run = compare, .value = 1, .wide = true, .cdecl = true },
	{ "strstr", 2, .run = find_text, .cdecl = true }, { "strchr", 2, .run = find_text, .value = 1, .cdecl = true },
	{ "strrchr", 2, .run = find_text, .value = 2, .cdecl = true },
	{ "wcsstr", 2, .run = find_text, .wide = true, .cdecl = true },
	{ "wcsrchr", 2, .run = find_text, .value = 2, .wide = true, .cdecl = true },
	{ "atoi", 1, .run = to_number, .cdecl = true }, { "atol", 1, .run = to_number, .cdecl = true },
	{ "strtol", 3, .run = to_number, .cdecl = true }, { "strtoul", 3, .run = to_number, .cdecl = true },
	{ "printf", 1, .run = do_printf, .cdecl = true }, { "puts", 1, .run = do_puts, .cdecl = true },
	{ "wprintf", 1, .run = do_printf, .wide = true, .cdecl = true },
	{ "sprintf", 2, .run = do_sprintf, .cdecl = true },
	{ "swprintf", 2, .run = do_sprintf, .wide = true, .cdecl = true },
	{ "_snprintf", 3, .run = do_snprintf, .cdecl = true },
	{ "_snwprintf", 3, .run = do_snprintf, .wide = true, .cdecl = true },
	{ "system", 1, .run = do_system, .cdecl = true },
	{ "_wsystem", 1, .run = do_system, .wide = true, .cdecl = true },
	{ "_execl", 2, .run = do_spawn, .cdecl = true }, { "_execv", 2, .run = do_spawn, .cdecl = true },
	{ "_execlp", 2, .run = do_spawn, .cdecl = true }, { "_execvp", 2, .run = do_spawn, .cdecl = true },
	{ "_spawnl", 3, .run = do_spawn, .value = 1, .cdecl = true },
	{ "_spawnv", 3, .run = do_spawn, .value = 1, .cdecl = true }, { "exit", 1, .run = do_exit, .cdecl = true },
	{ "_exit", 1, .run = do_exit, .cdecl = true }, { "abort", 0, .run = do_exit, .cdecl = true },
	{ "time", 1, .run = do_time, .cdecl = true }, { "rand", 0, .run = do_rand, .cdecl = true },
	{ "srand", 1, .run = do_rand, .cdecl = true }, { "fopen", 2, .run = do_fopen, .cdecl = true },
	{ "fclose", 1, .run = do_fclose, .cdecl = true }, { "fwrite", 4, .run = do_fwrite, .cdecl = true },
	{ "fputs", 2, .run = do_fputs, .cdecl = true }, { "fread", 4, .cdecl = true }, { "fflush", 1, .cdecl = true },
	{ "getenv", 1, .cdecl = true }, { "_popen", 2, .cdecl = true },
	{ "_except_handler3", 4, .value = 1, .cdecl = true }, { "_initterm", 2, .cdecl = true },
	{ "_controlfp", 2, .cdecl = true }, { "signal", 2, .cdecl = true }, { "tolower", 1, .cdecl = true },
	{ "toupper", 1, .cdecl = true },
};
const struct win_table api_crt = { rows, COUNT_OF(rows) };

static const struct win_function rows_user[] = {
	{ "wsprintfA", 2, .run = do_sprintf, .cdecl = true },
	{ "wsprintfW", 2, .run = do_sprintf, .wide = true, .cdecl = true },
};
const struct win_table api_print_user = { rows_user, COUNT_OF(rows_user) };
