/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collectors of syslog lines: a URL, or a group with what else there is to say of one. */
#include "config/target.h"
#include "config/list.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The order is that of enum priority and enum verdict, which the rooms that judge have. */
static const char *const priorities[] = { "low", "medium", "high" };
static const char *const verdicts[] = { "unknown", "failure", "success" };
static const char *const formats[] = { [SYSLOG_JSON] = "json", [SYSLOG_CEF] = "cef" };
/* What a record's triage.class may be. */
static const char *const classes[] = {
	"shell", "php", "python", "ruby", "node", "perl", "asp", "sql", "login", "path", "include", "template", "java", "jndi", "xxe",
	"ssrf", "xss", "upload", "deserialization", "shellcode", "other",
};

/* One target under way. */
struct draft {
	struct reading *in;
	const struct schema_row *row;
	struct syslog_target target;
	bool good, has_url;
};

static int word_find(const char *const *words, size_t count, const char *text)
{
	for (size_t i = 0; text != NULL && i < count; i++)
		if (strcmp(words[i], text) == 0)
			return (int)i;
	return -1;
}

/* NULL, or what is wrong with the URL. */
static const char *url_read(struct syslog_target *t, const char *text)
{
	static const char *const schemes[] = { [SYSLOG_UDP] = "udp://", [SYSLOG_TCP] = "tcp://", [SYSLOG_TLS] = "tls://" };
	static const char why[] = "is not \"udp://host:port\", \"tcp://host:port\" or \"tls://host:port\"";
	const char *colon = strrchr(text, ':');
	unsigned long port;
	size_t scheme, len;
	char *end;

	for (scheme = 0; scheme < COUNT_OF(schemes) && strncmp(text, schemes[scheme], 6) != 0;)
		scheme++;
	if (scheme == COUNT_OF(schemes))
		return why;
	t->transport = (enum syslog_transport)scheme;
	text += 6;
	if (colon < text || !isdigit((unsigned char)colon[1]))
		return why;
	port = strtoul(colon + 1, &end, 10);
	len = (size_t)(colon - text);
	if (*end != '\0' || port == 0 || port > 65535)
		return why;
	if (len > 2 && text[0] == '[' && text[len - 1] == ']') { /* [2001:db8::1]:514 */
		text++;
		len -= 2;
	}
	if (len == 0 || len >= sizeof(t->host))
		return why;
	memcpy(t->host, text, len);
	t->host[len] = '\0';
	t->port = (uint16_t)port;
	return NULL;
}

static void refuse(struct draft *d, const config_setting_t *s, const char *must)
{
	value_complain(d->in, s, "%s: %s must be %s", d->row->path, config_setting_name(s), must);
	d->good = false;
}

static void url_take(struct draft *d, const config_setting_t *s)
{
	const char *text = config_setting_get_string(s), *why = text == NULL ? "" : url_read(&d->target, text);

	d->has_url = true;
	if (text == NULL) {
		refuse(d, s, "a text in quotes");
	} else if (why != NULL) {
		value_complain(d->in, s, "%s: \"%s\" %s", d->row->path, text, why);
		d->good = false;
	}
}

static void format_take(struct draft *d, const config_setting_t *s)
{
	int found = word_find(formats, COUNT_OF(formats), config_setting_get_string(s));

	if (found < 0)
		refuse(d, s, "\"json\" or \"cef\"");
	else
		d->target.format = (enum syslog_format)found;
}

static void priority_take(struct draft *d, const config_setting_t *s)
{
	int found = word_find(priorities, COUNT_OF(priorities), config_setting_get_string(s));

	if (found < 0)
		refuse(d, s, "\"low\", \"medium\" or \"high\"");
	else
		d->target.filter.priority = (unsigned)found;
}

static void final_take(struct draft *d, const config_setting_t *s)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		refuse(d, s, "true or false");
	else
		d->target.filter.final_only = config_setting_get_bool(s) != 0;
}

