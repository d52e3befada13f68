/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A network card that DPDK is to drive from user space. */
#ifndef IMAGES_PREPARE_CARD_H
#define IMAGES_PREPARE_CARD_H

#include "control/wire/compiler.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What became of it: it is where it was wished, or why not. */
enum card { CARD_BOUND, CARD_WAS_BOUND, CARD_RETURNED, CARD_WAS_KERNELS, CARD_MISSING, CARD_NO_IOMMU, CARD_BUSY, CARD_REFUSED, CARD_NO_DRIVER };
const char *card_says(enum card);
bool card_is_there(enum card);

/*
 * Gives the card at a PCI address ("0000:3b:00.0") to vfio-pci, with everything of its IOMMU group to user (its file in /dev/vfio). The
 * kernel's driver loses it. Linux' Documentation/driver-api/vfio.rst; driver_override of Documentation/ABI/testing/sysfs-bus-pci.
 */
enum card card_give(const char *address, uid_t user, gid_t group);
/*
 * Gives it back to the kernel's driver that is loaded for it. vfio-pci lets go of it when no process has it open any more: until then this waits.
 * Its interface may come a moment later.
 */
enum card card_return(const char *address);
/* Waits for its interface, at most 10 s; its number. -ENODEV. */
must_check int card_interface(const char *address, uint32_t *ret);

#endif
