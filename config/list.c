/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of values: networks, rule files, ports, rule variables; collectors are in target.c. */
#include "config/list.h"
#include "config/target.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int network_parse(const char *text, struct network *ret)
{
	char buf[ADDRESS_TEXT + 8];
	struct network net = { 0 };
	char *slash, *end;

	if (strlen(text) >= sizeof(buf))
		return -EINVAL;
	memcpy(buf, text, strlen(text) + 1);
	slash = strchr(buf, '/');
	if (slash != NULL)
		*slash = '\0';
	if (address_parse(buf, &net.address) < 0)
		return -EINVAL;
	unsigned most = net.address.family == 4 ? 32 : 128;
	net.bits = most;
	if (slash != NULL) {
		if (!isdigit((unsigned char)slash[1]))
			return -EINVAL;
		unsigned long bits = strtoul(slash + 1, &end, 10);
		if (*end != '\0' || bits > most)
			return -EINVAL;
		net.bits = (unsigned)bits;
	}
	for (unsigned i = net.bits; i < most; i++)
		if (net.address.raw[i / 8] & 0x80 >> i % 8)
			return -EINVAL;
	*ret = net;
	return 0;
}

static bool same_network(const struct network *a, const struct network *b)
{
	return a->bits == b->bits && address_equal(&a->address, &b->address);
}

const char *network_into(struct network *networks, const char *text, unsigned n)
{
	if (network_parse(text, &networks[n]) < 0)
		return "is not an address or a network like \"192.0.2.0/24\" or \"2001:db8::/32\"";
	for (unsigned i = 0; i < n; i++)
		if (same_network(&networks[i], &networks[n]))
			return "stands here twice";
	return NULL;
}

static const char *network_add(struct reading *in, const char *text, unsigned n)
{
	return network_into((struct network *)(void *)((char *)in->settings + in->row->at), text, n);
}

static const char *act_add(struct reading *in, const char *text, unsigned n)
{
	static const char *const words[BLOCK_ON_COUNT] = { [BLOCK_ON_ATTACKER] = "attacker", [BLOCK_ON_FLOW] = "flow", [BLOCK_ON_CONTACT] = "contact" };
	enum block_on *acts = in->settings->block_on, act = 0;

	while (act < BLOCK_ON_COUNT && strcmp(words[act], text) != 0)
		act++;
	if (act == BLOCK_ON_COUNT)
		return "is not \"attacker\", \"flow\" or \"contact\"";
	for (unsigned i = 0; i < n; i++)
		if (acts[i] == act)
			return "stands here twice";
	acts[n] = act;
	return NULL;
}

static const char *path_add(struct reading *in, const char *text, unsigned n)
{
	char(*paths)[PATH_MAX] = in->settings->rules;

	if (text[0] == '\0' || value_path(in->origin, text, paths[n]) < 0)
		return "is empty or too long";
	for (unsigned i = 0; i < n; i++)
		if (strcmp(paths[i], paths[n]) == 0)
			return "stands here twice";
	return NULL;
}

/* add: stores element n, or says why not */
static void read_texts(struct reading *in, const struct schema_row *row, const config_setting_t *s,
                       const char *(*add)(struct reading *, const char *text, unsigned n))
{
	unsigned *count = (unsigned *)(void *)((char *)in->settings + row->count_at);

	*count = 0;
	in->row = row;
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);
		const char *text = config_setting_get_string(e);
		const char *why;

		if (text == NULL) {
			value_complain(in, e, "%s: element %d must be a text in quotes", row->path, i + 1);
		} else if (*count == (unsigned)row->max) {
			value_complain(in, e, "%s: more than %.0f %s", row->path, row->max, row->unit);
			break;
		} else if ((why = add(in, text, *count)) != NULL) {
			value_complain(in, e, "%s: \"%s\" %s", row->path, text, why);
		} else {
			(*count)++;
		}
	}
}

