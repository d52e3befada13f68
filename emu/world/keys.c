/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One row a key, so that a slip of the pen is told and not taken for silence. */
#include "emu/world/keys.h"

#include "control/wire/bytes.h"
#include "emu/world/profile.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum form { TEXT, NUMBER, TEXTS, NUMBERS, GROUP, GROUPS };

static const char *const forms[] = {
	[TEXT] = "a text in quotation marks", [NUMBER] = "a number", [TEXTS] = "a list of texts, [ \"…\", … ]",
	[NUMBERS] = "a list of numbers, [ 1, … ]", [GROUP] = "a group, { … }", [GROUPS] = "a list of groups, ( { … }, … )",
};

static const struct key {
	const char *group, *name; /* group "": the file itself */
	enum form form;
	long long max;            /* of a number, which is never below 0 */
} keys[] = {
	{ "", "hostname", TEXT, 0 }, { "", "domain", TEXT, 0 }, { "", "kernel_release", TEXT, 0 },
	{ "", "kernel_version", TEXT, 0 }, { "", "addresses", TEXTS, 0 }, { "", "resolver", TEXT, 0 },
	{ "", "ports", NUMBERS, 65535 }, { "", "clock", NUMBER, 4000000000 }, { "", "pid", NUMBER, 4000000 },
	{ "", "memory_mb", NUMBER, 1 << 20 }, { "", "processors", NUMBER, 256 }, { "", "ping_by_anyone", NUMBER, 1 },
	{ "", "cwd", TEXT, 0 }, { "", "shell", TEXT, 0 }, { "", "environment", TEXTS, 0 }, { "", "packages", TEXTS, 0 },
	{ "", "omit", TEXTS, 0 }, { "", "quiet", TEXTS, 0 }, { "", "user", GROUP, 0 }, { "", "applets", GROUP, 0 },
	{ "", "hostname_digits", NUMBER, PROFILE_NAME_BYTES - 1 }, { "", "named", TEXTS, 0 }, { "", "context", TEXT, 0 },
	{ "", "php", TEXT, 0 }, { "", "python", TEXT, 0 }, { "", "perl", TEXT, 0 },
	{ "", "ruby", TEXT, 0 }, { "", "node", TEXT, 0 }, { "", "php_ini", TEXTS, 0 },
	{ "", "cgroup", TEXT, 0 }, { "", "labels", GROUPS, 0 }, { "", "own_clock", GROUPS, 0 },
	{ "", "kind", TEXT, 0 }, { "", "facts", GROUPS, 0 }, { "facts", "name", TEXT, 0 }, { "facts", "value", TEXT, 0 },
	{ "labels", "path", TEXT, 0 }, { "labels", "context", TEXT, 0 },
	{ "own_clock", "program", TEXT, 0 }, { "own_clock", "times", NUMBER, 100 },
	{ "own_clock", "blocks", NUMBER, 50000000 },
	{ "", "host", GROUPS, 0 }, { "", "links", GROUPS, 0 }, { "", "folders", GROUPS, 0 },
	{ "", "sysroots", GROUPS, 0 }, { "sysroots", "processor", TEXT, 0 }, { "sysroots", "package", TEXT, 0 },
	{ "sysroots", "path", TEXT, 0 },
	{ "user", "uid", NUMBER, UINT32_MAX }, { "user", "gid", NUMBER, UINT32_MAX },
	{ "user", "groups", NUMBERS, UINT32_MAX },
	{ "applets", "program", TEXT, 0 }, { "applets", "list", TEXT, 0 }, { "applets", "mode", NUMBER, 07777 },
	{ "host", "from", TEXT, 0 }, { "host", "to", TEXT, 0 },
	{ "links", "path", TEXT, 0 }, { "links", "target", TEXT, 0 },
	{ "folders", "path", TEXT, 0 }, { "folders", "mode", NUMBER, 07777 }, { "folders", "uid", NUMBER, UINT32_MAX },
	{ "folders", "gid", NUMBER, UINT32_MAX },
};

static const struct key *key_find(const char *group, const char *name)
{
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (strcmp(keys[i].group, group) == 0 && strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

static bool number_fits(config_setting_t *s, long long max)
{
	return config_setting_is_number(s) && config_setting_type(s) != CONFIG_TYPE_FLOAT &&
	    config_setting_get_int64(s) >= 0 && config_setting_get_int64(s) <= max;
}

static bool fits(config_setting_t *s, const struct key *k)
{
	int count = config_setting_is_aggregate(s) ? config_setting_length(s) : 0;
	bool good = config_setting_is_array(s) || config_setting_is_list(s);

	switch (k->form) {
	case TEXT:
		return config_setting_type(s) == CONFIG_TYPE_STRING;
	case NUMBER:
		return number_fits(s, k->max);
	case GROUP:
		return config_setting_is_group(s);
	default:
		break;
	}
	for (int i = 0; i < count && good; i++) {
		config_setting_t *one = config_setting_get_elem(s, (unsigned)i);

		good = k->form == TEXTS ? config_setting_type(one) == CONFIG_TYPE_STRING
		     : k->form == NUMBERS ? number_fits(one, k->max) : (bool)config_setting_is_group(one);
	}
	return good;
}

static int group_check(config_setting_t *group, const char *name, int *line, char *why, size_t why_size)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
		const struct key *k = key_find(name, config_setting_name(s));
		int length;

		*line = (int)config_setting_source_line(s);
		if (k == NULL)
			snprintf(why, why_size, "there is no such key: %s", config_setting_name(s));
		else if (!fits(s, k) && k->max != 0)
			snprintf(why, why_size, "%s must be %s, 0 to %lld", k->name, forms[k->form], k->max);
		else if (!fits(s, k))
			snprintf(why, why_size, "%s must be %s", k->name, forms[k->form]);
		if (k == NULL || !fits(s, k))
			return -EINVAL;
		if (*name != 0 || (k->form != GROUP && k->form != GROUPS))
			continue;
		/* no deeper than this */
		length = k->form == GROUPS ? config_setting_length(s) : 1;
		for (int n = 0; n < length; n++) {
			int r = group_check(k->form == GROUPS ? config_setting_get_elem(s, (unsigned)n) : s, k->name, line, why,
			    why_size);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

int keys_check(const config_t *c, int *line, char *why, size_t why_size)
{
	return group_check(config_root_setting(c), "", line, why, why_size);
}
