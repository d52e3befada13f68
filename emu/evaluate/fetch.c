/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * URLs: where a client connects follows from the URL; what clients and PHP's streams print comes from the real ones.
 */
#include "emu/evaluate/fetch.h"

#include "control/wire/url.h"
#include "emu/evaluate/join.h"
#include "emu/evaluate/quote.h"

#include <errno.h>
#include <string.h>

enum {
	CODE_ROOM = 24 << 10,
	VALUE_MAX = 9000,
	EVENTS_MAX = 3,
	NAME_MAX_BYTES = 512,
	TCP = 6, UDP = 17,
};

/* What one way to run a URL shares with the others. */
struct way {
	struct server *const *servers;
	unsigned count;
	const struct job *job;
	struct arena *arena;
	void (*run_begins)(void);
	struct report *ret;
};

/* alone: on one server with PHP; else on all. */
static int way_run(const struct way *w, bool alone, enum language language, const struct sink *code, enum join_what what,
                   struct bytes about)
{
	unsigned count = w->count;
	struct server *const *servers = alone ? php_server(w->servers, w->count, w->job, &count) : w->servers;
	struct job job = *w->job;
	struct report *report;
	int r;

	if (code->overflow)
		return 0;
	job.language = language;
	job.code = bytes_of(code->at, code->used);
	job.unturned = what == JOIN_ERRORS; /* the words alone count */
	if ((r = study(servers, count, &job, w->arena, w->run_begins, &report)) < 0)
		return r;
	return join(w->ret, report, what, about, w->arena);
}

/* The URL as a client asks for it: the host as it is called, no user, no fragment, the scheme's own port left out. */
static struct bytes url_asked(const struct url *u, struct arena *a)
{
	char text[NAME_MAX_BYTES], address[ADDRESS_TEXT];
	struct sink s = sink_over(text, sizeof(text));
	struct url plain;
	bool six = u->address.family == 6;

	quote_text(&s, u->scheme[0] != '\0' ? u->scheme : "smb");
	quote_text(&s, "://");
	if (six)
		quote_text(&s, "[");
	if (u->address.family != 0)
		quote_text(&s, address_format(&u->address, address));
	else
		sink_put(&s, u->host.at, u->host.left);
	if (six)
		quote_text(&s, "]");
	if (u->port_given && url_parse(bytes_of(s.at, s.used), &plain) && plain.port != u->port) {
		char digits[8];
		size_t n = sizeof(digits);

		for (unsigned port = u->port; port > 0; port /= 10)
			digits[--n] = (char)('0' + port % 10);
		quote_text(&s, ":");
		sink_put(&s, digits + n, sizeof(digits) - n);
	}
	if (u->target.left == 0 || u->target.at[0] != '/')
		quote_text(&s, "/");
	for (size_t i = 0; i < u->target.left; i++) {
		static const char hex[] = "0123456789ABCDEF";
		uint8_t c = u->target.at[i];

		if (c > ' ' && c < 0x7f) {
			sink_u8(&s, c);
			continue;
		}
		sink_u8(&s, '%');
		sink_u8(&s, (uint8_t)hex[c >> 4]);
		sink_u8(&s, (uint8_t)hex[c & 15]);
	}
	return s.overflow ? (struct bytes){ 0 } : arena_copy(a, bytes_of(s.at, s.used), sizeof(text));
}

