/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DNS messages: the question, and the addresses of an answer. RFC 1035. */
#ifndef DATAPLANE_APP_DNS_H
#define DATAPLANE_APP_DNS_H

#include "control/wire/address.h"

enum { DNS_NAME_MAX = 255, DNS_ANSWERS_MAX = 8 };

struct dns_message {
	bool response;
	uint16_t id, type, class_code; /* of the first question */
	uint8_t rcode;
	uint8_t name_len;
	char name[DNS_NAME_MAX + 1];   /* of the first question, with dots, as it was written; "" for the root */
	unsigned answers_count;        /* A and AAAA records; further ones are left out */
	struct address answers[DNS_ANSWERS_MAX];
};

/* -EBADMSG for anything that is no message with a question, without reading outside of it or going in circles. */
must_check int dns_read(struct bytes message, struct dns_message *ret);

#endif
