# SPDX-License-Identifier: GPL-2.0-or-later
"""Nunjucks 3: Jinja's statements over JavaScript's values. https://mozilla.github.io/nunjucks/templating.html"""
import re
from evaluate import *
from library import native, to_json
from parse import Parser
from tokens import ParseError
import compile

PART = re.compile(r'\{\{-?(?P<show>(?:"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[^"\'}]|\}(?!\}))*?)-?\}\}|\{%-?(?P<do>(?:"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[^"\'%]|%(?!\}))*?)-?%\}|\{#[\s\S]*?#\}')
ESCAPES = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'}
STRINGS = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')
COMPARISONS = ('==', '===', '!=', '!==', '<', '>', '<=', '>=')
STEPS_MAX = 100000


class Safe(str):
    """What a filter or a macro says is markup already."""


def turned(e):
    """What it compiles to is JavaScript's "!" before the whole: there it takes the leftmost operand."""
    return ('binary', e[1], turned(e[2]), e[3]) if e[0] == 'binary' else ('unary', '!', e)


class Expression(Parser):
    """Nunjucks' own grammar over JavaScript's tokens (nunjucks/src/parser.js)."""

    def assignment(self, no_in=False):
        self.depth += 1
        if self.depth > 100:
            raise ParseError('too deep')
        e = self.either()
        if self.take('if'):
            test = self.either()
            e = ('conditional', test, e, self.either() if self.take('else') else ('literal', ''))
        self.depth -= 1
        return e

    def either(self):
        e = self.both()
        while self.take('or'):
            e = ('logical', '||', e, self.both())
        return e

    def both(self):
        e = self.negated()
        while self.take('and'):
            e = ('logical', '&&', e, self.negated())
        return e

    def negated(self):
        self.depth += 1
        if self.depth > 100:
            raise ParseError('too deep')
        e = turned(self.negated()) if self.take('not') else self.member_of()
        self.depth -= 1
        return e

    def member_of(self):
        e = self.compared()
        while self.peek('in') or (self.peek('not') and self.peek('in', 1)):
            turned = bool(self.take('not'))
            self.need('in')
            e = ('call', ('name', '%in'), [e, self.compared()], False)
            e = ('unary', '!', e) if turned else e
        return e

    def compared(self):
        e = self.sum()
        while self.t[self.i][0] == 'op' and self.t[self.i][1] in COMPARISONS:
            op = self.take(*COMPARISONS)
            e = ('binary', op, e, self.sum())
        return e

    def chain(self, ops, below):
        e = below()
        while self.t[self.i][0] == 'op' and self.t[self.i][1] in ops:
            e = ('binary', self.take(*ops), e, below())
        return e

    def sum(self):
        e = self.product()
        while self.t[self.i][0] == 'op' and self.t[self.i][1] in ('+', '-', '~'):
            op = self.take('+', '-', '~')
            e = ('binary', '+', ('binary', '+', e, ('literal', '')), self.product()) if op == '~' else ('binary', op, e, self.product())
        return e

    def product(self):
        return self.chain(('*', '/', '%'), self.power)

    def power(self):
        return self.chain(('**',), self.unary)

    def signed(self):
        self.depth += 1
        if self.depth > 100:
            raise ParseError('too deep')
        e = ('unary', self.take('-', '+'), self.signed()) if self.peek('-') or self.peek('+') else self.calls(self.primary())
        self.depth -= 1
        return e

    def unary(self):
        e = self.signed()
        while self.take('|'):
            name = self.property_name()
            e = ('call', ('name', '%' + name), [e] + (self.arguments() if self.take('(') else []), False)
        return e

    def primary(self):
        if self.take('none'):
            return ('literal', None)
        return super().primary()

    def calls(self, e, can_call=True):
        while True:
            if self.take('.'):
                e = ('lookup', e, ('literal', self.property_name()))
            elif self.take('['):
                e = ('lookup', e, self.assignment())
                self.need(']')
            elif self.take('('):
                e = ('call', e, self.arguments(), False)
            else:
                return e


