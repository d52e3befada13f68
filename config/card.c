/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which ports are cards. */
#include "config/card.h"

#include <string.h>

bool port_is_card(const struct port_setting *p)
{
	return strncmp(p->device, "net_", 4) != 0;
}

bool port_is_paired_card(const struct port_setting *p)
{
	return p->pair_index >= 0 && port_is_card(p);
}

bool cards_in_pairs(const struct settings *s)
{
	for (unsigned i = 0; i < s->ports_count; i++)
		if (port_is_paired_card(&s->ports[i]))
			return true;
	return false;
}
