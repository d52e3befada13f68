/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses, names, URLs and digests, told apart by how they are written. */
#include "control/iocgen/network/indicator.h"

#include "control/wire/address.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[INDICATOR_KINDS] = {
	[OF_IP] = "ip", [OF_DOMAIN] = "domain", [OF_URL] = "url", [OF_JA3] = "ja3", [OF_JA4] = "ja4", [OF_MD5] = "md5", [OF_SHA1] = "sha1",
	[OF_SHA256] = "sha256",
};

const char *indicator_name(enum indicator_kind k)
{
	return names[k];
}

/* Without what keeps people from clicking: hxxp, [.], (.), [:]. False: too long. */
static bool undo(struct bytes text, char *ret)
{
	static const struct { const char *from, *to; } marks[] = {
		{ "[.]", "." }, { "(.)", "." }, { "[:]", ":" }, { "[://]", "://" }, { "[dot]", "." },
	};
	size_t used = 0;

	while (text.left > 0) {
		size_t taken = 1;

		if (used == INDICATOR_VALUE_MAX)
			return false;
		ret[used] = (char)*text.at;
		for (size_t i = 0; i < COUNT_OF(marks); i++) {
			if (bytes_starts_fold(text, bytes_text(marks[i].from)) && used + strlen(marks[i].to) <= INDICATOR_VALUE_MAX) {
				memcpy(ret + used, marks[i].to, strlen(marks[i].to));
				used += strlen(marks[i].to) - 1;
				taken = strlen(marks[i].from);
				break;
			}
		}
		used++;
		text = bytes_of(text.at + taken, text.left - taken);
	}
	ret[used] = '\0';
	if (strncasecmp(ret, "hxxp", 4) == 0)
		memcpy(ret, "http", 4);
	return true;
}

static void lower(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		text[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] | 0x20) : text[i];
}

static bool all_of(const char *text, const char *set)
{
	return text[strspn(text, set)] == '\0';
}

/* An address, or a network with its host's bits gone. */
static bool is_ip(char *text)
{
	char *slash = strchr(text, '/'), *end;
	struct address a;
	unsigned long bits;
	char form[ADDRESS_TEXT];
	size_t most;

	if (slash != NULL)
		*slash = '\0';
	if (address_parse(text, &a) < 0) {
		if (slash != NULL)
			*slash = '/';
		return false;
	}
	most = a.family == 6 ? 128 : 32;
	bits = slash != NULL ? strtoul(slash + 1, &end, 10) : most;
	if (slash != NULL && (end == slash + 1 || *end != '\0' || bits > most || bits == 0)) {
		*slash = '/';
		return false;
	}
	for (size_t i = bits; i < most; i++)
		a.raw[i / 8] &= (uint8_t)~(0x80u >> (i % 8));
	if (bits < most)
		snprintf(text, INDICATOR_VALUE_MAX, "%s/%lu", address_format(&a, form), bits);
	else
		snprintf(text, INDICATOR_VALUE_MAX, "%s", address_format(&a, form));
	return true;
}

