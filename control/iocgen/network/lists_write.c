/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing lists: for people, for tables, for platforms that share indicators, and as rules for the dataplane. */
#include "control/iocgen/network/lists.h"

#include "control/iocgen/export/uuid.h"
#include "control/iocgen/shown.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SID_FIRST = 9200000 /* of rules made of lists; those of Konseki itself are below */, SID_COUNT = 700000 };

int lists_take_iocs(const struct ioc_set *set, struct indicators *l, uint64_t *ret_left)
{
	uint64_t left = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < set->count; i++) {
		const struct pattern *p = &set->iocs[i].patterns[0];
		struct bytes text = p->count == 1 && !p->pieces[0].is_hole ? p->pieces[0].text : bytes_of(NULL, 0);
		const uint8_t *colon = text.left > 0 ? memrchr(text.at, ':', text.left) : NULL;

		/* one of several conditions is less than they are together: a list cannot say that */
		if (set->iocs[i].patterns_count > 1 || text.left == 0 || p->open_front || p->open_back ||
		    (p->kind != KIND_IP && p->kind != KIND_DNS && p->kind != KIND_URL)) {
			left++;
			continue;
		}
		if (p->kind == KIND_IP && colon != NULL && (memchr(text.at, ':', text.left) == colon || colon[-1] == ']')) {
			text.left = (size_t)(colon - text.at);
			if (text.left > 2 && *text.at == '[')
				text = bytes_of(text.at + 1, text.left - 2);
		}
		if ((r = indicators_add_any(l, text)) == -EINVAL) {
			left++;
			r = 0;
		}
	}
	*ret_left = left;
	return r;
}

void lists_write_plain(const struct indicators *l, int32_t day, FILE *to)
{
	char date[16];

	fprintf(to, "# indicators of traffic, %zu, %s\n", l->count, day_format(day, date));
	for (size_t i = 0; i < l->count; i++) {
		if (i == 0 || l->at[i].kind != l->at[i - 1].kind)
			fprintf(to, "# %s\n", indicator_name(l->at[i].kind));
		fprintf(to, "%s\n", l->at[i].value);
	}
}

void lists_write_csv(const struct indicators *l, int32_t day, FILE *to)
{
	fputs("type,value\r\n", to);
	for (size_t i = 0; i < l->count; i++) {
		fprintf(to, "%s,\"", indicator_name(l->at[i].kind));
		for (const char *at = l->at[i].value; *at != '\0'; at++)
			fputs(*at == '"' ? "\"\"" : (char[]){ *at, '\0' }, to);
		fputs("\"\r\n", to);
	}
}

void lists_write_json(const struct indicators *l, int32_t day, FILE *to)
{
	for (size_t i = 0; i < l->count; i++) {
		fprintf(to, "{\"type\":\"%s\",\"value\":", indicator_name(l->at[i].kind));
		shown_json(to, bytes_text(l->at[i].value));
		fputs("}\n", to);
	}
}

/* The comparison of a STIX pattern. A JA3 is an extension of nobody's: it stays out, and is counted by the caller's eye. */
static const char *stix_path(const struct indicator *i)
{
	switch (i->kind) {
	case OF_IP:
		return strchr(i->value, ':') != NULL ? "ipv6-addr:value" : "ipv4-addr:value";
	case OF_DOMAIN:
		return "domain-name:value";
	case OF_URL:
		return "url:value";
	case OF_MD5:
		return "file:hashes.MD5";
	case OF_SHA1:
		return "file:hashes.'SHA-1'";
	case OF_SHA256:
		return "file:hashes.'SHA-256'";
	default:
		return NULL;
	}
}

void lists_write_stix(const struct indicators *l, int32_t day, FILE *to)
{
	char uuid[UUID_TEXT], date[16], pattern[2 * INDICATOR_VALUE_MAX + 64];
	bool first = true;

	day_format(day, date);
	fprintf(to, "{\"type\":\"bundle\",\"id\":\"bundle--%s\",\"objects\":[", uuid_of("list", l->count > 0 ? l->at[0].value : "", uuid));
	for (size_t i = 0; i < l->count; i++) {
		struct sink sink = sink_over(pattern, sizeof(pattern) - 1);
		const char *path = stix_path(&l->at[i]);

		if (path == NULL)
			continue;
		sink_u8(&sink, '[');
		sink_put(&sink, path, strlen(path));
		sink_put(&sink, " = '", 4);
		for (const char *at = l->at[i].value; *at != '\0'; at++) {
			if (*at == '\'' || *at == '\\')
				sink_u8(&sink, '\\');
			sink_u8(&sink, (uint8_t)*at);
		}
		sink_put(&sink, "']", 2);
		fprintf(to, "%s\n{\"type\":\"indicator\",\"spec_version\":\"2.1\",\"id\":\"indicator--%s\",\"created\":\"%sT00:00:00.000Z\",\"modified\":"
		        "\"%sT00:00:00.000Z\",\"indicator_types\":[\"malicious-activity\"],\"pattern_type\":\"stix\",\"valid_from\":\"%sT00:00:00.000Z\",\"pattern\":",
		        first ? "" : ",", uuid_of(indicator_name(l->at[i].kind), l->at[i].value, uuid), date, date, date);
		shown_json(to, bytes_of(pattern, sink.used));
		putc('}', to);
		first = false;
	}
	fputs("\n]}\n", to);
}

