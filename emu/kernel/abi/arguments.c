/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A handler of x86-64 called with the arguments of an ABI, and its results brought back to where the guest wants them. */
#include "emu/kernel/abi/signatures.h"

#include <string.h>

enum { INFO_BYTES = 128, EVENTS_MAX = 256, GROUPS_MAX = 64, PARTS_MAX = 1024, POLLS_MAX = 1024, SET_BYTES = FDS_MAX / 8 };

/* One structure that goes through the bounce buffer. */
struct passage {
	unsigned what;
	uint64_t guest;   /* where the guest has it */
	uint8_t *host;    /* where the handler finds it */
	uint64_t count;
};

struct passing {
	struct kernel *k;
	const struct abi *abi;
	bool time64;
	unsigned count;
	struct passage of[6];
};

static enum layout layout_of(const struct passing *p, unsigned what)
{
	enum layout l = what & 0xff;

	if (p->time64 && l == LAYOUT_TIMESPEC)
		return LAYOUT_TIMESPEC64;
	if (p->time64 && l == LAYOUT_TIMESPEC2)
		return LAYOUT_TIMESPEC2_64;
	return p->time64 && l == LAYOUT_ITIMERSPEC ? LAYOUT_ITIMERSPEC64 : l;
}

/* On a processor that has x86-64's structures most need no passage. */
static bool passes(const struct abi *abi, unsigned what)
{
	if (what == STAT)
		return false;
	if (abi->same_layouts)
		return what == EVENTS || what == (IN | LAYOUT_EPOLL);
	return (what & (IN | OUT)) != 0 || (what >= SET_IN && what <= EVENTS);
}

static uint8_t *guest_bytes(struct passing *p, uint64_t at, uint64_t len, bool write)
{
	return space_at(p->k->current->space, at, len, write ? RANGE_WRITE : RANGE_READ);
}

/* Arrays of structures, and fd_sets, whose words have their own order. */
static int array_in(struct passing *p, struct passage *s, enum layout layout, uint64_t count, uint64_t max)
{
	uint64_t size = layout_size(p->abi, layout), native = layout_native_size(layout);
	const uint8_t *from;

	s->count = count <= max ? count : 0;
	if (s->count == 0)
		return 0;
	if ((from = guest_bytes(p, s->guest, s->count * size, false)) == NULL)
		return -EFAULT;
	for (uint64_t i = 0; i < s->count; i++)
		layout_in(p->abi, layout, from + i * size, s->host + i * native);
	return 0;
}

static int array_out(struct passing *p, struct passage *s, enum layout layout, uint64_t count)
{
	uint64_t size = layout_size(p->abi, layout), native = layout_native_size(layout);
	uint8_t *to = guest_bytes(p, s->guest, count * size, true);

	if (to == NULL)
		return count == 0 ? 0 : -EFAULT;
	for (uint64_t i = 0; i < count; i++)
		layout_out(p->abi, layout, s->host + i * native, to + i * size);
	space_wrote(p->k->current->space, s->guest, count * size);
	return 0;
}

static int files_move(struct passing *p, struct passage *s, uint64_t count, bool in)
{
	unsigned word = p->abi->word;
	uint64_t words;
	uint8_t *guest;

	s->count = count < FDS_MAX ? count : FDS_MAX;
	words = (s->count + word * 8 - 1) / (word * 8);
	if ((guest = guest_bytes(p, s->guest, words * word, !in)) == NULL)
		return words == 0 ? 0 : -EFAULT;
	for (uint64_t i = 0; i < words; i++) {
		uint64_t v = 0;

		if (in) {
			v = abi_load(p->abi, guest + i * word, word);
			memcpy(s->host + i * word, &v, word);
		} else {
			memcpy(&v, s->host + i * word, word);
			abi_store(p->abi, guest + i * word, word, v);
		}
	}
	if (!in)
		space_wrote(p->k->current->space, s->guest, words * word);
	return 0;
}

/* A socket's address: only its family has an order, or on BSD another place. */
static int address_in(struct passing *p, struct passage *s, uint64_t len)
{
	enum { ADDRESS_MAX = 128, IPV6 = 10 };
	uint16_t family;

	s->count = len < ADDRESS_MAX ? len : ADDRESS_MAX;
	if (s->count != 0 && space_get(p->k->current->space, s->guest, s->host, s->count) < 0)
		return -EFAULT;
	if (s->count < 2)
		return 0;
	family = p->abi->sockaddr_len ? s->host[1] : (uint16_t)abi_load(p->abi, s->host, 2);
	if (family == p->abi->family6)
		family = IPV6;
	memcpy(s->host, &family, sizeof(family));
	return 0;
}

