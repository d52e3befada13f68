#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One attack that worked and one that was refused, carried in every way that a network and a capture can carry them.

usage: transport.py BUILD [NAME…]
The attack asks for `id`; the response holds what the real one prints. What a way of carrying leaves whole must be
told as if it came plainly; what it loses must never give a failure, and a success only where the evidence is there.
"""
import os, random, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from segments import *
from tap import Tap

SHOWN = subprocess.run(['id'], stdout=subprocess.PIPE, check=True, **({'user': 33, 'group': 33, 'extra_groups': []} if os.getuid() == 0 else {})).stdout
ATTACK = '/cgi-bin/lookup?name=localhost%3Bid'
END = b'<hr><p>Maintained by the network office.</p>\n' * 6 + b'</body></html>\n'
PAGE = b'<html><body><h1>Name lookup</h1><pre>\n127.0.0.1\n%s</pre>' % SHOWN + END
MISSING = b'<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1><p>The requested URL was not found on this server.</p>' + END


def request(target=ATTACK, method='GET', body=b'', more='', version='1.1'):
    length = f'Content-Length: {len(body)}\r\n' if body and 'Transfer' not in more else ''
    return f'{method} {target} HTTP/{version}\r\nHost: www.example.net\r\nUser-Agent: probe\r\n{length}{more}\r\n'.encode() + body


def response(body=PAGE, status='200 OK', more='', version='1.1', length=None):
    length = f'Content-Length: {len(body)}\r\n' if length is None else length
    return f'HTTP/{version} {status}\r\nServer: x\r\nContent-Type: text/html\r\n{length}{more}\r\n'.encode() + body


def exchange(asked=None, answered=None):
    return [(True, asked or request()), (False, answered or response())]


def plain(ends, segments, **more):
    return [ip(*ends.tcp(s), **more) for s in segments]


WORKED = exchange()
# by its other answers a server tells what it says to what is not there
REFUSED = [part for page in ('/a', '/no/such', ATTACK) for part in exchange(request(page), response(MISSING, '404 Not Found'))]


def kept(ends, parts, wrap=ethernet, **more):
    return pcap(map(wrap, plain(ends, talk(parts, **more))))


def shuffled(segments, order):
    """Each run of data of one side in another order."""
    out, run = [], []
    for s in [*segments, None]:
        if run and (s is None or not s.data or s.client != run[0].client):
            out += order(run)
            run = []
        if s is not None:
            run.append(s) if s.data else out.append(s)
    return out


def any_order(run):
    return random.Random(len(run)).sample(run, len(run))


def carried(segments):
    """A way of carrying that changes the segments: function of (segments made small)."""
    def make(ends, parts):
        return pcap(map(ethernet, plain(ends, segments(talk(parts, mss=90, acks=False)))))
    return make


def overlapping(segments):
    """Each segment begins with the last bytes of the one before it."""
    last = {}
    for s in segments:
        before = last.get(s.client, b'')[-25:]
        last[s.client] = s.data
        yield s._replace(seq=(s.seq - len(before)) % 2 ** 32, data=before + s.data) if s.data else s


def noise(s):
    return s._replace(data=b'#' * len(s.data))


def conflicting_later(segments):
    """What came is sent again with other bytes: nobody takes them."""
    for s in segments:
        yield s
        if s.data:
            yield noise(s)


def conflicting_behind_a_gap(segments):
    """The same while it waits for a gap to close."""
    def order(run):
        return [*run[1:], *map(noise, run[1:]), run[0]]
    return shuffled(segments, order)


def twice(segments):
    segments = list(segments)
    for i, s in enumerate(segments):
        yield s
        yield s
        if i > 2 and segments[i - 2].data:
            yield segments[i - 2]


def answer_first(segments):
    """The tap of the servers' side is ahead of the other one."""
    data = [s for s in segments if s.data]
    first, last = segments.index(data[0]), segments.index(data[-1])
    middle = segments[first:last + 1]
    return segments[:first] + [s for s in middle if not s.client] + [s for s in middle if s.client] + segments[last + 1:]


def without(lost):
    """lost: (data of the whole response, where a segment lies in it) -> bool. The peer acknowledges all the same."""
    def make(ends, parts):
        segments, whole = [], parts[-1][1]
        at = -sum(len(data) for client, data in parts[:-1] if not client)
        for s in talk(parts, mss=60):
            if not s.client and s.data and lost(whole, at, at + len(s.data)):
                at += len(s.data)
                continue
            at += 0 if s.client else len(s.data)
            segments.append(s)
        return pcap(map(ethernet, plain(ends, segments)))
    return make


