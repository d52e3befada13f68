/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SQL's words with what they do in a query, in the order of the alphabet: every word of every value is looked up here. */
#include "control/extract/sql.h"

#include <stdlib.h>
#include <string.h>

struct row {
	const char *word;
	enum sqlword is;
};

/* In strcmp()'s order. Of what a word may be in several places, what tells most. */
static const struct row rows[] = {
	{ "abs", SQLWORD_FUNCTION }, { "aes_decrypt", SQLWORD_TELLING }, { "aes_encrypt", SQLWORD_TELLING }, { "all", SQLWORD_PREFIX },
	{ "all_tab_columns", SQLWORD_CATALOG }, { "all_tables", SQLWORD_CATALOG }, { "all_users", SQLWORD_CATALOG }, { "alter", SQLWORD_VERB },
	{ "analyze", SQLWORD_VERB }, { "and", SQLWORD_LOGIC }, { "any", SQLWORD_PREFIX }, { "array_agg", SQLWORD_TELLING },
	{ "array_to_string", SQLWORD_TELLING }, { "as", SQLWORD_INNER }, { "asc", SQLWORD_INNER }, { "ascii", SQLWORD_TELLING }, { "at", SQLWORD_INNER },
	{ "attach", SQLWORD_VERB }, { "avg", SQLWORD_FUNCTION }, { "backup", SQLWORD_VERB }, { "begin", SQLWORD_VERB }, { "benchmark", SQLWORD_TELLING },
	{ "between", SQLWORD_OPERATOR }, { "bin", SQLWORD_FUNCTION }, { "binary", SQLWORD_PREFIX }, { "bit_count", SQLWORD_TELLING },
	{ "bit_length", SQLWORD_TELLING }, { "bitand", SQLWORD_TELLING }, { "bulk", SQLWORD_VERB }, { "by", SQLWORD_INNER }, { "call", SQLWORD_VERB },
	{ "case", SQLWORD_INNER }, { "cast", SQLWORD_FUNCTION }, { "ceil", SQLWORD_FUNCTION }, { "ceiling", SQLWORD_FUNCTION },
	{ "changes", SQLWORD_FUNCTION }, { "char", SQLWORD_FUNCTION }, { "char_length", SQLWORD_TELLING }, { "character_length", SQLWORD_TELLING },
	{ "charindex", SQLWORD_TELLING }, { "charset", SQLWORD_TELLING }, { "chr", SQLWORD_TELLING }, { "coalesce", SQLWORD_FUNCTION },
	{ "coercibility", SQLWORD_TELLING }, { "col_name", SQLWORD_TELLING }, { "collate", SQLWORD_OPERATOR }, { "collation", SQLWORD_TELLING },
	{ "commit", SQLWORD_VERB }, { "compress", SQLWORD_TELLING }, { "concat", SQLWORD_FUNCTION }, { "concat_ws", SQLWORD_TELLING },
	{ "connection_id", SQLWORD_TELLING }, { "contains", SQLWORD_OPERATOR }, { "conv", SQLWORD_TELLING }, { "convert", SQLWORD_FUNCTION },
	{ "convert_from", SQLWORD_TELLING }, { "convert_to", SQLWORD_TELLING }, { "copy", SQLWORD_VERB }, { "cos", SQLWORD_FUNCTION },
	{ "count", SQLWORD_FUNCTION }, { "crc32", SQLWORD_FUNCTION }, { "create", SQLWORD_VERB }, { "cross", SQLWORD_INNER }, { "ctxsys", SQLWORD_TELLING },
	{ "curdate", SQLWORD_TELLING }, { "current_database", SQLWORD_TELLING }, { "current_date", SQLWORD_VALUE }, { "current_schema", SQLWORD_TELLING },
	{ "current_time", SQLWORD_VALUE }, { "current_timestamp", SQLWORD_VALUE }, { "current_user", SQLWORD_VALUE }, { "currval", SQLWORD_TELLING },
	{ "curtime", SQLWORD_TELLING }, { "database", SQLWORD_FUNCTION }, { "database_to_xml", SQLWORD_TELLING }, { "datalength", SQLWORD_TELLING },
	{ "date", SQLWORD_FUNCTION }, { "date_add", SQLWORD_TELLING }, { "date_sub", SQLWORD_TELLING }, { "day", SQLWORD_FUNCTION },
	{ "db", SQLWORD_FUNCTION }, { "db_name", SQLWORD_TELLING }, { "dba_tables", SQLWORD_CATALOG }, { "dba_users", SQLWORD_CATALOG },
	{ "dbcc", SQLWORD_VERB }, { "dblink", SQLWORD_TELLING }, { "dbms_lock", SQLWORD_TELLING }, { "dbms_pipe", SQLWORD_TELLING },
	{ "dbms_xmlgen", SQLWORD_TELLING }, { "declare", SQLWORD_VERB }, { "decode", SQLWORD_TELLING }, { "default", SQLWORD_VALUE },
	{ "delete", SQLWORD_VERB }, { "dense_rank", SQLWORD_TELLING }, { "desc", SQLWORD_INNER }, { "detach", SQLWORD_VERB },
	{ "difference", SQLWORD_FUNCTION }, { "distinct", SQLWORD_PREFIX }, { "distinctrow", SQLWORD_PREFIX }, { "div", SQLWORD_OPERATOR },
	{ "do", SQLWORD_VERB }, { "drop", SQLWORD_VERB }, { "dual", SQLWORD_CATALOG }, { "else", SQLWORD_INNER }, { "elt", SQLWORD_TELLING },
	{ "encode", SQLWORD_TELLING }, { "end", SQLWORD_INNER }, { "escape", SQLWORD_OPERATOR }, { "except", SQLWORD_SET }, { "exec", SQLWORD_VERB },
	{ "execute", SQLWORD_VERB }, { "exists", SQLWORD_PREFIX }, { "exp", SQLWORD_FUNCTION }, { "explain", SQLWORD_VERB },
	{ "extractvalue", SQLWORD_TELLING }, { "false", SQLWORD_VALUE }, { "fetch", SQLWORD_CLAUSE }, { "field", SQLWORD_FUNCTION },
	{ "find_in_set", SQLWORD_TELLING }, { "floor", SQLWORD_FUNCTION }, { "fn_virtualfilestats", SQLWORD_TELLING }, { "for", SQLWORD_CLAUSE },
	{ "format", SQLWORD_FUNCTION }, { "found_rows", SQLWORD_TELLING }, { "from", SQLWORD_CLAUSE }, { "from_base64", SQLWORD_TELLING },
	{ "from_days", SQLWORD_TELLING }, { "full", SQLWORD_INNER }, { "generate_series", SQLWORD_TELLING }, { "geometrycollection", SQLWORD_TELLING },
	{ "get_byte", SQLWORD_TELLING }, { "get_lock", SQLWORD_TELLING }, { "glob", SQLWORD_OPERATOR }, { "goto", SQLWORD_VERB }, { "grant", SQLWORD_VERB },
	{ "greatest", SQLWORD_FUNCTION }, { "group", SQLWORD_CLAUSE }, { "group_concat", SQLWORD_TELLING }, { "gtid_subset", SQLWORD_TELLING },
	{ "gtid_subtract", SQLWORD_TELLING }, { "handler", SQLWORD_VERB }, { "has_dbaccess", SQLWORD_TELLING }, { "has_table_privilege", SQLWORD_TELLING },
	{ "having", SQLWORD_CLAUSE }, { "hex", SQLWORD_FUNCTION }, { "hextoraw", SQLWORD_TELLING }, { "host_name", SQLWORD_TELLING },
	{ "hour", SQLWORD_FUNCTION }, { "httpuritype", SQLWORD_TELLING }, { "if", SQLWORD_VERB }, { "ifnull", SQLWORD_TELLING }, { "iif", SQLWORD_TELLING },
	{ "ilike", SQLWORD_OPERATOR }, { "in", SQLWORD_OPERATOR }, { "inet_aton", SQLWORD_TELLING }, { "inet_ntoa", SQLWORD_TELLING },
	{ "inet_server_addr", SQLWORD_TELLING }, { "information_schema", SQLWORD_CATALOG }, { "inner", SQLWORD_INNER }, { "insert", SQLWORD_VERB },
	{ "instr", SQLWORD_FUNCTION }, { "instrb", SQLWORD_TELLING }, { "intersect", SQLWORD_SET }, { "interval", SQLWORD_PREFIX },
	{ "into", SQLWORD_CLAUSE }, { "is", SQLWORD_OPERATOR }, { "is_member", SQLWORD_TELLING }, { "is_srvrolemember", SQLWORD_TELLING },
	{ "is_used_lock", SQLWORD_TELLING }, { "isnull", SQLWORD_OPERATOR }, { "join", SQLWORD_INNER }, { "json_extract", SQLWORD_TELLING },
	{ "json_keys", SQLWORD_TELLING }, { "json_storage_free", SQLWORD_TELLING }, { "julianday", SQLWORD_TELLING }, { "key", SQLWORD_FUNCTION },
	{ "kill", SQLWORD_VERB }, { "lag", SQLWORD_TELLING }, { "last_insert_id", SQLWORD_TELLING }, { "last_insert_rowid", SQLWORD_TELLING },
	{ "lateral", SQLWORD_INNER }, { "lead", SQLWORD_TELLING }, { "least", SQLWORD_FUNCTION }, { "left", SQLWORD_INNER }, { "len", SQLWORD_FUNCTION },
	{ "length", SQLWORD_FUNCTION }, { "like", SQLWORD_OPERATOR }, { "likely", SQLWORD_FUNCTION }, { "limit", SQLWORD_CLAUSE },
	{ "linestring", SQLWORD_TELLING }, { "lo_export", SQLWORD_TELLING }, { "lo_import", SQLWORD_TELLING }, { "load", SQLWORD_VERB },
	{ "load_extension", SQLWORD_TELLING }, { "load_file", SQLWORD_TELLING }, { "localtime", SQLWORD_VALUE }, { "localtimestamp", SQLWORD_VALUE },
	{ "locate", SQLWORD_FUNCTION }, { "lock", SQLWORD_INNER }, { "log", SQLWORD_FUNCTION }, { "lower", SQLWORD_FUNCTION }, { "lpad", SQLWORD_TELLING },
	{ "ltrim", SQLWORD_FUNCTION }, { "make_set", SQLWORD_TELLING }, { "master_pos_wait", SQLWORD_TELLING }, { "match", SQLWORD_OPERATOR },
	{ "max", SQLWORD_FUNCTION }, { "md5", SQLWORD_FUNCTION }, { "member", SQLWORD_OPERATOR }, { "merge", SQLWORD_VERB }, { "mid", SQLWORD_FUNCTION },
	{ "min", SQLWORD_FUNCTION }, { "minus", SQLWORD_SET }, { "minute", SQLWORD_FUNCTION }, { "mod", SQLWORD_OPERATOR }, { "mode", SQLWORD_INNER },
	{ "month", SQLWORD_FUNCTION }, { "msysobjects", SQLWORD_CATALOG }, { "multilinestring", SQLWORD_TELLING }, { "multipoint", SQLWORD_TELLING },
	{ "multipolygon", SQLWORD_TELLING }, { "name_const", SQLWORD_TELLING }, { "natural", SQLWORD_INNER }, { "nchar", SQLWORD_FUNCTION },
	{ "nextval", SQLWORD_TELLING }, { "not", SQLWORD_PREFIX }, { "notnull", SQLWORD_OPERATOR }, { "now", SQLWORD_FUNCTION },
	{ "ntile", SQLWORD_TELLING }, { "null", SQLWORD_VALUE }, { "nullif", SQLWORD_TELLING }, { "nulls", SQLWORD_INNER }, { "nvarchar", SQLWORD_TELLING },
	{ "nvl", SQLWORD_TELLING }, { "nvl2", SQLWORD_TELLING }, { "object_id", SQLWORD_TELLING }, { "object_name", SQLWORD_TELLING },
	{ "oct", SQLWORD_FUNCTION }, { "octet_length", SQLWORD_TELLING }, { "offset", SQLWORD_CLAUSE }, { "on", SQLWORD_INNER }, { "only", SQLWORD_INNER },
	{ "openquery", SQLWORD_TELLING }, { "openrowset", SQLWORD_VERB }, { "openxml", SQLWORD_TELLING }, { "or", SQLWORD_LOGIC },
	{ "ord", SQLWORD_FUNCTION }, { "order", SQLWORD_CLAUSE }, { "outer", SQLWORD_INNER }, { "over", SQLWORD_INNER }, { "overlaps", SQLWORD_OPERATOR },
	{ "parsename", SQLWORD_TELLING }, { "partition", SQLWORD_INNER }, { "patindex", SQLWORD_TELLING }, { "percent", SQLWORD_INNER },
	{ "performance_schema", SQLWORD_CATALOG }, { "period_add", SQLWORD_TELLING }, { "pg_authid", SQLWORD_CATALOG }, { "pg_catalog", SQLWORD_CATALOG },
	{ "pg_class", SQLWORD_CATALOG }, { "pg_database", SQLWORD_CATALOG }, { "pg_shadow", SQLWORD_CATALOG }, { "pg_sleep", SQLWORD_TELLING },
	{ "pg_tables", SQLWORD_CATALOG }, { "pg_user", SQLWORD_CATALOG }, { "pi", SQLWORD_FUNCTION }, { "polygon", SQLWORD_TELLING },
	{ "position", SQLWORD_FUNCTION }, { "pow", SQLWORD_FUNCTION }, { "power", SQLWORD_FUNCTION }, { "pragma", SQLWORD_VERB },
	{ "prepare", SQLWORD_VERB }, { "print", SQLWORD_VERB }, { "printf", SQLWORD_FUNCTION }, { "prior", SQLWORD_PREFIX },
	{ "procedure", SQLWORD_CLAUSE }, { "qualify", SQLWORD_CLAUSE }, { "quarter", SQLWORD_FUNCTION }, { "query_to_xml", SQLWORD_TELLING },
	{ "quote", SQLWORD_FUNCTION }, { "quotename", SQLWORD_TELLING }, { "raiserror", SQLWORD_VERB }, { "rand", SQLWORD_FUNCTION },
	{ "random", SQLWORD_FUNCTION }, { "randomblob", SQLWORD_TELLING }, { "rank", SQLWORD_TELLING }, { "rawtohex", SQLWORD_TELLING },
	{ "reconfigure", SQLWORD_VERB }, { "regexp", SQLWORD_OPERATOR }, { "regexp_matches", SQLWORD_TELLING }, { "regexp_replace", SQLWORD_TELLING },
	{ "release_lock", SQLWORD_TELLING }, { "rename", SQLWORD_VERB }, { "repeat", SQLWORD_FUNCTION }, { "replace", SQLWORD_VERB },
	{ "replicate", SQLWORD_FUNCTION }, { "restore", SQLWORD_VERB }, { "returning", SQLWORD_CLAUSE }, { "reverse", SQLWORD_FUNCTION },
	{ "revoke", SQLWORD_VERB }, { "right", SQLWORD_INNER }, { "rlike", SQLWORD_OPERATOR }, { "rollback", SQLWORD_VERB }, { "rollup", SQLWORD_INNER },
	{ "round", SQLWORD_FUNCTION }, { "row", SQLWORD_FUNCTION }, { "row_count", SQLWORD_TELLING }, { "row_number", SQLWORD_TELLING },
	{ "rowid", SQLWORD_VALUE }, { "rownum", SQLWORD_VALUE }, { "rows", SQLWORD_INNER }, { "rpad", SQLWORD_TELLING }, { "rtrim", SQLWORD_FUNCTION },
	{ "schema", SQLWORD_FUNCTION }, { "sec_to_time", SQLWORD_TELLING }, { "second", SQLWORD_FUNCTION }, { "select", SQLWORD_SELECT },
	{ "separator", SQLWORD_INNER }, { "serverproperty", SQLWORD_TELLING }, { "session_user", SQLWORD_VALUE }, { "set", SQLWORD_VERB },
	{ "setval", SQLWORD_TELLING }, { "sha1", SQLWORD_FUNCTION }, { "sha2", SQLWORD_FUNCTION }, { "share", SQLWORD_INNER }, { "show", SQLWORD_VERB },
	{ "shutdown", SQLWORD_VERB }, { "sign", SQLWORD_FUNCTION }, { "similar", SQLWORD_OPERATOR }, { "sin", SQLWORD_FUNCTION },
	{ "sleep", SQLWORD_TELLING }, { "some", SQLWORD_PREFIX }, { "soundex", SQLWORD_FUNCTION }, { "sounds", SQLWORD_OPERATOR },
	{ "space", SQLWORD_FUNCTION }, { "split_part", SQLWORD_TELLING }, { "sqlcode", SQLWORD_VALUE }, { "sqlerrm", SQLWORD_VALUE },
	{ "sqlite_master", SQLWORD_CATALOG }, { "sqlite_schema", SQLWORD_CATALOG }, { "sqlite_source_id", SQLWORD_TELLING },
	{ "sqlite_temp_master", SQLWORD_CATALOG }, { "sqlite_version", SQLWORD_TELLING }, { "sqrt", SQLWORD_FUNCTION },
	{ "st_latfromgeohash", SQLWORD_TELLING }, { "st_longfromgeohash", SQLWORD_TELLING }, { "st_pointfromgeohash", SQLWORD_TELLING },
	{ "statement_digest_text", SQLWORD_TELLING }, { "str", SQLWORD_FUNCTION }, { "strcmp", SQLWORD_TELLING }, { "strftime", SQLWORD_TELLING },
	{ "string_agg", SQLWORD_TELLING }, { "stuff", SQLWORD_FUNCTION }, { "substr", SQLWORD_FUNCTION }, { "substring", SQLWORD_FUNCTION },
	{ "substring_index", SQLWORD_TELLING }, { "sum", SQLWORD_FUNCTION }, { "suser_name", SQLWORD_TELLING }, { "suser_sname", SQLWORD_TELLING },
	{ "sys_context", SQLWORD_TELLING }, { "syscolumns", SQLWORD_CATALOG }, { "sysdatabases", SQLWORD_CATALOG }, { "sysdate", SQLWORD_VALUE },
	{ "syslogins", SQLWORD_CATALOG }, { "sysobjects", SQLWORD_CATALOG }, { "sysprocesses", SQLWORD_CATALOG }, { "system_user", SQLWORD_VALUE },
	{ "sysusers", SQLWORD_CATALOG }, { "tan", SQLWORD_FUNCTION }, { "then", SQLWORD_INNER }, { "time", SQLWORD_FUNCTION },
	{ "timestampadd", SQLWORD_TELLING }, { "timestampdiff", SQLWORD_TELLING }, { "to_base64", SQLWORD_TELLING }, { "to_char", SQLWORD_TELLING },
	{ "to_days", SQLWORD_TELLING }, { "to_number", SQLWORD_TELLING }, { "top", SQLWORD_INNER }, { "total", SQLWORD_FUNCTION },
	{ "trim", SQLWORD_FUNCTION }, { "true", SQLWORD_VALUE }, { "truncate", SQLWORD_VERB }, { "typeof", SQLWORD_TELLING }, { "uid", SQLWORD_VALUE },
	{ "uncompress", SQLWORD_TELLING }, { "unhex", SQLWORD_TELLING }, { "unicode", SQLWORD_FUNCTION }, { "union", SQLWORD_SET },
	{ "unique", SQLWORD_PREFIX }, { "unixepoch", SQLWORD_TELLING }, { "unknown", SQLWORD_VALUE }, { "unlikely", SQLWORD_FUNCTION },
	{ "update", SQLWORD_VERB }, { "updatexml", SQLWORD_TELLING }, { "upper", SQLWORD_FUNCTION }, { "use", SQLWORD_VERB }, { "user", SQLWORD_FUNCTION },
	{ "user_name", SQLWORD_TELLING }, { "user_tab_columns", SQLWORD_CATALOG }, { "user_tables", SQLWORD_CATALOG }, { "using", SQLWORD_INNER },
	{ "utc_date", SQLWORD_VALUE }, { "utc_time", SQLWORD_VALUE }, { "utc_timestamp", SQLWORD_VALUE }, { "utl_http", SQLWORD_TELLING },
	{ "utl_inaddr", SQLWORD_TELLING }, { "uuid", SQLWORD_FUNCTION }, { "uuid_short", SQLWORD_TELLING }, { "vacuum", SQLWORD_VERB },
	{ "values", SQLWORD_INNER }, { "varchar", SQLWORD_TELLING }, { "version", SQLWORD_FUNCTION }, { "waitfor", SQLWORD_VERB },
	{ "week", SQLWORD_FUNCTION }, { "when", SQLWORD_INNER }, { "where", SQLWORD_CLAUSE }, { "window", SQLWORD_CLAUSE }, { "with", SQLWORD_INNER },
	{ "xmlagg", SQLWORD_TELLING }, { "xmltype", SQLWORD_TELLING }, { "xor", SQLWORD_LOGIC }, { "xpath", SQLWORD_TELLING }, { "year", SQLWORD_FUNCTION },
	{ "zeroblob", SQLWORD_TELLING },
};

enum { WORD_MAX = 32 }; /* bytes; none is longer */

static int by_word(const void *word, const void *row)
{
	return strcmp(word, ((const struct row *)row)->word);
}

enum sqlword sqlword_listed(struct bytes word)
{
	char folded[WORD_MAX + 1];
	const struct row *row;

	if (word.left > WORD_MAX)
		return SQLWORD_OTHER;
	for (size_t i = 0; i < word.left; i++)
		folded[i] = (char)((uint8_t)(word.at[i] - 'A') < 26 ? word.at[i] | 0x20 : word.at[i]);
	folded[word.left] = '\0';
	row = bsearch(folded, rows, COUNT_OF(rows), sizeof(rows[0]), by_word);
	return row != NULL ? row->is : SQLWORD_OTHER;
}
