/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Languages without a program in the servers, brought to the same observations as those with one. */
#include "emu/evaluate/evaluate.h"

#include "emu/language/jndi.h"
#include "emu/language/path.h"
#include "emu/evaluate/engines.h"
#include "emu/evaluate/fetch.h"
#include "emu/evaluate/looks.h"
#include "emu/evaluate/shell.h"
#include "emu/evaluate/xml.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What the code looks like where nobody said. Order matters: the first that fits. */
static enum language resolve(struct bytes code)
{
	static const struct { const char *begins; enum language language; } openings[] = {
		{ "\x7f" "ELF", LANGUAGE_ELF }, { "#!", LANGUAGE_ELF }, { "<?php", LANGUAGE_PHP }, { "<?=", LANGUAGE_PHP },
		{ "\xac\xed", LANGUAGE_JAVA_OBJECT }, { "!!python/", LANGUAGE_YAML }, { "!ruby/", LANGUAGE_YAML }, { "<%@", LANGUAGE_ASP },
	};

	for (unsigned i = 0; i < COUNT_OF(openings); i++) {
		if (bytes_starts_fold(code, bytes_text(openings[i].begins)))
			return openings[i].language;
	}
	/* A shell has no name with a colon in its ${}; a look-up always has. */
	ptrdiff_t brace = bytes_find(code, bytes_text("${"));

	for (size_t i = brace < 0 ? code.left : (size_t)brace + 2; i < code.left && code.at[i] != '}'; i++) {
		if (code.at[i] == ':' && (i + 1 == code.left || strchr("-=?+", code.at[i + 1]) == NULL))
			return LANGUAGE_JNDI;
		if (code.at[i] == '$')
			return LANGUAGE_JNDI;
	}
	return looks_like(code) != LANGUAGE_AUTO ? looks_like(code) : LANGUAGE_SHELL;
}

/*
 * A victim's values as they might be. A name for which the code has a default is taken to be unset, as attackers use
 * such names to hide letters; others get another word in each row, so that what holds them becomes a hole.
 */
struct facts {
	unsigned row;
	const struct jndi_result *bare; /* what the code does where nothing is set */
	char word[16];
};

/* Did ${prefix:name} stay as it was? Then it had no default. */
static bool stayed(const struct jndi_result *bare, const char *prefix, const char *name)
{
	char text[300];
	int len = snprintf(text, sizeof(text), "${%s:%s}", prefix, name);
	struct bytes needle = bytes_of(text, (size_t)len);

	if (len < 0 || (size_t)len >= sizeof(text))
		return false;
	if (bytes_find(bytes_of(bare->text, bare->text_len), needle) >= 0)
		return true;
	for (unsigned i = 0; i < bare->calls_count; i++) {
		if (bytes_find(bytes_text(bare->calls[i].url), needle) >= 0)
			return true;
	}
	return false;
}

static const char *fact(const void *context, const char *prefix, const char *name)
{
	struct facts *f = (struct facts *)(uintptr_t)context;
	uint64_t h = 14695981039346656037u + f->row * 0x9e3779b97f4a7c15u;
	unsigned len;

	if (!stayed(f->bare, prefix, name))
		return NULL;
	for (const char *c = prefix; *c != '\0'; c++)
		h = (h ^ (uint8_t)*c) * 1099511628211u;
	for (const char *c = name; *c != '\0'; c++)
		h = (h ^ (uint8_t)*c) * 1099511628211u;
	len = 4 + f->row % 3;
	for (unsigned i = 0; i < len; i++, h = h * 6364136223846793005u + 1442695040888963407u)
		f->word[i] = (char)('a' + (h >> 33) % 26);
	f->word[len] = '\0';
	return f->word;
}

/* What the logging library's look-ups do on the network, as events of one row. */
static int jndi_row(const struct job *job, struct server *server, unsigned row, const struct jndi_result *bare,
                    struct arena *a, struct observation *ret)
{
	struct facts facts = { .row = row, .bare = bare };
	const struct jndi_facts by = { fact, &facts };
	struct jndi_result *result = arena_take(a, sizeof(*result));
	struct event *events = arena_take(a, 2 * JNDI_CALLS_MAX * sizeof(*events)), *e = events;

	if (result == NULL || events == NULL)
		return -ENOMEM;
	jndi_evaluate(job->code, &by, result);
	for (unsigned i = 0; i < result->calls_count; i++) {
		const struct jndi_call *c = &result->calls[i];
		const char *name = c->question[0] != '\0' ? c->question : c->address.family == 0 ? c->host : "";

		if (name[0] != '\0')
			*e++ = (struct event){ .kind = EVENT_DNS, .name = bytes_text(name) };
		if (c->host[0] != '\0' && c->question[0] == '\0')
			*e++ = (struct event){ .kind = EVENT_CONNECT, .address = c->address, .port = c->port,
				.protocol = 6, .name = bytes_text(c->address.family == 0 ? c->host : "") };
	}
	ret->run = (struct run){ .profile = bytes_text(server_name(server)), .seed = row % SEEDS,
		.stopped_by = result->stopped_by, .events_count = (uint32_t)(e - events), .events = events };
	return 0;
}

