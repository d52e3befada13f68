/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Streams: memory, files as bytes, gzip and deflate, readers and writers, and TCP connections to personas. */
#include "emu/windows/powershell/session.h"
#include "emu/windows/host/web.h"
#include "emu/world/network.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

enum { INFLATED_MAX = 2 << 20, SOME = 4096, QUIET_TURNS = 3 };

struct channel {
	struct text bytes;       /* of memory: all of it */
	size_t at;
	bool foreign;
	struct peer *peer;       /* NULL: memory */
	struct channel *under;    /* of a reader or writer */
	const char *encoding;
	bool inflates;
};

static const struct class class_stream;

struct value stream_over(struct session *s, struct bytes b, bool foreign)
{
	struct channel *t = heap_take(s->host->heap, sizeof(*t));

	t->bytes = text_in(s->host->heap);
	text_add(&t->bytes, b);
	t->foreign = foreign;
	t->encoding = "utf8";
	return v_object(s->host->heap, &class_stream, t);
}

/* What its far end sends; nobody sends more once all is quiet. */
static int64_t receive(struct session *s, struct channel *t, uint8_t *to, size_t size)
{
	for (int turn = 0; turn < QUIET_TURNS; turn++) {
		int64_t n = peer_receive(t->peer, to, size, false, NULL, NULL);

		if (n != -EAGAIN)
			return n < 0 ? 0 : n;
		if (!network_quiet(s->host->world->network))
			break;
	}
	return 0;
}

static void read_all(struct session *s, struct channel *t)
{
	uint8_t some[SOME];
	int64_t n;

	while (t->peer != NULL && host_step(s->host) && (n = receive(s, t, some, sizeof(some))) > 0) {
		text_add(&t->bytes, bytes_of(some, (size_t)n));
		t->foreign = true;
	}
}

bool stream_rest(struct session *s, const struct value *v, struct bytes *ret, bool *foreign)
{
	struct channel *t;

	if (v->kind != V_OBJECT || v->object->class != &class_stream)
		return false;
	t = v->object->state;
	while (t->under != NULL)
		t = t->under;
	read_all(s, t);
	*ret = bytes_of(t->bytes.at + t->at, t->bytes.len - t->at);
	*foreign = t->foreign;
	t->at = t->bytes.len;
	return true;
}

static void write_to(struct session *s, struct channel *t, struct bytes b)
{
	while (t->under != NULL)
		t = t->under;
	if (t->peer != NULL)
		(void)!peer_send(t->peer, NULL, 0, b);
	else
		text_add(&t->bytes, b);
}

/* gzip, zlib or bare deflate, bounded. False: not that. */
static bool inflated(struct session *s, struct bytes b, bool gzip, struct text *ret)
{
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)b.at, .avail_in = (unsigned)b.left };
	uint8_t some[SOME];
	int r = inflateInit2(&z, gzip ? 15 + 16 : -15);

	while (r == Z_OK && host_step(s->host)) {
		z.next_out = some;
		z.avail_out = sizeof(some);
		r = inflate(&z, Z_NO_FLUSH);
		text_add(ret, bytes_of(some, sizeof(some) - z.avail_out));
		if (ret->len > INFLATED_MAX) {
			host_stop(s->host, STOPPED_MEMORY);
			break;
		}
		if (r == Z_OK && z.avail_in == 0 && z.avail_out != 0)
			break;
	}
	inflateEnd(&z);
	return r == Z_STREAM_END || (r == Z_BUF_ERROR && ret->len != 0) || r == Z_OK;
}

/* Read(buffer, offset, count): into a byte array. */
static struct value read_into(struct session *s, struct channel *t, const struct list *args)
{
	struct list *to = args->at[0].kind == V_LIST ? args->at[0].list : NULL;
	int64_t from = value_int(s, &args->at[1]), count = value_int(s, &args->at[2]), n = 0;
	uint8_t some[SOME];

	if (to == NULL || from < 0 || count < 0 || from + count > to->count) {
		session_throw(s, "powershell.range", NULL);
		return v_null();
	}
	if (t->peer != NULL && t->at == t->bytes.len) {
		n = receive(s, t, some, (size_t)count < sizeof(some) ? (size_t)count : sizeof(some));
		for (int64_t i = 0; i < n; i++)
			to->at[from + i] = v_number(V_BYTE, some[i]);
		to->foreign |= n > 0;
		return v_int(n);
	}
	while (n < count && t->at < t->bytes.len) {
		to->at[from + n] = v_number(V_BYTE, (uint8_t)t->bytes.at[t->at++]);
		n++;
	}
	to->foreign |= t->foreign;
	return v_int(n);
}

static struct value text_of(struct session *s, struct channel *t, struct bytes b, bool foreign)
{
	struct string *text = encoding_decode(s, t->encoding, b);

