/* SPDX-License-Identifier: GPL-2.0-or-later */
/* struct stat and statfs64 as each processor has them. uapi/asm/stat.h, asm-generic/statfs.h. */
#include "emu/kernel/abi/abi.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

/* asm-generic/stat.h: AArch64 */
const struct stat_layout stat_generic = { 128, {
	[STAT_DEVICE] = { 0, 8 }, [STAT_INODE] = { 8, 8 }, [STAT_MODE] = { 16, 4 }, [STAT_LINKS] = { 20, 4 },
	[STAT_UID] = { 24, 4 }, [STAT_GID] = { 28, 4 }, [STAT_RDEVICE] = { 32, 8 }, [STAT_SIZE] = { 48, 8 },
	[STAT_BLOCK] = { 56, 4 }, [STAT_BLOCKS] = { 64, 8 }, [STAT_ATIME] = { 72, 8 }, [STAT_ANSEC] = { 80, 8 },
	[STAT_MTIME] = { 88, 8 }, [STAT_MNSEC] = { 96, 8 }, [STAT_CTIME] = { 104, 8 }, [STAT_CNSEC] = { 112, 8 },
} };
/* struct stat of i386 and ARM */
const struct stat_layout stat_old32 = { 64, {
	[STAT_DEVICE] = { 0, 2 }, [STAT_INODE] = { 4, 4 }, [STAT_MODE] = { 8, 2 }, [STAT_LINKS] = { 10, 2 },
	[STAT_UID] = { 12, 2 }, [STAT_GID] = { 14, 2 }, [STAT_RDEVICE] = { 16, 2 }, [STAT_SIZE] = { 20, 4 },
	[STAT_BLOCK] = { 24, 4 }, [STAT_BLOCKS] = { 28, 4 }, [STAT_ATIME] = { 32, 4 }, [STAT_ANSEC] = { 36, 4 },
	[STAT_MTIME] = { 40, 4 }, [STAT_MNSEC] = { 44, 4 }, [STAT_CTIME] = { 48, 4 }, [STAT_CNSEC] = { 52, 4 },
} };
/* struct stat64 of i386 */
const struct stat_layout stat_old64 = { 96, {
	[STAT_DEVICE] = { 0, 8 }, [STAT_INODE_TOO] = { 12, 4 }, [STAT_MODE] = { 16, 4 }, [STAT_LINKS] = { 20, 4 },
	[STAT_UID] = { 24, 4 }, [STAT_GID] = { 28, 4 }, [STAT_RDEVICE] = { 32, 8 }, [STAT_SIZE] = { 44, 8 },
	[STAT_BLOCK] = { 52, 4 }, [STAT_BLOCKS] = { 56, 8 }, [STAT_ATIME] = { 64, 4 }, [STAT_ANSEC] = { 68, 4 },
	[STAT_MTIME] = { 72, 4 }, [STAT_MNSEC] = { 76, 4 }, [STAT_CTIME] = { 80, 4 }, [STAT_CNSEC] = { 84, 4 },
	[STAT_INODE] = { 88, 8 },
} };
/* of ARM: 64 bits stand at multiples of 8 */
const struct stat_layout stat64_arm = { 104, {
	[STAT_DEVICE] = { 0, 8 }, [STAT_INODE_TOO] = { 12, 4 }, [STAT_MODE] = { 16, 4 }, [STAT_LINKS] = { 20, 4 },
	[STAT_UID] = { 24, 4 }, [STAT_GID] = { 28, 4 }, [STAT_RDEVICE] = { 32, 8 }, [STAT_SIZE] = { 48, 8 },
	[STAT_BLOCK] = { 56, 4 }, [STAT_BLOCKS] = { 64, 8 }, [STAT_ATIME] = { 72, 4 }, [STAT_ANSEC] = { 76, 4 },
	[STAT_MTIME] = { 80, 4 }, [STAT_MNSEC] = { 84, 4 }, [STAT_CTIME] = { 88, 4 }, [STAT_CNSEC] = { 92, 4 },
	[STAT_INODE] = { 96, 8 },
} };
const struct stat_layout stat_mips = { 144, {
	[STAT_DEVICE] = { 0, 4 }, [STAT_INODE] = { 16, 4 }, [STAT_MODE] = { 20, 4 }, [STAT_LINKS] = { 24, 4 },
	[STAT_UID] = { 28, 4 }, [STAT_GID] = { 32, 4 }, [STAT_RDEVICE] = { 36, 4 }, [STAT_SIZE] = { 48, 4 },
	[STAT_ATIME] = { 56, 4 }, [STAT_ANSEC] = { 60, 4 }, [STAT_MTIME] = { 64, 4 }, [STAT_MNSEC] = { 68, 4 },
	[STAT_CTIME] = { 72, 4 }, [STAT_CNSEC] = { 76, 4 }, [STAT_BLOCK] = { 80, 4 }, [STAT_BLOCKS] = { 84, 4 },
} };
const struct stat_layout stat64_mips = { 104, {
	[STAT_DEVICE] = { 0, 4 }, [STAT_INODE] = { 16, 8 }, [STAT_MODE] = { 24, 4 }, [STAT_LINKS] = { 28, 4 },
	[STAT_UID] = { 32, 4 }, [STAT_GID] = { 36, 4 }, [STAT_RDEVICE] = { 40, 4 }, [STAT_SIZE] = { 56, 8 },
	[STAT_ATIME] = { 64, 4 }, [STAT_ANSEC] = { 68, 4 }, [STAT_MTIME] = { 72, 4 }, [STAT_MNSEC] = { 76, 4 },
	[STAT_CTIME] = { 80, 4 }, [STAT_CNSEC] = { 84, 4 }, [STAT_BLOCK] = { 88, 4 }, [STAT_BLOCKS] = { 96, 8 },
} };
/* of N32: as stat64, which it calls stat */
const struct stat_layout stat_n32 = { 104, {
	[STAT_DEVICE] = { 0, 4 }, [STAT_INODE] = { 16, 8 }, [STAT_MODE] = { 24, 4 }, [STAT_LINKS] = { 28, 4 },
	[STAT_UID] = { 32, 4 }, [STAT_GID] = { 36, 4 }, [STAT_RDEVICE] = { 40, 4 }, [STAT_SIZE] = { 56, 8 },
	[STAT_ATIME] = { 64, 4 }, [STAT_ANSEC] = { 68, 4 }, [STAT_MTIME] = { 72, 4 }, [STAT_MNSEC] = { 76, 4 },
	[STAT_CTIME] = { 80, 4 }, [STAT_CNSEC] = { 84, 4 }, [STAT_BLOCK] = { 88, 4 }, [STAT_BLOCKS] = { 96, 8 },
} };
const struct stat_layout stat_powerpc = { 72, {
	[STAT_DEVICE] = { 0, 4 }, [STAT_INODE] = { 4, 4 }, [STAT_MODE] = { 8, 4 }, [STAT_LINKS] = { 12, 2 },
	[STAT_UID] = { 16, 4 }, [STAT_GID] = { 20, 4 }, [STAT_RDEVICE] = { 24, 4 }, [STAT_SIZE] = { 28, 4 },
	[STAT_BLOCK] = { 32, 4 }, [STAT_BLOCKS] = { 36, 4 }, [STAT_ATIME] = { 40, 4 }, [STAT_ANSEC] = { 44, 4 },
	[STAT_MTIME] = { 48, 4 }, [STAT_MNSEC] = { 52, 4 }, [STAT_CTIME] = { 56, 4 }, [STAT_CNSEC] = { 60, 4 },
} };
const struct stat_layout stat64_powerpc = { 104, {
	[STAT_DEVICE] = { 0, 8 }, [STAT_INODE] = { 8, 8 }, [STAT_MODE] = { 16, 4 }, [STAT_LINKS] = { 20, 4 },
	[STAT_UID] = { 24, 4 }, [STAT_GID] = { 28, 4 }, [STAT_RDEVICE] = { 32, 8 }, [STAT_SIZE] = { 48, 8 },
	[STAT_BLOCK] = { 56, 4 }, [STAT_BLOCKS] = { 64, 8 }, [STAT_ATIME] = { 72, 4 }, [STAT_ANSEC] = { 76, 4 },
	[STAT_MTIME] = { 80, 4 }, [STAT_MNSEC] = { 84, 4 }, [STAT_CTIME] = { 88, 4 }, [STAT_CNSEC] = { 92, 4 },
} };

