/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comparing two configs key by key. */
#include "config/changes.h"

#include <errno.h>
#include <libconfig.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_DEPTH_MAX = 8 /* the deepest value of the schema has three levels */ };

/* A value's place in its tree. */
struct step {
	const config_setting_t *of;
	int next;
};

static void scalar_write(FILE *to, const config_setting_t *s)
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_STRING:
		fprintf(to, "\"%s\"", config_setting_get_string(s));
		break;
	case CONFIG_TYPE_FLOAT:
		fprintf(to, "%.10g", config_setting_get_float(s));
		break;
	case CONFIG_TYPE_BOOL:
		fputs(config_setting_get_bool(s) ? "true" : "false", to);
		break;
	default:
		fprintf(to, "%lld", config_setting_get_int64(s));
	}
}

static void ends_write(FILE *to, const config_setting_t *s, bool open)
{
	if (config_setting_is_group(s))
		fputs(open ? "{ " : " }", to);
	else
		fputc(config_setting_is_list(s) || config_setting_is_array(s) ? open ? '[' : ']' : ' ', to);
}

/* The value on one line, as it could be written; a list and an array are the same to us. */
static void value_write(FILE *to, const config_setting_t *s)
{
	struct step steps[VALUE_DEPTH_MAX] = { { s, 0 } };
	unsigned depth = 1;

	if (!config_setting_is_aggregate(s)) {
		scalar_write(to, s);
		return;
	}
	ends_write(to, s, true);
	while (depth > 0) {
		struct step *at = &steps[depth - 1];
		const config_setting_t *e;

		if (at->next == config_setting_length(at->of)) {
			ends_write(to, at->of, false);
			depth--;
			continue;
		}
		if (at->next > 0)
			fputs(", ", to);
		e = config_setting_get_elem(at->of, (unsigned)at->next++);
		if (config_setting_name(e) != NULL)
			fprintf(to, "%s = ", config_setting_name(e));
		if (!config_setting_is_aggregate(e)) {
			scalar_write(to, e);
		} else if (depth < VALUE_DEPTH_MAX) {
			steps[depth++] = (struct step){ e, 0 };
			ends_write(to, e, true);
		}
	}
}

static int tree_read(const struct settings *s, config_t *ret)
{
	char folder[PATH_MAX], *slash;

	memcpy(folder, s->file, sizeof(folder));
	slash = strrchr(folder, '/');
	slash[slash == folder] = 0;
	config_set_include_dir(ret, folder);
	return config_read_file(ret, s->file) ? 0 : -EINVAL;
}

static bool is_list(const struct schema_row *row)
{
	return row->type != SCHEMA_COUNT && row->type != SCHEMA_NUMBER && row->type != SCHEMA_FLAG && row->type != SCHEMA_NAME &&
	       row->type != SCHEMA_LISTEN && row->type != SCHEMA_PATH;
}

static void single_write(FILE *to, const struct schema_row *row, const struct settings *settings)
{
	const char *at = (const char *)settings + row->at;
	double number;
	unsigned count;

	if (row->type == SCHEMA_COUNT) {
		memcpy(&count, at, sizeof(count));
		fprintf(to, "%u", count);
	} else if (row->type == SCHEMA_NUMBER) {
		memcpy(&number, at, sizeof(number));
		fprintf(to, "%.10g", number);
	} else if (row->type == SCHEMA_FLAG) {
		fputs(*at != 0 ? "true" : "false", to);
	} else {
		fprintf(to, "\"%s\"", at);
	}
}

/* A value as text. NULL: out of memory. The caller's. */
static char *text_of(const struct schema_row *row, const struct settings *settings, const config_t *tree)
{
	const config_setting_t *s;
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);

	if (to == NULL)
		return NULL;
	if (!is_list(row))
		single_write(to, row, settings);
	else if ((s = config_lookup(tree, row->path)) != NULL)
		value_write(to, s);
	else
		fputs("default", to);
	fclose(to);
	return text;
}

int changes_each(const struct settings *was, const struct settings *is, change_tell *tell, void *context)
{
	config_t before, after;
	int r, count = 0;

	config_init(&before);
	config_init(&after);
	if ((r = tree_read(was, &before)) < 0 || (r = tree_read(is, &after)) < 0)
		goto out;
	for (unsigned i = 0; i < schema_count; i++) {
		char *a = text_of(&schema[i], was, &before), *b = text_of(&schema[i], is, &after);

		if (a == NULL || b == NULL) {
			r = -ENOMEM;
		} else if (strcmp(a, b) != 0) {
			count++;
			if (tell != NULL)
				tell(context, &schema[i], a, b);
		}
		free(a);
		free(b);
		if (r < 0)
			goto out;
	}
	r = count;
out:
	config_destroy(&before);
	config_destroy(&after);
	return r;
}
