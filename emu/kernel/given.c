/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the first process finds as its standard input: nothing, the attack code as a stream, or a web server that asks
 * over FastCGI. Until the bytes are there a reader waits, which is where it is kept warm.
 */
#include "emu/kernel/socket.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>

static int64_t stream_read(struct kernel *k, struct file *f, uint8_t *to, uint64_t len)
{
	struct given *g = &k->given;

	if (!g->there)
		return -EAGAIN;
	if (len > g->bytes.left)
		len = g->bytes.left;
	if (len != 0)
		memcpy(to, g->bytes.at, len);
	g->bytes = bytes_of(g->bytes.at + len, g->bytes.left - len);
	return (int64_t)len;
}

static short stream_poll(struct kernel *k, struct file *f)
{
	return k->given.there ? POLLIN : 0;
}

/* The application's answer, taken apart into what the web server sends on and what it logs. */
static int64_t front_write(struct kernel *k, struct file *f, const uint8_t *from, uint64_t len)
{
	struct bytes in = bytes_of(from, len), part;
	enum fastcgi_part what;

	while ((what = fastcgi_step(&k->given.reply, &in, &part)) != FASTCGI_NOTHING)
		if (record_output(k->world->record, what == FASTCGI_BODY ? STREAM_OUT : STREAM_ERR, part) < 0)
			kernel_stop(k, STOPPED_OUTPUT);
	return (int64_t)len;
}

static short front_poll(struct kernel *k, struct file *f)
{
	return POLLIN | POLLOUT;
}

static const struct file_kind file_stream = { "pipe", stream_read, NULL, stream_poll, NULL, NULL };
static const struct file_kind file_front = { "socket", stream_read, front_write, front_poll, NULL, NULL };

/* The socket that a server's master process made, listening already. */
static struct file *listener(struct kernel *k)
{
	struct file *f = socket_file(k, AF_UNIX, SOCK_STREAM, 0);

	if (f != NULL)
		f->socket->listening = true;
	return f;
}

int given_open(struct kernel *k, struct files *files, enum given_kind kind)
{
	struct file *f = kind == GIVEN_REQUEST ? listener(k) : file_new(&file_stream, O_RDONLY);

	if (f == NULL)
		return -ENOMEM;
	file_release(k, files->at[0].file);
	files->at[0].file = f;
	k->given = (struct given){ .kind = kind };
	return 0;
}

int given_arrive(struct kernel *k, struct files *files, struct bytes bytes)
{
	struct socket *s = k->given.kind == GIVEN_REQUEST ? files->at[0].file->socket : NULL;

	k->given.bytes = bytes;
	k->given.there = true;
	if (s == NULL)
		return 0;
	if ((s->waiting[0] = file_new(&file_front, O_RDWR)) == NULL)
		return -ENOMEM;
	s->waiting_count = 1;
	return 0;
}

bool given_awaited(const struct kernel *k, const struct process *p)
{
	return !k->given.there && k->given.kind != GIVEN_NOTHING && p->state == PROCESS_WAITING && p->in_call &&
	    p->wait.watches_count == 1 && p->wait.watches[0].file == p->files->at[0].file;
}

bool given_answered(const struct kernel *k)
{
	return k->given.kind == GIVEN_REQUEST && k->given.reply.ended;
}
