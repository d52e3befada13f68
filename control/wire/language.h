/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The languages of attack code, as the command line and the JSON name them. */
#ifndef CONTROL_WIRE_LANGUAGE_H
#define CONTROL_WIRE_LANGUAGE_H

#include "control/wire/compiler.h"

#include <stdbool.h>

enum language {
	LANGUAGE_AUTO,
	LANGUAGE_SHELL,
	LANGUAGE_PHP,
	LANGUAGE_PYTHON,
	LANGUAGE_PERL,
	LANGUAGE_RUBY,
	LANGUAGE_NODE,
	LANGUAGE_JAVA,
	LANGUAGE_ASP,
	LANGUAGE_CMD,
	LANGUAGE_POWERSHELL,
	LANGUAGE_SQL_MYSQL,
	LANGUAGE_SQL_POSTGRESQL,
	LANGUAGE_SQL_MSSQL,
	LANGUAGE_SQL_ORACLE,
	LANGUAGE_SQL_SQLITE,
	LANGUAGE_SQL, /* of some engine: each dialect is tried */
	LANGUAGE_PATH,
	LANGUAGE_TEMPLATE, /* of some engine, expression languages too: each whose grammar takes it is tried */
	LANGUAGE_JINJA2,
	LANGUAGE_TWIG,
	LANGUAGE_SMARTY,
	LANGUAGE_ERB,
	LANGUAGE_EJS,
	LANGUAGE_HANDLEBARS,
	LANGUAGE_FREEMARKER,
	LANGUAGE_VELOCITY,
	LANGUAGE_THYMELEAF,
	LANGUAGE_SPEL,
	LANGUAGE_OGNL,
	LANGUAGE_EL,
	LANGUAGE_MVEL,
	LANGUAGE_JNDI,
	LANGUAGE_XML,
	LANGUAGE_HTML,
	LANGUAGE_URL,
	LANGUAGE_PICKLE, /* the formats of serialised objects */
	LANGUAGE_YAML,
	LANGUAGE_PHP_OBJECT,
	LANGUAGE_JAVA_OBJECT,
	LANGUAGE_DOTNET_OBJECT,
	LANGUAGE_RUBY_OBJECT,
	LANGUAGE_MACHINE, /* of some processor: emulation finds out which, and whether it is code at all */
	LANGUAGE_X86,
	LANGUAGE_X86_64,
	LANGUAGE_ARM,
	LANGUAGE_AARCH64,
	LANGUAGE_MIPS,
	LANGUAGE_MIPSEL,
	LANGUAGE_POWERPC,
	LANGUAGE_WIN_X86,
	LANGUAGE_WIN_X86_64,
	LANGUAGE_ELF,
	LANGUAGE_COUNT,
};

/* "shell", "sql-mysql", "x86-64", …; never NULL for a valid value. */
const char *language_name(enum language);
/* Machine code as it stands in memory, without a file around it. */
bool language_is_machine(enum language); /* LANGUAGE_MACHINE too */
/* -EINVAL for a name that is none. */
must_check int language_parse(const char *name, enum language *ret);

#endif
