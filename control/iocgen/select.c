/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc select: which samples of a pool IOCs are to be made from, with the reason for each. */
#include "control/iocgen/jail.h"
#include "control/iocgen/labels.h"
#include "control/iocgen/normal.h"
#include "control/iocgen/plain.h"
#include "control/iocgen/read/read.h"
#include "control/iocgen/select/entry.h"
#include "control/iocgen/shown.h"
#include "control/iocgen/verb.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { POOL_MAX = 4 << 20, BAD_SHOWN = 20, SEEN_MAX = 64 << 10 };

struct selecting {
	const char *manifest, *plain, *labels_file;
	struct wish wish;
	bool by_process;
	FILE *manifest_to, *plain_to;
	struct labels *labels;
	struct entries pool;
	uint64_t *seen;            /* digests of the present sample's artefacts, 0: free */
	uint32_t windows, unix_;   /* of its artefacts */
	uint64_t bad;
	size_t second;             /* of the second reading: samples begun */
	struct plain plain_out;
	bool writing;
};

static void bad(void *to, const char *file, uint64_t line, const char *why)
{
	struct selecting *s = to;

	if (++s->bad <= BAD_SHOWN)
		fprintf(stderr, "konseki ioc select: %s:%llu: %s\n", file, (unsigned long long)line, why);
}

static void quiet(void *to, const char *file, uint64_t line, const char *why)
{
}

static int begin(void *to, const struct sample *given)
{
	struct selecting *s = to;
	struct sample sample = *given;
	struct entry *e;
	int r;

	(void)labels_apply(s->labels, &sample);
	if (s->pool.count == POOL_MAX)
		return -ENOSPC;
	if (s->pool.count == s->pool.size) {
		size_t size = s->pool.size != 0 ? 2 * s->pool.size : 256;
		struct entry *more = realloc(s->pool.at, size * sizeof(*more));

		if (more == NULL)
			return -ENOMEM;
		s->pool.at = more;
		s->pool.size = size;
	}
	e = &s->pool.at[s->pool.count];
	*e = (struct entry){ .day = sample.day, .label = sample.label };
	sketch_init(&e->sketch);
	if ((r = names_add(&s->pool.names, sample.name, &e->name)) < 0 || (r = names_add(&s->pool.names, sample.family, &e->family)) < 0 ||
	    (r = names_add(&s->pool.names, sample.source, &e->source)) < 0)
		return r;
	memset(s->seen, 0, SEEN_MAX * sizeof(*s->seen));
	s->windows = s->unix_ = 0;
	return 0;
}

/* A sample of the window may have more than the table holds: what comes then is not compared. */
static bool is_new(struct selecting *s, uint64_t digest, uint32_t matchable)
{
	size_t i = digest & (SEEN_MAX - 1);

	digest |= digest == 0;
	if (matchable > SEEN_MAX / 2)
		return false;
	while (s->seen[i] != 0 && s->seen[i] != digest)
		i = (i + 1) & (SEEN_MAX - 1);
	if (s->seen[i] == digest)
		return false;
	s->seen[i] = digest;
	return true;
}

static int artefact(void *to, const struct artefact *a)
{
	struct selecting *s = to;
	struct entry *e = &s->pool.at[s->pool.count];
	uint8_t text[ARTEFACT_VALUE_MAX + 64];
	struct sink sink = sink_over(text, sizeof(text));
	struct bytes value = a->value, normal;
	uint64_t digest;

	if (value.left > ARTEFACT_VALUE_MAX)
		value.left = ARTEFACT_VALUE_MAX;
	e->artefacts++;
	s->windows += a->kind == KIND_REGISTRY || (value.left > 1 && (value.at[1] == ':' || memchr(value.at, '\\', value.left) != NULL));
	s->unix_ += a->kind == KIND_FILE && value.left > 0 && *value.at == '/';
	if (!(s->wish.kinds >> a->kind & 1) || artefact_normalise(a->kind, value, &sink) < 0 || sink_done(&sink, &normal) < 0)
		return 0;
	digest = text_digest(normal, mix((uint64_t)a->kind, (uint64_t)action_class_of(a->kind, a->action)));
	if (is_new(s, digest, e->matchable)) {
		e->matchable++;
		sketch_add(&e->sketch, digest);
	}
	return 0;
}

static int end(void *to)
{
	struct selecting *s = to;
	struct entry *e = &s->pool.at[s->pool.count++];

	e->platform = s->windows > s->unix_ ? PLATFORM_WINDOWS : s->unix_ > 0 ? PLATFORM_UNIX : PLATFORM_UNKNOWN;
	return 0;
}

/* The second reading writes what was taken; samples come in the same order again. */
static int again_begin(void *to, const struct sample *given)
{
	struct selecting *s = to;
	struct sample sample = *given;

	if (s->second == s->pool.count)
		return -ESTALE;
	s->writing = s->pool.at[s->second++].reason <= TAKEN_ORDINARY;
	(void)labels_apply(s->labels, &sample);
	return s->writing ? plain_begin(&s->plain_out, &sample) : 0;
}

