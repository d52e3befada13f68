/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc scan: where IOCs match. One sample at a time: memory does not grow with the logs. */
#include "control/iocgen/jail.h"
#include "control/iocgen/logs.h"
#include "control/iocgen/matcher.h"
#include "control/iocgen/ioc.h"
#include "control/iocgen/normal.h"
#include "control/iocgen/read/read.h"
#include "control/iocgen/verb.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t file_max = (size_t)1 << 30;

struct scanning {
	struct ioc_set *set;
	struct matcher *matcher;
	struct pattern *patterns; /* of all IOCs, each once */
	uint32_t *places;         /* of pattern p of IOC i: places[i * IOC_PATTERNS_MAX + p] */
	uint32_t patterns_count;
	struct bytes *matched;    /* of a pattern: what it matched in this sample; NULL: nothing yet */
	uint32_t *touched, touched_count;
	uint32_t **iocs_of, *iocs_of_count; /* of a pattern: the IOCs that hold it */
	uint8_t *kept;            /* values that matched in this sample */
	size_t kept_used;
	char name[SAMPLE_NAME_MAX + 1];
	size_t name_len;
	struct bytes value;
	bool json, failed;
	uint64_t samples, matching, hits, bad, dropped;
};

enum { KEPT_MAX = 1 << 20 }; /* bytes of matching values of one sample */

static int on_hit(void *to, uint32_t p)
{
	struct scanning *s = to;

	if (s->matched[p].at != NULL)
		return 0;
	if (s->kept_used + s->value.left > KEPT_MAX) {
		s->dropped++;
		return 0;
	}
	memcpy(s->kept + s->kept_used, s->value.at, s->value.left);
	s->matched[p] = bytes_of(s->kept + s->kept_used, s->value.left);
	s->kept_used += s->value.left;
	s->touched[s->touched_count++] = p;
	return 0;
}

static int sample_begin(void *to, const struct sample *sample)
{
	struct scanning *s = to;

	s->name_len = sample->name.left;
	memcpy(s->name, sample->name.at, s->name_len);
	s->samples++;
	progress_tell(NULL, "scanning, samples", s->samples, 0);
	return 0;
}

static int sample_artefact(void *to, const struct artefact *a)
{
	struct scanning *s = to;
	uint8_t text[ARTEFACT_VALUE_MAX];
	struct sink sink = sink_over(text, sizeof(text));
	struct bytes value = a->value;

	if (value.left > ARTEFACT_VALUE_MAX - 64)
		value.left = ARTEFACT_VALUE_MAX - 64;
	if (artefact_normalise(a->kind, value, &sink) < 0)
		return 0;
	s->value = bytes_of(text, sink.used);
	return matcher_scan(s->matcher, a->kind, action_class_of(a->kind, a->action), s->value, on_hit, s);
}

static void print_hit(struct scanning *s, const struct ioc *c, struct bytes artefact)
{
	json_t *o;

	if (!s->json) {
		char text[32];

		snprintf(text, sizeof(text), "%s", c->id);
		printf("%.*s\t%.*s\t%s\t%.*s\n", (int)s->name_len, s->name, (int)c->family.left, (const char *)c->family.at, text,
		       (int)artefact.left, (const char *)artefact.at);
		return;
	}
	o = json_pack("{s:o, s:o, s:s, s:o}", "sample", json_stringn_nocheck(s->name, s->name_len), "family",
	              json_stringn_nocheck((const char *)c->family.at, c->family.left), "ioc", c->id, "artefact",
	              json_stringn_nocheck((const char *)artefact.at, artefact.left));
	s->failed |= json_dumpf(o, stdout, JSON_COMPACT) < 0 || putchar('\n') == EOF;
	json_decref(o);
}

