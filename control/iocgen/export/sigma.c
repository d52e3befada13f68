/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sigma rules, a document each (Sigma specification 2.1); IOCs of several patterns as correlations. */
#include "control/iocgen/export/carry.h"
#include "control/iocgen/export/uuid.h"
#include "control/iocgen/shown.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where an artefact of a kind, to which this was done, is told of. */
static const struct source {
	enum artefact_kind kind;
	enum action_class action;
	bool windows, unix_too;                     /* systems that tell of it */
	const char *category, *service, *field;
	const char *more;                           /* further lines of the selection */
} sources[] = {
	{ KIND_FILE, CLASS_CHANGE, true, true, "file_event", NULL, "TargetFilename", NULL },
	{ KIND_FILE, CLASS_ANY, true, true, "file_event", NULL, "TargetFilename", NULL },
	{ KIND_FILE, CLASS_DELETE, true, false, "file_delete", NULL, "TargetFilename", NULL },
	{ KIND_FILE, CLASS_LOOK, true, false, "file_access", NULL, "FileName", NULL },
	{ KIND_REGISTRY, CLASS_CHANGE, true, false, "registry_event", NULL, "TargetObject",
	  "        EventType:\n            - SetValue\n            - CreateKey\n            - RenameKey\n" },
	{ KIND_REGISTRY, CLASS_ANY, true, false, "registry_event", NULL, "TargetObject", NULL },
	{ KIND_REGISTRY, CLASS_DELETE, true, false, "registry_delete", NULL, "TargetObject", NULL },
	{ KIND_PROCESS, CLASS_ANY, true, true, "process_creation", NULL, "Image", NULL },
	{ KIND_COMMAND, CLASS_ANY, true, true, "process_creation", NULL, "CommandLine", NULL },
	{ KIND_SERVICE, CLASS_ANY, true, false, NULL, "system", "ServiceName", "        Provider_Name: Service Control Manager\n        EventID: 7045\n" },
	{ KIND_TASK, CLASS_ANY, true, false, NULL, "security", "TaskName", "        EventID: 4698\n" },
	{ KIND_PIPE, CLASS_ANY, true, false, "pipe_created", NULL, "PipeName", NULL },
	{ KIND_URL, CLASS_ANY, false, false, "proxy", NULL, "c-uri", NULL },
	{ KIND_AGENT, CLASS_ANY, false, false, "proxy", NULL, "c-useragent", NULL },
	{ KIND_DNS, CLASS_ANY, true, false, "dns_query", NULL, "QueryName", NULL },
	{ KIND_IP, CLASS_ANY, true, true, "network_connection", NULL, "DestinationIp", NULL },
};

static const struct source *source_of(const struct pattern *p)
{
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		if (sources[i].kind == p->kind && sources[i].action == p->action)
			return &sources[i];
	}
	return NULL;
}

static bool is_plain_address(const struct pattern *p)
{
	return p->count == 1 && !p->pieces[0].is_hole && !p->open_front && !p->open_back;
}

static struct carried carry_pattern(const struct ioc *ioc, const struct pattern *p)
{
	const struct source *s = source_of(p);
	struct forms *forms;
	struct carried ret = { CARRY_NOT, "no memory" };

	if (p->kind == KIND_MUTEX)
		return (struct carried){ CARRY_NOT, "no log source of Sigma tells of mutexes" };
	if (s == NULL || (pattern_is_unix(p) && !s->unix_too))
		return (struct carried){ CARRY_NOT, "no log source of Sigma tells that this was done" };
	if (p->kind == KIND_IP && !is_plain_address(p))
		return (struct carried){ CARRY_NOT, "addresses with holes" };
	if ((forms = malloc(sizeof(*forms))) == NULL)
		return ret;
	if (forms_of(p, false, forms) < 0)
		ret.why = "a pattern too long for a rule";
	else if (forms->wider)
		ret = (struct carried){ CARRY_WIDER, "folders that hang on the user are left open" };
	else if (ioc->patterns_count > 1)
		ret = (struct carried){ CARRY_WIDER, "artefacts of one sample become events of one computer within an hour" };
	else
		ret = (struct carried){ CARRY_WHOLE, NULL };
	free(forms);
	return ret;
}

/* A YAML text in single quotes, on one line. */
static void put_quoted(struct bytes text, FILE *to)
{
	putc('\'', to);
	shown_quoted(to, text, '\'');
	putc('\'', to);
}

/* A value without wildcards: a backslash is one unless another, or what could be a wildcard, comes after it. */
static void put_value(const char *text, FILE *to)
{
	putc('\'', to);
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			putc('\'', to);
		if (*text == '*' || *text == '?' || (*text == '\\' && (text[1] == '\\' || text[1] == '*' || text[1] == '?')))
			putc('\\', to);
		putc(*text, to);
	}
	putc('\'', to);
}

static void put_address(const struct pattern *p, FILE *to)
{
	struct bytes text = p->pieces[0].text, port = bytes_of(NULL, 0);
	size_t colons = 0, last = 0;

	for (size_t i = 0; i < text.left; i++) {
		if (text.at[i] == ':') {
			colons++;
			last = i;
		}
	}
	if (colons == 1 || (last > 0 && text.at[last - 1] == ']')) {
		port = bytes_of(text.at + last + 1, text.left - last - 1);
		text.left = last;
	}
	if (text.left > 2 && *text.at == '[' && text.at[text.left - 1] == ']')
		text = bytes_of(text.at + 1, text.left - 2);
	fprintf(to, "        DestinationIp: '%.*s'\n", (int)text.left, (const char *)text.at);
	if (port.left > 0)
		fprintf(to, "        DestinationPort: %.*s\n", (int)port.left, (const char *)port.at);
}

