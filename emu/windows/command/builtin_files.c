/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of cmd's own about files. Options are as Microsoft's Windows commands reference tells them. */
#include "emu/windows/command/cmd.h"
#include "emu/windows/command/programs.h"
#include "emu/windows/host/web.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum { FOUND_MAX = 1024 };

static void complain(struct cmd *c, int e, const char *name)
{
	cmd_complain(c, e == -ENOENT ? "error.file_not_found" : e == -EEXIST ? "error.file_exists"
	    : e == -ENOTEMPTY ? "error.not_empty" : "error.access_denied", name);
}

/* The words that are no options; those that are, by their letters, into options. */
static unsigned names_of(struct cmd *c, const char *args, char *ret[], unsigned max, char *options, size_t size)
{
	unsigned count = 0;
	char *word;

	options[0] = 0;
	while ((word = word_next(c->host->heap, &args)) != NULL) {
		char *bare = unquoted(c->host->heap, word);

		if (word[0] == '/') {
			if (strlen(options) + strlen(word) < size - 1)
				strcat(options, word);
		} else if (count < max) {
			ret[count++] = bare;
		}
	}
	return count;
}

static bool option(const char *options, const char *name)
{
	return strcasestr(options, name) != NULL;
}

/* The whole paths of files that a name, with its stars, stands for. */
static unsigned found(struct cmd *c, const char *name, bool folders, char *ret[FOUND_MAX])
{
	char whole[FILE_PATH_MAX], *last;
	struct place p;
	unsigned count = 0;

	if (!file_path(c->cwd, name, whole))
		return 0;
	last = strrchr(whole, '\\');
	if (strpbrk(last + 1, "*?") == NULL) {
		if (file_is_unc(whole)) {
			web_share(c->host, whole);
			(void)record_ask(c->host->world->record, QUESTION_PATH, whole, false);
			return 0;
		}
		if (!file_exists(c->host, whole, &p))
			return 0;
		ret[0] = heap_text(c->host->heap, bytes_text(whole));
		return 1;
	}
	if (file_find(c->host, heap_text(c->host->heap, bytes_of(whole, (size_t)(last + 1 - whole))), &p) && p.node != NULL &&
	    p.node->kind == NODE_DIR)
		for (unsigned i = 0; i < p.node->count && count < FOUND_MAX; i++) {
			const struct entry *e = &p.node->entries[i];

			if ((folders || e->node->kind == NODE_FILE) && file_fits(last + 1, e->name))
				ret[count++] = heap_print(c->host->heap, "%.*s%s", (int)(last + 1 - whole), whole, e->name);
		}
	(void)record_ask(c->host->world->record, QUESTION_PATH, whole, count != 0);
	return count;
}

static int32_t type(struct cmd *c, const char *args)
{
	char *names[64], *files[FOUND_MAX], options[64];
	unsigned count = names_of(c, args, names, COUNT_OF(names), options, sizeof(options));
	int32_t result = count != 0 ? 0 : 1;
	struct place p;

	if (count == 0)
		cmd_complain(c, "error.syntax", NULL);
	for (unsigned i = 0; i < count && host_step(c->host); i++) {
		unsigned n = found(c, names[i], false, files);

		if (n == 0) {
			cmd_complain(c, "error.file_not_found", names[i]);
			result = 1;
		}
		for (unsigned k = 0; k < n && host_step(c->host); k++) {
			struct bytes text;
			int e = file_read(c->host, files[k], &text);

			if (e == 0 && (count > 1 || n > 1))
				handle_text(c->host, c->standard.err, heap_print(c->host->heap, "\r\n%s\r\n\r\n\r\n", files[k]));
			if (e == 0)
				handle_write(c->host, c->standard.out, text);
			if (e == 0 && file_find(c->host, files[k], &p) && file_is_foreign(c->host, p.node))
				c->standard.out->foreign = true;
			else if (e == -EISDIR)
				complain(c, e, names[i]);
			result |= e < 0;
		}
	}
	return result;
}

