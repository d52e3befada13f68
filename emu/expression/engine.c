/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The languages as engines of templates: processes become code for the server's shell, events become effects. */
#include "emu/expression/engine.h"
#include "emu/expression/expression.h"
#include "emu/expression/jsp.h"

#include <errno.h>
#include <string.h>

enum { COMMAND_MAX = 16 << 10 };

struct engine_host {
	const struct template_host *host;
	struct template_outcome *out;
	struct arena *arena;
};

static struct bytes base_name(struct bytes path)
{
	for (size_t i = path.left; i > 0; i--) {
		if (path.at[i - 1] == '/' || path.at[i - 1] == '\\')
			return bytes_of(path.at + i, path.left - i);
	}
	return path;
}

static bool is_windows(struct bytes program)
{
	static const char *const names[] = { "cmd", "powershell", "pwsh", "certutil", "bitsadmin", "mshta", "ipconfig", "systeminfo", "tasklist" };
	struct bytes name = base_name(program);

	return memchr(program.at, '\\', program.left) != NULL || (name.left > 4 && bytes_equal_fold(bytes_of(name.at + name.left - 4, 4), bytes_text(".exe"))) ||
	       bytes_is_one_of(name, names, COUNT_OF(names));
}

/* Words of a program's own are what a shell would make of them quoted; what a shell is given is its code. */
static enum language command_of(const struct bytes *words, unsigned count, struct sink *s)
{
	static const char *const shells[] = { "sh", "bash", "dash", "ash" };
	static const char *const prompts[] = { "cmd", "cmd.exe" };
	bool windows = is_windows(words[0]), inner = false;
	unsigned from = 0;

	if (windows && count > 2 && bytes_is_one_of(base_name(words[0]), prompts, COUNT_OF(prompts)) && words[1].left == 2 && words[1].at[0] == '/')
		from = 2;
	else if (!windows && count > 2 && bytes_is_one_of(base_name(words[0]), shells, COUNT_OF(shells)) && words[1].left > 1 && words[1].at[0] == '-' &&
	         memchr(words[1].at, 'c', words[1].left) != NULL)
		inner = true;
	for (unsigned i = inner ? 2 : from; i < (inner ? 3 : count); i++) {
		if (i > (inner ? 2 : from))
			sink_u8(s, ' ');
		if (windows || inner) {
			sink_put(s, words[i].at, words[i].left);
			continue;
		}
		sink_u8(s, '\'');
		for (size_t k = 0; k < words[i].left; k++)
			sink_put(s, words[i].at[k] == '\'' ? "'\\''" : (const char *)&words[i].at[k], words[i].at[k] == '\'' ? 4 : 1);
		sink_u8(s, '\'');
	}
	return windows ? LANGUAGE_CMD : LANGUAGE_SHELL;
}

static int exec(void *context, const struct bytes *words, unsigned count, struct expression_process *ret)
{
	struct engine_host *h = context;
	struct template_effect effect = { .kind = TEMPLATE_RUN };
	bool asks = bytes_equal(words[0], bytes_text("test"));
	uint8_t text[COMMAND_MAX];
	struct sink s = sink_over(text, sizeof(text));
	int r;

	effect.language = command_of(words, count, &s);
	if (asks) /* its answer is its status, and all we get is what it prints */
		sink_put(&s, " && echo 1", 10);
	if (s.overflow)
		return -E2BIG;
	effect.text = arena_copy(h->arena, bytes_of(text, s.used), sizeof(text));
	if (!asks)
		template_effect_note(h->out, &effect, h->arena);
	if (h->host->run == NULL) {
		h->out->open = true;
		return h->arena->full ? -ENOMEM : 0;
	}
	if ((r = h->host->run(h->host->context, effect.language, effect.text, &ret->out)) < 0)
		return r;
	ret->status = asks && ret->out.left == 0;
	ret->both = ret->out;
	return 0;
}

