/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The search: candidates tried in order of promise, the best kept, each bound a count. */
#include "emu/shellcode/find.h"

#include "emu/kernel/kernel.h"
#include "emu/shellcode/signs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	TRIES_MAX = 420,        /* of one processor in one search: some ten microseconds each */
	TRIES_AUTO = 160,       /* the same where the processor is not known */
	ABORTS_MAX = 8,         /* tries that the translator cannot stand: each costs a new engine */
	BLOCKS_SHORT = 1500,    /* enough to see whether a beginning is one */
	BLOCKS_LONG = 200000,   /* for what decodes itself */
	LONG_MAX = 12,          /* tries of that length in one search */
	RETRIED = 6,            /* of the best candidates, with other registers too */
	PERFECT = 1000,
};

static const enum language processors[] = { LANGUAGE_X86, LANGUAGE_X86_64, LANGUAGE_ARM, LANGUAGE_AARCH64, LANGUAGE_MIPS,
	LANGUAGE_MIPSEL, LANGUAGE_POWERPC };

struct finder {
	struct probe *probes[COUNT_OF(processors)];
	struct candidates candidates;
	unsigned tries, tries_max, longs, aborts;
};

/* One search on one processor. */
struct search {
	struct finder *finder;
	struct probe *probe;
	enum language language, wanted;
	bool edge;
	unsigned count;
	struct found best[FOUND_MAX];
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
	return f->tries;
}

/* 0: no behaviour. What acts once, and makes no odd call besides, does better than what acts often among odd ones. */
static int score(const struct tried *t, bool edge)
{
	enum { WINDOWS_ENOUGH = 4, MODULES = 40, ACT = 8, SANE = 4, ODD = 6, DECODED = 4, EDGE = 1 };
	int v = 0;

	if (t->windows >= WINDOWS_ENOUGH)
		v += MODULES;
	else if (t->acts == 0 || t->odd >= t->sane)
		return 0;
	v += (int)t->acts * ACT + (int)t->sane * SANE - (int)t->odd * ODD + (t->decoded ? DECODED : 0) + (edge ? EDGE : 0);
	if (t->acts > 0 && t->odd == 0 && t->ended)
		v += PERFECT;
	return v > 0 ? v : 0;
}

static enum language named(const struct search *s, const struct tried *t)
{
	if (t->windows == 0 || t->acts > 0)
		return s->language;
	return s->language == LANGUAGE_X86 ? LANGUAGE_WIN_X86 : LANGUAGE_WIN_X86_64;
}

/* Equal ones: the later beginning is the one with less of something else before it. */
static void keep(struct search *s, const struct found *f)
{
	unsigned at = s->count;

	while (at > 0 && (s->best[at - 1].score < f->score ||
	    (s->best[at - 1].score == f->score && s->best[at - 1].registers == f->registers &&
	    s->best[at - 1].entry < f->entry)))
		at--;
	if (at == FOUND_MAX)
		return;
	if (s->count < FOUND_MAX)
		s->count++;
	memmove(&s->best[at + 1], &s->best[at], (s->count - 1 - at) * sizeof(*f));
	s->best[at] = *f;
}

/* -EIO, or the score. */
static int try(struct search *s, const struct candidate *c, unsigned registers)
{
	struct finder *f = s->finder;
	unsigned aborts = probe_aborts(s->probe);
	struct found found = { .entry = c->at, .registers = (uint8_t)registers };
	struct tried *t = &found.tried;

	f->tries++;
	if (probe_try(s->probe, c->at, registers, BLOCKS_SHORT, t) < 0)
		return -EIO;
	if (t->blocks > BLOCKS_SHORT && (t->decoded || t->wrote) && f->longs < LONG_MAX) {
		f->longs++;
		if (probe_try(s->probe, c->at, registers, BLOCKS_LONG, t) < 0)
			return -EIO;
	}
	f->aborts += probe_aborts(s->probe) - aborts;
	found.score = score(t, c->edge);
	found.language = named(s, t);
	found.bsd = t->bsd;
	if (found.score > 0 && (s->wanted == LANGUAGE_AUTO || s->wanted == found.language))
		keep(s, &found);
	return found.score;
}

static bool spent(const struct finder *f)
{
	return f->tries >= f->tries_max || f->aborts >= ABORTS_MAX;
}

/* The payload's beginning, and what did well, with other registers too. */
static int vary(struct search *s)
{
	const struct candidates *c = &s->finder->candidates;
	struct candidate again[RETRIED + 1];
	unsigned count = 0;

	again[count++] = c->of[0];
	for (unsigned i = 0; i < s->count && count < COUNT_OF(again); i++)
		if (s->best[i].entry != c->of[0].at)
			again[count++] = (struct candidate){ s->best[i].entry, s->best[i].score % 2 != 0, false };
	for (unsigned i = 0; i < count; i++)
		for (unsigned registers = RAW_CALLED; registers < RAW_REGISTERS_COUNT; registers++) {
			int r = try(s, &again[i], registers);

			if (r < 0 || r >= PERFECT)
				return r;
		}
	return 0;
}

static int search_one(struct search *s, struct bytes payload)
{
	struct finder *f = s->finder;
	unsigned signs = candidates_find(s->language, payload, &f->candidates);

	probe_load(s->probe, payload);
	/* nothing to see, and not asked for by name: letters are tried on every processor that reads them */
	if (signs == 0 && s->wanted == LANGUAGE_AUTO && f->candidates.count == 1)
		return 0;
	f->tries = f->longs = f->aborts = 0;
	for (unsigned i = 0; i < f->candidates.count && !spent(f); i++) {
		const struct candidate *c = &f->candidates.of[i];
		int r = try(s, c, c->letters ? RAW_POINTING : RAW_ZERO);

		if (r < 0)
			return r;
		if (r >= PERFECT && c->edge)
			return 0;
	}
	return s->count > 0 && s->best[0].score >= PERFECT ? 0 : vary(s);
}

static enum language processor_of(enum language l)
{
	return l == LANGUAGE_WIN_X86 ? LANGUAGE_X86 : l == LANGUAGE_WIN_X86_64 ? LANGUAGE_X86_64 : l;
}

int finder_search(struct finder *f, enum language language, struct bytes payload, struct found ret[FOUND_MAX])
{
	struct search s = { .finder = f, .wanted = language };
	unsigned tries = 0;

	f->tries_max = language == LANGUAGE_AUTO ? TRIES_AUTO : TRIES_MAX;
	if (payload.left > PROBE_CODE_MAX)
		payload.left = PROBE_CODE_MAX;
	for (unsigned i = 0; i < COUNT_OF(processors) && payload.left > 0; i++) {
		int r;

		if (f->probes[i] == NULL || (language != LANGUAGE_AUTO && processor_of(language) != processors[i]))
			continue;
		s.language = processors[i];
		s.probe = f->probes[i];
		f->tries = 0;
		r = search_one(&s, payload);
		tries += f->tries;
		if (r < 0) {
			probe_close(s.probe);
			f->probes[i] = NULL;
			return r;
		}
		if (s.count > 0 && s.best[0].score >= PERFECT)
			break;
	}
	f->tries = tries;
	memcpy(ret, s.best, s.count * sizeof(*ret));
	return (int)s.count;
}
