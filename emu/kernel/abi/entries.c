/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entries of folders: the old form without a type, and numbers in the other order of bytes. */
#include "emu/kernel/abi/abi.h"

#include <string.h>

enum { HEAD64 = 19, ROOM = 32 << 10 };

/* As x86-64's getdents64 has them. */
struct record {
	uint64_t inode, next;
	uint16_t len;
	uint8_t type;
};

static struct record record_at(const uint8_t *at)
{
	struct record r = { 0 };

	memcpy(&r.inode, at, 8);
	memcpy(&r.next, at + 8, 8);
	memcpy(&r.len, at + 16, 2);
	r.type = at[18];
	return r;
}

/* One record of the old form: inode, next, length, name, and the type in the last byte. */
static unsigned put_old(const struct abi *abi, const struct record *r, const char *name, uint8_t *to)
{
	unsigned word = abi->word, head = 2 * word + 2, len = (unsigned)strlen(name);
	unsigned all = (head + len + 2 + word - 1) / word * word;

	memset(to, 0, all);
	abi_store(abi, to, word, r->inode);
	abi_store(abi, to + word, word, r->next);
	abi_store(abi, to + 2 * word, 2, all);
	memcpy(to + head, name, len);
	to[all - 1] = r->type;
	return all;
}

static unsigned put_new(const struct abi *abi, const struct record *r, const char *name, uint8_t *to)
{
	abi_store(abi, to, 8, r->inode);
	abi_store(abi, to + 8, 8, r->next);
	abi_store(abi, to + 16, 2, r->len);
	to[18] = r->type;
	memset(to + HEAD64, 0, r->len - HEAD64);
	memcpy(to + HEAD64, name, strlen(name));
	return r->len;
}

/* No record is longer in the guest's form than in the one it comes in. */
static int64_t entries(struct kernel *k, const uint64_t *a, bool old)
{
	const struct abi *abi = k->current->abi_now;
	uint64_t room = (uint32_t)a[2] < ROOM ? (uint32_t)a[2] : ROOM, at, used = 0;
	uint8_t *host, to[512];
	int64_t r;

	if ((at = abi_bounce(k, room, &host)) == 0)
		return -ENOMEM;
	if ((r = abi_call(k, __NR_getdents64, a[0], at, room, 0, 0, 0)) <= 0)
		return r;
	for (int64_t i = 0; i + HEAD64 < r;) {
		struct record record = record_at(host + i);
		unsigned len;

		if (record.len <= HEAD64 || record.len > sizeof(to) || record.len > r - i ||
		    memchr(host + i + HEAD64, 0, record.len - HEAD64) == NULL)
			return -EIO;
		len = old ? put_old(abi, &record, (const char *)host + i + HEAD64, to) :
		    put_new(abi, &record, (const char *)host + i + HEAD64, to);
		if (space_put(k->current->space, a[1] + used, to, len) < 0)
			return -EFAULT;
		used += len;
		i += record.len;
	}
	return (int64_t)used;
}

int64_t own_getdents(struct kernel *k, const uint64_t *a)
{
	return entries(k, a, true);
}

int64_t own_getdents64(struct kernel *k, const uint64_t *a)
{
	return entries(k, a, false);
}
