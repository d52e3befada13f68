/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libmicrohttpd, which only this file knows, with bounds on who may cost how much. */
#include "control/metrics/listener.h"
#include "config/listen.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 16, OF_ONE_ADDRESS = 8, IDLE_S = 5, MEMORY_MAX = 16 << 10 /* bytes of a request */, FORMS = 2 };
static const uint64_t life_ns = UINT64_C(10000000000); /* a client that trickles keeps no place for longer */
static const uint64_t page_ns = UINT64_C(200000000), step_ns = UINT64_C(10000000);

struct page {
	char *text;      /* owned */
	size_t len;
	uint64_t made_ns;
};

struct listener {
	struct listener_tools tools;
	struct MHD_Daemon *daemon;
	struct page pages[FORMS]; /* text, OpenMetrics */
	uint64_t now_ns, stepped_ns;
	struct {
		int fd;          /* -1: free */
		uint64_t until_ns;
	} clients[CONNECTIONS_MAX];
};

static enum MHD_Result answer(struct MHD_Connection *to, unsigned status, const char *type, struct bytes text)
{
	/* copied: the page may be made anew while a slow client still reads this one */
	union {
		const uint8_t *from;
		void *to;
	} at = { .from = text.at };
	struct MHD_Response *r = MHD_create_response_from_buffer(text.left, at.to, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result done = MHD_NO;

	if (r != NULL && MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type) == MHD_YES &&
	    MHD_add_response_header(r, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES &&
	    (status != MHD_HTTP_METHOD_NOT_ALLOWED || MHD_add_response_header(r, MHD_HTTP_HEADER_ALLOW, "GET, HEAD") == MHD_YES))
		done = MHD_queue_response(to, status, r);
	if (r != NULL)
		MHD_destroy_response(r);
	return done;
}

static enum MHD_Result page_answer(struct listener *l, struct MHD_Connection *to)
{
	static const char *const types[FORMS] = { "text/plain; version=0.0.4; charset=utf-8",
		                                  "application/openmetrics-text; version=1.0.0; charset=utf-8" };
	const char *accept = MHD_lookup_connection_value(to, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);
	bool open_metrics = accept != NULL && strstr(accept, "application/openmetrics-text") != NULL;
	struct page *page = &l->pages[open_metrics];

	if (page->text == NULL || l->now_ns - page->made_ns >= page_ns) {
		free(page->text);
		*page = (struct page){ .made_ns = l->now_ns };
		if (l->tools.page(l->tools.context, open_metrics, &page->text, &page->len) < 0)
			return answer(to, MHD_HTTP_SERVICE_UNAVAILABLE, "text/plain", bytes_text("out of memory\n"));
	}
	return answer(to, MHD_HTTP_OK, types[open_metrics], bytes_of(page->text, page->len));
}

static enum MHD_Result handle(void *listener, struct MHD_Connection *to, const char *url, const char *method, const char *version,
                              const char *upload, size_t *upload_size, void **state)
{
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return answer(to, MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain", bytes_text("only GET and HEAD\n"));
	if (*state == NULL) { /* its head is read; the answer comes when the request is over */
		*state = listener;
		return MHD_YES;
	}
	*upload_size = 0;
	if (strcmp(url, "/metrics") != 0)
		return answer(to, MHD_HTTP_NOT_FOUND, "text/plain", bytes_text("only /metrics\n"));
	return page_answer(listener, to);
}

/* Connections come and go: each has an end, whatever it sends. */
static void notice(void *listener, struct MHD_Connection *c, void **state, enum MHD_ConnectionNotificationCode what)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct listener *l = listener;

	for (unsigned i = 0; info != NULL && i < CONNECTIONS_MAX; i++) {
		if (what == MHD_CONNECTION_NOTIFY_STARTED && l->clients[i].fd < 0) {
			l->clients[i].fd = info->connect_fd;
			l->clients[i].until_ns = l->now_ns + life_ns;
			return;
		}
		if (what == MHD_CONNECTION_NOTIFY_CLOSED && l->clients[i].fd == info->connect_fd) {
			l->clients[i].fd = -1;
			return;
		}
	}
}

static int socket_open(const char *text, bool *six)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct address address;
	uint16_t port;
	int fd, yes = 1, r = listen_parse(text, &address, &port);

	if (r < 0)
		return r;
	*six = address.family == 6;
	memcpy(&v6.sin6_addr, address.raw, sizeof(v6.sin6_addr));
	memcpy(&v4.sin_addr, address.raw, sizeof(v4.sin_addr));
	v6.sin6_port = v4.sin_port = htons(port);
	fd = socket(*six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0 ||
	    (*six && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes)) < 0) ||
	    bind(fd, *six ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4, *six ? sizeof(v6) : sizeof(v4)) < 0 ||
	    listen(fd, CONNECTIONS_MAX) < 0) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return r;
	}
	return fd;
}

int listener_open(const char *at, const struct listener_tools *tools, struct listener **ret)
{
	struct listener *l = calloc(1, sizeof(*l));
	bool six = false;
	int fd = l == NULL ? -ENOMEM : socket_open(at, &six);

	if (fd < 0) {
		free(l);
		return fd;
	}
	l->tools = *tools;
	for (unsigned i = 0; i < CONNECTIONS_MAX; i++)
		l->clients[i].fd = -1;
	l->daemon = MHD_start_daemon(MHD_USE_EPOLL | (six ? MHD_USE_IPv6 : 0), 0, NULL, NULL, handle, l, MHD_OPTION_LISTEN_SOCKET, fd,
	                             MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
	                             (unsigned)OF_ONE_ADDRESS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
	                             MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_MAX, MHD_OPTION_NOTIFY_CONNECTION, notice, l,
	                             MHD_OPTION_END);
	if (l->daemon == NULL) {
		close(fd);
		free(l);
		return -ENOMEM;
	}
	*ret = l;
	return 0;
}

void listener_close(struct listener *l)
{
	if (l == NULL)
		return;
	MHD_stop_daemon(l->daemon);
	for (unsigned i = 0; i < FORMS; i++)
		free(l->pages[i].text);
	free(l);
}

void listener_step(struct listener *l, uint64_t now_ns)
{
	if (now_ns - l->stepped_ns < step_ns)
		return;
	l->now_ns = l->stepped_ns = now_ns;
	for (unsigned i = 0; i < CONNECTIONS_MAX; i++)
		if (l->clients[i].fd >= 0 && now_ns >= l->clients[i].until_ns)
			(void)shutdown(l->clients[i].fd, SHUT_RDWR);
	MHD_run(l->daemon);
}
