/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The store as a whole: opened, committed, counted, closed. */
#include "control/store/tables.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const table_names[TABLE_COUNT] = {
	[TABLE_META] = "meta", [TABLE_RECORD] = "record", [TABLE_ORDER] = "order", [TABLE_CASE] = "case",
	[TABLE_TRACE] = "trace", [TABLE_TRACE_ORDER] = "trace_order", [TABLE_SPOOL] = "spool",
	[TABLE_TAKEN] = "taken", [TABLE_MARK] = "mark", [TABLE_BLOCK] = "block",
};

/* Raised when what stands in the tables changes meaning. */
enum { STORE_FORMAT = 1 };

/* Room in the map beyond what we keep: old pages stay until readers are done with them, trees have slack. */
enum { MAP_SLACK = 2, MAP_LEAST = 64 << 20, READERS_MAX = 64 };

const char *case_id_format(const struct case_id *id, char *buf)
{
	snprintf(buf, CASE_ID_TEXT, "%016" PRIx64 "-%" PRIu32, id->flow_id, id->tx_id);
	return buf;
}

int case_id_parse(const char *text, struct case_id *ret)
{
	struct case_id id;
	char again[CASE_ID_TEXT];

	if (sscanf(text, "%16" SCNx64 "-%10" SCNu32, &id.flow_id, &id.tx_id) != 2 ||
	    strcmp(case_id_format(&id, again), text) != 0)
		return -EINVAL;
	*ret = id;
	return 0;
}

/* mkdir -p; a folder that is there already is fine. */
static int folder_make(const char *folder)
{
	char path[4096];
	size_t len = strlen(folder);

	if (len == 0 || len >= sizeof(path))
		return -ENAMETOOLONG;
	memcpy(path, folder, len + 1);
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != 0)
			continue;
		path[i] = 0;
		if (mkdir(path, 0750) < 0 && errno != EEXIST)
			return -errno;
		path[i] = folder[i];
	}
	return 0;
}

static int tables_open(struct store *s)
{
	MDB_txn *txn = NULL;
	MDB_val key = value_of(bytes_text("format")), value;
	uint8_t buf[NUMBER_SIZE];
	bool reads = s->mode == STORE_READ;
	int r = mdb_txn_begin(s->env, NULL, reads ? MDB_RDONLY : 0, &txn);

	for (enum table t = 0; t < TABLE_COUNT && r == 0; t++) {
		r = mdb_dbi_open(txn, table_names[t], reads ? 0 : MDB_CREATE, &s->tables[t]);
		if (r == MDB_NOTFOUND && reads && t == TABLE_BLOCK) {
			s->no_blocks = true;
			r = 0;
		}
	}
	if (r == 0)
		r = mdb_get(txn, s->tables[TABLE_META], &key, &value);
	if (r == 0 && number_of(&value) != STORE_FORMAT)
		r = MDB_INVALID;
	if (r == MDB_NOTFOUND && !reads) {
		value = number_key(STORE_FORMAT, buf);
		r = mdb_put(txn, s->tables[TABLE_META], &key, &value, 0);
	}
	if (r == 0)
		r = mdb_txn_commit(txn);
	else
		mdb_txn_abort(txn);
	return store_error(r);
}

/*
 * A file that was cut would be a SIGBUS through the map. Its end is put back as zeros, which LMDB sees for what they are;
 * pages that were never written, because they were given back at once, may be missing there in good order too.
 */
static int env_whole(struct store *s, const char *folder)
{
	char path[4096];
	MDB_envinfo info;
	MDB_stat stat;
	struct stat file;
	off_t need;
	int r = store_error(mdb_env_info(s->env, &info));

	if (r == 0)
		r = store_error(mdb_env_stat(s->env, &stat));
	if (r < 0)
		return r;
	if ((size_t)snprintf(path, sizeof(path), "%s/data.mdb", folder) >= sizeof(path) || lstat(path, &file) < 0)
		return -EIO;
	need = (off_t)(info.me_last_pgno + 1) * stat.ms_psize;
	return file.st_size >= need || truncate(path, need) == 0 ? 0 : -EUCLEAN;
}

