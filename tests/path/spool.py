#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the disk and kill -9 can do to verdicts and their lines: nothing that was sent is missing, nothing is lost without being counted.

usage: spool.py BUILD [KILLS [SEED]]     KILLS: how often konseki-control is killed (default 5)
"""
import json, os, random, shutil, signal, subprocess, sys, threading, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import alone, konseki, unpacked
from alone import Alone
from appliance import Appliance, children
from collector import Collector
from tap import Tap

KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
TARGETS = 'syslog = { targets = [ "udp://127.0.0.1:5514", "tcp://127.0.0.1:5514" ]; };'


class Storm(threading.Thread):
    """One attack after another until it is told to end."""
    def __init__(self, at, pace=0.02):
        super().__init__(daemon=True)
        self.at, self.pace, self.on = at, pace, True

    def run(self):
        while self.on:
            self.at.attack(worked=self.at.number % 3 != 0)
            time.sleep(self.pace)

    def end(self):
        self.on = False
        self.join()


def told(lines):
    return {(f['id'], int(f['revision']), f['verdict']) for f in (line['data']['konseki@32473'] for line in lines)}


def check_lines(tap, name, collector, records, conf):
    """Each line has its record, which never takes it back; each record has its line."""
    lines = told(collector.lines(collector.tcp))
    lost = [one for one in lines if one[0] not in records and konseki.konseki('case', one[0], '-c', conf).returncode]
    tap.ok(lines and not lost, f'{name}: each of {len(lines)} lines that were sent has its record', lost[:5])
    back = [one for one in lines if one[0] in records and one[2] == 'success' != records[one[0]]['triage']['verdict']]
    tap.ok(not back, f'{name}: no record takes a line back', back[:5])
    missing = [i for i, r in records.items() if (i, r['triage']['revision'], r['triage']['verdict']) not in lines]
    tap.ok(not missing, f'{name}: each of {len(records)} records has its line', missing[:5])
    bad = collector.refused(collector.tcp)
    tap.ok(not bad, f'{name}: every line is whole', '\n'.join(bad[:3]))


def settle(at, appliance, seconds=60):
    def quiet():
        health = appliance.health()
        return health.get('cases_open') == 0 and health.get('lines_spooled') == 0 and health.get('verdicts_waiting') == 0
    at.wait(quiet, 'every line is taken', seconds)


def check_kills(tap, at, collector):
    """kill -9 of control at moments nobody chose, while alerts flow."""
    chance, folder = random.Random(SEED), konseki.scratch()
    appliance = Appliance(at, folder, settings=TARGETS, judging='window_s = 1;')
    at.wait(appliance.ready, 'the appliance', 40)
    storm = Storm(at, 0.02 * max(1, KILLS / 5))  # a long run has no more attacks: each of their lines is looked up
    storm.start()
    struck = 0
    while struck < KILLS:
        # between the first packets after its start and some time later: every moment of a commit and of a send
        time.sleep(chance.uniform(0, 1.5) if chance.random() < 0.5 else 0.3 + chance.uniform(0, 0.1))
        pid = children(appliance.process).get('konseki-control')
        if pid is None:
            continue
        os.kill(pid, signal.SIGKILL)
        struck += 1
        try:
            at.wait(appliance.ready, 'the appliance', 15)
        except RuntimeError:
            pass
    at.wait(appliance.ready, 'the appliance after the last kill', 40)
    before = at.number
    at.wait(lambda: at.number > before + 20, 'attacks after it', 20)
    storm.end()
    settle(at, appliance)
    records = appliance.latest()
    print(f'# {struck} kills, seed {SEED}; {at.number} attacks, {len(records)} records', flush=True)
    tap.ok(len(records) > 20, 'kill -9: there are verdicts to lose', len(records))
    check_lines(tap, 'kill -9', collector, records, appliance.conf)
    health = appliance.health()
    tap.ok(health['verdicts_lost'] == 0 and health['lines_lost'] == 0, 'kill -9: none is counted as lost', health)
    tap.equal(appliance.stop(), 0, 'kill -9: SIGTERM ends it in order')


def inside(appliance, *words):
    """In the mount namespace of the appliance, where its small disk is."""
    return subprocess.run(['nsenter', '-t', str(appliance.process.pid), '-m', '-r', *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def check_full(tap, at, collector):
    """A disk that is full for a while, and control killed while it is: what was stored is there, what waits is stored with room again."""
    folder = konseki.scratch()
    os.chmod(folder, 0o777)
    state = os.path.join(folder, 'state')
    os.makedirs(state)
    os.truncate(collector.tcp, 0)
    small = ('unshare', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=3m,mode=0777 tmpfs "$0" && exec "$@"', state)
    appliance = Appliance(at, folder, small, settings=TARGETS, judging='window_s = 1;')
    with open(appliance.conf) as file:
        text = file.read()
    with open(appliance.conf, 'w') as file:
        file.write(text.replace('state/admin.sock', 'admin.sock'))
    at.wait(appliance.ready, 'the appliance', 40)
    first = [at.attack() for _ in range(10)]
    have = lambda marks: all(appliance.alert(f'&{mark}', 'success') for mark in marks)
    at.wait(lambda: have(first), 'verdicts', 20)
    fill = lambda: inside(appliance, 'sh', '-c', f'dd if=/dev/zero of={state}/fill bs=4k count=2048 2>/dev/null')
    fill()
    during = [at.attack() for _ in range(20)]
    at.wait(lambda: appliance.health().get('verdicts_waiting', 0) > 0, 'verdicts that wait', 20)
    tap.ok(not appliance.ready(), 'a full disk: health is no')
    tap.equal(appliance.said().count('the store takes nothing: No space left'), 1, 'a full disk: and one line says why')
    tap.ok(have(first), 'a full disk: what was stored can be asked for')
    inside(appliance, 'rm', f'{state}/fill')
    at.wait(lambda: have(during), 'all of them', 40)
    tap.ok(appliance.health()['verdicts_lost'] == 0, 'with room again each verdict is there, none counted as lost', appliance.health())
    fill()
    for _ in range(10):
        at.attack()
    time.sleep(0.5)
    os.kill(children(appliance.process)['konseki-control'], signal.SIGKILL)
    tap.ok(at.wait(lambda: 'konseki-control' in children(appliance.process), 'control again', 20), 'killed while the disk is full, control starts again')
    inside(appliance, 'rm', f'{state}/fill')
    at.wait(appliance.ready, 'the appliance', 40)
    kept = {f'&{mark}' for mark in first + during}
    lost = lambda: {mark for mark in kept if not any(mark in r['http']['url'] for r in appliance.latest().values() if r['triage']['verdict'] == 'success')}
    try:
        at.wait(lambda: not lost(), 'what was stored', 20)
    except RuntimeError:
        pass
    tap.ok(not lost(), 'and what was stored before is there', f'{lost()}\n{appliance.health()}\n{appliance.said()}')
    last = [at.attack() for _ in range(10)]
    at.wait(lambda: have(last), 'verdicts after it', 20)
    settle(at, appliance)
    check_lines(tap, 'a full disk', collector, appliance.latest(), appliance.conf)
    tap.equal(appliance.stop(), 0, 'a full disk: SIGTERM ends it in order')
    tap.ok('Sanitizer' not in appliance.said(), 'no sanitizer spoke', appliance.said())


def check_small(tap, at, collector):
    """A spool that is full while the collector is away: the oldest lines go, each counted; what is sent then is whole."""
    folder = konseki.scratch()
    collector.stop()
    os.truncate(collector.tcp, 0)
    appliance = Appliance(at, folder, settings='syslog = { targets = [ "tcp://127.0.0.1:5514" ]; spool_mb = 1; };', judging='window_s = 1;')
    at.wait(appliance.ready, 'the appliance', 40)
    sent = 0
    while appliance.health().get('lines_lost', 0) < 20 and sent < 2000:
        for _ in range(50):
            at.attack(more='&' + 'x' * 900)
        sent += 50
        time.sleep(0.3)
    at.wait(lambda: appliance.health().get('cases_open') == 0, 'every verdict', 40)
    collector.start()
    settle(at, appliance)
    health, lines = appliance.health(), told(collector.lines(collector.tcp))
    one = health['each']['tcp:127.0.0.1:5514']
    tap.ok(health['lines_lost'] >= 20 and len(lines) + health['lines_lost'] == one['taken'] + one['lost'] and one['lost'] == health['lines_lost'],
           f'a full spool: {len(lines)} lines came, {health["lines_lost"]} are counted as lost, together all', health)
    final = sum(health[v] for v in ('success', 'failure', 'unknown'))
    tap.ok(final <= len(lines) + health['lines_lost'], 'and no verdict is in neither', (final, len(lines), health))
    tap.ok(not collector.refused(collector.tcp), 'and every line is whole', collector.refused(collector.tcp)[:3])
    tap.equal(appliance.stop(), 0, 'a full spool: SIGTERM ends it in order')


def check_age(tap, at):
    """A store of recordings that are years old: with store.max_days all of it goes, counted, and younger ones stay."""
    folder = konseki.scratch()
    conf = konseki.config(folder)
    records, _ = konseki.replay([konseki.capture('shellshock-ping')], conf)
    shutil.move(os.path.join(folder, 'state', 'replay'), os.path.join(folder, 'state', 'live'))
    for name in os.listdir(os.path.join(folder, 'state', 'live')):
        os.chmod(os.path.join(folder, 'state', 'live', name), 0o666)
    os.chmod(os.path.join(folder, 'state', 'live'), 0o777)
    old = records[0]['triage']['id']
    tap.ok(konseki.konseki('case', old, '-c', conf).returncode == 0, 'an old case is there')
    appliance = Appliance(at, folder, settings='')
    with open(appliance.conf) as file:
        text = file.read()
    appliance.stop()
    with open(appliance.conf, 'w') as file:
        file.write(text.replace('store = { folder', 'store = { max_days = 30; folder'))
    appliance.start()
    at.wait(appliance.ready, 'the appliance', 40)
    mark = at.attack()
    at.wait(lambda: appliance.alert(f'&{mark}'), 'a verdict of today', 20)
    at.wait(lambda: appliance.health()['store_expired'] == len(records), 'old cases go', 10)
    health = appliance.health()
    tap.ok(health['store_records'] == 1 and konseki.konseki('case', old, '-c', conf).returncode == 1, 'older than store.max_days: it is gone, counted', health)
    tap.ok(appliance.alert(f'&{mark}'), 'and the one of today stays')
    tap.equal(appliance.stop(), 0, 'max_days: SIGTERM ends it in order')


def main():
    tap = Tap()
    reason = alone.why_not() or next((f'{p} is not installed' for p in ('rsyslogd', 'unshare', 'nsenter') if not unpacked.program(p)[0]), None)
    if reason:
        tap.skip('verdicts and the disk', reason)
        tap.done()
    at = Alone(konseki.scratch())
    collector = Collector(at)
    for check in (lambda: check_kills(tap, at, collector), lambda: check_full(tap, at, collector), lambda: check_small(tap, at, collector),
                  lambda: check_age(tap, at)):
        try:
            check()
        except RuntimeError as error:
            tap.ok(False, 'it comes so far', error)
    at.close()
    tap.done()


main()
