# SPDX-License-Identifier: GPL-2.0-or-later
"""What surrounds code in a Node server: process, console, timers, require, and the answer that a handler writes."""
import hashlib, pwd, socket, sys, zlib
from network import *
from compile import program
import statements
from tokens import ParseError

# which of its versions a victim runs nobody knows: another in each state that is kept warm
VERSION = 'v%d.%d.%d' % tuple(a + int.from_bytes(os.urandom(2), 'big') % b for a, b in ((14, 9), (0, 20), (0, 5)))


# console
def inspect(v, depth=2, quoted=True):
    if isinstance(v, str):
        return "'%s'" % v.replace('\\', '\\\\').replace("'", "\\'").replace('\n', '\\n') if quoted else v
    if not isinstance(v, Object):
        return '-0' if isinstance(v, float) and v == 0 and math.copysign(1, v) < 0 else to_text(v)
    if isinstance(v, Function):
        return '[class %s]' % v.name if v.fields else '[Function: %s]' % v.name if v.name else '[Function (anonymous)]'
    if isinstance(v, Buffer):
        return '<Buffer' + ''.join(' %02x' % b for b in v.data[:50]) + '>'
    if isinstance(v, Promise):
        return 'Promise { %s }' % ('<pending>' if v.state is None else inspect(v.value) if v.state == 'fulfilled' else '<rejected> ' + inspect(v.value))
    if v.kind == 'Error':
        return error_text(v)
    if isinstance(v, RegExp):
        return to_text(v)
    if depth < 0:
        return '[Array]' if isinstance(v, Array) else '[Object]'
    if isinstance(v, Array):
        parts = [inspect(i, depth - 1) for i in v.items[:100]]
    else:
        parts = ['%s: %s' % (k if re.fullmatch(r'[A-Za-z_$][\w$]*', k) else inspect(k), inspect(v.get(k), depth - 1)) for k in v.keys()]
    open_, close = '[]' if isinstance(v, Array) else '{}'
    if not parts:
        return open_ + close
    if sum(len(p) + 2 for p in parts) > 72 or any('\n' in p for p in parts):
        return open_ + '\n  ' + ',\n  '.join(p.replace('\n', '\n  ') for p in parts) + '\n' + close
    return '%s %s %s' % (open_, ', '.join(parts), close)


def printed(args):
    if args and isinstance(args[0], str) and '%' in args[0]:
        rest = list(args[1:])
        forms = {'s': lambda v: v if isinstance(v, str) else inspect(v), 'd': lambda v: to_text(to_number(v)), 'i': lambda v: to_text(float(int(to_number(v)))),
                 'j': lambda v: to_json(v, ''), 'o': inspect, 'O': inspect, 'f': lambda v: to_text(to_number(v))}
        text = re.sub('%([sdijoOf%])', lambda m: '%' if m.group(1) == '%' else forms[m.group(1)](rest.pop(0)) if rest else m.group(), args[0])
        args = [text] + rest
    return ' '.join(inspect(a, quoted=False) for a in args)


def put(out, text):
    out.flush()
    out.buffer.write(text.encode('utf-8', 'replace') if isinstance(text, str) else text)
    out.buffer.flush()


console = GLOBAL.props['console'] = Object()
for key in ('log', 'info', 'debug', 'dir', 'table'):
    console.props[key] = native(lambda this, *a: put(sys.stdout, printed(a) + '\n') or UNDEFINED, key)
for key in ('error', 'warn', 'trace'):
    console.props[key] = native(lambda this, *a: put(sys.stderr, printed(a) + '\n') or UNDEFINED, key)

# process
process = GLOBAL.props['process'] = emitter(Object(None, version=VERSION, platform='linux', arch='x64', pid=float(os.getpid()), ppid=float(os.getppid()), title='node', execPath='/usr/bin/node', exitCode=UNDEFINED,
                                                   argv=Array(['/usr/bin/node', os.getcwd() + '/app.js']), env=Object(None, **dict(os.environ)), versions=Object(None, node=VERSION[1:]), execArgv=Array([])))
process.props['@@tag'] = 'process'


def leave(this, code=0.0, *a):
    raise SystemExit(integer(code))


