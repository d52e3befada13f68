/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The attack's own connection as its code looks for it: by the port that it came from, by a word that it has sent, or
 * by its number. All of them stand on the wire, not in the job: so the code is read for what it compares with, and told
 * that. That the real connection has it is a question to the network.
 */
#include "emu/kernel/socket.h"

#include <string.h>

enum { READ_AHEAD = 128, PORTS_MAX = 64 };

static const char subject[] = "own connection";

static bool is_own(const struct kernel *k, const struct socket *s)
{
	/* a program that has come in the code's place looks for nothing */
	return k->attack && s == k->own && k->current->program_node == NULL;
}

/* The code that runs next. */
static struct bytes ahead(struct kernel *k)
{
	uint64_t pc = machine_role(k->machine, ROLE_PC) & ~1ull;
	uint64_t len = space_reach(k->current->space, pc, READ_AHEAD, RANGE_READ);
	const uint8_t *at = len != 0 ? space_at(k->current->space, pc, len, RANGE_READ) : NULL;

	return at != NULL ? bytes_of(at, len) : (struct bytes){ 0 };
}

/* x86: where in the instruction of opcode 81 or 3d at `at` its constant stands, if it compares; 0: it does not. */
static size_t compared(struct bytes b, size_t at)
{
	enum { GROUP = 0x81, COMPARE = 7, ACCUMULATOR = 0x3d, SIB = 4 };
	unsigned mod, rm;
	size_t len = 2;

	if (at + 1 >= b.left)
		return 0;
	if (b.at[at] == ACCUMULATOR)
		return 1;
	mod = b.at[at + 1] >> 6;
	rm = b.at[at + 1] & 7;
	if (b.at[at] != GROUP || (b.at[at + 1] >> 3 & 7) != COMPARE)
		return 0;
	if (mod != 3 && rm == SIB)
		len++;
	return len + (mod == 1 ? 1 : mod == 2 || (mod == 0 && rm == 5) ? 4 : 0);
}

static unsigned ports_x86(struct bytes b, uint16_t *ret)
{
	enum { WORD = 0x66 };
	unsigned count = 0;

	for (size_t i = 0; i + 1 < b.left && count < PORTS_MAX; i++) {
		size_t at = b.at[i] == WORD ? compared(b, i + 1) : 0;

		/* as it stands in memory, so as the network has it */
		if (at != 0 && i + 1 + at + 2 <= b.left)
			ret[count++] = (uint16_t)(b.at[i + 1 + at] << 8 | b.at[i + 2 + at]);
	}
	return count;
}

/* Others have constants in the halves of their instructions, which is where compares and loads have them. */
static unsigned ports_risc(struct bytes b, enum machine_cpu cpu, uint16_t *ret)
{
	bool big = machine_is_big_endian(cpu);
	unsigned count = 0;

	for (size_t i = 0; i + 4 <= b.left && count < PORTS_MAX; i += 4) {
		const uint8_t *p = b.at + i;
		uint32_t w = big ? (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3] :
		    (uint32_t)p[3] << 24 | p[2] << 16 | p[1] << 8 | p[0];
		uint16_t half = cpu == CPU_AARCH64 ? (uint16_t)(w >> 5) : (uint16_t)w;

		if (half != 0)
			ret[count++] = big ? half : (uint16_t)(half << 8 | half >> 8);
	}
	return count;
}

void own_port(struct kernel *k, struct socket *s)
{
	enum machine_cpu cpu = machine_cpu(k->machine);
	uint16_t ports[PORTS_MAX];
	unsigned count;

	if (!is_own(k, s) || !record_ask(k->world->record, QUESTION_NETWORK, subject, true))
		return;
	count = cpu == CPU_X86 || cpu == CPU_X86_64 ? ports_x86(ahead(k), ports) : ports_risc(ahead(k), cpu, ports);
	/* a loop over descriptors comes by again, and is told the next */
	if (count != 0)
		s->far.port = ports[k->own_asked++ % count];
}

void own_tag(struct kernel *k, struct socket *s)
{
	enum machine_cpu cpu = machine_cpu(k->machine);
	struct bytes b;

	if (!is_own(k, s) || k->own_told || (cpu != CPU_X86 && cpu != CPU_X86_64))
		return;
	b = ahead(k);
	for (size_t i = 0; i < b.left; i++) {
		size_t at = compared(b, i);

		if (at == 0 || i + at + 4 > b.left || !record_ask(k->world->record, QUESTION_NETWORK, subject, true))
			continue;
		k->own_told = true;
		peer_answer(s->peer, bytes_of(b.at + i + at, 4));
		return;
	}
}

struct file *own_file(struct kernel *k, uint32_t fd)
{
	enum { LOWEST = 3, USUAL = 15 };
	const struct process *p = k->current;

	if (k->connection == NULL || fd < LOWEST || fd >= FDS_MAX)
		return NULL;
	/* a high number is meant by code that has made no socket of its own */
	if (fd > USUAL && (p->program_node != NULL || k->sockets == NULL || k->sockets->next != NULL))
		return NULL;
	k->connection->refs++;
	p->files->at[fd] = (struct descriptor){ k->connection, false };
	return k->connection;
}
