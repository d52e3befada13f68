# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole test in a network of its own: a loopback with any port free, and a tap to which attacks are sent frame by frame.

It ends with the test, whatever becomes of it. Attacks are conversations made by hand (segments.py): what the server "answered" is the
label, so that a verdict is known without any server.
"""
import ctypes, os, shutil, socket, subprocess
from urllib.parse import quote

import segments
from world import World

NEWNET = 0x40000000
CLIENT, SHOP, OTHER = '198.51.100.66', '203.0.113.10', '203.0.113.20'


def why_not():
    """Why such a test cannot run here; None where it can."""
    if os.getuid() != 0:
        return 'a network of its own needs root'
    if not shutil.which('ip', path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin'):
        return 'ip is not installed'
    return None


class Alone(World):
    def __init__(self, folder):
        super().__init__()
        self.folder, self.number = folder, 0
        if ctypes.CDLL(None, use_errno=True).unshare(NEWNET):
            raise RuntimeError(f'unshare: {os.strerror(ctypes.get_errno())}')
        for words in ('link set lo up', 'link add gun0 type veth peer name tap0', 'link set gun0 up', 'link set tap0 up'):
            subprocess.run(['ip', *words.split()], check=True)
        self.gun = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.gun.bind(('gun0', 0))

    def start(self, host, *words, **more):
        """There is but one host, whatever it is called."""
        process = subprocess.Popen(words, start_new_session=True, stdin=subprocess.DEVNULL, **more)
        self.processes.append(process)
        return process

    def attack(self, worked=True, server=SHOP, code=';id', path='/cgi-bin/lookup', more=''):
        """A shell command in a query; where it worked its output is in the answer, else an ordinary page. Returns its mark."""
        self.number += 1
        mark = f'n{self.number}'
        request = f'GET {path}?host={quote("www.example.test" + code, safe="")}&{mark}{more} HTTP/1.1\r\nHost: www.example.test\r\nUser-Agent: a=b|c\\d\r\n\r\n'.encode()
        body = b'<pre>uid=33(www-data) gid=33(www-data) groups=33(www-data)\n</pre>' if worked else b'<p>It is fine.</p>'
        answer = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n' % len(body) + body
        ends = segments.Ends(CLIENT, server, 20000 + self.number % 40000, 80)
        for segment in segments.talk([(True, request), (False, answer)]):
            source, target, payload = ends.tcp(segment)
            self.gun.send(segments.ethernet(segments.ip(source, target, payload)))
        return mark