def expression(text):
    if '//' in STRINGS.sub('', text):
        raise ParseError('its division is no operator of JavaScript')
    return compile.expression(Expression(text).whole())


def look_up(n):
    """A member, or nothing; a function is bound to what it is a member of."""
    of, key = compile.expression(n[1]), compile.expression(n[2])

    def run(s):
        o = of(s)
        if o is UNDEFINED or o is None:
            return UNDEFINED
        v = get_member(o, key_text(key(s)))
        return Function('', lambda this, args: v.call(o, args)) if isinstance(v, Function) else v
    return run


compile.EXPRESSIONS['lookup'] = look_up


class Names(Scope):
    """A context: what it does not hold is undefined."""
    __slots__ = ('context',)

    def __init__(self, above, context):
        super().__init__(above)
        self.context = context

    def find(self, name):
        found = super().find(name)
        if found is None:
            self.names[name] = self.context.get(name)
            found = self
        return found


def cut(text, trimmed):
    return text.lstrip() if trimmed else text


def parts(text):
    at, trim = 0, False
    for m in PART.finditer(text):
        before = cut(text[at:m.start()], trim)
        yield 'text', before.rstrip() if text[m.start() + 2:m.start() + 3] == '-' else before
        at, trim = m.end(), text[m.end() - 3:m.end() - 2] == '-'
        if m.group('show') is not None:
            yield 'show', m.group('show')
        elif m.group('do') is not None:
            yield 'do', m.group('do').strip()
    yield 'text', cut(text[at:], trim)


def parse(text):
    """Lists of ('text', …), ('show', e), ('set', name, e), ('if', [(e, body)…]), ('for', names, e, body, otherwise)."""
    root = []
    stack = [(None, root)]
    for kind, inner in parts(text):
        body = stack[-1][1]
        word, _, rest = inner.partition(' ') if kind == 'do' else ('', '', '')
        if kind == 'text':
            body.append(('text', inner))
        elif kind == 'show':
            body.append(('show', expression(inner)))
        elif word == 'set' and '=' in rest:
            name, _, value = rest.partition('=')
            body.append(('set', name.strip(), expression(value)))
        elif word == 'if':
            n = ('if', [(expression(rest), [])])
            body.append(n)
            stack.append((n, n[1][0][1]))
        elif word in ('elif', 'elseif', 'else') and stack[-1][0] is not None:
            n = stack[-1][0]
            if n[0] == 'for':
                stack[-1] = (n, n[4])
            else:
                n[1].append((expression(rest) if rest else lambda s: True, []))
                stack[-1] = (n, n[1][-1][1])
        elif word == 'for' and ' in ' in rest:
            names, _, value = rest.partition(' in ')
            n = ('for', [x.strip() for x in names.split(',')], expression(value), [], [])
            body.append(n)
            stack.append((n, n[3]))
        elif word in ('endif', 'endfor') and stack[-1][0] is not None:
            stack.pop()
        else:
            raise ParseError('unknown block tag: ' + word)
        if len(stack) > 64:
            raise ParseError('too deep')
    if len(stack) > 1:
        raise ParseError('parseIf: expected elif, else, or endif, got end of file')
    return root


def shown(v, escaped=True):
    if v is UNDEFINED or v is None:
        return ''
    text = to_text(v)
    return text if isinstance(v, Safe) or not escaped else re.sub('[&<>"\']', lambda m: ESCAPES[m.group()], text)


def render(body, scope, out, steps):
    for n in body:
        steps[0] += 1
        if steps[0] > STEPS_MAX:
            raise error('RangeError', 'Invalid string length')
        if n[0] == 'text':
            out.append(n[1])
        elif n[0] == 'show':
            out.append(shown(n[1](scope)))
        elif n[0] == 'set':
            scope.names[n[1]] = n[2](scope)
        elif n[0] == 'if':
            for test, then in n[1]:
                if truth(test(scope)):
                    render(then, scope, out, steps)
                    break
        else:
            loop(n, scope, out, steps)


