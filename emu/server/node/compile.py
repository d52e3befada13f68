# SPDX-License-Identifier: GPL-2.0-or-later
"""Trees of JavaScript made into closures: expressions, patterns, statements."""
from parse import Parser
from evaluate import *
import evaluate

STATEMENTS = {}  # statements.py fills it


def expression(n):
    return EXPRESSIONS[n[0]](n)


def literal(n):
    value = n[1]
    return lambda s: value


def name(n):
    text = n[1]

    def run(s):
        found = s.find(text)
        if found is not None:
            return found.names[text]
        if GLOBAL.has(text):
            return GLOBAL.get(text)
        if text == 'this':
            return GLOBAL
        raise error('ReferenceError', text + ' is not defined')
    return run


def values(nodes):
    made = [(m[0] == 'spread', expression(m[1] if m[0] == 'spread' else m)) for m in nodes]

    def run(s):
        out = []
        for spread, e in made:
            if spread:
                out.extend(iterate(e(s)))
            else:
                out.append(e(s))
        return out
    return run


def array(n):
    items = values(n[1])
    return lambda s: Array(items(s))


def key_of(key):
    if isinstance(key, str):
        return lambda s: key
    e = expression(key)
    return lambda s: key_text(e(s))


def object_(n):
    members = [(kind, None if key is None else key_of(key), expression(value)) for kind, key, value in n[1]]

    def run(s):
        o = Object()
        for kind, key, value in members:
            v = value(s)
            if kind == 'spread':
                if isinstance(v, Object):
                    for k in v.keys():
                        o.props[k] = v.get(k)
            elif kind == 'value':
                k = key(s)
                if k == '__proto__' and (isinstance(v, Object) or v is None):
                    o.proto = v
                else:
                    o.props[k] = v
                if isinstance(v, Function) and not v.name:
                    v.name = k
            else:
                o.accessors = o.accessors or {}
                o.accessors.setdefault(key(s), [None, None])[kind == 'set'] = v
        return o
    return run


def function(n):
    _, text, parameters, body, arrow, is_async = n
    made = [(pattern(p), expression(d) if d else None, rest) for p, d, rest in parameters]
    run = statement(body, True)

    def make(s):
        f = Closure(text, made, run, s, arrow, is_async)
        if text and not arrow:
            f.scope = Scope(s)
            f.scope.names[text] = f
        return f
    return make


def class_(n):
    _, text, parent, members = n
    above = expression(parent) if parent else None
    made = [(static, kind, key_of(key), expression(value)) for static, kind, key, value in members]

    def run(s):
        base = above(s) if above else None
        inner = Scope(s)
        constructor, fields = None, []
        for static, kind, key, value in made:
            if kind == 'method' and not static and key(inner) == 'constructor':
                constructor = value(inner)
        c = constructor or Function(text, (lambda this, args: UNDEFINED) if base is None else None)
        if constructor is None and base is not None:
            c.native = None
            c.call = lambda this, args, new=False: base.call(this, args) if base.native is None else UNDEFINED
        c.name, c.parent = text, base
        inner.names[text], inner.names['%base'] = c, base
        proto = c.get('prototype')
        if base is not None:
            proto.proto, c.proto = base.get('prototype'), base
        for static, kind, key, value in made:
            k, on = key(inner), c if static else proto
            if kind == 'field':
                fields.append((static, k, value))
            elif kind == 'method' and (static or k != 'constructor'):
                on.props[k] = value(inner)
            elif kind in ('get', 'set'):
                on.accessors = on.accessors or {}
                on.accessors.setdefault(k, [None, None])[kind == 'set'] = value(inner)
        for static, k, value in fields:
            if static:
                c.props[k] = value(inner)

        def fill(this):
            if base is not None and base.fields:
                base.fields(this)
            scope = Scope(inner)
            scope.names['this'] = this
            for static, k, value in fields:
                if not static:
                    this.props[k] = value(scope)
        c.fields = fill
        return c
    return run


def member(n):
    o, k, optional = expression(n[1]), expression(n[2]), n[3]

    def run(s):
        value = super_of(s) if n[1] == ('name', 'super') else o(s)
        if optional and (value is UNDEFINED or value is None):
            return UNDEFINED
        return get_member(value, key_text(k(s)))
    return run


