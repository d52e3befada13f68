# SPDX-License-Identifier: GPL-2.0-or-later
"""Templates by chance: literals, operators, filters, tests, methods and statements of each engine, nested."""
import random


class Grammar:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.names = []

    def one(self, *of):
        return self.r.choice(of)

    def integer(self):
        return str(self.one(0, 1, 2, 3, 5, 7, 10, 42, 100, 1337, self.r.randrange(1000), self.r.randrange(10**6)))

    def real(self):
        return self.one('0.5', '1.5', '2.25', '3.0', '10.75', '0.1', '1e3', '2.5e-3', str(round(self.r.random() * 100, self.r.randrange(1, 5))))

    def word(self):
        return self.one('', 'a', 'abc', 'Hello World', 'x,y,z', 'id', '7', ' pad ', 'foo-bar', 'A<b>&"', "it\\'s", 'tab\\there', 'Ünï', 'one two  three', '0x1f', '3.7', 'UPPER', '__class__',
                        ''.join(self.r.choice('abcXYZ 019_-') for _ in range(self.r.randrange(1, 9))))

    def string(self):
        w = self.word()
        return f"'{w}'" if '"' in w or "\\'" in w or self.r.random() < 0.7 else f'"{w}"'

    def template(self):
        self.names = []
        return ''.join(self.part() for _ in range(self.r.randrange(1, 4)))


