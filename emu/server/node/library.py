# SPDX-License-Identifier: GPL-2.0-or-later
"""JavaScript's own objects: Object, Array, String, Number, Math, JSON, RegExp, Promise and the like."""
import base64, json, math, os, random, re, time, urllib.parse
from evaluate import *
from compile import program
from tokens import ParseError
import functools


def argument(args, i, default=UNDEFINED):
    return args[i] if i < len(args) else default


def native(f, name='', length=0):
    return Function(name or f.__name__.rstrip('_'), lambda this, args: f(this, *args), length)


def methods(target, **made):
    for key, f in made.items():
        target.props[key.rstrip('_')] = native(f, key.rstrip('_'))


def integer(v, default=0):
    n = to_number(v) if v is not UNDEFINED else default
    return 0 if n != n else int(max(min(n, 1 << 53), -(1 << 53)))


def within(v, size, default):
    i = integer(v, default)
    return max(size + i, 0) if i < 0 else min(i, size)


for kind in ('Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Error', 'RegExp', 'Promise', 'Date', 'Map', 'Set', 'Buffer', 'Symbol'):
    PROTOTYPES[kind] = Object.__new__(Object)
    PROTOTYPES[kind].props, PROTOTYPES[kind].accessors = {}, None
    PROTOTYPES[kind].proto = PROTOTYPES['Object'] if kind != 'Object' else None
GLOBAL.proto = PROTOTYPES['Object']


def constructor(kind, f):
    c = Function(kind, lambda this, args: f(this, *args))
    c.props['prototype'] = PROTOTYPES[kind]
    PROTOTYPES[kind].props['constructor'] = c
    GLOBAL.props[kind] = c
    return c


def make_function(this, *args, names=()):
    text = 'return function anonymous(%s) {\n%s\n}' % (','.join(to_text(a) for a in args[:-1]), to_text(args[-1]) if args else '')
    scope = Scope(None)
    scope.names.update(names, this=GLOBAL)
    try:
        program('(function(){%s})' % text)
        return program('(function(){%s})()' % text)(scope)
    except ParseError as e:
        raise error('SyntaxError', str(e))


constructor('Object', lambda this, v=UNDEFINED, *a: v if isinstance(v, Object) else Object())
constructor('Function', make_function)
constructor('Array', lambda this, *a: Array([UNDEFINED] * int(a[0]) if len(a) == 1 and isinstance(a[0], float) and a[0] < 1 << 20 else list(a)))
constructor('String', lambda this, *a: to_text(a[0]) if a else '')
constructor('Number', lambda this, *a: to_number(a[0]) if a else 0.0)
constructor('Boolean', lambda this, *a: truth(argument(a, 0)))
constructor('Symbol', lambda this, *a: '@@' + to_text(argument(a, 0, '')))
for key in ('iterator', 'asyncIterator', 'toPrimitive', 'hasInstance', 'species'):
    GLOBAL.props['Symbol'].props[key] = '@@' + key


def object_text(this):
    kind = {Array: 'Array', UNDEFINED: 'Undefined', None: 'Null'}.get(type(this) if isinstance(this, Object) else this, getattr(this, 'kind', 'Object'))
    return '[object %s]' % (kind if kind in ('Array', 'Function', 'Date', 'RegExp', 'Error', 'Undefined', 'Null') else this.get('@@tag') if
                            isinstance(this, Object) and this.has('@@tag') else 'Object')


methods(PROTOTYPES['Object'], toString=lambda this, *a: object_text(this), valueOf=lambda this, *a: this,
        hasOwnProperty=lambda this, k=UNDEFINED, *a: isinstance(this, Object) and key_text(k) in this.keys(),
        toLocaleString=lambda this, *a: to_text(this), isPrototypeOf=lambda this, *a: False)
PROTOTYPES['Object'].accessors = {'__proto__': [native(lambda this, *a: this.proto), native(lambda this, v, *a: setattr(this, 'proto', v) or UNDEFINED)]}
methods(PROTOTYPES['Function'], call=lambda this, on=UNDEFINED, *a: this.call(on, list(a)),
        apply=lambda this, on=UNDEFINED, args=UNDEFINED, *a: this.call(on, list(args.items) if isinstance(args, Array) else []),
        bind=lambda this, on=UNDEFINED, *first: Function('bound ' + this.name, lambda t, rest: this.call(on, list(first) + list(rest))),
        toString=lambda this, *a: 'function %s() { [native code] }' % this.name)


