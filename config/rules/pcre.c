/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pcre:"/…/flags": compiled once here, with just-in-time code, and shared by all lanes. */
#include "config/rules/parse.h"

#include <errno.h>
#include <string.h>

static const struct {
	char letter;
	uint32_t option;
} options[] = {
	{ 'i', PCRE2_CASELESS }, { 's', PCRE2_DOTALL }, { 'm', PCRE2_MULTILINE }, { 'x', PCRE2_EXTENDED },
	{ 'A', PCRE2_ANCHORED }, { 'E', PCRE2_DOLLAR_ENDONLY }, { 'G', PCRE2_UNGREEDY },
};

static const struct {
	char letter;
	enum buffer buffer;
} buffers[] = {
	{ 'U', BUFFER_HTTP_URI }, { 'I', BUFFER_HTTP_URI_RAW }, { 'P', BUFFER_HTTP_REQUEST_BODY },
	{ 'Q', BUFFER_FILE_DATA }, { 'H', BUFFER_HTTP_HEADER }, { 'D', BUFFER_HTTP_HEADER_RAW },
	{ 'M', BUFFER_HTTP_METHOD }, { 'C', BUFFER_HTTP_COOKIE }, { 'S', BUFFER_HTTP_STAT_CODE },
	{ 'Y', BUFFER_HTTP_STAT_MSG }, { 'V', BUFFER_HTTP_USER_AGENT }, { 'W', BUFFER_HTTP_HOST },
	{ 'Z', BUFFER_HTTP_HOST_RAW },
};

/* Flags behind the last slash: options, R, and at most one buffer (*buffer stays -1 without). */
static int flags_parse(struct parse *p, const char *flags, uint32_t *option, bool *relative, int *buffer)
{
	for (; *flags != '\0'; flags++) {
		bool known = *flags == 'R' || *flags == 'B' || *flags == 'O';

		*relative |= *flags == 'R';
		for (unsigned i = 0; i < COUNT_OF(options); i++)
			if (*flags == options[i].letter) {
				*option |= options[i].option;
				known = true;
			}
		for (unsigned i = 0; i < COUNT_OF(buffers); i++)
			if (*flags == buffers[i].letter) {
				bool same = p->sticky && p->view.buffer == buffers[i].buffer;
				if (*buffer >= 0 || (p->sticky && !same))
					return refuse(p, "pcre: a second buffer, flag %c", *flags);
				*buffer = (int)buffers[i].buffer;
				known = true;
			}
		if (!known)
			return refuse(p, "pcre: unknown flag %c", *flags);
	}
	return 0;
}

static int compile(struct parse *p, struct condition *c, const char *text, uint32_t option)
{
	int error;
	PCRE2_SIZE at;
	PCRE2_UCHAR why[96];

	c->pcre.text = arena_copy(&p->set->arena, text, strlen(text));
	c->pcre.options = option;
	if (c->pcre.text == NULL)
		return -ENOMEM;
	c->pcre.code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, option | PCRE2_NEVER_UTF, &error, &at, NULL);
	if (c->pcre.code == NULL) {
		pcre2_get_error_message(error, why, sizeof(why));
		return refuse(p, "pcre: %s at byte %zu", (const char *)why, (size_t)at);
	}
	/* a lane may not allocate: only compiled code runs on a stack of its own */
	if (pcre2_jit_compile(c->pcre.code, PCRE2_JIT_COMPLETE) != 0)
		return refuse(p, "pcre: cannot be compiled to machine code");
	return 0;
}

int parse_pcre(struct parse *p, const struct keyword *k, char *value)
{
	bool negated, relative = false;
	char *text = unquote(value, &negated), *slash;
	uint32_t option = 0;
	int buffer = -1, r;
	struct condition *c;

	if (text == NULL || text[0] != '/' || (slash = strrchr(text, '/')) == text)
		return refuse(p, "pcre must be \"/expression/flags\"");
	*slash = '\0';
	if (strchr(slash + 1, ',') != NULL)
		return refuse(p, "pcre: captured variables are not supported");
	if ((r = flags_parse(p, slash + 1, &option, &relative, &buffer)) < 0)
		return r;
	if ((c = condition_add(p, CONDITION_PCRE, relative)) == NULL)
		return -EINVAL;
	c->negated = negated;
	if (buffer >= 0 && !p->sticky)
		c->view = (struct rule_view){ .buffer = (enum buffer)buffer };
	return compile(p, c, text + 1, option);
}
