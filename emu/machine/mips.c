/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MIPS32, big and little endian. */
#include "emu/machine/processor.h"
#include "emu/machine/registers.h"

static const int numbers[MIPS_COUNT] = {
	UC_MIPS_REG_0, UC_MIPS_REG_1, UC_MIPS_REG_2, UC_MIPS_REG_3, UC_MIPS_REG_4, UC_MIPS_REG_5, UC_MIPS_REG_6,
	UC_MIPS_REG_7, UC_MIPS_REG_8, UC_MIPS_REG_9, UC_MIPS_REG_10, UC_MIPS_REG_11, UC_MIPS_REG_12, UC_MIPS_REG_13,
	UC_MIPS_REG_14, UC_MIPS_REG_15, UC_MIPS_REG_16, UC_MIPS_REG_17, UC_MIPS_REG_18, UC_MIPS_REG_19, UC_MIPS_REG_20,
	UC_MIPS_REG_21, UC_MIPS_REG_22, UC_MIPS_REG_23, UC_MIPS_REG_24, UC_MIPS_REG_25, UC_MIPS_REG_26, UC_MIPS_REG_27,
	UC_MIPS_REG_28, UC_MIPS_REG_29, UC_MIPS_REG_30, UC_MIPS_REG_31, UC_MIPS_REG_PC, UC_MIPS_REG_LO, UC_MIPS_REG_HI,
	UC_MIPS_REG_CP0_USERLOCAL,
};

static int prepare(struct machine *m, struct engine *e)
{
	uint64_t v = 0;

	/* coprocessor 1, the floating-point unit, is usable */
	uc_reg_read(e->uc, UC_MIPS_REG_CP0_STATUS, &v);
	v |= 0x20000000;
	uc_reg_write(e->uc, UC_MIPS_REG_CP0_STATUS, &v);
	return 0;
}

static uint32_t load(const struct machine *m, const uint8_t *at, unsigned len)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < len; i++)
		v |= (uint32_t)at[i] << 8 * (m->cpu->big_endian ? len - 1 - i : i);
	return v;
}

/* Host memory of len bytes where the window has them, and for writing where that is allowed; NULL: it does not. */
static uint8_t *reach(const struct machine *m, uint64_t at, unsigned len, bool write)
{
	for (unsigned i = 0; i < len; i += len - 1) {
		enum page_state s = at + i < WINDOW_END ? m->states[(at + i) / GUEST_PAGE] : PAGE_NONE;

		if (s == PAGE_NONE || (write && s == PAGE_IMAGE))
			return NULL;
	}
	return m->window + at;
}

/* Has the instruction a delay slot? Volume II of the MIPS32 architecture: jumps, branches, those of coprocessors. */
static bool is_branch(uint32_t i)
{
	unsigned op = i >> 26;

	if (op == 0)
		return (i & 0x3e) == 8;
	return op == 1 || (op >= 2 && op <= 7) || (op >= 0x14 && op <= 0x17) || (op == 0x11 && (i >> 21 & 0x1f) == 8);
}

/* Is this the load, or store, of an integer that its registers make unaligned? */
static bool is_unaligned(struct machine *m, uint32_t i, bool store, unsigned *len, uint64_t *address)
{
	unsigned op = i >> 26;
	uint64_t base = 0;

	if (store ? op != 0x29 && op != 0x2b : op != 0x21 && op != 0x23 && op != 0x25)
		return false;
	*len = op == 0x23 || op == 0x2b ? 4 : 2;
	uc_reg_read(m->uc, numbers[i >> 21 & 0x1f], &base);
	*address = (base + (uint64_t)(int64_t)(int16_t)(i & 0xffff)) & UINT32_MAX;
	return *address % *len != 0;
}