def entries(o):
    return [(k, o.get(k)) for k in o.keys()] if isinstance(o, Object) else list(enumerate(o)) if isinstance(o, str) else []


def assign(this, to, *sources):
    for s in sources:
        for k, v in entries(s):
            to.set(k, v)
    return to


def define(this, o, key, d, *a):
    getter, setter = d.get('get'), d.get('set')
    if isinstance(getter, Function) or isinstance(setter, Function):
        o.accessors = o.accessors or {}
        o.accessors[key_text(key)] = [getter if isinstance(getter, Function) else None, setter if isinstance(setter, Function) else None]
    else:
        o.props[key_text(key)] = d.get('value')
    return o


methods(GLOBAL.props['Object'], keys=lambda this, o=UNDEFINED, *a: Array([to_text(k) for k, _ in entries(o)]), values=lambda this, o, *a: Array([v for _, v in entries(o)]),
        entries=lambda this, o, *a: Array([Array([to_text(k), v]) for k, v in entries(o)]), assign=assign, freeze=lambda this, o, *a: o,
        create=lambda this, p=None, *a: blank(p), getPrototypeOf=lambda this, o, *a: o.proto if isinstance(o, Object) else PROTOTYPES['String'],
        setPrototypeOf=lambda this, o, p, *a: setattr(o, 'proto', p) or o, defineProperty=define,
        getOwnPropertyNames=lambda this, o=UNDEFINED, *a: Array(list(o.props) if isinstance(o, Object) else []),
        fromEntries=lambda this, o, *a: Object(None, **{to_text(i.items[0]): i.items[1] for i in iterate(o)}))


def blank(proto):
    o = Object()
    o.proto = proto
    return o


# Array
def each(this):
    return list(enumerate(this.items)) if isinstance(this, Array) else [(int(k), this.get(k)) for k in this.keys() if k.isdigit()]


def splice(this, start=UNDEFINED, count=UNDEFINED, *new):
    i = within(start, len(this.items), 0)
    n = len(this.items) - i if count is UNDEFINED else max(integer(count), 0)
    gone = this.items[i:i + n]
    this.items[i:i + n] = new
    return Array(gone)


def flat(items, depth):
    out = []
    for i in items:
        out.extend(flat(i.items, depth - 1) if isinstance(i, Array) and depth > 0 else [i])
    return out


def sort(this, f=UNDEFINED, *a):
    if isinstance(f, Function):
        this.items.sort(key=functools.cmp_to_key(lambda x, y: to_number(f.call(UNDEFINED, [x, y]))))
    else:
        this.items.sort(key=to_text)
    return this


def reduce_(this, f, *first):
    items = [v for _, v in each(this)]
    if not first and not items:
        raise error('TypeError', 'Reduce of empty array with no initial value')
    value = first[0] if first else items.pop(0)
    for i, v in enumerate(items):
        value = f.call(UNDEFINED, [value, v, float(i), this])
    return value


def found(this, f, default, pick):
    for i, v in each(this):
        if truth(f.call(UNDEFINED, [v, float(i), this])):
            return pick(i, v)
    return default


def join(this, glue=',', *a):
    return (',' if glue is UNDEFINED else to_text(glue)).join('' if v is UNDEFINED or v is None else to_text(v) for _, v in each(this))


def index(this, v, *a):
    return next((float(i) for i, w in each(this) if strict_equal(v, w)), -1.0)


