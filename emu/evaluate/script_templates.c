/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Templates whose code is a script language's: the real ERB of a server's Ruby, EJS as its compiler makes it for Node. */
#include "emu/evaluate/engines.h"

#include <errno.h>

static bool has_code(struct bytes text)
{
	ptrdiff_t open = bytes_find(text, bytes_text("<%"));

	return open >= 0 && bytes_find(bytes_of(text.at + open, text.left - (size_t)open), bytes_text("%>")) > 0;
}

static int render(struct bytes code, enum language language, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	struct template_effect effect = { .kind = TEMPLATE_RUN, .language = language, .text = code };

	ret->taken = true;
	template_effect_note(ret, &effect, a);
	if (host->run == NULL) {
		ret->open = true;
		return 0;
	}
	return host->run(host->context, language, code, &ret->text);
}

/* ERB.new(text).result: the text stands in it as hexadecimal digits. */
int erb_evaluate(struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	static const char before[] = "ERB.new(['", after[] = "'].pack('H*').force_encoding('UTF-8')).result", digits[] = "0123456789abcdef";
	size_t size = 2 * text.left + sizeof(before) + sizeof(after);
	struct sink s;

	*ret = (struct template_outcome){ 0 };
	if (!has_code(text))
		return 0;
	s = sink_over(arena_take(a, size), size);
	if (s.at == NULL)
		return -ENOMEM;
	sink_put(&s, before, sizeof(before) - 1);
	for (size_t i = 0; i < text.left; i++) {
		sink_u8(&s, (uint8_t)digits[text.at[i] >> 4]);
		sink_u8(&s, (uint8_t)digits[text.at[i] & 15]);
	}
	sink_put(&s, after, sizeof(after) - 1);
	return render(bytes_of(s.at, s.used), LANGUAGE_RUBY, host, a, ret);
}

/* emu/server/node/main.py takes what begins with this byte as a page. */
int ejs_evaluate(struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	struct sink s;

	*ret = (struct template_outcome){ 0 };
	if (!has_code(text))
		return 0;
	s = sink_over(arena_take(a, text.left + 1), text.left + 1);
	if (s.at == NULL)
		return -ENOMEM;
	sink_u8(&s, 1);
	sink_put(&s, text.at, text.left);
	return render(bytes_of(s.at, s.used), LANGUAGE_NODE, host, a, ret);
}
