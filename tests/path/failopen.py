#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Inline traffic while parts of the appliance are dead, stand still or begin: it goes on, or stays where that is configured.

usage: failopen.py BUILD [PART…]
"""
import ctypes, os, signal, subprocess, sys, threading, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki, pair
from appliance import children
from pair import HOSTS, Sensor, Wire
from tap import Tap

# a TCP client that sends a line every 10 ms and tells the longest time without an answer, and when it was over
TALK = '''
import socket, sys, time
s = socket.create_connection(("192.0.2.2", 7), timeout=60)
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print("up", flush=True)
longest, n, last = 0, 0, time.monotonic()
end = last + float(sys.argv[1])
while time.monotonic() < end:
    s.sendall(b"x")
    got = s.recv(1)
    now = time.monotonic()
    longest, last, n = max(longest, now - last), now, n + 1
    time.sleep(0.01)
print(f"{longest:.3f} {n}", flush=True)
'''
# the same by datagrams: what is missing is the time without traffic, without TCP's own waiting
PULSE = '''
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setblocking(False)
s.connect(("192.0.2.2", 7))
print("up", flush=True)
longest, last = 0, time.monotonic()
end = last + float(sys.argv[1])
while time.monotonic() < end:
    try: s.send(b"x")
    except OSError: pass
    time.sleep(0.005)
    try:
        while s.recv(16):
            now = time.monotonic()
            longest, last = max(longest, now - last), now
    except OSError: pass
longest = max(longest, time.monotonic() - last)
print(f"{longest:.3f}", flush=True)
'''
ECHO = '''
import socket, threading
t = socket.create_server(("0.0.0.0", 7))
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(("0.0.0.0", 7))
def udp():
    while True:
        b, a = u.recvfrom(64)
        u.sendto(b, a)
threading.Thread(target=udp, daemon=True).start()
print("up", flush=True)
while True:
    c, _ = t.accept()
    def talk(c=c):
        try:
            while (b := c.recv(64)): c.sendall(b)
        except OSError: pass
    threading.Thread(target=talk, daemon=True).start()
'''
DROPS = 'drop tcp any any -> any 7 (msg:"d"; flow:established,to_server; content:"never-seen"; sid:1; rev:1;)\n' \
        'drop udp any any -> any 7 (msg:"d"; content:"never-seen"; sid:2; rev:1;)\n'


class Talk:
    """A conversation of so many seconds while something happens: the longest silence of TCP and of datagrams."""
    def __init__(self, wire, seconds):
        self.both = [wire.python('client', text, str(seconds)) for text in (TALK, PULSE)]
        for one in self.both:
            one.stdout.readline()

    def silences(self):
        said = [one.stdout.readline().split() for one in self.both]
        return float(said[0][0]) if said[0] else 99.0, float(said[1][0]) if said[1] else 99.0


def stop_thread(tid):
    """Stops one thread alone, as no signal can; calling the result lets it go on."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    begun, over = threading.Event(), threading.Event()

    def hold():  # what traces must be one thread
        libc.ptrace(0x4206, tid, None, None)  # PTRACE_SEIZE
        libc.ptrace(0x4207, tid, None, None)  # PTRACE_INTERRUPT
        os.waitpid(tid, 0x40000000)           # __WALL
        begun.set()
        over.wait()
        libc.ptrace(17, tid, None, None)      # PTRACE_DETACH
    thread = threading.Thread(target=hold)
    thread.start()
    begun.wait(5)
    return lambda: (over.set(), thread.join())


def threads(pid):
    names = {}
    for tid in map(int, os.listdir(f'/proc/{pid}/task')):
        with open(f'/proc/{pid}/task/{tid}/comm') as file:
            names[file.read().strip()] = tid
    return names


def begin(folder, device='af_packet', rules=None, inline='return_s = 1;'):
    wire = Wire()
    wire.python('server', ECHO).stdout.readline()
    path = None
    if rules:
        path = os.path.join(folder, 'own.rules')
        with open(path, 'w') as file:
            file.write(rules)
    conf = pair.config(folder, device, rules=path, more=f'inline = {{ {inline} }};')
    return wire, Sensor(wire, folder, conf)


def inline_now(sensor, falls=0):
    """Traffic goes through the dataplane, after so many falls."""
    lanes = sensor.show('lanes')
    return bool(lanes) and lanes[0].get('bypassed') == 0 and lanes[0].get('forwarded', 0) > 0 and lanes[0].get('bypass_falls', 0) >= falls


