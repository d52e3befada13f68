/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The request and the response, the containers around them, and whatever else the victim's application has. */
#include "emu/expression/class.h"
#include "emu/expression/request.h"
#include "emu/expression/evaluate.h"

#include <errno.h>
#include <string.h>

static int plain(struct java_run *run, const char *type, struct java_value *ret)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_PLAIN, type, &o);

	*ret = java_object(o);
	return r;
}

/* What goes to the page: the last argument, a line of its own. variant 0: as it is, 1: with a line end, 2: a header's value */
METHOD(show)
{
	struct bytes text = { 0 };
	struct java_value *v = count > 0 ? &args[m->variant == 2 ? count - 1 : 0] : NULL;
	int r = 0;

	*ret = java_null();
	if (v != NULL && v->kind == JAVA_OBJECT && (v->o->kind == OBJECT_STREAM || v->o->kind == OBJECT_ARRAY || v->o->kind == OBJECT_BUILDER))
		r = java_stream_rest(run, v, &text);
	else if (v != NULL && java_is_number(v) && m->variant == 3)
		return 0;
	else if (v != NULL && (r = java_to_text(run, v, &text)) < 0)
		return r;
	if (r < 0)
		return r;
	if (count >= 3 && m->variant == 3 && java_is_number(&args[1]) && java_is_number(&args[2])) {
		size_t from = (size_t)java_to_long(&args[1]), len = (size_t)java_to_long(&args[2]);

		text = from <= text.left && len <= text.left - from ? bytes_of(text.at + from, len) : text;
	}
	run->written = true;
	if (m->variant == 2 && run->page->text.left > 0 && (r = java_write(run, run->page, bytes_text("\n"))) < 0)
		return r;
	if ((r = java_write(run, run->page, text)) == 0 && m->variant != 0 && m->variant != 3)
		r = java_write(run, run->page, bytes_text("\n"));
	return r;
}

METHOD(itself)
{
	*ret = self != NULL ? *self : java_null();
	return 0;
}

METHOD(response)
{
	return plain(run, "konseki.Response", ret);
}

METHOD(request)
{
	return plain(run, "konseki.Request", ret);
}

METHOD(victims)
{
	return java_open(run, m->name, ret);
}

METHOD(nothing)
{
	return 0;
}

METHOD(parameter)
{
	if (args[0].kind != JAVA_STRING || !java_request_parameter(run, args[0].s, &ret->s)) {
		*ret = java_null();
		return 0;
	}
	ret->kind = JAVA_STRING;
	return 0;
}

METHOD(header)
{
	if (args[0].kind != JAVA_STRING || !java_request_header(run, args[0].s, &ret->s)) {
		*ret = java_null();
		return 0;
	}
	ret->kind = JAVA_STRING;
	return 0;
}

METHOD(parameter_map)
{
	return java_request_parameters(run, ret);
}

/* A thing kept under a name: the containers of a web application hold its request and response under their classes. */
METHOD(kept)
{
	if (args[0].kind == JAVA_STRING && bytes_ends(args[0].s, bytes_text("HttpServletResponse")))
		return plain(run, "konseki.Response", ret);
	if (args[0].kind == JAVA_STRING && bytes_ends(args[0].s, bytes_text("HttpServletRequest")))
		return plain(run, "konseki.Request", ret);
	return java_open(run, "kept", ret);
}

/* A factory's newInstance(name), and getInstance(class): an object of a class we know is just that. */
METHOD(instance)
{
	const struct java_class *c = NULL;

	if (args[0].kind == JAVA_STRING)
		c = class_find(run, args[0].s);
	else if (java_is(&args[0], OBJECT_CLASS) && class_is_known(args[0].o->of))
		c = args[0].o->of;
	if (c == NULL)
		return java_open(run, "instance", ret);
	return java_method_new(run, c, args, 0, ret);
}

METHOD(class_of_name)
{
	return java_class_value(run, class_named(run, args[0].s), ret);
}

METHOD(put)
{
	(void)self;
	return 0;
}

METHOD(define)
{
	return java_refuse(run, "bytecode", (struct bytes){ 0 });
}

