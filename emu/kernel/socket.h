/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets of guest processes, as the files of emu/kernel that work on them see them. */
#ifndef EMU_KERNEL_SOCKET_H
#define EMU_KERNEL_SOCKET_H

#include "emu/kernel/inside.h"
#include "emu/world/network.h"

#include <sys/socket.h>
#include <sys/un.h>

enum {
	BACKLOG_MAX = 64, OPTIONS_MAX = 32,
	PARCELS_MAX = 64,  /* messages that wait at a socket, and descriptors that travel with one */
	PASSED_MAX = 16,
	MESSAGE_MAX = 64 << 10,
};

/* The name of one end: an address and port, or a path. */
struct end {
	struct address address;
	uint16_t port;
	uint32_t path_len;         /* of a local socket; 0: it has no name */
	char path[108];            /* not NUL-ended; abstract ones begin with NUL */
};

/* A message between two sockets of the guest, or descriptors that travel at a place of a stream. */
struct parcel {
	struct parcel *next;
	struct end from;
	uint64_t at;               /* of a stream: how many bytes came before */
	unsigned passed_count;
	struct file *passed[PASSED_MAX];
	size_t len;
	uint8_t bytes[];
};

struct parcels {
	unsigned count;
	struct parcel *first, *last;
};

/* One direction between two connected sockets of the guest. */
struct channel {
	unsigned refs;
	bool closed;               /* by the writer */
	bool deaf;                 /* the reader has gone, or reads no more */
	size_t used;
	uint64_t written, taken;   /* since it was made */
	struct parcels parcels;    /* packets, or what travels with the stream */
	uint8_t at[PIPE_BYTES];
};

struct socket {
	struct socket *next;           /* all of them */
	int family, type, protocol;
	struct peer *peer;             /* outside; NULL: none yet, or the other end is a guest's too */
	struct channel *in, *out;      /* inside */
	struct parcels arrived;        /* datagrams of other guests */
	uint64_t arrived_count;
	bool listening, connected, bound, visited, visited_once;
	bool shut_in, shut_out;
	int error;                     /* what the next call fails with; positive */
	struct end own, far;
	struct node *node;             /* of a path that it is bound to */
	struct ucred who;              /* of the other end, when it connected */
	uint64_t receive_ns, send_ns;  /* timeouts; 0: none */
	unsigned options_count;
	struct option { int level, name, value; } options[OPTIONS_MAX];
	unsigned backlog, waiting_count;
	struct file *waiting[BACKLOG_MAX]; /* guests that connected to this listener: their far ends */
};

struct ucred socket_me(const struct kernel *);     /* the current process, as the other end is told */
uint16_t socket_free_port(struct kernel *);        /* one that nobody else has */
struct socket *socket_of(struct kernel *, uint64_t fd, int *error);
struct file *socket_file(struct kernel *, int family, int type, int protocol);
/* Connects two sockets of the guest. */
must_check int socket_join(struct socket *, struct socket *);
/* The guest's own listener, or datagram socket, at this place; NULL: none. */
struct socket *socket_at(struct kernel *, int type, const struct end *);
void socket_put(struct parcels *, struct parcel *);
struct parcel *socket_next(struct parcels *); /* takes the first */
void parcel_free(struct kernel *, struct parcel *);
bool socket_packets(const struct socket *); /* keeps messages apart */

/* What one call sends or receives, but for the bytes. */
struct letter {
	struct end *end;           /* to whom, or from whom; NULL: whoever is connected */
	bool peek, no_signal;
	size_t whole;              /* received: the message's length */
	unsigned passed_count;
	struct file *passed[PASSED_MAX];
};
int64_t socket_send(struct kernel *, struct file *, struct letter *, struct bytes);
int64_t socket_receive(struct kernel *, struct file *, struct letter *, uint8_t *to, uint64_t len);
/* What a call returns that found -EAGAIN: it waits, unless it must not, or has waited long enough. */
int64_t socket_wait(struct kernel *, struct file *, short events, uint64_t flags);

/* own.c: what an attack's code that looks for its own connection is told, if s is that */
void own_port(struct kernel *, struct socket *s);
void own_tag(struct kernel *, struct socket *s);

/* netlink.c */
int64_t netlink_send(struct kernel *, struct socket *, struct bytes); /* requests; the answers wait at the socket */
void netlink_bind(struct kernel *, struct socket *, uint32_t pid);    /* 0: any */
int netlink_address(struct kernel *, const struct socket *, bool own, uint64_t at, uint64_t len_at);

/* sockaddr.c */
int sockaddr_read(struct kernel *, uint64_t at, uint64_t len, struct end *ret);
/* Whatever family it names; AF_UNSPEC: that one. */
int sockaddr_read_as(struct kernel *, int family, uint64_t at, uint64_t len, struct end *ret);
int sockaddr_write(struct kernel *, int family, const struct end *, uint64_t at, uint64_t len_at);

#endif
