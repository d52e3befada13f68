/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The things that Jinja2 and Flask hand to every template, by their documentation and their modules' imports. */
#include "emu/template/python_object.h"

#include <errno.h>
#include <string.h>

static const char jinja_utils[] = " enum json os re abc markupsafe ", jinja_runtime[] = " functools sys abc ";
static const char flask_helpers[] = " os pkgutil socket sys datetime werkzeug ", flask_config[] = " errno json os types ";
static const char flask_app[] = " functools inspect json logging os sys weakref click cli ";
static const char werkzeug_request[] = " functools json typing ";

static const struct thing things[] = {
	{ "cycler", "Cycler", "jinja2.utils", "<class 'jinja2.utils.Cycler'>", false, true, jinja_utils, " next reset " },
	{ "joiner", "Joiner", "jinja2.utils", "<class 'jinja2.utils.Joiner'>", false, true, jinja_utils, " " },
	{ "namespace", "Namespace", "jinja2.utils", "<class 'jinja2.utils.Namespace'>", false, true, jinja_utils, " " },
	{ "lipsum", "function", "jinja2.utils", "<function generate_lorem_ipsum at 0x@>", true, false, jinja_utils, " " },
	{ "self", "TemplateReference", "jinja2.runtime", "<TemplateReference None>", false, false, jinja_runtime, " " },
	{ "request", "Request", "werkzeug.wrappers.request", "<Request 'http://~' [GET]>", false, false, werkzeug_request,
	  " application close from_values get_data get_json make_form_data_parser on_json_loading_failed _load_form_data _get_file_stream _parse_content_type " },
	{ "session", "SecureCookieSession", "flask.sessions", "<SecureCookieSession {}>", false, false, " hashlib warnings ", " get setdefault pop update items keys values on_update " },
	{ "g", "_AppCtxGlobals", "flask.ctx", "<flask.g of '~'>", false, false, " contextvars sys ", " get pop setdefault " },
	{ "config", "Config", "flask.config", "<Config ~>", false, false, flask_config,
	  " from_envvar from_prefixed_env from_pyfile from_object from_file from_mapping get_namespace " },
	{ "url_for", "method", "flask.app", "<bound method Flask.url_for of <Flask '~'>>", true, false, flask_app, " " },
	{ "get_flashed_messages", "function", "flask.helpers", "<function get_flashed_messages at 0x@>", true, false, flask_helpers, " " },
	{ NULL, "Undefined", "jinja2.runtime", "Undefined", false, false, jinja_runtime, " " },
	{ NULL, "Context", "jinja2.runtime", "<Context ~ of None>", false, false, jinja_runtime, " resolve get_all get_exported call derived " },
	{ NULL, "Flask", "flask.app", "<Flask '~'>", false, false, flask_app, " run route url_for " },
};

enum { THING_UNDEFINED = 11, THING_CONTEXT = 12, THING_APP = 13, THING_CONFIG = 8, THING_REQUEST = 5 };

bool word_in(const char *words, struct bytes word)
{
	const char *at = words;

	for (; word.left > 0 && (at = strchr(at, ' ')) != NULL; at++) {
		if (strncmp(at + 1, (const char *)word.at, word.left) == 0 && at[1 + word.left] == ' ')
			return true;
	}
	return false;
}

const struct thing *thing_named(struct bytes name)
{
	for (unsigned i = 0; i < COUNT_OF(things); i++) {
		if (things[i].name != NULL && bytes_equal(name, bytes_text(things[i].name)))
			return &things[i];
	}
	return NULL;
}

const struct thing *thing_of_undefined(void)
{
	return &things[THING_UNDEFINED];
}

/* Another word for each victim. */
static struct bytes word_of(struct render *r, unsigned salt)
{
	uint64_t h = (r->host->seed + 1) * 0x9e3779b97f4a7c15u + salt * 0xff51afd7ed558ccdu;
	uint8_t text[16];
	unsigned len = 5 + h % 7;

	for (unsigned i = 0; i < len; i++, h = h * 6364136223846793005u + 1442695040888963407u)
		text[i] = (uint8_t)('a' + (h >> 33) % 26);
	return arena_copy(r->arena, bytes_of(text, len), len);
}

struct bytes thing_text(struct render *r, const struct thing *t)
{
	const char *mark = strpbrk(t->text, "@~");
	uint64_t h = (r->host->seed + 3) * 0x9e3779b97f4a7c15u;
	struct bytes middle;

	if (mark == NULL)
		return bytes_text(t->text);
	r->out->open = true;
	if (t == &things[THING_REQUEST]) /* an address, as long and as full of marks as it likes */
		middle = text_format(r->arena, r->host->seed % 2 ? "%.*s/?x='%%7B \"{}" : "a.b:80/%.*s?<c>=1&d", (int)word_of(r, 2).left, (const char *)word_of(r, 2).at);
	else
		middle = *mark == '@' ? text_format(r->arena, "7f%06x%04x", (unsigned)(h & 0xffffff), (unsigned)(h >> 30 & 0xfff0)) : word_of(r, 1);
	return text_join(r->arena, text_join(r->arena, bytes_of(t->text, (size_t)(mark - t->text)), middle), bytes_text(mark + 1));
}