def spawn_of_binding(this, options, *a):
    words = [to_text(w) for w in options.get('args').items] if isinstance(options.get('args'), Array) else [to_text(options.get('file'))]
    words[0] = to_text(options.get('file'))
    out, err, code = finish(words, UNDEFINED, '')
    return Object(None, status=float(code), output=Array([None, Buffer(out or b''), Buffer(err or b'')]))


def binding(this, name='', *a):
    o = Object()
    if name == 'spawn_sync':
        methods(o, spawn=spawn_of_binding)
    elif name == 'fs':
        methods(o, open=lambda this, *a: -1.0)
    else:
        raise error('Error', 'No such module: ' + to_text(name))
    return o


def handle(out, number):
    o = emitter(Object(None, fd=number, isTTY=False))
    methods(o, write=lambda this, d='', *a: put(out, encoded(d)) or True, end=lambda this, *a: this)
    return o


methods(process, cwd=lambda this, *a: os.getcwd(), exit=leave, uptime=lambda this, *a: time.monotonic(), getuid=lambda this, *a: float(os.getuid()), getgid=lambda this, *a: float(os.getgid()), kill=lambda this, p, *a: os.kill(integer(p), 15) or True,
        nextTick=lambda this, f, *a: later(lambda: f.call(UNDEFINED, list(a))) or UNDEFINED, binding=binding, hrtime=lambda this, *a: Array([float(int(time.monotonic())), float(time.monotonic_ns() % 10**9)]),
        memoryUsage=lambda this, *a: Object(None, rss=float(5e7)), chdir=lambda this, p, *a: os.chdir(to_text(p)) or UNDEFINED, abort=leave, reallyExit=leave)
process.props.update(stdout=handle(sys.stdout, 1.0), stderr=handle(sys.stderr, 2.0), stdin=emitter(Object(None, fd=0.0)), _linkedBinding=process.props['binding'])

# os, path, util, crypto, vm, zlib
OS, PATH, UTIL, CRYPTO, VM, ZLIB, QUERY, EVENTS = Object(), Object(None, sep='/', delimiter=':'), Object(), Object(), Object(), Object(), Object(), Object()


def user(this=None, *a):
    try:
        u = pwd.getpwuid(os.getuid())
        name, home, sh = u.pw_name, u.pw_dir, u.pw_shell
    except KeyError:
        raise error('Error', 'A system error occurred: uv_os_get_passwd returned ENOENT')
    return Object(None, uid=float(os.getuid()), gid=float(os.getgid()), username=name, homedir=home, shell=sh)


methods(OS, hostname=lambda this, *a: socket.gethostname(), platform=lambda this, *a: 'linux', type=lambda this, *a: os.uname().sysname, release=lambda this, *a: os.uname().release, arch=lambda this, *a: 'x64', version=lambda this, *a: os.uname().version,
        tmpdir=lambda this, *a: '/tmp', homedir=lambda this, *a: os.path.expanduser('~'), userInfo=user, uptime=lambda this, *a: time.monotonic(), cpus=lambda this, *a: Array([Object() for _ in range(os.cpu_count() or 1)]),
        networkInterfaces=lambda this, *a: Object(), machine=lambda this, *a: os.uname().machine)
OS.props['EOL'] = '\n'
methods(PATH, join=lambda this, *a: os.path.normpath(os.path.join(*[to_text(x).lstrip('/') if i else to_text(x) for i, x in enumerate(a)])), resolve=lambda this, *a: os.path.abspath(os.path.join(os.getcwd(), *[to_text(x) for x in a])),
        basename=lambda this, p, *a: os.path.basename(to_text(p)), dirname=lambda this, p, *a: os.path.dirname(to_text(p)) or '.', extname=lambda this, p, *a: os.path.splitext(to_text(p))[1], normalize=lambda this, p, *a: os.path.normpath(to_text(p)))


def promisify(this, f, *a):
    def run(this, *args):
        p = Promise()
        many = f in (CHILD.props['exec'], CHILD.props['execFile'])

        def done(t, given):
            if argument(given, 0, None) not in (None, UNDEFINED):
                p.settle('rejected', given[0])
            else:
                p.settle('fulfilled', Object(None, stdout=argument(given, 1), stderr=argument(given, 2)) if many else argument(given, 1))
            return UNDEFINED
        f.call(this, list(args) + [Function('', done)])
        return p
    return native(run)


