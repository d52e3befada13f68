# SPDX-License-Identifier: GPL-2.0-or-later
"""The event loop, promises, buffers, and streams over descriptors."""
import os, select, time
from library import *
import evaluate

TASKS = []           # (when, order, function): what the event loop does next
STREAMS = []         # open streams that somebody reads
ORDER = [0]


def later(f, when=0.0):
    ORDER[0] += 1
    TASKS.append((time.monotonic() + when, ORDER[0], f))


def run_loop(until=lambda: False):
    while not until() and (TASKS or STREAMS):
        TASKS.sort(key=lambda t: t[:2])
        now = time.monotonic()
        if TASKS and TASKS[0][0] <= now:
            TASKS.pop(0)[2]()
            continue
        wait = TASKS[0][0] - now if TASKS else None
        if not STREAMS:
            time.sleep(wait)
            continue
        for fd in select.select([s.fd for s in STREAMS], [], [], wait)[0]:
            for s in [s for s in STREAMS if s.fd == fd]:
                s.readable()


# Promises
class Promise(Object):
    kind = 'Promise'

    def __init__(self):
        super().__init__()
        self.state, self.value, self.waiting = None, UNDEFINED, []

    def settle(self, state, value):
        if self.state is not None:
            return
        then = value.get('then') if state == 'fulfilled' and isinstance(value, Object) else None
        if isinstance(then, Function):
            then.call(value, [Function('', lambda t, a: self.settle('fulfilled', argument(a, 0)) or UNDEFINED), Function('', lambda t, a: self.settle('rejected', argument(a, 0)) or UNDEFINED)])
            return
        self.state, self.value = state, value
        for f in self.waiting:
            later(f)

    def then(self, done, failed):
        made = Promise()

        def react():
            f = done if self.state == 'fulfilled' else failed
            if not isinstance(f, Function):
                return made.settle(self.state, self.value)
            try:
                made.settle('fulfilled', f.call(UNDEFINED, [self.value]))
            except Thrown as e:
                made.settle('rejected', e.value)
        self.waiting.append(react) if self.state is None else later(react)
        return made


def promised(run):
    p = Promise()
    try:
        p.settle('fulfilled', run())
    except Thrown as e:
        p.settle('rejected', e.value)
    return p


def wait(v):
    if isinstance(v, Promise):
        run_loop(lambda: v.state is not None)
        if v.state == 'rejected':
            raise Thrown(v.value)
        return v.value if v.state else UNDEFINED
    return v


def make_promise(this, f=UNDEFINED, *a):
    p = Promise()
    try:
        f.call(UNDEFINED, [Function('', lambda t, x: p.settle('fulfilled', argument(x, 0)) or UNDEFINED), Function('', lambda t, x: p.settle('rejected', argument(x, 0)) or UNDEFINED)])
    except Thrown as e:
        p.settle('rejected', e.value)
    return p


evaluate.wait, evaluate.settle = wait, promised
constructor('Promise', make_promise)
methods(PROTOTYPES['Promise'], then=lambda this, done=UNDEFINED, failed=UNDEFINED, *a: this.then(done, failed), catch=lambda this, failed=UNDEFINED, *a: this.then(UNDEFINED, failed),
        finally_=lambda this, f=UNDEFINED, *a: this.then(Function('', lambda t, x: f.call(UNDEFINED, []) and x[0]), UNDEFINED))
methods(GLOBAL.props['Promise'], resolve=lambda this, v=UNDEFINED, *a: v if isinstance(v, Promise) else promised(lambda: v), reject=lambda this, v=UNDEFINED, *a: rejected(v),
        all=lambda this, many, *a: promised(lambda: Array([wait(p) for p in iterate(many)])))


def rejected(v):
    p = Promise()
    p.settle('rejected', v)
    return p


# Buffers
class Buffer(Object):
    kind = 'Buffer'

    def __init__(self, data):
        super().__init__()
        self.data = data

    def get(self, key, this=None):
        if key in ('length', 'byteLength'):
            return float(len(self.data))
        return (float(self.data[int(key)]) if int(key) < len(self.data) else UNDEFINED) if key.isdigit() else super().get(key, this)

    def iterate(self):
        return [float(b) for b in self.data]


def encoded(v, form='utf8'):
    if isinstance(v, Buffer):
        return v.data
    if isinstance(v, Array):
        return bytes(int(to_number(i)) & 255 for i in v.items)
    text, form = to_text(v), 'utf8' if form is UNDEFINED else to_text(form).lower()
    if form == 'hex':
        return bytes.fromhex(re.match('(?:[0-9a-fA-F]{2})*', text).group())
    if form in ('base64', 'base64url'):
        text = re.sub('[^A-Za-z0-9+/]', '', text.replace('-', '+').replace('_', '/'))
        return base64.b64decode(text[:len(text) - (len(text) % 4 == 1)] + '==')
    return text.encode('latin-1' if form in ('latin1', 'binary', 'ascii') else 'utf-16-le' if form in ('utf16le', 'ucs2') else 'utf-8', 'replace')


