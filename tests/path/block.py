#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Containment inline: who attacked with success is stopped, nobody else is, and it ends, by time and by word. Real TCP, a server that runs what it gets.

usage: block.py BUILD
"""
import json, os, signal, subprocess, sys, time
from urllib.parse import quote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki, pair, schema
from appliance import children
from pair import HOSTS, Sensor, Wire
from tap import Tap

# the client's addresses, each a host to the server
ATTACKER, OTHER, DROPPER, SECOND, BEHIND, SPARE, BRIEF = HOSTS['client'], *(f'192.0.2.{n}' for n in range(3, 9))
# a web application with a hole, as an ordinary user
SERVE = '''
import http.server, os, subprocess, urllib.parse
class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        host = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).get("host", [""])[0]
        done = subprocess.run(["/bin/sh", "-c", "echo looking up " + host], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20)
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(done.stdout)))
        self.end_headers()
        self.wfile.write(done.stdout)
    def log_message(self, *words): pass
server = http.server.ThreadingHTTPServer(("0.0.0.0", 80), Answer)
os.setgroups([]); os.setgid(65534); os.setuid(65534)
print("up", flush=True)
server.serve_forever()
'''
FILES = '''
import http.server
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"dropped")
    def log_message(self, *words): pass
print("up", flush=True)
http.server.ThreadingHTTPServer(("0.0.0.0", 8000), Answer).serve_forever()
'''
# a busy machine's standstill must not hand the traffic to the kernel's bridge, which blocks nobody
CONTAINMENT = 'inline = { return_s = 0; stall_ms = 5000; }; containment = { on_success = [ "attacker", "flow", "contact" ]; max = 12; never = [ "%s" ]; };'


class Contained:
    def __init__(self):
        self.wire, self.folder = Wire(), konseki.scratch()
        for address in (OTHER, DROPPER, SECOND, BEHIND, SPARE, BRIEF):
            self.wire.at('client', 'ip', 'addr', 'add', address + '/32', 'dev', 'eth0')
        self.wire.python('server', SERVE).stdout.readline()
        self.wire.python('client', FILES).stdout.readline()
        with open(os.path.join(konseki.ROOT, 'config', 'rules', 'konseki.rules')) as rules, open(os.path.join(self.folder, 'all.rules'), 'w') as to:
            to.write(rules.read())
        self.conf = pair.config(self.folder, rules=f'{self.folder}/all.rules"]; home = [ "{HOSTS["server"]}', more=CONTAINMENT % SPARE)
        self.sensor = Sensor(self.wire, self.folder, self.conf)

    def curl(self, of, code='', *words, path='/lookup', seconds='2'):
        url = f'http://{HOSTS["server"]}{path}?host=' + quote('www.example.test' + code, safe='')
        return self.wire.at('client', 'curl', '-s', '--interface', of, '--max-time', seconds, *words, url).stdout

    def passes(self, of):
        return 'looking up' in self.curl(of)

    def block(self, *words):
        done = konseki.konseki('block', *words, '-c', self.conf)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def blocks(self):
        return [json.loads(line) for line in self.block('list', '--json')[1].splitlines()]

    def whats(self):
        return {b['what'] for b in self.blocks()}

    def kill(self, program):
        os.kill(children(self.sensor.process)[program], signal.SIGKILL)


def check_success(tap, w):
    """A success stops the attacker, and him alone."""
    tap.ok(w.passes(ATTACKER) and w.passes(OTHER), 'before: everybody gets through')
    tap.equal(w.blocks(), [], 'and nobody is blocked')
    body = w.curl(ATTACKER, ';id')
    tap.ok('uid=65534' in body, 'the attack runs', body)
    blocks = w.wire.wait(lambda: len(w.blocks()) >= 2 and w.blocks(), 'blocks', 20)
    tap.equal(sorted(b['kind'] for b in blocks), ['address', 'flow'], 'a success blocks address and flow')
    record = next(r for r in w.sensor.show('alerts') if r['triage']['verdict'] == 'success')
    ends = sorted([(record['src_ip'], record['src_port']), (record['dest_ip'], record['dest_port'])])
    tap.equal({b['what'] for b in blocks}, {ATTACKER, f'tcp {ends[0][0]}:{ends[0][1]} {ends[1][0]}:{ends[1][1]}'}, 'those of the record')
    tap.ok({b['case'] for b in blocks} == {record['triage']['id']} and all(b['by'] == 'verdict' and b['in_force'] for b in blocks), 'by its case', blocks)
    schema.check(tap, 'block', blocks, 'block list --json', broken=dict(blocks[0], by='nobody'))
    tap.ok(not w.passes(ATTACKER), 'the attacker gets no more answer')
    tap.ok(w.passes(OTHER), 'another client does')
    w.wire.wait(lambda: w.sensor.counter('stopped_by_block') > 0, 'the counter', 5)
    packets = {b['what']: b['packets'] for b in w.blocks()}
    tap.ok(packets[ATTACKER] > 0, 'what is stopped is counted, in all and for each block', packets)
    code, out, said = w.block('list')
    tap.ok(code == 0 and ATTACKER in out and record['triage']['id'] in out and not said, 'the list for people', out + said)


def check_death(tap, w):
    """Blocks outlive every process."""
    before = [(b['id'], b['what'], b['until']) for b in w.blocks()]
    same = lambda: [(b['id'], b['what'], b['until']) for b in w.blocks()] == before
    w.kill('konseki-control')
    tap.ok(not w.passes(ATTACKER) and w.passes(OTHER), 'konseki-control is dead: the attacker is still blocked, the others are not')
    w.wire.wait(same, 'the same list', 60)
    tap.ok(not w.passes(ATTACKER), 'started again it has the same list, in force')
    w.kill('konseki-dataplane')
    w.wire.wait(lambda: not w.passes(ATTACKER) and w.sensor.counter('stopped_by_block') > 0, 'the attacker is blocked by the new dataplane', 60)
    tap.ok(w.passes(OTHER) and same(), 'konseki-dataplane started again: as before')
    tap.equal(w.sensor.stop(), 0, 'SIGTERM ends it in order')
    code, out, said = w.block('list', '--json')
    tap.ok(code == 0 and [json.loads(line)['id'] for line in out.splitlines()] == [b[0] for b in before] and 'no appliance runs' in said, 'the list is in the store', out + said)
    tap.ok(w.passes(ATTACKER), 'with no appliance nothing is blocked: the kernel bridges')
    w.sensor.start()
    w.wire.wait(w.sensor.ready, 'konseki run', 90)
    w.wire.wait(lambda: not w.passes(ATTACKER) and w.sensor.counter('stopped_by_block') > 0, 'the attacker is blocked after a new start', 30)
    tap.ok(same() and w.passes(OTHER), 'the whole appliance started again: as before', w.sensor.said())


def check_remove(tap, w):
    case = w.blocks()[0]['case']
    done = konseki.konseki('case', case, '--mark', 'false-positive', '-c', w.conf)
    tap.ok(done.returncode == 0 and f'konseki block remove --case {case}'.encode() in done.stderr, 'a false positive: what it blocked is named', done)
    code, out, said = w.block('remove', ATTACKER, '--author', 'ann')
    tap.ok(code == 0 and ATTACKER in out and ATTACKER not in w.whats(), 'block remove', out + said)
    tap.ok(w.passes(ATTACKER), 'and he gets through again, at once')
    tap.ok('removed by ann' in w.sensor.said(), 'who did it is said', w.sensor.said())
    tap.equal(w.block('remove', ATTACKER)[0], 1, 'removed twice: exit 1')
    tap.ok(w.block('remove', '--case', case)[0] == 0 and not [b for b in w.blocks() if b.get('case') == case], 'by case: all that it blocked')


def check_contact(tap, w):
    """The victim's connection to the address in the trace: between the two, and no other."""
    fetch = lambda of: w.wire.at('server', 'curl', '-s', '--max-time', '2', f'http://{of}:8000/').stdout
    tap.equal((fetch(DROPPER), fetch(OTHER)), ('dropped', 'dropped'), 'the server reaches both')
    w.curl(SECOND, f';curl -s http://{DROPPER}:8000/x{os.getpid()}')
    w.wire.wait(lambda: f'{HOSTS["server"]} {DROPPER}' in w.whats(), f'a block of the contact', 25)
    tap.ok(SECOND in w.whats() and DROPPER not in w.whats(), 'the contact is blocked with its victim alone', w.whats())
    tap.equal((fetch(DROPPER), fetch(OTHER)), ('', 'dropped'), 'the victim does not get there any more, but elsewhere')


