/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An emulated server: one world, one kernel, and the warm shells that commands go on from. */
#include "emu/server/server.h"
#include "emu/server/interpreter.h"
#include "emu/kernel/kernel.h"
#include "emu/windows/command/command.h"
#include "emu/windows/host/host.h"
#include "emu/windows/powershell/powershell.h"
#include "emu/windows/windows.h"
#include "emu/world/world.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	WARM_SHELLS = WORLD_NAMES, /* states of a waiting shell; they differ in what the seed decides before code is read */
	SHELL_WORDS = 4,      /* of its command line, the code among them */
	CODE_MAX = 1 << 20,
	READING_MAX = 4 * PATH_MAX + 64,
};

struct server {
	struct world *world;
	struct kernel *kernel; /* of a Linux server; else NULL */
	struct host *host;     /* of a Windows server; else NULL */
	struct machines *machines;
	struct names {
		struct bytes environment[PROFILE_ENVIRONMENT_MAX]; /* owned */
		char surroundings[4096];  /* the environment, as facts: names and values */
	} names[WORLD_NAMES];
	struct warm *shells[WARM_SHELLS];
	struct interpreters *interpreters;
};

static uint64_t host_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

/* The "--" keeps bash from asking of the code, before it has begun, whether it is an option; /proc does not show it. */
static struct start shell_start(const struct server *s, uint64_t seed, struct bytes *argv, struct bytes code)
{
	argv[0] = bytes_text("sh");
	argv[1] = bytes_text("-c");
	argv[2] = bytes_text("--");
	argv[SHELL_WORDS - 1] = code;
	return (struct start){
		.path = s->world->profile.shell, .argc = SHELL_WORDS, .argv = argv, .code = -1, .unseen = 2,
		.envc = s->world->profile.environment_count, .envp = s->names[seed % WORLD_NAMES].environment,
	};
}

/* A profile without a shell, or with one that cannot be kept warm, still serves what it has: cold. */
static int warm_up(struct server *s)
{
	struct bytes argv[SHELL_WORDS];
	int r;

	for (unsigned i = 0; i < WARM_SHELLS; i++) {
		struct start start = shell_start(s, i, argv, (struct bytes){ 0 });

		start.code = SHELL_WORDS - 1;
		if ((r = kernel_warm(s->kernel, i, &start, &s->shells[i])) < 0 && r != -ENOENT)
			return r;
	}
	return kernel_settle(s->kernel);
}

/* The environment under one of the host's names. Of "NAME=value" both are facts, of whoever prints them. */
static int set_environment(struct server *s, unsigned name)
{
	struct names *n = &s->names[name];
	size_t used = 0;

	for (unsigned i = 0; i < s->world->profile.environment_count; i++) {
		const char *value;
		char row[2048];
		char *kept;
		int len;

		if (!world_fill(s->world, name, bytes_text(s->world->profile.environment[i]), row, sizeof(row)))
			return -E2BIG;
		if ((kept = strdup(row)) == NULL)
			return -ENOMEM;
		n->environment[i] = bytes_text(kept);
		value = strchr(row, '=');
		len = value == NULL ? 0 : snprintf(n->surroundings + used, sizeof(n->surroundings) - used, "%.*s\n%s\n",
		    (int)(value + 1 - row), row, value + 1);
		if (len > 0 && (size_t)len < sizeof(n->surroundings) - used)
			used += (size_t)len;
		n->surroundings[used] = 0;
	}
	return 0;
}

int server_open(const char *path, char *why, size_t why_size, struct server **ret)
{
	struct server *s = calloc(1, sizeof(*s));
	int r;

	if (s == NULL) {
		snprintf(why, why_size, "%s: no memory", path);
		return -ENOMEM;
	}
	if ((r = world_open(path, why, why_size, &s->world)) < 0)
		goto out;
	if (s->world->profile.windows) {
		if ((r = host_open(s->world, path, why, why_size, &s->host)) == 0)
			r = machines_open(s->host, &s->machines);
		goto opened;
	}
	snprintf(why, why_size, "%s: the emulated machine cannot be started", path);
	if ((r = kernel_new(s->world, &s->kernel)) < 0)
		goto out;
	for (unsigned i = 0; i < WORLD_NAMES; i++)
		if ((r = set_environment(s, i)) < 0) {
			snprintf(why, why_size, "%s/profile.conf: environment: a row is too long", path);
			goto out;
		}
	if ((r = warm_up(s)) == 0)
		r = interpreters_new(s->world, s->kernel, &s->interpreters);
opened:
	if (r < 0)
		goto out;
	*ret = s;
	s = NULL;
out:
	server_close(s);
	return r;
}