static int address_out(struct passing *p, struct passage *s)
{
	enum { IPV6 = 10 };
	uint32_t len;
	uint16_t family;

	/* the handler has said how much there is; no more than there was room for was written */
	memcpy(&len, s[1].host, sizeof(len));
	if (len > s->count)
		len = (uint32_t)s->count;
	if (len >= 2) {
		memcpy(&family, s->host, sizeof(family));
		if (family == IPV6)
			family = p->abi->family6;
		abi_store(p->abi, s->host, 2, family);
		if (p->abi->sockaddr_len) {
			s->host[0] = (uint8_t)len;
			s->host[1] = (uint8_t)family;
		}
	}
	return len == 0 ? 0 : space_put(p->k->current->space, s->guest, s->host, len);
}

static int info_out(struct passing *p, struct passage *s)
{
	uint8_t to[INFO_BYTES];

	abi_info(p->abi, s->host, to);
	return space_put(p->k->current->space, s->guest, to, sizeof(to));
}

static int status_out(struct passing *p, struct passage *s)
{
	uint32_t status;

	memcpy(&status, s->host, sizeof(status));
	if ((status & 0x7f) != 0)
		status = (uint32_t)((status & ~0x7fu) | abi_value_out(p->abi->signals, status & 0x7f));
	return abi_put_u32(p->k, p->abi, s->guest, status);
}

/* How many bytes the handler needs for it. */
static uint64_t native_bytes(const struct passing *p, unsigned what)
{
	switch (what) {
	case SET_IN:
	case SET_OUT:
		return 8;
	case PARTS:
		return PARTS_MAX * layout_native_size(LAYOUT_IOVEC);
	case POLLS:
		return POLLS_MAX * layout_native_size(LAYOUT_POLLFD);
	case FILES:
		return SET_BYTES;
	case EVENTS:
		return EVENTS_MAX * layout_native_size(LAYOUT_EPOLL);
	case GROUPS:
		return GROUPS_MAX * 4;
	case STATUS:
		return 4;
	case STAT:
	case INFO:
	case INFO_IN:
	case ADDRESS_IN:
	case ADDRESS_OUT:
		return 256;
	default:
		return layout_native_size(layout_of(p, what));
	}
}

static int pass_in(struct passing *p, struct passage *s, const uint64_t *raw, unsigned i)
{
	uint8_t set[16], info[INFO_BYTES];
	const uint8_t *from;
	uint32_t len;
	uint64_t v;

	switch (s->what) {
	case INFO_IN:
		if (space_get(p->k->current->space, s->guest, info, sizeof(info)) < 0)
			return -EFAULT;
		abi_info_in(p->abi, info, s->host);
		return 0;
	case SET_IN:
		if (space_get(p->k->current->space, s->guest, set, sigset_size(p->abi)) < 0)
			return -EFAULT;
		v = sigset_in(p->abi, set);
		memcpy(s->host, &v, sizeof(v));
		return 0;
	case PARTS:
		return array_in(p, s, LAYOUT_IOVEC, raw[i + 1], PARTS_MAX);
	case POLLS:
		return array_in(p, s, LAYOUT_POLLFD, (uint32_t)raw[i + 1], POLLS_MAX);
	case FILES:
		return files_move(p, s, (uint32_t)raw[0], true);
	case ADDRESS_IN:
		return address_in(p, s, (uint32_t)raw[i + 1]);
	case ADDRESS_OUT:
		/* the length that the next argument names bounds what is written */
		s->count = raw[i + 1] != 0 && abi_get_u32(p->k, p->abi, raw[i + 1], &len) == 0 ? len : 0;
		return 0;
	default:
		break;
	}
	if ((s->what & IN) == 0)
		return 0;
	from = guest_bytes(p, s->guest, layout_size(p->abi, layout_of(p, s->what)), false);
	if (from == NULL)
		return -EFAULT;
	layout_in(p->abi, layout_of(p, s->what), from, s->host);
	return 0;
}

static int pass_out(struct passing *p, struct passage *s, int64_t result)
{
	uint8_t set[16];
	uint64_t v;
	uint8_t *to;

	switch (s->what) {
	case SET_OUT:
		memcpy(&v, s->host, sizeof(v));
		sigset_out(p->abi, v, set);
		return space_put(p->k->current->space, s->guest, set, sigset_size(p->abi));
	case POLLS:
		return array_out(p, s, LAYOUT_POLLFD, s->count);
	case FILES:
		return files_move(p, s, s->count, false);
	case ADDRESS_OUT:
		return address_out(p, s);
	case STATUS:
		return result > 0 ? status_out(p, s) : 0;
	case INFO:
		return info_out(p, s);
	case EVENTS:
		return array_out(p, s, LAYOUT_EPOLL, (uint64_t)result < EVENTS_MAX ? (uint64_t)result : EVENTS_MAX);
	case GROUPS:
		return array_out(p, s, LAYOUT_INT, (uint64_t)result < GROUPS_MAX ? (uint64_t)result : GROUPS_MAX);
	default:
		break;
	}
	if ((s->what & OUT) == 0)
		return 0;
	to = guest_bytes(p, s->guest, layout_size(p->abi, layout_of(p, s->what)), true);
	if (to == NULL)
		return -EFAULT;
	layout_out(p->abi, layout_of(p, s->what), s->host, to);
	space_wrote(p->k->current->space, s->guest, layout_size(p->abi, layout_of(p, s->what)));
	return 0;
}

