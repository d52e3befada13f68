/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guest memory: bounds, cuts, copies of spaces that wait. */
#include "emu/machine/snapshot.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#define AT WINDOW_HEAP

static struct machine *machine;
static struct memory memory;

static void nothing(void *owner)
{
}

static int open_machine(void **state)
{
	int r = machine_new(&(struct machine_hooks){ .syscall = nothing }, &machine);

	memory = (struct memory){ .machine = machine, .held_max = 64 << 20 };
	return r;
}

static int close_machine(void **state)
{
	machine_free(machine);
	return 0;
}

static struct space *space_with(uint64_t pages, uint8_t protection)
{
	struct range r = { .start = AT, .end = AT + pages * GUEST_PAGE, .kind = RANGE_MEMORY, .protection = protection,
		.name = "" };
	struct space *s = NULL;

	assert_int_equal(space_new(&memory, &s), 0);
	assert_int_equal(space_add(s, &r), 0);
	return s;
}

static void nothing_is_reached_outside_the_ranges(void **state)
{
	struct space *s = space_with(2, RANGE_READ | RANGE_WRITE);

	assert_non_null(space_at(s, AT, 2 * GUEST_PAGE, RANGE_WRITE));
	assert_null(space_at(s, AT, 2 * GUEST_PAGE + 1, RANGE_READ));
	assert_null(space_at(s, AT - 1, 2, RANGE_READ));
	assert_null(space_at(s, 0, 1, RANGE_READ));
	assert_null(space_at(s, UINT64_MAX, 2, RANGE_READ));
	assert_null(space_at(s, AT, UINT64_MAX, RANGE_READ));
	assert_null(space_at(s, WINDOW_END, 1, RANGE_READ));
	assert_int_equal(space_reach(s, AT + GUEST_PAGE, UINT64_MAX, RANGE_READ), GUEST_PAGE);
	space_release(s);
}

static void read_only_memory_is_not_written(void **state)
{
	struct space *s = space_with(1, RANGE_READ);

	assert_int_equal(space_put(s, AT, "x", 1), -EFAULT);
	assert_int_equal(space_protect(s, AT, AT + GUEST_PAGE, RANGE_READ | RANGE_WRITE), 0);
	assert_int_equal(space_put(s, AT, "x", 1), 0);
	space_release(s);
}

static void a_hole_cut_into_a_range_is_one(void **state)
{
	struct space *s = space_with(3, RANGE_READ | RANGE_WRITE);

	assert_int_equal(space_put(s, AT + 2 * GUEST_PAGE, "end", 4), 0);
	assert_int_equal(space_remove(s, AT + GUEST_PAGE, AT + 2 * GUEST_PAGE), 0);
	assert_null(space_at(s, AT, 2 * GUEST_PAGE, RANGE_READ));
	assert_null(space_at(s, AT + GUEST_PAGE, 1, RANGE_READ));
	assert_string_equal((char *)space_at(s, AT + 2 * GUEST_PAGE, 4, RANGE_READ), "end");
	space_release(s);
	assert_int_equal(memory.held, 0);
}

static void memory_comes_zeroed_again(void **state)
{
	struct space *s = space_with(1, RANGE_READ | RANGE_WRITE);
	uint8_t zero[GUEST_PAGE] = { 0 };
	struct range r = { .start = AT, .end = AT + GUEST_PAGE, .kind = RANGE_MEMORY, .protection = RANGE_READ, .name = "" };

	assert_int_equal(space_put(s, AT, "secret", 6), 0);
	assert_int_equal(space_add(s, &r), 0);
	assert_memory_equal(space_at(s, AT, GUEST_PAGE, RANGE_READ), zero, GUEST_PAGE);
	space_release(s);
}

static void a_forked_space_has_its_own_bytes(void **state)
{
	struct space *parent = space_with(1, RANGE_READ | RANGE_WRITE), *child = NULL;
	char text[8] = "";

	assert_int_equal(space_put(parent, AT, "parent", 7), 0);
	assert_int_equal(space_fork(parent, 0, &child), 0);
	assert_int_equal(space_put(child, AT, "child", 6), 0);
	assert_int_equal(space_enter(parent), 0);
	assert_int_equal(space_get(parent, AT, text, 7), 0);
	assert_string_equal(text, "parent");
	assert_int_equal(space_enter(child), 0);
	assert_int_equal(space_get(child, AT, text, 7), 0);
	assert_string_equal(text, "child");
	space_release(child);
	space_release(parent);
}

