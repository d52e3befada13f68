# SPDX-License-Identifier: GPL-2.0-or-later
"""
Handlebars 4 as it is without the later guards of prototypes: a template's values are JavaScript's, and so is what a
helper's call does. https://handlebarsjs.com/guide/, and the classification of its lib/handlebars/compiler/compiler.js.
"""
import re
from evaluate import *
from tokens import ParseError

TAG = re.compile(r'\{\{\{(?P<raw>[\s\S]*?)\}\}\}|\{\{(?P<left>~?)(?:!--[\s\S]*?--|(?P<inner>(?:"[^"]*"|\'[^\']*\'|[^}"\']|\}(?!\}))*?))(?P<right>~?)\}\}')
TOKEN = re.compile(r'\s*(?:(?P<string>"(?:\\"|[^"])*"|\'(?:\\\'|[^\'])*\')|(?P<number>-?\d+(?:\.\d+)?)(?=[\s)=}|]|$)|(?P<bars>as\s+\|[^|]*\|)|(?P<mark>[()])|'
                   r'(?P<hash>[^\s()=.\'"|{}/]+)=|(?P<path>@?(?:\.\.|\.|[^\s()=\'"|{}./\[]+|\[[^\]]*\])(?:[./](?:\.\.|\.|[^\s()=\'"|{}./\[]+|\[[^\]]*\]))*))')
