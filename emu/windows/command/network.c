/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that ask the network: ping, nslookup, tracert and their kin. What they print is the profile's. */
#include "emu/windows/command/programs.h"
#include "emu/windows/host/web.h"
#include "emu/world/network.h"

#include <stdlib.h>
#include <string.h>

enum { COUNT = 4, BYTES = 32, COUNT_MAX = 4000, SHOWN_MAX = 64, EVENTS_MAX = 16 /* more of the same tell nothing */, WAIT_MS = 4000 };

/* The number behind an option that may stand apart from it or not at all. */
static unsigned number(const struct running *r, const char *name, unsigned fallback)
{
	unsigned i = option_find(r, name);

	return i != 0 && i + 1 < r->argc ? (unsigned)strtoul(r->argv[i + 1], NULL, 10) : fallback;
}

/* The word that is neither an option nor the value of one of these. */
static const char *target(const struct running *r, const char *valued)
{
	const char *found = NULL;

	for (unsigned i = 1; i < r->argc; i++) {
		if (r->argv[i][0] == '-' || r->argv[i][0] == '/')
			i += strlen(r->argv[i]) == 2 && strchr(valued, r->argv[i][1]) != NULL;
		else
			found = r->argv[i];
	}
	return found;
}

static const char *milliseconds(struct running *r, uint64_t ns)
{
	return heap_print(r->host->heap, "%u", (unsigned)(ns / 1000000));
}

static int32_t ping(struct running *r)
{
	unsigned count = option_find(r, "t") != 0 ? COUNT_MAX : number(r, "n", COUNT), size = number(r, "l", BYTES);
	const char *name = target(r, "nliwrsjkSvcp"), *args[8] = { name };
	uint64_t wait = number(r, "w", WAIT_MS) * UINT64_C(1000000), slept = 0, shortest = UINT64_MAX, longest = 0, all = 0;
	struct address a;
	char address[ADDRESS_TEXT];
	unsigned back = 0;

	if (name == NULL)
		return program_says(r, "ping.usage"), 1;
	if (!web_resolve(r->host, name, &a)) {
		handle_say(r->host, r->standard.out, "ping.unknown", args);
		return 1;
	}
	args[1] = address_format(&a, address);
	args[2] = heap_print(r->host->heap, "%u", size);
	handle_say(r->host, r->standard.out, strcmp(args[1], name) != 0 ? "ping.begins_name" : "ping.begins", args);
	for (unsigned i = 0; i < count && host_step(r->host); i++) {
		uint64_t began = r->host->world->virtual_ns, took;
		bool local = network_is_own(r->host->world->network, &a);
		bool answered = local || (i < EVENTS_MAX ? web_ping(r->host, &a, 1, size) == 1 : back != 0);

		took = local ? 0 : r->host->world->virtual_ns - began;
		args[3] = milliseconds(r, took);
		args[4] = heap_print(r->host->heap, "%u", local ? 128 : network_hops(r->host->world));
		if (i < SHOWN_MAX)
			handle_say(r->host, r->standard.out, !answered ? "ping.silence" : took < 1000000 ? "ping.reply_at_once" : "ping.reply", args);
		back += answered;
		shortest = took < shortest ? took : shortest;
		longest = took > longest ? took : longest;
		all += took;
		/* a second between two of them; where none answers, as long as it waits */
		took = answered ? 1000000000 : wait;
		if (i + 1 < count || !answered) {
			r->host->world->virtual_ns += took;
			slept += took;
		}
	}
	/* one event for all its waiting: host_sleep() would count the time twice */
	r->host->world->virtual_ns -= slept;
	host_sleep(r->host, slept);
	args[2] = heap_print(r->host->heap, "%u", count);
	args[3] = heap_print(r->host->heap, "%u", back);
	args[4] = heap_print(r->host->heap, "%u", count - back);
	args[5] = heap_print(r->host->heap, "%u", count != 0 ? (count - back) * 100 / count : 0);
	handle_say(r->host, r->standard.out, "ping.ends", args);
	if (back != 0) {
		const char *times[] = { milliseconds(r, shortest), milliseconds(r, longest), milliseconds(r, all / count), NULL };

		handle_say(r->host, r->standard.out, "ping.times", times);
	}
	return back == 0;
}

static uint16_t record_type(const char *name)
{
	static const struct { const char *name; uint16_t type; } types[] = {
		{ "a", 1 }, { "ns", 2 }, { "cname", 5 }, { "soa", 6 }, { "ptr", 12 }, { "mx", 15 }, { "txt", 16 }, { "aaaa", 28 },
		{ "srv", 33 }, { "any", 255 },
	};

	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (same_name(types[i].name, name))
			return types[i].type;
	return 1;
}

static int32_t nslookup(struct running *r)
{
	const char *words[2] = { NULL, NULL }, *args[4] = { NULL };
	uint16_t type = 1;
	struct address a;
	char address[ADDRESS_TEXT];
	unsigned count = 0;

	for (unsigned i = 1; i < r->argc; i++) {
		const char *equals = strchr(r->argv[i], '=');

		if (r->argv[i][0] == '-')
			type = equals != NULL ? record_type(equals + 1) : type;
		else if (count < 2)
			words[count++] = r->argv[i];
	}
	if (words[0] == NULL) {
		program_unknown(r, "nslookup: a dialogue");
		return 0;
	}
	/* another server is asked over a socket of our own making; its own name is looked up first */
	if (words[1] != NULL && !web_resolve(r->host, words[1], &a))
		return 1;
	args[0] = words[0];
	if (type != 1) {
		(void)web_ask(r->host, words[0], type, &a);
		program_unknown(r, "nslookup: records other than addresses");
		return 0;
	}
	if (!web_resolve(r->host, words[0], &a)) {
		handle_say(r->host, r->standard.err, "nslookup.unknown", args);
		return 0;
	}
	args[1] = address_format(&a, address);
	handle_say(r->host, r->standard.out, "nslookup.answer", args);
	return 0;
}

static int32_t tracert(struct running *r)
{
	const char *name = target(r, "hjwpq");
	struct address a;

	if (name != NULL && web_resolve(r->host, name, &a)) {
		(void)web_ping(r->host, &a, 1, 64);
		program_unknown(r, "tracert: the way");
	}
	return 0;
}

static int32_t telnet(struct running *r)
{
	if (r->argc > 1)
		(void)!web_connect(r->host, r->argv[1], r->argc > 2 ? (uint16_t)strtoul(r->argv[2], NULL, 10) : 23);
	return 0;
}

const struct program programs_network[] = {
	{ "ping", ping }, { "nslookup", nslookup }, { "tracert", tracert }, { "pathping", tracert }, { "telnet", telnet },
	{ NULL, NULL },
};