/* Calls add for each text of a list of 1 to TARGET_LIST_MAX; add says why not, or NULL. */
static void list_take(struct draft *d, const config_setting_t *s, const char *(*add)(struct draft *, const char *))
{
	int count = config_setting_is_array(s) || config_setting_is_list(s) ? config_setting_length(s) : 0;

	if (count == 0 || count > TARGET_LIST_MAX) {
		refuse(d, s, "a list of 1 to 32 texts in quotes");
		return;
	}
	for (int i = 0; i < count; i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);
		const char *text = config_setting_get_string(e), *why = text == NULL ? "is no text in quotes" : add(d, text);

		if (why == NULL)
			continue;
		value_complain(d->in, e, "%s: %s: \"%s\" %s", d->row->path, config_setting_name(s), text == NULL ? "" : text, why);
		d->good = false;
	}
}

static const char *verdict_add(struct draft *d, const char *text)
{
	int found = word_find(verdicts, COUNT_OF(verdicts), text);

	if (found < 0)
		return "is not \"success\", \"failure\" or \"unknown\"";
	d->target.filter.verdicts |= 1u << found;
	return NULL;
}

static const char *class_add(struct draft *d, const char *text)
{
	struct syslog_filter *f = &d->target.filter;

	if (word_find(classes, COUNT_OF(classes), text) < 0)
		return "is no class of attacks; they are listed in config/README.md";
	snprintf(f->classes[f->classes_count++], CLASS_NAME_MAX, "%s", text);
	return NULL;
}

static const char *address_add(struct draft *d, const char *text)
{
	struct syslog_filter *f = &d->target.filter;
	const char *why = network_into(f->networks, text, f->networks_count);

	f->networks_count += why == NULL;
	return why;
}

/* Names are looked up when all is read: judging.sites may stand below. */
static const char *site_add(struct draft *d, const char *text)
{
	d->target.filter.sites_count++;
	return NULL;
}

static void text_take(struct draft *d, const config_setting_t *s, char *to, size_t size)
{
	const char *text = config_setting_get_string(s);

	if (text == NULL || text[0] == '\0' || strlen(text) >= size)
		refuse(d, s, "a text in quotes, neither empty nor longer than names are");
	else
		snprintf(to, size, "%s", text);
}

static void file_take(struct draft *d, const config_setting_t *s, char *to)
{
	const char *text = config_setting_get_string(s);

	if (text == NULL || text[0] == '\0' || value_path(d->in->origin, text, to) < 0)
		refuse(d, s, "a path in quotes");
}

/* "sha-256:" (RFC 5425 4.2.2), "SHA256:" or nothing, then 32 bytes as hexadecimal digits, with colons between them or without. */
static void fingerprint_take(struct draft *d, const config_setting_t *s)
{
	const char *text = config_setting_get_string(s), *at = text;
	size_t count = 0;

	if (text != NULL && (strncasecmp(text, "sha-256:", 8) == 0 || strncasecmp(text, "sha256:", 7) == 0))
		at = strchr(text, ':') + 1;
	while (at != NULL && count < FINGERPRINT_SIZE && isxdigit((unsigned char)at[0]) && isxdigit((unsigned char)at[1])) {
		const char digits[3] = { at[0], at[1], 0 };

		d->target.fingerprint[count++] = (uint8_t)strtoul(digits, NULL, 16);
		at += 2;
		at += *at == ':' && count < FINGERPRINT_SIZE;
	}
	if (at == NULL || *at != '\0' || count != FINGERPRINT_SIZE)
		refuse(d, s, "a SHA-256 fingerprint: \"sha-256:\" and 64 hexadecimal digits, colons between them or not");
	else
		d->target.pinned = true;
}

