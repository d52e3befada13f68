# SPDX-License-Identifier: GPL-2.0-or-later
"""Templates by chance of the engines that run as Node: blocks, helpers, JavaScript's own members and functions."""
from template_grammar import Grammar

PLAIN = ('a', 'abc', 'Hello World', 'x,y,z', 'id', '7', ' pad ', 'foo-bar', 'A<b>&', 'one two  three', '')


class Handlebars(Grammar):
    def text(self):
        return '"%s"' % self.one(*PLAIN)

    def literal(self):
        return self.one(self.text(), self.text(), self.integer(), 'true', 'false', 'null', 'undefined')

    def value(self, depth):
        if depth <= 0 or self.r.random() < 0.4:
            return self.one(self.literal(), self.text(), 'this', 'nothing', 'nothing.at.all', *self.names)
        owner = self.one(*(n + '.' for n in self.names), 'this.') if self.names else 'this.'
        call = self.one('split ","', 'concat %s' % self.text(), 'toUpperCase', 'trim', 'replace "a" "b"', 'substr 1', 'indexOf "b"', 'repeat 2', 'slice 0 2', 'charAt 1')
        return self.one(f'({owner}{call} 0)' if ' ' not in call else f'({owner}{call})', f'(lookup {self.text()} {self.one(0, 1, "this")})', '(lookup this "length")')

    def part(self, depth=3):
        pick = self.r.random()
        inner = lambda: ''.join(self.part(depth - 1) for _ in range(self.r.randrange(1, 3)))
        if depth <= 0 or pick < 0.3:
            return self.one('x', ' y ', '\n', 'kz', '{{this}}', '{{{this}}}', '{{length}}', '{{! nothing }}', '{{!-- }} --}}', *('{{%s}}' % n for n in self.names), *('{{%s.length}}' % n for n in self.names))
        if pick < 0.5:
            return self.one('{{#if %s}}%s{{else}}%s{{/if}}', '{{#unless %s}}%s{{else}}%s{{/unless}}', '{{#if %s}}\n%s\n{{else}}\n%s\n{{/if}}\n', '{{#if %s}}%s{{^}}%s{{/if}}') % (self.value(2), inner(), inner())
        if pick < 0.75:
            name = self.one('one', 'two', 'three')
            head = '{{#with %s as |%s|}}' % (self.value(1), name)
            self.names.append(name)
            body = inner()
            self.names.pop()
            return head + body + '{{/with}}'
        if pick < 0.85:
            return '{{#with %s}}{{#each %s}}%s{{@index}}{{#if @last}}.{{/if}}%s{{/each}}{{/with}}' % (self.text(), self.one('split', 'split', '(split ",")', '(lookup this 0)'), self.one('', '{{../length}}', '{{this}}'), inner())
        return '{{#if %s}}a{{else if %s}}b{{else}}c{{/if}}' % (self.value(1), self.value(1))


class Nunjucks(Grammar):
    def text(self):
        return "'%s'" % self.one(*PLAIN)

    def number(self, depth):
        if depth <= 0 or self.r.random() < 0.4:
            return self.one(self.integer(), self.integer(), '1.5', '0.25', *self.names)
        return self.one('%s %s %s', '(%s %s %s)') % (self.number(depth - 1), self.one('+', '-', '*', '%'), self.number(depth - 1))

    def value(self, depth):
        if depth <= 0:
            return self.one(self.integer(), self.text(), 'true', 'none', 'nothing', 'nothing.at.all')
        pick = self.r.random()
        if pick < 0.25:
            return self.number(depth)
        if pick < 0.5:
            return self.one('%s|upper', '%s|lower', '%s|reverse', '%s|length', '%s|trim', '%s|capitalize', '%s|safe', '%s|escape', '%s.toUpperCase()', '%s.concat("q")', '%s.split(",")|join("-")', '%s[1]',
                            '%s.length', '%s.substr(1)', '%s.replace("a", "<")', '%s.indexOf("b")', '%s|default("d")', '%s|first', '%s|last') % self.text()
        if pick < 0.65:
            return '%s %s %s' % (self.value(depth - 1), self.one('~', '==', '!=', 'and', 'or'), self.value(depth - 1))
        if pick < 0.75:
            return '(%s if %s else %s)' % (self.value(depth - 1), self.value(depth - 1), self.value(depth - 1))
        if pick < 0.85:
            return self.one('range.constructor("return %s")()', '({}).constructor.constructor("return %s")()', 'cycler.constructor("a", "return a + %s")(1)') % self.number(0).replace('loop.index', '7')
        return self.one('[1, "a", %s]|join(",")', '{"k": %s}.k', 'not %s', '%s in "abc"', 'range(%d)|join' % self.r.randrange(5) + '~%s') % self.text()

    def part(self, depth=2):
        pick = self.r.random()
        if depth <= 0 or pick < 0.6:
            return self.one('x', ' y ', '\n', '{{ %s }}' % self.value(3), '{{ %s }}' % self.value(2), '{{- %s -}} ' % self.value(1), '{# nothing #}')
        inner = lambda: ''.join(self.part(depth - 1) for _ in range(self.r.randrange(1, 3)))
        if pick < 0.75:
            return '{%% if %s %%}%s{%% elif %s %%}%s{%% else %%}%s{%% endif %%}' % (self.value(2), inner(), self.value(1), inner(), inner())
        if pick < 0.85:
            return '{%% set v = %s %%}{{ v }}' % self.value(2)
        self.names.append('loop.index')
        body = inner()
        self.names.pop()
        return '{%% for i in %s %%}{{ i }}%s{%% else %%}none{%% endfor %%}' % (self.one('[1, 2, 3]', 'range(3)', '"a,b".split(",")', '[]', '["<", 7]'), body)
