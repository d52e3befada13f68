/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cmdlets about files, folders, variables of the environment and the registry, by their pages in .Management. */
#include "emu/windows/powershell/session.h"
#include "emu/windows/host/registry.h"
#include "emu/windows/host/web.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

char *session_path(struct session *s, const struct value *v)
{
	char *text = value_utf8(s, v), whole[FILE_PATH_MAX];

	if (strncasecmp(text, "Microsoft.PowerShell.Core\\FileSystem::", 38) == 0)
		text += 38;
	if (*text == '~')
		text = heap_print(s->host->heap, "%s%s", variable_find(s->environment, "USERPROFILE") != NULL
		    ? variable_find(s->environment, "USERPROFILE") : "", text + 1);
	if (*text == 0 || !file_path(s->cwd, text, whole))
		return NULL;
	if (file_is_unc(whole)) {
		web_share(s->host, whole);
		return NULL;
	}
	return heap_text(s->host->heap, bytes_text(whole));
}

static const struct value *path_of(const struct arguments *a)
{
	const struct value *v = argument(a, "Path", -1);

	if (v == NULL)
		v = argument(a, "LiteralPath", -1);
	return v != NULL ? v : a->list->count != 0 ? &a->list->at[0] : a->input != NULL && a->input->count != 0 ? &a->input->at[0] : NULL;
}

/* The value that is written: by name, behind the path, or down the pipeline. */
static struct list *contents_of(struct session *s, const struct arguments *a)
{
	const struct value *v = argument(a, "Value", -1);
	bool named = argument(a, "Path", -1) != NULL || argument(a, "LiteralPath", -1) != NULL || argument(a, "FilePath", -1) != NULL;

	if (v != NULL)
		return value_list(s, v);
	if (a->list->count > !named)
		return value_list(s, &a->list->at[!named]);
	return a->input != NULL ? a->input : list_new(s->host->heap, 0);
}

static void put_contents(struct session *s, const struct arguments *a, const struct value *where, struct list *lines, bool append)
{
	char *path = where != NULL ? session_path(s, where) : NULL;
	const struct value *encoding = argument(a, "Encoding", -1);
	bool raw = encoding != NULL && string_is(value_string(s, encoding), "byte"), foreign = false;
	struct text t = text_in(s->host->heap);
	struct event *told;
	struct node *n;

	for (unsigned i = 0; i < lines->count && host_step(s->host); i++) {
		foreign |= value_is_foreign(&lines->at[i]);
		if (raw) {
			text_put(&t, (char)value_int(s, &lines->at[i]));
			continue;
		}
		text_add(&t, string_bytes(s->host->heap, value_string(s, &lines->at[i])));
		if (!argument_switch(a, "NoNewline"))
			text_add(&t, bytes_text("\r\n"));
	}
	if (path == NULL || file_write(s->host, path, append, &n, &told) < 0) {
		session_complain(s, "powershell.file", path != NULL ? path : "");
		return;
	}
	record_more(s->host->world->record, told, text_bytes(&t));
	if (node_write(s->host->world->tree, n, n->size, text_bytes(&t)) < 0)
		host_stop(s->host, STOPPED_FILES);
	if (foreign)
		file_mark_foreign(s->host, n);
}

static void set_content(struct session *s, struct arguments *a)
{
	put_contents(s, a, path_of(a), contents_of(s, a), false);
}

static void add_content(struct session *s, struct arguments *a)
{
	put_contents(s, a, path_of(a), contents_of(s, a), true);
}

static void out_file(struct session *s, struct arguments *a)
{
	const struct value *path = argument(a, "FilePath", 0);

	put_contents(s, a, path, a->input != NULL ? a->input : list_new(s->host->heap, 0), argument_switch(a, "Append"));
}