def decoded(data, form=UNDEFINED):
    form = 'utf8' if form is UNDEFINED else to_text(form).lower()
    if form == 'hex':
        return data.hex()
    if form in ('base64', 'base64url'):
        return base64.b64encode(data).decode()
    return data.decode('latin-1' if form in ('latin1', 'binary', 'ascii') else 'utf-16-le' if form in ('utf16le', 'ucs2') else 'utf-8', 'replace')


constructor('Buffer', lambda this, v='', form=UNDEFINED, *a: Buffer(bytes(int(v)) if isinstance(v, float) else encoded(v, form)))
methods(PROTOTYPES['Buffer'], toString=lambda this, form=UNDEFINED, *a: decoded(this.data, form), slice=lambda this, s=UNDEFINED, e=UNDEFINED, *a: Buffer(this.data[within(s, len(this.data), 0):within(e, len(this.data), len(this.data))]),
        toJSON=lambda this, *a: Object(None, type='Buffer', data=Array(this.iterate())))
methods(GLOBAL.props['Buffer'], from_=lambda this, v='', form=UNDEFINED, *a: Buffer(encoded(v, form)), alloc=lambda this, n=0.0, *a: Buffer(bytes(min(integer(n), 1 << 20))), isBuffer=lambda this, v=UNDEFINED, *a: isinstance(v, Buffer),
        concat=lambda this, many, *a: Buffer(b''.join(b.data for b in many.items)), byteLength=lambda this, v='', *a: float(len(encoded(v))))


# Who is told of what happens
def emitter(o):
    o.listeners = {}
    on = lambda this, name, f, *a: o.listeners.setdefault(to_text(name), []).append(f) or on_new(name) or this
    on_new = lambda name: getattr(o, 'read_from', lambda: None)() if name in ('data', 'readable', 'end') else None
    methods(o, on=on, once=on, addListener=on, emit=lambda this, name, *a: emit(o, to_text(name), *a) or True, removeAllListeners=lambda this, *a: this, unref=lambda this, *a: this, ref=lambda this, *a: this)
    return o


def emit(o, name, *args):
    for f in o.listeners.get(name, []):
        f.call(o, list(args))


def os_error(e, call, path=''):
    code = {2: 'ENOENT', 13: 'EACCES', 111: 'ECONNREFUSED', 110: 'ETIMEDOUT', 17: 'EEXIST', 20: 'ENOTDIR', 21: 'EISDIR'}.get(e.errno or 0, 'EIO')
    text = '%s: %s, %s%s' % (code, {2: 'no such file or directory', 13: 'permission denied', 21: 'illegal operation on a directory', 20: 'not a directory'}.get(e.errno, (e.strerror or '').lower()), call, " '%s'" % path if path else '')
    made = error('Error', text if not call.startswith('connect') else '%s %s' % (call, code))
    made.value.props.update(code=code, syscall=call, errno=float(-(e.errno or 0)))
    if path:
        made.value.props['path'] = path
    return made


# Streams over descriptors: a program's, a connection's
def stream(fd, closes):
    s = emitter(Object())
    s.fd, s.pipes, s.form, s.over, s.done = fd, [], None, False, []

    def read_from():
        if s not in STREAMS and not s.over:
            STREAMS.append(s)

    def readable():
        try:
            data = os.read(s.fd, 65536)
        except OSError:
            data = b''
        if data:
            emit(s, 'data', Buffer(data) if s.form is None else decoded(data, s.form))
            for to in s.pipes:
                to.get('write').call(to, [Buffer(data)])
            return
        STREAMS.remove(s)
        s.over = True
        for name in ('end', 'close'):
            emit(s, name)
        for to in s.pipes:
            to.get('end').call(to, [])
        for f in s.done:
            f()

    def write(this, data=UNDEFINED, *a):
        try:
            os.write(s.fd, encoded(data))
        except OSError:
            pass
        return True

    def end(this, data=UNDEFINED, *a):
        if data is not UNDEFINED:
            write(this, data)
        closes(s)
        return this

    def pipe(this, to=UNDEFINED, *a):
        s.pipes.append(to)
        read_from()
        return to
    s.read_from, s.readable = read_from, readable
    methods(s, write=write, end=end, pipe=pipe, destroy=end, setEncoding=lambda this, form='utf8', *a: setattr(s, 'form', form) or this, resume=lambda this, *a: read_from() or this)
    return s


def close_fd(s):
    try:
        os.close(s.fd)
    except OSError:
        pass
    if s in STREAMS:
        STREAMS.remove(s)
