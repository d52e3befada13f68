/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starts a dataplane as konseki replay does and prints every record of its rings, one a line, in the order of capture,
 * packet and kind. usage: records PROGRAM CONFIG LANES CAPTURE...
 * --late: records may come behind their mark; --counters: counters too; --stop: hang up at once; --live: no captures,
 * hang up at the end of stdin.
 */
#include "control/wire/case.h"
#include "control/wire/counters.h"
#include "control/wire/history.h"
#include "control/wire/record.h"
#include "control/wire/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINES_MAX = 1 << 20, LINE = 512 };

struct lane_state {
	struct ring *ring;
	unsigned capture, ends;
	uint64_t mark_ns;
};

struct line {
	unsigned capture;
	uint64_t packet;
	char text[LINE];
};

static struct line *lines;
static size_t lines_count;
static bool with_counters, may_be_late;
static int broken; /* an order that the lanes promised was not kept */

static struct line *add_line(unsigned capture, uint64_t packet)
{
	if (lines_count == LINES_MAX)
		exit(1);
	lines[lines_count] = (struct line){ .capture = capture, .packet = packet };
	return &lines[lines_count++];
}

static int by_place(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->capture != y->capture)
		return x->capture < y->capture ? -1 : 1;
	if (x->packet != y->packet)
		return x->packet < y->packet ? -1 : 1;
	return strcmp(x->text, y->text);
}

static void put_history(struct lane_state *l, struct bytes b)
{
	char src[ADDRESS_TEXT], dst[ADDRESS_TEXT];
	struct history h;
	struct line *to;

	if (history_decode(&b, &h) < 0)
		exit(1);
	if (h.time_ns < l->mark_ns && !may_be_late) {
		fprintf(stderr, "packet %lu, kind %d, came %lu ns behind its low-water mark\n", h.packet, (int)h.kind,
		        l->mark_ns - h.time_ns);
		broken = 1;
	}
	to = add_line(l->capture, h.packet);
	snprintf(to->text, LINE, "%u packet %lu time %lu kind %d flow %lu %s:%u > %s:%u proto %u vlan %u sample %zu",
	         l->capture, h.packet, h.time_ns, (int)h.kind, h.flow_id, address_format(&h.tuple.src, src),
	         h.tuple.sport, address_format(&h.tuple.dst, dst), h.tuple.dport, h.tuple.protocol, h.tuple.vlan,
	         h.sample.left);
}

static void put_case(struct lane_state *l, struct bytes b)
{
	static struct segment_mark marks[CASE_SEGMENTS_MAX * PART_COUNT];
	struct case_record c;
	struct line *to;
	size_t kept = 0;
	uint64_t seen = 0;

	if (case_decode(&b, marks, &c) < 0)
		exit(1);
	for (unsigned i = 0; i < PART_COUNT; i++) {
		kept += c.parts[i].head.left + c.parts[i].tail.left;
		seen += c.parts[i].seen;
	}
	to = add_line(l->capture, c.request_last_packet);
	snprintf(to->text, LINE, "%u packet %lu case flow %lu tx %u state %d alerts %u kept %zu seen %lu answer at %lu",
	         l->capture, c.request_last_packet, c.flow_id, c.tx_id, (int)c.state, c.alerts_count, kept, seen,
	         c.response_first_ns);
}

static void put_counters(struct bytes b)
{
	struct lane_counters c;

	if (!with_counters || counters_decode(&b, &c) < 0)
		return;
	for (unsigned i = 0; i < COUNTER_COUNT; i++)
		if (c.value[i] != 0)
			printf("lane %u %s %lu\n", c.lane, counter_row(i)->name, c.value[i]);
}

static void put_capture(struct lane_state *l, uint8_t kind, struct bytes b)
{
	struct capture_mark c;

	if (capture_mark_decode(&b, &c) < 0 || c.index != l->ends)
		exit(1);
	l->capture = c.index;
	l->mark_ns = 0;
	if (kind == RECORD_CAPTURE)
		return;
	l->ends++;
	struct line *to = add_line(c.index, UINT64_MAX);
	snprintf(to->text, LINE, "%u end packets %lu error %s text %.*s", c.index, c.packets,
	         c.error == 0 ? "none" : strerrorname_np((int)c.error), (int)c.text.left, (const char *)c.text.at);
}

