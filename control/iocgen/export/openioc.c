/* SPDX-License-Identifier: GPL-2.0-or-later */
/* OpenIOC 1.1: one document, any of its IOCs, all patterns of each. */
#include "control/iocgen/export/carry.h"
#include "control/iocgen/export/uuid.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Terms of the common list of OpenIOC for artefacts. */
static const struct term {
	enum artefact_kind kind;
	const char *document, *search;
} terms[] = {
	{ KIND_FILE, "FileItem", "FileItem/FullPath" }, { KIND_REGISTRY, "RegistryItem", "RegistryItem/Path" },
	{ KIND_MUTEX, "ProcessItem", "ProcessItem/HandleList/Handle/Name" }, { KIND_PROCESS, "ProcessItem", "ProcessItem/path" },
	{ KIND_COMMAND, "ProcessItem", "ProcessItem/arguments" }, { KIND_SERVICE, "ServiceItem", "ServiceItem/name" },
	{ KIND_TASK, "TaskItem", "TaskItem/Name" }, { KIND_PIPE, "ProcessItem", "ProcessItem/HandleList/Handle/Name" },
	{ KIND_URL, "UrlHistoryItem", "UrlHistoryItem/URL" }, { KIND_DNS, "DnsEntryItem", "DnsEntryItem/Host" },
	{ KIND_IP, "PortItem", "PortItem/remoteIP" }, { KIND_AGENT, "Network", "Network/UserAgent" },
};

static const struct term *term_of(enum artefact_kind k)
{
	for (size_t i = 0; i < COUNT_OF(terms); i++) {
		if (terms[i].kind == k)
			return &terms[i];
	}
	return NULL;
}

static struct carried carry_pattern(const struct ioc *ioc, const struct pattern *p)
{
	struct forms *forms;
	struct carried ret = { CARRY_NOT, "no memory" };

	if (p->action == CLASS_DELETE)
		return (struct carried){ CARRY_NOT, "what is deleted is not there to be found" };
	if (p->action == CLASS_LOOK)
		return (struct carried){ CARRY_NOT, "what was only read leaves nothing to be found" };
	if ((forms = malloc(sizeof(*forms))) == NULL)
		return ret;
	if (forms_of(p, true, forms) < 0)
		ret.why = "a pattern too long for a term";
	else if (forms->wider)
		ret = (struct carried){ CARRY_WIDER, "folders that hang on the user are left open" };
	else if (p->kind == KIND_IP)
		ret = (struct carried){ CARRY_WIDER, "an address without its port" };
	else if (ioc->patterns_count > 1)
		ret = (struct carried){ CARRY_WIDER, "artefacts of one sample become what one computer has" };
	else
		ret = (struct carried){ CARRY_WHOLE, NULL };
	free(forms);
	return ret;
}

static void put_text(struct bytes text, FILE *to)
{
	for (size_t i = 0; i < text.left; i++) {
		switch (text.at[i]) {
		case '<':
			fputs("&lt;", to);
			break;
		case '>':
			fputs("&gt;", to);
			break;
		case '&':
			fputs("&amp;", to);
			break;
		case '"':
			fputs("&quot;", to);
			break;
		default:
			putc(text.at[i] < ' ' || text.at[i] == 0x7f ? ' ' : text.at[i], to);
		}
	}
}

