/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Config files: defaults, values, and every kind of error with its file and line. */
#include "config/load.h"
#include "config/list.h"
#include "config/schema.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/konseki-config-XXXXXX";
static struct settings got;

static void write_file(const char *name, const char *text)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* Loads text as a.conf; what was complained stands in said. */
static int load(const char *text, char *said, size_t size)
{
	char path[PATH_MAX];
	FILE *to = fmemopen(said, size, "w");
	struct complaints c = { .to = to };

	write_file("a.conf", text);
	snprintf(path, sizeof(path), "%s/a.conf", folder);
	memset(said, 0, size);
	int r = settings_load(path, &c, &got);
	fclose(to);
	return r;
}

static void refuses(const char *text, const char *why)
{
	char said[4096], expected[PATH_MAX + 4096];

	assert_int_equal(load(text, said, sizeof(said)), -EINVAL);
	snprintf(expected, sizeof(expected), "%s/%s", folder, why);
	if (strstr(said, expected) == NULL)
		fail_msg("expected: %s\nsaid: %s", expected, said);
}

static void defaults_of_the_schema_are_within_their_ranges(void **state)
{
	settings_default("/x", &got);
	for (unsigned i = 0; i < schema_count; i++)
		if (schema[i].type == SCHEMA_COUNT || schema[i].type == SCHEMA_NUMBER)
			assert_true(schema[i].preset >= schema[i].min && schema[i].preset <= schema[i].max);
	assert_int_equal(got.lanes, 1);
	assert_string_equal(got.profiles, "/x/../emu/profiles");
	assert_int_equal(got.rules_count, 1);
	assert_string_equal(got.rules[0], "/x/rules/konseki.rules");
	assert_string_equal(got.user, "nobody");
}

static void every_value_is_read(void **state)
{
	char said[4096];

	assert_int_equal(load("dataplane={lanes=3;ports=({name=\"a\";device=\"net_null0\";},{name=\"b\";device=\"x\";});};\n"
	                      "rules={files=[\"r.rules\",\"/y\"];home=[\"10.0.0.0/8\",\"2001:db8::/32\",\"192.0.2.1\"];\n"
	                      "variables={HTTP_PORTS=\"[80,8080]\";};};\njudging={success_bits=31;egress_visible=true;"
	                      "sites=({name=\"s\";addresses=[\"192.0.2.1\",\"10.0.0.0/8\"];},{name=\"t\";addresses=(\"::1\");});};\n"
	                      "syslog={targets=(\"udp://h:514\",\"tcp://[::1]:601\");};store:{folder=\"s\";};emulation={};",
	                      said, sizeof(said)), 0);
	assert_int_equal(got.lanes, 3);
	assert_int_equal(got.ports_count, 2);
	assert_string_equal(got.ports[1].device, "x");
	assert_int_equal(got.rules_count, 2);
	assert_memory_equal(got.rules[0], folder, strlen(folder));
	assert_string_equal(got.rules[1], "/y");
	assert_int_equal(got.home_count, 3);
	assert_int_equal(got.home[1].bits, 32);
	assert_int_equal(got.home[2].bits, 32);
	assert_string_equal(got.variables[0].text, "[80,8080]");
	assert_true(got.success_bits == 31 && got.egress_visible);
	assert_int_equal(got.sites_count, 2);
	assert_string_equal(got.sites[1].name, "t");
	assert_int_equal(got.sites[0].networks_count, 2);
	assert_int_equal(got.sites[0].networks[1].bits, 8);
	assert_int_equal(got.syslog_count, 2);
	assert_string_equal(got.syslog[1].host, "::1");
	assert_int_equal(got.syslog[1].transport, SYSLOG_TCP);
	assert_int_equal(got.syslog[1].port, 601);
}

