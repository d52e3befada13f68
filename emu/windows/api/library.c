/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Libraries: loaded, found, their functions looked up. */
#include "emu/windows/api/api.h"

#include <stdio.h>
#include <string.h>

enum { NT_NO_LIBRARY = (int)0xc0000135, NT_NO_ENTRY = (int)0xc0000139 };

static uint64_t load_library(struct windows *w, const uint64_t *a)
{
	char name[WIN_TEXT_MAX];
	struct win_module *m;

	if (!api_text_of(w, a[0], name) || name[0] == 0)
		return win_error(w, WIN_ERROR_PARAMETER, 0);
	m = win_module_load(w, name);
	return m != NULL ? m->image->base : win_error(w, WIN_ERROR_MODULE, 0);
}

static uint64_t get_module_handle(struct windows *w, const uint64_t *a)
{
	char name[WIN_TEXT_MAX] = "";
	struct win_module *m;

	if (a[0] != 0 && !api_text_of(w, a[0], name))
		return win_error(w, WIN_ERROR_PARAMETER, 0);
	m = win_module_named(w, name);
	return m != NULL ? m->image->base : win_error(w, WIN_ERROR_MODULE, 0);
}

static uint64_t get_module_handle_ex(struct windows *w, const uint64_t *a)
{
	enum { FROM_ADDRESS = 4 };
	uint64_t base = 0;

	if ((a[0] & FROM_ADDRESS) != 0) {
		struct win_region *r = win_region_find(w, a[1]);

		base = r != NULL && win_module_at(w, r->start) != NULL ? r->start : 0;
	} else {
		base = get_module_handle(w, a + 1);
	}
	return win_put_word(w, a[2], base) && base != 0;
}

static uint64_t get_proc_address(struct windows *w, const uint64_t *a)
{
	struct win_module *m = win_module_at(w, a[0]);
	char name[WIN_TEXT_MAX];
	uint64_t at;

	if (a[0] == 0)
		m = &w->modules[0];
	if (m == NULL)
		return win_error(w, WIN_ERROR_MODULE, 0);
	if (a[1] < 0x10000)
		at = win_module_function(w, m, NULL, (unsigned)a[1]);
	else if (win_text(w, a[1], false, name, sizeof(name)) == 0)
		at = win_module_function(w, m, name, 0);
	else
		at = 0;
	return at != 0 ? at : win_error(w, WIN_ERROR_PROCEDURE, 0);
}

static uint64_t free_library(struct windows *w, const uint64_t *a)
{
	return win_module_at(w, a[0]) != NULL;
}

static uint64_t get_module_file_name(struct windows *w, const uint64_t *a)
{
	struct win_module *m = a[0] != 0 ? win_module_at(w, a[0]) : &w->modules[0];
	char path[128];

	if (m == NULL)
		return win_error(w, WIN_ERROR_MODULE, 0);
	snprintf(path, sizeof(path), m == &w->modules[0] ? "C:\\Windows\\%s" : "C:\\Windows\\System32\\%s", m->name);
	return api_give_text(w, a[1], a[2], path);
}

static uint64_t get_module_base_name(struct windows *w, const uint64_t *a)
{
	struct win_module *m = a[1] != 0 ? win_module_at(w, a[1]) : &w->modules[0];

	return m != NULL ? api_give_text(w, a[2], a[3], m->name) : 0;
}

/* UNICODE_STRING or ANSI_STRING at an address. */
static bool counted(struct windows *w, uint64_t at, bool wide, char *to, size_t size)
{
	uint8_t raw[512];
	uint64_t len = win_number(w, at, 2, NULL), text = win_get_word(w, at + w->word);

	if (len == 0 || len >= sizeof(raw) || win_read(w, text, raw, len) < 0 || len >= size)
		return false;
	if (wide) {
		win_utf8(raw, len / 2, to, size);
	} else {
		memcpy(to, raw, len);
		to[len] = 0;
	}
	return true;
}

