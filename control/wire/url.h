/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A URL cut into its parts, as programs that fetch one read it: forgiving, and with every way to write an IPv4 address. */
#ifndef CONTROL_WIRE_URL_H
#define CONTROL_WIRE_URL_H

#include "control/wire/address.h"

enum { URL_SCHEME_NAME_MAX = 20 };

/* What a program does with a URL of this scheme. */
enum url_kind {
	URL_FETCH,    /* connects to its host */
	URL_FILE,     /* opens a file of its own machine */
	URL_WRAPPER,  /* PHP's streams: the rest names a file, code, or a filter over either */
};

/* The bytes are borrowed from the text. */
struct url {
	enum url_kind kind;
	char scheme[URL_SCHEME_NAME_MAX];  /* small letters; "" where a URL begins with its host */
	struct bytes user;                 /* before the "@" */
	struct bytes host;                 /* without brackets */
	struct address address;            /* family 0: the host is a name */
	bool address_odd;                  /* written otherwise than in four decimal numbers */
	uint16_t port;                     /* its own or the scheme's; 0: none is known */
	bool port_given;
	bool datagrams;                    /* asked for over UDP */
	struct bytes target;               /* path and query: as they stand, without the fragment; "" where there is none */
	struct bytes fragment;             /* behind the "#" */
};

/*
 * false: no scheme that programs fetch, or no host where one must be. RFC 3986; IPv4 addresses as inet_aton() reads
 * them. Pure.
 */
must_check bool url_parse(struct bytes text, struct url *ret);

/* An address that only the server itself or its neighbours can reach: loopback, private, link-local, shared. */
bool url_address_inside(const struct address *);

/*
 * Takes "javascript:" off an address, with the blanks and controls that fall away inside it; false: it is no script's, and
 * nothing is to be made of what is left. URL standard 4.4.
 */
bool url_take_script(struct bytes *address);

#endif
