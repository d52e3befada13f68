/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests extracted with and without values that are known from others: nothing that is found hangs on them. */
#ifndef TESTS_UNIT_EXTRACT_KNOWN_H
#define TESTS_UNIT_EXTRACT_KNOWN_H

#include "control/extract/extract.h"
#include "control/extract/known.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static inline void expect_same(const struct extraction *a, const struct extraction *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->left, b->left);
	for (unsigned i = 0; i < a->count; i++) {
		const struct attack_code *x = &a->codes[i], *y = &b->codes[i];

		assert_true(x->language == y->language && bytes_equal(x->text, y->text) && bytes_equal(x->value, y->value));
		assert_true(x->contexts == y->contexts && x->sink == y->sink && x->offset == y->offset && x->carrier == y->carrier && x->quiet == y->quiet);
	}
}

/* What is found in a request does not hang on the values that are known from others, or from itself. */
static inline void expect_known(struct known *known, const char *request)
{
	const char *body = strstr(request, "\r\n\r\n");
	struct case_record record = { .app = APP_HTTP };
	struct extraction *alone = NULL, *among = NULL;

	if (body == NULL)
		return;
	body += 4;
	record.parts[PART_REQUEST_HEAD] = (struct case_part){ .present = true, .head = bytes_of(request, (size_t)(body - request)) };
	record.parts[PART_REQUEST_BODY] = (struct case_part){ .present = true, .head = bytes_text(body) };
	assert_int_equal(extract_case(&record, NULL, &alone), 0);
	assert_int_equal(extract_case(&record, known, &among), 0);
	expect_same(alone, among);
	extraction_free(alone);
	extraction_free(among);
}

#endif
