# SPDX-License-Identifier: GPL-2.0-or-later
"""Node's child_process and fs."""
import subprocess, sys
from streams import *


# child_process
def settings(options):
    made = {}
    if isinstance(options, Object):
        cwd, env = options.get('cwd'), options.get('env')
        if isinstance(cwd, str):
            made['cwd'] = cwd
        if isinstance(env, Object):
            made['env'] = {k: to_text(env.get(k)) for k in env.keys()}
    return made


def words_of(command, args, options):
    shell = isinstance(options, Object) and options.get('shell')
    words = [to_text(command)] + [to_text(a) for a in (args.items if isinstance(args, Array) else [])]
    if truth(shell if shell is not None else UNDEFINED):
        return [shell if isinstance(shell, str) else '/bin/sh', '-c', ' '.join(words)]
    return words


def start(words, options, **streams):
    try:
        return subprocess.Popen(words, **streams, **settings(options))
    except OSError as e:
        raise os_error(e, 'spawn ' + words[0])


def finish(words, options, command):
    """Runs to its end; its output, its complaints and its status."""
    inherits = isinstance(options, Object) and options.get('stdio') == 'inherit'
    given = options.get('input') if isinstance(options, Object) else UNDEFINED
    p = start(words, options, stdin=subprocess.PIPE if given is not UNDEFINED else subprocess.DEVNULL, stdout=None if inherits else subprocess.PIPE, stderr=None if inherits else subprocess.PIPE)
    out, err = p.communicate(encoded(given) if given is not UNDEFINED else None)
    return out, err, p.returncode


def form_of(options, default):
    form = options.get('encoding') if isinstance(options, Object) else options if isinstance(options, str) else UNDEFINED
    return default if form is UNDEFINED else None if form is None or form == 'buffer' else form


def in_form(data, form):
    return None if data is None else Buffer(data) if form is None else decoded(data, form)


def failed(command, status, out, err, form):
    e = error('Error', 'Command failed: %s\n%s' % (command, decoded(err or b'')))
    e.value.props.update(status=float(status), code=float(status), stdout=in_form(out, form), stderr=in_form(err, form), cmd=command)
    return e


def sync(words, options, command):
    out, err, status = finish(words, options, command)
    sys.stderr.buffer.write(err or b'')
    form = form_of(options, None)
    if status:
        raise failed(command, status, out, err, form)
    return in_form(out, form)


