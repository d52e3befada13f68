/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets of guest processes, as the files of emu/kernel that work on them see them. */
#ifndef EMU_KERNEL_SOCKET_H
#define EMU_KERNEL_SOCKET_H

#include "emu/kernel/inside.h"
#include "emu/world/network.h"

#include <sys/socket.h>

/* One direction between two sockets of the guest. */
struct channel {
	unsigned refs;
	bool closed;            /* by the writer */
	size_t used;
	uint8_t at[PIPE_BYTES];
};

struct socket {
	int family, type, protocol;
	struct peer *peer;             /* outside; NULL: none yet, or the other end is a guest's too */
	struct channel *in, *out;      /* inside */
	bool listening, connected, visited;
	struct address address;        /* its own */
	uint16_t port;
	unsigned waiting_count;
	struct file *waiting[16];      /* guests that connected to this listener: their far ends */
};

struct socket *socket_of(struct kernel *, uint64_t fd, int *error);
struct file *socket_file(int family, int type, int protocol);
/* Connects two sockets of the guest. */
must_check int socket_join(struct socket *, struct socket *);
int sockaddr_read(struct kernel *, uint64_t at, uint64_t len, struct address *, uint16_t *port);
/* Whatever family it names. */
int sockaddr_read_as(struct kernel *, int family, uint64_t at, uint64_t len, struct address *, uint16_t *port);
int sockaddr_write(struct kernel *, int family, const struct address *, uint16_t port, uint64_t at, uint64_t len_at);
/* The guest's own listener on this port; NULL: none. */
struct socket *socket_listener(struct kernel *, uint16_t port);
int64_t socket_send(struct kernel *, struct file *, const struct address *to, uint16_t port, struct bytes);
int64_t socket_receive(struct kernel *, struct file *, uint8_t *to, uint64_t len, bool peek, struct address *from,
    uint16_t *port);

#endif
