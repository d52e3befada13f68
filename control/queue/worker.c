/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames to and from one emulation worker. Peer: emu/pool/worker.c. */
#include "control/queue/worker.h"

#include "control/wire/frame.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RECEIVE_FIRST = 64 << 10 /* bytes a receive buffer begins with; it grows to the frame's length */ };

void answer_free(struct answer *a)
{
	if (a == NULL)
		return;
	report_free(a->report);
	free(a->memory);
	*a = (struct answer){ 0 };
}

int worker_give_up(const struct worker *w, enum stopped_by why, struct answer *ret)
{
	const struct report bare = { .job_id = w->job_id, .language = w->language, .stopped_by = why };
	struct report *report = NULL;
	uint8_t raw[256];
	struct sink s = sink_over(raw, sizeof(raw));
	struct bytes b;
	int r;

	report_encode(&s, &bare);
	if ((r = sink_done(&s, &b)) < 0 || (r = report_decode(&b, &report)) < 0)
		return r;
	*ret = (struct answer){ .job_id = w->job_id, .report = report };
	return 0;
}

void worker_close(struct worker *w)
{
	if (w->state == WORKER_ABSENT)
		return;
	if (w->process >= 0) {
		syscall(SYS_pidfd_send_signal, w->process, SIGKILL, NULL, 0); /* it may be dead already */
		close(w->process);
	}
	close(w->fd); /* leaves any epoll set with it: no other process of ours holds this socket */
	free(w->in);
	free(w->out);
	*w = (struct worker){ .fd = -1, .process = -1 };
}

/* A whole report frame leaves with the receive buffer; what came after it moves to a fresh one. */
static int report_take(struct worker *w, struct bytes body, struct bytes rest, struct answer *ret)
{
	struct report *report = NULL;
	uint8_t *fresh = NULL;
	int r = -EBADMSG;

	if (w->state != WORKER_BUSY || rest.left > RECEIVE_FIRST)
		goto out;
	if ((r = report_decode(&body, &report)) < 0)
		goto out;
	r = -EBADMSG;
	if (report->job_id != w->job_id || body.left != 0)
		goto out;
	r = -ENOMEM;
	if ((fresh = malloc(RECEIVE_FIRST)) == NULL)
		goto out;
	if (rest.left > 0)
		memcpy(fresh, rest.at, rest.left);
	*ret = (struct answer){ .job_id = w->job_id, .report = report, .memory = w->in };
	w->in = fresh;
	w->in_size = RECEIVE_FIRST;
	w->in_used = rest.left;
	w->state = WORKER_STARTING; /* until it says READY again */
	return 1;
out:
	report_free(report);
	return r;
}

/* Takes the frames that are whole: as worker_read(); *need gets the bytes that the next one wants. */
static int frames_take(struct worker *w, struct answer *ret, size_t *need)
{
	struct bytes received = bytes_of(w->in, w->in_used);
	struct frame f;
	int r;

	*need = FRAME_HEAD;
	while ((r = frame_take(&received, REPORT_MAX, &f, need)) == 0) {
		if (f.kind == FRAME_REPORT)
			return report_take(w, f.body, received, ret);
		if (f.kind != FRAME_READY || f.body.left != 0 || w->state != WORKER_STARTING)
			return -EBADMSG;
		w->state = WORKER_IDLE;
	}
	if (r != -EAGAIN)
		return r;
	if (received.left > 0 && received.at != w->in)
		memmove(w->in, received.at, received.left);
	w->in_used = received.left;
	return 0;
}

/* Room for need bytes in all. */
static int in_grow(struct worker *w, size_t need)
{
	size_t size = w->in_size > 0 ? w->in_size : RECEIVE_FIRST;
	uint8_t *more;

	while (size < need)
		size *= 2;
	if (size == w->in_size)
		return 0;
	if ((more = realloc(w->in, size)) == NULL)
		return -ENOMEM;
	w->in = more;
	w->in_size = size;
	return 0;
}

int worker_read(struct worker *w, struct answer *ret)
{
	for (;;) {
		size_t need;
		ssize_t n;
		int r = frames_take(w, ret, &need);

		if (r != 0)
			return r;
		if ((r = in_grow(w, need)) < 0)
			return r;
		n = recv(w->fd, w->in + w->in_used, w->in_size - w->in_used, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n <= 0)
			return -EPIPE;
		w->in_used += (size_t)n;
	}
}

int worker_write(struct worker *w)
{
	while (w->out_used < w->out_size) {
		ssize_t n = send(w->fd, w->out + w->out_used, w->out_size - w->out_used, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -EAGAIN : -EPIPE;
		w->out_used += (size_t)n;
	}
	free(w->out);
	w->out = NULL;
	w->out_size = w->out_used = 0;
	return 0;
}

int worker_begin(struct worker *w, const struct job *j, uint64_t deadline_ns)
{
	size_t size = FRAME_HEAD + 64 + JOB_PROFILE_MAX + j->code.left + j->request.left, begun;
	uint8_t *raw;
	struct sink s;

	if (j->code.left > JOB_SAMPLE_MAX || j->request.left > JOB_REQUEST_MAX || j->profile.left > JOB_PROFILE_MAX)
		return -EMSGSIZE;
	if ((raw = malloc(size)) == NULL)
		return -ENOMEM;
	s = sink_over(raw, size);
	begun = frame_begin(&s, FRAME_JOB);
	job_encode(&s, j);
	frame_end(&s, begun);
	w->out = raw;
	w->out_size = s.used;
	w->out_used = 0;
	w->state = WORKER_BUSY;
	w->job_id = j->id;
	w->language = j->language;
	w->deadline_ns = deadline_ns;
	return 0;
}
