/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How each interpreter is started, kept warm and given its code. */
#include "emu/server/interpreter.h"

#include "emu/server/front.h"
#include "emu/server/node.h"
#include "emu/server/python.h"
#include "emu/server/ruby.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS = KERNEL_KINDS - 1 /* the shell's is 0 */, STATES = WORLD_NAMES, WORDS_MAX = 4, GIVEN_MAX = 512 << 10, ROW_MAX = 2048 };

struct interpreters {
	struct world *world;
	struct kernel *kernel;
	unsigned states;                 /* that differ: by what chance and the host's name decide before code is read */
	struct kept {
		bool tried;
		struct warm *states[STATES]; /* NULL: cannot be kept, is started cold */
		struct bytes portrait;       /* owned: what it tells of itself, as every interpreter would tell otherwise */
	} kept[KINDS];
	struct bytes environment[STATES][PROFILE_ENVIRONMENT_MAX]; /* owned; by the host's name */
	uint8_t given[GIVEN_MAX];        /* what the run that is reads */
};

/* A language's interpreter: how it is started, and what it is asked of itself. */
static const struct kind {
	enum language language;
	const char *options[WORDS_MAX - 1]; /* before the code of an application */
	const char *application;            /* "": it takes the attack code as it is */
	const char *portrait;               /* code that prints its version, its paths, how it is built */
} kinds[KINDS] = {
	{ LANGUAGE_PHP, { NULL }, "",
	  "echo PHP_VERSION,\"\\n\",zend_version(),\"\\n\",PHP_MAJOR_VERSION,'.',PHP_MINOR_VERSION,\"\\n\",PHP_EXTENSION_DIR,\"\\n\","
	  "PHP_BINARY,\"\\n\",php_ini_loaded_file(),\"\\n\",get_include_path(),\"\\n\",implode(\"\\n\",get_loaded_extensions()),\"\\n\";phpinfo();" },
	{ LANGUAGE_PYTHON, { "-c" }, python_application,
	  "import sys;print(sys.version.split()[0],'%d.%d'%sys.version_info[:2],sys.version,sys.executable,*sys.path,*sys.modules,"
	  "sep='\\n')" },
	{ LANGUAGE_PERL, { NULL }, "", "print \"$]\\n\",sprintf('%vd',$^V),\"\\n\",$^X,\"\\n\",join(\"\\n\",@INC),\"\\n\";" },
	/* what finds gems takes a second to start, and no code of an attack needs it */
	{ LANGUAGE_RUBY, { "--disable=gems", "-e" }, ruby_application,
	  "puts RUBY_VERSION,RUBY_PLATFORM,RUBY_DESCRIPTION,RUBY_RELEASE_DATE,RUBY_ENGINE,RUBY_PATCHLEVEL,$:,$\"" },
	{ LANGUAGE_NODE, { "-c" }, node_application, "[process.version,process.arch,process.execPath].join('\\n')" },
};

static int kind_of(enum language language)
{
	for (int i = 0; i < KINDS; i++)
		if (kinds[i].language == language)
			return i;
	return -1;
}

static const char *program_of(const struct interpreters *s, unsigned kind)
{
	const struct profile *p = &s->world->profile;
	const char *const programs[KINDS] = { p->php, p->python, p->perl, p->ruby, p->node };

	return programs[kind];
}

int interpreters_new(struct world *w, struct kernel *k, struct interpreters **ret)
{
	struct interpreters *s = calloc(1, sizeof(*s));
	char row[ROW_MAX];

	if (s == NULL)
		return -ENOMEM;
	s->world = w;
	s->kernel = k;
	s->states = w->profile.hostname_digits != 0 ? STATES : STATES / 2;
	for (unsigned kind = 0; kind < KINDS; kind++)
		if (program_of(s, kind)[0] != 0 && kernel_room(k, kind + 1) < 0) {
			interpreters_free(s);
			return -ENOMEM;
		}
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
	for (unsigned kind = 0; kind < KINDS; kind++) {
		for (unsigned i = 0; i < STATES; i++)
			warm_free(s->kernel, s->kept[kind].states[i]);
		free((void *)(uintptr_t)s->kept[kind].portrait.at);
	}
	for (unsigned name = 0; name < STATES; name++)
		for (unsigned i = 0; i < PROFILE_ENVIRONMENT_MAX; i++)
			free((void *)(uintptr_t)s->environment[name][i].at);
	free(s);
}

bool interpreters_have(const struct interpreters *s, enum language language)
{
	int kind = kind_of(language);

	return kind >= 0 && program_of(s, (unsigned)kind)[0] != 0;
}

/* What starts the language's interpreter. words and environment: the caller's arrays, lent to the start. */
static struct start start_of(const struct interpreters *s, unsigned number, uint64_t seed,
    struct bytes words[WORDS_MAX], struct bytes environment[PROFILE_ENVIRONMENT_MAX])
{
	const struct profile *p = &s->world->profile;
	const struct kind *kind = &kinds[number];
	enum language language = kind->language;
	struct start start = {
		.path = program_of(s, number), .argv = words, .code = -1, .envp = environment,
		.given = language == LANGUAGE_PHP ? GIVEN_REQUEST : GIVEN_STREAM,
	};
	const char *name = strrchr(start.path, '/');

