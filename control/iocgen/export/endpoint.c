/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other way round to normal.c: a pattern's beginning is looked up, its rest stays. */
#include "control/iocgen/export/endpoint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What a beginning of the normal form stands for. "" with front: anything that ends before the rest. */
static const struct place {
	enum { OF_PATHS, OF_KEYS } of;
	const char *from;
	const char *to[3];
	bool front, wider;
} places[] = {
	{ OF_PATHS, "%appdata%", { "\\appdata\\roaming", "\\application data" }, true, false },
	{ OF_PATHS, "%localappdata%", { "\\appdata\\local", "\\local settings\\application data" }, true, false },
	{ OF_PATHS, "%temp%", { "\\temp" }, true, true },
	{ OF_PATHS, "%userprofile%", { "" }, true, true },
	{ OF_PATHS, "%systemroot%\\system32", { ":\\windows\\system32", ":\\windows\\syswow64" }, true, false },
	{ OF_PATHS, "%systemroot%", { ":\\windows" }, true, false },
	{ OF_PATHS, "%programfiles%", { ":\\program files", ":\\program files (x86)" }, true, false },
	{ OF_PATHS, "%programdata%", { ":\\programdata", "\\all users\\application data" }, true, false },
	{ OF_PATHS, "%public%", { ":\\users\\public" }, true, false },
	{ OF_PATHS, "~", { "" }, true, true },
	{ OF_KEYS, "hklm\\software", { "hklm\\software", "hklm\\software\\wow6432node" }, false, false },
	{ OF_KEYS, "hklm\\system\\currentcontrolset", { "hklm\\system\\currentcontrolset", "hklm\\system\\controlset001" }, false, false },
	{ OF_KEYS, "hklm", { "hklm" }, false, false },
	{ OF_KEYS, "hkcu", { "hku\\s-1-5-21-", "hkcu" }, false, false },
	{ OF_KEYS, "hkcr", { "hkcr", "hklm\\software\\classes" }, false, false },
	{ OF_KEYS, "hku", { "hku" }, false, false }, { OF_KEYS, "hkcc", { "hkcc" }, false, false },
};

bool pattern_is_unix(const struct pattern *p)
{
	struct bytes first = p->count > 0 && !p->pieces[0].is_hole ? p->pieces[0].text : bytes_of(NULL, 0);

	return first.left > 0 && (*first.at == '/' || (*first.at == '~' && first.left > 1 && first.at[1] == '/'));
}

static bool has_paths(enum artefact_kind k)
{
	return k == KIND_FILE || k == KIND_PROCESS || k == KIND_COMMAND || k == KIND_TASK;
}

static const struct place *place_of(const struct pattern *p)
{
	struct bytes first = p->count > 0 && !p->pieces[0].is_hole ? p->pieces[0].text : bytes_of(NULL, 0);

	if (p->open_front)
		return NULL;
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct bytes from = bytes_text(places[i].from);

		if (places[i].of == OF_KEYS ? p->kind != KIND_REGISTRY : !has_paths(p->kind))
			continue;
		if (bytes_starts_fold(first, from) && (first.left == from.left || first.at[from.left] == '\\' || first.at[from.left] == '/'))
			return &places[i];
	}
	return NULL;
}

static const struct { const char *brief, *whole; } hives[] = {
	{ "hklm", "hkey_local_machine" }, { "hkcu", "hkey_current_user" }, { "hkcr", "hkey_classes_root" }, { "hkcc", "hkey_current_config" },
	{ "hku", "hkey_users" },
};

/* A key's beginning with its hive by the whole name. */
static const char *with_hive(const char *beginning, char *buf, size_t size)
{
	for (size_t i = 0; i < COUNT_OF(hives); i++) {
		if (strncmp(beginning, hives[i].brief, strlen(hives[i].brief)) == 0) {
			snprintf(buf, size, "%s%s", hives[i].whole, beginning + strlen(hives[i].brief));
			return buf;
		}
	}
	return beginning;
}

static void put_escaped(struct sink *to, struct bytes text)
{
	for (size_t i = 0; i < text.left; i++) {
		if (text.at[i] < 0x80 && strchr("\\^$.|?*+()[]{}", text.at[i]) != NULL)
			sink_u8(to, '\\');
		sink_u8(to, text.at[i]);
	}
}

