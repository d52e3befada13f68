#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The appliance live: curl attacks a real Apache, the tap copies it to `konseki run`, a real rsyslogd gets the lines.

usage: live.py BUILD
"""
import json, os, signal, subprocess, sys, threading, time
from urllib.parse import quote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import hosts, konseki, rfc5424
from appliance import Appliance, children
from collector import Collector
from hosts import HOSTS, Site
from tap import Tap

def inject(code):
    return '/cgi-bin/lookup?host=' + quote('www.example.test' + code, safe='')


def attempt(tap, name, work, appliance):
    """Runs work; a wait that ran out is a failed line, not the end of the test."""
    try:
        return work()
    except RuntimeError as error:
        tap.ok(False, name, f'{error}\n{appliance.said()}')
        return None


def follow(appliance):
    """`show alerts --json --follow`, into a file."""
    path = os.path.join(appliance.folder, 'followed')
    with open(path, 'wb') as to:
        return subprocess.Popen([konseki.KONSEKI, 'show', 'alerts', '--json', '--follow', '-c', appliance.conf], stdout=to, stdin=subprocess.DEVNULL), path


def check_follow(tap, at, appliance, follower, path, record):
    """What was asked for before the attack is told when it is judged."""
    told = lambda: any(line.endswith(b'\n') and json.loads(line) == record for line in open(path, 'rb'))
    tap.ok(attempt(tap, 'a follower is told', lambda: at.wait(told, 'the record', 10), appliance), 'a follower of alerts is told the same record')
    follower.terminate()
    follower.wait(10)


def check_success(tap, at, appliance):
    for host in ('www.example.test', 'localhost'):
        at.curl('/cgi-bin/lookup?host=' + host)
    body = at.curl(inject(';id'))
    began = time.monotonic()
    tap.ok('uid=' in body, 'the real server ran the code', body)
    record = attempt(tap, 'an attack that worked is a success', lambda: at.wait(lambda: appliance.alert('%3Bid', 'success'), 'success of ;id', 12), appliance)
    if not record:
        return
    tap.ok(True, 'an attack that worked is a success')
    tap.ok(time.monotonic() - began < 10, f'and told within seconds ({time.monotonic() - began:.1f})')
    tap.equal((record['src_ip'], record['dest_ip'], record['dest_port']), (HOSTS['attacker'], HOSTS['server'], 80), 'with its two sides')
    found = [e for e in record['triage']['evidence'] if e.get('found')]
    tap.ok(found and any(e.get('excerpt', '') and e['excerpt'][:12] in body for e in found), 'its evidence is what the server really answered', found)
    return record


def check_burst(tap, at, appliance):
    """Attacks faster than emulation: each is told once, as what it is, and none is called unknown while its turn comes."""
    marks = [f'b{i}r{os.getpid()}' for i in range(60)]
    threads = [threading.Thread(target=lambda some=marks[i::6]: [at.curl(inject(f';id;echo {m}')) for m in some]) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = lambda: {m: r['triage'] for r in appliance.alerts() for m in marks if m in r.get('http', {}).get('url', '')}
    wrong = lambda: [m for m in marks if told().get(m, {}).get('verdict') != 'success']
    attempt(tap, 'a burst of attacks is judged', lambda: at.wait(lambda: not wrong(), '60 successes', 20), appliance)
    late = {m: (t['revision'], t['verdict'], t['reason']) for m, t in told().items() if t['verdict'] != 'success' or t['revision'] != 1}
    tap.ok(not late and len(told()) == len(marks), 'each of 60 attacks at once is told once, as a success', late)


def check_others(tap, at, appliance):
    at.curl('/missing.html')
    at.curl('/cgi-bin/nothing?host=' + quote(';id'))
    at.curl('/cgi-bin/careful?host=' + quote('www.example.test;cat /etc/passwd'))
    at.curl('/cgi-bin/quiet?host=' + quote(f'x;ping -c1 {HOSTS["attacker"]}'))
    record = attempt(tap, 'what was refused is a failure', lambda: at.wait(lambda: appliance.alert('/cgi-bin/nothing', 'failure'), 'failure', 15), appliance)
    if record:
        tap.equal(record['triage']['reason'], 'refused', 'what was refused is a failure')
    record = attempt(tap, 'a blind command is known by its ping', lambda: at.wait(lambda: appliance.alert('/cgi-bin/quiet', 'success'), 'success of ping', 15), appliance)
    if record:
        tap.ok('icmp' in [t['kind'] for t in record['triage']['traces']], 'a blind command is known by its ping')
    record = attempt(tap, 'a mended script', lambda: at.wait(lambda: appliance.alert('/cgi-bin/careful'), 'a record of careful', 15), appliance)
    if record:
        tap.ok(record['triage']['verdict'] != 'success', 'a mended script gives no success', record['triage'])


def lines_of(collector, path, record):
    return [line for line in collector.lines(path) if line['data']['konseki@32473']['id'] == record['triage']['id']]


def check_syslog(tap, at, appliance, collector, record):
    for name, path in (('UDP', collector.udp), ('TCP', collector.tcp)):
        lines = attempt(tap, f'rsyslogd has it by {name}', lambda: at.wait(lambda: lines_of(collector, path, record), f'a line by {name}', 10), appliance)
        if not lines:
            continue
        line, facts = lines[-1], lines[-1]['data']['konseki@32473']
        tap.ok(True, f'rsyslogd has it by {name}')
        tap.equal((line['facility'], line['severity']), (rfc5424.FACILITY, rfc5424.SEVERITY['high']), f'{name}: facility local4, severity of a high priority')
        tap.equal((facts['verdict'], facts['event.outcome']), ('success', 'success'), f'{name}: the line says success')
        tap.equal(json.loads(line['message']), record, f'{name}: its message is the record')
        tap.ok(abs(line['time'] - konseki.seconds(record)) < 0.001, f'{name}: its time is the request\'s')
        tap.ok(not collector.refused(path), f'{name}: every line is RFC 5424', collector.refused(path)[:3])


def check_case(tap, appliance, record):
    done = konseki.konseki('case', record['triage']['id'], '-c', appliance.conf, '--json')
    try:
        case = json.loads(done.stdout)
    except ValueError:
        case = {}
    tap.ok(done.returncode == 0 and json.dumps(case).find(record['triage']['id']) > 0, 'konseki case shows it as JSON',
           f'{done.returncode} {done.stdout[:300]} {done.stderr[-300:]}')
    done = konseki.konseki('case', record['triage']['id'], '-c', appliance.conf)
    tap.ok(done.returncode == 0 and b'GET /cgi-bin/lookup' in done.stdout, 'and for people, with the request', done.stdout[:500] + done.stderr[-300:])
    done = konseki.konseki('case', 'no-such-case', '-c', appliance.conf)
    tap.equal(done.returncode, 1, 'a case that is not there: exit 1')


def check_kill(tap, at, appliance, collector, program):
    """kill -9 of one program: what was told stays, and new attacks are judged again."""
    before = {r['triage']['id']: r for r in appliance.alerts()}
    victim = children(appliance.process).get(program)
    if not tap.ok(victim, f'{program} runs', children(appliance.process)):
        return
    os.kill(victim, signal.SIGKILL)
    mark = f'{program[-3:]}{int(time.time()) % 10000}'
    work = lambda: at.wait(lambda: at.curl(inject(f';id;echo {mark}')) and appliance.alert(mark, 'success'), f'a success after {program} was killed', 40)
    record = attempt(tap, f'after kill -9 of {program} attacks are judged again', work, appliance)
    if record:
        tap.ok(True, f'after kill -9 of {program} attacks are judged again')
        after = {r['triage']['id'] for r in appliance.alerts()}
        # the list shows the newest only: an older one must still be there as a case
        lost = [r for i, r in before.items() if i not in after and konseki.konseki('case', i, '-c', appliance.conf).returncode != 0]
        tap.ok(not lost, f'after kill -9 of {program} no verdict is lost', json.dumps(lost)[:2500])


def check_end(tap, appliance):
    appliance.process.send_signal(signal.SIGTERM)
    try:
        code = appliance.process.wait(15)
    except subprocess.TimeoutExpired:
        code = 'still running'
    tap.equal(code, 0, 'SIGTERM ends it in order')
    tap.ok('Sanitizer' not in appliance.said(), 'no sanitizer spoke', appliance.said())


def main():
    tap = Tap()
    reason = hosts.why_not()
    if reason:
        tap.skip('the appliance live', reason)
        tap.done()
    folder = konseki.scratch()
    at = Site(folder)
    at.apache()
    collector = Collector(at)
    appliance = Appliance(at, folder)
    if attempt(tap, 'konseki run starts', lambda: at.wait(appliance.ready, 'konseki show health', 30), appliance):
        tap.ok(True, 'konseki run starts')
        follower, path = follow(appliance)
        record = check_success(tap, at, appliance)
        check_follow(tap, at, appliance, follower, path, record)
        check_burst(tap, at, appliance)
        check_others(tap, at, appliance)
        if record:
            check_syslog(tap, at, appliance, collector, record)
            check_case(tap, appliance, record)
        for program in ('konseki-emu', 'konseki-control', 'konseki-dataplane'):
            check_kill(tap, at, appliance, collector, program)
        check_end(tap, appliance)
    at.close()
    tap.done()


main()