static int32_t change_folder(struct cmd *c, const char *args)
{
	char *text = unquoted(c->host->heap, args + strspn(args, " \t,;=")), whole[FILE_PATH_MAX];
	size_t len = strlen(text);
	bool drive = strncasecmp(text, "/d", 2) == 0 && (text[2] == ' ' || text[2] == '\t');
	struct place p;

	if (drive)
		text += 2 + strspn(text + 2, " \t");
	for (len = strlen(text); len != 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'); len--)
		text[len - 1] = 0;
	if (*text == 0 || (len == 2 && text[1] == ':')) {
		handle_text(c->host, c->standard.out, heap_print(c->host->heap, "%s\r\n", c->cwd));
		return 0;
	}
	if (!file_path(c->cwd, text, whole) || file_is_unc(whole)) {
		cmd_complain(c, "error.path_not_found", text);
		return 1;
	}
	if (!file_exists(c->host, whole, &p)) {
		cmd_complain(c, "error.path_not_found", text);
		return 1;
	}
	if (p.node != NULL && p.node->kind != NODE_DIR) {
		cmd_complain(c, "error.directory_name", text);
		return 1;
	}
	/* another drive's folder is only remembered there, without /d */
	if (!drive && (whole[0] | 0x20) != (c->cwd[0] | 0x20))
		return 0;
	file_written(c->host, whole, c->cwd);
	return 0;
}

static int32_t push_folder(struct cmd *c, const char *args)
{
	char *kept = heap_text(c->host->heap, bytes_text(c->cwd));
	int32_t result;

	if (args[strspn(args, " \t")] == 0) {
		for (unsigned i = c->pushed_count; i > 0; i--)
			handle_text(c->host, c->standard.out, heap_print(c->host->heap, "%s\r\n", c->pushed[i - 1]));
		return 0;
	}
	result = change_folder(c, heap_print(c->host->heap, " /d %s", args + strspn(args, " \t")));
	if (result == 0 && c->pushed_count < SETLOCAL_MAX)
		c->pushed[c->pushed_count++] = kept;
	return result;
}

static int32_t pop_folder(struct cmd *c, const char *args)
{
	if (c->pushed_count != 0)
		strcpy(c->cwd, c->pushed[--c->pushed_count]);
	return 0;
}

static int32_t make_folder(struct cmd *c, const char *args)
{
	char *names[64], options[64], whole[FILE_PATH_MAX];
	unsigned count = names_of(c, args, names, COUNT_OF(names), options, sizeof(options));
	int32_t result = 0;

	for (unsigned i = 0; i < count; i++) {
		int e = file_path(c->cwd, names[i], whole) && !file_is_unc(whole) ? file_make_folder(c->host, whole) : -ENOENT;

		if (e < 0) {
			cmd_complain(c, e == -EEXIST ? "error.folder_exists" : "error.path_not_found", names[i]);
			result = 1;
		}
	}
	return result;
}

/* A folder with all in it; the files of it first, so that a list that grows is enough. */
static int delete_below(struct cmd *c, const char *path, bool itself)
{
	char **list = heap_take(c->host->heap, FOUND_MAX * sizeof(*list));
	unsigned count = 1;
	struct place p;
	int e = 0;

	list[0] = heap_text(c->host->heap, bytes_text(path));
	for (unsigned i = 0; i < count && host_step(c->host); i++) {
		if (!file_find(c->host, list[i], &p) || p.node == NULL)
			return -ENOENT;
		for (unsigned k = 0; p.node->kind == NODE_DIR && k < p.node->count; k++) {
			if (count == FOUND_MAX) {
				host_stop(c->host, STOPPED_FILES);
				return -EDQUOT;
			}
			list[count++] = heap_print(c->host->heap, "%s\\%s", list[i], p.node->entries[k].name);
		}
	}
	while (count > (itself ? 0 : 1) && e == 0 && host_step(c->host))
		e = file_delete(c->host, list[--count]);
	return e;
}

static int32_t remove_folder(struct cmd *c, const char *args)
{
	char *names[64], options[64], whole[FILE_PATH_MAX];
	unsigned count = names_of(c, args, names, COUNT_OF(names), options, sizeof(options));
	int32_t result = 0;
	struct place p;

	for (unsigned i = 0; i < count; i++) {
		int e = -ENOENT;

		if (file_path(c->cwd, names[i], whole) && file_exists(c->host, whole, &p) && p.node != NULL)
			e = p.node->kind != NODE_DIR ? -EACCES : option(options, "/s") ? delete_below(c, whole, true)
			    : file_delete(c->host, whole);
		if (e < 0) {
			complain(c, e, names[i]);
			result = 1;
		}
	}
	return result;
}

static int32_t erase(struct cmd *c, const char *args)
{
	char *names[64], *files[FOUND_MAX], options[64];
	unsigned count = names_of(c, args, names, COUNT_OF(names), options, sizeof(options));
	struct place p;

	if (count == 0)
		cmd_complain(c, "error.syntax", NULL);
	for (unsigned i = 0; i < count; i++) {
		unsigned n = found(c, names[i], false, files);

		if (n == 0 && strpbrk(names[i], "*?") == NULL)
			cmd_say(c, "del.not_found", names[i]);
		for (unsigned k = 0; k < n && host_step(c->host); k++) {
			if (file_find(c->host, files[k], &p) && p.node != NULL && p.node->kind == NODE_DIR)
				(void)!delete_below(c, files[k], false);
			else
				(void)!file_delete(c->host, files[k]);
		}
	}
	return count == 0;
}

/* Where a copy of a file goes: into a folder under its own name, else to that name. */
static bool target_of(struct cmd *c, const char *from, const char *to, char ret[FILE_PATH_MAX])
{
	struct place p;

	if (!file_path(c->cwd, to, ret))
		return false;
	if (file_is_unc(ret))
		web_share(c->host, ret);
	if (file_find(c->host, ret, &p) && p.node != NULL && p.node->kind == NODE_DIR) {
		char *whole = heap_print(c->host->heap, "%s\\%s", ret, strrchr(from, '\\') + 1);

		return file_path(c->cwd, whole, ret);
	}
	return true;
}

static int copy_one(struct cmd *c, const char *from, const char *to, struct text *joined)
{
	char target[FILE_PATH_MAX];
	struct bytes text;
	struct place p;
	bool foreign;
	int e = file_read(c->host, from, &text);

	if (e < 0 && e != -EACCES)
		return e;
	if (!target_of(c, from, to, target) || same_name(target, from))
		return -EEXIST;
	foreign = file_find(c->host, from, &p) && p.node != NULL && file_is_foreign(c->host, p.node);
	/* a program whose bytes are not kept is still there under its new name */
	if (e == -EACCES)
		text = (struct bytes){ 0 };
	text_add(joined, text);
	if ((e = file_put(c->host, target, text_bytes(joined))) == 0 && foreign && file_find(c->host, target, &p))
		file_mark_foreign(c->host, p.node);
	if (e == 0 && text.left == 0 && file_find(c->host, target, &p) && p.node != NULL)
		p.node->packaged = true;
	return e;
}

static int32_t copy(struct cmd *c, const char *args)
{
	struct text joined = text_in(c->host->heap);
	char *names[64], *files[FOUND_MAX], options[64];
	unsigned count = names_of(c, args, names, COUNT_OF(names), options, sizeof(options)), copied = 0;
	const char *to = count > 1 ? names[count - 1] : ".";
	char *sources = count != 0 ? names[0] : NULL;
	bool plus = count > 1 && strchr(args, '+') != NULL;

	/* copy a+b c, and copy a + b c: all into one */
	for (char *next; sources != NULL && host_step(c->host); sources = next) {
		unsigned n;

		next = strchr(sources, '+');
		if (next != NULL)
			*next++ = 0;
		n = found(c, sources, false, files);
		if (n == 0 && *sources != 0) {
			cmd_complain(c, "error.file_not_found", sources);
			return 1;
		}
		for (unsigned k = 0; k < n && host_step(c->host); k++) {
			int e;

			if (!plus)
				joined = text_in(c->host->heap);
			if ((e = copy_one(c, files[k], to, &joined)) < 0) {
				complain(c, e, names[0]);
				return 1;
			}
			copied++;
		}
	}
	cmd_say(c, "copy.done", heap_print(c->host->heap, "%u", plus && copied != 0 ? 1 : copied));
	return copied == 0;
}

static int32_t move(struct cmd *c, const char *args)
{
	char *names[64], *files[FOUND_MAX], options[64], target[FILE_PATH_MAX];
	unsigned count = names_of(c, args, names, COUNT_OF(names), options, sizeof(options)), moved = 0;
	unsigned n = count != 0 ? found(c, names[0], true, files) : 0;

	if (n == 0) {
		cmd_complain(c, "error.file_not_found", count != 0 ? names[0] : "");
		return 1;
	}
	for (unsigned k = 0; k < n && host_step(c->host); k++) {
		int e = target_of(c, files[k], count > 1 ? names[1] : ".", target) ? file_rename(c->host, files[k], target) : -ENOENT;

		if (e < 0) {
			complain(c, e, names[0]);
			return 1;
		}
		moved++;
	}
	cmd_say(c, "move.done", heap_print(c->host->heap, "%u", moved));
	return 0;
}

static int32_t rename_file(struct cmd *c, const char *args)
{
	char *names[64], options[64], from[FILE_PATH_MAX], to[FILE_PATH_MAX];
	unsigned count = names_of(c, args, names, COUNT_OF(names), options, sizeof(options));
	int e = -EINVAL;

	if (count == 2 && file_path(c->cwd, names[0], from)) {
		char *dir = heap_text(c->host->heap, bytes_of(from, (size_t)(strrchr(from, '\\') + 1 - from)));

		if (file_path(dir, names[1], to))
			e = file_rename(c->host, from, to);
	}
	if (e == -EINVAL)
		cmd_complain(c, "error.syntax", NULL);
	else if (e < 0)
		complain(c, e, count != 0 ? names[0] : "");
	return e < 0;
}

static int32_t make_link(struct cmd *c, const char *args)
{
	host_unknown(c->host, "cmd: mklink");
	return 0;
}

static const struct builtin files_own[] = {
	{ "type", type }, { "cd", change_folder }, { "chdir", change_folder }, { "pushd", push_folder }, { "popd", pop_folder },
	{ "md", make_folder }, { "mkdir", make_folder }, { "rd", remove_folder }, { "rmdir", remove_folder }, { "del", erase },
	{ "erase", erase }, { "copy", copy }, { "move", move }, { "ren", rename_file }, { "rename", rename_file },
	{ "dir", builtin_dir }, { "mklink", make_link },
};

const struct builtin *builtin_file_find(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT_OF(files_own); i++)
		if (strlen(files_own[i].name) == len && strncasecmp(files_own[i].name, name, len) == 0)
			return &files_own[i];
	return NULL;
}
