/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marks that proxies leave. */
#include "control/contain/forwarded.h"

static const char *const headers[] = {
	"forwarded:", "x-forwarded", "x-real-ip:", "x-client-ip:", "x-cluster-client-ip:", "x-originating-ip:", "x-original-forwarded-for:",
	"x-envoy-", "x-proxyuser-ip:", "true-client-ip:", "client-ip:", "cf-connecting-ip", "fastly-client-ip:", "akamai-", "x-akamai-",
	"x-azure-", "x-appengine-user-ip:", "x-amz-cf-", "via:", "cdn-loop:", "proxy-client-ip:", "wl-proxy-client-ip:",
};

/* Line by line: any line end that a server may take for one. */
static bool head_says(struct bytes head)
{
	while (head.left > 0) {
		size_t len = 0;

		for (size_t i = 0; i < COUNT_OF(headers); i++)
			if (bytes_starts_fold(head, bytes_text(headers[i])))
				return true;
		while (len < head.left && head.at[len] != '\n' && head.at[len] != '\r')
			len++;
		head = bytes_of(head.at + len, head.left - len);
		while (head.left > 0 && (head.at[0] == '\n' || head.at[0] == '\r'))
			head = bytes_of(head.at + 1, head.left - 1);
	}
	return false;
}

static bool begins(struct bytes stream, const void *with, size_t len)
{
	return stream.left >= len && memcmp(stream.at, with, len) == 0;
}

bool forwarded_says(const struct case_record *r)
{
	static const char old[] = "PROXY ", binary[] = "\r\n\r\n\0\r\nQUIT\n";
	const struct case_part *head = &r->parts[PART_REQUEST_HEAD], *stream = &r->parts[PART_CLIENT_STREAM];

	if (r->app == APP_WEBSOCKET)
		return true;
	if (head->present && (head_says(head->head) || head_says(head->tail)))
		return true;
	return stream->present && (begins(stream->head, old, sizeof(old) - 1) || begins(stream->head, binary, sizeof(binary) - 1));
}
