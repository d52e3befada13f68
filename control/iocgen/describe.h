/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An IOC in a sentence. */
#ifndef CONTROL_IOCGEN_DESCRIBE_H
#define CONTROL_IOCGEN_DESCRIBE_H

#include "control/iocgen/ioc.h"

/* "Writes the file %appdata%\<letters:6>.exe (vary: 6 letters) and …" -ENOSPC. Pure. */
must_check int ioc_describe(const struct ioc *, struct sink *to);

#endif
