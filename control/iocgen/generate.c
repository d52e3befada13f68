/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc generate. */
#include "control/iocgen/verb.h"

int ioc_generate(int argc, char **argv)
{
	return ioc_cannot("generate", "not in this version");
}
