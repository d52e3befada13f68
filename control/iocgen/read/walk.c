/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A JSON reader without recursion: one loop, a bit a level for what is open. */
#include "control/iocgen/read/walk.h"

#include <errno.h>
#include <string.h>

enum { END = -1 };

void walk_reader_init(struct walk_reader *r, FILE *from)
{
	memset(r, 0, offsetof(struct walk_reader, text));
	r->from = from;
	r->line = 1;
}

/* The next byte without taking it, or END; r->error says why it ended early. */
static int look(struct walk_reader *r)
{
	if (r->run.left == 0 && r->error == 0) {
		r->run = bytes_of(r->chunk, fread(r->chunk, 1, sizeof(r->chunk), r->from));
		if (r->run.left == 0 && ferror(r->from))
			r->error = -EIO;
	}
	return r->run.left > 0 ? *r->run.at : END;
}

static void take(struct walk_reader *r)
{
	r->line_begins = *r->run.at == '\n';
	r->line += r->line_begins;
	r->taken++;
	r->run.at++;
	r->run.left--;
}

static int skip_blanks(struct walk_reader *r)
{
	int c;

	while ((c = look(r)) == ' ' || c == '\t' || c == '\r' || c == '\n')
		take(r);
	return c;
}

int walk_skip_line(struct walk_reader *r)
{
	int c;

	while (!r->line_begins && look(r) != END)
		take(r);
	c = look(r);
	return r->error < 0 ? r->error : c != END;
}

static void put(struct walk_reader *r, uint8_t c)
{
	if (r->used < sizeof(r->text))
		r->text[r->used] = c;
	r->used++;
}

static void put_character(struct walk_reader *r, uint32_t c)
{
	if (c < 0x80) {
		put(r, (uint8_t)c);
	} else if (c < 0x800) {
		put(r, (uint8_t)(0xc0 | c >> 6));
		put(r, (uint8_t)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		put(r, (uint8_t)(0xe0 | c >> 12));
		put(r, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		put(r, (uint8_t)(0x80 | (c & 0x3f)));
	} else {
		put(r, (uint8_t)(0xf0 | c >> 18));
		put(r, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		put(r, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		put(r, (uint8_t)(0x80 | (c & 0x3f)));
	}
}

static int hex_digits(struct walk_reader *r, uint32_t *ret)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++) {
		int c = look(r), digit = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;

		if (c == END || digit < 0)
			return -EBADMSG;
		take(r);
		v = v << 4 | (uint32_t)digit;
	}
	*ret = v;
	return 0;
}

/* Behind the backslash. A lone half of a surrogate pair becomes U+FFFD. */
static int escape(struct walk_reader *r, uint32_t *high)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	int c = look(r);
	const char *at = c > 0 ? strchr(from, c) : NULL;
	uint32_t v;

	if (c == 'u') {
		take(r);
		if (hex_digits(r, &v) < 0)
			return -EBADMSG;
		if (*high != 0 && v >= 0xdc00 && v < 0xe000) {
			put_character(r, 0x10000 + ((*high & 0x3ff) << 10) + (v & 0x3ff));
			*high = 0;
			return 0;
		}
		if (*high != 0)
			put_character(r, 0xfffd);
		*high = v >= 0xd800 && v < 0xdc00 ? v : 0;
		if (*high == 0)
			put_character(r, v >= 0xdc00 && v < 0xe000 ? 0xfffd : v);
		return 0;
	}
	if (at == NULL)
		return -EBADMSG;
	if (*high != 0)
		put_character(r, 0xfffd);
	*high = 0;
	put(r, (uint8_t)to[at - from]);
	take(r);
	return 0;
}

/* The opening quote was taken. */
static int string(struct walk_reader *r)
{
	uint32_t high = 0;
	int c;

	r->used = 0;
	for (;;) {
		/* a record that lost its end ends with its line */
		if ((c = look(r)) == END || c == '\n')
			return -EBADMSG;
		take(r);
		if (c == '\\') {
			if (escape(r, &high) < 0)
				return -EBADMSG;
			continue;
		}
		if (high != 0)
			put_character(r, 0xfffd);
		high = 0;
		if (c == '"')
			break;
		put(r, (uint8_t)c);
	}
	if (r->used > sizeof(r->text)) {
		r->cut++;
		r->used = sizeof(r->text);
	}
	return 0;
}

/* A number or a word. */
static int letters(struct walk_reader *r, enum walk_type *ret)
{
	static const struct { const char *text; enum walk_type type; } words[] = {
		{ "true", WALK_TRUE }, { "false", WALK_FALSE }, { "null", WALK_NULL }, { "NaN", WALK_NULL }, { "Infinity", WALK_NULL },
		{ "-Infinity", WALK_NULL },
	};
	int c;

	r->used = 0;
	while ((c = look(r)) != END && r->used < 64 && (c == '-' || c == '+' || c == '.' || (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))) {
		put(r, (uint8_t)c);
		take(r);
	}
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (bytes_equal(bytes_of(r->text, r->used), bytes_text(words[i].text))) {
			*ret = words[i].type;
			return 0;
		}
	}
	if (r->used == 0 || r->used == 64 || !(r->text[0] == '-' || (r->text[0] >= '0' && r->text[0] <= '9')))
		return -EBADMSG;
	*ret = WALK_NUMBER;
	return 0;
}

