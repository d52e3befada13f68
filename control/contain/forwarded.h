/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a case say that its sender speaks for others? */
#ifndef CONTROL_CONTAIN_FORWARDED_H
#define CONTROL_CONTAIN_FORWARDED_H

#include "control/wire/case.h"

/*
 * A header that proxies add (RFC 7239, RFC 9110 7.6.3, and their customary forerunners), the PROXY protocol's first bytes, or a
 * WebSocket message, whose handshake is not in the case. Foreign bytes; pure.
 */
bool forwarded_says(const struct case_record *);

#endif