static int env_open(struct store *s, const char *folder)
{
	unsigned flags = MDB_NOTLS | MDB_NORDAHEAD;
	uint64_t map = (s->max_bytes + s->spool_bytes) * MAP_SLACK + MAP_LEAST;
	int r = store_error(mdb_env_create(&s->env)), dead;

	if (r == 0)
		r = store_error(mdb_env_set_maxdbs(s->env, TABLE_COUNT));
	if (r == 0)
		r = store_error(mdb_env_set_maxreaders(s->env, READERS_MAX));
	if (r == 0 && s->mode != STORE_READ) /* a reader takes the size that stands in the file */
		r = store_error(mdb_env_set_mapsize(s->env, map));
	if (s->mode == STORE_READ)
		flags |= MDB_RDONLY;
	if (s->mode == STORE_QUICK)
		flags |= MDB_NOSYNC;
	if (r == 0)
		r = store_error(mdb_env_open(s->env, folder, flags, 0660));
	if (r == 0)
		r = env_whole(s, folder);
	if (r == 0)
		r = store_error(mdb_reader_check(s->env, &dead)); /* frees what killed readers held */
	return r;
}

int store_reopen(struct store *s)
{
	char path[4096];
	int r;

	if ((size_t)snprintf(path, sizeof(path), "%s/data.mdb", s->folder) >= sizeof(path) ||
	    faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) < 0)
		return -EIO; /* what can still be read stays so */
	if (s->reading != NULL)
		mdb_txn_abort(s->reading);
	s->reading = NULL;
	s->reading_used = false;
	if (s->env != NULL)
		mdb_env_close(s->env);
	s->env = NULL;
	r = env_open(s, s->folder);
	if (r == 0)
		r = tables_open(s);
	if (r < 0 && s->env != NULL) {
		mdb_env_close(s->env);
		s->env = NULL;
	}
	return r;
}

int store_open(const char *folder, uint64_t max_bytes, uint64_t spool_bytes, enum store_mode mode, struct store **ret)
{
	struct store *s = calloc(1, sizeof(*s));
	int r = 0;

	if (s == NULL)
		return -ENOMEM;
	s->mode = mode;
	s->claim = -1;
	s->max_bytes = max_bytes;
	s->spool_bytes = spool_bytes;
	s->counts.max_bytes = max_bytes;
	if ((s->folder = strdup(folder)) == NULL)
		r = -ENOMEM;
	if (r == 0 && mode != STORE_READ)
		r = folder_make(folder);
	if (r == 0)
		r = env_open(s, folder);
	if (r == 0)
		r = tables_open(s);
	if (r < 0) {
		store_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

/* The lock is the kernel's: it goes with the process, however that ends. */
int store_claim(struct store *s)
{
	const char *folder;
	int fd, r = store_error(mdb_env_get_path(s->env, &folder));

	if (r < 0)
		return r;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		r = errno == EWOULDBLOCK ? -EBUSY : -errno;
		close(fd);
		return r;
	}
	s->claim = fd;
	return 0;
}

const char *store_why(int r)
{
	switch (r) {
	case -EUCLEAN:
		return "it is damaged; move it away, or put a copy of it back";
	case -EINVAL:
		return "it holds no store of this version; move it away";
	case -EBUSY:
		return "another appliance uses it";
	default:
		return strerror(-r);
	}
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	if (s->writing != NULL && store_commit(s) < 0)
		s->writing = NULL; /* counted; nobody is left to tell */
	if (s->reading != NULL)
		mdb_txn_abort(s->reading);
	if (s->env != NULL)
		mdb_env_close(s->env);
	if (s->claim >= 0)
		close(s->claim);
	free(s->folder);
	free(s);
}

bool store_pending(const struct store *s)
{
	return s->writing != NULL;
}

int store_commit(struct store *s)
{
	uint64_t put = s->put;
	int r;

	if (s->writing == NULL)
		return 0;
	r = store_error(mdb_txn_commit(s->writing)); /* frees it, whatever comes of it */
	s->writing = NULL;
	s->put = 0;
	if (r < 0)
		s->counts.lost += put;
	else
		s->counts.commits++;
	return r;
}

void store_count(struct store *s, struct store_counts *ret)
{
	uint64_t bytes = 0, traces = 0, first, last;
	MDB_val key, value;

	if (number_get(s, TABLE_META, "bytes", &bytes) == 0 && number_get(s, TABLE_META, "trace_bytes", &traces) == 0)
		s->counts.bytes = bytes + traces;
	if (number_get(s, TABLE_META, "records", &bytes) == 0)
		s->counts.records = bytes;
	if (number_get(s, TABLE_META, "spool_bytes", &bytes) == 0)
		s->counts.spooled_bytes = bytes;
	if (number_get(s, TABLE_META, "spool_last", &last) == 0)
		s->counts.spool_last = last;
	s->counts.spooled = 0;
	if (table_first(s, TABLE_SPOOL, &key, &value) == 0) {
		first = number_of(&key);
		if (table_last(s, TABLE_SPOOL, &key) == 0) {
			last = number_of(&key);
			s->counts.spooled = last - first + 1;
		}
	}
	*ret = s->counts;
}
