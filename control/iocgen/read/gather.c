/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values in one growing arena, found again by an open hash table of their places. */
#include "control/iocgen/read/gather.h"

#include "control/iocgen/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct entry {
	uint32_t at;        /* of the value in the text */
	uint16_t len;
	uint8_t kind;
	uint8_t action : 7, vague : 1;
};

struct gather {
	struct entry *entries;
	uint32_t *slots;          /* number of an entry + 1; 0: free */
	uint8_t *text;
	size_t count, entries_size, slots_size, used, text_size;
	uint64_t left, seed;
	uint32_t certain;         /* a bit a kind: something of it is certain */
};

struct gather *gather_new(void)
{
	struct gather *g = calloc(1, sizeof(*g));

	/* so that no log can choose values that collide; without it they may */
	if (g != NULL && getrandom(&g->seed, sizeof(g->seed), GRND_NONBLOCK) < 0)
		g->seed = 0;
	return g;
}

void gather_free(struct gather *g)
{
	if (g == NULL)
		return;
	free(g->entries);
	free(g->slots);
	free(g->text);
	free(g);
}

static struct bytes value_of(const struct gather *g, const struct entry *e)
{
	return bytes_of(g->text + e->at, e->len);
}

static size_t slot_of(const struct gather *g, enum artefact_kind kind, enum artefact_action action, struct bytes value)
{
	size_t i = text_digest(value, g->seed + (uint64_t)kind * 16 + (uint64_t)action) & (g->slots_size - 1);

	for (; g->slots[i] != 0; i = (i + 1) & (g->slots_size - 1)) {
		const struct entry *e = &g->entries[g->slots[i] - 1];

		if (e->kind == kind && e->action == action && bytes_equal(value_of(g, e), value))
			break;
	}
	return i;
}

/* Twice the slots, at most half of them taken. */
static int grow_slots(struct gather *g)
{
	size_t size = g->slots_size != 0 ? 2 * g->slots_size : 64;
	uint32_t *slots = calloc(size, sizeof(*slots));

	if (slots == NULL)
		return -ENOMEM;
	free(g->slots);
	g->slots = slots;
	g->slots_size = size;
	for (size_t i = 0; i < g->count; i++) {
		const struct entry *e = &g->entries[i];

		slots[slot_of(g, e->kind, e->action, value_of(g, e))] = (uint32_t)i + 1;
	}
	return 0;
}

static int grow(void **at, size_t *size, size_t unit, size_t needed)
{
	size_t larger = *size != 0 ? *size : 64;
	void *more;

	while (larger < needed)
		larger *= 2;
	if (larger == *size)
		return 0;
	if ((more = realloc(*at, larger * unit)) == NULL)
		return -ENOMEM;
	*at = more;
	*size = larger;
	return 0;
}

static int add(struct gather *g, enum artefact_kind kind, enum artefact_action action, bool vague, struct bytes value)
{
	size_t slot;

	if (!vague)
		g->certain |= 1u << kind;
	if (2 * (g->count + 1) > g->slots_size && grow_slots(g) < 0)
		return -ENOMEM;
	slot = slot_of(g, kind, action, value);
	if (g->slots[slot] != 0)
		return 0;
	if (g->count == GATHER_MAX || g->used + value.left > GATHER_TEXT_MAX) {
		g->left++;
		return 0;
	}
	if (grow((void **)&g->entries, &g->entries_size, sizeof(*g->entries), g->count + 1) < 0 ||
	    grow((void **)&g->text, &g->text_size, 1, g->used + value.left) < 0)
		return -ENOMEM;
	memcpy(g->text + g->used, value.at, value.left);
	g->entries[g->count++] = (struct entry){ .at = (uint32_t)g->used, .len = (uint16_t)value.left, .kind = (uint8_t)kind,
		.action = action & 0x7f, .vague = vague };
	g->used += value.left;
	g->slots[slot] = (uint32_t)g->count;
	return 0;
}

/* Behind `mark` in the value; "" where it is not there. */
static struct bytes behind(struct bytes value, const char *mark)
{
	size_t len = strlen(mark);

	for (size_t i = 0; i + len < value.left; i++) {
		if (bytes_starts_fold(bytes_of(value.at + i, value.left - i), bytes_text(mark)))
			return bytes_of(value.at + i + len, value.left - i - len);
	}
	return bytes_of(NULL, 0);
}