def with_callback(words, options, callback, command):
    if isinstance(options, Function):
        options, callback = UNDEFINED, options
    child = emitter(Object())
    if not isinstance(callback, Function):
        # nobody waits for it: the answer goes out meanwhile
        try:
            p = start(words, options, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except Thrown as e:
            later(lambda: emit(child, 'error', e.value))
            return child
        child.props['pid'] = float(p.pid)
        for name, fd in (('stdout', p.stdout), ('stderr', p.stderr)):
            child.props[name] = stream(os.dup(fd.fileno()), close_fd)
        child.props['stdin'] = Object()
        child.read_from = lambda: None
        child.props['on'] = native(lambda this, name, f, *a: later(lambda: f.call(this, [float(p.wait())])) if name in ('exit', 'close') else None or this)
        return child

    def work():
        form = form_of(options, 'utf8')
        try:
            out, err, status = finish(words, options, command)
        except Thrown as e:
            callback.call(UNDEFINED, [e.value, '', ''])
            return
        callback.call(UNDEFINED, [failed(command, status, out, err, form).value if status else None, in_form(out, form), in_form(err, form)])
    later(work)
    child.props.update(stdout=emitter(Object()), stderr=emitter(Object()), stdin=Object())
    return child


def spawn(this, command, args=UNDEFINED, options=UNDEFINED, *a):
    if isinstance(args, Object) and not isinstance(args, Array):
        args, options = UNDEFINED, args
    words, child = words_of(command, args, options), emitter(Object())
    inherits = isinstance(options, Object) and options.get('stdio') == 'inherit'
    pipe = None if inherits else subprocess.PIPE
    stdio = options.get('stdio') if isinstance(options, Object) else UNDEFINED
    given = [stdio.items[i].fd if isinstance(stdio, Array) and i < len(stdio.items) and hasattr(stdio.items[i], 'fd') else pipe for i in range(3)]
    try:
        p = start(words, options, stdin=given[0], stdout=given[1], stderr=given[2])
    except Thrown as e:
        later(lambda: emit(child, 'error', e.value))
        child.props.update(stdout=emitter(Object()), stderr=emitter(Object()), stdin=Object())
        methods(child.props['stdin'], write=lambda this, *a: True, end=lambda this, *a: this)
        methods(child.props['stdout'], pipe=lambda this, to, *a: to)
        methods(child.props['stderr'], pipe=lambda this, to, *a: to)
        return child
    child.props['pid'] = float(p.pid)
    out = [stream(os.dup(f.fileno()), close_fd) if f else emitter(Object()) for f in (p.stdout, p.stderr, p.stdin)]
    for f in (p.stdout, p.stderr, p.stdin):
        if f:
            f.close()
    child.props.update(stdout=out[0], stderr=out[1], stdin=out[2])

    def watch():
        if child.listeners.get('close') or child.listeners.get('exit'):
            def over():
                status = float(p.wait())
                emit(child, 'exit', status)
                emit(child, 'close', status)
            if hasattr(out[0], 'done'):
                out[0].done.append(over)
                out[0].read_from()
            else:
                over()
    later(watch)
    methods(child, kill=lambda this, *a: p.kill() or True)
    return child


def spawn_sync(this, command, args=UNDEFINED, options=UNDEFINED, *a):
    if isinstance(args, Object) and not isinstance(args, Array):
        args, options = UNDEFINED, args
    form = form_of(options, None)
    try:
        out, err, status = finish(words_of(command, args, options), options, '')
    except Thrown as e:
        return Object(None, error=e.value, stdout=None, stderr=None, status=None)
    return Object(None, stdout=in_form(out, form), stderr=in_form(err, form), status=float(status), output=Array([None, in_form(out, form), in_form(err, form)]))


def shell(command):
    return ['/bin/sh', '-c', to_text(command)]


CHILD = Object()
methods(CHILD, execSync=lambda this, c, o=UNDEFINED, *a: sync(shell(c), o, to_text(c)), exec=lambda this, c, o=UNDEFINED, f=UNDEFINED, *a: with_callback(shell(c), o, f, to_text(c)), spawn=spawn, spawnSync=spawn_sync, fork=spawn,
        execFileSync=lambda this, c, args=UNDEFINED, o=UNDEFINED, *a: sync(words_of(c, args, o), o, to_text(c)),
        execFile=lambda this, c, args=UNDEFINED, o=UNDEFINED, f=UNDEFINED, *a: with_callback(words_of(c, args, UNDEFINED), *((args, UNDEFINED) if isinstance(args, Function) else (o, f)), to_text(c)))


# fs
def opened(path, mode, call):
    name = to_text(path)
    try:
        return open(name, mode)
    except OSError as e:
        raise os_error(e, call, name)


def read_file(this, path, options=UNDEFINED, *a):
    with opened(path, 'rb', 'open') as f:
        try:
            return in_form(f.read(), form_of(options, None))
        except OSError as e:
            raise os_error(e, 'read')


def write_file(this, path, data='', *a, mode='wb'):
    with opened(path, mode, 'open') as f:
        f.write(encoded(data))
    return UNDEFINED


def of_path(call, f):
    def run(this, path='', *a):
        try:
            return f(to_text(path), *a)
        except OSError as e:
            raise os_error(e, call, to_text(path))
    return run


def status(path, *a):
    s = os.stat(path)
    o = Object(None, size=float(s.st_size), mode=float(s.st_mode), uid=float(s.st_uid), gid=float(s.st_gid), mtimeMs=s.st_mtime * 1000)
    methods(o, isFile=lambda this, *a: os.path.isfile(path), isDirectory=lambda this, *a: os.path.isdir(path))
    return o


SYNC = {'readFile': read_file, 'writeFile': write_file, 'appendFile': lambda this, p, d='', *a: write_file(this, p, d, mode='ab'), 'readdir': of_path('scandir', lambda p, *a: Array(sorted(os.listdir(p)))),
        'unlink': of_path('unlink', lambda p, *a: os.unlink(p) or UNDEFINED), 'mkdir': of_path('mkdir', lambda p, *a: os.mkdir(p) or UNDEFINED), 'stat': of_path('stat', status), 'lstat': of_path('lstat', status),
        'chmod': of_path('chmod', lambda p, m=420.0, *a: os.chmod(p, integer(m)) or UNDEFINED), 'access': of_path('access', lambda p, *a: os.stat(p) and UNDEFINED),
        'copyFile': lambda this, p, q, *a: write_file(this, q, read_file(this, p)), 'rename': of_path('rename', lambda p, q='', *a: os.rename(p, to_text(q)) or UNDEFINED),
        'readlink': of_path('readlink', lambda p, *a: os.readlink(p)), 'realpath': of_path('realpath', lambda p, *a: os.path.realpath(p))}
FS, PROMISES = Object(), Object()


def asynchronous(f):
    def run(this, *args):
        callback, args = args[-1], args[:-1]

        def work():
            try:
                value = f(this, *args)
            except Thrown as e:
                callback.call(UNDEFINED, [e.value])
                return
            callback.call(UNDEFINED, [None, value])
        if not isinstance(callback, Function):
            raise error('TypeError', 'The "cb" argument must be of type function. Received ' + to_text(callback))
        later(work)
        return UNDEFINED
    return run


def promise_of(f):
    return lambda this, *args: promised(lambda: f(this, *args))


for key, f in SYNC.items():
    FS.props[key + 'Sync'], FS.props[key], PROMISES.props[key] = native(f, key + 'Sync'), native(asynchronous(f), key), native(promise_of(f), key)
FS.props['promises'] = PROMISES
methods(FS, existsSync=lambda this, p='', *a: os.path.exists(to_text(p)), createReadStream=lambda this, p='', *a: stream(os.open(to_text(p), os.O_RDONLY), close_fd))
FS.props['existsSync'].name = 'existsSync'
