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

static uint32_t load(const uint8_t *at, unsigned len, bool big)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < len; i++)
		v |= (uint32_t)at[i] << 8 * (big ? len - 1 - i : i);
	return v;
}

static void put(uint8_t *at, unsigned len, bool big, uint32_t v)
{
	for (unsigned i = 0; i < len; i++)
		at[i] = (uint8_t)(v >> 8 * (big ? len - 1 - i : i));
}

static uint8_t *memory(struct machine *m, uint32_t at, unsigned len, bool write)
{
	for (uint32_t i = 0; i < len; i += len - 1) {
		uint8_t state = at + i < WINDOW_END && at + i >= at ? m->states[(at + i) / GUEST_PAGE] : PAGE_NONE;

		if (state == PAGE_NONE || (write && state == PAGE_IMAGE))
			return NULL;
	}
	return m->window + at;
}

static uint32_t word(const struct machine *m, uint32_t at)
{
	return load(m->window + at, 4, m->cpu->big_endian);
}

/*
 * Linux does for its processes what a MIPS does not: words and halves at addresses that are no multiple of them. Where
 * in its block the instruction stands Unicorn does not tell: it is the first one whose address is such.
 */
static bool mend(struct machine *m)
{
	enum { LH = 0x21, LW = 0x23, LHU = 0x25, SH = 0x29, SW = 0x2b, INSTRUCTIONS_MAX = 128 };
	uint32_t pc = (uint32_t)m->block;

	for (unsigned i = 0; i < INSTRUCTIONS_MAX && memory(m, pc, 4, false) != NULL; i++, pc += 4) {
		uint32_t insn = word(m, pc), op = insn >> 26, at, v = 0;
		unsigned len = op == LW || op == SW ? 4 : 2, target = insn >> 16 & 31;
		bool store = op == SH || op == SW;
		uint8_t *host;

		if (op != LH && op != LW && op != LHU && !store)
			continue;
		at = (uint32_t)machine_get(m, insn >> 21 & 31) + (uint32_t)(int16_t)insn;
		if (at % len == 0)
			continue;
		if ((host = memory(m, at, len, store)) == NULL)
			return false;
		if (store) {
			put(host, len, m->cpu->big_endian, (uint32_t)machine_get(m, target));
			machine_wrote(m, at, at + len);
		} else {
			v = load(host, len, m->cpu->big_endian);
			machine_set(m, target, op == LH ? (uint32_t)(int16_t)v : v);
		}
		machine_jump(m, pc + 4);
		return true;
	}
	return false;
}

static enum interrupt interrupt(struct machine *m, uint32_t number, enum machine_stop *stop)
{
	enum { LOAD = 12, STORE = 13, SYSCALL = 17, BREAK = 18, COPROCESSOR = 19, RESERVED = 20, OVERFLOW = 21, TRAP = 22, FLOAT = 23 };

	switch (number) {
	case SYSCALL:
		return INTERRUPT_CALL;
	case LOAD:
	case STORE:
		*stop = MACHINE_ACCESS;
		return mend(m) ? INTERRUPT_MENDED : INTERRUPT_FAULT;
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

#define MIPS(endian) \
	.arch = UC_ARCH_MIPS, .mode = UC_MODE_MIPS32 | (endian), .model = UC_CPU_MIPS32_24KF, \
	.count = MIPS_COUNT, .general = 32, .numbers = numbers, .roles = { MIPS_PC, MIPS_SP, MIPS_V0, MIPS_THREAD }, \
	.call = { MIPS_V0, MIPS_A0, MIPS_A0 + 1, MIPS_A0 + 2, MIPS_A3, MIPS_A3 + 1, MIPS_A3 + 2 }, \
	.prepare = prepare, .interrupt = interrupt

const struct processor processor_mips = { MIPS(UC_MODE_BIG_ENDIAN), .big_endian = true };
const struct processor processor_mipsel = { MIPS(UC_MODE_LITTLE_ENDIAN) };
