/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Futexes: words in memory that threads and processes wait at. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <linux/futex.h>
#include <string.h>

enum { ROBUST_MAX = 2048 /* locks of one list, as Linux bounds it */ };

/* Where a word is: shared memory is the same word in every space. */
struct place_of {
	const void *home;
	uint64_t at;
};

static struct place_of place_of(struct space *s, uint64_t at)
{
	const struct range *r = space_find(s, at);

	if (r != NULL && r->shared != NULL)
		return (struct place_of){ r->shared, r->shared_offset + (at - r->start) };
	return (struct place_of){ s, at };
}

static bool waits_at(const struct process *p, const struct place_of *w)
{
	return p->state == PROCESS_WAITING && !p->wait.woken && p->wait.futex_home == w->home && p->wait.futex == w->at;
}

static int64_t wake(struct kernel *k, const struct place_of *w, uint32_t most, uint32_t bits)
{
	int64_t woken = 0;

	for (struct process *p = k->processes; p != NULL && woken < (int64_t)most; p = p->next)
		if (waits_at(p, w) && (p->wait.futex_bits & bits) != 0) {
			p->wait.woken = true;
			woken++;
		}
	return woken;
}

void futex_wake_all(struct kernel *k, struct space *s, uint64_t at)
{
	const struct place_of w = place_of(s, at);

	wake(k, &w, UINT32_MAX, UINT32_MAX);
}

static int64_t wait(struct kernel *k, const uint64_t *a, unsigned operation, bool realtime)
{
	struct process *me = k->current;
	struct place_of w;
	int64_t times[2];
	uint32_t now;

	if (a[0] % 4 != 0 || (operation == FUTEX_WAIT_BITSET && (uint32_t)a[5] == 0))
		return -EINVAL;
	if (guest_get(k, a[0], &now, sizeof(now)) < 0)
		return -EFAULT;
	/* tried again: it was woken, or something else came first */
	if (me->wait.futex_home != NULL) {
		if (me->wait.woken) {
			me->wait.futex_home = NULL;
			return 0;
		}
		if (me->wait.timed && k->world->virtual_ns >= me->wait.deadline_ns)
			return me->wait.futex_home = NULL, -ETIMEDOUT;
		if (signal_waiting(me))
			return me->wait.futex_home = NULL, -EINTR;
		return CALL_WAITS;
	}
	if (abi_order(me, now) != (uint32_t)a[2])
		return -EAGAIN;
	if (a[3] != 0) {
		uint64_t ns, base = 0;

		if (guest_get(k, a[3], times, sizeof(times)) < 0)
			return -EFAULT;
		if (times[0] < 0 || times[1] < 0 || times[1] >= 1000000000)
			return -EINVAL;
		ns = kernel_timespec_ns(times);
		/* the bitset form names a moment, not a length */
		if (operation == FUTEX_WAIT_BITSET)
			base = realtime ? world_now(k->world) : kernel_monotonic(k);
		if (wait_until(k, ns > base ? ns - base : 0))
			return -ETIMEDOUT;
	}
	if (signal_waiting(me))
		return -EINTR;
	w = place_of(me->space, a[0]);
	me->wait.futex = w.at;
	me->wait.futex_home = w.home;
	me->wait.futex_bits = operation == FUTEX_WAIT_BITSET ? (uint32_t)a[5] : UINT32_MAX;
	return CALL_WAITS;
}

static int64_t requeue(struct kernel *k, const uint64_t *a, bool compare)
{
	const struct place_of from = place_of(k->current->space, a[0]), to = place_of(k->current->space, a[4]);
	int64_t woken, moved = 0;
	uint32_t now;

	if ((int32_t)a[2] < 0 || (int32_t)a[3] < 0)
		return -EINVAL;
	if (guest_get(k, a[0], &now, sizeof(now)) < 0 || guest_read(k, a[4], sizeof(now)) == NULL)
		return -EFAULT;
	if (compare && abi_order(k->current, now) != (uint32_t)a[5])
		return -EAGAIN;
	woken = wake(k, &from, (uint32_t)a[2], UINT32_MAX);
	for (struct process *p = k->processes; p != NULL && moved < (int64_t)(uint32_t)a[3]; p = p->next)
		if (waits_at(p, &from)) {
			p->wait.futex = to.at;
			p->wait.futex_home = to.home;
			moved++;
		}
	return compare ? woken + moved : woken;
}

