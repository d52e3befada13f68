/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Streams, readers, scanners and writers; what libraries copy them with; files. */
#include "emu/expression/class.h"

#include <errno.h>
#include <string.h>

/* A stream over another, or over bytes or a text. */
METHOD(wrap)
{
	struct bytes text;
	int r;

	if (java_is(&args[0], OBJECT_STREAM)) { /* it reads on where the other stands */
		struct java_object *o;

		if ((r = java_make(run, OBJECT_STREAM, m->type, &o)) < 0)
			return r;
		o->text = bytes_of(args[0].o->text.at + args[0].o->at, args[0].o->text.left - args[0].o->at);
		o->inner = args[0].o->inner;
		*ret = java_object(o);
		return 0;
	}
	if (java_is_open(&args[0]))
		return java_open(run, "stream", ret);
	if (m->variant == 1) { /* of a file */
		if ((r = java_to_text(run, &args[0], &text)) < 0 || (r = java_file_read(run, text, &text)) < 0)
			return r;
	} else if (java_is(&args[0], OBJECT_TEXT)) {
		if ((r = java_file_read(run, args[0].o->text, &text)) < 0)
			return r;
	} else if ((r = java_stream_rest(run, &args[0], &text)) < 0) {
		return r;
	}
	return java_stream_of(run, m->type, text, ret);
}

static void awaited(struct java_run *run, struct java_object *o)
{
	if (java_is(&o->inner, OBJECT_PROCESS))
		java_process_wait(run, o->inner.o);
}

METHOD(read_line)
{
	struct java_object *o = self->o;
	struct bytes rest = bytes_of(o->text.at + o->at, o->text.left - o->at);
	const uint8_t *end;
	size_t len;

	awaited(run, o);
	if (rest.left == 0) {
		*ret = java_null();
		return m->variant == 1 ? java_throw(run, "java.util.NoSuchElementException", "") : 0;
	}
	end = memchr(rest.at, '\n', rest.left);
	len = end != NULL ? (size_t)(end - rest.at) : rest.left;
	o->at += len + (end != NULL);
	*ret = java_string(bytes_of(rest.at, len > 0 && rest.at[len - 1] == '\r' ? len - 1 : len));
	return 0;
}

/* read(), read(array), read(array, from, len) */
METHOD(read)
{
	struct java_object *o = self->o, *to = count > 0 && args[0].kind == JAVA_OBJECT ? args[0].o : NULL;
	int64_t from = count > 2 ? java_to_long(&args[1]) : 0, room = count > 2 ? java_to_long(&args[2]) : to != NULL ? to->count : 0;
	unsigned n = 0;

	awaited(run, o);
	if (to == NULL) {
		*ret = java_int(o->at < o->text.left ? o->text.at[o->at++] : -1);
		return 0;
	}
	if (to->kind != OBJECT_ARRAY || from < 0 || room < 0 || from + room > to->count)
		return java_throw(run, "java.lang.IndexOutOfBoundsException", "");
	if (o->at >= o->text.left) {
		*ret = java_int(-1);
		return 0;
	}
	for (; n < room && o->at < o->text.left; n++) {
		bool bytes = to->of != NULL && strcmp(to->of->name, "byte") == 0;
		size_t width = bytes ? 1 : java_text_at(bytes_of(o->text.at + o->at, o->text.left - o->at), 1);

		to->items[from + n] = bytes ? (struct java_value){ .kind = JAVA_BYTE, .i = (int8_t)o->text.at[o->at] } : java_char(java_text_code(o->text, o->at));
		o->at += width;
	}
	*ret = java_int(n);
	return 0;
}

METHOD(read_all)
{
	struct bytes text;
	struct java_value s;
	int r = java_stream_rest(run, self, &text);

	s = java_string(text);
	if (r == 0 && m->variant == 1)
		return java_method_call(run, &s, NULL, bytes_text("getBytes"), NULL, 0, ret);
	if (r == 0 && m->variant == 2)
		return java_method_call(run, &s, NULL, bytes_text("lines"), NULL, 0, ret);
	*ret = s;
	return r;
}

METHOD(available)
{
	*ret = java_int((int64_t)(self->o->text.left - self->o->at));
	if (m->variant == 1)
		*ret = java_bool(true);
	return 0;
}

METHOD(same)
{
	*ret = self != NULL ? *self : java_null();
	return 0;
}

METHOD(nothing)
{
	return 0;
}

/* A scanner's delimiter: what the text is cut at; \A and \Z take all. */
METHOD(delimiter)
{
	self->o->err = args[0].s;
	*ret = *self;
	return 0;
}