static void more_than_all_may_hold_is_refused(void **state)
{
	struct range r = { .start = AT, .end = AT + (65 << 20), .kind = RANGE_MEMORY, .protection = RANGE_READ, .name = "" };
	struct space *s = NULL;

	assert_int_equal(space_new(&memory, &s), 0);
	assert_int_equal(space_add(s, &r), -ENOMEM);
	assert_true(memory.full);
	memory.full = false;
	/* addresses alone cost nothing until they may be used */
	r.protection = 0;
	assert_int_equal(space_add(s, &r), 0);
	assert_int_equal(memory.held, 0);
	assert_int_equal(space_protect(s, AT, AT + GUEST_PAGE, RANGE_READ | RANGE_WRITE), 0);
	assert_int_equal(memory.held, GUEST_PAGE);
	space_release(s);
	assert_int_equal(memory.held, 0);
}

static void ranges_outside_the_window_are_refused(void **state)
{
	struct range r = { .start = WINDOW_END - GUEST_PAGE, .end = WINDOW_END + GUEST_PAGE, .kind = RANGE_MEMORY,
		.protection = RANGE_READ, .name = "" };
	struct space *s = NULL;

	assert_int_equal(space_new(&memory, &s), 0);
	assert_int_equal(space_add(s, &r), -ERANGE);
	r.start = WINDOW_STACK;
	r.end = WINDOW_STACK + GUEST_PAGE;
	assert_int_equal(space_add(s, &r), -ERANGE);
	r.start = 0;
	r.end = GUEST_PAGE;
	assert_int_equal(space_add(s, &r), -ERANGE);
	space_release(s);
}

static void what_the_host_writes_over_code_is_what_runs(void **state)
{
	static const uint8_t one[] = { 0xb8, 1, 0, 0, 0, 0xf4 }, two[] = { 0xb8, 2, 0, 0, 0, 0xf4 };
	struct space *s = space_with(1, RANGE_READ | RANGE_WRITE | RANGE_EXECUTE);

	assert_int_equal(space_put(s, AT, one, sizeof(one)), 0);
	machine_set(machine, GPR_RIP, AT);
	assert_int_equal(machine_run(machine, 10), MACHINE_PRIVILEGE);
	assert_int_equal(machine_get(machine, GPR_RAX), 1);
	assert_int_equal(space_put(s, AT, two, sizeof(two)), 0);
	machine_set(machine, GPR_RIP, AT);
	assert_int_equal(machine_run(machine, 10), MACHINE_PRIVILEGE);
	assert_int_equal(machine_get(machine, GPR_RAX), 2);
	space_release(s);
}

/* Code in the second page stores this value over the operand in the first one. */
static void store(struct space *s, uint8_t value)
{
	const uint8_t code[] = { 0xc6, 0x04, 0x25, (uint8_t)(AT + 1), (uint8_t)(AT >> 8), (uint8_t)(AT >> 16),
		(uint8_t)(AT >> 24), value, 0xf4 };

	assert_int_equal(space_put(s, AT + GUEST_PAGE, code, sizeof(code)), 0);
	machine_set(machine, GPR_RIP, AT + GUEST_PAGE);
	assert_int_equal(machine_run(machine, 10), MACHINE_PRIVILEGE);
}

/* Stores into plain memory take a short way: not into what became code since. */
static void what_the_guest_stores_over_code_is_what_runs(void **state)
{
	static const uint8_t code[] = { 0xb8, 1, 0, 0, 0, 0xf4 };
	struct space *s = space_with(2, RANGE_READ | RANGE_WRITE);

	assert_int_equal(machine_reset(machine), 0);
	space_release(s);
	s = space_with(2, RANGE_READ | RANGE_WRITE);
	assert_int_equal(space_protect(s, AT + GUEST_PAGE, AT + 2 * GUEST_PAGE, RANGE_READ | RANGE_WRITE | RANGE_EXECUTE), 0);
	store(s, 9);
	assert_int_equal(*space_at(s, AT + 1, 1, RANGE_READ), 9);
	assert_int_equal(space_protect(s, AT, AT + GUEST_PAGE, RANGE_READ | RANGE_WRITE | RANGE_EXECUTE), 0);
	assert_int_equal(space_put(s, AT, code, sizeof(code)), 0);
	for (uint8_t value = 1; value < 6; value++) {
		if (value > 1)
			store(s, value);
		machine_set(machine, GPR_RIP, AT);
		assert_int_equal(machine_run(machine, 10), MACHINE_PRIVILEGE);
		assert_int_equal(machine_get(machine, GPR_RAX), value);
	}
	space_release(s);
}