	text->foreign = foreign;
	return v_string(text);
}

static struct value line_of(struct session *s, struct channel *t, struct channel *from)
{
	struct handle lines = { .left = bytes_of(from->bytes.at + from->at, from->bytes.len - from->at) };
	struct bytes line;

	read_all(s, from);
	lines.left = bytes_of(from->bytes.at + from->at, from->bytes.len - from->at);
	if (!handle_line(&lines, &line))
		return v_null();
	from->at = from->bytes.len - lines.left.left;
	return text_of(s, t, line, from->foreign);
}

static bool stream_write(struct session *s, struct channel *t, const char *name, const struct list *args)
{
	bool line = strcmp(name, "writeline") == 0;

	if (args->count == 3 && args->at[0].kind == V_LIST) {
		struct bytes b = value_bytes(s, &args->at[0]);
		int64_t from = value_int(s, &args->at[1]), count = value_int(s, &args->at[2]);

		if (from < 0 || count < 0 || from + count > (int64_t)b.left)
			session_throw(s, "powershell.range", NULL);
		else
			write_to(s, t, bytes_of(b.at + from, (size_t)count));
		return true;
	}
	if (args->count >= 1)
		write_to(s, t, args->at[0].kind == V_LIST && args->at[0].list->of == V_BYTE ? value_bytes(s, &args->at[0])
		    : encoding_encode(s, t->encoding, value_string(s, &args->at[0])));
	if (line)
		write_to(s, t, bytes_text("\r\n"));
	return true;
}

static bool stream_call(struct session *s, struct object *o, const char *name, const struct list *args, struct value *ret)
{
	struct channel *t = o->state, *from = t;
	struct value self = { V_OBJECT, { .object = o } };
	struct bytes b;
	bool foreign;

	while (from->under != NULL)
		from = from->under;
	*ret = v_null();
	if (strcmp(name, "read") == 0 && args->count == 3) {
		*ret = read_into(s, from, args);
	} else if (strcmp(name, "readtoend") == 0) {
		if (stream_rest(s, &self, &b, &foreign))
			*ret = text_of(s, t, b, foreign);
	} else if (strcmp(name, "readline") == 0) {
		*ret = line_of(s, t, from);
	} else if (strcmp(name, "readbyte") == 0 || strcmp(name, "peek") == 0 || strcmp(name, "read") == 0) {
		read_all(s, from);
		*ret = v_int(from->at < from->bytes.len ? (uint8_t)from->bytes.at[from->at] : -1);
		from->at += *name == 'r' && from->at < from->bytes.len;
	} else if (strcmp(name, "write") == 0 || strcmp(name, "writeline") == 0) {
		return stream_write(s, t, name, args);
	} else if (strcmp(name, "toarray") == 0 || strcmp(name, "getbuffer") == 0) {
		*ret = v_bytes(s->host->heap, text_bytes(&from->bytes));
		ret->list->foreign = from->foreign;
	} else if (strcmp(name, "copyto") == 0 && args->count == 1 && args->at[0].kind == V_OBJECT && args->at[0].object->class == &class_stream) {
		struct channel *to = args->at[0].object->state;

		if (stream_rest(s, &self, &b, &foreign)) {
			write_to(s, to, b);
			to->foreign |= foreign;
		}
	} else if (strcmp(name, "seek") == 0 && args->count >= 1) {
		int64_t at = value_int(s, &args->at[0]);

		from->at = at < 0 ? 0 : (size_t)at < from->bytes.len ? (size_t)at : from->bytes.len;
	} else if (strcmp(name, "getstream") == 0) {
		*ret = self;
	} else if (strcmp(name, "connect") != 0 && strcmp(name, "flush") != 0 && strcmp(name, "close") != 0 && strcmp(name, "dispose") != 0 &&
	    strcmp(name, "authenticateasclient") != 0 && strcmp(name, "shutdown") != 0 && strcmp(name, "setlength") != 0) {
		return false;
	}
	if (strcmp(name, "connect") == 0 && args->count >= 2) {
		from->peer = web_connect(s->host, value_utf8(s, &args->at[0]), (uint16_t)value_int(s, &args->at[1]));
		if (from->peer == NULL)
			session_throw(s, "powershell.connect", value_utf8(s, &args->at[0]));
	}
	return true;
}

