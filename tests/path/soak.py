#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kill -9 of every program at moments nobody chose, under attack, again and again: no verdict that was sent is lost.

usage: soak.py BUILD [SECONDS [SEED]]     SECONDS: how long the attacks and kills go on (default 20)
At the end each line that rsyslogd took has its record, with the same id and a verdict that does not take it back, and each
record has its line, by UDP and by TCP. rsyslogd itself is stopped for seconds in the middle.
"""
import os, random, signal, subprocess, sys, threading, time
from urllib.parse import quote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import hosts, konseki, rfc5424
from appliance import Appliance, children, workers
from collector import Collector
from hosts import Site
from tap import Tap

SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 20
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
VICTIMS = ('konseki-control', 'konseki-dataplane', 'konseki-emu', 'a worker', 'konseki')
PACE = 0.05  # seconds between attacks


class Attacker(threading.Thread):
    """One request after another, each with code of its own; worked: what the real server's answer shows."""
    def __init__(self, at):
        super().__init__(daemon=True)
        self.at, self.on, self.sent, self.worked = at, True, 0, 0

    def run(self):
        while self.on:
            self.sent += 1
            mark = f'{self.sent}{SEED % 10000}'
            refused = self.sent % 4 == 0
            path = '/cgi-bin/nothing' if refused else '/cgi-bin/lookup'
            body = self.at.curl(f'{path}?host=' + quote(f'www.example.test;id;expr {mark} + 1', safe=''))
            self.worked += str(int(mark) + 1) in body
            time.sleep(PACE)


def strike(appliance, victim):
    """kill -9; True where there was one to kill."""
    if victim == 'konseki':
        pid = appliance.process.pid
    elif victim == 'a worker':
        pid = next(iter(workers(appliance.process)), None)
    else:
        pid = children(appliance.process).get(victim)
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    if victim == 'konseki':
        appliance.process.wait()
        appliance.start()
    return True


def left_of(before):
    """Programs of a killed supervisor that outlived it."""
    alive = []
    for pid in before:
        try:
            if os.readlink(f'/proc/{pid}/exe').startswith(konseki.BUILD + '/') and open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()[0] != 'Z':
                alive.append(pid)
        except OSError:
            pass
    return alive


def storm(at, appliance, collector, chance):
    """Kills until the time is over; returns how often each was struck, and what outlived its supervisor."""
    struck, orphans, next_ones = dict.fromkeys(VICTIMS, 0), [], []
    began, stopped = time.monotonic(), 0
    while time.monotonic() - began < SECONDS:
        time.sleep(chance.uniform(0, 1.2) ** 2)
        next_ones = next_ones or chance.sample(VICTIMS, len(VICTIMS))
        victim = next_ones.pop()
        pids = list(children(appliance.process).values()) if victim == 'konseki' else []
        struck[victim] += strike(appliance, victim)
        if pids:
            time.sleep(0.3)
            orphans += left_of(pids)
        if stopped < 1 + SECONDS // 120 and time.monotonic() - began > SECONDS * (1 + 2 * stopped) / (2 + 2 * (SECONDS // 120)):
            stopped += 1
            collector.stop()
            time.sleep(chance.uniform(1, 3))
            collector.start()
        if chance.random() < 0.75:  # let it come up, so that there is something to lose
            try:
                at.wait(appliance.ready, 'the appliance', 15)
                time.sleep(chance.uniform(0.2, 1.5))
            except RuntimeError:
                pass
    return struck, orphans


def facts(line):
    return line['data']['konseki@32473']


def check_lines(tap, name, lines, records, appliance):
    """Every line has its record, every record its line."""
    lost, taken_back = [], []
    for line in lines:
        told, record = facts(line), records.get(facts(line)['id'])
        if record is None:
            done = konseki.konseki('case', told['id'], '-c', appliance.conf, '--json')
            if done.returncode:
                lost.append(told['id'])
            continue
        triage = record['triage']
        if triage['revision'] < int(told['revision']) or (told['verdict'] == 'success' and triage['verdict'] != 'success') or \
                (triage['revision'] == int(told['revision']) and triage['verdict'] != told['verdict']):
            taken_back.append((told, triage))
    tap.ok(not lost, f'{name}: each of {len(lines)} lines that were sent has its record', lost[:10])
    tap.ok(not taken_back, f'{name}: no record takes a line back', taken_back[:3])
    told = {(facts(line)['id'], int(facts(line)['revision'])) for line in lines}
    missing = [i for i, r in records.items() if (i, r['triage']['revision']) not in told]
    tap.ok(not missing, f'{name}: each of {len(records)} records has its line', missing[:10])


def check_forms(tap, name, collector, path):
    bad = collector.refused(path)
    tap.ok(not bad, f'{name}: every line is RFC 5424, strictly', '\n'.join(bad[:5]))
    odd = [facts(line) for line in collector.lines(path)
           if (line['facility'], line['severity']) != (rfc5424.FACILITY, rfc5424.SEVERITY[facts(line)['priority']])
           or facts(line)['event.outcome'] != facts(line)['verdict']]
    tap.ok(not odd, f'{name}: facility, severity and outcome fit the verdict', odd[:3])


def settle(at, appliance, collector):
    """No more attacks: until every verdict is final or its window must still be waited for, and all lines are taken."""
    def quiet():
        told = {}
        for answer in appliance.show('health'):
            told.update(answer)
        return told.get('lines_sent', 0) >= 0 and told.get('lines_spooled') == 0 and told.get('cases_open') is not None
    at.wait(quiet, 'every line is taken', 40)


def main():
    tap = Tap()
    reason = hosts.why_not()
    if reason:
        tap.skip('kill -9 at any moment', reason)
        tap.done()
    print(f'# {SECONDS:.0f} s of kills, seed {SEED}', flush=True)
    folder = konseki.scratch()
    at = Site(folder)
    at.apache()
    collector = Collector(at)
    appliance = Appliance(at, folder, judging='window_s = 3;')
    at.wait(appliance.ready, 'the appliance', 30)
    attacker = Attacker(at)
    attacker.start()
    struck, orphans = storm(at, appliance, collector, random.Random(SEED))
    at.wait(appliance.ready, 'the appliance after the last kill', 30)
    sent = attacker.sent
    at.wait(lambda: attacker.sent > sent + 20, 'attacks go on', 20)  # these find everything up
    attacker.on = False
    attacker.join()
    time.sleep(6)  # windows of 3 s end, so no verdict changes any more
    strike(appliance, 'konseki')  # what was committed and not yet taken is sent by the next start
    at.wait(appliance.ready, 'the appliance again', 30)
    settle(at, appliance, collector)
    records = appliance.latest()
    print('# struck: ' + ', '.join(f'{v} {n}' for v, n in struck.items()) +
          f'; {attacker.sent} attacks, {attacker.worked} worked, {len(records)} records', flush=True)
    tap.ok(all(struck.values()), 'each program was killed', struck)
    tap.ok(not orphans, 'no program outlives the killed konseki run', orphans)
    tap.ok(len(records) > 20, 'there are verdicts to lose', len(records))
    for name, path in (('UDP', collector.udp), ('TCP', collector.tcp)):
        check_forms(tap, name, collector, path)
        check_lines(tap, name, collector.lines(path), records, appliance)
    tap.equal(appliance.stop(), 0, 'SIGTERM ends it in order')
    tap.ok('Sanitizer' not in appliance.said(), 'no sanitizer spoke', appliance.said())
    at.close()
    tap.done()


main()
