/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines at the admin socket: what is understood is written so that it is understood the same. */
#include "control/ctl/request.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[REQUEST_MAX];
	struct request q, again;

	if (request_decode(bytes_of(data, size), &q) < 0)
		return 0;
	if (request_encode(&q, text, sizeof(text)) < 0 || request_decode(bytes_text(text), &again) < 0)
		abort();
	if (again.kind != q.kind || again.minutes != q.minutes || again.id != q.id || again.all != q.all || again.force != q.force ||
	    !block_equal(&q.block, &again.block) || strcmp(q.who, again.who) != 0 || strcmp(q.reason, again.reason) != 0 ||
	    strcmp(q.case_id, again.case_id) != 0 || again.show != q.show || again.follow != q.follow || again.limit != q.limit)
		abort();
	return 0;
}
