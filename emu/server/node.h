/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JavaScript interpreter in which attack code of Node is evaluated. */
#ifndef EMU_SERVER_NODE_H
#define EMU_SERVER_NODE_H

/* The text for `python3 -c`: an interpreter of our own, as no engine of Debian runs in the machine. See node.py. */
extern const char node_application[];

#endif