static void put_item(const struct ioc *ioc, const struct pattern *p, unsigned part, unsigned number, const struct form *f, FILE *to)
{
	const struct term *term = term_of(p->kind);
	const char *condition = !f->plain ? "matches" : f->front && f->back ? "contains" : f->front ? "ends-with" : f->back ? "starts-with" : "is";
	char name[IOC_ID_MAX + 32], uuid[UUID_TEXT];
	struct bytes text = bytes_text(f->plain ? f->text : f->regex);
	const uint8_t *colon;

	snprintf(name, sizeof(name), "%s.%u.%u", ioc->id, part, number);
	/* "192.0.2.1:443": the port is another item, which is not about the same connection */
	if (p->kind == KIND_IP && f->plain && !f->front && !f->back) {
		colon = memrchr(text.at, ':', text.left);
		if (colon != NULL && (memchr(text.at, ':', text.left) == colon || colon[-1] == ']'))
			text.left = (size_t)(colon - text.at);
		if (text.left > 2 && *text.at == '[')
			text = bytes_of(text.at + 1, text.left - 2);
	}
	/* a handle's name has its folder before it */
	if (p->kind == KIND_PIPE || p->kind == KIND_MUTEX)
		condition = f->plain ? (f->back ? "contains" : "ends-with") : "matches";
	fprintf(to, "          <IndicatorItem id=\"%s\" condition=\"%s\" preserve-case=\"false\" negate=\"false\">\n", uuid_of("openioc", name, uuid), condition);
	fprintf(to, "            <Context document=\"%s\" search=\"%s\" type=\"mir\"/>\n            <Content type=\"string\">", term->document, term->search);
	put_text(text, to);
	fputs("</Content>\n          </IndicatorItem>\n", to);
}

static int put_ioc(const struct ioc *ioc, struct forms *forms, FILE *to)
{
	char uuid[UUID_TEXT], name[IOC_ID_MAX + 16];
	int r = 0;

	fprintf(to, "      <Indicator id=\"%s\" operator=\"AND\">\n", uuid_of("openioc", ioc->id, uuid));
	for (unsigned k = 0; k < ioc->patterns_count; k++) {
		if ((r = forms_of(&ioc->patterns[k], true, forms)) < 0)
			return r;
		snprintf(name, sizeof(name), "%s.%u", ioc->id, k);
		fprintf(to, "        <Indicator id=\"%s\" operator=\"OR\">\n", uuid_of("openioc", name, uuid));
		for (unsigned i = 0; i < forms->count; i++)
			put_item(ioc, &ioc->patterns[k], k, i, &forms->form[i], to);
		fputs("        </Indicator>\n", to);
	}
	fputs("      </Indicator>\n", to);
	return 0;
}

static int write_xml(const struct ioc_set *set, const struct carried *all, int32_t day, FILE *to)
{
	struct forms *forms = malloc(sizeof(*forms));
	char date[16], uuid[UUID_TEXT], *told = NULL;
	size_t told_len = 0;
	FILE *tell = open_memstream(&told, &told_len);
	int r = forms != NULL && tell != NULL ? 0 : -ENOMEM;

	if (tell != NULL) {
		carry_tell(set, all, &format_openioc, "", tell);
		fclose(tell);
	}
	day_format(day, date);
	if (r == 0) {
		fprintf(to, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<OpenIOC xmlns=\"http://openioc.org/schemas/OpenIOC_1.1\" id=\"%s\" "
		        "last-modified=\"%sT00:00:00Z\" published-date=\"%sT00:00:00Z\">\n  <metadata>\n    <short_description>IOCs of Konseki</short_description>\n"
		        "    <description>", uuid_of("openioc", set->count > 0 ? set->iocs[0].id : "", uuid), date, date);
		put_text(bytes_of(told, told_len), to);
		fprintf(to, "</description>\n    <keywords/>\n    <authored_by>Konseki</authored_by>\n    <authored_date>%sT00:00:00Z</authored_date>\n"
		        "    <links/>\n  </metadata>\n  <criteria>\n    <Indicator id=\"%s\" operator=\"OR\">\n", date, uuid_of("openioc", "any", uuid));
	}
	for (size_t i = 0; r == 0 && i < set->count; i++) {
		if (all[i].carry != CARRY_NOT)
			r = put_ioc(&set->iocs[i], forms, to);
	}
	if (r == 0)
		fputs("    </Indicator>\n  </criteria>\n  <parameters/>\n</OpenIOC>\n", to);
	free(forms);
	free(told);
	return r;
}

const struct format format_openioc = { "openioc", carry_pattern, write_xml };