def holds_evidence(whole, start, end):
    at = whole.find(SHOWN)
    at = at if at >= 0 else whole.find(b'was not found')
    return start < at + len(SHOWN) and end > at


def before_evidence(whole, start, end):
    """A piece of the body that has nothing of it."""
    return whole.find(b'<h') >= start and whole.find(b'<h') < end and not holds_evidence(whole, start, end)


def after_evidence(whole, start, end):
    return end == len(whole) and not holds_evidence(whole, start, end)


def one_side(client):
    return lambda ends, parts: pcap(map(ethernet, plain(ends, [s for s in talk(parts) if s.client == client])))


def cut_by_reset(ends, parts):
    segments = [s for s in talk(parts, mss=40) if not s.flags & FIN][:-4]
    last = [s for s in segments if not s.client][-1]
    return pcap(map(ethernet, plain(ends, segments + [Segment(False, last.seq + len(last.data), last.ack, RST | ACK)])))


def in_fragments(order=list, size=48):
    def make(ends, parts):
        pieces = []
        for number, s in enumerate(talk(parts)):
            source, target, payload = ends.tcp(s)
            many = len(payload) > size
            pieces += order(list(fragments(source, target, payload, size, number))) if many else [ip(source, target, payload)]
        return pcap(map(ethernet, pieces))
    return make


def with_extensions(ends, parts):
    hops, options = (0, b'\0' + b'\1\4\0\0\0\0'), (60, b'\0' + b'\1\4\0\0\0\0')
    routing = (43, b'\2' + b'\0\0\0\0\0\0' + ends.server.packed)
    return pcap(map(ethernet, plain(ends, talk(parts), extensions=[hops, options, routing, (44, b'\0' + b'\0\0\0\0\0\5')])))


def snapped(length):
    return lambda ends, parts: pcap(map(ethernet, plain(ends, talk(parts))), snaplen=length)


def tagged(*tags):
    return lambda ends, parts: kept(ends, parts, lambda packet: ethernet(packet, tags))


def padded(ends, parts):
    """Short frames filled up to 60 bytes, and a trailer that a switch put on each."""
    return kept(ends, parts, lambda packet: ethernet(packet, padding=b'\xaa' * max(0, 46 - len(packet)) + b'\x5a\x5a\xde\xad\xbe\xef'))


def unsized(ends, parts):
    return pcap(ethernet(ip4(*ends.tcp(s), length=0)) for s in talk(parts))


def options(ends, parts):
    stamps = b'\1\1\x08\x0a' + b'\0' * 8
    return pcap(ethernet(ip4(*ends.tcp(s, stamps), options=b'\x94\x04\0\0')) for s in talk(parts))


def in_the_syn(ends, parts):
    """TCP Fast Open: the request comes with the SYN."""
    segments = talk(parts)
    data = next(s for s in segments if s.client and s.data)
    first = segments[0]._replace(data=data.data)
    return pcap(map(ethernet, plain(ends, [first] + [s for s in segments[1:] if s is not data])))


def port_again(ends, parts):
    """The same ports had a connection before."""
    old = talk(exchange(request('/'), response(b'<html>hello</html>')), isn=(5, 9))
    return pcap(map(ethernet, plain(ends, old + talk(parts, isn=(900000, 4000)))))


def ended_by_nobody(ends, parts):
    return kept(ends, parts, closed=False)


def under_way(ends, parts):
    """The capture begins in the middle of a response before."""
    earlier = exchange(request('/'), response(b'<html>' + b'hello ' * 500 + b'</html>'))
    return pcap(map(ethernet, plain(ends, talk(earlier + parts, mss=500)[8:])))


def looped(ends, parts):
    """The tap sees each packet before and after a router."""
    return pcap(f for p in plain(ends, talk(parts)) for f in (ethernet(p), ethernet(p)))


def keep_alive(ends, parts):
    hello = exchange(request('/'), response(b'<html>hello</html>'))
    return kept(ends, hello * 150 + parts + hello * 50)


def pipelined(ends, parts):
    hello = exchange(request('/'), response(b'<html>hello</html>'))
    asked = b''.join(p for client, p in hello + parts + hello if client)
    return kept(ends, [(True, asked), (False, b''.join(p for client, p in hello + parts + hello if not client))])


def odd_sections(ends, parts):
    frames = [ethernet(p) for p in plain(ends, talk(parts))]
    return pcapng(frames, order='>', interfaces=((9, 1), (3, 1), (0x80 | 20, 1)))


