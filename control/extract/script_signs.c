/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of the languages' own interfaces that reach outside, or tell of the server. One row a name. */
#include "control/extract/script_signs.h"

#include <ctype.h>
#include <string.h>

#define PYTHON LANGUAGE_PYTHON
#define RUBY LANGUAGE_RUBY
#define NODE LANGUAGE_NODE
#define PERL LANGUAGE_PERL
#define ASP LANGUAGE_ASP

static const struct sign signs[] = {
	{ PYTHON, "__import__", FOLLOW_CALL }, { PYTHON, "os.system", FOLLOW_CALL }, { PYTHON, "os.popen", FOLLOW_CALL },
	{ PYTHON, "os.exec", FOLLOW_NOTHING }, { PYTHON, "os.spawn", FOLLOW_NOTHING }, { PYTHON, "os.listdir", FOLLOW_CALL },
	{ PYTHON, "os.getcwd", FOLLOW_CALL }, { PYTHON, "os.environ", FOLLOW_ANY }, { PYTHON, "os.getenv", FOLLOW_CALL },
	{ PYTHON, "os.uname", FOLLOW_CALL }, { PYTHON, "os.getuid", FOLLOW_CALL }, { PYTHON, "os.getlogin", FOLLOW_CALL },
	{ PYTHON, "os.walk", FOLLOW_CALL }, { PYTHON, "os.remove", FOLLOW_CALL }, { PYTHON, "os.dup2", FOLLOW_CALL },
	{ PYTHON, "subprocess.", FOLLOW_MEMBER }, { PYTHON, "importlib.import_module", FOLLOW_CALL },
	{ PYTHON, "pty.spawn", FOLLOW_CALL }, { PYTHON, "time.sleep", FOLLOW_CALL }, { PYTHON, "__builtins__", FOLLOW_ANY },
	{ PYTHON, "__globals__", FOLLOW_ANY }, { PYTHON, "__subclasses__", FOLLOW_CALL }, { PYTHON, "builtins.", FOLLOW_MEMBER },
	{ PYTHON, "sys.version", FOLLOW_ANY }, { PYTHON, "sys.modules", FOLLOW_ANY }, { PYTHON, "platform.platform", FOLLOW_CALL },
	{ PYTHON, "platform.uname", FOLLOW_CALL }, { PYTHON, "platform.node", FOLLOW_CALL },
	{ PYTHON, "urllib.request.", FOLLOW_MEMBER }, { PYTHON, "urllib.urlopen", FOLLOW_CALL }, { PYTHON, "requests.get", FOLLOW_CALL },
	{ PYTHON, "socket.socket", FOLLOW_CALL }, { PYTHON, "socket.gethostbyname", FOLLOW_CALL },
	{ PYTHON, "socket.create_connection", FOLLOW_CALL }, { PYTHON, "base64.b64decode", FOLLOW_CALL },
	{ PYTHON, "pickle.loads", FOLLOW_CALL }, { PYTHON, "shutil.", FOLLOW_MEMBER }, { PYTHON, "ctypes.", FOLLOW_MEMBER },
	{ PYTHON, "import", FOLLOW_MODULE }, { PYTHON, "from", FOLLOW_MODULE }, { PYTHON, "open", FOLLOW_MODULE },
	{ PYTHON, "exec", FOLLOW_MODULE }, { PYTHON, "eval", FOLLOW_MODULE }, { PYTHON, "exec(compile", FOLLOW_CALL },
	{ PYTHON, "eval(compile", FOLLOW_CALL },
	{ RUBY, "IO.popen", FOLLOW_NOTHING }, { RUBY, "IO.read", FOLLOW_NOTHING }, { RUBY, "IO.readlines", FOLLOW_NOTHING },
	{ RUBY, "IO.binread", FOLLOW_NOTHING }, { RUBY, "IO.sysopen", FOLLOW_NOTHING },
	{ RUBY, "Kernel.", FOLLOW_NOTHING }, { RUBY, "Kernel::", FOLLOW_NOTHING }, { RUBY, "Open3.", FOLLOW_NOTHING },
	{ RUBY, "File.read", FOLLOW_NOTHING }, { RUBY, "File.open", FOLLOW_NOTHING }, { RUBY, "File.write", FOLLOW_NOTHING },
	{ RUBY, "File.new", FOLLOW_CALL }, { RUBY, "Dir.entries", FOLLOW_NOTHING }, { RUBY, "Dir.glob", FOLLOW_NOTHING },
	{ RUBY, "Dir.pwd", FOLLOW_ANY }, { RUBY, "Dir[", FOLLOW_NOTHING }, { RUBY, "TCPSocket.", FOLLOW_NOTHING },
	{ RUBY, "UDPSocket.", FOLLOW_NOTHING }, { RUBY, "Socket.tcp", FOLLOW_CALL }, { RUBY, "Socket.gethostbyname", FOLLOW_CALL },
	{ RUBY, "Process.spawn", FOLLOW_CALL }, { RUBY, "Process.exec", FOLLOW_CALL }, { RUBY, "Net::HTTP", FOLLOW_ANY },
	{ RUBY, "URI.open", FOLLOW_CALL }, { RUBY, "Resolv.", FOLLOW_NOTHING }, { RUBY, "RUBY_VERSION", FOLLOW_ANY },
	{ RUBY, "RUBY_PLATFORM", FOLLOW_ANY }, { RUBY, "%x(", FOLLOW_NOTHING }, { RUBY, "%x{", FOLLOW_NOTHING },
	{ RUBY, "%x[", FOLLOW_NOTHING }, { RUBY, "%x|", FOLLOW_NOTHING }, { RUBY, "%x/", FOLLOW_NOTHING },
	{ RUBY, "ObjectSpace.", FOLLOW_NOTHING }, { RUBY, "Object.const_get", FOLLOW_CALL }, { RUBY, "Marshal.load", FOLLOW_CALL },
	{ RUBY, "require", FOLLOW_QUOTE }, { RUBY, "ENV[", FOLLOW_NOTHING }, { RUBY, "ENV.to_", FOLLOW_NOTHING },
	{ RUBY, "send(:", FOLLOW_NOTHING }, { RUBY, "instance_eval", FOLLOW_ANY }, { RUBY, "`.to_s", FOLLOW_ANY },
	{ RUBY, "Etc.getlogin", FOLLOW_ANY }, { RUBY, "Gem::", FOLLOW_NOTHING }, { RUBY, "puts `", FOLLOW_NOTHING },
	{ NODE, "require", FOLLOW_MODULE }, { NODE, "import", FOLLOW_CALL }, { NODE, "child_process", FOLLOW_CLOSE },
	{ NODE, "process.mainModule", FOLLOW_ANY }, { NODE, "process.binding", FOLLOW_CALL }, { NODE, "process.env", FOLLOW_ANY },
	{ NODE, "process.exit", FOLLOW_CALL }, { NODE, "process.kill", FOLLOW_CALL }, { NODE, "process.platform", FOLLOW_ANY },
	{ NODE, "process.version", FOLLOW_ANY }, { NODE, "process.versions", FOLLOW_ANY }, { NODE, "process.cwd", FOLLOW_CALL },
	{ NODE, "process.argv", FOLLOW_ANY }, { NODE, "process.pid", FOLLOW_ANY }, { NODE, "process.title", FOLLOW_ANY },
	{ NODE, "process.getuid", FOLLOW_CALL }, { NODE, "process.dlopen", FOLLOW_CALL }, { NODE, "process.constructor", FOLLOW_ANY },
	{ NODE, "global.process", FOLLOW_ANY }, { NODE, "globalThis.process", FOLLOW_ANY }, { NODE, "process.stdout", FOLLOW_ANY },
	{ NODE, "constructor._load", FOLLOW_CALL }, { NODE, "constructor.constructor", FOLLOW_ANY },
	{ NODE, "constructor", FOLLOW_CALL }, { NODE, "new Function", FOLLOW_CALL }, { NODE, "execSync", FOLLOW_CALL },
	{ NODE, "spawnSync", FOLLOW_CALL }, { NODE, "execFileSync", FOLLOW_CALL }, { NODE, "readFileSync", FOLLOW_CALL },
	{ NODE, "readdirSync", FOLLOW_CALL }, { NODE, "writeFileSync", FOLLOW_CALL }, { NODE, "res.end", FOLLOW_CALL },
	{ NODE, "res.send", FOLLOW_CALL }, { NODE, "res.write", FOLLOW_CALL }, { NODE, "response.end", FOLLOW_CALL },
	{ NODE, "response.send", FOLLOW_CALL }, { NODE, "response.write", FOLLOW_CALL }, { NODE, "resp.end", FOLLOW_CALL },
	{ NODE, "Buffer.from", FOLLOW_CALL }, { NODE, "Atomics.wait", FOLLOW_CALL },
	{ PERL, "use IO::", FOLLOW_NOTHING }, { PERL, "use Socket", FOLLOW_ANY }, { PERL, "IO::Socket", FOLLOW_NOTHING },
	{ PERL, "use POSIX", FOLLOW_ANY }, { PERL, "use MIME::", FOLLOW_NOTHING }, { PERL, "qx(", FOLLOW_NOTHING },
	{ PERL, "qx{", FOLLOW_NOTHING }, { PERL, "qx/", FOLLOW_NOTHING }, { PERL, "qx[", FOLLOW_NOTHING }, { PERL, "qx|", FOLLOW_NOTHING },
	{ PERL, "$ENV{", FOLLOW_NOTHING }, { PERL, "%ENV", FOLLOW_ANY }, { PERL, "print `", FOLLOW_NOTHING }, { PERL, "print qx", FOLLOW_NOTHING },
	{ PERL, "Sys::Hostname", FOLLOW_NOTHING }, { PERL, "LWP::", FOLLOW_NOTHING }, { PERL, "sysopen", FOLLOW_CALL },
	{ ASP, "response.write", FOLLOW_NOTHING }, { ASP, "createobject", FOLLOW_CALL }, { ASP, "new activexobject", FOLLOW_CALL },
	{ ASP, "eval request", FOLLOW_NOTHING }, { ASP, "execute request", FOLLOW_NOTHING }, { ASP, "eval(request", FOLLOW_NOTHING },
	{ ASP, "execute(request", FOLLOW_NOTHING }, { ASP, "executeglobal", FOLLOW_ANY }, { ASP, "server.mappath", FOLLOW_CALL },
	{ ASP, "system.diagnostics.process", FOLLOW_ANY }, { ASP, "system.io.file", FOLLOW_NOTHING },
	{ ASP, "process.start", FOLLOW_CALL }, { ASP, "request.servervariables", FOLLOW_CALL }, { ASP, "request.item[", FOLLOW_NOTHING },
};

