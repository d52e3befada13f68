# SPDX-License-Identifier: GPL-2.0-or-later
"""Random SQL expressions over literals, operators and functions of one dialect, from a seed."""
import random

WORDS = ['a', 'abc', 'Abc', 'ABC', 'x', '', ' ', 'hello world', 'Hello', 'foo,bar,baz', '1', '10', '1abc', '-5', '3.7', '1e2', ' 7 ', 'a%c', 'a_c',
         'it', 'aXbXc', 'zzz', '0', '12.50', 'true', 'admin', 'ab ab ab', 'Q', '~', 'a b', '9999999999', '.5', 'abcabc', 'é', 'naïve']
INTEGERS = [0, 1, 2, 3, 5, 7, 9, 10, 12, 16, 31, 42, 64, 65, 97, 100, 127, 255, 256, 999, 1000, 1337, 7219, 31337, 65535, 100000]
LARGE = [2147483647, 2147483648, 4294967296, 9007199254740993, 9223372036854775807, 1000000000000]
DECIMALS = ['0.5', '1.5', '2.50', '3.14159', '0.1', '10.25', '100.00', '7.0', '1.005', '99.99', '123456.789', '.25', '2.675']
FLOATS = ['1e0', '1.5e1', '2e3', '1e-3', '2.5e0', '1e10', '1e16', '3.3e-5']


