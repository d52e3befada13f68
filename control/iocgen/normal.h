/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One form for what logs of different systems and users call differently. */
#ifndef CONTROL_IOCGEN_NORMAL_H
#define CONTROL_IOCGEN_NORMAL_H

#include "control/iocgen/sample.h"

/*
 * Writes the normal form of a value: ASCII letters small (what matches endpoints folds case); paths with their well-known folders by
 * the name of their variable (%appdata%, %localappdata%, %userprofile%, %temp%, %systemroot%, %programfiles%, %programdata%, %public%,
 * ~ of a Unix user's home), device and verbatim prefixes gone; registry keys from hklm, hkcu, hkcr, hku, the control set by its
 * current name, no 32-bit view; pipes and mutexes without the session's directory (a mutex keeps global\); hosts without the last dot.
 * Control characters become spaces. In and out are UTF-8. -ENOSPC; -EINVAL where nothing is left. Pure.
 */
must_check int artefact_normalise(enum artefact_kind, struct bytes value, struct sink *to);

#endif
