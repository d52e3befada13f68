/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc publish: the next number of a signed feed. */
#include "control/iocgen/feed/signify.h"
#include "control/iocgen/jail.h"
#include "control/iocgen/shown.h"
#include "control/iocgen/verb.h"
#include "control/iocgen/whole.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { FEED_MAX = 512 << 20, KEY_MAX = 4096, PATH_ROOM = 4096 };

struct publishing {
	const char *iocs, *folder, *key, *name;
	int32_t day;
	unsigned long serial;      /* of the feed to come; the one before it is read */
	FILE *feed, *signature;
	struct signing_key secret;
	json_t *before;            /* the feed before; NULL: this is the first */
	char before_digest[2 * SHA256_DIGEST_SIZE + 1];
};

static int parse(int argc, char **argv, struct publishing *p)
{
	static const struct option options[] = {
		{ "iocs", required_argument, NULL, 'i' }, { "feed", required_argument, NULL, 'f' }, { "key", required_argument, NULL, 'k' },
		{ "name", required_argument, NULL, 'n' }, { "date", required_argument, NULL, 'd' }, { 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 'i')
			p->iocs = optarg;
		else if (c == 'f')
			p->folder = optarg;
		else if (c == 'k')
			p->key = optarg;
		else if (c == 'n')
			p->name = optarg;
		else if (c != 'd')
			return ioc_bad_option("publish", c, argv);
		else if (day_parse(bytes_text(optarg), &p->day) < 0)
			return ioc_usage("publish", "no date: %s", optarg);
	}
	if (p->iocs == NULL || p->folder == NULL || p->key == NULL)
		return ioc_usage("publish", "say --iocs FILE, --feed FOLDER and --key SECRET");
	return optind < argc ? ioc_usage("publish", "what is %s?", argv[optind]) : EXIT_DONE;
}

static int read_key(struct publishing *p)
{
	uint8_t *text = NULL;
	size_t len = 0;
	struct stat s;
	const char *why = NULL;
	int r;

	if (stat(p->key, &s) == 0 && (s.st_mode & 077) != 0)
		return ioc_no("publish", "%s: others may read this key; chmod 600 it, and make a new one if somebody did", p->key);
	if ((r = whole_read(p->key, KEY_MAX, &text, &len)) < 0)
		return ioc_no("publish", "%s: %s", p->key, strerror(-r));
	r = signing_key_read(bytes_of(text, len), &p->secret, &why);
	explicit_bzero(text, len);
	free(text);
	return r < 0 ? ioc_no("publish", "%s: %s", p->key, why) : EXIT_DONE;
}

/* The highest number of a feed that has something in it. */
static unsigned long newest(DIR *folder)
{
	unsigned long found = 0;
	struct dirent *d;
	struct stat s;
	char *end;

	while ((d = readdir(folder)) != NULL) {
		unsigned long n = strtoul(d->d_name, &end, 10);

		if (end != d->d_name && strcmp(end, ".json") == 0 && fstatat(dirfd(folder), d->d_name, &s, 0) == 0 && s.st_size > 0 && n > found)
			found = n;
	}
	return found;
}

static int open_files(struct publishing *p)
{
	char path[PATH_ROOM];
	DIR *folder;

	if (mkdir(p->folder, 0755) < 0 && errno != EEXIST)
		return ioc_cannot("publish", "%s: %s", p->folder, strerror(errno));
	if ((folder = opendir(p->folder)) == NULL)
		return ioc_cannot("publish", "%s: %s", p->folder, strerror(errno));
	p->serial = newest(folder) + 1;
	closedir(folder);
	if (snprintf(path, sizeof(path), "%s/%lu.json", p->folder, p->serial) >= PATH_ROOM - 8)
		return ioc_cannot("publish", "%s: too long a path", p->folder);
	if ((p->feed = fopen(path, "we")) == NULL)
		return ioc_cannot("publish", "%s: %s", path, strerror(errno));
	strcat(path, ".sig");
	if ((p->signature = fopen(path, "we")) == NULL)
		return ioc_cannot("publish", "%s: %s", path, strerror(errno));
	return EXIT_DONE;
}

static void digest_of(struct bytes b, char ret[2 * SHA256_DIGEST_SIZE + 1])
{
	uint8_t raw[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, b.left, b.at);
	sha256_digest(&sha, sizeof(raw), raw);
	bytes_hex(bytes_of(raw, sizeof(raw)), ret);
}

/* The feed before, which must be of this key: nobody else's is gone on with. */
static int read_before(struct publishing *p)
{
	char path[PATH_ROOM];
	uint8_t *text = NULL, *signature = NULL;
	size_t len = 0, signature_len = 0;
	int r = EXIT_DONE;

	if (p->serial == 1)
		return EXIT_DONE;
	snprintf(path, sizeof(path) - 8, "%s/%lu.json", p->folder, p->serial - 1);
	if (whole_read(path, FEED_MAX, &text, &len) < 0)
		return ioc_no("publish", "%s cannot be read", path);
	strcat(path, ".sig");
	if (whole_read(path, SIGNATURE_TEXT_MAX, &signature, &signature_len) < 0 ||
	    !signature_holds(&p->secret, bytes_of(text, len), bytes_of(signature, signature_len)))
		r = ioc_no("publish", "%s: not this key's signature of the feed; another number follows on it with its own key only", path);
	else if ((p->before = json_loadb((const char *)text, len, 0, NULL)) == NULL)
		r = ioc_no("publish", "%s: no feed", path);
	digest_of(bytes_of(text, len), p->before_digest);
	free(text);
	free(signature);
	return r;
}

