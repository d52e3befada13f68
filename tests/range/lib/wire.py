# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a recording of the range: the requests of every connection with their answers, and what the servers sent of their own."""
import collections, gzip, re, socket, struct, zlib

Request = collections.namedtuple('Request', 'src sport dst dport at line head body status answer_head answer answered')
Contact = collections.namedtuple('Contact', 'at src kind to port')


def packets(path):
    """(time, protocol, source, destination, payload of IP) of every IPv4 packet."""
    with open(path, 'rb') as file:
        data = file.read()
    order = '<' if data[:4] in (b'\xd4\xc3\xb2\xa1', b'\x4d\x3c\xb2\xa1') else '>'
    scale = 1e-9 if data[:4] in (b'\x4d\x3c\xb2\xa1', b'\xa1\xb2\x3c\x4d') else 1e-6
    at = 24
    while at + 16 <= len(data):
        seconds, part, kept, _ = struct.unpack(order + 'IIII', data[at:at + 16])
        frame = data[at + 16:at + 16 + kept]
        at += 16 + kept
        if frame[12:14] == b'\x08\x00':
            size = (frame[14] & 15) * 4
            yield (seconds + part * scale, frame[23], socket.inet_ntoa(frame[26:30]), socket.inet_ntoa(frame[30:34]),
                   frame[14 + size:14 + struct.unpack('>H', frame[16:18])[0]])


def thin(path, victims):
    """Keeps a small recording small: leaves out victims that nobody asked anything, and most of their ordinary fetches."""
    asked, fetches, kept = set(), set(), []
    with open(path, 'rb') as file:
        data = file.read()
    for _, protocol, src, dst, payload in packets(path):
        text = payload[(payload[12] >> 4) * 4:] if protocol == 6 else b''
        if text and dst in victims and src not in victims:
            asked.add(dst)
        elif text.startswith(b'GET /debian/dists/stable/InRelease') and src in victims:
            fetches.add((src, payload[:2]))
    at, order = 24, '<' if data[:4] in (b'\xd4\xc3\xb2\xa1', b'\x4d\x3c\xb2\xa1') else '>'
    while at + 16 <= len(data):
        size = struct.unpack(order + 'I', data[at + 8:at + 12])[0]
        frame = data[at + 16:at + 16 + size]
        ends = {socket.inet_ntoa(frame[26:30]), socket.inet_ntoa(frame[30:34])}
        port = next((p for p in (frame[34:36], frame[36:38]) for e in ends if (e, p) in fetches), None)
        if (not ends & victims or ends & asked) and (port is None or port[1] % 16 == 0) and b'\x04time\x07example' not in frame:
            kept.append(data[at:at + 16 + size])
        at += 16 + size
    with open(path, 'wb') as file:
        file.write(data[:24] + b''.join(kept))


class Side:
    """One direction of a connection: bytes in order, and when each came."""

    def __init__(self):
        self.data, self.next, self.marks, self.early = bytearray(), None, [], {}

    def add(self, at, seq, payload, syn):
        if syn:
            self.next = (seq + 1) & 0xffffffff
            return
        if self.next is None:
            self.next = seq
        self.early.setdefault(seq, (at, payload))
        while True:
            hit = next((s for s in self.early if (self.next - s) & 0xffffffff < 0x80000000), None)
            if hit is None:
                return
            at, payload = self.early.pop(hit)
            payload = payload[(self.next - hit) & 0xffffffff:]
            if payload:
                self.data += payload
                self.next = (self.next + len(payload)) & 0xffffffff
                self.marks.append((len(self.data), at))

    def when(self, offset):
        return next((at for end, at in self.marks if end >= offset), self.marks[-1][1] if self.marks else 0.0)