static void read_port(struct reading *in, const struct schema_row *row, const config_setting_t *e)
{
	struct settings *to = in->settings;
	struct port_setting *p = &to->ports[to->ports_count];
	const char *name = NULL, *device = NULL, *pair = "";

	for (int i = 0; i < config_setting_length(e); i++) {
		const config_setting_t *m = config_setting_get_elem(e, (unsigned)i);
		const char *key = config_setting_name(m);
		if (strcmp(key, "name") == 0)
			name = config_setting_get_string(m);
		else if (strcmp(key, "device") == 0)
			device = config_setting_get_string(m);
		else if (strcmp(key, "pair") == 0)
			pair = config_setting_get_string(m);
		else
			value_complain(in, m, "%s: unknown key \"%s\"; known are name, device and pair", row->path, key);
	}
	if (name == NULL || device == NULL || strlen(name) >= sizeof(p->name) || strlen(device) >= sizeof(p->device) ||
	    name[0] == '\0' || device[0] == '\0') {
		value_complain(in, e, "%s: a port needs name (1 to %zu bytes) and device (1 to %zu bytes)", row->path,
		               sizeof(p->name) - 1, sizeof(p->device) - 1);
		return;
	}
	if (pair == NULL || strlen(pair) >= sizeof(p->pair)) {
		value_complain(in, e, "%s: pair must be the name of another port", row->path);
		return;
	}
	for (unsigned i = 0; i < to->ports_count; i++)
		if (strcmp(to->ports[i].name, name) == 0 || strcmp(to->ports[i].device, device) == 0) {
			value_complain(in, e, "%s: \"%s\" or its device stands here twice", row->path, name);
			return;
		}
	snprintf(p->name, sizeof(p->name), "%s", name);
	snprintf(p->device, sizeof(p->device), "%s", device);
	snprintf(p->pair, sizeof(p->pair), "%s", pair);
	p->pair_index = -1;
	to->ports_count++;
}

static int port_named(const struct settings *s, const char *name)
{
	for (unsigned i = 0; i < s->ports_count; i++)
		if (strcmp(s->ports[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* Two ports are one wire, whichever of them names the other. */
static void join_ports(struct reading *in, const struct schema_row *row, const config_setting_t *s)
{
	struct port_setting *ports = in->settings->ports;

	for (unsigned i = 0; i < in->settings->ports_count; i++) {
		int other = port_named(in->settings, ports[i].pair);

		if (ports[i].pair[0] == '\0' || (other >= 0 && ports[i].pair_index == other))
			continue;
		if (other < 0 || other == (int)i)
			value_complain(in, s, "%s: the pair of \"%s\" must be the name of another port, not \"%s\"", row->path,
			               ports[i].name, ports[i].pair);
		else if (ports[i].pair_index >= 0 || ports[other].pair_index >= 0 ||
		         (ports[other].pair[0] != '\0' && strcmp(ports[other].pair, ports[i].name) != 0))
			value_complain(in, s, "%s: \"%s\" or \"%s\" has another pair already", row->path, ports[i].name,
			               ports[i].pair);
		else {
			ports[i].pair_index = other;
			ports[other].pair_index = (int)i;
		}
	}
}

/* read: one element, which it counts where it is good; like: how such an element looks */
static void read_groups(struct reading *in, const struct schema_row *row, const config_setting_t *s, const char *like,
                        void (*read)(struct reading *, const struct schema_row *, const config_setting_t *))
{
	unsigned *count = (unsigned *)(void *)((char *)in->settings + row->count_at);

	*count = 0;
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);
		if (*count == (unsigned)row->max) {
			value_complain(in, e, "%s: more than %.0f %s", row->path, row->max, row->unit);
			return;
		}
		if (config_setting_is_group(e))
			read(in, row, e);
		else
			value_complain(in, e, "%s: element %d must be { name = \"…\"; %s; }", row->path, i + 1, like);
	}
}

/* The addresses of a site; false: one was told to be bad. */
static bool read_addresses(struct reading *in, const struct schema_row *row, const config_setting_t *s, struct site_setting *to)
{
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);
		const char *text = config_setting_get_string(e), *why;

		if (text == NULL || to->networks_count == SITE_NETWORKS_MAX) {
			value_complain(in, e, "%s: addresses are 1 to %d texts in quotes", row->path, SITE_NETWORKS_MAX);
			return false;
		}
		if ((why = network_into(to->networks, text, to->networks_count)) != NULL) {
			value_complain(in, e, "%s: \"%s\" %s", row->path, text, why);
			return false;
		}
		to->networks_count++;
	}
	return true;
}

