/* SPDX-License-Identifier: GPL-2.0-or-later */
/* URLs: the parts lie in the text, and what is read once is read the same again. */
#include "control/wire/url.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void within(struct bytes text, struct bytes part)
{
	if (part.left > 0 && (part.at < text.at || part.at + part.left > text.at + text.left))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = bytes_of(data, size);
	struct url u;
	char host[ADDRESS_TEXT];
	struct address again;

	if (!url_parse(text, &u))
		return 0;
	within(text, u.user);
	within(text, u.host);
	within(text, u.target);
	within(text, u.fragment);
	if (strlen(u.scheme) >= URL_SCHEME_NAME_MAX || (u.kind == URL_FETCH && u.host.left == 0))
		abort();
	if (u.address.family != 0 && (address_parse(address_format(&u.address, host), &again) < 0 || !address_equal(&again, &u.address)))
		abort();
	(void)url_address_inside(&u.address);
	return 0;
}