/* A pipe has no name but that of its file. */
static bool is_pipe(struct bytes *value)
{
	static const char *const places[] = { "\\\\.\\pipe\\", "\\??\\pipe\\", "\\device\\namedpipe\\", "\\\\?\\pipe\\" };

	for (size_t i = 0; i < COUNT_OF(places); i++) {
		if (bytes_starts_fold(*value, bytes_text(places[i])) && value->left > strlen(places[i])) {
			*value = bytes_of(value->at + strlen(places[i]), value->left - strlen(places[i]));
			return true;
		}
	}
	return false;
}

static int add_meant(struct gather *g, enum artefact_kind kind, enum artefact_action action, bool vague, struct bytes value)
{
	struct bytes task;

	value = bytes_trim(value);
	if (value.left > ARTEFACT_VALUE_MAX)
		value.left = ARTEFACT_VALUE_MAX;
	if (value.left == 0)
		return 0;
	if (kind == KIND_FILE && is_pipe(&value))
		return add(g, KIND_PIPE, action == ACTION_CREATE ? ACTION_CREATE : ACTION_CONNECT, vague, value);
	if (kind == KIND_FILE && (action == ACTION_CREATE || action == ACTION_WRITE)) {
		task = behind(value, "\\windows\\system32\\tasks");
		if (task.left > 1 && *task.at == '\\' && add(g, KIND_TASK, ACTION_CREATE, vague, task) < 0)
			return -ENOMEM;
	}
	return add(g, kind, action, vague, value);
}

int gather_add(struct gather *g, enum artefact_kind kind, enum artefact_action action, struct bytes value)
{
	return add_meant(g, kind, action, false, value);
}

int gather_add_vague(struct gather *g, enum artefact_kind kind, struct bytes value)
{
	return add_meant(g, kind, ACTION_OPEN, true, value);
}

size_t gather_count(const struct gather *g)
{
	return g->count;
}

size_t gather_size(const struct gather *g)
{
	return sizeof(*g) + g->text_size + g->entries_size * sizeof(*g->entries) + g->slots_size * sizeof(*g->slots);
}

uint64_t gather_left(const struct gather *g)
{
	return g->left;
}

struct bytes given_name(const struct read_given *given)
{
	static const char *const endings[] = { ".gz", ".zst", ".json", ".jsonl", ".ndjson", ".log", ".txt" };
	const char *slash = strrchr(given->path, '/');
	struct bytes name = bytes_text(slash != NULL && slash[1] != '\0' ? slash + 1 : given->path);

	if (bytes_equal(name, bytes_text("-")))
		return bytes_text("stdin");
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		if (bytes_ends_fold(name, bytes_text(endings[i])) && name.left > strlen(endings[i]))
			name.left -= strlen(endings[i]);
	}
	return name;
}

static struct bytes shortened(struct bytes b)
{
	return bytes_of(b.at, b.left < SAMPLE_NAME_MAX ? b.left : SAMPLE_NAME_MAX);
}

int gather_give(struct gather *g, const struct sample *told, const struct read_given *given, const struct sample_sink *sink)
{
	struct sample s = *told;
	int r;

	s.name = shortened(s.name.left > 0 ? s.name : given_name(given));
	s.family = shortened(s.family.left > 0 ? s.family : given->otherwise.family);
	s.source = shortened(s.source.left > 0 ? s.source : given->otherwise.source);
	s.day = s.day != DAY_NONE ? s.day : given->otherwise.day;
	s.label = given->otherwise.label != LABEL_UNKNOWN ? given->otherwise.label : s.label;
	s.file = given->by_process || given->path == NULL ? bytes_of(NULL, 0) : bytes_text(given->path);
	r = sink->begin(sink->to, &s);
	for (size_t i = 0; r >= 0 && i < g->count; i++) {
		const struct entry *e = &g->entries[i];
		struct artefact a = { .kind = e->kind, .action = e->action, .value = value_of(g, e) };

		if (!e->vague || !(g->certain >> e->kind & 1))
			r = sink->artefact(sink->to, &a);
	}
	if (r >= 0)
		r = sink->end(sink->to);
	if (r >= 0 && g->left > 0)
		sink->bad(sink->to, given->path, 0, "a sample has more artefacts than are kept: the rest is left out");
	g->count = g->used = 0;
	g->left = 0;
	g->certain = 0;
	if (g->slots != NULL)
		memset(g->slots, 0, g->slots_size * sizeof(*g->slots));
	return r < 0 ? r : 0;
}
