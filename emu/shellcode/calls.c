/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that attack code makes: what each takes, and what it gives back. */
#include "emu/shellcode/calls.h"

#include <errno.h>
#include <string.h>

/* What a call's arguments are, as far as they can be told right from wrong. */
enum shape {
	SHAPE_ANY,        /* numbers: always right */
	SHAPE_EXIT,
	SHAPE_FD,         /* the first is a descriptor */
	SHAPE_READ, SHAPE_WRITE,         /* descriptor, memory, length */
	SHAPE_PATH,       /* the first is a path */
	SHAPE_OPEN,
	SHAPE_PATH_AT, SHAPE_OPEN_AT,    /* the second is */
	SHAPE_EXEC, SHAPE_EXEC_AT,
	SHAPE_DUP, SHAPE_DUP2,
	SHAPE_SOCKET,
	SHAPE_CONNECT, SHAPE_BIND, SHAPE_LISTEN, SHAPE_ACCEPT, SHAPE_NAME, SHAPE_SEND_TO,
	SHAPE_SOCKETCALL, /* the second is the address of the arguments */
	SHAPE_MAP,
	SHAPE_FORK,
	SHAPE_PIPE,
	SHAPE_DIRECT,     /* touches the whole server: reboot, kill, host name */
};

enum family { NUMBERS_X86, NUMBERS_X86_64, NUMBERS_ARM, NUMBERS_AARCH64, NUMBERS_MIPS, NUMBERS_POWERPC, NUMBERS_BSD,
	NUMBERS_COUNT };

enum { NUMBERS_END = 450, PARENT = 4711 /* what fork tells it */ };

