/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case from its bytes to the traces of its codes. */
#include "control/open_case.h"
#include "control/extract/http.h"
#include "control/upload.h"
#include "control/journal/record.h"
#include "control/wire/job.h"

#include <errno.h>
#include <fts.h>
#include <nettle/sha2.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	OUR_SIDS_FIRST = 9000000, OUR_SIDS_LAST = 9000999, /* of config/rules/konseki.rules, the wide net */
};

static const uint64_t replay_limit_ns = UINT64_C(3600000000000);

static void digest_number(struct sha256_ctx *sha, uint64_t n)
{
	uint8_t buf[8];
	struct sink s = sink_over(buf, sizeof(buf));

	sink_u64le(&s, n);
	sha256_update(sha, sizeof(buf), buf);
}

static void digest_stat(struct sha256_ctx *sha, const char *name, const struct stat *st)
{
	sha256_update(sha, strlen(name) + 1, (const uint8_t *)name);
	digest_number(sha, (uint64_t)st->st_size);
	digest_number(sha, (uint64_t)st->st_mtim.tv_sec);
	digest_number(sha, (uint64_t)st->st_mtim.tv_nsec);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

void build_key(const struct settings *s, uint8_t ret[TRACES_KEY_SIZE])
{
	char folder[sizeof(s->profiles)];
	char *const paths[] = { folder, NULL };
	struct sha256_ctx sha;
	struct stat st;
	FTSENT *entry;
	FTS *tree;

	memcpy(folder, s->profiles, sizeof(folder));
	sha256_init(&sha);
	sha256_update(&sha, sizeof(KONSEKI_VERSION), (const uint8_t *)KONSEKI_VERSION);
	if (stat("/proc/self/exe", &st) == 0)
		digest_stat(&sha, "control", &st);
	tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	while (tree != NULL && (entry = fts_read(tree)) != NULL)
		if (entry->fts_info == FTS_F)
			digest_stat(&sha, entry->fts_path, entry->fts_statp);
	if (tree != NULL)
		fts_close(tree);
	sha256_digest(&sha, TRACES_KEY_SIZE, ret);
}

/* Head and body of the request, as far as a job carries them, into room; nothing where nothing hangs on it. */
static struct bytes request_of(const struct case_record *record, const struct attack_code *code, uint8_t room[JOB_REQUEST_MAX])
{
	struct sink s = sink_over(room, JOB_REQUEST_MAX);
	struct bytes head = record->parts[PART_REQUEST_HEAD].head, body = record->parts[PART_REQUEST_BODY].head;
	struct bytes said = extract_said_after(record, code);

	if (said.left > 0) {
		sink_put(&s, said.at, said.left < s.size ? said.left : s.size);
		return bytes_of(room, s.used);
	}
	if (record->app != APP_HTTP || !extract_reads_request(code) || head.left > JOB_REQUEST_MAX)
		return bytes_of(room, 0);
	sink_put(&s, head.at, head.left);
	sink_put(&s, body.at, body.left < s.size - s.used ? body.left : s.size - s.used);
	return bytes_of(room, s.used);
}

static void code_key(const uint8_t *build, const struct attack_code *code, struct bytes request, uint8_t *ret)
{
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, TRACES_KEY_SIZE, build);
	digest_number(&sha, code->language);
	digest_number(&sha, code->text.left);
	sha256_update(&sha, code->text.left, code->text.at);
	sha256_update(&sha, request.left, request.at);
	sha256_digest(&sha, TRACES_KEY_SIZE, ret);
}

/* An operator's rule: any that is not ours. */
static bool operator_asked(const struct case_record *c)
{
	for (uint32_t i = 0; i < c->alerts_count; i++) {
		uint32_t sid = c->alerts[i].sid;

		if (c->alerts[i].gid != 1 || sid < OUR_SIDS_FIRST || sid > OUR_SIDS_LAST)
			return true;
	}
	return false;
}

/* Is anything in it code, as far as is known? */
static bool holds_code(const struct open_case *c)
{
	for (unsigned i = 0; i < c->codes->count; i++)
		if (c->codes->codes[i].language != LANGUAGE_MACHINE ||
		    (c->reports[i] != NULL && c->reports[i]->stopped_by != STOPPED_UNSUPPORTED))
			return true;
	return false;
}

/* Ordinary requests hold the like of all of it: only that it worked is worth a record. */
static bool is_quiet(const struct extraction *codes)
{
	for (unsigned i = 0; i < codes->count; i++)
		if (!codes->codes[i].quiet)
			return false;
	return codes->count > 0;
}

void open_case_settle(const struct docket_tools *tools, struct open_case *c)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < c->codes->count; i++) {
		struct attack_code *code = &c->codes->codes[i];
		const struct report *report = c->reports[i];

		if (code->language == LANGUAGE_MACHINE && report != NULL) {
			if (report->stopped_by == STOPPED_UNSUPPORTED) {
				queue_release(tools->queue, c->traces[i]);
				continue;
			}
			code->language = report->language;
		}
		c->codes->codes[kept] = *code;
		c->traces[kept] = c->traces[i];
		c->reports[kept++] = report;
	}
	for (unsigned i = kept; i < c->codes->count; i++) {
		c->traces[i] = NULL;
		c->reports[i] = NULL;
	}
	c->codes->count = kept;
}

bool open_case_reached(const struct open_case *c)
{
	const struct case_record *record = &c->file->record;
	struct bytes method = http_request_of(record->parts[PART_REQUEST_HEAD].head).method;

	if ((!holds_code(c) || (is_quiet(c->codes) && !c->judgement.in_company)) && !c->foreign && !operator_asked(record))
		return false;
	if (record->app != APP_HTTP || c->foreign || operator_asked(record) ||
	    http_response_of(record->parts[PART_RESPONSE_HEAD].head).status != 400)
		return true;
	for (size_t i = 0; i < method.left; i++)
		if (method.at[i] >= 'a' && method.at[i] <= 'z')
			return false;
	return method.left > 0;
}

