/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files: opened, read, written, told of. Pipes, sockets and the console are read and written in the same way. */
#include "emu/windows/api/api.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 1 << 20, CREATE_NEW = 1, CREATE_ALWAYS, OPEN_EXISTING, OPEN_ALWAYS, TRUNCATE, WRITES = 0x40000002 };

static uint32_t error_of(int r)
{
	return r == -ENOENT ? WIN_ERROR_FILE : r == -EACCES || r == -EISDIR ? WIN_ERROR_ACCESS : r == -EEXIST ? WIN_ERROR_EXISTS
	     : WIN_ERROR_PATH;
}

/* Opens for reading, or with what CreateFile calls a disposition for writing. */
static uint64_t open_path(struct windows *w, const char *path, bool writes, unsigned disposition)
{
	bool there = false, makes = disposition == CREATE_NEW || disposition == CREATE_ALWAYS || disposition == OPEN_ALWAYS ||
	    disposition == TRUNCATE;
	struct place place = { 0 };
	struct event *event = NULL;
	struct win_object *o;
	uint64_t handle = 0;
	int r = 0;

	there = makes ? file_find(w->host, path, &place) && place.node != NULL : file_exists(w->host, path, &place);
	if (makes && (!there || disposition == CREATE_ALWAYS || disposition == TRUNCATE))
		r = file_write(w->host, path, false, &place.node, &event);
	else if (!there)
		r = -ENOENT;
	if (r < 0)
		return win_error(w, error_of(r), WIN_FAILED);
	if ((o = win_object_new(w, WIN_FILE, &handle)) == NULL)
		return win_error(w, WIN_ERROR_MEMORY, WIN_FAILED);
	o->node = place.node;
	o->event = event;
	o->text = strdup(path);
	o->flags = writes;
	win_error(w, there && makes ? WIN_ERROR_EXISTS : 0, 0);
	return handle;
}

/* A pipe of this name is asked for, as programs of the server have some. */
static uint64_t open_pipe(struct windows *w, const char *name)
{
	struct win_object *o;
	uint64_t handle;

	api_tell(w, EVENT_PIPE, name);
	if ((o = win_object_new(w, WIN_PIPE, &handle)) == NULL)
		return WIN_FAILED;
	return handle;
}

static uint64_t create_file(struct windows *w, const uint64_t *a)
{
	char path[FILE_PATH_MAX], text[WIN_TEXT_MAX];
	struct win_object *o;
	uint64_t handle;

	if (!api_text_of(w, a[0], text))
		return win_error(w, WIN_ERROR_PATH, WIN_FAILED);
	if (strncasecmp(text, "\\\\.\\pipe\\", 9) == 0)
		return open_pipe(w, text);
	if (strcasecmp(text, "CONIN$") == 0 || strcasecmp(text, "CONOUT$") == 0) {
		o = win_object_new(w, WIN_CONSOLE, &handle);
		return o != NULL ? handle : WIN_FAILED;
	}
	if (!api_path_of(w, a[0], path))
		return win_error(w, WIN_ERROR_PATH, WIN_FAILED);
	return open_path(w, path, (a[1] & WRITES) != 0, (unsigned)a[4]);
}

/* _lopen(path, how), _lcreat(path, attributes): of 16-bit Windows, and short to call. */
static uint64_t old_open(struct windows *w, const uint64_t *a)
{
	char path[FILE_PATH_MAX];

	return api_path_of(w, a[0], path) ? open_path(w, path, (a[1] & 3) != 0, OPEN_EXISTING) : WIN_FAILED;
}

static uint64_t old_create(struct windows *w, const uint64_t *a)
{
	char path[FILE_PATH_MAX];

	return api_path_of(w, a[0], path) ? open_path(w, path, true, CREATE_ALWAYS) : WIN_FAILED;
}

static int64_t write_file(struct windows *w, struct win_object *o, uint64_t from, uint64_t len)
{
	const uint8_t *at;
	struct bytes b;

	if (len == 0)
		return 0;
	if (len > AT_ONCE || (at = space_at(w->space, from, len, RANGE_READ)) == NULL || o->node == NULL)
		return -EFAULT;
	b = bytes_of(at, len);
	if (o->event == NULL && (o->event = world_event(w->world, EVENT_WRITE)) != NULL && o->text != NULL)
		o->event->path = world_keep_text(w->world, o->text);
	if (node_write(w->world->tree, o->node, o->at, b) < 0) {
		win_stop(w, STOPPED_FILES);
		return -EDQUOT;
	}
	if (o->event != NULL)
		record_more(w->world->record, o->event, b);
	o->at += len;
	return (int64_t)len;
}