/* Linux: unistd.h of each architecture (MIPS less its o32 base); BSD: sys/syscall.h of FreeBSD. 0: it has none there. */
static const struct row {
	enum shape shape;
	uint16_t number[NUMBERS_COUNT];
} rows[] = {
	{ SHAPE_EXIT, { 1, 60, 1, 93, 1, 1, 1 } },
	{ SHAPE_EXIT, { 252, 231, 248, 94, 246, 234 } },
	{ SHAPE_FORK, { 2, 57, 2, 220, 2, 2, 2 } },
	{ SHAPE_FORK, { 190, 58, 190, 0, 120, 189, 66 } },
	{ SHAPE_FORK, { 120, 56, 120, 0, 0, 120 } },
	{ SHAPE_READ, { 3, 0, 3, 63, 3, 3, 3 } },
	{ SHAPE_WRITE, { 4, 1, 4, 64, 4, 4, 4 } },
	{ SHAPE_OPEN, { 5, 2, 5, 0, 5, 5, 5 } },
	{ SHAPE_OPEN_AT, { 295, 257, 322, 56, 288, 286, 499 } },
	{ SHAPE_OPEN, { 8, 85, 8, 0, 8, 8 } },
	{ SHAPE_FD, { 6, 3, 6, 57, 6, 6, 6 } },
	{ SHAPE_ANY, { 7, 61, 114, 260, 7, 7, 7 } },
	{ SHAPE_PATH, { 10, 87, 10, 0, 10, 10, 10 } },
	{ SHAPE_PATH_AT, { 301, 263, 328, 35, 294, 292, 503 } },
	{ SHAPE_EXEC, { 11, 59, 11, 221, 11, 11, 59 } },
	{ SHAPE_EXEC_AT, { 358, 322, 387, 281, 356, 362 } },
	{ SHAPE_PATH, { 12, 80, 12, 49, 12, 12, 12 } },
	{ SHAPE_PATH, { 15, 90, 15, 0, 15, 15, 15 } },
	{ SHAPE_PATH_AT, { 306, 268, 333, 53, 299, 297, 490 } },
	{ SHAPE_PATH, { 16, 94, 182, 0, 182, 181, 16 } },
	{ SHAPE_PATH, { 14, 133, 14, 0, 14, 14, 14 } },
	{ SHAPE_ANY, { 23, 105, 23, 146, 23, 23, 23 } },
	{ SHAPE_ANY, { 213, 0, 213, 0, 0, 0 } },
	{ SHAPE_ANY, { 46, 106, 46, 144, 46, 46, 181 } },
	{ SHAPE_ANY, { 70, 113, 70, 145, 70, 70, 126 } },
	{ SHAPE_ANY, { 203, 114, 203, 143, 71, 71, 127 } },
	{ SHAPE_ANY, { 164, 117, 164, 147, 185, 164 } },
	{ SHAPE_ANY, { 66, 112, 66, 157, 66, 66, 147 } },
	{ SHAPE_ANY, { 27, 37, 27, 0, 27, 27 } },
	{ SHAPE_ANY, { 20, 39, 20, 172, 20, 20, 20 } },
	{ SHAPE_ANY, { 24, 102, 24, 174, 24, 24, 24 } },
	{ SHAPE_ANY, { 48, 13, 67, 134, 48, 48 } },
	{ SHAPE_ANY, { 13, 201, 78, 169, 13, 13 } },
	{ SHAPE_ANY, { 162, 35, 162, 101, 166, 162, 240 } },
	{ SHAPE_ANY, { 26, 101, 26, 117, 26, 26, 26 } },
	{ SHAPE_ANY, { 60, 95, 60, 166, 60, 60, 60 } },
	{ SHAPE_DIRECT, { 37, 62, 37, 129, 37, 37, 37 } },
	{ SHAPE_DIRECT, { 88, 169, 88, 142, 88, 88, 55 } },
	{ SHAPE_DIRECT, { 74, 170, 74, 161, 74, 74 } },
	{ SHAPE_PATH, { 38, 82, 38, 0, 38, 38, 128 } },
	{ SHAPE_PATH, { 39, 83, 39, 0, 39, 39, 136 } },
	{ SHAPE_PATH_AT, { 296, 258, 323, 34, 289, 287 } },
	{ SHAPE_PATH, { 40, 84, 40, 0, 40, 40, 137 } },
	{ SHAPE_PATH, { 61, 161, 61, 51, 61, 61, 61 } },
	{ SHAPE_PATH, { 83, 88, 83, 0, 83, 83, 57 } },
	{ SHAPE_PATH, { 9, 86, 9, 0, 9, 9, 9 } },
	{ SHAPE_PATH, { 21, 165, 21, 40, 21, 21, 0 } },
	{ SHAPE_DUP, { 41, 32, 41, 23, 41, 41, 41 } },
	{ SHAPE_DUP2, { 63, 33, 63, 0, 63, 63, 90 } },
	{ SHAPE_DUP2, { 330, 292, 358, 24, 327, 316 } },
	{ SHAPE_PIPE, { 42, 22, 42, 59, 42, 42, 42 } },
	{ SHAPE_FD, { 54, 16, 54, 29, 54, 54, 54 } },
	{ SHAPE_FD, { 55, 72, 55, 25, 55, 55, 92 } },
	{ SHAPE_FD, { 19, 8, 19, 62, 19, 19, 478 } },
	{ SHAPE_FD, { 187, 40, 187, 71, 207, 186, 393 } },
	{ SHAPE_MAP, { 90, 9, 90, 222, 90, 90, 477 } },
	{ SHAPE_MAP, { 192, 0, 192, 0, 210, 192, 197 } },
	{ SHAPE_ANY, { 45, 12, 45, 214, 45, 45, 17 } },
	{ SHAPE_ANY, { 125, 10, 125, 226, 125, 125, 74 } },
	{ SHAPE_ANY, { 356, 319, 385, 279, 354, 360 } },
	{ SHAPE_ANY, { 168, 7, 168, 73, 188, 167, 209 } },
	{ SHAPE_ANY, { 142, 23, 142, 72, 142, 142, 93 } },
	{ SHAPE_ANY, { 147, 0, 0, 0, 147, 0 } },   /* MIPS cacheflush */
	{ SHAPE_SOCKETCALL, { 102, 0, 102, 0, 102, 102 } },
	{ SHAPE_SOCKET, { 359, 41, 281, 198, 183, 326, 97 } },
	{ SHAPE_BIND, { 361, 49, 282, 200, 169, 327, 104 } },
	{ SHAPE_CONNECT, { 362, 42, 283, 203, 170, 328, 98 } },
	{ SHAPE_LISTEN, { 363, 50, 284, 201, 174, 329, 106 } },
	{ SHAPE_ACCEPT, { 0, 43, 285, 202, 168, 330, 30 } },
	{ SHAPE_ACCEPT, { 364, 288, 366, 242, 334, 344 } },
	{ SHAPE_NAME, { 367, 51, 286, 204, 172, 331, 32 } },
	{ SHAPE_NAME, { 368, 52, 287, 205, 171, 332, 31 } },
	{ SHAPE_WRITE, { 0, 0, 289, 0, 178, 334 } },
	{ SHAPE_SEND_TO, { 369, 44, 290, 206, 180, 335, 133 } },
	{ SHAPE_READ, { 0, 0, 291, 0, 175, 336 } },
	{ SHAPE_READ, { 371, 45, 292, 207, 176, 337, 29 } },
	{ SHAPE_FD, { 373, 48, 293, 210, 182, 338, 134 } },
	{ SHAPE_FD, { 366, 54, 294, 208, 181, 339, 105 } },
	{ SHAPE_FD, { 370, 46, 296, 211, 179, 341, 28 } },
	{ SHAPE_FD, { 372, 47, 297, 212, 177, 342, 27 } },
};

