/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rule files: lines, comments, rules over several lines; each refused rule is told with its file and line. */
#include "config/rules/parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	RULE_TEXT_MAX = 64 << 10,  /* bytes of one rule with all its lines */
	RULE_FILE_MAX = 256 << 20, /* bytes of one file: ten times the largest public sets; a device never ends */
};

/* One rule's text as it gathers. */
struct gathering {
	char *text; /* RULE_TEXT_MAX */
	size_t len;
	unsigned line, first; /* where we are; where the rule began */
	size_t left;          /* bytes of the file that are still looked at */
	const char *bad;      /* why it cannot be a rule, or NULL */
};

/*
 * Reads to the end of a line that no backslash continues. False at the end of the file when nothing was read.
 * A text that is too long, or holds a NUL, is read to its end and marked bad.
 */
static bool gather(FILE *f, struct gathering *g)
{
	int c;
	bool any = false;

	g->len = 0;
	g->bad = NULL;
	g->first = g->line;
	while (g->left > 0 && (c = getc_unlocked(f)) != EOF) {
		any = true;
		g->left--;
		if (c == '\n') {
			g->line++;
			if (g->len > 0 && g->text[g->len - 1] == '\r')
				g->len--;
			bool comment = g->len > 0 && g->text[strspn(g->text, " \t")] == '#';
			if (g->len == 0 || g->text[g->len - 1] != '\\' || comment)
				break;
			g->len--;
		} else if (g->len + 1 == RULE_TEXT_MAX) {
			g->bad = "the rule is too long";
		} else {
			if (c == '\0')
				g->bad = "a NUL byte";
			g->text[g->len++] = (char)c;
		}
		g->text[g->len] = '\0';
	}
	if (g->len > 0 && g->text[g->len - 1] == '\r')
		g->len--;
	g->text[g->len] = '\0';
	return any;
}

static int add_all(struct rule_set *set, FILE *f, const char *path, struct gathering *g, struct complaints *complaints)
{
	static const char bom[] = "\xef\xbb\xbf";
	char why[256];

	while (gather(f, g)) {
		char *text = g->text;
		if (g->first == 1 && strncmp(text, bom, 3) == 0)
			text += 3;
		text = trim(text);
		if ((*text == '\0' && g->bad == NULL) || *text == '#')
			continue;
		if (g->bad != NULL) {
			complain(complaints, path, g->first, "%s", g->bad);
			set->refused++;
			continue;
		}
		int r = rule_add(set, text, path, g->first, why, sizeof(why));
		if (r < 0)
			complain(complaints, path, g->first, "%s", why);
		if (r < 0 && r != -EINVAL)
			return r;
	}
	return 0;
}

int rule_set_add(struct rule_set *set, const char *path, struct complaints *complaints)
{
	struct gathering g = { .text = malloc(RULE_TEXT_MAX), .line = 1, .left = RULE_FILE_MAX };
	const char *kept = arena_copy(&set->arena, path, strlen(path));
	FILE *f = NULL;
	int r = -ENOMEM;

	if (g.text == NULL || kept == NULL)
		goto out;
	f = fopen(path, "r");
	if (f == NULL) {
		r = -errno;
		complain(complaints, path, 0, "cannot be read: %s", strerror(errno));
		goto out;
	}
	errno = 0;
	r = add_all(set, f, kept, &g, complaints);
	if (r == 0 && g.left == 0) {
		r = -EFBIG;
		complain(complaints, path, g.line, "only the first %d MiB of a rule file are read; split it", RULE_FILE_MAX >> 20);
	}
	if (r == 0 && ferror(f)) {
		r = errno != 0 ? -errno : -EIO;
		complain(complaints, path, g.line, "cannot be read to its end: %s", strerror(-r));
	}
out:
	if (f != NULL)
		fclose(f);
	free(g.text);
	return r;
}

int rule_set_load(const struct settings *settings, struct complaints *complaints, struct rule_set **ret)
{
	struct rule_set *set = NULL;
	int r = rule_set_new(settings, complaints, &set);

	if (r < 0)
		return r;
	for (unsigned i = 0; i < settings->rules_count; i++)
		if (rule_set_add(set, settings->rules[i], complaints) == -ENOMEM) {
			rule_set_free(set);
			return -ENOMEM;
		}
	*ret = set;
	return 0;
}
