/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc scan. */
#include "control/iocgen/verb.h"

int ioc_scan(int argc, char **argv)
{
	return ioc_cannot("scan", "not in this version");
}