void server_close(struct server *s)
{
	if (s == NULL)
		return;
	interpreters_free(s->interpreters);
	for (unsigned i = 0; i < WARM_SHELLS && s->kernel != NULL; i++)
		warm_free(s->kernel, s->shells[i]);
	for (unsigned i = 0; i < WORLD_NAMES; i++)
		for (unsigned n = 0; n < PROFILE_ENVIRONMENT_MAX; n++)
			free((void *)(uintptr_t)s->names[i].environment[n].at);
	kernel_free(s->kernel);
	machines_close(s->machines);
	host_close(s->host);
	world_close(s->world);
	free(s);
}

const char *server_name(const struct server *s)
{
	return s->world->profile.name;
}

static bool has(const struct server *s, const char *path)
{
	struct walk w;

	return tree_walk(s->world->tree, tree_root(s->world->tree), path, &(struct identity){ 0 }, true, &w) == 0 &&
	    w.node != NULL;
}

bool server_runs(const struct server *s, enum language language)
{
	if (s->host != NULL)
		return language == LANGUAGE_CMD || language == LANGUAGE_POWERSHELL || machines_run_language(language);
	switch (language) {
	case LANGUAGE_SHELL:
	case LANGUAGE_PATH:
		return has(s, s->world->profile.shell);
	case LANGUAGE_ELF:
	case LANGUAGE_X86:
	case LANGUAGE_X86_64:
	case LANGUAGE_ARM:
	case LANGUAGE_AARCH64:
	case LANGUAGE_MIPS:
	case LANGUAGE_MIPSEL:
	case LANGUAGE_POWERPC:
		return true;
	default:
		return interpreters_have(s->interpreters, language);
	}
}

bool server_spoilt(const struct server *s)
{
	return s->kernel != NULL && kernel_spoilt(s->kernel);
}

int server_warm(struct server *s, enum language language)
{
	return s->interpreters != NULL ? interpreters_warm(s->interpreters, language) : 0;
}

unsigned server_warmed(struct server *const *servers, unsigned count)
{
	unsigned warmed = 0;

	for (unsigned i = 0; i < count; i++)
		warmed |= servers[i]->interpreters != NULL ? interpreters_warmed(servers[i]->interpreters) : 0;
	return warmed;
}

int server_warm_all(struct server *const *servers, unsigned count, unsigned warmed)
{
	int r = 0;

	for (unsigned i = 0; i < count && r == 0; i++)
		for (unsigned l = 0; l < LANGUAGE_COUNT && r == 0; l++)
			if ((interpreters_bit((enum language)l) & warmed) != 0)
				r = server_warm(servers[i], (enum language)l);
	return r;
}

static int start_shell(struct server *s, const struct command *c)
{
	const struct warm *warm = s->shells[c->seed % WARM_SHELLS];
	struct bytes argv[SHELL_WORDS];
	struct start start;

	/* an argument ends at its first NUL */
	struct bytes code = c->code;
	const uint8_t *nul = code.left != 0 ? memchr(code.at, 0, code.left) : NULL;

	if (nul != NULL)
		code.left = (size_t)(nul - code.at);
	if (warm != NULL)
		return kernel_resume(s->kernel, warm, code);
	start = shell_start(s, c->seed, argv, code);
	return kernel_start(s->kernel, &start);
}

/*
 * The code becomes a file that is run, a program or a script, from a folder that anyone may write: as what was fetched
 * and started there. Its bytes are the job's, and none of what the run may write.
 */
static int start_program(struct server *s, const struct command *c)
{
	static const char path[] = "/tmp/program";
	struct tree *t = s->world->tree;
	struct bytes argv[1] = { bytes_text(path) };
	struct start start = {
		.path = path, .argc = 1, .argv = argv, .code = -1, .cwd = "/tmp",
		.envc = s->world->profile.environment_count, .envp = s->names[c->seed % WORLD_NAMES].environment,
	};
	struct node *n;
	struct walk w;
	int r;

	if ((r = tree_walk(t, tree_root(t), path, &(struct identity){ 0 }, true, &w)) < 0)
		return r;
	n = node_new(t, NODE_FILE, 0755, s->world->profile.user.uid, s->world->profile.user.gid);
	if (n == NULL)
		return -ENOMEM;
	n->data = c->code.at;
	n->size = c->code.left;
	n->changed_ns = world_now(s->world);
	if ((r = node_link(t, w.dir, w.name, n, n->changed_ns)) < 0)
		return r;
	return kernel_start(s->kernel, &start);
}

/* What a run is told of the server without asking. */
static void tell_surroundings(struct server *s, const struct command *c)
{
	record_fact(s->world->record, bytes_text(s->names[c->seed % WORLD_NAMES].surroundings));
	if (interpreters_portrait(s->interpreters, c->language).left != 0)
		record_fact(s->world->record, interpreters_portrait(s->interpreters, c->language));
}

