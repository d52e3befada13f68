/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys and texts read from a profile's folder, and how a run fills them. */
#include "emu/windows/host/templates.h"
#include "emu/windows/host/host.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEMPLATES_MAX = 1024, TEMPLATE_BYTES = 64 << 10 };

struct templates {
	unsigned count;
	bool open;  /* the last one still gets lines */
	struct template { char *key, *text; } list[TEMPLATES_MAX]; /* owned */
};

void templates_free(struct templates *t)
{
	if (t == NULL)
		return;
	for (unsigned i = 0; i < t->count; i++) {
		free(t->list[i].key);
		free(t->list[i].text);
	}
	free(t);
}

const char *templates_find(const struct templates *t, const char *key)
{
	for (unsigned i = 0; i < t->count; i++)
		if (strcmp(t->list[i].key, key) == 0)
			return t->list[i].text;
	return NULL;
}

static int begin(struct templates *t, const char *key, size_t len)
{
	struct template *one = &t->list[t->count];

	if (t->count == TEMPLATES_MAX)
		return -E2BIG;
	one->key = strndup(key, len);
	one->text = calloc(1, TEMPLATE_BYTES);
	t->count++;
	t->open = true;
	return one->key == NULL || one->text == NULL ? -ENOMEM : templates_find(t, one->key) != one->text ? -EEXIST : 0;
}

static int add_line(struct templates *t, const char *line)
{
	struct template *one;
	size_t used;

	if (!t->open)
		return *line == '#' || *line == 0 ? 0 : -EINVAL;
	one = &t->list[t->count - 1];
	used = strlen(one->text);
	if (used + strlen(line) + 2 >= TEMPLATE_BYTES)
		return -EFBIG;
	sprintf(one->text + used, "%s\n", line);
	return 0;
}

/* What was read is as long as it is; the backslash at its end was there to say that no line ends. */
static int end(struct templates *t)
{
	struct template *one = t->count != 0 ? &t->list[t->count - 1] : NULL;
	size_t len;
	char *less;

	if (!t->open)
		return 0;
	t->open = false;
	len = strlen(one->text);
	if (len >= 2 && strcmp(one->text + len - 2, "\\\n") == 0)
		one->text[len - 2] = 0;
	if ((less = strdup(one->text)) == NULL)
		return -ENOMEM;
	free(one->text);
	one->text = less;
	return 0;
}

static int read_file(struct templates *t, const char *path, char *why, size_t why_size)
{
	FILE *f = fopen(path, "re");
	char line[4096];
	int r = f != NULL ? 0 : -errno, number = 0;

	while (r == 0 && fgets(line, sizeof(line), f) != NULL) {
		size_t len = strcspn(line, "\n");

		number++;
		line[len] = 0;
		if (line[0] == '[' && len > 2 && line[len - 1] == ']') {
			if ((r = end(t)) == 0)
				r = begin(t, line + 1, len - 2);
		} else {
			r = add_line(t, line);
		}
	}
	if (r == 0)
		r = end(t);
	if (f != NULL)
		fclose(f);
	if (r < 0)
		snprintf(why, why_size, "%s:%d: %s", path, number, strerror(-r));
	return r;
}

int templates_read(const char *folder, char *why, size_t why_size, struct templates **ret)
{
	struct templates *t = calloc(1, sizeof(*t));
	struct dirent **names;
	char path[PATH_MAX];
	int count, r = t != NULL ? 0 : -ENOMEM;

	snprintf(path, sizeof(path), "%s/texts", folder);
	if ((count = scandir(path, &names, NULL, alphasort)) < 0) {
		snprintf(why, why_size, "%s: %s", path, strerror(errno));
		free(t);
		return -ENOENT;
	}
	for (int i = 0; i < count; i++) {
		if (r == 0 && names[i]->d_name[0] != '.' &&
		    snprintf(path, sizeof(path), "%s/texts/%s", folder, names[i]->d_name) < (int)sizeof(path))
			r = read_file(t, path, why, why_size);
		free(names[i]);
	}
	free(names);
	if (r < 0) {
		templates_free(t);
		return r;
	}
	*ret = t;
	return 0;
}

