/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two ways to find literals in a flow that comes in pieces: streaming mode, which keeps a state for each flow and buffer,
 * and block mode over each piece and what came before it. usage: bench_match [PATTERNS]   prints both in bytes a CPU second
 */
#include <hs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	PIECE = 1460, BEFORE = 256, TEXT = 64 << 20,
	PATTERNS_MAX = 20000, LITERAL_MIN = 6, LITERAL_MAX = 16,
};

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *count)
{
	++*(unsigned long *)count;
	return 0;
}

static unsigned chance(unsigned long *seed)
{
	*seed = *seed * 6364136223846793005ul + 1442695040888963407ul;
	return (unsigned)(*seed >> 33);
}

static hs_database_t *compile(unsigned count, unsigned mode)
{
	char **texts = calloc(count, sizeof(*texts));
	unsigned *ids = calloc(count, sizeof(*ids)), *flags = calloc(count, sizeof(*flags));
	size_t *lens = calloc(count, sizeof(*lens));
	unsigned long seed = 7;
	hs_compile_error_t *why = NULL;
	hs_database_t *db = NULL;

	for (unsigned i = 0; i < count; i++) {
		lens[i] = LITERAL_MIN + chance(&seed) % (LITERAL_MAX - LITERAL_MIN);
		texts[i] = calloc(1, LITERAL_MAX + 1);
		for (size_t k = 0; k < lens[i]; k++)
			texts[i][k] = (char)('a' + chance(&seed) % 26);
		ids[i] = i;
		flags[i] = HS_FLAG_SINGLEMATCH;
	}
	if (hs_compile_lit_multi((const char *const *)texts, flags, ids, lens, count, mode, NULL, &db, &why) != HS_SUCCESS)
		exit(3);
	for (unsigned i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
	free(ids);
	free(flags);
	free(lens);
	return db;
}

static double cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void scan_pieces(hs_database_t *db, hs_stream_t *stream, hs_scratch_t *scratch, const char *text, unsigned long *found)
{
	for (size_t at = 0; at < TEXT; at += PIECE) {
		size_t len = TEXT - at < PIECE ? TEXT - at : PIECE, before = at < BEFORE ? at : BEFORE;

		if (stream != NULL)
			hs_scan_stream(stream, text + at, (unsigned)len, 0, scratch, on_match, found);
		else
			hs_scan(db, text + at - before, (unsigned)(before + len), 0, scratch, on_match, found);
	}
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned)atoi(argv[1]) : 5000;
	char *text = malloc(TEXT);
	unsigned long seed = 1, found = 0;
	double spent[2];
	size_t state = 0;

	if (count == 0 || count > PATTERNS_MAX || text == NULL)
		return 2;
	for (size_t i = 0; i < TEXT; i++)
		text[i] = (char)(chance(&seed) % 6 == 0 ? ' ' : 'a' + chance(&seed) % 26);
	for (unsigned way = 0; way < 2; way++) {
		hs_database_t *db = compile(count, way == 0 ? HS_MODE_STREAM : HS_MODE_BLOCK);
		hs_scratch_t *scratch = NULL;
		hs_stream_t *stream = NULL;

		if (hs_alloc_scratch(db, &scratch) != HS_SUCCESS || (way == 0 && hs_open_stream(db, 0, &stream) != HS_SUCCESS))
			return 3;
		if (way == 0)
			hs_stream_size(db, &state);
		spent[way] = cpu_now();
		scan_pieces(db, stream, scratch, text, &found);
		spent[way] = cpu_now() - spent[way];
		if (stream != NULL)
			hs_close_stream(stream, scratch, NULL, NULL);
		hs_free_scratch(scratch);
		hs_free_database(db);
	}
	printf("{\"patterns\": %u, \"stream\": %.0f, \"block\": %.0f, \"stream_state_bytes\": %zu, \"found\": %lu}\n", count,
	       TEXT / spent[0], TEXT / spent[1], state, found);
	free(text);
	return 0;
}
