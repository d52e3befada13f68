/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What audit messages mean: which call, on which paths, by which program. */
#include "control/iocgen/read/audit_event.h"

#include "control/wire/address.h"

#include <stdio.h>
#include <string.h>

enum call { OTHER, EXEC, OPEN_FLAGS_SECOND, OPEN_FLAGS_THIRD, CREAT, RENAME, CONNECT, TRUNCATE };

/* Numbers of the calls that the messages alone do not explain; architectures as the kernel's linux/audit.h writes them. */
static const struct { const char *name; enum call call; int x86_64, i386, aarch64, arm; } calls[] = {
	{ "execve", EXEC, 59, 11, 221, 11 }, { "execveat", EXEC, 322, 358, 281, 387 },
	{ "open", OPEN_FLAGS_SECOND, 2, 5, -1, 5 }, { "openat", OPEN_FLAGS_THIRD, 257, 295, 56, 322 },
	{ "creat", CREAT, 85, 8, -1, 8 }, { "truncate", TRUNCATE, 76, 92, 45, 92 },
	{ "rename", RENAME, 82, 38, -1, 38 }, { "renameat", RENAME, 264, 302, 38, 329 }, { "renameat2", RENAME, 316, 353, 276, 382 },
	{ "connect", CONNECT, 42, 362, 203, 283 },
};

static const struct { const char *name, *number; } types[] = {
	{ "SYSCALL", "1300" }, { "PATH", "1302" }, { "SOCKADDR", "1306" }, { "CWD", "1307" }, { "EXECVE", "1309" },
};

static int digit_of(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Fields whose unquoted values are hex digits: what people or programs chose. */
static bool is_encoded(struct bytes type, struct bytes name)
{
	static const char *const names[] = { "name", "exe", "cwd", "comm" };

	if (bytes_equal(type, bytes_text("EXECVE")))
		return name.left > 1 && name.at[0] == 'a' && digit_of(name.at[1]) >= 0;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (bytes_equal(name, bytes_text(names[i])))
			return true;
	}
	return false;
}

static struct bytes decoded(struct bytes value, uint8_t *to, size_t size)
{
	size_t len = value.left / 2;

	if (value.left % 2 != 0 || len > size)
		return value;
	for (size_t i = 0; i < len; i++) {
		int high = digit_of(value.at[2 * i]), low = digit_of(value.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return value;
		to[i] = (uint8_t)(high << 4 | low);
	}
	return bytes_of(to, len);
}

/* One word's value: quoted or up to the next blank. */
static struct bytes take_value(struct bytes *rest, bool *ret_quoted)
{
	struct bytes value;
	size_t len = 0;
	uint8_t quote = rest->left > 0 && (*rest->at == '"' || *rest->at == '\'') ? *rest->at : 0;

	*ret_quoted = quote != 0;
	if (quote != 0)
		*rest = bytes_of(rest->at + 1, rest->left - 1);
	while (len < rest->left && (quote != 0 ? rest->at[len] != quote : rest->at[len] > ' '))
		len++;
	value = bytes_of(rest->at, len);
	len += len < rest->left;
	*rest = bytes_of(rest->at + len, rest->left - len);
	return value;
}

/* An argument's parts have names of their own; they are one field each, in their order. */
static void put(struct audit_event *e, struct bytes type, struct bytes name, struct bytes value)
{
	if (bytes_equal(type, bytes_text("EXECVE"))) {
		/* a1_len=… tells of the next ones */
		if (memchr(name.at, '_', name.left) != NULL || digit_of(name.at[1]) < 0)
			return;
		/* a2[1]=… goes on where a2[0]=… ended */
		record_put(&e->fields, bytes_text(name.at[name.left - 1] == ']' && bytes_find(name, bytes_text("[0]")) < 0 ? "arg+" : "arg"), value);
	} else {
		record_put(&e->fields, name, value);
	}
}

void audit_event_add(struct audit_event *e, struct bytes type, struct bytes message)
{
	uint8_t text[ARTEFACT_VALUE_MAX];
	const char *known = NULL;

	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (bytes_equal(type, bytes_text(types[i].name)) || bytes_equal(type, bytes_text(types[i].number)))
			known = types[i].name;
	}
	if (known == NULL)
		return;
	type = bytes_text(known);
	e->ran = e->ran || bytes_equal(type, bytes_text("EXECVE"));
	/* behind the group separator stand the same numbers as names */
	for (struct bytes rest = message; rest.left > 0;) {
		struct bytes name = rest, value;
		size_t len = 0;
		bool quoted;

		while (len < rest.left && rest.at[len] != '=' && rest.at[len] > ' ')
			len++;
		name.left = len;
		rest = bytes_of(rest.at + len + (len < rest.left), rest.left - len - (len < rest.left));
		if (len == 0 || name.at[len] != '=')
			continue;
		value = take_value(&rest, &quoted);
		if (!quoted && bytes_equal(value, bytes_text("(null)")))
			value.left = 0;
		if (!quoted && is_encoded(type, name))
			value = decoded(value, text, sizeof(text));
		put(e, type, name, value);
	}
}

