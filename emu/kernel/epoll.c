/* SPDX-License-Identifier: GPL-2.0-or-later */
/* epoll: sets of files that are waited for together. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { MEMBERS_MAX = FDS_MAX, NESTING_MAX = 4 };

struct member {
	struct file *file; /* borrowed: epoll_forget() takes it out */
	int fd;
	uint32_t events;   /* wanted, with EPOLLET and EPOLLONESHOT; 0: told once, and no more */
	uint64_t data;
	uint32_t told;     /* edge-triggered: what was told last, */
	uint64_t arrived;  /* and how much had come by then */
};

struct epoll {
	struct epoll *next; /* all of them */
	unsigned count, turn, nesting;
	struct member of[MEMBERS_MAX];
};

/* As it stands in memory on x86-64: not aligned. */
struct packed_event {
	uint32_t events;
	uint64_t data;
} __attribute__((packed));

static uint64_t arrived(const struct file *f)
{
	return f->kind->arrived != NULL ? f->kind->arrived(f) : 0;
}

/* What there is to tell of a member now. */
static uint32_t ready(struct kernel *k, const struct member *m)
{
	uint32_t now;

	if ((m->events & ~(EPOLLET | EPOLLONESHOT | EPOLLWAKEUP | EPOLLEXCLUSIVE)) == 0)
		return 0;
	now = (uint16_t)m->file->kind->poll(k, m->file) & (m->events | EPOLLHUP | EPOLLERR);
	if ((m->events & EPOLLET) != 0 && (now & ~m->told) == 0 && arrived(m->file) == m->arrived)
		return 0;
	return now;
}

static short epoll_poll(struct kernel *k, struct file *f)
{
	struct epoll *e = f->epoll;
	short r = 0;

	if (e->nesting >= NESTING_MAX)
		return 0;
	e->nesting++;
	for (unsigned i = 0; i < e->count && r == 0; i++)
		if (ready(k, &e->of[i]) != 0)
			r = POLLIN;
	e->nesting--;
	return r;
}

static void epoll_close(struct kernel *k, struct file *f)
{
	for (struct epoll **at = &k->epolls; *at != NULL; at = &(*at)->next)
		if (*at == f->epoll) {
			*at = f->epoll->next;
			break;
		}
	free(f->epoll);
}

static const struct file_kind file_epoll = { .name = "anon_inode", .poll = epoll_poll, .close = epoll_close };

void epoll_forget(struct kernel *k, struct file *f)
{
	for (struct epoll *e = k->epolls; e != NULL; e = e->next)
		for (unsigned i = 0; i < e->count; i++)
			if (e->of[i].file == f)
				e->of[i--] = e->of[--e->count];
}

bool file_is_outside(const struct file *f)
{
	bool r = f->kind == &file_socket;

	if (f->kind == &file_epoll)
		for (unsigned i = 0; i < f->epoll->count && !r; i++)
			r = f->epoll->of[i].file->kind == &file_socket;
	return r;
}

int64_t sys_epoll_create1(struct kernel *k, const uint64_t *a)
{
	struct file *f;

	if ((a[0] & ~(uint64_t)EPOLL_CLOEXEC) != 0)
		return -EINVAL;
	if ((f = file_new(&file_epoll, O_RDWR)) == NULL || (f->epoll = calloc(1, sizeof(*f->epoll))) == NULL) {
		free(f);
		return -ENOMEM;
	}
	f->epoll->next = k->epolls;
	k->epolls = f->epoll;
	return fd_put(k, f, 0, (a[0] & EPOLL_CLOEXEC) != 0);
}

int64_t sys_epoll_create(struct kernel *k, const uint64_t *a)
{
	return (int)a[0] > 0 ? sys_epoll_create1(k, (const uint64_t[]){ 0 }) : -EINVAL;
}

static struct epoll *epoll_of(struct kernel *k, uint64_t fd, int *error)
{
	struct file *f = file_at(k, fd);

	*error = f == NULL ? -EBADF : -EINVAL;
	return f != NULL && f->kind == &file_epoll ? f->epoll : NULL;
}

static struct member *member_of(struct epoll *e, const struct file *f, int fd)
{
	for (unsigned i = 0; i < e->count; i++)
		if (e->of[i].file == f && e->of[i].fd == fd)
			return &e->of[i];
	return NULL;
}