static void note(void *context, const struct event *e)
{
	struct engine_host *h = context;
	struct template_effect f = { .text = e->name, .value = e->value };

	switch (e->kind) {
	case EVENT_SLEEP: f.kind = TEMPLATE_SLEEP; break;
	case EVENT_DNS: f.kind = TEMPLATE_DNS; break;
	case EVENT_FETCH: f.kind = TEMPLATE_FETCH; break;
	case EVENT_CONNECT: {
		char text[ADDRESS_TEXT];

		f.kind = TEMPLATE_CONNECT;
		f.value = e->port;
		if (e->address.family != 0) {
			address_format(&e->address, text);
			f.text = arena_copy(h->arena, bytes_text(text), sizeof(text));
		}
		break;
	}
	case EVENT_WRITE:
		f.kind = TEMPLATE_WRITE;
		f.text = e->path;
		f.data = e->data;
		break;
	default:
		return;
	}
	template_effect_note(h->out, &f, h->arena);
}

static bool begins_with_any(struct bytes text, const char *letters)
{
	return text.left > 0 && text.at[0] != '\0' && strchr(letters, text.at[0]) != NULL;
}

/* Bare expressions: not what another engine's delimiters stand round. */
static bool may_be_bare(enum expression_language l, struct bytes text)
{
	return l <= EXPRESSION_JAVA && !begins_with_any(text, "{<[$%~*") && bytes_find(text, bytes_text("{{")) < 0 && bytes_find(text, bytes_text("{%")) < 0 && bytes_find(text, bytes_text("<%")) < 0;
}

static int evaluate_one(enum expression_language l, bool old, struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	struct engine_host context = { host, ret, a };
	const struct expression_host on = { .context = &context, .exec = exec, .note = note, .request = host->request, .seed = host->seed, .old = old };
	struct expression_outcome *o = arena_take(a, sizeof(*o));
	bool page = l == EXPRESSION_JAVA && java_is_page(text);
	int r;

	*ret = (struct template_outcome){ 0 };
	if (o == NULL)
		return -ENOMEM;
	if (page && (r = java_of_page(text, a, &text)) < 0)
		return r == -E2BIG ? 0 : r;
	r = expression_evaluate(l, page, text, &on, a, o);
	if ((r == -EBADMSG || (r == 0 && !o->evaluated && o->effects == 0 && !o->threw && o->refused[0] == '\0')) && may_be_bare(l, text)) {
		*ret = (struct template_outcome){ 0 };
		r = expression_evaluate(l, true, text, &on, a, o);
	}
	if (r == -ENOMEM || (r < 0 && r != -EBADMSG && r != -E2BIG && r != -EDOM && r != -ENOTSUP))
		return a->full ? -ENOMEM : r;
	if (r == -EBADMSG) /* not of this language: a complaint of its parser is nobody's trace */
		return 0;
	ret->bounded = r == -E2BIG;
	ret->taken = o->evaluated || o->effects > 0 || o->threw || o->refused[0] != '\0';
	if (old && !o->asked_java)
		ret->taken = false;
	ret->text = o->shown;
	ret->failed = o->threw && o->shown.left == 0;
	if (o->refused[0] != '\0')
		template_refusal_note(ret, o->refused);
	return 0;
}

int spel_evaluate(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_SPEL, false, t, h, a, ret); }
int spel_evaluate_old(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_SPEL, true, t, h, a, ret); }
int ognl_evaluate(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_OGNL, false, t, h, a, ret); }
int ognl_evaluate_old(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_OGNL, true, t, h, a, ret); }
int el_evaluate(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_EL, false, t, h, a, ret); }
int el_evaluate_old(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_EL, true, t, h, a, ret); }
int mvel_evaluate(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_MVEL, false, t, h, a, ret); }
int javacode_evaluate(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_JAVA, false, t, h, a, ret); }
int javacode_evaluate_old(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_JAVA, true, t, h, a, ret); }
int freemarker_evaluate(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_FREEMARKER, false, t, h, a, ret); }
int freemarker_evaluate_old(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_FREEMARKER, true, t, h, a, ret); }
int velocity_evaluate(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_VELOCITY, false, t, h, a, ret); }
int velocity_evaluate_old(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_VELOCITY, true, t, h, a, ret); }
int thymeleaf_evaluate(struct bytes t, const struct template_host *h, struct arena *a, struct template_outcome *ret) { return evaluate_one(EXPRESSION_THYMELEAF, false, t, h, a, ret); }
