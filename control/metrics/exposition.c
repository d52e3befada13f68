/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Families and samples. */
#include "control/metrics/exposition.h"
#include "control/wire/utf8.h"

#include <inttypes.h>

static const char *ending(enum figure_kind kind)
{
	return kind == FIGURE_IS_COUNTER ? "_total" : "";
}

void exposition_family(struct exposition *e, const char *name, enum figure_kind kind, const char *help)
{
	const char *end = e->open_metrics ? "" : ending(kind);

	fprintf(e->to, "# HELP konseki_%s%s %s\n", name, end, help);
	fprintf(e->to, "# TYPE konseki_%s%s %s\n", name, end, kind == FIGURE_IS_COUNTER ? "counter" : "gauge");
}

/* Backslash, quote and line end are escaped; a label's value is UTF-8. */
static void put_label(FILE *to, const char *text)
{
	struct bytes b = bytes_text(text);

	while (b.left > 0) {
		size_t len = utf8_length(b);

		if (len == 0)
			fputc('?', to);
		else if (*b.at == '\n')
			fputs("\\n", to);
		else if (*b.at == '\\' || *b.at == '"')
			fprintf(to, "\\%c", *b.at);
		else
			fwrite(b.at, 1, len, to);
		b.at += len > 0 ? len : 1;
		b.left -= len > 0 ? len : 1;
	}
}

static void put_name(struct exposition *e, const char *name, enum figure_kind kind, const char *label, const char *value)
{
	fprintf(e->to, "konseki_%s%s", name, ending(kind));
	if (label == NULL) {
		fputc(' ', e->to);
		return;
	}
	fprintf(e->to, "{%s=\"", label);
	put_label(e->to, value);
	fputs("\"} ", e->to);
}

void exposition_sample(struct exposition *e, const char *name, enum figure_kind kind, const char *label, const char *value, uint64_t number)
{
	put_name(e, name, kind, label, value);
	fprintf(e->to, "%" PRIu64 "\n", number);
}

void exposition_seconds(struct exposition *e, const char *name, enum figure_kind kind, const char *label, const char *value, uint64_t ns)
{
	put_name(e, name, kind, label, value);
	fprintf(e->to, "%" PRIu64 ".%09" PRIu64 "\n", ns / 1000000000, ns % 1000000000);
}

void exposition_end(struct exposition *e)
{
	if (e->open_metrics)
		fputs("# EOF\n", e->to);
}
