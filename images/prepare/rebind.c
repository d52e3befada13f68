/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki-rebind: hands the PCI cards of the config's pairs to the kernel's driver and back, as konseki-bypass asks it. Peer: dataplane/bypass/rebind.c. */
#include "config/card.h"
#include "config/load.h"
#include "control/wire/rebind.h"
#include "images/prepare/card.h"
#include "images/prepare/in_force.h"
#include "images/prepare/sysfs.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_CANNOT = 3, HANDED_FD = 3 /* sd_listen_fds(3) */, CLIENTS_MAX = 4 };

static const char help[] =
    "usage: konseki-rebind [-c FILE] [--user NAME] [--socket PATH] [--root FOLDER]\n"
    "Hands the PCI cards of inline pairs to the kernel's driver while konseki-dataplane cannot forward, and back to vfio-pci, as\n"
    "konseki-bypass asks. No other card than those of the config in force. Listens at the socket that systemd hands over, or at PATH.\n"
    "Exit: 0 told to end, 2 usage, 3 the account or the socket cannot be used.";

struct rebinder {
	const char *config;
	const struct passwd *user;
	struct settings settings;
	struct pollfd at[1 + CLIENTS_MAX]; /* the first listens; -1: free */
};

/* Card by card, so that the second one's driver starts while the first one's interface is coming. */
static int hand_over(struct rebinder *r, bool to_kernel)
{
	const struct settings *s = &r->settings;
	int error = 0;

	for (unsigned i = 0; i < s->ports_count; i++) {
		const struct port_setting *p = &s->ports[i];
		enum card c;

		if (!port_is_paired_card(p))
			continue;
		c = to_kernel ? card_return(p->device) : card_give(p->device, r->user->pw_uid, r->user->pw_gid);
		if (!card_is_there(c)) {
			fprintf(stderr, "konseki-rebind: port %s, card %s: %s\n", p->name, p->device, card_says(c));
			error = -EIO;
		}
	}
	return error;
}

static void answer(struct rebinder *r, uint32_t to, struct rebind_answer *ret)
{
	const struct settings *s = &r->settings;

	if (to != REBIND_TO_KERNEL && to != REBIND_TO_DATAPLANE)
		ret->error = -EINVAL;
	else if (config_in_force(r->config, &r->settings) < 0)
		ret->error = -ENOENT;
	else
		ret->error = hand_over(r, to == REBIND_TO_KERNEL);
	if (ret->error < 0)
		return;
	ret->ports = s->ports_count;
	for (unsigned i = 0; to == REBIND_TO_KERNEL && i < s->ports_count && i < REBIND_PORTS_MAX; i++)
		if (port_is_paired_card(&s->ports[i]) && card_interface(s->ports[i].device, &ret->index[i]) < 0)
			ret->error = -ENODEV;
}

/* False: the connection is over. */
static bool serve(struct rebinder *r, int fd)
{
	struct rebind_request request;
	struct rebind_answer said = { 0 };
	ssize_t n = recv(fd, &request, sizeof(request), 0);

	if (n != (ssize_t)sizeof(request))
		return false;
	said.number = request.number;
	answer(r, request.to, &said);
	fprintf(stderr, "konseki-rebind: the cards are %s: %s\n", request.to == REBIND_TO_KERNEL ? "the kernel's" : "for the dataplane",
	        said.error == 0 ? "done" : strerror(-said.error));
	return send(fd, &said, sizeof(said), MSG_NOSIGNAL) == (ssize_t)sizeof(said);
}

static void welcome(struct rebinder *r)
{
	int fd = accept(r->at[0].fd, NULL, NULL);

	for (unsigned i = 1; i <= CLIENTS_MAX && fd >= 0; i++)
		if (r->at[i].fd < 0) {
			r->at[i] = (struct pollfd){ .fd = fd, .events = POLLIN };
			return;
		}
	if (fd >= 0)
		close(fd);
}

/* A handler can reach nothing but an object of static life. */
static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	stopped = 1;
}

static void work(struct rebinder *r)
{
	while (!stopped) {
		if (poll(r->at, 1 + CLIENTS_MAX, -1) < 0)
			continue;
		for (unsigned i = 1; i <= CLIENTS_MAX; i++)
			if (r->at[i].fd >= 0 && r->at[i].revents != 0 && !serve(r, r->at[i].fd)) {
				close(r->at[i].fd);
				r->at[i].fd = -1;
			}
		if (r->at[0].revents != 0)
			welcome(r);
	}
}

/* Only the account may ask. */
static int listen_at(const char *path, const struct passwd *user)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(at.sun_path) || (fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) < 0)
		return -1;
	memcpy(at.sun_path, path, strlen(path));
	(void)unlink(path);
	umask(0177);
	if (bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 && chown(path, user->pw_uid, user->pw_gid) == 0 && listen(fd, CLIENTS_MAX) == 0)
		return fd;
	close(fd);
	return -1;
}

static int socket_find(const char *path, const struct passwd *user)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");

	if (path != NULL)
		return listen_at(path, user);
	return pid != NULL && count != NULL && atol(pid) == (long)getpid() && atoi(count) == 1 ? HANDED_FD : -1;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "user", required_argument, NULL, 'u' }, { "socket", required_argument, NULL, 's' }, { "root", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'v' }, { NULL, 0, NULL, 0 },
	};
	static struct rebinder r;
	struct sigaction action = { .sa_handler = on_signal };
	const char *user = "konseki", *path = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "c:", longs, NULL)) != -1) {
		if (option == 'h' || option == 'v') {
			puts(option == 'h' ? help : "konseki-rebind " KONSEKI_VERSION);
			return 0;
		}
		if (option == 'c')
			r.config = optarg;
		else if (option == 'u')
			user = optarg;
		else if (option == 's')
			path = optarg;
		else if (option == 'r')
			sysfs_root(optarg);
		else
			return EXIT_USAGE;
	}
	for (unsigned i = 0; i <= CLIENTS_MAX; i++)
		r.at[i] = (struct pollfd){ .fd = -1 };
	if (optind < argc || (r.user = getpwnam(user)) == NULL || (r.at[0].fd = socket_find(path, r.user)) < 0) {
		fprintf(stderr, "konseki-rebind: there is no account %s, or no socket; systemd hands it one, or --socket names it\n", user);
		return optind < argc ? EXIT_USAGE : EXIT_CANNOT;
	}
	r.at[0].events = POLLIN;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	work(&r);
	return 0;
}