/* What differs from server to server of one kind: "?" is a letter or digit by chance, "#" a digit. */
static char *by_chance(struct host *h, const char *name, const char *value)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	char *made = heap_text(h->heap, bytes_text(value));
	uint64_t chance = 14695981039346656037ull ^ h->world->seed * 0x9e3779b97f4a7c15ull;

	for (const char *c = name; *c != 0; c++)
		chance = (chance ^ (uint8_t)*c) * 1099511628211ull;
	for (char *c = made; *c != 0; c++) {
		if (*c != '?' && *c != '#')
			continue;
		chance = chance * 6364136223846793005ull + 1442695040888963407ull;
		*c = *c == '?' ? letters[(chance >> 33) % 36] : (char)('0' + (chance >> 33) % 10);
	}
	return made;
}

static char *fill(struct host *h, const char *text, const char *const *args)
{
	struct text t = text_in(h->heap);

	if (!host_enter(h))
		return t.at;
	for (const char *c = text; *c != 0; c++) {
		const char *end = *c == '@' ? strchr(c + 1, '@') : NULL;
		size_t len = end != NULL ? (size_t)(end - c) - 1 : 0;
		char name[64];

		if (len != 0 && len < sizeof(name) && strspn(c + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == len) {
			memcpy(name, c + 1, len);
			name[len] = 0;
			text_add(&t, bytes_text(host_fact(h, name)));
			c = end;
		} else if (*c == '%' && c[1] >= '1' && c[1] <= '9' && args != NULL) {
			int index = 0;

			while (index < c[1] - '1' && args[index] != NULL)
				index++;
			if (args[index] != NULL)
				text_add(&t, bytes_text(args[index]));
			c++;
		} else {
			text_put(&t, *c);
		}
	}
	host_leave(h);
	return t.at;
}

const char *host_fact(struct host *h, const char *name)
{
	const struct profile *p = &h->world->profile;
	char address[ADDRESS_TEXT];

	if (strcmp(name, "HOSTNAME") == 0)
		return by_chance(h, name, p->hostname);
	if (strcmp(name, "DOMAIN") == 0)
		return by_chance(h, name, p->domain);
	if (strcmp(name, "ADDRESS") == 0 && p->addresses_count != 0)
		return heap_text(h->heap, bytes_text(address_format(&p->addresses[0], address)));
	if (strcmp(name, "RESOLVER") == 0)
		return heap_text(h->heap, bytes_text(address_format(&p->resolver, address)));
	for (unsigned i = 0; i < p->facts_count; i++) {
		/* a fact may be made of others */
		if (strcmp(p->facts[i].name, name) == 0)
			return strchr(p->facts[i].value, '@') == NULL ? by_chance(h, name, p->facts[i].value)
			    : fill(h, by_chance(h, name, p->facts[i].value), NULL);
	}
	return "";
}

char *host_fill(struct host *h, const char *text, const char *const *args)
{
	return fill(h, text, args);
}

bool host_has_text(const struct host *h, const char *key)
{
	return templates_find(h->templates, key) != NULL;
}

const char *host_text(struct host *h, const char *key, const char *const *args)
{
	const char *found = templates_find(h->templates, key);
	struct text t;
	char *filled;

	if (found == NULL)
		return NULL;
	filled = fill(h, found, args);
	/* as records of lines; how a line ends is no fact */
	record_fact(h->world->record, bytes_text(filled));
	t = text_in(h->heap);
	for (const char *c = filled; *c != 0; c++) {
		if (*c == '\n')
			text_put(&t, '\r');
		text_put(&t, *c);
	}
	return t.at;
}
