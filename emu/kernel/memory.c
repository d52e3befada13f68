/* SPDX-License-Identifier: GPL-2.0-or-later */
/* brk, mmap and their like. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"
#include "emu/loader/elf.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { MAP_LOWEST = 0x10000 /* vm.mmap_min_addr */ };

static uint64_t up(uint64_t v)
{
	return (v + GUEST_PAGE - 1) & ~(uint64_t)(GUEST_PAGE - 1);
}

/* Linux gives memory before it is used, but not, at once, more than the machine has. */
static bool too_much(const struct kernel *k, uint64_t len)
{
	return len > (uint64_t)k->world->profile.memory_mb << 20;
}

int64_t sys_brk(struct kernel *k, const uint64_t *a)
{
	struct space *s = k->current->space;
	struct range r = {
		.start = up(s->brk), .end = up(a[0]), .kind = RANGE_MEMORY,
		.protection = RANGE_READ | RANGE_WRITE, .name = "[heap]",
	};

	if (a[0] < s->brk_start || a[0] > WINDOW_IMAGES || (a[0] > s->brk && too_much(k, a[0] - s->brk)))
		return (int64_t)s->brk;
	if (r.end > r.start && space_add(s, &r) < 0)
		return (int64_t)s->brk;
	if (r.end < r.start && space_remove(s, r.end, r.start) < 0)
		return (int64_t)s->brk;
	s->brk = a[0];
	return (int64_t)s->brk;
}

/*
 * A library's first mapping, made by the dynamic linker for all of it: it goes to the library's own place, where what
 * is read-only is shown from the file itself. What it maps over that at the same distances changes nothing.
 */
static int map_library(struct kernel *k, const struct node *n, uint64_t len, uint64_t *at)
{
	struct space *s = k->current->space;
	struct range image = {
		.start = n->place, .end = n->place + len, .kind = RANGE_IMAGE,
		.protection = RANGE_READ | RANGE_EXECUTE, .name = "[library]", .source = n->data,
	};
	/* what comes behind is mapped again piece by piece; between the pieces nothing is read */
	struct range rest = {
		.end = n->place + len, .kind = RANGE_MEMORY, .protection = RANGE_READ, .name = "[library]",
	};
	uint64_t plain;
	struct elf e;
	int r;

	if (elf_read(bytes_of(n->data, n->size), &e) < 0 || e.start != 0 || len > WINDOW_MMAP - n->place)
		return -ENOEXEC;
	for (uint64_t i = n->place; i < n->place + len; i += GUEST_PAGE)
		if (space_find(s, i) != NULL)
			return -EEXIST;
	plain = elf_plain_len(&e);
	if (plain == 0)
		return -ENOEXEC;
	if (plain < len)
		image.end = n->place + plain;
	rest.start = image.end;
	if ((r = space_add(s, &image)) < 0 || (rest.start < rest.end && (r = space_add(s, &rest)) < 0))
		return r;
	*at = n->place;
	return 0;
}

static int copy_file(struct kernel *k, const struct node *n, uint64_t at, uint64_t len, uint64_t offset)
{
	uint64_t left = offset < n->size ? n->size - offset : 0;
	uint8_t *to;

	if (left > len)
		left = len;
	if (left == 0)
		return 0;
	if ((to = space_at(k->current->space, at, left, 0)) == NULL)
		return -ENOMEM;
	memcpy(to, n->data + offset, left);
	k->memory.copied += left;
	space_wrote(k->current->space, at, left);
	return 0;
}

/* Is this the file's own image, at its own place? */
static bool is_image(const struct node *n, uint64_t at, uint64_t len, uint64_t offset, uint64_t protection)
{
	return n != NULL && n->place != 0 && n->mapped && (protection & PROT_WRITE) == 0 && at == n->place + offset &&
	    offset < up(n->size) && len <= up(n->size) - offset;
}

/* What a file's shared mappings show, brought in step with the file: before it is read, and after it was written. */
void mapping_gather(struct kernel *k, struct node *n)
{
	struct shared *s = shared_find(&k->memory, n);

	if (s != NULL)
		shared_gather(&k->memory, s);
}

void mapping_spread(struct kernel *k, struct node *n)
{
	struct shared *s = shared_find(&k->memory, n);
	uint64_t len = s != NULL && n->size < s->len ? n->size : s != NULL ? s->len : 0;

	if (s == NULL)
		return;
	if (len != 0)
		memcpy(s->bytes, n->data, len);
	memset(s->bytes + len, 0, s->len - len);
	shared_spread(&k->memory, s);
}

