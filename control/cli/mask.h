/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a stored case is nobody's business: masked before it is shown or written. */
#ifndef CONTROL_CLI_MASK_H
#define CONTROL_CLI_MASK_H

#include "control/cli/case.h"

/*
 * Overwrites bytes of the case's parts with '*', in place and of the same length, so that offsets and packets stay true:
 * secrets: values of Cookie, Set-Cookie, Authorization and their like; outside: letters and digits of all that is neither
 * attack code nor evidence (a body that is compressed: all of it). Attack code itself stays. The case owns its bytes.
 */
void case_mask(struct stored_case *, bool secrets, bool outside);

#endif
