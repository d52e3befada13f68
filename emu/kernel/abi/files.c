/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls on files and memory that x86-64 does not have, or has otherwise. */
#include "emu/kernel/abi/abi.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

enum { UNIT = 4096 };

static const struct abi *abi_of_call(const struct kernel *k)
{
	return k->current->abi_now;
}

/* A counter of the kernel's own is eight bytes in the processor's order; all other bytes are what they are. */
static bool is_counter(struct kernel *k, uint64_t fd, uint64_t len)
{
	const struct file *f = file_at(k, fd);

	return abi_of_call(k)->big_endian && len == 8 && f != NULL && f->kind->name != NULL &&
	    strcmp(f->kind->name, "anon_inode") == 0;
}

static void turn(uint8_t *at)
{
	uint64_t v;

	memcpy(&v, at, sizeof(v));
	v = __builtin_bswap64(v);
	memcpy(at, &v, sizeof(v));
}

int64_t own_read(struct kernel *k, const uint64_t *a)
{
	int64_t r = abi_call(k, __NR_read, a[0], a[1], a[2], 0, 0, 0);
	uint8_t *at;

	if (r == 8 && is_counter(k, a[0], (uint64_t)r) && (at = space_at(k->current->space, a[1], 8, RANGE_WRITE)) != NULL)
		turn(at);
	return r;
}

int64_t own_write(struct kernel *k, const uint64_t *a)
{
	uint8_t *at = is_counter(k, a[0], a[2]) ? space_at(k->current->space, a[1], 8, RANGE_WRITE) : NULL;
	int64_t r;

	if (at != NULL)
		turn(at);
	r = abi_call(k, __NR_write, a[0], a[1], a[2], 0, 0, 0);
	if (at != NULL)
		turn(at);
	return r;
}

static int64_t map(struct kernel *k, const uint64_t *a, uint64_t offset)
{
	return abi_call(k, __NR_mmap, a[0], a[1], a[2], abi_bits_in(abi_of_call(k)->map_flags, a[3]),
	    (uint64_t)(int64_t)(int32_t)a[4], offset);
}

int64_t own_mmap2(struct kernel *k, const uint64_t *a)
{
	return map(k, a, (a[5] & UINT32_MAX) * UNIT);
}

int64_t own_old_mmap(struct kernel *k, const uint64_t *a)
{
	uint64_t v[6];

	for (unsigned i = 0; i < 6; i++)
		if (abi_get_word(k, abi_of_call(k), a[0] + i * 4, &v[i]) < 0)
			return -EFAULT;
	return map(k, v, v[5]);
}

/* An offset of 64 bits comes last; what is given is memory, mostly. */
int64_t own_bsd_mmap(struct kernel *k, const uint64_t *a)
{
	return map(k, a, 0);
}

int64_t own_llseek(struct kernel *k, const uint64_t *a)
{
	int64_t r = abi_call(k, __NR_lseek, a[0], a[1] << 32 | (a[2] & UINT32_MAX), a[4], 0, 0, 0);
	uint8_t raw[8];

	if (r < 0)
		return r;
	abi_store(abi_of_call(k), raw, sizeof(raw), (uint64_t)r);
	return space_put(k->current->space, a[3], raw, sizeof(raw));
}

/* 64 bits in registers from the second argument on. */
static uint64_t wide(const struct abi *abi, const uint64_t *a)
{
	unsigned at = abi->even_pairs ? 2 : 1;

	return abi->big_endian ? a[at] << 32 | a[at + 1] : a[at] | a[at + 1] << 32;
}

int64_t own_truncate64(struct kernel *k, const uint64_t *a)
{
	return abi_call(k, __NR_truncate, a[0], wide(abi_of_call(k), a), 0, 0, 0, 0);
}

int64_t own_ftruncate64(struct kernel *k, const uint64_t *a)
{
	return abi_call(k, __NR_ftruncate, a[0], wide(abi_of_call(k), a), 0, 0, 0, 0);
}

