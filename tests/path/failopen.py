#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Inline traffic while parts of the appliance are dead, stand still or begin: it goes on, or stays where that is configured.

usage: failopen.py BUILD [PART…]
"""
import ctypes, os, random, signal, subprocess, sys, threading, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki, pair
from appliance import children
from pair import Sensor, Wire
from talk import ECHO, Talk
from tap import Tap

DROPS = 'drop tcp any any -> any 7 (msg:"d"; flow:established,to_server; content:"never-seen"; sid:1; rev:1;)\n' \
        'drop udp any any -> any 7 (msg:"d"; content:"never-seen"; sid:2; rev:1;)\n'


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


def strike(sensor, victim):
    """kill -9; `konseki run` is started again by hand, as an init would. False: it was dead already."""
    pid = sensor.process.pid if victim == 'konseki' else children(sensor.process).get(victim)
    if not pid:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    if victim == 'konseki':
        sensor.process.wait(10)
        sensor.start()
    return True


def check_loop(tap):
    """kill -9 of every program over and over, two at once among them, each while others are just coming up."""
    seconds, folder, chance = 30, konseki.scratch(), random.Random(20261127)
    wire, sensor = begin(folder)
    struck = dict.fromkeys(('konseki-bypass', 'konseki-dataplane', 'konseki-control', 'konseki-emu', 'konseki'), 0)
    try:
        wire.wait(sensor.ready, 'konseki run', 90)
        wire.wait(lambda: wire.ping() and inline_now(sensor), 'the dataplane forwards', 20)
        talk, began = Talk(wire, seconds), time.monotonic()
        for both in (('konseki-bypass', 'konseki-dataplane'), ('konseki-dataplane', 'konseki-bypass')):
            time.sleep(0.5)
            for victim in both:
                struck[victim] += strike(sensor, victim)
            time.sleep(3)
        while time.monotonic() - began < seconds - 2:
            for victim in chance.sample(sorted(struck), len(struck)):
                time.sleep(chance.uniform(0, 1) ** 2)
                struck[victim] += strike(sensor, victim)
        tcp, datagrams = talk.silences()
        print(f'# struck {struck}', flush=True)
        tap.ok(all(n >= 2 for n in struck.values()), 'each program is killed, again and again', struck)
        tap.ok(datagrams < 1, f'traffic is never silent for a second ({datagrams:.2f} s; TCP with its own waiting {tcp:.2f} s)', sensor.said())
        wire.wait(sensor.ready, 'konseki run', 90)
        wire.wait(lambda: wire.ping() and inline_now(sensor), 'the dataplane forwards', 60)
        tap.ok(True, 'and afterwards the dataplane has it again')
    except (RuntimeError, KeyError) as error:
        tap.ok(False, 'kill -9 in a loop', f'{error} {struck}\n{sensor.said()}')
    sensor.stop()
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
    parts = {'packet': lambda: check_kill(tap, 'af_packet'), 'xdp': lambda: check_kill(tap, 'af_xdp'), 'loop': lambda: check_loop(tap), 'lane': lambda: check_lane(tap),
             'overload': lambda: check_overload(tap), 'closed': lambda: check_closed(tap), 'cut': lambda: check_cut(tap)}
    for name, work in parts.items():
        if len(sys.argv) < 3 or name in sys.argv[2:]:
            work()
    tap.done()


main()
