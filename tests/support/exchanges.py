# SPDX-License-Identifier: GPL-2.0-or-later
"""A shell injection over HTTP that worked and what surrounds it; judging captures of it by the address of its server."""
import os, subprocess

import konseki
from segments import ethernet, ip, pcap, talk

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


def kept(ends, parts, wrap=ethernet, **more):
    return pcap(map(wrap, plain(ends, talk(parts, **more))))


def write(folder, name, data):
    path = os.path.join(folder, name + '.pcap')
    with open(path, 'wb') as file:
        file.write(data)
    return path


def judge(tap, files, wanted):
    """wanted: {address of a server: (name, the verdicts that its one record may have; None: no record)}"""
    conf = konseki.config(konseki.scratch())
    records, done = konseki.replay(files, conf)
    tap.ok(records is not None and done.returncode == 0, 'every capture is read', done.stderr.decode())
    for server, (name, verdicts) in wanted.items():
        found = [(r['triage']['verdict'], r['triage']['reason']) for r in records or [] if r['dest_ip'] == server] or [(None, None)]
        tap.ok(len(found) == 1 and found[0][0] in verdicts, f'{name}: {found[0]}', f'{found}, wanted {verdicts}')
    again = konseki.konseki('replay', '-c', conf, '--json', '--lanes', '3', '--workers', '1', *files)
    tap.ok(again.stdout == done.stdout, 'three lanes tell the same', again.stderr.decode())
    left = [r for r in records or [] if r['dest_ip'] not in wanted]
    tap.ok(not left, 'nothing else has a record', left)
