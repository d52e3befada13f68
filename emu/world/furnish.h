/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills a tree from the machine that Konseki runs on: single files, folders, and the files of Debian packages. */
#ifndef EMU_WORLD_FURNISH_H
#define EMU_WORLD_FURNISH_H

#include "emu/world/tree.h"

/* Each follows links that stand in the tree already, and makes missing folders (root's, mode 0755). -errno. */
must_check int furnish_folder(struct tree *, const char *path, uint16_t mode, uint32_t uid, uint32_t gid);
must_check int furnish_link(struct tree *, const char *path, const char *target);
must_check int furnish_device(struct tree *, const char *path, enum device, uint16_t mode);
/* What every server has in /dev. */
must_check int furnish_devices(struct tree *);
/*
 * The host's file, link or folder `from` as `to`: a regular file is mapped, not copied. packaged: its contents are
 * what a Debian package holds, not facts of this server. What stands there already stays.
 */
must_check int furnish_host(struct tree *, const char *from, const char *to, bool packaged);
/* All files under a host folder, at `to`. */
must_check int furnish_copy(struct tree *, const char *from, const char *to);
/* All files of an installed package but those below omit[0..omit_count); -ENOENT where it is not installed. */
must_check int furnish_package(struct tree *, const char *package, char *const *omit, unsigned omit_count);
/* Changes mode and owner of what stands at path. */
must_check int furnish_owner(struct tree *, const char *path, int mode, uint32_t uid, uint32_t gid);
/* Gives each mapped program and library its place in the guest's window, in the order of their paths. */
void furnish_places(struct tree *);

#endif
