/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about processes, threads and the system that x86-64 does not have, or has otherwise. */
#include "emu/kernel/abi/abi.h"

#include <linux/sched.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

static const struct abi *abi_of_call(const struct kernel *k)
{
	return k->current->abi_now;
}

int64_t own_waitpid(struct kernel *k, const uint64_t *a)
{
	return abi_native(k, abi_of_call(k), __NR_wait4, false, (const uint64_t[6]){ a[0], a[1], a[2] });
}

/*
 * struct user_desc of x86: which entry, base, limit, flags; -1: the kernel takes one of three. The other processors
 * with such a call have one base.
 */
static int thread_area(struct kernel *k, const struct abi *abi, uint64_t at, bool choose)
{
	enum { FIRST = 12, LAST = 14 };
	uint32_t index, base;
	int r;

	if (abi_get_u32(k, abi, at, &index) < 0 || abi_get_u32(k, abi, at + 4, &base) < 0)
		return -EFAULT;
	if (index == UINT32_MAX && choose) {
		for (index = FIRST; index < LAST && (k->current->areas >> index & 1) != 0; index++)
			;
		if (abi_put_u32(k, abi, at, index) < 0)
			return -EFAULT;
	}
	if (index < FIRST || index > LAST)
		return -EINVAL;
	if ((r = machine_segment(k->machine, index, base)) < 0)
		return r;
	k->current->areas |= (uint16_t)(1u << index);
	return (int)index;
}

int64_t own_thread_area(struct kernel *k, const uint64_t *a)
{
	int r;

	if (machine_cpu(k->machine) != CPU_X86) {
		machine_set_role(k->machine, ROLE_THREAD, a[0]);
		return 0;
	}
	r = thread_area(k, abi_of_call(k), a[0], true);
	return r < 0 ? r : 0;
}

int64_t own_set_tls(struct kernel *k, const uint64_t *a)
{
	machine_set_role(k->machine, ROLE_THREAD, a[0]);
	return 0;
}

/* The order of the last two arguments is the other one. */
int64_t own_clone(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = abi_of_call(k);
	uint64_t flags = (a[0] & ~0xffull) | abi_value_in(abi->signals, a[0] & 0xff);
	struct process *from = k->current;
	int64_t r;

	if (machine_cpu(k->machine) != CPU_X86)
		return abi_call(k, __NR_clone, flags, a[1], a[2], a[4], a[3], 0);
	r = abi_call(k, __NR_clone, flags & ~(uint64_t)CLONE_SETTLS, a[1], a[2], a[4], 0, 0);
	/* the child's registers are the machine's now; its segment has a selector that it inherited */
	if (r > 0 && (flags & CLONE_SETTLS) != 0 && k->current != from)
		(void)thread_area(k, abi, a[3], false);
	return r;
}

/* Only some of its operations have a time. */
int64_t own_futex(struct kernel *k, const uint64_t *a)
{
	enum { WAIT = 0, WAIT_BITSET = 9, WAIT_REQUEUE = 11 };
	enum layout layout = k->current->call_time64 ? LAYOUT_TIMESPEC64 : LAYOUT_TIMESPEC;
	const struct abi *abi = abi_of_call(k);
	unsigned operation = a[1] & 0x7f;
	uint64_t at = a[3];
	const uint8_t *guest;
	uint8_t *host;

	if (at != 0 && (operation == WAIT || operation == WAIT_BITSET || operation == WAIT_REQUEUE)) {
		guest = space_at(k->current->space, a[3], layout_size(abi, layout), RANGE_READ);
		if (guest == NULL || (at = abi_bounce(k, layout_native_size(layout), &host)) == 0)
			return -EFAULT;
		layout_in(abi, layout, guest, host);
	}
	return abi_call(k, __NR_futex, a[0], a[1], a[2], at, a[4], a[5]);
}

