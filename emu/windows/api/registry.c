/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registry: keys opened and made, values read and written. */
#include "emu/windows/api/api.h"
#include "emu/windows/host/registry.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 1024, DATA_MAX = 4096, NOT_THERE = 2, TEXT = 1, EXPANDED = 2, BINARY = 3, NUMBER = 4, MORE = 234 };

/* The whole name of the key that a handle and a path below it mean. */
static bool key_of(struct windows *w, uint64_t handle, uint64_t path_at, char ret[KEY_MAX])
{
	static const char *const roots[] = { "HKEY_CLASSES_ROOT", "HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE", "HKEY_USERS", "",
		"HKEY_CURRENT_CONFIG" };
	struct win_object *o = win_object(w, handle, WIN_KEY);
	uint32_t root = (uint32_t)handle - 0x80000000u;
	char path[WIN_TEXT_MAX];
	const char *whole;
	int n;

	(void)api_text_of(w, path_at, path);
	if (o == NULL && root >= COUNT_OF(roots))
		return false;
	n = snprintf(ret, KEY_MAX, "%s%s%s", o != NULL ? o->text : roots[root], path[0] != 0 ? "\\" : "", path);
	if (n < 0 || n >= KEY_MAX || (whole = registry_key(w->host, ret)) == NULL || strlen(whole) >= KEY_MAX)
		return false;
	strcpy(ret, whole);
	return true;
}

static uint64_t give_key(struct windows *w, const char *key, uint64_t to)
{
	uint64_t handle = 0;
	struct win_object *o = win_object_new(w, WIN_KEY, &handle);

	if (o == NULL || (o->text = strdup(key)) == NULL)
		return WIN_ERROR_MEMORY;
	return win_put_word(w, to, handle) ? 0 : WIN_ERROR_PARAMETER;
}

static uint64_t open_key(struct windows *w, uint64_t key, uint64_t path, uint64_t to)
{
	char whole[KEY_MAX];

	if (!key_of(w, key, path, whole))
		return WIN_ERROR_PARAMETER;
	/* a key that is asked for by name is nearly always there: Windows has them all */
	(void)registry_find(w->host, whole, NULL);
	return give_key(w, whole, to);
}

/* RegOpenKeyEx(key, path, options, access, to) */
static uint64_t open_key_ex(struct windows *w, const uint64_t *a)
{
	return open_key(w, a[0], a[1], a[4]);
}

static uint64_t open_key_plain(struct windows *w, const uint64_t *a)
{
	return open_key(w, a[0], a[1], a[2]);
}

static uint64_t create_key(struct windows *w, uint64_t key, uint64_t path, uint64_t to)
{
	char whole[KEY_MAX];

	if (!key_of(w, key, path, whole))
		return WIN_ERROR_PARAMETER;
	registry_set(w->host, whole, NULL, "", "");
	return give_key(w, whole, to);
}

/* RegCreateKeyEx(key, path, reserved, class, options, access, attributes, to, how) */
static uint64_t create_key_ex(struct windows *w, const uint64_t *a)
{
	return create_key(w, a[0], a[1], a[7]);
}

static uint64_t create_key_plain(struct windows *w, const uint64_t *a)
{
	return create_key(w, a[0], a[1], a[2]);
}

static const char *type_name(unsigned type)
{
	return type == TEXT ? "REG_SZ" : type == EXPANDED ? "REG_EXPAND_SZ" : type == NUMBER ? "REG_DWORD" : type == 7 ? "REG_MULTI_SZ"
	     : "REG_BINARY";
}

/* Data as reg.exe shows it: a text, a number, or hexadecimal digits. */
static void data_text(struct windows *w, unsigned type, uint64_t at, uint64_t len, char to[DATA_MAX])
{
	uint8_t raw[DATA_MAX / 2 - 1];

	to[0] = 0;
	if (type == TEXT || type == EXPANDED) {
		(void)!win_text(w, at, w->function->wide, to, DATA_MAX);
	} else if (type == NUMBER) {
		snprintf(to, DATA_MAX, "0x%x", (unsigned)win_number(w, at, 4, NULL));
	} else {
		len = len < sizeof(raw) ? len : sizeof(raw);
		if (win_read(w, at, raw, len) == 0)
			for (uint64_t i = 0; i < len; i++)
				snprintf(to + 2 * i, 3, "%02X", raw[i]);
	}
}

/* RegSetValueEx(key, name, reserved, type, data, length) */
static uint64_t set_value(struct windows *w, const uint64_t *a)
{
	char key[KEY_MAX], name[WIN_TEXT_MAX], data[DATA_MAX];

	if (!key_of(w, a[0], 0, key))
		return WIN_ERROR_HANDLE;
	(void)api_text_of(w, a[1], name);
	data_text(w, (unsigned)a[3], a[4], a[5], data);
	registry_set(w->host, key, name, type_name((unsigned)a[3]), data);
	return 0;
}