/* Modules that come with the languages: what scripts load first. */
static const char *const modules[LANGUAGE_COUNT] = {
	[PYTHON] = " os sys subprocess socket pty time base64 urllib urllib2 requests platform shutil pickle codecs importlib ctypes "
		"threading commands http json re builtins getpass pwd zlib marshal multiprocessing posix asyncio httpx struct ",
	[NODE] = " child_process fs http https http2 net os dns util vm path url crypto zlib tls dgram cluster events process module "
		"inspector repl stream querystring string_decoder timers v8 worker_threads buffer assert readline tty ",
};

static const char keywords[] =
	" import from as in is not and or if else elif elsif for foreach while return new var let const def class function lambda print "
	"puts use require delete typeof instanceof throw await async static try except finally with raise del global yield "
	"do end then unless until begin rescue ensure catch case when switch default break continue pass echo exec eval set dim call "
	"response execute executeglobal sub each of void extends goto next last redo exit die warn open close say printf p pp loop fork "
	"system spawn sleep load public private using select option explicit on error resume byval until wend nil true false ";

bool sign_is_keyword(struct bytes word)
{
	char spaced[32];

	if (word.left == 0 || word.left + 2 >= sizeof(spaced))
		return false;
	spaced[0] = ' ';
	for (size_t i = 0; i < word.left; i++)
		spaced[1 + i] = (char)tolower(word.at[i]);
	memcpy(spaced + 1 + word.left, " ", 2);
	return strstr(keywords, spaced) != NULL;
}

