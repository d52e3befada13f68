/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Raw code: a server's worker process whose next instruction is the attack's. Its code and its stack may be written and
 * executed, as on the servers that such attacks are made for; under the stack's first word waits an ordinary end.
 */
#include "emu/kernel/socket.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum {
	TAIL = 32 << 10,
	STACK = 256 << 10,
	STACK_ABOVE = 8 << 10, /* of it above the stack pointer: what a caller's frames would be */
	OWN_LOWEST = 6,   /* the connection's descriptor is none that the code's own sockets would get, as they count up */
	OWN_NUMBERS = 4,
};

/* An end with status 0 for code that returns. */
static const uint8_t leave_x86_64[] = { 0xb8, 0x3c, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05 };

static const struct cpu {
	enum language language;
	unsigned align;
	struct bytes leave;
} cpus[] = {
	{ LANGUAGE_X86_64, 1, { leave_x86_64, sizeof(leave_x86_64) } },
};

struct places {
	uint64_t code, entry, leave, sp;
};

static int map(struct kernel *k, const struct raw *raw, const struct cpu *cpu, struct places *ret)
{
	struct space *s = k->first->space;
	struct range range = { .start = WINDOW_RAW, .end = WINDOW_RAW_END, .kind = RANGE_MEMORY, .name = "",
		.protection = RANGE_READ | RANGE_WRITE | RANGE_EXECUTE };
	uint64_t page = GUEST_PAGE - 1;
	int r;

	ret->code = WINDOW_RAW + RAW_LEAD + (cpu->align - raw->entry % cpu->align) % cpu->align;
	ret->entry = ret->code + raw->entry;
	ret->leave = (ret->code + raw->code.left + TAIL + page) & ~page;
	range.end = ret->leave + GUEST_PAGE;
	if ((r = space_add(s, &range)) < 0)
		return r;
	range.start = WINDOW_RAW_END - STACK;
	range.end = WINDOW_RAW_END;
	range.name = "[stack]";
	if ((r = space_add(s, &range)) < 0 || (r = space_put(s, ret->code, raw->code.at, raw->code.left)) < 0 ||
	    (r = space_put(s, ret->leave, cpu->leave.at, cpu->leave.left)) < 0)
		return r;
	ret->sp = WINDOW_RAW_END - STACK_ABOVE;
	return space_put(s, ret->sp, &ret->leave, sizeof(ret->leave));
}

/* A C caller's registers are its own business; what is typical is an address or a small number. */
static void set_registers(struct kernel *k, const struct raw *raw, const struct places *at)
{
	struct registers regs = { 0 };

	if (raw->registers == RAW_CALLED) {
		regs.r[GPR_RAX] = 0;
		regs.r[GPR_RBX] = at->leave;
		regs.r[GPR_RCX] = at->sp + 0x80;
		regs.r[GPR_RDX] = at->entry;
		regs.r[GPR_RSI] = at->sp + 0x118;
		regs.r[GPR_RDI] = 1;
		regs.r[GPR_RBP] = at->sp + 0x20;
	} else if (raw->registers == RAW_POINTING) {
		for (unsigned i = GPR_RAX; i <= GPR_R15; i++)
			regs.r[i] = at->entry;
	}
	regs.r[GPR_RSP] = at->sp;
	regs.r[GPR_RIP] = at->entry;
	regs.r[GPR_RFLAGS] = 0x202;
	machine_set_all(k->machine, &regs);
}

/* The connection that brought the attack. Which number it has is the victim's to know. */
static int put_connection(struct kernel *k)
{
	struct file *f = socket_file(k, AF_INET, SOCK_STREAM, IPPROTO_TCP);
	int fd;

	if (f == NULL)
		return -ENOMEM;
	if ((f->socket->peer = peer_attack(k->world->network)) == NULL) {
		file_release(k, f);
		return -ENOMEM;
	}
	f->socket->connected = f->socket->bound = true;
	peer_address(f->socket->peer, &f->socket->far.address, &f->socket->far.port);
	if (k->world->profile.addresses_count != 0)
		f->socket->own.address = k->world->profile.addresses[0];
	f->socket->own.port = k->world->profile.ports_count != 0 ? k->world->profile.ports[0] : 80;
	fd = fd_put(k, f, OWN_LOWEST + (int)(k->world->seed % OWN_NUMBERS), false);
	return fd < 0 ? fd : 0;
}

int kernel_start_raw(struct kernel *k, const struct raw *raw)
{
	const struct cpu *cpu = NULL;
	struct places at;
	int r;

	for (unsigned i = 0; i < COUNT_OF(cpus); i++)
		if (cpus[i].language == raw->language)
			cpu = &cpus[i];
	if (cpu == NULL)
		return -ENOSYS;
	if (raw->code.left > RAW_CODE_MAX || raw->entry >= raw->code.left)
		return -EINVAL;
	if ((r = kernel_first_process(k)) < 0)
		return r;
	k->current = k->first;
	if ((r = space_new(&k->memory, &k->first->space)) < 0 || (r = map(k, raw, cpu, &at)) < 0 ||
	    (r = put_connection(k)) < 0)
		return r;
	/* the server's program is not known: it goes by no name */
	if ((k->first->program = strdup("/")) == NULL)
		return -ENOMEM;
	machine_context_load(k->machine, k->first->context);
	k->loaded = k->first;
	set_registers(k, raw, &at);
	return 0;
}
