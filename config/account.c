/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Giving root up. */
#include "config/account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <unistd.h>

int account_become(const char *user)
{
	const struct passwd *p;

	if (geteuid() != 0)
		return 0;
	errno = 0;
	if ((p = getpwnam(user)) == NULL)
		return errno != 0 ? -errno : -ENOENT;
	if (setgroups(0, NULL) < 0 || setresgid(p->pw_gid, p->pw_gid, p->pw_gid) < 0 ||
	    setresuid(p->pw_uid, p->pw_uid, p->pw_uid) < 0)
		return -errno;
	return 0;
}
