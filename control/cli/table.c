/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows, columns and what stands below a row. */
#include "control/cli/table.h"
#include "control/cli/clean.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_MIN = 80, WIDTH_PLAIN = 120, WIDTH_MAX = 400, CELL = 400 };
enum { COLUMN_TIME, COLUMN_ALERT, COLUMN_SOURCE, COLUMN_DESTINATION, COLUMN_VERDICT, COLUMN_PRIORITY, COLUMN_COUNT };

static const char *const titles[COLUMN_COUNT] = { "TIME", "ALERT", "SOURCE", "DESTINATION", "VERDICT", "PRIORITY" };
enum { GAP = 2, INDENT = 4, WIDE = 110, /* columns from which on dates and source ports have room */ ADDRESS_WIDTH = 26 };

struct row {
	char cells[COLUMN_COUNT][CELL];
	char below[CELL];
};

struct table {
	unsigned width;
	bool colours, titled;
	struct row *rows;
	size_t count, size;
};

int table_new(unsigned width, bool colours, struct table **ret)
{
	struct table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return -ENOMEM;
	t->width = width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
	t->colours = colours;
	*ret = t;
	return 0;
}

void table_free(struct table *t)
{
	if (t == NULL)
		return;
	free(t->rows);
	free(t);
}

static const char *text_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s == NULL ? "" : s;
}

static void put_end(char *to, const json_t *record, const char *address_name, const char *port_name, bool with_port)
{
	const char *address = text_of(record, address_name);
	const json_t *port = json_object_get(record, port_name);
	char text[128];

	if (port == NULL || !with_port)
		snprintf(text, sizeof(text), "%s", address);
	else
		snprintf(text, sizeof(text), strchr(address, ':') != NULL ? "[%s]:%d" : "%s:%d", address,
		         (int)json_integer_value(port));
	clean_append(to, CELL, text);
}

/* The strongest evidence, else the reason in words. */
static void put_below(char *to, const json_t *triage)
{
	const json_t *best = NULL, *e;
	double bits = -1;
	size_t i;
	char text[128];

	json_array_foreach(json_object_get(triage, "evidence"), i, e)
	{
		double b = json_number_value(json_object_get(e, "bits"));

		if (json_is_true(json_object_get(e, "found")) && b > bits) {
			bits = b;
			best = e;
		}
	}
	if (best == NULL || strcmp(text_of(triage, "verdict"), "success") != 0) {
		clean_append(to, CELL, text_of(triage, "reason"));
		clean_append(to, CELL, ": ");
		clean_append(to, CELL, text_of(triage, "detail"));
		return;
	}
	clean_append(to, CELL, text_of(best, "where"));
	if (json_object_get(best, "packet") != NULL) {
		snprintf(text, sizeof(text), ", packet %lld", (long long)json_integer_value(json_object_get(best, "packet")));
		clean_append(to, CELL, text);
	}
	clean_append(to, CELL, ": ");
	clean_append(to, CELL, text_of(best, json_object_get(best, "excerpt") != NULL ? "excerpt" : "excerpt_base64"));
}

int table_add(struct table *t, const json_t *record)
{
	const json_t *triage = json_object_get(record, "triage"), *alert = json_object_get(record, "alert");
	const char *time = text_of(record, "timestamp");
	bool wide = t->width >= WIDE;
	struct row *row;

	if (!json_is_object(triage) || strlen(time) < 23)
		return -EINVAL;
	if (t->count == t->size) {
		size_t size = t->size == 0 ? 64 : 2 * t->size;
		struct row *grown = reallocarray(t->rows, size, sizeof(*grown));

		if (grown == NULL)
			return -ENOMEM;
		t->rows = grown;
		t->size = size;
	}
	row = &t->rows[t->count++];
	memset(row, 0, sizeof(*row));
	snprintf(row->cells[COLUMN_TIME], CELL, wide ? "%.10s %.12s" : "%.0s%.8s", time, time + 11);
	clean_append(row->cells[COLUMN_ALERT], CELL, alert == NULL ? text_of(triage, "class") : text_of(alert, "signature"));
	put_end(row->cells[COLUMN_SOURCE], record, "src_ip", "src_port", wide);
	put_end(row->cells[COLUMN_DESTINATION], record, "dest_ip", "dest_port", true);
	clean_append(row->cells[COLUMN_VERDICT], CELL, text_of(triage, "verdict"));
	clean_append(row->cells[COLUMN_PRIORITY], CELL, text_of(triage, "priority"));
	put_below(row->below, triage);
	return 0;
}

