/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of every kind as jansson itself writes them. */
#include "control/journal/writer.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t seed = 8259;

static unsigned chance(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % below;
}

static json_t *any_string(void)
{
	static const char *const pieces[] = { "a", "\"", "\\", "\n", "\t", "\r", "\b", "\f", "\x01", "\x1f", "\x7f", "/", "\xc3\xa9", "\xe7\x97\x95", "\xf0\x9f\x98\x80" };
	char text[64] = "";
	size_t len = 0;

	for (unsigned n = chance(12); n > 0; n--) {
		const char *p = pieces[chance(15)];

		memcpy(text + len, p, strlen(p));
		len += strlen(p);
		if (chance(20) == 0)
			text[len++] = '\0';
	}
	return json_stringn(text, len);
}

static double any_real(void)
{
	static const double odd[] = { 0, -0.0, 1e-7, 0.001, 0.0005, 1e21, 123456789.123, -45.9, 999999.999, 1000000, 1.0 / 3, 2.5e-310 };

	return chance(4) == 0 ? odd[chance(12)] : chance(2) == 0 ? round(chance(100000)) / 10 : round(chance(100000000)) / 1000;
}

static json_t *any_value(unsigned depth);

/* Of an array: real numbers stand under a key only. */
static json_t *any_member(unsigned depth)
{
	json_t *v = any_value(depth);

	while (json_is_real(v)) {
		json_decref(v);
		v = any_value(depth);
	}
	return v;
}

static json_t *any_value(unsigned depth)
{
	json_t *v;

	switch (depth == 0 ? 7 : chance(depth < 4 ? 8 : 6)) {
	case 0: return any_string();
	case 1: return json_integer(chance(4) == 0 ? (chance(2) == 0 ? INT64_MIN : INT64_MAX) : (json_int_t)chance(1000) - 500);
	case 2: return json_real(any_real());
	case 3: return json_boolean(chance(2));
	case 4: return json_boolean(chance(2));
	case 5: return any_string();
	case 6:
		v = json_array();
		for (unsigned n = chance(5); n > 0; n--)
			json_array_append_new(v, any_member(depth + 1));
		return v;
	default:
		v = json_object();
		for (unsigned n = chance(5); n > 0; n--) {
			char key[8] = { (char)('a' + chance(26)), (char)('a' + chance(26)), '\0' };

			json_object_set_new(v, key, any_value(depth + 1));
		}
		return v;
	}
}

static void write_value(struct writer *w, json_t *v);

static void write_object(struct writer *w, json_t *v)
{
	const char *key;
	json_t *member;

	writer_open(w, '{');
	json_object_foreach(v, key, member) {
		if (json_is_real(member)) {
			writer_key_real(w, key, json_real_value(member));
			continue;
		}
		writer_key(w, key);
		write_value(w, member);
	}
	writer_close(w, '}');
}

static void write_value(struct writer *w, json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT: write_object(w, v); break;
	case JSON_ARRAY:
		writer_open(w, '[');
		for (size_t i = 0; i < json_array_size(v); i++)
			write_value(w, json_array_get(v, i));
		writer_close(w, ']');
		break;
	case JSON_STRING: writer_text(w, bytes_of(json_string_value(v), json_string_length(v))); break;
	case JSON_INTEGER: writer_integer(w, json_integer_value(v)); break;
	default: writer_bool(w, json_is_true(v));
	}
}

static void every_value_is_written_as_jansson_writes_it(void **state)
{
	struct writer w = { 0 };

	for (unsigned n = 0; n < 5000; n++) {
		json_t *v = any_value(0);
		char *theirs = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
		struct bytes ours;

		writer_reset(&w);
		write_value(&w, v);
		assert_int_equal(writer_done(&w, &ours), 0);
		assert_string_equal((const char *)ours.at, theirs);
		assert_int_equal(ours.left, strlen(theirs));
		free(theirs);
		json_decref(v);
	}
	writer_fini(&w);
}

static void what_json_has_no_number_for_is_left_out(void **state)
{
	struct writer w = { 0 };
	struct bytes text;

	writer_open(&w, '{');
	writer_key_real(&w, "a", INFINITY);
	writer_key_real(&w, "b", NAN);
	writer_key_real(&w, "c", -0.5);
	writer_close(&w, '}');
	assert_int_equal(writer_done(&w, &text), 0);
	assert_string_equal((const char *)text.at, "{\"c\":-0.5}");
	writer_fini(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_is_written_as_jansson_writes_it),
		cmocka_unit_test(what_json_has_no_number_for_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