class Grammar:
    """Subclasses say what their dialect has: FUNCTIONS (name, result, arguments), COMPARE, and so on. Kinds: i n r t b (bool), * any."""
    FUNCTIONS = []
    COMPARE = ['=', '<>', '<', '<=', '>', '>=', '!=']
    ARITHMETIC = ['+', '-', '*', '/', '%']
    MIXED = 0.15          # how often an argument is of a kind that was not asked for
    KINDS = 'inrtb'

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *of):
        return self.random.choice(of)

    def chance(self, p):
        return self.random.random() < p

    def string(self, text):
        return "'" + text.replace("'", "''") + "'"

    def literal(self, kind):
        if self.chance(0.04):
            return 'NULL'
        if kind == 'i':
            return str(self.random.choice(LARGE) if self.chance(0.06) else self.random.choice(INTEGERS))
        if kind == 's':  # a small integer: lengths and positions
            return str(self.random.randint(-3, 8)) if self.chance(0.3) else str(self.random.randint(1, 6))
        if kind == 'n':
            return self.random.choice(DECIMALS)
        if kind == 'r':
            return self.real()
        if kind == 'b':
            return self.boolean()
        return self.text()

    def text(self):
        return self.string(self.random.choice(WORDS))

    def real(self):
        return self.random.choice(FLOATS)

    def boolean(self):
        return self.pick('1', '0')

    def expression(self, kind=None, depth=3):
        kind = kind or self.random.choice(self.KINDS)
        if kind == '*':
            kind = self.random.choice(self.KINDS)
        if kind != 's' and self.chance(self.MIXED):
            kind = self.random.choice(self.KINDS)
        if depth <= 0 or self.chance(0.15):
            return self.literal(kind)
        if kind == 's':
            return self.literal('s') if self.chance(0.9) else self.expression('i', 0)
        way = self.random.random()
        if way < 0.45:
            return self.call(kind, depth)
        if way < 0.60:
            return self.choice(kind, depth)
        if kind == 'b':
            return self.predicate(depth)
        if kind == 't':
            return self.text_operator(depth)
        return self.arithmetic(kind, depth)

    def call(self, kind, depth):
        fitting = [f for f in self.FUNCTIONS if f[1] == kind]
        if not fitting:
            return self.literal(kind)
        name, _, kinds = self.random.choice(fitting)
        words = kinds.split()
        args = []
        for w in words:
            if w.startswith('?'):
                if self.chance(0.5):
                    break
                w = w[1:]
            if w.endswith('+'):
                args += [self.expression(w[0], depth - 1) for _ in range(self.random.randint(1, 3))]
            else:
                args.append(self.expression(w, depth - 1))
        if '(' in name:  # a form with words of its own
            return name.format(*args)
        return f"{name}({', '.join(args)})"

    def choice(self, kind, depth):
        if self.chance(0.5):
            whens = ' '.join(f"WHEN {self.expression('b', depth - 2)} THEN {self.expression(kind, depth - 2)}" for _ in range(self.random.randint(1, 2)))
            otherwise = f" ELSE {self.expression(kind, depth - 2)}" if self.chance(0.8) else ''
            return f'CASE {whens}{otherwise} END'
        if self.chance(0.3):
            other = self.random.choice('it')
            return f"CASE {self.expression(other, depth - 2)} WHEN {self.expression(other, depth - 2)} THEN {self.expression(kind, depth - 2)} ELSE {self.expression(kind, depth - 2)} END"
        if self.chance(0.6):
            return f"coalesce({self.expression(kind, depth - 2)}, {self.expression(kind, depth - 2)})"
        return f"nullif({self.expression(kind, depth - 2)}, {self.expression(kind, depth - 2)})"

    def arithmetic(self, kind, depth):
        if self.chance(0.12):
            return f"-({self.expression(kind, depth - 1)})"
        op = self.random.choice(self.ARITHMETIC)
        a, b = self.expression(kind, depth - 1), self.expression(kind, depth - 1)
        if self.chance(0.3):
            return f'{a} {op} {b}'
        return f'({a} {op} {b})'

    def text_operator(self, depth):
        return f"({self.expression('t', depth - 1)} || {self.expression('t', depth - 1)})"

    def predicate(self, depth):
        way = self.random.random()
        if way < 0.35:
            kind = self.random.choice(self.KINDS.replace('b', ''))
            return f"({self.expression(kind, depth - 1)} {self.random.choice(self.COMPARE)} {self.expression(kind, depth - 1)})"
        if way < 0.5:
            return f"({self.expression('b', depth - 1)} {self.pick('AND', 'OR')} {self.expression('b', depth - 1)})"
        if way < 0.58:
            return f"(NOT {self.expression('b', depth - 1)})"
        if way < 0.66:
            return f"({self.expression('*', depth - 1)} IS {self.pick('', 'NOT ')}NULL)"
        kind = self.random.choice('it')
        negation = self.pick('', '', 'NOT ')
        if way < 0.76:
            return f"({self.expression(kind, depth - 1)} {negation}BETWEEN {self.expression(kind, depth - 2)} AND {self.expression(kind, depth - 2)})"
        if way < 0.86:
            items = ', '.join(self.expression(kind, depth - 2) for _ in range(self.random.randint(1, 3)))
            return f"({self.expression(kind, depth - 1)} {negation}IN ({items}))"
        pattern = self.string(self.random.choice(['a%', '%c', '%b%', '_bc', 'a_c', '%', '', 'hello%', 'A%', '%o w%', '1%', 'a\\%c'] if not isinstance(self, SQLite) else ['a%', '%c', '_bc', 'A%', '%o w%', '1%', '']))
        return f"({self.expression('t', depth - 1)} {negation}LIKE {pattern})"

    def query(self):
        """A SELECT of one value."""
        e = self.expression(depth=self.random.choice([1, 2, 3, 3, 4]))
        way = self.random.random()
        if way < 0.05:
            return f'(SELECT {e})'
        if way < 0.07:
            rows = ' UNION ALL '.join(f'SELECT {self.literal("i")} AS v' for _ in range(self.random.randint(1, 4)))
            return f"(SELECT {self.pick('count', 'min', 'max', 'sum')}(v) FROM ({rows}) AS q)"
        if way < 0.09:
            return f'(SELECT {e} WHERE {self.expression("b", 2)})' if not isinstance(self, MySQL) else f'(SELECT {e} FROM dual WHERE {self.expression("b", 2)})'
        return e


