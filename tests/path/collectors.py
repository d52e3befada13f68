#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every verdict reaches every collector that wants it: real rsyslogd and syslog-ng, by UDP, TCP and TLS, restarted in the middle.

usage: collectors.py BUILD
Eight collectors of one appliance, each with its form and its filter; one has the wrong certificate. Attacks go on while collectors are
stopped and konseki-control is killed. At the end each collector's file is held against the store, both ways. Then collectors of ill will
stand beside a good one.
"""
import os, signal, socket, struct, sys, threading, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import alone, cef, konseki, rfc5424, schema, unpacked
from alone import OTHER, SHOP, Alone
from appliance import Appliance, children
from collector import Collector, SyslogNg
from identity import Identity
from tap import Tap

HIGH = 'priority = "high"; format = "cef"; sites = [ "shop" ]; final_only = true;'


def settings(folder, wrong):
    """The targets, by what they are called here."""
    targets = {
        'udp': ('udp://127.0.0.1:6010', ''), 'tcp': ('tcp://127.0.0.1:6010', ''),
        'tls': ('tls://127.0.0.1:6011', 'ca = "authority.crt";'),
        'high': ('tcp://127.0.0.1:6013', HIGH),
        'rest': ('tcp://127.0.0.1:6014', 'verdicts = [ "failure", "unknown" ]; classes = [ "shell" ];'),
        'ng': ('tcp://127.0.0.1:6020', ''),
        'ngs': ('tls://localhost:6021', 'ca = "authority.crt"; name = "log.example"; certificate = "sensor.crt"; key = "sensor.key"; format = "cef";'),
        'wrong': ('tls://localhost:6011', f'fingerprint = "{wrong}";'),
    }
    return ('syslog = { targets = ( ' + ', '.join(f'{{ url = "{url}"; {more} }}' for url, more in targets.values()) + ' ); };'
            f'metrics = {{ listen = "127.0.0.1:9464"; }};'), {name: url.replace('//', '') for name, (url, _) in targets.items()}


def facts(line):
    """(case, revision, verdict) of a line in either form."""
    told = line['data'].get('konseki@32473')
    if told:
        return told['id'], int(told['revision']), told['verdict']
    _, values = cef.read(line['message'].decode())
    return values['externalId'], int(values['cn1']), values['outcome']


class Storm:
    """Attacks of both kinds on both servers."""
    def __init__(self, at):
        self.at = at

    def __call__(self, count, pace=0.02):
        for i in range(count):
            self.at.attack(worked=i % 3 != 0, server=OTHER if i % 4 == 1 else SHOP)
            time.sleep(pace)


def storm_through_restarts(at, appliance, rsyslog, ng):
    """Each collector is away for a while, and control is killed, while attacks go on."""
    storm = Storm(at)
    storm(60)
    rsyslog.stop()
    storm(60)
    ng.stop()
    storm(30)
    rsyslog.start()
    storm(30)
    os.kill(children(appliance.process)['konseki-control'], signal.SIGKILL)
    storm(30)
    ng.start()
    at.wait(appliance.ready, 'the appliance after the kill', 40)
    storm(60)
    return at.number


def settle(at, appliance):
    """Every verdict final, every line taken but of the collector that gets none."""
    def quiet():
        health = appliance.health()
        waiting = {name: one['waiting'] for name, one in health['each'].items() if name != 'tls:localhost:6011'}
        return health.get('cases_open') == 0 and waiting and not any(waiting.values())
    at.wait(quiet, 'every line is taken', 60)


def check_all(tap, name, lines, wanted):
    """Each wanted verdict has its line, and no other line is there."""
    told = {facts(line) for line in lines}
    missing, more = sorted(wanted - told), sorted({t[0] for t in told} - {w[0] for w in wanted})
    tap.ok(wanted and not missing, f'{name}: each of {len(wanted)} verdicts has its line', missing[:5])
    tap.ok(not more, f'{name}: and there is no line of another', more[:5])


def check_rest(tap, name, lines, records):
    """Revisions come and go: those it got are right, and each final one of its kind is there."""
    wrong = [facts(line) for line in lines if facts(line)[2] == 'success']
    tap.ok(not wrong, f'{name}: no success among them', wrong[:3])
    wanted = {(i, r['triage']['revision'], r['triage']['verdict']) for i, r in records.items() if r['triage']['verdict'] != 'success'}
    missing = sorted(wanted - {facts(line) for line in lines})
    tap.ok(wanted and not missing, f'{name}: each of {len(wanted)} that are none has its line', missing[:5])


def check_cef(tap, name, lines, records):
    """Events against the record that they tell."""
    odd = []
    for line in lines:
        header, values = cef.read(line['message'].decode())
        record = records.get(values['externalId'])
        if not record or int(values['cn1']) != record['triage']['revision']:
            continue
        told = (values['src'], values['dst'], values['spt'], values['dpt'], values['outcome'], values['reason'], values['cat'], header['name'],
                values['request'], values['cs1'], values['requestClientApplication'], values['cs6'] == 'true', int(values['rt']))
        http, triage = record['http'], record['triage']
        right = (record['src_ip'], record['dest_ip'], str(record['src_port']), str(record['dest_port']), triage['verdict'], triage['reason'],
                 triage['class'], record['alert']['signature'], f'http://{http["hostname"]}{http["url"]}', triage['attack_code'][0]['text'],
                 http['http_user_agent'], triage['final'], int(konseki.seconds(record) * 1000))
        head = (line['facility'], line['severity']) == (rfc5424.FACILITY, rfc5424.SEVERITY[triage['priority']])
        if told[:-1] != right[:-1] or abs(told[-1] - right[-1]) > 1 or not head or int(header['severity']) not in cef.BANDS[triage['priority']]:
            odd.append((told, right))
    tap.ok(lines and not odd, f'{name}: {len(lines)} events say what their records say', odd[:2])


def check_forms(tap, collector, names):
    for name in names:
        bad = collector.refused(collector.file(name))
        tap.ok(not bad, f'{name}: every line is RFC 5424, strictly', '\n'.join(bad[:3]))


def check_parsed(tap, ng, records):
    """What syslog-ng itself made of the lines."""
    rows = [row.decode().split(' ') for row in ng.read(os.path.join(ng.folder, 'ng.parsed'))]
    odd = [row for row in rows if len(row) != 5 or row[0] not in records or row[3:] != ['local4', 'konseki'] or int(row[2]) not in rfc5424.SEVERITY.values()]
    tap.ok(rows and not odd, f'syslog-ng reads {len(rows)} lines: case, revision, severity, facility and program', odd[:3])


def check_wrong(tap, at, appliance):
    """The collector whose certificate is another: nothing is sent, it is counted, and one line says why."""
    one = appliance.health()['each']['tls:localhost:6011']
    tap.ok(one['certificates_refused'] > 0 and one['sent'] == 0 and one['waiting'] > 0, 'a wrong certificate: nothing is sent, it is counted, lines wait', one)
    with open(os.path.join(appliance.folder, 'run.log'), errors='replace') as file:
        said = [line for line in file if 'tls:localhost:6011' in line and 'its certificate is refused: its fingerprint is sha-256:' in line]
    tap.ok(0 < len(said) <= 2, 'and said once of each control that ran', said[:3])


def hostile(port, manner):
    """A collector of ill will at this port, in threads that end with the test."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listener.bind(('127.0.0.1', port))
    listener.listen(8)
    kept = []

    def serve():
        while True:
            client = listener.accept()[0]
            if manner == 'closes':
                client.close()
            elif manner == 'resets':
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                client.close()
            elif manner == 'noisy':
                threading.Thread(target=noise, args=(client,), daemon=True).start()
            else:  # deaf: says nothing and reads nothing
                kept.append(client)

    def noise(client):
        try:
            while True:
                client.sendall(os.urandom(1 << 16))
        except OSError:
            pass
    threading.Thread(target=serve, daemon=True).start()


