/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Document type declarations: entities, and parameter entities within declarations. */
#include "emu/language/xml_inside.h"

#include <string.h>

static bool declarations(struct xml *x, struct reader *r);

struct entity *xml_entity(struct xml *x, struct bytes name, bool parameter)
{
	for (unsigned i = 0; i < x->entities_count; i++) {
		if (x->entities[i].parameter == parameter && bytes_equal(x->entities[i].name, name))
			return &x->entities[i];
	}
	return NULL;
}

/* The text of a parameter entity: its own, or its resource's. */
static bool parameter_text(struct xml *x, struct entity *e, struct bytes *ret)
{
	*ret = e->value;
	return !e->external || xml_resource(x, e->value, false, ret);
}

static bool put(struct xml *x, struct sink *to, struct bytes b)
{
	sink_put(to, b.at, b.left);
	return !to->overflow || xml_stop(x, STOPPED_MEMORY);
}

/*
 * An entity's value: characters and, in external entities, parameter entities are replaced now, others when it is used. A
 * resource that is not known cuts it there.
 */
static bool value_put(struct xml *x, struct bytes b, bool outside, struct sink *to, bool *cut)
{
	struct bytes name, text;
	struct entity *e;
	bool well = true;

	if (x->depth >= DEPTH_MAX)
		return xml_stop(x, STOPPED_ROUNDS);
	x->depth++;
	while (well && b.left > 0 && !*cut) {
		struct bytes at = b;

		if (!xml_step(x)) {
			well = false;
		} else if (xml_at(b, "&#")) {
			well = xml_character(&b, to) || xml_stop(x, STOPPED_SIGNAL);
		} else if (b.at[0] == '%') {
			xml_skip(&at, 1);
			if (!outside || !xml_name(&at, &name) || !xml_at(at, ";") || (e = xml_entity(x, name, true)) == NULL || e->open) {
				well = xml_stop(x, STOPPED_SIGNAL);
				break;
			}
			xml_skip(&at, 1);
			b = at;
			if (!parameter_text(x, e, &text)) {
				*cut = true;
				break;
			}
			e->open = true;
			well = value_put(x, text, true, to, cut);
			e->open = false;
		} else if (b.at[0] == '&') {
			/* it stays until the entity is used, but must be a reference */
			xml_skip(&at, 1);
			well = (xml_name(&at, &name) && xml_at(at, ";") && put(x, to, bytes_of(b.at, name.left + 2))) ||
			    xml_stop(x, STOPPED_SIGNAL);
			b = at;
			xml_skip(&b, well);
		} else {
			well = put(x, to, bytes_of(b.at, 1));
			xml_skip(&b, 1);
		}
	}
	x->depth--;
	return well;
}

/* Behind "SYSTEM" or "PUBLIC": the system identifier. */
static bool external_id(struct xml *x, struct bytes *b, struct bytes *ret)
{
	struct bytes public_id;
	bool is_public = xml_at(*b, "PUBLIC");

	xml_skip(b, 6);
	if (xml_blanks(b) == 0 || (is_public && (!xml_literal(b, &public_id) || xml_blanks(b) == 0)) || !xml_literal(b, ret))
		return xml_stop(x, STOPPED_SIGNAL);
	return true;
}

/* What an entity is declared to be, from its value on. */
static bool definition(struct xml *x, struct reader *r, struct entity *e, bool *cut)
{
	struct sink to = sink_over(x->values + x->used, sizeof(x->values) - x->used);
	struct bytes literal, notation;

	e->external = xml_at(r->rest, "SYSTEM") || xml_at(r->rest, "PUBLIC");
	if (e->external) {
		if (!external_id(x, &r->rest, &literal))
			return false;
		if (!value_put(x, literal, r->declared_outside, &to, cut))
			return false;
		if (xml_blanks(&r->rest) > 0 && xml_at(r->rest, "NDATA")) {
			xml_skip(&r->rest, 5);
			e->unparsed = xml_blanks(&r->rest) > 0 && xml_name(&r->rest, &notation);
		}
	} else if (!xml_literal(&r->rest, &literal) || !value_put(x, literal, r->declared_outside, &to, cut)) {
		return xml_stop(x, STOPPED_SIGNAL);
	}
	e->value = bytes_of(to.at, to.used);
	x->used += to.used;
	return true;
}

/* Behind "<!ENTITY". The first declaration of a name binds. */
static bool entity_declared(struct xml *x, struct reader *r)
{
	struct entity e = { 0 };
	struct bytes ignored;
	bool cut = false;

	if (xml_blanks(&r->rest) == 0)
		return xml_stop(x, STOPPED_SIGNAL);
	if (xml_at(r->rest, "%")) {
		xml_skip(&r->rest, 1);
		e.parameter = xml_blanks(&r->rest) > 0;
	}
	if (!xml_name(&r->rest, &e.name) || xml_blanks(&r->rest) == 0)
		return xml_stop(x, STOPPED_SIGNAL);
	if (!definition(x, r, &e, &cut))
		return false;
	xml_blanks(&r->rest);
	if (!xml_at(r->rest, ">"))
		return xml_stop(x, STOPPED_SIGNAL);
	xml_skip(&r->rest, 1);
	if (cut && e.external) {
		/* its name hangs on what is not known: whoever asks for it still goes to its host */
		(void)xml_resource(x, e.value, false, &ignored);
		if (x->ret->resources_count > 0)
			x->ret->resources[x->ret->resources_count - 1].cut = true;
		return true;
	}
	if (xml_entity(x, e.name, e.parameter) != NULL)
		return true;
	if (x->entities_count == ENTITIES_MAX)
		return xml_stop(x, STOPPED_MEMORY);
	x->entities[x->entities_count++] = e;
	return true;
}

