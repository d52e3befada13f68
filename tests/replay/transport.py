#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One attack that worked and one that was refused, carried in every way that a network and a capture can carry them.

usage: transport.py BUILD [NAME…]
The attack asks for `id`; the response holds what the real one prints. What a way of carrying leaves whole must be
told as if it came plainly; what it loses must never give a failure, and a success only where the evidence is there.
"""
import os, random, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from exchanges import *
from segments import *
from tap import Tap

WORKED = exchange()
# by its other answers a server tells what it says to what is not there
REFUSED = [part for page in ('/a', '/no/such', ATTACK) for part in exchange(request(page), response(MISSING, '404 Not Found'))]


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


def two_taps(seed, ahead=None):
    """Each direction in its order, by a tap of its own; which of them is ahead, and by how much, changes by chance, or one is wholly."""
    def make(ends, parts):
        chance = random.Random(seed)
        sides = {side: [s for s in talk(parts, mss=200) if s.client == side] for side in (True, False)}
        out, side = [], chance.random() < 0.5
        while sides[True] or sides[False]:
            side = ahead if ahead is not None else side if chance.random() < 0.7 else not side
            out.append(sides[side if sides[side] else not side].pop(0))
        return pcap((ethernet(p), i * 0.0001) for i, p in enumerate(plain(ends, out)))
    return make


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
    return pcapng(frames, order='>', interfaces=(9, 3, 0x80 | 20))


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
    ('with the server wholly ahead', two_taps(0, ahead=False), BOTH),
    ('with the client wholly ahead', two_taps(0, ahead=True), BOTH),
    *((f'by two taps, {n}', two_taps(n), BOTH) for n in range(1, 13)),
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


def main():
    tap = Tap()
    folder = konseki.scratch()
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
    judge(tap, files, wanted)
    tap.done()


main()
