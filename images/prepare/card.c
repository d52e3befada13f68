/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Binding a card to vfio-pci, and giving it back. */
#include "images/prepare/card.h"
#include "images/prepare/sysfs.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char driver_name[] = "vfio-pci";
static const struct timespec pause_between = { .tv_nsec = 10000000 };
enum { TRIES = 300, INTERFACE_TRIES = 1000 };

const char *card_says(enum card c)
{
	static const char *const says[] = {
		[CARD_BOUND] = "given to vfio-pci",
		[CARD_WAS_BOUND] = "vfio-pci has it",
		[CARD_RETURNED] = "given back to the kernel",
		[CARD_WAS_KERNELS] = "the kernel has it",
		[CARD_MISSING] = "there is no such card; lspci lists them",
		[CARD_NO_IOMMU] = "it has no IOMMU group: switch the IOMMU on in the firmware, and boot with intel_iommu=on",
		[CARD_BUSY] = "its driver does not let go of it",
		[CARD_REFUSED] = "vfio-pci does not take it; dmesg says why",
		[CARD_NO_DRIVER] = "no driver of the kernel that is loaded takes it",
	};

	return says[c];
}

bool card_is_there(enum card c)
{
	return c <= CARD_WAS_KERNELS;
}

static bool has_driver(const char *address, const char *name)
{
	char path[PATH_MAX], now[64];

	if (sysfs_link(sysfs_path(path, sizeof(path), "/sys/bus/pci/devices/%s/driver", address), now, sizeof(now)) < 0)
		return name == NULL;
	return name != NULL && strcmp(now, name) == 0;
}

static bool is_the_kernels(const char *address)
{
	return !has_driver(address, NULL) && !has_driver(address, driver_name);
}

static bool is_vfios(const char *address)
{
	return has_driver(address, driver_name);
}

/* Some drivers take a card in a thread of their own. */
static bool comes_to_be(bool is(const char *address), const char *address)
{
	for (unsigned i = 0; i < TRIES && !is(address); i++)
		nanosleep(&pause_between, NULL);
	return is(address);
}

/* The group's file belongs to who drives it; udev makes it a moment after the binding. */
static bool group_give(const char *group, uid_t user, gid_t user_group)
{
	char path[PATH_MAX];

	sysfs_path(path, sizeof(path), "/dev/vfio/%s", group);
	for (unsigned i = 0; i < TRIES; i++) {
		if (chown(path, user, user_group) == 0)
			return true;
		if (errno != ENOENT)
			return false;
		nanosleep(&pause_between, NULL);
	}
	return false;
}

/* override: the driver that shall have it whatever it is made for; "\n" for none. Another one lets go of it before. */
static enum card drive(const char *address, const char *override)
{
	char path[PATH_MAX];

	if (sysfs_write(sysfs_path(path, sizeof(path), "/sys/bus/pci/devices/%s/driver_override", address), override) < 0)
		return CARD_REFUSED;
	if (!has_driver(address, NULL) &&
	    sysfs_write(sysfs_path(path, sizeof(path), "/sys/bus/pci/devices/%s/driver/unbind", address), address) < 0)
		return CARD_BUSY;
	if (sysfs_write(sysfs_path(path, sizeof(path), "/sys/bus/pci/drivers_probe"), address) < 0)
		return CARD_REFUSED;
	return CARD_BOUND;
}

static bool is_there(const char *address)
{
	char path[PATH_MAX];

	return access(sysfs_path(path, sizeof(path), "/sys/bus/pci/devices/%s", address), F_OK) == 0;
}

enum card card_give(const char *address, uid_t user, gid_t user_group)
{
	char path[PATH_MAX], group[32];
	enum card r = CARD_WAS_BOUND;

	if (!is_there(address))
		return CARD_MISSING;
	if (sysfs_link(sysfs_path(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", address), group, sizeof(group)) < 0)
		return CARD_NO_IOMMU;
	if (!is_vfios(address) && (r = drive(address, driver_name)) != CARD_BOUND)
		return r;
	if (!comes_to_be(is_vfios, address) || !group_give(group, user, user_group))
		return CARD_REFUSED;
	return r;
}

enum card card_return(const char *address)
{
	enum card r;

	if (!is_there(address))
		return CARD_MISSING;
	if (is_the_kernels(address))
		return CARD_WAS_KERNELS;
	if ((r = drive(address, "\n")) != CARD_BOUND)
		return r;
	return comes_to_be(is_the_kernels, address) ? CARD_RETURNED : CARD_NO_DRIVER;
}

/* A card's own, or that of the virtio device on it. */
static int interface_of(const char *address, uint32_t *ret)
{
	static const char *const places[] = { "net", "virtio*/net" };
	char path[PATH_MAX];
	int r = -ENODEV;

	for (unsigned i = 0; i < 2 && r < 0; i++) {
		glob_t found;
		unsigned long n;

		if (glob(sysfs_path(path, sizeof(path), "/sys/bus/pci/devices/%s/%s/*/ifindex", address, places[i]), GLOB_NOSORT, NULL, &found) != 0)
			continue;
		if (sysfs_number(found.gl_pathv[0], &n) == 0 && n > 0 && n <= INT32_MAX) {
			*ret = (uint32_t)n;
			r = 0;
		}
		globfree(&found);
	}
	return r;
}

/* udev gives it its name, which it cannot any more once it is up: until it has written of it (systemd's device database), where there is udev. */
static void named(uint32_t index)
{
	char path[PATH_MAX];

	if (access(sysfs_path(path, sizeof(path), "/run/udev/data"), F_OK) < 0)
		return;
	sysfs_path(path, sizeof(path), "/run/udev/data/n%u", index);
	for (unsigned i = 0; i < TRIES && access(path, F_OK) < 0; i++)
		nanosleep(&pause_between, NULL);
}

int card_interface(const char *address, uint32_t *ret)
{
	int r = interface_of(address, ret);

	for (unsigned i = 0; r < 0 && i < INTERFACE_TRIES; i++) {
		nanosleep(&pause_between, NULL);
		r = interface_of(address, ret);
	}
	if (r == 0)
		named(*ret);
	return r;
}
