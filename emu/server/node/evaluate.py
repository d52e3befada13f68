# SPDX-License-Identifier: GPL-2.0-or-later
"""JavaScript's values and what trees of it do. Trees become closures once; a closure takes the scope it runs in."""
import math


class Undefined:
    def __repr__(self):
        return 'undefined'


UNDEFINED = Undefined()


class Thrown(Exception):
    def __init__(self, value):
        self.value = value


class Break(Exception):
    pass


class Continue(Exception):
    pass


class Return(Exception):
    def __init__(self, value):
        self.value = value


class Object:
    """props: name to value; accessors: name to [getter, setter]."""
    kind = 'Object'

    def __init__(self, proto=None, **props):
        self.props, self.accessors = props, None
        self.proto = proto if proto is not None else PROTOTYPES.get(self.kind)

    def get(self, key, this=None):
        o = self
        while o is not None:
            if key in o.props:
                return o.props[key]
            if o.accessors and key in o.accessors:
                getter = o.accessors[key][0]
                return getter.call(this or self, []) if getter else UNDEFINED
            o = o.proto
        return UNDEFINED

    def has(self, key):
        o = self
        while o is not None:
            if key in o.props or (o.accessors and key in o.accessors):
                return True
            o = o.proto
        return False

    def set(self, key, value):
        o = self
        while o is not None:
            if o.accessors and key in o.accessors:
                setter = o.accessors[key][1]
                if setter:
                    setter.call(self, [value])
                return
            o = o.proto
        self.props[key] = value

    def delete(self, key):
        self.props.pop(key, None)

    def keys(self):
        return [k for k in self.props if not k.startswith('%')]


class Array(Object):
    kind = 'Array'

    def __init__(self, items):
        super().__init__()
        self.items = items

    def get(self, key, this=None):
        if key == 'length':
            return float(len(self.items))
        if key.isdigit():
            return self.items[int(key)] if int(key) < len(self.items) else UNDEFINED
        return super().get(key, this)

    def has(self, key):
        return int(key) < len(self.items) if key.isdigit() else key == 'length' or super().has(key)

    def set(self, key, value):
        if key.isdigit() and int(key) < 1 << 20:
            i = int(key)
            self.items.extend([UNDEFINED] * (i + 1 - len(self.items)))
            self.items[i] = value
        elif key == 'length':
            del self.items[int(to_number(value)):]
        else:
            self.props[key] = value

    def keys(self):
        return [str(i) for i in range(len(self.items))] + super().keys()


class Function(Object):
    kind = 'Function'

    def __init__(self, name, native=None, length=0):
        super().__init__()
        self.name, self.native, self.fields, self.parent, self.length = name, native, None, None, length

    def call(self, this, args, new=False):
        return self.native(this, args)

    def get(self, key, this=None):
        if key == 'name' and key not in self.props:
            return self.name
        if key == 'length' and key not in self.props:
            return float(self.length)
        if key == 'prototype' and key not in self.props:
            self.props[key] = Object()
            self.props[key].props['constructor'] = self
        return super().get(key, this)

    def keys(self):
        return [k for k in super().keys() if k != 'prototype']

    def construct(self, args):
        proto = self.get('prototype')
        this = Object(proto if isinstance(proto, Object) else None)
        root = self
        while root.parent is not None:
            root = root.parent
        if root.native:
            made = root.native(None, args)
            if isinstance(made, Object):
                if root is not self:
                    made.proto = this.proto
                    this = made
                else:
                    return made
        if self.fields is not None:
            self.fields(this)
        result = self.call(this, args, True)
        return result if isinstance(result, Object) else this


class Closure(Function):
    def __init__(self, name, parameters, body, scope, arrow, is_async):
        super().__init__(name, None, len(parameters))
        self.parameters, self.body, self.scope, self.arrow, self.is_async = parameters, body, scope, arrow, is_async

    def call(self, this, args, new=False):
        scope = Scope(self.scope)
        if not self.arrow:
            scope.names['this'] = GLOBAL if this is UNDEFINED or this is None else this
            scope.names['arguments'] = Array(list(args))
            scope.names['%function'] = self
        if self.is_async:
            return settle(lambda: self.run(scope, args))
        return self.run(scope, args)

    def run(self, scope, args):
        for i, (bind, default, rest) in enumerate(self.parameters):
            value = Array(list(args[i:])) if rest else args[i] if i < len(args) else UNDEFINED
            if value is UNDEFINED and default:
                value = default(scope)
            bind(scope, value, True)
        try:
            self.body(scope)
        except Return as r:
            return r.value
        return UNDEFINED