static void move(struct machine *m, uint32_t i, bool store, unsigned len, uint64_t address, uint8_t *data)
{
	enum { LH = 0x21 };
	unsigned target = i >> 16 & 0x1f;
	uint64_t v = 0;

	if (!store) {
		v = load(m, data, len);
		if (i >> 26 == LH)
			v = (uint32_t)(int32_t)(int16_t)v;
		if (target != 0)
			uc_reg_write(m->uc, numbers[target], &v);
		return;
	}
	uc_reg_read(m->uc, numbers[target], &v);
	for (unsigned n = 0; n < len; n++)
		data[n] = (uint8_t)(v >> 8 * (m->cpu->big_endian ? len - 1 - n : n));
	machine_wrote(m, address, address + len);
}

/*
 * Linux does unaligned loads and stores of integers itself, which the processor does not. Unicorn 2.0.1 does not tell
 * which instruction of the block it was: it is the first that its registers make unaligned. In a delay slot it does not
 * tell where the branch goes either: there it stays a fault.
 */
static bool unaligned(struct machine *m, bool store)
{
	uint64_t address = 0;
	bool slot = false;

	for (uint64_t at = m->block; at + 4 <= m->block + m->block_size; at += 4) {
		const uint8_t *code = reach(m, at, 4, false);
		uint32_t i = code != NULL ? load(m, code, 4) : 0;
		unsigned len = 0;
		uint8_t *data;

		if (is_unaligned(m, i, store, &len, &address)) {
			if (slot || (data = reach(m, address, len, store)) == NULL)
				return false;
			move(m, i, store, len, address, data);
			machine_jump(m, at + 4);
			return true;
		}
		slot = is_branch(i);
	}
	return false;
}

static enum interrupt interrupt(struct machine *m, uint32_t number, enum machine_stop *stop)
{
	enum { ADDRESS_LOAD = 12, ADDRESS_STORE = 13, SYSCALL = 17, BREAK = 18, COPROCESSOR = 19, RESERVED = 20, OVERFLOW = 21, TRAP = 22, FLOAT = 23 };

	switch (number) {
	case ADDRESS_LOAD:
	case ADDRESS_STORE:
		*stop = MACHINE_ACCESS;
		return unaligned(m, number == ADDRESS_STORE) ? INTERRUPT_DONE : INTERRUPT_FAULT;
	case SYSCALL:
		return INTERRUPT_CALL;
	case BREAK:
	case TRAP:
		*stop = MACHINE_TRAP;
		return INTERRUPT_FAULT;
	case COPROCESSOR:
	case RESERVED:
		*stop = MACHINE_INSTRUCTION;
		return INTERRUPT_FAULT;
	case OVERFLOW:
	case FLOAT:
		*stop = MACHINE_DIVIDE;
		return INTERRUPT_FAULT;
	default:
		*stop = MACHINE_ACCESS;
		return INTERRUPT_FAULT;
	}
}

/* li $v0, 4119; syscall — and at 16: li $v0, 4193; syscall */
static const uint8_t help_big[32] = { 0x24, 2, 0x10, 0x17, 0, 0, 0, 0x0c, [16] = 0x24, 2, 0x10, 0x61, 0, 0, 0, 0x0c };
static const uint8_t help_little[32] = { 0x17, 0x10, 2, 0x24, 0x0c, [16] = 0x61, 0x10, 2, 0x24, 0x0c };

#define MIPS(endian) \
	.arch = UC_ARCH_MIPS, .mode = UC_MODE_MIPS32 | (endian), .model = UC_CPU_MIPS32_24KF, \
	.count = MIPS_COUNT, .general = 32, .numbers = numbers, .roles = { MIPS_PC, MIPS_SP, MIPS_V0, MIPS_THREAD }, \
	.call = { MIPS_V0, MIPS_A0, MIPS_A0 + 1, MIPS_A0 + 2, MIPS_A3, MIPS_A3 + 1, MIPS_A3 + 2 }, \
	.prepare = prepare, .interrupt = interrupt

const struct processor processor_mips = { MIPS(UC_MODE_BIG_ENDIAN), .help = help_big, .big_endian = true };
const struct processor processor_mipsel = { MIPS(UC_MODE_LITTLE_ENDIAN), .help = help_little };
