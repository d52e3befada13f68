#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Two taps, one for each direction of the same wire: client to server comes in by one port, server to client by another, maybe later or earlier.

usage: twoway.py BUILD [PART…]
"""
import os, subprocess, sys
from urllib.parse import quote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki, pair
from pair import HOSTS, Sensor, Wire
from tap import Tap

# a passive splitter: what comes by one side leaves by the other, and a copy goes to that direction's tap, some ms late
SPLIT = '''
import select, socket, sys, time
late = dict(zip("ab", (float(w) / 1000 for w in sys.argv[1:3])))
def port(name):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    s.bind((name, 0))
    return s
ends, taps = {"a": port("in0"), "b": port("out0")}, {"a": port("copy0"), "b": port("copy1")}
held = {"a": [], "b": []}
print("up", flush=True)
while True:
    now = time.monotonic()
    due = [q[0][0] for q in held.values() if q]
    ready = select.select(list(ends.values()), [], [], max(0, min(due) - now) if due else 1)[0]
    for side, other in ("ab", "ba"):
        if ends[side] in ready:
            frame, where = ends[side].recvfrom(65536)
            if where[2] != socket.PACKET_OUTGOING:
                ends[other].send(frame)
                held[side].append((time.monotonic() + late[side], frame))
    for side, q in held.items():
        while q and q[0][0] <= time.monotonic():
            taps[side].send(q.pop(0)[1])
'''
SERVE = '''
import http.server, os, subprocess, urllib.parse
class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.answer(urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query))
    def do_POST(self):
        self.answer(urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
    def answer(self, query):
        done = subprocess.run(["/bin/sh", "-c", "echo looking up " + query.get("host", [""])[0]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20)
        body = b"".join(b"<p>line %d of an ordinary page</p>\\n" % n for n in range(int(query.get("lines", ["0"])[0]))) + done.stdout
        self.send_response(200 if done.returncode == 0 else 500)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words): pass
server = http.server.ThreadingHTTPServer(("0.0.0.0", 80), Answer)
os.setgroups([]); os.setgid(65534); os.setuid(65534)
print("up", flush=True)
server.serve_forever()
'''
# connections as short as they can be: the whole of one may come by one port before anything comes by the other
SHORT = 400
ANSWER = '''
import socket
l = socket.create_server(("0.0.0.0", 8080), backlog=100)
print("up", flush=True)
while True:
    c, _ = l.accept()
    b = b""
    while b"\\r\\n\\r\\n" not in b: b += c.recv(4096)
    c.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Length: 5\\r\\n\\r\\nhello")
    c.close()
'''
ASK = f'''
import socket
for n in range({SHORT}):
    s = socket.create_connection(("{HOSTS['server']}", 8080))
    s.sendall(b"GET /x%d HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n" % n)
    while s.recv(4096): pass
    s.close()
'''
PARTS = {
    # name: lanes, ms late of the client's and of the server's direction, are the ports the other way round
    'together': (1, 0, 0, False),
    'lanes': (2, 0, 0, True),
    'requests-late': (1, 4, 0, False),
    'responses-late': (2, 0, 4, True),
}


class World:
    def __init__(self, lanes, late_a, late_b, swapped):
        self.wire, self.folder = Wire(), konseki.scratch()
        space = self.wire.name('sensor')
        for n in range(2):
            subprocess.run(['ip', '-n', space, 'link', 'add', f'copy{n}', 'type', 'veth', 'peer', 'name', f'tap{n}'], check=True)
            for name in (f'copy{n}', f'tap{n}'):
                self.wire.at('sensor', 'sysctl', '-qw', f'net.ipv6.conf.{name}.disable_ipv6=1')
                subprocess.run(['ip', '-n', space, 'link', 'set', name, 'up'], check=True)
        for name in ('in0', 'out0'):
            subprocess.run(['ip', '-n', space, 'link', 'set', name, 'promisc', 'on'], check=True)
        self.wire.python('sensor', SPLIT, str(late_a), str(late_b)).stdout.readline()
        for text in (SERVE, ANSWER):
            self.wire.python('server', text).stdout.readline()
        ports = ', '.join('{ name = "tap%d"; device = "net_af_packet%d,iface=tap%d,blocksz=65536,framesz=2048,framecnt=4096"; }' % (n, n, n)
                          for n in ((1, 0) if swapped else (0, 1)))
        conf = konseki.config(self.folder, dataplane=f'ports = ( {ports} );', lanes=lanes)
        self.sensor = Sensor(self.wire, self.folder, conf)

    def curl(self, *words):
        return self.wire.at('client', 'curl', '-s', '--max-time', '20', *words).stdout

    def verdicts(self, part):
        return {r['triage']['verdict'] for r in self.sensor.show('alerts') if part in r.get('http', {}).get('url', '')}


def check(tap, name):
    w = World(*PARTS[name])
    at = f'http://{HOSTS["server"]}'
    inject = lambda path, code: f'{at}{path}?host=' + quote('www.example.test' + code, safe='')
    try:
        w.wire.wait(w.sensor.ready, 'konseki run', 90)
        w.wire.wait(w.wire.ping, 'the wire', 20)
        for n in range(5):
            w.curl(inject(f'/plain{n}', ''))
        body = w.curl(inject('/one', ';id'))
        tap.ok('uid=' in body, f'{name}: the code runs', body)
        w.wire.wait(lambda: 'success' in w.verdicts('/one'), 'a success of /one', 20)
        tap.ok(True, f'{name}: request by one port, evidence by the other: a success')
        record = next(r for r in w.sensor.show('alerts') if '/one' in r['http']['url'])
        tap.equal((record['src_ip'], record['dest_ip'], record['dest_port']), (HOSTS['client'], HOSTS['server'], 80), f'{name}: whose ends are right')
        case = konseki.konseki('case', record['triage']['id'], '-c', w.sensor.conf, '--json')
        tap.ok(b'"gaps":[]' in case.stdout.replace(b' ', b'') and b'uid=' in case.stdout, f'{name}: with both directions whole', case.stdout[-1500:])
        # a body of many segments up, a page of many segments down, several exchanges on one connection
        filler, tries = '&filler=' + 'x' * 40000, 0
        while tries == 0 or (tries < 3 and not all('success' in w.verdicts(part) for part in ('/two', '/three', '/four'))):
            tries += 1  # on a busy machine emulation may be stopped by its watchdog
            mark = f';echo {os.getpid()}-{tries}'
            w.curl('-d', 'host=' + quote(f'x;id{mark}') + filler, f'{at}/two?lines=1', '--next', '-s', '--max-time', '20',
                   inject('/three', f';id{mark}') + '&lines=3000', '--next', '-s', '--max-time', '20', inject('/four', f';id -a{mark}'))
            for part in ('/two', '/three', '/four'):
                w.wire.wait(lambda: w.verdicts(part), f'a record of {part}', 40)
            try:
                w.wire.wait(lambda: all('success' in w.verdicts(part) for part in ('/two', '/three', '/four')), 'three successes', 20)
            except RuntimeError:
                continue
        wanted = SHORT + 6 + 3 * tries
        missing = [part for part in ('/two', '/three', '/four') if 'success' not in w.verdicts(part)]
        if missing:
            raise RuntimeError(f'no success of {missing}')
        tap.ok(True, f'{name}: long bodies both ways, three exchanges on one connection: each a success')
        tap.ok(not w.verdicts('/plain'), f'{name}: ordinary requests have no record')
        w.wire.at('client', sys.executable, '-c', ASK, timeout=120)
        read = lambda: (w.sensor.counter('http_requests'), w.sensor.counter('http_responses'))
        try:
            w.wire.wait(lambda: read() == (wanted, wanted), 'the counters', 12)
        except RuntimeError:
            pass
        tap.equal(read(), (wanted, wanted), f'{name}: of {SHORT} short connections, too, each request and each response was read')
        counts = {k: w.sensor.counter(k) for k in ('packets', 'drop_port_missed', 'drop_lane_queue', 'stream_gap', 'drop_stream_window')}
        tap.ok(counts['packets'] > 100 and counts['drop_port_missed'] == counts['drop_lane_queue'] == counts['stream_gap'] == 0, f'{name}: nothing is missing', counts)
    except (RuntimeError, StopIteration, KeyError) as error:
        tap.ok(False, name, f'{type(error).__name__} {error}\n{w.sensor.said()}\n{[(r["http"]["url"][:40], r["triage"]["verdict"], r["triage"]["reason"]) for r in w.sensor.show("alerts")]}\n{w.sensor.show("lanes")}')
    tap.equal(w.sensor.stop(), 0, f'{name}: SIGTERM ends it in order')
    w.wire.close()


def main():
    tap = Tap()
    reason = pair.why_not()
    if reason:
        tap.skip('two taps', reason)
        tap.done()
    for name in PARTS:
        if len(sys.argv) < 3 or name in sys.argv[2:]:
            check(tap, name)
    tap.done()


main()