/* Flask's default settings: releases before 2.3 have more of them, and applications change what they like. */
struct setting {
	const char *name, *value; /* a Python literal; ~: the victim's own */
	bool old;
};

static const struct setting settings[] = {
	{ "ENV", "'production'", true }, { "DEBUG", "False", false }, { "TESTING", "False", false }, { "PROPAGATE_EXCEPTIONS", "None", false },
	{ "SECRET_KEY", "~", false }, { "PERMANENT_SESSION_LIFETIME", "datetime.timedelta(days=31)", false }, { "USE_X_SENDFILE", "False", false },
	{ "SERVER_NAME", "None", false }, { "APPLICATION_ROOT", "'/'", false }, { "SESSION_COOKIE_NAME", "'session'", false },
	{ "SESSION_COOKIE_DOMAIN", "None", false }, { "SESSION_COOKIE_PATH", "None", false }, { "SESSION_COOKIE_HTTPONLY", "True", false },
	{ "SESSION_COOKIE_SECURE", "False", false }, { "SESSION_COOKIE_SAMESITE", "None", false }, { "SESSION_REFRESH_EACH_REQUEST", "True", false },
	{ "MAX_CONTENT_LENGTH", "None", false }, { "SEND_FILE_MAX_AGE_DEFAULT", "None", false }, { "TRAP_BAD_REQUEST_ERRORS", "None", false },
	{ "TRAP_HTTP_EXCEPTIONS", "False", false }, { "EXPLAIN_TEMPLATE_LOADING", "False", false }, { "PREFERRED_URL_SCHEME", "'http'", false },
	{ "JSON_AS_ASCII", "None", true }, { "JSON_SORT_KEYS", "None", true }, { "JSONIFY_PRETTYPRINT_REGULAR", "None", true },
	{ "JSONIFY_MIMETYPE", "None", true }, { "TEMPLATES_AUTO_RELOAD", "None", false }, { "MAX_COOKIE_SIZE", "4093", false },
};

static int value_of(struct render *r, const char *literal, unsigned salt, struct datum *ret)
{
	if (literal[0] == '~')
		*ret = r->host->seed % 3 == 0 ? datum_none() : datum_text(word_of(r, salt));
	else if (literal[0] == '\'')
		*ret = datum_text(bytes_of(literal + 1, strlen(literal) - 2));
	else if (literal[0] == 'N')
		*ret = datum_none();
	else if (literal[0] == 'T' || literal[0] == 'F')
		*ret = datum_bool(literal[0] == 'T');
	else if (literal[0] == '4')
		*ret = datum_int(4093);
	else /* how it prints is all that is known of it */
		return object_put(r, &(struct object){ .kind = OBJECT_PART, .thing = &things[THING_CONFIG], .text = bytes_text(literal) }, ret);
	ret->open = true;
	return 0;
}

static int config_of(struct render *r, struct datum *ret)
{
	bool old = r->host->seed % 2 == 0;
	struct datum value;
	int e = 0;

	*ret = datum_dict(r->arena);
	for (unsigned i = 0; i < COUNT_OF(settings) && e == 0; i++) {
		if (settings[i].old && !old)
			continue;
		if ((e = value_of(r, settings[i].value, i + 10, &value)) == 0)
			e = dict_put(ret->dict, r->arena, datum_words(settings[i].name), value);
	}
	ret->open = true;
	return e == 0 && ret->dict == NULL ? -ENOMEM : e;
}

static int put_thing(struct render *r, const struct thing *t, struct datum *ret)
{
	struct object o = { .kind = OBJECT_THING, .thing = t, .payload = datum_none() };
	int e = t == &things[THING_CONFIG] ? config_of(r, &o.payload) : 0;

	if (e == 0)
		e = object_put(r, &o, ret);
	ret->open = t->module[0] == 'f' || t->module[0] == 'w';
	return e;
}

int thing_value(struct render *r, struct bytes name, struct datum *ret)
{
	const struct thing *t = thing_named(name);

	if (bytes_equal(name, bytes_text("range")) || bytes_equal(name, bytes_text("dict")))
		return object_source(r, name, false, ret);
	return t == NULL ? -ENOENT : put_thing(r, t, ret);
}

int thing_attribute(struct render *r, const struct object *o, struct bytes name, struct datum *ret)
{
	const struct thing *t = o->thing;

	if (t == &things[THING_CONTEXT])
		return thing_value(r, name, ret);
	if (bytes_equal(name, bytes_text("_TemplateReference__context")))
		return put_thing(r, &things[THING_CONTEXT], ret);
	if (t == &things[THING_APP])
		return bytes_equal(name, bytes_text("config")) ? put_thing(r, &things[THING_CONFIG], ret) : -ENOENT;
	if (o->kind == OBJECT_GLOBALS && bytes_equal(name, bytes_text("current_app")))
		return put_thing(r, &things[THING_APP], ret);
	return t == &things[THING_REQUEST] ? request_attribute(r, name, ret) : -ENOENT;
}