def resident(pid):
    with open(f'/proc/{pid}/statm') as file:
        return int(file.read().split()[1]) * 4096


def check_hostile(tap, at, rsyslog):
    """Seven collectors of ill will beside a good one: it gets every line in time, memory stays, and no line of theirs is given up."""
    manners = ['closes', 'resets', 'noisy', 'deaf', 'tls noisy', 'tls deaf', 'tls closes']
    for i, manner in enumerate(manners):
        hostile(7000 + i, manner.split()[-1])
    folder = konseki.scratch()
    os.truncate(rsyslog.file('rest'), 0)
    targets = ', '.join(f'"{"tls" if "tls" in manner else "tcp"}://127.0.0.1:{7000 + i}"' for i, manner in enumerate(manners))
    appliance = Appliance(at, folder, settings=f'syslog = {{ targets = [ {targets}, "tcp://127.0.0.1:6014" ]; }};', judging='window_s = 1;')
    at.wait(appliance.ready, 'the appliance', 40)
    Storm(at)(30)
    control = children(appliance.process)['konseki-control']
    before = resident(control)
    Storm(at)(120)
    at.wait(lambda: appliance.health().get('cases_open') == 0, 'every verdict', 40)
    wanted = {(i, r['triage']['revision'], r['triage']['verdict']) for i, r in appliance.latest().items()}
    missing = lambda: wanted - {facts(line) for line in rsyslog.lines(rsyslog.file('rest'))}
    try:
        at.wait(lambda: not missing(), 'its lines', 10)
    except RuntimeError:
        pass
    tap.ok(len(wanted) > 100 and not missing(), f'beside hostile ones a collector gets {len(wanted)} verdicts at once', sorted(missing())[:5])
    began = time.monotonic()
    shown = appliance.show('queue')
    tap.ok(shown and time.monotonic() - began < 5, f'control answers meanwhile ({time.monotonic() - began:.2f} s)')
    grown = resident(control) - before
    tap.ok(grown < 48 << 20, f'and its memory stays ({grown >> 20} MiB more)')
    each = [one for name, one in appliance.health()['each'].items() if name != 'tcp:127.0.0.1:6014']
    tap.ok(len(each) == len(manners) and all(one['lost'] == 0 and one['waiting'] > 0 for one in each), 'what they did not take waits for them', each)
    tap.equal(appliance.stop(), 0, 'and it ends in order')
    tap.ok('Sanitizer' not in appliance.said(), 'no sanitizer spoke', appliance.said())