static enum family family_of(const struct call_made *c)
{
	if (c->bsd || c->n32)
		return c->bsd ? NUMBERS_BSD : NUMBERS_X86_64;
	switch (c->language) {
	case LANGUAGE_X86_64:
		return NUMBERS_X86_64;
	case LANGUAGE_ARM:
		return NUMBERS_ARM;
	case LANGUAGE_AARCH64:
		return NUMBERS_AARCH64;
	case LANGUAGE_MIPS:
	case LANGUAGE_MIPSEL:
		return NUMBERS_MIPS;
	case LANGUAGE_POWERPC:
		return NUMBERS_POWERPC;
	default:
		return NUMBERS_X86;
	}
}

/* N32 counts as x86-64 does, with two calls left out. */
static uint64_t as_x86_64(uint64_t number)
{
	enum { AFTER_SIGRETURN = 15, AFTER_VFORK = 57 };

	return number < AFTER_SIGRETURN ? number : number < AFTER_VFORK ? number + 1 : number + 2;
}

static const struct row *find(const struct call_made *made)
{
	struct call_made copy = *made;
	const struct call_made *c = &copy;
	enum family f = family_of(made);

	if (made->n32)
		copy.number = as_x86_64(made->number);

	for (unsigned i = 0; c->number != 0 && i < COUNT_OF(rows); i++)
		if (rows[i].number[f] == c->number)
			return &rows[i];
	/* the one call whose number is 0 */
	if (c->number == 0 && f == NUMBERS_X86_64)
		for (unsigned i = 0; i < COUNT_OF(rows); i++)
			if (rows[i].shape == SHAPE_READ)
				return &rows[i];
	return NULL;
}

static bool is_big(enum language l)
{
	return l == LANGUAGE_MIPS || l == LANGUAGE_POWERPC;
}

static uint64_t word(const struct call_made *c, const uint8_t *at)
{
	uint64_t v = 0;

	if (c->language == LANGUAGE_X86_64 || c->language == LANGUAGE_AARCH64) {
		for (unsigned i = 8; i-- > 0;)
			v = v << 8 | at[i];
		return v;
	}
	for (unsigned i = 0; i < 4; i++)
		v = v << 8 | at[is_big(c->language) ? i : 3 - i];
	return v;
}

/* The attack's own connection has a low number that only its author knows: any that is not open is it, as in the servers. */
static bool is_own(const struct calls *s, uint64_t fd)
{
	enum { LOWEST = 3, HIGHEST = 15 };

	return (fd & 0xffffffff) >= LOWEST && (fd & 0xffffffff) <= HIGHEST && (s->open >> (fd & 0xffffffff) & 1) == 0;
}

static bool has_fd(const struct calls *s, uint64_t fd)
{
	return (fd & 0xffffffff) < CALL_DESCRIPTORS && ((s->open >> (fd & 0xffffffff) & 1) != 0 || is_own(s, fd));
}

static bool has_socket(const struct calls *s, uint64_t fd)
{
	return has_fd(s, fd) && ((s->sockets >> (fd & 0xffffffff) & 1) != 0 || is_own(s, fd));
}

static int64_t take_fd(struct calls *s, bool socket)
{
	for (unsigned fd = 0; fd < CALL_DESCRIPTORS; fd++)
		if ((s->open >> fd & 1) == 0) {
			s->open |= UINT64_C(1) << fd;
			if (socket)
				s->sockets |= UINT64_C(1) << fd;
			return fd;
		}
	return -EMFILE;
}

/* A text, as paths and command lines are: some bytes that are printed, and an end. */
static bool is_path(uint64_t address, const struct call_memory *m)
{
	enum { LONGEST = 1024 };

	for (unsigned i = 0; i < LONGEST; i++) {
		const uint8_t *at = m->at(m->context, address + i, 1);

		if (at == NULL)
			return false;
		if (*at == 0)
			return i > 0;
		if ((*at < 0x20 && *at != '\t' && *at != '\n') || *at >= 0x7f)
			return false;
	}
	return false;
}

