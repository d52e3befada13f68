/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making and mapping a pulse. */
#include "control/wire/pulse.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int pulse_create(void)
{
	int fd = memfd_create("pulse", MFD_CLOEXEC | MFD_ALLOW_SEALING), r;

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, sizeof(struct pulse)) == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
		return fd;
	r = -errno;
	close(fd);
	return r;
}

int pulse_open(int fd, struct pulse **ret)
{
	struct stat s;
	void *at;

	if (fstat(fd, &s) < 0)
		return -errno;
	if (s.st_size != (off_t)sizeof(struct pulse))
		return -EBADMSG;
	at = mmap(NULL, sizeof(struct pulse), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		return -errno;
	*ret = at;
	return 0;
}

uint64_t pulse_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
