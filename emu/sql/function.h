/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions of the dialects: tables of names, what arguments they take, and what computes them. */
#ifndef EMU_SQL_FUNCTION_H
#define EMU_SQL_FUNCTION_H

#include "emu/sql/value.h"

enum { ARGUMENTS_MAX = 64 };

struct function;

/*
 * signature: one letter an argument: t text or bytes, i integer, r real, n number, a anything as it is; small letters:
 * NULL makes the result NULL, capitals: NULL goes in. ? behind: it and those after it may be left away; * behind: any
 * number more of it.
 */
struct function {
	const char *name;
	unsigned in;
	const char *signature;
	enum sql_type type;      /* of the result, where it is NULL */
	int variant;             /* for the computing function */
	int (*call)(struct sql_run *, const struct function *, struct sql_value *args, unsigned count, struct sql_value *ret);
};

struct function_table {
	const struct function *list;
	unsigned count;
};

extern const struct function_table functions_text, functions_cut, functions_digits, functions_numbers, functions_facts,
	functions_effects, functions_lists, functions_cipher;

/* The dialect's function of this name; NULL: it has none that is modelled. */
const struct function *function_find(const struct sql_run *, struct bytes name);
/* Calls it with values: counted, brought to their types. */
int function_call(struct sql_run *, const struct function *, struct sql_value *args, unsigned count, struct sql_value *ret);

/* Text by characters: of TEXT in UTF-8, of BYTES bytes. */
bool text_is_wide(const struct sql_value *);
size_t text_characters(const struct sql_value *);
/* The byte offset of character n, or the length where there are fewer. */
size_t text_offset(const struct sql_value *, size_t n);
size_t text_width(const struct sql_value *, size_t at); /* bytes of the character at this offset */
/* A result text; bytes in MySQL where any argument is. */
struct sql_value text_result(const struct sql_run *, const struct sql_value *args, unsigned count, struct bytes);
/* Room for a result; -E2BIG, -ENOMEM. */
int text_room(struct sql_run *, size_t size, uint8_t **ret);

#endif
