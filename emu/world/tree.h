/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The emulated server's files, in memory. A profile fills the tree once; what a run changes is undone by
 * tree_restore(), so that each run finds the same files. Host files are borrowed mappings, copied when first written.
 */
#ifndef EMU_WORLD_TREE_H
#define EMU_WORLD_TREE_H

#include "control/wire/bytes.h"

enum node_kind { NODE_FILE, NODE_DIR, NODE_LINK, NODE_DEVICE, NODE_FIFO, NODE_SOCKET };
enum device { DEVICE_NULL, DEVICE_ZERO, DEVICE_FULL, DEVICE_RANDOM, DEVICE_TTY };

struct entry {
	char *name; /* owned by the tree */
	struct node *node;
};

struct node {
	enum node_kind kind;
	uint16_t mode;         /* permission bits with setuid, setgid, sticky */
	uint32_t uid, gid, ino, links;
	uint64_t changed_ns;   /* UTC, of contents */
	uint64_t accessed_ns, status_ns; /* 0: as changed_ns */
	uint8_t mount;         /* which of the kernel's file systems it is on */
	bool mounted;          /* of a directory: its file system begins here */
	const uint8_t *data;   /* contents of a file, target of a link (not NUL-ended) */
	uint64_t size;
	uint8_t *own;          /* data, where the tree owns and may write it */
	uint64_t room;         /* bytes of own */
	bool mapped;           /* data is a page-aligned shared mapping of a host file */
	bool packaged;         /* came from the profile's packages, not from its facts or a run */
	bool limited;          /* a multi-call program of which the profile lists the names it answers to */
	bool generated;        /* made anew at each look (proc) */
	uint64_t place;        /* where the guest's window shows this program or library; 0: nowhere fixed */
	enum device device;
	struct entry *entries; /* of a directory, sorted by name */
	unsigned count, entries_room;
	struct node *parent;   /* of a directory; the root's is itself */
	void *open;            /* of a link: what the kernel has open under this name, to be taken instead of the target */
	int dynamic;           /* of a directory: which look-up of the kernel fills it; 0: none */
	bool fresh, touched;   /* made, or changed, by this run */
	struct node *next;     /* all nodes of the tree */
};

struct tree;
/* Looks for name in a directory whose `dynamic` is set; NULL: not there. The node is fresh. */
struct tree_dynamic {
	struct node *(*find)(void *owner, struct node *dir, const char *name);
	void *owner;
};

must_check int tree_new(struct tree **ret);
void tree_free(struct tree *);
struct node *tree_root(const struct tree *);
void tree_dynamic(struct tree *, const struct tree_dynamic *);

/* From now on changes belong to a run; tree_restore() undoes them. */
void tree_settle(struct tree *);
void tree_restore(struct tree *);
/* Bytes of files that runs hold, and the bound on them (then -EDQUOT, and full is told; of names too). */
void tree_limit(struct tree *, uint64_t bytes);
bool tree_full(const struct tree *);

/* A node that is in no directory yet; links 0. NULL: no memory. */
struct node *node_new(struct tree *, enum node_kind, uint16_t mode, uint32_t uid, uint32_t gid);
struct node *node_find(const struct node *dir, const char *name, size_t len);
/*
 * -EEXIST, -ENOMEM, -EDQUOT (the run gave TREE_NAMES_MAX names: a folder of many costs at each new one). now_ns is the
 * directory's new time.
 */
enum { TREE_NAMES_MAX = 20000 };
must_check int node_link(struct tree *, struct node *dir, const char *name, struct node *, uint64_t now_ns);
must_check int node_unlink(struct tree *, struct node *dir, const char *name, uint64_t now_ns);
/* Before any field of a settled node is changed. */
must_check int node_touch(struct tree *, struct node *);
/* Writes, growing the file; -EDQUOT. node_truncate() cuts or grows with zeroes. */
must_check int node_write(struct tree *, struct node *, uint64_t offset, struct bytes);
must_check int node_truncate(struct tree *, struct node *, uint64_t size);
/* The path of a directory into buf[size]; -ENAMETOOLONG, -ENOENT (removed). */
must_check int node_path(const struct node *dir, char *buf, size_t size);

/* Who asks. */
struct identity {
	uint32_t uid, gid, groups_count, groups[16];
};
enum { MAY_READ = 4, MAY_WRITE = 2, MAY_EXECUTE = 1 };
bool node_may(const struct node *, const struct identity *, unsigned mask);

enum { PATH_BYTES = 4096 };
struct walk {
	struct node *dir;     /* where the last component is, or would be */
	struct node *node;    /* NULL: not there */
	char name[256];       /* the last component */
	bool slash;           /* the path ended in one */
};
/*
 * Walks a path from dir (or the root). follow: a link at the end too. 0 where the directory of the last component
 * exists (node may be NULL); -ENOENT, -ENOTDIR, -EACCES, -ELOOP, -ENAMETOOLONG.
 */
must_check int tree_walk(struct tree *, struct node *dir, const char *path, const struct identity *, bool follow,
    struct walk *ret);

#endif
