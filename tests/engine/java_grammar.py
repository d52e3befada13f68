# SPDX-License-Identifier: GPL-2.0-or-later
"""Expressions by chance, in the grammar of each of Java's expression languages, mostly of fitting types."""


class Grammar:
    """How one language writes things; what it cannot is None."""
    def __init__(self, random, **words):
        self.random = random
        self.words = words

    def pick(self, *choices):
        choice = self.random.choice([c for c in choices if c])
        return choice() if callable(choice) else choice

    def chance(self, share):
        return self.random.random() < share

    # numbers
    def whole(self, depth):
        r = self.random
        if depth <= 0 or self.chance(0.25):
            return str(r.choice([r.randint(0, 9), r.randint(0, 1000), r.randint(0, 2147483647), 2147483647, 65536]))
        a = lambda: self.whole(depth - 1)
        w = self.words
        return self.pick(lambda: f'{a()} {r.choice("+-*")} {a()}', lambda: f'({a()} {r.choice("+-*")} {a()})',
                         lambda: f'{a()} {r.choice(["/", "%"])} {a()}' if w.get('divides') else f'{a()} % {a()}',
                         lambda: f'({a()})', lambda: f'-{r.randint(1, 99)} + {a()}' if w.get('minus', True) else a(),
                         w.get('length') and (lambda: w['length'](self.text(depth - 1, True))),
                         w.get('index') and (lambda: w['index'](self.text(depth - 1, True), self.quote(r.choice('abco')))),
                         w.get('maximum') and (lambda: w['maximum'](a(), a())),
                         w.get('ternary') and (lambda: f'({self.truth(depth - 1)} ? {a()} : {a()})'),
                         w.get('bits') and (lambda: f'({a()} {r.choice(w["bits"])} {a()})'))

    def real(self, depth):
        r = self.random
        if depth <= 0 or self.chance(0.3):
            return r.choice([f'{r.randint(0, 99)}.{r.randint(0, 999)}', f'{r.randint(0, 9)}.5', '0.1', '1.0', '1000000.25'])
        return self.pick(lambda: f'({self.real(depth - 1)} {r.choice("+-*")} {self.number(depth - 1)})', lambda: f'{self.number(depth - 1)} {r.choice("+-*")} {self.real(depth - 1)}',
                         lambda: f'{self.real(depth - 1)} / {r.randint(1, 16)}')

    def number(self, depth):
        return self.whole(depth) if self.chance(0.75) else self.real(depth)

    # text
    def quote(self, text):
        return self.words['quote'] + text + self.words['quote']

    def literal(self):
        r = self.random
        length = r.randint(2, 9)
        return self.quote(''.join(r.choice('abcdefoxyzABC012 _.-') for _ in range(length)))

    def text(self, depth, target=False):
        r, w = self.random, self.words
        if target and w.get('variables'):
            return r.choice(w['variables']) if depth <= 0 or self.chance(0.4) else self.pick(*[lambda m=m: m(self.text(depth - 1, True), self) for m in w['methods']])
        if depth <= 0 or self.chance(0.3):
            return self.literal()
        t = lambda: self.text(depth - 1, True)
        plus = w.get('concat', '+')
        made = self.pick(lambda: f'({self.text(depth - 1)} {plus} {self.pick(lambda: self.text(depth - 1), lambda: self.whole(0), lambda: self.literal())})',
                         *[lambda m=m: m(t(), self) for m in w['methods']],
                         w.get('ternary') and (lambda: f'({self.truth(depth - 1)} ? {self.text(depth - 1)} : {self.text(depth - 1)})'))
        return made

    # truth
    def truth(self, depth):
        r, w = self.random, self.words
        if depth <= 0 or self.chance(0.15):
            return r.choice(['true', 'false'])
        b = lambda: self.truth(depth - 1)
        less, equal = w.get('less', ['<', '>', '<=', '>=']), w.get('equal', ['==', '!='])
        return self.pick(lambda: f'({self.number(depth - 1)} {r.choice(less)} {self.number(depth - 1)})', lambda: f'({self.whole(depth - 1)} {r.choice(equal)} {self.whole(depth - 1)})',
                         lambda: f'({self.text(depth - 1)} {r.choice(equal)} {self.text(depth - 1)})', lambda: f'({b()} {r.choice(w.get("logic", ["&&", "||"]))} {b()})',
                         lambda: f'!({b()})', w.get('contains') and (lambda: w['contains'](self.text(depth - 1, True), self.quote(r.choice('abcx')))))

    def any(self):
        depth = self.random.randint(1, 4)
        return self.pick(lambda: self.whole(depth), lambda: self.whole(depth), lambda: self.real(depth), lambda: self.text(depth), lambda: self.text(depth), lambda: self.truth(depth),
                         *[lambda e=e: e(self, depth) for e in self.words.get('extra', [])])


