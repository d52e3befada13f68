/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line a pattern (RFC 4180), and our own JSON: both carry everything. */
#include "control/iocgen/export/carry.h"
#include "control/iocgen/shown.h"

#include <errno.h>
#include <stdlib.h>

static struct carried carry_pattern(const struct ioc *ioc, const struct pattern *p)
{
	return (struct carried){ CARRY_WHOLE, NULL };
}

/* What a spreadsheet would take for a formula is a text. */
static void put_field(struct bytes text, FILE *to)
{
	fputs(",\"", to);
	if (text.left > 0 && (*text.at == '=' || *text.at == '+' || *text.at == '@' || *text.at == '-'))
		putc('\'', to);
	shown_quoted(to, text, '"');
	putc('"', to);
}

static int put_pattern(const struct ioc *ioc, unsigned number, FILE *to)
{
	enum { ROOM = 32 << 10 };
	const struct pattern *p = &ioc->patterns[number];
	char first[16], last[16];
	uint8_t *room = malloc(ROOM);
	struct sink sink;
	struct bytes text;
	int r = room != NULL ? 0 : -ENOMEM;

	if (r == 0) {
		fprintf(to, "%s,%u,%u", ioc->id, number + 1, ioc->patterns_count);
		put_field(ioc->family, to);
		fprintf(to, ",%s,%s", kind_name(p->kind), class_name(p->action));
		sink = sink_over(room, ROOM);
		if ((r = pattern_text(p, &sink)) == 0 && (r = sink_done(&sink, &text)) == 0)
			put_field(text, to);
	}
	if (r == 0) {
		sink = sink_over(room, ROOM);
		if ((r = pattern_regex(p, &sink)) == 0 && (r = sink_done(&sink, &text)) == 0)
			put_field(text, to);
	}
	if (r == 0) {
		fprintf(to, ",%llu,%llu,%llu,%llu,%.6f,%s,%s", (unsigned long long)ioc->samples, (unsigned long long)ioc->family_samples,
		        (unsigned long long)ioc->benign_hits, (unsigned long long)ioc->benign_samples, ioc->fpr_high,
		        day_format(ioc->first, first), day_format(ioc->last, last));
		put_field(ioc->sentence, to);
		fputs("\r\n", to);
	}
	free(room);
	return r;
}

static int write_csv(const struct ioc_set *set, const struct carried *all, int32_t day, FILE *to)
{
	int r = 0;

	fputs("ioc,part,of,family,kind,action,pattern,regex,samples,family_samples,benign_hits,benign_samples,fpr_high,first_seen,last_seen,sentence\r\n",
	      to);
	for (size_t i = 0; r == 0 && i < set->count; i++) {
		for (unsigned k = 0; r == 0 && k < set->iocs[i].patterns_count; k++)
			r = put_pattern(&set->iocs[i], k, to);
	}
	return r;
}

static int write_json(const struct ioc_set *set, const struct carried *all, int32_t day, FILE *to)
{
	return ioc_set_write(set, to);
}

const struct format format_csv = { "csv", carry_pattern, write_csv };
const struct format format_json = { "json", carry_pattern, write_json };