int64_t sys_epoll_ctl(struct kernel *k, const uint64_t *a)
{
	struct packed_event v = { 0 };
	struct member *m;
	struct epoll *e;
	struct file *f;
	int r;

	if (file_at(k, a[0]) == NULL || (f = file_at(k, a[2])) == NULL)
		return -EBADF;
	/* what is always ready cannot be waited for */
	if (f->kind == &file_regular || f->kind == &file_directory)
		return -EPERM;
	if ((e = epoll_of(k, a[0], &r)) == NULL || f == file_at(k, a[0]))
		return -EINVAL;
	if ((int)a[1] != EPOLL_CTL_DEL && guest_get(k, a[3], &v, sizeof(v)) < 0)
		return -EFAULT;
	m = member_of(e, f, (int)a[2]);
	switch ((int)a[1]) {
	case EPOLL_CTL_ADD:
		if (m != NULL)
			return -EEXIST;
		if (e->count == MEMBERS_MAX)
			return -ENOSPC;
		e->of[e->count++] = (struct member){ .file = f, .fd = (int)a[2], .events = v.events, .data = v.data };
		return 0;
	case EPOLL_CTL_MOD:
		if (m == NULL)
			return -ENOENT;
		*m = (struct member){ .file = f, .fd = (int)a[2], .events = v.events, .data = v.data };
		return 0;
	case EPOLL_CTL_DEL:
		if (m == NULL)
			return -ENOENT;
		memmove(m, m + 1, (size_t)(&e->of[e->count] - (m + 1)) * sizeof(*m));
		e->count--;
		return 0;
	default:
		return -EINVAL;
	}
}

/* Tells of as many as there is room for, beginning after the one that was told last. */
static int64_t harvest(struct kernel *k, struct epoll *e, uint64_t at, unsigned most)
{
	unsigned start = e->count != 0 ? e->turn % e->count : 0;
	int64_t told = 0;

	for (unsigned i = 0; i < e->count && told < (int64_t)most; i++) {
		struct member *m = &e->of[(start + i) % e->count];
		struct packed_event v = { ready(k, m), m->data };

		if (v.events == 0)
			continue;
		if (guest_put(k, at + (uint64_t)told * sizeof(v), &v, sizeof(v)) < 0)
			return told != 0 ? told : -EFAULT;
		m->told = v.events;
		m->arrived = arrived(m->file);
		if ((m->events & EPOLLONESHOT) != 0)
			m->events &= EPOLLET | EPOLLONESHOT;
		told++;
		if (told == (int64_t)most)
			e->turn = (start + i) % e->count + 1;
	}
	/* an edge is one again once it was away */
	for (unsigned i = 0; i < e->count; i++)
		if ((e->of[i].events & EPOLLET) != 0)
			e->of[i].told &= (uint16_t)e->of[i].file->kind->poll(k, e->of[i].file);
	return told;
}

static int64_t wait_all(struct kernel *k, const uint64_t *a, uint64_t timeout_ns)
{
	struct epoll *e;
	int64_t told;
	int r;

	if ((int)a[2] <= 0 || (uint64_t)a[2] > INT32_MAX / sizeof(struct packed_event))
		return -EINVAL;
	if ((e = epoll_of(k, a[0], &r)) == NULL)
		return r;
	if ((told = harvest(k, e, a[1], (unsigned)a[2])) != 0)
		return told;
	wait_for_file(k->current, file_at(k, a[0]), POLLIN);
	return poll_nothing(k, timeout_ns);
}

int64_t sys_epoll_wait(struct kernel *k, const uint64_t *a)
{
	int ms = (int)a[3];

	return wait_all(k, a, ms < 0 ? UINT64_MAX : (uint64_t)ms * 1000000);
}

int64_t sys_epoll_pwait(struct kernel *k, const uint64_t *a)
{
	int64_t r = poll_set_mask(k, a[4]);

	if (r == 0)
		r = sys_epoll_wait(k, a);
	if (r != CALL_WAITS)
		poll_unset_mask(k);
	return r;
}

int64_t sys_epoll_pwait2(struct kernel *k, const uint64_t *a)
{
	uint64_t ns = UINT64_MAX;
	int64_t v[2], r;

	if (a[3] != 0) {
		if (guest_get(k, a[3], v, sizeof(v)) < 0)
			return -EFAULT;
		ns = kernel_timespec_ns(v);
	}
	if ((r = poll_set_mask(k, a[4])) == 0)
		r = wait_all(k, a, ns);
	if (r != CALL_WAITS)
		poll_unset_mask(k);
	return r;
}