def main():
    tap = Tap()
    reason = alone.why_not() or next((f'{p} is not installed' for p in ('rsyslogd', 'openssl') if not unpacked.program(p)[0]), None)
    if not reason and not unpacked.program('syslog-ng')[0]:
        reason = 'syslog-ng is not there: ./run test unpacks it'
    if reason:
        tap.skip('real collectors', reason)
        tap.done()
    folder = konseki.scratch()
    at = Alone(folder)
    authority = Identity(folder, 'authority')
    server = Identity(folder, 'server', authority, ['IP:127.0.0.1', 'DNS:log.example'])
    Identity(folder, 'sensor', authority, purpose='clientAuth')
    text, names = settings(folder, Identity(folder, 'stranger').fingerprint())
    rsyslog = Collector(at, port=6010, identity=server, tls={'tls': 6011}, more={'high': 6013, 'rest': 6014})
    ng = SyslogNg(at, server, {'ng': 6020}, {'ngs': 6021})
    appliance = Appliance(at, folder, settings=text, judging='window_s = 2; sites = ( { name = "shop"; addresses = [ "203.0.113.10" ]; } );')
    at.wait(appliance.ready, 'the appliance', 40)
    sent = storm_through_restarts(at, appliance, rsyslog, ng)
    settle(at, appliance)
    records = appliance.latest()
    print(f'# {sent} attacks, {len(records)} records', flush=True)
    tap.ok(len(records) > sent / 2, 'there are verdicts to lose', (sent, len(records)))
    last = {(i, r['triage']['revision'], r['triage']['verdict']) for i, r in records.items()}
    check_forms(tap, rsyslog, ('udp', 'tcp', 'tls', 'high', 'rest'))
    check_forms(tap, ng, ('ng', 'ngs'))
    for collector, name in ((rsyslog, 'tcp'), (rsyslog, 'tls'), (ng, 'ng'), (ng, 'ngs')):
        lines = collector.lines(collector.file(name))
        told = {facts(line) for line in lines}
        missing = sorted(last - told)
        tap.ok(not missing, f'{name}: each of {len(last)} verdicts has its line', missing[:5])
        strange = sorted({t[0] for t in told} - set(records))
        tap.ok(not strange, f'{name}: each line has its record in the store', strange[:5])
    high = {(i, r['triage']['revision'], r['triage']['verdict']) for i, r in records.items()
            if r['triage']['priority'] == 'high' and r['triage']['final'] and SHOP in (r['src_ip'], r['dest_ip'])}
    check_all(tap, 'high', rsyslog.lines(rsyslog.file('high')), high)
    check_rest(tap, 'rest', rsyslog.lines(rsyslog.file('rest')), records)
    check_cef(tap, 'ngs', ng.lines(ng.file('ngs')), records)
    check_cef(tap, 'high', rsyslog.lines(rsyslog.file('high')), records)
    check_parsed(tap, ng, records)
    check_wrong(tap, at, appliance)
    schema.check(tap, 'show', appliance.show('health'), 'show health --json with collectors', {'nonsense': 1}, part='health')
    tap.equal(appliance.stop(), 0, 'SIGTERM ends it in order')
    tap.ok('Sanitizer' not in appliance.said(), 'no sanitizer spoke', appliance.said())
    check_hostile(tap, at, rsyslog)
    at.close()
    tap.done()


main()
