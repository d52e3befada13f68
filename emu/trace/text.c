/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the sheet of outputs to text traces: columns of one standing become one pattern, bounded. */
#include "emu/trace/text.h"

#include "emu/trace/origin.h"
#include "emu/trace/readable.h"
#include "emu/trace/sheet.h"

#include <errno.h>
#include <string.h>

enum {
	GROUP_LINES = 8,
	GROUP_BYTES = 1500,   /* of the lines of one group: escaped fourfold they stay below TRACE_PATTERN_MAX */
	LINE_TRACES = 24,     /* single lines of groups that are traces of their own too */
	GROUPS_MAX = 64,
	EXAMPLE_MAX = 4096,
	NAMES_MAX = 32,
	NAME_MIN = 3,         /* bytes of a name that is told apart from other text */
};

/* A group of no more than this is what any page may hold; a single line needs more to stand alone. */
static const double GROUP_BITS_MIN = 3, LINE_BITS_MIN = 16;

/* What a success needs by default (judge.success_bits): less, in common, is no evidence on any server. */
static const double EVIDENCE_BITS = 30;

struct column {
	struct pattern pattern;
	uint64_t support;          /* rows that have the line */
	uint64_t lost;             /* rows with an answer turned round that do not have it so */
	const struct question *after; /* an open question that no run turned round stands before it */
	bool clock;                /* may be a date, or tell of it */
	bool fact;                 /* tells what the server told of itself */
	bool says;
	bool binary;               /* a piece of a program, a picture or an archive: no text, and none of its lines a trace */
};

struct learner {
	const struct observations *seen;
	struct sheet sheet;
	struct column *columns;
	struct trace_list *list;
	struct pattern *server;    /* GROUP_LINES of them: where one server's patterns are made */
	unsigned names_count;
	struct bytes names[NAMES_MAX]; /* the servers' own */
	bool errors;               /* the sheet is of stderr */
	bool own;                  /* … of what went out on the attack's own connection */
	bool binary;               /* some output holds more than text */
	unsigned groups, lines;    /* traces made so far */
};

struct trace *trace_add(struct trace_list *l)
{
	if (l->count == REPORT_TRACES_MAX)
		return NULL;
	l->traces[l->count] = (struct trace){ 0 };
	return &l->traces[l->count++];
}

void trace_depends(struct trace *t, const struct question *q, struct arena *a)
{
	struct bytes text;

	if (t->depends_count == TRACE_DEPENDS_MAX)
		return;
	text = question_text(q, a);
	for (unsigned i = 0; i < t->depends_count; i++) {
		if (bytes_equal(t->depends_on[i], text))
			return;
	}
	t->depends_on[t->depends_count++] = text;
}

uint64_t plain_rows(const struct observations *o)
{
	return (UINT64_C(1) << o->plain) - 1;
}

bool row_in(uint64_t rows, unsigned row)
{
	return (rows >> row & 1) != 0;
}

struct bytes profiles_of(const struct observations *o, uint64_t support, struct arena *a)
{
	uint8_t names[4096];
	struct sink s = sink_over(names, sizeof(names));
	unsigned last = UINT32_MAX;

	for (unsigned row = 0; row < o->count; row++) {
		struct bytes name = o->rows[row].run.profile;

		if (!row_in(support, row) || o->rows[row].server == last || name.left + 1 > s.size - s.used)
			continue;
		last = o->rows[row].server;
		sink_put(&s, name.at, name.left);
		sink_u8(&s, 0);
	}
	return arena_copy(a, bytes_of(names, s.used), sizeof(names));
}

bool servers_agree(const struct observations *o, uint64_t support)
{
	for (unsigned row = 1; row < o->plain; row++) {
		if (o->rows[row].server == o->rows[row - 1].server && row_in(support, row) != row_in(support, row - 1))
			return false;
	}
	return true;
}

bool servers_several(const struct observations *o)
{
	return o->plain > 0 && o->rows[0].server != o->rows[o->plain - 1].server;
}