static bool stream_get(struct session *s, struct object *o, const char *name, struct value *ret)
{
	struct channel *t = o->state;

	while (t->under != NULL)
		t = t->under;
	if (strcmp(name, "length") == 0)
		*ret = v_int((int64_t)t->bytes.len);
	else if (strcmp(name, "position") == 0)
		*ret = v_int((int64_t)t->at);
	else if (strcmp(name, "endofstream") == 0) {
		read_all(s, t);
		*ret = v_bool(t->at >= t->bytes.len);
	} else if (strcmp(name, "connected") == 0 || strcmp(name, "canread") == 0 || strcmp(name, "canwrite") == 0)
		*ret = v_bool(t->peer == NULL || peer_readable(t->peer) || network_quiet(s->host->world->network));
	else if (strcmp(name, "dataavailable") == 0 || strcmp(name, "available") == 0)
		*ret = *name == 'd' ? v_bool(t->peer != NULL && peer_waiting(t->peer) != 0) : v_int(t->peer != NULL ? (int64_t)peer_waiting(t->peer) : 0);
	else if (strcmp(name, "client") == 0 || strcmp(name, "basestream") == 0)
		*ret = (struct value){ V_OBJECT, { .object = o } };
	else if (strcmp(name, "autoflush") == 0)
		*ret = v_bool(true);
	else
		return false;
	return true;
}

static bool stream_set(struct session *s, struct object *o, const char *name, const struct value *v)
{
	struct channel *t = o->state;

	if (strcmp(name, "position") != 0)
		return false;
	t->at = value_int(s, v) >= 0 && (size_t)value_int(s, v) <= t->bytes.len ? (size_t)value_int(s, v) : t->bytes.len;
	return true;
}

static const struct class class_stream = { "System.IO.Stream", stream_get, stream_set, stream_call };

static bool over_stream(struct session *s, const char *type, const struct list *args, struct value *ret)
{
	struct channel *under = args->at[0].kind == V_OBJECT && args->at[0].object->class == &class_stream ? args->at[0].object->state : NULL, *t;
	bool gzip = strcmp(type, "io.compression.gzipstream") == 0, deflate = strcmp(type, "io.compression.deflatestream") == 0;
	struct bytes b;
	bool foreign;

	if (args->at[0].kind == V_UNKNOWN) {
		*ret = v_unknown();
		return true;
	}
	if (under == NULL && (strcmp(type, "io.streamreader") == 0 || strcmp(type, "io.streamwriter") == 0)) {
		/* by a path */
		char *path = session_path(s, &args->at[0]);

		if (path == NULL || type[9] != 'r' || file_read(s->host, path, &b) < 0) {
			if (type[9] != 'r')
				session_unsupported(s, "a writer of a file", "");
			else
				session_throw(s, "powershell.file", path != NULL ? path : "");
			return true;
		}
		*ret = stream_over(s, b, false);
		return true;
	}
	if (under == NULL)
		return false;
	if (gzip || deflate) {
		struct text made = text_in(s->host->heap);

		if (args->count > 1 && string_is(value_string(s, &args->at[1]), "compress")) {
			session_unsupported(s, "compression", "");
			return true;
		}
		(void)stream_rest(s, &args->at[0], &b, &foreign);
		if (foreign)
			*ret = v_unknown();
		else if (inflated(s, b, gzip, &made))
			*ret = stream_over(s, text_bytes(&made), false);
		else
			session_throw(s, "powershell.deflate", NULL);
		return true;
	}
	t = heap_take(s->host->heap, sizeof(*t));
	t->under = under;
	t->encoding = args->count > 1 && args->at[1].kind == V_OBJECT && args->at[1].object->class == &class_encoding
	    ? args->at[1].object->state : "utf8";
	*ret = v_object(s->host->heap, &class_stream, t);
	return true;
}

bool stream_new(struct session *s, const char *type, const struct list *args, struct value *ret)
{
	static const struct value nothing;
	struct bytes b = { 0 };
	struct channel *t;

	if (strcmp(type, "io.memorystream") == 0) {
		const struct value *from = args->count != 0 ? &args->at[0] : &nothing;

		if (from->kind == V_UNKNOWN) {
			*ret = *from;
			return true;
		}
		if (args->count != 0 && !value_is_number(from))
			b = value_bytes(s, args->count == 1 && from->kind == V_LIST && from->list->count == 1 ? &from->list->at[0] : from);
		*ret = stream_over(s, b, value_is_foreign(from));
		return true;
	}
	if (strcmp(type, "net.sockets.tcpclient") == 0 || strcmp(type, "net.sockets.socket") == 0) {
		*ret = stream_over(s, b, false);
		if (args->count != 2 || type[12] != 't')
			return true;
		t = ret->object->state;
		t->peer = web_connect(s->host, value_utf8(s, &args->at[0]), (uint16_t)value_int(s, &args->at[1]));
		if (t->peer == NULL)
			session_throw(s, "powershell.connect", value_utf8(s, &args->at[0]));
		return true;
	}
	if (args->count != 0 && strncmp(type, "io.", 3) == 0)
		return over_stream(s, type, args, ret);
	(void)host_unknown(s->host, heap_print(s->host->heap, "powershell: New-Object %.100s", type));
	*ret = v_unknown();
	return true;
}
