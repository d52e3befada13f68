#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The dataplane on a live device in a network namespace: a request, a ping and a refused connection are all told.

usage: live.py RECORDS DATAPLANE
Skipped by name without root or network namespaces.
"""
import os, subprocess, sys, tempfile, time

RECORDS, DATAPLANE = sys.argv[1:3]
SKIP = 77
NAMES = [f'lanes-{side}-{os.getpid()}' for side in 'ab']
DEVICES = [f'lv{side}{os.getpid() % 100000}' for side in 'ab']


def ip(*words):
    subprocess.run(['ip', *words], check=True, capture_output=True)


def inside(side, *words):
    return ['ip', 'netns', 'exec', NAMES[side], *words]


def build():
    for name in NAMES:
        ip('netns', 'add', name)
    ip('link', 'add', DEVICES[0], 'netns', NAMES[0], 'type', 'veth', 'peer', 'name', DEVICES[1], 'netns', NAMES[1])
    ip('-n', NAMES[1], 'link', 'set', 'lo', 'up')
    for side in (0, 1):
        ip('-n', NAMES[side], 'addr', 'add', f'192.0.2.{side + 1}/24', 'dev', DEVICES[side])
        ip('-n', NAMES[side], 'link', 'set', DEVICES[side], 'up')
        subprocess.run(inside(side, 'ethtool', '-K', DEVICES[side], 'tx', 'off'), capture_output=True, check=False)


def tear_down():
    for name in NAMES:
        subprocess.run(['ip', 'netns', 'del', name], capture_output=True, check=False)


def wait_until_it_is_up(listener):
    """The lanes run: what comes before may find a device that nobody reads."""
    told = []
    while (line := listener.stderr.readline()) not in ('up\n', ''):
        told.append(line)
    assert line, ''.join(told)


def wait_until_served():
    for _ in range(100):
        if subprocess.run(inside(1, 'curl', '-s', '-o', '/dev/null', 'http://127.0.0.1:8000/')).returncode == 0:
            return
        time.sleep(0.1)


def traffic(listener):
    server = subprocess.Popen(inside(1, sys.executable, '-m', 'http.server', '8000', '-d', '/proc/self/fdinfo'),
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until_it_is_up(listener)
    wait_until_served()
    for command in (['curl', '-s', '-o', '/dev/null', 'http://192.0.2.2:8000/'], ['ping', '-c', '1', '192.0.2.2'],
                    ['curl', '-s', 'http://192.0.2.2:8001/']):
        subprocess.run(inside(0, *command), capture_output=True, check=False, timeout=20)
    time.sleep(1) # let the lanes take what the device has
    server.terminate()
    server.wait()


def run(folder, device, lanes):
    config = os.path.join(folder, 'live.conf')
    with open(os.path.join(folder, 'no.rules'), 'w'):
        pass
    with open(config, 'w') as file:
        file.write(f'dataplane = {{ ports = ( {{ name = "tap0"; device = "{device},iface={DEVICES[1]}"; }} ); }};\n'
                   f'rules = {{ files = [ "{folder}/no.rules" ]; }};\n')
    listener = subprocess.Popen(inside(1, RECORDS, '--live', '--late', '--counters', DATAPLANE, config, str(lanes)),
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    traffic(listener)
    out, error = listener.communicate(timeout=60) # closes its stdin: it stops
    assert listener.returncode == 0, error
    return out


def told(out, device, lanes):
    """kind: 1 a flow, 2 answered, 3 refused, 6 an echo (control/wire/history.h)."""
    for kind, to in ((1, ':8000'), (2, ':8000'), (1, ':8001'), (3, ':8001'), (6, ':0')):
        found = [line for line in out.splitlines() if f' kind {kind} ' in line and f'192.0.2.2{to} ' in line]
        assert found, f'{device} with {lanes} lanes: nothing of kind {kind} to {to}:\n{out}'
    assert ' drop_port' not in out and ' drop_lane' not in out, out


def main():
    if os.geteuid() != 0:
        print('skipped: needs root for network namespaces')
        return SKIP
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            for device, lanes in (('net_af_packet0', 1), ('net_af_packet0', 2), ('net_pcap0', 1)):
                build() # anew: a device stays promiscuous after its listener
                told(run(folder, device, lanes), device, lanes)
                tear_down()
                print(f'{device} with {lanes} lanes tells all')
    except subprocess.CalledProcessError as error:
        print(f'skipped: {error.stderr}')
        return SKIP
    finally:
        tear_down()
    return 0


sys.exit(main())