static int compare_numbers(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* An IOC is told by its first pattern, once all of its patterns have matched. */
static int sample_end(void *to)
{
	struct scanning *s = to;
	uint64_t before = s->hits;

	qsort(s->touched, s->touched_count, sizeof(*s->touched), compare_numbers);
	for (uint32_t t = 0; t < s->touched_count; t++) {
		uint32_t p = s->touched[t];

		for (uint32_t i = 0; i < s->iocs_of_count[p]; i++) {
			const struct ioc *c = &s->set->iocs[s->iocs_of[p][i]];
			bool all = true;

			for (unsigned k = 0; k < c->patterns_count; k++)
				all &= s->matched[s->places[s->iocs_of[p][i] * IOC_PATTERNS_MAX + k]].at != NULL;
			if (all && s->places[s->iocs_of[p][i] * IOC_PATTERNS_MAX] == p) {
				print_hit(s, c, s->matched[p]);
				s->hits++;
			}
		}
	}
	for (uint32_t t = 0; t < s->touched_count; t++)
		s->matched[s->touched[t]] = bytes_of(NULL, 0);
	s->touched_count = 0;
	s->kept_used = 0;
	s->matching += s->hits > before;
	return s->failed ? -EIO : 0;
}

static void bad(void *to, const char *file, uint64_t line, const char *why)
{
	struct scanning *s = to;

	if (s->bad++ < 20)
		fprintf(stderr, "konseki ioc scan: %s:%" PRIu64 ": %s\n", file, line, why);
}

static int hold(struct scanning *s, uint32_t pattern, uint32_t ioc)
{
	uint32_t n = s->iocs_of_count[pattern], *list = realloc(s->iocs_of[pattern], ((size_t)n + 1) * sizeof(*list));

	if (list == NULL)
		return -ENOMEM;
	list[n] = ioc;
	s->iocs_of[pattern] = list;
	s->iocs_of_count[pattern] = n + 1;
	return 0;
}

/* Every pattern once: IOCs may share some. */
static int list_patterns(struct scanning *s)
{
	size_t room = s->set->count * IOC_PATTERNS_MAX + 1;
	struct names keys = { 0 };
	uint8_t key[16384];
	int r = 0;

	s->patterns = calloc(room, sizeof(*s->patterns));
	s->places = calloc(room, sizeof(*s->places));
	s->matched = calloc(room, sizeof(*s->matched));
	s->touched = calloc(room, sizeof(*s->touched));
	s->iocs_of = calloc(room, sizeof(*s->iocs_of));
	s->iocs_of_count = calloc(room, sizeof(*s->iocs_of_count));
	s->kept = malloc(KEPT_MAX);
	if (s->patterns == NULL || s->places == NULL || s->matched == NULL || s->touched == NULL || s->iocs_of == NULL ||
	    s->iocs_of_count == NULL || s->kept == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < s->set->count && r == 0; i++) {
		const struct ioc *c = &s->set->iocs[i];

		for (unsigned k = 0; k < c->patterns_count && r == 0; k++) {
			struct sink to = sink_over(key, sizeof(key));
			uint32_t id;

			sink_u8(&to, (uint8_t)c->patterns[k].kind);
			sink_u8(&to, (uint8_t)c->patterns[k].action);
			if ((r = pattern_regex(&c->patterns[k], &to)) < 0 || (r = names_add(&keys, bytes_of(key, to.used), &id)) < 0)
				break;
			if (id == s->patterns_count)
				s->patterns[s->patterns_count++] = c->patterns[k];
			s->places[i * IOC_PATTERNS_MAX + k] = id;
			if (k == 0)
				r = hold(s, id, i);
		}
	}
	names_fini(&keys);
	return r;
}

static void scanning_fini(struct scanning *s)
{
	for (uint32_t p = 0; p < s->patterns_count; p++)
		free(s->iocs_of[p]);
	matcher_free(s->matcher);
	ioc_set_free(s->set);
	free(s->patterns);
	free(s->places);
	free(s->matched);
	free(s->touched);
	free(s->iocs_of);
	free(s->iocs_of_count);
	free(s->kept);
}

static int read_iocs(struct scanning *s, const char *name)
{
	FILE *f = fopen(name, "re");
	char *text = NULL;
	const char *why = NULL;
	size_t len = 0, room = 0;
	uint32_t which = 0;
	int r = 0;

	if (f == NULL)
		return ioc_cannot("scan", "%s: %s", name, strerror(errno));
	for (size_t n = 1; n > 0 && r == 0; len += n) {
		if (room - len < 65536) {
			char *more = realloc(text, room = room * 2 + 131072);

			if (more == NULL || room > file_max)
				r = -ENOMEM;
			text = more != NULL ? more : text;
		}
		n = r == 0 ? fread(text + len, 1, room - len, f) : 0;
	}
	if (r == 0 && ferror(f))
		r = -EIO;
	fclose(f);
	if (r == 0)
		r = ioc_set_read(bytes_of(text, len), &s->set, &why);
	free(text);
	if (r == -EBADMSG)
		return ioc_cannot("scan", "%s: no IOCs of `konseki ioc generate`: %s", name, why);
	if (r == 0)
		r = list_patterns(s);
	if (r == 0 && (r = matcher_new(s->patterns, s->patterns_count, &s->matcher, &which)) == -EINVAL)
		return ioc_cannot("scan", "%s: pattern %u is too large to be matched", name, which);
	return r < 0 ? ioc_cannot("scan", "%s: %s", name, strerror(-r)) : EXIT_DONE;
}

static int scan_logs(struct scanning *s, char **paths, int count)
{
	const struct sample_sink sink = { sample_begin, sample_artefact, sample_end, bad, s };
	int code = EXIT_DONE;

	for (int i = 0; i < count; i++) {
		const struct read_given given = { .path = paths[i], .otherwise = { .day = DAY_NONE } };
		int r = read_open(&given, &sink);

		progress_tell(NULL, NULL, 0, 0);
		if (s->failed)
			return ioc_cannot("scan", "the output cannot be written");
		if (r == -ENOMEM)
			return ioc_cannot("scan", "%s: no memory left", paths[i]);
		if (r < 0)
			code = ioc_no("scan", "%s: %s", paths[i], r == -EPROTO ? "no behaviour log that we know" : strerror(-r));
	}
	return s->bad > 0 ? EXIT_NO : code;
}

int ioc_scan(int argc, char **argv)
{
	static const struct option longs[] = { { "iocs", required_argument, NULL, 'i' }, { "json", no_argument, NULL, 'j' }, { 0 } };
	struct scanning s = { 0 };
	const char *iocs = NULL;
	int option, code, r;

	while ((option = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
		if (option == 'i')
			iocs = optarg;
		else if (option == 'j')
			s.json = true;
		else
			return ioc_bad_option("scan", option, argv);
	}
	if (iocs == NULL)
		return ioc_usage("scan", "--iocs FILE says what to look for");
	if (optind == argc)
		return ioc_usage("scan", "no log is named");
	if ((r = jail_enter()) < 0)
		return ioc_cannot("scan", "cannot give up powers: %s", strerror(-r));
	code = read_iocs(&s, iocs);
	if (code == EXIT_DONE)
		code = scan_logs(&s, argv + optind, argc - optind);
	if (fflush(stdout) != 0)
		code = ioc_cannot("scan", "the output cannot be written");
	if (code != EXIT_CANNOT)
		fprintf(stderr, "konseki ioc scan: %" PRIu64 " of %" PRIu64 " samples match, %" PRIu64 " hits%s\n", s.matching, s.samples, s.hits,
		        s.bad > 0 ? "; bad records were passed over" : "");
	scanning_fini(&s);
	return code;
}