/* A variable in the middle of a command line: whatever folder it is. */
static size_t variable(struct bytes text)
{
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		if (places[i].of == OF_PATHS && places[i].from[0] == '%' && strchr(places[i].from, '\\') == NULL &&
		    bytes_starts_fold(text, bytes_text(places[i].from)))
			return strlen(places[i].from);
	}
	return 0;
}

static void put_text(struct sink *to, const char *text)
{
	sink_put(to, text, strlen(text));
}

static void put_literal(struct bytes text, struct form *f, struct forms *of, struct sink *plain, struct sink *regex)
{
	while (text.left > 0) {
		size_t len = *text.at == '%' ? variable(text) : 0;

		if (len > 0) {
			f->plain = false;
			of->wider = true;
			sink_put(regex, "[^\"]*", 5);
			/* normal.c has one name for the system's folder and its views */
			if (bytes_starts_fold(bytes_of(text.at + len, text.left - len), bytes_text("\\system32"))) {
				put_text(regex, "\\\\(?:system32|syswow64|sysnative)");
				len += strlen("\\system32");
			}
		} else {
			len = 1;
			while (len < text.left && text.at[len] != '%')
				len++;
			sink_put(plain, text.at, len);
			put_escaped(regex, bytes_of(text.at, len));
		}
		text = bytes_of(text.at + len, text.left - len);
	}
}

static void put_hole(const struct pattern *p, const struct piece *piece, struct sink *regex)
{
	const char *class = hole_class(p->kind, piece->hole);
	char range[48];

	/* values are compared with case folded, and bytes that are no ASCII stand for letters of other scripts */
	snprintf(range, sizeof(range), piece->min == piece->max ? "{%u}" : "{%u,%u}", piece->min, piece->max);
	if (strstr(class, "\\x80-\\xff") != NULL)
		class = strchr(class, '0') != NULL && strstr(class, "0-9") != NULL ? "[^\\x00-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7f]" : "[^\\x00-\\x40\\x5b-\\x60\\x7b-\\x7f]";
	sink_put(regex, class, strlen(class));
	sink_put(regex, range, strlen(range));
}

static int form_of(const struct pattern *p, const struct place *place, const char *beginning, bool whole_hives, struct forms *of,
                   struct form *f)
{
	struct sink plain = sink_over(f->text, FORM_TEXT_MAX), regex = sink_over(f->regex, FORM_REGEX_MAX);
	bool user_key = place != NULL && strcmp(place->from, "hkcu") == 0 && strncmp(beginning, "hku", 3) == 0;
	char whole[256];

	if (whole_hives && place != NULL && place->of == OF_KEYS)
		beginning = with_hive(beginning, whole, sizeof(whole));
	f->front = p->open_front || (place != NULL && place->front);
	f->back = p->open_back;
	f->plain = !user_key;
	sink_put(&regex, f->front ? "^.*" : "^", f->front ? 3 : 1);
	sink_put(&plain, beginning, strlen(beginning));
	put_escaped(&regex, bytes_text(beginning));
	if (user_key)
		sink_put(&regex, "[^\\\\]*", 6);
	for (unsigned i = 0; i < p->count; i++) {
		struct bytes text = p->pieces[i].text;

		if (p->pieces[i].is_hole) {
			f->plain = false;
			put_hole(p, &p->pieces[i], &regex);
			continue;
		}
		if (i == 0 && place != NULL)
			text = bytes_of(text.at + strlen(place->from), text.left - strlen(place->from));
		put_literal(text, f, of, &plain, &regex);
	}
	sink_put(&regex, f->back ? ".*$" : "$", f->back ? 3 : 1);
	if (plain.overflow || regex.overflow)
		return -ENOSPC;
	f->text[plain.used] = '\0';
	f->regex[regex.used] = '\0';
	return 0;
}

int forms_of(const struct pattern *p, bool whole_hives, struct forms *ret)
{
	const struct place *place = place_of(p);
	int r = 0;

	ret->count = 0;
	ret->wider = place != NULL && place->wider;
	for (unsigned i = 0; r == 0 && i < (place != NULL ? COUNT_OF(place->to) : 1); i++) {
		if (place != NULL && place->to[i] == NULL)
			break;
		r = form_of(p, place, place != NULL ? place->to[i] : "", whole_hives, ret, &ret->form[ret->count]);
		ret->count++;
	}
	return r;
}
