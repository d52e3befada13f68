# SPDX-License-Identifier: GPL-2.0-or-later
"""The expressions of JavaScript, read into trees."""
from tokens import *

BINARY = {'??': 1, '||': 2, '&&': 3, '|': 4, '^': 5, '&': 6, '==': 7, '!=': 7, '===': 7, '!==': 7, '<': 8, '>': 8, '<=': 8, '>=': 8,
          'instanceof': 8, 'in': 8, '<<': 9, '>>': 9, '>>>': 9, '+': 10, '-': 10, '*': 11, '/': 11, '%': 11, '**': 12}
ASSIGN = {'=', '+=', '-=', '*=', '/=', '%=', '**=', '<<=', '>>=', '>>>=', '&=', '|=', '^=', '&&=', '||=', '??='}


class Expressions:
    """What parse.Parser reads expressions by."""

    def expression(self, no_in=False):
        e = self.assignment(no_in)
        while self.take(','):
            e = ('comma', e, self.assignment(no_in))
        return e

    def is_arrow(self):
        if self.t[self.i][0] == 'name' and self.peek('=>', 1) and self.t[self.i][1] not in KEYWORDS:
            return True
        if not self.peek('('):
            return False
        depth, i = 0, self.i
        while i < len(self.t):
            if self.t[i][0] == 'op':
                depth += {'(': 1, '[': 1, '{': 1, ')': -1, ']': -1, '}': -1}.get(self.t[i][1], 0)
                if depth == 0:
                    break
            i += 1
        return i + 1 < len(self.t) and self.t[i + 1][0] == 'op' and self.t[i + 1][1] == '=>'

    def assignment(self, no_in=False):
        self.depth += 1
        if self.depth > 200:
            raise ParseError('too deep')
        try:
            return self.assignment_(no_in)
        finally:
            self.depth -= 1

    def assignment_(self, no_in):
        is_async = self.peek('async') and not self.peek('function', 1) and not self.peek('=>', 1) and (self.peek('(', 1) or self.t[self.i + 1][0] == 'name')
        if is_async:
            self.i += 1
            is_async = self.is_arrow()
            if not is_async:
                self.i -= 1
        if self.is_arrow():
            parameters = self.parameters() if self.peek('(') else [(('name', self.name()), None, False)]
            self.need('=>')
            body = self.block() if self.peek('{') else ('block', [('return', self.assignment(no_in))])
            return ('function', '', parameters, body, True, is_async)
        left = self.conditional(no_in)
        op = self.t[self.i][1] if self.t[self.i][0] == 'op' and self.t[self.i][1] in ASSIGN else None
        if not op:
            return left
        self.i += 1
        if op == '=' and left[0] in ('array', 'object'):
            left = as_pattern(left)
        elif left[0] not in ('name', 'member'):
            raise ParseError('Invalid left-hand side in assignment')
        return ('assign', op, left, self.assignment(no_in))

    def conditional(self, no_in):
        e = self.binary(0, no_in)
        if not self.take('?'):
            return e
        then = self.assignment()
        self.need(':')
        return ('conditional', e, then, self.assignment(no_in))

    def binary(self, least, no_in):
        left = self.unary()
        while True:
            t = self.t[self.i]
            power = BINARY.get(t[1]) if t[0] in ('op', 'name') else None
            if not power or power <= least or (no_in and t[1] == 'in'):
                return left
            self.i += 1
            right = self.binary(power - 1 if t[1] == '**' else power, no_in)
            left = ('logical' if t[1] in ('&&', '||', '??') else 'binary', t[1], left, right)

    def unary(self):
        t = self.t[self.i]
        if t[0] in ('op', 'name') and t[1] in ('!', '~', '+', '-', 'typeof', 'void', 'delete', '++', '--', 'await'):
            if t[1] == 'await' and (self.peek(')', 1) or self.peek('=', 1) or self.peek(';', 1)):
                return self.postfix()
            self.i += 1
            self.depth += 1
            if self.depth > 200:
                raise ParseError('too deep')
            e = self.unary()
            self.depth -= 1
            return ('update', t[1], True, e) if t[1] in ('++', '--') else ('unary', t[1], e)
        return self.postfix()

    def postfix(self):
        e = self.calls(self.primary())
        t = self.t[self.i]
        if t[0] == 'op' and t[1] in ('++', '--') and not t[2]:
            self.i += 1
            return ('update', t[1], False, e)
        return e

    def arguments(self):
        out = []
        while not self.take(')'):
            out.append(('spread', self.assignment()) if self.take('...') else self.assignment())
            if not self.peek(')'):
                self.need(',')
        return out

    def calls(self, e, can_call=True):
        while True:
            if self.take('.'):
                e = ('member', e, ('literal', self.property_name()), False)
            elif self.take('?.'):
                if self.take('('):
                    e = ('call', e, self.arguments(), True)
                elif self.take('['):
                    e = ('member', e, self.expression(), True)
                    self.need(']')
                else:
                    e = ('member', e, ('literal', self.property_name()), True)
            elif self.take('['):
                e = ('member', e, self.expression(), False)
                self.need(']')
            elif can_call and self.take('('):
                e = ('call', e, self.arguments(), False)
            elif self.t[self.i][0] == 'template':
                strings, values = self.t[self.i][1]
                self.i += 1
                e = ('call', e, [('array', [('literal', unescape(s)) for s in strings])] + [type(self)(v).expression() for v in values], False)
            else:
                return e

    def primary(self):
        t = self.t[self.i]
        kind, text = t[0], t[1]
        self.i += 1
        if kind == 'number':
            return ('literal', number_value(text))
        if kind == 'string':
            return ('literal', text)
        if kind == 'regexp':
            return ('regexp', text, t[3])
        if kind == 'template':
            return ('template', [unescape(s) for s in text[0]], [type(self)(v).whole() for v in text[1]])
        if text == '(':
            e = self.expression()
            self.need(')')
            return e
        if text == '[':
            items = []
            while not self.take(']'):
                if self.peek(','):
                    items.append(('undefined',))
                else:
                    items.append(('spread', self.assignment()) if self.take('...') else self.assignment())
                if not self.peek(']'):
                    self.need(',')
            return ('array', items)
        if text == '{':
            return self.object()
        if text == 'function' or (text == 'async' and self.peek('function')):
            self.i -= 1
            return self.function()
        if text == 'class':
            self.i -= 1
            return self.class_()
        if text == 'new':
            if self.take('.'):
                self.name()
                return ('undefined',)
            target = self.calls(self.primary(), False)
            return ('new', target, self.arguments() if self.take('(') else [])
        if text == 'import':
            return ('name', '%import')
        if text in ('true', 'false', 'null'):
            return ('literal', {'true': True, 'false': False, 'null': None}[text])
        if text in ('this', 'super') or (kind == 'name' and text not in KEYWORDS):
            return ('name', text)
        self.i -= 1
        return self.fail()

    def whole(self):
        e = self.expression()
        if self.t[self.i][0] != 'end':
            self.fail()
        return e

    def object(self):
        out = []
        while not self.take('}'):
            if self.take('...'):
                out.append(('spread', None, self.assignment()))
            else:
                out.append(self.member())
            if not self.peek('}'):
                self.need(',')
        return ('object', out)

    def member(self):
        plain = lambda ahead: any(self.peek(c, ahead) for c in (',', ':', '(', '}', '='))
        if (self.peek('get') or self.peek('set')) and not plain(1):
            kind = self.take('get', 'set')
            key = self.property_name()
            return (kind, key, ('function', '', self.parameters(), self.block(), False, False))
        is_async = bool(self.peek('async') and not plain(1) and self.take('async'))
        word = self.t[self.i]
        key = self.property_name()
        if self.peek('('):
            return ('value', key, ('function', key if isinstance(key, str) else '', self.parameters(), self.block(), False, is_async))
        if self.take(':'):
            return ('value', key, self.assignment())
        if word[0] != 'name':
            self.fail()
        if self.take('='):
            return ('value', key, ('assign', '=', ('name', key), self.assignment()))
        return ('value', key, ('name', key))


def as_pattern(e):
    if e[0] == 'array':
        items = []
        for item in e[1]:
            rest = item[0] == 'spread'
            item = item[1] if rest else item
            default = item[3] if item[0] == 'assign' else None
            items.append((as_pattern(item[2] if default else item), default, rest))
        return ('arrpattern', items)
    if e[0] == 'object':
        items, rest = [], None
        for kind, key, value in e[1]:
            if kind == 'spread':
                rest = as_pattern(value)
            else:
                default = value[3] if value[0] == 'assign' else None
                items.append((key, as_pattern(value[2] if default else value), default))
        return ('objpattern', items, rest)
    if e[0] not in ('name', 'member', 'arrpattern', 'objpattern'):
        raise ParseError('Invalid destructuring assignment target')
    return e
