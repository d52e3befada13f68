/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How each interpreter is started, kept warm and given its code. */
#include "emu/interpreter.h"

#include "emu/php.h"
#include "emu/python.h"
#include "emu/world/fastcgi.h"

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

/* Variables that a web server makes for each request: they reach php in the request, not as its own environment. */
static bool is_of_request(const char *row)
{
	static const char *const begins[] = {
		"GATEWAY_INTERFACE=", "SERVER_", "REQUEST_", "QUERY_STRING=", "REMOTE_", "DOCUMENT_ROOT=", "SCRIPT_", "HTTP_",
		"CONTENT_", "PATH_INFO=", "PATH_TRANSLATED=",
	};

	for (size_t i = 0; i < COUNT_OF(begins); i++)
		if (strncmp(row, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
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
		if (language != LANGUAGE_PHP || !is_of_request(p->environment[i]))
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

/* The script that php is asked to run becomes a file. */
static int put_script(struct interpreters *s, const char *path, struct bytes script)
{
	struct tree *t = s->world->tree;
	struct node *n;
	struct walk w;
	int r;

	if ((r = tree_walk(t, tree_root(t), path, &(struct identity){ 0 }, true, &w)) < 0)
		return r;
	if ((n = w.node) == NULL) {
		if ((n = node_new(t, NODE_FILE, 0644, 0, 0)) == NULL || (r = node_link(t, w.dir, w.name, n, 0)) < 0)
			return n == NULL ? -ENOMEM : r;
	}
	if ((r = node_truncate(t, n, 0)) < 0 || (r = node_write(t, n, 0, script)) < 0)
		return r;
	n->touched = false; /* what it holds is no doing of the run */
	return 0;
}

static void pair(struct sink *s, const char *name, const char *value)
{
	fastcgi_pair(s, bytes_text(name), bytes_text(value));
}

/* Where the attacked script stands: its name is the victim's, so another by each seed. */
static unsigned script_name(uint64_t seed, char *to, size_t size)
{
	uint64_t h = (seed + 1) * 0x9e3779b97f4a7c15ull;
	unsigned len = 4 + (unsigned)(h >> 60) % 5, lines = (unsigned)(h >> 50) % 90;
	char name[16] = "";

	for (unsigned i = 0; i < len; i++, h = h * 6364136223846793005ull + 1442695040888963407ull)
		name[i] = (char)('a' + (h >> 33) % 26);
	snprintf(to, size, "/%s.php", name);
	return lines;
}

/* The request of a web server for the script, over FastCGI. */
static int request(struct interpreters *s, const struct command *c, struct bytes *ret)
{
	static uint8_t params_room[32 << 10], script_room[96 << 10];
	const struct profile *p = &s->world->profile;
	struct sink params = sink_over(params_room, sizeof(params_room)), script = sink_over(script_room, sizeof(script_room)),
	    all = sink_over(s->given, sizeof(s->given));
	char path[sizeof(p->cwd) + 32], name[32];
	unsigned lines = script_name(c->seed, name, sizeof(name));
	int r;

	snprintf(path, sizeof(path), "%s%s", p->cwd, name);
	php_script(c->code, lines, &script);
	if (script.overflow)
		return -E2BIG;
	if ((r = put_script(s, path, bytes_of(script.at, script.used))) < 0)
		return r;
	for (unsigned i = 0; i < p->environment_count; i++) {
		struct bytes row = s->environment[c->seed % STATES][i];
		const uint8_t *sign = memchr(row.at, '=', row.left);

		if (sign != NULL && is_of_request(p->environment[i]))
			fastcgi_pair(&params, bytes_of(row.at, (size_t)(sign - row.at)),
			    bytes_of(sign + 1, row.left - (size_t)(sign - row.at) - 1));
	}
	pair(&params, "SCRIPT_FILENAME", path);
	pair(&params, "SCRIPT_NAME", name);
	pair(&params, "REQUEST_URI", name);
	pair(&params, "REDIRECT_STATUS", "200");
	fastcgi_request(&all, bytes_of(params.at, params.used), bytes_of("", 0));
	return params.overflow ? -E2BIG : sink_done(&all, ret);
}

int interpreters_start(struct interpreters *s, const struct command *c)
{
	struct bytes words[WORDS_MAX], environment[PROFILE_ENVIRONMENT_MAX], given = c->code;
	const struct warm *warm;
	struct start start;
	int kind = kind_of(c->language), r;

	if (kind < 0 || !interpreters_have(s, c->language))
		return -ENOSYS;
	if (c->language == LANGUAGE_PHP && (r = request(s, c, &given)) < 0)
		return r;
	warm = s->kept[kind].states[c->seed % STATES];
	if (warm != NULL)
		return kernel_resume(s->kernel, warm, given);
	start = start_of(s, c->language, c->seed, words, environment);
	start.bytes = given;
	return kernel_start(s->kernel, &start);
}