static void get_content(struct session *s, struct arguments *a)
{
	const struct value *where = path_of(a), *encoding = argument(a, "Encoding", -1);
	char *path = where != NULL ? session_path(s, where) : NULL;
	struct handle *lines;
	struct bytes b, line;
	struct place p;
	int r;

	if (path == NULL || (r = file_read(s->host, path, &b)) == -ENOENT) {
		session_complain(s, "powershell.path", path != NULL ? path : "");
		return;
	}
	if (r < 0 || (file_find(s->host, path, &p) && file_is_foreign(s->host, p.node))) {
		session_emit_one(s, v_unknown());
		return;
	}
	if (encoding != NULL && string_is(value_string(s, encoding), "byte")) {
		session_emit(s, v_bytes(s->host->heap, b));
		return;
	}
	if (argument_switch(a, "Raw")) {
		session_emit_one(s, v_string(string_utf8(s->host->heap, b)));
		return;
	}
	lines = handle_reading(s->host, b);
	while (handle_line(lines, &line) && host_step(s->host))
		session_emit_one(s, v_string(string_utf8(s->host->heap, line)));
}

static bool is_registry(struct session *s, const struct value *v, char **key)
{
	char *text = value_utf8(s, v);

	if (strncasecmp(text, "HK", 2) != 0 && strncasecmp(text, "Registry::", 10) != 0)
		return false;
	*key = registry_key(s->host, text);
	return *key != NULL;
}

static bool is_environment(struct session *s, const struct value *v, const char **name)
{
	const char *text = value_utf8(s, v);

	if (strncasecmp(text, "env:", 4) != 0)
		return false;
	*name = text + 4 + strspn(text + 4, "\\/");
	return true;
}

static struct value file_item(struct session *s, const char *path, const struct node *n)
{
	struct value v = object_custom(s);
	const char *last = strrchr(path, '\\'), *dot;
	struct heap *heap = s->host->heap;

	last = last != NULL ? last + 1 : path;
	dot = strrchr(last, '.');
	table_write(v.object->properties, "Name", v_text(heap, last));
	table_write(v.object->properties, "FullName", v_text(heap, path));
	table_write(v.object->properties, "Value", v_text(heap, path));
	table_write(v.object->properties, "Extension", v_text(heap, dot != NULL ? dot : ""));
	table_write(v.object->properties, "BaseName", v_string(string_utf8(heap, bytes_of(last, dot != NULL ? (size_t)(dot - last) : strlen(last)))));
	table_write(v.object->properties, "PSIsContainer", v_bool(n != NULL && n->kind == NODE_DIR));
	if (n != NULL && n->kind == NODE_FILE && n->data != NULL)
		table_write(v.object->properties, "Length", v_int((int64_t)n->size));
	return v;
}

static void env_items(struct session *s, const char *pattern)
{
	for (unsigned i = 0; i < s->environment->count && session_goes_on(s); i++) {
		const struct variable *e = &s->environment->list[i];
		struct value v;

		if (*pattern != 0 && !file_fits(pattern, e->name))
			continue;
		v = object_custom(s);
		table_write(v.object->properties, "Name", v_text(s->host->heap, e->name));
		table_write(v.object->properties, "Key", v_text(s->host->heap, e->name));
		table_write(v.object->properties, "Value", v_text(s->host->heap, e->value));
		session_emit_one(s, v);
	}
	(void)record_ask(s->host->world->record, QUESTION_VARIABLE, *pattern != 0 ? pattern : "*", true);
}