static uint64_t ldr_load_dll(struct windows *w, const uint64_t *a)
{
	struct win_module *m = NULL;
	char name[256];

	if (counted(w, a[2], true, name, sizeof(name)))
		m = win_module_load(w, name);
	return m != NULL && win_put_word(w, a[3], m->image->base) ? 0 : (uint64_t)(uint32_t)NT_NO_LIBRARY;
}

static uint64_t ldr_get_dll_handle(struct windows *w, const uint64_t *a)
{
	struct win_module *m = NULL;
	char name[256];

	if (counted(w, a[2], true, name, sizeof(name)))
		m = win_module_named(w, name);
	return m != NULL && win_put_word(w, a[3], m->image->base) ? 0 : (uint64_t)(uint32_t)NT_NO_LIBRARY;
}

static uint64_t ldr_get_procedure_address(struct windows *w, const uint64_t *a)
{
	struct win_module *m = win_module_at(w, a[0]);
	char name[256];
	uint64_t at = 0;

	if (m != NULL && a[1] != 0 && counted(w, a[1], false, name, sizeof(name)))
		at = win_module_function(w, m, name, 0);
	else if (m != NULL && a[1] == 0)
		at = win_module_function(w, m, NULL, (unsigned)a[2]);
	return at != 0 && win_put_word(w, a[3], at) ? 0 : (uint64_t)(uint32_t)NT_NO_ENTRY;
}

/* Of the text at a[1] a counted string is made at a[0]. */
static uint64_t init_string(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX];
	size_t len = 0, unit = w->function->wide ? 2 : 1;
	uint8_t raw[2 * WIN_TEXT_MAX];

	if (a[1] != 0 && api_text_of(w, a[1], text))
		len = w->function->wide ? 2 * win_utf16(text, raw, WIN_TEXT_MAX) : strlen(text);
	win_put(w, a[0], len, 2);
	win_put(w, a[0] + 2, len + unit, 2);
	win_put_word(w, a[0] + w->word, a[1]);
	return 0;
}

static uint64_t enum_process_modules(struct windows *w, const uint64_t *a)
{
	for (unsigned i = 0; i < w->modules_count && (i + 1) * w->word <= a[2]; i++)
		if (!win_put_word(w, a[1] + i * w->word, w->modules[i].image->base))
			return 0;
	return win_put(w, a[3], w->modules_count * w->word, 4);
}

static const struct win_function library[] = {
	{ "LoadLibraryA", 1, .run = load_library }, { "LoadLibraryW", 1, .run = load_library, .wide = true },
	{ "LoadLibraryExA", 3, .run = load_library }, { "LoadLibraryExW", 3, .run = load_library, .wide = true },
	{ "GetModuleHandleA", 1, .run = get_module_handle },
	{ "GetModuleHandleW", 1, .run = get_module_handle, .wide = true },
	{ "GetModuleHandleExA", 3, .run = get_module_handle_ex },
	{ "GetModuleHandleExW", 3, .run = get_module_handle_ex, .wide = true },
	{ "GetProcAddress", 2, .run = get_proc_address }, { "FreeLibrary", 1, .run = free_library },
	{ "FreeLibraryAndExitThread", .args = 2 }, { "DisableThreadLibraryCalls", 1, .run = free_library },
	{ "GetModuleFileNameA", 3, .run = get_module_file_name },
	{ "GetModuleFileNameW", 3, .run = get_module_file_name, .wide = true },
	{ "K32EnumProcessModules", 4, .run = enum_process_modules, .since = 61 },
	{ "K32GetModuleBaseNameA", 4, .run = get_module_base_name, .since = 61 },
};
const struct win_table api_library = { library, COUNT_OF(library) };

static const struct win_function loader[] = {
	{ "LdrLoadDll", 4, .run = ldr_load_dll }, { "LdrGetDllHandle", 4, .run = ldr_get_dll_handle },
	{ "LdrGetProcedureAddress", 4, .run = ldr_get_procedure_address }, { "LdrUnloadDll", .args = 1 },
	{ "RtlInitUnicodeString", 2, .run = init_string, .wide = true }, { "RtlInitAnsiString", 2, .run = init_string },
	{ "LdrDisableThreadCalloutsForDll", .args = 1 },
};
const struct win_table api_loader = { loader, COUNT_OF(loader) };
