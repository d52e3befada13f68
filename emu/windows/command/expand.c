/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands for something else in a line of cmd: %name%, !name!, parameters and for's variables. By Microsoft's pages
 * "set", "for", "call" and "cmd" of the Windows commands reference.
 */
#include "emu/windows/command/cmd.h"
#include "emu/windows/host/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static char *clock_text(struct cmd *c, const char *key)
{
	const char *format = host_text(c->host, key, NULL);

	return calendar_print(c->host, format != NULL ? format : "", host_clock(c->host));
}

/* Names that are no variables but answer as such. */
static const char *dynamic(struct cmd *c, const char *name)
{
	struct heap *heap = c->host->heap;

	if (same_name(name, "CD"))
		return c->cwd;
	if (same_name(name, "ERRORLEVEL"))
		return heap_print(heap, "%d", c->errorlevel);
	if (same_name(name, "CMDEXTVERSION"))
		return "2";
	if (same_name(name, "CMDCMDLINE"))
		return c->line;
	if (same_name(name, "RANDOM")) {
		(void)record_ask(c->host->world->record, QUESTION_RANDOM, "", true);
		return heap_print(heap, "%u", (unsigned)(world_random(c->host->world) % 32768));
	}
	if (same_name(name, "DATE"))
		return clock_text(c, "format.date");
	if (same_name(name, "TIME"))
		return heap_print(heap, "%s.%02u", clock_text(c, "format.time"),
		    (unsigned)(host_clock(c->host) / 10000000 % 100));
	return NULL;
}

static const char *value_of(struct cmd *c, const char *name, bool ask)
{
	const char *value = variable_find(c->variables, name);

	if (value == NULL && c->extensions)
		value = dynamic(c, name);
	return value == NULL && ask ? variable_ask(c->host, c->variables, name) : value;
}

/* :~from,count of a value; negative ones count from its end. */
static char *part(struct cmd *c, const char *value, const char *how)
{
	long len = (long)strlen(value), from, count = len;
	char *end;

	from = strtol(how, &end, 10);
	if (*end == ',')
		count = strtol(end + 1, &end, 10);
	from = from < 0 ? from + len : from;
	from = from < 0 ? 0 : from > len ? len : from;
	count = count < 0 ? len - from + count : count;
	count = count < 0 ? 0 : count > len - from ? len - from : count;
	return heap_text(c->host->heap, bytes_of(value + from, (size_t)count));
}

/* :a=b of a value, all of them; :*a=b all up to the first. */
static char *replaced(struct cmd *c, const char *value, const char *how, size_t len)
{
	bool all_before = *how == '*';
	const char *from = how + all_before, *equals = memchr(from, '=', len - all_before), *found;
	struct text t = text_in(c->host->heap);
	size_t from_len;
	struct bytes to;

	if (equals == NULL || equals == from)
		return heap_text(c->host->heap, bytes_text(value));
	from_len = (size_t)(equals - from);
	to = bytes_of(equals + 1, len - all_before - from_len - 1);
	for (found = value; *found != 0;) {
		if (strncasecmp(found, from, from_len) != 0) {
			text_put(&t, *found++);
			continue;
		}
		if (all_before)
			t.len = 0;
		text_add(&t, to);
		found += from_len;
		if (all_before)
			break;
	}
	text_add(&t, bytes_text(found));
	return t.at;
}

const char *expand_variable(struct cmd *c, const char *name, size_t len)
{
	const char *colon = memchr(name, ':', len);
	size_t name_len = colon != NULL && c->extensions ? (size_t)(colon - name) : len;
	const char *value;

	if (name_len == 0)
		return NULL;
	/* a variable may have a colon in its name */
	value = value_of(c, heap_text(c->host->heap, bytes_of(name, len)), name_len == len);
	if (value != NULL || name_len == len)
		return value;
	if ((value = value_of(c, heap_text(c->host->heap, bytes_of(name, name_len)), true)) == NULL)
		return NULL;
	if (colon[1] == '~')
		return part(c, value, heap_text(c->host->heap, bytes_of(colon + 2, len - name_len - 2)));
	return replaced(c, value, colon + 1, len - name_len - 1);
}