static void get_child_item(struct session *s, struct arguments *a)
{
	struct value here = v_text(s->host->heap, s->cwd);
	const struct value *where = path_of(a) != NULL ? path_of(a) : &here, *filter = argument(a, "Filter", 1);
	const char *name, *pattern = filter != NULL ? value_utf8(s, filter) : "*";
	char *path, *last;
	struct place p;

	if (is_environment(s, where, &name)) {
		env_items(s, name);
		return;
	}
	if (strchr(value_utf8(s, where), ':') != NULL && strchr(value_utf8(s, where), ':') - value_utf8(s, where) > 1) {
		(void)host_unknown(s->host, heap_print(s->host->heap, "powershell: %.100s", value_utf8(s, where)));
		session_emit_one(s, v_unknown());
		return;
	}
	if ((path = session_path(s, where)) == NULL)
		return;
	last = strrchr(path, '\\');
	if (strpbrk(last, "*?") != NULL) {
		pattern = last + 1;
		path = heap_text(s->host->heap, bytes_of(path, (size_t)(last - path) + (last - path == 2)));
	}
	if (!file_exists(s->host, path, &p)) {
		session_complain(s, "powershell.path", path);
		return;
	}
	if (argument_switch(a, "Recurse"))
		(void)host_unknown(s->host, "powershell: Get-ChildItem -Recurse");
	for (unsigned i = 0; p.node != NULL && p.node->kind == NODE_DIR && i < p.node->count && session_goes_on(s); i++) {
		const struct entry *e = &p.node->entries[i];

		if (!e->node->fresh)
			record_fact(s->host->world->record, bytes_text(e->name));
		if (!file_fits(pattern, e->name))
			continue;
		if (argument_switch(a, "Name"))
			session_emit_one(s, v_text(s->host->heap, e->name));
		else
			session_emit_one(s, file_item(s, heap_print(s->host->heap, "%s%s%s", path, path[strlen(path) - 1] == '\\' ? "" : "\\", e->name), e->node));
	}
	if (p.node != NULL && p.node->kind == NODE_FILE)
		session_emit_one(s, file_item(s, path, p.node));
}

static void get_item(struct session *s, struct arguments *a)
{
	const struct value *where = path_of(a);
	const char *name, *text;
	struct place p;
	char *path;

	if (where == NULL)
		return;
	text = value_utf8(s, where);
	if (is_environment(s, where, &name)) {
		env_items(s, name);
	} else if (strncasecmp(text, "variable:", 9) == 0) {
		struct value made = object_custom(s);

		text += 9 + strspn(text + 9, "\\/");
		table_write(made.object->properties, "Name", v_text(s->host->heap, text));
		table_write(made.object->properties, "Value", evaluate_variable(s, string_text(s->host->heap, text)));
		session_emit_one(s, made);
	} else if ((path = session_path(s, where)) != NULL) {
		if (file_exists(s->host, path, &p))
			session_emit_one(s, file_item(s, path, p.node));
		else
			session_complain(s, "powershell.path", path);
	}
}

static void set_item(struct session *s, struct arguments *a)
{
	const struct value *where = path_of(a), *v = argument(a, "Value", 1);
	struct syntax target = { .kind = S_VARIABLE };
	const char *text = where != NULL ? value_utf8(s, where) : "", *name;

	if (v == NULL)
		v = argument(a, "Value", 0);
	if (strncasecmp(text, "variable:", 9) == 0) {
		text += 9 + strspn(text + 9, "\\/");
		target.text = string_text(s->host->heap, text);
	} else if (where != NULL && is_environment(s, where, &name)) {
		target.text = string_text(s->host->heap, heap_print(s->host->heap, "env:%s", name));
	} else {
		(void)host_unknown(s->host, "powershell: Set-Item");
		return;
	}
	evaluate_assign(s, &target, v != NULL ? *v : v_null());
}

static void test_path(struct session *s, struct arguments *a)
{
	const struct value *where = path_of(a);
	const char *name;
	struct place p;
	char *key, *path;

	if (where == NULL)
		return;
	if (is_environment(s, where, &name))
		session_emit_one(s, v_bool(variable_ask(s->host, s->environment, name) != NULL));
	else if (is_registry(s, where, &key))
		session_emit_one(s, v_bool(registry_find(s->host, key, NULL) != NULL));
	else
		session_emit_one(s, v_bool((path = session_path(s, where)) != NULL && file_exists(s->host, path, &p)));
}

static void remove_item(struct session *s, struct arguments *a)
{
	struct list *all = path_of(a) != NULL ? value_list(s, path_of(a)) : list_new(s->host->heap, 0);

	for (unsigned i = 0; i < all->count && session_goes_on(s); i++) {
		char *key, *path;
		int r = -ENOENT;

		if (is_registry(s, &all->at[i], &key)) {
			r = registry_delete(s->host, key, NULL) ? 0 : -ENOENT;
			path = key;
		} else if ((path = session_path(s, &all->at[i])) != NULL) {
			r = file_delete(s->host, path);
			if (r == -ENOTEMPTY || strpbrk(path, "*?") != NULL) {
				(void)host_unknown(s->host, "powershell: Remove-Item of many");
				r = 0;
			}
		}
		if (r < 0)
			session_complain(s, "powershell.path", path != NULL ? path : "");
	}
}

