/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EVE JSON lines: https://docs.suricata.io, "EVE JSON Format". */
#include "control/eve/inside.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* RFC 3339, and the zone without its colon as Suricata writes it. */
static int time_parse(const char *text, uint64_t *ret)
{
	struct tm t = { 0 };
	uint64_t fraction = 0, unit = UINT64_C(1000000000);
	unsigned hours = 0, minutes = 0;
	long zone = 0;
	const char *at = strptime(text, "%Y-%m-%dT%H:%M:%S", &t);
	time_t seconds;

	if (at == NULL)
		return -EINVAL;
	if (*at == '.') {
		for (at++; isdigit((unsigned char)*at); at++) {
			unit /= 10;
			fraction += unit * (uint64_t)(*at - '0');
		}
	}
	if (strcmp(at, "Z") != 0) {
		if ((*at != '+' && *at != '-') || (sscanf(at + 1, "%2u:%2u", &hours, &minutes) != 2 &&
		                                   sscanf(at + 1, "%2u%2u", &hours, &minutes) != 2))
			return -EINVAL;
		zone = (long)(hours * 3600 + minutes * 60) * (*at == '-' ? -1 : 1);
	}
	seconds = timegm(&t) - zone;
	if (seconds < 0)
		return -EINVAL;
	*ret = (uint64_t)seconds * UINT64_C(1000000000) + fraction;
	return 0;
}

static int end_parse(const json_t *o, const char *address_name, const char *port_name, struct address *address,
                     uint16_t *port)
{
	const char *text = json_string_value(json_object_get(o, address_name));
	const json_t *number = json_object_get(o, port_name);
	json_int_t value = json_integer_value(number);

	if (text == NULL || address_parse(text, address) < 0)
		return -EINVAL;
	if (number != NULL && (!json_is_integer(number) || value < 0 || value > UINT16_MAX))
		return -EINVAL;
	*port = (uint16_t)value;
	return 0;
}

static uint32_t number_of(const json_t *o, const char *name, uint32_t otherwise)
{
	json_int_t v = json_integer_value(json_object_get(o, name));

	return json_object_get(o, name) != NULL && v >= 0 && v <= UINT32_MAX ? (uint32_t)v : otherwise;
}

/* A text of the alert's own, cut where no character is cut: its copy is freed with the eve. */
static int text_keep(const json_t *o, const char *name, struct bytes *ret)
{
	const char *text = json_string_value(json_object_get(o, name));
	size_t len = text == NULL ? 0 : strlen(text);
	uint8_t *copy;

	for (; len > CASE_TEXT_MAX || (len > 0 && ((uint8_t)text[len] & 0xc0) == 0x80); len--)
		;
	copy = malloc(len + 1);
	if (copy == NULL)
		return -ENOMEM;
	if (len > 0)
		memcpy(copy, text, len);
	*ret = bytes_of(copy, len);
	return 0;
}

static void alert_fini(struct eve_alert *a)
{
	union {
		const uint8_t *lent;
		uint8_t *owned;
	} message = { .lent = a->alert.message.at }, class_type = { .lent = a->alert.class_type.at };

	free(message.owned);
	free(class_type.owned);
}

/* Why an alert cannot be used; NULL: *ret is filled, its texts are owned. */
static const char *alert_read(const json_t *o, struct eve_alert *ret)
{
	const json_t *alert = json_object_get(o, "alert"), *tx = json_object_get(o, "tx_id");
	const char *stamp = json_string_value(json_object_get(o, "timestamp"));
	const char *proto = json_string_value(json_object_get(o, "proto"));
	const char *app = json_string_value(json_object_get(o, "app_proto"));
	uint32_t severity;
	struct eve_alert a = { 0 };

	if (stamp == NULL || time_parse(stamp, &a.time_ns) < 0)
		return "an alert without a timestamp like 2026-01-31T12:00:00.000000+0000";
	if (end_parse(o, "src_ip", "src_port", &a.tuple.src, &a.tuple.sport) < 0 ||
	    end_parse(o, "dest_ip", "dest_port", &a.tuple.dst, &a.tuple.dport) < 0 || proto == NULL)
		return "an alert without src_ip, src_port, dest_ip, dest_port and proto";
	if (json_string_value(json_object_get(alert, "signature")) == NULL ||
	    !json_is_integer(json_object_get(alert, "signature_id")))
		return "an alert without alert.signature and alert.signature_id";
	a.tuple.protocol = strcasecmp(proto, "TCP") == 0 ? IPPROTO_TCP : strcasecmp(proto, "UDP") == 0 ? IPPROTO_UDP : 0;
	a.has_tx = app != NULL && strcmp(app, "http") == 0 && json_is_integer(tx) && json_integer_value(tx) >= 0;
	a.tx_id = a.has_tx ? (uint64_t)json_integer_value(tx) : 0;
	severity = number_of(alert, "severity", 3);
	a.alert.severity = (uint8_t)(severity < 1 ? 1 : severity > 255 ? 255 : severity);
	a.alert.gid = number_of(alert, "gid", 1);
	a.alert.sid = number_of(alert, "signature_id", 0);
	a.alert.rev = number_of(alert, "rev", 0);
	if (a.alert.gid == EVE_FLOW_GID)
		return "an alert whose gid is ours";
	if (text_keep(alert, "signature", &a.alert.message) < 0 || text_keep(alert, "category", &a.alert.class_type) < 0) {
		alert_fini(&a);
		return "no memory for this alert";
	}
	*ret = a;
	return NULL;
}