static void member_take(struct draft *d, const config_setting_t *s)
{
	static const struct {
		const char *key;
		void (*take)(struct draft *, const config_setting_t *);
	} plain[] = { { "url", url_take }, { "format", format_take }, { "priority", priority_take }, { "final_only", final_take },
		      { "fingerprint", fingerprint_take } };
	static const struct {
		const char *key;
		const char *(*add)(struct draft *, const char *);
	} lists[] = { { "verdicts", verdict_add }, { "classes", class_add }, { "addresses", address_add }, { "sites", site_add } };
	struct syslog_target *t = &d->target;
	const struct {
		const char *key;
		char *to;
	} files[] = { { "ca", t->ca }, { "certificate", t->certificate }, { "key", t->key } };
	const char *key = config_setting_name(s);

	for (size_t i = 0; i < COUNT_OF(plain); i++)
		if (strcmp(key, plain[i].key) == 0) {
			plain[i].take(d, s);
			return;
		}
	for (size_t i = 0; i < COUNT_OF(lists); i++)
		if (strcmp(key, lists[i].key) == 0) {
			list_take(d, s, lists[i].add);
			return;
		}
	for (size_t i = 0; i < COUNT_OF(files); i++)
		if (strcmp(key, files[i].key) == 0) {
			file_take(d, s, files[i].to);
			return;
		}
	if (strcmp(key, "name") == 0) {
		text_take(d, s, t->name, sizeof(t->name));
		return;
	}
	value_complain(d->in, s, "%s: unknown key \"%s\"; known are url, format, priority, verdicts, classes, sites, addresses, final_only, "
	               "ca, fingerprint, name, certificate and key", d->row->path, key);
	d->good = false;
}

/* Why the parts do not fit each other; NULL: they do. */
static const char *misfit(const struct draft *d)
{
	const struct syslog_target *t = &d->target;
	const struct syslog_target *all = d->in->settings->syslog;
	bool tls = t->ca[0] != '\0' || t->certificate[0] != '\0' || t->key[0] != '\0' || t->name[0] != '\0' || t->pinned;

	if (!d->has_url)
		return "a target needs url = \"tls://host:port\"";
	if (tls && t->transport != SYSLOG_TLS)
		return "ca, fingerprint, name, certificate and key belong to a tls:// url";
	if ((t->certificate[0] != '\0') != (t->key[0] != '\0'))
		return "certificate and key come together";
	for (unsigned i = 0; i < d->in->settings->syslog_count; i++)
		if (all[i].port == t->port && all[i].transport == t->transport && strcmp(all[i].host, t->host) == 0)
			return "this url stands here twice";
	return NULL;
}

static void target_read(struct reading *in, const struct schema_row *row, const config_setting_t *e)
{
	struct draft d = { .in = in, .row = row, .good = true };
	const char *why;

	d.target.line = value_line(in, e);
	if (config_setting_is_group(e)) {
		for (int i = 0; i < config_setting_length(e); i++)
			member_take(&d, config_setting_get_elem(e, (unsigned)i));
	} else if (config_setting_get_string(e) != NULL) {
		url_take(&d, e);
	} else {
		value_complain(in, e, "%s: a target is \"udp://host:port\" or { url = \"tls://host:port\"; … }", row->path);
		return;
	}
	if (!d.good)
		return;
	if ((why = misfit(&d)) != NULL)
		value_complain(in, e, "%s: \"%s:%u\": %s", row->path, d.target.host, d.target.port, why);
	else
		in->settings->syslog[in->settings->syslog_count++] = d.target;
}

void targets_read(struct reading *in, const struct schema_row *row, const config_setting_t *s)
{
	in->settings->syslog_count = 0;
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);

		if (in->settings->syslog_count == TARGETS_MAX) {
			value_complain(in, e, "%s: more than %d %s", row->path, TARGETS_MAX, row->unit);
			return;
		}
		target_read(in, row, e);
	}
}

static int site_named(const struct settings *s, const char *name)
{
	for (unsigned i = 0; i < s->sites_count; i++)
		if (name != NULL && strcmp(s->sites[i].name, name) == 0)
			return (int)i;
	return -1;
}

void targets_join(struct reading *in, const config_setting_t *s)
{
	for (int i = 0; s != NULL && i < config_setting_length(s) && (unsigned)i < in->settings->syslog_count; i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);
		const config_setting_t *names = config_setting_is_group(e) ? config_setting_get_member(e, "sites") : NULL;
		struct syslog_filter *f = &in->settings->syslog[i].filter;

		for (unsigned k = 0; names != NULL && k < f->sites_count; k++) {
			const config_setting_t *name = config_setting_get_elem(names, k);
			int found = site_named(in->settings, config_setting_get_string(name));

			if (found < 0)
				value_complain(in, name, "syslog.targets: sites: \"%s\" is no site of judging.sites",
				               config_setting_get_string(name));
			else
				f->sites[k] = (unsigned)found;
		}
	}
}
