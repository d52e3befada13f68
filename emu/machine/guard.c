/* SPDX-License-Identifier: GPL-2.0-or-later */
/* abort(), as far as it is the translator's. */
#include "emu/machine/guard.h"
#include "emu/machine/inside.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

/* abort() is given nothing: where to go back to can only stand where it finds it. One thread runs engines. */
static jmp_buf *back;

void guard_open(void)
{
	machine_stores_open();
}

void guard_alone(void)
{
	machine_stores_of(NULL);
}

uc_err guard_start(uc_engine *uc, uint64_t begin, uint64_t until, bool *aborted)
{
	jmp_buf here, *outer = back;
	uc_err e;

	if (_setjmp(here) != 0) {
		back = outer;
		*aborted = true;
		return UC_ERR_EXCEPTION;
	}
	back = &here;
	e = uc_emu_start(uc, begin, until, 0, 0);
	back = outer;
	*aborted = false;
	return e;
}

void abort(void)
{
	if (back != NULL)
		_longjmp(*back, 1);
	signal(SIGABRT, SIG_DFL);
	raise(SIGABRT);
	_Exit(134);
}
