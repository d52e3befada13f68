/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that tell what the server is: their text is the profile's, by the command that asks for it. */
#include "emu/windows/command/programs.h"

#include <string.h>
#include <strings.h>

/*
 * The profile's text for "whoami /priv", "net localgroup administrators": the program's name and its words, in small
 * letters, - as /. A profile without one leaves it open what the command shows.
 */
int32_t program_tells(struct running *r)
{
	struct text key = text_in(r->host->heap);
	const char *last = strrchr(r->path, '\\'), *dot;

	last = last != NULL ? last + 1 : r->path;
	dot = strrchr(last, '.');
	text_add(&key, bytes_of(last, dot != NULL ? (size_t)(dot - last) : strlen(last)));
	for (unsigned i = 1; i < r->argc; i++)
		text_print(&key, " %s%.200s", r->argv[i][0] == '-' ? "/" : "", r->argv[i] + (r->argv[i][0] == '-'));
	for (size_t i = 0; i < key.len; i++)
		key.at[i] = key.at[i] >= 'A' && key.at[i] <= 'Z' ? (char)(key.at[i] + 32) : key.at[i];
	if (!host_has_text(r->host, key.at))
		return host_unknown(r->host, heap_print(r->host->heap, "%.200s", key.at)) ? 1 : 0;
	return program_says(r, key.at);
}

bool program_may(struct running *r)
{
	return strcmp(host_fact(r->host, "ADMINISTRATOR"), "1") == 0;
}

const struct program programs_facts[] = {
	{ "whoami", program_tells }, { "hostname", program_tells }, { "ipconfig", program_tells }, { "systeminfo", program_tells },
	{ "tasklist", program_tells }, { "netstat", program_tells }, { "arp", program_tells }, { "route", program_tells },
	{ "driverquery", program_tells }, { "quser", program_tells }, { "query", program_tells }, { "qwinsta", program_tells },
	{ "getmac", program_tells }, { "nltest", program_tells }, { "gpresult", program_tells }, { "dsquery", program_tells },
	{ "klist", program_tells }, { "cmdkey", program_tells }, { "setspn", program_tells }, { "net1", program_tells },
	{ "vssadmin", program_tells }, { "fsutil", program_tells }, { "wevtutil", program_tells }, { "powercfg", program_tells },
	{ "tree", program_tells }, { "auditpol", program_tells }, { NULL, NULL },
};
