/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Python application in which attack code is evaluated. */
#ifndef EMU_SERVER_PYTHON_H
#define EMU_SERVER_PYTHON_H

/* The text for `python3 -c`. It reads the attack code to the end of its standard input. */
extern const char python_application[];

#endif