int64_t abi_stat(struct kernel *k, const struct abi *abi, const struct stat_layout *layout, unsigned number,
    const uint64_t *raw, unsigned place)
{
	uint8_t to[160] = { 0 }, *host;
	uint64_t a[6];
	struct stat s;
	int64_t r;

	memcpy(a, raw, sizeof(a));
	if (layout == NULL || layout->size > sizeof(to) || (a[place] = abi_bounce(k, sizeof(s), &host)) == 0)
		return -ENOMEM;
	if ((r = abi_call(k, number, a[0], a[1], a[2], a[3], a[4], a[5])) < 0)
		return r;
	memcpy(&s, host, sizeof(s));
	const uint64_t v[STAT_FIELDS] = {
		[STAT_DEVICE] = s.st_dev, [STAT_INODE] = s.st_ino, [STAT_INODE_TOO] = s.st_ino, [STAT_MODE] = s.st_mode,
		[STAT_LINKS] = s.st_nlink, [STAT_UID] = s.st_uid, [STAT_GID] = s.st_gid, [STAT_RDEVICE] = s.st_rdev,
		[STAT_SIZE] = (uint64_t)s.st_size, [STAT_BLOCK] = (uint64_t)s.st_blksize, [STAT_BLOCKS] = (uint64_t)s.st_blocks,
		[STAT_ATIME] = (uint64_t)s.st_atim.tv_sec, [STAT_ANSEC] = (uint64_t)s.st_atim.tv_nsec,
		[STAT_MTIME] = (uint64_t)s.st_mtim.tv_sec, [STAT_MNSEC] = (uint64_t)s.st_mtim.tv_nsec,
		[STAT_CTIME] = (uint64_t)s.st_ctim.tv_sec, [STAT_CNSEC] = (uint64_t)s.st_ctim.tv_nsec,
	};
	for (unsigned i = 0; i < STAT_FIELDS; i++)
		if (layout->field[i].len != 0)
			abi_store(abi, to + layout->field[i].at, layout->field[i].len, v[i]);
	return space_put(k->current->space, raw[place], to, layout->size);
}

