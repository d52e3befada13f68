/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of languages. */
#include "control/wire/language.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

static const char *const names[LANGUAGE_COUNT] = {
	[LANGUAGE_AUTO] = "auto",
	[LANGUAGE_SHELL] = "shell",
	[LANGUAGE_PHP] = "php",
	[LANGUAGE_PYTHON] = "python",
	[LANGUAGE_PERL] = "perl",
	[LANGUAGE_RUBY] = "ruby",
	[LANGUAGE_NODE] = "node",
	[LANGUAGE_JAVA] = "java",
	[LANGUAGE_ASP] = "asp",
	[LANGUAGE_CMD] = "cmd",
	[LANGUAGE_POWERSHELL] = "powershell",
	[LANGUAGE_SQL_MYSQL] = "sql-mysql",
	[LANGUAGE_SQL_POSTGRESQL] = "sql-postgresql",
	[LANGUAGE_SQL_MSSQL] = "sql-mssql",
	[LANGUAGE_SQL_ORACLE] = "sql-oracle",
	[LANGUAGE_SQL_SQLITE] = "sql-sqlite",
	[LANGUAGE_SQL] = "sql",
	[LANGUAGE_PATH] = "path",
	[LANGUAGE_TEMPLATE] = "template",
	[LANGUAGE_JINJA2] = "jinja2",
	[LANGUAGE_TWIG] = "twig",
	[LANGUAGE_SMARTY] = "smarty",
	[LANGUAGE_ERB] = "erb",
	[LANGUAGE_EJS] = "ejs",
	[LANGUAGE_HANDLEBARS] = "handlebars",
	[LANGUAGE_FREEMARKER] = "freemarker",
	[LANGUAGE_VELOCITY] = "velocity",
	[LANGUAGE_THYMELEAF] = "thymeleaf",
	[LANGUAGE_SPEL] = "spel",
	[LANGUAGE_OGNL] = "ognl",
	[LANGUAGE_EL] = "el",
	[LANGUAGE_MVEL] = "mvel",
	[LANGUAGE_JNDI] = "jndi",
	[LANGUAGE_XML] = "xml",
	[LANGUAGE_HTML] = "html",
	[LANGUAGE_URL] = "url",
	[LANGUAGE_PICKLE] = "pickle",
	[LANGUAGE_YAML] = "yaml",
	[LANGUAGE_PHP_OBJECT] = "php-serialized",
	[LANGUAGE_JAVA_OBJECT] = "java-serialized",
	[LANGUAGE_DOTNET_OBJECT] = "dotnet-serialized",
	[LANGUAGE_RUBY_OBJECT] = "ruby-marshal",
	[LANGUAGE_MACHINE] = "machine",
	[LANGUAGE_X86] = "x86",
	[LANGUAGE_X86_64] = "x86-64",
	[LANGUAGE_ARM] = "arm",
	[LANGUAGE_AARCH64] = "aarch64",
	[LANGUAGE_MIPS] = "mips",
	[LANGUAGE_MIPSEL] = "mipsel",
	[LANGUAGE_POWERPC] = "powerpc",
	[LANGUAGE_WIN_X86] = "win-x86",
	[LANGUAGE_WIN_X86_64] = "win-x86-64",
	[LANGUAGE_ELF] = "elf",
};

const char *language_name(enum language l)
{
	return (unsigned)l < LANGUAGE_COUNT ? names[l] : "?";
}

bool language_is_machine(enum language l)
{
	return l >= LANGUAGE_MACHINE && l <= LANGUAGE_WIN_X86_64;
}

int language_parse(const char *name, enum language *ret)
{
	for (unsigned i = 0; i < LANGUAGE_COUNT; i++) {
		if (strcmp(name, names[i]) == 0) {
			*ret = (enum language)i;
			return 0;
		}
	}
	return -EINVAL;
}