char *expand_name(struct cmd *c, const char *modifiers, size_t len, const char *value)
{
	char whole[FILE_PATH_MAX], *bare = unquoted(c->host->heap, value), *last, *dot;
	struct text t = text_in(c->host->heap);
	bool f = false, d = false, p = false, n = false, x = false;
	struct place place;

	for (size_t i = 0; i < len; i++) {
		int m = modifiers[i] | 0x20;

		f |= m == 'f', d |= m == 'd', p |= m == 'p', n |= m == 'n', x |= m == 'x';
		if (m == 's')
			f |= !(d || p || n || x);
		if ((m == 'z' || m == 't' || m == 'a') && file_path(c->cwd, bare, whole) && file_exists(c->host, whole, &place) &&
		    place.node != NULL && m == 'z')
			text_print(&t, "%s%llu", t.len != 0 ? " " : "", (unsigned long long)place.node->size);
		else if (m == 't' || m == 'a')
			host_unknown(c->host, "cmd: %~t, %~a");
	}
	if (!(f || d || p || n || x))
		return len == 0 ? bare : t.at;
	if (!file_path(c->cwd, bare, whole))
		return bare;
	if (bare[0] != 0 && bare[1] == ':')
		whole[0] = bare[0];
	last = strrchr(whole, '\\');
	dot = strrchr(last, '.');
	if (f || d)
		text_print(&t, "%.2s", whole);
	if (f || p)
		text_print(&t, "%.*s", (int)(last + 1 - whole) - 2, whole + 2);
	if (f || n)
		text_print(&t, "%.*s", (int)(dot != NULL ? dot - last - 1 : (int)strlen(last + 1)), last + 1);
	if ((f || x) && dot != NULL)
		text_print(&t, "%s", dot);
	return t.at;
}

/* A parameter of the batch file, its modifiers before it. How many letters it took, or 0. */
static size_t parameter(struct cmd *c, const char *at, struct text *to)
{
	struct batch *b = c->batch;
	size_t len = 0;
	char *value;

	if (at[0] == '*') {
		text_add(to, bytes_text(b->rest));
		return 1;
	}
	if (at[0] == '~')
		len = 1 + strspn(at + 1, "fFdDpPnNxXsSaAtTzZ");
	if (at[len] < '0' || at[len] > '9')
		return 0;
	value = (unsigned)(at[len] - '0') < b->argc ? b->argv[at[len] - '0'] : heap_text(c->host->heap, bytes_text(""));
	if (len != 0 && at[len] == '0' && *b->path != 0)
		value = heap_text(c->host->heap, bytes_text(b->path));
	if (*value != 0)
		text_add(to, bytes_text(len == 0 ? value : expand_name(c, at + 1, len - 1, value)));
	return len + 1;
}

char *expand_percent(struct cmd *c, const char *line)
{
	struct text t = text_in(c->host->heap);

	while (*line != 0 && host_step(c->host)) {
		const char *end, *value = NULL;
		size_t taken = 0;

		if (*line != '%') {
			size_t len = strcspn(line, "%");

			text_add(&t, bytes_of(line, len));
			line += len;
			continue;
		}
		line++;
		if (c->batch != NULL && *line == '%') {
			text_put(&t, '%');
			line++;
			continue;
		}
		if (c->batch != NULL && (taken = parameter(c, line, &t)) != 0) {
			line += taken;
			continue;
		}
		end = strchr(line, '%');
		if (end != NULL && end > line)
			value = expand_variable(c, line, (size_t)(end - line));
		if (value != NULL)
			text_add(&t, bytes_text(value));
		if (value != NULL || (c->batch != NULL && end != NULL))
			line = end + 1;
		else if (c->batch == NULL)
			text_put(&t, '%');
	}
	return t.at;
}

char *expand_loop(struct cmd *c, const char *text)
{
	struct text t = text_in(c->host->heap);

	for (; *text != 0 && host_step(c->host); text++) {
		size_t mods = text[0] == '%' && text[1] == '~' ? 1 + strspn(text + 2, "fFdDpPnNxXsSaAtTzZ") : 0;

		if (text[0] != '%') {
			text_put(&t, *text);
			continue;
		}
		/* of %~nxi the last letter is the variable: as many modifiers as leave one that is set */
		while (mods != 0 && ((uint8_t)text[1 + mods] >= FOR_VARIABLES || c->loop[(uint8_t)text[1 + mods]] == NULL))
			mods--;
		if (mods != 0) {
			text_add(&t, bytes_text(expand_name(c, text + 2, mods - 1, c->loop[(uint8_t)text[1 + mods]])));
			text += 1 + mods;
		} else if (text[1] != 0 && (uint8_t)text[1] < FOR_VARIABLES && c->loop[(uint8_t)text[1]] != NULL) {
			text_add(&t, bytes_text(c->loop[(uint8_t)text[1]]));
			text++;
		} else {
			text_put(&t, *text);
		}
	}
	return t.at;
}

char *expand_delayed(struct cmd *c, const char *text)
{
	struct text t = text_in(c->host->heap);

	if (!c->delayed || strchr(text, '!') == NULL)
		return heap_text(c->host->heap, bytes_text(text));
	for (; *text != 0 && host_step(c->host); text++) {
		const char *end, *value;

		if (*text == '^' && text[1] != 0) {
			text_put(&t, *++text);
			continue;
		}
		if (*text != '!') {
			text_put(&t, *text);
			continue;
		}
		if ((end = strchr(text + 1, '!')) == NULL)
			continue;
		value = expand_variable(c, text + 1, (size_t)(end - text) - 1);
		if (value != NULL)
			text_add(&t, bytes_text(value));
		text = end;
	}
	return t.at;
}