/* A value's place among those that are told. */
struct walking {
	struct walk_reader *reader;
	const struct walk_hooks *hooks;
	void *user;
	uint32_t depth;     /* containers open */
	uint32_t passed;    /* depth of the container that nobody wants to hear of; 0: none */
};

static bool is_object(const struct walking *w)
{
	return w->reader->objects[(w->depth - 1) / 8] >> ((w->depth - 1) % 8) & 1;
}

/* Is what stands at the present depth told? */
static bool is_told(struct walking *w)
{
	if (w->passed != 0)
		return false;
	w->reader->deep += w->depth > WALK_PATH_MAX;
	return w->depth <= WALK_PATH_MAX;
}

static void path_to(struct walking *w)
{
	w->reader->path.depth = w->depth < WALK_PATH_MAX ? w->depth : WALK_PATH_MAX;
}

static int enter(struct walking *w, bool object)
{
	struct walk_reader *r = w->reader;

	if (w->depth == WALK_NESTING_MAX)
		return -EBADMSG;
	path_to(w);
	if (w->passed == 0 && (!is_told(w) || (w->hooks->open != NULL && !w->hooks->open(w->user, &r->path, object))))
		w->passed = w->depth + 1;
	r->objects[w->depth / 8] &= (uint8_t)~(1u << (w->depth % 8));
	r->objects[w->depth / 8] |= (uint8_t)((unsigned)object << (w->depth % 8));
	if (w->depth < WALK_PATH_MAX)
		r->path.steps[w->depth] = (struct walk_step){ .element = !object };
	w->depth++;
	return 0;
}

static void leave(struct walking *w)
{
	bool object = is_object(w), silent = w->passed != 0;

	if (w->passed == w->depth)
		w->passed = 0;
	w->depth--;
	path_to(w);
	if (!silent && w->hooks->close != NULL)
		w->hooks->close(w->user, &w->reader->path, object);
}

/* The name and the colon before a member's value. */
static int member(struct walking *w)
{
	struct walk_reader *r = w->reader;

	if (look(r) != '"')
		return -EBADMSG;
	take(r);
	if (string(r) < 0 || skip_blanks(r) != ':')
		return -EBADMSG;
	take(r);
	if (w->depth <= WALK_PATH_MAX) {
		struct walk_step *step = &r->path.steps[w->depth - 1];

		step->len = (uint8_t)(r->used < WALK_KEY_MAX ? r->used : WALK_KEY_MAX);
		memcpy(step->key, r->text, step->len);
	}
	return 0;
}

