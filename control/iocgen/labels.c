/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of samples that a CSV gives. */
#include "control/iocgen/labels.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 64 };
enum column { COLUMN_SAMPLE, COLUMN_LABEL, COLUMN_FAMILY, COLUMN_DATE, COLUMN_SOURCE, COLUMN_COUNT };

struct row {
	char *text; /* of the whole line; the fields lie in it */
	struct sample says;
};

struct labels {
	struct row *rows;
	size_t count, room;
	int columns[COLUMN_COUNT]; /* which field; -1: none */
};

static const struct { const char *name; enum column column; } names[] = {
	{ "sample", COLUMN_SAMPLE }, { "sha256", COLUMN_SAMPLE }, { "md5", COLUMN_SAMPLE }, { "sha1", COLUMN_SAMPLE },
	{ "file", COLUMN_SAMPLE }, { "name", COLUMN_SAMPLE }, { "label", COLUMN_LABEL }, { "family", COLUMN_FAMILY },
	{ "date", COLUMN_DATE }, { "day", COLUMN_DATE }, { "first_seen", COLUMN_DATE }, { "source", COLUMN_SOURCE },
	{ "environment", COLUMN_SOURCE },
};

/* The fields of one line, in place: quotes go, doubled ones become one. -EBADMSG. */
static int split(char *line, char *fields[FIELDS_MAX], unsigned *ret)
{
	unsigned count = 0;
	char *at = line, *to;

	for (;;) {
		bool quoted = *at == '"';

		if (count == FIELDS_MAX)
			return -EBADMSG;
		at += quoted;
		fields[count++] = to = at;
		while (*at != 0 && (quoted || *at != ',')) {
			if (quoted && *at == '"') {
				if (at[1] != '"') {
					quoted = false;
					at++;
					continue;
				}
				at++;
			}
			*to++ = *at++;
		}
		if (quoted)
			return -EBADMSG;
		if (*at == 0) {
			*to = 0;
			break;
		}
		at++;
		*to = 0;
	}
	*ret = count;
	return 0;
}

static int name_columns(struct labels *l, char **fields, unsigned count)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		l->columns[i] = -1;
	for (unsigned f = 0; f < count; f++) {
		for (size_t i = 0; i < COUNT_OF(names); i++) {
			if (bytes_equal_fold(bytes_trim(bytes_text(fields[f])), bytes_text(names[i].name)) && l->columns[names[i].column] < 0)
				l->columns[names[i].column] = (int)f;
		}
	}
	return l->columns[COLUMN_SAMPLE] < 0 ? -EBADMSG : 0;
}

static struct bytes field_of(const struct labels *l, char **fields, unsigned count, enum column c)
{
	int at = l->columns[c];
	struct bytes t = at < 0 || (unsigned)at >= count ? bytes_of(NULL, 0) : bytes_trim(bytes_text(fields[at]));

	if (t.left > SAMPLE_NAME_MAX)
		t.left = SAMPLE_NAME_MAX;
	return t;
}

static const char *row_of(const struct labels *l, char **fields, unsigned count, struct sample *ret)
{
	struct bytes label = field_of(l, fields, count, COLUMN_LABEL), date = field_of(l, fields, count, COLUMN_DATE);

	*ret = (struct sample){ .day = DAY_NONE, .name = field_of(l, fields, count, COLUMN_SAMPLE),
		.family = field_of(l, fields, count, COLUMN_FAMILY), .source = field_of(l, fields, count, COLUMN_SOURCE) };
	if (ret->name.left == 0)
		return "the row names no sample";
	if (label.left > 0 && label_find(label, &ret->label) < 0)
		return "a label is malware or benign";
	if (date.left > 0 && day_parse(date, &ret->day) < 0)
		return "a date is YYYY-MM-DD";
	return NULL;
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	size_t n = x->says.name.left < y->says.name.left ? x->says.name.left : y->says.name.left;
	int r = memcmp(x->says.name.at, y->says.name.at, n);

	if (r == 0 && x->says.name.left != y->says.name.left)
		r = x->says.name.left < y->says.name.left ? -1 : 1;
	return r;
}

