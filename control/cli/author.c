/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operator's name. */
#include "control/cli/author.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

void author_write(const char *given, char ret[VERSION_AUTHOR_MAX + 1])
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *user = getpwuid(getuid());

	if (given != NULL)
		snprintf(ret, VERSION_AUTHOR_MAX + 1, "%s", given);
	else if (getuid() == 0 && sudo != NULL && sudo[0] != 0 && version_text_ok(sudo, VERSION_AUTHOR_MAX))
		snprintf(ret, VERSION_AUTHOR_MAX + 1, "%s", sudo);
	else if (user != NULL && version_text_ok(user->pw_name, VERSION_AUTHOR_MAX))
		snprintf(ret, VERSION_AUTHOR_MAX + 1, "%s", user->pw_name);
	else
		snprintf(ret, VERSION_AUTHOR_MAX + 1, "uid %u", (unsigned)getuid());
}
