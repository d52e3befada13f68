/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single values: numbers, flags, names and paths; lists are in list.c. */
#include "config/value.h"

#include "config/list.h"
#include "config/listen.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void value_place(const struct reading *in, const char *file, char *ret)
{
	/* libconfig names an included file as @include did */
	if (file == NULL || strcmp(file, in->file) == 0)
		snprintf(ret, PATH_MAX, "%s", in->file);
	else if (value_path(in->folder, file, ret) < 0)
		snprintf(ret, PATH_MAX, "%s", file);
}

void value_complain(struct reading *in, const config_setting_t *s, const char *why, ...)
{
	char text[512], file[PATH_MAX];
	va_list args;

	va_start(args, why);
	vsnprintf(text, sizeof(text), why, args);
	va_end(args);
	value_place(in, config_setting_source_file(s), file);
	complain(in->complaints, file, config_setting_source_line(s), "%s", text);
}

unsigned value_line(const struct reading *in, const config_setting_t *s)
{
	const char *file = config_setting_source_file(s);

	return file == NULL || strcmp(file, in->file) == 0 ? config_setting_source_line(s) : 0;
}

int value_path(const char *folder, const char *text, char *ret)
{
	char joined[2 * PATH_MAX];
	int n;

	if (text[0] == '/')
		n = snprintf(joined, sizeof(joined), "%s", text);
	else
		n = snprintf(joined, sizeof(joined), "%s/%s", folder, text);
	if (n < 0 || n >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(ret, joined, (size_t)n + 1);
	return 0;
}

void value_default(const struct schema_row *row, const char *folder, struct settings *settings)
{
	char *at = (char *)settings + row->at;
	bool given = row->text[0] != '\0';

	switch (row->type) {
	case SCHEMA_COUNT:
		*(unsigned *)(void *)at = (unsigned)row->preset;
		break;
	case SCHEMA_NUMBER:
		*(double *)(void *)at = row->preset;
		break;
	case SCHEMA_FLAG:
		*(bool *)(void *)at = row->preset != 0;
		break;
	case SCHEMA_NAME:
	case SCHEMA_LISTEN:
		snprintf(at, row->size, "%s", row->text);
		break;
	case SCHEMA_PATH:
		if (value_path(folder, row->text, at) < 0)
			at[0] = '\0';
		break;
	case SCHEMA_PATHS:
		*(unsigned *)(void *)((char *)settings + row->count_at) =
			given && value_path(folder, row->text, at) == 0;
		break;
	default:
		*(unsigned *)(void *)((char *)settings + row->count_at) = 0;
	}
}

static bool is_number(const config_setting_t *s)
{
	return config_setting_type(s) == CONFIG_TYPE_INT || config_setting_type(s) == CONFIG_TYPE_INT64;
}

static void read_number(struct reading *in, const struct schema_row *row, const config_setting_t *s)
{
	char *at = (char *)in->settings + row->at;
	double value;

	if (is_number(s)) {
		value = (double)config_setting_get_int64(s);
	} else if (row->type == SCHEMA_NUMBER && config_setting_type(s) == CONFIG_TYPE_FLOAT) {
		value = config_setting_get_float(s);
	} else {
		value_complain(in, s, "%s must be a %s", row->path, schema_type_name(row->type));
		return;
	}
	if (!(value >= row->min && value <= row->max)) {
		value_complain(in, s, "%s: %.10g is out of range: %.10g to %.10g %s", row->path, value, row->min, row->max,
		               row->unit);
		return;
	}
	if (row->type == SCHEMA_COUNT)
		*(unsigned *)(void *)at = (unsigned)value;
	else
		*(double *)(void *)at = value;
}

static bool is_word(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && strchr("_-.", *c) == NULL)
			return false;
	return text[0] != '\0';
}

static void read_listen(struct reading *in, const struct schema_row *row, const config_setting_t *s)
{
	const char *text = config_setting_get_string(s);
	struct address address;
	uint16_t port;

	if (text == NULL || (text[0] != '\0' && (listen_parse(text, &address, &port) < 0 || strlen(text) >= row->size)))
		value_complain(in, s, "%s must be an address with a port like \"127.0.0.1:9464\" or \"[::1]:9464\", or \"\"", row->path);
	else
		snprintf((char *)in->settings + row->at, row->size, "%s", text);
}

static void read_text(struct reading *in, const struct schema_row *row, const config_setting_t *s)
{
	char *at = (char *)in->settings + row->at;
	const char *text = config_setting_get_string(s);

	if (text == NULL)
		value_complain(in, s, "%s must be a %s in quotes", row->path, schema_type_name(row->type));
	else if (text[0] == '\0')
		value_complain(in, s, "%s must not be empty", row->path);
	else if (row->type == SCHEMA_PATH && value_path(in->origin, text, at) < 0)
		value_complain(in, s, "%s: the path is longer than %d bytes", row->path, PATH_MAX - 1);
	else if (row->type == SCHEMA_NAME && (strlen(text) >= row->size || !is_word(text)))
		value_complain(in, s, "%s: \"%s\" is not a name of at most %zu letters, digits, '_', '-' and '.'",
		               row->path, text, row->size - 1);
	else if (row->type == SCHEMA_NAME)
		snprintf(at, row->size, "%s", text);
}

void value_read(struct reading *in, const struct schema_row *row, const config_setting_t *s)
{
	switch (row->type) {
	case SCHEMA_COUNT:
	case SCHEMA_NUMBER:
		read_number(in, row, s);
		break;
	case SCHEMA_FLAG:
		if (config_setting_type(s) != CONFIG_TYPE_BOOL)
			value_complain(in, s, "%s must be true or false", row->path);
		else
			*(bool *)(void *)((char *)in->settings + row->at) = config_setting_get_bool(s) != 0;
		break;
	case SCHEMA_NAME:
	case SCHEMA_PATH:
		read_text(in, row, s);
		break;
	case SCHEMA_LISTEN:
		read_listen(in, row, s);
		break;
	default:
		list_read(in, row, s);
	}
}