class MySQL(Grammar):
    ARITHMETIC = ['+', '-', '*', '/', '%', 'DIV', 'MOD', '+', '-', '*', '|', '&', '^', '<<', '>>']
    FUNCTIONS = [
        ('ascii', 'i', 't'), ('ord', 'i', 't'), ('length', 'i', 't'), ('char_length', 'i', 't'), ('bit_length', 'i', 't'), ('octet_length', 'i', 't'),
        ('instr', 'i', 't t'), ('locate', 'i', 't t ?s'), ('position({0} IN {1})', 'i', 't t'), ('strcmp', 'i', 't t'), ('field', 'i', 't t+'),
        ('find_in_set', 'i', 't t'), ('crc32', 'i', 't'), ('sign', 'i', 'n'), ('floor', 'i', 'n'), ('ceil', 'i', 'n'), ('ceiling', 'i', 'r'),
        ('abs', 'i', 'i'), ('bit_count', 'i', 'i'), ('isnull', 'i', '*'), ('interval', 'i', 'i i+'), ('mod', 'i', 'i i'), ('cast({0} AS signed)', 'i', '*'),
        ('cast({0} AS unsigned)', 'i', 'i'), ('convert({0}, signed)', 'i', 't'), ('if', 'i', 'b i i'), ('ifnull', 'i', 'i i'),
        ('abs', 'n', 'n'), ('round', 'n', 'n ?s'), ('truncate', 'n', 'n s'), ('greatest', 'n', 'n n+'), ('least', 'n', 'n n+'), ('mod', 'n', 'n n'),
        ('cast({0} AS decimal(12,3))', 'n', 'n'), ('ifnull', 'n', 'n n'), ('if', 'n', 'b n i'), ('cast({0} AS decimal(20,2))', 'n', 't'),
        ('sqrt', 'r', 'n'), ('exp', 'r', 's'), ('ln', 'r', 'n'), ('log', 'r', 'n'), ('log2', 'r', 'i'), ('log10', 'r', 'i'), ('pow', 'r', 's s'),
        ('power', 'r', 'n s'), ('sin', 'r', 'n'), ('cos', 'r', 'n'), ('atan', 'r', 'n'), ('degrees', 'r', 'n'), ('radians', 'r', 'n'), ('pi', 'r', ''),
        ('round', 'r', 'r ?s'), ('truncate', 'r', 'r s'), ('cast({0} AS double)', 'r', 't'), ('abs', 'r', 'r'), ('rand({0})', 'r', 's'),
        ('concat', 't', '* *+'), ('concat_ws', 't', 't * *+'), ('lower', 't', 't'), ('upper', 't', 't'), ('lcase', 't', 't'), ('substring', 't', 't s ?s'),
        ('substr', 't', 't s ?s'), ('mid', 't', 't s s'), ('left', 't', 't s'), ('right', 't', 't s'), ('ltrim', 't', 't'), ('rtrim', 't', 't'), ('trim', 't', 't'),
        ("trim(BOTH {0} FROM {1})", 't', 't t'), ("trim(LEADING {0} FROM {1})", 't', 't t'), ('replace', 't', 't t t'), ('reverse', 't', 't'), ('repeat', 't', 't s'),
        ('space', 't', 's'), ('lpad', 't', 't s t'), ('rpad', 't', 't s t'), ('insert', 't', 't s s t'), ('elt', 't', 's t t+'), ('hex', 't', '*'), ('unhex', 't', 't'),
        ('bin', 't', 'i'), ('oct', 't', 'i'), ('conv', 't', 'i i i'), ('conv({0}, 10, 16)', 't', 'i'), ('conv({0}, 16, 10)', 't', 't'), ('md5', 't', 't'), ('sha1', 't', 't'), ('sha2({0}, 256)', 't', 't'),
        ('to_base64', 't', 't'), ('from_base64', 't', 't'), ('quote', 't', 't'), ('char', 't', 'i+'), ('char({0}, 97, {1})', 't', 'i i'), ('substring_index', 't', 't t s'), ('make_set', 't', 'i t t+'),
        ('cast({0} AS char)', 't', '*'), ('cast({0} AS char(3))', 't', 't'), ('cast({0} AS binary)', 't', 't'), ('if', 't', 'b t *'), ('ifnull', 't', 't t'), ('greatest', 't', 't t'),
        ('isnull', 'b', '*'), ('exists(SELECT {0})', 'b', 'i'), ('{0} <=> ({1})', 'b', 'i i'),
    ]

    def string(self, text):
        quote = '"' if self.chance(0.1) else "'"
        return quote + text.replace('\\', '\\\\').replace(quote, quote * 2) + quote if '\\' not in text else f"'{text}'"

    def text(self):
        if self.chance(0.08):
            return '0x' + self.pick('41', '7e', '616263', '3a3a', '31')
        if self.chance(0.04):
            return "x'" + self.pick('41', '4a4b') + "'"
        return super().text()

    def boolean(self):
        return self.pick('1', '0', 'TRUE', 'FALSE')

    def text_operator(self, depth):
        return f"concat({self.expression('t', depth - 1)}, {self.expression('t', depth - 1)})"

    def predicate(self, depth):
        if self.chance(0.08):
            return f"({self.expression('b', depth - 1)} {self.pick('XOR', '&&', '||')} {self.expression('b', depth - 1)})"
        if self.chance(0.06):
            return f"(!{self.literal('i')})"
        if self.chance(0.05):
            return f"({self.expression('t', depth - 1)} {self.pick('REGEXP', 'RLIKE')} '{self.pick('^a', 'c$', 'b+', '[a-c]', 'a.c', 'x|h')}')"
        if self.chance(0.05):
            return f"({self.expression('b', depth - 1)} IS {self.pick('', 'NOT ')}{self.pick('TRUE', 'FALSE', 'UNKNOWN')})"
        return super().predicate(depth)