methods(PROTOTYPES['Array'], push=lambda this, *v: this.items.extend(v) or float(len(this.items)), pop=lambda this, *a: this.items.pop() if this.items else UNDEFINED,
        shift=lambda this, *a: this.items.pop(0) if this.items else UNDEFINED, unshift=lambda this, *v: this.items.__setitem__(slice(0, 0), v) or float(len(this.items)),
        slice=lambda this, s=UNDEFINED, e=UNDEFINED, *a: Array([v for _, v in each(this)][within(s, len(each(this)), 0):within(e, len(each(this)), len(each(this)))]), splice=splice,
        concat=lambda this, *v: Array(this.items + [i for x in v for i in (x.items if isinstance(x, Array) else [x])]), join=join, toString=join,
        reverse=lambda this, *a: this.items.reverse() or this, indexOf=index, includes=lambda this, v=UNDEFINED, *a: index(this, v) >= 0, sort=sort,
        map=lambda this, f, *a: Array([f.call(UNDEFINED, [v, float(i), this]) for i, v in each(this)]),
        forEach=lambda this, f, *a: [f.call(UNDEFINED, [v, float(i), this]) for i, v in each(this)] and UNDEFINED or UNDEFINED,
        filter=lambda this, f, *a: Array([v for i, v in each(this) if truth(f.call(UNDEFINED, [v, float(i), this]))]), reduce=reduce_,
        find=lambda this, f, *a: found(this, f, UNDEFINED, lambda i, v: v), findIndex=lambda this, f, *a: found(this, f, -1.0, lambda i, v: float(i)),
        some=lambda this, f, *a: found(this, f, False, lambda i, v: True),
        every=lambda this, f, *a: all(truth(f.call(UNDEFINED, [v, float(i), this])) for i, v in each(this)),
        flat=lambda this, d=1.0, *a: Array(flat(this.items, integer(d))), fill=lambda this, v=UNDEFINED, *a: this.items.__setitem__(slice(None), [v] * len(this.items)) or this,
        keys=lambda this, *a: Array([float(i) for i, _ in each(this)]), entries=lambda this, *a: Array([Array([float(i), v]) for i, v in each(this)]),
        flatMap=lambda this, f, *a: Array(flat([f.call(UNDEFINED, [v, float(i), this]) for i, v in each(this)], 1)),
        at=lambda this, i=0.0, *a: this.items[integer(i)] if -len(this.items) <= integer(i) < len(this.items) else UNDEFINED)


def array_from(this, v=UNDEFINED, f=UNDEFINED, *a):
    items = list(iterate(v)) if isinstance(v, (str, Array)) or hasattr(v, 'iterate') else [v.get(str(i)) for i in range(integer(v.get('length')))]
    return Array([f.call(UNDEFINED, [x, float(i)]) for i, x in enumerate(items)] if isinstance(f, Function) else items)


methods(GLOBAL.props['Array'], isArray=lambda this, v=UNDEFINED, *a: isinstance(v, Array), from_=array_from, of=lambda this, *v: Array(list(v)))


# RegExp
class RegExp(Object):
    kind = 'RegExp'

    def __init__(self, source, flags):
        super().__init__()
        text = re.sub(r'\(\?<(?![=!])', '(?P<', source).replace('\\/', '/').replace('[^]', '[\\s\\S]').replace('$', '$' if 'm' in flags else '\\Z')
        text = re.sub(r'\\\\Z', r'\\$', text).replace('\\\\Z', '\\$')
        try:
            self.re = re.compile(text, (re.I if 'i' in flags else 0) | (re.M if 'm' in flags else 0) | (re.S if 's' in flags else 0))
        except re.error:
            raise error('SyntaxError', 'Invalid regular expression: /%s/' % source)
        self.props.update(source=source, flags=flags, lastIndex=0.0)
        self.props['global'] = 'g' in flags


def match_object(m):
    a = Array([m.group()] + [UNDEFINED if g is None else g for g in m.groups()])
    a.props.update(index=float(m.start()), input=m.string)
    a.props['groups'] = Object(None, **{k: UNDEFINED if v is None else v for k, v in m.groupdict().items()}) if m.groupdict() else UNDEFINED
    return a


def execute(this, text=UNDEFINED, *a):
    start = int(this.props['lastIndex']) if this.props['global'] else 0
    m = this.re.search(to_text(text), start)
    this.props['lastIndex'] = float(m.end()) if m and this.props['global'] else 0.0
    return match_object(m) if m else None


constructor('RegExp', lambda this, source='', flags='', *a: RegExp(source.props['source'] if isinstance(source, RegExp) else to_text(source), '' if flags is UNDEFINED else to_text(flags)))
methods(PROTOTYPES['RegExp'], test=lambda this, *a: execute(this, *a) is not None, exec=execute, toString=lambda this, *a: '/%s/%s' % (this.props['source'], this.props['flags']))


# String
def as_pattern(p):
    return p.re if isinstance(p, RegExp) else re.compile(re.escape(to_text(p)))