int64_t own_stat64(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = k->current->abi_now;

	return abi_stat(k, abi, abi->stat64, __NR_stat, a, 1);
}

int64_t own_lstat64(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = k->current->abi_now;

	return abi_stat(k, abi, abi->stat64, __NR_lstat, a, 1);
}

int64_t own_fstat64(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = k->current->abi_now;

	return abi_stat(k, abi, abi->stat64, __NR_fstat, a, 1);
}

int64_t own_fstatat64(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = k->current->abi_now;

	return abi_stat(k, abi, abi->stat64, __NR_newfstatat, a, 2);
}

/* path or descriptor, the structure's size, where */
static int64_t tell_statfs(struct kernel *k, unsigned number, const uint64_t *a)
{
	const struct abi *abi = k->current->abi_now;
	uint8_t to[96] = { 0 }, *host;
	uint64_t at = abi_bounce(k, sizeof(struct statfs), &host);
	struct statfs s;
	unsigned wide;
	int64_t r;

	if (at == 0)
		return -ENOMEM;
	if ((r = abi_call(k, number, a[0], at, 0, 0, 0, 0)) < 0)
		return r;
	memcpy(&s, host, sizeof(s));
	abi_store(abi, to, 4, (uint64_t)s.f_type);
	abi_store(abi, to + 4, 4, (uint64_t)s.f_bsize);
	wide = abi->mips ? 16 : 8;
	const uint64_t plain[5] = { s.f_blocks, s.f_bfree, s.f_bavail, s.f_files, s.f_ffree };
	const uint64_t mips[5] = { s.f_blocks, s.f_bfree, s.f_files, s.f_ffree, s.f_bavail };
	for (unsigned i = 0; i < 5; i++)
		abi_store(abi, to + wide + i * 8, 8, abi->mips ? mips[i] : plain[i]);
	abi_store(abi, to + wide + 48, 4, (uint64_t)s.f_namelen);
	abi_store(abi, to + (abi->mips ? 8 : wide + 52), 4, (uint64_t)s.f_frsize);
	abi_store(abi, to + wide + (abi->mips ? 52 : 56), 4, (uint64_t)s.f_flags);
	return space_put(k->current->space, a[2], to, a[1] < 84 ? 0 : a[1] < sizeof(to) ? a[1] : sizeof(to));
}

int64_t own_statfs64(struct kernel *k, const uint64_t *a)
{
	return tell_statfs(k, __NR_statfs, a);
}

int64_t own_fstatfs64(struct kernel *k, const uint64_t *a)
{
	return tell_statfs(k, __NR_fstatfs, a);
}