static void a_collector_has_a_form_and_a_filter(void **state)
{
	char said[4096];
	const struct syslog_target *t;

	assert_int_equal(load("syslog={targets=(\"tls://h:6514\",{url=\"tls://[2001:db8::1]:6514\";format=\"cef\";priority=\"high\";\n"
	                      "verdicts=[\"success\",\"unknown\"];classes=[\"shell\",\"sql\"];addresses=[\"192.0.2.0/24\"];sites=[\"t\"];"
	                      "final_only=true;ca=\"ca.pem\";name=\"log.example\";certificate=\"/c\";key=\"k\";fingerprint=\n"
	                      "\"SHA256:00:01:02:03:04:05:06:07:08:09:0a:0B:0c:0d:0e:0f:10:11:12:13:14:15:16:17:18:19:1a:1b:1c:1d:1e:ff\";});};"
	                      "judging={sites=({name=\"s\";addresses=[\"::1\"];},{name=\"t\";addresses=[\"::2\"];});};"
	                      "store={max_days=30;};metrics={listen=\"[::1]:9464\";};",
	                      said, sizeof(said)), 0);
	assert_int_equal(got.syslog_count, 2);
	t = &got.syslog[0];
	assert_true(t->transport == SYSLOG_TLS && t->format == SYSLOG_JSON && !t->pinned && t->ca[0] == 0);
	t = &got.syslog[1];
	assert_string_equal(t->host, "2001:db8::1");
	assert_true(t->format == SYSLOG_CEF && t->filter.priority == 2 && t->filter.verdicts == 5 && t->filter.final_only);
	assert_string_equal(t->filter.classes[1], "sql");
	assert_true(t->filter.classes_count == 2 && t->filter.networks_count == 1 && t->filter.sites_count == 1 && t->filter.sites[0] == 1);
	assert_true(t->pinned && t->fingerprint[10] == 10 && t->fingerprint[11] == 11 && t->fingerprint[31] == 0xff);
	assert_string_equal(t->name, "log.example");
	assert_string_equal(t->certificate, "/c");
	assert_memory_equal(t->ca, folder, strlen(folder));
	assert_string_equal(got.metrics, "[::1]:9464");
	assert_int_equal(got.store_days, 30);
}

#define TARGET(members) "syslog={targets=({" members "});};"

static void every_error_of_a_collector_names_its_line(void **state)
{
	refuses(TARGET("format=\"cef\";"), "a.conf:1: syslog.targets: \":0\": a target needs url");
	refuses(TARGET("url=\"tcp://h:1\";\nformat=\"leef\";"), "a.conf:2: syslog.targets: format must be \"json\" or \"cef\"");
	refuses(TARGET("url=\"tcp://h:1\";priority=2;"), "a.conf:1: syslog.targets: priority must be \"low\", \"medium\" or \"high\"");
	refuses(TARGET("url=\"tcp://h:1\";verdicts=[\"won\"];"), "a.conf:1: syslog.targets: verdicts: \"won\" is not");
	refuses(TARGET("url=\"tcp://h:1\";verdicts=[];"), "a.conf:1: syslog.targets: verdicts must be a list of 1 to 32");
	refuses(TARGET("url=\"tcp://h:1\";classes=[\"shel\"];"), "a.conf:1: syslog.targets: classes: \"shel\" is no class");
	refuses(TARGET("url=\"tcp://h:1\";addresses=[\"10.0.0.1/8\"];"), "a.conf:1: syslog.targets: addresses: \"10.0.0.1/8\" is not an address");
	refuses(TARGET("url=\"tcp://h:1\";sites=(\n\"x\");"), "a.conf:2: syslog.targets: sites: \"x\" is no site");
	refuses(TARGET("url=\"tcp://h:1\";final_only=1;"), "a.conf:1: syslog.targets: final_only must be true or false");
	refuses(TARGET("url=\"tcp://h:1\";ca=\"x\";"), "a.conf:1: syslog.targets: \"h:1\": ca, fingerprint, name");
	refuses(TARGET("url=\"tls://h:1\";key=\"x\";"), "a.conf:1: syslog.targets: \"h:1\": certificate and key come together");
	refuses(TARGET("url=\"tls://h:1\";fingerprint=\"00:11\";"), "a.conf:1: syslog.targets: fingerprint must be a SHA-256");
	refuses(TARGET("url=\"tls://h:1\";colour=\"x\";"), "a.conf:1: syslog.targets: unknown key \"colour\"");
	refuses("syslog={targets=(\"udp://h:1\",{url=\"udp://h:1\";});};", "a.conf:1: syslog.targets: \"h:1\": this url stands here twice");
	refuses("syslog={targets=[7];};", "a.conf:1: syslog.targets: a target is");
	refuses("metrics={listen=\"localhost:1\";};", "a.conf:1: metrics.listen must be an address with a port");
	refuses("metrics={listen=\"::1:9464\";};", "a.conf:1: metrics.listen must be an address with a port");
	refuses("metrics={listen=\"127.0.0.1\";};", "a.conf:1: metrics.listen must be an address with a port");
}