BOTH = ({'success'}, {'failure'})
SAFE = ({'unknown', None}, {'unknown', None})       # nothing may be told for sure
SHOWN_ONLY = ({'success'}, {'unknown'})             # the evidence is there, but not all of the response
V4 = ('198.51.100.%d', '203.0.113.%d')
V6 = ('2001:db8:1::%x', '2001:db8:2::%x')

# name, how it is carried, (verdicts of the attack that worked, of the one that was refused), addresses
CARRIED = [
    ('plainly', kept, BOTH),
    ('in 1-byte segments', lambda e, p: kept(e, p, mss=1), BOTH),
    ('out of order', carried(lambda s: shuffled(s, any_order)), BOTH),
    ('backwards', carried(lambda s: shuffled(s, lambda run: run[::-1])), BOTH),
    ('with everything twice', carried(twice), BOTH),
    ('overlapping', carried(overlapping), BOTH),
    ('with other bytes later', carried(conflicting_later), BOTH),
    ('with other bytes behind a gap', carried(conflicting_behind_a_gap), SHOWN_ONLY),
    ('with the response first', carried(answer_first), BOTH),
    ('across the wrap of sequence numbers', lambda e, p: kept(e, p, isn=(2 ** 32 - 40, 2 ** 32 - 150), mss=50), BOTH),
    ('from the middle of a flow', lambda e, p: kept(e, p, opened=False), BOTH),
    ('after half a response', under_way, BOTH),
    ('without an end', ended_by_nobody, BOTH),
    ('on ports used before', port_again, BOTH),
    ('in the SYN', in_the_syn, BOTH),
    ('with each packet twice', looped, BOTH),
    ('without acknowledgements', lambda e, p: kept(e, p, acks=False), BOTH),
    ('on a long connection', keep_alive, BOTH),
    ('pipelined', pipelined, BOTH),
    ('by the client alone', one_side(True), SAFE),
    ('by the server alone', one_side(False), ({None}, {None})),
    ('without the evidence', without(holds_evidence), SAFE),
    ('without a piece before the evidence', without(before_evidence), SHOWN_ONLY),
    ('without the end', without(after_evidence), SHOWN_ONLY),
    ('cut by a reset', cut_by_reset, ({'success', 'unknown'}, {'unknown'})),
    ('with IP options and TCP options', options, BOTH),
    ('without a total length', unsized, BOTH),
    ('in fragments', in_fragments(), BOTH),
    ('in fragments, last first', in_fragments(lambda run: run[::-1]), BOTH),
    ('in frames with padding', padded, BOTH),
    ('in a VLAN', tagged((0x8100, 12)), BOTH),
    ('in QinQ', tagged((0x88a8, 7), (0x8100, 12)), BOTH),
    ('in old QinQ', tagged((0x9100, 7), (0x8100, 12)), BOTH),
    ('in IPv6', kept, BOTH, V6),
    ('in IPv6 with extension headers', with_extensions, BOTH, V6),
    ('in IPv6 fragments', in_fragments(), BOTH, V6),
    ('in 96 bytes of each packet', snapped(96), SAFE),
    ('in 104 bytes of each packet', snapped(104), ({'unknown'}, {'unknown'})),
    ('in 60 bytes of each packet', snapped(60), SAFE),
    ('in 400 bytes of each packet', snapped(400), SHOWN_ONLY),
    ('raw', lambda e, p: pcap(plain(e, talk(p)), link=101), BOTH),
    ('raw IPv4', lambda e, p: pcap(plain(e, talk(p)), link=228), BOTH),
    ('raw IPv6', lambda e, p: pcap(plain(e, talk(p)), link=229), BOTH, V6),
    ('cooked', lambda e, p: pcap(map(cooked, plain(e, talk(p))), link=113), BOTH),
    ('cooked 2', lambda e, p: pcap(map(cooked2, plain(e, talk(p))), link=276), BOTH),
    ('null', lambda e, p: pcap(map(loopback('<'), plain(e, talk(p))), link=0), BOTH),
    ('null of another byte order', lambda e, p: pcap(map(loopback('>'), plain(e, talk(p))), link=0, order='>'), BOTH),
    ('null in IPv6', lambda e, p: pcap(map(loopback('<'), plain(e, talk(p))), link=0), BOTH, V6),
    ('loop', lambda e, p: pcap(map(loopback('>'), plain(e, talk(p))), link=108), BOTH),
    ('in nanoseconds', lambda e, p: pcap(map(ethernet, plain(e, talk(p))), nanoseconds=True), BOTH),
    ('in pcapng', lambda e, p: pcapng(map(ethernet, plain(e, talk(p)))), BOTH),
    ('in pcapng of three interfaces, big endian', odd_sections, BOTH),
    ('in pcapng of two sections', lambda e, p: pcapng(map(ethernet, plain(e, talk(p))), sections=2), BOTH),
]