def java_methods(quote):
    """Methods of strings that all languages which call Java's have."""
    def q(c):
        return quote + c + quote
    return [
        lambda t, g: f'{t}.toUpperCase()', lambda t, g: f'{t}.toLowerCase()', lambda t, g: f'{t}.trim()', lambda t, g: f'{t}.concat({g.literal()})',
        lambda t, g: f'{t}.substring({g.random.randint(0, 3)})', lambda t, g: f'{t}.substring(0, {g.random.randint(0, 5)})', lambda t, g: f'{t}.replace({q("ab")}, {q("xyz")})',
        lambda t, g: f'{t}.replaceAll({q(g.random.choice(["[a-c]+", "o", "[0-9]", "x|y", "(a)(b)"]))}, {q(g.random.choice(["", "zz", "--"]))})',
    ]


def java_words(quote, **more):
    words = dict(quote=quote, methods=java_methods(quote), length=lambda t: f'{t}.length()', index=lambda t, c: f'{t}.indexOf({c})', ternary=True,
                 contains=lambda t, c: f'{t}.{ {0: "contains", 1: "startsWith", 2: "endsWith"}[len(t) % 3] }({c})')
    words.update(more)
    return words


def items(g, depth):
    return ', '.join(g.whole(depth - 2) for _ in range(g.random.randint(1, 4)))


