/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The classes and their methods: tables of names, and what computes them. */
#ifndef EMU_EXPRESSION_CLASS_H
#define EMU_EXPRESSION_CLASS_H

#include "emu/expression/syntax.h"

struct java_class {
	const char *name;      /* "java.lang.String" */
	const char *base;      /* class or interface that has what it lacks; NULL: Object */
};

enum method_flags {
	METHOD_STATIC = 1,
	METHOD_NEW = 2,        /* a constructor; name is "new" */
	METHOD_OPEN = 4,       /* takes values of the victim as they are: else a call with one gives another */
};

struct java_method {
	const char *type;      /* class */
	const char *name;
	/*
	 * One letter an argument: s text (others are brought to it where the language does so), i whole number, n number, b
	 * truth, a anything; * any number more of them.
	 */
	const char *signature;
	unsigned char flags;
	int variant;           /* for the function */
	int (*call)(struct java_run *, const struct java_method *, struct java_value *self, struct java_value *args, unsigned count,
	            struct java_value *ret);
};

struct method_table {
	const struct java_method *list;
	unsigned count;
};
extern const struct method_table methods_string, methods_builder, methods_number, methods_lang, methods_process, methods_reflect, methods_list,
	methods_map, methods_util, methods_stream, methods_file, methods_net, methods_web, methods_code, methods_format;

struct java_field {
	const char *type, *name;
	struct java_value value;
};

/* By full name, or by a short one of java.lang (and what the language imports besides). NULL: unknown. */
const struct java_class *class_find(const struct java_run *, struct bytes name);
/* Known, or made for this run with nothing in it. NULL: no memory. */
const struct java_class *class_named(struct java_run *, struct bytes name);
const struct java_class *class_of(const char *name);  /* of the table: must be there */
bool class_is(const struct java_class *, const char *base);
bool class_is_known(const struct java_class *);
/* Does the name read like a class's: a.b.C? */
bool class_name_plausible(struct bytes name);

enum { CALL_ARGUMENTS_MAX = 32 };

/* target.name(args); type: the class whose static members are meant, where target is NULL. */
int java_method_call(struct java_run *, struct java_value *target, const struct java_class *type, struct bytes name, struct java_value *args,
                unsigned count, struct java_value *ret);
int java_method_new(struct java_run *, const struct java_class *, struct java_value *args, unsigned count, struct java_value *ret);
bool java_method_exists(const struct java_run *, const struct java_class *, bool fixed, struct bytes name);
/* target.name: a field, a bean's getter, a map's key, as the language has it. */
int java_property_get(struct java_run *, struct java_value *target, struct bytes name, struct java_value *ret);
int java_static_field(struct java_run *, const struct java_class *, struct bytes name, struct java_value *ret);
int java_property_set(struct java_run *, struct java_value *target, struct bytes name, struct java_value value);
int java_index_get(struct java_run *, struct java_value *target, const struct java_value *index, struct java_value *ret);
int java_index_set(struct java_run *, struct java_value *target, const struct java_value *index, struct java_value value);

/* code.c */
int java_code_call(struct java_run *, const struct java_value *function, struct java_value *args, unsigned count, struct java_value *ret);
int java_evaluate(struct java_run *, const struct node *, struct java_value *ret);
int java_execute(struct java_run *, const struct node *);
int java_assign(struct java_run *, const struct node *target, struct java_value value);
int java_operate(struct java_run *, enum operator, struct java_value *a, struct java_value *b, struct java_value *ret);
int java_operate_one(struct java_run *, enum operator, struct java_value *a, struct java_value *ret);
int java_compare(struct java_run *, const struct java_value *, const struct java_value *, int *ret);
bool java_equals(struct java_run *, const struct java_value *, const struct java_value *); /* the language's == */
int java_variable_set(struct java_run *, struct bytes name, struct java_value value, bool here);
struct variable *java_variable_find(const struct java_run *, struct bytes name);
/* Code of a language inside another one (eval): its value, or what it shows. */
int java_evaluate_inside(struct java_run *, enum expression_language, struct bytes text, bool statements, struct java_value *ret);
/* The items of what can be gone through: a list, an array, a map's entries, an iterator. */
int java_items_of(struct java_run *, const struct java_value *, struct java_value **ret, unsigned *count);
/* A template: text with expressions; appends to the page. */
int java_template_run(struct java_run *, struct bytes text, struct java_object *out);
int java_freemarker_run(struct java_run *, struct bytes text, struct java_object *out);
int java_freemarker_builtin(struct java_run *, const struct node *, struct java_value *ret);
int java_velocity_run(struct java_run *, struct bytes text, struct java_object *out);
int java_thymeleaf_run(struct java_run *, struct bytes text, struct java_object *out);
size_t java_template_end(struct bytes text, size_t at, char close); /* of an expression that begins at `at`; text.left: none */

/* regexp.c: -EDOM: no such pattern. */
int java_regexp_replace(struct java_run *, struct bytes text, struct bytes pattern, struct bytes by, bool all, struct bytes *ret);
int java_regexp_match(struct java_run *, struct bytes text, struct bytes pattern, bool whole, size_t from, size_t groups[20], bool *ret);
int java_regexp_split(struct java_run *, struct bytes text, struct bytes pattern, int64_t limit, struct java_object *list);

/* process.c */
int java_process_start(struct java_run *, const struct bytes *words, unsigned count, bool merged, struct java_value *ret);
void java_process_wait(struct java_run *, struct java_object *process);
int java_process_words(struct java_run *, const struct java_value *, struct bytes words[CALL_ARGUMENTS_MAX], unsigned *count);
int java_stream_of(struct java_run *, const char *type, struct bytes text, struct java_value *ret);
/* The text that is left in a stream, reader, builder, string or bytes; waits for its process. */
int java_stream_rest(struct java_run *, struct java_value *, struct bytes *ret);
void java_note_event(struct java_run *, const struct event *);
int java_file_read(struct java_run *, struct bytes path, struct bytes *ret);
/* What was read, as a method gives it: a string, 1: its bytes, 2: its lines. */
int java_text_as(struct java_run *, struct bytes text, int variant, struct java_value *ret);
int java_url_fetch(struct java_run *, struct bytes url);
/* A word of the victim's that nobody knows, another with each seed. */
struct bytes java_unknown_word(struct java_run *, const char *what);

/* The head of a method's function, which the tables of classes name. */
#define METHOD(name) static int name(struct java_run *run, const struct java_method *m, struct java_value *self, struct java_value *args, unsigned count, struct java_value *ret)

#endif
