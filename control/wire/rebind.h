/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What konseki-bypass asks of konseki-rebind, over one SOCK_SEQPACKET connection, and what it is told. */
#ifndef CONTROL_WIRE_REBIND_H
#define CONTROL_WIRE_REBIND_H

#include <stdint.h>

enum { REBIND_PORTS_MAX = 8 };

/* The cards of the config's pairs, all of them: no request names one. */
enum rebind_to { REBIND_TO_KERNEL = 1, REBIND_TO_DATAPLANE = 2 };

struct rebind_request {
	uint32_t to;     /* enum rebind_to */
	uint32_t number; /* of this question; its answer has the same */
};

struct rebind_answer {
	int32_t error;                    /* 0 or -errno: some card is not where it was wished */
	uint32_t number;                  /* of the question */
	uint32_t ports;                   /* of the config */
	uint32_t index[REBIND_PORTS_MAX]; /* interface of each port, by its place in the config; 0: it has none */
};

#endif
