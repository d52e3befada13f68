/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The search: candidates tried in order of promise, the best kept, each bound a count. */
#include "emu/shellcode/find.h"

#include "emu/kernel/kernel.h"
#include "emu/shellcode/signs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	TRIES_MAX = 360,        /* of one processor in one search: some ten microseconds each */
	TRIES_AUTO = 120,       /* the same where the processor is not known, or taken for another */
	PER_TRY = 32,           /* bytes translated, a microsecond or two each: a program's code has more than chance */
	ABORTS_MAX = 8,         /* tries that the translator cannot stand: each costs a new engine */
	BLOCKS_SHORT = 500,     /* enough to see whether a beginning is one */
	BLOCKS_LONG = 200000,   /* for what decodes itself, or calls in a loop */
	LONG_BLOCKS = 400000,   /* of all such tries in one search */
	PER_CHANGE = 12,        /* blocks in which a decoder changes one more byte, at the least */
	RETRIED = 6,            /* of the best candidates, with other registers too */
	PERFECT = 1000,
	COMPARED_BLOCKS = 4000, /* of tries that are compared with one that did well */
};

static const enum language processors[] = { LANGUAGE_X86, LANGUAGE_X86_64, LANGUAGE_ARM, LANGUAGE_AARCH64, LANGUAGE_MIPS,
	LANGUAGE_MIPSEL, LANGUAGE_POWERPC };

struct finder {
	struct probe *probes[COUNT_OF(processors)];
	struct candidates candidates;
	unsigned tries, tries_all, tries_max, aborts; /* tries: on this processor */
	uint64_t longs, blocks; /* of long tries; of all */
	uint64_t translated;    /* bytes, of all but the long tries and those of the beginning */
};

/* One search on one processor. */
struct search {
	struct finder *finder;
	struct probe *probe;
	enum language language, wanted;
	bool beginning; /* the payload's alone is tried */
	unsigned count;
	struct found best[FOUND_MAX];
	struct found begun; /* the best from the payload's beginning */
};

int finder_open(struct finder **ret)
{
	struct finder *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < COUNT_OF(processors); i++) {
		int r = probe_open(processors[i], &f->probes[i]);

		if (r < 0 && r != -EIO) {
			finder_close(f);
			return r;
		}
	}
	*ret = f;
	return 0;
}

void finder_close(struct finder *f)
{
	if (f == NULL)
		return;
	for (unsigned i = 0; i < COUNT_OF(processors); i++)
		probe_close(f->probes[i]);
	free(f);
}

unsigned finder_tries(const struct finder *f)
{
	return f->tries_all + f->tries;
}

/* 0: no behaviour. What acts once, and makes no odd call besides, does better than what acts often among odd ones. */
static int score(const struct tried *t)
{
	enum { WINDOWS_ENOUGH = 4, MODULES = 40, ACT = 8, SANE = 4, ODD = 6, DECODED = 4, WORD = 1 };
	int v = 0;

	if (t->windows >= WINDOWS_ENOUGH)
		v += MODULES;
	else if (t->acts == 0 || t->odd >= t->sane)
		return 0;
	v += (int)t->acts * ACT + (int)t->sane * SANE - (int)t->odd * ODD + (t->decoded ? DECODED : 0) +
	    (int)t->words * WORD;
	if (t->acts > 0 && t->odd == 0 && (t->ended || t->asked))
		v += PERFECT;
	return v > 0 ? v : 0;
}

static enum language named(const struct search *s, const struct tried *t)
{
	if (t->windows == 0 || t->acts > 0)
		return s->language;
	return s->language == LANGUAGE_X86 ? LANGUAGE_WIN_X86 : LANGUAGE_WIN_X86_64;
}

/*
 * Of equal ones: of two edges the earlier, since the later one may have lost something that shows elsewhere; else the
 * later, which has less before it that does not belong to it.
 */
static bool is_better(const struct found *a, const struct found *b)
{
	if (a->score != b->score || a->registers != b->registers)
		return a->score > b->score;
	if (a->edge != b->edge)
		return a->edge > b->edge;
	return a->edge != 0 ? a->entry < b->entry : a->entry > b->entry;
}

static void keep(struct search *s, const struct found *f)
{
	unsigned at = s->count;

	while (at > 0 && is_better(f, &s->best[at - 1]))
		at--;
	if (at == FOUND_MAX)
		return;
	if (s->count < FOUND_MAX)
		s->count++;
	memmove(&s->best[at + 1], &s->best[at], (s->count - 1 - at) * sizeof(*f));
	s->best[at] = *f;
}