/* Did the run do nothing but complain? That is how an interpreter refuses a code. */
static bool only_complained(const struct run *r)
{
	if (r->exit_status == 0 || r->out.left > 0 || r->err.left == 0 || r->stopped_by != STOPPED_EXIT)
		return false;
	for (uint32_t i = 0; i < r->events_count; i++) {
		if (r->events[i].kind != EVENT_OPEN && r->events[i].kind != EVENT_EXEC)
			return false;
	}
	return true;
}

/* What the column hangs on without a run having shown it. */
static void conditions(const struct learner *l, unsigned column, struct column *ret)
{
	const struct observations *o = l->seen;

	for (unsigned row = 0; row < o->plain; row++) {
		const struct cell *cell = sheet_cell(&l->sheet, column, row);

		if (cell->line.at == NULL)
			continue;
		for (unsigned i = 0; i < o->untwisted_count && ret->after == NULL; i++)
			ret->after = asked_until(&o->rows[row], o->untwisted[i]->kind, o->untwisted[i]->subject, cell->end);
		ret->clock |= shows_clock(&o->rows[row], &ret->pattern, cell->end);
		ret->fact |= shows_fact(&o->rows[row], &ret->pattern, cell->line, cell->end);
	}
}

/* The pattern of the cells in rows; false: none of them has the line. */
static bool cells_pattern(const struct learner *l, unsigned column, uint64_t rows, struct pattern *ret)
{
	struct bytes samples[ROWS_MAX];
	unsigned count = 0;

	for (unsigned row = 0; row < l->sheet.rows; row++) {
		const struct cell *cell = sheet_cell(&l->sheet, column, row);

		if (row_in(rows, row) && cell->line.at != NULL)
			samples[count++] = cell->line;
	}
	if (count > 0)
		pattern_of(samples, count, l->names, l->names_count, l->list->arena, ret);
	return count > 0;
}

static void measure(struct learner *l, unsigned column)
{
	const struct observations *o = l->seen;
	struct column *c = &l->columns[column];
	uint64_t plain = plain_rows(o);

	*c = (struct column){ .support = sheet_support(&l->sheet, column) };
	if (!cells_pattern(l, column, (c->support & plain) != 0 ? plain : c->support, &c->pattern))
		return;
	for (unsigned row = o->plain; row < o->count; row++) {
		const struct cell *cell = sheet_cell(&l->sheet, column, row);

		if (cell->line.at == NULL || !pattern_matches(&c->pattern, cell->line, l->list->arena))
			c->lost |= UINT64_C(1) << row;
	}
	c->says = pattern_says_something(&c->pattern);
	for (unsigned row = 0; row < o->count && l->binary; row++)
		c->binary |= is_binary_piece(sheet_cell(&l->sheet, column, row)->line);
	conditions(l, column, c);
}

/* The lines of one row as it printed them. */
static struct bytes example(const struct learner *l, unsigned from, unsigned to, uint64_t support)
{
	uint8_t text[EXAMPLE_MAX];
	struct sink s = sink_over(text, sizeof(text));
	unsigned row = (unsigned)__builtin_ctzll(support);

	for (unsigned c = from; c < to; c++) {
		struct bytes line = sheet_cell(&l->sheet, c, row)->line;
		size_t room = s.size - s.used;

		if (room <= line.left)
			break;
		if (c > from)
			sink_u8(&s, '\n');
		sink_put(&s, line.at, line.left);
	}
	return arena_copy(l->list->arena, bytes_of(text, s.used), sizeof(text));
}

static bool all_complained(const struct observations *o, uint64_t support)
{
	for (unsigned row = 0; row < o->count; row++) {
		if (row_in(support, row) && !only_complained(&o->rows[row].run))
			return false;
	}
	return true;
}

/* Which columns' standing lets them stand in one pattern. */
static bool same_standing(const struct column *a, const struct column *b)
{
	return a->support == b->support && a->lost == b->lost && a->after == b->after && a->clock == b->clock &&
	       a->fact == b->fact && a->binary == b->binary;
}

