/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs of other processors say of signals: actions, sets, stacks. The frames are in frame*.c. */
#include "emu/kernel/abi/abi.h"

#include <asm/signal.h>
#include <string.h>

static const struct abi *abi_of_call(const struct kernel *k)
{
	return k->current->abi_now;
}

/* SA_NOCLDWAIT and SA_SIGINFO have other bits on MIPS. */
static const struct abi_value mips_flags_list[] = { { 0x10000, 2 }, { 8, 4 } };
static const struct abi_values mips_flags = { COUNT_OF(mips_flags_list), mips_flags_list };

static const struct abi_values *action_flags(const struct abi *abi)
{
	return abi->mips ? &mips_flags : NULL;
}

/* struct sigaction of the rt call: MIPS has its flags first, and nobody there restores; all others as x86-64. */
static void action_in(const struct abi *abi, const uint8_t *from, struct action *ret)
{
	unsigned word = abi->word;

	*ret = (struct action){ 0 };
	ret->flags = abi_bits_in(action_flags(abi), abi_load(abi, from + (abi->mips ? 0 : word), abi->mips ? 4 : word));
	ret->handler = abi_load(abi, from + (abi->mips ? 4 : 0), word);
	if (!abi->mips)
		ret->restorer = abi_load(abi, from + 2 * word, word);
	ret->mask = sigset_in(abi, from + (abi->mips ? 8 : 3 * word));
}

static unsigned action_out(const struct abi *abi, const struct action *act, uint8_t *to)
{
	unsigned word = abi->word;

	abi_store(abi, to + (abi->mips ? 0 : word), abi->mips ? 4 : word, abi_bits_out(action_flags(abi), act->flags));
	abi_store(abi, to + (abi->mips ? 4 : 0), word, act->handler);
	if (!abi->mips)
		abi_store(abi, to + 2 * word, word, act->restorer);
	sigset_out(abi, act->mask, to + (abi->mips ? 8 : 3 * word));
	return (abi->mips ? 8 : 3 * word) + sigset_size(abi);
}

/* Through the handler of x86-64, whose structure is struct action's. set: NULL if nothing is to be changed. */
static int64_t change(struct kernel *k, uint64_t number, const struct action *set, struct action *old)
{
	uint64_t set_at = 0, old_at;
	uint8_t *host;
	int64_t r;

	if (set != NULL) {
		if ((set_at = abi_bounce(k, sizeof(*set), &host)) == 0)
			return -ENOMEM;
		memcpy(host, set, sizeof(*set));
	}
	if ((old_at = abi_bounce(k, sizeof(*old), &host)) == 0)
		return -ENOMEM;
	r = abi_call(k, __NR_rt_sigaction, abi_value_in(abi_of_call(k)->signals, number), set_at, old_at, 8, 0, 0);
	memcpy(old, host, sizeof(*old));
	return r;
}

int64_t own_rt_sigaction(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = abi_of_call(k);
	struct action set, old;
	uint8_t own[48] = { 0 };
	int64_t r;

	if (a[1] != 0) {
		if (space_get(k->current->space, a[1], own, action_out(abi, &(struct action){ 0 }, own)) < 0)
			return -EFAULT;
		action_in(abi, own, &set);
	}
	if ((r = change(k, a[0], a[1] != 0 ? &set : NULL, &old)) < 0 || a[2] == 0)
		return r;
	return space_put(k->current->space, a[2], own, action_out(abi, &old, own));
}

/* The old structure: handler, one word of signals, flags, restorer; on MIPS as the new one. */
int64_t own_sigaction(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = abi_of_call(k);
	struct action set = { 0 }, old;
	uint8_t own[16];
	int64_t r;

	if (abi->mips)
		return own_rt_sigaction(k, a);
	if (a[1] != 0) {
		if (space_get(k->current->space, a[1], own, sizeof(own)) < 0)
			return -EFAULT;
		set.handler = abi_load(abi, own, 4);
		set.mask = abi_load(abi, own + 4, 4);
		set.flags = abi_load(abi, own + 8, 4);
		set.restorer = abi_load(abi, own + 12, 4);
	}
	if ((r = change(k, a[0], a[1] != 0 ? &set : NULL, &old)) < 0 || a[2] == 0)
		return r;
	abi_store(abi, own, 4, old.handler);
	abi_store(abi, own + 4, 4, old.mask);
	abi_store(abi, own + 8, 4, old.flags);
	abi_store(abi, own + 12, 4, old.restorer);
	return space_put(k->current->space, a[2], own, sizeof(own));
}

