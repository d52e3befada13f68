/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests to web servers, through the host's web; and wininet on top of them. */
#include "emu/windows/api/internet.h"
#include "emu/windows/host/web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NO_ANSWER = 12029, WRONG_HANDLE = 12018, HTTP = 80, HTTPS = 443, FTP_SERVICE = 1, SECURE = 0x800000, BODY_MAX = 1 << 20 };

uint64_t internet_session(struct windows *w)
{
	uint64_t handle = 0;

	return win_object_new(w, WIN_INTERNET, &handle) != NULL ? handle : 0;
}

uint64_t internet_connection(struct windows *w, const char *host, uint16_t port)
{
	uint64_t handle = 0;
	struct win_object *o = win_object_new(w, WIN_CONNECTION, &handle);

	if (o == NULL || (o->text = strdup(host)) == NULL)
		return 0;
	o->port = port;
	return handle;
}

uint64_t internet_request(struct windows *w, uint64_t connection, const char *verb, const char *path, bool secure)
{
	struct win_object *from = win_object(w, connection, WIN_CONNECTION), *o;
	uint64_t handle = 0;

	if (from == NULL)
		return win_error(w, WRONG_HANDLE, 0);
	if ((o = win_object_new(w, WIN_REQUEST, &handle)) == NULL)
		return 0;
	o->parent = (unsigned)(from - w->objects) + 1;
	o->text = strdup(verb[0] != 0 ? verb : "GET");
	o->more = strdup(path);
	o->secure = secure;
	return o->text != NULL && o->more != NULL ? handle : 0;
}

bool internet_fetch(struct windows *w, struct win_object *o, const char *verb, const char *url, struct bytes body)
{
	struct bytes got = { 0 };

	if (w->connects++ >= w->limit.connects) {
		win_stop(w, STOPPED_CONNECTS);
		return false;
	}
	if (web_fetch(w->host, verb, url, body, &got) < 0)
		return win_error(w, NO_ANSWER, 0);
	free(o->bytes);
	o->bytes_at = o->bytes_len = 0;
	if ((o->bytes = malloc(got.left + 1)) == NULL)
		return false;
	if (got.left != 0)
		memcpy(o->bytes, got.at, got.left);
	o->bytes_len = got.left;
	return true;
}

bool internet_send(struct windows *w, struct win_object *o, struct bytes body)
{
	const struct win_object *to = o->parent != 0 ? &w->objects[o->parent - 1] : NULL;
	char url[2048];

	if (to == NULL || to->text == NULL)
		return false;
	snprintf(url, sizeof(url), "%s://%.255s:%u%s%.1500s", o->secure ? "https" : "http", to->text, to->port,
	    o->more[0] == '/' ? "" : "/", o->more);
	return internet_fetch(w, o, o->text, url, body);
}

uint64_t internet_read(struct windows *w, struct win_object *o, uint64_t to, uint64_t len)
{
	uint64_t n = o->bytes_len - o->bytes_at;

	n = n < len ? n : len;
	if (n != 0 && win_write(w, to, o->bytes + o->bytes_at, n) < 0)
		return 0;
	o->bytes_at += n;
	return n;
}

static uint64_t inet_open(struct windows *w, const uint64_t *a)
{
	return internet_session(w);
}

/* InternetConnect(session, server, port, user, password, service, flags, context) */
static uint64_t inet_connect(struct windows *w, const uint64_t *a)
{
	char host[WIN_TEXT_MAX];
	uint16_t port = (uint16_t)a[2];

	if (!api_text_of(w, a[1], host))
		return win_error(w, WIN_ERROR_PARAMETER, 0);
	if (port == 0)
		port = (uint32_t)a[5] == FTP_SERVICE ? 21 : HTTP;
	if ((uint32_t)a[5] == FTP_SERVICE) {
		/* FTP connects now */
		if (w->connects++ >= w->limit.connects || web_connect(w->host, host, port) == NULL)
			return win_error(w, NO_ANSWER, 0);
	}
	return internet_connection(w, host, port);
}

/* HttpOpenRequest(connection, verb, path, version, referrer, types, flags, context) */
static uint64_t open_request(struct windows *w, const uint64_t *a)
{
	char verb[WIN_TEXT_MAX], path[WIN_TEXT_MAX];

	(void)api_text_of(w, a[1], verb);
	(void)api_text_of(w, a[2], path);
	return internet_request(w, a[0], verb, path, (a[6] & SECURE) != 0);
}

static struct bytes body_of(struct windows *w, uint64_t at, uint64_t len)
{
	const uint8_t *from = len != 0 && len <= BODY_MAX && at != 0 ? space_at(w->space, at, len, RANGE_READ) : NULL;

	return from != NULL ? bytes_of(from, len) : (struct bytes){ 0 };
}

/* HttpSendRequest(request, headers, length, body, length) */
static uint64_t send_request(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_REQUEST);

	return o != NULL && internet_send(w, o, body_of(w, a[3], (uint32_t)a[4]));
}

