/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which URLs no ordinary application would hand on to its server. */
#ifndef CONTROL_EXTRACT_URL_H
#define CONTROL_EXTRACT_URL_H

#include "control/wire/bytes.h"

/*
 * Is text a URL to the server itself, to its neighbours, to a bare address, by an odd scheme or port, or with something
 * in it that misleads a reader of URLs? Pure.
 */
bool url_is_suspicious(struct bytes text);

#endif