static int try_once(struct search *s, struct try *how, struct tried *ret)
{
	struct finder *f = s->finder;
	unsigned aborts = probe_aborts(s->probe);
	int r;

	f->tries++;
	how->blocks = BLOCKS_SHORT;
	r = probe_try(s->probe, how, ret);
	f->blocks += ret->blocks;
	f->translated += ret->translated;
	if (r == 0 && ret->blocks > BLOCKS_SHORT && f->longs < LONG_BLOCKS &&
	    (ret->made > 0 || probe_changed(s->probe) * PER_CHANGE > BLOCKS_SHORT)) {
		how->blocks = BLOCKS_LONG;
		r = probe_try(s->probe, how, ret);
		f->longs += ret->blocks;
		f->blocks += ret->blocks;
	}
	f->aborts += probe_aborts(s->probe) - aborts;
	return r;
}

/* -EIO, or the score. */
static int try(struct search *s, const struct candidate *c, unsigned registers)
{
	bool x86 = s->language == LANGUAGE_X86 || s->language == LANGUAGE_X86_64;
	struct try how = { .entry = c->at, .thumb = c->thumb, .registers = registers };
	struct found found = { .entry = c->at, .thumb = c->thumb, .edge = c->edge, .batch = c->batch, .registers = (uint8_t)registers };
	struct tried *t = &found.tried, other;

	if (try_once(s, &how, t) < 0)
		return -EIO;
	found.score = score(t);
	/* it calls a kernel, but not this one? */
	if (x86 && found.score < PERFECT && t->made > 0) {
		how.bsd = true;
		if (try_once(s, &how, &other) < 0)
			return -EIO;
		if (score(&other) > found.score) {
			*t = other;
			found.score = score(t);
			found.bsd = true;
		}
	}
	found.language = named(s, t);
	if (s->wanted != LANGUAGE_AUTO && s->wanted != found.language)
		return found.score;
	if (found.score > 0)
		keep(s, &found);
	/* a beginning that calls, as what looks for its connection does, may come further where there is one */
	if (found.entry == 0 && t->made > 0 && (s->begun.score == 0 || found.score > s->begun.score)) {
		s->begun = found;
		s->begun.score = found.score > 0 ? found.score : 1;
	}
	return found.score;
}

static bool spent(const struct finder *f)
{
	return f->tries >= f->tries_max || f->aborts >= ABORTS_MAX || f->translated >= f->tries_max * PER_TRY;
}

static int try_others(struct search *s, const struct candidate *c)
{
	int r = 0;

	for (unsigned registers = RAW_CALLED; registers < RAW_REGISTERS_COUNT && r >= 0; registers++)
		r = try(s, c, registers);
	return r;
}

/*
 * What did well, and what begins clearly before the best of it, with other registers too: code that wants a frame, and
 * finds none, comes to nothing at its beginning but may make sense later.
 */
static int vary(struct search *s)
{
	const struct candidates *c = &s->finder->candidates;
	const struct found best = s->count > 0 ? s->best[0] : (struct found){ 0 };
	struct candidate again[RETRIED];
	unsigned count = 0;
	int r = 0;

	for (unsigned i = 0; i < s->count && count < RETRIED; i++)
		again[count++] = (struct candidate){ .at = s->best[i].entry, .thumb = s->best[i].thumb, .edge = s->best[i].edge,
			.batch = s->best[i].batch };
	for (unsigned i = 0, edges = 0; i < c->count && edges < RETRIED && r >= 0; i++)
		if (c->of[i].edge > 1 && c->of[i].batch == best.batch && c->of[i].at < best.entry) {
			edges++;
			r = try_others(s, &c->of[i]);
		}
	for (unsigned i = 0; i < count && r >= 0; i++)
		if (best.score < PERFECT)
			r = try_others(s, &again[i]);
	return r;
}