/* A name of letters that is one of the language's modules; "node:" before it, and what stands behind a dot or slash, is left out. */
static bool is_module(enum language language, struct bytes at)
{
	char spaced[40] = " ";
	size_t len = 0;

	if (language == NODE && bytes_starts_fold(at, bytes_text("node:")))
		at = bytes_of(at.at + 5, at.left - 5);
	while (len < at.left && len < sizeof(spaced) - 3 && (isalnum(at.at[len]) || at.at[len] == '_'))
		len++;
	if (len == 0)
		return false;
	memcpy(spaced + 1, at.at, len);
	memcpy(spaced + 1 + len, " ", 2);
	return modules[language] != NULL && strstr(modules[language], spaced) != NULL;
}

static size_t skip_blanks(struct bytes text, size_t at)
{
	while (at < text.left && isspace(text.at[at]))
		at++;
	return at;
}

/* Behind "import" and "from" a module; behind "require", "exec" and "eval" a bracket and a quote, and in it one; behind "open" a path. */
static bool module_follows(const struct sign *s, struct bytes text, size_t at)
{
	bool statement = s->name[0] == 'i' || s->name[0] == 'f';
	size_t i = skip_blanks(text, at);

	if (statement && s->name[0] == 'f') { /* "from http://…" is where something was taken from */
		size_t end = i;

		while (end < text.left && (isalnum(text.at[end]) || text.at[end] == '_' || text.at[end] == '.'))
			end++;
		if (!bytes_starts_fold(bytes_of(text.at + end, text.left - end), bytes_text(" import")))
			return false;
	}
	if (statement)
		return i > at && is_module(s->language, bytes_of(text.at + i, text.left - i));
	if (i >= text.left || text.at[i] != '(')
		return false;
	i = skip_blanks(text, i + 1);
	if (i + 1 >= text.left || (text.at[i] != '\'' && text.at[i] != '"' && text.at[i] != '`'))
		return false;
	i++;
	if (s->language == NODE)
		return is_module(NODE, bytes_of(text.at + i, text.left - i));
	if (s->name[0] == 'o')
		return text.at[i] == '/' && bytes_find(bytes_of(text.at + i, text.left - i), bytes_text(").read")) > 0;
	/* exec("import …") and the like: what is evaluated is Python by its own signs */
	return bytes_starts_fold(bytes_of(text.at + i, text.left - i), bytes_text("import ")) ||
	    bytes_find(bytes_of(text.at + i, text.left - i), bytes_text("__import__(")) >= 0;
}