def read(path, victims):
    """([((src, sport, dst, dport), client side, server side)], [Contact]) of a recording."""
    flows, order, contacts = {}, [], []
    for at, protocol, src, dst, data in packets(path):
        if protocol == 1 and src in victims and data[:1] == b'\x08':
            contacts.append(Contact(at, src, 'icmp', dst, 0))
        elif protocol == 17 and src in victims and len(data) > 20:
            port = struct.unpack('>H', data[2:4])[0]
            contacts.append(Contact(at, src, 'dns' if port == 53 else 'udp', name_of(data[20:]) if port == 53 else dst, port))
        elif protocol == 6:
            sport, dport, seq, _, offset, flags = struct.unpack('>HHIIBB', data[:14])
            payload, syn = data[(offset >> 4) * 4:], bool(flags & 2)
            key = (src, sport, dst, dport)
            if syn and not flags & 16:
                if src in victims:
                    contacts.append(Contact(at, src, 'tcp', dst, dport))
                if key not in flows or flows[key][1].data:
                    flows[key] = (key, Side(), Side())
                    order.append(flows[key])
            if key in flows:
                flows[key][1].add(at, seq, payload, syn)
            elif (dst, dport, src, sport) in flows:
                flows[dst, dport, src, sport][2].add(at, seq, payload, syn)
    return order, contacts


def name_of(question):
    """The name that a DNS message (from behind its id and flags and counts on) asks for."""
    parts, at = [], 0
    while at < len(question) and question[at]:
        parts.append(question[at + 1:at + 1 + question[at]].decode('latin-1'))
        at += 1 + question[at]
    return '.'.join(parts).lower()


def message(data, at, kind, bodiless=False):
    """(first line, head, body, end) of one HTTP message; None where it is not whole."""
    while data[at:at + 2] == b'\r\n':
        at += 2
    end = data.find(b'\r\n\r\n', at)
    if end < 0:
        return None
    head = bytes(data[at:end]).decode('latin-1')
    end += 4
    length = re.search(r'(?im)^content-length:\s*(\d+)', head)
    if bodiless or (kind == 'answer' and re.match(r'HTTP/1\.\d (1\d\d|204|304)', head)):
        body = b''
    elif re.search(r'(?im)^transfer-encoding:\s*chunked', head):
        body, end = chunks(data, end)
    elif length:
        body = bytes(data[end:end + int(length[1])])
        end += int(length[1])
    elif kind == 'answer':
        body, end = bytes(data[end:]), len(data)
    else:
        body = b''
    return head.split('\r\n')[0], head, body, end


def chunks(data, at):
    body = b''
    while True:
        end = data.find(b'\r\n', at)
        try:
            size = int(bytes(data[at:end]).split(b';')[0] or b'0', 16) if end > 0 else 0
        except ValueError:
            size = 0
        if not size:
            return body, min(len(data), end + 4 if end > 0 else len(data))
        body += bytes(data[end + 2:end + 2 + size])
        at = end + 2 + size + 2


def decoded(head, body):
    kind = re.search(r'(?im)^content-encoding:\s*(\w+)', head)
    try:
        if kind and kind[1].lower() == 'gzip':
            return gzip.decompress(body)
        if kind and kind[1].lower() == 'deflate':
            return zlib.decompress(body, -15 if body[:1] != b'\x78' else 15)
    except (OSError, zlib.error, EOFError):
        pass
    return body


def requests(key, client, server):
    """The requests of one connection in order."""
    at = back = 0
    while True:
        asked = message(client.data, at, 'request')
        if asked is None:
            return
        line, head, body, at = asked
        got = message(server.data, back, 'answer', line.startswith('HEAD '))
        while got and re.match(r'HTTP/1\.\d 1\d\d', got[0]):
            got = message(server.data, got[3], 'answer', line.startswith('HEAD '))
        status, answer_head, answer, answered = None, '', b'', None
        if got:
            back = got[3]
            match = re.match(r'HTTP/1\.\d (\d+)', got[0])
            status, answer_head, answer, answered = int(match[1]) if match else None, got[1], decoded(got[1], got[2]), server.when(back)
        yield Request(*key, client.when(at), line, head, body, status, answer_head, answer, answered)


def raw(key, client, server):
    """A connection that speaks no HTTP: one request, all that was sent."""
    yield Request(*key, client.when(0), 'payload', '', bytes(client.data), None, '', bytes(server.data), server.when(len(server.data)))