int64_t own_fcntl(struct kernel *k, const uint64_t *a)
{
	enum { GETLK64 = 12, SETLKW64 = 14 };
	const struct abi *abi = abi_of_call(k);
	uint64_t command = abi_value_in(abi->commands, a[1] & UINT32_MAX), at;
	enum layout layout = command >= GETLK64 && command <= SETLKW64 ? LAYOUT_FLOCK64 : LAYOUT_FLOCK;
	uint8_t *host, *guest;
	int64_t r;

	switch (command) {
	case F_GETFL:
		r = abi_call(k, __NR_fcntl, a[0], command, 0, 0, 0, 0);
		return r < 0 ? r : (int64_t)abi_bits_out(abi->open_flags, (uint64_t)r);
	case F_SETFL:
		return abi_call(k, __NR_fcntl, a[0], command, abi_bits_in(abi->open_flags, a[2]), 0, 0, 0);
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case GETLK64:
	case GETLK64 + 1:
	case SETLKW64:
		if (command >= GETLK64)
			command = command - GETLK64 + F_GETLK;
		guest = space_at(k->current->space, a[2], layout_size(abi, layout), RANGE_READ);
		if (guest == NULL || (at = abi_bounce(k, layout_native_size(layout), &host)) == 0)
			return -EFAULT;
		layout_in(abi, layout, guest, host);
		r = abi_call(k, __NR_fcntl, a[0], command, at, 0, 0, 0);
		if (r >= 0 && command == F_GETLK) {
			layout_out(abi, layout, host, guest);
			space_wrote(k->current->space, a[2], layout_size(abi, layout));
		}
		return r;
	default:
		return abi_call(k, __NR_fcntl, a[0], command, a[2], 0, 0, 0);
	}
}

/* An interface's request: a name and a union, in which numbers have an order and the handler's has more room. */
static int64_t interface_request(struct kernel *k, const uint64_t *a, uint64_t request)
{
	enum { NAME = 16, OWN = 32, NATIVE = 40, FLAGS = 0x8913, ADDRESS_FIRST = 0x8915, ADDRESS_LAST = 0x891c, HARDWARE = 0x8927 };
	const struct abi *abi = abi_of_call(k);
	bool shorts = request == FLAGS || (request >= ADDRESS_FIRST && request <= ADDRESS_LAST) || request == HARDWARE;
	uint32_t v = 0;
	uint8_t *host;
	uint64_t at;
	int64_t r;

	if ((at = abi_bounce(k, NATIVE, &host)) == 0 || space_get(k->current->space, a[2], host, OWN) < 0)
		return -EFAULT;
	if ((r = abi_call(k, __NR_ioctl, a[0], request, at, 0, 0, 0)) < 0)
		return r;
	memcpy(&v, host + NAME, shorts ? 2 : 4);
	abi_store(abi, host + NAME, shorts ? 2 : 4, v);
	return space_put(k->current->space, a[2], host, OWN);
}

/* The list of all interfaces: a length, and where it is to be put; an entry is as long as such a request. */
static int64_t interface_list(struct kernel *k, const uint64_t *a, uint64_t request)
{
	enum { NAME = 16, OWN = 32, NATIVE = 40, MOST = 64 };
	const struct abi *abi = abi_of_call(k);
	struct { int32_t len, pad; uint64_t to; } all = { 0 };
	uint8_t *head, *list = NULL;
	uint64_t to, at;
	uint32_t room;
	int64_t r;

	if (abi_get_u32(k, abi, a[2], &room) < 0 || abi_get_word(k, abi, a[2] + 4, &to) < 0)
		return -EFAULT;
	room = room / OWN < MOST ? room / OWN : MOST;
	all.len = (int32_t)(room * NATIVE);
	if ((at = abi_bounce(k, sizeof(all), &head)) == 0 ||
	    (to != 0 && (all.to = abi_bounce(k, (uint64_t)all.len, &list)) == 0))
		return -ENOMEM;
	memcpy(head, &all, sizeof(all));
	if ((r = abi_call(k, __NR_ioctl, a[0], request, at, 0, 0, 0)) < 0)
		return r;
	memcpy(&all, head, sizeof(all));
	for (uint32_t i = 0; list != NULL && i < room && i < (uint32_t)all.len / NATIVE; i++) {
		uint8_t *one = list + i * NATIVE;
		uint16_t family;

		memcpy(&family, one + NAME, sizeof(family));
		abi_store(abi, one + NAME, sizeof(family), family);
		if (space_put(k->current->space, to + i * OWN, one, OWN) < 0)
			return -EFAULT;
	}
	return abi_put_u32(k, abi, a[2], (uint32_t)all.len / NATIVE * OWN);
}