class Scope:
    __slots__ = ('names', 'above', 'fixed')

    def __init__(self, above):
        self.names, self.above, self.fixed = {}, above, None

    def find(self, name):
        s = self
        while s is not None:
            if name in s.names:
                return s
            s = s.above
        return None


PROTOTYPES = {}
STEPS = [0]
GLOBAL = Object()
settle = lambda run: run()


def error(kind, text):
    constructor = GLOBAL.props.get(kind)
    return Thrown(constructor.construct([text]) if constructor else text)


def number_text(v, base=10):
    if v != v:
        return 'NaN'
    if v in (math.inf, -math.inf):
        return 'Infinity' if v > 0 else '-Infinity'
    if base != 10:
        return radix(v, base)
    text = repr(v)
    if v == int(v) and abs(v) < 1e21:
        whole = str(int(v))
        digits = text.partition('e')[0].replace('.', '').lstrip('-')
        digits = digits[:-1] if text.endswith('.0') else digits
        return whole if abs(v) < 1 << 53 else ('-' if v < 0 else '') + digits + '0' * (len(whole.lstrip('-')) - len(digits))
    if 'e' in text:
        digits, exponent = text.split('e')
        power = int(exponent)
        if -7 < power < 0:
            return '%.*f' % (len(digits.replace('.', '').replace('-', '')) - 1 - power, v)
        return '%se%s%d' % (digits[:-2] if digits.endswith('.0') else digits, '+' if power > 0 else '-', abs(power))
    return text


def radix(v, base):
    digits, whole, part = '0123456789abcdefghijklmnopqrstuvwxyz', int(abs(v)), abs(v) - int(abs(v))
    text = ''
    while whole:
        text = digits[whole % base] + text
        whole //= base
    text = ('-' if v < 0 else '') + (text or '0')
    if part:
        text += '.'
        for _ in range(52):
            part *= base
            text += digits[int(part)]
            part -= int(part)
            if not part:
                break
    return text


def to_primitive(v, hint='default'):
    if not isinstance(v, Object):
        return v
    for name in (('toString', 'valueOf') if hint == 'string' else ('valueOf', 'toString')):
        method = v.get(name)
        if isinstance(method, Function):
            result = method.call(v, [])
            if not isinstance(result, Object):
                return result
    raise error('TypeError', 'Cannot convert object to primitive value')


def to_text(v):
    if isinstance(v, str):
        return v
    if v is UNDEFINED:
        return 'undefined'
    if v is None:
        return 'null'
    if v is True or v is False:
        return 'true' if v else 'false'
    if isinstance(v, (float, int)):
        return number_text(v)
    return to_text(to_primitive(v, 'string'))


def to_number(v):
    if isinstance(v, bool):
        return 1.0 if v else 0.0
    if isinstance(v, (float, int)):
        return float(v)
    if v is UNDEFINED:
        return math.nan
    if v is None:
        return 0.0
    if isinstance(v, str):
        text = v.strip()
        try:
            if text[:2].lower() in ('0x', '0b', '0o'):
                return float(int(text, 0))
            if '_' in text or text.lower().lstrip('+-') in ('inf', 'nan', 'infinity'):
                return {'Infinity': math.inf, '+Infinity': math.inf, '-Infinity': -math.inf}.get(text, math.nan)
            return float(text) if text else 0.0
        except ValueError:
            return math.nan
    return to_number(to_primitive(v, 'number'))


def to_int32(v, signed=True):
    n = to_number(v)
    if n != n or n in (math.inf, -math.inf):
        return 0
    i = int(n) & 0xffffffff
    return i - (1 << 32) if signed and i >= 1 << 31 else i


def truth(v):
    return not (v is UNDEFINED or v is None or v is False or v == '' or (isinstance(v, float) and (v == 0 or v != v)))


def type_of(v):
    if v is UNDEFINED:
        return 'undefined'
    if isinstance(v, bool):
        return 'boolean'
    if isinstance(v, (float, int)):
        return 'number'
    if isinstance(v, str):
        return 'string'
    return 'function' if isinstance(v, Function) else 'object'


def strict_equal(a, b):
    if isinstance(a, Object) or isinstance(b, Object) or a is None or b is None or a is UNDEFINED or b is UNDEFINED:
        return a is b
    return type_of(a) == type_of(b) and a == b


def loose_equal(a, b):
    nothing = lambda v: v is None or v is UNDEFINED
    if nothing(a) or nothing(b):
        return nothing(a) and nothing(b)
    if isinstance(a, Object) and isinstance(b, Object):
        return a is b
    if isinstance(a, Object) or isinstance(b, Object):
        return loose_equal(to_primitive(a), to_primitive(b))
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    return to_number(a) == to_number(b)


