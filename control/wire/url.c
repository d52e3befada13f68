/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scheme, authority and target of a URL. */
#include "control/wire/url.h"

#include <ctype.h>
#include <string.h>

enum { HOST_TEXT_MAX = 64 };

/* Schemes of curl, of PHP's and Java's URL handlers, and PHP's stream wrappers. */
static const struct scheme {
	const char *name;
	enum url_kind kind;
	uint16_t port;
	bool datagrams;
} schemes[] = {
	{ "http", URL_FETCH, 80, false },    { "https", URL_FETCH, 443, false }, { "ftp", URL_FETCH, 21, false },
	{ "ftps", URL_FETCH, 990, false },   { "sftp", URL_FETCH, 22, false },   { "scp", URL_FETCH, 22, false },
	{ "gopher", URL_FETCH, 70, false },  { "dict", URL_FETCH, 2628, false }, { "ldap", URL_FETCH, 389, false },
	{ "ldaps", URL_FETCH, 636, false },  { "tftp", URL_FETCH, 69, true },    { "telnet", URL_FETCH, 23, false },
	{ "smb", URL_FETCH, 445, false },    { "smbs", URL_FETCH, 445, false },  { "imap", URL_FETCH, 143, false },
	{ "imaps", URL_FETCH, 993, false },  { "pop3", URL_FETCH, 110, false },  { "pop3s", URL_FETCH, 995, false },
	{ "smtp", URL_FETCH, 25, false },    { "smtps", URL_FETCH, 465, false }, { "rtsp", URL_FETCH, 554, false },
	{ "ws", URL_FETCH, 80, false },      { "wss", URL_FETCH, 443, false },   { "rmi", URL_FETCH, 1099, false },
	{ "mqtt", URL_FETCH, 1883, false },  { "ssh2.shell", URL_FETCH, 22, false }, { "ssh2.exec", URL_FETCH, 22, false },
	{ "ssh2.sftp", URL_FETCH, 22, false }, { "file", URL_FILE, 0, false },   { "netdoc", URL_FILE, 0, false },
	{ "php", URL_WRAPPER, 0, false },    { "data", URL_WRAPPER, 0, false },  { "expect", URL_WRAPPER, 0, false },
	{ "zip", URL_WRAPPER, 0, false },    { "phar", URL_WRAPPER, 0, false },  { "glob", URL_WRAPPER, 0, false },
	{ "zlib", URL_WRAPPER, 0, false },   { "ogg", URL_WRAPPER, 0, false },   { "rar", URL_WRAPPER, 0, false },
	{ "compress.zlib", URL_WRAPPER, 0, false }, { "compress.bzip2", URL_WRAPPER, 0, false },
};

/* Takes "scheme:" off; NULL: none that is known. */
static const struct scheme *scheme_take(struct bytes *b, char name[URL_SCHEME_NAME_MAX])
{
	size_t len = 0;

	while (len < b->left && len + 1 < URL_SCHEME_NAME_MAX && (isalnum(b->at[len]) || b->at[len] == '.')) {
		name[len] = (char)tolower(b->at[len]);
		len++;
	}
	name[len] = '\0';
	if (len == b->left || b->at[len] != ':')
		return NULL;
	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		if (strcmp(schemes[i].name, name) == 0) {
			*b = bytes_of(b->at + len + 1, b->left - len - 1);
			return &schemes[i];
		}
	}
	return NULL;
}

/* One number of an address in decimal, "0" octal or "0x" hexadecimal; false: none, or beyond 32 bits. */
static bool number_read(struct bytes b, uint32_t *ret, bool *odd)
{
	unsigned base = 10; /* of the number */
	uint64_t v = 0;

	if (b.left > 1 && b.at[0] == '0') {
		base = (b.at[1] | 0x20) == 'x' ? 16 : 8;
		b = bytes_of(b.at + base / 8, b.left - base / 8);
		*odd = true;
	}
	if (b.left == 0)
		return false;
	for (size_t i = 0; i < b.left; i++) {
		unsigned d = isdigit(b.at[i]) ? (unsigned)(b.at[i] - '0') : base == 16 && isxdigit(b.at[i]) ?
		    (unsigned)((b.at[i] | 0x20) - 'a' + 10) : 16;

		if (d >= base || (v = v * base + d) > UINT32_MAX)
			return false;
	}
	*ret = (uint32_t)v;
	return true;
}

