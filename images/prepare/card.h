/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A network card that DPDK is to drive from user space. */
#ifndef IMAGES_PREPARE_CARD_H
#define IMAGES_PREPARE_CARD_H

#include "control/wire/compiler.h"

#include <sys/types.h>

/* What became of it: "bound", "was bound", or why not. */
enum card { CARD_BOUND, CARD_WAS_BOUND, CARD_MISSING, CARD_NO_IOMMU, CARD_BUSY, CARD_REFUSED };
const char *card_says(enum card);

/*
 * Gives the card at a PCI address ("0000:3b:00.0") to vfio-pci, with everything of its IOMMU group to user (its file in /dev/vfio). The
 * kernel's driver loses it. Linux' Documentation/driver-api/vfio.rst; driver_override of Documentation/ABI/testing/sysfs-bus-pci.
 */
enum card card_give(const char *address, uid_t user, gid_t group);

#endif
