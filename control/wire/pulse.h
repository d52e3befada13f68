/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inline: the memory in which konseki-dataplane shows that it forwards, and konseki-bypass says who carries the packets. */
#ifndef CONTROL_WIRE_PULSE_H
#define CONTROL_WIRE_PULSE_H

#include "control/wire/compiler.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Who drives the PCI cards of pairs: while it is not given them, the kernel does. */
enum pulse_cards { CARDS_NOT_ASKED, CARDS_WANTED, CARDS_GIVEN };

struct pulse {
	_Atomic uint64_t beat_ns;  /* dataplane: CLOCK_MONOTONIC of a turn of the receiver; 0: it takes no packets yet */
	_Atomic uint32_t ready;    /* dataplane: the lanes run */
	_Atomic uint32_t bypassed; /* bypass: the kernel carries the packets; who takes them too must not send them on */
	_Atomic int32_t pid;       /* dataplane: its own */
	_Atomic uint32_t cards;    /* enum pulse_cards; dataplane: wanted, all else is ready; bypass: given */
	_Atomic uint32_t falls;    /* bypass: how often it had to, since it was started */
};

/* A sealed descriptor of a pulse, all zero; owned by the caller. -errno. */
must_check int pulse_create(void);
/* Maps it; stays until the end of the process. fd may be closed after. -EBADMSG where it is none, -errno. */
must_check int pulse_open(int fd, struct pulse **ret);
uint64_t pulse_now_ns(void);

#endif
