/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What wininet, winhttp and urlmon share: a request to a server, and what it answers. */
#ifndef EMU_WINDOWS_API_INTERNET_H
#define EMU_WINDOWS_API_INTERNET_H

#include "emu/windows/api/api.h"

/* Objects: of a session, of a connection (text: host, port, secure), of a request (text: verb, more: path). */
uint64_t internet_session(struct windows *);
uint64_t internet_connection(struct windows *, const char *host, uint16_t port);
uint64_t internet_request(struct windows *, uint64_t connection, const char *verb, const char *path, bool secure);
/* Sends it: its answer stands in the request. False: nobody answers. */
bool internet_send(struct windows *, struct win_object *request, struct bytes body);
/* A URL as a whole, into the object that then holds what came. */
bool internet_fetch(struct windows *, struct win_object *, const char *verb, const char *url, struct bytes body);
/* What is left of an answer, to the guest: at most len bytes. */
uint64_t internet_read(struct windows *, struct win_object *, uint64_t to, uint64_t len);

#endif