class Jinja2(Grammar):
    def atom(self, depth):
        pick = self.r.random()
        if pick < 0.3:
            return self.integer()
        if pick < 0.42:
            return self.real()
        if pick < 0.72 or depth <= 0:
            return self.string()
        if pick < 0.78:
            return self.one('true', 'false', 'none', 'True', 'None')
        if pick < 0.82 and self.names:
            return self.r.choice(self.names)
        if pick < 0.88:
            return '[' + ', '.join(self.expression(depth - 2) for _ in range(self.r.randrange(4))) + ']'
        if pick < 0.91:
            return '(' + ''.join(self.expression(depth - 2) + ', ' for _ in range(self.r.randrange(1, 3))) + ')'
        if pick < 0.95:
            return '{' + ', '.join(f'{self.string()}: {self.expression(depth - 2)}' for _ in range(self.r.randrange(3))) + '}'
        if pick < 0.98:
            return f'range({self.r.randrange(6)})'
        return self.one('nothing', 'nothing.x', 'undefined_name')

    def number(self, depth):
        if depth <= 0 or self.r.random() < 0.4:
            return self.one(self.integer(), self.integer(), self.real(), 'true')
        return self.one(f'{self.number(depth - 1)} {self.one("+", "-", "*", "//", "%", "/")} {self.number(depth - 1)}', f'({self.number(depth - 1)} - {self.number(depth - 2)})',
                        f'-{self.number(0)}', f'{self.number(0)} ** {self.r.randrange(4)}', f'({self.text(depth - 1)})|length', f'{self.string()}|int')

    def text(self, depth):
        if depth <= 0 or self.r.random() < 0.35:
            return self.string()
        return self.one(f'{self.text(depth - 1)} ~ {self.expression(depth - 1)}', f'({self.text(depth - 1)} + {self.text(depth - 1)})', f'({self.text(depth - 1)} * {self.r.randrange(4)})',
                        f'({self.text(depth - 1)}){self.method(depth)}', f'({self.text(depth - 1)})|{self.text_filter(depth)}', f'({self.text(depth - 1)})[{self.r.randrange(-4, 5)}]',
                        f'({self.text(depth - 1)})[{self.slice()}]', self.percent(depth), self.format(depth))

    def slice(self):
        return self.one('1:', ':2', '::-1', '::2', '1:3', '-2:', ':-1', '3:1:-1', '0:9')

    def percent(self, depth):
        return self.one(f"'%s-%s' % ({self.expression(depth - 2)}, {self.expression(depth - 2)})", f"'%d' % {self.number(1)}", f"'%05d|%-4d|' % ({self.integer()}, {self.integer()})",
                        f"'%x %o %X' % ({self.integer()}, {self.integer()}, {self.integer()})", f"'%c%c' % ({self.r.randrange(32, 127)}, 95)", f"'%.2f' % {self.number(1)}",
                        f"'%r' % {self.expression(1)}", f"'%8s|%-8s' % ({self.string()}, {self.string()})", "'%s%%' % 5", f"'%(a)s' % {{'a': {self.expression(1)}}}", "'%s %s' % (1,)")

    def format(self, depth):
        return self.one(f"'{{}} {{}}'.format({self.expression(depth - 2)}, {self.expression(depth - 2)})", f"'{{1}}{{0}}'.format({self.string()}, {self.integer()})",
                        f"'{{0:c}}'.format({self.r.randrange(33, 126)})", f"'{{:>6}}|{{:<6}}|{{:^6}}'.format({self.string()}, {self.integer()}, {self.string()})",
                        f"'{{a}}'.format(a={self.expression(1)})", f"'{{:05d}} {{:x}}'.format({self.integer()}, {self.integer()})", f"'{{:.3f}}'.format({self.real()})", f"'{{!r}}'.format({self.string()})",
                        f"'{{0[1]}}'.format([{self.integer()}, {self.integer()}])")

    def method(self, depth):
        return self.one('.upper()', '.lower()', '.title()', '.capitalize()', '.swapcase()', '.strip()', ".strip('aH ')", '.lstrip()', '.rstrip()', f'.replace({self.string()}, {self.string()})',
                        f".replace('a', {self.string()}, 1)", '.split()', ".split(',')", ".split(' ', 1)", f'.find({self.one(chr(39)+"a"+chr(39), chr(39)+"o"+chr(39))})', ".count('a')", ".startswith('a')", ".endswith('c')",
                        '.isdigit()', '.isupper()', f'.zfill({self.r.randrange(8)})', f'.center({self.r.randrange(12)})', f".ljust({self.r.randrange(9)}, '*')", f'.rjust({self.r.randrange(9)})', f".join(['a', {self.string()}])",
                        '.splitlines()', ".index('a')", '.nothing', '.encode()', f".join({self.string()})", '.islower()', '.isalpha()', '.isalnum()', '.isspace()')

    def text_filter(self, depth):
        return self.one('upper', 'lower', 'title', 'capitalize', 'trim', 'length', 'reverse', 'list', 'first', 'last', 'e', 'escape', 'string', 'wordcount', f'center({self.r.randrange(14)})', f'replace("a", {self.string()})',
                        f'truncate({self.r.randrange(3, 9)})', f'truncate({self.r.randrange(3, 9)}, true, "")', 'int', 'float', 'urlencode', 'safe', f'default({self.string()})', f"d('x', true)", 'indent(2)', f"format({self.expression(0)})",
                        "attr('upper')()", 'unique|list', 'sort', 'join("-")', 'count')

    def items(self, depth):
        return '[' + ', '.join(self.one(self.integer(), self.integer(), self.real()) if self.r.random() < 0.6 else self.string() for _ in range(self.r.randrange(5))) + ']'

    def numbers(self):
        return '[' + ', '.join(self.integer() for _ in range(self.r.randrange(6))) + ']'

    def words(self):
        return '[' + ', '.join(self.string() for _ in range(self.r.randrange(5))) + ']'

    def lists(self, depth):
        of = self.one(self.items(depth), self.numbers(), self.words())
        return self.one(f'{of}|join({self.string()})', f'{of}|length', f'{of}|first', f'{of}|last', f'{of}|reverse|list', f'{self.numbers()}|sort', f'{self.words()}|sort', f'{self.words()}|sort(true)', f'{of}|list', f'{self.numbers()}|sum',
                        f'{self.numbers()}|max', f'{self.words()}|min', f'{of}|unique|list', f'{of}|map("string")|list', f'{self.words()}|map("upper")|join(",")', f'{of}|select|list', f'{self.numbers()}|select("odd")|list',
                        f'{self.numbers()}|reject("gt", 9)|list', f'{of}|batch(2)|list', f'{of}|batch(3, "-")|list', f'{of}|slice(2)|list', f"[{{'a': {self.integer()}}}, {{'a': {self.integer()}}}]|map(attribute='a')|list", f'{of}[{self.r.randrange(-4, 5)}]',
                        f'{of}[{self.slice()}]', f'{of} + {self.items(1)}', f'{of} * 2', f"{{'b': {self.expression(1)}, 'a': {self.expression(1)}}}|dictsort", f"{{'a': {self.expression(1)}}}.items()|list", f"{{'a': {self.integer()}}}.get('a')",
                        f"{{'a': {self.integer()}}}['a']", f"{{'a': {self.integer()}}}.a", f'{self.expression(1)} in {of}', f'{of} == {of}', f'{of}.index({self.integer()})', f'{self.words()}|map("length")|sum', f"dict(a={self.expression(1)})", 'range(1, 9, 3)|list', f'{of}|string')

    def test(self, depth):
        return self.one(f'{self.expression(depth - 1)} is {self.one("defined", "undefined", "none", "string", "number", "mapping", "sequence", "iterable", "boolean", "integer", "float", "true", "false")}', f'{self.number(depth - 1)} is {self.one("odd", "even", "divisibleby 3", "divisibleby(2)")}',
                        f'{self.text(depth - 1)} is {self.one("upper", "lower")}', f'{self.number(1)} is {self.one("eq", "ne", "lt", "gt", "le", "ge")} {self.integer()}', f'{self.expression(depth - 1)} is not none',
                        f'{self.number(depth - 1)} {self.one("<", ">", "<=", ">=", "==", "!=")} {self.number(depth - 1)}', f'{self.integer()} < {self.integer()} < {self.integer()}', f'{self.string()} {self.one("in", "not in")} {self.text(depth - 1)}')

    def logic(self, depth):
        return self.one(f'{self.expression(depth - 1)} {self.one("and", "or")} {self.expression(depth - 1)}', f'not {self.expression(depth - 1)}', f'({self.expression(depth - 1)} if {self.test(depth - 1)} else {self.expression(depth - 1)})', f'{self.expression(depth - 1)} if {self.test(depth - 1)}')

    def expression(self, depth):
        if depth <= 0:
            return self.atom(0)
        pick = self.r.random()
        if pick < 0.15:
            return self.atom(depth)
        if pick < 0.4:
            return self.number(depth - 1)
        if pick < 0.65:
            return self.text(depth - 1)
        if pick < 0.82:
            return self.lists(depth - 1)
        if pick < 0.9:
            return self.test(depth - 1)
        if pick < 0.97:
            return self.logic(depth - 1)
        return f'({self.number(1)})|{self.one("abs", "round", "round(1)", "round(1, " + chr(39) + "floor" + chr(39) + ")", "int", "float", "string", "default(3)")}'

    def body(self, depth):
        return self.one('x', ' text ', '\n', f'{{{{ {self.expression(2)} }}}}', f'{{{{- {self.expression(1)} -}}}}') if depth <= 0 else self.part(depth - 1)

    def part(self, depth=2):
        pick = self.r.random()
        if pick < 0.6:
            return f'{{{{ {self.expression(3)} }}}}'
        if pick < 0.7:
            return self.one('text', ' a ', '\n', '{# note #}', '{{ "{{" }}', '{% raw %}{{ 7*7 }}{% endraw %}', ' {%- raw -%} a {%- endraw -%} ', '$ { } }}', '{#- x -#}')
        if pick < 0.78:
            return f'{{% if {self.expression(2)} %}}{self.body(depth)}{{% elif {self.expression(1)} %}}{self.body(depth)}{{% else %}}n{{% endif %}}'
        if pick < 0.88:
            name = self.one('i', 'k', 'item')
            over = self.one(f'range({self.r.randrange(5)})', self.items(1), self.numbers(), self.string(), "{'a': 1, 'b': 2}")
            self.names.append(name)
            inner = self.one(self.body(depth), f'{{{{ {name} }}}}', f'{{{{ loop.index }}}}:{{{{ {name} }}}}', '{{ loop.last }}', "{{ loop.cycle('a', 'b') }}", '{{ loop.revindex0 }}')
            self.names.pop()
            return f'{{% for {name} in {over} {self.one("", "", "if " + name)} %}}{inner}{{% else %}}none{{% endfor %}}'
        if pick < 0.95:
            self.names.append('v')
            return f'{{% set v = {self.expression(2)} %}}{{{{ v }}}}'
        if pick < 0.97:
            return f'{{% macro m(a, b={self.expression(1)}) %}}[{{{{ a }}}}|{{{{ b }}}}]{{% endmacro %}}{{{{ m({self.expression(1)}) }}}}'
        return self.one(f'{{% filter upper %}}{self.body(depth)}{{% endfilter %}}', f'{{% set q %}}{self.body(depth)}{{% endset %}}{{{{ q|length }}}}', f'{{% with w = {self.expression(1)} %}}{{{{ w }}}}{{% endwith %}}',
                        '{% set ns = namespace(n=1) %}{% for i in range(3) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}', '{{ 7*7 }')


