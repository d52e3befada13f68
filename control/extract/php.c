/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PHP: scripts by their opening tag, and expressions that call a function of PHP's own. */
#include "control/extract/finder.h"
#include "control/extract/http.h"
#include "control/extract/listing.h"
#include "control/extract/writing.h"
#include "control/wire/utf8.h"

#include <ctype.h>
#include <string.h>

enum {
	PHP_NAME_MAX = 64,
	YEAR_DIGITS = 4,
	PHP_EXPRESSION_MAX = 8192,
};

/* Functions of PHP that reach outside, tell of the server, or compute what nobody would guess. */
static const char *const functions[] = {
	"system", "exec", "passthru", "shell_exec", "popen", "proc_open", "pcntl_exec", "eval", "assert", "create_function",
	"phpinfo", "phpversion", "php_uname", "getenv", "get_current_user", "getcwd", "ini_get", "var_dump", "print_r",
	"var_export", "file_get_contents", "file_put_contents", "readfile", "fopen", "fsockopen", "highlight_file",
	"show_source", "scandir", "glob", "unlink", "include", "require", "include_once", "require_once",
	"call_user_func", "call_user_func_array", "array_map", "preg_replace", "base64_decode", "base64_encode",
	"str_rot13", "gzinflate", "md5", "sha1", "crc32", "hash", "strrev", "md5_file", "curl_exec", "mail", "chr",
	"die", "print", "echo", "printf", "sprintf", "sleep", "usleep", "gethostbyname", "error_log", "putenv",
	"ini_set", "set_time_limit", "error_reporting", "ob_start",
};

bool php_is_function(struct bytes name)
{
	return bytes_is_one_of(name, functions, COUNT_OF(functions));
}

/* Is b, from its opening bracket at `at` on, balanced and then followed by an operator, a semicolon or nothing? */
static bool call_is_whole(struct bytes b, size_t at)
{
	if (!bytes_bracket_end(b, at, &at))
		return false;
	for (; at < b.left && isspace(b.at[at]); at++)
		;
	/* "name (1).jpg" is a file */
	if (at < b.left && b.at[at] == '.' && at + 1 < b.left && isalnum(b.at[at + 1]) && memchr(b.at + at, '(', b.left - at) == NULL)
		return false;
	return at == b.left || strchr(";.)+,}]/#*", b.at[at]) != NULL;
}

/* Does the value begin, behind what ends a string or statement, with a call of such a function? */
static bool is_call(struct bytes b)
{
	size_t start = 0, end;

	while (start < b.left && strchr("'\")}];.@ \t{$", b.at[start]) != NULL && b.at[start] != '\0')
		start++;
	for (end = start; end < b.left && end < start + PHP_NAME_MAX && (isalnum(b.at[end]) || b.at[end] == '_'); end++)
		;
	if (!php_is_function(bytes_of(b.at + start, end - start)))
		return false;
	/* "Sleep (1994)": a title and its year */
	if (start == 0 && end + 2 < b.left && b.at[end] == ' ' && b.at[end + 1] == '(' && isdigit(b.at[end + 2])) {
		size_t at = end + 2;

		while (at < b.left && isdigit(b.at[at]))
			at++;
		if (at + 1 == b.left || (at < b.left && b.at[at] == ')' && (b.at[at + 1] == ',' || at - end - 2 == YEAR_DIGITS)))
			return false;
	}
	while (end < b.left && b.at[end] == ' ')
		end++;
	return end < b.left && b.at[end] == '(' && call_is_whole(b, end);
}

/* Does the statement that b begins with end here? */
static bool is_end(struct bytes b)
{
	return b.left == 0 || b.at[0] == ';' || (b.left > 1 && b.at[0] == '?' && b.at[1] == '>');
}

/* The short tag is in one image of many by chance: what follows it must read as text up to the end of a statement. */
static bool is_statement(struct bytes b)
{
	size_t len;
	bool word = false;

	for (size_t seen = 0; seen < PHP_EXPRESSION_MAX && !is_end(b); seen += len) {
		len = utf8_length(b);
		if (len == 0 || (iscntrl(b.at[0]) && !isspace(b.at[0])))
			return false;
		word |= isalnum(b.at[0]) != 0;
		b = bytes_of(b.at + len, b.left - len);
	}
	return word;
}

/* Where a script begins, or -1. */
static ptrdiff_t find_tag(struct bytes text)
{
	static const char brief[] = "<?=";
	static const char opening[] = "<?php";
	ptrdiff_t tag = bytes_find(text, bytes_text(opening));
	size_t at = 0;

	/* a blank belongs to the tag, and without one it is only its name */
	if (tag >= 0 && (size_t)tag + sizeof(opening) <= text.left && strchr("\"'`", text.at[(size_t)tag + sizeof(opening) - 1]) != NULL &&
	    bytes_find(bytes_of(text.at + tag + 1, text.left - (size_t)tag - 1), bytes_text(opening)) < 0)
		tag = -1;

	while (tag < 0 && at < text.left) {
		ptrdiff_t next = bytes_find(bytes_of(text.at + at, text.left - at), bytes_text(brief));

		if (next < 0)
			break;
		at += (size_t)next + strlen(brief);
		if (is_statement(bytes_of(text.at + at, text.left - at)))
			tag = (ptrdiff_t)(at - strlen(brief));
	}
	return tag;
}

void php_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct sighting s = { .language = LANGUAGE_PHP, .class_name = "php", .contexts = CONTEXT_ALONE,
	                      .sink = carrier_sink(c) };
	ptrdiff_t tag = find_tag(l->text);

	if (tag > 0 && c->kind == CARRIER_BODY && c->file.left == 0 && body_is_form(bytes_trim(l->text)))
		return; /* its fields have been looked at */
	if (tag >= 0 && c->file.left == 0 && c->part == PART_REQUEST_BODY && listing_holds(l->text, (size_t)tag))
		return;
	if (tag >= 0) {
		/* a whole script in a request's address waits in the log until something includes that; one in a URL is included itself */
		if (c->part == PART_REQUEST_HEAD && !bytes_starts_fold(l->text, bytes_text("data:")))
			s.sink = SINK_HEADER;
		s.text = bytes_of(l->text.at + tag, l->text.left - (size_t)tag);
		finder_note(f, c, l, &s);
		return;
	}
	s.text = bytes_trim(l->text);
	if ((c->kind == CARRIER_PARAMETER || c->kind == CARRIER_COOKIE) && s.text.left <= PHP_EXPRESSION_MAX &&
	    is_call(s.text)) {
		finder_note(f, c, l, &s);
	}
}

/* What a script reads its request by, and what may hide that. */
bool extract_reads_request(const struct attack_code *code)
{
	static const char *const words[] = {
		"$_", "$$", "${", "php://", "globals", "getenv", "getallheaders", "apache_", "filter_", "argv", "phpinfo", "eval",
		"assert", "include", "require", "create_function", "call_user_func", "array_map", "parse_str",
	};

	/* the request object of an engine, of a page */
	if (code->language == LANGUAGE_TEMPLATE || code->language == LANGUAGE_JAVA)
		return bytes_find(code->text, bytes_text("request")) >= 0;
	for (size_t at = 0; code->language == LANGUAGE_PHP && at < code->text.left; at++)
		for (size_t i = 0; i < COUNT_OF(words); i++)
			if (bytes_starts_fold(bytes_of(code->text.at + at, code->text.left - at), bytes_text(words[i])))
				return true;
	return false;
}