METHOD(scan)
{
	struct java_object *o = self->o;
	struct bytes rest;
	size_t groups[20];
	bool found;
	int r;

	awaited(run, o);
	while (o->err.left == 0 && o->at < o->text.left && strchr(" \t\r\n\f", o->text.at[o->at]) != NULL)
		o->at++;
	rest = bytes_of(o->text.at + o->at, o->text.left - o->at);
	if (m->variant == 1) {
		*ret = java_bool(rest.left > 0);
		return 0;
	}
	if (rest.left == 0)
		return java_throw(run, "java.util.NoSuchElementException", "");
	if ((r = java_regexp_match(run, rest, o->err.left > 0 ? o->err : bytes_text("\\s+"), false, 0, groups, &found)) < 0)
		return r;
	if (found && groups[0] == 0 && groups[1] == 0)
		found = false; /* \A */
	*ret = java_string(bytes_of(rest.at, found ? groups[0] : rest.left));
	o->at += found ? groups[1] : rest.left;
	return 0;
}

/* print, println, write, append of a writer that is no page */
METHOD(print)
{
	struct bytes text = { 0 };
	int r = 0;

	*ret = *self;
	if (count > 0 && java_is_number(&args[0]) && m->variant == 2) {
		uint8_t c = (uint8_t)java_to_long(&args[0]);

		return java_write(run, self->o, bytes_of(&c, 1));
	}
	if (count > 0 && (args[0].kind == JAVA_OBJECT ? r = java_stream_rest(run, &args[0], &text) : (r = java_to_text(run, &args[0], &text))) < 0)
		return r;
	if (count >= 3 && java_is_number(&args[1]) && java_is_number(&args[2])) {
		size_t from = (size_t)java_to_long(&args[1]), len = (size_t)java_to_long(&args[2]);

		text = from <= text.left && len <= text.left - from ? bytes_of(text.at + from, len) : text;
	}
	if ((r = java_write(run, self->o, text)) == 0 && m->variant == 1)
		r = java_write(run, self->o, bytes_text("\n"));
	return r;
}

METHOD(writer_new)
{
	struct java_object *o;
	int r;

	/* over another writer: what is written goes there */
	if (count > 0 && (java_is(&args[0], OBJECT_BUILDER) || java_is(&args[0], OBJECT_PLAIN) || java_is_open(&args[0]))) {
		*ret = args[0];
		return 0;
	}
	if ((r = java_make(run, OBJECT_BUILDER, m->type, &o)) == 0)
		*ret = java_object(o);
	return r;
}

int java_text_as(struct java_run *run, struct bytes text, int variant, struct java_value *ret)
{
	struct java_value s = java_string(text);

	if (variant == 1)
		return java_method_call(run, &s, NULL, bytes_text("getBytes"), NULL, 0, ret);
	if (variant == 2)
		return java_method_call(run, &s, NULL, bytes_text("lines"), NULL, 0, ret);
	*ret = s;
	return 0;
}

/* IOUtils.toString, StreamUtils.copyToString, FileCopyUtils.copyToString: all of a stream */
METHOD(take_all)
{
	struct bytes text;
	int r;

	if (args[0].kind <= JAVA_VOID)
		return java_throw(run, "java.lang.NullPointerException", "");
	if (m->variant == 3) {
		if ((r = java_to_text(run, &args[0], &text)) < 0 || (r = java_file_read(run, text, &text)) < 0)
			return r;
	} else if ((r = java_stream_rest(run, &args[0], &text)) < 0) {
		return r;
	}
	return java_text_as(run, text, m->variant, ret);
}

/* copy(from, to): what from holds is written */
METHOD(copy)
{
	struct java_value from = args[0], to = args[1];
	struct bytes text;
	int r = java_stream_rest(run, &from, &text);

	if (r < 0)
		return r;
	from = java_string(text);
	r = java_method_call(run, &to, NULL, bytes_text("write"), &from, 1, ret);
	*ret = java_int((int64_t)text.left);
	return r;
}

METHOD(stream_of_text)
{
	struct bytes text;
	int r = java_stream_rest(run, &args[0], &text);

	return r < 0 ? r : java_stream_of(run, "java.io.ByteArrayInputStream", text, ret);
}

/* to.write(bytes): Java's InputStream.transferTo */
METHOD(transfer)
{
	struct bytes text;
	struct java_value v, to = args[0];
	int r = java_stream_rest(run, self, &text);

	if (r < 0)
		return r;
	v = java_string(text);
	return java_method_call(run, &to, NULL, bytes_text("write"), &v, 1, ret);
}