def said(asked=None, answered=None, before=(), after=(), **more):
    """The exchange between others on the same connection."""
    return [*before, *exchange(asked, answered), *after], more


GZIP = 'Content-Encoding: gzip\r\n'
CHUNKED = 'Transfer-Encoding: chunked\r\n'
HELLO = exchange(request('/'), response(b'<html>hello</html>'))
FORM = b'name=localhost%3Bid'
POST = request('/cgi-bin/lookup', 'POST', FORM, 'Content-Type: application/x-www-form-urlencoded\r\n')
CHUNKED_POST = request('/cgi-bin/lookup', 'POST', chunked(FORM, 4), CHUNKED + 'Content-Type: application/x-www-form-urlencoded\r\n')
EXPECTING = request('/cgi-bin/lookup', 'POST', FORM, 'Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n')
CONTINUE = b'HTTP/1.1 100 Continue\r\n\r\n'
HINTS = b'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n'
BARE = b'\n'.join(request().split(b'\r\n')), response().replace(b'\r\n', b'\n')
FOLDED = request(more='X-Long: one\r\n two\r\n\tthree\r\n'), response(more='X-Long: one\r\n two\r\n', length=f'Content-Length:\r\n {len(PAGE)}\r\n')


# name, what is said (and how the segments are made), verdicts
SAID = [
    ('chunked', said(answered=response(chunked(PAGE), more=CHUNKED, length='')), {'success'}),
    ('chunked in 1-byte chunks', said(answered=response(chunked(PAGE, 1), more=CHUNKED, length='')), {'success'}),
    ('chunked with extensions and trailers',
     said(answered=response(chunked(PAGE, 30, b' ; name="a;b"', b'X-Sum: 1\r\nX-More: 2\r\n'), more=CHUNKED, length=''), after=HELLO), {'success'}),
    ('gzip', said(answered=response(deflated(PAGE, 31), more=GZIP)), {'success'}),
    ('gzip in two members', said(answered=response(deflated(PAGE[:60], 31) + deflated(PAGE[60:], 31), more=GZIP)), {'success'}),
    ('gzip with bytes behind it', said(answered=response(deflated(b'<html></html>', 31) + PAGE, more=GZIP)), {'success', 'unknown'}),
    ('gzip and chunked', said(answered=response(chunked(deflated(PAGE, 31)), more=GZIP + CHUNKED, length='')), {'success'}),
    ('gzip and chunked in 1-byte segments', said(answered=response(chunked(deflated(PAGE, 31)), more=GZIP + CHUNKED, length=''), mss=1), {'success'}),
    ('x-gzip', said(answered=response(deflated(PAGE, 31), more='Content-Encoding: x-gzip\r\n')), {'success'}),
    ('deflate', said(answered=response(deflated(PAGE, 15), more='Content-Encoding: deflate\r\n')), {'success'}),
    ('raw deflate', said(answered=response(deflated(PAGE, -15), more='Content-Encoding: deflate\r\n')), {'success'}),
    ('an unknown encoding', said(answered=response(bytes(b ^ 85 for b in PAGE), more='Content-Encoding: odd\r\n')), {'unknown'}),
    ('gzip cut short', said(answered=response(deflated(PAGE, 31)[:-30], more=GZIP)), {'success', 'unknown'}),
    ('until close', said(answered=response(length='Connection: close\r\n')), {'success'}),
    ('HTTP/1.0', said(request(version='1.0'), response(version='1.0', length='')), {'success'}),
    ('a length and chunks', said(answered=response(chunked(PAGE), more=CHUNKED, length='Content-Length: 5\r\n'), before=HELLO), {'success'}),
    ('two equal lengths', said(answered=response(more=f'Content-Length: {len(PAGE)}\r\n')), {'success'}),
    ('folded fields', said(*FOLDED, after=HELLO), {'success'}),
    ('bare line feeds', said(*BARE, after=HELLO), {'success'}),
    ('blank lines before', said(b'\r\n\r\n' + request(), b'\r\n' + response(), before=HELLO), {'success'}),
    ('early hints before', said(answered=HINTS + HINTS + response(), before=HELLO, after=HELLO), {'success'}),
    ('after HEAD', said(before=[(True, request('/', 'HEAD')), (False, response(b'', length='Content-Length: 4000\r\n'))]), {'success'}),
    ('after 304', said(before=[(True, request('/')), (False, response(b'', '304 Not Modified', length='Content-Length: 4000\r\n'))]), {'success'}),
    ('after 204', said(before=[(True, request('/')), (False, response(b'', '204 No Content', length=''))]), {'success'}),
    ('by POST', said(POST, before=HELLO, after=HELLO), {'success'}),
    ('by POST in chunks', said(CHUNKED_POST, before=HELLO, after=HELLO), {'success'}),
    ('by POST after Expect', ([(True, EXPECTING[:-len(FORM)]), (False, CONTINUE), (True, FORM), (False, response()), *HELLO], {}), {'success'}),
    ('by POST that does not wait for 100', ([(True, EXPECTING), (False, CONTINUE + response()), *HELLO], {}), {'success'}),
    ('by POST answered early', ([(True, POST[:-1]), (False, response()), (True, POST[-1:]), *HELLO], {}), {'success', 'unknown'}),
    ('in a proxy request', said(request('http://www.example.net' + ATTACK)), {'success'}),
    ('after a refused upgrade', said(before=exchange(request('/ws', more='Upgrade: websocket\r\n'), response(b'no', '426 Upgrade Required'))), {'success'}),
    ('after a refused CONNECT', said(before=[(True, b'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n'), (False, response(b'no', '403 Forbidden'))]), {'success'}),
    ('in a CONNECT tunnel', said(before=[(True, b'CONNECT a.example:80 HTTP/1.1\r\nHost: a.example\r\n\r\n'), (False, b'HTTP/1.1 200 OK\r\n\r\n')],
                                  after=HELLO), {'success'}),
    ('cut by the server', said(answered=response(length=f'Content-Length: {len(PAGE) + 50}\r\n')), {'success'}),
    ('cut before the evidence', ([(True, request()), (False, response()[:120])], {}), {'unknown'}),
    ('a status alone', ([(True, request()), (False, b'HTTP/1.1 200 OK\r\n')], {}), {'unknown'}),
    ('no response', ([(True, request())], {}), {'unknown'}),
    ('no HTTP in the response', ([(True, request()), (False, b'\x15\x03\x01\0\2\2\x46')], {}), {'unknown'}),
    ('HTTP/0.9', ([(True, b'GET %s\r\n' % ATTACK.encode()), (False, PAGE)], {}), {'success', 'unknown'}),
    ('100 responses at once', said(before=HELLO * 20, after=HELLO * 3), {'success'}),
]