/* By its name, or by its number on the architecture that is named. */
static enum call call_of(const struct record *r)
{
	struct bytes name = record_get(r, "syscall"), arch = record_get(r, "arch");
	uint64_t number;
	int wanted;

	for (size_t i = 0; i < COUNT_OF(calls); i++) {
		if (bytes_equal(name, bytes_text(calls[i].name)))
			return calls[i].call;
	}
	if (!record_number(r, "syscall", &number))
		return OTHER;
	for (size_t i = 0; i < COUNT_OF(calls); i++) {
		wanted = bytes_ends_fold(arch, bytes_text("40000003")) || bytes_equal(arch, bytes_text("i386")) ? calls[i].i386 :
			bytes_ends_fold(arch, bytes_text("c00000b7")) || bytes_equal(arch, bytes_text("aarch64")) ? calls[i].aarch64 :
			bytes_ends_fold(arch, bytes_text("40000028")) || bytes_equal(arch, bytes_text("armeb")) ? calls[i].arm : calls[i].x86_64;
		if (wanted >= 0 && number == (uint64_t)wanted)
			return calls[i].call;
	}
	return OTHER;
}

/* The flags of an open: O_WRONLY or O_RDWR. Arguments are hex digits with nothing before them, or with 0x. */
static bool opens_to_write(const struct record *r, enum call call)
{
	struct bytes flags = record_get(r, call == OPEN_FLAGS_SECOND ? "a1" : "a2");
	int last = flags.left > 0 ? digit_of(flags.at[flags.left - 1]) : 0;

	return last > 0 && (last & 3) != 0;
}

/* A path under the working directory, whole. */
static struct bytes whole(struct bytes name, struct bytes cwd, uint8_t *text, size_t size)
{
	struct sink to = sink_over(text, size);
	struct bytes path;

	if (name.left == 0 || *name.at == '/' || cwd.left == 0)
		return name;
	if (name.left > 2 && name.at[0] == '.' && name.at[1] == '/')
		name = bytes_of(name.at + 2, name.left - 2);
	sink_put(&to, cwd.at, cwd.left);
	if (cwd.at[cwd.left - 1] != '/')
		sink_u8(&to, '/');
	sink_put(&to, name.at, name.left);
	return sink_done(&to, &path) == 0 ? path : name;
}

static enum artefact_action action_of(struct bytes nametype, enum call call, const struct record *r)
{
	if (bytes_equal(nametype, bytes_text("CREATE")))
		return ACTION_CREATE;
	if (bytes_equal(nametype, bytes_text("DELETE")))
		return call == RENAME ? ACTION_RENAME : ACTION_DELETE;
	if (!bytes_equal(nametype, bytes_text("NORMAL")))
		return ACTION_ANY;
	if (call == OPEN_FLAGS_SECOND || call == OPEN_FLAGS_THIRD)
		return opens_to_write(r, call) ? ACTION_WRITE : ACTION_READ;
	return call == CREAT || call == TRUNCATE ? ACTION_WRITE : ACTION_ANY;
}

struct actor {
	struct forest *forest;
	const struct record *record;
	struct bytes host, exe;
	uint64_t pid;
};

