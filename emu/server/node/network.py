# SPDX-License-Identifier: GPL-2.0-or-later
"""Node's net, http, dns and fetch."""
import socket
from programs import *


# net, http, dns
def connection(host, port, on_open):
    s = stream(-1, close_fd)

    def open_():
        try:
            made = socket.create_connection((host, port), 30)
        except OSError as e:
            e = OSError(111, 'refused') if e.errno is None else e
            emit(s, 'error', os_error(e, 'connect').value)
            return
        made.setblocking(True)
        s.fd = made.detach()
        STREAMS.append(s)
        for f in on_open:
            f.call(s, [])
        emit(s, 'connect')
    later(open_)
    return s


def connect(this, *args):
    first = argument(args, 0)
    if isinstance(first, Object) and not isinstance(first, Function):
        host, port = first.get('host'), first.get('port')
    else:
        port, host = first, argument(args, 1)
    host = host if isinstance(host, str) else 'localhost'
    s = connection(host, integer(port), [a for a in args if isinstance(a, Function)])
    if isinstance(this, Object) and hasattr(this, 'listeners'):
        later_of = s.listeners
        later_of.update(this.listeners)
        this.listeners, this.pipes = s.listeners, s.pipes
        for key in ('write', 'end', 'pipe', 'destroy', 'on'):
            this.props[key] = s.props[key]
        s.listeners['%this'] = []
        return this
    return s


def socket_object(this, *a):
    o = emitter(Object())
    methods(o, connect=connect, write=lambda this, *a: True, end=lambda this, *a: this, pipe=lambda this, to, *a: to, setTimeout=lambda this, *a: this)
    return o


NET = Object()
methods(NET, connect=connect, createConnection=connect, Socket=socket_object)


def target_of(args, default):
    first, options = argument(args, 0), next((a for a in args if isinstance(a, Object) and not isinstance(a, Function)), None)
    url = urllib.parse.urlsplit(first if isinstance(first, str) else to_text(first.get('href')) if isinstance(first, Object) and first.has('href') else '')
    text = lambda key, other: to_text(options.get(key)) if options is not None and options.get(key) is not UNDEFINED else other
    host = text('hostname', text('host', url.hostname or 'localhost'))
    path = text('path', (url.path or '/') + ('?' + url.query if url.query else ''))
    return host, int(text('port', str(url.port or default))), path, text('method', 'GET')


def exchange(host, port, path, method, body):
    made = socket.create_connection((host, port), 30)
    head = '%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n' % (method, path, host if port in (80, 443) else '%s:%d' % (host, port), 'Content-Length: %d\r\n' % len(body) if body else '')
    made.sendall(head.encode('latin-1', 'replace') + body)
    answer = b''
    while len(answer) < 1 << 20:
        more = made.recv(65536)
        if not more:
            break
        answer += more
    head, _, content = answer.partition(b'\r\n\r\n')
    return int((re.match(rb'HTTP/\S+ (\d+)', head) or [0, b'200'])[1]), content


def requester(port, ends):
    def run(this, *args):
        host, p, path, method = target_of(args, port)
        callback, o, body = next((a for a in args if isinstance(a, Function)), None), emitter(Object()), []

        def work():
            try:
                code, content = exchange(host, p, path, method, b''.join(body))
            except OSError as e:
                emit(o, 'error', os_error(OSError(e.errno or 111, 'refused'), 'connect').value)
                return
            response = emitter(Object())
            response.props['statusCode'] = float(code)
            methods(response, setEncoding=lambda this, *a: this, resume=lambda this, *a: this, pipe=lambda this, to, *a: to.get('write').call(to, [Buffer(content)]) and to)
            if callback:
                callback.call(UNDEFINED, [response])
            emit(o, 'response', response)
            later(lambda: [emit(response, 'data', Buffer(content)), emit(response, 'end')])
        sent = []

        def end(this, data=UNDEFINED, *a):
            if isinstance(data, (str, Buffer)):
                body.append(encoded(data))
            if not sent:
                sent.append(later(work))
            return this
        methods(o, write=lambda this, d='', *a: body.append(encoded(d)) or True, end=end, setTimeout=lambda this, *a: this)
        if ends:
            end(o)
        return o
    return run


def fetch(this, *args):
    def run():
        first = to_text(argument(args, 0))
        host, port, path, method = target_of(args, 443 if first.startswith('https') else 80)
        try:
            code, content = exchange(host, port, path, method, b'')
        except OSError:
            raise error('TypeError', 'fetch failed')
        o = Object(None, status=float(code), ok=200 <= code < 300)
        methods(o, text=lambda this, *a: promised(lambda: decoded(content)), json=lambda this, *a: promised(lambda: parse_json(None, decoded(content))))
        return o
    return promised(run)


HTTP, HTTPS, DNS, DNS_PROMISES = Object(), Object(), Object(), Object()
methods(HTTP, get=requester(80, True), request=requester(80, False))
methods(HTTPS, get=requester(443, True), request=requester(443, False))
GLOBAL.props['fetch'] = native(fetch, 'fetch')


def resolve(name):
    try:
        return socket.gethostbyname(to_text(name))
    except OSError:
        raise error('Error', 'getaddrinfo ENOTFOUND ' + to_text(name))


def resolver(many):
    def run(this, name='', *args):
        callback = next((a for a in args if isinstance(a, Function)), None)

        def work():
            try:
                found = resolve(name)
            except Thrown as e:
                return callback and callback.call(UNDEFINED, [e.value])
            return callback and callback.call(UNDEFINED, [None, Array([found])] if many else [None, found, 4.0])
        later(work)
        return UNDEFINED
    return run


methods(DNS, lookup=resolver(False), resolve=resolver(True), resolve4=resolver(True), resolveTxt=resolver(True), resolveAny=resolver(True))
methods(DNS_PROMISES, lookup=lambda this, n='', *a: promised(lambda: Object(None, address=resolve(n), family=4.0)), resolve=lambda this, n='', *a: promised(lambda: Array([resolve(n)])))
DNS.props['promises'] = DNS_PROMISES
