/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc score. */
#include "control/iocgen/verb.h"

int ioc_score(int argc, char **argv)
{
	return ioc_cannot("score", "not in this version");
}