/* What any client does on the network, as events of every row: a question for the name, a connection, a request. */
static int add_contacts(const struct way *w, const struct url *u)
{
	struct observations *o = arena_take(w->arena, sizeof(*o));
	struct event *events = arena_take(w->arena, EVENTS_MAX * sizeof(*events)), *e = events;
	struct server *chosen[REPORT_RUNS_MAX];
	unsigned chosen_count = study_servers(w->servers, w->count, w->job, chosen);
	struct bytes name = u->address.family == 0 ? u->host : (struct bytes){ 0 }, asked = url_asked(u, w->arena);
	uint16_t port = u->scheme[0] != '\0' ? u->port : 445; /* Windows' shares */
	bool web = strcmp(u->scheme, "http") == 0 || strcmp(u->scheme, "https") == 0 || strcmp(u->scheme, "ftp") == 0;
	struct report *report;
	int r;

	if (o == NULL || events == NULL)
		return -ENOMEM;
	if (name.left > 0)
		*e++ = (struct event){ .kind = EVENT_DNS, .name = name };
	*e++ = (struct event){ .kind = EVENT_CONNECT, .address = u->address, .port = port,
		.protocol = u->datagrams ? UDP : TCP, .name = name };
	if (web && asked.left > 0 && !(u->address.family != 0 && url_address_inside(&u->address)))
		*e++ = (struct event){ .kind = EVENT_FETCH, .address = u->address, .port = u->port, .name = asked };
	for (unsigned row = 0; row < chosen_count * SEEDS && row < ROWS_MAX; row++) {
		o->rows[row].server = row / SEEDS;
		o->rows[row].run = (struct run){ .profile = bytes_text(server_name(chosen[row / SEEDS])), .seed = row % SEEDS,
			.events_count = (uint32_t)(e - events), .events = events };
		o->count = o->plain = row + 1;
	}
	if ((r = study_learn(o, w->job, w->arena, &report)) < 0)
		return r;
	*w->ret = *report;
	w->ret->language = LANGUAGE_URL;
	/* a name may be known without a question, and what stands beside the server is seen by nobody else */
	for (uint32_t i = 0; i < report->traces_count && (name.left > 0 || url_address_inside(&u->address)); i++)
		((struct trace *)(uintptr_t)report->traces)[i].must_show = false;
	return 0;
}

/* Behind "set": tells a handler of PHP's to print what a warning says from the value on, less its bracketed end. */
static void put_told(struct sink *s, struct bytes value)
{
	quote_text(s, "<?php $v=");
	quote_php(s, value);
	quote_text(s, ";set_error_handler(function($n,$m)use($v){if(($i=strpos($m,$v))!==false)"
	              "echo preg_replace('/ \\(.*$/','',substr($m,$i)),\"\\n\";return true;});");
}

/* What is told where the application includes a file of another server and cannot. */
static int add_include_errors(const struct way *w)
{
	char code[CODE_ROOM];
	struct sink s = sink_over(code, sizeof(code));

	put_told(&s, w->job->code);
	quote_text(&s, "include $v;include $v.'.'.bin2hex(random_bytes(random_int(2,5)));include bin2hex(random_bytes(3)).'/'.$v;");
	return way_run(w, true, LANGUAGE_PHP, &s, JOIN_ERRORS, w->job->code);
}

/* What clients tell of a server that nobody else can see: that it is not there, or what it says. */
static int add_client_texts(const struct way *w, const struct url *u)
{
	char code[CODE_ROOM], address[ADDRESS_TEXT];
	struct sink s = sink_over(code, sizeof(code));
	struct bytes host = u->address.family != 0 ? bytes_text(address_format(&u->address, address)) : u->host;
	int r;

	quote_text(&s, "r=$(curl -sSm9 -- ");
	quote_shell(&s, w->job->code);
	quote_text(&s, " 2>&1);echo \"${r#*) }\"");
	if ((r = way_run(w, true, LANGUAGE_SHELL, &s, JOIN_TEXT, host)) < 0)
		return r;
	s = sink_over(code, sizeof(code));
	put_told(&s, w->job->code);
	quote_text(&s, "file_get_contents($v);");
	return way_run(w, true, LANGUAGE_PHP, &s, JOIN_TEXT, w->job->code);
}

/* Prints $d; an encoding, which has no blanks, in pieces: what two servers have in common is found so. */
static const char print_pieces[] = "echo preg_match('/\\s/',substr($d,0,200))?$d:preg_replace('/\\S{32}/',\"$0\\n\",$d);";

