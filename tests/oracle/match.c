/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The matcher against a plain one: random rules on random buffers, each rule worked out by trying every placement of
 * every content, without Hyperscan, candidates, steps or just-in-time code.
 *
 * usage: oracle_match [ROUNDS [SEED]]
 */
#include "config/rules/ast.h"
#include "tests/unit/match_harness.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { RULES = 12, TEXT = 48 };

static uint64_t random_state = 1;

static unsigned pick(unsigned below)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(random_state >> 33) % below;
}

/* The plain matcher */

static bool equal_at(const struct content *t, const uint8_t *at)
{
	for (size_t i = 0; i < t->bytes.left; i++)
		if ((t->nocase ? tolower(at[i]) : at[i]) != t->bytes.at[i])
			return false;
	return true;
}

static bool content_may_stand(const struct condition *c, struct bytes b, long base, long p)
{
	const struct content *t = &c->content;
	long len = (long)t->bytes.left, end = p + len;
	long from = c->relative ? base + (t->has_distance ? t->distance : 0) : 0;

	if (end > (long)b.left || p < from || p < 0)
		return false;
	if (t->has_offset && p < t->offset)
		return false;
	if (t->has_depth && end > (c->relative ? base : 0) + t->offset + t->depth)
		return false;
	if (t->has_within && end > from + t->within)
		return false;
	if (t->ends_with && end != (long)b.left)
		return false;
	return equal_at(t, b.at + p);
}

/* Where a match that begins at p ends, or -1. */
static long match_end(const struct condition *c, struct bytes b, long base, long p)
{
	if (c->kind == CONDITION_CONTENT)
		return content_may_stand(c, b, base, p) ? p + (long)c->content.bytes.left : -1;
	long start = c->relative ? base : 0, end = -1;
	if (p < start)
		return -1;
	pcre2_match_data *found = pcre2_match_data_create(1, NULL);
	if (pcre2_match(c->pcre.code, b.at + start, b.left - (size_t)start, (PCRE2_SIZE)(p - start),
	                PCRE2_ANCHORED | PCRE2_NO_JIT, found, NULL) > 0)
		end = start + (long)pcre2_get_ovector_pointer(found)[1];
	pcre2_match_data_free(found);
	return end;
}

static bool size_holds(const struct condition *c, size_t n)
{
	switch (c->size.relation) {
	case SIZE_EQUAL:
		return n == c->size.low;
	case SIZE_LESS:
		return n < c->size.low;
	case SIZE_MORE:
		return n > c->size.low;
	case SIZE_BETWEEN:
		return n > c->size.low && n < c->size.high;
	default:
		return false;
	}
}

/* The byte that byte_test and byte_jump of this test read, or -1. */
static int byte_at(const struct byte_number *n, struct bytes b, long base)
{
	long at = base + n->offset;
	return at < 0 || at >= (long)b.left ? -1 : b.at[at];
}

static bool holds(const struct condition *c, unsigned count, struct bytes b, long base)
{
	if (count == 0)
		return true;
	if (c->kind == CONDITION_SIZE)
		return size_holds(c, b.left) && holds(c + 1, count - 1, b, base);
	if (c->kind == CONDITION_DATA_AT) {
		long at = c->relative ? base + c->data_at.offset - 1 : c->data_at.offset;
		return (at < (long)b.left) != c->negated && holds(c + 1, count - 1, b, base);
	}
	if (c->kind == CONDITION_BYTE_TEST) {
		int n = byte_at(&c->byte_test.number, b, c->relative ? base : 0);
		return n >= 0 && (n > (int)c->byte_test.value) != c->negated && holds(c + 1, count - 1, b, base);
	}
	bool any = false;
	for (long p = 0; p <= (long)b.left; p++) {
		long end = match_end(c, b, base, p);
		any |= end >= 0;
		if (end >= 0 && !c->negated && holds(c + 1, count - 1, b, end))
			return true;
	}
	return c->negated && !any && holds(c + 1, count - 1, b, base);
}

static bool rule_holds(const struct harness *h, const struct rule *r)
{
	for (unsigned o = FROM_CLIENT; o <= FROM_SERVER; o++) {
		bool all = r->orientations[o];
		for (unsigned i = 0; all && i < r->groups_count; i++) {
			const struct rule_group *g = &r->groups[i];
			enum direction side = buffer_side(g->view.buffer, (enum direction)o);
			all = h->have[side][g->view.buffer] &&
			      holds(r->conditions + g->first, g->count, h->buffers[side][g->view.buffer], 0);
		}
		if (all)
			return true;
	}
	return false;
}

/* Random rules and buffers */

static void word(char *to, unsigned most)
{
	unsigned len = 1 + pick(most);

	for (unsigned i = 0; i < len; i++)
		to[i] = "aabcAB"[pick(6)];
	to[len] = '\0';
}

