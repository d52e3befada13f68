/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a filter of an engine is called with. */
#ifndef EMU_TEMPLATE_FILTERING_H
#define EMU_TEMPLATE_FILTERING_H

#include "emu/template/render.h"

struct filtering {
	struct render *r;
	struct bytes name;
	struct datum of;
	const struct arguments *a;
	struct datum *ret;
};

#endif