def replace(this, p, by, *a, everywhere=False):
    def one(m):
        if isinstance(by, Function):
            return to_text(by.call(UNDEFINED, [m.group()] + list(m.groups()) + [float(m.start()), m.string]))
        return re.sub(r'\$(\$|&|\d{1,2}|<\w+>)', lambda d: {'$': '$', '&': m.group()}.get(d.group(1)) or (m.group(int(d.group(1))) or '' if d.group(1).isdigit() else m.group(d.group(1)[1:-1]) or ''), to_text(by))
    return as_pattern(p).sub(one, to_text(this), 0 if everywhere or (isinstance(p, RegExp) and p.props['global']) else 1)


def split(this, by=UNDEFINED, most=UNDEFINED, *a):
    text = to_text(this)
    parts = [text] if by is UNDEFINED else list(text) if by == '' else as_pattern(by).split(text) if isinstance(by, RegExp) else text.split(to_text(by))
    return Array(parts if most is UNDEFINED else parts[:integer(most)])


def match(this, p=UNDEFINED, *a):
    if isinstance(p, RegExp) and p.props['global']:
        all_ = [m.group() for m in p.re.finditer(to_text(this))]
        return Array(all_) if all_ else None
    m = as_pattern(p).search(to_text(this))
    return match_object(m) if m else None