static size_t random_content(char *to, size_t size, bool first)
{
	char text[8];
	size_t n;

	word(text, 3);
	unsigned len = (unsigned)strlen(text);
	bool negated = !first && pick(5) == 0;
	n = (size_t)snprintf(to, size, "content:%s\"%s\"; ", negated ? "!" : "", text);
	if (pick(3) == 0)
		n += (size_t)snprintf(to + n, size - n, "nocase; ");
	if (!first && pick(2) == 0)
		n += (size_t)snprintf(to + n, size - n, "distance:%d; ", (int)pick(8) - 3);
	if (!first && pick(2) == 0)
		n += (size_t)snprintf(to + n, size - n, "within:%u; ", len + pick(6));
	if (pick(5) == 0)
		n += (size_t)snprintf(to + n, size - n, "offset:%u; ", pick(5));
	if (pick(5) == 0)
		n += (size_t)snprintf(to + n, size - n, "depth:%u; ", len + pick(9));
	if (pick(8) == 0)
		n += (size_t)snprintf(to + n, size - n, "endswith; ");
	return n;
}

static size_t random_other(char *to, size_t size)
{
	static const char *const expressions[] = { "a+b", "^b", "[bc]a?c", "c$", "(?:ab|ca)+", "a.c", "b{2,3}" };

	switch (pick(5)) {
	case 0:
		return (size_t)snprintf(to, size, "pcre:%s\"/%s/%s%s\"; ", pick(4) == 0 ? "!" : "",
		                        expressions[pick(COUNT_OF(expressions))], pick(2) ? "i" : "", pick(2) ? "R" : "");
	case 1:
		return (size_t)snprintf(to, size, "isdataat:%s%u%s; ", pick(3) == 0 ? "!" : "", 1 + pick(20),
		                        pick(2) ? ",relative" : "");
	case 2:
		return (size_t)snprintf(to, size, "byte_test:1,%s>,97,%d%s; ", pick(3) == 0 ? "!" : "", (int)pick(4) - 1,
		                        pick(2) ? ",relative" : "");
	case 3:
		return (size_t)snprintf(to, size, "bsize:%s%u; ", pick(2) ? "<" : ">", pick(TEXT));
	default:
		return random_content(to, size, false);
	}
}

static size_t random_rule(char *to, size_t size, unsigned sid)
{
	static const char *const buffers[] = { "http.uri", "http.request_body", "file.data", "http.header", "http.cookie" };
	size_t n = (size_t)snprintf(to, size, "alert http any any -> any any (");

	for (unsigned groups = 1 + pick(2); groups > 0; groups--) {
		n += (size_t)snprintf(to + n, size - n, "%s; ", buffers[pick(COUNT_OF(buffers))]);
		n += random_content(to + n, size - n, pick(8) != 0);
		for (unsigned more = pick(4); more > 0; more--)
			n += pick(2) ? random_content(to + n, size - n, false) : random_other(to + n, size - n);
	}
	return n + (size_t)snprintf(to + n, size - n, "sid:%u;)\n", sid);
}

static void random_buffers(struct harness *h, char text[][TEXT])
{
	static const struct {
		enum direction side;
		enum buffer buffer;
	} filled[] = {
		{ FROM_CLIENT, BUFFER_HTTP_URI }, { FROM_CLIENT, BUFFER_HTTP_REQUEST_BODY }, { FROM_SERVER, BUFFER_FILE_DATA },
		{ FROM_CLIENT, BUFFER_HTTP_HEADER }, { FROM_SERVER, BUFFER_HTTP_HEADER }, { FROM_CLIENT, BUFFER_HTTP_COOKIE },
	};

	for (unsigned i = 0; i < COUNT_OF(filled); i++) {
		word(text[i], TEXT - 1);
		harness_set(h, filled[i].side, filled[i].buffer, pick(8) == 0 ? NULL : text[i]);
	}
}

/* Compares both on one set of rules; returns the number of differences. */
static unsigned one_round(unsigned *fired)
{
	static char rules[RULES * 2048];
	char text[8][TEXT], expected[1024];
	size_t len = 0;
	unsigned wrong = 0;

	for (unsigned i = 0; i < RULES; i++)
		len += random_rule(rules + len, sizeof(rules) - len, i + 1);
	struct harness *h = harness_new(rules);
	for (unsigned t = 0; t < 40; t++) {
		bool want[RULES + 1] = { false }, got[RULES + 1] = { false };
		random_buffers(h, text);
		h->piece = pick(2) ? 0 : 1 + pick(20);
		for (unsigned i = 0; i < rule_set_count(h->rules); i++)
			want[rule_set_at(h->rules, i)->sid] = rule_holds(h, rule_set_at(h->rules, i));
		snprintf(expected, sizeof(expected), "%s", harness_run(h));
		for (char *word = strtok(expected, " "); word != NULL; word = strtok(NULL, " "))
			got[atoi(word)] = true;
		for (unsigned i = 1; i <= RULES; i++) {
			*fired += want[i];
			if (want[i] == got[i])
				continue;
			wrong++;
			fprintf(stderr, "rule %u %s\n%suri %s body %s file %s headers %s %s cookie %s\n", i,
			        got[i] ? "fires and should not" : "should fire", rules, text[0], text[1], text[2], text[3], text[4],
			        text[5]);
		}
	}
	harness_free(h);
	return wrong;
}

int main(int argc, char **argv)
{
	unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 100, wrong = 0, fired = 0;

	random_state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	for (unsigned i = 0; i < rounds && wrong == 0; i++)
		wrong += one_round(&fired);
	printf("%u rounds of %d rules, %u matches, %u differences\n", rounds, RULES, fired, wrong);
	return wrong == 0 && fired > 0 ? 0 : 1;
}
