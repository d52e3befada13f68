/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SQL dialects, and sets of them for tables. */
#ifndef EMU_SQL_DIALECT_H
#define EMU_SQL_DIALECT_H

enum sql_dialect { SQL_MYSQL, SQL_POSTGRESQL, SQL_MSSQL, SQL_ORACLE, SQL_SQLITE, SQL_DIALECTS };

enum {
	IN_MYSQL = 1 << SQL_MYSQL,
	IN_POSTGRESQL = 1 << SQL_POSTGRESQL,
	IN_MSSQL = 1 << SQL_MSSQL,
	IN_ORACLE = 1 << SQL_ORACLE,
	IN_SQLITE = 1 << SQL_SQLITE,
	IN_ALL = (1 << SQL_DIALECTS) - 1,
};

#endif