int64_t own_ioctl(struct kernel *k, const uint64_t *a)
{
	enum { INTERFACES_FIRST = 0x8910, INTERFACES_LIST = 0x8912, INTERFACES_LAST = 0x8970 };
	const struct abi *abi = abi_of_call(k);
	uint64_t request = abi_value_in(abi->requests, a[1] & UINT32_MAX), at;
	uint8_t *host;
	uint32_t v = 0;
	int64_t r;

	if (abi->same_layouts)
		return abi_call(k, __NR_ioctl, a[0], request, a[2], 0, 0, 0);
	switch (request) {
	case FIONBIO:
	case FIOASYNC:
	case FIONREAD:
		if ((at = abi_bounce(k, sizeof(v), &host)) == 0 || abi_get_u32(k, abi, a[2], &v) < 0)
			return -EFAULT;
		memcpy(host, &v, sizeof(v));
		r = abi_call(k, __NR_ioctl, a[0], request, at, 0, 0, 0);
		if (r < 0 || request != FIONREAD)
			return r;
		memcpy(&v, host, sizeof(v));
		return abi_put_u32(k, abi, a[2], v);
	case INTERFACES_LIST:
		return interface_list(k, a, request);
	default:
		if (request >= INTERFACES_FIRST && request <= INTERFACES_LAST)
			return interface_request(k, a, request);
		return abi_call(k, __NR_ioctl, a[0], request, a[2], 0, 0, 0);
	}
}

int64_t own_sendfile64(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = abi_of_call(k);
	uint64_t at = 0, offset;
	uint8_t *host = NULL, raw[8];
	int64_t r;

	if (a[2] != 0) {
		if ((at = abi_bounce(k, sizeof(raw), &host)) == 0 || space_get(k->current->space, a[2], raw, sizeof(raw)) < 0)
			return -EFAULT;
		offset = abi_load(abi, raw, sizeof(raw));
		memcpy(host, &offset, sizeof(offset));
	}
	r = abi_call(k, __NR_sendfile, a[0], a[1], at, a[3], 0, 0);
	if (r < 0 || host == NULL)
		return r;
	memcpy(&offset, host, sizeof(offset));
	abi_store(abi, raw, sizeof(raw), offset);
	return space_put(k->current->space, a[2], raw, sizeof(raw)) < 0 ? -EFAULT : r;
}

int64_t own_old_select(struct kernel *k, const uint64_t *a)
{
	uint64_t v[6] = { 0 };

	for (unsigned i = 0; i < 5; i++)
		if (abi_get_word(k, abi_of_call(k), a[0] + i * 4, &v[i]) < 0)
			return -EFAULT;
	return abi_native(k, abi_of_call(k), __NR_select, false, v);
}

/* The sixth argument names the set of signals and its size. */
int64_t own_pselect6(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = abi_of_call(k);
	uint64_t raw[6], set_at = 0, set, pair[2] = { 0, 8 };
	uint8_t own[16], *host;

	memcpy(raw, a, sizeof(raw));
	raw[5] = 0;
	if (a[5] != 0 && abi_get_word(k, abi, a[5], &set_at) < 0)
		return -EFAULT;
	if (set_at != 0) {
		if (space_get(k->current->space, set_at, own, sigset_size(abi)) < 0 ||
		    (pair[0] = abi_bounce(k, sizeof(set), &host)) == 0)
			return -EFAULT;
		set = sigset_in(abi, own);
		memcpy(host, &set, sizeof(set));
		if ((raw[5] = abi_bounce(k, sizeof(pair), &host)) == 0)
			return -EFAULT;
		memcpy(host, pair, sizeof(pair));
	}
	return abi_native(k, abi, __NR_pselect6, k->current->call_time64, raw);
}

/* Both descriptors come in registers, or where there is an address, there. */
int64_t own_pipe_pair(struct kernel *k, const uint64_t *a)
{
	uint8_t *host;
	uint64_t at = abi_bounce(k, 8, &host);
	int64_t r = at != 0 ? abi_call(k, __NR_pipe, at, 0, 0, 0, 0, 0) : -ENOMEM;
	int32_t fds[2];

	if (r < 0)
		return r;
	memcpy(fds, host, sizeof(fds));
	machine_set(k->machine, abi_of_call(k)->second_result, (uint64_t)fds[1]);
	return fds[0];
}
