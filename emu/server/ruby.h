/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Ruby application in which attack code is evaluated. */
#ifndef EMU_SERVER_RUBY_H
#define EMU_SERVER_RUBY_H

/* The text for `ruby -e`. It reads the attack code to the end of its standard input. */
extern const char ruby_application[];

#endif