static int64_t read_file(struct windows *w, struct win_object *o, uint64_t to, uint64_t len)
{
	struct bytes all = { 0 };
	uint64_t n;

	if (o->text == NULL || file_read(w->host, o->text, &all) < 0 || o->at >= all.left)
		return 0;
	n = all.left - o->at < len ? all.left - o->at : len;
	if (win_write(w, to, all.at + o->at, n) < 0)
		return -EFAULT;
	o->at += n;
	return (int64_t)n;
}

static int64_t write_any(struct windows *w, struct win_object *o, uint64_t at, uint64_t len)
{
	const uint8_t *from;

	switch (o->kind) {
	case WIN_FILE:
		return write_file(w, o, at, len);
	case WIN_SOCKET:
		return api_socket_send(w, o, at, len);
	case WIN_CONSOLE:
		if (len > AT_ONCE || (len != 0 && (from = space_at(w->space, at, len, RANGE_READ)) == NULL))
			return -EFAULT;
		if (len != 0 && record_output(w->world->record, STREAM_OUT, bytes_of(from, len)) < 0)
			win_stop(w, STOPPED_OUTPUT);
		return (int64_t)len;
	default:
		return space_reach(w->space, at, len, RANGE_READ) == len ? (int64_t)len : -EFAULT;
	}
}

/* WriteFile(handle, from, len, written, overlapped), ReadFile the same. */
static uint64_t write_to(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FREE);
	int64_t n;

	if (o == NULL)
		return win_error(w, WIN_ERROR_HANDLE, 0);
	n = write_any(w, o, a[1], (uint32_t)a[2]);
	if (a[3] != 0)
		win_put(w, a[3], n < 0 ? 0 : (uint64_t)n, 4);
	return n < 0 ? win_error(w, WIN_ERROR_ACCESS, 0) : 1;
}

/* What stands in a pipe. */
static int64_t read_bytes(struct windows *w, struct win_object *o, uint64_t to, uint64_t len)
{
	size_t n = o->bytes_len - o->bytes_at < len ? o->bytes_len - o->bytes_at : len;

	if (n != 0 && win_write(w, to, o->bytes + o->bytes_at, n) < 0)
		return -EFAULT;
	o->bytes_at += n;
	return (int64_t)n;
}

static uint64_t read_from(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FREE);
	int64_t n;

	if (o == NULL)
		return win_error(w, WIN_ERROR_HANDLE, 0);
	if (o->kind == WIN_FILE)
		n = read_file(w, o, a[1], (uint32_t)a[2]);
	else if (o->kind == WIN_SOCKET)
		n = api_socket_receive(w, o, a[1], (uint32_t)a[2], false);
	else
		n = read_bytes(w, o, a[1], (uint32_t)a[2]);
	if (n == -EAGAIN)
		return 0;
	if (a[3] != 0)
		win_put(w, a[3], n < 0 ? 0 : (uint64_t)n, 4);
	if (n == 0 && o->kind == WIN_PIPE)
		return win_error(w, 109, 0); /* the pipe has been ended */
	return n < 0 ? win_error(w, WIN_ERROR_ACCESS, 0) : 1;
}

static uint64_t old_write(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FREE);
	int64_t n = o != NULL ? write_any(w, o, a[1], (uint32_t)a[2]) : -1;

	return n < 0 ? WIN_FAILED : (uint64_t)n;
}

static uint64_t old_read(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FILE);
	int64_t n = o != NULL ? read_file(w, o, a[1], (uint32_t)a[2]) : -1;

	return n < 0 ? WIN_FAILED : (uint64_t)n;
}

static uint64_t close_handle(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FREE);

	if (o == NULL)
		return win_error(w, WIN_ERROR_HANDLE, 0);
	win_object_free(w, o);
	return 1;
}

static uint64_t old_close(struct windows *w, const uint64_t *a)
{
	return close_handle(w, a) != 0 ? 0 : WIN_FAILED;
}

static uint64_t nt_close(struct windows *w, const uint64_t *a)
{
	return close_handle(w, a) != 0 ? 0 : 0xc0000008;
}

static uint64_t size_of(const struct win_object *o)
{
	return o->node != NULL && o->node->kind == NODE_FILE ? o->node->size : 0;
}

