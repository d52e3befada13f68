/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registry as one list of values: small, and what a run adds lies in the run's heap. */
#include "emu/windows/host/registry.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct registry {
	struct registry_value *own;   /* the profile's */
	struct registry_value *first; /* of the run: new ones, then own */
};

void registry_free(struct registry *r)
{
	while (r != NULL && r->own != NULL) {
		struct registry_value *next = r->own->next;

		free(r->own->key);
		free(r->own->name);
		free(r->own->type);
		free(r->own->data);
		free(r->own);
		r->own = next;
	}
	free(r);
}

/* "name"="data" or "name"=TYPE:data, or "" for a key that holds nothing. */
static int add(struct registry *r, const char *key, char *line)
{
	struct registry_value *v = calloc(1, sizeof(*v));
	char *equals = strstr(line, "\"="), *data, *colon;

	if (v == NULL)
		return -ENOMEM;
	v->next = r->own;
	r->own = v;
	v->key = strdup(key);
	if (*line == 0)
		return v->key != NULL ? 0 : -ENOMEM;
	if (*line != '"' || equals == NULL)
		return -EINVAL;
	*equals = 0;
	data = equals + 2;
	colon = strchr(data, ':');
	if (*data == '"') {
		data++;
		data[strlen(data) - (strlen(data) != 0)] = 0;
		v->type = strdup("REG_SZ");
	} else if (colon != NULL) {
		v->type = strndup(data, (size_t)(colon - data));
		data = colon + 1;
	} else {
		return -EINVAL;
	}
	v->name = strdup(line + 1);
	v->data = strdup(data);
	return v->name != NULL && v->type != NULL && v->data != NULL ? 0 : -ENOMEM;
}

int registry_read(const char *folder, char *why, size_t why_size, struct registry **ret)
{
	struct registry *r = calloc(1, sizeof(*r));
	char path[PATH_MAX], line[2048], key[1024] = "";
	int number = 0, e = r != NULL ? 0 : -ENOMEM;
	FILE *f;

	snprintf(path, sizeof(path), "%s/registry", folder);
	f = e == 0 ? fopen(path, "re") : NULL;
	while (f != NULL && e == 0 && fgets(line, sizeof(line), f) != NULL) {
		size_t len = strcspn(line, "\r\n");

		number++;
		line[len] = 0;
		if (*line == '[' && line[len - 1] == ']') {
			snprintf(key, sizeof(key), "%.*s", (int)len - 2, line + 1);
			line[0] = 0;
			e = add(r, key, line);
		} else if (*line != '#' && *line != 0) {
			e = *key != 0 ? add(r, key, line) : -EINVAL;
		}
	}
	if (f != NULL)
		fclose(f);
	if (e < 0) {
		snprintf(why, why_size, "%s:%d: %s", path, number, strerror(-e));
		registry_free(r);
		return e;
	}
	*ret = r;
	return 0;
}

void registry_restore(struct registry *r, struct heap *heap)
{
	for (struct registry_value *v = r->own; v != NULL; v = v->next)
		v->gone = false;
	r->first = r->own;
}

char *registry_key(struct host *h, const char *key)
{
	static const struct { const char *brief, *whole; } roots[] = {
		{ "HKLM", "HKEY_LOCAL_MACHINE" }, { "HKCU", "HKEY_CURRENT_USER" }, { "HKCR", "HKEY_CLASSES_ROOT" },
		{ "HKU", "HKEY_USERS" }, { "HKCC", "HKEY_CURRENT_CONFIG" },
	};
	size_t len;

	if (strncasecmp(key, "Registry::", 10) == 0)
		key += 10;
	len = strcspn(key, ":\\");
	for (size_t i = 0; i < COUNT_OF(roots); i++) {
		const char *names[2] = { roots[i].brief, roots[i].whole };

		for (int k = 0; k < 2; k++) {
			const char *rest = key + len;
			char *made;

			if (strlen(names[k]) != len || strncasecmp(key, names[k], len) != 0)
				continue;
			rest += *rest == ':';
			rest += *rest == '\\';
			made = heap_print(h->heap, *rest != 0 ? "%s\\%s" : "%s", roots[i].whole, rest);
			len = strlen(made);
			if (made[len - 1] == '\\')
				made[len - 1] = 0;
			return made;
		}
	}
	return NULL;
}

static bool below(const char *key, const char *top)
{
	size_t len = strlen(top);

	return strncasecmp(key, top, len) == 0 && (key[len] == 0 || key[len] == '\\');
}

static void tell(struct host *h, const char *what, const char *key, const char *name, const char *data)
{
	struct event *e = world_event(h->world, EVENT_REGISTRY);

	if (e == NULL)
		return;
	e->name = world_keep_text(h->world, what);
	e->path = world_keep_text(h->world, name == NULL ? key : heap_print(h->heap, "%s\\%s", key, name));
	if (data != NULL)
		e->data = world_keep_text(h->world, data);
}

static struct registry_value *find(struct registry *r, const char *key, const char *name)
{
	for (struct registry_value *v = r->first; v != NULL; v = v->next)
		if (!v->gone && (name == NULL ? below(v->key, key)
		    : v->name != NULL && same_name(v->key, key) && same_name(v->name, name)))
			return v;
	return NULL;
}

const struct registry_value *registry_find(struct host *h, const char *key, const char *name)
{
	struct registry_value *v = find(h->registry, key, name), *made;
	const char *subject = name == NULL ? key : heap_print(h->heap, "%s\\%s", key, name);

	tell(h, "read", key, name, NULL);
	if (v != NULL && v->fresh)
		return v;
	if (record_ask(h->world->record, QUESTION_PATH, subject, v != NULL) == (v != NULL)) {
		if (v != NULL && v->data != NULL)
			record_fact(h->world->record, bytes_text(v->data));
		return v;
	}
	if (v != NULL)
		return NULL;
	made = heap_take(h->heap, sizeof(*made));
	made->key = heap_text(h->heap, bytes_text(key));
	made->name = name != NULL ? heap_text(h->heap, bytes_text(name)) : NULL;
	made->type = heap_text(h->heap, bytes_text("REG_SZ"));
	made->data = heap_text(h->heap, bytes_text(""));
	return made;
}

void registry_set(struct host *h, const char *key, const char *name, const char *type, const char *data)
{
	struct registry_value *v = name != NULL ? find(h->registry, key, name) : NULL;
	struct registry_value *made = heap_take(h->heap, sizeof(*made));

	tell(h, "set", key, name, data);
	if (v != NULL)
		v->gone = true;
	*made = (struct registry_value){ .next = h->registry->first, .fresh = true,
		.key = heap_text(h->heap, bytes_text(key)),
		.name = name != NULL ? heap_text(h->heap, bytes_text(name)) : NULL,
		.type = heap_text(h->heap, bytes_text(type)), .data = heap_text(h->heap, bytes_text(data)) };
	h->registry->first = made;
}

bool registry_delete(struct host *h, const char *key, const char *name)
{
	bool any = false;

	tell(h, "delete", key, name, NULL);
	for (struct registry_value *v = h->registry->first; v != NULL; v = v->next)
		if (!v->gone && (name == NULL ? below(v->key, key)
		    : v->name != NULL && same_name(v->key, key) && same_name(v->name, name)))
			any = v->gone = true;
	return any;
}

const struct registry_value *registry_next(struct host *h, const char *key, const struct registry_value *last)
{
	const struct registry_value *v = last != NULL ? last->next : h->registry->first;

	while (v != NULL && (v->gone || !below(v->key, key)))
		v = v->next;
	return v;
}