WORDS = {'true': True, 'false': False, 'null': None, 'undefined': UNDEFINED}
ESCAPES = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;', '`': '&#x60;', '=': '&#x3D;'}
KNOWN = ('if', 'unless', 'with', 'each', 'lookup', 'log')
DEPTH_MAX = 64


def tokens(text):
    at, out = 0, []
    while text[at:].strip():
        m = TOKEN.match(text, at)
        if not m:
            raise ParseError('Parse error on line 1')
        out.append((m.lastgroup, m.group(m.lastgroup)))
        at = m.end()
    return out


def path_of(text):
    """(depth, scoped, parts, data)"""
    data, text = text[:1] == '@', text.lstrip('@')
    depth, scoped, parts = 0, False, []
    for part in re.findall(r'\[[^\]]*\]|\.\.|[^./\[]+|\.(?![\w\[])', text):
        if part in ('this', '.') and not parts:
            scoped = True
        elif part == '..':
            depth += 1
        else:
            parts.append(part.strip('[]'))
    return ('path', depth, scoped, parts, data)


def expression(given, nested):
    """A path, what it is given, names of a block's values."""
    items, pairs, bars = [], {}, []
    while given and given[0] != ('mark', ')'):
        kind, text = given.pop(0)
        key = text if kind == 'hash' else None
        if kind == 'hash' and not given:
            raise ParseError('Parse error on line 1')
        if kind == 'hash':
            kind, text = given.pop(0)
        if kind == 'bars':
            bars = text[2:].strip(' \t\r\n|').split()
            continue
        if kind == 'mark' and text == '(':
            if nested > DEPTH_MAX:
                raise ParseError('too deep')
            value = expression(given, nested + 1)
            if not given:
                raise ParseError('Parse error on line 1')
            given.pop(0)
        elif kind == 'string':
            value = ('literal', text[1:-1].replace('\\' + text[0], text[0]))
        elif kind == 'number':
            value = ('literal', float(text))
        elif text in WORDS:
            value = ('literal', WORDS[text])
        else:
            value = path_of(text)
        if key is None:
            items.append(value)
        else:
            pairs[key] = value
    if not items:
        raise ParseError('Parse error on line 1')
    return ('call', items[0], items[1:], pairs, bars)


def pieces(text):
    """Texts and tags. Blanks and line ends around a tag that has its line alone are left where they are."""
    at, trim = 0, False
    for m in TAG.finditer(text):
        before = text[at:m.start()]
        before = before.lstrip() if trim else before
        yield 'text', before.rstrip() if m.group('left') else before
        inner = m.group('raw')
        if inner is not None:
            yield 'raw', inner
        elif m.group('inner') is not None:
            yield 'tag', m.group('inner').strip()
        at, trim = m.end(), bool(m.group('right'))
    yield 'text', text[at:].lstrip() if trim else text[at:]


def parse(text):
    """Lists of ('text', …), ('show', escaped?, call), ('block', call, inverse?, then, otherwise)."""
    root = []
    stack = [(None, root)]
    for kind, inner in pieces(text):
        body = stack[-1][1]
        if kind == 'text':
            body.append(('text', inner))
        elif kind == 'raw' or inner[:1] == '&':
            body.append(('show', False, expression(tokens(inner.lstrip('&')), 0)))
        elif inner[:1] in ('#', '^') and len(inner) > 1:
            block = ('block', expression(tokens(inner.lstrip('#^*')), 0), inner[0] == '^', [], [])
            body.append(block)
            if len(stack) > DEPTH_MAX:
                raise ParseError('too deep')
            stack.append((block, block[3]))
        elif inner == '^' or inner.split()[:1] == ['else']:
            if stack[-1][0] is None:
                raise ParseError('Parse error on line 1')
            chained = inner[4:].strip() if inner != '^' else ''
            stack[-1] = (stack[-1][0], stack[-1][0][4])
            if chained:
                block = ('block', expression(tokens(chained), 0), False, [], [])
                stack[-1][1].append(block)
                stack[-1] = (block, block[3])
        elif inner[:1] == '/':
            if stack[-1][0] is None:
                raise ParseError('Parse error on line 1')
            stack.pop()
        elif inner[:1] == '>':
            raise error('Error', 'The partial %s could not be found' % inner[1:].strip())
        elif inner[:1] != '!':
            body.append(('show', True, expression(tokens(inner), 0)))
    if len(stack) > 1:
        raise ParseError('Parse error on line 1')
    return root


class Frame:
    """Contexts, the innermost last; named values of blocks; @data."""
    def __init__(self, contexts, names, data):
        self.contexts, self.names, self.data = contexts, names, data

    def inner(self, context, names=None, data=None):
        same = context is self.contexts[-1]
        return Frame(self.contexts if same else self.contexts + [context], {**self.names, **(names or {})}, {**self.data, **(data or {})})


def nothing(v):
    return v is None or v is UNDEFINED


def empty(v):
    return (not truth(v) and not (isinstance(v, float) and v == 0)) or (isinstance(v, Array) and not v.items)


def look_up(path, frame):
    _, depth, scoped, parts, data = path
    if data:
        value, parts = frame.data.get(parts[0], UNDEFINED), parts[1:]
    elif not scoped and not depth and parts and parts[0] in frame.names:
        value, parts = frame.names[parts[0]], parts[1:]
    else:
        value = frame.contexts[-1 - depth] if depth < len(frame.contexts) else UNDEFINED
    for part in parts:
        if nothing(value):
            return value
        value = get_member(value, part)
    return value


def is_simple(path):
    return path[0] == 'path' and len(path[3]) == 1 and not path[1] and not path[2] and not path[4]


def value_of(n, frame):
    if n[0] == 'literal':
        return n[1]
    return look_up(n, frame) if n[0] == 'path' else called(n, frame)


def options(name, pairs):
    return Object(None, name=name, hash=Object(None, **pairs), data=Object())


def called(n, frame):
    """A helper's result: its own, one of those that come with Handlebars, a function that stands where the path leads."""
    _, target, given, pairs, _ = n
    context = frame.contexts[-1]
    if target[0] == 'literal':
        target = ('path', 0, False, [to_text(target[1])], False)
    elif target[0] == 'call':
        return called(target, frame)
    simple = is_simple(target)
    named = simple and target[3][0] in frame.names
    if simple and not named and target[3][0] in KNOWN and (given or pairs):
        values = [value_of(g, frame) for g in given]
        if target[3][0] == 'lookup':
            return UNDEFINED if len(values) < 2 or not truth(values[0]) else get_member(values[0], key_text(values[1]))
        return UNDEFINED
    value = look_up(target, frame)
    if named or not (given or pairs):
        if isinstance(value, Function):
            return value.call(context, [options(target[3][0], {})] if simple and not named else [])
        return value
    arguments = [value_of(g, frame) for g in given]
    if not truth(value):
        raise error('Error', 'Missing helper: "%s"' % '.'.join(target[3]))
    return call_value(value, Object() if nothing(context) else context, arguments + [options('.'.join(target[3]), {k: value_of(v, frame) for k, v in pairs.items()})],
                      '.'.join(target[3]))


def each(value, n, frame, then, otherwise):
    items = list(enumerate(value.items)) if isinstance(value, Array) else [(k, value.get(k)) for k in value.keys()] if isinstance(value, Object) else []
    names = n[4]
    out = ''
    for i, (key, item) in enumerate(items):
        label = float(key) if isinstance(key, int) else key
        data = {'index': float(i), 'key': label, 'first': i == 0, 'last': i == len(items) - 1}
        out += render(then, frame.inner(item, dict(zip(names, (item, label))), data))
    return out if items else render(otherwise, frame)


def block(n, frame):
    _, call, inverse, then, otherwise = n
    target = call[1]
    name = target[3][0] if is_simple(target) and target[3][0] not in frame.names else ''
    if inverse:
        then, otherwise = otherwise, then
    if name in KNOWN and call[2]:
        value = value_of(call[2][0], frame)
        if isinstance(value, Function):
            value = value.call(frame.contexts[-1], [])
        if name == 'each':
            return each(value, call, frame, then, otherwise)
        if name == 'with':
            return render(otherwise, frame) if empty(value) else render(then, frame.inner(value, dict(zip(call[4], (value,)))))
        fails = not truth(value) or empty(value)
        return render(then if fails == (name == 'unless') else otherwise, frame)
    value = called(call, frame)
    if value is True:
        return render(then, frame)
    if value is False or nothing(value) or (isinstance(value, Array) and not value.items):
        return render(otherwise, frame)
    if isinstance(value, Array):
        return each(value, call, frame, then, otherwise)
    return render(then, frame.inner(value))


def escape(text):
    return re.sub(r'[&<>"\'`=]', lambda m: ESCAPES[m.group()], text)


def render(body, frame):
    out = ''
    for n in body:
        if n[0] == 'text':
            out += n[1]
        elif n[0] == 'block':
            out += block(n, frame)
        else:
            value = called(n[2], frame)
            text = '' if nothing(value) else to_text(value)
            out += escape(text) if n[1] else text
        if len(out) > 1 << 20:
            raise error('RangeError', 'Invalid string length')
    return out


def handlebars(text):
    return render(parse(text), Frame([Object()], {}, {}))