int64_t own_signal(struct kernel *k, const uint64_t *a)
{
	struct action set = { .handler = a[1], .flags = SA_RESETHAND | SA_NODEFER }, old;
	int64_t r = change(k, a[0], &set, &old);

	return r < 0 ? r : (int64_t)old.handler;
}

int64_t own_sigprocmask(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = abi_of_call(k);
	uint64_t how = abi->mips ? a[0] - 1 : a[0], set, in = 0, out;
	uint8_t *host;
	int64_t r;

	if (a[1] != 0) {
		if (abi_get_word(k, abi, a[1], &set) < 0 || (in = abi_bounce(k, 8, &host)) == 0)
			return -EFAULT;
		memcpy(host, &set, sizeof(set));
	}
	if ((out = abi_bounce(k, 8, &host)) == 0)
		return -ENOMEM;
	if ((r = abi_call(k, __NR_rt_sigprocmask, how, in, out, 8, 0, 0)) < 0 || a[2] == 0)
		return r;
	memcpy(&set, host, sizeof(set));
	return abi_put_u32(k, abi, a[2], (uint32_t)set);
}

int64_t own_sigpending(struct kernel *k, const uint64_t *a)
{
	return abi_put_u32(k, abi_of_call(k), a[0], (uint32_t)(signal_pending(k->current) & k->current->mask));
}

/* The mask is the last argument, the only one, or on MIPS behind an address. */
int64_t own_sigsuspend(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = abi_of_call(k);
	enum machine_cpu cpu = machine_cpu(k->machine);
	uint64_t set = cpu == CPU_POWERPC ? a[0] : a[2], at;
	uint8_t *host;

	if (abi->mips)
		return abi_native(k, abi, __NR_rt_sigsuspend, false, (const uint64_t[6]){ a[0], sigset_size(abi) });
	if ((at = abi_bounce(k, sizeof(set), &host)) == 0)
		return -ENOMEM;
	memcpy(host, &set, sizeof(set));
	return abi_call(k, __NR_rt_sigsuspend, at, 8, 0, 0, 0, 0);
}

/* stack_t: address, flags, size; on MIPS address, size, flags. */
int64_t own_sigaltstack(struct kernel *k, const uint64_t *a)
{
	struct { uint64_t at; int32_t flags, pad; uint64_t size; } s = { 0 };
	const struct abi *abi = abi_of_call(k);
	unsigned word = abi->word, flags = abi->mips ? 2 * word : word, size = abi->mips ? word : 2 * word;
	uint64_t in = 0, out;
	uint8_t own[24] = { 0 }, *host;
	int64_t r;

	if (a[0] != 0) {
		if (space_get(k->current->space, a[0], own, 3 * word) < 0 || (in = abi_bounce(k, sizeof(s), &host)) == 0)
			return -EFAULT;
		s.at = abi_load(abi, own, word);
		s.flags = (int32_t)abi_load(abi, own + flags, 4);
		s.size = abi_load(abi, own + size, word);
		memcpy(host, &s, sizeof(s));
	}
	if ((out = abi_bounce(k, sizeof(s), &host)) == 0)
		return -ENOMEM;
	if ((r = abi_call(k, __NR_sigaltstack, in, out, 0, 0, 0, 0)) < 0 || a[1] == 0)
		return r;
	memcpy(&s, host, sizeof(s));
	memset(own, 0, sizeof(own));
	abi_store(abi, own, word, s.at);
	abi_store(abi, own + flags, 4, (uint32_t)s.flags);
	abi_store(abi, own + size, word, s.size);
	return space_put(k->current->space, a[1], own, 3 * word);
}