/* RegQueryValueEx(key, name, reserved, type, data, length) */
static uint64_t query_value(struct windows *w, const uint64_t *a)
{
	char key[KEY_MAX], name[WIN_TEXT_MAX];
	const struct registry_value *v;
	uint64_t room = a[5] != 0 ? win_number(w, a[5], 4, NULL) : 0, needed;
	unsigned unit = w->function->wide ? 2 : 1;

	if (!key_of(w, a[0], 0, key))
		return WIN_ERROR_HANDLE;
	(void)api_text_of(w, a[1], name);
	if ((v = registry_find(w->host, key, name)) == NULL || v->data == NULL)
		return NOT_THERE;
	if (strcmp(v->type, "REG_DWORD") == 0) {
		needed = 4;
		if (a[4] != 0 && room >= 4)
			win_put(w, a[4], strtoul(v->data, NULL, 0), 4);
	} else {
		needed = (strlen(v->data) + 1) * unit;
		if (a[4] != 0)
			win_put_text(w, a[4], w->function->wide, v->data, room / unit);
	}
	if (a[3] != 0)
		win_put(w, a[3], strcmp(v->type, "REG_DWORD") == 0 ? NUMBER : strcmp(v->type, "REG_EXPAND_SZ") == 0 ? EXPANDED : TEXT, 4);
	if (a[5] != 0)
		win_put(w, a[5], needed, 4);
	return a[4] != 0 && room < needed ? MORE : 0;
}

static uint64_t delete_value(struct windows *w, const uint64_t *a)
{
	char key[KEY_MAX], name[WIN_TEXT_MAX];

	if (!key_of(w, a[0], 0, key))
		return WIN_ERROR_HANDLE;
	(void)api_text_of(w, a[1], name);
	return registry_delete(w->host, key, name) ? 0 : NOT_THERE;
}

static uint64_t delete_key(struct windows *w, const uint64_t *a)
{
	char key[KEY_MAX];

	if (!key_of(w, a[0], a[1], key))
		return WIN_ERROR_HANDLE;
	return registry_delete(w->host, key, NULL) ? 0 : NOT_THERE;
}

static uint64_t close_key(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_KEY);

	if (o != NULL)
		win_object_free(w, o);
	return 0;
}

/* SHSetValue(key, path, name, type, data, length) */
static uint64_t sh_set_value(struct windows *w, const uint64_t *a)
{
	char key[KEY_MAX], name[WIN_TEXT_MAX], data[DATA_MAX];

	if (!key_of(w, a[0], a[1], key))
		return WIN_ERROR_HANDLE;
	(void)api_text_of(w, a[2], name);
	data_text(w, (unsigned)a[3], a[4], a[5], data);
	registry_set(w->host, key, name, type_name((unsigned)a[3]), data);
	return 0;
}

static const struct win_function rows[] = {
	{ "RegOpenKeyExA", 5, .run = open_key_ex }, { "RegOpenKeyExW", 5, .run = open_key_ex, .wide = true },
	{ "RegOpenKeyA", 3, .run = open_key_plain }, { "RegOpenKeyW", 3, .run = open_key_plain, .wide = true },
	{ "RegCreateKeyExA", 9, .run = create_key_ex }, { "RegCreateKeyExW", 9, .run = create_key_ex, .wide = true },
	{ "RegCreateKeyA", 3, .run = create_key_plain }, { "RegCreateKeyW", 3, .run = create_key_plain, .wide = true },
	{ "RegSetValueExA", 6, .run = set_value }, { "RegSetValueExW", 6, .run = set_value, .wide = true },
	{ "RegQueryValueExA", 6, .run = query_value }, { "RegQueryValueExW", 6, .run = query_value, .wide = true },
	{ "RegDeleteValueA", 2, .run = delete_value }, { "RegDeleteValueW", 2, .run = delete_value, .wide = true },
	{ "RegDeleteKeyA", 2, .run = delete_key }, { "RegDeleteKeyW", 2, .run = delete_key, .wide = true },
	{ "RegCloseKey", 1, .run = close_key }, { "RegFlushKey", .args = 1 }, { "RegEnumKeyExA", 8, .value = 259 },
	{ "RegEnumValueA", 8, .value = 259 }, { "RegQueryInfoKeyA", .args = 12 }, { "RegSaveKeyA", .args = 3 },
	{ "RegConnectRegistryA", 3, .value = 53 },
};
const struct win_table api_registry = { rows, COUNT_OF(rows) };

static const struct win_function rows_shlwapi[] = {
	{ "SHSetValueA", 6, .run = sh_set_value }, { "SHSetValueW", 6, .run = sh_set_value, .wide = true },
	{ "SHDeleteKeyA", 2, .run = delete_key }, { "PathFileExistsA", 1, .value = 1 }, { "StrStrA", .args = 2 },
	{ "StrStrIA", .args = 2 }, { "PathAppendA", .args = 2 }, { "PathFindFileNameA", .args = 1 },
};
const struct win_table api_shlwapi = { rows_shlwapi, COUNT_OF(rows_shlwapi) };