static int row_add(struct labels *l, const struct row *row)
{
	if (l->count == l->room) {
		size_t room = l->room * 2 + 256;
		struct row *rows = realloc(l->rows, room * sizeof(*rows));

		if (rows == NULL)
			return -ENOMEM;
		l->rows = rows;
		l->room = room;
	}
	l->rows[l->count++] = *row;
	return 0;
}

/* Takes the line over, or frees it. */
static int line_take(struct labels *l, char *line, uint64_t number, const char **why)
{
	char *fields[FIELDS_MAX];
	struct row row = { .text = line };
	unsigned count;
	int r = 0;

	*why = NULL;
	if (split(line, fields, &count) < 0)
		*why = "the row is no CSV: a quotation does not end, or there are more than 64 fields";
	else if (number == 1)
		r = name_columns(l, fields, count);
	else
		*why = row_of(l, fields, count, &row.says);
	if (*why == NULL && number > 1 && (r = row_add(l, &row)) == 0)
		return 0;
	free(line);
	return r;
}

int labels_read(FILE *from, const char *file, void (*bad)(void *, const char *, uint64_t, const char *), void *to, struct labels **ret)
{
	struct labels *l = calloc(1, sizeof(*l));
	char *line = NULL;
	size_t room = 0;
	uint64_t number = 0;
	ssize_t len;
	int r = l == NULL ? -ENOMEM : 0;

	while (r == 0 && (len = getline(&line, &room, from)) >= 0) {
		const char *why;
		char *own;

		while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
			line[--len] = 0;
		number++;
		if (len == 0 || memchr(line, 0, (size_t)len) != NULL)
			continue;
		if ((own = strdup(number == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0 ? line + 3 : line)) == NULL) {
			r = -ENOMEM;
			break;
		}
		r = line_take(l, own, number, &why);
		if (why != NULL)
			bad(to, file, number, why);
	}
	free(line);
	if (r == 0 && ferror(from))
		r = -EIO;
	if (r == 0 && number == 0)
		r = -EBADMSG;
	if (r < 0) {
		labels_free(l);
		return r;
	}
	if (l->count > 0)
		qsort(l->rows, l->count, sizeof(*l->rows), compare_rows);
	*ret = l;
	return 0;
}

void labels_free(struct labels *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < l->count; i++)
		free(l->rows[i].text);
	free(l->rows);
	free(l);
}

size_t labels_count(const struct labels *l)
{
	return l == NULL ? 0 : l->count;
}

static const struct row *row_find(const struct labels *l, struct bytes name)
{
	const struct row key = { .says.name = name };

	return name.left == 0 || l->count == 0 ? NULL : bsearch(&key, l->rows, l->count, sizeof(*l->rows), compare_rows);
}

/* The row of a name as it is, of its last path part, or of that without its endings. */
static const struct row *row_by_endings(const struct labels *l, struct bytes whole)
{
	const struct row *row = row_find(l, whole);
	struct bytes name = whole;

	for (size_t i = name.left; row == NULL && i > 0; i--) {
		if (whole.at[i - 1] == '/') {
			name = bytes_of(whole.at + i, whole.left - i);
			row = row_find(l, name);
			break;
		}
	}
	for (size_t i = name.left; row == NULL && i > 1; i--) {
		if (name.at[i - 1] == '.')
			row = row_find(l, bytes_of(name.at, i - 1));
	}
	return row;
}

bool labels_apply(const struct labels *l, struct sample *s)
{
	const struct row *row;

	if (l == NULL)
		return false;
	if ((row = row_by_endings(l, s->name)) == NULL)
		row = row_by_endings(l, s->file);
	if (row == NULL)
		return false;
	if (row->says.family.left > 0)
		s->family = row->says.family;
	if (row->says.source.left > 0)
		s->source = row->says.source;
	if (row->says.day != DAY_NONE)
		s->day = row->says.day;
	if (row->says.label != LABEL_UNKNOWN)
		s->label = row->says.label;
	return true;
}