class Twig(Grammar):
    def atom(self, depth):
        pick = self.r.random()
        if pick < 0.3:
            return self.integer()
        if pick < 0.42:
            return self.one('0.5', '1.5', '2.25', '10.75', '0.1', str(round(self.r.random() * 100, self.r.randrange(1, 5))))
        if pick < 0.72 or depth <= 0:
            return self.string()
        if pick < 0.78:
            return self.one('true', 'false', 'null', 'none')
        if pick < 0.82 and self.names:
            return self.r.choice(self.names)
        if pick < 0.9:
            return '[' + ', '.join(self.expression(depth - 2) for _ in range(self.r.randrange(4))) + ']|join(",")'
        if pick < 0.95:
            return '{' + ', '.join(f'{self.one("a", "b", "c")}: {self.expression(depth - 2)}' for _ in range(self.r.randrange(3))) + '}|keys|join'
        return self.one('nothing', 'nothing.x', 'undefined_name', '"x#{1 + 2}y"', f'"#{{{self.integer()}}}z"')

    def number(self, depth):
        if depth <= 0 or self.r.random() < 0.4:
            return self.one(self.integer(), self.integer(), '0.5', '2.25', "'7'", "'3.5'")
        return self.one(f'{self.number(depth - 1)} {self.one("+", "-", "*", "//", "%", "/")} {self.number(depth - 1)}', f'({self.number(depth - 1)} - {self.number(depth - 2)})', f'-{self.number(0)}',
                        f'{self.number(0)} ** {self.r.randrange(4)}', f'({self.text(depth - 1)})|length', f'{self.number(0)} b-and {self.integer()}', f'{self.number(0)} b-or {self.integer()}', f'{self.number(0)} b-xor {self.integer()}',
                        f'({self.number(depth - 1)})|{self.one("abs", "round", "round(1)", "round(1, " + chr(39) + "floor" + chr(39) + ")", "number_format(2)", "number_format", "round(0, " + chr(39) + "ceil" + chr(39) + ")")}',
                        f'max({self.integer()}, {self.integer()})', f'min([{self.integer()}, {self.integer()}])')

    def text(self, depth):
        if depth <= 0 or self.r.random() < 0.35:
            return self.string()
        return self.one(f'{self.text(depth - 1)} ~ {self.expression(depth - 1)}', f'({self.text(depth - 1)})|{self.text_filter(depth)}', f'({self.text(depth - 1)})[{self.r.randrange(-3, 4)}:{self.r.randrange(0, 4)}]', f'({self.text(depth - 1)})[:{self.r.randrange(1, 4)}]')

    def text_filter(self, depth):
        return self.one('upper', 'lower', 'title', 'capitalize', 'trim', 'length', 'reverse', 'first', 'last', 'e', 'escape', f'replace({{"a": {self.string()}, "b": "c"}})', 'url_encode', 'raw', f'default({self.string()})', 'json_encode',
                        'slice(1)', 'slice(1, 2)', 'slice(-2)', 'split(",")|join("-")', 'split("")|join("-")', 'split(" ", 2)|join("|")', "trim('a')", "trim(side='left')", 'nl2br', "format('x', 7)")

    def items(self):
        return '[' + ', '.join(self.one(self.integer(), self.integer(), self.string()) for _ in range(self.r.randrange(5))) + ']'

    def numbers(self):
        return '[' + ', '.join(self.integer() for _ in range(self.r.randrange(6))) + ']'

    def lists(self):
        of = self.one(self.items(), self.numbers(), f'{self.r.randrange(5)}..{self.r.randrange(8)}', "'a'..'f'", f"{{'x': {self.integer()}, 'y': {self.string()}}}", f'range({self.r.randrange(4)}, {self.r.randrange(4, 20)}, {self.r.randrange(1, 5)})')
        shown = self.one('|join(",")', '|json_encode', '|length', '|join(", ", " and ")')
        return self.one(f'({of}){shown}', f'({of})|reverse{shown}', f'({of})|first', f'({of})|last', f'({of})|slice(1, 2){shown}', f'{self.numbers()}|sort{shown}', f'({of})|map(v => v ~ "!"){shown}', f'{self.numbers()}|map(v => v * 2){shown}', f'{self.numbers()}|filter(v => v > 9){shown}',
                        f'({of})|map((v, k) => k ~ "=" ~ v){shown}', f'{self.numbers()}|reduce((c, v) => c + v)', f'{self.numbers()}|reduce((c, v) => c + v, 10)', f'({of})|merge([1, "z"]){shown}', f'({of})|keys{shown}', f'({of})|batch(2)|json_encode', f'({of})|batch(3, "-")|json_encode',
                        f'({of})[{self.r.randrange(4)}]', f'({of})[1:]{shown}', f"{{'a': {self.integer()}}}.a", f"{{'a': {self.integer()}}}['a']", f'{self.atom(0)} in {self.items()}', f'[{{"a": {self.integer()}}}, {{"a": {self.string()}}}]|column("a"){shown}', f'{self.numbers()}|sort((a, b) => b <=> a){shown}',
                        f"cycle(['a', 'b'], {self.r.randrange(9)})")

    def test(self, depth):
        return self.one(f'{self.atom(0)} is {self.one("defined", "null", "empty", "iterable", "none", "not defined")}', f'{self.integer()} is {self.one("odd", "even", "divisible by(3)", "not odd")}', f'{self.atom(0)} is same as({self.atom(0)})',
                        f'{self.expression(depth - 1)} {self.one("<", ">", "<=", ">=", "==", "!=")} {self.expression(depth - 1)}', f'{self.string()} {self.one("in", "not in")} {self.text(depth - 1)}', f'{self.string()} {self.one("starts with", "ends with")} {self.string()}',
                        f'{self.atom(0)} <=> {self.atom(0)}')

    def logic(self, depth):
        return self.one(f'{self.expression(depth - 1)} {self.one("and", "or")} {self.expression(depth - 1)}', f'not {self.expression(depth - 1)}', f'({self.test(depth - 1)} ? {self.expression(depth - 1)} : {self.expression(depth - 1)})', f'({self.expression(depth - 1)} ?: {self.expression(depth - 1)})',
                        f'{self.one("nothing", "nothing.x", self.atom(0))} ?? {self.expression(depth - 1)}', f'{self.test(depth - 1)} ? {self.expression(depth - 1)}')

    def expression(self, depth):
        if depth <= 0:
            return self.atom(0)
        pick = self.r.random()
        if pick < 0.15:
            return self.atom(depth)
        if pick < 0.42:
            return self.number(depth - 1)
        if pick < 0.67:
            return self.text(depth - 1)
        if pick < 0.82:
            return self.lists()
        return self.test(depth - 1) if pick < 0.92 else self.logic(depth - 1)

    def body(self, depth):
        return self.one('x', ' text ', '\n', f'{{{{ {self.expression(2)} }}}}', f'{{{{- {self.expression(1)} -}}}}') if depth <= 0 else self.part(depth - 1)

    def part(self, depth=2):
        pick = self.r.random()
        if pick < 0.62:
            return f'{{{{ {self.expression(3)} }}}}'
        if pick < 0.7:
            return self.one('text', ' a ', '\n', '{# note #}', '{{ "{{" }}', '{% verbatim %}{{ 7*7 }}{% endverbatim %}', '$ { } }}', '{#- x -#}', '{# x #}\n')
        if pick < 0.79:
            return f'{{% if {self.expression(2)} %}}{self.body(depth)}{{% elseif {self.expression(1)} %}}{self.body(depth)}{{% else %}}n{{% endif %}}'
        if pick < 0.89:
            over = self.one(f'0..{self.r.randrange(5)}', self.items(), self.numbers(), self.string(), "{'a': 1, 'b': 2}")
            names = self.one('i', 'k, i')
            self.names.append('i')
            inner = self.one(self.body(depth), '{{ i }}', '{{ loop.index }}:{{ i }}', '{{ loop.last }}', '{{ loop.revindex0 }}', '{% set n = i %}{{ n }}')
            self.names.pop()
            return f'{{% for {names} in {over} %}}{inner}{{% else %}}none{{% endfor %}}'
        if pick < 0.95:
            self.names.append('v')
            return f'{{% set v = {self.expression(2)} %}}{{{{ v }}}}'
        return self.one(f'{{% apply upper %}}{self.body(depth)}{{% endapply %}}', f'{{% set q %}}{self.body(depth)}{{% endset %}}{{{{ q|length }}}}', f"{{% with {{'w': {self.expression(1)}}} %}}{{{{ w }}}}{{% endwith %}}", '{{ 7*7 }',
                        f'{{% macro m(a, b={self.integer()}) %}}[{{{{ a }}}}|{{{{ b }}}}]{{% endmacro %}}{{{{ _self.m({self.expression(1)}) }}}}', '{% set a = 1 %}{% for i in 1..3 %}{% set a = a + i %}{% endfor %}{{ a }}', f'{{% do {self.number(1)} %}}x')


