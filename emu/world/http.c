/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The HTTP persona: any request gets 200 and a small script. What it prints is made from the URL and the seed, so that
 * output that flows from the network differs between seeds and shows as what nobody can know.
 */
#include "emu/world/network_inside.h"

#include <stdio.h>
#include <string.h>

static bool starts_method(struct bytes b)
{
	static const char *const methods[] = { "GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ", "DELETE ", "PATCH ",
	    "PROPFIND " };

	for (size_t i = 0; i < COUNT_OF(methods); i++)
		if (bytes_starts_fold(b, bytes_text(methods[i])))
			return true;
	return false;
}

/* The value of a header, without blanks; left 0 if it is not there. */
static struct bytes header(struct bytes head, const char *name)
{
	struct bytes line = head, none = { 0 };
	size_t len = strlen(name);
	ptrdiff_t at;

	while ((at = bytes_find(line, bytes_text("\r\n"))) >= 0) {
		line.at += at + 2;
		line.left -= (size_t)at + 2;
		if (!bytes_starts_fold(line, bytes_text(name)) || line.left <= len || line.at[len] != ':')
			continue;
		line.at += len + 1;
		line.left -= len + 1;
		while (line.left != 0 && *line.at == ' ')
			line.at++, line.left--;
		at = bytes_find(line, bytes_text("\r\n"));
		line.left = at >= 0 ? (size_t)at : line.left;
		return line;
	}
	return none;
}

static bool whole(struct bytes request, size_t head_len)
{
	struct bytes head = bytes_of(request.at, head_len), length = header(head, "Content-Length");
	size_t body = 0;

	for (size_t i = 0; i < length.left && i < 9 && length.at[i] >= '0' && length.at[i] <= '9'; i++)
		body = body * 10 + (length.at[i] - '0');
	return request.left - head_len >= body;
}

static void tell_fetch(struct world *w, struct bytes head, const struct address *a, uint16_t port, char *url, size_t size)
{
	struct bytes host = header(head, "Host"), target = head;
	struct event *e = world_event(w, EVENT_FETCH);
	char text[ADDRESS_TEXT];
	ptrdiff_t at = bytes_find(target, bytes_text(" "));
	int n;

	target.at += at + 1;
	target.left -= (size_t)at + 1;
	for (at = 0; (size_t)at < target.left && target.at[at] > ' '; at++)
		;
	target.left = (size_t)at;
	/* a proxy is asked for a whole URL */
	if (bytes_starts_fold(target, bytes_text("http://")))
		n = snprintf(url, size, "%.*s", (int)target.left, (const char *)target.at);
	else if (host.left != 0)
		n = snprintf(url, size, "http://%.*s%.*s", (int)host.left, (const char *)host.at, (int)target.left,
		    (const char *)target.at);
	else
		n = snprintf(url, size, port == 80 ? "http://%s" : "http://%s:%u", address_format(a, text), port);
	if (host.left == 0 && n > 0 && (size_t)n < size && !bytes_starts_fold(target, bytes_text("http://")))
		snprintf(url + n, size - (size_t)n, "%.*s", (int)target.left, (const char *)target.at);
	if (e == NULL)
		return;
	e->address = *a;
	e->port = port;
	e->protocol = 6;
	e->name = world_keep_text(w, url);
}

/* Scripts that do the same and share no word; seeds of one job that follow each other have both. */
static const struct page {
	const char *server, *type, *body;
} pages[] = {
	{ "nginx", "text/plain", "#!/bin/sh\necho %016llx%.*s\n" },
	{ "Apache", "application/octet-stream", ": ' ';printf '%016llx%.*s\\n'\n" },
};

int http_script(const struct world *w, const char *url, char *to, size_t size)
{
	static const char longer[] = "c4b1d90e7f2a3586";
	uint64_t mark = 1469598103934665603ull ^ w->seed;

	for (const char *c = url; *c != 0; c++)
		mark = (mark ^ (uint8_t)*c) * 1099511628211ull;
	/* a page of another seed is longer by that much too */
	return snprintf(to, size, pages[w->seed % COUNT_OF(pages)].body, (unsigned long long)mark, (int)(mark % sizeof(longer)),
	    longer);
}

/* The part of len bytes that a request asks for: "bytes=FIRST-", "FIRST-LAST" or "-COUNT". False: all of it. */
static bool range_of(struct bytes head, int len, int *first, int *last)
{
	struct bytes range = header(head, "Range");
	char text[64];
	int a, b;

	snprintf(text, sizeof(text), "%.*s", (int)(range.left < sizeof(text) ? range.left : sizeof(text) - 1),
	    range.left != 0 ? (const char *)range.at : "");
	if (sscanf(text, "bytes=-%6d", &b) == 1 && b > 0) {
		*first = b < len ? len - b : 0;
		*last = len - 1;
		return true;
	}
	b = len - 1;
	if (sscanf(text, "bytes=%6d-%6d", &a, &b) < 1 || a < 0 || b < a)
		return false;
	*first = a;
	*last = b < len - 1 ? b : len - 1;
	return true;
}

bool http_answer(struct peer *p, struct world *w, struct bytes request, const struct address *a, uint16_t port)
{
	const struct page *page = &pages[w->seed % COUNT_OF(pages)];
	char url[2048], body[256], head[512], part[64] = "";
	int len, first = 0, last;
	const char *status = "200 OK";
	struct bytes fields;
	ptrdiff_t end;

	if (!starts_method(request) || (end = bytes_find(request, bytes_text("\r\n\r\n"))) < 0 ||
	    !whole(request, (size_t)end + 4))
		return false;
	/* the blank line's first half ends the last header */
	fields = bytes_of(request.at, (size_t)end + 2);
	tell_fetch(w, fields, a, port, url, sizeof(url));
	len = http_script(w, url, body, sizeof(body));
	last = len - 1;
	if (range_of(fields, len, &first, &last)) {
		status = first < len ? "206 Partial Content" : "416 Range Not Satisfiable";
		if (first < len)
			snprintf(part, sizeof(part), "Content-Range: bytes %d-%d/%d\r\n", first, last, len);
		else
			snprintf(part, sizeof(part), "Content-Range: bytes */%d\r\n", len);
		if (first >= len)
			first = last + 1;
	}
	network_round_trip(w);
	snprintf(head, sizeof(head), "HTTP/1.1 %s\r\nServer: %s\r\nContent-Type: %s\r\n%s"
	    "Content-Length: %d\r\nConnection: close\r\n\r\n", status, page->server, page->type, part, last + 1 - first);
	peer_answer(p, bytes_text(head));
	if (!bytes_starts_fold(request, bytes_text("HEAD ")) && last >= first)
		peer_answer(p, bytes_of(body + first, (size_t)(last + 1 - first)));
	return true;
}
