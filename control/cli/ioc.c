/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc: hands over to konseki-ioc, which reads hostile logs and therefore is a program of its own. */
#include "control/cli/supervise.h"
#include "control/cli/verb.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

int verb_ioc(int argc, char **argv)
{
	char path[PATH_MAX], name[] = "konseki ioc";

	if (program_beside("control/iocgen", "konseki-ioc", path, sizeof(path)) < 0)
		return cli_cannot("ioc", "konseki-ioc is missing: it stands beside konseki, or in ../libexec/konseki");
	argv[0] = name;
	execv(path, argv);
	return cli_cannot("ioc", "%s: %s", path, strerror(errno));
}