static void depend(const struct learner *l, const struct column *c, struct trace *t)
{
	const struct observations *o = l->seen;
	bool only_there = (c->support & plain_rows(o)) == 0;

	for (unsigned row = o->plain; row < o->count; row++) {
		if (row_in(only_there ? c->support : c->lost, row))
			trace_depends(t, o->rows[row].twisted, l->list->arena);
	}
	if (c->after != NULL)
		trace_depends(t, c->after, l->list->arena);
	if (c->clock)
		trace_depends(t, &(struct question){ .kind = QUESTION_CLOCK }, l->list->arena);
	if (c->fact)
		trace_depends(t, &(struct question){ .kind = QUESTION_IDENTITY }, l->list->arena);
}

/* The trace that says the same already, by the same servers. NULL: none. */
static struct trace *told_already(struct trace_list *list, const struct trace *t)
{
	for (unsigned i = 0; i < list->count; i++) {
		struct trace *other = &list->traces[i];

		if (other->kind == t->kind && bytes_equal(other->pattern, t->pattern) && bytes_equal(other->profiles, t->profiles))
			return other;
	}
	return NULL;
}

/* One trace of patterns that stand for columns from..to. Nothing where they are worth less than least bits. */
static bool emit(struct learner *l, const struct pattern *const *patterns, unsigned from, unsigned to, uint64_t support,
                 double least)
{
	const struct column *c = &l->columns[from];
	double bits = patterns_bits(patterns, to - from);
	uint8_t text[TRACE_PATTERN_MAX];
	struct sink s = sink_over(text, sizeof(text));
	uint64_t plain = plain_rows(l->seen);
	struct trace made = { 0 }, *other;

	patterns_write(&s, patterns, to - from);
	if (bits < least || s.overflow || s.used == 0)
		return false;
	made.kind = l->own ? TRACE_DATA : l->errors && all_complained(l->seen, support) ? TRACE_ERROR : TRACE_TEXT;
	made.place = l->own ? PLACE_OWN_FLOW : PLACE_RESPONSE;
	made.bits = bits;
	made.pattern = arena_copy(l->list->arena, bytes_of(text, s.used), sizeof(text));
	made.text = example(l, from, to, support);
	made.profiles = profiles_of(l->seen, support, l->list->arena);
	made.literal = true;
	for (unsigned i = 0; i < to - from; i++)
		made.literal &= pattern_is_literal(patterns[i]);
	made.must_show = !l->errors && !l->own && (support & plain) == plain && c->lost == 0 && c->after == NULL && !c->clock &&
	               !c->fact && servers_several(l->seen) && observe_all_ended(l->seen);
	depend(l, c, &made);
	/* Printed twice, it is one trace; what it hangs on is what the surer of both does. */
	if ((other = told_already(l->list, &made)) != NULL) {
		if (made.must_show || made.depends_count < other->depends_count)
			*other = made;
		return false;
	}
	if ((other = trace_add(l->list)) == NULL)
		return false;
	*other = made;
	return true;
}

/* The lines from..to as the rows of one server have them: columns of one standing, so that it has all or none. */
static bool emit_own(struct learner *l, unsigned from, unsigned to, uint64_t rows, double least)
{
	const struct pattern *patterns[GROUP_LINES];
	bool says = false;

	for (unsigned c = from; c < to; c++) {
		struct pattern *own = &l->server[c - from];

		if (!cells_pattern(l, c, rows, own))
			return false;
		patterns[c - from] = own;
		says |= pattern_says_something(own);
	}
	return says && emit(l, patterns, from, to, rows, least);
}

/*
 * Where servers differ so much that what is left in common is no evidence, each one's own lines are a trace of it, if
 * they are worth more than what is common.
 */
static void emit_by_server(struct learner *l, unsigned from, unsigned to, double common)
{
	const double least = common + 1 > LINE_BITS_MIN ? common + 1 : LINE_BITS_MIN;
	const struct observations *o = l->seen;

	for (unsigned row = 0; row < o->plain && l->lines < LINE_TRACES;) {
		uint64_t rows = 0;
		unsigned server = o->rows[row].server;

		for (; row < o->plain && o->rows[row].server == server; row++)
			rows |= UINT64_C(1) << row;
		rows &= l->columns[from].support;
		if (rows != 0)
			l->lines += emit_own(l, from, to, rows, least);
	}
}

