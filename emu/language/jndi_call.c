/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a JNDI name points, as Java's URL contexts read it. */
#include "emu/language/jndi_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The URL contexts of the JDK (com.sun.jndi.url.*): names are compared with regard to case, as class names are. */
static const struct scheme {
	const char *name;
	uint16_t port;
} schemes[] = {
	{ "ldap", 389 },  { "ldaps", 636 },     { "rmi", 1099 },      { "dns", 53 },
	{ "iiop", 1050 }, { "iiopname", 1050 }, { "corbaname", 900 },
};

static void keep(char *to, size_t size, struct bytes from)
{
	size_t len = from.left < size - 1 ? from.left : size - 1;

	if (len > 0) /* what is missing has no place in memory */
		memcpy(to, from.at, len);
	to[len] = '\0';
}

static const struct scheme *scheme_find(struct bytes name)
{
	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		if (bytes_equal(name, bytes_text(schemes[i].name)))
			return &schemes[i];
	}
	return NULL;
}

/* Digits to a port; 0 where it is none. */
static uint16_t port_of(struct bytes text)
{
	uint32_t port = 0;

	if (text.left == 0 || text.left > 5)
		return 0;
	for (size_t i = 0; i < text.left; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return 0;
		port = port * 10 + (uint32_t)(text.at[i] - '0');
	}
	return port <= UINT16_MAX ? (uint16_t)port : 0;
}

/* "host", "host:port", "[v6]:port" into call; what is left empty keeps its default. */
static void authority_read(struct bytes authority, struct jndi_call *call)
{
	struct bytes host = authority, port = { 0 };
	const uint8_t *at;

	if (host.left > 0 && host.at[0] == '[' && (at = memchr(host.at, ']', host.left)) != NULL) {
		size_t end = (size_t)(at - host.at);

		if (end + 2 <= host.left && host.at[end + 1] == ':')
			port = bytes_of(at + 2, host.left - end - 2);
		host = bytes_of(host.at + 1, end - 1);
	} else if (host.left > 0 && (at = memrchr(host.at, ':', host.left)) != NULL) {
		port = bytes_of(at + 1, host.left - (size_t)(at - host.at) - 1);
		host.left = (size_t)(at - host.at);
	}
	if (port_of(port) != 0)
		call->port = port_of(port);
	keep(call->host, sizeof(call->host), host);
	if (address_parse(call->host, &call->address) < 0)
		call->address = (struct address){ 0 };
}

bool jndi_call_parse(struct bytes name, struct jndi_call *ret)
{
	const uint8_t *colon = name.left > 0 ? memchr(name.at, ':', name.left) : NULL;
	struct jndi_call call = { 0 };
	const struct scheme *scheme;
	struct bytes rest, authority = { 0 };
	size_t end = 0;

	if (colon == NULL)
		return false;
	scheme = scheme_find(bytes_of(name.at, (size_t)(colon - name.at)));
	if (scheme == NULL)
		return false;
	keep(call.scheme, sizeof(call.scheme), bytes_text(scheme->name));
	keep(call.url, sizeof(call.url), name);
	call.port = scheme->port;
	rest = bytes_of(colon + 1, name.left - (size_t)(colon - name.at) - 1);
	/* corbaname and the like put the protocol between: "iiop:host"; an empty one is iiop too */
	if (bytes_starts_fold(rest, bytes_text("//"))) {
		rest = bytes_of(rest.at + 2, rest.left - 2);
		while (end < rest.left && rest.at[end] != '/' && rest.at[end] != '?')
			end++;
		authority = bytes_of(rest.at, end);
		rest = bytes_of(rest.at + end, rest.left - end);
	}
	authority_read(authority, &call);
	if (strcmp(scheme->name, "dns") == 0) {
		while (rest.left > 0 && *rest.at == '/')
			rest = bytes_of(rest.at + 1, rest.left - 1);
		keep(call.question, sizeof(call.question), rest);
	}
	*ret = call;
	return call.host[0] != '\0' || call.question[0] != '\0';
}