/* A file's contents: *shown. What no profile holds, as it is a process's to say, the server's own cat is started to read. */
static int read_file(struct server *s, const struct command *c, bool *shown)
{
	struct command reading = { .language = LANGUAGE_SHELL, .seed = c->seed };
	char path[PATH_MAX], code[READING_MAX];
	struct sink to = sink_over(code, sizeof(code));
	int r;

	*shown = true;
	if (c->code.left >= sizeof(path) || (c->code.left != 0 && memchr(c->code.at, 0, c->code.left) != NULL))
		return -ENAMETOOLONG;
	memcpy(path, c->code.at, c->code.left);
	path[c->code.left] = 0;
	tell_surroundings(s, c);
	if ((r = kernel_show(s->kernel, path)) != -ENOSYS)
		return r;
	*shown = false;
	sink_put(&to, "cat '", 5);
	for (const char *at = path; *at != 0; at++)
		sink_put(&to, *at == '\'' ? "'\\''" : at, *at == '\'' ? 4 : 1);
	sink_put(&to, "' 2>/dev/null", 13);
	reading.code = bytes_of(code, to.used);
	if ((r = kernel_begin(s->kernel, c->seed, c->twists, c->twists_count)) == 0)
		r = start_shell(s, &reading);
	return r;
}

/* What has no program to run goes through an evaluator of ours, in the same world. */
static int run_windows(struct server *s, const struct command *c, const struct outcome **ret)
{
	uint64_t began = host_ns();
	struct outcome *outcome;
	uint32_t status = 126;
	int r;

	if (machines_run_language(c->language)) {
		if ((r = machines_run(s->machines, c, c->registers == RAW_POINTING)) < 0)
			return r;
		outcome = record_outcome(s->world->record);
		goto told;
	}
	if ((r = world_begin(s->world, c->seed, c->twists, c->twists_count)) < 0 || (r = host_begin(s->host)) < 0)
		return r;
	if (c->code.left > CODE_MAX)
		host_stop(s->host, STOPPED_UNSUPPORTED);
	else if (c->language == LANGUAGE_CMD)
		command_code(s->host, c->code, &status);
	else if (c->language == LANGUAGE_POWERSHELL)
		powershell_code(s->host, c->code, &status);
	else
		host_stop(s->host, STOPPED_UNSUPPORTED);
	outcome = record_outcome(s->world->record);
	outcome->run.exit_status = (int32_t)status;
	outcome->run.stopped_by = s->host->stopped;
	outcome->run.blocks = s->host->steps;
	outcome->run.ended_ns = s->world->virtual_ns;
told:
	outcome->run.profile = bytes_text(s->world->profile.name);
	outcome->run.host_ns = host_ns() - began;
	*ret = outcome;
	return 0;
}

int server_run(struct server *s, const struct command *c, const struct outcome **ret)
{
	struct outcome *outcome;
	bool shown = false;
	uint64_t began;
	int r;

	if (s->host != NULL)
		return run_windows(s, c, ret);
	if ((r = server_warm(s, c->language)) < 0)
		return r;
	began = host_ns();
	if (!interpreters_prepare(s->interpreters, c))
		kernel_prepare(s->kernel, 0, c->language == LANGUAGE_SHELL ? s->shells[c->seed % WARM_SHELLS] : NULL);
	if ((r = kernel_begin(s->kernel, c->seed, c->twists, c->twists_count)) < 0)
		return r;
	if (c->language == LANGUAGE_SHELL && c->code.left <= CODE_MAX)
		r = start_shell(s, c);
	else if (c->language == LANGUAGE_PATH)
		r = read_file(s, c, &shown);
	else if (c->language == LANGUAGE_ELF)
		r = start_program(s, c);
	else if (language_is_machine(c->language))
		r = kernel_start_attack(s->kernel, &(struct attack){ c->language, c->bsd, c->thumb, c->code, c->entry,
		    c->registers, c->request });
	else
		r = c->code.left <= CODE_MAX ? interpreters_start(s->interpreters, c) : -ENOSYS;
	tell_surroundings(s, c);
	outcome = record_outcome(s->world->record);
	if (r == 0) {
		r = shown ? 0 : kernel_run(s->kernel);
	} else if (r != -EIO && r != -ENOMEM) {
		/* what cannot be started is told as such, not a failure of ours */
		outcome->run.stopped_by = STOPPED_UNSUPPORTED;
		outcome->run.exit_status = 126;
		r = 0;
	}
	kernel_end(s->kernel);
	outcome = record_outcome(s->world->record);
	outcome->run.profile = bytes_text(s->world->profile.name);
	outcome->run.host_ns = host_ns() - began;
	if (r == 0)
		*ret = outcome;
	return r;
}
