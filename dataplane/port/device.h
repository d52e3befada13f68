/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DPDK itself: starting the EAL, and opening and closing its devices. */
#ifndef DATAPLANE_PORT_DEVICE_H
#define DATAPLANE_PORT_DEVICE_H

#include "dataplane/port/feed.h"

struct eal_wish {
	unsigned lanes;
	bool receiver;    /* one more thread, which receives for the lanes */
	unsigned memory_mb;
	bool pin;         /* each lane on a core of its own, where there are enough */
	bool hugepages;   /* use them if some are free */
	unsigned pci_count;
	bool pci_later;   /* others are the kernel's as yet, and not to be touched; device_open() finds them when they are not */
	const char *pci[FEED_PORTS_MAX]; /* addresses of the ports that are PCI devices: no other one is touched */
};

/* Starts the EAL with one lcore for the calling thread, one for each lane and a receiver. -errno; why gets one line. */
must_check int eal_start(const struct eal_wish *, char *why, size_t why_size);
/* Will each lane and the receiver have a processor of its own? Else they share what there is, and must give way. */
bool eal_pins(const struct eal_wish *);
void eal_stop(void);
/* Runs fn(lane) on lane's lcore; eal_join() waits for all. -errno. */
must_check int eal_launch(unsigned lane, int (*fn)(void *), void *arg);
/* The same on the receiver's lcore. */
must_check int eal_launch_receiver(int (*fn)(void *), void *arg);
void eal_join(void);

/*
 * Opens a device (PCI address or vdev) with queues receive queues and starts it. -errno (ENODEV: no such driver or
 * interface). Ordinary EAL thread.
 */
must_check int device_open(const char *name, const char *args, struct rte_mempool *, unsigned queues, uint16_t *ret);
void device_close(const char *name, uint16_t port);
/* Receive queues over which the device can spread packets by address pair; 1 if it cannot. Before device_open(). */
unsigned device_queues(const char *name);

/* What the ports of a feed have lost since they were started. Any ordinary thread. */
struct device_losses {
	uint64_t missed, no_memory, errors;
};
void device_losses(const struct feed *, struct device_losses *ret);

#endif
