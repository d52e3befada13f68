/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ring to control: order, wrapping, a full ring, two processes, and a producer that lies. */
#include "control/wire/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAGE = 4096 };

struct ends {
	int fd;
	struct ring *up, *down;
};

static struct ends ends_open(void)
{
	struct ends e = { .fd = rings_create(2, RING_SIZE_MIN) };

	assert_true(e.fd >= 0);
	assert_int_equal(ring_open(e.fd, 1, &e.up), 0);
	assert_int_equal(ring_open(e.fd, 1, &e.down), 0);
	return e;
}

static void ends_close(struct ends e)
{
	ring_close(e.up);
	ring_close(e.down);
	close(e.fd);
}

/* A record that tells its number and length in every byte. */
static int send_number(struct ring *up, uint32_t number, size_t len)
{
	struct sink s;
	int r = ring_reserve(up, len, &s);

	if (r < 0)
		return r;
	sink_u32le(&s, number);
	while (s.used < len)
		sink_u8(&s, (uint8_t)(number + s.used));
	ring_commit(up, s.used);
	return 0;
}

static void expect_number(struct ring *down, uint32_t number, size_t len)
{
	struct bytes b;
	uint32_t got;

	assert_int_equal(ring_peek(down, &b), 0);
	assert_int_equal(b.left, len);
	assert_int_equal(bytes_u32le(&b, &got), 0);
	assert_int_equal(got, number);
	for (size_t i = 0; i < b.left; i++)
		if (b.at[i] != (uint8_t)(number + 4 + i))
			fail_msg("byte %zu of record %u differs", i, number);
	ring_release(down);
}

static size_t length_of(uint32_t number)
{
	return 4 + number * 7919u % 60000u;
}

static void records_come_out_in_order_across_many_wraps(void **state)
{
	struct ends e = ends_open();
	struct bytes b;

	for (uint32_t i = 0; i < 2000; i++) {
		assert_int_equal(send_number(e.up, 2 * i, length_of(2 * i)), 0);
		assert_int_equal(send_number(e.up, 2 * i + 1, 4), 0);
		expect_number(e.down, 2 * i, length_of(2 * i));
		expect_number(e.down, 2 * i + 1, 4);
	}
	assert_int_equal(ring_peek(e.down, &b), -EAGAIN);
	ends_close(e);
}

static void a_full_ring_says_so_and_loses_nothing(void **state)
{
	struct ends e = ends_open();
	uint32_t sent = 0;

	while (send_number(e.up, sent, 50000) == 0)
		sent++;
	assert_true(sent >= 19 && sent <= 21);
	for (uint32_t i = 0; i < sent; i++)
		expect_number(e.down, i, 50000);
	assert_int_equal(send_number(e.up, 7, 50000), 0);
	expect_number(e.down, 7, 50000);
	ends_close(e);
}

static void room_is_what_reserve_really_gives(void **state)
{
	struct ends e = ends_open();
	struct sink s;

	for (uint32_t i = 0; i < 5000; i++) {
		size_t room = ring_room(e.up);

		if (room > 0)
			assert_int_equal(ring_reserve(e.up, room, &s), 0);
		if (i % 3 != 2 && send_number(e.up, i, length_of(i)) == 0)
			continue;
		struct bytes b;
		if (ring_peek(e.down, &b) == 0)
			ring_release(e.down);
	}
	ends_close(e);
}

static void a_record_that_could_never_fit_is_refused_at_once(void **state)
{
	struct ends e = ends_open();
	struct sink s;

	assert_int_equal(ring_reserve(e.up, RING_SIZE_MIN, &s), -EMSGSIZE);
	assert_int_equal(ring_reserve(e.up, RECORD_MAX + 1, &s), -EMSGSIZE);
	ends_close(e);
}

