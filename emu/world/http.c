/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The HTTP persona: any request gets 200 and a small script. What it prints is made from the URL and the seed, so that
 * output that flows from the network differs between seeds and shows as what nobody can know.
 */
#include "emu/world/network.h"
#include "emu/world/world.h"

#include <stdio.h>
#include <string.h>

static bool starts_method(struct bytes b)
{
	static const char *const methods[] = { "GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ", "DELETE " };

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

bool http_answer(struct peer *p, struct world *w, struct bytes request, const struct address *a, uint16_t port)
{
	static const char longer[] = "c4b1d90e7f2a3586";
	char url[2048], body[256], head[256];
	uint64_t mark = 1469598103934665603ull ^ w->seed;
	const struct page *page = &pages[w->seed % COUNT_OF(pages)];
	ptrdiff_t end;
	int len;

	if (!starts_method(request) || (end = bytes_find(request, bytes_text("\r\n\r\n"))) < 0 ||
	    !whole(request, (size_t)end + 4))
		return false;
	/* the blank line's first half ends the last header */
	tell_fetch(w, bytes_of(request.at, (size_t)end + 2), a, port, url, sizeof(url));
	for (const char *c = url; *c != 0; c++)
		mark = (mark ^ (uint8_t)*c) * 1099511628211ull;
	/* a page of another seed is longer by that much too */
	len = snprintf(body, sizeof(body), page->body, (unsigned long long)mark, (int)(mark % sizeof(longer)), longer);
	network_round_trip(w);
	snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nServer: %s\r\nContent-Type: %s\r\n"
	    "Content-Length: %d\r\nConnection: close\r\n\r\n", page->server, page->type, len);
	peer_answer(p, bytes_text(head));
	if (!bytes_starts_fold(request, bytes_text("HEAD ")))
		peer_answer(p, bytes_of(body, (size_t)len));
	return true;
}
