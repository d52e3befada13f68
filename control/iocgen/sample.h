/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every reader of behaviour logs gives: samples, and what each did to a system. */
#ifndef CONTROL_IOCGEN_SAMPLE_H
#define CONTROL_IOCGEN_SAMPLE_H

#include "control/wire/bytes.h"

#include <stdint.h>

/* What was touched. The names stand in kind_name()'s table, which is the JSON's vocabulary. */
enum artefact_kind {
	KIND_FILE, KIND_REGISTRY, KIND_MUTEX, KIND_PROCESS, KIND_COMMAND, KIND_SERVICE, KIND_TASK, KIND_PIPE, KIND_URL, KIND_DNS, KIND_IP,
	KIND_AGENT, KIND_COUNT
};

/* How. ACTION_ANY: the log does not say. */
enum artefact_action {
	ACTION_ANY, ACTION_CREATE, ACTION_WRITE, ACTION_SET, ACTION_RENAME, ACTION_DELETE, ACTION_READ, ACTION_OPEN, ACTION_QUERY,
	ACTION_CONNECT, ACTION_START, ACTION_LOAD, ACTION_COUNT
};

/*
 * What an action comes to: logs of different makers call the same thing by different names. Files and registry keys tell the four
 * apart; for the other kinds all actions are one (CLASS_ANY), for there is no harmless way to have a mutex.
 */
enum action_class { CLASS_ANY, CLASS_CHANGE, CLASS_DELETE, CLASS_LOOK, CLASS_COUNT };

enum label { LABEL_UNKNOWN, LABEL_MALWARE, LABEL_BENIGN };

enum {
	DAY_NONE = INT32_MIN,
	SAMPLE_NAME_MAX = 512,    /* bytes of a name, a family, a source; longer ones are cut by the reader */
	ARTEFACT_VALUE_MAX = 4096 /* bytes of a value; longer ones are cut by who takes them, and counted */
};

struct artefact {
	enum artefact_kind kind;
	enum artefact_action action;
	struct bytes value; /* borrowed; UTF-8 as the log has it, not normalised: that is the corpus's work */
};

struct sample {
	struct bytes name;   /* borrowed; never empty */
	struct bytes family; /* empty: not known */
	struct bytes source; /* the environment it ran in; empty: not known */
	struct bytes file;   /* path of its log; empty: the log has others too */
	int32_t day;         /* since 1970-01-01, or DAY_NONE */
	enum label label;
};

/*
 * Where a reader puts what it reads: begin, artefact for each, end; then the next sample. What is handed over is borrowed until the
 * function returns. A negative return ends the reading and is the reader's return. bad() names what could not be read: the line (or
 * record, from 1; 0: the file) and why; it is no end.
 */
struct sample_sink {
	int (*begin)(void *to, const struct sample *);
	int (*artefact)(void *to, const struct artefact *);
	int (*end)(void *to);
	void (*bad)(void *to, const char *file, uint64_t line, const char *why);
	void *to;
};

/* The word of the JSON; *_find(): -ENOENT where it is none. Pure. */
const char *kind_name(enum artefact_kind);
must_check int kind_find(struct bytes name, enum artefact_kind *ret);
const char *action_name(enum artefact_action);
/* Knows also what logs call it otherwise ("created", "modified", "setvalue", …); ACTION_ANY: no word for an action that we know. */
enum artefact_action action_find(struct bytes name);
const char *class_name(enum action_class);
must_check int class_find(struct bytes name, enum action_class *ret);
enum action_class action_class_of(enum artefact_kind, enum artefact_action);
must_check int label_find(struct bytes name, enum label *ret);
const char *label_name(enum label);

/* "YYYY-MM-DD", further text after it is let be; -EINVAL. Proleptic Gregorian. */
must_check int day_parse(struct bytes text, int32_t *ret);
/* Into "YYYY-MM-DD"; returns buf, "" for DAY_NONE. */
const char *day_format(int32_t day, char buf[16]);
/* The earliest first; days may be NULL where there are none. */
void days_sort(int32_t *days, size_t count);

#endif
