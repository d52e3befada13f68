/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands before php: requests as CGI reads them, answers over FastCGI, code made a script. First byte: which. */
#include "emu/server/php.h"
#include "emu/world/cgi.h"
#include "emu/world/fastcgi.h"

#include <stdlib.h>

static void read_request(struct bytes b)
{
	char name[CGI_NAME_MAX];
	struct bytes value;
	struct cgi c;

	if (cgi_read(b, &c) < 0)
		return;
	if (c.body.left > b.left || c.headers.left > b.left)
		abort();
	while (cgi_header(&c.headers, name, &value))
		if (value.left > b.left)
			abort();
}

/* In two pieces, as an application may write it. */
static void take_answer(struct bytes b)
{
	struct fastcgi_reply r = { 0 };
	struct bytes half = bytes_of(b.at, b.left / 2), rest = bytes_of(b.at + half.left, b.left - half.left), part;

	while (fastcgi_step(&r, &half, &part) != FASTCGI_NOTHING)
		if (part.left == 0)
			abort();
	while (fastcgi_step(&r, &rest, &part) != FASTCGI_NOTHING)
		if (part.left == 0)
			abort();
	if (half.left != 0 || rest.left != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t room[1 << 20];
	struct sink s = sink_over(room, sizeof(room));
	struct bytes rest = bytes_of(data + 1, size != 0 ? size - 1 : 0);

	if (size == 0)
		return 0;
	if (data[0] % 3 == 0)
		read_request(rest);
	else if (data[0] % 3 == 1)
		take_answer(rest);
	else
		php_script(rest, data[0], &s);
	return 0;
}