static int add(const struct actor *a, enum artefact_kind kind, enum artefact_action action, struct bytes value)
{
	return value.left > 0 ? forest_add(a->forest, a->host, a->pid, a->exe, kind, action, value) : 0;
}

static int add_paths(const struct actor *a, enum call call)
{
	struct bytes cwd = record_get(a->record, "cwd"), name, nametype;
	uint8_t text[2 * ARTEFACT_VALUE_MAX];
	unsigned names = 0, nametypes = 0;
	int e = 0;

	while (e == 0 && (nametype = record_next(a->record, "nametype", &nametypes)).left > 0) {
		enum artefact_action action = action_of(nametype, call, a->record);

		name = record_next(a->record, "name", &names);
		if (action != ACTION_ANY)
			e = add(a, KIND_FILE, action, whole(name, cwd, text, sizeof(text)));
	}
	return e;
}

static int add_command(const struct actor *a)
{
	uint8_t text[ARTEFACT_VALUE_MAX];
	struct sink to = sink_over(text, sizeof(text));
	const struct record *r = a->record;

	for (unsigned i = 0; i < r->count && !to.overflow; i++) {
		const struct field *f = &r->fields[i];
		struct bytes name = bytes_of(r->text + f->name, f->name_len);
		bool goes_on = bytes_equal(name, bytes_text("arg+"));

		if (!goes_on && !bytes_equal(name, bytes_text("arg")))
			continue;
		if (!goes_on && to.used > 0)
			sink_u8(&to, ' ');
		/* a longer line is cut, as every value is */
		sink_put(&to, r->text + f->value, f->len < to.size - to.used ? f->len : to.size - to.used);
	}
	return add(a, KIND_COMMAND, ACTION_CREATE, bytes_of(text, to.used));
}

/* The far end of a connection: struct sockaddr in hex digits, or what a shipper made of it. */
static int add_end(const struct actor *a)
{
	uint8_t raw[128];
	char address[ADDRESS_TEXT], text[ADDRESS_TEXT + 16];
	struct bytes b = decoded(record_get(a->record, "saddr"), raw, sizeof(raw));
	struct address to = { 0 };
	uint64_t port = 0;

	if (b.at == raw && b.left >= 8 && b.at[0] == 2) {
		to.family = 4;
		memcpy(to.raw, b.at + 4, 4);
	} else if (b.at == raw && b.left >= 24 && b.at[0] == 10) {
		to.family = 6;
		memcpy(to.raw, b.at + 8, 16);
	} else if (address_parse_bytes(record_get(a->record, "addr"), &to) < 0) {
		return 0;
	}
	if (b.at == raw && b.left >= 8)
		port = (uint64_t)b.at[2] << 8 | b.at[3];
	else
		(void)record_number(a->record, "port", &port);
	snprintf(text, sizeof(text), to.family == 6 && port != 0 ? "[%s]" : "%s", address_format(&to, address));
	if (port != 0)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), ":%u", (unsigned)port & 0xffff);
	return add(a, KIND_IP, ACTION_CONNECT, bytes_text(text));
}

int audit_event_take(struct audit_event *event, struct forest *forest)
{
	const struct record *r = &event->fields;
	enum call call = call_of(r);
	struct actor a = { .forest = forest, .record = r, .host = record_get(r, "node"), .exe = record_get(r, "exe") };
	uint64_t parent = 0;
	int e = 0;

	/* what failed left nothing; a connection that is still being made has its far end all the same */
	if (bytes_equal(record_get(r, "success"), bytes_text("no")) &&
	    !(call == CONNECT && bytes_equal(record_get(r, "exit"), bytes_text("-115"))))
		return 0;
	(void)record_number(r, "pid", &a.pid);
	(void)record_number(r, "ppid", &parent);
	if (call == EXEC || event->ran) {
		if ((e = forest_born(forest, a.host, a.pid, parent, a.exe)) == 0 && (e = add(&a, KIND_PROCESS, ACTION_CREATE, a.exe)) == 0)
			e = add_command(&a);
	}
	if (e == 0)
		e = add_paths(&a, call);
	if (e == 0 && call == CONNECT)
		e = add_end(&a);
	return e;
}