	words[start.argc++] = bytes_text(name != NULL ? name + 1 : start.path);
	/* which of its configurations a victim has, nobody knows: seeds try them all */
	if (language == LANGUAGE_PHP && p->php_inis_count != 0) {
		words[start.argc++] = bytes_text("-c");
		words[start.argc++] = bytes_text(p->php_inis[seed % s->states % p->php_inis_count]);
	}
	for (unsigned i = 0; kind->options[i] != NULL; i++)
		words[start.argc++] = bytes_text(kind->options[i]);
	if (kind->application[0] != 0)
		words[start.argc++] = bytes_text(kind->application);
	for (unsigned i = 0; i < p->environment_count; i++)
		if (language != LANGUAGE_PHP || !front_makes(p->environment[i]))
			environment[start.envc++] = s->environment[seed % STATES][i];
	return start;
}

/*
 * What an interpreter tells of itself: its version, its paths, how it is built. It is asked once, which translates what
 * every run goes through, too.
 */
static int sit_for_portrait(struct interpreters *s, unsigned kind)
{
	struct kept *kept = &s->kept[kind];
	struct command c = { .language = kinds[kind].language, .code = bytes_text(kinds[kind].portrait) };
	struct bytes out;
	uint8_t *copy;
	int r;

	if (kept->states[0] == NULL)
		return 0;
	interpreters_prepare(s, &c);
	if ((r = kernel_begin(s->kernel, 0, NULL, 0)) < 0 || (r = interpreters_start(s, &c)) < 0 ||
	    (r = kernel_run(s->kernel)) < 0)
		return r;
	out = record_outcome(s->world->record)->run.out;
	if (out.left > FACT_BYTES_MAX)
		out.left = FACT_BYTES_MAX;
	if ((copy = malloc(out.left + 1)) == NULL)
		return -ENOMEM;
	if (out.left != 0)
		memcpy(copy, out.at, out.left);
	kept->portrait = bytes_of(copy, out.left);
	return 0;
}

int interpreters_warm(struct interpreters *s, enum language language)
{
	struct bytes words[WORDS_MAX], environment[PROFILE_ENVIRONMENT_MAX];
	int kind = kind_of(language), r;

	if (kind < 0 || !interpreters_have(s, language) || s->kept[kind].tried)
		return 0;
	s->kept[kind].tried = true;
	kernel_prepare(s->kernel, (unsigned)kind + 1, NULL);
	for (unsigned i = 0; i < s->states; i++) {
		struct start start = start_of(s, (unsigned)kind, i, words, environment);

		r = kernel_warm(s->kernel, i, &start, &s->kept[kind].states[i]);
		if (r < 0 && r != -ENOENT)
			return r;
	}
	if ((r = kernel_settle(s->kernel)) < 0)
		return r;
	return sit_for_portrait(s, (unsigned)kind);
}

unsigned interpreters_bit(enum language language)
{
	int kind = kind_of(language);

	return kind >= 0 ? 1u << kind : 0;
}

unsigned interpreters_warmed(const struct interpreters *s)
{
	unsigned warmed = 0;

	for (unsigned kind = 0; kind < KINDS; kind++)
		warmed |= s->kept[kind].tried ? 1u << kind : 0;
	return warmed;
}

struct bytes interpreters_portrait(const struct interpreters *s, enum language language)
{
	int kind = kind_of(language);

	return kind >= 0 ? s->kept[kind].portrait : bytes_of(NULL, 0);
}

bool interpreters_prepare(const struct interpreters *s, const struct command *c)
{
	int kind = kind_of(c->language);

	if (kind >= 0)
		kernel_prepare(s->kernel, (unsigned)kind + 1, s->kept[kind].states[c->seed % s->states]);
	return kind >= 0;
}

/* Perl that is an expression, whose value an application shows; a statement runs as a script of its own. */
static struct bytes perl_script(struct interpreters *s, struct bytes code)
{
	static const char *const expressions[] = { "qx", "`", "$ENV{", "$0", "$]", "join" };
	struct sink to = sink_over(s->given, GIVEN_MAX);
	bool expression = false;

	for (size_t i = 0; i < COUNT_OF(expressions); i++)
		expression |= bytes_starts_fold(code, bytes_text(expressions[i]));
	if (!expression || bytes_find(code, bytes_text(";")) >= 0)
		return code;
	sink_put(&to, "print(", 6);
	sink_put(&to, code.at, code.left);
	sink_put(&to, "\n)", 2);
	return to.overflow ? code : bytes_of(s->given, to.used);
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
	if (c->language == LANGUAGE_PERL)
		given = perl_script(s, c->code);
	warm = s->kept[kind].states[c->seed % s->states];
	if (warm != NULL)
		return kernel_resume(s->kernel, warm, given);
	start = start_of(s, (unsigned)kind, c->seed, words, environment);
	start.bytes = given;
	return kernel_start(s->kernel, &start);
}