static const char *alert_add(struct eve *e, const struct eve_alert *a)
{
	if (e->count == EVE_ALERTS_MAX)
		return "more alerts than are kept; split the file";
	if (e->count == e->size) {
		unsigned size = e->size == 0 ? 64 : 2 * e->size;
		struct eve_alert *grown = reallocarray(e->alerts, size, sizeof(*grown));

		if (grown == NULL)
			return "no memory for this alert";
		e->alerts = grown;
		e->size = size;
	}
	e->alerts[e->count++] = *a;
	return NULL;
}

static const char *line_read(struct eve *e, const char *text, size_t len, unsigned line)
{
	json_t *o;
	const char *type, *why = NULL;
	struct eve_alert a;

	if (len > EVE_LINE_MAX)
		return "a line longer than 1 MiB";
	o = json_loadb(text, len, JSON_ALLOW_NUL, NULL);
	type = json_string_value(json_object_get(o, "event_type"));
	if (type == NULL)
		why = "no EVE record: each line is a JSON object with an event_type";
	else if (strcmp(type, "alert") == 0 && (why = alert_read(o, &a)) == NULL) {
		a.line = line;
		if ((why = alert_add(e, &a)) != NULL)
			alert_fini(&a);
	}
	json_decref(o);
	return why;
}

static int place_compare(const void *a, const void *b)
{
	const struct eve_place *x = a, *y = b;
	int r = flow_ends_compare(&x->ends, &y->ends);

	return r != 0 ? r : x->alert < y->alert ? -1 : x->alert > y->alert;
}

static int places_make(struct eve *e)
{
	e->places = calloc(e->count + 1, sizeof(*e->places));
	if (e->places == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < e->count; i++)
		if (e->alerts[i].tuple.protocol != 0)
			e->places[e->places_count++] = (struct eve_place){ flow_ends_of(&e->alerts[i].tuple), i };
	qsort(e->places, e->places_count, sizeof(*e->places), place_compare);
	return 0;
}

int eve_open(const char *path, struct complaints *complaints, struct eve **ret)
{
	FILE *from = fopen(path, "rb");
	struct eve *e = calloc(1, sizeof(*e));
	char *text = NULL;
	size_t size = 0;
	unsigned line = 0;
	ssize_t len;
	int r = from == NULL ? -errno : e == NULL ? -ENOMEM : 0;

	if (r < 0)
		goto out;
	errno = 0;
	while ((len = getline(&text, &size, from)) > 0) {
		const char *why;

		line++;
		if (strspn(text, " \t\r\n") == (size_t)len)
			continue;
		if ((why = line_read(e, text, (size_t)len, line)) != NULL)
			complain(complaints, path, line, "%s", why);
	}
	if (ferror(from) || !feof(from))
		r = errno != 0 ? -errno : -EIO;
	if (r == 0 && (r = places_make(e)) == 0) {
		*ret = e;
		e = NULL;
	}
out:
	free(text);
	if (from != NULL)
		fclose(from);
	eve_free(e);
	return r;
}

void eve_free(struct eve *e)
{
	if (e == NULL)
		return;
	for (unsigned i = 0; i < e->count; i++)
		alert_fini(&e->alerts[i]);
	free(e->alerts);
	free(e->places);
	free(e);
}

unsigned eve_count(const struct eve *e)
{
	return e->count;
}

const struct eve_alert *eve_at(const struct eve *e, unsigned i)
{
	return &e->alerts[i];
}