def compare(a, b, test):
    a, b = to_primitive(a, 'number'), to_primitive(b, 'number')
    if isinstance(a, str) and isinstance(b, str):
        return test(a, b)
    return test(to_number(a), to_number(b))


def add(a, b):
    a, b = to_primitive(a), to_primitive(b)
    if isinstance(a, str) or isinstance(b, str):
        a, b = to_text(a), to_text(b)
        if len(a) + len(b) > 1 << 24:
            raise error('RangeError', 'Invalid string length')
        return a + b
    return to_number(a) + to_number(b)


def divide(a, b):
    if b == 0:
        return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1, b)
    return a / b


def modulo(a, b):
    return math.nan if b == 0 or a != a or b != b or a in (math.inf, -math.inf) else math.fmod(a, b)


def power(a, b):
    try:
        r = a ** b
        return r if isinstance(r, float) else math.nan
    except (OverflowError, ZeroDivisionError):
        return math.inf


def instance_of(a, b):
    if not isinstance(b, Function):
        raise error('TypeError', 'Right-hand side of \'instanceof\' is not callable')
    proto, o = b.get('prototype'), a.proto if isinstance(a, Object) else None
    while o is not None:
        if o is proto:
            return True
        o = o.proto
    return False


OPERATORS = {
    '+': add, '-': lambda a, b: to_number(a) - to_number(b), '*': lambda a, b: to_number(a) * to_number(b),
    '/': lambda a, b: divide(to_number(a), to_number(b)), '%': lambda a, b: modulo(to_number(a), to_number(b)),
    '**': lambda a, b: power(to_number(a), to_number(b)), '===': strict_equal, '!==': lambda a, b: not strict_equal(a, b),
    '==': loose_equal, '!=': lambda a, b: not loose_equal(a, b), '<': lambda a, b: compare(a, b, lambda x, y: x < y),
    '>': lambda a, b: compare(a, b, lambda x, y: x > y), '<=': lambda a, b: compare(a, b, lambda x, y: x <= y),
    '>=': lambda a, b: compare(a, b, lambda x, y: x >= y), '&': lambda a, b: float(to_int32(a) & to_int32(b)),
    '|': lambda a, b: float(to_int32(a) | to_int32(b)), '^': lambda a, b: float(to_int32(a) ^ to_int32(b)),
    '<<': lambda a, b: float(to_int32(float(to_int32(a) << (to_int32(b) & 31)))), '>>': lambda a, b: float(to_int32(a) >> (to_int32(b) & 31)),
    '>>>': lambda a, b: float(to_int32(a, False) >> (to_int32(b) & 31)), 'instanceof': instance_of,
    'in': lambda a, b: isinstance(b, Object) and b.has(key_text(a)),
}
UNARY = {'!': lambda v: not truth(v), '-': lambda v: -to_number(v), '+': to_number, '~': lambda v: float(~to_int32(v)), 'void': lambda v: UNDEFINED}


def key_text(v):
    return v if isinstance(v, str) else to_text(v)


def get_member(o, key):
    if isinstance(o, Object):
        return o.get(key)
    if o is UNDEFINED or o is None:
        raise error('TypeError', 'Cannot read properties of %s (reading \'%s\')' % (to_text(o), key))
    if isinstance(o, str):
        if key == 'length':
            return float(len(o))
        if key.isdigit():
            return o[int(key)] if int(key) < len(o) else UNDEFINED
        return PROTOTYPES['String'].get(key, o)
    return PROTOTYPES['Boolean' if isinstance(o, bool) else 'Number'].get(key, o)


def set_member(o, key, value):
    if isinstance(o, Object):
        o.set(key, value)
    elif o is UNDEFINED or o is None:
        raise error('TypeError', 'Cannot set properties of %s (setting \'%s\')' % (to_text(o), key))


def call_value(f, this, args, name):
    if not isinstance(f, Function):
        raise error('TypeError', '%s is not a function' % name)
    return f.call(this, args)


def iterate(v):
    if isinstance(v, str):
        return list(v)
    if isinstance(v, Array):
        return v.items
    if isinstance(v, Object) and hasattr(v, 'iterate'):
        return v.iterate()
    raise error('TypeError', '%s is not iterable' % (type_of(v) if isinstance(v, Object) else to_text(v)))


def describe(n):
    if n[0] == 'name':
        return n[1]
    if n[0] == 'member':
        return describe(n[1]) + ('.' + n[2][1] if n[2][0] == 'literal' and isinstance(n[2][1], str) else '[...]')
    return '(intermediate value)'
