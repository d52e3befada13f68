/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that wait, read files, call others, or put their argument into an error message. */
#include "emu/sql/effect.h"
#include "emu/sql/function.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { XPATH_SHOWN = 31, XPATH_CUT = 29 /* bytes of a longer one: MariaDB writes dots then, MySQL two more */ };

static uint64_t nanoseconds(double seconds)
{
	return seconds > 0 && seconds < 1e6 ? (uint64_t)(seconds * 1e9) : 0;
}

/* Waits; variant: which argument says how long. */
static int wait(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	double seconds = 0;
	int e;

	if (count <= (unsigned)f->variant)
		return run_error(r);
	if (!a[f->variant].null && (e = value_real_of(r, &a[f->variant], &seconds)) < 0)
		return e;
	if (seconds > 0)
		effect_note(r, SQL_SLEEP, (struct bytes){ 0 }, nanoseconds(seconds), a[f->variant].open);
	*ret = r->dialect == SQL_POSTGRESQL ? value_text((struct bytes){ 0 }) : sql_value_int(0);
	if (r->dialect == SQL_ORACLE)
		*ret = value_decimal(decimal_of_int(r->arena, 0));
	return 0;
}

/* Much work: how long it takes is the victim's to know. */
static int work(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)f;
	(void)count;
	if (!a[0].null && a[0].i >= 100000)
		effect_note(r, SQL_SLEEP, (struct bytes){ 0 }, 0, true);
	*ret = r->dialect == SQL_SQLITE ? effect_unknown(r, bytes_text("blob"), (uint64_t)a[0].i) : sql_value_int(0);
	return 0;
}

/* A file whose contents come back; on Windows its name may be another host's. */
static int file(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct bytes path;
	int e;

	(void)f;
	(void)count;
	if ((e = value_write(r, &a[0], false, &path)) < 0)
		return e;
	if (path.left == 0)
		return 0;
	if (!effect_unc(r, path, a[0].open))
		effect_note(r, SQL_READ, path, 0, a[0].open);
	*ret = effect_unknown(r, path, 0);
	return 0;
}

static int fetch(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)f;
	(void)count;
	effect_note(r, SQL_FETCH, a[0].s, 0, a[0].open);
	*ret = effect_unknown(r, a[0].s, 0);
	return 0;
}

/* Asks for a name's address; the error that says there is none shows the name. */
static int resolve(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	bool is_name = a[0].s.left > 0;

	(void)f;
	(void)count;
	for (size_t i = 0; i < a[0].s.left; i++)
		is_name &= isalnum(a[0].s.at[i]) || a[0].s.at[i] == '.' || a[0].s.at[i] == '-' || a[0].s.at[i] == '_';
	if (!is_name)
		return run_error_shows(r, &a[0]);
	effect_note(r, SQL_DNS, a[0].s, 0, a[0].open);
	effect_note(r, SQL_LEAK, a[0].s, 0, a[0].open); /* where it is unknown */
	*ret = effect_unknown(r, a[0].s, 0);
	return 0;
}

static int connect_to(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	int64_t port = f->variant;
	int e;

	if (count > 1 && !a[1].null && (e = value_int_of(r, &a[1], &port)) < 0)
		return e;
	effect_note(r, SQL_CONNECT, a[0].s, port > 0 && port < 65536 ? (uint64_t)port : 0, a[0].open);
	*ret = effect_unknown(r, a[0].s, 0);
	return 0;
}

/* "host=… port=…" */
static int dblink(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct bytes s = a[count > 1 && f->variant == 1 && bytes_find(a[0].s, bytes_text("=")) < 0 ? 1 : 0].s, host = { 0 };
	uint64_t port = 5432;

	for (size_t i = 0; i + 5 < s.left; i++) {
		struct bytes rest = bytes_of(s.at + i, s.left - i);

		if (bytes_starts_fold(rest, bytes_text("host=")) || bytes_starts_fold(rest, bytes_text("hostaddr="))) {
			const uint8_t *equals = memchr(rest.at, '=', rest.left);
			size_t skip = (size_t)(equals - rest.at) + 1, n = 0;

			while (skip + n < rest.left && !isspace(rest.at[skip + n]) && rest.at[skip + n] != '\'')
				n++;
			host = bytes_of(rest.at + skip, n);
		}
		if (bytes_starts_fold(rest, bytes_text("port="))) {
			port = 0;
			for (size_t k = 5; k < rest.left && isdigit(rest.at[k]) && port < 65536; k++)
				port = port * 10 + rest.at[k] - '0';
		}
	}
	if (host.left > 0)
		effect_note(r, SQL_CONNECT, host, port < 65536 ? port : 0, a[0].open);
	*ret = effect_unknown(r, s, 0);
	return 0;
}