LANGUAGES = {
    'spel': lambda r: Grammar(r, **java_words("'", divides=True, maximum=lambda a, b: f'T(java.lang.Math).{r.choice(["max", "min"])}({a}, {b})', logic=['and', 'or', '&&', '||'],
                                              equal=['==', '!=', 'eq', 'ne'], less=['<', '>', '<=', '>=', 'lt', 'ge'],
                                              extra=[lambda g, d: f'{{{items(g, d)}}}.![#this {r.choice("+-*")} {r.randint(1, 9)}]', lambda g, d: f'{{{items(g, d)}}}.?[#this {r.choice("<>")} {r.randint(1, 900)}]',
                                                     lambda g, d: f'{{{items(g, d)}}}[0]', lambda g, d: f'{g.text(d, True)}.class.name', lambda g, d: f'new java.lang.StringBuilder({g.text(d)}).reverse().toString()',
                                                     lambda g, d: f'T(java.lang.Character).toString({r.randint(65, 90)}).concat(T(java.lang.Character).toString({r.randint(97, 122)}))',
                                                     lambda g, d: f'T(java.lang.Integer).toHexString({g.whole(0)})', lambda g, d: f'T(java.lang.String).valueOf({g.number(d)})'])),
    'ognl': lambda r: Grammar(r, **java_words('"', divides=True, maximum=lambda a, b: f'@java.lang.Math@{r.choice(["max", "min"])}({a}, {b})', logic=['and', 'or', '&&', '||'], bits=['&', '|', '^', 'shl', 'band'],
                                              equal=['==', '!=', 'eq', 'neq'], less=['<', '>', '<=', '>=', 'lt', 'gte'],
                                              extra=[lambda g, d: f'{{{items(g, d)}}}.{{#this {r.choice("+-*")} {r.randint(1, 9)}}}', lambda g, d: f'{{{items(g, d)}}}.{{? #this {r.choice("<>")} {r.randint(1, 900)}}}',
                                                     lambda g, d: f'(#a={g.whole(d)}).(#b=#a+1).(#b)', lambda g, d: f'#x={g.text(d)},#x.length()', lambda g, d: f'{{{items(g, d)}}}[0]', lambda g, d: f'{{{items(g, d)}}}.size()',
                                                     lambda g, d: f'new java.lang.StringBuilder({g.text(d)}).reverse().toString()', lambda g, d: f"'{r.choice('abc')}' + {g.whole(0)}", lambda g, d: f'{g.text(d, True)}.class.name',
                                                     lambda g, d: f'{r.randint(0, 9)} in {{{items(g, d)}}}'])),
    'el': lambda r: Grammar(r, **java_words("'", concat='+=', logic=['&&', '||', 'and', 'or'], equal=['==', '!=', 'eq', 'ne'], less=['<', '>', '<=', '>=', 'lt', 'ge'],
                                            extra=[lambda g, d: f'{g.whole(d)} / {g.whole(0)}', lambda g, d: f'empty {g.text(d)}', lambda g, d: f'"{r.randint(0, 99)}" {r.choice("+-*")} {g.whole(0)}', lambda g, d: f'[{items(g, d)}][0]',
                                                   lambda g, d: f'(x -> x {r.choice("+-*")} {r.randint(1, 9)})({g.whole(0)})', lambda g, d: f'{g.text(d, True)}.getClass().getName()', lambda g, d: f'a = {g.whole(d)}; a + 1'])),
    'mvel': lambda r: Grammar(r, **java_words('"', logic=['&&', '||'], maximum=lambda a, b: f'Math.{r.choice(["max", "min"])}({a}, {b})', minus=False,
                                              extra=[lambda g, d: f'x = {g.whole(0)}; y = x + {r.randint(1, 9)}; y', lambda g, d: f'[{items(g, 1)}][0]', lambda g, d: f'new StringBuilder({g.literal()}).reverse().toString()'])),
    'groovy': lambda r: Grammar(r, **java_words("'", logic=['&&', '||'], maximum=lambda a, b: f'Math.{r.choice(["max", "min"])}({a}, {b})',
                                                extra=[lambda g, d: f'def x = {g.whole(0)}; def y = x + {r.randint(1, 9)}; y * 2', lambda g, d: f'[{items(g, d)}].collect {{ it + 1 }}', lambda g, d: f'"${{{g.whole(1)}}}-a"',
                                                       lambda g, d: f'def t = 0; for (i in [{items(g, 1)}]) {{ t += i }}; t', lambda g, d: f'({r.randint(0, 3)}..{r.randint(4, 8)}).join("-")', lambda g, d: f'{g.text(d)} * {r.randint(0, 3)}'])),
    'freemarker': lambda r: Grammar(r, quote='"', divides=True, length=lambda t: f'{t}?length', index=lambda t, c: f'{t}?index_of({c})', less=['lt', 'gt', 'lte', 'gte'], contains=lambda t, c: f'{t}?contains({c})',
                                    methods=[lambda t, g: f'{t}?upper_case', lambda t, g: f'{t}?lower_case', lambda t, g: f'{t}?trim', lambda t, g: f'{t}?cap_first', lambda t, g: f'{t}?replace("ab", "xyz")', lambda t, g: f'{t}?html',
                                             lambda t, g: f'({g.truth(1)})?string({g.literal()}, {g.literal()})', lambda t, g: f'{t}?substring({g.random.randint(0, 2)})', lambda t, g: f'{t}[0..1]', lambda t, g: f'({g.whole(1)})?c']),
    'velocity': lambda r: Grammar(r, **java_words("'", divides=True, ternary=False, variables=['$s', '$t'])),
}


def wrap(language, random, grammar):
    """A text for the engine: templates stand round expressions."""
    if language == 'freemarker':
        kind = random.randint(0, 5)
        if kind == 0:
            return f'<#if {grammar.truth(3)}>yes<#else>no</#if>'
        if kind == 1:
            return f'<#list [{items(grammar, 2)}] as x>${{x}},</#list>'
        if kind == 2:
            return f'<#assign x={grammar.whole(2)}>${{x + 1}} ${{x?c}}'
        return '${' + (grammar.text(3) if kind == 3 else grammar.number(3)) + '} a'
    if language == 'velocity':
        kind = random.randint(0, 4)
        before = f"#set($s = {grammar.literal()})#set($t = {grammar.literal()})"
        if kind == 0:
            return before + f'#if({grammar.truth(3)})yes#{{else}}no#end'
        if kind == 1:
            return f'#foreach($x in [{random.randint(1, 3)}..{random.randint(4, 7)}])$x,#end'
        target = random.choice(['$x', '${x}', '$!x', '$x.toString()', '${x}a'])
        return before + f'#set($x = {grammar.whole(3) if kind == 2 else grammar.text(3) if kind == 3 else grammar.real(2)}){target}'
    return grammar.any()


def texts(language, random, count):
    grammar = LANGUAGES[language](random)
    made = set()
    while len(made) < count:
        text = wrap(language, random, grammar)
        if len(text) < 400:
            made.add(text)
    return sorted(made)
