/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a server says of itself: its version, who is connected, where its files lie. Nobody knows the victim's, but they
 * have shapes. Each seed makes another of the same shape; a flavour is one product of those that share a dialect.
 */
#include "emu/sql/effect.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { VARIANTS = SQL_FACT_VARIANTS, TEXT_MAX = 200 };

/* % stands for a number that the seed makes: two digits at most. Variants begin and end differently where products do. */
struct shape {
	const char *names;        /* of functions and variables, a blank before and after each */
	unsigned in, flavour;
	const char *variants[VARIANTS];
};

static const struct shape shapes[] = {
	{ " version @@version @@global.version ", IN_MYSQL, 0, { "5.7.%", "8.0.%-0ubuntu0.22.04.1", "9.1.%-log", "8.4.%-commercial" } },
	{ " version @@version @@global.version ", IN_MYSQL, 1, { "5.5.%-MariaDB", "10.11.%-MariaDB-0+deb12u2", "11.4.%-MariaDB-log", "10.6.%-MariaDB-0ubuntu0.22.04.3" } },
	{ " user current_user session_user system_user ", IN_MYSQL, 0, { "app%@localhost", "shop_%@10.0.3.%", "root@db%", "w%b@%%" } },
	{ " @@datadir @@basedir @@tmpdir @@plugin_dir @@slave_load_tmpdir @@character_sets_dir ", IN_MYSQL, 0,
	  { "/var/lib/mysql/", "/srv/db%", "/usr/local/mysql/data/", "/data/m%/x" } },
	{ " version ", IN_POSTGRESQL, 0, {
		"PostgreSQL 15.% (Debian 15.%-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit",
		"PostgreSQL 9.6.% on aarch64-unknown-linux-musl, compiled by clang version 1%.0.0, 64-bit",
		"PostgreSQL 16.% (Ubuntu 16.%-1.pgdg22.04+1) on i686-pc-linux-gnu, compiled by gcc 11.4.%, 32-bit",
		"PostgreSQL 17.%, compiled by Visual C++ build 19%, 64-bit" } },
	{ " sqlite_version ", IN_SQLITE, 0, { "3.%.1", "3.4%.2", "3.3%.0", "3.%.5" } },
	{ " @@version ", IN_MSSQL, 0, {
		"Microsoft SQL Server 2019 (RTM-CU%) (KB50%) - 15.0.4%.2 (X64) ", "Microsoft SQL Server 2012 (SP4) - 11.0.7%.6 (X64) ",
		"Microsoft SQL Server 2022 (RTM) - 16.0.1%.6 (X64) ", "Microsoft SQL Server 2008 R2 (SP3) - 10.50.6%.34 (Intel X86) " } },
	{ " banner banner_full version_full ", IN_ORACLE, 0, {
		"Oracle Database 19c Enterprise Edition Release 19.%.0.0.0 - Production", "Oracle Database 21c Express Edition Release 21.%.0.0.0 - Production",
		"Oracle Database 11g Release 11.2.0.%.0 - 64bit Production", "Oracle Database 12c Standard Edition Release 12.%.0.2.0 - 64bit Production" } },
	{ " sql ", IN_SQLITE, 0, { "CREATE TABLE t%(id integer)", "CREATE TABLE users%(a text, b text)", "CREATE TABLE \"x%\" (k, v)", "CREATE TABLE n(q%)" } },
};

static const struct shape *shape_find(const struct sql_run *r, struct bytes name)
{
	const struct shape *found = NULL;
	char word[40];
	int len = snprintf(word, sizeof(word), " %.*s ", (int)(name.left < 32 ? name.left : 32), name.left > 0 ? (const char *)name.at : "");

	for (int i = 0; i < len; i++)
		word[i] = (char)tolower((unsigned char)word[i]);
	for (unsigned i = 0; i < COUNT_OF(shapes); i++) {
		if (run_in(r, shapes[i].in) && strstr(shapes[i].names, word) != NULL && shapes[i].flavour <= r->flavour)
			found = &shapes[i];
	}
	return found;
}

bool effect_fact_is(const struct sql_run *r, struct bytes name)
{
	return shape_find(r, name) != NULL;
}

struct sql_value effect_fact(struct sql_run *r, struct bytes name)
{
	const struct shape *shape = shape_find(r, name);
	struct sql_value v = effect_unknown(r, name, 0);
	uint64_t number = (uint64_t)effect_unknown_number(r, name, 1).i;
	char text[TEXT_MAX];
	size_t used = 0;

	if (shape == NULL)
		return v;
	if (r->out != NULL)
		r->out->told_of_itself = true;
	for (const char *c = shape->variants[r->seed % VARIANTS]; *c != '\0' && used + 3 < sizeof(text); c++) {
		if (*c != '%') {
			text[used++] = *c;
			continue;
		}
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%u", (unsigned)(number % 98 + 1));
		number = number * 7 + 5;
	}
	v.s = arena_copy(r->arena, bytes_of(text, used), used);
	return v;
}
