#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What goes wrong around the appliance: each ends in one clear line and exit 3, or verdicts wait and none is lost.

usage: trouble.py BUILD
"""
import json, os, random, shutil, socket, subprocess, sys, time
from urllib.parse import quote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import hosts, konseki
from appliance import Appliance, children
from collector import Collector
from hosts import Site
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


def check_full(tap, at, folder):
    """A disk that is full for a while: verdicts wait, are stored when there is room, and then sent."""
    state = os.path.join(folder, 'state')
    os.makedirs(state, exist_ok=True)
    small = ('unshare', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=2m,mode=0777 tmpfs "$0" && exec "$@"', state)
    collector = Collector(at)
    appliance = Appliance(at, folder, small)
    edit(appliance.conf, 'state/admin.sock', 'admin.sock')
    os.chmod(folder, 0o777)
    inside = lambda *words: subprocess.run(['nsenter', '-t', str(appliance.process.pid), '-m', '-r', *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    at.wait(appliance.ready, 'the appliance', 30)
    attack = lambda mark: at.curl('/cgi-bin/lookup?host=' + quote(f'www.example.test;id;echo {mark}', safe=''))
    attack('first')
    at.wait(lambda: appliance.alert('first', 'success'), 'a success', 15)
    inside('sh', '-c', f'dd if=/dev/zero of={state}/fill bs=4k count=1024 2>/dev/null')
    for i in range(12):
        attack(f'during{i}')
    told = at.wait(lambda: 'the store takes nothing: No space left' in appliance.said(), 'the line about the full disk', 20)
    done = konseki.konseki('show', 'health', '-c', appliance.conf, '--json')
    health = {k: v for line in done.stdout.splitlines() for k, v in json.loads(line).items()}
    tap.ok(done.returncode == 1 and health['healthy'] is False and health['verdicts_waiting'] > 0, 'a full disk: health is no, verdicts wait', health)
    tap.equal(appliance.said().count('takes nothing'), 1, 'and it is said once')
    inside('rm', f'{state}/fill')
    missing = lambda: [i for i in range(12) if not appliance.alert(f'during{i}', 'success')]
    try:
        at.wait(lambda: not missing(), 'all of them', 20)
    except RuntimeError:
        pass
    tap.ok(not missing(), 'with room again every verdict is in the store', f'{missing()} {[(r["http"]["url"][-12:], r["triage"]["verdict"], r["triage"]["reason"], r["triage"]["revision"]) for r in appliance.alerts()]}\n{appliance.show("health")}\n{appliance.said()}')
    ids = {r['triage']['id'] for r in appliance.alerts()}
    sent = lambda: {line['data']['konseki@32473']['id'] for line in collector.lines(collector.tcp)}
    try:
        at.wait(lambda: ids <= sent(), 'all lines', 15)
    except RuntimeError:
        pass
    tap.ok(ids and ids <= sent(), 'and every line with the collector', f'{len(ids)} {len(sent())}')
    tap.ok(appliance.ready(), 'health is yes again', appliance.show('health'))
    tap.equal(appliance.stop(), 0, 'it ends in order')


def main():
    tap = Tap()
    check_start(tap)
    check_user(tap)
    check_store(tap)
    check_two(tap)
    check_socket(tap)
    reason = hosts.why_not()
    if reason:
        tap.skip('a full disk', reason)
        tap.done()
    folder = konseki.scratch()
    at = Site(folder)
    at.apache()
    try:
        check_full(tap, at, folder)
    except RuntimeError as error:
        tap.ok(False, 'a full disk', error)
    at.close()
    tap.done()


main()
