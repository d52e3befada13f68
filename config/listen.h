/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a service listens: an address with a port. */
#ifndef CONFIG_LISTEN_H
#define CONFIG_LISTEN_H

#include "control/wire/address.h"

/* "192.0.2.1:9464", "[2001:db8::1]:9464"; no names. *port in host order. -EINVAL. */
must_check int listen_parse(const char *text, struct address *ret, uint16_t *port);

#endif
