/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names asked for in glibc's resolver thread: a name server that is silent must not hold up verdicts. */
#include "control/journal/lookup.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lookup {
	struct gaicb question;
	struct addrinfo hints;
	char host[256], port[8];
};

int lookup_new(const char *host, uint16_t port, int socktype, struct lookup **ret)
{
	struct lookup *l = calloc(1, sizeof(*l));
	struct gaicb *list[1];
	struct sigevent quiet = { .sigev_notify = SIGEV_NONE };

	if (l == NULL)
		return -ENOMEM;
	snprintf(l->host, sizeof(l->host), "%s", host);
	snprintf(l->port, sizeof(l->port), "%u", port);
	l->hints = (struct addrinfo){ .ai_family = AF_UNSPEC, .ai_socktype = socktype };
	l->question = (struct gaicb){ .ar_name = l->host, .ar_service = l->port, .ar_request = &l->hints };
	list[0] = &l->question;
	if (getaddrinfo_a(GAI_NOWAIT, list, 1, &quiet) != 0) {
		free(l);
		return -EAGAIN;
	}
	*ret = l;
	return 0;
}

int lookup_poll(struct lookup *l, struct addrinfo **ret, const char **why)
{
	int r = gai_error(&l->question);

	if (r == EAI_INPROGRESS)
		return -EAGAIN;
	if (r != 0) {
		*why = gai_strerror(r);
		return -ENOENT;
	}
	*ret = l->question.ar_result;
	l->question.ar_result = NULL;
	return 0;
}

void lookup_free(struct lookup *l)
{
	if (l == NULL)
		return;
	if (gai_error(&l->question) == EAI_INPROGRESS && gai_cancel(&l->question) != EAI_CANCELED &&
	    gai_error(&l->question) == EAI_INPROGRESS)
		return;
	if (l->question.ar_result != NULL)
		freeaddrinfo(l->question.ar_result);
	free(l);
}