static int again_artefact(void *to, const struct artefact *a)
{
	struct selecting *s = to;

	return s->writing ? plain_artefact(&s->plain_out, a) : 0;
}

static int again_end(void *to)
{
	struct selecting *s = to;

	return s->writing ? plain_end(&s->plain_out) : 0;
}

static int parse_kinds(const char *text, uint32_t *ret)
{
	struct bytes rest = bytes_text(text), word;
	enum artefact_kind kind;

	*ret = 0;
	while (rest.left > 0) {
		size_t len = strcspn((const char *)rest.at, ",");

		word = bytes_of(rest.at, len);
		if (kind_find(word, &kind) < 0)
			return ioc_usage("select", "no such kind of artefact: %.*s", (int)len, (const char *)word.at);
		*ret |= 1u << kind;
		len += len < rest.left;
		rest = bytes_of(rest.at + len, rest.left - len);
	}
	return EXIT_DONE;
}

static int parse_number(const char *option, const char *text, unsigned *ret)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (end == text || *end != '\0' || v > INT32_MAX)
		return ioc_usage("select", "--%s takes a number, not %s", option, text);
	*ret = (unsigned)v;
	return EXIT_DONE;
}

static int parse_option(struct selecting *s, int c, const char *name, const char *value)
{
	char *end_of;

	switch (c) {
	case 'o':
		s->manifest = value;
		return EXIT_DONE;
	case 'P':
		s->plain = value;
		return EXIT_DONE;
	case 'l':
		s->labels_file = value;
		return EXIT_DONE;
	case 'p':
		s->by_process = true;
		return EXIT_DONE;
	case 's':
		s->wish.platform = strcmp(value, "windows") == 0 ? PLATFORM_WINDOWS : strcmp(value, "linux") == 0 ? PLATFORM_UNIX : PLATFORM_UNKNOWN;
		return s->wish.platform != PLATFORM_UNKNOWN ? EXIT_DONE : ioc_usage("select", "--platform is windows or linux, not %s", value);
	case 'k':
		return parse_kinds(value, &s->wish.kinds);
	case 'f':
	case 't':
		return day_parse(bytes_text(value), c == 'f' ? &s->wish.from : &s->wish.to) == 0 ? EXIT_DONE : ioc_usage("select", "no date: %s", value);
	case 'd':
		s->wish.likeness = strtod(value, &end_of);
		return end_of != value && *end_of == '\0' && s->wish.likeness > 0 && s->wish.likeness <= 2 ? EXIT_DONE :
			ioc_usage("select", "--likeness takes a share, not %s", value);
	case 'q':
		return parse_number(name, value, &s->wish.quota);
	case 'T':
		return parse_number(name, value, &s->wish.total);
	case 'm':
		return parse_number(name, value, &s->wish.least_matchable);
	default:
		return parse_number(name, value, &s->wish.least_family);
	}
}

static int parse(int argc, char **argv, struct selecting *s)
{
	static const struct option options[] = {
		{ "out", required_argument, NULL, 'o' }, { "plain", required_argument, NULL, 'P' }, { "labels", required_argument, NULL, 'l' },
		{ "by-process", no_argument, NULL, 'p' }, { "platform", required_argument, NULL, 's' }, { "kinds", required_argument, NULL, 'k' },
		{ "from", required_argument, NULL, 'f' }, { "to", required_argument, NULL, 't' }, { "likeness", required_argument, NULL, 'd' },
		{ "quota", required_argument, NULL, 'q' }, { "total", required_argument, NULL, 'T' }, { "least-artefacts", required_argument, NULL, 'm' },
		{ "least-family", required_argument, NULL, 'F' }, { 0 },
	};
	int c, at, r = EXIT_DONE;

	while (r == EXIT_DONE && (c = getopt_long(argc, argv, ":", options, &at)) != -1)
		r = c == '?' || c == ':' ? ioc_bad_option("select", c, argv) : parse_option(s, c, options[at].name, optarg);
	if (r != EXIT_DONE)
		return r;
	if (s->manifest == NULL || optind == argc)
		return ioc_usage("select", s->manifest == NULL ? "--out FILE says where the manifest goes" : "which logs?");
	for (int i = optind; i < argc && s->plain != NULL; i++) {
		if (strcmp(argv[i], "-") == 0)
			return ioc_usage("select", "--plain reads the logs twice: - cannot be");
	}
	return EXIT_DONE;
}

