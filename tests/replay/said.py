#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One attack that worked, said in every way that HTTP/1 allows or servers do all the same.

usage: said.py BUILD [NAME…]
"""
import os, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from exchanges import *
from segments import *
from tap import Tap


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


def main():
    tap = Tap()
    folder = konseki.scratch()
    files, wanted = [], {}
    for number, (name, (parts, more), verdicts) in enumerate(SAID, 1):
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        at = Ends('198.51.100.200', f'192.0.2.{number}')
        files.append(write(folder, str(number), kept(at, parts, **more)))
        wanted[str(at.server)] = (name, verdicts)
    judge(tap, files, wanted)
    tap.done()


main()