static const char in[] = "java.io.InputStream", rd[] = "java.io.Reader", sc[] = "java.util.Scanner", wr[] = "java.io.Writer", io[] = "org.apache.commons.io.IOUtils", su[] = "org.springframework.util.StreamUtils";
static const struct java_method list[] = {
	{ "java.io.InputStreamReader", "new", "a*", METHOD_NEW | METHOD_OPEN, 0, wrap }, { "java.io.BufferedReader", "new", "a*", METHOD_NEW | METHOD_OPEN, 0, wrap }, { "java.io.BufferedInputStream", "new", "a*", METHOD_NEW | METHOD_OPEN, 0, wrap },
	{ "java.io.DataInputStream", "new", "a*", METHOD_NEW | METHOD_OPEN, 0, wrap }, { "java.io.SequenceInputStream", "new", "a*", METHOD_NEW | METHOD_OPEN, 0, wrap }, { "java.io.ByteArrayInputStream", "new", "a", METHOD_NEW, 0, wrap },
	{ "java.io.StringReader", "new", "s", METHOD_NEW, 0, wrap }, { "java.io.FileInputStream", "new", "a", METHOD_NEW, 1, wrap }, { "java.io.FileReader", "new", "a", METHOD_NEW, 1, wrap },
	{ sc, "new", "a*", METHOD_NEW | METHOD_OPEN, 0, wrap }, { sc, "useDelimiter", "s", 0, 0, delimiter }, { sc, "next", "", 0, 0, scan }, { sc, "hasNext", "", 0, 1, scan }, { sc, "nextLine", "", 0, 1, read_line },
	{ sc, "hasNextLine", "", 0, 1, scan }, { rd, "readLine", "", 0, 0, read_line }, { in, "readLine", "", 0, 0, read_line }, { in, "read", "*", METHOD_OPEN, 0, read }, { in, "readAllBytes", "", 0, 1, read_all },
	{ in, "readNBytes", "i", 0, 1, read_all }, { in, "getText", "*", 0, 0, read_all }, { in, "text", "", 0, 0, read_all }, { in, "lines", "", 0, 2, read_all }, { in, "readLines", "", 0, 2, read_all },
	{ in, "eachLine", "a", 0, 2, read_all }, { in, "available", "", 0, 0, available }, { in, "ready", "", 0, 1, available }, { in, "close", "", 0, 0, nothing }, { in, "transferTo", "a", METHOD_OPEN, 0, transfer },
	{ wr, "print", "a*", 0, 0, print }, { wr, "println", "*", 0, 1, print }, { wr, "write", "a*", 0, 2, print }, { wr, "append", "a", 0, 0, print }, { wr, "flush", "", 0, 0, same }, { wr, "close", "", 0, 0, nothing },
	{ wr, "toByteArray", "", 0, 1, read_all }, { wr, "writeTo", "a", METHOD_OPEN, 0, transfer }, { wr, "getBuffer", "", 0, 0, same }, { wr, "newLine", "", 0, 1, print }, { "java.io.StringWriter", "new", "*", METHOD_NEW, 0, writer_new },
	{ "java.io.ByteArrayOutputStream", "new", "*", METHOD_NEW, 0, writer_new }, { "java.io.PrintWriter", "new", "a*", METHOD_NEW | METHOD_OPEN, 0, writer_new }, { "java.io.PrintStream", "new", "a*", METHOD_NEW | METHOD_OPEN, 0, writer_new },
	{ "java.io.BufferedWriter", "new", "a*", METHOD_NEW | METHOD_OPEN, 0, writer_new }, { "java.io.OutputStreamWriter", "new", "a*", METHOD_NEW | METHOD_OPEN, 0, writer_new },
	{ io, "toString", "a*", METHOD_STATIC, 0, take_all }, { io, "toByteArray", "a", METHOD_STATIC, 1, take_all }, { io, "readLines", "a*", METHOD_STATIC, 2, take_all }, { io, "copy", "aa*", METHOD_STATIC | METHOD_OPEN, 0, copy },
	{ io, "write", "aa*", METHOD_STATIC | METHOD_OPEN, 0, copy }, { io, "toInputStream", "a*", METHOD_STATIC, 0, stream_of_text }, { io, "closeQuietly", "*", METHOD_STATIC | METHOD_OPEN, 0, nothing },
	{ su, "copyToString", "a*", METHOD_STATIC, 0, take_all }, { su, "copyToByteArray", "a", METHOD_STATIC, 1, take_all }, { su, "copy", "aa*", METHOD_STATIC | METHOD_OPEN, 0, copy },
};
const struct method_table methods_stream = { list, COUNT_OF(list) };