static size_t columns_of(const char *text)
{
	size_t n = 0, len;
	unsigned columns;

	while (*text != 0) {
		clean_next(&text, &len, &columns);
		n += columns;
	}
	return n;
}

/* Prints text in exactly width columns, or in as many as it needs where pad is false; cut with an ellipsis. */
static void print_cell(FILE *to, const char *text, size_t width, bool pad)
{
	bool whole = columns_of(text) <= width;
	size_t used = 0, len;
	unsigned columns;

	while (*text != 0) {
		const char *bytes = clean_next(&text, &len, &columns);

		if (!whole && used + columns > width - 1)
			break;
		fwrite(bytes, 1, len, to);
		used += columns;
	}
	if (!whole) {
		fputs("…", to);
		used++;
	}
	for (; pad && used < width; used++)
		fputc(' ', to);
}

static void widths_of(const struct table *t, size_t *width)
{
	size_t rest = t->width;

	for (unsigned c = 0; c < COLUMN_COUNT; c++) {
		width[c] = strlen(titles[c]);
		for (size_t i = 0; i < t->count; i++) {
			size_t need = columns_of(t->rows[i].cells[c]);

			if (need > width[c])
				width[c] = need;
		}
	}
	for (unsigned c = COLUMN_SOURCE; c <= COLUMN_DESTINATION; c++)
		if (width[c] > ADDRESS_WIDTH)
			width[c] = ADDRESS_WIDTH;
	for (unsigned c = 0; c < COLUMN_COUNT; c++)
		if (c != COLUMN_ALERT)
			rest -= width[c];
	rest -= GAP * (COLUMN_COUNT - 1);
	if (width[COLUMN_ALERT] > rest)
		width[COLUMN_ALERT] = rest;
}

static const char *colour_of(const struct table *t, const char *verdict)
{
	if (!t->colours)
		return "";
	if (strcmp(verdict, "success") == 0)
		return "\x1b[1;31m";
	return strcmp(verdict, "failure") == 0 ? "\x1b[32m" : "\x1b[33m";
}

static void print_line(FILE *to, const char *const *cells, const size_t *width, const char *colour)
{
	for (unsigned c = 0; c < COLUMN_COUNT; c++) {
		bool coloured = c >= COLUMN_VERDICT && colour[0] != 0;

		if (coloured)
			fputs(colour, to);
		print_cell(to, cells[c], width[c], c + 1 < COLUMN_COUNT);
		if (coloured)
			fputs("\x1b[0m", to);
		if (c + 1 < COLUMN_COUNT)
			fprintf(to, "%*s", GAP, "");
	}
	fputc('\n', to);
}

void table_print(struct table *t, FILE *to)
{
	size_t width[COLUMN_COUNT];

	if (t->count == 0)
		return;
	widths_of(t, width);
	if (!t->titled)
		print_line(to, titles, width, "");
	t->titled = true;
	for (size_t i = 0; i < t->count; i++) {
		const char *cells[COLUMN_COUNT];

		for (unsigned c = 0; c < COLUMN_COUNT; c++)
			cells[c] = t->rows[i].cells[c];
		print_line(to, cells, width, colour_of(t, cells[COLUMN_VERDICT]));
		fprintf(to, "%*s", INDENT, "");
		print_cell(to, t->rows[i].below, t->width - INDENT, false);
		fputc('\n', to);
	}
	t->count = 0;
}

unsigned table_width(FILE *to)
{
	struct winsize size;

	if (isatty(fileno(to)) && ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_MIN)
		return size.ws_col;
	return WIDTH_PLAIN;
}

bool table_colours(FILE *to)
{
	const char *no = getenv("NO_COLOR");

	return isatty(fileno(to)) && (no == NULL || no[0] == 0);
}