static int scalar(struct walking *w, int c)
{
	struct walk_reader *r = w->reader;
	enum walk_type type = WALK_STRING;
	int e;

	if (c == '"')
		take(r);
	if ((e = c == '"' ? string(r) : letters(r, &type)) < 0)
		return e;
	path_to(w);
	if (is_told(w) && w->hooks->value != NULL)
		w->hooks->value(w->user, &r->path, type, bytes_of(r->text, r->used));
	return 0;
}

/* One value's beginning: all of it, or what opens it. */
static int begin(struct walking *w)
{
	int c = skip_blanks(w->reader);

	if (c == '{' || c == '[') {
		take(w->reader);
		return enter(w, c == '{');
	}
	return c == END ? -EBADMSG : scalar(w, c);
}

/* Inside a container: the next member or element, or its end. `first`: nothing was in it yet. */
static int go_on(struct walking *w, bool first)
{
	struct walk_reader *r = w->reader;
	bool object = is_object(w);
	int c = skip_blanks(r);

	if (c == (object ? '}' : ']')) {
		take(r);
		leave(w);
		return 0;
	}
	if (!first) {
		if (c != ',')
			return -EBADMSG;
		take(r);
		skip_blanks(r);
		if (!object && w->depth <= WALK_PATH_MAX)
			r->path.steps[w->depth - 1].index++;
	}
	if (object && member(w) < 0)
		return -EBADMSG;
	return begin(w);
}

int walk_next(struct walk_reader *r, const struct walk_hooks *hooks, void *user)
{
	struct walking w = { .reader = r, .hooks = hooks, .user = user };
	int c, e;
	uint32_t before;
	uint64_t start;
	bool first = true;

	/* a mark at a file's beginning, commas between records */
	while ((c = skip_blanks(r)) == ',' || c == 0xef || c == 0xbb || c == 0xbf || c == 0x1e)
		take(r);
	if (c == END)
		return r->error;
	start = r->taken;
	for (e = begin(&w); e == 0 && w.depth > 0;) {
		before = w.depth;
		e = go_on(&w, first);
		first = w.depth > before;
	}
	if (e == 0)
		return 1;
	/* what cannot be begun was tried */
	r->line_begins = r->line_begins && r->taken > start;
	return r->error < 0 ? r->error : e;
}

/* An element is named by its number, up to nine. */
static bool step_is(const struct walk_step *step, struct bytes name)
{
	if (step->element)
		return name.left == 1 && *name.at == '0' + step->index;
	return bytes_equal(bytes_of(step->key, step->len), name);
}

/* Steps of the path that the pattern names from a level on: the level behind them, or -1. */
static int matched(const struct walk_path *p, uint32_t level, const char *pattern)
{
	for (; *pattern != '\0'; level++) {
		size_t len = strcspn(pattern, ".");
		const struct walk_step *step = &p->steps[level];

		if (level >= p->depth)
			return -1;
		if (!(len == 1 && *pattern == '*') && !step_is(step, bytes_of(pattern, len)))
			return -1;
		pattern += len + (pattern[len] == '.');
	}
	return (int)level;
}

bool walk_path_is(const struct walk_path *p, const char *pattern)
{
	return matched(p, 0, pattern) == (int)p->depth;
}

bool walk_path_is_within(const struct walk_path *p, uint32_t levels, const char *pattern)
{
	return matched(p, levels, pattern) == (int)p->depth;
}

bool walk_path_below(const struct walk_path *p, const char *pattern)
{
	return matched(p, 0, pattern) >= 0;
}

static struct bytes name_within(const struct walk_path *p, uint32_t depth)
{
	for (; depth > 0; depth--) {
		if (!p->steps[depth - 1].element)
			return bytes_of(p->steps[depth - 1].key, p->steps[depth - 1].len);
	}
	return bytes_of(NULL, 0);
}

struct bytes walk_path_name(const struct walk_path *p)
{
	return name_within(p, p->depth);
}

struct bytes walk_path_above(const struct walk_path *p)
{
	return name_within(p, p->depth > 0 ? p->depth - 1 : 0);
}