/* A signal's number stands in the structure. */
int64_t own_timer_create(struct kernel *k, const uint64_t *a)
{
	enum { NUMBER = 8 };
	const struct abi *abi = abi_of_call(k);
	uint64_t at = 0, id_at;
	const uint8_t *guest;
	uint8_t *host, *id;
	uint32_t v;
	int64_t r;

	if (a[1] != 0) {
		guest = space_at(k->current->space, a[1], layout_size(abi, LAYOUT_SIGEVENT), RANGE_READ);
		if (guest == NULL || (at = abi_bounce(k, layout_native_size(LAYOUT_SIGEVENT), &host)) == 0)
			return -EFAULT;
		layout_in(abi, LAYOUT_SIGEVENT, guest, host);
		memcpy(&v, host + NUMBER, sizeof(v));
		v = (uint32_t)abi_value_in(abi->signals, v);
		memcpy(host + NUMBER, &v, sizeof(v));
	}
	if ((id_at = abi_bounce(k, sizeof(v), &id)) == 0)
		return -ENOMEM;
	if ((r = abi_call(k, __NR_timer_create, a[0], at, id_at, 0, 0, 0)) < 0)
		return r;
	memcpy(&v, id, sizeof(v));
	return abi_put_u32(k, abi, a[2], v);
}

static int64_t name_system(struct kernel *k, struct utsname *ret)
{
	uint8_t *host;
	uint64_t at = abi_bounce(k, sizeof(*ret), &host);
	int64_t r = at != 0 ? abi_call(k, __NR_uname, at, 0, 0, 0, 0, 0) : -ENOMEM;

	if (r < 0)
		return r;
	memcpy(ret, host, sizeof(*ret));
	memset(ret->machine, 0, sizeof(ret->machine));
	memcpy(ret->machine, abi_of_call(k)->machine, strlen(abi_of_call(k)->machine));
	return 0;
}

int64_t own_uname(struct kernel *k, const uint64_t *a)
{
	struct utsname u;
	int64_t r = name_system(k, &u);

	return r < 0 ? r : space_put(k->current->space, a[0], &u, sizeof(u));
}

/* without the domain */
int64_t own_old_uname(struct kernel *k, const uint64_t *a)
{
	struct utsname u;
	int64_t r = name_system(k, &u);

	return r < 0 ? r : space_put(k->current->space, a[0], &u, sizeof(u) - sizeof(u.domainname));
}

/* Sizes that do not fit into 32 bits are told in greater units. */
int64_t own_sysinfo(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = abi_of_call(k);
	uint8_t own[128], *host;
	uint64_t at = abi_bounce(k, sizeof(struct sysinfo), &host);
	struct sysinfo s;
	int64_t r;

	if (at == 0)
		return -ENOMEM;
	if ((r = abi_call(k, __NR_sysinfo, at, 0, 0, 0, 0, 0)) < 0)
		return r;
	memcpy(&s, host, sizeof(s));
	if (abi->word == 4 && s.totalram > UINT32_MAX) {
		s.totalram /= GUEST_PAGE;
		s.freeram /= GUEST_PAGE;
		s.sharedram /= GUEST_PAGE;
		s.bufferram /= GUEST_PAGE;
		s.mem_unit = GUEST_PAGE;
	}
	layout_out(abi, LAYOUT_SYSINFO, &s, own);
	return space_put(k->current->space, a[0], own, layout_size(abi, LAYOUT_SYSINFO));
}

/* What changes nothing here. */
int64_t own_nothing(struct kernel *k, const uint64_t *a)
{
	return 0;
}

/* The number comes as the first argument. */
int64_t own_indirect(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	const struct abi *abi = abi_of_call(k);
	uint16_t native = abi_number_of(abi, a[0]);
	uint64_t raw[6] = { a[1], a[2], a[3], a[4], a[5] };
	const struct call *own = abi_own(native);

	/* those that change registers do it where the scheduler expects it */
	if (native == ABI_NONE || native == CALL_INDIRECT || (own == NULL && call_find(native) == NULL))
		return -ENOSYS;
	memmove(p->call + 1, raw, sizeof(raw));
	return abi_dispatch(k, abi, native, raw);
}