/* "%name;" between declarations. */
static bool parameter_reference(struct xml *x, struct reader *r)
{
	struct reader inner = { .declared_outside = true };
	struct bytes name;
	struct entity *e;
	bool well;

	xml_skip(&r->rest, 1);
	if (!xml_name(&r->rest, &name) || !xml_at(r->rest, ";"))
		return xml_stop(x, STOPPED_SIGNAL);
	xml_skip(&r->rest, 1);
	x->lenient = true;
	e = xml_entity(x, name, true);
	if (e == NULL || !parameter_text(x, e, &inner.rest))
		return true; /* not declared, or not known: nothing of it is read */
	if (e->open || x->depth >= DEPTH_MAX)
		return xml_stop(x, STOPPED_SIGNAL);
	e->open = true;
	x->depth++;
	if (e->external && xml_at(inner.rest, "<?xml"))
		(void)xml_aside(x, &inner.rest);
	well = declarations(x, &inner);
	x->depth--;
	e->open = false;
	return well;
}

/* Any other declaration up to its ">", which no literal hides. */
static bool other_declared(struct xml *x, struct bytes *b)
{
	uint8_t quote = 0;

	for (; b->left > 0; xml_skip(b, 1)) {
		uint8_t c = b->at[0];

		if (quote == 0 && c == '>') {
			xml_skip(b, 1);
			return true;
		}
		if (quote == 0 && (c == '"' || c == '\''))
			quote = c;
		else if (c == quote)
			quote = 0;
	}
	return xml_stop(x, STOPPED_SIGNAL);
}

/* "<![INCLUDE[…]]>", or the same ignored. The brackets of the first are passed over, and what they hold is read on. */
static bool section(struct xml *x, struct reader *r)
{
	static const char include[] = "INCLUDE", ignore[] = "IGNORE";
	ptrdiff_t end;

	xml_skip(&r->rest, 3);
	xml_blanks(&r->rest);
	if (!r->declared_outside)
		return xml_stop(x, STOPPED_SIGNAL);
	if (xml_at(r->rest, include)) {
		xml_skip(&r->rest, sizeof(include) - 1);
		xml_blanks(&r->rest);
		if (!xml_at(r->rest, "["))
			return xml_stop(x, STOPPED_SIGNAL);
		xml_skip(&r->rest, 1);
		return true;
	}
	end = bytes_find(r->rest, bytes_text("]]>"));
	if (!xml_at(r->rest, ignore) || end < 0)
		return xml_stop(x, STOPPED_SIGNAL);
	xml_skip(&r->rest, (size_t)end + 3);
	return true;
}

/* Markup declarations up to the end of their entity, or to the "]" of the internal subset. */
static bool declarations(struct xml *x, struct reader *r)
{
	bool well = true;

	while (well && xml_step(x)) {
		xml_blanks(&r->rest);
		if (r->rest.left == 0 || (!r->declared_outside && xml_at(r->rest, "]")))
			return true;
		if (r->declared_outside && xml_at(r->rest, "]]>")) {
			xml_skip(&r->rest, 3);
		} else if (xml_at(r->rest, "%")) {
			well = parameter_reference(x, r);
		} else if (xml_at(r->rest, "<!--") || xml_at(r->rest, "<?")) {
			well = xml_aside(x, &r->rest) || xml_stop(x, STOPPED_SIGNAL);
		} else if (xml_at(r->rest, "<!ENTITY")) {
			xml_skip(&r->rest, 8);
			well = entity_declared(x, r);
		} else if (xml_at(r->rest, "<![")) {
			well = section(x, r);
		} else if (xml_at(r->rest, "<!ELEMENT") || xml_at(r->rest, "<!ATTLIST") || xml_at(r->rest, "<!NOTATION")) {
			well = other_declared(x, &r->rest);
		} else {
			well = xml_stop(x, STOPPED_SIGNAL);
		}
	}
	return false;
}

bool xml_doctype(struct xml *x, struct bytes *b)
{
	struct reader inner = { 0 }, outer = { .declared_outside = true };
	struct bytes name, system = { 0 };

	if (xml_blanks(b) == 0 || !xml_name(b, &name))
		return xml_stop(x, STOPPED_SIGNAL);
	xml_blanks(b);
	if ((xml_at(*b, "SYSTEM") || xml_at(*b, "PUBLIC")) && !external_id(x, b, &system))
		return false;
	x->lenient = system.left > 0;
	xml_blanks(b);
	if (xml_at(*b, "[")) {
		xml_skip(b, 1);
		inner.rest = *b;
		if (!declarations(x, &inner) || !xml_at(inner.rest, "]"))
			return xml_stop(x, STOPPED_SIGNAL);
		*b = inner.rest;
		xml_skip(b, 1);
		xml_blanks(b);
	}
	if (!xml_at(*b, ">"))
		return xml_stop(x, STOPPED_SIGNAL);
	xml_skip(b, 1);
	/* the external subset is read after the internal one */
	if (system.left == 0 || !xml_resource(x, system, false, &outer.rest))
		return true;
	if (xml_at(outer.rest, "<?xml"))
		(void)xml_aside(x, &outer.rest);
	return declarations(x, &outer);
}