/* An XML text: what it says is fetched from elsewhere; an element's name that is none is shown in the error. */
static int xml(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	static const char *const words[] = { "SYSTEM", "PUBLIC" };
	struct bytes s = a[0].s;

	(void)f;
	(void)count;
	for (size_t i = 0; i + 8 < s.left; i++) {
		struct bytes rest = bytes_of(s.at + i, s.left - i);

		if (!bytes_starts_fold(rest, bytes_text(words[0])) && !bytes_starts_fold(rest, bytes_text(words[1])))
			continue;
		for (size_t k = 6; k < rest.left; k++) {
			uint8_t quote = rest.at[k];
			size_t n = 0;

			if (quote == '>')
				break;
			if (quote != '"' && quote != '\'')
				continue;
			while (k + 1 + n < rest.left && rest.at[k + 1 + n] != quote)
				n++;
			if (bytes_find(bytes_of(rest.at + k + 1, n), bytes_text("://")) > 0)
				effect_note(r, SQL_FETCH, bytes_of(rest.at + k + 1, n), 0, a[0].open);
			k += n + 1;
		}
	}
	if (s.left > 1 && s.at[0] == '<' && !isalpha(s.at[1]) && strchr("?!_", s.at[1]) == NULL)
		return run_error_shows(r, &a[0]);
	*ret = value_text(s);
	return 0;
}

static bool in_path(uint8_t c, size_t at)
{
	return isalnum(c) || (c != 0 && strchr(" _/.@*()[],'\"=<>|+-$", c) != NULL) || (c == ':' && at > 0);
}

/* MySQL's XPath: the error shows what is left where its reading ended, the beginning of it. */
static int xpath(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct sql_value left = a[1];
	size_t at = 0;

	(void)f;
	(void)count;
	while (at < left.s.left && isdigit(left.s.at[at]))
		at++;
	/* a name right behind a number is no path; else read on as far as paths go */
	if (at == 0 || at == left.s.left || !isalpha(left.s.at[at])) {
		while (at < left.s.left && in_path(left.s.at[at], at))
			at++;
	}
	if (at == left.s.left)
		return run_refuse(r, "xpath");
	left.s = bytes_of(left.s.at + at, left.s.left - at);
	bool cut = left.s.left > XPATH_SHOWN;

	if (cut)
		left.s.left = XPATH_CUT;
	*ret = left;
	return run_error_says(r, "XPATH syntax error: '", &left, cut ? "" : "'");
}

/* Always an error that shows the argument. */
static int shows(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	unsigned which = (unsigned)f->variant < count ? (unsigned)f->variant : 0;

	(void)ret;
	if (bytes_starts_fold(bytes_text(f->name), bytes_text("gtid_")))
		return run_error_says(r, "Malformed GTID set specification '", &a[which], "'.");
	return run_error_shows(r, &a[which]);
}

static int command(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)count;
	effect_note(r, SQL_EXEC, a[0].s, (uint64_t)f->variant, a[0].open);
	*ret = effect_unknown_number(r, a[0].s, 0);
	return 0;
}

/* writes a file: lo_export(oid, path) */
static int write_file(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)f;
	effect_note_data(r, SQL_WRITE, a[count - 1].s, (struct bytes){ 0 }, a[count - 1].open);
	*ret = sql_value_int(1);
	return 0;
}

