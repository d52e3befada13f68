/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Giving root up. */
#include "config/account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>

struct bond bond_note(void)
{
	struct bond b = { .parent = getppid() };

	if (prctl(PR_GET_PDEATHSIG, &b.signal) < 0)
		b.signal = 0;
	return b;
}

int bond_renew(const struct bond *b)
{
	if (b->signal == 0)
		return 0;
	if (prctl(PR_SET_PDEATHSIG, b->signal) < 0)
		return -errno;
	if (getppid() != b->parent) /* it ended in between */
		raise(b->signal);
	return 0;
}

int account_become(const char *user)
{
	const struct bond bond = bond_note();
	const struct passwd *p;

	if (geteuid() != 0)
		return 0;
	errno = 0;
	if ((p = getpwnam(user)) == NULL)
		return errno != 0 ? -errno : -ENOENT;
	if (setgroups(0, NULL) < 0 || setresgid(p->pw_gid, p->pw_gid, p->pw_gid) < 0 ||
	    setresuid(p->pw_uid, p->pw_uid, p->pw_uid) < 0)
		return -errno;
	return bond_renew(&bond);
}