def pad(this, size, by, left):
    text, by = to_text(this), ' ' if by is UNDEFINED else to_text(by)
    n = min(integer(size), 1 << 20) - len(text)
    filler = (by * (n // len(by) + 1))[:n] if n > 0 and by else ''
    return filler + text if left else text + filler


def substring(this, s=UNDEFINED, e=UNDEFINED, *a):
    text = to_text(this)
    a_, b = max(0, min(integer(s), len(text))), max(0, min(integer(e, len(text)), len(text)))
    return text[min(a_, b):max(a_, b)]


def code_at(this, i=0.0, *a):
    text = to_text(this)
    return float(ord(text[integer(i)])) if 0 <= integer(i) < len(text) else math.nan


def repeat(this, n=0.0, *a):
    if integer(n) < 0 or len(to_text(this)) * integer(n) > 1 << 24:
        raise error('RangeError', 'Invalid count value: ' + to_text(n))
    return to_text(this) * integer(n)


methods(PROTOTYPES['String'], toString=lambda this, *a: this, valueOf=lambda this, *a: this, charAt=lambda this, i=0.0, *a: to_text(this)[integer(i):integer(i) + 1], charCodeAt=code_at,
        codePointAt=code_at, indexOf=lambda this, t='undefined', s=0.0, *a: float(to_text(this).find(to_text(t), integer(s))), lastIndexOf=lambda this, t, *a: float(to_text(this).rfind(to_text(t))),
        includes=lambda this, t, *a: to_text(t) in to_text(this), startsWith=lambda this, t, *a: to_text(this).startswith(to_text(t)), endsWith=lambda this, t, *a: to_text(this).endswith(to_text(t)),
        slice=lambda this, s=UNDEFINED, e=UNDEFINED, *a: to_text(this)[within(s, len(this), 0):within(e, len(this), len(this))], substring=substring,
        substr=lambda this, s=UNDEFINED, n=UNDEFINED, *a: to_text(this)[within(s, len(this), 0):][:max(integer(n, len(this)), 0)], split=split, replace=replace,
        replaceAll=lambda this, p, by, *a: replace(this, p, by, everywhere=True), match=match, matchAll=lambda this, p, *a: Array([match_object(m) for m in as_pattern(p).finditer(to_text(this))]),
        search=lambda this, p, *a: float((lambda m: m.start() if m else -1)(as_pattern(p).search(to_text(this)))), trim=lambda this, *a: to_text(this).strip(), trimStart=lambda this, *a: to_text(this).lstrip(),
        trimEnd=lambda this, *a: to_text(this).rstrip(), toUpperCase=lambda this, *a: to_text(this).upper(), toLowerCase=lambda this, *a: to_text(this).lower(), repeat=repeat,
        concat=lambda this, *a: to_text(this) + ''.join(to_text(x) for x in a), padStart=lambda this, n, by=UNDEFINED, *a: pad(this, n, by, True), padEnd=lambda this, n, by=UNDEFINED, *a: pad(this, n, by, False),
        at=lambda this, i=0.0, *a: (this[integer(i)] if -len(this) <= integer(i) < len(this) else UNDEFINED), localeCompare=lambda this, o, *a: float((this > o) - (this < o)))
for key, tag in (('big', 'big'), ('blink', 'blink'), ('bold', 'b'), ('fixed', 'tt'), ('italics', 'i'), ('small', 'small'), ('strike', 'strike'), ('sub', 'sub'), ('sup', 'sup')):
    PROTOTYPES['String'].props[key] = native(lambda this, *a, tag=tag: '<%s>%s</%s>' % (tag, to_text(this), tag), key)
methods(GLOBAL.props['String'], fromCharCode=lambda this, *c: ''.join(chr(integer(x) & 0xffff) for x in c), fromCodePoint=lambda this, *c: ''.join(chr(integer(x)) for x in c),
        raw=lambda this, s, *v: ''.join(x for pair in zip(s.items, [to_text(y) for y in v] + ['']) for x in pair))


# Number, Math
def fixed(this, digits=0.0, *a):
    from decimal import Decimal, ROUND_HALF_UP
    n = to_number(this)
    return number_text(n) if n != n or abs(n) >= 1e21 else str(Decimal(n).quantize(Decimal(1).scaleb(-integer(digits)), rounding=ROUND_HALF_UP))


methods(PROTOTYPES['Number'], toString=lambda this, base=10.0, *a: number_text(to_number(this), 10 if base is UNDEFINED else integer(base)), valueOf=lambda this, *a: this, toFixed=fixed,
        toLocaleString=lambda this, *a: '{:,}'.format(int(this) if this == int(this) else round(this, 3)), toPrecision=lambda this, n=UNDEFINED, *a: '%.*g' % (integer(n, 6), this))
methods(PROTOTYPES['Boolean'], toString=lambda this, *a: to_text(this), valueOf=lambda this, *a: this)


def parse_int(this, text='', base=UNDEFINED, *a):
    text, b = to_text(text).strip().lower(), integer(base)
    sign = -1 if text[:1] == '-' else 1
    text = text.lstrip('+-')
    if b in (0, 16) and text[:2] == '0x':
        text, b = text[2:], 16
    b = b or 10
    digits = '0123456789abcdefghijklmnopqrstuvwxyz'[:b]
    n = next((i for i, c in enumerate(text) if c not in digits), len(text))
    return float(sign * int(text[:n], b)) if n else math.nan


def parse_float(this, text='', *a):
    m = re.match(r'\s*([+-]?(?:Infinity|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?))', to_text(text))
    return to_number(m.group(1)) if m else math.nan


GLOBAL.props.update(parseInt=native(parse_int, 'parseInt'), parseFloat=native(parse_float, 'parseFloat'), NaN=math.nan, Infinity=math.inf, undefined=UNDEFINED,
                    isNaN=native(lambda this, v=UNDEFINED, *a: to_number(v) != to_number(v), 'isNaN'), isFinite=native(lambda this, v, *a: math.isfinite(to_number(v)), 'isFinite'))
methods(GLOBAL.props['Number'], parseInt=parse_int, parseFloat=parse_float, isInteger=lambda this, v, *a: isinstance(v, float) and v == math.floor(v), isNaN=lambda this, v=UNDEFINED, *a: isinstance(v, float) and v != v)
GLOBAL.props['Number'].props.update(MAX_SAFE_INTEGER=float((1 << 53) - 1), EPSILON=2.0 ** -52, MAX_VALUE=1.7976931348623157e308)


def rounded(f):
    return lambda this, v=UNDEFINED, *a: float(f(to_number(v))) if math.isfinite(to_number(v)) else to_number(v)


def real(f):
    def run(this, *a):
        try:
            return float(f(*(to_number(x) for x in a)))
        except (ValueError, OverflowError, ZeroDivisionError, TypeError):
            return math.nan
    return run


GLOBAL.props['Math'] = Object(None, PI=math.pi, E=math.e, SQRT2=math.sqrt(2), LN2=math.log(2), LN10=math.log(10))
methods(GLOBAL.props['Math'], floor=rounded(math.floor), ceil=rounded(math.ceil), round=rounded(lambda v: math.floor(v + 0.5)), trunc=rounded(math.trunc), abs=real(abs), sqrt=real(math.sqrt),
        max=lambda this, *a: max([to_number(x) for x in a], default=-math.inf), min=lambda this, *a: min([to_number(x) for x in a], default=math.inf), random=lambda this, *a: random.random(),
        pow=lambda this, a, b, *c: power(to_number(a), to_number(b)), sin=real(math.sin), cos=real(math.cos), tan=real(math.tan), log=real(math.log), log2=real(math.log2), log10=real(math.log10),
        exp=real(math.exp), sign=real(lambda v: (v > 0) - (v < 0)), hypot=real(math.hypot), cbrt=real(lambda v: math.copysign(round(abs(v) ** (1 / 3), 12), v)), atan=real(math.atan), atan2=real(math.atan2))


# JSON
def to_json(v, indent, level=0):
    if isinstance(v, Object) and isinstance(v.get('toJSON'), Function):
        v = v.get('toJSON').call(v, [])
    if v is None or isinstance(v, bool):
        return {None: 'null', True: 'true', False: 'false'}[v]
    if isinstance(v, float):
        return number_text(v) if math.isfinite(v) else 'null'
    if isinstance(v, str):
        return json.dumps(v, ensure_ascii=False)
    if v is UNDEFINED or isinstance(v, Function):
        return None
    if level > 100:
        raise error('TypeError', 'Converting circular structure to JSON')
    open_, close = ('\n' + indent * (level + 1), '\n' + indent * level) if indent else ('', '')
    if isinstance(v, Array):
        parts = [to_json(i, indent, level + 1) or 'null' for i in v.items]
        return '[' + (open_ + (',' + open_).join(parts) + close if parts else '') + ']'
    pairs = [(k, to_json(v.get(k), indent, level + 1)) for k in v.keys()]
    parts = [json.dumps(k, ensure_ascii=False) + (': ' if indent else ':') + t for k, t in pairs if t is not None]
    return '{' + (open_ + (',' + open_).join(parts) + close if parts else '') + '}'


def from_python(v):
    if isinstance(v, dict):
        return Object(None, **{k: from_python(x) for k, x in v.items()})
    if isinstance(v, list):
        return Array([from_python(x) for x in v])
    return float(v) if isinstance(v, (int, float)) and not isinstance(v, bool) else v


def parse_json(this, text=UNDEFINED, *a):
    try:
        return from_python(json.loads(to_text(text)))
    except ValueError:
        raise error('SyntaxError', 'Unexpected token %s in JSON at position 0' % to_text(text)[:1])


def stringify(this, v=UNDEFINED, f=UNDEFINED, space=UNDEFINED, *a):
    text = to_json(v, ' ' * integer(space) if isinstance(space, float) else space if isinstance(space, str) else '')
    return UNDEFINED if text is None else text


GLOBAL.props['JSON'] = Object()
methods(GLOBAL.props['JSON'], stringify=stringify, parse=parse_json)


# Error
def make_error(kind):
    def construct(this, args):
        e = Object(PROTOTYPES[kind])
        e.kind = 'Error'
        if args and args[0] is not UNDEFINED:
            e.props['message'] = to_text(args[0])
        return e
    c = Function(kind, construct)
    PROTOTYPES.setdefault(kind, Object(PROTOTYPES['Error']))
    PROTOTYPES[kind].props.update(constructor=c, name=kind, message='')
    PROTOTYPES[kind].accessors = {'stack': [native(lambda this, *a: error_text(this) + '\n    at <anonymous>'), None]}
    c.props.update(prototype=PROTOTYPES[kind], captureStackTrace=native(lambda this, *a: UNDEFINED))
    GLOBAL.props[kind] = c


def error_text(e):
    text = to_text(e.get('message'))
    return to_text(e.get('name')) + (': ' + text if text else '')


for kind in ('Error', 'TypeError', 'ReferenceError', 'SyntaxError', 'RangeError', 'EvalError', 'URIError'):
    make_error(kind)
methods(PROTOTYPES['Error'], toString=lambda this, *a: error_text(this))


# Map, Set
class Table(Object):
    def __init__(self, kind):
        self.kind, self.table = kind, {}
        super().__init__()

    def iterate(self):
        return [Array([k, v]) if self.kind == 'Map' else k for k, v in self.table.values()]


def make_table(kind):
    def construct(this, given=UNDEFINED, *a):
        t = Table(kind)
        for item in iterate(given) if given is not UNDEFINED and given is not None else []:
            k, v = item.items[:2] if kind == 'Map' else (item, item)
            t.table[table_key(k)] = (k, v)
        return t
    constructor(kind, construct)
    store = lambda this, k=UNDEFINED, v=UNDEFINED, *a: this.table.__setitem__(table_key(k), (k, v)) or this
    PROTOTYPES[kind].accessors = {'size': [native(lambda this, *a: float(len(this.table))), None]}
    methods(PROTOTYPES[kind], set=store, add=store, get=lambda this, k=UNDEFINED, *a: this.table.get(table_key(k), (0, UNDEFINED))[1], has=lambda this, k=UNDEFINED, *a: table_key(k) in this.table,
            delete=lambda this, k=UNDEFINED, *a: this.table.pop(table_key(k), None) is not None, clear=lambda this, *a: this.table.clear() or UNDEFINED,
            forEach=lambda this, f, *a: [f.call(UNDEFINED, [v, k, this]) for k, v in list(this.table.values())] and UNDEFINED or UNDEFINED,
            keys=lambda this, *a: Array([k for k, _ in this.table.values()]), values=lambda this, *a: Array([v if kind == 'Map' else k for k, v in this.table.values()]),
            entries=lambda this, *a: Array(this.iterate()))


def table_key(k):
    return id(k) if isinstance(k, Object) else (type_of(k), k if k is not UNDEFINED else 0)


make_table('Map')
make_table('Set')

# Date: the clock and its ISO form
constructor('Date', lambda this, *a: make_date(a))
GLOBAL.props['Date'].props['now'] = native(lambda this, *a: float(int(time.time() * 1000)), 'now')


def make_date(args):
    d = Object(PROTOTYPES['Date'])
    d.props['%time'] = float(int(time.time() * 1000)) if not args else to_number(args[0])
    return d


def utc(form, cast):
    return lambda this, *a: cast(time.strftime(form, time.gmtime(this.props['%time'] / 1000)))


methods(PROTOTYPES['Date'], getTime=lambda this, *a: this.props['%time'], valueOf=lambda this, *a: this.props['%time'], getFullYear=utc('%Y', float), getDate=utc('%d', float), getHours=utc('%H', float),
        getMinutes=utc('%M', float), getSeconds=utc('%S', float), getMonth=lambda this, *a: float(time.gmtime(this.props['%time'] / 1000).tm_mon - 1),
        toISOString=lambda this, *a: time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(this.props['%time'] / 1000)) + '.%03dZ' % (this.props['%time'] % 1000),
        toString=utc('%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)', str), getTimezoneOffset=lambda this, *a: 0.0)
PROTOTYPES['Date'].props['toJSON'] = PROTOTYPES['Date'].props['toISOString']


# What the web has
def unescape_text(this, text='', *a):
    return re.sub(r'%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})', lambda m: chr(int(m.group(1) or m.group(2), 16)), to_text(text))


def decode_uri(this, text='', *a):
    try:
        return urllib.parse.unquote(to_text(text), errors='strict')
    except UnicodeDecodeError:
        raise error('URIError', 'URI malformed')


GLOBAL.props.update(
    encodeURIComponent=native(lambda this, t='undefined', *a: urllib.parse.quote(to_text(t), safe="-_.!~*'()"), 'encodeURIComponent'), decodeURIComponent=native(decode_uri, 'decodeURIComponent'),
    encodeURI=native(lambda this, t='', *a: urllib.parse.quote(to_text(t), safe="-_.!~*'();/?:@&=+$,#"), 'encodeURI'), decodeURI=native(decode_uri, 'decodeURI'), unescape=native(unescape_text, 'unescape'),
    escape=native(lambda this, t='', *a: ''.join(c if c.isalnum() and c.isascii() or c in '@*_+-./' else '%%%02X' % ord(c) if ord(c) < 256 else '%%u%04X' % ord(c) for c in to_text(t)), 'escape'),
    atob=native(lambda this, t='', *a: base64.b64decode(to_text(t) + '==').decode('latin-1'), 'atob'), btoa=native(lambda this, t='', *a: base64.b64encode(to_text(t).encode('latin-1', 'replace')).decode(), 'btoa'))