def write(folder, name, data):
    path = os.path.join(folder, name + '.pcap')
    with open(path, 'wb') as file:
        file.write(data)
    return path


def main():
    tap = Tap()
    folder = konseki.scratch()
    conf = konseki.config(folder)
    files, wanted = [], {}
    for number, (name, carry, verdicts, *ends) in enumerate(CARRIED, 1):
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        client, servers = ends[0] if ends else V4
        for which, parts in enumerate((WORKED, REFUSED)):
            # two servers: what a success teaches of a place must not colour the refusal
            at = Ends(client % number, servers % (number + 100 * which))
            files.append(write(folder, f'{number}-{which}', carry(at, parts)))
            wanted[str(at.server)] = (f'{name}: the attack that {("worked", "was refused")[which]}', verdicts[which])
    for number, (name, (parts, more), verdicts) in enumerate(SAID, 1):
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        at = Ends('198.51.100.200', f'192.0.2.{number}')
        files.append(write(folder, f'said-{number}', kept(at, parts, **more)))
        wanted[str(at.server)] = (f'{name}: the attack that worked', verdicts)
    records, done = konseki.replay(files, conf)
    tap.ok(records is not None and done.returncode == 0, 'every capture is read', done.stderr.decode())
    for server, (name, verdicts) in wanted.items():
        found = [(r['triage']['verdict'], r['triage']['reason']) for r in records or [] if r['dest_ip'] == server] or [(None, None)]
        tap.ok(len(found) == 1 and found[0][0] in verdicts, f'{name}: {found[0]}', f'{found}, wanted {verdicts}')
    again = konseki.konseki('replay', '-c', conf, '--json', '--lanes', '3', '--workers', '1', *files)
    tap.ok(again.stdout == done.stdout, 'three lanes tell the same', again.stderr.decode())
    left = [r for r in records or [] if r['dest_ip'] not in wanted]
    tap.ok(not left, 'nothing else has a record', left)
    tap.done()


main()