/*
 * The application's own scripts are in no profile: what any three of them have in common through the filters, if that is
 * what the stream's name means.
 */
static int add_any_script(const struct way *w)
{
	char code[CODE_ROOM];
	struct sink s = sink_over(code, sizeof(code));
	ptrdiff_t at = bytes_find(w->job->code, bytes_text("resource="));

	if (at < 0)
		return 0;
	quote_text(&s, "<?php $v=");
	quote_php(&s, w->job->code);
	quote_text(&s, ";$n=");
	quote_php(&s, bytes_of(w->job->code.at + at + 9, w->job->code.left - (size_t)at - 9));
	quote_text(&s, ";if(!preg_match('/^[^\\/].*\\.(php\\d?|phtml|inc)$/',$n))exit;"
	               "$p='/tmp/a/b/c/d/e/f/g/h/i';@mkdir($p,0755,true);@chdir($p);@mkdir(dirname($n),0755,true);$r=[];"
	               "foreach([\"\\n\",' ',\"\\r\\n\"]as$e){@file_put_contents($n,'<?php'.$e.bin2hex(random_bytes(40)));"
	               "$r[]=(string)@file_get_contents($v);}"
	               "for($k=0;$k<strlen($r[0])&&$r[0][$k]===@$r[1][$k]&&$r[0][$k]===@$r[2][$k];)$k++;$d=substr($r[0],0,$k);");
	quote_text(&s, print_pieces);
	return way_run(w, true, LANGUAGE_PHP, &s, JOIN_MADE, (struct bytes){ 0 });
}

/* PHP's streams: the text they give, and the script that it may be. */
static int add_stream(const struct way *w)
{
	char code[CODE_ROOM];
	struct sink s = sink_over(code, sizeof(code));
	int r;

	quote_text(&s, "<?php $d=(string)@file_get_contents(");
	quote_php(&s, w->job->code);
	quote_text(&s, ");");
	quote_text(&s, print_pieces);
	if ((r = way_run(w, false, LANGUAGE_PHP, &s, JOIN_TEXT, (struct bytes){ 0 })) < 0)
		return r;
	s = sink_over(code, sizeof(code));
	quote_text(&s, "<?php eval('?>'.@file_get_contents(");
	quote_php(&s, w->job->code);
	quote_text(&s, "));");
	if ((r = way_run(w, false, LANGUAGE_PHP, &s, JOIN_TEXT, (struct bytes){ 0 })) < 0)
		return r;
	return add_any_script(w);
}

static bool is_unseen(const struct url *u)
{
	return (u->address.family != 0 && url_address_inside(&u->address)) ||
	    (u->address.family == 0 && memchr(u->host.at, '.', u->host.left) == NULL);
}

int evaluate_url(struct server *const *servers, unsigned count, const struct job *job, struct arena *a,
                 void (*run_begins)(void), struct report **ret)
{
	struct way w = { servers, count, job, a, run_begins, arena_take(a, sizeof(*w.ret)) };
	struct url u;
	int r = 0;

	if (w.ret == NULL)
		return -ENOMEM;
	if (job->code.left == 0 || job->code.left > VALUE_MAX || !url_parse(job->code, &u))
		return study(servers, 0, job, a, run_begins, ret);
	if (u.kind == URL_FILE)
		return evaluate_path(servers, count, job, a, run_begins, ret);
	*w.ret = (struct report){ .job_id = job->id, .language = LANGUAGE_URL, .stopped_by = STOPPED_EXIT };
	if (u.kind == URL_FETCH && (r = add_contacts(&w, &u)) == 0 && is_unseen(&u))
		r = add_client_texts(&w, &u);
	if (u.kind == URL_WRAPPER)
		r = add_stream(&w);
	if (r == 0 && (u.kind == URL_WRAPPER || !is_unseen(&u)))
		r = add_include_errors(&w);
	if (r == 0)
		*ret = w.ret;
	return r;
}
