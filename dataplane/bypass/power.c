/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Giving power away. capabilities(7): permitted ones survive setuid() only where that is asked for. */
#include "dataplane/bypass/power.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>
#include <seccomp.h>

static int keep_net_admin(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data) < 0)
		return -errno;
	data[0].permitted &= 1u << CAP_NET_ADMIN; /* an account without it can keep none */
	data[0].effective = data[0].permitted;
	data[0].inheritable = 0;
	data[1] = (struct __user_cap_data_struct){ 0 };
	return syscall(SYS_capset, &head, data) < 0 ? -errno : 0;
}

static int become(const char *user)
{
	const struct passwd *p;

	if (geteuid() != 0)
		return keep_net_admin();
	errno = 0;
	if ((p = getpwnam(user)) == NULL)
		return errno != 0 ? -errno : -ENOENT;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 || setgroups(0, NULL) < 0 || setgid(p->pw_gid) < 0 || setuid(p->pw_uid) < 0)
		return -errno;
	return keep_net_admin();
}

int bypass_confine(const char *user)
{
	static const int needed[] = {
		SCMP_SYS(sendto), SCMP_SYS(recvfrom), SCMP_SYS(poll), SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(close),
		SCMP_SYS(kill), SCMP_SYS(clock_gettime), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
		SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(brk), SCMP_SYS(fstat), SCMP_SYS(newfstatat),
	};
	scmp_filter_ctx filter;
	int r = become(user);

	if (r < 0)
		return r;
	if ((filter = seccomp_init(SCMP_ACT_ERRNO(EPERM))) == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed) && r == 0; i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, needed[i], 0);
	if (r == 0 && (r = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0) == 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	return r;
}