def loop(n, scope, out, steps):
    value = n[2](scope)
    items = value.items if isinstance(value, Array) else [Array([k, value.get(k)]) for k in value.keys()] if isinstance(value, Object) else list(value) if isinstance(value, str) else []
    for i, item in enumerate(list(items)):
        inner = Names(scope, scope.context)
        inner.names['loop'] = Object(None, index=float(i + 1), index0=float(i), first=i == 0, last=i == len(items) - 1, length=float(len(items)))
        if len(n[1]) > 1 and isinstance(item, Array):
            inner.names.update(zip(n[1], item.items))
        else:
            inner.names[n[1][0]] = item
        render(n[3], inner, out, steps)
    if not items:
        render(n[4], scope, out, steps)


def span(this, start=0.0, stop=UNDEFINED, step=1.0, *a):
    first, last = (0, int(to_number(start))) if stop is UNDEFINED else (int(to_number(start)), int(to_number(stop)))
    return Array([float(i) for i in list(range(first, last, int(to_number(step)) or 1))[:STEPS_MAX]])


def inside(this, a, b=UNDEFINED, *rest):
    if isinstance(b, Array):
        return any(strict_equal(a, i) for i in b.items)
    if isinstance(b, str):
        return to_text(a) in b
    if not isinstance(b, Object):
        raise error('Error', 'Cannot use "in" operator to search for "%s" in unexpected types.' % to_text(a))
    return b.has(key_text(a))


def joined(this, v, glue='', *a):
    return ('' if glue is UNDEFINED else to_text(glue)).join('' if i is None or i is UNDEFINED else to_text(i) for i in iterate(v))


FILTERS = {
    'in': inside, 'safe': lambda this, v=UNDEFINED, *a: Safe(shown(v, False)), 'upper': lambda this, v='', *a: shown(v, False).upper(), 'lower': lambda this, v='', *a: shown(v, False).lower(),
    'escape': lambda this, v='', *a: Safe(shown(v)), 'e': lambda this, v='', *a: Safe(shown(v)), 'join': joined, 'trim': lambda this, v='', *a: shown(v, False).strip(),
    'length': lambda this, v=UNDEFINED, *a: float(len(v.keys() if isinstance(v, Object) and not isinstance(v, Array) else iterate(v))) if not (v is UNDEFINED or v is None) else 0.0,
    'first': lambda this, v, *a: (list(iterate(v)) or [UNDEFINED])[0], 'last': lambda this, v, *a: (list(iterate(v)) or [UNDEFINED])[-1],
    'reverse': lambda this, v, *a: v[::-1] if isinstance(v, str) else Array(list(v.items)[::-1]), 'string': lambda this, v='', *a: shown(v, False),
    'capitalize': lambda this, v='', *a: shown(v, False).lower()[:1].upper() + shown(v, False).lower()[1:], 'abs': lambda this, v, *a: abs(to_number(v)),
    'default': lambda this, v, d='', both=False, *a: (v if truth(v) else d) if truth(both) else d if v is UNDEFINED else v,
    'replace': lambda this, v, old='', new='', *a: shown(v, False).replace(to_text(old), to_text(new)), 'dump': lambda this, v, *a: to_json(v, ''),
}


def nunjucks(text):
    body = parse(text)
    context = Object()
    scope = Names(None, context)
    for name, f in FILTERS.items():
        scope.names['%' + name] = native(f, name)
    scope.names['range'] = native(span, 'range')
    scope.names['cycler'] = scope.names['joiner'] = native(lambda this, *a: Object(), 'cycler')
    out = []
    render(body, scope, out, [0])
    return ''.join(out)
