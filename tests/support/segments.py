# SPDX-License-Identifier: GPL-2.0-or-later
"""TCP conversations made by hand: as segments that a test may reorder, cut or lose, then as frames, then as a capture."""
import collections, ipaddress, struct, zlib

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
TCP, UDP = 6, 17

# client: did the client send it?
Segment = collections.namedtuple('Segment', 'client seq ack flags data', defaults=[b''])


def talk(parts, mss=1400, isn=(1000, 77000), opened=True, closed=True, acks=True):
    """parts: [(client?, bytes)…] as the segments of one connection, each of them acknowledged."""
    at = {True: isn[0], False: isn[1]}
    out = []

    def say(client, flags, data=b''):
        out.append(Segment(client, at[client] & 0xffffffff, at[not client] & 0xffffffff if flags & ACK else 0, flags, data))
        at[client] += len(data) + (1 if flags & (SYN | FIN) else 0)

    if opened:
        say(True, SYN)
        say(False, SYN | ACK)
        say(True, ACK)
    else:
        at = {side: start + 1 for side, start in at.items()}
    for client, data in parts:
        for start in range(0, len(data), mss):
            say(client, PSH | ACK, data[start:start + mss])
            if acks:
                say(not client, ACK)
    if closed:
        say(False, FIN | ACK)
        say(True, FIN | ACK)
        say(False, ACK)
    return out


