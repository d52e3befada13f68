/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Winsock: names and addresses. */
#include "emu/windows/api/api.h"
#include "emu/windows/host/web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NO_HOST = 11001, INET = 2 };

static uint64_t swap16(struct windows *w, const uint64_t *a)
{
	return (a[0] & 0xff) << 8 | (a[0] >> 8 & 0xff);
}

static uint64_t swap32(struct windows *w, const uint64_t *a)
{
	return (a[0] & 0xff) << 24 | (a[0] >> 8 & 0xff) << 16 | (a[0] >> 16 & 0xff) << 8 | (a[0] >> 24 & 0xff);
}

static uint64_t raw4(const struct address *a)
{
	return (uint64_t)a->raw[0] | (uint64_t)a->raw[1] << 8 | (uint64_t)a->raw[2] << 16 | (uint64_t)a->raw[3] << 24;
}

static uint64_t inet_address(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX], *end = text;
	uint32_t parts[4] = { 0 }, v;
	unsigned count = 0;

	if (win_text(w, a[0], false, text, sizeof(text)) < 0)
		return UINT32_MAX;
	/* one to four parts, each decimal, octal or hexadecimal; the last one fills what is left */
	for (char *at = text; count < 4; at = end + 1) {
		parts[count++] = (uint32_t)strtoul(at, &end, 0);
		if (end == at || (*end != '.' && *end != 0 && *end != ' '))
			return UINT32_MAX;
		if (*end != '.')
			break;
	}
	v = parts[count - 1];
	for (unsigned i = 0; i + 1 < count; i++)
		v |= parts[i] << (24 - 8 * i);
	return swap32(w, &(uint64_t){ v });
}

static uint64_t inet_text(struct windows *w, const uint64_t *a)
{
	char text[32];
	uint64_t at = win_heap(w, sizeof(text));

	snprintf(text, sizeof(text), "%u.%u.%u.%u", (unsigned)(a[0] & 0xff), (unsigned)(a[0] >> 8 & 0xff),
	    (unsigned)(a[0] >> 16 & 0xff), (unsigned)(a[0] >> 24 & 0xff));
	return at != 0 && win_put_text(w, at, false, text, sizeof(text)) != 0 ? at : 0;
}

/*
 * hostent: name, aliases, family and length, list of addresses; behind it, in the order that Winsock has them and code
 * counts on, the end of the aliases, the list, the address, the name.
 */
static uint64_t host_entry(struct windows *w, const char *name, const struct address *address)
{
	uint64_t word = w->word, at = win_heap(w, 0x48 + strlen(name) + 1), aliases = at + 4 * word, raw = at + 7 * word;
	bool good;

	if (at == 0)
		return 0;
	good = win_put_word(w, at, raw + 8) && win_put_word(w, at + word, aliases) && win_put(w, at + 2 * word, INET, 2) &&
	    win_put(w, at + 2 * word + 2, 4, 2) && win_put_word(w, at + 3 * word, aliases + word) && win_put_word(w, aliases, 0) &&
	    win_put_word(w, aliases + word, raw) && win_put_word(w, aliases + 2 * word, 0) && win_put(w, raw, raw4(address), 4) &&
	    win_put_text(w, raw + 8, false, name, 1024) != 0;
	return good ? at : 0;
}

static uint64_t get_host_by_name(struct windows *w, const uint64_t *a)
{
	char name[WIN_TEXT_MAX];
	struct address address = { .family = 4 };

	if (a[0] == 0 || win_text(w, a[0], false, name, sizeof(name)) < 0 || name[0] == 0 ||
	    strcasecmp(name, w->world->hostname) == 0) {
		snprintf(name, sizeof(name), "%s", w->world->hostname);
		if (w->world->profile.addresses_count != 0)
			address = w->world->profile.addresses[0];
	} else if (!web_resolve(w->host, name, &address)) {
		return win_error(w, NO_HOST, 0);
	}
	return host_entry(w, name, &address);
}

