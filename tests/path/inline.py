#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Inline: two hosts whose only wire goes through a pair of ports. What is forwarded, in which order, and what is looked into on the way.

usage: inline.py BUILD [af_packet1|af_packet2|af_xdp1|pcap1|tap1|rules|reload]…
"""
import hashlib, os, signal, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki, pair
from flood import Flood
from pair import HOSTS, Sensor, Wire
from tap import Tap

SERVE = '''
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = bytes(range(256)) * 4096 * 20 if self.path == "/large" else b"hello"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words): pass
print("up", flush=True)
http.server.ThreadingHTTPServer(("0.0.0.0", 80), Answer).serve_forever()
'''
COUNT = '''
import socket, sys
wanted = int(sys.argv[1])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
s.bind(("0.0.0.0", 9000))
s.settimeout(5)
print("up", flush=True)
got = []
try:
    while len(got) < wanted:
        got.append(int(s.recv(64)))
except TimeoutError:
    pass
print(len(got), got == sorted(got), len(set(got)), flush=True)
'''
SEND = '''
import socket, sys, time
ports = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(8)]
for i in range(int(sys.argv[1])):
    ports[i % 8].sendto(b"%d" % i, ("192.0.2.2", 9000))
    if i % 50 == 0: time.sleep(0.002)
'''


def serve(wire):
    server = wire.python('server', SERVE)
    server.stdout.readline()


def check_traffic(tap, wire, sensor, what):
    large = wire.start('client', 'curl', '-s', '--max-time', '30', f'http://{HOSTS["server"]}/large', stdout=subprocess.PIPE)
    body, _ = large.communicate()
    tap.equal(hashlib.sha256(body).hexdigest(), hashlib.sha256(bytes(range(256)) * 4096 * 20).hexdigest(), f'{what}: 20 MB by TCP arrive as they were sent')
    counting = wire.python('server', COUNT, '2000')
    counting.stdout.readline()
    wire.at('client', sys.executable, '-c', SEND, '2000')
    tap.equal(counting.stdout.readline().split(), ['2000', 'True', '2000'], f'{what}: 2,000 datagrams of 8 flows arrive once each, in their order')


def check_inspected(tap, wire, sensor, what, loses):
    wire.at('client', 'curl', '-s', '--max-time', '10', f'http://{HOSTS["server"]}/cgi-bin/lookup?host=x%3Bid')
    found = lambda: any('x%3Bid' in r.get('http', {}).get('url', '') for r in sensor.show('alerts'))
    try:
        wire.wait(found, 'a record', 12)
    except RuntimeError:
        pass
    tap.ok(found(), f'{what}: what passes is looked into: an attack has a record', sensor.said())
    wire.wait(lambda: sensor.counter('forwarded') > 4000, 'the counters of the last second', 5)
    lost = sensor.counter('drop_forward_full'), sensor.counter('drop_port_missed')
    tap.ok(lost == (0, 0) or loses, f'{what}: none was lost', lost)


RULES = '''
drop tcp any any -> any 80 (msg:"stop"; flow:established,to_server; http.uri; content:"stop-me"; sid:1; rev:1;)
reject tcp any any -> any 81 (msg:"reject"; flow:established,to_server; content:"reset-me"; sid:2; rev:1;)
rejectboth udp any any -> any 9001 (msg:"unreachable"; content:"refuse-me"; sid:3; rev:1;)
drop tcp any any -> any 82 (msg:"no such port"; sid:4; rev:1;)
pass tcp any any -> any 80 (msg:"friend"; flow:established,to_server; http.uri; content:"/friend"; sid:5; rev:1;)
alert tcp any any -> any 80 (msg:"look"; flow:established,to_server; http.uri; content:"look-at"; sid:6; rev:1;)
'''
ECHO = '''
import socket, sys, threading
def serve(port):
    s = socket.create_server(("0.0.0.0", port))
    while True:
        c, _ = s.accept()
        def talk(c=c):
            try:
                while (b := c.recv(65536)):
                    c.sendall(b)
                print(port, "end", flush=True)
            except OSError as e:
                print(port, type(e).__name__, flush=True)
        threading.Thread(target=talk, daemon=True).start()
for p in (81, 82): threading.Thread(target=serve, args=(p,), daemon=True).start()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("0.0.0.0", 9001))
print("up", flush=True)
while True:
    b, a = u.recvfrom(2048)
    print("udp", b.decode(), flush=True)
    u.sendto(b, a)
'''
TALK = '''
import socket, sys
kind, port, *words = sys.argv[1:]
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
s.settimeout(2)
try:
    s.connect(("192.0.2.2", int(port)))
    for w in words:
        s.send(w.encode())
        print(s.recv(1000).decode(), end=" ")
except OSError as e:
    print(type(e).__name__, end="")
'''


def check_rules(tap):
    """drop, reject and pass: what stays here never reaches the server."""
    wire, folder = Wire(), konseki.scratch()
    serve(wire)
    echo = wire.python('server', ECHO)
    echo.stdout.readline()
    with open(os.path.join(folder, 'own.rules'), 'w') as file:
        file.write(RULES)
    sensor = Sensor(wire, folder, pair.config(folder, rules=os.path.join(folder, 'own.rules')))
    curl = lambda path, *words: wire.at('client', 'curl', '-s', '--max-time', '3', *words, f'http://{HOSTS["server"]}{path}').stdout
    talk = lambda *words: wire.at('client', sys.executable, '-c', TALK, *words).stdout.strip()
    try:
        wire.wait(sensor.ready, 'konseki run', 90)
        tap.equal(curl('/?look-at'), 'hello', 'alert: it goes on')
        tap.equal(curl('/?stop-me'), '', 'drop: the request does not arrive')
        tap.equal(curl('/?x', '--next', '-s', '--max-time', '3', f'http://{HOSTS["server"]}/?stop-me'), 'hello', 'drop: what came before on the connection did')
        tap.equal(curl('/friend?stop-me'), 'hello', 'pass comes before drop')
        tap.equal(talk('tcp', '81', 'fine', 'reset-me'), 'fine ConnectionResetError', 'reject: the client is reset')
        tap.equal(talk('udp', '9001', 'fine', 'refuse-me'), 'fine ConnectionRefusedError', 'reject of UDP: an ICMP error')
        tap.equal(talk('tcp', '82', 'hello'), 'TimeoutError', 'a rule of addresses and ports alone stops the first packet')
        wire.wait(lambda: sensor.counter('stopped_by_rule') > 4 and sensor.counter('rejected') >= 2, 'the counters of the last second', 5)
        tap.ok(sensor.counter('forward_waited') > 10, 'what waited and left is counted', sensor.show('lanes'))
        fired = lambda: {a['signature_id'] for r in sensor.show('alerts') for a in r.get('alerts', [])}
        wire.wait(lambda: 1 in fired(), 'a record of the dropped request', 15)
        tap.ok(5 not in fired() and 1 in fired(), 'what was stopped has a record, what passed has none', fired())
    except RuntimeError as error:
        tap.ok(False, 'rules', f'{error}\n{sensor.said()} {sensor.show("lanes")}')
    tap.equal(sensor.stop(), 0, 'SIGTERM ends it in order')
    echo.terminate()
    heard = echo.stdout.read().split()
    tap.ok('reset-me' not in heard and 'refuse-me' not in heard, 'the server never got what was rejected', heard)
    wire.close()


ALERT = 'alert tcp any any -> any 80 (msg:"%s"; flow:established,to_server; http.uri; content:"%s"; sid:%d; rev:1;)\n'
FILLER = ''.join(f'alert http any any -> any any (msg:"f"; http.uri; content:"filler-{n}-"; pcre:"/filler-{n}-[a-f]+x?/U"; sid:{100000 + n}; rev:1;)\n'
                 for n in range(2000))


def check_reload(tap):
    """Other rules while packets flow: none is lost, errors keep the old ones."""
    wire, folder = Wire(), konseki.scratch()
    serve(wire)
    rules = os.path.join(folder, 'own.rules')

    def write(*lines):
        with open(rules + '.new', 'w') as file:
            file.write(''.join(lines) + FILLER)
        os.rename(rules + '.new', rules)

    write(ALERT % ('first', 'mark-1', 1))
    sensor = Sensor(wire, folder, pair.config(folder, rules=rules))
    curl = lambda path: wire.at('client', 'curl', '-s', '--max-time', '5', f'http://{HOSTS["server"]}{path}').stdout
    fired = lambda: {a['signature_id'] for r in sensor.show('alerts') for a in r.get('alerts', [])}
    reloads = lambda: (sensor.counter('rules_reloads'), sensor.counter('rules_reloads_failed'))
    hup = lambda: sensor.process.send_signal(signal.SIGHUP)
    try:
        wire.wait(sensor.ready, 'konseki run', 90)
        flood = Flood(wire)
        tap.equal(curl('/mark-1'), 'hello', 'reload: traffic flows')
        write(ALERT % ('second', 'mark-2', 2))
        hup()
        wire.wait(lambda: reloads() == (1, 0), 'the first reload', 60)
        curl('/mark-2')
        curl('/mark-1?late')
        wire.wait(lambda: {1, 2} <= fired(), 'records by both sets', 20)
        tap.ok(not any('late' in r['http']['url'] for r in sensor.show('alerts')), 'the new rules are in force, the old ones are not')
        os.rename(rules, rules + '.away')
        hup()
        wire.wait(lambda: reloads() == (1, 1), 'the failed reload', 30)
        tap.ok('No such file' in sensor.said() and 'stay in force' in sensor.said(), 'a file that is gone: said, and the old rules stay', sensor.said())
        os.rename(rules + '.away', rules)
        for n in range(3, 6):
            write(ALERT % ('more', f'mark-{n}', n), 'drop tcp any any -> any 80 (msg:"d"; flow:established,to_server; http.uri; content:"never-seen"; sid:99;)\n' if n % 2 else '')
            hup()
            wire.wait(lambda: reloads()[0] == n - 1, f'reload {n}', 60)
        curl('/mark-5')
        wire.wait(lambda: 5 in fired(), 'a record by the last set', 20)
        sent, got, single, ordered = flood.end()
        tap.equal((got, single, ordered), (sent, sent, True), f'over five reloads of 2,000 rules none of {sent} datagrams was lost, doubled or overtaken')
    except RuntimeError as error:
        tap.ok(False, 'reload', f'{error}\n{reloads()} {fired()}\n{sensor.said()}')
    tap.equal(sensor.stop(), 0, 'SIGTERM ends it in order')
    wire.close()


def check_pair(tap, device, lanes):
    wire, folder = Wire(), konseki.scratch()
    what = f'{device}, {lanes} lane{"s" * (lanes > 1)}'
    serve(wire)
    sensor = Sensor(wire, folder, pair.config(folder, device, lanes=lanes))
    try:
        wire.wait(sensor.ready, 'konseki run', 90)
        if device == 'tap':
            wire.patch()
        wire.wait(wire.ping, f'{what}: a ping', 20)
        check_traffic(tap, wire, sensor, what)
        check_inspected(tap, wire, sensor, what, device == 'pcap')  # libpcap's buffer is small; it says what it lost
    except RuntimeError as error:
        tap.ok(False, what, f'{error}\n{sensor.said()}')
    tap.equal(sensor.stop(), 0, f'{what}: SIGTERM ends it in order')
    wire.close()


def main():
    tap = Tap()
    reason = pair.why_not()
    if reason:
        tap.skip('inline', reason)
        tap.done()
    for device, lanes in (('af_packet', 1), ('af_packet', 2), ('af_xdp', 1), ('pcap', 1), ('tap', 1)):
        if len(sys.argv) < 3 or f'{device}{lanes}' in sys.argv[2:]:
            check_pair(tap, device, lanes)
    if len(sys.argv) < 3 or 'rules' in sys.argv[2:]:
        check_rules(tap)
    if len(sys.argv) < 3 or 'reload' in sys.argv[2:]:
        check_reload(tap)
    tap.done()


main()