static void plain_memory_is_not_executed(void **state)
{
	struct space *s = space_with(1, RANGE_READ | RANGE_WRITE);

	assert_int_equal(machine_reset(machine), 0);
	space_release(s);
	s = space_with(1, RANGE_READ | RANGE_WRITE);
	machine_set(machine, GPR_RIP, AT);
	assert_int_equal(machine_run(machine, 10), MACHINE_ACCESS);
	space_release(s);
}

static void a_snapshot_begins_again_whatever_was_written_since(void **state)
{
	enum { PAGES = 5 };
	struct space *s = space_with(PAGES, RANGE_READ | RANGE_WRITE);
	struct snapshot *kept = NULL;

	assert_int_equal(space_put(s, AT + GUEST_PAGE, "first", 6), 0);
	assert_int_equal(space_put(s, AT + 3 * GUEST_PAGE + 100, "second", 7), 0);
	assert_int_equal(snapshot_new(s, &kept), 0);
	space_release(s);
	assert_int_equal(machine_settle(machine), 0);
	for (unsigned round = 0; round < 4; round++) {
		uint64_t held = memory.held;
		const char *at;

		/* one that overwrites need not be told before */
		if (round % 2 == 0)
			snapshot_prepare(kept);
		assert_int_equal(machine_reset(machine), 0);
		assert_int_equal(snapshot_instance(kept, &memory, &s), 0);
		assert_int_equal(memory.held - held, PAGES * GUEST_PAGE);
		at = (const char *)space_at(s, AT, PAGES * GUEST_PAGE, RANGE_READ);
		assert_non_null(at);
		assert_string_equal(at + GUEST_PAGE, "first");
		assert_string_equal(at + 3 * GUEST_PAGE + 100, "second");
		for (unsigned i = 0; i < PAGES * GUEST_PAGE; i++)
			if (at[i] != 0 && !(i >= GUEST_PAGE && i < GUEST_PAGE + 6) &&
			    !(i >= 3 * GUEST_PAGE + 100 && i < 3 * GUEST_PAGE + 107))
				fail_msg("byte %u is %d", i, at[i]);
		memset(space_at(s, AT, PAGES * GUEST_PAGE, RANGE_WRITE), 0xa5, PAGES * GUEST_PAGE);
		space_release(s);
		assert_int_equal(memory.held, held);
	}
	snapshot_free(kept);
}

