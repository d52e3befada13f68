/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Documents whose entities read files, run streams, or fetch. */
#ifndef EMU_EVALUATE_XML_H
#define EMU_EVALUATE_XML_H

#include "emu/server/server.h"
#include "emu/trace/study.h"

/* As study(). The job's code is the document. */
must_check int evaluate_xml(struct server *const *, unsigned servers, const struct job *, struct arena *,
                            void (*run_begins)(void), struct report **ret);

#endif
