/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The variables that rules may use: the usual ones, and what the config says. */
#include "config/rules/parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The names that Suricata's own config sets. */
static const struct variable usual[] = {
	{ "HTTP_SERVERS", "$HOME_NET" },
	{ "SMTP_SERVERS", "$HOME_NET" },
	{ "SQL_SERVERS", "$HOME_NET" },
	{ "DNS_SERVERS", "$HOME_NET" },
	{ "TELNET_SERVERS", "$HOME_NET" },
	{ "AIM_SERVERS", "$EXTERNAL_NET" },
	{ "DC_SERVERS", "$HOME_NET" },
	{ "DNP3_SERVER", "$HOME_NET" },
	{ "DNP3_CLIENT", "$HOME_NET" },
	{ "MODBUS_CLIENT", "$HOME_NET" },
	{ "MODBUS_SERVER", "$HOME_NET" },
	{ "ENIP_CLIENT", "$HOME_NET" },
	{ "ENIP_SERVER", "$HOME_NET" },
	{ "HTTP_PORTS", "80" },
	{ "SHELLCODE_PORTS", "!80" },
	{ "ORACLE_PORTS", "1521" },
	{ "SSH_PORTS", "22" },
	{ "DNP3_PORTS", "20000" },
	{ "MODBUS_PORTS", "502" },
	{ "FILE_DATA_PORTS", "[$HTTP_PORTS,110,143]" },
	{ "FTP_PORTS", "21" },
	{ "GENEVE_PORTS", "6081" },
	{ "VXLAN_PORTS", "4789" },
	{ "TEREDO_PORTS", "3544" },
};

const char *variable_find(const struct rule_set *set, const char *name, size_t len)
{
	for (unsigned i = 0; i < set->variables_count; i++)
		if (strlen(set->variables[i].name) == len && memcmp(set->variables[i].name, name, len) == 0)
			return set->variables[i].text;
	return NULL;
}

/* The first to name a variable wins, so the config's come first. */
static int variable_add(struct rule_set *set, const char *name, const char *text)
{
	struct variable *v = &set->variables[set->variables_count];

	if (variable_find(set, name, strlen(name)) != NULL)
		return 0;
	v->name = arena_copy(&set->arena, name, strlen(name));
	v->text = arena_copy(&set->arena, text, strlen(text));
	if (v->name == NULL || v->text == NULL)
		return -ENOMEM;
	set->variables_count++;
	return 0;
}

static int home_add(struct rule_set *set, const struct settings *settings)
{
	char text[SETTINGS_LIST_MAX * (ADDRESS_TEXT + 8)] = "[", one[ADDRESS_TEXT];
	size_t len = 1;

	if (settings->home_count == 0)
		return variable_add(set, "HOME_NET", "any");
	for (unsigned i = 0; i < settings->home_count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s/%u", i > 0 ? "," : "",
		                        address_format(&settings->home[i].address, one), settings->home[i].bits);
	snprintf(text + len, sizeof(text) - len, "]");
	return variable_add(set, "HOME_NET", text);
}

int variables_fill(struct rule_set *set, const struct settings *settings)
{
	int r;

	set->variables = arena_take(&set->arena, (SETTINGS_LIST_MAX + COUNT_OF(usual) + 2) * sizeof(set->variables[0]));
	if (set->variables == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < settings->variables_count; i++)
		if ((r = variable_add(set, settings->variables[i].name, settings->variables[i].text)) < 0)
			return r;
	if ((r = home_add(set, settings)) < 0 ||
	    (r = variable_add(set, "EXTERNAL_NET", settings->home_count == 0 ? "any" : "!$HOME_NET")) < 0)
		return r;
	for (unsigned i = 0; i < COUNT_OF(usual); i++)
		if ((r = variable_add(set, usual[i].name, usual[i].text)) < 0)
			return r;
	return 0;
}

/* A variable is right when it reads as addresses or as ports. */
void variables_check(struct rule_set *set, const struct settings *settings, struct complaints *complaints)
{
	for (unsigned i = 0; i < settings->variables_count; i++) {
		const struct ranges *unused;
		struct parse p = { .set = set }, q = { .set = set };
		char text[64];

		snprintf(text, sizeof(text), "$%s", settings->variables[i].name);
		if (expression_parse(&p, false, text, &unused) < 0 && expression_parse(&q, true, text, &unused) < 0)
			complain(complaints, settings->file, settings->variables[i].line, "rules.variables.%s is neither addresses (%s) nor ports (%s)",
			         settings->variables[i].name, p.why, q.why);
	}
}
