/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions of PHP called by their name. Commands and files are the server's own; every other function is called in the
 * server's PHP, where there is one.
 */
#include "emu/template/php.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum call_kind { CALL_PRINTS, CALL_RETURNS, CALL_LAST_LINE, CALL_FILE, CALL_FILE_PRINTS, CALL_SLEEP };

static const struct { const char *name; enum call_kind kind; size_t most; } known[] = {
	{ "system", CALL_PRINTS, 2 }, { "passthru", CALL_PRINTS, 2 }, { "shell_exec", CALL_RETURNS, 1 }, { "exec", CALL_LAST_LINE, 3 },
	{ "file_get_contents", CALL_FILE, 5 }, { "readfile", CALL_FILE_PRINTS, 3 }, { "sleep", CALL_SLEEP, 1 },
};

static struct bytes last_line(struct bytes s)
{
	size_t from;

	while (s.left > 0 && isspace(s.at[s.left - 1]))
		s.left--;
	for (from = s.left; from > 0 && s.at[from - 1] != '\n'; from--)
		;
	return text_cut(s, from, s.left);
}

static int print(struct render *r, struct bytes s)
{
	sink_put(&r->page, s.at, s.left);
	return r->page.overflow ? -E2BIG : 0;
}

static int call_known(struct render *r, enum call_kind kind, struct datum first, struct datum *ret)
{
	bool file = kind == CALL_FILE || kind == CALL_FILE_PRINTS;
	struct bytes code, out;
	int e;

	if (kind == CALL_SLEEP) {
		if (php_int(first) > 0 && php_int(first) < 100000)
			template_effect_note(r->out, &(struct template_effect){ .kind = TEMPLATE_SLEEP, .value = (uint64_t)php_int(first) * 1000000000u }, r->arena);
		*ret = datum_int(0);
		return 0;
	}
	if ((e = php_text(r, first, &code)) < 0 || (e = render_run(r, file ? LANGUAGE_PATH : LANGUAGE_SHELL, code, &out)) < 0)
		return e;
	*ret = datum_text(kind == CALL_FILE || kind == CALL_RETURNS ? out : last_line(out));
	if (kind == CALL_FILE_PRINTS)
		*ret = datum_int((int64_t)out.left);
	ret->open = true;
	return kind == CALL_PRINTS || kind == CALL_FILE_PRINTS ? print(r, out) : 0;
}

/* "length\nprinted" and what is returned, in one text of the server's PHP. */
static int call_there(struct render *r, struct bytes name, const struct arguments *a, struct datum *ret)
{
	struct bytes code, one, out;
	ptrdiff_t line;
	size_t printed;
	int e;

	if (r->host->run == NULL)
		return render_refuse(r, "a function of PHP");
	code = text_join(r->arena, text_join(r->arena, bytes_text("<?php ob_start();$r="), name), bytes_text("("));
	for (size_t i = 0; i < a->positional.count; i++) {
		if ((e = php_written(r, a->positional.at[i], &one)) < 0)
			return e;
		code = text_join(r->arena, text_join(r->arena, code, bytes_text(i > 0 ? "," : "")), one);
	}
	code = text_join(r->arena, code, bytes_text(");$o=ob_get_clean();echo strlen($o),\"\\n\",$o,is_array($r)?'Array':$r;"));
	if ((e = render_run(r, LANGUAGE_PHP, code, &out)) < 0)
		return e;
	line = bytes_find(out, bytes_text("\n"));
	printed = line > 0 && line < 8 ? (size_t)strtoul((const char *)text_format(r->arena, "%.*s", (int)line, (const char *)out.at).at, NULL, 10) : 0;
	out = text_cut(out, line < 0 ? out.left : (size_t)line + 1, out.left);
	*ret = datum_text(text_cut(out, printed, out.left));
	ret->open = true;
	return print(r, text_cut(out, 0, printed));
}

static bool is_name(struct bytes s)
{
	for (size_t i = 0; i < s.left; i++) {
		if (!isalnum(s.at[i]) && s.at[i] != '_' && s.at[i] != '\\')
			return false;
	}
	return s.left > 0 && !isdigit(s.at[0]) && s.left < 64;
}

int php_call(struct render *r, struct bytes name, const struct arguments *a, struct datum *ret)
{
	if (!is_name(name))
		return -ENOENT;
	for (unsigned i = 0; i < COUNT_OF(known); i++) {
		if (!bytes_equal_fold(name, bytes_text(known[i].name)))
			continue;
		if (a->positional.count == 0 || a->positional.count > known[i].most)
			return render_fail(r, "%s() expects %s %zu argument%s, %zu given", known[i].name, known[i].most == 1 ? "exactly" : "at most", known[i].most,
			                   known[i].most == 1 ? "" : "s", a->positional.count);
		return call_known(r, known[i].kind, a->positional.at[0], ret);
	}
	return call_there(r, name, a, ret);
}
