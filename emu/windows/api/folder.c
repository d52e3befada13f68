/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folders and names of files: deleted, copied, moved, looked for; where temporary and system ones are. */
#include "emu/windows/api/api.h"
#include "emu/windows/host/variables.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t answer(struct windows *w, int r)
{
	return r == 0 ? 1 : win_error(w, r == -ENOENT ? WIN_ERROR_FILE : r == -EEXIST ? WIN_ERROR_EXISTS : WIN_ERROR_ACCESS, 0);
}

static uint64_t delete_file(struct windows *w, const uint64_t *a)
{
	char path[FILE_PATH_MAX];

	return answer(w, api_path_of(w, a[0], path) ? file_delete(w->host, path) : -ENOENT);
}

static uint64_t create_directory(struct windows *w, const uint64_t *a)
{
	char path[FILE_PATH_MAX];

	return answer(w, api_path_of(w, a[0], path) ? file_make_folder(w->host, path) : -ENOENT);
}

static uint64_t move_file(struct windows *w, const uint64_t *a)
{
	char from[FILE_PATH_MAX], to[FILE_PATH_MAX];

	if (!api_path_of(w, a[0], from))
		return win_error(w, WIN_ERROR_FILE, 0);
	if (a[1] == 0) /* MoveFileEx: gone at the next start */
		return answer(w, file_delete(w->host, from));
	return answer(w, api_path_of(w, a[1], to) ? file_rename(w->host, from, to) : -ENOENT);
}

static uint64_t copy_file(struct windows *w, const uint64_t *a)
{
	char from[FILE_PATH_MAX], to[FILE_PATH_MAX];
	struct bytes all;
	int r;

	if (!api_path_of(w, a[0], from) || !api_path_of(w, a[1], to))
		return win_error(w, WIN_ERROR_FILE, 0);
	if ((r = file_read(w->host, from, &all)) < 0)
		return answer(w, r);
	return answer(w, file_put(w->host, to, all));
}

static uint64_t get_attributes(struct windows *w, const uint64_t *a)
{
	char path[FILE_PATH_MAX];
	struct place p;

	if (!api_path_of(w, a[0], path) || !file_exists(w->host, path, &p))
		return win_error(w, WIN_ERROR_FILE, WIN_FAILED);
	return p.node != NULL && p.node->kind == NODE_DIR ? 0x10 : 0x20;
}

static const char *variable(struct windows *w, const char *name, const char *otherwise)
{
	const char *v = variable_find(w->host->variables, name);

	return v != NULL ? v : otherwise;
}

static uint64_t get_temp_path(struct windows *w, const uint64_t *a)
{
	char path[WIN_TEXT_MAX];

	snprintf(path, sizeof(path), "%.4000s\\", variable(w, "TEMP", variable(w, "TMP", "C:\\Windows\\Temp")));
	return api_give_text(w, a[1], a[0], path);
}

/* GetTempFileName(folder, prefix, number, to): a name with a number, and the file is made where none is given. */
static uint64_t get_temp_file_name(struct windows *w, const uint64_t *a)
{
	char folder[WIN_TEXT_MAX], prefix[WIN_TEXT_MAX] = "", path[WIN_TEXT_MAX];
	uint32_t number = (uint32_t)a[2] & 0xffff;
	size_t len;

	if (!api_text_of(w, a[0], folder))
		return 0;
	(void)api_text_of(w, a[1], prefix);
	if (number == 0)
		number = (uint32_t)world_random(w->world) | 1;
	number &= 0xffff;
	len = strlen(folder);
	snprintf(path, sizeof(path), "%.3000s%s%.3s%X.tmp", folder, len != 0 && folder[len - 1] == '\\' ? "" : "\\", prefix, number);
	return win_put_text(w, a[3], w->function->wide, path, 260) != 0 ? number : 0;
}

static uint64_t get_system_directory(struct windows *w, const uint64_t *a)
{
	char path[WIN_TEXT_MAX];

	snprintf(path, sizeof(path), "%.4000s\\system32", variable(w, "SystemRoot", "C:\\Windows"));
	return api_give_text(w, a[0], a[1], path);
}

static uint64_t get_windows_directory(struct windows *w, const uint64_t *a)
{
	return api_give_text(w, a[0], a[1], variable(w, "SystemRoot", "C:\\Windows"));
}

static uint64_t get_current_directory(struct windows *w, const uint64_t *a)
{
	return api_give_text(w, a[1], a[0], w->folder);
}

static uint64_t set_current_directory(struct windows *w, const uint64_t *a)
{
	char path[FILE_PATH_MAX];
	struct place p;

	if (!api_path_of(w, a[0], path) || !file_exists(w->host, path, &p))
		return win_error(w, WIN_ERROR_PATH, 0);
	snprintf(w->folder, sizeof(w->folder), "%s", path);
	return 1;
}

/* GetFullPathName(path, room, to, file part) */
static uint64_t get_full_path(struct windows *w, const uint64_t *a)
{
	char path[FILE_PATH_MAX];

	return api_path_of(w, a[0], path) ? api_give_text(w, a[2], a[1], path) : 0;
}

static uint64_t get_drive_type(struct windows *w, const uint64_t *a)
{
	char path[FILE_PATH_MAX];
	struct place p;

	if (!api_path_of(w, a[0], path) || !file_exists(w->host, path, &p))
		return 1; /* no such root */
	return 3;
}