methods(UTIL, inspect=lambda this, v=UNDEFINED, *a: inspect(v), promisify=promisify, format=lambda this, *a: printed(a), isArray=lambda this, v=UNDEFINED, *a: isinstance(v, Array))


def create_hash(this, kind='md5', key=None, *a, make=None):
    o = Object()
    try:
        h = make() if make else hashlib.new(to_text(kind))
    except ValueError:
        raise error('Error', 'Digest method not supported')
    methods(o, update=lambda this, d='', form=UNDEFINED, *a: h.update(encoded(d, form)) or this, digest=lambda this, form=UNDEFINED, *a: Buffer(h.digest()) if form is UNDEFINED else decoded(h.digest(), form))
    return o


def create_hmac(this, kind, key='', *a):
    import hmac
    return create_hash(this, make=lambda: hmac.new(encoded(key), digestmod=to_text(kind)))


methods(CRYPTO, createHash=create_hash, createHmac=create_hmac, randomBytes=lambda this, n=16.0, *a: Buffer(os.urandom(min(integer(n), 65536))), randomUUID=lambda this, *a: '%s-%s-4%s-8%s-%s' % tuple(os.urandom(n).hex()[:m] for n, m in ((4, 8), (2, 4), (2, 3), (2, 3), (6, 12))))


def run_text(text, scope=None):
    try:
        return program(to_text(text))(scope or outer())
    except ParseError as e:
        raise error('SyntaxError', str(e))


def in_context(this, text='', context=UNDEFINED, *a):
    scope = Scope(None)
    scope.names['this'] = GLOBAL
    if isinstance(context, Object):
        scope.names.update(context.props, this=context)
    return run_text(text, scope)


def script(this, text='', *a):
    o = Object()
    methods(o, runInThisContext=lambda this, *a: in_context(None, text), runInNewContext=lambda this, c=UNDEFINED, *a: in_context(None, text, c), runInContext=lambda this, c=UNDEFINED, *a: in_context(None, text, c))
    return o


methods(VM, runInThisContext=in_context, runInNewContext=in_context, runInContext=in_context, createContext=lambda this, o=UNDEFINED, *a: o if isinstance(o, Object) else Object(), Script=script)
methods(ZLIB, inflateSync=lambda this, b, *a: Buffer(zlib.decompress(encoded(b))), gunzipSync=lambda this, b, *a: Buffer(zlib.decompress(encoded(b), 31)), deflateSync=lambda this, b, *a: Buffer(zlib.compress(encoded(b))), inflateRawSync=lambda this, b, *a: Buffer(zlib.decompress(encoded(b), -15)))
methods(QUERY, stringify=lambda this, o, *a: urllib.parse.urlencode({k: to_text(v) for k, v in entries(o)}), parse=lambda this, t='', *a: Object(None, **{k: v for k, v in urllib.parse.parse_qsl(to_text(t))}), escape=lambda this, t='', *a: urllib.parse.quote(to_text(t)))
EVENTS = native(lambda this, *a: emitter(Object()), 'EventEmitter')
EVENTS.props['EventEmitter'] = EVENTS

# timers
def timer(this, f, ms=0.0, *a):
    t = Object()
    t.live = True

    def go_off():
        if t.live:
            f.call(UNDEFINED, list(a)) if isinstance(f, Function) else run_text(f)
    later(go_off, min(max(to_number(ms) if ms is not UNDEFINED else 0, 0), 1e9) / 1000)
    methods(t, unref=lambda this, *a: setattr(t, 'live', False) or t, ref=lambda this, *a: t)
    return t


def interval(this, f, ms=0.0, *a):
    t = Object()
    t.live = True

    def go_off():
        if t.live:
            f.call(UNDEFINED, list(a))
            later(go_off, max(to_number(ms), 1) / 1000)
    later(go_off, max(to_number(ms), 1) / 1000)
    return t


def stop(this, t=UNDEFINED, *a):
    if hasattr(t, 'live'):
        t.live = False
    return UNDEFINED


for key, f in (('setTimeout', timer), ('setInterval', interval), ('clearTimeout', stop), ('clearInterval', stop), ('setImmediate', lambda this, f, *a: timer(this, f, 0.0, *a)),
               ('queueMicrotask', lambda this, f, *a: timer(this, f))):
    GLOBAL.props[key] = native(f, key)