def super_of(s):
    found = s.find('%base')
    return found.names['%base'].get('prototype') if found and found.names['%base'] else PROTOTYPES['Object']


def call(n):
    target, args, optional, text = n[1], values(n[2]), n[3], describe(n[1])
    if target == ('name', 'super'):
        def construct(s):
            base, this = s.find('%base').names['%base'], s.find('this').names['this']
            if base.native is None:
                base.call(this, args(s))
            else:
                made = base.native(None, args(s))
                if isinstance(made, Object):
                    for k, v in made.props.items():
                        this.props.setdefault(k, v)
            return UNDEFINED
        return construct
    if target[0] == 'member':
        o, k, chained = expression(target[1]), expression(target[2]), target[3]

        def method(s):
            is_super = target[1] == ('name', 'super')
            this = super_of(s) if is_super else o(s)
            if (chained or optional) and (this is UNDEFINED or this is None):
                return UNDEFINED
            f = get_member(this, key_text(k(s)))
            if optional and (f is UNDEFINED or f is None):
                return UNDEFINED
            return call_value(f, s.find('this').names['this'] if is_super else this, args(s), text)
        return method
    f = expression(target)
    if target == ('name', 'eval'):
        return lambda s: evaluate_text(args(s), s, f)

    def plain(s):
        value = f(s)
        if optional and (value is UNDEFINED or value is None):
            return UNDEFINED
        return call_value(value, UNDEFINED, args(s), text)
    return plain


def evaluate_text(args, s, f):
    if not args or not isinstance(args[0], str):
        return args[0] if args else UNDEFINED
    return program(args[0])(s)


def new(n):
    f, args, text = expression(n[1]), values(n[2]), describe(n[1])

    def run(s):
        value = f(s)
        if not isinstance(value, Function):
            raise error('TypeError', text + ' is not a constructor')
        return value.construct(args(s))
    return run


def unary(n):
    op, e = n[1], n[2]
    if op == 'typeof':
        inner = expression(e)

        def type_(s):
            if e[0] == 'name' and s.find(e[1]) is None and not GLOBAL.has(e[1]):
                return 'undefined'
            return type_of(inner(s))
        return type_
    if op == 'delete':
        if e[0] != 'member':
            return lambda s: True
        o, k = expression(e[1]), expression(e[2])

        def delete(s):
            value = o(s)
            if isinstance(value, Object):
                value.delete(key_text(k(s)))
            return True
        return delete
    inner = expression(e)
    if op == 'await':
        return lambda s: evaluate.wait(inner(s))
    apply = UNARY[op]
    return lambda s: apply(inner(s))


def binary(n):
    apply, a, b = OPERATORS[n[1]], expression(n[2]), expression(n[3])
    return lambda s: apply(a(s), b(s))


def logical(n):
    op, a, b = n[1], expression(n[2]), expression(n[3])

    def run(s):
        v = a(s)
        goes_on = truth(v) if op == '&&' else not truth(v) if op == '||' else v is None or v is UNDEFINED
        return b(s) if goes_on else v
    return run


def reference(n):
    """Closures that read and write what may stand left of an assignment."""
    if n[0] == 'name':
        text = n[1]

        def write(s, v):
            found = s.find(text)
            if found is None:
                GLOBAL.set(text, v)
                return
            if found.fixed and text in found.fixed:
                raise error('TypeError', 'Assignment to constant variable.')
            found.names[text] = v
        read = name(n)
        return lambda s: (lambda: read(s), lambda v: write(s, v))
    o, k = expression(n[1]), expression(n[2])

    def both(s):
        value, key = o(s), key_text(k(s))
        return (lambda: get_member(value, key)), (lambda v: set_member(value, key, v))
    return both


def assign(n):
    op, target, e = n[1], n[2], expression(n[3])
    if target[0] in ('arrpattern', 'objpattern'):
        bind = pattern(target)

        def take_apart(s):
            v = e(s)
            bind(s, v, False)
            return v
        return take_apart
    both = reference(target)

    def run(s):
        read, write = both(s)
        if op == '=':
            v = e(s)
            if isinstance(v, Function) and not v.name and target[0] == 'name':
                v.name = target[1]
        elif op in ('&&=', '||=', '??='):
            v = read()
            if (truth(v) if op == '&&=' else not truth(v) if op == '||=' else v is None or v is UNDEFINED):
                v = e(s)
            else:
                return v
        else:
            v = OPERATORS[op[:-1]](read(), e(s))
        write(v)
        return v
    return run