static const json_t *iocs_before(const struct publishing *p)
{
	return json_object_get(json_object_get(p->before, "iocs"), "iocs");
}

static bool was_there(const struct publishing *p, const char *id)
{
	size_t i;
	json_t *ioc;

	json_array_foreach((json_t *)(uintptr_t)iocs_before(p), i, ioc) {
		const char *text = json_string_value(json_object_get(ioc, "id"));

		if (text != NULL && strcmp(text, id) == 0)
			return true;
	}
	return false;
}

static bool is_there(const struct ioc_set *set, const char *id)
{
	for (size_t i = 0; i < set->count; i++) {
		if (strcmp(set->iocs[i].id, id) == 0)
			return true;
	}
	return false;
}

/* What is new and what is no longer said: whoever has the feed before needs nothing else. */
static void put_changes(const struct publishing *p, const struct ioc_set *set, FILE *to, size_t *ret_added, size_t *ret_withdrawn)
{
	size_t i;
	json_t *ioc;

	fputs("\"added\":[", to);
	for (i = 0; i < set->count; i++) {
		if (!was_there(p, set->iocs[i].id))
			fprintf(to, "%s\"%s\"", (*ret_added)++ > 0 ? "," : "", set->iocs[i].id);
	}
	fputs("],\n\"withdrawn\":[", to);
	json_array_foreach((json_t *)(uintptr_t)iocs_before(p), i, ioc) {
		const char *id = json_string_value(json_object_get(ioc, "id")), *family = json_string_value(json_object_get(ioc, "family")),
		           *sentence = json_string_value(json_object_get(ioc, "sentence"));

		if (id == NULL || family == NULL || sentence == NULL || is_there(set, id))
			continue;
		fprintf(to, "%s{\"id\":", (*ret_withdrawn)++ > 0 ? "," : "");
		shown_json(to, bytes_text(id));
		fputs(",\"family\":", to);
		shown_json(to, bytes_text(family));
		fputs(",\"sentence\":", to);
		shown_json(to, bytes_text(sentence));
		putc('}', to);
	}
	fputs("],\n", to);
}

static int write_feed(struct publishing *p, const struct ioc_set *set)
{
	char *text = NULL, day[16], signature[SIGNATURE_TEXT_MAX];
	size_t len = 0, added = 0, withdrawn = 0, signature_len;
	FILE *to = open_memstream(&text, &len);
	int r = to != NULL ? 0 : -ENOMEM;

	if (r == 0) {
		fputs("{\"feed\":", to);
		shown_json(to, bytes_text(p->name));
		fprintf(to, ",\"serial\":%lu,\"published\":\"%s\",\n\"previous\":", p->serial, day_format(p->day, day));
		if (p->before != NULL)
			fprintf(to, "{\"serial\":%lu,\"sha256\":\"%s\"},\n", p->serial - 1, p->before_digest);
		else
			fputs("null,\n", to);
		put_changes(p, set, to, &added, &withdrawn);
		fputs("\"iocs\":", to);
		r = ioc_set_write(set, to);
		fputs("}\n", to);
		if (fclose(to) != 0)
			r = -ENOMEM;
	}
	if (r == 0) {
		signature_len = signature_make(&p->secret, bytes_of(text, len), signature);
		/* the feed counts once it has a length: the signature goes before it */
		if (fwrite(signature, 1, signature_len, p->signature) != signature_len || fflush(p->signature) != 0 ||
		    fwrite(text, 1, len, p->feed) != len || fflush(p->feed) != 0)
			r = -errno;
	}
	free(text);
	if (r < 0)
		return ioc_cannot("publish", "the feed cannot be written: %s", strerror(-r));
	printf("%s/%lu.json: %zu IOCs, %zu added, %zu withdrawn\n", p->folder, p->serial, set->count, added, withdrawn);
	return EXIT_DONE;
}

int ioc_publish(int argc, char **argv)
{
	struct publishing p = { .name = "konseki", .day = (int32_t)(time(NULL) / 86400) };
	struct ioc_set *set = NULL;
	int r;

	if ((r = parse(argc, argv, &p)) != EXIT_DONE || (r = read_key(&p)) != EXIT_DONE || (r = open_files(&p)) != EXIT_DONE)
		goto out;
	if (jail_enter() < 0)
		r = ioc_cannot("publish", "its powers cannot be given up");
	else if ((r = read_before(&p)) == EXIT_DONE && (r = iocs_open("publish", p.iocs, &set)) == EXIT_DONE)
		r = write_feed(&p, set);
out:
	signing_key_fini(&p.secret);
	json_decref(p.before);
	ioc_set_free(set);
	return r;
}
