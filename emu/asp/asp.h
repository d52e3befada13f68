/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VBScript, JScript and C# in pages of Microsoft's web server, as an engine of templates. */
#ifndef EMU_ASP_ASP_H
#define EMU_ASP_ASP_H

#include "emu/template/engine.h"

int asp_evaluate(struct bytes text, const struct template_host *, struct arena *, struct template_outcome *ret);

#endif
