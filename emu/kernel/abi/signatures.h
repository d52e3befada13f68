/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the arguments of x86-64's handlers are, so that other ABIs' can be made into them. */
#ifndef EMU_KERNEL_ABI_SIGNATURES_H
#define EMU_KERNEL_ABI_SIGNATURES_H

#include "emu/kernel/abi/abi.h"

/* What an argument is. A structure is IN, OUT or both, with its layout. */
enum {
	PLAIN, NUMBER, /* a signed long */
	WIDE,          /* 64 bits: two registers where these have 32 */
	OPEN_FLAGS, MAP_FLAGS, SET_SIZE /* of signals, in bytes */, SIGNAL, SIGNAL_HOW, RESOURCE, SOCKET_FAMILY, SOCKET_TYPE, SOCKET_LEVEL,
	SET_IN, SET_OUT, /* of signals */
	PARTS,         /* struct iovec, as many as the next argument says */
	POLLS,         /* struct pollfd, likewise; in and out */
	FILES,         /* fd_set, of as many as the first argument says; in and out */
	ADDRESS_IN,    /* struct sockaddr, so many bytes as the next argument says */
	ADDRESS_OUT,   /* and this into the place that the next argument names */
	STATUS,        /* of wait4 */
	INFO, INFO_IN, /* siginfo_t as x86-64 has it: out, or in */
	STAT,          /* struct stat */
	GROUPS,        /* 32-bit numbers, as many as the result says; out */
	EVENTS,        /* of epoll, as many as the result says; out */
	IN = 0x100, OUT = 0x200,
};
#define IN_OUT(layout) (IN | OUT | (layout))

struct signature {
	uint16_t of[6];
};

/* By x86-64's number; never NULL: what is not in the table has plain arguments. */
const struct signature *signature_of(unsigned number);

#endif