def check_kill(tap, device, limit=1.0):
    folder = konseki.scratch()
    wire, sensor = begin(folder, device)
    try:
        wire.wait(wire.ping, 'traffic', 20)
        wire.wait(sensor.ready, 'konseki run', 90)
        wire.wait(lambda: wire.ping() and inline_now(sensor), 'the dataplane forwards', 20)
        for falls, name in enumerate(('konseki-bypass', 'konseki-dataplane')):
            talk = Talk(wire, 6)
            time.sleep(0.5)
            os.kill(children(sensor.process)[name], signal.SIGKILL)
            tcp, datagrams = talk.silences()
            tap.ok(datagrams < limit, f'{device}: kill -9 of {name}: traffic goes on within {limit:g} s ({datagrams:.2f} s; TCP with its own waiting {tcp:.2f} s)', sensor.said())
            wire.wait(lambda: wire.ping() and inline_now(sensor, falls), 'the dataplane forwards again', 60)
        talk = Talk(wire, 4)
        time.sleep(0.5)
        os.kill(children(sensor.process)['konseki-dataplane'], signal.SIGSTOP)
        tcp, datagrams = talk.silences()
        tap.ok(datagrams < limit, f'{device}: a dataplane that stands still: within {limit:g} s ({datagrams:.2f} s; TCP {tcp:.2f} s)', sensor.said())
        stopped = children(sensor.process).get('konseki-dataplane')
        if stopped:
            os.kill(stopped, signal.SIGCONT)
        wire.wait(lambda: wire.ping() and inline_now(sensor, 2), 'the dataplane forwards again', 60)
        talk = Talk(wire, 4)
        time.sleep(0.5)
        sensor.process.kill()
        tcp, datagrams = talk.silences()
        tap.ok(datagrams < limit, f'{device}: kill -9 of konseki run and all: within {limit:g} s ({datagrams:.2f} s; TCP {tcp:.2f} s)', sensor.said())
    except (RuntimeError, KeyError) as error:
        tap.ok(False, f'{device}: kill', f'{error}\n{sensor.said()} {sensor.show("lanes")}')
    wire.close()


def check_lane(tap):
    """A lane alone stands still while packets wait for it."""
    folder = konseki.scratch()
    wire, sensor = begin(folder, rules=DROPS)
    try:
        wire.wait(sensor.ready, 'konseki run', 90)
        wire.wait(lambda: wire.ping() and inline_now(sensor), 'the dataplane forwards', 20)
        pid = children(sensor.process)['konseki-dataplane']
        lane = next(tid for name, tid in sorted(threads(pid).items()) if name.endswith('worker-1'))
        talk = Talk(wire, 5)
        time.sleep(0.5)
        go_on = stop_thread(lane)
        time.sleep(2)
        go_on()
        tcp, datagrams = talk.silences()
        tap.ok(datagrams < 1, f'a lane that stands still: packets that wait for it go on within 1 s ({datagrams:.2f} s; TCP {tcp:.2f} s)', sensor.said())
        wire.wait(lambda: sensor.counter('lane_stalls') > 0 and sensor.counter('drop_forward_stalled') > 0, 'the counters', 5)
        tap.ok(True, 'and it is counted')
    except (RuntimeError, StopIteration) as error:
        tap.ok(False, 'a lane that stands still', f'{error}\n{sensor.said()} {sensor.show("lanes")}')
    tap.equal(sensor.stop(), 0, 'SIGTERM ends it in order')
    tap.ok(wire.ping(), 'after its end traffic goes on')
    wire.close()


FLOOD = '''
import socket, sys, time
known = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
known.bind(("", 5000))
new = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
new.bind(("", 6000))
def send():
    for n in range(20): # a known flow among new ones
        known.sendto(b"k", ("192.0.2.2", 9))
        for i in range(300): new.sendto(b"n", ("192.0.2.2", 10000 + n * 300 + i))
        time.sleep(0.005)
known.sendto(b"k", ("192.0.2.2", 9))
print("up", flush=True)
sys.stdin.readline()
send()
print("sent", flush=True)
'''