/* A filter by class can name every class that there is: each that the code gives stands in the list. */
static void every_class_can_be_chosen(void **state)
{
	FILE *names = popen("grep -rhoE '(class_name = |LANGUAGE_[A-Z]+\\] = |\\? )\"[a-z]+\"( : \"[a-z]+\")?' " SOURCE_ROOT "/control/extract/*.c "
	                    SOURCE_ROOT "/control/judge/rules.c | grep -E 'class_name|LANGUAGE_(PYTHON|RUBY|NODE|PERL|ASP)' | "
	                    "grep -oE '\"[a-z]+\"' | tr -d '\"' | sort -u", "r");
	char name[64], text[256], said[4096];
	unsigned count = 0;

	assert_non_null(names);
	for (; fscanf(names, "%63s", name) == 1; count++) {
		snprintf(text, sizeof(text), TARGET("url=\"tcp://h:1\";classes=[\"%s\"];"), name);
		assert_int_equal(load(text, said, sizeof(said)), 0);
	}
	pclose(names);
	assert_true(count > 12);
}

static void every_error_names_file_and_line(void **state)
{
	refuses("dataplane={\n lane=1;};", "a.conf:2: unknown key dataplane.lane; did you mean dataplane.lanes?");
	refuses("\ndataplan={};", "a.conf:2: unknown key dataplan; did you mean dataplane?");
	refuses("lanes={};", "a.conf:1: unknown key lanes; did you mean dataplane.lanes?");
	refuses("dataplane={nonsense=1;};", "a.conf:1: unknown key dataplane.nonsense\n");
	refuses("dataplane=1;", "a.conf:1: dataplane must be a group");
	refuses("store={lanes=1;};", "a.conf:1: unknown key store.lanes; did you mean dataplane.lanes?");
	refuses("dataplane={lanes=0;};", "a.conf:1: dataplane.lanes: 0 is out of range: 1 to 64 lanes");
	refuses("dataplane={lanes=\"1\";};", "a.conf:1: dataplane.lanes must be a whole number");
	refuses("dataplane={lanes=1.5;};", "a.conf:1: dataplane.lanes must be a whole number");
	refuses("judging={egress_visible=1;};", "a.conf:1: judging.egress_visible must be true or false");
	refuses("store={folder=7;};", "a.conf:1: store.folder must be a path in quotes");
	refuses("store={folder=\"\";};", "a.conf:1: store.folder must not be empty");
	refuses("emulation={user=\"a b\";};", "a.conf:1: emulation.user: \"a b\" is not a name");
	refuses("rules={home=[\"10.0.0.1/8\"];};", "a.conf:1: rules.home: \"10.0.0.1/8\" is not an address");
	refuses("rules={home=[\"10.0.0.0/33\"];};", "a.conf:1: rules.home: \"10.0.0.0/33\" is not an address");
	refuses("rules={home=[\"::1\",\n\"::1/128\"];};", "a.conf:2: rules.home: \"::1/128\" stands here twice");
	refuses("rules={home=\"::1\";};", "a.conf:1: rules.home must be a list of networks");
	refuses("rules={files=[\"a\",\"a\"];};", "a.conf:1: rules.files: \"a\" stands here twice");
	refuses("rules={variables={X=1;};};", "a.conf:1: rules.variables.X must be a text");
	refuses("syslog={targets=[\"udp://h\"];};", "a.conf:1: syslog.targets: \"udp://h\" is not");
	refuses("syslog={targets=[\"relp://h:1\"];};", "a.conf:1: syslog.targets: \"relp://h:1\" is not");
	refuses("judging={sites=({name=\"a\";});};", "a.conf:1: judging.sites: a site needs name");
	refuses("judging={sites=({name=\"a\";addresses=[\"10.0.0.1/8\"];});};", "a.conf:1: judging.sites: \"10.0.0.1/8\" is not an address");
	refuses("judging={sites=({name=\"a\";addresses=[\"::1\"];},\n{name=\"a\";addresses=[\"::2\"];});};",
	        "a.conf:2: judging.sites: \"a\" stands here twice");
	refuses("judging={sites=({name=\"a\";addresses=[\"::1\"];nat=1;});};", "a.conf:1: judging.sites: unknown key \"nat\"");
	refuses("containment={on_success=[\"attackers\"];};", "a.conf:1: containment.on_success: \"attackers\" is not \"attacker\", \"flow\" or \"contact\"");
	refuses("containment={on_success=[\"flow\",\n\"flow\"];};", "a.conf:2: containment.on_success: \"flow\" stands here twice");
	refuses("\ncontainment={on_success=[\"attacker\"];};", "a.conf:2: containment.on_success: \"attacker\" and \"contact\" need rules.home");
	refuses("dataplane={ports=({name=\"a\";device=\"x\";});};\ncontainment={on_success=[\"flow\"];};", "a.conf:2: containment.on_success: on a tap nothing");
	refuses("containment={never=[\"10.0.0.1/8\"];};", "a.conf:1: containment.never: \"10.0.0.1/8\" is not an address");
	refuses("containment={max=0;};", "a.conf:1: containment.max: 0 is out of range");
	refuses("dataplane={ports=({name=\"a\";});};", "a.conf:1: dataplane.ports: a port needs name");
	refuses("dataplane={ports=({name=\"a\";dev=\"b\";});};", "a.conf:1: dataplane.ports: unknown key \"dev\"");
	refuses("dataplane={ports=({name=\"a\";device=\"x\";pair=\"b\";});};", "a.conf:1: dataplane.ports: the pair of \"a\"");
	refuses("dataplane={ports=({name=\"a\";device=\"x\";pair=\"a\";});};", "a.conf:1: dataplane.ports: the pair of \"a\"");
	refuses("dataplane={ports=({name=\"a\";device=\"x\";pair=\"b\";},{name=\"b\";device=\"y\";},{name=\"c\";device=\"z\";pair=\"b\";});};",
	        "a.conf:1: dataplane.ports: \"c\" or \"b\" has another pair");
	/* libconfig would cut these to 32 bits: 4294967297 to 1 */
	refuses("dataplane={lanes=1;\nring_mb=4294967304;};", "a.conf:2: 4294967304 is out of range for any key");
	refuses("dataplane={lanes=0x100000001;};", "a.conf:1: 0x100000001 is out of range for any key");
	refuses("dataplane={lanes=99999999999999999999999L;};", "a.conf:1: 99999999999999999999999L is out of range");
	refuses("store={folder=\"a\x1b[2J\";max_mb=1;};\n", "a.conf:1: store.max_mb: 1 is out of range");
	refuses("emulation={user=\"\x1b[2J\";};\n", "a.conf:1: emulation.user: \"\\x1b[2J\" is not a name");
	refuses("store={max_mb=64;\nmax_mb=64;};", "a.conf:2: duplicate setting name");
	refuses("store={", "a.conf:1: syntax error");
	refuses("\n@include \"none.conf\"\n", "a.conf:2: cannot open include file");
}