static uint64_t id16(uint64_t v)
{
	return (v & 0xffff) == 0xffff ? UINT32_MAX : v & 0xffff;
}

int64_t own_setuid16(struct kernel *k, const uint64_t *a)
{
	return abi_call(k, __NR_setuid, id16(a[0]), 0, 0, 0, 0, 0);
}

int64_t own_setgid16(struct kernel *k, const uint64_t *a)
{
	return abi_call(k, __NR_setgid, id16(a[0]), 0, 0, 0, 0, 0);
}

int64_t own_setreuid(struct kernel *k, const uint64_t *a)
{
	return abi_call(k, __NR_setresuid, a[0], a[1], UINT32_MAX, 0, 0, 0);
}

int64_t own_setregid(struct kernel *k, const uint64_t *a)
{
	return abi_call(k, __NR_setresgid, a[0], a[1], UINT32_MAX, 0, 0, 0);
}

int64_t own_setreuid16(struct kernel *k, const uint64_t *a)
{
	return abi_call(k, __NR_setresuid, id16(a[0]), id16(a[1]), UINT32_MAX, 0, 0, 0);
}

int64_t own_setregid16(struct kernel *k, const uint64_t *a)
{
	return abi_call(k, __NR_setresgid, id16(a[0]), id16(a[1]), UINT32_MAX, 0, 0, 0);
}

int64_t own_setresuid16(struct kernel *k, const uint64_t *a)
{
	return abi_call(k, __NR_setresuid, id16(a[0]), id16(a[1]), id16(a[2]), 0, 0, 0);
}

int64_t own_setresgid16(struct kernel *k, const uint64_t *a)
{
	return abi_call(k, __NR_setresgid, id16(a[0]), id16(a[1]), id16(a[2]), 0, 0, 0);
}

static int put_id16(struct kernel *k, uint64_t at, uint32_t id)
{
	uint8_t raw[2];

	abi_store(abi_of_call(k), raw, sizeof(raw), id > UINT16_MAX ? 65534 : id);
	return space_put(k->current->space, at, raw, sizeof(raw));
}

int64_t own_getresuid16(struct kernel *k, const uint64_t *a)
{
	const struct process *p = k->current;

	return put_id16(k, a[0], p->ruid) < 0 || put_id16(k, a[1], p->who.uid) < 0 || put_id16(k, a[2], p->suid) < 0 ?
	    -EFAULT : 0;
}

int64_t own_getresgid16(struct kernel *k, const uint64_t *a)
{
	const struct process *p = k->current;

	return put_id16(k, a[0], p->rgid) < 0 || put_id16(k, a[1], p->who.gid) < 0 || put_id16(k, a[2], p->who.gid) < 0 ?
	    -EFAULT : 0;
}

int64_t own_getgroups16(struct kernel *k, const uint64_t *a)
{
	const struct identity *who = &k->current->who;

	if (a[0] == 0)
		return who->groups_count;
	if (a[0] < who->groups_count)
		return -EINVAL;
	for (unsigned i = 0; i < who->groups_count; i++)
		if (put_id16(k, a[1] + i * 2, who->groups[i]) < 0)
			return -EFAULT;
	return who->groups_count;
}

int64_t own_chown16(struct kernel *k, const uint64_t *a)
{
	return abi_call(k, __NR_chown, a[0], id16(a[1]), id16(a[2]), 0, 0, 0);
}

int64_t own_fchown16(struct kernel *k, const uint64_t *a)
{
	return abi_call(k, __NR_fchown, a[0], id16(a[1]), id16(a[2]), 0, 0, 0);
}

int64_t own_lchown16(struct kernel *k, const uint64_t *a)
{
	return abi_call(k, __NR_lchown, a[0], id16(a[1]), id16(a[2]), 0, 0, 0);
}