class PostgreSQL(Grammar):
    MIXED = 0.01
    ARITHMETIC = ['+', '-', '*', '/', '%']
    FUNCTIONS = [
        ('ascii', 'i', 't'), ('length', 'i', 't'), ('char_length', 'i', 't'), ('octet_length', 'i', 't'), ('bit_length', 'i', 't'), ('strpos', 'i', 't t'),
        ('position({0} IN {1})', 'i', 't t'), ('abs', 'i', 'i'), ('mod', 'i', 'i i'), ("cast({0} AS int)", 'i', 'n'), ('({0})::int', 'i', 'i'), ('({0})::int', 'i', 'r'), ('({0})::int', 'i', 'b'), ("'12'::{0}", 'x', 'i'),
        ('greatest', 'i', 'i i+'), ('least', 'i', 'i i+'), ('cast({0} AS bigint)', 'i', 'i'), ("cast('42' AS int) + {0}", 'i', 'i'),
        ('abs', 'n', 'n'), ('round', 'n', 'n'), ('round', 'n', 'n s'), ('trunc', 'n', 'n ?s'), ('ceil', 'n', 'n'), ('floor', 'n', 'n'), ('sign', 'n', 'n'), ('mod', 'n', 'n n'),
        ('cast({0} AS numeric)', 'n', 'i'), ('cast({0} AS numeric(12,3))', 'n', 'n'), ('greatest', 'n', 'n n+'), ('({0})::numeric', 'n', 'r'), ("'2.5'::numeric * {0}", 'n', 'n'),
        ('sqrt', 'r', 'r'), ('exp', 'r', 'r'), ('ln', 'r', 'r'), ('power', 'r', 'r r'), ('power', 'r', 's s'), ('sin', 'r', 'r'), ('cos', 'r', 'r'), ('pi', 'r', ''), ('round', 'r', 'r'),
        ('floor', 'r', 'i'), ('ceil', 'r', 'r'), ('cast({0} AS float8)', 'r', 'n'), ('({0})::double precision', 'r', 'i'), ('degrees', 'r', 'r'), ('abs', 'r', 'r'), ('sqrt', 'r', 'i'),
        ('concat', 't', '* *+'), ('concat_ws', 't', 't * *+'), ('lower', 't', 't'), ('upper', 't', 't'), ('substring', 't', 't s ?s'), ('substr', 't', 't s ?s'), ('substring({0} FROM {1} FOR {2})', 't', 't s s'),
        ('left', 't', 't s'), ('right', 't', 't s'), ('ltrim', 't', 't ?t'), ('rtrim', 't', 't ?t'), ('btrim', 't', 't ?t'), ('trim', 't', 't'), ('trim(BOTH {0} FROM {1})', 't', 't t'),
        ('replace', 't', 't t t'), ('reverse', 't', 't'), ('repeat', 't', 't s'), ('lpad', 't', 't s ?t'), ('rpad', 't', 't s ?t'), ('overlay({0} PLACING {1} FROM {2})', 't', 't t s'), ('split_part', 't', "t t s"),
        ('translate', 't', 't t t'), ('initcap', 't', 't'), ('md5', 't', 't'), ('to_hex', 't', 'i'), ('chr', 't', 'i'), ('({0})::text', 't', '*'), ('cast({0} AS varchar(3))', 't', 't'), ('cast({0} AS text)', 't', 'i'),
        ('quote_literal', 't', 't'), ("encode({0}::bytea, 'hex')", 't', 't'), ("encode({0}::bytea, 'base64')", 't', 't'), ('greatest', 't', 't t'), ('{0}::bool::text', 't', 'b'),
        ('starts_with', 'b', 't t'), ('exists(SELECT {0})', 'b', 'i'), ('({0})::bool', 'b', 'i'), ("('yes')::bool AND {0}", 'b', 'b'), ('{0} IS NOT DISTINCT FROM {1}', 'b', 'i i'),
    ]

    def real(self):
        return f"'{super().real()}'::float8"

    def boolean(self):
        return self.pick('true', 'false', "'t'::bool")

    def text(self):
        w = self.random.choice(WORDS)
        if self.chance(0.1):
            return f'$${w}$$'
        if self.chance(0.08):
            return f"E'{w}\\x41\\n'"
        return self.string(w)

    def arithmetic(self, kind, depth):
        if kind == 'i' and self.chance(0.2):
            return f"({self.expression('i', depth - 1)} {self.pick('|', '&', '#', '<<', '>>')} {self.expression('s', depth - 1)})"
        if kind != 'r' and self.chance(0.05):
            return f"({self.expression(kind, depth - 1)} ^ {self.random.randint(0, 4)})"
        if kind == 'r':
            return f"({self.expression('r', depth - 1)} {self.pick('+', '-', '*', '/', '^')} {self.expression('r', depth - 1)})"
        return super().arithmetic(kind, depth)

    def text_operator(self, depth):
        return f"({self.expression('t', depth - 1)} || {self.expression(self.pick('t', 't', 'i', 'n', 'b'), depth - 1)})"

    def predicate(self, depth):
        if self.chance(0.05):
            return f"({self.expression('b', depth - 1)} IS {self.pick('', 'NOT ')}{self.pick('TRUE', 'FALSE', 'UNKNOWN')})"
        if self.chance(0.05):
            return f"({self.expression('t', depth - 1)} ILIKE {self.string('A%')})"
        return super().predicate(depth)


