/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that a path means, as the server has it; and what is said where it cannot be. */
#include "emu/evaluate/fetch.h"

#include "emu/evaluate/join.h"
#include "emu/evaluate/quote.h"
#include "emu/language/path.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { CODE_ROOM = 5 * PATH_TARGET_MAX + 512, VALUE_MAX = PATH_TARGET_MAX };

struct server *const *php_server(struct server *const *servers, unsigned count, const struct job *job, unsigned *ret)
{
	*ret = 0;
	for (unsigned i = 0; i < count && *ret == 0; i++) {
		if (server_runs(servers[i], LANGUAGE_PHP) &&
		    (job->profile.left == 0 || bytes_equal(job->profile, bytes_text(server_name(servers[i]))))) {
			*ret = 1;
			return servers + i;
		}
	}
	return servers;
}

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
	php.unturned = true;
	servers = php_server(servers, count, job, &count);
	if ((r = study(servers, count, &php, a, run_begins, &report)) < 0)
		return r;
	return join(ret, report, JOIN_ERRORS, job->code, a);
}

/* The same file of a Windows server: the path from its drive on, or from the first one's top. */
static int add_windows(struct server *const *servers, unsigned count, const struct job *job, struct arena *a, const char *target,
                       void (*run_begins)(void), struct report *ret)
{
	char code[CODE_ROOM];
	struct sink s = sink_over(code, sizeof(code));
	struct job windows = *job;
	struct report *report;
	bool drive = isalpha((unsigned char)target[1]) && target[2] == ':';
	int r;

	if (strpbrk(target, "\"%&|<>^\r\n") != NULL)
		return 0;
	quote_text(&s, "type \"");
	quote_text(&s, drive ? "" : "C:");
	for (const char *c = target + drive; *c != '\0'; c++)
		sink_u8(&s, *c == '/' ? '\\' : (uint8_t)*c);
	quote_text(&s, "\" 2>nul");
	windows.language = LANGUAGE_CMD;
	windows.code = bytes_of(code, s.used);
	windows.request = (struct bytes){ 0 };
	if ((r = study(servers, count, &windows, a, run_begins, &report)) < 0)
		return r;
	return join(ret, report, JOIN_TEXT, (struct bytes){ 0 }, a);
}

static int add_unix(struct server *const *servers, unsigned count, const struct job *job, struct arena *a, const char *target,
                    void (*run_begins)(void), struct report *ret)
{
	struct job file = *job;
	struct report *report;
	int r;

	file.code = bytes_text(target);
	if ((r = study(servers, count, &file, a, run_begins, &report)) < 0)
		return r;
	return join(ret, report, JOIN_TEXT, (struct bytes){ 0 }, a);
}

/*
 * Whether the file is there, may be read and is what the profile says, is the victim's to know: nothing must show. A
 * shell's complaint is not what the attacked application would say.
 */
int evaluate_path(struct server *const *servers, unsigned count, const struct job *job, struct arena *a,
                  void (*run_begins)(void), struct report **ret)
{
	char target[PATH_TARGET_MAX];
	struct report *all = arena_take(a, sizeof(*all));
	int r;

	if (all == NULL)
		return -ENOMEM;
	*all = (struct report){ .job_id = job->id, .language = LANGUAGE_PATH, .stopped_by = STOPPED_EXIT };
	if (path_target(job->code, target) &&
	    ((r = add_unix(servers, count, job, a, target, run_begins, all)) < 0 ||
	     (r = add_windows(servers, count, job, a, target, run_begins, all)) < 0))
		return r;
	if ((r = add_errors(servers, count, job, a, run_begins, all)) < 0)
		return r;
	*ret = all;
	return 0;
}