void mapping_changed(void *kernel, struct shared *s)
{
	struct kernel *k = kernel;
	struct node *n = s->file;
	uint64_t len = n != NULL && n->size < s->len ? n->size : s->len;

	if (n == NULL || len == 0 || memcmp(n->data, s->bytes, len) == 0)
		return;
	/* what is too much shows in tree_full() */
	if (node_write(k->world->tree, n, 0, bytes_of(s->bytes, len)) == 0)
		n->changed_ns = world_now(k->world);
}

/* Memory for a shared mapping of len bytes from offset on: the file's, if another mapping has it, or new. */
static int share(struct kernel *k, struct node *n, uint64_t offset, struct range *r)
{
	uint64_t end = offset + (r->end - r->start);
	struct shared *s = n != NULL ? shared_find(&k->memory, n) : NULL;

	if (end < offset || end > k->memory.held_max)
		return -ENOMEM;
	if (s == NULL) {
		if ((s = shared_new(end, n)) == NULL)
			return -ENOMEM;
		if (n != NULL && n->size != 0)
			memcpy(s->bytes, n->data, n->size < end ? n->size : end);
	} else if (s->len < end) {
		uint8_t *more = realloc(s->bytes, end);

		if (more == NULL)
			return -ENOMEM;
		memset(more + s->len, 0, end - s->len);
		s->bytes = more;
		s->len = end;
		mapping_gather(k, n);
		mapping_spread(k, n);
	} else {
		mapping_gather(k, n);
	}
	r->shared = s;
	r->shared_offset = offset;
	return 0;
}

/* May a file that is open so be mapped so? */
static int mappable(const struct file *f, uint64_t protection, bool shared)
{
	if (f->kind != &file_regular)
		return f->kind == &file_device ? -EINVAL : -ENODEV;
	if ((f->flags & O_ACCMODE) == O_WRONLY || (shared && (protection & PROT_WRITE) != 0 && (f->flags & O_ACCMODE) != O_RDWR))
		return -EACCES;
	return 0;
}

