/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What evaluated code does to the world around it, as the events that a run of a program would leave. */
#ifndef EMU_EVALUATE_EFFECTS_H
#define EMU_EVALUATE_EFFECTS_H

#include "control/wire/report.h"
#include "emu/trace/arena.h"

/* Who calls a host: its name is asked for where it is one, then it is connected to (connects). Adds up to two to *e; host borrowed. */
void effect_contact(struct bytes host, uint16_t port, bool connects, struct event **e);
/* sh -c text, or cmd.exe /c text. Words live in the arena. */
struct event effect_command(struct bytes text, bool cmd, struct arena *);

#endif
