/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target `rule`: a rule file of any content loads or is refused with words; what loads compiles and matches. */
#include "config/rules/rule.h"
#include "dataplane/match/match.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool lend(void *transaction, enum direction d, enum buffer b, struct bytes *ret, bool *whole)
{
	*ret = *(const struct bytes *)transaction;
	*whole = true;
	return true;
}

/* The input is its own traffic: its contents are in it. */
static void use(const struct rule_set *set, struct bytes text)
{
	struct matcher *m = NULL;
	struct match_scratch *x = NULL;
	struct match_source source = { .buffer = lend, .transaction = &text };
	struct tuple client = { .sport = 40000, .dport = 80, .protocol = 6 };
	struct match_flow flow = { 0 };
	struct match_state state;
	struct case_alert alerts[4];
	uint32_t left;
	char why[256];

	if (matcher_new(set, NULL, why, sizeof(why), &m) < 0)
		return;
	if (match_scratch_new(m, &x) == 0) {
		match_begin(m, &state, &client, APP_HTTP);
		for (unsigned d = FROM_CLIENT; d <= FROM_SERVER; d++) {
			for (unsigned b = 0; b < BUFFER_COUNT; b++)
				match_scan(m, x, &state, (enum direction)d, (enum buffer)b, text, 0, true);
			(void)match_verdicts(m, x, &state, &flow, &source, (enum direction)d, alerts, 4, &left);
		}
	}
	match_scratch_free(x);
	matcher_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct settings settings;
	struct complaints complaints = { .max = 1 };
	struct rule_set *set = NULL;
	char path[64];
	int fd = memfd_create("rule", 0);

	settings_default("/", &settings);
	settings.rules_max = 16;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size || rule_set_new(&settings, &complaints, &set) < 0)
		goto out;
	if (rule_set_add(set, path, &complaints) == 0 && rule_set_refused(set) != complaints.count)
		__builtin_trap(); /* a refusal without a word */
	if (rule_set_count(set) > 0)
		use(set, bytes_of(data, size));
out:
	rule_set_free(set);
	if (fd >= 0)
		close(fd);
	return 0;
}
