#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What goes wrong around the appliance: each ends in one clear line and exit 3. A full disk: spool.py.

usage: trouble.py BUILD
"""
import os, random, shutil, socket, subprocess, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from tap import Tap

NULL = 'memory_mb = 64; ports = ( { name = "none"; device = "net_null0"; } );'


def plain(more='', **settings):
    """A folder with a config whose port has no packets."""
    folder = konseki.scratch()
    return folder, konseki.config(folder, dataplane=NULL, workers=1, more=more, **settings)


def start(conf):
    return subprocess.Popen([konseki.KONSEKI, 'run', '-c', conf], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def up(process, conf, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        if konseki.konseki('show', 'health', '-c', conf).returncode == 0:
            return True
        time.sleep(0.1)
    return False


def finish(process):
    """(exit code, what it said on stderr)"""
    if process.poll() is None:
        process.terminate()
    try:
        _, said = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        _, said = process.communicate()
    return process.returncode, said.decode(errors='replace')


def refuses(tap, conf, wanted, name):
    """konseki run ends by itself with 3; one line says what is wrong."""
    process = start(conf)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        pass
    ended = process.poll()
    _, said = finish(process)
    found = [line for line in said.splitlines() if all(word in line for word in wanted)]
    tap.ok(ended == 3 and len(found) == 1, f'{name}: exit 3 and one line that says so', f'exit {ended}\n{said}')


def edit(conf, old, new):
    with open(conf) as file:
        text = file.read()
    assert old in text
    with open(conf, 'w') as file:
        file.write(text.replace(old, new))


def check_start(tap):
    folder, conf = plain()
    edit(conf, 'net_null0', 'net_af_packet0,iface=none0')
    refuses(tap, conf, ['konseki-dataplane', 'net_af_packet0,iface=none0'], 'a port that is not there')
    folder, conf = plain()
    edit(conf, 'memory_mb = 64', 'memory_mb = 1048576')
    refuses(tap, conf, ['konseki-dataplane', 'dataplane.memory_mb is 1048576'], 'more memory than there is')
    folder, conf = plain()
    edit(conf, 'folder = "state"', 'folder = "/proc/none"')
    refuses(tap, conf, ['konseki-control', '/proc/none/live'], 'a store folder that cannot be made')
    folder, conf = plain()
    with open(os.path.join(folder, 'mine'), 'w') as file:
        file.write('precious')
    edit(conf, 'state/admin.sock', 'mine')
    refuses(tap, conf, ['konseki-control', folder + '/mine', 'File exists'], 'a file of another kind where the socket should be')
    with open(os.path.join(folder, 'mine')) as file:
        tap.equal(file.read(), 'precious', 'which stays as it is')
    folder, conf = plain()
    edit(conf, 'state/admin.sock', 'x' * 200)
    refuses(tap, conf, ['konseki-control', 'x' * 200], 'a socket name that no file system takes as an address')


def check_user(tap):
    """A store that an ordinary user may not write."""
    if os.getuid():
        return
    folder, conf = plain()
    os.makedirs(os.path.join(folder, 'state', 'live'))
    os.chmod(os.path.join(folder, 'state', 'live'), 0o755)
    user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
    if subprocess.run([*user, 'test', '-x', konseki.KONSEKI]).returncode:
        tap.skip('a store that one may not write', 'other users cannot read this folder')
        return
    done = subprocess.run([*user, konseki.KONSEKI, 'run', '-c', conf], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    said = done.stderr.decode(errors='replace')
    tap.ok(done.returncode == 3 and f'{folder}/state/live: Permission denied' in said, 'a store that one may not write: exit 3 and why', said)


def check_store(tap):
    """A store that was cut, one that is none, one that is taken."""
    folder, conf = plain()
    live, kept = os.path.join(folder, 'state', 'live'), os.path.join(folder, 'kept')
    _, done = konseki.replay(konseki.captures(), conf)
    shutil.copytree(os.path.join(folder, 'state', 'replay'), kept)
    whole = os.path.getsize(os.path.join(kept, 'data.mdb'))
    chance, died = random.Random(5), []
    for size in [4095, 8192] + [chance.randrange(8192, whole) for _ in range(3)]:
        shutil.rmtree(live, ignore_errors=True)
        shutil.copytree(kept, live)
        os.truncate(os.path.join(live, 'data.mdb'), size)
        shutil.rmtree(os.path.join(folder, 'state', 'replay'), ignore_errors=True)
        shutil.copytree(live, os.path.join(folder, 'state', 'replay'))
        for words in (['show', 'alerts'], ['case', '0123456789abcdef-1'], ['case', '0123456789abcdef-1', '--mark', 'confirmed']):
            done = konseki.konseki(*words, '-c', conf)
            if done.returncode not in (0, 1, 3) or (done.returncode and len(done.stderr.splitlines()) != 1):
                died.append((size, words, done.returncode, done.stderr[-300:]))
        records, done = konseki.replay([konseki.capture('shellshock-ping')], conf)
        if done.returncode or not records:
            died.append((size, 'replay', done.returncode, done.stderr[-300:]))
    tap.ok(not died, 'a store cut anywhere: nothing dies of it', died[:4])
    shutil.rmtree(live)
    shutil.copytree(kept, live)
    os.truncate(os.path.join(live, 'data.mdb'), 8192)
    refuses(tap, conf, ['konseki-control', live, 'damaged'], 'a store that was cut to its head')
    with open(os.path.join(live, 'data.mdb'), 'wb') as file:
        file.write(chance.randbytes(20000))
    refuses(tap, conf, ['konseki-control', live, 'no store of this version'], 'a file that is no store')


def check_two(tap):
    folder, conf = plain()
    first = start(conf)
    if tap.ok(up(first, conf), 'an appliance runs', first.poll()):
        refuses(tap, conf, ['konseki-control', f'{folder}/state/live', 'another appliance uses it'], 'a second one with the same config')
        tap.ok(konseki.konseki('show', 'health', '-c', conf).returncode == 0, 'the first one goes on')
        records, done = konseki.replay([konseki.capture('shellshock-ping')], conf)
        tap.ok(done.returncode == 0 and records and not done.stderr, 'a replay with its config meanwhile', done.stderr)
    code, said = finish(first)
    tap.equal(code, 0, 'it ends in order')


def check_socket(tap):
    """Longer than an address; left behind by a kill."""
    deep = '/'.join(c * 60 for c in 'abc')
    folder, conf = plain()
    os.makedirs(os.path.join(folder, deep))
    os.chmod(os.path.join(folder, deep), 0o777)
    edit(conf, 'state/admin.sock', deep + '/admin.sock')
    stale = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(os.path.join(folder, deep))
    stale.bind('admin.sock')
    os.chdir(here)
    stale.close()
    process = start(conf)
    tap.ok(up(process, conf), 'a socket path longer than an address, with a dead socket at it')
    code, said = finish(process)
    tap.ok(code == 0 and not os.path.exists(os.path.join(folder, deep, 'admin.sock')), 'it is removed at the end', said)


def check_tls(tap):
    """Files of a collector's TLS that are not there, or hold something else: konseki check names the line, konseki run ends."""
    folder, conf = plain('syslog = { targets = (\n { url = "tls://127.0.0.1:6514"; ca = "nothing.pem"; } ); };')
    with open(conf) as file:
        number = next(n for n, line in enumerate(file, 1) if 'nothing.pem' in line)
    done = konseki.konseki('check', '-c', conf)
    told = done.stderr.decode()
    tap.ok(done.returncode == 1 and f'{conf}:{number}: syslog.targets: "tls://127.0.0.1:6514": {folder}/nothing.pem: ' in told,
           'konseki check: the line of a CA file that is not there', told)
    refuses(tap, conf, ['konseki-control', 'syslog.targets: tls:127.0.0.1:6514', folder + '/nothing.pem'], 'a CA file that is not there')
    with open(os.path.join(folder, 'nothing.pem'), 'w') as file:
        file.write('no certificate')
    refuses(tap, conf, ['konseki-control', 'syslog.targets: tls:127.0.0.1:6514', folder + '/nothing.pem'], 'a CA file that holds no certificate')


def main():
    tap = Tap()
    check_start(tap)
    check_tls(tap)
    check_user(tap)
    check_store(tap)
    check_two(tap)
    check_socket(tap)
    tap.done()


main()