/* inet_aton(): one to four numbers, the last of which fills what is left. */
static bool address4_read(struct bytes host, struct address *ret, bool *odd)
{
	uint32_t part[4], value = 0;
	unsigned count = 0;
	bool strange = false;

	if (host.left > 0 && host.at[host.left - 1] == '.')
		host.left--;
	while (count < 4) {
		const uint8_t *dot = host.left > 0 ? memchr(host.at, '.', host.left) : NULL;
		size_t len = dot != NULL ? (size_t)(dot - host.at) : host.left;

		if (!number_read(bytes_of(host.at, len), &part[count], &strange))
			return false;
		count++;
		if (dot == NULL) {
			host.left = 0;
			break;
		}
		host = bytes_of(dot + 1, host.left - len - 1);
	}
	if (host.left > 0)
		return false;
	for (unsigned i = 0; i + 1 < count; i++) {
		if (part[i] > 255)
			return false;
		value |= part[i] << (24 - 8 * i);
	}
	if (count > 1 && part[count - 1] > UINT32_MAX >> 8 * (count - 1))
		return false;
	value |= part[count - 1];
	*ret = (struct address){ .family = 4, .raw = { (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
	                                              (uint8_t)value } };
	*odd = strange || count < 4;
	return true;
}

/* An IPv4 address within an IPv6 one (::ffff:127.0.0.1) is reached by IPv4. */
static void unmap(struct address *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct address four = { .family = 4 };

	if (a->family != 6 || memcmp(a->raw, mapped, sizeof(mapped)) != 0)
		return;
	memcpy(four.raw, a->raw + 12, 4);
	*a = four;
}

static void address_read(struct url *u)
{
	char text[HOST_TEXT_MAX];

	if (address4_read(u->host, &u->address, &u->address_odd) || u->host.left >= sizeof(text) || u->host.left == 0 ||
	    memchr(u->host.at, ':', u->host.left) == NULL)
		return;
	memcpy(text, u->host.at, u->host.left);
	text[u->host.left] = '\0';
	text[strcspn(text, "%")] = '\0'; /* a zone */
	if (address_parse(text, &u->address) < 0) {
		u->address = (struct address){ 0 };
		return;
	}
	u->address_odd = u->address.family == 6;
	unmap(&u->address);
}

/* Digits to a port. */
static bool port_read(struct bytes text, uint16_t *ret)
{
	uint32_t port = 0;

	if (text.left == 0 || text.left > 5)
		return false;
	for (size_t i = 0; i < text.left; i++) {
		if (!isdigit(text.at[i]))
			return false;
		port = port * 10 + (uint32_t)(text.at[i] - '0');
	}
	*ret = (uint16_t)port;
	return port <= UINT16_MAX;
}

static bool is_host(struct bytes host)
{
	for (size_t i = 0; i < host.left; i++) {
		if (host.at[i] <= ' ' || host.at[i] == 0x7f || strchr("<>\"'`{}|\\^$();,*", host.at[i]) != NULL)
			return false;
	}
	return host.left > 0;
}

/* "user@host:port"; what stands before the last "@" is no host. */
static bool authority_read(struct bytes authority, struct url *u)
{
	const uint8_t *at = authority.left > 0 ? memrchr(authority.at, '@', authority.left) : NULL, *end;
	struct bytes port = { 0 };

	if (at != NULL) {
		size_t len = (size_t)(at - authority.at);

		u->user = bytes_of(authority.at, len);
		authority = bytes_of(at + 1, authority.left - len - 1);
	}
	u->host = authority;
	if (authority.left > 0 && authority.at[0] == '[' && (end = memchr(authority.at, ']', authority.left)) != NULL) {
		size_t len = (size_t)(end - authority.at);

		u->host = bytes_of(authority.at + 1, len - 1);
		port = bytes_of(end + 1, authority.left - len - 1);
		if (port.left > 0)
			port = bytes_of(port.at + 1, port.left - 1);
	} else if (authority.left > 0 && (end = memrchr(authority.at, ':', authority.left)) != NULL) {
		u->host.left = (size_t)(end - authority.at);
		port = bytes_of(end + 1, authority.left - u->host.left - 1);
	}
	u->port_given = port.left > 0;
	if (u->port_given && !port_read(port, &u->port))
		return false;
	address_read(u);
	return is_host(u->host);
}

static size_t until(struct bytes b, const char *stops)
{
	size_t i = 0;

	while (i < b.left && (b.at[i] == '\0' || strchr(stops, b.at[i]) == NULL))
		i++;
	return i;
}

bool url_parse(struct bytes text, struct url *ret)
{
	struct url u = { 0 };
	const struct scheme *s = scheme_take(&text, u.scheme);
	size_t slashes = 0, end;

	if (s == NULL)
		u.scheme[0] = '\0';
	else
		u.kind = s->kind;
	if (s != NULL) {
		u.port = s->port;
		u.datagrams = s->datagrams;
	}
	if (u.kind != URL_FETCH) {
		u.target = text;
		*ret = u;
		return true;
	}
	while (slashes < text.left && slashes < 3 && (text.at[slashes] == '/' || text.at[slashes] == '\\'))
		slashes++;
	if (slashes < (s == NULL ? 2 : 1))
		return false;
	text = bytes_of(text.at + slashes, text.left - slashes);
	end = until(text, "/?#");
	if (!authority_read(bytes_of(text.at, end), &u))
		return false;
	text = bytes_of(text.at + end, text.left - end);
	end = until(text, "#");
	u.target = bytes_of(text.at, end);
	u.fragment = bytes_of(text.at + end, text.left - end);
	*ret = u;
	return true;
}

bool url_address_inside(const struct address *a)
{
	static const uint8_t loopback6[16] = { [15] = 1 }, none[16];

	if (a->family == 4)
		return a->raw[0] == 127 || a->raw[0] == 10 || a->raw[0] == 0 || (a->raw[0] == 192 && a->raw[1] == 168) ||
		    (a->raw[0] == 172 && (a->raw[1] & 0xf0) == 16) || (a->raw[0] == 169 && a->raw[1] == 254) ||
		    (a->raw[0] == 100 && (a->raw[1] & 0xc0) == 64);
	return a->family == 6 && (memcmp(a->raw, loopback6, 16) == 0 || memcmp(a->raw, none, 16) == 0 ||
	    (a->raw[0] & 0xfe) == 0xfc || (a->raw[0] == 0xfe && (a->raw[1] & 0xc0) == 0x80));
}

bool url_take_script(struct bytes *address)
{
	static const char scheme[] = "javascript:";
	struct bytes b = *address;
	size_t n = 0, i = 0;

	while (i < b.left && b.at[i] <= ' ')
		i++;
	for (; i < b.left && scheme[n] != '\0'; i++) {
		if (b.at[i] == '\t' || b.at[i] == '\n' || b.at[i] == '\r')
			continue;
		if (tolower(b.at[i]) != scheme[n++])
			return false;
	}
	*address = bytes_of(b.at + i, b.left - i);
	return scheme[n] == '\0';
}