def check_careful(tap, w):
    """A proxy, one that is never to be blocked, protected addresses."""
    w.curl(BEHIND, ';id', '-H', 'X-Forwarded-For: 203.0.113.9')
    flow = lambda of: [b for b in w.blocks() if b['kind'] == 'flow' and of + ':' in b['what']]
    w.wire.wait(lambda: flow(BEHIND), 'the flow of a forwarded request', 20)
    tap.ok(BEHIND not in w.whats() and w.passes(BEHIND), 'a request that was forwarded costs its flow, not the proxy', w.whats())
    w.curl(SPARE, ';id')
    w.wire.wait(lambda: f'{SPARE} is in containment.never' in w.sensor.said(), 'the reason', 20)
    tap.ok(not [x for x in w.whats() if SPARE in x] and w.passes(SPARE), 'containment.never holds, and it is said', w.whats())
    health = next(h for h in w.sensor.show('health') if 'blocks' in h)
    tap.ok(health['blocks'] == len(w.blocks()) and health['blocks_refused'] >= 3 and health['blocks_max'] == 12, 'show health counts them', health)


def check_words(tap, w):
    """An operator's own."""
    code, out, said = w.block('add', HOSTS['server'])
    tap.ok(code == 1 and f'{HOSTS["server"]} is in rules.home; not blocked' in said, 'a protected address is not blocked by a slip', said)
    for words in (['0.0.0.0/0'], ['192.0.2.0/24', '--minutes', '0'], ['no.such.host'], ['tcp', '192.0.2.1', '192.0.2.2:80'], ['::1', '192.0.2.1'], []):
        code, out, said = w.block('add', *words)
        tap.ok(code == 2 and len(said.splitlines()) == 1, f'add {" ".join(words)}: usage, one line', said)
    code, out, said = w.block('add', HOSTS['server'] + '/31')
    tap.ok(code == 1 and 'is in rules.home' in said, 'nor a network that holds one')
    code, out, said = w.block('add', HOSTS['server'], '--force', '--reason', 'größer', '--json')
    made = json.loads(out)
    tap.ok(code == 0 and made['by'] == 'person' and made['reason'] == 'größer' and made['who'], 'unless forced', out + said)
    schema.check(tap, 'block', [made], 'a block of a person')
    tap.ok(not w.passes(OTHER), 'it is in force when the word returns')
    tap.ok(w.block('remove', str(made['id']))[0] == 0 and w.passes(OTHER), 'by its number it is removed')
    code, out, said = w.block('add', OTHER, '--minutes', '5', '--json')
    again = json.loads(w.block('add', OTHER, '--minutes', '500', '--json')[1])
    tap.ok(again['id'] == json.loads(out)['id'] and again['until'] > json.loads(out)['until'], 'once more: the same block, longer')
    room = 12 - len(w.blocks())
    codes = [w.block('add', f'198.51.100.{n + 1}')[0] for n in range(room + 2)]
    tap.equal(codes, [0] * room + [1, 1], 'beyond containment.max: exit 1')
    tap.equal(next(h for h in w.sensor.show('health') if 'blocks' in h)['blocks_full'], 2, 'counted')