static void containment_is_read(void **state)
{
	char said[4096];

	assert_int_equal(load("containment={on_success=[\"contact\",\"attacker\"];minutes=5;never=[\"198.51.100.0/24\",\"::1\"];proxied=false;};\n"
	                      "rules={home=[\"10.0.0.0/8\"];};", said, sizeof(said)), 0);
	assert_int_equal(got.block_on_count, 2);
	assert_true(got.block_on[0] == BLOCK_ON_CONTACT && got.block_on[1] == BLOCK_ON_ATTACKER);
	assert_int_equal(got.block_minutes, 5);
	assert_true(got.never_count == 2 && got.never[0].bits == 24 && got.never[1].address.family == 6);
	assert_true(got.home_count == 1 && got.home[0].bits == 8);
	assert_false(got.proxied);
}

static void two_ports_are_one_wire_whichever_names_the_other(void **state)
{
	static const char ports[] =
		"dataplane={ports=({name=\"a\";device=\"x\";},{name=\"t\";device=\"t\";},{name=\"b\";device=\"y\";pair=\"a\";});};";

	char said[4096];

	assert_int_equal(load(ports, said, sizeof(said)), 0);
	assert_int_equal(got.ports[0].pair_index, 2);
	assert_int_equal(got.ports[1].pair_index, -1);
	assert_int_equal(got.ports[2].pair_index, 0);
}

static void all_errors_are_told_and_the_result_is_untouched(void **state)
{
	char said[4096];

	memset(&got, 0x5a, sizeof(got));
	assert_int_equal(load("a={};\nb={};\nstore={max_mb=1;};", said, sizeof(said)), -EINVAL);
	assert_non_null(strstr(said, "a.conf:1: "));
	assert_non_null(strstr(said, "a.conf:2: "));
	assert_non_null(strstr(said, "a.conf:3: "));
	assert_int_equal(got.lanes, 0x5a5a5a5a);
}

static void an_included_file_names_itself(void **state)
{
	char said[4096];

	write_file("b.conf", "\nstore = { max_mb = 99; };\n");
	assert_int_equal(load("@include \"b.conf\"\ndataplane={lanes=2;};", said, sizeof(said)), 0);
	assert_int_equal(got.store_mb, 99);
	write_file("b.conf", "\n\nstore = { max_mb = 3; };\n");
	refuses("@include \"b.conf\"\ndataplane={lanes=2;};", "b.conf:3: store.max_mb: 3 is out of range");
}