int64_t sys_mmap(struct kernel *k, const uint64_t *a)
{
	bool shared = (a[3] & MAP_TYPE) == MAP_SHARED || (a[3] & MAP_TYPE) == MAP_SHARED_VALIDATE;
	bool fixed = (a[3] & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0, anonymous = (a[3] & MAP_ANONYMOUS) != 0;
	struct space *s = k->current->space;
	struct range range = { .kind = RANGE_MEMORY, .protection = a[2] & 7, .name = "" };
	struct node *n = NULL;
	uint64_t at = a[0], len = up(a[1]);
	struct file *f;
	int r;

	if (a[1] == 0 || len < a[1] || a[5] % GUEST_PAGE != 0)
		return -EINVAL;
	if (!shared && (a[3] & MAP_TYPE) != MAP_PRIVATE)
		return -EINVAL;
	if (anonymous && (a[2] & PROT_WRITE) != 0 && too_much(k, len))
		return -ENOMEM;
	if (!anonymous) {
		if ((f = file_at(k, a[4])) == NULL)
			return -EBADF;
		if (f->kind == &file_device && f->node->device == DEVICE_ZERO)
			anonymous = true;
		else if ((r = mappable(f, a[2], shared)) < 0)
			return r;
		else
			n = f->node;
	}
	if (fixed && (at % GUEST_PAGE != 0 || at < MAP_LOWEST || at >= WINDOW_END || len > WINDOW_END - at))
		return at < MAP_LOWEST ? -EPERM : -ENOMEM;
	if (!fixed && n != NULL && n->place != 0 && a[5] == 0 && (a[2] & PROT_WRITE) == 0 &&
	    map_library(k, n, len, &at) == 0)
		return (int64_t)at;
	if (!fixed && (at = space_hole(s, len)) == 0)
		return -ENOMEM;
	if ((a[3] & MAP_FIXED_NOREPLACE) == MAP_FIXED_NOREPLACE)
		for (uint64_t i = at; i < at + len; i += GUEST_PAGE)
			if (space_find(s, i) != NULL)
				return -EEXIST;
	range.start = at;
	range.end = at + len;
	if (is_image(n, at, len, a[5], a[2])) {
		range.kind = RANGE_IMAGE;
		range.source = n->data + a[5];
	}
	if (shared && range.kind == RANGE_MEMORY && (n == NULL || n->own != NULL || (a[2] & PROT_WRITE) != 0) &&
	    (r = share(k, n, n != NULL ? a[5] : 0, &range)) < 0)
		return r;
	/* held while what stood there goes: it may be the same memory's only mapping */
	if (range.shared != NULL)
		range.shared->refs++;
	r = space_add(s, &range);
	if (range.shared != NULL)
		shared_drop(range.shared);
	if (r < 0)
		return r == -ERANGE ? -ENOMEM : r;
	if (n != NULL && range.kind == RANGE_MEMORY && range.shared == NULL && (r = copy_file(k, n, at, len, a[5])) < 0)
		return r;
	return (int64_t)at;
}

int64_t sys_munmap(struct kernel *k, const uint64_t *a)
{
	uint64_t len = up(a[1]);

	if (a[0] % GUEST_PAGE != 0 || len == 0 || len < a[1] || a[0] >= WINDOW_END || len > WINDOW_END - a[0])
		return -EINVAL;
	return space_remove(k->current->space, a[0], a[0] + len);
}

int64_t sys_mprotect(struct kernel *k, const uint64_t *a)
{
	uint64_t len = up(a[1]);

	if (a[0] % GUEST_PAGE != 0 || len < a[1])
		return -EINVAL;
	if (a[0] >= WINDOW_END || len > WINDOW_END - a[0])
		return -ENOMEM;
	return len == 0 ? 0 : space_protect(k->current->space, a[0], a[0] + len, a[2] & 7);
}

int64_t sys_mremap(struct kernel *k, const uint64_t *a)
{
	struct space *s = k->current->space;
	uint64_t old_len = up(a[1]), len = up(a[2]), at;
	const struct range *r = space_find(s, a[0]);
	struct range range;
	int e;

	if (a[0] % GUEST_PAGE != 0 || len == 0 || len < a[2] || old_len == 0 || (a[3] & MREMAP_FIXED) != 0 ||
	    (a[3] & ~(uint64_t)MREMAP_MAYMOVE) != 0)
		return -EINVAL;
	if (r == NULL || r->shared != NULL || r->kind == RANGE_IMAGE || r->end - a[0] < old_len)
		return -EFAULT;
	if (len <= old_len) {
		e = len == old_len ? 0 : space_remove(s, a[0] + len, a[0] + old_len);
		return e < 0 ? e : (int64_t)a[0];
	}
	if ((a[3] & MREMAP_MAYMOVE) == 0 || too_much(k, len))
		return -ENOMEM;
	if ((at = space_hole(s, len)) == 0)
		return -ENOMEM;
	range = (struct range){ .start = at, .end = at + len, .kind = RANGE_MEMORY, .name = "",
		.protection = r->protection };
	if ((e = space_add(s, &range)) < 0)
		return e;
	machine_fetch(k->machine, a[0], a[0] + old_len);
	machine_fetch(k->machine, at, at + old_len);
	memcpy(machine_host(k->machine, at), machine_host(k->machine, a[0]), old_len);
	space_wrote(s, at, old_len);
	k->memory.copied += old_len; /* the guest pays for it: a text that grows byte by byte is copied each time */
	if ((e = space_remove(s, a[0], a[0] + old_len)) < 0)
		return e;
	return (int64_t)at;
}

int64_t sys_madvise(struct kernel *k, const uint64_t *a)
{
	struct space *s = k->current->space;
	uint64_t len = up(a[1]);
	uint8_t *to;

	if (a[0] % GUEST_PAGE != 0 || len < a[1])
		return -EINVAL;
	/* the one advice that changes what is read; shared memory keeps its bytes */
	if (a[2] == MADV_DONTNEED && len != 0 && space_find(s, a[0]) != NULL && space_find(s, a[0])->shared != NULL)
		return 0;
	if (a[2] == MADV_DONTNEED && len != 0 && (to = space_at(s, a[0], len, RANGE_WRITE)) != NULL) {
		memset(to, 0, len);
		k->memory.copied += len;
		space_wrote(s, a[0], len);
	}
	return 0;
}

int64_t sys_msync(struct kernel *k, const uint64_t *a)
{
	return 0;
}