/* InternetOpenUrl(session, url, headers, length, flags, context) */
static uint64_t open_url(struct windows *w, const uint64_t *a)
{
	char url[WIN_TEXT_MAX];
	uint64_t handle = 0;
	struct win_object *o;

	if (!api_text_of(w, a[1], url) || (o = win_object_new(w, WIN_REQUEST, &handle)) == NULL)
		return win_error(w, WIN_ERROR_PARAMETER, 0);
	if (internet_fetch(w, o, "GET", url, (struct bytes){ 0 }))
		return handle;
	win_object_free(w, o);
	return 0;
}

/* InternetReadFile(request, to, len, read) */
static uint64_t read_answer(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_REQUEST);
	uint64_t n = 0;

	if (o == NULL)
		return win_error(w, WRONG_HANDLE, 0);
	n = internet_read(w, o, a[1], (uint32_t)a[2]);
	if (n == 0)
		api_stream_ended(w, o);
	return win_put(w, a[3], n, 4);
}

static uint64_t available(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_REQUEST);

	return o != NULL && win_put(w, a[1], o->bytes_len - o->bytes_at, 4);
}

/* HttpQueryInfo(request, what, to, room, index): the status, as a number or a text; the length. */
static uint64_t query_info(struct windows *w, const uint64_t *a)
{
	enum { STATUS = 19, LENGTH = 5, AS_NUMBER = 0x20000000 };
	struct win_object *o = win_object(w, a[0], WIN_REQUEST);
	unsigned v = (a[1] & 0xffff) == STATUS ? 200 : o != NULL ? (unsigned)o->bytes_len : 0;
	char text[16];

	if (o == NULL || ((a[1] & 0xffff) != STATUS && (a[1] & 0xffff) != LENGTH))
		return win_error(w, 12150, 0); /* no such header */
	if ((a[1] & AS_NUMBER) != 0)
		return win_put(w, a[2], v, 4);
	snprintf(text, sizeof(text), "%u", v);
	return win_put_text(w, a[2], w->function->wide, text, win_number(w, a[3], 4, NULL)) != 0;
}

static uint64_t close_internet(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FREE);

	if (o != NULL)
		win_object_free(w, o);
	return o != NULL;
}

static uint64_t option_set(struct windows *w, const uint64_t *a)
{
	return 1;
}

/* InternetCheckConnection(url, …) */
static uint64_t check(struct windows *w, const uint64_t *a)
{
	char url[WIN_TEXT_MAX];
	struct web_url u;

	return api_text_of(w, a[0], url) && web_url(w->host, url, &u) && web_connect(w->host, u.host, u.port) != NULL;
}

static const struct win_function rows[] = {
	{ "InternetOpenA", 5, .run = inet_open }, { "InternetOpenW", 5, .run = inet_open },
	{ "InternetConnectA", 8, .run = inet_connect }, { "InternetConnectW", 8, .run = inet_connect, .wide = true },
	{ "HttpOpenRequestA", 8, .run = open_request }, { "HttpOpenRequestW", 8, .run = open_request, .wide = true },
	{ "HttpSendRequestA", 5, .run = send_request }, { "HttpSendRequestW", 5, .run = send_request, .wide = true },
	{ "HttpSendRequestExA", 5, .run = send_request }, { "InternetOpenUrlA", 6, .run = open_url },
	{ "InternetOpenUrlW", 6, .run = open_url, .wide = true }, { "InternetReadFile", 4, .run = read_answer },
	{ "InternetQueryDataAvailable", 4, .run = available }, { "HttpQueryInfoA", 5, .run = query_info },
	{ "HttpQueryInfoW", 5, .run = query_info, .wide = true }, { "InternetCloseHandle", 1, .run = close_internet },
	{ "InternetSetOptionA", 4, .run = option_set }, { "InternetSetOptionW", 4, .run = option_set },
	{ "InternetSetOptionExA", 5, .run = option_set }, { "InternetQueryOptionA", .args = 4 },
	{ "HttpAddRequestHeadersA", 4, .run = option_set }, { "HttpAddRequestHeadersW", 4, .run = option_set },
	{ "InternetErrorDlg", .args = 5 }, { "InternetCheckConnectionA", 3, .run = check },
	{ "InternetCheckConnectionW", 3, .run = check, .wide = true }, { "InternetGetConnectedState", 2, .value = 1 },
	{ "InternetAttemptConnect", .args = 1 }, { "InternetCrackUrlA", .args = 4 }, { "InternetWriteFile", .args = 4 },
	{ "FtpGetFileA", .args = 7 }, { "FtpPutFileA", .args = 5 }, { "FtpOpenFileA", .args = 5 },
	{ "DeleteUrlCacheEntryA", 1, .value = 1 }, { "DeleteUrlCacheEntry", 1, .value = 1 },
};
const struct win_table api_internet = { rows, COUNT_OF(rows) };
