/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that a path means, read by the server's own programs; and what is said where it cannot be. */
#include "emu/evaluate/fetch.h"

#include "emu/evaluate/join.h"
#include "emu/evaluate/quote.h"
#include "emu/language/path.h"

#include <errno.h>
#include <string.h>

enum { CODE_ROOM = 5 * PATH_TARGET_MAX + 512, VALUE_MAX = PATH_TARGET_MAX };

/* What is told of a file that PHP includes and that is not there, whatever folder the application puts before it. */
static int add_errors(struct server *const *servers, unsigned count, const struct job *job, struct arena *a,
                      void (*run_begins)(void), struct report *ret)
{
	char code[CODE_ROOM];
	struct sink s = sink_over(code, sizeof(code));
	struct job php = *job;
	struct report *report;
	int r;

	if (job->code.left > VALUE_MAX)
		return 0;
	quote_text(&s, "<?php $v=");
	quote_php(&s, job->code);
	quote_text(&s, ";$d=bin2hex(random_bytes(random_int(3,9))).'/'.$v;"
	               "set_error_handler(function($n,$m)use($v){if(($i=strpos($m,$v))!==false)"
	               "echo preg_replace('/ \\(.*$/','',substr($m,$i)),\"\\n\";return true;});"
	               "include $d;include $d.'.'.bin2hex(random_bytes(random_int(2,5)));");
	php.language = LANGUAGE_PHP;
	php.code = bytes_of(code, s.used);
	php.request = (struct bytes){ 0 };
	if ((r = study(servers, count, &php, a, run_begins, &report)) < 0)
		return r;
	return join(ret, report, JOIN_ERRORS, job->code, a);
}

int evaluate_path(struct server *const *servers, unsigned count, const struct job *job, struct arena *a,
                  void (*run_begins)(void), struct report **ret)
{
	char target[PATH_TARGET_MAX], code[CODE_ROOM];
	struct sink s = sink_over(code, sizeof(code));
	struct job shell = *job;
	struct report *report, *both = arena_take(a, sizeof(*both));
	int r;

	if (both == NULL)
		return -ENOMEM;
	if (!path_target(job->code, target))
		return study(servers, 0, job, a, run_begins, ret);
	quote_text(&s, "cat ");
	quote_shell(&s, bytes_text(target));
	quote_text(&s, " 2>/dev/null");
	shell.language = LANGUAGE_SHELL;
	shell.code = bytes_of(code, s.used);
	if ((r = study(servers, count, &shell, a, run_begins, &report)) < 0)
		return r;
	*both = *report;
	both->language = LANGUAGE_PATH;
	both->traces_count = 0;
	/*
	 * Whether the file is there, may be read and is what the profile says, is the victim's to know: nothing must
	 * show. A shell's complaint is not what the attacked application would say.
	 */
	if ((r = join(both, report, JOIN_TEXT, (struct bytes){ 0 }, a)) < 0 ||
	    (r = add_errors(servers, count, job, a, run_begins, both)) < 0)
		return r;
	*ret = both;
	return 0;
}