/* The columns after `from` that go into one pattern with it. */
static unsigned group_end(const struct learner *l, unsigned from)
{
	size_t bytes = 0;
	unsigned to = from;

	for (; to < l->sheet.columns && to - from < GROUP_LINES; to++) {
		const struct column *c = &l->columns[to];

		if (!same_standing(c, &l->columns[from]))
			break;
		bytes += sheet_cell(&l->sheet, to, (unsigned)__builtin_ctzll(c->support))->line.left;
		if (to > from && bytes > GROUP_BYTES)
			break;
	}
	return to;
}

static void emit_group(struct learner *l, unsigned from, unsigned to)
{
	const struct pattern *patterns[GROUP_LINES];
	uint64_t support = l->columns[from].support, plain = plain_rows(l->seen);
	double common;

	/* Of lines that plain runs print, what is told is where they do. */
	support = (support & plain) != 0 ? support & plain : support;
	if (!servers_agree(l->seen, support) || l->columns[from].binary)
		return; /* chance alone decides on it, or another build of the same program would have other bytes */
	for (unsigned c = from; c < to; c++)
		patterns[c - from] = &l->columns[c].pattern;
	l->groups += emit(l, patterns, from, to, support, GROUP_BITS_MIN);
	if ((common = patterns_bits(patterns, to - from)) < EVIDENCE_BITS)
		emit_by_server(l, from, to, common);
	for (unsigned c = from; c < to; c++) {
		if (!l->columns[c].says)
			emit_by_server(l, c, c + 1, 0);
		else if (to - from > 1 && l->lines < LINE_TRACES)
			l->lines += emit(l, &patterns[c - from], c, c + 1, support, LINE_BITS_MIN);
	}
}

static void learn_names(struct learner *l)
{
	for (unsigned row = 0; row < l->seen->count; row++) {
		const struct observation *o = &l->seen->rows[row];

		for (unsigned i = 0; i < o->facts_count && l->names_count < NAMES_MAX; i++) {
			bool known = !o->facts[i].name || o->facts[i].text.left < NAME_MIN;

			for (unsigned k = 0; k < l->names_count && !known; k++)
				known = bytes_equal(l->names[k], o->facts[i].text);
			if (!known)
				l->names[l->names_count++] = o->facts[i].text;
		}
	}
}

static int learn(struct learner *l, const struct bytes *outputs)
{
	struct arena *a = l->list->arena;
	int r = sheet_of(outputs, l->seen->count, a, &l->sheet);

	if (r < 0)
		return r;
	l->columns = arena_take(a, l->sheet.columns * sizeof(*l->columns));
	l->server = arena_take(a, GROUP_LINES * sizeof(*l->server));
	if (l->columns == NULL || l->server == NULL)
		return -ENOMEM;
	learn_names(l);
	for (unsigned row = 0; row < l->seen->count; row++)
		l->binary |= holds_binary(outputs[row]);
	for (unsigned c = 0; c < l->sheet.columns; c++)
		measure(l, c);
	for (unsigned from = 0, to; from < l->sheet.columns && l->groups < GROUPS_MAX; from = to) {
		to = group_end(l, from);
		emit_group(l, from, to);
	}
	return 0;
}

/* What a run sent out on the connection that brought the attack: an event that has no address. */
static struct bytes own_data(const struct run *r)
{
	for (uint32_t i = 0; i < r->events_count; i++)
		if (r->events[i].kind == EVENT_SEND && r->events[i].address.family == 0)
			return r->events[i].data;
	return bytes_of(NULL, 0);
}

int text_traces(const struct observations *o, struct trace_list *list)
{
	struct learner out = { .seen = o, .list = list }, err = { .seen = o, .list = list, .errors = true };
	struct learner own = { .seen = o, .list = list, .own = true };
	struct bytes outs[ROWS_MAX], errs[ROWS_MAX], owns[ROWS_MAX];
	bool sends = false;
	int r;

	for (unsigned row = 0; row < o->count; row++) {
		outs[row] = o->rows[row].run.out;
		errs[row] = o->rows[row].run.err;
		owns[row] = own_data(&o->rows[row].run);
		sends |= owns[row].left > 0;
	}
	if ((r = learn(&out, outs)) < 0 || (r = learn(&err, errs)) < 0)
		return r;
	return sends ? learn(&own, owns) : 0;
}