static bool follows(const struct sign *s, struct bytes text, size_t at)
{
	size_t next = skip_blanks(text, at);

	switch (s->follow) {
	case FOLLOW_CALL:
		return next < text.left && text.at[next] == '(';
	case FOLLOW_QUOTE:
		return next > at && next < text.left && (text.at[next] == '\'' || text.at[next] == '"');
	case FOLLOW_MODULE:
		return module_follows(s, text, at);
	case FOLLOW_MEMBER:
		for (next = at; next < text.left && (isalnum(text.at[next]) || text.at[next] == '_' || text.at[next] == '.'); next++)
			;
		next = next > at ? skip_blanks(text, next) : text.left;
		return next < text.left && text.at[next] == '(';
	case FOLLOW_CLOSE:
		/* a name in quotes */
		return at < text.left && memchr("'\"`", text.at[at], 3) != NULL && at > strlen(s->name) &&
			memchr("'\"`:", text.at[at - strlen(s->name) - 1], 4) != NULL;
	case FOLLOW_ANY:
		return at == text.left || !(isalnum(text.at[at]) || text.at[at] == '_');
	default:
		/* a name behind a dot stands at it, and no end of a sentence */
		return at < text.left && (strchr(".:", text.at[at - 1]) == NULL || isalpha(text.at[at]) || text.at[at] == '`');
	}
}

bool sign_begins(uint8_t c)
{
	return isalpha(c) || c == '_' || c == '%' || c == '$' || c == '`';
}

const struct sign *sign_at(struct bytes text, size_t at, size_t *from)
{
	struct bytes rest = bytes_of(text.at + at, text.left - at);

	for (size_t i = *from; i < COUNT_OF(signs); i++) {
		struct bytes name;
		bool here;

		if (rest.left == 0 || tolower((uint8_t)signs[i].name[0]) != tolower(rest.at[0]))
			continue;
		name = bytes_text(signs[i].name);
		/* ASP alone does not tell large letters from small ones */
		if (signs[i].language == ASP)
			here = bytes_starts_fold(rest, name);
		else
			here = rest.left >= name.left && rest.at[0] == name.at[0] && memcmp(rest.at, name.at, name.left) == 0;
		if (here && follows(&signs[i], text, at + name.left)) {
			*from = i + 1;
			return &signs[i];
		}
	}
	return NULL;
}