static void read_site(struct reading *in, const struct schema_row *row, const config_setting_t *e)
{
	struct settings *to = in->settings;
	struct site_setting *site = &to->sites[to->sites_count];
	const config_setting_t *addresses = NULL;
	const char *name = NULL;

	for (int i = 0; i < config_setting_length(e); i++) {
		const config_setting_t *m = config_setting_get_elem(e, (unsigned)i);

		if (strcmp(config_setting_name(m), "name") == 0)
			name = config_setting_get_string(m);
		else if (strcmp(config_setting_name(m), "addresses") == 0)
			addresses = m;
		else
			value_complain(in, m, "%s: unknown key \"%s\"; known are name and addresses", row->path, config_setting_name(m));
	}
	if (name == NULL || name[0] == '\0' || strlen(name) >= sizeof(site->name) || addresses == NULL ||
	    !(config_setting_is_array(addresses) || config_setting_is_list(addresses)) || config_setting_length(addresses) == 0) {
		value_complain(in, e, "%s: a site needs name (1 to %zu bytes) and addresses = [ \"…\", … ]", row->path, sizeof(site->name) - 1);
		return;
	}
	for (unsigned i = 0; i < to->sites_count; i++)
		if (strcmp(to->sites[i].name, name) == 0) {
			value_complain(in, e, "%s: \"%s\" stands here twice", row->path, name);
			return;
		}
	*site = (struct site_setting){ .networks_count = 0 };
	snprintf(site->name, sizeof(site->name), "%s", name);
	to->sites_count += read_addresses(in, row, addresses, site);
}

static void read_variables(struct reading *in, const struct schema_row *row, const config_setting_t *s)
{
	struct settings *to = in->settings;

	to->variables_count = 0;
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);
		struct rule_variable *v = &to->variables[to->variables_count];
		const char *text = config_setting_get_string(e), *name = config_setting_name(e);

		if (to->variables_count == (unsigned)row->max) {
			value_complain(in, e, "%s: more than %.0f %s", row->path, row->max, row->unit);
			return;
		}
		if (text == NULL || text[0] == '\0' || strlen(text) >= sizeof(v->text) || strlen(name) >= sizeof(v->name)) {
			value_complain(in, e, "%s.%s must be a text of 1 to %zu bytes, its name at most %zu bytes", row->path,
			               name, sizeof(v->text) - 1, sizeof(v->name) - 1);
			continue;
		}
		snprintf(v->name, sizeof(v->name), "%s", name);
		snprintf(v->text, sizeof(v->text), "%s", text);
		v->line = value_line(in, e);
		to->variables_count++;
	}
}

void list_read(struct reading *in, const struct schema_row *row, const config_setting_t *s)
{
	bool list = config_setting_is_list(s) || config_setting_is_array(s);

	if (row->type == SCHEMA_VARIABLES && config_setting_is_group(s))
		read_variables(in, row, s);
	else if (row->type == SCHEMA_VARIABLES)
		value_complain(in, s, "%s must be a group: { NAME = \"…\"; }", row->path);
	else if (!list)
		value_complain(in, s, "%s must be a %s: [ … ] or ( … )", row->path, schema_type_name(row->type));
	else if (row->type == SCHEMA_PORTS) {
		read_groups(in, row, s, "device = \"…\"", read_port);
		join_ports(in, row, s);
	}
	else if (row->type == SCHEMA_SYSLOG)
		targets_read(in, row, s);
	else if (row->type == SCHEMA_SITES)
		read_groups(in, row, s, "addresses = [ \"…\" ]", read_site);
	else
		read_texts(in, row, s, row->type == SCHEMA_NETWORKS ? network_add : row->type == SCHEMA_ACTS ? act_add : path_add);
}
