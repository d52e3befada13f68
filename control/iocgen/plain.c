/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plain form without a tree: a sample of a million artefacts needs no memory. */
#include "control/iocgen/plain.h"

#include "control/iocgen/shown.h"

#include <errno.h>

static void put_known(struct plain *p, const char *key, struct bytes value)
{
	fprintf(p->to, ",\"%s\":", key);
	if (value.left > 0)
		shown_json(p->to, value);
	else
		fputs("null", p->to);
}

int plain_begin(struct plain *p, const struct sample *s)
{
	char day[16];

	p->later = false;
	fputs("{\"sample\":", p->to);
	shown_json(p->to, s->name);
	put_known(p, "label", bytes_text(s->label == LABEL_UNKNOWN ? "" : label_name(s->label)));
	put_known(p, "family", s->family);
	put_known(p, "date", bytes_text(day_format(s->day, day)));
	put_known(p, "source", s->source);
	fputs(",\"artefacts\":[", p->to);
	return 0;
}

int plain_artefact(struct plain *p, const struct artefact *a)
{
	fprintf(p->to, "%s{\"kind\":\"%s\",\"action\":\"%s\",\"value\":", p->later ? "," : "", kind_name(a->kind), action_name(a->action));
	shown_json(p->to, a->value);
	putc('}', p->to);
	p->later = true;
	return 0;
}

int plain_end(struct plain *p)
{
	fputs("]}\n", p->to);
	return ferror(p->to) ? -EIO : 0;
}