static void take(struct lane_state *l, struct bytes b)
{
	struct watermark w;
	uint8_t kind;

	if (bytes_u8(&b, &kind) < 0)
		exit(1);
	switch (kind) {
	case RECORD_HISTORY:
		put_history(l, b);
		break;
	case RECORD_WATERMARK:
		if (watermark_decode(&b, &w) < 0 || w.time_ns < l->mark_ns)
			exit(1);
		l->mark_ns = w.time_ns;
		break;
	case RECORD_CAPTURE:
	case RECORD_END:
		put_capture(l, kind, b);
		break;
	case RECORD_COUNTERS:
		put_counters(b);
		break;
	case RECORD_CASE:
		put_case(l, b);
		break;
	default:
		exit(1);
	}
}

static pid_t start(char **argv, int captures, char **names, int rings, int courier)
{
	char **args = calloc(10 + 2 * (size_t)captures, sizeof(*args));
	char ring_text[16], courier_text[16];
	int n = 0;
	pid_t pid = fork();

	if (pid != 0) {
		free(args);
		return pid;
	}
	fcntl(rings, F_SETFD, 0);
	fcntl(courier, F_SETFD, 0);
	snprintf(ring_text, sizeof(ring_text), "%d", rings);
	snprintf(courier_text, sizeof(courier_text), "%d", courier);
	char *fixed[] = { argv[1], "-c", argv[2], "--rings", ring_text, "--courier", courier_text };
	for (size_t i = 0; i < COUNT_OF(fixed); i++)
		args[n++] = fixed[i];
	for (int i = 0; i < captures; i++) {
		args[n++] = "--replay";
		args[n++] = names[i];
	}
	execv(argv[1], args);
	_exit(127);
}

static bool drain(struct lane_state *lanes, unsigned count)
{
	bool any = false;
	struct bytes b;

	for (unsigned i = 0; i < count; i++) {
		while (ring_peek(lanes[i].ring, &b) == 0) {
			take(&lanes[i], b);
			ring_release(lanes[i].ring);
			any = true;
		}
	}
	return any;
}

int main(int argc, char **argv)
{
	bool hang_up = false, live = false, up = false;
	int sockets[2], rings, status = 0;
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	struct lane_state lanes[64] = { 0 };
	unsigned count;
	pid_t pid, ended;

	for (; argc > 1 && strncmp(argv[1], "--", 2) == 0; argv++, argc--) {
		hang_up = hang_up || strcmp(argv[1], "--stop") == 0;
		with_counters = with_counters || strcmp(argv[1], "--counters") == 0;
		live = live || strcmp(argv[1], "--live") == 0;
		may_be_late = may_be_late || strcmp(argv[1], "--late") == 0;
	}
	if (argc < 4 || (argc == 4 && !live) || (lines = calloc(LINES_MAX, sizeof(*lines))) == NULL)
		return 2;
	count = (unsigned)atoi(argv[3]);
	rings = rings_create(count, 16 << 20);
	if (rings < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
		return 1;
	for (unsigned i = 0; i < count; i++)
		if (ring_open(rings, i, &lanes[i].ring) < 0)
			return 1;
	pid = start(argv, argc - 4, argv + 4, rings, sockets[1]);
	close(sockets[1]);
	if (hang_up)
		close(sockets[0]);
	do {
		ended = waitpid(pid, &status, WNOHANG);
		if (!drain(lanes, count)) {
			usleep(200);
		} else if (live && !up) {
			up = true;
			fputs("up\n", stderr); /* a lane has said how far it is */
		}
		if (live && poll(&in, 1, 0) > 0) {
			live = false;
			close(sockets[0]);
		}
	} while (ended == 0);
	drain(lanes, count);
	qsort(lines, lines_count, sizeof(*lines), by_place);
	for (size_t i = 0; i < lines_count; i++) /* every lane tells a capture's end: once will do */
		if (i == 0 || strcmp(lines[i].text, lines[i - 1].text) != 0)
			puts(lines[i].text);
	for (unsigned i = 0; i < count; i++)
		ring_close(lanes[i].ring);
	return broken ? 1 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