class SQLite(Grammar):
    KINDS = 'inrtb'
    MIXED = 0.2
    COMPARE = Grammar.COMPARE + ['==', 'IS', 'IS NOT']
    ARITHMETIC = ['+', '-', '*', '/', '%', '|', '&', '<<', '>>']
    FUNCTIONS = [
        ('length', 'i', '*'), ('instr', 'i', 't t'), ('unicode', 'i', 't'), ('abs', 'i', 'i'), ('sign', 'i', 'i'), ('cast({0} AS integer)', 'i', '*'), ('max', 'i', 'i i+'), ('min', 'i', '* *+'),
        ('iif', 'i', 'b i i'), ('ifnull', 'i', 'i i'), ('abs', 'n', 'n'), ('round', 'n', 'n ?s'), ('cast({0} AS numeric)', 'n', 't'), ('cast({0} AS real)', 'r', '*'), ('abs', 'r', 'r'),
        ('round', 'r', 'r'), ('lower', 't', 't'), ('upper', 't', 't'), ('substr', 't', 't s ?s'), ('substring', 't', 't s s'), ('trim', 't', 't ?t'), ('ltrim', 't', 't ?t'), ('rtrim', 't', 't ?t'),
        ('replace', 't', 't t t'), ('hex', 't', '*'), ('char', 't', 'i+'), ('typeof', 't', '*'), ('quote', 't', 't'), ('cast({0} AS text)', 't', '*'), ('iif', 't', 'b t *'), ('max', 't', 't t+'), ('ifnull', 't', 't t'),
        ('glob', 'b', 't t'), ('like', 'b', 't t'), ('exists(SELECT {0})', 'b', 'i'), ('likely', 'b', 'b'), ("coalesce({0}, 'z')", 't', 't'),
    ]

    def text(self):
        if self.chance(0.05):
            return "x'" + self.pick('41', '616263') + "'"
        return super().text()

    def predicate(self, depth):
        if self.chance(0.06):
            return f"({self.expression('t', depth - 1)} GLOB '{self.pick('a*', '?bc', '[a-c]*', '*')}')"
        if self.chance(0.05):
            return f"({self.expression('*', depth - 1)} {self.pick('ISNULL', 'NOTNULL', 'NOT NULL')})"
        return super().predicate(depth)
