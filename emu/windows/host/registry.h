/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registry: the profile's keys and values, and what a run changes in them. */
#ifndef EMU_WINDOWS_HOST_REGISTRY_H
#define EMU_WINDOWS_HOST_REGISTRY_H

#include "emu/windows/host/host.h"

struct registry_value {
	struct registry_value *next;
	char *key, *name;   /* name "": the key's own; NULL: the key alone */
	char *type, *data;  /* "REG_SZ"; data as reg.exe shows it */
	bool gone, fresh;
};

/* Reads FOLDER/registry: "[KEY]", then "name"="data" or "name"=TYPE:data lines. Without the file: empty. */
must_check int registry_read(const char *folder, char *why, size_t why_size, struct registry **ret);
void registry_free(struct registry *);
void registry_restore(struct registry *, struct heap *);
/* HKLM and the like written whole; NULL: no such root. In the heap. */
char *registry_key(struct host *, const char *key);
/* By a whole key; name NULL: is the key there? Asks and tells. NULL: not there. */
const struct registry_value *registry_find(struct host *, const char *key, const char *name);
void registry_set(struct host *, const char *key, const char *name, const char *type, const char *data);
/* name NULL: the key with all below it. False: nothing was there. */
bool registry_delete(struct host *, const char *key, const char *name);
/* The values of a key and its sub-keys one after another: begin with NULL. */
const struct registry_value *registry_next(struct host *, const char *key, const struct registry_value *);

#endif
