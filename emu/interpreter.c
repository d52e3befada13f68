/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How each interpreter is started, kept warm and given its code. */
#include "emu/interpreter.h"

#include "emu/front.h"
#include "emu/python.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS = 3, STATES = WORLD_NAMES, WORDS_MAX = 3, GIVEN_MAX = 512 << 10, ROW_MAX = 2048 };

struct interpreters {
	struct world *world;
	struct kernel *kernel;
	struct kept {
		bool tried;
		struct warm *states[STATES]; /* NULL: cannot be kept, is started cold */
	} kept[KINDS];
	struct bytes environment[STATES][PROFILE_ENVIRONMENT_MAX]; /* owned; by the host's name */
	uint8_t given[GIVEN_MAX];        /* what the run that is reads */
};

static int kind_of(enum language language)
{
	switch (language) {
	case LANGUAGE_PHP:
		return 0;
	case LANGUAGE_PYTHON:
		return 1;
	case LANGUAGE_PERL:
		return 2;
	default:
		return -1;
	}
}

static const char *program_of(const struct interpreters *s, enum language language)
{
	const struct profile *p = &s->world->profile;

	return language == LANGUAGE_PHP ? p->php : language == LANGUAGE_PYTHON ? p->python : p->perl;
}

int interpreters_new(struct world *w, struct kernel *k, struct interpreters **ret)
{
	struct interpreters *s = calloc(1, sizeof(*s));
	char row[ROW_MAX];

	if (s == NULL)
		return -ENOMEM;
	s->world = w;
	s->kernel = k;
	for (unsigned name = 0; name < STATES; name++)
		for (unsigned i = 0; i < w->profile.environment_count; i++) {
			char *kept;

			if (!world_fill(w, name, bytes_text(w->profile.environment[i]), row, sizeof(row)) ||
			    (kept = strdup(row)) == NULL) {
				interpreters_free(s);
				return -ENOMEM;
			}
			s->environment[name][i] = bytes_text(kept);
		}
	*ret = s;
	return 0;
}

void interpreters_free(struct interpreters *s)
{
	if (s == NULL)
		return;
	for (unsigned kind = 0; kind < KINDS; kind++)
		for (unsigned i = 0; i < STATES; i++)
			warm_free(s->kernel, s->kept[kind].states[i]);
	for (unsigned name = 0; name < STATES; name++)
		for (unsigned i = 0; i < PROFILE_ENVIRONMENT_MAX; i++)
			free((void *)(uintptr_t)s->environment[name][i].at);
	free(s);
}

bool interpreters_have(const struct interpreters *s, enum language language)
{
	return kind_of(language) >= 0 && program_of(s, language)[0] != 0;
}

/* What starts the language's interpreter. words and environment: the caller's arrays, lent to the start. */
static struct start start_of(const struct interpreters *s, enum language language, uint64_t seed,
    struct bytes words[WORDS_MAX], struct bytes environment[PROFILE_ENVIRONMENT_MAX])
{
	const struct profile *p = &s->world->profile;
	struct start start = {
		.path = program_of(s, language), .argv = words, .code = -1, .envp = environment,
		.given = language == LANGUAGE_PHP ? GIVEN_REQUEST : GIVEN_STREAM,
	};
	const char *name = strrchr(start.path, '/');

	words[start.argc++] = bytes_text(name != NULL ? name + 1 : start.path);
	/* which of its configurations a victim has, nobody knows: seeds try them all */
	if (language == LANGUAGE_PHP && p->php_inis_count != 0) {
		words[start.argc++] = bytes_text("-c");
		words[start.argc++] = bytes_text(p->php_inis[seed % STATES % p->php_inis_count]);
	}
	if (language == LANGUAGE_PYTHON) {
		words[start.argc++] = bytes_text("-c");
		words[start.argc++] = bytes_text(python_application);
	}
	for (unsigned i = 0; i < p->environment_count; i++)
		if (language != LANGUAGE_PHP || !front_makes(p->environment[i]))
			environment[start.envc++] = s->environment[seed % STATES][i];
	return start;
}

int interpreters_warm(struct interpreters *s, enum language language)
{
	struct bytes words[WORDS_MAX], environment[PROFILE_ENVIRONMENT_MAX];
	int kind = kind_of(language), r;

	if (kind < 0 || !interpreters_have(s, language) || s->kept[kind].tried)
		return 0;
	s->kept[kind].tried = true;
	kernel_prepare(s->kernel, (unsigned)kind + 1, NULL);
	for (unsigned i = 0; i < STATES; i++) {
		struct start start = start_of(s, language, i, words, environment);

		r = kernel_warm(s->kernel, i, &start, &s->kept[kind].states[i]);
		if (r < 0 && r != -ENOENT)
			return r;
	}
	return kernel_settle(s->kernel);
}

bool interpreters_prepare(const struct interpreters *s, const struct command *c)
{
	int kind = kind_of(c->language);

	if (kind >= 0)
		kernel_prepare(s->kernel, (unsigned)kind + 1, s->kept[kind].states[c->seed % STATES]);
	return kind >= 0;
}

int interpreters_start(struct interpreters *s, const struct command *c)
{
	struct bytes words[WORDS_MAX], environment[PROFILE_ENVIRONMENT_MAX], given = c->code;
	const struct warm *warm;
	struct start start;
	int kind = kind_of(c->language), r;

	if (kind < 0 || !interpreters_have(s, c->language))
		return -ENOSYS;
	if (c->language == LANGUAGE_PHP && (r = front_request(s->world, s->environment[c->seed % STATES], c, s->given, GIVEN_MAX, &given)) < 0)
		return r;
	warm = s->kept[kind].states[c->seed % STATES];
	if (warm != NULL)
		return kernel_resume(s->kernel, warm, given);
	start = start_of(s, c->language, c->seed, words, environment);
	start.bytes = given;
	return kernel_start(s->kernel, &start);
}
