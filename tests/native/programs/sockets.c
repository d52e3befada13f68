/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets within one machine: TCP and UDP over both families, AF_UNIX in all its types, options, messages, descriptors. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void tell(const char *what, long r)
{
	int e = errno;

	printf("%s: %ld %s\n", what, r, r < 0 ? strerror(e) : "");
}

static struct sockaddr_in four(uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static void name(const char *what, int fd, int (*get)(int, struct sockaddr *, socklen_t *))
{
	char text[128] = "";
	struct sockaddr_storage a = { 0 };
	socklen_t len = sizeof(a);

	if (get(fd, (struct sockaddr *)&a, &len) < 0) {
		printf("%s: %s\n", what, strerror(errno));
		return;
	}
	if (a.ss_family == AF_INET)
		inet_ntop(AF_INET, &((struct sockaddr_in *)&a)->sin_addr, text, sizeof(text));
	else if (a.ss_family == AF_INET6)
		inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&a)->sin6_addr, text, sizeof(text));
	else if (a.ss_family == AF_UNIX && len > 2)
		snprintf(text, sizeof(text), "%s", ((struct sockaddr_un *)&a)->sun_path[0] ? ((struct sockaddr_un *)&a)->sun_path : "abstract");
	printf("%s: family %d %s port %d len %u\n", what, a.ss_family, text, a.ss_family == AF_UNIX ? 0 : ((struct sockaddr_in *)&a)->sin_port != 0, len);
}

static void tcp(int family)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
	struct sockaddr_in v4 = four(0);
	struct sockaddr *at = family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&six;
	socklen_t len = family == AF_INET ? sizeof(v4) : sizeof(six), got = len;
	int l = socket(family, SOCK_STREAM, 0), c = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0), s, v, one = 1;
	struct pollfd p;
	char buf[64];

	printf("family %d\n", family);
	tell("connect nowhere", connect(socket(family, SOCK_STREAM, 0), at, len));
	tell("reuse", setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	tell("bind", bind(l, at, len));
	tell("bind again", bind(l, at, len));
	getsockname(l, at, &got);
	printf("port %d len %u\n", ((struct sockaddr_in *)at)->sin_port != 0, got);
	tell("connect before listen", connect(socket(family, SOCK_STREAM, 0), at, len));
	tell("listen", listen(l, 5));
	tell("in use", bind(socket(family, SOCK_STREAM, 0), at, len));
	fcntl(l, F_SETFL, O_NONBLOCK);
	tell("nobody", accept(l, NULL, NULL));
	v = connect(c, at, len);
	printf("connect %d\n", v == 0 || errno == EINPROGRESS);
	p = (struct pollfd){ l, POLLIN, 0 };
	printf("poll %d", poll(&p, 1, 1000));
	printf(" %x\n", p.revents);
	got = sizeof(six);
	s = accept4(l, at, &got, SOCK_CLOEXEC);
	printf("accepted %d len %u\n", s >= 0, got);
	p = (struct pollfd){ c, POLLOUT, 0 };
	printf("poll %d", poll(&p, 1, 1000));
	printf(" %x\n", p.revents);
	got = sizeof(v);
	getsockopt(c, SOL_SOCKET, SO_ERROR, &v, &got);
	printf("error %d len %u\n", v, got);
	name("client peer", c, getpeername);
	name("client self", c, getsockname);
	name("server peer", s, getpeername);
	name("server self", s, getsockname);
	name("listener peer", l, getpeername);
	tell("send", send(c, "hello world", 11, 0));
	tell("peek", recv(s, buf, 5, MSG_PEEK));
	ioctl(s, FIONREAD, &v);
	printf("waiting %d\n", v);
	tell("recv", recv(s, buf, sizeof(buf), 0));
	tell("again", recv(s, buf, sizeof(buf), MSG_DONTWAIT));
	tell("write", write(s, "abc", 3));
	tell("all", recv(c, buf, 3, MSG_WAITALL));
	tell("shutdown", shutdown(c, SHUT_WR));
	tell("end", read(s, buf, sizeof(buf)));
	tell("write after", send(c, "x", 1, MSG_NOSIGNAL));
	tell("other way", write(s, "still", 5));
	tell("read", read(c, buf, sizeof(buf)));
	close(s);
	tell("closed", read(c, buf, sizeof(buf)));
	tell("connect twice", connect(c, at, len));
	getsockopt(c, SOL_SOCKET, SO_TYPE, &v, &got);
	printf("type %d\n", v);
	getsockopt(l, SOL_SOCKET, SO_ACCEPTCONN, &v, &got);
	printf("listens %d\n", v);
	tell("nodelay", setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)));
	got = sizeof(v);
	getsockopt(c, IPPROTO_TCP, TCP_NODELAY, &v, &got);
	printf("nodelay %d\n", v != 0);
	getsockopt(c, SOL_SOCKET, SO_KEEPALIVE, &v, &got);
	printf("keepalive %d\n", v);
	setsockopt(c, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	getsockopt(c, SOL_SOCKET, SO_KEEPALIVE, &v, &got);
	printf("keepalive %d\n", v);
	close(c);
	close(l);
}