static int search_one(struct search *s, struct bytes payload)
{
	struct finder *f = s->finder;
	unsigned signs = candidates_find(s->language, payload, &f->candidates);
	uint64_t done = 0;
	int r = 0;

	probe_load(s->probe, payload);
	/* nothing to see, and not asked for by name: letters are tried on every processor that reads them */
	if (signs == 0 && s->wanted == LANGUAGE_AUTO && f->candidates.count == 1)
		return 0;
	f->tries_all += f->tries;
	f->tries = f->aborts = 0;
	f->longs = f->blocks = f->translated = 0;
	for (unsigned i = 0; i < f->candidates.count && !spent(f); i++) {
		const struct candidate *c = &f->candidates.of[i];

		/* what does well is compared with what begins near it: late in code, part of it still makes sense */
		if (i > 0 && s->count > 0 && s->best[0].score >= PERFECT) {
			done = done != 0 ? done : f->blocks;
			if (c->batch != s->best[0].batch || f->blocks - done > COMPARED_BLOCKS)
				break;
		}
		if ((r = try(s, c, c->letters ? RAW_POINTING : RAW_ZERO)) < 0)
			return r;
		/* the payload's own beginning is the likeliest */
		if (i == 0 && r < PERFECT && (r = try_others(s, c)) < 0)
			return r;
		/* and leaves the others their share */
		if (i == 0)
			f->translated = 0;
		if (s->beginning)
			return 0;
	}
	return s->count > 0 && s->best[0].entry == 0 && s->best[0].score >= PERFECT ? 0 : vary(s);
}

/* What did anything from the payload's beginning is among those that are run, however well parts of it did. */
static void keep_beginning(struct search *s)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->best[i].entry == 0 && s->best[i].language == s->begun.language)
			return;
	if (s->begun.score == 0 || s->count == 0)
		return;
	if (s->count < FOUND_MAX)
		s->count++;
	s->best[s->count - 1] = s->begun;
}

/* The processor that runs a language, and the other one that a server with it runs too, or that is taken for it. */
static void processors_of(enum language l, enum language ret[2])
{
	static const struct { enum language named, first, second; } rows[] = {
		{ LANGUAGE_X86, LANGUAGE_X86, LANGUAGE_X86_64 }, { LANGUAGE_X86_64, LANGUAGE_X86_64, LANGUAGE_X86 },
		{ LANGUAGE_WIN_X86, LANGUAGE_X86, LANGUAGE_X86_64 }, { LANGUAGE_WIN_X86_64, LANGUAGE_X86_64, LANGUAGE_X86 },
		{ LANGUAGE_ARM, LANGUAGE_ARM, LANGUAGE_AARCH64 }, { LANGUAGE_AARCH64, LANGUAGE_AARCH64, LANGUAGE_ARM },
		{ LANGUAGE_MIPS, LANGUAGE_MIPS, LANGUAGE_MIPSEL }, { LANGUAGE_MIPSEL, LANGUAGE_MIPSEL, LANGUAGE_MIPS },
	};

	ret[0] = l;
	ret[1] = LANGUAGE_COUNT;
	for (unsigned i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].named == l) {
			ret[0] = rows[i].first;
			ret[1] = rows[i].second;
		}
}

/* Searches on one processor. -EIO, or the score of the best. */
static int search_on(struct search *s, enum language processor, struct bytes payload)
{
	struct finder *f = s->finder;

	for (unsigned i = 0; i < COUNT_OF(processors); i++) {
		int r;

		if (processors[i] != processor || f->probes[i] == NULL)
			continue;
		s->language = processor;
		s->probe = f->probes[i];
		if ((r = search_one(s, payload)) < 0) {
			probe_close(s->probe);
			f->probes[i] = NULL;
			return r;
		}
	}
	return s->count > 0 ? s->best[0].score : 0;
}

int finder_search(struct finder *f, enum language language, struct bytes payload, struct found ret[FOUND_MAX])
{
	struct search s = { .finder = f, .wanted = language };
	enum language two[2];
	int r = 0;

	if (payload.left > PROBE_CODE_MAX)
		payload.left = PROBE_CODE_MAX;
	f->tries = f->tries_all = 0;
	f->tries_max = language == LANGUAGE_AUTO ? TRIES_AUTO : TRIES_MAX;
	processors_of(language, two);
	/* the other processor's code may make sense on this one in a part of it; from its beginning hardly more than once */
	if (language != LANGUAGE_AUTO && (r = search_on(&s, two[0], payload)) >= 0 &&
	    (r < PERFECT || s.best[0].entry != 0 || s.best[0].tried.acts == 1)) {
		s.beginning = r >= PERFECT;
		f->tries_max = TRIES_AUTO;
		s.wanted = LANGUAGE_AUTO;
		r = search_on(&s, two[1], payload);
	}
	for (unsigned i = 0; i < COUNT_OF(processors) && language == LANGUAGE_AUTO && r >= 0 && r < PERFECT; i++)
		r = search_on(&s, processors[i], payload);
	if (r < 0)
		return r;
	keep_beginning(&s);
	memcpy(ret, s.best, s.count * sizeof(*ret));
	return (int)s.count;
}
