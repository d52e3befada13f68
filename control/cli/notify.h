/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A word to the service manager that started us. */
#ifndef CONTROL_CLI_NOTIFY_H
#define CONTROL_CLI_NOTIFY_H

/*
 * One datagram ("READY=1") to the socket that NOTIFY_SOCKET names, sd_notify(3). Without one, or where nobody reads it, nothing
 * happens: who is not supervised need not tell.
 */
void notify_manager(const char *state);

#endif
