/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of behaviour logs, and days. */
#include "control/iocgen/sample.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word {
	const char *name;
	int value;
};

static const char *const kind_names[KIND_COUNT] = {
	[KIND_FILE] = "file", [KIND_REGISTRY] = "registry", [KIND_MUTEX] = "mutex", [KIND_PROCESS] = "process",
	[KIND_COMMAND] = "command", [KIND_SERVICE] = "service", [KIND_TASK] = "task", [KIND_PIPE] = "pipe", [KIND_URL] = "url",
	[KIND_DNS] = "dns", [KIND_IP] = "ip", [KIND_AGENT] = "agent",
};

static const char *const action_names[ACTION_COUNT] = {
	[ACTION_ANY] = "any", [ACTION_CREATE] = "create", [ACTION_WRITE] = "write", [ACTION_SET] = "set", [ACTION_RENAME] = "rename",
	[ACTION_DELETE] = "delete", [ACTION_READ] = "read", [ACTION_OPEN] = "open", [ACTION_QUERY] = "query",
	[ACTION_CONNECT] = "connect", [ACTION_START] = "start", [ACTION_LOAD] = "load",
};

/* What else the makers of logs call an action. */
static const struct word other_actions[] = {
	{ "created", ACTION_CREATE }, { "add", ACTION_CREATE }, { "added", ACTION_CREATE }, { "install", ACTION_CREATE },
	{ "drop", ACTION_WRITE }, { "dropped", ACTION_WRITE }, { "modify", ACTION_WRITE }, { "modified", ACTION_WRITE },
	{ "written", ACTION_WRITE }, { "append", ACTION_WRITE }, { "setvalue", ACTION_SET }, { "rename", ACTION_RENAME },
	{ "renamed", ACTION_RENAME }, { "move", ACTION_RENAME }, { "moved", ACTION_RENAME }, { "copy", ACTION_WRITE },
	{ "deleted", ACTION_DELETE }, { "remove", ACTION_DELETE }, { "removed", ACTION_DELETE }, { "unlink", ACTION_DELETE },
	{ "opened", ACTION_OPEN }, { "access", ACTION_OPEN }, { "exists", ACTION_QUERY }, { "get", ACTION_QUERY },
	{ "lookup", ACTION_QUERY }, { "resolve", ACTION_QUERY }, { "enumerate", ACTION_QUERY }, { "stat", ACTION_QUERY },
	{ "request", ACTION_CONNECT }, { "send", ACTION_CONNECT }, { "post", ACTION_CONNECT }, { "bind", ACTION_CONNECT },
	{ "spawn", ACTION_START }, { "run", ACTION_START }, { "exec", ACTION_START }, { "execute", ACTION_START },
	{ "launch", ACTION_START }, { "started", ACTION_START }, { "loaded", ACTION_LOAD },
};

static const char *const class_names[CLASS_COUNT] = {
	[CLASS_ANY] = "any", [CLASS_CHANGE] = "change", [CLASS_DELETE] = "delete", [CLASS_LOOK] = "look",
};

static const char *const label_names[] = { [LABEL_UNKNOWN] = "unknown", [LABEL_MALWARE] = "malware", [LABEL_BENIGN] = "benign" };

static int name_find(const char *const *names, size_t count, struct bytes name, int *ret)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes_equal_fold(name, bytes_text(names[i]))) {
			*ret = (int)i;
			return 0;
		}
	}
	return -ENOENT;
}

const char *kind_name(enum artefact_kind k)
{
	return kind_names[k];
}

int kind_find(struct bytes name, enum artefact_kind *ret)
{
	int found, r = name_find(kind_names, KIND_COUNT, name, &found);

	if (r == 0)
		*ret = (enum artefact_kind)found;
	return r;
}

const char *action_name(enum artefact_action a)
{
	return action_names[a];
}

enum artefact_action action_find(struct bytes name)
{
	int found;