/* WIN32_FIND_DATA: attributes, times and sizes, then the name. */
static bool put_found(struct windows *w, uint64_t to, const char *name, const struct node *n)
{
	uint8_t zero[44] = { 0 };

	zero[0] = n->kind == NODE_DIR ? 0x10 : 0x20;
	for (int i = 0; i < 4; i++)
		zero[32 + i] = (uint8_t)(n->kind == NODE_FILE ? n->size >> 8 * i : 0);
	return win_write(w, to, zero, sizeof(zero)) == 0 && win_put_text(w, to + 44, w->function->wide, name, 260) != 0;
}

static uint64_t find_next(struct windows *w, struct win_object *o, uint64_t to)
{
	while (o->node != NULL && o->at < o->node->count) {
		const struct entry *e = &o->node->entries[o->at++];

		if (file_fits(o->text, e->name))
			return put_found(w, to, e->name, e->node);
	}
	return win_error(w, WIN_ERROR_NO_MORE, 0);
}

static uint64_t find_first_file(struct windows *w, const uint64_t *a)
{
	char path[FILE_PATH_MAX];
	struct win_object *o;
	struct place p;
	uint64_t handle;
	const char *name;

	if (!api_path_of(w, a[0], path) || !file_find(w->host, path, &p) || (name = strrchr(path, '\\')) == NULL)
		return win_error(w, WIN_ERROR_PATH, WIN_FAILED);
	if ((o = win_object_new(w, WIN_FIND, &handle)) == NULL)
		return WIN_FAILED;
	o->node = p.dir;
	if ((o->text = strdup(name + 1)) == NULL || find_next(w, o, a[1]) == 0) {
		win_object_free(w, o);
		return win_error(w, WIN_ERROR_FILE, WIN_FAILED);
	}
	return handle;
}

static uint64_t find_next_file(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FIND);

	return o != NULL ? find_next(w, o, a[1]) : win_error(w, WIN_ERROR_HANDLE, 0);
}

static uint64_t find_close(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FIND);

	if (o != NULL)
		win_object_free(w, o);
	return o != NULL;
}

static const struct win_function rows[] = {
	{ "DeleteFileA", 1, .run = delete_file }, { "DeleteFileW", 1, .run = delete_file, .wide = true },
	{ "RemoveDirectoryA", 1, .run = delete_file }, { "RemoveDirectoryW", 1, .run = delete_file, .wide = true },
	{ "CreateDirectoryA", 2, .run = create_directory },
	{ "CreateDirectoryW", 2, .run = create_directory, .wide = true }, { "MoveFileA", 2, .run = move_file },
	{ "MoveFileW", 2, .run = move_file, .wide = true }, { "MoveFileExA", 3, .run = move_file },
	{ "MoveFileExW", 3, .run = move_file, .wide = true }, { "CopyFileA", 3, .run = copy_file },
	{ "CopyFileW", 3, .run = copy_file, .wide = true }, { "CopyFileExA", 6, .run = copy_file },
	{ "CopyFileExW", 6, .run = copy_file, .wide = true }, { "GetFileAttributesA", 1, .run = get_attributes },
	{ "GetFileAttributesW", 1, .run = get_attributes, .wide = true }, { "SetFileAttributesA", 2, .value = 1 },
	{ "SetFileAttributesW", 2, .value = 1 }, { "GetTempPathA", 2, .run = get_temp_path },
	{ "GetTempPathW", 2, .run = get_temp_path, .wide = true }, { "GetTempFileNameA", 4, .run = get_temp_file_name },
	{ "GetTempFileNameW", 4, .run = get_temp_file_name, .wide = true },
	{ "GetSystemDirectoryA", 2, .run = get_system_directory },
	{ "GetSystemDirectoryW", 2, .run = get_system_directory, .wide = true },
	{ "GetWindowsDirectoryA", 2, .run = get_windows_directory },
	{ "GetWindowsDirectoryW", 2, .run = get_windows_directory, .wide = true },
	{ "GetSystemWindowsDirectoryA", 2, .run = get_windows_directory },
	{ "GetSystemWindowsDirectoryW", 2, .run = get_windows_directory, .wide = true },
	{ "GetCurrentDirectoryA", 2, .run = get_current_directory },
	{ "GetCurrentDirectoryW", 2, .run = get_current_directory, .wide = true },
	{ "SetCurrentDirectoryA", 1, .run = set_current_directory },
	{ "SetCurrentDirectoryW", 1, .run = set_current_directory, .wide = true },
	{ "GetFullPathNameA", 4, .run = get_full_path }, { "GetFullPathNameW", 4, .run = get_full_path, .wide = true },
	{ "GetDriveTypeA", 1, .run = get_drive_type }, { "GetDriveTypeW", 1, .run = get_drive_type, .wide = true },
	{ "FindFirstFileA", 2, .run = find_first_file }, { "FindFirstFileW", 2, .run = find_first_file, .wide = true },
	{ "FindNextFileA", 2, .run = find_next_file }, { "FindNextFileW", 2, .run = find_next_file, .wide = true },
	{ "FindClose", 1, .run = find_close }, { "GetLogicalDrives", 0, .value = 4 },
	{ "GetDiskFreeSpaceA", .args = 5 }, { "GetVolumeInformationA", .args = 8 },
	{ "GetVolumeInformationW", .args = 8 }, { "GetLogicalDriveStringsA", .args = 2 }, { "SearchPathA", .args = 6 },
	{ "SearchPathW", .args = 6 }, { "GetShortPathNameA", .args = 3 }, { "GetLongPathNameA", .args = 3 },
};
const struct win_table api_folder = { rows, COUNT_OF(rows) };
