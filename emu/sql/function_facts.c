/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions and variables that tell of the victim: their values are unknown, and another with each seed. */
#include "emu/sql/effect.h"
#include "emu/sql/function.h"

static int word(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)a;
	(void)count;
	*ret = effect_fact(r, bytes_text(f->name));
	return 0;
}

static int number(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)a;
	(void)count;
	*ret = effect_unknown_number(r, bytes_text(f->name), 0);
	return 0;
}

enum { PG = IN_POSTGRESQL, MY = IN_MYSQL, MS = IN_MSSQL, ORA = IN_ORACLE, LITE = IN_SQLITE };

static const struct function list[] = {
	{ "version", MY | PG, "", TYPE_TEXT, 0, word }, { "user", MY, "", TYPE_TEXT, 0, word }, { "database", MY, "", TYPE_TEXT, 0, word },
	{ "schema", MY, "", TYPE_TEXT, 0, word }, { "current_user", MY, "", TYPE_TEXT, 0, word }, { "session_user", MY, "", TYPE_TEXT, 0, word },
	{ "system_user", MY | MS, "", TYPE_TEXT, 0, word }, { "current_role", MY, "", TYPE_TEXT, 0, word }, { "connection_id", MY, "", TYPE_INT, 0, number },
	{ "uuid", MY, "", TYPE_TEXT, 0, word }, { "now", MY | PG, "?i", TYPE_TEXT, 0, word }, { "sysdate", MY, "?i", TYPE_TEXT, 0, word },
	{ "curdate", MY, "", TYPE_TEXT, 0, word }, { "curtime", MY, "?i", TYPE_TEXT, 0, word }, { "unix_timestamp", MY, "?A", TYPE_INT, 0, number },
	{ "found_rows", MY, "", TYPE_INT, 0, number }, { "row_count", MY, "", TYPE_INT, 0, number }, { "last_insert_id", MY, "?A", TYPE_INT, 0, number },
	{ "password", MY, "A", TYPE_TEXT, 0, word }, { "current_database", PG, "", TYPE_TEXT, 0, word }, { "current_schema", PG, "", TYPE_TEXT, 0, word },
	{ "current_schemas", PG, "A", TYPE_TEXT, 0, word }, { "current_setting", PG, "A?A", TYPE_TEXT, 0, word }, { "inet_server_addr", PG, "", TYPE_TEXT, 0, word },
	{ "inet_server_port", PG, "", TYPE_INT, 0, number }, { "pg_backend_pid", PG, "", TYPE_INT, 0, number }, { "query_to_xml", PG, "AAAA", TYPE_TEXT, 0, word },
	{ "database_to_xml", PG, "AAA", TYPE_TEXT, 0, word }, { "array_to_string", PG, "AA?A", TYPE_TEXT, 0, word }, { "pg_postmaster_start_time", PG, "", TYPE_TEXT, 0, word },
	{ "db_name", MS, "?A", TYPE_TEXT, 0, word }, { "user_name", MS, "?A", TYPE_TEXT, 0, word }, { "suser_name", MS, "?A", TYPE_TEXT, 0, word },
	{ "suser_sname", MS, "?A", TYPE_TEXT, 0, word }, { "host_name", MS, "", TYPE_TEXT, 0, word }, { "getdate", MS, "", TYPE_TEXT, 0, word },
	{ "newid", MS, "", TYPE_TEXT, 0, word }, { "object_id", MS, "A?A", TYPE_INT, 0, number }, { "object_name", MS, "A?A", TYPE_TEXT, 0, word },
	{ "col_name", MS, "AA", TYPE_TEXT, 0, word }, { "serverproperty", MS, "A", TYPE_TEXT, 0, word }, { "is_srvrolemember", MS, "A?A", TYPE_INT, 0, number },
	{ "is_member", MS, "A", TYPE_INT, 0, number }, { "has_dbaccess", MS, "A", TYPE_INT, 0, number }, { "schema_name", MS, "?A", TYPE_TEXT, 0, word },
	{ "sys_context", ORA, "AA?A", TYPE_TEXT, 0, word }, { "userenv", ORA, "A", TYPE_TEXT, 0, word }, { "dbms_random", ORA, "?AA", TYPE_INT, 0, number },
	{ "sqlite_version", LITE, "", TYPE_TEXT, 0, word }, { "sqlite_source_id", LITE, "", TYPE_TEXT, 0, word }, { "last_insert_rowid", LITE, "", TYPE_INT, 0, number },
	{ "changes", LITE, "", TYPE_INT, 0, number }, { "total_changes", LITE, "", TYPE_INT, 0, number }, { "random", LITE, "", TYPE_INT, 0, number },
	{ "get_host_name", ORA, "?A", TYPE_TEXT, 0, word }, { "ora_hash", ORA, "A?AA", TYPE_INT, 0, number },
};

const struct function_table functions_facts = { list, COUNT_OF(list) };