static void digits_elsewhere_are_no_numbers(void **state)
{
	char said[4096];

	assert_int_equal(load("# 4294967297\n// 4294967297\n/* 4294967297\n\" */\nstore={folder=\"4294967297\";};\n"
	                      "judging={success_bits=31.5e0;};\nrules={variables={A4294967297=\"[9999999999]\";};};\n",
	                      said, sizeof(said)), 0);
	assert_true(got.success_bits == 31.5);
	assert_int_equal(settings_line(&got, "store.folder"), 5);
	assert_int_equal(settings_line(&got, "judging.success_bits"), 6);
	assert_int_equal(settings_line(&got, "store.max_mb"), 0);
	assert_int_equal(got.variables[0].line, 7);
}

static void what_is_no_config_file_is_refused_at_once(void **state)
{
	static char much[200 << 10];
	struct complaints c = { 0 };
	char path[PATH_MAX], said[4096];

	assert_int_equal(settings_load("/dev/zero", &c, &got), -EINVAL);
	assert_int_equal(settings_load("/tmp", &c, &got), -EINVAL);
	snprintf(path, sizeof(path), "%s/b.conf", folder);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(settings_load(path, &c, &got), -EINVAL);
	refuses("@include \"b.conf\"\n", "b.conf:0: cannot be read: it is no regular file");
	unlink(path);
	assert_int_equal(c.count, 3);
	memset(much, '#', sizeof(much) - 1);
	write_file("b.conf", much);
	refuses("\n@include \"b.conf\"\n", "b.conf:0: cannot be read: a config file has 131072 bytes at most");
	assert_int_equal(load("@include \"a.conf\"\n", said, sizeof(said)), -EINVAL);
	assert_non_null(strstr(said, "a.conf:1: include file nesting too deep"));
}

static void a_file_that_is_not_there_is_told(void **state)
{
	struct complaints c = { 0 };
	assert_int_equal(settings_load("/nonexistent/x.conf", &c, &got), -ENOENT);
	assert_int_equal(c.count, 1);
}

static void the_shipped_file_shows_the_defaults(void **state)
{
	static struct settings preset;
	struct complaints c = { .to = stderr };
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/config/konseki.conf", SOURCE_ROOT);
	assert_int_equal(settings_load(path, &c, &got), 0);
	char *end = strrchr(got.file, '/');
	char where[PATH_MAX];
	snprintf(where, sizeof(where), "%.*s", (int)(end - got.file), got.file);
	settings_default(where, &preset);
	memcpy(preset.file, got.file, sizeof(preset.file));
	assert_int_equal(preset.lanes, got.lanes);
	assert_int_equal(preset.workers, got.workers);
	assert_int_equal(preset.window_s, got.window_s);
	assert_int_equal(preset.memory_mb, got.memory_mb);
	assert_int_equal(preset.store_mb, got.store_mb);
	assert_string_equal(preset.rules[0], got.rules[0]);
	assert_string_equal(preset.store, got.store);
	assert_string_equal(preset.profiles, got.profiles);
	assert_string_equal(preset.socket, got.socket);
	assert_string_equal(preset.user, got.user);
}

static void the_readme_holds_the_schema(void **state)
{
	static char readme[1 << 16];
	char *table = NULL;
	size_t size = 0;
	FILE *f = fopen(SOURCE_ROOT "/config/README.md", "r");

	assert_non_null(f);
	readme[fread(readme, 1, sizeof(readme) - 1, f)] = '\0';
	fclose(f);
	f = open_memstream(&table, &size);
	schema_document(f);
	fclose(f);
	if (strstr(readme, table) == NULL)
		fail_msg("config/README.md must hold this table:\n%s", table);
	free(table);
}

static int make_folder(void **state)
{
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "a.conf", "b.conf" };
	char path[PATH_MAX];

	for (unsigned i = 0; i < COUNT_OF(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_of_the_schema_are_within_their_ranges),
		cmocka_unit_test(every_value_is_read),
		cmocka_unit_test(a_collector_has_a_form_and_a_filter),
		cmocka_unit_test(every_error_of_a_collector_names_its_line),
		cmocka_unit_test(every_class_can_be_chosen),
		cmocka_unit_test(every_error_names_file_and_line),
		cmocka_unit_test(containment_is_read),
		cmocka_unit_test(two_ports_are_one_wire_whichever_names_the_other),
		cmocka_unit_test(all_errors_are_told_and_the_result_is_untouched),
		cmocka_unit_test(an_included_file_names_itself),
		cmocka_unit_test(digits_elsewhere_are_no_numbers),
		cmocka_unit_test(what_is_no_config_file_is_refused_at_once),
		cmocka_unit_test(a_file_that_is_not_there_is_told),
		cmocka_unit_test(the_shipped_file_shows_the_defaults),
		cmocka_unit_test(the_readme_holds_the_schema),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
