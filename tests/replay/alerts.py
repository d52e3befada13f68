#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""replay --alerts: what another IDS raised becomes a case of its own transaction, judged from our capture.

usage: alerts.py BUILD
The alerts are written from the labels of the recordings, which the server's own request log gave.
"""
import datetime, json, os, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki, schema
from tap import Tap

SIGNATURE = 'their words \x1b[31m\u202e\u009b2J'


def eve(label, sid, **more):
    at = datetime.datetime.fromtimestamp(label['ts'], datetime.timezone.utc)
    record = {'timestamp': at.strftime('%Y-%m-%dT%H:%M:%S.%f+0000'), 'flow_id': 1, 'event_type': 'alert', 'proto': 'TCP',
              'src_ip': label['src'], 'src_port': label['sport'], 'dest_ip': label['dst'], 'dest_port': label['dport'],
              'alert': {'action': 'allowed', 'gid': 1, 'signature_id': sid, 'rev': 3, 'signature': SIGNATURE,
                        'category': 'theirs', 'severity': 1}}
    return dict(record, **more)


def turned(record):
    """As an IDS tells an alert on a response."""
    return dict(record, src_ip=record['dest_ip'], src_port=record['dest_port'], dest_ip=record['src_ip'], dest_port=record['src_port'])


def write(folder, records, *lines):
    path = os.path.join(folder, 'eve.json')
    with open(path, 'w') as file:
        file.write('{"event_type":"stats"}\n' + ''.join(json.dumps(r) + '\n' for r in records) + ''.join(line + '\n' for line in lines))
    return path


def replay(conf, path, captures, *more):
    done = konseki.konseki('replay', '-c', conf, '--alerts', path, *more, *captures)
    lines = done.stdout.decode().splitlines()
    return [json.loads(line) for line in lines] if '--json' in more else lines, done


def sids(record):
    return [a['signature_id'] for a in record['alerts']]


def check_benign(tap, folder, conf):
    """Ordinary requests: a record for those that were named, and no other."""
    labels = konseki.labels(konseki.capture('benign'))
    chosen = [l for i, l in enumerate(labels) if i % 5 == 2]
    path = write(folder, [(turned if i % 2 else dict)(eve(l, 5000 + i)) for i, l in enumerate(chosen)])
    records, done = replay(conf, path, [konseki.capture('benign')], '--json')
    got = {labels.index(l): sids(r) for l, r in konseki.pair(records, labels)[0] if r}
    missing = [l['request_line'] for i, l in enumerate(chosen) if 5000 + i not in got.get(labels.index(l), [])]
    tap.ok(not missing and done.returncode == 0, f'each of {len(chosen)} alerts is named by its own transaction', f'{missing}\n{got}\n{done.stderr}')
    # without a transaction's number an alert may fit two that follow each other within a fifth of a second
    stray = [r for r in records if all(abs(l['ts'] - konseki.seconds(r)) > 0.3 for l in chosen)]
    tap.ok(not stray, 'no other transaction has a record', [r['http']['url'] for r in stray])
    tap.ok(all(r['triage']['verdict'] != 'success' for r in records), 'none of them is called a success')
    schema.check(tap, 'alert', records, 'alerts of others')


def check_judged(tap, folder, conf):
    """Without a rule of ours: the verdict comes from the capture alone."""
    rules = os.path.join(folder, 'none.rules')
    with open(rules, 'w') as file:
        file.write('# none\n')
    bare = konseki.config(konseki.scratch(), rules=rules)
    numbers, alerts = {}, []
    labels = konseki.labels(konseki.capture('injected'))
    for i, l in enumerate(labels):
        flow = l['src'], l['sport']
        numbers[flow] = numbers.get(flow, -1) + 1
        alerts.append(eve(l, i + 1, app_proto='http', tx_id=numbers[flow]))
    path = write(folder, alerts)
    records, done = replay(bare, path, [konseki.capture('injected')], '--json')
    tap.ok(all(len(r['alerts']) == 1 for r in records) and sorted(s for r in records for s in sids(r)) == sorted(range(1, len(labels) + 1)),
           'with transaction numbers each alert has its record', f'{len(labels)} {[sids(r) for r in records]}\n{done.stderr}')
    shown = [l for l in labels if l['executed'] and l['observable']]
    told = {sids(r)[0] - 1: r['triage']['verdict'] for r in records}
    good = [l for l in shown if told.get(labels.index(l)) == 'success']
    tap.ok(len(good) >= 0.9 * len(shown) > 0, f'{len(good)} of {len(shown)} attacks that worked are successes')
    wrong = [l['request_line'] for l in labels if not l['executed'] and told.get(labels.index(l)) == 'success']
    tap.ok(not wrong, 'no other is', wrong)
    tap.ok(all(a['gid'] == 1 for r in records for a in r['alerts']), 'rules of our own making are not shown')
    again, _ = replay(bare, path, [konseki.capture('injected')], '--json', '--lanes', '3', '--workers', '1')
    strip = lambda rs: [dict(r, triage=dict(r['triage'], emulation=None)) for r in rs]
    tap.equal(strip(again), strip(records), 'the same with three lanes')


def check_unmatched(tap, folder, conf):
    label = konseki.labels(konseki.capture('shellshock-ping'))[0]
    path = write(folder, [eve(label, 1), eve(dict(label, sport=1), 2), eve(dict(label, ts=label['ts'] + 60), 3),
                          eve(dict(label, src='2001:db8::1', dst='2001:db8::2'), 4), eve(label, 5, proto='ICMP')])
    lines, done = replay(conf, path, [konseki.capture('shellshock-ping')])
    said = done.stderr.decode()
    tap.ok('4 of 5 alerts' in said and all(f'eve.json:{n}: {n - 1} their words' in said for n in (3, 4, 5, 6)) and 'eve.json:2:' not in said,
           'alerts without a transaction are counted and named', said)
    tap.equal(done.returncode, 0, 'and no reason to fail')
    text = done.stdout.decode() + said
    tap.ok('\x1b' not in text and '\u202e' not in text and '\u009b' not in text, 'their text reaches no terminal as it is', text)
    path = write(folder, [eve(label, 1)], 'nonsense', '{"event_type":"alert"}')
    records, done = replay(conf, path, [konseki.capture('shellshock-ping')], '--json')
    said = done.stderr.decode()
    tap.ok(done.returncode == 1 and 'eve.json:3: ' in said and 'eve.json:4: ' in said and len(said.splitlines()) == 2 and 1 in sids(records[0]),
           'a bad line is told by its number, the others count: exit 1', said)
    _, done = replay(conf, '/nonexistent/eve.json', [konseki.capture('shellshock-ping')])
    tap.ok(done.returncode == 3 and b'/nonexistent/eve.json' in done.stderr and len(done.stderr.splitlines()) == 1, 'no such file: exit 3', done.stderr)


def check_suricata(tap, folder, conf):
    """The real thing: Suricata's own alerts, where tests/bench/setup made it."""
    peer = os.environ.get('PEER_ROOT', os.path.expanduser('~/.cache/konseki-peer/root'))
    if os.getuid() or not os.path.exists(os.path.join(peer, 'usr', 'bin', 'suricata')):
        tap.skip('alerts of a real Suricata', 'tests/bench/setup was not run')
        return
    name = konseki.capture('shellshock-ping')
    inside = os.path.join(peer, 'tmp', f'konseki-eve-{os.getpid()}')
    os.makedirs(inside)
    try:
        with open(name, 'rb') as capture, open(os.path.join(inside, 'in.pcap'), 'wb') as copy:
            copy.write(capture.read())
        with open(os.path.join(inside, 'a.rules'), 'w') as file:
            file.write('alert http any any -> any any (msg:"theirs"; http.user_agent; content:"() {"; sid:77; rev:1;)\n')
        at = '/tmp/' + os.path.basename(inside)
        done = subprocess.run(['chroot', peer, 'suricata', '-r', f'{at}/in.pcap', '-S', f'{at}/a.rules', '-l', at, '-k', 'none'],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        path = os.path.join(inside, 'eve.json')
        if not tap.ok(os.path.exists(path), 'Suricata tells', done.stdout[-1000:]):
            return
        records, done = replay(conf, path, [name], '--json')
        tap.ok(any(77 in sids(r) and r['triage']['verdict'] == 'success' for r in records) and not done.stderr,
               'an alert of a real Suricata is judged a success', done.stderr)
    finally:
        subprocess.run(['rm', '-rf', inside])


def main():
    tap = Tap()
    folder = konseki.scratch()
    conf = konseki.config(folder)
    check_benign(tap, folder, conf)
    check_judged(tap, folder, conf)
    check_unmatched(tap, folder, conf)
    check_suricata(tap, folder, conf)
    tap.done()


main()