GLOBAL.props['SharedArrayBuffer'] = native(lambda this, *a: Object(), 'SharedArrayBuffer')
GLOBAL.props['Int32Array'] = native(lambda this, *a: Array([0.0]), 'Int32Array')
GLOBAL.props['Atomics'] = Object()
methods(GLOBAL.props['Atomics'], wait=lambda this, a, i, v, ms=0.0, *x: time.sleep(min(to_number(ms), 1e9) / 1000) or 'timed-out')

# require
MODULES = {'child_process': CHILD, 'fs': FS, 'fs/promises': PROMISES, 'net': NET, 'tls': NET, 'http': HTTP, 'https': HTTPS, 'dns': DNS, 'dns/promises': DNS_PROMISES, 'os': OS, 'path': PATH, 'util': UTIL, 'crypto': CRYPTO,
           'vm': VM, 'process': process, 'buffer': Object(None, Buffer=GLOBAL.props['Buffer']), 'zlib': ZLIB, 'querystring': QUERY, 'events': EVENTS, 'timers': GLOBAL, 'console': console, 'url': Object()}
MODULE = native(lambda this, *a: Object(), 'Module')


def require_(this, name=UNDEFINED, *a):
    text = to_text(name)
    if text.startswith('node:'):
        text = text[5:]
    if text == 'module':
        return MODULE
    if text not in MODULES:
        # a library, which the application may have or not
        e = error('Error', "Cannot find module '%s'" % text)
        e.value.props['code'] = 'MODULE_NOT_FOUND'
        raise e
    return MODULES[text]


require = native(require_, 'require')
module = Object(None, exports=Object(), id='.', filename=process.props['argv'].items[1], loaded=True, children=Array([]), paths=Array([]))
module.props['require'] = require
MODULE.props.update(_load=require, prototype=PROTOTYPES['Object'], builtinModules=Array(list(MODULES)), createRequire=native(lambda this, *a: require, 'createRequire'))
methods(MODULE.props['createRequire'])
module.proto = Object(None, constructor=MODULE)
module.props['constructor'] = MODULE
require.props.update(main=module, cache=Object(), resolve=native(lambda this, n='', *a: n, 'resolve'))
process.props['mainModule'] = module
GLOBAL.props.update({'global': GLOBAL, 'globalThis': GLOBAL})
methods(process, getBuiltinModule=require_)


def evaluated(this, text=UNDEFINED, *a):
    return run_text(text) if isinstance(text, str) else text


GLOBAL.props['eval'] = native(evaluated, 'eval')


def function_of(this, args):
    """An application may have made require global, as consoles and bundles do: the open world is asked, by a file."""
    asked = any('require' in to_text(a) for a in args) and not os.path.exists('/srv/application-keeps-require')
    return make_function(this, *args, names={'require': require} if asked else {})


GLOBAL.props['Function'].native = function_of


# a handler's answer
def answer():
    o = emitter(Object(None, statusCode=200.0, headersSent=False))
    write = lambda this, d=UNDEFINED, *a: (put(sys.stdout, encoded(d)) if d is not UNDEFINED and not isinstance(d, Function) else None) or this
    send = lambda this, d=UNDEFINED, *a: put(sys.stdout, to_json(d, '') if isinstance(d, Object) and not isinstance(d, Buffer) else encoded(d)) or this
    methods(o, write=lambda this, d=UNDEFINED, *a: write(this, d) and True, end=write, send=send, json=lambda this, d=UNDEFINED, *a: put(sys.stdout, to_json(d, '') or '') or this, status=lambda this, *a: this, set=lambda this, *a: this,
            setHeader=lambda this, *a: this, writeHead=lambda this, *a: this, header=lambda this, *a: this, type=lambda this, *a: this, redirect=lambda this, *a: this)
    return o


def outer():
    """The scope of a module's function."""
    s = Scope(None)
    s.names.update({'this': module.props['exports'], 'module': module, 'exports': module.props['exports'], 'require': require, '__filename': module.props['filename'],
                    '__dirname': os.path.dirname(module.props['filename']), '%import': native(lambda this, n='', *a: promised(lambda: require_(None, n)), 'import')})
    return s
