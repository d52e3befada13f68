/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dropping privileges. A list of what is refused: DPDK's drivers need more kinds of calls than we could name. */
#include "dataplane/power.h"
#include "config/account.h"
#include "dataplane/threads.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <seccomp.h>

int power_become(const char *user)
{
	const struct bond bond = bond_note();
	const struct passwd *p;

	if (geteuid() != 0)
		return threads_drop_capabilities();
	errno = 0;
	if ((p = getpwnam(user)) == NULL)
		return errno != 0 ? -errno : -ENOENT;
	if (initgroups(user, p->pw_gid) < 0 || setgid(p->pw_gid) < 0 || setuid(p->pw_uid) < 0)
		return -errno;
	return bond_renew(&bond);
}

static int refuse(scmp_filter_ctx filter, const int *calls, size_t count)
{
	int r = 0;

	for (size_t i = 0; i < count && r == 0; i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 0);
	return r;
}

int power_confine(bool replay)
{
	static const int always[] = {
		SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(ptrace),
		SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(kexec_load),
		SCMP_SYS(kexec_file_load), SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module),
		SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot), SCMP_SYS(setns),
		SCMP_SYS(unshare), SCMP_SYS(bpf), SCMP_SYS(userfaultfd), SCMP_SYS(add_key), SCMP_SYS(request_key),
		SCMP_SYS(keyctl), SCMP_SYS(reboot), SCMP_SYS(swapon), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
		SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(link), SCMP_SYS(linkat),
		SCMP_SYS(symlink), SCMP_SYS(symlinkat), SCMP_SYS(chmod), SCMP_SYS(fchmodat), SCMP_SYS(io_uring_setup),
	};
	static const int sockets[] = {
		SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept),
		SCMP_SYS(accept4),
	};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int r = -ENOMEM;

	if (filter == NULL)
		return -ENOMEM;
	if ((r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1)) == 0 &&
	    (r = refuse(filter, always, COUNT_OF(always))) == 0 &&
	    (!replay || (r = refuse(filter, sockets, COUNT_OF(sockets))) == 0) &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	return r;
}