/* A program's image that stores rdi at rdi and so on, page after page, rcx times. */
static void store_in_pages(struct space *s, uint64_t first, uint64_t count)
{
	static const uint8_t code[] = { 0x48, 0x89, 0x3f, 0x48, 0x81, 0xc7, 0, 0x10, 0, 0, 0x48, 0xff, 0xc9, 0x75, 0xf1, 0xf4 };
	static uint8_t *file;
	struct range image = { .start = WINDOW_IMAGES, .end = WINDOW_IMAGES + GUEST_PAGE, .kind = RANGE_IMAGE,
		.protection = RANGE_READ | RANGE_EXECUTE, .name = "" };

	if (file == NULL) {
		file = mmap(NULL, GUEST_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		assert_true(file != MAP_FAILED);
		memcpy(file, code, sizeof(code));
	}
	image.source = file;
	assert_int_equal(space_add(s, &image), 0);
	machine_set(machine, GPR_RDI, first);
	machine_set(machine, GPR_RCX, count);
	machine_set(machine, GPR_RIP, WINDOW_IMAGES);
	assert_int_equal(machine_run(machine, 1 << 20), MACHINE_PRIVILEGE);
	assert_int_equal(*(const uint64_t *)(const void *)space_at(s, first, 8, RANGE_READ), first);
}

static bool all_zero(const uint8_t *at, uint64_t len)
{
	return at[0] == 0 && memcmp(at, at + 1, len - 1) == 0;
}

/* Few pages are zeroed one by one, many at once; and the engine knows its way to them from the runs before. */
static void what_a_guest_stored_is_gone_in_the_next_run(void **state)
{
	static const uint64_t pages[] = { 3, 3, 6000, 2, 5, 6000, 6000, 7 };

	for (unsigned i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		uint64_t len = pages[i] * GUEST_PAGE;
		struct space *s;

		assert_int_equal(machine_reset(machine), 0);
		s = space_with(pages[i], RANGE_READ | RANGE_WRITE);
		assert_true(all_zero(machine_host(machine, AT), len));
		store_in_pages(s, AT, pages[i]);
		/* what comes again in the same run is zero, too */
		assert_int_equal(space_remove(s, AT, AT + GUEST_PAGE), 0);
		assert_int_equal(space_add(s, &(struct range){ .start = AT, .end = AT + GUEST_PAGE, .kind = RANGE_MEMORY,
		    .protection = RANGE_READ | RANGE_WRITE, .name = "" }), 0);
		assert_true(all_zero(machine_host(machine, AT), GUEST_PAGE));
		store_in_pages(s, AT, 1);
		space_release(s);
		if (i == 2)
			assert_int_equal(machine_settle(machine), 0);
	}
}

static void snapshots_that_take_turns_show_each_its_own(void **state)
{
	enum { PAGES = 4, KINDS = 2, ROUNDS = 12 };
	struct snapshot *kept[KINDS];
	uint8_t was[KINDS][PAGES * GUEST_PAGE];

	for (unsigned i = 0; i < KINDS; i++) {
		struct space *s;

		assert_int_equal(machine_reset(machine), 0);
		s = space_with(PAGES, RANGE_READ | RANGE_WRITE);
		assert_int_equal(space_put(s, AT, "both", 4), 0);
		assert_int_equal(space_put(s, AT + GUEST_PAGE, i == 0 ? "one" : "two", 3), 0);
		if (i == 0)
			assert_int_equal(space_put(s, AT + 2 * GUEST_PAGE, "alone", 5), 0);
		memcpy(was[i], space_at(s, AT, PAGES * GUEST_PAGE, RANGE_READ), PAGES * GUEST_PAGE);
		assert_int_equal(snapshot_new(s, &kept[i]), 0);
		space_release(s);
	}
	for (unsigned round = 0; round < ROUNDS; round++) {
		unsigned now = round / 3 % KINDS;
		struct space *s;

		/* one that is not the one that was prepared, or none, is as good */
		if (round % 4 != 1)
			snapshot_prepare(kept[round % 5 == 4 ? 1 - now : now]);
		assert_int_equal(machine_reset(machine), 0);
		assert_int_equal(snapshot_instance(kept[now], &memory, &s), 0);
		assert_memory_equal(space_at(s, AT, PAGES * GUEST_PAGE, RANGE_READ), was[now], PAGES * GUEST_PAGE);
		store_in_pages(s, AT + round % PAGES * GUEST_PAGE, 1 + round % 2 * (PAGES - 1 - round % PAGES));
		space_release(s);
	}
	/* what goes while it is laid leaves nothing */
	for (unsigned i = 0; i < KINDS; i++)
		snapshot_free(kept[i]);
	assert_int_equal(machine_reset(machine), 0);
	assert_true(all_zero(machine_host(machine, AT), PAGES * GUEST_PAGE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_reached_outside_the_ranges),
		cmocka_unit_test(a_snapshot_begins_again_whatever_was_written_since),
		cmocka_unit_test(what_a_guest_stored_is_gone_in_the_next_run),
		cmocka_unit_test(snapshots_that_take_turns_show_each_its_own),
		cmocka_unit_test(read_only_memory_is_not_written),
		cmocka_unit_test(a_hole_cut_into_a_range_is_one),
		cmocka_unit_test(memory_comes_zeroed_again),
		cmocka_unit_test(a_forked_space_has_its_own_bytes),
		cmocka_unit_test(more_than_all_may_hold_is_refused),
		cmocka_unit_test(ranges_outside_the_window_are_refused),
		cmocka_unit_test(what_the_host_writes_over_code_is_what_runs),
		cmocka_unit_test(what_the_guest_stores_over_code_is_what_runs),
		cmocka_unit_test(plain_memory_is_not_executed),
	};

	return cmocka_run_group_tests(tests, open_machine, close_machine);
}
