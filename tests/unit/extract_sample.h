/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests with the code that is expected of them, for the tests of extraction. Behind cmocka's headers. */
#ifndef TESTS_UNIT_EXTRACT_SAMPLE_H
#define TESTS_UNIT_EXTRACT_SAMPLE_H

#include "control/extract/extract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/extract_known.h"

/* One request and the code expected of it; text NULL: none at all. */
struct sample {
	const char *request;
	enum language language;
	const char *text;
	uint32_t contexts;
	enum code_sink sink;
};

static inline void expect(const struct sample *s)
{
	struct extraction *e = NULL;
	bool found = false;

	assert_int_equal(extract_bytes(bytes_text(s->request), &e), 0);
	for (unsigned i = 0; i < e->count && s->text != NULL; i++) {
		found |= e->codes[i].language == s->language && bytes_equal(e->codes[i].text, bytes_text(s->text)) &&
			(e->codes[i].contexts & s->contexts) == s->contexts && e->codes[i].sink == s->sink;
	}
	if (s->text != NULL ? !found : e->count > 0)
		fail_msg("%s: %s", s->request, s->text != NULL ? s->text :
		         (const char *)e->codes[0].text.at);
	extraction_free(e);
}

static inline void expect_all(const struct sample *samples, size_t count)
{
	struct known *known = known_new();

	assert_non_null(known);
	for (size_t i = 0; i < count; i++)
		expect(&samples[i]);
	for (size_t i = 0; i < 3 * count; i++)
		expect_known(known, samples[i % count].request);
	known_free(known);
}

#define HEAD(target) "GET " target " HTTP/1.1\r\nHost: shop\r\n\r\n"
#define FORM(body) "POST /f HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n" body

#endif