	if (name_find(action_names, ACTION_COUNT, name, &found) == 0)
		return (enum artefact_action)found;
	for (size_t i = 0; i < COUNT_OF(other_actions); i++) {
		if (bytes_equal_fold(name, bytes_text(other_actions[i].name)))
			return (enum artefact_action)other_actions[i].value;
	}
	return ACTION_ANY;
}

const char *class_name(enum action_class c)
{
	return class_names[c];
}

int class_find(struct bytes name, enum action_class *ret)
{
	int found, r = name_find(class_names, CLASS_COUNT, name, &found);

	if (r == 0)
		*ret = (enum action_class)found;
	return r;
}

enum action_class action_class_of(enum artefact_kind k, enum artefact_action a)
{
	if (k != KIND_FILE && k != KIND_REGISTRY)
		return CLASS_ANY;
	switch (a) {
	case ACTION_DELETE:
		return CLASS_DELETE;
	case ACTION_READ:
	case ACTION_OPEN:
	case ACTION_QUERY:
	case ACTION_LOAD:
		return CLASS_LOOK;
	default: /* a log that names no action names what came to be */
		return CLASS_CHANGE;
	}
}

int label_find(struct bytes name, enum label *ret)
{
	static const struct word others[] = {
		{ "malicious", LABEL_MALWARE }, { "bad", LABEL_MALWARE }, { "1", LABEL_MALWARE }, { "clean", LABEL_BENIGN },
		{ "goodware", LABEL_BENIGN }, { "good", LABEL_BENIGN }, { "0", LABEL_BENIGN },
	};
	int found;

	if (name_find(label_names, COUNT_OF(label_names), name, &found) == 0) {
		*ret = (enum label)found;
		return 0;
	}
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (bytes_equal_fold(name, bytes_text(others[i].name))) {
			*ret = (enum label)others[i].value;
			return 0;
		}
	}
	return -ENOENT;
}

const char *label_name(enum label l)
{
	return label_names[l];
}

/* Days from 1970-01-01 of a date in the Gregorian calendar: years begin in March, so that the leap day is their last. */
static int32_t days_of(int y, int m, int d)
{
	int shifted = m <= 2 ? y - 1 : y, era = shifted / 400, of_era = shifted - era * 400;
	int of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool digits(struct bytes t, size_t at, size_t count, int *ret)
{
	int v = 0;

	for (size_t i = at; i < at + count; i++) {
		if (i >= t.left || t.at[i] < '0' || t.at[i] > '9')
			return false;
		v = v * 10 + (t.at[i] - '0');
	}
	*ret = v;
	return true;
}

int day_parse(struct bytes t, int32_t *ret)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int y, m, d;

	if (!digits(t, 0, 4, &y) || !digits(t, 5, 2, &m) || !digits(t, 8, 2, &d) || t.at[4] != '-' || t.at[7] != '-')
		return -EINVAL;
	if (y < 1 || m < 1 || m > 12 || d < 1)
		return -EINVAL;
	if (d > lengths[m - 1] + (m == 2 && (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0))))
		return -EINVAL;
	*ret = days_of(y, m, d);
	return 0;
}

const char *day_format(int32_t day, char buf[16])
{
	int64_t z = (int64_t)day + 719468, era = z / 146097, of_era = z - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100), m = (5 * of_year + 2) / 153;

	buf[0] = 0;
	if (day != DAY_NONE && z >= 0)
		snprintf(buf, 16, "%04u-%02u-%02u", (unsigned)(year + era * 400 + (m >= 10)) % 10000u,
		         (unsigned)(m < 10 ? m + 3 : m - 9) % 100u, (unsigned)(of_year - (153 * m + 2) / 5 + 1) % 100u);
	return buf;
}

static int compare_days(const void *a, const void *b)
{
	const int32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

void days_sort(int32_t *days, size_t count)
{
	if (count > 0)
		qsort(days, count, sizeof(*days), compare_days);
}