static uint64_t get_file_size(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FREE);

	if (a[1] != 0)
		win_put(w, a[1], 0, 4);
	return o != NULL ? size_of(o) : win_error(w, WIN_ERROR_HANDLE, WIN_FAILED);
}

static uint64_t get_file_size_ex(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FREE);

	return o != NULL && win_put(w, a[1], size_of(o), 8);
}

/* SetFilePointer(handle, low, high, from) */
static uint64_t set_file_pointer(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FREE);
	int64_t to = (int32_t)a[1];

	if (o == NULL)
		return win_error(w, WIN_ERROR_HANDLE, WIN_FAILED);
	to += (uint32_t)a[3] == 1 ? (int64_t)o->at : (uint32_t)a[3] == 2 ? (int64_t)size_of(o) : 0;
	if (to < 0)
		return win_error(w, 131, WIN_FAILED); /* before the beginning */
	o->at = (uint64_t)to;
	return (uint32_t)o->at;
}

static uint64_t old_seek(struct windows *w, const uint64_t *a)
{
	const uint64_t as[] = { a[0], a[1], 0, a[2] };

	return set_file_pointer(w, as);
}

static uint64_t get_file_type(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FREE);

	return o == NULL ? 0 : o->kind == WIN_FILE ? 1 : o->kind == WIN_CONSOLE ? 2 : 3;
}

static uint64_t get_std_handle(struct windows *w, const uint64_t *a)
{
	uint64_t handle;

	for (unsigned i = 0; i < WIN_OBJECTS_MAX; i++)
		if (w->objects[i].kind == WIN_CONSOLE && w->objects[i].id == (uint32_t)a[0])
			return win_handle(w, &w->objects[i]);
	struct win_object *o = win_object_new(w, WIN_CONSOLE, &handle);

	if (o == NULL)
		return WIN_FAILED;
	o->id = (uint32_t)a[0];
	return handle;
}

/* DuplicateHandle(process, handle, process, to, …): another name of the same thing. */
static uint64_t duplicate_handle(struct windows *w, const uint64_t *a)
{
	return a[3] == 0 || win_put_word(w, a[3], a[1]);
}

static const struct win_function rows[] = {
	{ "CreateFileA", 7, .run = create_file }, { "CreateFileW", 7, .run = create_file, .wide = true },
	{ "ReadFile", 5, .run = read_from }, { "WriteFile", 5, .run = write_to },
	{ "CloseHandle", 1, .run = close_handle }, { "GetFileSize", 2, .run = get_file_size },
	{ "GetFileSizeEx", 2, .run = get_file_size_ex }, { "SetFilePointer", 4, .run = set_file_pointer },
	{ "SetEndOfFile", 1, .value = 1 }, { "FlushFileBuffers", 1, .value = 1 },
	{ "GetFileType", 1, .run = get_file_type }, { "GetStdHandle", 1, .run = get_std_handle },
	{ "SetStdHandle", 2, .value = 1 }, { "DuplicateHandle", 7, .run = duplicate_handle },
	{ "SetHandleInformation", 3, .value = 1 }, { "_lopen", 2, .run = old_open },
	{ "_lcreat", 2, .run = old_create }, { "_lwrite", 3, .run = old_write }, { "_lread", 3, .run = old_read },
	{ "_lclose", 1, .run = old_close }, { "_llseek", 3, .run = old_seek }, { "_hwrite", 3, .run = old_write },
	{ "_hread", 3, .run = old_read }, { "GetFileTime", 4, .value = 1 }, { "SetFileTime", 4, .value = 1 },
	{ "LockFile", 5, .value = 1 }, { "UnlockFile", 5, .value = 1 }, { "WriteConsoleA", 5, .run = write_to },
	{ "WriteConsoleW", 5, .run = write_to }, { "DeviceIoControl", .args = 8 }, { "AllocConsole", 0, .value = 1 },
	{ "FreeConsole", 0, .value = 1 }, { "AttachConsole", 1, .value = 1 }, { "GetConsoleWindow", .args = 0 },
	{ "SetConsoleCtrlHandler", 2, .value = 1 },
};
const struct win_table api_file = { rows, COUNT_OF(rows) };

static const struct win_function rows_nt[] = {
	{ "NtClose", 1, .run = nt_close, .number = 0x10 }, { "ZwClose", 1, .run = nt_close },
};
const struct win_table api_file_nt = { rows_nt, COUNT_OF(rows_nt) };