static void put_values(const struct pattern *p, const struct source *s, const struct forms *forms, FILE *to)
{
	bool plain = true;
	const char *modifier;

	for (unsigned i = 0; i < forms->count; i++)
		plain = plain && forms->form[i].plain && forms->form[i].front == forms->form[0].front;
	/* a pipe's name begins with a backslash there */
	modifier = !plain ? "|re" : forms->form[0].front && forms->form[0].back ? "|contains" :
		forms->form[0].front || p->kind == KIND_PIPE ? "|endswith" : forms->form[0].back ? "|startswith" : "";
	fprintf(to, "        %s%s:\n", s->field, modifier);
	for (unsigned i = 0; i < forms->count; i++) {
		fputs("            - ", to);
		if (plain) {
			put_value(forms->form[i].text, to);
		} else {
			char text[FORM_REGEX_MAX + 16];

			snprintf(text, sizeof(text), "(?i)%s%s", p->kind == KIND_PIPE && !forms->form[i].front ? "^\\\\?" : "",
			         forms->form[i].regex + (p->kind == KIND_PIPE && !forms->form[i].front));
			put_quoted(bytes_text(text), to);
		}
		putc('\n', to);
	}
}

static void put_head(const struct ioc *ioc, const char *title_of, const char *uuid, int32_t day, FILE *to)
{
	char date[16], title[256];

	snprintf(title, sizeof(title), "%.*s: %s", (int)(ioc->family.left < 96 ? ioc->family.left : 96), (const char *)ioc->family.at, title_of);
	fputs("title: ", to);
	put_quoted(bytes_text(title), to);
	fprintf(to, "\nid: %s\nstatus: experimental\ndescription: ", uuid);
	put_quoted(ioc->sentence, to);
	fprintf(to, "\nauthor: Konseki\ndate: %s\n", day_format(day, date));
}

static void put_foot(const struct ioc *ioc, FILE *to)
{
	fprintf(to, "falsepositives:\n    - '%llu of %llu ordinary samples'\nlevel: %s\n", (unsigned long long)ioc->benign_hits,
	        (unsigned long long)ioc->benign_samples, ioc->benign_hits == 0 ? "high" : "medium");
}

static int put_rule(const struct ioc *ioc, unsigned number, int32_t day, struct forms *forms, FILE *to)
{
	const struct pattern *p = &ioc->patterns[number];
	const struct source *s = source_of(p);
	char uuid[UUID_TEXT], name[IOC_ID_MAX + 16], title[64];
	int r = forms_of(p, false, forms);

	if (r < 0 || s == NULL)
		return r;
	snprintf(name, sizeof(name), "konseki_%s_%u", ioc->id, number + 1);
	snprintf(title, sizeof(title), "%s %s", kind_name(p->kind), ioc->id);
	fputs("---\n", to);
	put_head(ioc, title, uuid_of("sigma", name, uuid), day, to);
	fprintf(to, "name: %s\nlogsource:\n", name);
	if (s->windows)
		fprintf(to, "    product: %s\n", pattern_is_unix(p) ? "linux" : "windows");
	fprintf(to, "    %s: %s\ndetection:\n    selection:\n", s->category != NULL ? "category" : "service", s->category != NULL ? s->category : s->service);
	if (s->more != NULL)
		fputs(s->more, to);
	if (p->kind == KIND_IP)
		put_address(p, to);
	else
		put_values(p, s, forms, to);
	fputs("    condition: selection\n", to);
	put_foot(ioc, to);
	return 0;
}

static void put_correlation(const struct ioc *ioc, int32_t day, FILE *to)
{
	char uuid[UUID_TEXT], title[64];

	snprintf(title, sizeof(title), "%u artefacts %s", ioc->patterns_count, ioc->id);
	fputs("---\n", to);
	put_head(ioc, title, uuid_of("sigma", ioc->id, uuid), day, to);
	fputs("correlation:\n    type: temporal\n    rules:\n", to);
	for (unsigned i = 0; i < ioc->patterns_count; i++)
		fprintf(to, "        - konseki_%s_%u\n", ioc->id, i + 1);
	fputs("    group-by:\n        - Computer\n    timespan: 1h\n", to);
	put_foot(ioc, to);
}

static int write_rules(const struct ioc_set *set, const struct carried *all, int32_t day, FILE *to)
{
	struct forms *forms = malloc(sizeof(*forms));
	int r = 0;

	if (forms == NULL)
		return -ENOMEM;
	carry_tell(set, all, &format_sigma, "# ", to);
	for (size_t i = 0; r == 0 && i < set->count; i++) {
		const struct ioc *ioc = &set->iocs[i];

		if (all[i].carry == CARRY_NOT)
			continue;
		for (unsigned k = 0; r == 0 && k < ioc->patterns_count; k++)
			r = put_rule(ioc, k, day, forms, to);
		if (r == 0 && ioc->patterns_count > 1)
			put_correlation(ioc, day, to);
	}
	free(forms);
	return r;
}

const struct format format_sigma = { "sigma", carry_pattern, write_rules };
