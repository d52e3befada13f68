/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Normal forms: well-known folders, keys and prefixes by one name. */
#include "control/iocgen/normal.h"

#include <errno.h>
#include <string.h>

/*
 * from: matched where a path or key begins; '*' is one part of a path, a first '?' a letter, '#' one or more digits. It must end at a part's
 * border. The first row that matches is taken, so longer ones stand before.
 */
struct place {
	const char *from, *to;
};

static const struct place prefixes[] = { /* what stands before a path and says nothing */
	{ "\\\\?\\", "" }, { "\\\\.\\", "" }, { "\\??\\", "" }, { "\\systemroot", "%systemroot%" },
	{ "\\device\\harddiskvolume#", "c:" }, { "file:///", "" },
};

static const struct place folders[] = {
	{ "?:\\users\\public", "%public%" },
	{ "?:\\users\\all users", "%programdata%" },
	{ "?:\\documents and settings\\all users\\application data", "%programdata%" },
	{ "?:\\documents and settings\\all users", "%programdata%" },
	{ "?:\\users\\*\\appdata\\local\\temp", "%temp%" },
	{ "?:\\users\\*\\appdata\\local", "%localappdata%" },
	{ "?:\\users\\*\\appdata\\roaming", "%appdata%" },
	{ "?:\\users\\*\\application data", "%appdata%" },
	{ "?:\\users\\*", "%userprofile%" },
	{ "?:\\documents and settings\\*\\local settings\\temp", "%temp%" },
	{ "?:\\documents and settings\\*\\local settings\\application data", "%localappdata%" },
	{ "?:\\documents and settings\\*\\application data", "%appdata%" },
	{ "?:\\documents and settings\\*", "%userprofile%" },
	{ "?:\\docume~#\\*\\locals~#\\temp", "%temp%" },
	{ "?:\\docume~#\\*\\applic~#", "%appdata%" },
	{ "?:\\docume~#\\*", "%userprofile%" },
	{ "?:\\windows", "%systemroot%" },
	{ "?:\\winnt", "%systemroot%" },
	{ "?:\\program files (x86)", "%programfiles%" },
	{ "?:\\program files", "%programfiles%" },
	{ "?:\\progra~#", "%programfiles%" },
	{ "?:\\programdata", "%programdata%" },
	{ "%userprofile%\\appdata\\local\\temp", "%temp%" },
	{ "%userprofile%\\appdata\\local", "%localappdata%" },
	{ "%userprofile%\\appdata\\roaming", "%appdata%" },
	{ "%localappdata%\\temp", "%temp%" },
	{ "%tmp%", "%temp%" },
	{ "%windir%", "%systemroot%" },
	{ "%allusersprofile%", "%programdata%" },
	{ "%programfiles(x86)%", "%programfiles%" },
	{ "%programw6432%", "%programfiles%" },
	{ "%systemdrive%", "c:" },
	{ "/home/*", "~" },
	{ "/root", "~" },
};

static const struct place second[] = { /* after the folders have their names */
	{ "%systemroot%\\syswow64", "%systemroot%\\system32" },
	{ "%systemroot%\\sysnative", "%systemroot%\\system32" },
};

static const struct place keys[] = {
	{ "\\registry\\machine", "hklm" }, { "hkey_local_machine", "hklm" }, { "registry\\machine", "hklm" }, { "hklm:", "hklm" },
	{ "hkey_current_user", "hkcu" }, { "hkcu:", "hkcu" }, { "hkey_classes_root", "hkcr" }, { "hkcr:", "hkcr" },
	{ "\\registry\\user", "hku" }, { "registry\\user", "hku" }, { "hkey_users", "hku" }, { "hkey_current_config", "hkcc" },
};

static const struct place subkeys[] = {
	{ "hku\\s-1-5-21-#-#-#-#_classes", "hkcu\\software\\classes" }, { "hku\\s-1-5-21-#-#-#-#", "hkcu" },
	{ "hklm\\system\\controlset#", "hklm\\system\\currentcontrolset" }, { "hklm\\software\\classes", "hkcr" },
	{ "hklm\\software\\wow6432node\\classes", "hkcr" }, { "hklm\\software\\wow6432node", "hklm\\software" },
	{ "hkcu\\software\\wow6432node", "hkcu\\software" }, { "hkcr\\wow6432node", "hkcr" },
};

static const struct place objects[] = {
	{ "\\sessions\\#\\basenamedobjects\\global", "global" }, { "\\sessions\\#\\basenamedobjects\\local", "" },
	{ "\\sessions\\#\\basenamedobjects", "" }, { "\\basenamedobjects\\global", "global" },
	{ "\\basenamedobjects\\local", "" }, { "\\basenamedobjects", "" }, { "basenamedobjects", "" }, { "local", "" },
};

static const struct place pipes[] = {
	{ "\\\\.\\pipe", "" }, { "\\device\\namedpipe", "" }, { "\\\\*\\pipe", "" }, { "\\pipe", "" }, { "\\??\\pipe", "" },
};

struct text {
	uint8_t *at;
	size_t len, size;
};

