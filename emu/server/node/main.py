# SPDX-License-Identifier: GPL-2.0-or-later
"""
An application on Node that evaluates what it reads. What the code comes to is shown, as eval() within a handler's answer
shows it; names that a handler has are there unless the open world, asked as a file, says otherwise.
"""
import gc, os, sys
from system import *
from parse import Parser
import compile, evaluate, pages, statements

sys.setrecursionlimit(4000)
HANDLER = {'res': ('res', 'response', 'resp'), 'req': ('req', 'request')}


def run(code):
    scope = outer()
    if re.search(r'\b(?:res|response|resp|req|request)\b', code) and not os.path.exists('/srv/application-names-nothing-so'):
        o = answer()
        for name in HANDLER['res']:
            scope.names[name] = o
        request = Object(None, query=Object(), params=Object(), body=Object(), headers=Object(), cookies=Object(), url='/', method='GET', res=o)
        for name in HANDLER['req']:
            scope.names[name] = request
    if code[:1] in pages.RENDERED:
        return pages.RENDERED[code[0]](code[1:])
    if code[:1] in pages.COMPILED:
        code = pages.COMPILED[code[0]](code[1:])
    elif code.startswith('${'):
        code = '`' + code + '`'
    elif code.startswith('#{'):
        code = pages.pug(code)
    try:
        tree = Parser('(' + code + '\n)').program()
    except ParseError:
        tree = Parser(code).program()
    value = wait(compile.block(tree, True)(scope))
    run_loop()
    return value


def serve():
    evaluate.STEPS[0] = 0
    try:
        run('(()=>{let a=[1,2].map(x=>x+1).join("");return `${a}`+/b/.test("b")+typeof require("os")})()')
    except Thrown:
        pass
    gc.collect()
    gc.freeze()
    code = sys.stdin.buffer.read().decode('utf-8', 'replace')
    status = 0
    try:
        value = run(code)
        if value is not UNDEFINED and not (isinstance(value, Object) and hasattr(value, 'listeners')):
            put(sys.stdout, to_text(value))
    except SystemExit as e:
        status = e.code
    except ParseError as e:
        put(sys.stderr, 'SyntaxError: %s\n' % e)
        status = 1
    except (Thrown, RecursionError) as e:
        value = statements.value_of(e)
        put(sys.stderr, (error_text(value) + '\n    at <anonymous>\n' if isinstance(value, Object) and value.kind == 'Error' else 'Uncaught ' + inspect(value) + '\n'))
        status = 1
    sys.stdout.flush()
    os._exit(status & 255)


if __name__ == '__main__':
    serve()
