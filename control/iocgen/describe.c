/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences of IOCs, out of the words of their patterns. */
#include "control/iocgen/describe.h"

#include <stdio.h>
#include <string.h>

static const char *const verbs[KIND_COUNT][CLASS_COUNT] = {
	[KIND_FILE] = { "touches the file", "writes the file", "deletes the file", "looks at the file" },
	[KIND_REGISTRY] = { "touches the registry key", "sets the registry key", "deletes the registry key", "reads the registry key" },
	[KIND_MUTEX] = { "holds the mutex" }, [KIND_PROCESS] = { "starts the process" }, [KIND_COMMAND] = { "runs the command" },
	[KIND_SERVICE] = { "installs the service" }, [KIND_TASK] = { "plans the task" }, [KIND_PIPE] = { "opens the pipe" },
	[KIND_URL] = { "fetches the URL" }, [KIND_DNS] = { "asks for the name" }, [KIND_IP] = { "connects to the address" },
	[KIND_AGENT] = { "calls itself the agent" },
};

static const struct { const char *one, *many; } words[HOLE_COUNT] = {
	[HOLE_USER] = { "a user's name", NULL }, [HOLE_HOST] = { "a host's name", NULL }, [HOLE_GUID] = { "a GUID", NULL },
	[HOLE_SID] = { "a SID", NULL }, [HOLE_HASH] = { "hash digit", "hash digits" }, [HOLE_HEX] = { "hex digit", "hex digits" },
	[HOLE_NUMBER] = { "digit", "digits" }, [HOLE_DATE] = { "a date", NULL }, [HOLE_LETTERS] = { "letter", "letters" },
	[HOLE_WORD] = { "letter or digit", "letters or digits" }, [HOLE_VERSION] = { "a version", NULL },
	[HOLE_BASE64] = { "base64 character", "base64 characters" }, [HOLE_COMPONENT] = { "any one part", NULL },
};

static void put(struct sink *to, const char *text)
{
	sink_put(to, text, strlen(text));
}

static void put_hole(struct sink *to, const struct piece *p)
{
	char buf[80];

	if (words[p->hole].many == NULL)
		snprintf(buf, sizeof(buf), "%s", words[p->hole].one);
	else if (p->min == p->max)
		snprintf(buf, sizeof(buf), "%u %s", p->min, p->min == 1 ? words[p->hole].one : words[p->hole].many);
	else
		snprintf(buf, sizeof(buf), "%u to %u %s", p->min, p->max, words[p->hole].many);
	put(to, buf);
}

static int put_pattern(struct sink *to, const struct pattern *p)
{
	const char *verb = verbs[p->kind][p->action] != NULL ? verbs[p->kind][p->action] : verbs[p->kind][CLASS_ANY];
	unsigned holes = 0;
	int r;

	put(to, verb);
	put(to, p->open_front && p->open_back ? " with " : p->open_front ? " that ends in " : p->open_back ? " that begins with " : " ");
	if ((r = pattern_text(p, to)) < 0)
		return r;
	for (unsigned i = 0; i < p->count; i++) {
		if (!p->pieces[i].is_hole)
			continue;
		put(to, holes++ == 0 ? " (vary: " : ", ");
		put_hole(to, &p->pieces[i]);
	}
	if (holes > 0)
		put(to, ")");
	return 0;
}

int ioc_describe(const struct ioc *c, struct sink *to)
{
	struct bytes done;
	size_t began = to->used;

	for (unsigned i = 0; i < c->patterns_count; i++) {
		int r;

		if (i > 0)
			put(to, i + 1 == c->patterns_count ? " and " : ", ");
		if ((r = put_pattern(to, &c->patterns[i])) < 0)
			return r;
	}
	if (!to->overflow && to->used > began)
		to->at[began] = (uint8_t)(to->at[began] & ~0x20);
	return sink_done(to, &done);
}
