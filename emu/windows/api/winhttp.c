/* SPDX-License-Identifier: GPL-2.0-or-later */
/* winhttp: the same requests, all texts UTF-16; and urlmon, which fetches into files. */
#include "emu/windows/api/internet.h"

#include <stdio.h>
#include <string.h>

enum { SECURE = 0x800000, BODY_MAX = 1 << 20 };

static uint64_t http_open(struct windows *w, const uint64_t *a)
{
	return internet_session(w);
}

/* WinHttpConnect(session, server, port, 0) */
static uint64_t http_connect(struct windows *w, const uint64_t *a)
{
	char host[WIN_TEXT_MAX];

	if (!api_text_of(w, a[1], host))
		return win_error(w, WIN_ERROR_PARAMETER, 0);
	return internet_connection(w, host, (uint16_t)a[2] != 0 ? (uint16_t)a[2] : 80);
}

/* WinHttpOpenRequest(connection, verb, path, version, referrer, types, flags) */
static uint64_t open_request(struct windows *w, const uint64_t *a)
{
	char verb[WIN_TEXT_MAX], path[WIN_TEXT_MAX];

	(void)api_text_of(w, a[1], verb);
	(void)api_text_of(w, a[2], path);
	return internet_request(w, a[0], verb, path, (a[6] & SECURE) != 0);
}

/* WinHttpSendRequest(request, headers, length, body, length, total, context) */
static uint64_t send_request(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_REQUEST);
	uint64_t len = (uint32_t)a[4];
	const uint8_t *at = len != 0 && len <= BODY_MAX && a[3] != 0 ? space_at(w->space, a[3], len, RANGE_READ) : NULL;

	return o != NULL && internet_send(w, o, at != NULL ? bytes_of(at, len) : (struct bytes){ 0 });
}

static uint64_t receive(struct windows *w, const uint64_t *a)
{
	return win_object(w, a[0], WIN_REQUEST) != NULL;
}

static uint64_t available(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_REQUEST);

	return o != NULL && (a[1] == 0 || win_put(w, a[1], o->bytes_len - o->bytes_at, 4));
}

static uint64_t read_data(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_REQUEST);
	uint64_t n;

	if (o == NULL)
		return 0;
	if ((n = internet_read(w, o, a[1], (uint32_t)a[2])) == 0)
		api_stream_ended(w, o);
	return a[3] == 0 || win_put(w, a[3], n, 4);
}

static uint64_t close_it(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FREE);

	if (o != NULL)
		win_object_free(w, o);
	return 1;
}

static uint64_t good(struct windows *w, const uint64_t *a)
{
	return 1;
}

static const struct win_function rows[] = {
	{ "WinHttpOpen", 5, .run = http_open }, { "WinHttpConnect", 4, .run = http_connect, .wide = true },
	{ "WinHttpOpenRequest", 7, .run = open_request, .wide = true },
	{ "WinHttpSendRequest", 7, .run = send_request }, { "WinHttpReceiveResponse", 2, .run = receive },
	{ "WinHttpQueryDataAvailable", 2, .run = available }, { "WinHttpReadData", 4, .run = read_data },
	{ "WinHttpCloseHandle", 1, .run = close_it }, { "WinHttpSetOption", 4, .run = good },
	{ "WinHttpQueryOption", .args = 4 }, { "WinHttpAddRequestHeaders", 4, .run = good },
	{ "WinHttpQueryHeaders", .args = 6 }, { "WinHttpGetIEProxyConfigForCurrentUser", .args = 1 },
	{ "WinHttpGetProxyForUrl", .args = 4 }, { "WinHttpSetTimeouts", 5, .run = good },
	{ "WinHttpCrackUrl", .args = 4 }, { "WinHttpSetCredentials", 6, .run = good },
	{ "WinHttpWriteData", .args = 4 },
};
const struct win_table api_winhttp = { rows, COUNT_OF(rows) };

/* A URL's contents into a file of this name. */
static bool download(struct windows *w, const char *url, const char *path)
{
	struct win_object o = { 0 };
	struct place place;
	bool done = internet_fetch(w, &o, "GET", url, (struct bytes){ 0 }) &&
	    file_put(w->host, path, bytes_of(o.bytes, o.bytes_len)) == 0;

	win_object_free(w, &o);
	if (done && file_find(w->host, path, &place) && place.node != NULL)
		file_mark_foreign(w->host, place.node);
	return done;
}

/* URLDownloadToFile(caller, url, file, 0, callback) */
static uint64_t to_file(struct windows *w, const uint64_t *a)
{
	char url[WIN_TEXT_MAX], path[FILE_PATH_MAX];

	return api_text_of(w, a[1], url) && api_path_of(w, a[2], path) && download(w, url, path) ? 0 : 0x800c0008;
}

/* URLDownloadToCacheFile(caller, url, to, room, 0, callback): the name is the system's choice. */
static uint64_t to_cache(struct windows *w, const uint64_t *a)
{
	char url[WIN_TEXT_MAX], path[FILE_PATH_MAX];
	const char *name;

	if (!api_text_of(w, a[1], url))
		return 0x80070057;
	name = strrchr(url, '/');
	snprintf(path, sizeof(path), "C:\\Windows\\Temp\\%.200s", name != NULL && name[1] != 0 ? name + 1 : "download");
	if (!download(w, url, path))
		return 0x800c0008;
	return win_put_text(w, a[2], w->function->wide, path, (uint32_t)a[3]) != 0 ? 0 : 0x80070057;
}

/* URLOpenBlockingStream(caller, url, stream, …) */
static uint64_t to_stream(struct windows *w, const uint64_t *a)
{
	struct win_object o = { 0 };
	char url[WIN_TEXT_MAX];

	if (api_text_of(w, a[1], url))
		(void)internet_fetch(w, &o, "GET", url, (struct bytes){ 0 });
	win_object_free(w, &o);
	return 0x800c0008;
}

static const struct win_function rows_urlmon[] = {
	{ "URLDownloadToFileA", 5, .run = to_file }, { "URLDownloadToFileW", 5, .run = to_file, .wide = true },
	{ "URLDownloadToCacheFileA", 6, .run = to_cache },
	{ "URLDownloadToCacheFileW", 6, .run = to_cache, .wide = true },
	{ "URLOpenBlockingStreamA", 5, .run = to_stream },
	{ "URLOpenBlockingStreamW", 5, .run = to_stream, .wide = true }, { "URLOpenStreamA", 4, .run = to_stream },
	{ "URLOpenStreamW", 4, .run = to_stream, .wide = true }, { "ObtainUserAgentString", .args = 3 },
};
const struct win_table api_urlmon = { rows_urlmon, COUNT_OF(rows_urlmon) };