/* getaddrinfo(node, service, hints, result) */
static uint64_t get_addr_info(struct windows *w, const uint64_t *a)
{
	char name[WIN_TEXT_MAX] = "", service[WIN_TEXT_MAX] = "";
	uint64_t word = w->word, at, to, port;
	struct address address = { .family = 4 };
	bool good;

	(void)api_text_of(w, a[1], service);
	if (!api_text_of(w, a[0], name))
		address.raw[0] = 0; /* any of the server's own */
	else if (!web_resolve(w->host, name, &address))
		return NO_HOST;
	if ((at = win_heap(w, 0x60)) == 0)
		return 8;
	to = at + 0x40;
	port = strtoul(service, NULL, 10);
	/* flags, family, kind, protocol, length, then name and address (swapped in some versions), next */
	good = win_put(w, at + 4, INET, 4) && win_put(w, at + 8, 1, 4) && win_put(w, at + 12, 6, 4) && win_put(w, at + 16, 16, word) &&
	    win_put_word(w, at + 16 + word, 0) && win_put_word(w, at + 16 + 2 * word, to) && win_put(w, to, INET, 2) &&
	    win_put(w, to + 2, swap16(w, &port), 2) && win_put(w, to + 4, raw4(&address), 4) && win_put_word(w, a[3], at);
	return good ? 0 : 8;
}

static uint64_t get_host_name(struct windows *w, const uint64_t *a)
{
	return win_put_text(w, a[0], w->function->wide, w->world->hostname, (uint32_t)a[1]) != 0 ? 0 : WIN_FAILED;
}

/* InetPton(family, text, to), WSAStringToAddress in a smaller form */
static uint64_t inet_pton(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX];
	struct address address;

	if (!api_text_of(w, a[1], text) || address_parse(text, &address) < 0)
		return 0;
	return win_write(w, a[2], address.raw, address.family == 6 ? 16 : 4) == 0;
}

static uint64_t last_error(struct windows *w, const uint64_t *a)
{
	return win_number(w, w->thread->teb + w->offsets->teb_error, 4, NULL);
}

static uint64_t set_error(struct windows *w, const uint64_t *a)
{
	return win_error(w, (uint32_t)a[0], 0);
}

/* DnsQuery_A(name, type, …): asked for; no record comes back that could be read. */
static uint64_t dns_query(struct windows *w, const uint64_t *a)
{
	char name[WIN_TEXT_MAX];
	struct address address;

	if (!api_text_of(w, a[0], name))
		return 123;
	(void)web_ask(w->host, name, (uint16_t)a[1], &address);
	return 9003; /* no such name */
}

static const struct win_function rows[] = {
	{ "htons", 1, .run = swap16, .ordinal = 9 }, { "ntohs", 1, .run = swap16, .ordinal = 15 },
	{ "htonl", 1, .run = swap32, .ordinal = 8 }, { "ntohl", 1, .run = swap32, .ordinal = 14 },
	{ "inet_addr", 1, .run = inet_address, .ordinal = 11 }, { "inet_ntoa", 1, .run = inet_text, .ordinal = 12 },
	{ "gethostbyname", 1, .run = get_host_by_name, .ordinal = 52 }, { "gethostbyaddr", 3, .ordinal = 51 },
	{ "gethostname", 2, .run = get_host_name, .ordinal = 57 }, { "getaddrinfo", 4, .run = get_addr_info },
	{ "GetAddrInfoW", 4, .run = get_addr_info, .wide = true }, { "freeaddrinfo", .args = 1 },
	{ "FreeAddrInfoW", .args = 1 }, { "WSAGetLastError", 0, .run = last_error, .ordinal = 111 },
	{ "WSASetLastError", 1, .run = set_error, .ordinal = 112 }, { "inet_pton", 3, .run = inet_pton, .since = 60 },
	{ "InetPtonW", 3, .run = inet_pton, .wide = true, .since = 60 }, { "WSAHtons", .args = 3 },
	{ "getservbyname", 2, .ordinal = 55 }, { "getprotobyname", 1, .ordinal = 53 },
};
const struct win_table api_resolve = { rows, COUNT_OF(rows) };

static const struct win_function rows_dns[] = {
	{ "DnsQuery_A", 6, .run = dns_query }, { "DnsQuery_W", 6, .run = dns_query, .wide = true },
	{ "DnsQuery_UTF8", 6, .run = dns_query }, { "DnsRecordListFree", .args = 2 }, { "DnsFree", .args = 2 },
	{ "DnsFlushResolverCache", 0, .value = 1 },
};
const struct win_table api_dns = { rows_dns, COUNT_OF(rows_dns) };