/* An IPv4 or IPv6 address as connect and bind take it; kernels before 2.6 did not look at bind's family. */
static bool is_address(const struct call_made *c, uint64_t address, bool any_family, const struct call_memory *m)
{
	const uint8_t *at = m->at(m->context, address, 4);
	unsigned family;

	if (at == NULL)
		return false;
	family = is_big(c->language) ? at[0] << 8 | at[1] : at[1] << 8 | at[0];
	if (c->bsd)
		family = at[1]; /* before it stands the length */
	return any_family || family == 2 || family == 10 || (c->bsd && family == 28) || family == 1;
}

static bool is_memory(uint64_t address, uint64_t len, const struct call_memory *m)
{
	enum { LOOKED_AT = 4 };

	return len == 0 || m->at(m->context, address, len < LOOKED_AT ? len : LOOKED_AT) != NULL;
}

static bool arguments_fit(const struct calls *s, const struct call_made *c, enum shape shape, const struct call_memory *m)
{
	const uint64_t *a = c->argument;
	const uint8_t *at;

	switch (shape) {
	case SHAPE_FD:
	case SHAPE_DUP:
		return has_fd(s, a[0]);
	case SHAPE_DUP2:
		return has_fd(s, a[0]) && (a[1] & 0xffffffff) < CALL_DESCRIPTORS;
	case SHAPE_READ:
	case SHAPE_WRITE:
		return has_fd(s, a[0]) && is_memory(a[1], a[2], m) && (int64_t)a[2] >= 0;
	case SHAPE_PATH:
	case SHAPE_OPEN:
	case SHAPE_EXEC:
		return is_path(a[0], m);
	case SHAPE_PATH_AT:
	case SHAPE_OPEN_AT:
		return is_path(a[1], m);
	case SHAPE_EXEC_AT:
		return is_path(a[1], m) || has_fd(s, a[0]);
	case SHAPE_SOCKET:
		return (a[0] == 1 || a[0] == 2 || a[0] == 10 || (c->bsd && a[0] == 28)) && (a[1] & 15) > 0 && (a[1] & 15) < 6;
	case SHAPE_CONNECT:
		return has_socket(s, a[0]) && is_address(c, a[1], false, m) && a[2] >= 8 && a[2] <= 256;
	case SHAPE_BIND:
		return has_socket(s, a[0]) && is_address(c, a[1], true, m) && a[2] >= 8 && a[2] <= 256;
	case SHAPE_LISTEN:
	case SHAPE_ACCEPT:
		return has_socket(s, a[0]);
	case SHAPE_NAME:
		return has_socket(s, a[0]) && m->at(m->context, a[1], 8) != NULL && m->at(m->context, a[2], 4) != NULL;
	case SHAPE_SEND_TO:
		return has_socket(s, a[0]) && is_memory(a[1], a[2], m) && a[2] <= 65536;
	case SHAPE_PIPE:
		return m->at(m->context, a[0], 8) != NULL;
	case SHAPE_MAP:
		at = c->language == LANGUAGE_X86 && !c->bsd && c->number == 90 ? m->at(m->context, a[0], 24) : NULL;
		return at != NULL || a[1] != 0;
	default:
		return true;
	}
}

/* socketcall(2): the call it stands for. */
static bool unfold(struct call_made *c, enum shape *shape, const struct call_memory *m)
{
	static const struct { enum shape shape; unsigned words; } meant[] = {
		{ SHAPE_SOCKET, 3 }, { SHAPE_BIND, 3 }, { SHAPE_CONNECT, 3 }, { SHAPE_LISTEN, 2 }, { SHAPE_ACCEPT, 3 },
		{ SHAPE_NAME, 3 }, { SHAPE_NAME, 3 }, { SHAPE_PIPE, 4 }, { SHAPE_WRITE, 4 }, { SHAPE_READ, 4 },
		{ SHAPE_SEND_TO, 6 }, { SHAPE_READ, 6 }, { SHAPE_FD, 2 }, { SHAPE_FD, 5 }, { SHAPE_FD, 5 }, { SHAPE_FD, 3 },
		{ SHAPE_FD, 3 }, { SHAPE_ACCEPT, 4 },
	};
	uint64_t which = (c->argument[0] & 0xffffffff) - 1, list = c->argument[1];

	if (which >= COUNT_OF(meant))
		return false;
	*shape = meant[which].shape;
	for (unsigned i = 0; i < CALL_ARGUMENTS; i++) {
		const uint8_t *at = i < meant[which].words ? m->at(m->context, list + 4 * i, 4) : NULL;

		if (at == NULL && i < meant[which].words && i < 2)
			return false;
		c->argument[i] = at != NULL ? word(c, at) : 0;
	}
	return true;
}