def check_overload(tap):
    """More than a lane can take: everything is forwarded, and what is passed over is new flows, each packet counted."""
    folder = konseki.scratch()
    wire, sensor = begin(folder, inline='stall_ms = 60000;')
    counts = lambda: {name: sensor.counter(name) for name in ('packets', 'forwarded', 'drop_lane_queue', 'drop_overload_new', 'drop_forward_full', 'flows')}
    try:
        wire.wait(sensor.ready, 'konseki run', 90)
        wire.wait(lambda: wire.ping() and inline_now(sensor), 'the dataplane forwards', 20)
        lane = next(tid for name, tid in sorted(threads(children(sensor.process)['konseki-dataplane']).items()) if name.endswith('worker-1'))
        flood = wire.python('client', FLOOD, stdin=subprocess.PIPE)
        flood.stdout.readline()
        time.sleep(2.5)
        before = counts()
        go_on = stop_thread(lane)
        flood.stdin.write('go\n')
        flood.stdin.flush()
        flood.stdout.readline()
        tap.ok(wire.ping(), 'overload: what the lane cannot take is forwarded all the same')
        go_on()
        time.sleep(3)
        after = counts()
        grown = {name: after[name] - before[name] for name in after}
        tap.ok(grown['drop_lane_queue'] > 0 and grown['drop_overload_new'] > 0, 'beyond three quarters of its queue new flows are passed over, beyond the queue all is', grown)
        tap.ok(grown['forwarded'] == grown['packets'] + grown['drop_lane_queue'] and grown['drop_forward_full'] == 0,
               'every packet that was forwarded was looked into or has its counter', grown)
        tap.ok(grown['flows'] + grown['drop_overload_new'] < grown['forwarded'], 'the known flow was followed', grown)
    except (RuntimeError, StopIteration) as error:
        tap.ok(False, 'overload', f'{error}\n{sensor.said()} {counts()}')
    sensor.stop()
    wire.close()


def check_closed(tap):
    folder = konseki.scratch()
    wire, sensor = begin(folder, inline='fail_open = false;')
    try:
        tap.ok(not wire.ping(), 'fail-closed: before it is ready nothing passes')
        wire.wait(sensor.ready, 'konseki run', 90)
        wire.wait(wire.ping, 'traffic', 10)
        wire.wait(lambda: sensor.counter('forward_waited') > 0, 'the counters', 5)
        tap.ok(True, 'fail-closed: then it does, each packet after its lane')
        os.kill(children(sensor.process)['konseki-dataplane'], signal.SIGKILL)
        time.sleep(0.2)
        tap.ok(not wire.ping(), 'fail-closed: a dead dataplane lets nothing through')
    except (RuntimeError, KeyError) as error:
        tap.ok(False, 'fail-closed', f'{error}\n{sensor.said()}')
    sensor.stop()
    tap.ok(not wire.ping(), 'fail-closed: after its end nothing passes')
    wire.close()


def check_cut(tap):
    """The cable of one side is out: the other side sees it."""
    folder = konseki.scratch()
    wire, sensor = begin(folder)
    try:
        wire.wait(sensor.ready, 'konseki run', 90)
        wire.at('client', 'ip', 'link', 'set', 'eth0', 'down')
        wire.wait(lambda: 'NO-CARRIER' in wire.at('server', 'ip', 'link', 'show', 'eth0').stdout, 'the lost link at the other end', 5)
        tap.ok(True, 'a lost link is passed on')
        wire.at('client', 'ip', 'link', 'set', 'eth0', 'up')
        wire.wait(lambda: 'NO-CARRIER' not in wire.at('server', 'ip', 'link', 'show', 'eth0').stdout, 'the link at the other end', 5)
        wire.wait(wire.ping, 'traffic', 10)
        tap.ok(True, 'and so is its return')
    except RuntimeError as error:
        tap.ok(False, 'link state', f'{error}\n{sensor.said()}')
    sensor.stop()
    wire.close()


def main():
    tap = Tap()
    reason = pair.why_not()
    if reason:
        tap.skip('fail-open', reason)
        tap.done()
    parts = {'packet': lambda: check_kill(tap, 'af_packet'), 'xdp': lambda: check_kill(tap, 'af_xdp'), 'lane': lambda: check_lane(tap),
             'overload': lambda: check_overload(tap), 'closed': lambda: check_closed(tap), 'cut': lambda: check_cut(tap)}
    for name, work in parts.items():
        if len(sys.argv) < 3 or name in sys.argv[2:]:
            work()
    tap.done()


main()