static int evaluate_jndi(struct server *const *servers, unsigned count, const struct job *job, struct arena *a,
                         struct report **ret)
{
	struct observations *o = arena_take(a, sizeof(*o));
	struct server *chosen[REPORT_RUNS_MAX];
	unsigned chosen_count = study_servers(servers, count, job, chosen);
	struct jndi_result *bare = arena_take(a, sizeof(*bare));
	int r = 0;

	if (o == NULL || bare == NULL)
		return -ENOMEM;
	jndi_evaluate(job->code, NULL, bare);
	for (unsigned row = 0; row < chosen_count * SEEDS && r == 0; row++) {
		o->rows[row].server = row / SEEDS;
		r = jndi_row(job, chosen[row / SEEDS], row, bare, a, &o->rows[row]);
		o->count = o->plain = row + 1;
	}
	return r == 0 ? study_learn(o, job, a, ret) : r;
}

/* Bytes that no text holds: only such are worth a search that nobody asked for. */
static bool is_binary(struct bytes code)
{
	for (size_t i = 0; i < code.left; i++)
		if (code.at[i] == 0 || code.at[i] >= 0x80)
			return true;
	return false;
}

enum language evaluate_language(const struct job *job)
{
	return job->language == LANGUAGE_AUTO ? resolve(job->code) : job->language;
}

unsigned evaluate_programs(const struct job *job, enum language ret[4])
{
	enum language l = evaluate_language(job);
	bool page = bytes_find(job->code, bytes_text("<%")) >= 0, ruby = bytes_find(job->code, bytes_text("ruby/")) >= 0;
	unsigned n = 0;

	switch (l) {
	case LANGUAGE_PICKLE:
		ret[n++] = LANGUAGE_PYTHON;
		break;
	case LANGUAGE_YAML:
		ret[n++] = ruby ? LANGUAGE_RUBY : LANGUAGE_PYTHON;
		break;
	case LANGUAGE_RUBY_OBJECT: case LANGUAGE_ERB:
		ret[n++] = LANGUAGE_RUBY;
		break;
	case LANGUAGE_EJS: case LANGUAGE_HANDLEBARS:
		ret[n++] = LANGUAGE_NODE;
		break;
	case LANGUAGE_TEMPLATE: case LANGUAGE_JINJA2: case LANGUAGE_TWIG: case LANGUAGE_SMARTY:
		if (page && l == LANGUAGE_TEMPLATE)
			ret[n++] = LANGUAGE_RUBY;
		if (script_templates_javascript(job->code) && l == LANGUAGE_TEMPLATE)
			ret[n++] = LANGUAGE_NODE;
		return n + engines_programs(job->code, ret + n);
	default:
		ret[n++] = l;
		break;
	}
	return n;
}

int evaluate(struct server *const *servers, unsigned count, struct finder *finder, const struct job *job,
             struct arena *a, void (*run_begins)(void), struct report **ret)
{
	struct job asked = *job, resolved;
	int r;

	if (asked.known == NULL)
		asked.known = known_new(a);
	resolved = asked;
	resolved.language = evaluate_language(job);
	if (job->language == LANGUAGE_AUTO && resolved.language == LANGUAGE_SHELL && is_binary(job->code)) {
		*ret = NULL;
		if ((r = evaluate_shellcode(servers, count, finder, &asked, a, run_begins, ret)) < 0 || *ret != NULL)
			return r;
	}
	if (language_is_machine(resolved.language))
		return evaluate_shellcode(servers, count, finder, &resolved, a, run_begins, ret);
	if (engines_have(resolved.language))
		return evaluate_template(servers, count, finder, &resolved, a, run_begins, ret);
	switch (resolved.language) {
	case LANGUAGE_JNDI:
		return evaluate_jndi(servers, count, &resolved, a, ret);
	case LANGUAGE_SQL_MYSQL: case LANGUAGE_SQL_POSTGRESQL: case LANGUAGE_SQL_MSSQL: case LANGUAGE_SQL_ORACLE: case LANGUAGE_SQL_SQLITE: case LANGUAGE_SQL:
		return evaluate_sql(servers, count, finder, &resolved, a, run_begins, ret);
	case LANGUAGE_PICKLE: case LANGUAGE_YAML: case LANGUAGE_PHP_OBJECT: case LANGUAGE_JAVA_OBJECT: case LANGUAGE_DOTNET_OBJECT:
	case LANGUAGE_RUBY_OBJECT:
		return evaluate_serial(servers, count, finder, &resolved, a, run_begins, ret);
	case LANGUAGE_HTML:
		return evaluate_markup(servers, count, &resolved, a, ret);
	case LANGUAGE_PATH:
		return evaluate_path(servers, count, &resolved, a, run_begins, ret);
	case LANGUAGE_SHELL:
		return evaluate_shell(servers, count, &resolved, a, run_begins, ret);
	case LANGUAGE_XML:
		return evaluate_xml(servers, count, &resolved, a, run_begins, ret);
	case LANGUAGE_URL:
		return evaluate_url(servers, count, &resolved, a, run_begins, ret);
	default:
		return study(servers, count, &resolved, a, run_begins, ret);
	}
}