static void an_unsealed_or_foreign_file_is_not_a_ring(void **state)
{
	int fd = memfd_create("test", MFD_ALLOW_SEALING);
	struct ring *r;

	assert_int_equal(ftruncate(fd, 3 << 20), 0);
	assert_int_equal(ring_open(fd, 0, &r), -EINVAL);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL), 0);
	assert_int_equal(ring_open(fd, 0, &r), -EINVAL);
	assert_int_equal(rings_count(fd), 0);
	close(fd);
	fd = rings_create(3, RING_SIZE_MIN);
	assert_int_equal(rings_count(fd), 3);
	assert_int_equal(ring_open(fd, 3, &r), -EINVAL);
	assert_true(ftruncate(fd, 0) < 0);
	close(fd);
	assert_int_equal(rings_create(1, RING_SIZE_MIN + 1), -EINVAL);
	assert_int_equal(rings_create(0, RING_SIZE_MIN), -EINVAL);
	assert_int_equal(rings_create(RINGS_MAX + 1, RING_SIZE_MIN), -EINVAL);
}

static void two_processes_agree_on_every_byte(void **state)
{
	enum { RECORDS = 30000 };
	struct ends e = ends_open();
	pid_t child = fork();
	int status;

	if (child == 0) {
		for (uint32_t i = 0; i < RECORDS; i++)
			while (send_number(e.up, i, 4 + i * 31u % 3000u) == -ENOBUFS)
				sched_yield();
		_exit(0);
	}
	for (uint32_t i = 0; i < RECORDS; i++) {
		struct bytes b;

		while (ring_peek(e.down, &b) == -EAGAIN)
			sched_yield();
		expect_number(e.down, i, 4 + i * 31u % 3000u);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	ends_close(e);
}

/* What a producer that has been taken over could write into the shared pages. */
struct lie {
	uint64_t head, at;
	uint32_t len;
};

static void a_lying_producer_is_found_out(void **state)
{
	static const struct lie lies[] = {
		{ .head = 4 << 20 },                                  /* more than the ring holds */
		{ .head = UINT64_MAX },
		{ .head = 4 },                                        /* no room for a header */
		{ .head = 64, .len = 57 },                            /* longer than what was published */
		{ .head = 64, .len = UINT32_MAX - 1 },
		{ .head = RING_SIZE_MIN, .len = RING_SIZE_MIN - 8 },  /* longer than a record may be */
		{ .head = 64, .len = UINT32_MAX },                    /* a wrap with nothing behind it */
		{ .head = RING_SIZE_MIN, .len = UINT32_MAX },
	};

	for (size_t i = 0; i < COUNT_OF(lies); i++) {
		struct ends e = ends_open();
		uint8_t *raw = mmap(NULL, PAGE + RING_SIZE_MIN, PROT_READ | PROT_WRITE, MAP_SHARED, e.fd,
		                    PAGE + PAGE + RING_SIZE_MIN);
		struct bytes b;

		assert_true(raw != MAP_FAILED);
		memcpy(raw + PAGE + lies[i].at, &lies[i].len, sizeof(lies[i].len));
		memcpy(raw, &lies[i].head, sizeof(lies[i].head));
		assert_int_equal(ring_peek(e.down, &b), -EBADMSG);
		assert_int_equal(ring_peek(e.down, &b), -EBADMSG);
		munmap(raw, PAGE + RING_SIZE_MIN);
		ends_close(e);
	}
}

static void a_lying_consumer_gives_no_room(void **state)
{
	struct ends e = ends_open();
	uint64_t tail = 1 << 30;
	uint8_t *raw = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, e.fd, PAGE + PAGE + RING_SIZE_MIN);
	struct sink s;

	assert_true(raw != MAP_FAILED);
	memcpy(raw + 64, &tail, sizeof(tail));
	assert_int_equal(ring_room(e.up), 0);
	while (ring_reserve(e.up, 100000, &s) == 0)
		ring_commit(e.up, 100000);
	munmap(raw, PAGE);
	ends_close(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_out_in_order_across_many_wraps),
		cmocka_unit_test(a_full_ring_says_so_and_loses_nothing),
		cmocka_unit_test(room_is_what_reserve_really_gives),
		cmocka_unit_test(a_record_that_could_never_fit_is_refused_at_once),
		cmocka_unit_test(an_unsealed_or_foreign_file_is_not_a_ring),
		cmocka_unit_test(two_processes_agree_on_every_byte),
		cmocka_unit_test(a_lying_producer_is_found_out),
		cmocka_unit_test(a_lying_consumer_gives_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
