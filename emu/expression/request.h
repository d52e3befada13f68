/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The request that brought the code, as code reads it: parameters and headers. */
#ifndef EMU_EXPRESSION_REQUEST_H
#define EMU_EXPRESSION_REQUEST_H

#include "emu/expression/value.h"

bool java_request_parameter(struct java_run *, struct bytes name, struct bytes *ret);
bool java_request_header(struct java_run *, struct bytes name, struct bytes *ret);
/* A map of arrays of text. */
must_check int java_request_parameters(struct java_run *, struct java_value *ret);

#endif