class Smarty(Grammar):
    def word(self):
        return self.one('', 'a', 'abc', 'Hello World', 'x,y,z', 'id', '7', ' pad ', 'foo-bar', 'A<b>&"', "it\\'s", 'one two  three', '3.7', 'UPPER', '10', ''.join(self.r.choice('abcXYZ 09_-') for _ in range(self.r.randrange(1, 9))))

    def string(self):
        w = self.word()
        return f'"{w}"' if self.r.random() < 0.3 and '"' not in w and "\\'" not in w else f"'{w}'"

    def atom(self):
        pick = self.r.random()
        if pick < 0.35:
            return self.integer()
        if pick < 0.45:
            return self.one('0.5', '1.5', '2.25', '10.75')
        if pick < 0.85:
            return self.string()
        if pick < 0.9 and self.names:
            return '$' + self.r.choice(self.names)
        return self.one('true', 'false', 'null', '$nothing', '"x{1+2}y"', f'"a{{{self.integer()}*2}}"')

    def number(self, depth):
        if depth <= 0 or self.r.random() < 0.35:
            return self.one(self.integer(), self.integer(), '0.5', '2.25', "'7'")
        return self.one(f'{self.number(depth - 1)} {self.one("+", "-", "*", "%", "/")} {self.number(depth - 1)}', f'{self.number(depth - 1)}{self.one("+", "*", "-")}{self.number(depth - 1)}', f'({self.number(depth - 1)} - {self.number(depth - 2)})', f'-{self.integer()}',
                        f'{self.integer()} mod {self.integer()}', f'{self.number(0)}**{self.r.randrange(4)}', f'strlen({self.string()})')

    def text(self, depth):
        if depth <= 0 or self.r.random() < 0.25:
            return self.string()
        return self.one(f'{self.string()}{self.modifier(depth)}', f'{self.string()}{self.modifier(depth)}{self.modifier(depth)}', f'({self.text(depth - 1)}){self.modifier(depth)}', f'{self.one("strtoupper", "strtolower", "strrev", "trim")}({self.text(depth - 1)})')

    def modifier(self, depth):
        return self.one('|upper', '|lower', '|capitalize', f'|cat:{self.string()}', f'|default:{self.string()}', '|escape', '|escape:"url"', "|escape:'hex'", f'|replace:{self.string()}:{self.string()}', '|spacify', f'|spacify:{self.string()}', '|nl2br', '|indent', '|indent:2:"-"', '|strtoupper',
                        '|strrev', '|count_characters', '|json_encode', '|strlen', '|trim')

    def test(self, depth):
        return self.one(f'{self.atom()} {self.one("eq", "ne", "neq", "lt", "gt", "le", "ge", "lte", "gte", "==", "!=", "<", ">", "<=", ">=", "===", "!==")} {self.atom()}', f'{self.integer()} is {self.one("odd", "even", "not odd", "div by 3", "not div by 2")}', f'!{self.integer()}', f'{self.number(1)} > {self.integer()}')

    def logic(self, depth):
        return self.one(f'{self.test(depth)} {self.one("and", "or", "&&", "||")} {self.test(depth)}', f'not {self.string()}', self.test(depth))

    def expression(self, depth):
        pick = self.r.random()
        if depth <= 0 or pick < 0.15:
            return self.atom()
        if pick < 0.5:
            return self.number(depth)
        if pick < 0.85:
            return self.text(depth)
        return self.one(f'[{self.integer()},{self.string()}]|@count', f'[{self.integer()},{self.integer()}]|@json_encode', self.test(depth), f'({self.logic(depth)})')

    def output(self, depth):
        e = self.expression(depth)
        return '{' + (e if e[0] not in ' \t' else f'({e})') + '}'

    def body(self, depth):
        return self.one('x', ' text ', self.output(1)) if depth <= 0 else self.part(depth - 1)

    def part(self, depth=2):
        pick = self.r.random()
        if pick < 0.6:
            return self.output(3)
        if pick < 0.7:
            return self.one('text', ' a ', '{* note *}', '{ 7*7 }', '{literal}{7*7}{/literal}', '{ldelim}x{rdelim}', '${7*7}', '}', '{{7*7}}', '{foo}', "{7*7", '{"a":1}', "{include file='x'}")
        if pick < 0.78:
            return f'{{if {self.logic(2)}}}{self.body(depth)}{{elseif {self.atom()}}}{self.body(depth)}{{else}}n{{/if}}'
        if pick < 0.86:
            self.names.append('i')
            inner = self.one(self.body(depth), '{$i}', '{$i*2}', '[{$i}]')
            self.names.pop()
            over = self.one(f'[{self.integer()},{self.string()},{self.integer()}]', '[]', "['a'=>1,'b'=>2]")
            return self.one(f'{{foreach {over} as $i}}{inner}{{foreachelse}}none{{/foreach}}', f'{{foreach {over} as $k=>$i}}{{$k}}={inner}{{/foreach}}', f'{{for $i=1 to {self.r.randrange(5)}}}{inner}{{/for}}')
        if pick < 0.95:
            self.names.append('v')
            return self.one(f'{{assign var=v value={self.string()}}}{{$v}}', f'{{$v = {self.expression(1)}}}{{$v}}', f'{{assign v {self.integer()}}}{{$v+1}}', f"{{$v = ['a'=>{self.integer()}]}}{{$v.a}}")
        return self.one(f'{{math equation="x+y*2" x={self.integer()} y={self.integer()}}}', '{math equation="2*3"}', f'{{assign var=v value={self.integer()}}}{{$v*2}}')
