# SPDX-License-Identifier: GPL-2.0-or-later
"""JavaScript read into trees (ECMAScript 2020 without generators and decorators). A node is a tuple, its kind first."""
from tokens import *
from expressions import Expressions


class Parser(Expressions):
    def __init__(self, source):
        self.t, self.i, self.depth = tokens_of(source), 0, 0

    def peek(self, text, ahead=0):
        t = self.t[min(self.i + ahead, len(self.t) - 1)]
        return t[1] == text and t[0] in ('op', 'name')

    def take(self, *texts):
        if self.t[self.i][0] in ('op', 'name') and self.t[self.i][1] in texts:
            self.i += 1
            return self.t[self.i - 1][1]
        return None

    def need(self, text):
        if not self.take(text):
            self.fail()

    def fail(self):
        t = self.t[self.i]
        raise ParseError('Unexpected end of input' if t[0] == 'end' else 'Unexpected token \'%s\'' % (t[1],) if t[0] == 'op' else
                         'Unexpected identifier' if t[0] == 'name' else 'Unexpected ' + t[0])

    def name(self):
        t = self.t[self.i]
        if t[0] != 'name' or t[1] in KEYWORDS:
            self.fail()
        self.i += 1
        return t[1]

    def semicolon(self):
        if not self.take(';') and not (self.peek('}') or self.t[self.i][2] or self.t[self.i][0] == 'end'):
            self.fail()

    def program(self):
        body = []
        while self.t[self.i][0] != 'end':
            body.append(self.statement())
        return ('block', body)

    def block(self):
        self.need('{')
        body = []
        while not self.take('}'):
            body.append(self.statement())
        return ('block', body)

    def statement(self):
        self.depth += 1
        if self.depth > 200:
            raise ParseError('too deep')
        try:
            return self.statement_()
        finally:
            self.depth -= 1

    def statement_(self):
        t = self.t[self.i]
        word = t[1] if t[0] in ('name', 'op') else ''
        if word == '{':
            return self.block()
        if word == ';':
            self.i += 1
            return ('empty',)
        if word in ('var', 'const') or (word == 'let' and (self.t[self.i + 1][0] == 'name' or self.peek('[', 1) or self.peek('{', 1))):
            s = self.declaration()
            self.semicolon()
            return s
        if word == 'function' or (word == 'async' and self.peek('function', 1) and not self.t[self.i + 1][2]):
            f = self.function()
            return ('declare', f[1], f)
        if word == 'class':
            c = self.class_()
            return ('var', 'let', [(('name', c[1]), c)])
        method = {'if': self.if_, 'for': self.for_, 'while': self.while_, 'do': self.do_, 'try': self.try_, 'switch': self.switch_,
                  'import': self.import_}.get(word)
        if method and not (word == 'import' and (self.peek('(', 1) or self.peek('.', 1))):
            self.i += 1
            return method()
        if word in ('return', 'throw', 'break', 'continue', 'debugger'):
            self.i += 1
            value = None
            if word in ('break', 'continue') and self.t[self.i][0] == 'name' and not self.t[self.i][2]:
                self.i += 1
            ends = self.t[self.i][2] or self.peek(';') or self.peek('}') or self.t[self.i][0] == 'end'
            if not ends:
                value = self.expression()
            self.semicolon()
            return (word, value)
        if word == 'export':
            self.i += 1
            self.take('default')
            return self.statement()
        if t[0] == 'name' and self.peek(':', 1):
            self.i += 2  # a label: jumps to it are taken as those to the next loop
            return self.statement()
        e = self.expression()
        self.semicolon()
        return ('expression', e)

    def if_(self):
        self.need('(')
        test = self.expression()
        self.need(')')
        then = self.statement()
        return ('if', test, then, self.statement() if self.take('else') else None)

    def while_(self):
        self.need('(')
        test = self.expression()
        self.need(')')
        return ('while', test, self.statement())

    def do_(self):
        body = self.statement()
        self.need('while')
        self.need('(')
        test = self.expression()
        self.need(')')
        self.take(';')
        return ('do', test, body)

    def for_(self):
        self.take('await')
        self.need('(')
        first = None
        if self.peek('var') or self.peek('let') or self.peek('const'):
            kind = self.take('var', 'let', 'const')
            target = self.pattern()
            if self.peek('of') or self.peek('in'):
                return self.for_each(('var', kind, [(target, None)]))
            first = ('var', kind, self.declarators([(target, self.assignment(True) if self.take('=') else None)], True))
        elif not self.peek(';'):
            first = self.expression(True)
            if self.peek('of') or self.peek('in'):
                return self.for_each(first)
            first = ('expression', first)
        self.need(';')
        test = None if self.peek(';') else self.expression()
        self.need(';')
        step = None if self.peek(')') else self.expression()
        self.need(')')
        return ('for', first, test, step, self.statement())

    def for_each(self, target):
        kind = self.take('of', 'in')
        over = self.expression()
        self.need(')')
        return ('each', kind, target, over, self.statement())

    def try_(self):
        body, name, handler, final = self.block(), None, None, None
        if self.take('catch'):
            if self.take('('):
                name = self.pattern()
                self.need(')')
            handler = self.block()
        if self.take('finally'):
            final = self.block()
        return ('try', body, name, handler, final)

    def switch_(self):
        self.need('(')
        value, cases = self.expression(), []
        self.need(')')
        self.need('{')
        while not self.take('}'):
            test = None
            if not self.take('default'):
                self.need('case')
                test = self.expression()
            self.need(':')
            body = []
            while not (self.peek('case') or self.peek('default') or self.peek('}')):
                body.append(self.statement())
            cases.append((test, body))
        return ('switch', value, cases)

    def import_(self):
        names, whole = [], None
        if self.t[self.i][0] == 'name' and not self.peek('{'):
            whole = self.name()
            self.take(',')
        if self.take('*'):
            self.need('as')
            whole = self.name()
        if self.take('{'):
            while not self.take('}'):
                name = self.property_name()
                names.append((name, ('name', self.name()) if self.take('as') else ('name', name), None))
                self.take(',')
        self.take('from')
        t = self.t[self.i]
        if t[0] != 'string':
            self.fail()
        self.i += 1
        self.semicolon()
        call = ('call', ('name', 'require'), [('literal', t[1])], False)
        return ('var', 'const', ([(('name', whole), call)] if whole else []) + ([(('objpattern', names, None), call)] if names else []) or
                [(('name', '%unused'), call)])

    def declaration(self):
        kind = self.take('var', 'let', 'const')
        return ('var', kind, self.declarators([], False))

    def declarators(self, done, no_in):
        if done and not self.take(','):
            return done
        while True:
            target = self.pattern()
            done.append((target, self.assignment(no_in) if self.take('=') else None))
            if not self.take(','):
                return done

    def pattern(self):
        if self.take('['):
            items = []
            while not self.take(']'):
                if self.take(','):
                    items.append(None)
                    continue
                rest = bool(self.take('...'))
                items.append((self.pattern(), self.assignment() if self.take('=') else None, rest))
                if not self.peek(']'):
                    self.need(',')
            return ('arrpattern', items)
        if self.take('{'):
            items, rest = [], None
            while not self.take('}'):
                if self.take('...'):
                    rest = self.pattern()
                else:
                    key = self.property_name()
                    target = self.pattern() if self.take(':') else ('name', key)
                    items.append((key, target, self.assignment() if self.take('=') else None))
                if not self.peek('}'):
                    self.need(',')
            return ('objpattern', items, rest)
        return ('name', self.name())

    def property_name(self):
        t = self.t[self.i]
        self.i += 1
        if t[0] in ('name', 'string'):
            return t[1]
        if t[0] == 'number':
            return number_text(t[1])
        if t[1] == '[':
            e = self.assignment()
            self.need(']')
            return e
        self.i -= 1
        return self.fail()

    def parameters(self):
        self.need('(')
        out = []
        while not self.take(')'):
            rest = bool(self.take('...'))
            out.append((self.pattern(), self.assignment() if self.take('=') else None, rest))
            if not self.peek(')'):
                self.need(',')
        return out

    def function(self):
        start_async = bool(self.take('async'))
        self.need('function')
        if self.take('*'):
            raise ParseError('generators are not modelled')
        name = self.name() if not self.peek('(') else ''
        return ('function', name, self.parameters(), self.block(), False, start_async)

    def class_(self):
        self.need('class')
        name = self.name() if not (self.peek('{') or self.peek('extends')) else ''
        parent = self.unary() if self.take('extends') else None
        members = []
        self.need('{')
        while not self.take('}'):
            if self.take(';'):
                continue
            static = bool(self.peek('static') and not self.peek('(', 1) and self.take('static'))
            kind = 'method'
            if (self.peek('get') or self.peek('set')) and not (self.peek('(', 1) or self.peek('=', 1)):
                kind = self.take('get', 'set')
            is_async = bool(self.peek('async') and not self.peek('(', 1) and self.take('async'))
            key = self.property_name()
            if self.peek('('):
                members.append((static, kind, key, ('function', key if isinstance(key, str) else '', self.parameters(), self.block(), False, is_async)))
            else:
                members.append((static, 'field', key, self.assignment() if self.take('=') else ('undefined',)))
                self.semicolon()
        return ('class', name, parent, members)