static void new_item(struct session *s, struct arguments *a)
{
	const struct value *where = path_of(a), *type = argument(a, "ItemType", -1), *v = argument(a, "Value", -1), *name = argument(a, "Name", -1);
	char *key, *path;
	struct place p;
	int r;

	if (type == NULL)
		type = argument(a, "Type", -1);
	if (where == NULL)
		return;
	if (is_registry(s, where, &key)) {
		registry_set(s->host, name != NULL ? heap_print(s->host->heap, "%s\\%s", key, value_utf8(s, name)) : key, NULL, "", "");
		session_emit_one(s, v_unknown());
		return;
	}
	if ((path = session_path(s, where)) == NULL)
		return;
	if (name != NULL)
		path = heap_print(s->host->heap, "%s\\%.200s", path, value_utf8(s, name));
	if (type != NULL && (string_is(value_string(s, type), "directory") || string_is(value_string(s, type), "container")))
		r = file_make_folder(s->host, path);
	else
		r = file_put(s->host, path, v != NULL ? string_bytes(s->host->heap, value_string(s, v)) : (struct bytes){ 0 });
	if (r < 0)
		session_complain(s, "powershell.file", path);
	else if (file_find(s->host, path, &p))
		session_emit_one(s, file_item(s, path, p.node));
}

static void make_folder(struct session *s, struct arguments *a)
{
	const struct value *where = path_of(a);
	char *path = where != NULL ? session_path(s, where) : NULL;
	struct place p;

	if (path == NULL || file_make_folder(s->host, path) < 0)
		session_complain(s, "powershell.file", path != NULL ? path : "");
	else if (file_find(s->host, path, &p))
		session_emit_one(s, file_item(s, path, p.node));
}

static void carry(struct session *s, struct arguments *a, bool moves)
{
	const struct value *from = path_of(a), *to = argument(a, "Destination", 1);
	char *source = from != NULL ? session_path(s, from) : NULL, *target;
	struct place p;
	struct bytes b;
	int r = -ENOENT;

	if (to == NULL)
		to = argument(a, "NewName", 1);
	target = to != NULL ? session_path(s, to) : NULL;
	if (source != NULL && target != NULL && file_find(s->host, target, &p) && p.node != NULL && p.node->kind == NODE_DIR)
		target = heap_print(s->host->heap, "%s\\%s", target, strrchr(source, '\\') + 1);
	if (source != NULL && target != NULL && moves) {
		r = file_rename(s->host, source, target);
	} else if (source != NULL && target != NULL && (r = file_read(s->host, source, &b)) == 0) {
		bool foreign = file_find(s->host, source, &p) && file_is_foreign(s->host, p.node);

		if ((r = file_put(s->host, target, b)) == 0 && foreign && file_find(s->host, target, &p))
			file_mark_foreign(s->host, p.node);
	}
	if (r < 0)
		session_complain(s, "powershell.path", source != NULL ? source : "");
}

static void copy_item(struct session *s, struct arguments *a)
{
	carry(s, a, false);
}

static void move_item(struct session *s, struct arguments *a)
{
	carry(s, a, true);
}

static void get_location(struct session *s, struct arguments *a)
{
	struct value v = object_custom(s);

	table_write(v.object->properties, "Path", v_text(s->host->heap, s->cwd));
	table_write(v.object->properties, "Value", v_text(s->host->heap, s->cwd));
	session_emit_one(s, v);
}

static void set_location(struct session *s, struct arguments *a)
{
	const struct value *where = path_of(a);
	char *path = where != NULL ? session_path(s, where) : NULL;
	struct place p;

	if (path != NULL && file_exists(s->host, path, &p))
		file_written(s->host, path, s->cwd);
	else if (where != NULL)
		session_complain(s, "powershell.path", path != NULL ? path : "");
}

