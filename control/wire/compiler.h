/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The few compiler attributes that every room may use. */
#ifndef CONTROL_WIRE_COMPILER_H
#define CONTROL_WIRE_COMPILER_H

#define must_check __attribute__((warn_unused_result))
#define format_like(a, b) __attribute__((format(printf, a, b)))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
