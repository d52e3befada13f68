# SPDX-License-Identifier: GPL-2.0-or-later
"""Statements of JavaScript made into closures."""
from compile import *
from compile import STATEMENTS
from tokens import ParseError

STEPS_MAX = 3000000


def expression_statement(n):
    e = expression(n[1])

    def valued(s):
        step()
        return e(s)
    return valued


def step():
    STEPS[0] += 1
    if STEPS[0] > STEPS_MAX:
        raise SystemExit(124)


def variables(n):
    _, kind, declared = n
    made = [(t, pattern(t), expression(e) if e else None) for t, e in declared]

    def run(s):
        for target, bind, e in made:
            v = e(s) if e else UNDEFINED
            if isinstance(v, Function) and not v.name and target[0] == 'name':
                v.name = target[1]
            if kind == 'var':
                if e is not None:
                    bind(s, v, target[0] == 'name' and s.find(target[1]) is None)
            else:
                bind(s, v, True)
                if kind == 'const' and target[0] == 'name':
                    s.fixed = (s.fixed or set()) | {target[1]}
    return run


def if_(n):
    test, then, other = expression(n[1]), statement(n[2]), statement(n[3]) if n[3] else None

    def run(s):
        if truth(test(s)):
            return then(s)
        return other(s) if other else None
    return run


def loop(body, s):
    """One turn; True: the loop ends."""
    step()
    try:
        body(s)
    except Break:
        return True
    except Continue:
        pass
    return False


def while_(n):
    test, body = expression(n[1]), statement(n[2])

    def run(s):
        while truth(test(s)):
            if loop(body, s):
                break
    return run


def do(n):
    test, body = expression(n[1]), statement(n[2])

    def run(s):
        while not loop(body, s) and truth(test(s)):
            pass
    return run


def for_(n):
    first, test, after, body = statement(n[1]) if n[1] else None, expression(n[2]) if n[2] else None, expression(n[3]) if n[3] else None, statement(n[4])

    def run(s):
        scope = Scope(s)
        if first:
            first(scope)
        fresh = n[1] is not None and n[1][0] == 'var' and n[1][1] != 'var'
        while test is None or truth(test(scope)):
            if loop(body, scope):
                break
            if fresh:  # each turn has variables of its own
                next_ = Scope(s)
                next_.names.update(scope.names)
                scope = next_
            if after:
                after(scope)
    return run


def each(n):
    _, kind, target, over, body = n
    declares = target[0] == 'var'
    bind, over, run_body = pattern(target[2][0][0] if declares else target), expression(over), statement(body)

    def run(s):
        v = over(s)
        items = iterate(v) if kind == 'of' else ([str(i) for i in range(len(v))] if isinstance(v, str) else v.keys() if isinstance(v, Object) else [])
        for item in list(items):
            scope = Scope(s)
            bind(scope, item, declares)
            if loop(run_body, scope):
                break
    return run


def try_(n):
    _, body, caught, handler, final = n
    body, bind = statement(body), pattern(caught) if caught else None
    handler, final = statement(handler) if handler else None, statement(final) if final else None

    def run(s):
        try:
            try:
                return body(s)
            except (Thrown, RecursionError, ParseError) as e:
                if handler is None:
                    raise
                scope = Scope(s)
                if bind:
                    bind(scope, value_of(e), True)
                return handler(scope)
        finally:
            if final:
                final(s)
    return run


def value_of(e):
    """What JavaScript sees of what Python raised."""
    if isinstance(e, Thrown):
        return e.value
    if isinstance(e, ParseError):
        return error('SyntaxError', str(e)).value
    return error('RangeError', 'Maximum call stack size exceeded').value


def switch(n):
    value, cases = expression(n[1]), [(expression(t) if t else None, [statement(b) for b in body]) for t, body in n[2]]

    def run(s):
        v, scope, last = value(s), Scope(s), UNDEFINED
        start = next((i for i, (t, _) in enumerate(cases) if t and strict_equal(v, t(scope))), None)
        if start is None:
            start = next((i for i, (t, _) in enumerate(cases) if t is None), len(cases))
        try:
            for _, body in cases[start:]:
                for one in body:
                    v = one(scope)
                    last = v if v is not None or one.__name__ == 'valued' else last
        except Break:
            pass
        return last
    return run


def jump(n):
    e = expression(n[1]) if n[1] and n[0] in ('return', 'throw') else None
    kind = n[0]

    def run(s):
        if kind == 'return':
            raise Return(e(s) if e else UNDEFINED)
        if kind == 'throw':
            raise Thrown(e(s))
        if kind in ('break', 'continue'):
            raise Break() if kind == 'break' else Continue()
    return run


STATEMENTS.update({
    'block': block, 'expression': expression_statement, 'var': variables, 'if': if_, 'while': while_, 'do': do, 'for': for_, 'each': each,
    'try': try_, 'switch': switch, 'return': jump, 'throw': jump, 'break': jump, 'continue': jump, 'debugger': jump,
    'empty': lambda n: lambda s: None,
    'declare': lambda n: variables(('var', 'let', [(('name', n[1]), n[2])])),
})