/* Changes a second word, wakes at the first, and at the second if its old value is as asked. */
static int64_t wake_operation(struct kernel *k, const uint64_t *a)
{
	const struct place_of one = place_of(k->current->space, a[0]), two = place_of(k->current->space, a[4]);
	uint32_t code = (uint32_t)a[5], old, new, with, operation = code >> 28 & 7;
	int32_t argument = (int32_t)(code << 8) >> 20, against = (int32_t)(code << 20) >> 20, seen;
	bool holds = false;
	int64_t woken;

	if (guest_get(k, a[4], &old, sizeof(old)) < 0)
		return -EFAULT;
	old = abi_order(k->current, old);
	with = (code >> 28 & FUTEX_OP_OPARG_SHIFT) != 0 ? 1u << (argument & 31) : (uint32_t)argument;
	switch (operation) {
	case FUTEX_OP_SET: new = with; break;
	case FUTEX_OP_ADD: new = old + with; break;
	case FUTEX_OP_OR: new = old | with; break;
	case FUTEX_OP_ANDN: new = old & ~with; break;
	case FUTEX_OP_XOR: new = old ^ with; break;
	default: return -ENOSYS;
	}
	new = abi_order(k->current, new);
	if (guest_put(k, a[4], &new, sizeof(new)) < 0)
		return -EFAULT;
	seen = (int32_t)old;
	switch (code >> 24 & 15) {
	case FUTEX_OP_CMP_EQ: holds = seen == against; break;
	case FUTEX_OP_CMP_NE: holds = seen != against; break;
	case FUTEX_OP_CMP_LT: holds = seen < against; break;
	case FUTEX_OP_CMP_LE: holds = seen <= against; break;
	case FUTEX_OP_CMP_GT: holds = seen > against; break;
	case FUTEX_OP_CMP_GE: holds = seen >= against; break;
	default: return -ENOSYS;
	}
	woken = wake(k, &one, (uint32_t)a[2], UINT32_MAX);
	return holds ? woken + wake(k, &two, (uint32_t)a[3], UINT32_MAX) : woken;
}

int64_t sys_futex(struct kernel *k, const uint64_t *a)
{
	unsigned operation = a[1] & FUTEX_CMD_MASK;
	struct place_of w;

	switch (operation) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		return wait(k, a, operation, (a[1] & FUTEX_CLOCK_REALTIME) != 0);
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
		if (a[0] % 4 != 0 || (operation == FUTEX_WAKE_BITSET && (uint32_t)a[5] == 0))
			return -EINVAL;
		if (guest_read(k, a[0], 4) == NULL)
			return -EFAULT;
		w = place_of(k->current->space, a[0]);
		return wake(k, &w, (uint32_t)a[2], operation == FUTEX_WAKE_BITSET ? (uint32_t)a[5] : UINT32_MAX);
	case FUTEX_WAKE_OP:
		return wake_operation(k, a);
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
		return requeue(k, a, operation == FUTEX_CMP_REQUEUE);
	default:
		return -ENOSYS;
	}
}

/* A lock whose holder ends is marked, and the next one that waits may have it. */
static void leave_lock(struct kernel *k, struct process *p, uint64_t at)
{
	struct place_of w = place_of(p->space, at);
	uint32_t word, marked;

	if (at % 4 != 0 || space_get(p->space, at, &word, sizeof(word)) < 0)
		return;
	word = abi_order(p, word);
	if ((word & FUTEX_TID_MASK) != (uint32_t)p->pid)
		return;
	word = (word & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
	marked = abi_order(p, word);
	if (space_put(p->space, at, &marked, sizeof(marked)) == 0 && (word & FUTEX_WAITERS) != 0)
		wake(k, &w, 1, UINT32_MAX);
}

void futex_leave_robust(struct kernel *k, struct process *p)
{
	uint64_t at, offset, pending, word = abi_word(p->abi);

	/* next, offset of the lock in its entry, the entry that is just being locked */
	if (p->robust == 0 || abi_word_at(p->space, p->abi, p->robust, &at) < 0 ||
	    abi_word_at(p->space, p->abi, p->robust + word, &offset) < 0 ||
	    abi_word_at(p->space, p->abi, p->robust + 2 * word, &pending) < 0)
		return;
	if (word == 4)
		offset = (uint64_t)(int64_t)(int32_t)offset;
	for (unsigned i = 0; i < ROBUST_MAX && (at & ~1ull) != p->robust; i++) {
		uint64_t next;

		if (abi_word_at(p->space, p->abi, at & ~1ull, &next) < 0)
			break;
		if (at != pending)
			leave_lock(k, p, (at & ~1ull) + offset);
		at = next;
	}
	if (pending != 0)
		leave_lock(k, p, (pending & ~1ull) + offset);
}

int64_t sys_set_robust_list(struct kernel *k, const uint64_t *a)
{
	enum { HEAD_WORDS = 3 };

	if (a[1] != HEAD_WORDS * abi_word(k->current->abi_now))
		return -EINVAL;
	k->current->robust = a[0];
	return 0;
}

int64_t sys_get_robust_list(struct kernel *k, const uint64_t *a)
{
	struct process *p = a[0] == 0 ? k->current : process_find(k, (int)a[0]);
	uint64_t len = 24;

	if (p == NULL)
		return -ESRCH;
	return guest_put(k, a[1], &p->robust, 8) < 0 ? -EFAULT : guest_put(k, a[2], &len, 8);
}