def checksum(data):
    total = sum(struct.unpack(f'>{(len(data) + 1) // 2}H', data + b'\0' * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def transport(source, target, protocol, header, data, place):
    """The header and data with the checksum at place in it."""
    pseudo = source.packed + target.packed + struct.pack('>IxxxB', len(header) + len(data), protocol)
    value = checksum(pseudo + header + data)
    return header[:place] + struct.pack('>H', value) + header[place + 2:] + data


class Ends:
    """Who talks: addresses (both IPv4 or both IPv6) and ports."""

    def __init__(self, client, server, sport=40000, dport=80):
        self.client, self.server = ipaddress.ip_address(client), ipaddress.ip_address(server)
        self.sport, self.dport = sport, dport

    def tcp(self, s, options=b''):
        source, target, sport, dport = (self.client, self.server, self.sport, self.dport) if s.client else \
            (self.server, self.client, self.dport, self.sport)
        offset = (20 + len(options)) // 4 << 4
        header = struct.pack('>HHIIBBHHH', sport, dport, s.seq, s.ack, offset, s.flags, 65000, 0, 0) + options
        return source, target, transport(source, target, TCP, header, s.data, 16)


def ip4(source, target, payload, protocol=TCP, number=1, fragment=0, options=b'', length=None):
    words = 5 + len(options) // 4
    length = words * 4 + len(payload) if length is None else length
    header = struct.pack('>BBHHHBBH', 0x40 | words, 0, length, number, fragment, 64, protocol, 0) + source.packed + target.packed + options
    return header[:10] + struct.pack('>H', checksum(header)) + header[12:] + payload


def ip6(source, target, payload, protocol=TCP, extensions=()):
    """extensions: [(kind, the bytes after its next-header byte)…]"""
    kinds = [kind for kind, _ in extensions] + [protocol]
    chain = b''.join(bytes([after]) + rest for after, (_, rest) in zip(kinds[1:], extensions))
    return struct.pack('>IHBB', 6 << 28, len(chain) + len(payload), kinds[0], 64) + source.packed + target.packed + chain + payload


def ip(source, target, payload, **more):
    return (ip4 if source.version == 4 else ip6)(source, target, payload, **more)


def fragments(source, target, payload, size=600, number=77):
    """One datagram in pieces of size bytes (a multiple of 8)."""
    for start in range(0, len(payload), size):
        piece, more = payload[start:start + size], start + size < len(payload)
        if source.version == 4:
            yield ip4(source, target, piece, number=number, fragment=start // 8 | (0x2000 if more else 0))
        else:
            yield ip6(source, target, piece, extensions=[(44, b'\0' + struct.pack('>HI', start | more, number))])


def ethertype(packet):
    return 0x0800 if packet[0] >> 4 == 4 else 0x86dd


def ethernet(packet, tags=(), padding=b''):
    """tags: [(ethertype, VLAN)…], the outermost first."""
    words = b''.join(struct.pack('>HH', kind, vlan) for kind, vlan in tags)
    frame = b'\x02\0\0\0\0\1' + b'\x02\0\0\0\0\2' + words + struct.pack('>H', ethertype(packet)) + packet
    return frame + padding


def cooked(packet):
    return struct.pack('>HHH8sH', 0, 1, 6, b'\x02\0\0\0\0\1', ethertype(packet)) + packet


def cooked2(packet):
    return struct.pack('>HHIHBB8s', ethertype(packet), 0, 2, 1, 0, 6, b'\x02\0\0\0\0\1') + packet


def loopback(order, family6=30):
    return lambda packet: struct.pack(order + 'I', 2 if packet[0] >> 4 == 4 else family6) + packet


def pcap(frames, link=1, order='<', nanoseconds=False, snaplen=262144, start=1700000000):
    """frames: bytes, or (bytes, seconds after start). A millisecond lies between those without a time."""
    out = [struct.pack(order + 'IHHiIII', 0xa1b23c4d if nanoseconds else 0xa1b2c3d4, 2, 4, 0, 0, snaplen, link)]
    for data, at in timed(frames):
        fraction = round(at % 1 * (10 ** 9 if nanoseconds else 10 ** 6))
        kept = data[:snaplen]
        out.append(struct.pack(order + 'IIII', start + int(at), fraction, len(kept), len(data)) + kept)
    return b''.join(out)


def timed(frames):
    for i, frame in enumerate(frames):
        yield frame if isinstance(frame, tuple) else (frame, i * 0.001)


def block(kind, body, order):
    body += b'\0' * (-len(body) % 4)
    return struct.pack(order + 'II', kind, len(body) + 12) + body + struct.pack(order + 'I', len(body) + 12)


def pcapng(frames, link=1, order='<', interfaces=(6,), start=1700000000, sections=1):
    """interfaces: their resolutions (a power of ten, or of two with the top bit set); frames take turns on them."""
    out, frames = [], list(timed(frames))
    for section in range(sections):
        out.append(block(0x0a0d0d0a, struct.pack(order + 'IHHq', 0x1a2b3c4d, 1, 0, -1), order))
        for resolution in interfaces:
            option = struct.pack(order + 'HHB3xHH', 9, 1, resolution, 0, 0)
            out.append(block(1, struct.pack(order + 'HHI', link, 0, 262144) + option, order))
        for i, (data, at) in enumerate(frames):
            if i * sections // len(frames) != section:
                continue
            which = i % len(interfaces)
            resolution = interfaces[which]
            unit = 2 ** (resolution & 0x7f) if resolution & 0x80 else 10 ** resolution
            stamp = start * unit + int(at * unit)
            out.append(block(6, struct.pack(order + 'IIIII', which, stamp >> 32, stamp & 0xffffffff, len(data), len(data)) + data, order))
            if i % 5 == 0: # a block of a kind that nobody knows is skipped
                out.append(block(0xabcd, b'abcd', order))
    return b''.join(out)


def deflated(data, window):
    """window: 31 gzip, 15 zlib, -15 raw."""
    z = zlib.compressobj(9, zlib.DEFLATED, window)
    return z.compress(data) + z.flush()


def chunked(data, size=7, extension=b'', trailer=b''):
    pieces = [data[i:i + size] for i in range(0, len(data), size)]
    return b''.join(b'%x%s\r\n%s\r\n' % (len(p), extension, p) for p in pieces) + b'0\r\n' + trailer + b'\r\n'
