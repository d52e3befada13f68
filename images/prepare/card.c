/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Binding a card to vfio-pci. */
#include "images/prepare/card.h"
#include "images/prepare/sysfs.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char driver_name[] = "vfio-pci";

const char *card_says(enum card c)
{
	static const char *const says[] = {
		[CARD_BOUND] = "given to vfio-pci",
		[CARD_WAS_BOUND] = "vfio-pci has it",
		[CARD_MISSING] = "there is no such card; lspci lists them",
		[CARD_NO_IOMMU] = "it has no IOMMU group: switch the IOMMU on in the firmware, and boot with intel_iommu=on",
		[CARD_BUSY] = "its driver does not let go of it",
		[CARD_REFUSED] = "vfio-pci does not take it; dmesg says why",
	};

	return says[c];
}

static bool has_driver(const char *address, const char *name)
{
	char path[PATH_MAX], now[64];

	if (sysfs_link(sysfs_path(path, sizeof(path), "/sys/bus/pci/devices/%s/driver", address), now, sizeof(now)) < 0)
		return name == NULL;
	return name != NULL && strcmp(now, name) == 0;
}

/* The group's file belongs to who drives it; udev makes it a moment after the binding. */
static bool group_give(const char *group, uid_t user, gid_t user_group)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	char path[PATH_MAX];

	sysfs_path(path, sizeof(path), "/dev/vfio/%s", group);
	for (unsigned i = 0; i < 300; i++) {
		if (chown(path, user, user_group) == 0)
			return true;
		if (errno != ENOENT)
			return false;
		nanosleep(&pause, NULL);
	}
	return false;
}

static enum card bind_it(const char *address)
{
	char path[PATH_MAX];

	if (sysfs_write(sysfs_path(path, sizeof(path), "/sys/bus/pci/devices/%s/driver_override", address), driver_name) < 0)
		return CARD_REFUSED;
	if (!has_driver(address, NULL) &&
	    sysfs_write(sysfs_path(path, sizeof(path), "/sys/bus/pci/devices/%s/driver/unbind", address), address) < 0)
		return CARD_BUSY;
	if (sysfs_write(sysfs_path(path, sizeof(path), "/sys/bus/pci/drivers_probe"), address) < 0)
		return CARD_REFUSED;
	return CARD_BOUND;
}

enum card card_give(const char *address, uid_t user, gid_t user_group)
{
	char path[PATH_MAX], group[32];
	enum card r = CARD_WAS_BOUND;

	if (access(sysfs_path(path, sizeof(path), "/sys/bus/pci/devices/%s", address), F_OK) < 0)
		return CARD_MISSING;
	if (sysfs_link(sysfs_path(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", address), group, sizeof(group)) < 0)
		return CARD_NO_IOMMU;
	if (!has_driver(address, driver_name) && (r = bind_it(address)) != CARD_BOUND)
		return r;
	if (!has_driver(address, driver_name) || !group_give(group, user, user_group))
		return CARD_REFUSED;
	return r;
}