static void udp(int family)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
	struct sockaddr_in v4 = four(0);
	struct sockaddr *at = family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&six;
	socklen_t len = family == AF_INET ? sizeof(v4) : sizeof(six), got = len;
	int a = socket(family, SOCK_DGRAM, 0), b = socket(family, SOCK_DGRAM, 0);
	struct sockaddr_storage from;
	struct iovec in[2], out[2];
	struct msghdr m = { .msg_iov = out, .msg_iovlen = 2 };
	char x[8] = "", y[8] = "";

	tell("bind", bind(a, at, len));
	getsockname(a, at, &got);
	tell("sendto", sendto(b, "datagram", 8, 0, at, len));
	tell("sendto", sendto(b, "second", 6, 0, at, len));
	tell("empty", sendto(b, "", 0, 0, at, len));
	got = sizeof(from);
	tell("recvfrom", recvfrom(a, x, 4, 0, (struct sockaddr *)&from, &got));
	printf("from len %u family %d\n", got, from.ss_family);
	tell("whole", recv(a, x, sizeof(x), MSG_TRUNC));
	tell("nothing in it", recv(a, x, sizeof(x), 0));
	tell("no more", recv(a, x, sizeof(x), MSG_DONTWAIT));
	tell("no address", send(b, "x", 1, 0));
	tell("connect", connect(b, at, len));
	name("peer", b, getpeername);
	out[0] = (struct iovec){ "abc", 3 };
	out[1] = (struct iovec){ "defgh", 5 };
	tell("sendmsg", sendmsg(b, &m, 0));
	in[0] = (struct iovec){ x, 2 };
	in[1] = (struct iovec){ y, 3 };
	m.msg_iov = in;
	m.msg_name = &from;
	m.msg_namelen = sizeof(from);
	tell("recvmsg", recvmsg(a, &m, 0));
	printf("%.2s %.3s flags %x name %u\n", x, y, m.msg_flags, m.msg_namelen);
	tell("answer", sendto(a, "re", 2, 0, (struct sockaddr *)&from, m.msg_namelen));
	tell("got", read(b, x, sizeof(x)));
	close(a);
	close(b);
}

static void descriptors(int a, int b)
{
	char control[CMSG_SPACE(sizeof(int))], byte = 'c';
	struct iovec v = { &byte, 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);
	int p[2], fd = -1;
	struct ucred who;
	socklen_t len = sizeof(who);

	pipe(p);
	write(p[1], "through", 7);
	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_RIGHTS;
	h->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(h), &p[0], sizeof(int));
	tell("pass", sendmsg(a, &m, 0));
	close(p[0]);
	memset(control, 0, sizeof(control));
	tell("take", recvmsg(b, &m, 0));
	h = CMSG_FIRSTHDR(&m);
	if (h != NULL && h->cmsg_type == SCM_RIGHTS) {
		char buf[16];

		memcpy(&fd, CMSG_DATA(h), sizeof(int));
		tell("read it", read(fd, buf, sizeof(buf)));
	} else {
		printf("no descriptor\n");
	}
	tell("credentials", getsockopt(a, SOL_SOCKET, SO_PEERCRED, &who, &len));
	printf("me %d %d %d\n", who.pid == getpid(), who.uid == getuid(), who.gid == getgid());
}