/* Live, the store may know a code from before the last start; a replay must not hang on what was run before it. */
static struct traces *traces_stored(const struct docket_tools *tools, const uint8_t *key, enum language language)
{
	struct bytes report;
	struct traces *t = NULL;

	if (tools->replay || tools->store == NULL || store_find_trace(tools->store, key, &report) < 0 ||
	    queue_add_known(tools->queue, key, language, report, &t) < 0)
		return NULL;
	return t;
}

/* A worker that takes longer is given up. In replay only the guest's own budgets end a run: the load must not. */
static uint64_t limit_ns(const struct docket_tools *tools)
{
	return tools->replay ? replay_limit_ns : tools->settings->limit_s * UINT64_C(1000000000);
}

static int traces_want(const struct docket_tools *tools, struct open_case *c, unsigned i, const uint8_t *build)
{
	uint8_t room[JOB_REQUEST_MAX];
	const struct attack_code *code = &c->codes->codes[i];
	struct bytes request = request_of(&c->file->record, code, room);
	uint8_t key[TRACES_KEY_SIZE];
	struct bytes digest = bytes_of(code->digest, sizeof(code->digest));
	uint64_t seed = 0;
	const struct case_alert *alert = case_record_alert(&c->file->record);
	unsigned severity = alert != NULL ? alert->severity : QUEUE_PRIORITIES;
	int r;

	code_key(build, code, request, key);
	c->traces[i] = queue_find(tools->queue, key);
	if (c->traces[i] == NULL)
		c->traces[i] = traces_stored(tools, key, code->language);
	if (c->traces[i] == NULL) {
		if (bytes_u64le(&digest, &seed) < 0)
			return -EBADMSG;
		r = queue_add(tools->queue, key, code->language, code->text, request, seed, severity - 1, limit_ns(tools),
		              &c->traces[i]);
		if (r == -ENOBUFS) {
			c->refused = true;
			return 0;
		}
		if (r < 0)
			return r;
	}
	if (c->traces[i]->state == TRACES_READY)
		c->reports[i] = c->traces[i]->report;
	else
		c->missing++;
	return 0;
}

int open_case_new(const struct docket_tools *tools, const uint8_t build[TRACES_KEY_SIZE], struct bytes encoded,
                  uint64_t now_ns, struct open_case **ret)
{
	struct open_case *c = malloc(sizeof(*c));
	int r = -ENOMEM;

	if (c == NULL)
		return r;
	memset(c, 0, offsetof(struct open_case, judgement.evidence));
	if ((r = case_file_new(encoded, &c->file)) < 0)
		goto out;
	if (tools->eve != NULL) {
		c->foreign = eve_join(tools->eve, &c->file->record) > 0;
		if (c->file->record.alerts_count == 0) { /* another transaction of a flow that an alert names */
			*ret = NULL;
			goto out;
		}
	}
	if ((r = extract_case(&c->file->record, tools->known, &c->codes)) < 0)
		goto out;
	if (c->codes->count == 0 && !c->foreign && !operator_asked(&c->file->record) && !upload_is_asked_for(&c->file->record)) {
		*ret = NULL;
		goto out;
	}
	c->id = (struct case_id){ c->file->record.flow_id, c->file->record.tx_id };
	c->time_ns = record_time_ns(&c->file->record);
	c->packet = c->file->record.request_last_packet;
	c->cost = c->file->cost + sizeof(*c) + sizeof(*c->codes);
	c->arrived_ns = now_ns;
	for (unsigned i = 0; i < c->codes->count; i++)
		if ((r = traces_want(tools, c, i, build)) < 0)
			goto out;
	*ret = c;
	c = NULL;
out:
	open_case_free(tools, c);
	return r;
}

void open_case_supply(const struct docket_tools *tools, const uint8_t build[TRACES_KEY_SIZE], struct open_case *c)
{
	struct uploaded found[UPLOADED_MAX];
	unsigned count = c->supplied ? 0 : uploads_find(tools->uploads, &c->file->record, found);

	c->supplied = true;
	for (unsigned i = 0; i < count; i++) {
		if (extract_uploaded(c->codes, &c->file->record, found[i].language, found[i].text) < 0)
			break;
		if (traces_want(tools, c, c->codes->count - 1, build) < 0) {
			c->codes->count--;
			break;
		}
	}
}

void open_case_free(const struct docket_tools *tools, struct open_case *c)
{
	if (c == NULL)
		return;
	for (unsigned i = 0; i < EXTRACT_CODES_MAX; i++)
		if (c->traces[i] != NULL)
			queue_release(tools->queue, c->traces[i]);
	readings_free(c->readings);
	extraction_free(c->codes);
	case_file_free(c->file);
	free(c);
}

bool open_case_ready(const struct open_case *c)
{
	return c->missing == 0;
}

void open_case_answered(struct open_case *c, const struct traces *t)
{
	for (unsigned i = 0; i < c->codes->count; i++) {
		if (c->traces[i] == t && c->reports[i] == NULL) {
			c->reports[i] = t->report;
			c->missing--;
		}
	}
}

int open_case_order(const struct open_case *a, const struct open_case *b)
{
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	if (a->packet != b->packet)
		return a->packet < b->packet ? -1 : 1;
	if (a->id.flow_id != b->id.flow_id)
		return a->id.flow_id < b->id.flow_id ? -1 : 1;
	return a->id.tx_id < b->id.tx_id ? -1 : a->id.tx_id > b->id.tx_id;
}