static const char resp[] = "konseki.Response", req[] = "konseki.Request", ctx[] = "konseki.Context", sac[] = "org.apache.struts2.ServletActionContext", fun[] = "konseki.Functions";
static const struct java_method list[] = {
	{ resp, "getWriter", "", 0, 0, itself }, { resp, "getOutputStream", "", 0, 0, itself }, { resp, "getOut", "", 0, 0, itself }, { resp, "getServletOutputStream", "", 0, 0, itself }, { resp, "print", "a", 0, 0, show }, { resp, "println", "*", 0, 1, show },
	{ resp, "write", "a*", 0, 3, show }, { resp, "append", "a", 0, 0, show }, { resp, "setHeader", "aa", 0, 2, show }, { resp, "addHeader", "aa", 0, 2, show }, { resp, "sendError", "a*", 0, 2, show },
	{ resp, "sendRedirect", "a", 0, 2, show }, { resp, "flush", "", 0, 0, nothing }, { resp, "close", "", 0, 0, nothing }, { resp, "flushBuffer", "", 0, 0, nothing }, { resp, "setContentType", "a", 0, 0, nothing },
	{ resp, "setCharacterEncoding", "a", 0, 0, nothing }, { resp, "setStatus", "a", 0, 0, nothing }, { resp, "reset", "", 0, 0, nothing }, { resp, "resetBuffer", "", 0, 0, nothing }, { resp, "setContentLength", "a", 0, 0, nothing },
	{ resp, "getResponse", "", 0, 0, itself }, { resp, "writeStream", "a", METHOD_OPEN, 0, show }, { resp, "addCookie", "a", METHOD_OPEN, 0, nothing }, { resp, "getHeader", "a", 0, 0, victims },
	{ req, "getParameter", "a", 0, 0, parameter }, { req, "getHeader", "a", 0, 0, header }, { req, "getParameterMap", "", 0, 0, parameter_map }, { req, "getAttribute", "a", 0, 0, kept }, { req, "get", "a", 0, 0, kept },
	{ req, "getSession", "*", 0, 0, victims }, { req, "getServletContext", "", 0, 0, victims }, { req, "getMethod", "", 0, 0, victims }, { req, "getRequestURI", "", 0, 0, victims }, { req, "getResponse", "", 0, 0, response },
	{ req, "getRequest", "", 0, 0, itself }, { req, "getRemoteAddr", "", 0, 0, victims }, { req, "setAttribute", "aa", METHOD_OPEN, 0, nothing }, { req, "getInputStream", "", 0, 0, victims }, { req, "getReader", "", 0, 0, victims },
	{ req, "getRealPath", "a", 0, 0, victims }, { req, "getQueryString", "", 0, 0, victims }, { req, "getContextPath", "", 0, 0, victims }, { req, "getServerName", "", 0, 0, victims },
	{ sac, "getResponse", "", METHOD_STATIC, 0, response }, { sac, "getRequest", "", METHOD_STATIC, 0, request }, { sac, "getServletContext", "", METHOD_STATIC, 0, victims },
	{ "org.springframework.web.context.request.RequestContextHolder", "currentRequestAttributes", "", METHOD_STATIC, 0, victims },
	{ "org.springframework.web.context.request.RequestContextHolder", "getRequestAttributes", "", METHOD_STATIC, 0, victims },
	/* of anything: what is called so is that */
	{ ctx, "getResponse", "", METHOD_OPEN, 0, response }, { ctx, "getRequest", "", METHOD_OPEN, 0, request }, { ctx, "getWriter", "", METHOD_OPEN, 0, response }, { ctx, "getOutputStream", "", METHOD_OPEN, 0, victims },
	{ ctx, "getExternalContext", "", METHOD_OPEN, 0, victims }, { ctx, "getServletOutputStream", "", METHOD_OPEN, 0, response }, { ctx, "get", "a", METHOD_OPEN, 0, kept }, { ctx, "getAttribute", "a*", METHOD_OPEN, 0, kept }, { ctx, "put", "aa", METHOD_OPEN, 0, put },
	{ ctx, "clear", "", METHOD_OPEN, 0, nothing }, { ctx, "remove", "*", METHOD_OPEN, 0, nothing }, { ctx, "newInstance", "a", METHOD_OPEN, 0, instance }, { ctx, "getInstance", "a", METHOD_OPEN, 0, instance }, { ctx, "createBean", "a", METHOD_OPEN, 0, instance },
	{ ctx, "loadClass", "s", METHOD_OPEN, 0, class_of_name }, { ctx, "forName", "s", METHOD_OPEN, 0, class_of_name }, { ctx, "size", "", METHOD_OPEN, 0, victims }, { ctx, "values", "", METHOD_OPEN, 0, victims }, { ctx, "isEmpty", "", METHOD_OPEN, 0, victims },
	{ ctx, "getParameter", "a", METHOD_OPEN, 0, parameter }, { ctx, "defineClass", "*", METHOD_OPEN, 0, define }, { ctx, "println", "*", 0, 1, show }, { ctx, "print", "a", 0, 0, show }, { ctx, "setHeader", "aa", 0, 2, show },
	{ ctx, "addHeader", "aa", 0, 2, show }, { ctx, "addResponseHeader", "aa", 0, 2, show },
	/* what scripts may call without an object */
	{ fun, "println", "*", METHOD_STATIC, 1, show }, { fun, "print", "a", METHOD_STATIC, 0, show }, { fun, "echo", "a", METHOD_STATIC, 1, show }, { fun, "printf", "a*", METHOD_STATIC, 0, show },
};
const struct method_table methods_web = { list, COUNT_OF(list) };