static const struct function list[] = {
	{ "sleep", IN_MYSQL | IN_ORACLE, "a", TYPE_INT, 0, wait }, { "pg_sleep", IN_POSTGRESQL, "r", TYPE_TEXT, 0, wait },
	{ "receive_message", IN_ORACLE, "AA", TYPE_DECIMAL, 1, wait },
	{ "benchmark", IN_MYSQL, "iA", TYPE_INT, 0, work }, { "randomblob", IN_SQLITE, "i", TYPE_BYTES, 0, work },
	{ "load_file", IN_MYSQL, "t", TYPE_BYTES, 0, file }, { "pg_read_file", IN_POSTGRESQL, "t?IIA", TYPE_TEXT, 0, file },
	{ "pg_read_binary_file", IN_POSTGRESQL, "t?IIA", TYPE_BYTES, 0, file }, { "pg_ls_dir", IN_POSTGRESQL, "t?AA", TYPE_TEXT, 0, file },
	{ "pg_stat_file", IN_POSTGRESQL, "t?A", TYPE_TEXT, 0, file }, { "lo_import", IN_POSTGRESQL, "t?A", TYPE_INT, 0, file },
	{ "lo_export", IN_POSTGRESQL, "At", TYPE_INT, 0, write_file }, { "load_extension", IN_SQLITE, "t?A", TYPE_TEXT, 0, file },
	{ "readfile", IN_SQLITE, "t", TYPE_BYTES, 0, file },
	{ "fn_xe_file_target_read_file", IN_MSSQL, "t?AAA", TYPE_TEXT, 0, file }, { "fn_get_audit_file", IN_MSSQL, "t?AA", TYPE_TEXT, 0, file },
	{ "fn_trace_gettable", IN_MSSQL, "t?A", TYPE_TEXT, 0, file },
	{ "request", IN_ORACLE, "t?AA", TYPE_TEXT, 0, fetch }, { "request_pieces", IN_ORACLE, "t?AAA", TYPE_TEXT, 0, fetch },
	{ "begin_request", IN_ORACLE, "t?AA", TYPE_TEXT, 0, fetch }, { "httpuritype", IN_ORACLE, "t", TYPE_TEXT, 0, fetch },
	{ "get_host_address", IN_ORACLE, "t", TYPE_TEXT, 0, resolve }, { "init", IN_ORACLE, "t?A", TYPE_TEXT, 389, connect_to },
	{ "open_connection", IN_ORACLE, "t?AAAA", TYPE_TEXT, 0, connect_to },
	{ "dblink", IN_POSTGRESQL, "t?TA", TYPE_TEXT, 0, dblink }, { "dblink_connect", IN_POSTGRESQL, "t?T", TYPE_TEXT, 1, dblink },
	{ "dblink_send_query", IN_POSTGRESQL, "t?T", TYPE_TEXT, 0, dblink },
	{ "xmltype", IN_ORACLE, "t?A", TYPE_TEXT, 0, xml }, { "extractvalue", IN_ORACLE, "tt?A", TYPE_TEXT, 0, xml },
	{ "extractvalue", IN_MYSQL, "At", TYPE_TEXT, 0, xpath }, { "updatexml", IN_MYSQL, "AtA", TYPE_TEXT, 0, xpath },
	{ "gtid_subset", IN_MYSQL, "tt", TYPE_TEXT, 0, shows }, { "gtid_subtract", IN_MYSQL, "tt", TYPE_TEXT, 0, shows },
	{ "geometrycollection", IN_MYSQL, "t", TYPE_TEXT, 0, shows }, { "polygon", IN_MYSQL, "t", TYPE_TEXT, 0, shows },
	{ "multipoint", IN_MYSQL, "t", TYPE_TEXT, 0, shows }, { "multilinestring", IN_MYSQL, "t", TYPE_TEXT, 0, shows },
	{ "multipolygon", IN_MYSQL, "t", TYPE_TEXT, 0, shows }, { "linestring", IN_MYSQL, "t", TYPE_TEXT, 0, shows },
	{ "sn", IN_ORACLE, "AT", TYPE_TEXT, 1, shows }, { "getmappingxpath", IN_ORACLE, "T?AA", TYPE_TEXT, 0, shows },
	{ "sqlid_to_sqlhash", IN_ORACLE, "T", TYPE_TEXT, 0, shows },
	{ "sys_eval", IN_MYSQL | IN_POSTGRESQL, "t", TYPE_TEXT, SQL_SHELL_POSIX, command }, { "sys_exec", IN_MYSQL | IN_POSTGRESQL, "t", TYPE_INT, SQL_SHELL_POSIX, command },
};

const struct function_table functions_effects = { list, COUNT_OF(list) };
