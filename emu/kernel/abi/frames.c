/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signal frames of the other processors: not there yet, which ends a process that returns from a handler. */
#include "emu/kernel/abi/abi.h"
int64_t own_sigreturn(struct kernel *k, const uint64_t *a)
{
	return -ENOSYS;
}

int64_t own_rt_sigreturn(struct kernel *k, const uint64_t *a)
{
	return -ENOSYS;
}
