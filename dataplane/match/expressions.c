/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiling the regular expressions of rules that have no content to look for. */
#include "dataplane/match/compiled.h"
#include "dataplane/match/matcher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { EXPRESSION_MAX = 8192 }; /* bytes of one, as Hyperscan gets it */

int hyperscan_error(hs_error_t e)
{
	return e == HS_SUCCESS ? 0 : e == HS_NOMEM ? -ENOMEM : -EINVAL;
}

/* Does Hyperscan take this text with these flags, and is it a filter at all? */
static bool taken(const char *text, unsigned flags)
{
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *error = NULL;
	/* one that matches the empty text makes every transaction a candidate */
	bool fits = hs_expression_info(text, flags, &info, &error) == HS_SUCCESS && info->min_width > 0;

	hs_free_compile_error(error);
	free(info);
	return fits;
}

/*
 * Hyperscan's flags of a regular expression, and its text with what has no flag. Without HS_FLAG_PREFILTER it matches
 * exactly where PCRE2 does. False where Hyperscan cannot take it.
 */
static bool expression_of(const struct draft *d, char *text, size_t size, unsigned *flags)
{
	const char *form = d->options & PCRE2_ANCHORED ? "\\A(?:%.*s)" : "%.*s";

	if (d->options & (PCRE2_EXTENDED | PCRE2_UNGREEDY))
		return false;
	if (snprintf(text, size, form, (int)d->bytes.left, (const char *)d->bytes.at) >= (int)size)
		return false;
	*flags = HS_FLAG_SINGLEMATCH;
	*flags |= d->options & PCRE2_CASELESS ? HS_FLAG_CASELESS : 0;
	*flags |= d->options & PCRE2_DOTALL ? HS_FLAG_DOTALL : 0;
	*flags |= d->options & PCRE2_MULTILINE ? HS_FLAG_MULTILINE : 0;
	if (taken(text, *flags))
		return true;
	*flags |= HS_FLAG_PREFILTER;
	return taken(text, *flags);
}

bool expression_fits(const struct draft *d, bool *exact)
{
	char text[EXPRESSION_MAX];
	unsigned flags;

	if (!expression_of(d, text, sizeof(text), &flags))
		return false;
	*exact = (flags & HS_FLAG_PREFILTER) == 0;
	return true;
}

/* One use of an expression: draft index and what it is compared by. */
struct use {
	const struct draft *draft;
	uint32_t pattern;
};

static int compare(const struct draft *x, const struct draft *y)
{
	size_t len = x->bytes.left < y->bytes.left ? x->bytes.left : y->bytes.left;
	int kind = (int)expression_kind_of(x->view) - (int)expression_kind_of(y->view), d;

	if (kind != 0)
		return kind;
	if (x->options != y->options)
		return x->options < y->options ? -1 : 1;
	if ((d = memcmp(x->bytes.at, y->bytes.at, len)) != 0)
		return d;
	return x->bytes.left < y->bytes.left ? -1 : x->bytes.left > y->bytes.left;
}

static int by_text(const void *a, const void *b)
{
	const struct use *x = a, *y = b;
	int d = compare(x->draft, y->draft);

	return d != 0 ? d : x->pattern < y->pattern ? -1 : x->pattern > y->pattern;
}

/* Compiles the distinct expressions of uses[0..count), all of one kind, and tells each view what their patterns are. */
static int kind_build(struct matcher *m, const struct use *uses, unsigned count, char *why, size_t why_size)
{
	char **texts = calloc(count, sizeof(*texts)), text[EXPRESSION_MAX];
	unsigned *flags = calloc(count, sizeof(*flags)), *ids = calloc(count, sizeof(*ids)), distinct = 0;
	struct compiled_patterns patterns;
	int r = -ENOMEM;

	if (texts == NULL || flags == NULL || ids == NULL)
		goto out;
	for (unsigned i = 0; i < count; i++) {
		struct database *db = &m->databases[uses[i].draft->direction][uses[i].draft->view];

		if (i == 0 || compare(uses[i].draft, uses[i - 1].draft) != 0) {
			/* expression_fits() said yes before */
			(void)expression_of(uses[i].draft, text, sizeof(text), &flags[distinct]);
			if ((texts[distinct] = strdup(text)) == NULL)
				goto out;
			ids[distinct] = distinct;
			distinct++;
		}
		if (db->expressions == NULL) {
			if ((db->expressions = malloc(count * sizeof(*db->expressions))) == NULL)
				goto out;
			memset(db->expressions, 0xff, count * sizeof(*db->expressions)); /* NO_PATTERN */
		}
		db->expressions[distinct - 1] = uses[i].pattern;
	}
	patterns = (struct compiled_patterns){ (const char *const *)texts, flags, ids, NULL, distinct };
	r = compiled_get(m->compiled, &patterns, why, why_size, &m->expressions[expression_kind_of(uses[0].draft->view)]);
out:
	for (unsigned i = 0; texts != NULL && i < count; i++)
		free(texts[i]);
	free(texts);
	free(flags);
	free(ids);
	return r;
}

int expressions_build(struct matcher *m, const struct draft *d, unsigned count, const uint32_t *ids, char *why,
                      size_t why_size)
{
	struct use *uses = calloc(count + 1, sizeof(*uses));
	unsigned n = 0, payload = 0;
	int r = 0;

	if (uses == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < count; i++)
		if (d[i].regex && (i == 0 || ids[i] != ids[i - 1]))
			uses[n++] = (struct use){ .draft = &d[i], .pattern = ids[i] };
	qsort(uses, n, sizeof(*uses), by_text);
	while (payload < n && expression_kind_of(uses[payload].draft->view) == EXPRESSIONS_OF_PAYLOAD)
		payload++;
	if (payload > 0)
		r = kind_build(m, uses, payload, why, why_size);
	if (r == 0 && n > payload)
		r = kind_build(m, uses + payload, n - payload, why, why_size);
	free(uses);
	return r;
}