static void local(void)
{
	struct sockaddr_un u = { .sun_family = AF_UNIX, .sun_path = "/tmp/konseki.socket" };
	struct sockaddr_un hidden = { .sun_family = AF_UNIX, .sun_path = "\0konseki" };
	socklen_t hidden_len = offsetof(struct sockaddr_un, sun_path) + 8;
	int l, c, s, pair[2], d, e;
	struct stat st;
	char buf[32];

	unlink(u.sun_path);
	l = socket(AF_UNIX, SOCK_STREAM, 0);
	tell("nobody", connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&u, sizeof(u)));
	tell("bind", bind(l, (struct sockaddr *)&u, sizeof(u)));
	tell("exists", bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&u, sizeof(u)));
	stat(u.sun_path, &st);
	printf("socket %d mode %o\n", S_ISSOCK(st.st_mode), st.st_mode & 0777);
	tell("open", open(u.sun_path, O_RDWR));
	tell("refused", connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&u, sizeof(u)));
	tell("listen", listen(l, 1));
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	tell("connect", connect(c, (struct sockaddr *)&u, sizeof(u)));
	s = accept(l, NULL, NULL);
	name("peer", c, getpeername);
	name("self", c, getsockname);
	name("server", s, getsockname);
	tell("write", write(c, "to the server", 13));
	tell("read", read(s, buf, sizeof(buf)));
	close(c);
	tell("end", read(s, buf, sizeof(buf)));
	tell("gone", send(s, "x", 1, MSG_NOSIGNAL));
	unlink(u.sun_path);
	l = socket(AF_UNIX, SOCK_STREAM, 0);
	tell("abstract", bind(l, (struct sockaddr *)&hidden, hidden_len));
	listen(l, 5);
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	tell("connect", connect(c, (struct sockaddr *)&hidden, hidden_len));
	name("hidden", c, getpeername);
	tell("wrong type", connect(socket(AF_UNIX, SOCK_DGRAM, 0), (struct sockaddr *)&hidden, hidden_len));
	socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
	tell("one", send(pair[0], "one", 3, 0));
	tell("two", send(pair[0], "second", 6, 0));
	tell("first", recv(pair[1], buf, 2, 0));
	tell("second", recv(pair[1], buf, sizeof(buf), 0));
	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair);
	send(pair[0], "abc", 3, 0);
	send(pair[0], "de", 2, 0);
	tell("packet", recv(pair[1], buf, sizeof(buf), 0));
	tell("packet", recv(pair[1], buf, sizeof(buf), 0));
	close(pair[0]);
	tell("end", recv(pair[1], buf, sizeof(buf), 0));
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	descriptors(pair[0], pair[1]);
	d = socket(AF_UNIX, SOCK_DGRAM, 0);
	e = socket(AF_UNIX, SOCK_DGRAM, 0);
	bind(d, (struct sockaddr *)&u, sizeof(u));
	tell("datagram", sendto(e, "letter", 6, 0, (struct sockaddr *)&u, sizeof(u)));
	tell("got", recv(d, buf, sizeof(buf), 0));
	unlink(u.sun_path);
	fflush(stdout);
	if (fork() == 0) {
		close(pair[0]);
		for (ssize_t n; (n = read(pair[1], buf, sizeof(buf))) > 0;)
			printf("child got %.*s\n", (int)n, buf);
		fflush(stdout);
		_exit(0);
	}
	close(pair[1]);
	write(pair[0], "for the child", 13);
	close(pair[0]);
	wait(NULL);
}

static void mixed(void)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4;
	socklen_t len = sizeof(any);
	int l = socket(AF_INET6, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), s;

	tell("bind", bind(l, (struct sockaddr *)&any, sizeof(any)));
	listen(l, 1);
	getsockname(l, (struct sockaddr *)&any, &len);
	v4 = four(ntohs(any.sin6_port));
	tell("v4 to v6", connect(c, (struct sockaddr *)&v4, sizeof(v4)));
	s = accept(l, NULL, NULL);
	name("mapped", s, getpeername);
	tell("bad family", socket(99, SOCK_STREAM, 0));
	tell("bad type", socket(AF_INET, 77, 0));
	tell("raw", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	tell("privileged", bind(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&(struct sockaddr_in){ .sin_family = AF_INET,
	    .sin_port = htons(80) }, sizeof(v4)));
	tell("not a socket", listen(0, 1));
	tell("not open", listen(88, 1));
	tell("udp listen", listen(socket(AF_INET, SOCK_DGRAM, 0), 1));
	tell("unbound accept", accept(socket(AF_INET, SOCK_STREAM, 0), NULL, NULL));
	tell("read unconnected", read(socket(AF_INET, SOCK_STREAM, 0), &len, 1));
	signal(SIGPIPE, SIG_IGN);
	tell("write unconnected", write(socket(AF_INET, SOCK_STREAM, 0), &len, 1));
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	tcp(AF_INET);
	tcp(AF_INET6);
	udp(AF_INET);
	udp(AF_INET6);
	local();
	mixed();
	return 0;
}