static int open_all(struct selecting *s)
{
	FILE *from;
	int r;

	if ((s->manifest_to = fopen(s->manifest, "we")) == NULL)
		return ioc_cannot("select", "%s: %s", s->manifest, strerror(errno));
	if (s->plain != NULL && (s->plain_to = fopen(s->plain, "we")) == NULL)
		return ioc_cannot("select", "%s: %s", s->plain, strerror(errno));
	if ((s->seen = malloc(SEEN_MAX * sizeof(*s->seen))) == NULL)
		return ioc_cannot("select", "no memory");
	if (s->labels_file != NULL) {
		if ((from = fopen(s->labels_file, "re")) == NULL)
			return ioc_cannot("select", "%s: %s", s->labels_file, strerror(errno));
		r = labels_read(from, s->labels_file, bad, s, &s->labels);
		fclose(from);
		if (r < 0)
			return ioc_no("select", "%s: %s", s->labels_file, r == -EBADMSG ? "no column is called sample" : strerror(-r));
	}
	r = jail_enter();
	return r < 0 ? ioc_cannot("select", "its powers cannot be given up: %s", strerror(-r)) : EXIT_DONE;
}

static int read_logs(struct selecting *s, char **paths, int count, const struct sample_sink *sink)
{
	struct read_given given = { .by_process = s->by_process, .otherwise = { .day = DAY_NONE } };

	for (int i = 0; i < count; i++) {
		int r;

		given.path = paths[i];
		r = read_open(&given, sink);
		if (r == -ENOMEM || r == -ENOSPC)
			return ioc_cannot("select", r == -ENOMEM ? "no memory" : "more than four million samples");
		if (r < 0)
			sink->bad(sink->to, given.path, 0, r == -EPROTO ? "no behaviour log that we know" : strerror(-r));
	}
	return EXIT_DONE;
}

static void put_text(FILE *to, const char *key, struct bytes value)
{
	fprintf(to, ",\"%s\":", key);
	if (value.left > 0)
		shown_json(to, value);
	else
		fputs("null", to);
}

static void write_manifest(const struct selecting *s)
{
	FILE *to = s->manifest_to;
	char day[16];

	for (size_t i = 0; i < s->pool.count; i++) {
		const struct entry *e = &s->pool.at[i];

		fputs("{\"sample\":", to);
		shown_json(to, names_get(&s->pool.names, e->name));
		put_text(to, "label", bytes_text(e->label != LABEL_UNKNOWN ? label_name(e->label) : ""));
		put_text(to, "family", names_get(&s->pool.names, e->family));
		put_text(to, "date", bytes_text(day_format(e->day, day)));
		put_text(to, "source", names_get(&s->pool.names, e->source));
		fprintf(to, ",\"platform\":\"%s\",\"artefacts\":%u,\"matchable\":%u,\"taken\":%s,\"reason\":\"%s\"", platform_name(e->platform), e->artefacts,
		        e->matchable, e->reason <= TAKEN_ORDINARY ? "true" : "false", reason_name(e->reason));
		if (e->reason == SAME_AS || e->reason == LIKE) {
			put_text(to, "like", names_get(&s->pool.names, s->pool.at[e->other].name));
			fprintf(to, ",\"likeness\":%.3f", e->likeness);
		}
		fputs("}\n", to);
	}
}

static void tell(const struct selecting *s)
{
	size_t counts[REASON_COUNT] = { 0 };

	for (size_t i = 0; i < s->pool.count; i++)
		counts[s->pool.at[i].reason]++;
	printf("%zu samples\n", s->pool.count);
	for (int r = 0; r < REASON_COUNT; r++) {
		if (counts[r] > 0)
			printf("  %zu %s\n", counts[r], reason_name((enum reason)r));
	}
}

int ioc_select(int argc, char **argv)
{
	struct selecting s = { .wish = { .kinds = (1u << KIND_COUNT) - 1, .from = DAY_NONE, .to = DAY_NONE, .quota = 200, .least_family = 1,
		.least_matchable = 1, .likeness = 0.95 } };
	const struct sample_sink first = { begin, artefact, end, bad, &s }, again = { again_begin, again_artefact, again_end, quiet, &s };
	int r;

	if ((r = parse(argc, argv, &s)) != EXIT_DONE || (r = open_all(&s)) != EXIT_DONE ||
	    (r = read_logs(&s, argv + optind, argc - optind, &first)) != EXIT_DONE)
		goto out;
	if (entries_choose(&s.pool, &s.wish) < 0) {
		r = ioc_cannot("select", "no memory");
		goto out;
	}
	write_manifest(&s);
	s.plain_out.to = s.plain_to;
	if (s.plain_to != NULL && (r = read_logs(&s, argv + optind, argc - optind, &again)) != EXIT_DONE)
		goto out;
	if (fflush(s.manifest_to) != 0 || ferror(s.manifest_to) || (s.plain_to != NULL && (fflush(s.plain_to) != 0 || ferror(s.plain_to))))
		r = ioc_cannot("select", "the answer cannot be written: %s", strerror(errno));
	else
		tell(&s);
	if (s.bad > BAD_SHOWN)
		fprintf(stderr, "konseki ioc select: and %llu more that could not be read\n", (unsigned long long)s.bad - BAD_SHOWN);
	r = r == EXIT_DONE && s.bad > 0 ? EXIT_NO : r;
out:
	labels_free(s.labels);
	entries_fini(&s.pool);
	free(s.seen);
	return r;
}