static bool is_act(enum shape shape)
{
	switch (shape) {
	case SHAPE_PATH:
	case SHAPE_PATH_AT:
	case SHAPE_OPEN:
	case SHAPE_OPEN_AT:
	case SHAPE_EXEC:
	case SHAPE_EXEC_AT:
	case SHAPE_CONNECT:
	case SHAPE_BIND:
	case SHAPE_LISTEN:
	case SHAPE_ACCEPT:
	case SHAPE_NAME:
	case SHAPE_SEND_TO:
		return true;
	default:
		return false;
	}
}

/* Counts the words of a program's command line, as far as they are text. */
static void read_command_line(struct calls *s, const struct call_made *c, uint64_t list, const struct call_memory *m)
{
	enum { WORDS_MAX = 16 };
	unsigned size = c->language == LANGUAGE_X86_64 || c->language == LANGUAGE_AARCH64 ? 8 : 4;

	for (unsigned i = 0; list != 0 && i < WORDS_MAX; i++) {
		const uint8_t *at = m->at(m->context, list + i * size, size);

		if (at == NULL || word(c, at) == 0 || !is_path(word(c, at), m))
			break;
		s->words++;
	}
}

/* What a sane call gives back. */
static int64_t answer(struct calls *s, const struct call_made *c, enum shape shape, const struct call_memory *m)
{
	if (shape == SHAPE_ACCEPT || (shape == SHAPE_READ && has_socket(s, c->argument[0])))
		s->asked = true;
	switch (shape) {
	case SHAPE_EXIT:
	case SHAPE_EXEC:
	case SHAPE_EXEC_AT:
		s->ended = true;
		return 0;
	case SHAPE_OPEN:
	case SHAPE_OPEN_AT:
	case SHAPE_DUP:
		return take_fd(s, shape == SHAPE_DUP && has_socket(s, c->argument[0]));
	case SHAPE_SOCKET:
	case SHAPE_ACCEPT:
		return take_fd(s, true);
	case SHAPE_DUP2:
		s->open |= UINT64_C(1) << (c->argument[1] & 63);
		if (has_socket(s, c->argument[0]))
			s->sockets |= UINT64_C(1) << (c->argument[1] & 63);
		return (int64_t)(c->argument[1] & 63);
	case SHAPE_FORK:
		/* the child first, then the parent: what there is to see may be done by either */
		return s->forks++ % 2 == 0 ? 0 : PARENT;
	case SHAPE_WRITE:
	case SHAPE_SEND_TO:
		return (int64_t)(c->argument[2] & 0xffff);
	case SHAPE_MAP:
		return (int64_t)m->spare;
	default:
		return 0;
	}
}

void calls_init(struct calls *s)
{
	*s = (struct calls){ .open = 7 };
}

int64_t calls_take(struct calls *s, const struct call_made *made, const struct call_memory *m)
{
	struct call_made c = *made;
	const struct row *row = find(&c);
	enum shape shape = row != NULL ? row->shape : SHAPE_ANY;

	s->made++;
	/* of a call that kernels do have, but attacks hardly make, nothing is said */
	if (row == NULL && c.number != 0 && c.number < NUMBERS_END)
		return -ENOSYS;
	if (row == NULL || (shape == SHAPE_SOCKETCALL && !unfold(&c, &shape, m))) {
		s->odd++;
		return row == NULL ? -ENOSYS : -EFAULT;
	}
	if (!arguments_fit(s, &c, shape, m)) {
		/* code that looks for its connection asks every descriptor */
		if (shape == SHAPE_DUP2 && c.argument[0] < CALL_DESCRIPTORS && c.argument[1] < CALL_DESCRIPTORS)
			return -EBADF; /* or knows its number */
		if ((shape == SHAPE_NAME || shape == SHAPE_READ) && c.argument[0] < 65536 && is_memory(c.argument[1], 4, m))
			return -EBADF;
		s->odd++;
		return shape == SHAPE_FD || shape == SHAPE_DUP2 || shape == SHAPE_NAME ? -EBADF : -EFAULT;
	}
	s->sane++;
	if (shape == SHAPE_EXEC)
		read_command_line(s, &c, c.argument[1], m);
	else if (shape == SHAPE_EXEC_AT)
		read_command_line(s, &c, c.argument[2], m);
	if (is_act(shape) || (shape == SHAPE_DIRECT && s->odd == 0))
		s->acts++;
	return answer(s, &c, shape, m);
}
