#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`konseki config` beside an appliance with inline traffic: what is committed is taken without a lost packet, what is bad changes nothing,
what needs a restart says so and waits, what nobody confirms goes back.

usage: commit.py BUILD
"""
import hashlib, os, signal, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki, pair
from appliance import children
from flood import Flood
from pair import HOSTS, Sensor, Wire
from tap import Tap

SERVE = '''
import http.server
LARGE = bytes(range(256)) * 4096 * 20
class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = LARGE if self.path == "/large" else b"hello"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words): pass
print("up", flush=True)
http.server.ThreadingHTTPServer(("0.0.0.0", 80), Answer).serve_forever()
'''
FILLER = ''.join(f'alert http any any -> any any (msg:"f"; http.uri; content:"filler-{n}-"; pcre:"/filler-{n}-[a-f]+x?/U"; sid:{100000 + n}; rev:1;)\n' for n in range(2000))
ALERT = 'alert tcp any any -> any 80 (msg:"m"; flow:established,to_server; http.uri; content:"mark-%d"; sid:%d; rev:1;)\n'


class World:
    def __init__(self):
        self.wire, self.folder = Wire(), konseki.scratch()
        self.wire.python('server', SERVE).stdout.readline()
        self.rules = os.path.join(self.folder, 'own.rules')
        self.candidate(1)
        self.first = self.config('commit', '-m', 'the first')
        self.sensor = Sensor(self.wire, self.folder, self.conf)

    def candidate(self, mark, window=60, more=''):
        with open(self.rules, 'w') as file:
            file.write(ALERT % (mark, mark) + FILLER + more)
        self.conf = pair.config(self.folder, rules=self.rules, judging=f'window_s = {window};', lanes=2)

    def config(self, *words):
        done = konseki.konseki('config', *words, '-c', self.conf)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def curl(self, path):
        return self.wire.at('client', 'curl', '-s', '--max-time', '20', f'http://{HOSTS["server"]}{path}').stdout

    def reloads(self):
        return self.sensor.counter('rules_reloads'), self.sensor.counter('rules_reloads_failed')

    def fires(self, mark, word):
        """Does the rule of this mark tell of a request with this word? Waits until it does."""
        self.curl(f'/mark-{mark}?{word}')
        self.wire.wait(lambda: any(word in r.get('http', {}).get('url', '') for r in self.sensor.show('alerts')), f'a record of mark-{mark}?{word}', 20)


def check_taken(tap, w):
    w.candidate(2)
    code, out, said = w.config('commit', '-m', 'the second')
    tap.ok(code == 0 and 'and the appliance works with it' in out, 'commit: when it returns the appliance works with it', out + said)
    w.curl('/mark-1?stale')
    w.fires(2, 'fresh')
    tap.ok(not any('stale' in r.get('http', {}).get('url', '') for r in w.sensor.show('alerts')), 'the new rules are in force, the old ones are not')


def check_bad(tap, w):
    before = w.reloads()
    w.candidate(3, more='alert nonsense\n')
    code, out, said = w.config('commit')
    tap.ok(code == 1 and f'{w.rules}:{2002}: ' in said, 'a bad rule: its line, exit 1', said)
    os.unlink(w.rules)
    code, out, said = w.config('commit')
    tap.ok(code == 1 and w.rules in said, 'a file of rules that is not there likewise', said)
    w.fires(2, 'still')
    tap.equal(w.reloads(), before, 'and nothing was read')


def check_restart(tap, w):
    pids = children(w.sensor.process)
    w.candidate(2, window=61)
    code, out, said = w.config('diff')
    tap.ok(code == 1 and 'judging.window_s: 60 -> 61 (needs a restart)' in out, 'diff says which key needs a restart', out)
    code, out, said = w.config('commit', '-m', 'a longer window')
    tap.ok(code == 0 and 'takes effect at the next start of konseki run' in out, 'and commit that it waits for one', out + said)
    tap.ok('changes judging.window_s, which needs a restart; going on with version 2' in w.sensor.said(), 'konseki run says so, too, and goes on', w.sensor.said())
    tap.equal(children(w.sensor.process), pids, 'no program was started again')


def check_confirmed(tap, w):
    w.candidate(4)
    code, out, said = w.config('commit')
    tap.ok(code == 0 and 'works with it' in out, 'another one, without that key, is taken again', out + said)
    w.fires(4, 'four')
    w.candidate(5)
    code, out, said = w.config('commit', 'confirmed', '5')
    tap.ok(code == 0 and 'works with it' in out, 'commit confirmed', out + said)
    w.fires(5, 'five')
    done = w.reloads()[0]
    with open(w.conf + '.versions/pending', 'w') as file:
        file.write('5 4 1000\n')  # its time is over
    w.wire.wait(lambda: w.reloads()[0] == done + 1, 'the version before', 30)
    w.curl('/mark-5?toolate')
    w.fires(4, 'again')
    tap.ok(not any('toolate' in r.get('http', {}).get('url', '') for r in w.sensor.show('alerts')), 'nobody confirmed: the version before is in force by itself')


def main():
    tap = Tap()
    reason = pair.why_not()
    if reason:
        tap.skip('commit under traffic', reason)
        tap.done()
    w = World()
    try:
        tap.ok(w.first[0] == 0 and 'takes effect at the next start' in w.first[1], 'a first version', w.first)
        w.wire.wait(w.sensor.ready, 'konseki run', 90)
        w.wire.wait(lambda: w.wire.ping() and w.sensor.counter('forwarded') > 0, 'the dataplane forwards', 20)
        flood = Flood(w.wire)
        large = w.wire.start('client', 'curl', '-s', '--limit-rate', '1M', '--max-time', '120', f'http://{HOSTS["server"]}/large', stdout=subprocess.PIPE)
        for check in (check_taken, check_bad, check_restart, check_confirmed):
            check(tap, w)
        sent, came, single, ordered = flood.end()
        tap.ok(sent == came == single and ordered and sent > 1000, f'meanwhile none of {sent} datagrams was lost, doubled or overtaken', (sent, came, single, ordered, w.sensor.show('lanes')))
        body, _ = large.communicate()
        tap.equal(hashlib.sha256(body).hexdigest(), hashlib.sha256(bytes(range(256)) * 4096 * 20).hexdigest(), 'and 20 MB of one TCP connection arrived as they were sent')
        w.candidate(4, window=61)
        tap.ok('takes effect at the next start' in w.config('commit')[1], 'a version that waits')
        tap.equal(w.sensor.stop(), 0, 'SIGTERM ends it in order')
        w.sensor.start()
        w.wire.wait(w.sensor.ready, 'konseki run', 90)
        tap.equal(os.readlink(w.conf + '.versions/running'), os.path.basename(os.readlink(w.conf + '.versions/current')), 'the next start takes it')
    except (RuntimeError, OSError, ValueError) as error:
        tap.ok(False, 'commit under traffic', f'{type(error).__name__} {error}\n{w.reloads()}\n{w.sensor.said()}')
    w.sensor.stop()
    w.wire.close()
    tap.done()


main()
