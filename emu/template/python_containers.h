/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Methods of Python's lists and dictionaries. */
#ifndef EMU_TEMPLATE_PYTHON_CONTAINERS_H
#define EMU_TEMPLATE_PYTHON_CONTAINERS_H

#include "emu/template/python.h"

bool python_container_has(struct datum of, struct bytes name);
/* -ENOENT: none of this name. */
int python_container_method(struct render *, struct datum of, struct bytes name, const struct arguments *, struct datum *ret);

#endif