def update(n):
    step, before, both = 1.0 if n[1] == '++' else -1.0, n[2], reference(n[3])

    def run(s):
        read, write = both(s)
        old = to_number(read())
        write(old + step)
        return old + step if before else old
    return run


def conditional(n):
    test, a, b = expression(n[1]), expression(n[2]), expression(n[3])
    return lambda s: a(s) if truth(test(s)) else b(s)


def comma(n):
    a, b = expression(n[1]), expression(n[2])

    def run(s):
        a(s)
        return b(s)
    return run


def template(n):
    strings, parts = n[1], [expression(e) for e in n[2]]

    def run(s):
        out = strings[0]
        for e, text in zip(parts, strings[1:]):
            out += to_text(e(s)) + text
        return out
    return run


def regexp(n):
    return lambda s: GLOBAL.props['RegExp'].construct([n[1], n[2]])


EXPRESSIONS = {
    'literal': literal, 'name': name, 'array': array, 'object': object_, 'function': function, 'class': class_, 'member': member,
    'call': call, 'new': new, 'unary': unary, 'binary': binary, 'logical': logical, 'assign': assign, 'update': update,
    'conditional': conditional, 'comma': comma, 'template': template, 'regexp': regexp, 'undefined': lambda n: lambda s: UNDEFINED,
}


def pattern(n):
    """bind(scope, value, declares)"""
    if n[0] == 'name':
        write = reference(n)

        def bind(s, v, declares):
            if declares:
                s.names[n[1]] = v
            else:
                write(s)[1](v)
        return bind
    if n[0] == 'member':
        both = reference(n)
        return lambda s, v, declares: both(s)[1](v)
    if n[0] == 'arrpattern':
        items = [i and (pattern(i[0]), expression(i[1]) if i[1] else None, i[2]) for i in n[1]]

        def each(s, v, declares):
            all_ = list(iterate(v))
            for i, item in enumerate(items):
                if item is None:
                    continue
                bind, default, rest = item
                one = Array(all_[i:]) if rest else all_[i] if i < len(all_) else UNDEFINED
                bind(s, default(s) if one is UNDEFINED and default else one, declares)
        return each
    members = [(key_of(k), pattern(t), expression(d) if d else None) for k, t, d in n[1]]
    remaining = pattern(n[2]) if n[2] else None

    def fields(s, v, declares):
        taken = []
        for key, bind, default in members:
            taken.append(key(s))
            one = get_member(v, taken[-1])
            bind(s, default(s) if one is UNDEFINED and default else one, declares)
        if remaining:
            remaining(s, Object(None, **{k: v.get(k) for k in v.keys() if k not in taken}), declares)
    return fields


def hoisted(nodes, out):
    """Names that var declares anywhere in these statements."""
    for n in nodes:
        if not isinstance(n, tuple) or n[0] == 'function':
            continue
        if n[0] == 'var' and n[1] == 'var':
            out.extend(t[1] for t, _ in n[2] if t[0] == 'name')
        for part in n[1:]:
            if isinstance(part, tuple):
                hoisted([part], out)
            elif isinstance(part, list):
                hoisted([p for p in part if isinstance(p, tuple)], out)
                for p in part:
                    if isinstance(p, tuple) and len(p) == 2 and isinstance(p[1], list):
                        hoisted(p[1], out)
    return out


def statement(n, whole=False):
    return STATEMENTS[n[0]](n, whole) if n[0] == 'block' else STATEMENTS[n[0]](n)


def block(n, whole=False):
    functions = [(m[1], function(m[2])) for m in n[1] if m[0] == 'declare']
    body = [statement(m) for m in n[1] if m[0] != 'declare']
    names = hoisted(n[1], []) if whole else []

    def run(s):
        scope = s if whole else Scope(s)
        for text in names:
            scope.names.setdefault(text, UNDEFINED)
        for text, make in functions:
            scope.names[text] = make(scope)
        value = UNDEFINED
        for one in body:
            v = one(scope)
            if v is not None or one.__name__ == 'valued':
                value = v
        return value
    return run


def program(source):
    return block(Parser(source).program(), True)