void lists_write_misp(const struct indicators *l, int32_t day, FILE *to)
{
	static const char *const types[INDICATOR_KINDS] = {
		[OF_IP] = "ip-dst", [OF_DOMAIN] = "domain", [OF_URL] = "url", [OF_JA3] = "ja3-fingerprint-md5", [OF_JA4] = "ja4-fingerprint",
		[OF_MD5] = "md5", [OF_SHA1] = "sha1", [OF_SHA256] = "sha256",
	};
	char uuid[UUID_TEXT], date[16];

	fprintf(to, "{\"Event\":{\"uuid\":\"%s\",\"info\":\"indicators of Konseki\",\"date\":\"%s\",\"threat_level_id\":\"2\",\"analysis\":\"2\","
	        "\"distribution\":\"0\",\"Attribute\":[", uuid_of("misp", l->count > 0 ? l->at[0].value : "", uuid), day_format(day, date));
	for (size_t i = 0; i < l->count; i++) {
		enum indicator_kind k = l->at[i].kind;

		fprintf(to, "%s\n{\"uuid\":\"%s\",\"type\":\"%s\",\"category\":\"%s\",\"to_ids\":true,\"value\":", i > 0 ? "," : "",
		        uuid_of(indicator_name(k), l->at[i].value, uuid), types[k], k >= OF_MD5 ? "Payload delivery" : "Network activity");
		shown_json(to, bytes_text(l->at[i].value));
		putc('}', to);
	}
	fputs("\n]}}\n", to);
}

/* A content's text: what the language has a meaning for as hex digits. */
static void put_content(const char *text, size_t len, FILE *to)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c > ' ' && c < 0x7f && strchr("\";:|\\", c) == NULL)
			putc(c, to);
		else
			fprintf(to, "|%02x|", c);
	}
}

/* The same list has the same numbers, and another value another one, as far as numbers last. */
static unsigned sid_of(const struct indicator *i, unsigned more)
{
	return SID_FIRST + (unsigned)((bytes_hash(bytes_text(i->value)) + i->kind * 8u + more) % SID_COUNT);
}

static void put_end(const struct indicator *i, unsigned more, FILE *to)
{
	fprintf(to, "classtype:trojan-activity; sid:%u; rev:1;)\n", sid_of(i, more));
}

static void put_domain(const struct indicator *i, FILE *to)
{
	size_t len = strlen(i->value);

	/* the name itself and all below it */
	fprintf(to, "alert dns any any -> any any (msg:\"listed domain %s\"; dns.query; dotprefix; content:\".", i->value);
	put_content(i->value, len, to);
	fputs("\"; nocase; endswith; ", to);
	put_end(i, 0, to);
	fprintf(to, "alert http any any -> any any (msg:\"listed domain %s\"; flow:to_server,established; http.host; dotprefix; content:\".", i->value);
	put_content(i->value, len, to);
	fputs("\"; endswith; ", to);
	put_end(i, 1, to);
}

/* Behind TLS nobody sees a URL: only http has one. */
static void put_url(const struct indicator *i, FILE *to)
{
	const char *host = strstr(i->value, "://") + 3, *path = host + strcspn(host, "/?#"), *end = path + strcspn(path, "#");
	size_t host_len = strcspn(host, "/?#:");

	if (strncmp(i->value, "http://", 7) != 0 || host_len == 0 || *host == '[') {
		fprintf(to, "# %s: no URL of plain HTTP\n", i->value);
		return;
	}
	fputs("alert http any any -> any any (msg:\"listed URL at ", to);
	fwrite(host, 1, strcspn(host, "/?#:;\"\\"), to);
	fputs("\"; flow:to_server,established; http.host; content:\"", to);
	put_content(host, host_len, to);
	fputs("\"; bsize:", to);
	fprintf(to, "%zu; http.uri; content:\"", host_len);
	if (*path != '/')
		put_content("/", 1, to);
	put_content(path, (size_t)(end - path), to);
	fprintf(to, "\"; bsize:%zu; ", (size_t)(end - path) + (*path != '/'));
	put_end(i, 0, to);
}

void lists_write_rules(const struct indicators *l, int32_t day, FILE *to)
{
	char date[16];

	fprintf(to, "# rules of a list of %zu indicators, %s\n", l->count, day_format(day, date));
	for (size_t i = 0; i < l->count; i++) {
		const struct indicator *one = &l->at[i];

		if (one->kind == OF_IP) {
			fprintf(to, "alert ip any any <> %s any (msg:\"listed address %s\"; ", one->value, one->value);
			put_end(one, 0, to);
		} else if (one->kind == OF_DOMAIN) {
			put_domain(one, to);
		} else if (one->kind == OF_URL) {
			put_url(one, to);
		} else {
			fprintf(to, "# %s %s: no keyword of the rules matches it\n", indicator_name(one->kind), one->value);
		}
	}
}