def main():
    tap = Tap()
    reason = pair.why_not()
    if reason:
        tap.skip('containment', reason)
        tap.done()
    w = Contained()
    try:
        w.wire.wait(w.sensor.ready, 'konseki run', 90)
        w.wire.wait(lambda: w.wire.ping() and w.sensor.counter('forwarded') > 0, 'the dataplane forwards', 20)
        for check in (check_success, check_death, check_remove):
            check(tap, w)
        tap.equal(w.block('add', BRIEF, '--minutes', '1')[0], 0, 'a block of a minute')
        tap.ok(not w.passes(BRIEF), 'holds')
        for check in (check_contact, check_careful, check_words):
            check(tap, w)
        w.wire.wait(lambda: w.passes(BRIEF), 'its end', 75)
        # the lane looks at the clock itself; control clears up within a second or so
        w.wire.wait(lambda: BRIEF not in w.whats() and f'no longer blocked: {BRIEF}' in w.sensor.said(), 'control clears up', 30)
        tap.ok(w.passes(BRIEF), 'and it ends by itself')
        tap.ok(w.block('remove', '--all')[0] == 0 and w.blocks() == [] and w.passes(OTHER), 'remove --all')
    except (RuntimeError, KeyError, StopIteration, ValueError) as error:
        tap.ok(False, 'containment', f'{type(error).__name__} {error}\n{w.blocks()}\n{w.sensor.said()}')
    w.sensor.stop()
    w.wire.close()
    tap.done()


main()