/* A name of two labels at least, the last one not a number. */
static bool is_domain(char *text)
{
	size_t len = strlen(text), label = 0;
	bool dotted = false;

	if (strncmp(text, "*.", 2) == 0)
		memmove(text, text + 2, (len -= 2) + 1);
	if (len > 0 && text[len - 1] == '.')
		text[--len] = '\0';
	if (len == 0 || len > 253 || !all_of(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."))
		return false;
	for (size_t i = 0; i <= len; i++) {
		if (i < len && text[i] != '.')
			continue;
		if (i == label || i - label > 63)
			return false;
		dotted = dotted || i < len;
		if (i == len && all_of(text + label, "0123456789"))
			return false;
		label = i + 1;
	}
	lower(text, len);
	return dotted;
}

static bool is_url(char *text)
{
	char *host = strstr(text, "://"), *end;

	if (host == NULL || host == text || strcspn(text, " \t\"<>") != strlen(text) || host[3] == '\0' || host[3] == '/')
		return false;
	end = host + 3 + strcspn(host + 3, "/?#");
	lower(text, (size_t)(end - text));
	return true;
}

static bool is_digest(char *text, size_t len)
{
	if (strlen(text) != len || !all_of(text, "0123456789abcdefABCDEF"))
		return false;
	lower(text, len);
	return true;
}

/* Three parts: ten letters, and two cut digests. */
static bool is_ja4(const char *text)
{
	return strlen(text) == 36 && text[10] == '_' && text[23] == '_' && strchr("tqd", text[0]) != NULL && all_of(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
}

static bool is_kind(enum indicator_kind k, char *text)
{
	switch (k) {
	case OF_IP:
		return is_ip(text);
	case OF_DOMAIN:
		return is_domain(text);
	case OF_URL:
		return is_url(text);
	case OF_JA3:
	case OF_MD5:
		return is_digest(text, 32);
	case OF_JA4:
		return is_ja4(text);
	case OF_SHA1:
		return is_digest(text, 40);
	default:
		return is_digest(text, 64);
	}
}

int indicator_parse(struct bytes text, enum indicator_kind *ret_kind, char ret[INDICATOR_VALUE_MAX + 1])
{
	/* a digest of 32 digits is a file's unless somebody says otherwise; a name comes last, for much looks like one */
	static const enum indicator_kind order[] = { OF_URL, OF_IP, OF_MD5, OF_SHA1, OF_SHA256, OF_JA4, OF_DOMAIN };

	if (!undo(bytes_trim(text), ret) || strchr(ret, '\n') != NULL)
		return -EINVAL;
	for (size_t i = 0; i < COUNT_OF(order); i++) {
		if (is_kind(order[i], ret)) {
			*ret_kind = order[i];
			return 0;
		}
	}
	return -EINVAL;
}

static int keep(struct indicators *l, enum indicator_kind kind, const char *value)
{
	if (l->count == INDICATORS_MAX)
		return -ENOSPC;
	if (l->count == l->size) {
		size_t size = l->size != 0 ? 2 * l->size : 256;
		struct indicator *more = realloc(l->at, size * sizeof(*more));

		if (more == NULL)
			return -ENOMEM;
		l->at = more;
		l->size = size;
	}
	if ((l->at[l->count].value = strdup(value)) == NULL)
		return -ENOMEM;
	l->at[l->count++].kind = kind;
	return 0;
}

int indicators_add(struct indicators *l, enum indicator_kind kind, struct bytes text)
{
	char value[INDICATOR_VALUE_MAX + 1];

	if (!undo(bytes_trim(text), value) || strchr(value, '\n') != NULL || !is_kind(kind, value))
		return -EINVAL;
	return keep(l, kind, value);
}

int indicators_add_any(struct indicators *l, struct bytes text)
{
	char value[INDICATOR_VALUE_MAX + 1];
	enum indicator_kind kind;
	int r = indicator_parse(text, &kind, value);

	return r < 0 ? r : keep(l, kind, value);
}

static int compare(const void *a, const void *b)
{
	const struct indicator *x = a, *y = b;

	return x->kind != y->kind ? (int)x->kind - (int)y->kind : strcmp(x->value, y->value);
}

void indicators_settle(struct indicators *l)
{
	size_t kept = 0;

	if (l->count > 0)
		qsort(l->at, l->count, sizeof(*l->at), compare);
	for (size_t i = 0; i < l->count; i++) {
		if (kept > 0 && compare(&l->at[kept - 1], &l->at[i]) == 0)
			free(l->at[i].value);
		else
			l->at[kept++] = l->at[i];
	}
	l->count = kept;
}

void indicators_fini(struct indicators *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->at[i].value);
	free(l->at);
	*l = (struct indicators){ 0 };
}
