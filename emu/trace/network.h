/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Traces that the code leaves by itself: connections, names, echoes, fetches, delays, bytes on its own connection. */
#ifndef EMU_TRACE_NETWORK_H
#define EMU_TRACE_NETWORK_H

#include "emu/trace/text.h"

void network_traces(const struct observations *, struct trace_list *);

#endif