static void join_path(struct session *s, struct arguments *a)
{
	const struct value *one = argument(a, "Path", 0), *two = argument(a, "ChildPath", 1);
	const char *x = one != NULL ? value_utf8(s, one) : "", *y = two != NULL ? value_utf8(s, two) : "";
	size_t len = strlen(x);

	session_emit_one(s, v_text(s->host->heap, heap_print(s->host->heap, "%s%s%s", x, len != 0 && x[len - 1] == '\\' ? "" : "\\", y + (*y == '\\'))));
}

static void split_path(struct session *s, struct arguments *a)
{
	const struct value *where = path_of(a);
	const char *text = where != NULL ? value_utf8(s, where) : "", *last = strrchr(text, '\\');

	if (argument_switch(a, "Leaf"))
		session_emit_one(s, v_text(s->host->heap, last != NULL ? last + 1 : text));
	else
		session_emit_one(s, v_string(string_utf8(s->host->heap, bytes_of(text, last != NULL ? (size_t)(last - text) : 0))));
}

static void get_property(struct session *s, struct arguments *a)
{
	const struct value *where = path_of(a), *name = argument(a, "Name", 1);
	const struct registry_value *v;
	struct value made;
	char *key;

	if (where == NULL || !is_registry(s, where, &key) || name == NULL) {
		(void)host_unknown(s->host, "powershell: Get-ItemProperty");
		session_emit_one(s, v_unknown());
		return;
	}
	if ((v = registry_find(s->host, key, value_utf8(s, name))) == NULL) {
		session_complain(s, "powershell.path", key);
		return;
	}
	made = object_custom(s);
	table_set(made.object->properties, value_string(s, name), v_text(s->host->heap, v->data));
	session_emit_one(s, made);
}

static void set_property(struct session *s, struct arguments *a)
{
	const struct value *where = path_of(a), *name = argument(a, "Name", 1), *v = argument(a, "Value", 2);
	const struct value *type = argument(a, "PropertyType", -1);
	char *key;

	if (where == NULL || name == NULL || !is_registry(s, where, &key))
		return;
	if (v == NULL)
		v = argument(a, "Value", 0);
	registry_set(s->host, key, value_utf8(s, name), type != NULL && string_is(value_string(s, type), "dword") ? "REG_DWORD" : "REG_SZ",
	    v != NULL ? value_utf8(s, v) : "");
}

static void remove_property(struct session *s, struct arguments *a)
{
	const struct value *where = path_of(a), *name = argument(a, "Name", 1);
	char *key;

	if (where != NULL && name != NULL && is_registry(s, where, &key))
		(void)registry_delete(s->host, key, value_utf8(s, name));
}

const struct cmdlet cmdlets_files[] = {
	{ "Get-Content", get_content, "|raw|wait|" }, { "Set-Content", set_content, NULL }, { "Add-Content", add_content, NULL },
	{ "Out-File", out_file, "|append|noclobber|" }, { "Get-ChildItem", get_child_item, "|recurse|hidden|file|directory|name|" },
	{ "Get-Item", get_item, NULL }, { "Set-Item", set_item, NULL }, { "Test-Path", test_path, "|isvalid|" }, { "Remove-Item", remove_item, "|recurse|" },
	{ "New-Item", new_item, NULL }, { "mkdir", make_folder, NULL }, { "Copy-Item", copy_item, "|recurse|" }, { "Move-Item", move_item, NULL },
	{ "Rename-Item", move_item, NULL }, { "Get-Location", get_location, NULL }, { "Set-Location", set_location, NULL },
	{ "Push-Location", set_location, NULL }, { "Join-Path", join_path, "|resolve|" }, { "Split-Path", split_path, "|leaf|parent|qualifier|noqualifier|" },
	{ "Get-ItemProperty", get_property, NULL }, { "Set-ItemProperty", set_property, NULL }, { "New-ItemProperty", set_property, NULL },
	{ "Remove-ItemProperty", remove_property, NULL }, { NULL, NULL, NULL },
};