/* A number by what it is. */
static uint64_t number_in(const struct abi *abi, unsigned what, uint64_t v)
{
	switch (what) {
	case NUMBER:
		return abi->word == 4 ? (uint64_t)(int64_t)(int32_t)v : v;
	case OPEN_FLAGS:
		return abi_bits_in(abi->open_flags, v);
	case MAP_FLAGS:
		return abi_bits_in(abi->map_flags, v);
	case SET_SIZE:
		return v == sigset_size(abi) ? 8 : 0;
	case SIGNAL:
		return abi_value_in(abi->signals, v);
	case SIGNAL_HOW:
		return abi->mips || abi->bsd ? v - 1 : v;
	case RESOURCE: {
		/* MIPS counts them otherwise from 5 to 9: NOFILE, AS, RSS, NPROC, MEMLOCK */
		static const uint8_t mips[] = { 7, 9, 5, 6, 8 };

		return abi->mips && v >= 5 && v <= 9 ? mips[v - 5] : v;
	}
	case SOCKET_FAMILY:
		return v == abi->family6 ? 10 : v;
	case SOCKET_TYPE:
		/* the low bits say which, the others are as open has them */
		return abi_value_in(abi->types, v & 15) | (abi_bits_in(abi->open_flags, v & ~15ull) & ~15ull);
	case SOCKET_LEVEL:
		return (uint32_t)v == abi->socket_level ? 1 : v;
	default:
		return v;
	}
}

/* The handler's arguments; numbers are made over here, structures get a passage. */
static int arguments(struct passing *p, const struct signature *s, const uint64_t *raw, uint64_t *a)
{
	unsigned at = 0;
	int r;

	for (unsigned i = 0; i < 6; i++, at++) {
		unsigned what = s->of[i];
		uint64_t v = at < 6 ? raw[at] : 0;

		if (what == WIDE && p->abi->word == 4 && !p->abi->one_register) {
			if (p->abi->even_pairs && at % 2 != 0)
				at++;
			if (at < 5)
				a[i] = p->abi->big_endian ? raw[at] << 32 | raw[at + 1] : raw[at] | raw[at + 1] << 32;
			at++;
			continue;
		}
		a[i] = number_in(p->abi, what, v);
		if (v == 0 || !passes(p->abi, what))
			continue;
		if (what == ADDRESS_OUT && at < 5 && raw[at + 1] == 0)
			continue;
		p->of[p->count] = (struct passage){ .what = what, .guest = v };
		if ((a[i] = abi_bounce(p->k, native_bytes(p, what), &p->of[p->count].host)) == 0)
			return -ENOMEM;
		if ((r = pass_in(p, &p->of[p->count], raw, i)) < 0)
			return r;
		p->count++;
	}
	return 0;
}

int64_t abi_call(struct kernel *k, unsigned number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	const struct call *call = call_find(number);
	const uint64_t args[6] = { a, b, c, d, e, f };

	return call != NULL ? call->run(k, args) : -ENOSYS;
}

int64_t abi_native(struct kernel *k, const struct abi *abi, unsigned number, bool time64, const uint64_t *raw)
{
	struct passing p = { .k = k, .abi = abi, .time64 = time64 };
	const struct signature *s = signature_of(number);
	const struct call *call = call_find(number);
	uint64_t a[6] = { 0 };
	int64_t r;
	int e;

	if (call == NULL)
		return -ENOSYS;
	for (unsigned i = 0; i < 3; i++)
		if (s->of[i] == STAT)
			return abi_stat(k, abi, abi->stat, number, raw, i);
	if ((e = arguments(&p, s, raw, a)) < 0)
		return e;
	r = call->run(k, a);
	/* what is left of a sleep is told when it is broken off */
	if (r == CALL_WAITS || (r < 0 && r != -EINTR))
		return r;
	for (unsigned i = 0; i < p.count; i++)
		if ((r >= 0 || (p.of[i].what & OUT) != 0) && (e = pass_out(&p, &p.of[i], r)) < 0)
			return e;
	return r;
}