static bool border(uint8_t c)
{
	return c == '\\' || c == '/' || c == '"' || c == '\'' || c == ' ' || c == ',' || c == ';' || c == ')' || c == '>';
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Bytes at `at` that the row's from matches; 0: none. */
static size_t matches(const struct text *t, size_t at, const char *from)
{
	size_t i = at;

	for (const char *f = from; *f != 0; f++) {
		size_t began = i;

		if (*f == '*') {
			while (i < t->len && !(border(t->at[i]) && t->at[i] != ' ') && t->at[i] != ':')
				i++;
		} else if (*f == '#') {
			while (i < t->len && is_digit(t->at[i]))
				i++;
		} else if (i < t->len && (*f == '?' && from[0] == '?' ? t->at[i] >= 'a' && t->at[i] <= 'z' : t->at[i] == (uint8_t)*f)) {
			i++;
		}
		if (i == began)
			return 0;
	}
	if (i < t->len && !border(t->at[i]) && !border((uint8_t)from[strlen(from) - 1]))
		return 0;
	return i - at;
}

static bool put_over(struct text *t, size_t at, size_t len, const char *with)
{
	size_t n = strlen(with);

	if (t->len - len + n > t->size)
		return false;
	memmove(t->at + at + n, t->at + at + len, t->len - at - len);
	memcpy(t->at + at, with, n);
	t->len += n - len;
	return true;
}

/* One replacement at `at`; true: there was one. */
static bool rename_at(struct text *t, size_t at, const struct place *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len;

		if (at >= t->len || (rows[i].from[0] != '?' && rows[i].from[0] != t->at[at]))
			continue;
		if ((len = matches(t, at, rows[i].from)) > 0)
			return put_over(t, at, len, rows[i].to);
	}
	return false;
}

static void rename_path(struct text *t, size_t at)
{
	(void)rename_at(t, at, prefixes, COUNT_OF(prefixes));
	(void)rename_at(t, at, folders, COUNT_OF(folders));
	(void)rename_at(t, at, second, COUNT_OF(second));
}

/* Paths within a command: where a word, a quotation or a value begins. */
static void rename_paths(struct text *t)
{
	for (size_t at = 0; at < t->len; at++) {
		uint8_t before = at == 0 ? ' ' : t->at[at - 1];

		if (before == ' ' || before == '"' || before == '\'' || before == '=' || before == ',' || before == '(')
			rename_path(t, at);
	}
}

static void rename_key(struct text *t)
{
	(void)rename_at(t, 0, keys, COUNT_OF(keys));
	/* the view of 32-bit programs and the control set may both be there */
	for (int i = 0; i < 2 && rename_at(t, 0, subkeys, COUNT_OF(subkeys)); i++)
		;
}

/* Blanks as one, none at the ends: how a shell's words stand apart says nothing. */
static void collapse(struct text *t)
{
	size_t to = 0;

	for (size_t i = 0; i < t->len; i++) {
		if (t->at[i] == ' ' && (to == 0 || t->at[to - 1] == ' '))
			continue;
		t->at[to++] = t->at[i];
	}
	while (to > 0 && t->at[to - 1] == ' ')
		to--;
	t->len = to;
}

static void drop_front(struct text *t, uint8_t c)
{
	size_t n = 0;

	while (n < t->len && t->at[n] == c)
		n++;
	(void)put_over(t, 0, n, "");
}

static void drop_back(struct text *t, uint8_t c)
{
	while (t->len > 1 && t->at[t->len - 1] == c)
		t->len--;
}

/* Slashes of a Windows path lean one way. */
static void lean(struct text *t)
{
	if (t->len < 2 || (t->at[1] != ':' && t->at[0] != '%'))
		return;
	for (size_t i = 0; i < t->len; i++) {
		if (t->at[i] == '/')
			t->at[i] = '\\';
	}
}

/* A URL's host without its port where that is the scheme's own. */
static void trim_url(struct text *t)
{
	static const struct { const char *scheme, *port; } own[] = { { "http://", ":80" }, { "https://", ":443" } };

	for (size_t i = 0; i < COUNT_OF(own); i++) {
		size_t at = strlen(own[i].scheme), len = strlen(own[i].port);

		if (t->len < at || memcmp(t->at, own[i].scheme, at) != 0)
			continue;
		while (at < t->len && t->at[at] != '/' && t->at[at] != '?' && t->at[at] != ':')
			at++;
		if (at + len <= t->len && memcmp(t->at + at, own[i].port, len) == 0 && (at + len == t->len || t->at[at + len] == '/'))
			(void)put_over(t, at, len, "");
		return;
	}
}

static void rename_kind(struct text *t, enum artefact_kind kind)
{
	switch (kind) {
	case KIND_FILE:
	case KIND_PROCESS:
		lean(t);
		rename_path(t, 0);
		lean(t);
		break;
	case KIND_COMMAND:
	case KIND_SERVICE:
	case KIND_TASK:
		rename_paths(t);
		break;
	case KIND_REGISTRY:
		rename_key(t);
		drop_back(t, '\\');
		break;
	case KIND_MUTEX:
		(void)rename_at(t, 0, objects, COUNT_OF(objects));
		drop_front(t, '\\');
		break;
	case KIND_PIPE:
		(void)rename_at(t, 0, pipes, COUNT_OF(pipes));
		drop_front(t, '\\');
		break;
	case KIND_URL:
		trim_url(t);
		break;
	case KIND_DNS:
		drop_back(t, '.');
		break;
	default:
		break;
	}
}

int artefact_normalise(enum artefact_kind kind, struct bytes value, struct sink *to)
{
	struct text t;

	if (to->overflow || value.left > to->size - to->used)
		return -ENOSPC;
	t = (struct text){ .at = to->at + to->used, .len = value.left, .size = to->size - to->used };
	for (size_t i = 0; i < value.left; i++) {
		uint8_t c = value.at[i];

		t.at[i] = c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c < 0x20 || c == 0x7f ? ' ' : c;
	}
	collapse(&t);
	rename_kind(&t, kind);
	if (t.len == 0)
		return -EINVAL;
	to->used += t.len;
	return 0;
}
