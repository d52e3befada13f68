/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which protocol a flow speaks, from its first bytes. */
#ifndef DATAPLANE_APP_RECOGNISE_H
#define DATAPLANE_APP_RECOGNISE_H

#include "control/wire/bytes.h"

enum { RECOGNISE_MAX = 8192 }; /* bytes of a first line, beyond which it is no request line of an unknown method */

enum recognised { RECOGNISED_NOT_YET, RECOGNISED_HTTP, RECOGNISED_TLS, RECOGNISED_RAW };

/*
 * From all the client's bytes so far. An answer other than NOT_YET does not change when more bytes come.
 * HTTP: a known method and a target; or any first line that ends with HTTP/1.x (attacks hide in the method, too).
 */
enum recognised recognise_client(struct bytes);
/* From all the server's bytes so far, where the client has said nothing yet or was not seen. */
enum recognised recognise_server(struct bytes);

#endif
