/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The proleptic Gregorian calendar, without the C library's: that one reads files, and a worker has none. */
#include "emu/windows/host/calendar.h"

#include <string.h>

struct calendar calendar_of(uint64_t ns)
{
	uint64_t s = ns / 1000000000, days = s / 86400, in_day = s % 86400;
	/* days since 0000-03-01 in eras of 400 years: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" */
	uint64_t z = days + 719468, era = z / 146097, doe = z - era * 146097;
	uint64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	uint64_t mp = (5 * doy + 2) / 153, month = mp < 10 ? mp + 3 : mp - 9;

	return (struct calendar){
		.year = (int)(yoe + era * 400 + (month <= 2)), .month = (int)month, .day = (int)(doy - (153 * mp + 2) / 5 + 1),
		.weekday = (int)((days + 4) % 7), .hour = (int)(in_day / 3600), .minute = (int)(in_day / 60 % 60),
		.second = (int)(in_day % 60), .milliseconds = (int)(ns / 1000000 % 1000),
	};
}

char *calendar_name(struct host *h, const char *what, int nth, size_t len)
{
	const char *at = host_text(h, heap_print(h->heap, "calendar.%s", what), NULL);
	size_t word;

	if (at == NULL)
		return heap_text(h->heap, bytes_text(""));
	while (nth-- > 0) {
		at += strcspn(at, " \r\n");
		at += strspn(at, " \r\n");
	}
	word = strcspn(at, " \r\n");
	return heap_text(h->heap, bytes_of(at, len != 0 && len < word ? len : word));
}

char *calendar_print(struct host *h, const char *format, uint64_t ns)
{
	struct calendar c = calendar_of(ns);
	struct text t = text_in(h->heap);

	for (; *format != 0; format++) {
		int twelve = c.hour % 12 == 0 ? 12 : c.hour % 12;

		if (*format != '%' || format[1] == 0) {
			text_put(&t, *format);
			continue;
		}
		switch (*++format) {
		case 'a': text_add(&t, bytes_text(calendar_name(h, "days", c.weekday, 3))); break;
		case 'A': text_add(&t, bytes_text(calendar_name(h, "days", c.weekday, 0))); break;
		case 'b': text_add(&t, bytes_text(calendar_name(h, "months", c.month - 1, 3))); break;
		case 'B': text_add(&t, bytes_text(calendar_name(h, "months", c.month - 1, 0))); break;
		case 'd': text_print(&t, "%02d", c.day); break;
		case 'e': text_print(&t, "%d", c.day); break;
		case 'm': text_print(&t, "%02d", c.month); break;
		case 'n': text_print(&t, "%d", c.month); break;
		case 'Y': text_print(&t, "%d", c.year); break;
		case 'y': text_print(&t, "%02d", c.year % 100); break;
		case 'H': text_print(&t, "%02d", c.hour); break;
		case 'k': text_print(&t, "%2d", c.hour); break;
		case 'I': text_print(&t, "%02d", twelve); break;
		case 'l': text_print(&t, "%d", twelve); break;
		case 'M': text_print(&t, "%02d", c.minute); break;
		case 'S': text_print(&t, "%02d", c.second); break;
		case 'p': text_add(&t, bytes_text(calendar_name(h, "halves", c.hour >= 12, 0))); break;
		default: text_put(&t, *format); break;
		}
	}
	return t.at;
}
