/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dates as a server writes them: the names of days and months are its profile's. */
#ifndef EMU_WINDOWS_HOST_CALENDAR_H
#define EMU_WINDOWS_HOST_CALENDAR_H

#include "emu/windows/host/host.h"

struct calendar { int year, month, day, weekday, hour, minute, second, milliseconds; };

struct calendar calendar_of(uint64_t ns); /* since 1970, in the time that is to be shown */
/* %a %A %b %B %d %e %m %Y %y %H %k %I %M %S %p as strftime() has them. In the heap. */
char *calendar_print(struct host *, const char *format, uint64_t ns);
/* "days" or "months": the nth of them, cut to len (0: whole). */
char *calendar_name(struct host *, const char *what, int nth, size_t len);

#endif
