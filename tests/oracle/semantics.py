#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Random rules over random exchanges: Suricata and Konseki load the same ones and say the same of each.

usage: semantics.py BUILD [SEED]
Each exchange has a port and each rule is for one port, so that neither runs into a bound of rules told at once. Left
out, since Suricata 7 means something else there: negations without a buffer (it asks each packet), a negated content
with endswith (only its first place counts), what is relative to a negated content (it does not look for another
place of the one before), and host names with capitals before a port (it keeps them).
"""
import json, os, random, re, shutil, subprocess, sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'support'), os.path.join(HERE, '..', 'bench')]
import konseki, peer
from segments import Ends, ethernet, ip, pcap, talk
from tap import Tap

PORTS, RULES_EACH, FIRST_PORT = 200, 8, 2000
CLIENT = ['http.method', 'http.uri', 'http.uri.raw', 'http.request_line', 'http.request_body', 'http.header', 'http.header.raw', 'http.user_agent',
          'http.cookie', 'http.host', 'http.host.raw', 'http.accept', 'http.referer', 'http.content_type', 'http.header_names', 'http.connection',
          'http.accept_enc', 'http.accept_lang', 'http.protocol', 'http.start', '']
SERVER = ['http.response_body', 'file.data', 'http.stat_code', 'http.stat_msg', 'http.header', 'http.content_type', 'http.header_names',
          'http.content_len', 'http.server', 'http.location', 'http.response_line', 'http.protocol', 'http.start', '']
dice = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 7)


def word(most, letters='ab'):
    return ''.join(dice.choice(letters) for _ in range(dice.randrange(1, most)))


def exchange():
    some, body, page = word(5), word(16), word(40)
    target = '/' + word(12, 'abAB/') + dice.choice(['', '?' + word(6, 'ab+&=') + dice.choice(['', '%61%62', '%2561', '%20b'])])
    target = re.sub('/+', '/', target)
    asked = f'{dice.choice(["GET", "POST", "PUT"])} {target} HTTP/1.1\r\nHost: {dice.choice(["AB.example", "ab.example:8080", "b.ba"])}\r\n' \
        f'User-Agent: {word(10)}\r\nAccept: */*,{some}\r\nReferer: http://{some}/\r\nCookie: {word(6)}\r\nX-A:  {some} \r\nAccept-Encoding: gzip, {some}\r\n' \
        f'Accept-Language: {some}\r\nConnection: close\r\nContent-Type: {some}\r\nContent-Length: {len(body)}\r\n\r\n{body}'
    answered = f'HTTP/1.1 {dice.choice(["200 OK", "404 ab a", "302 Found"])}\r\nServer: {some}\r\nContent-Type: text/{some}\r\nSet-Cookie: {word(6)}\r\n' \
        f'Location: /{some}\r\nContent-Length: {len(page)}\r\n\r\n{page}'
    return asked, answered


def escaped(text):
    return ''.join(c if c.isalnum() or c in '/.*,=&+%() -_?' else f'|{ord(c):02x}|' for c in text)


def piece(text):
    """A few bytes that stand in the message, mostly."""
    if dice.random() < 0.25:
        return word(4)
    lines = [line.split(': ')[-1].strip() or line for line in text.split('\r\n') if line] + [text]
    line = dice.choice(lines)
    start = dice.randrange(len(line))
    found = line[start:start + dice.randrange(1, 5)]
    return found.swapcase() if dice.random() < 0.1 else found


def condition(buffer, text, alone):
    """alone: relative to nothing."""
    if dice.random() < 0.15:
        flags = dice.choice(['', 'i', 's', 'm'] if alone else ['', 'i', 'R', 'Ri', 's', 'm'])
        negated = '!' if buffer and dice.random() < 0.15 else ''
        return [f'pcre:{negated}"/{dice.choice(["ab+a", "a.b", "^[ab]", "b$", "(a|bb)", "[^a]b", "B{2}"])}/{flags}"']
    negated = '!' if buffer and dice.random() < 0.15 else ''
    some = piece(text)
    some = some.lower() if buffer == 'http.host' else some
    out = [f'content:{negated}"{escaped(some)}"'] + ['nocase'] * (buffer != 'http.host' and dice.random() < 0.3)
    depth = lambda: f'depth:{len(some) + dice.randrange(9)}'
    within = lambda: f'within:{len(some) + dice.randrange(8)}'
    places = [[], [], [depth()], [f'offset:{dice.randrange(8)}'], [f'offset:{dice.randrange(5)}', depth()], ['startswith']]
    if not negated:
        places.append(['endswith'])
    if not alone:
        places += [[f'distance:{dice.randrange(-4, 6)}'], [within()], [f'distance:{dice.randrange(-3, 5)}', within()]]
    out += dice.choice(places)
    if dice.random() < 0.1:
        out.append(f'isdataat:{dice.choice(["", "!"])}{dice.randrange(1, 10)}{"" if negated or alone else dice.choice(["", ",relative"])}')
    if dice.random() < 0.05 and not alone and not negated:
        out.append(f'byte_test:1,{dice.choice("><=&")},{dice.choice([97, 98, 60])},{dice.randrange(4)},relative')
    if dice.random() < 0.05 and not alone and not negated:
        out.append(f'byte_jump:1,{dice.randrange(4)},relative,post_offset {dice.randrange(-98, -90)}')
    return out


def rule(port, sid, asked, answered):
    client = dice.random() < 0.6
    buffer, text = (dice.choice(CLIENT), asked) if client else (dice.choice(SERVER), answered)
    # a content that is not negated makes the rule a candidate in both
    options = [buffer] * bool(buffer) + [f'content:"{escaped(piece(text).lower())}"'] + ['nocase'] * (buffer != 'http.host')
    for _ in range(dice.randrange(3)):
        options += condition(buffer, text, ':!' in ''.join(options))
    if buffer and dice.random() < 0.1:
        options.append(f'bsize:{dice.choice(["<", ">", ""])}{dice.randrange(8, 24)}')
    ends, side = (f'any any -> any {port}', 'to_server') if client else (f'any {port} -> any any', 'to_client')
    return f'alert http {ends} (msg:"r"; flow:established,{side}; {"; ".join(options)}; sid:{sid}; rev:1;)'


def ask_suricata(rules, capture):
    """(sids it refuses, sids that fire, what it said)."""
    folder = os.path.join(peer.ROOT, 'bench-rules')
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with open(os.path.join(HERE, '..', 'bench', 'suricata.yaml')) as plain, open(os.path.join(folder, 'suricata.yaml'), 'w') as own:
        own.write(plain.read().replace('http: {enabled: yes}', 'http: {enabled: yes, libhtp: {default-config: {personality: IDS}}}'))
    shutil.copy(rules, os.path.join(folder, 'rules'))
    shutil.copy(capture, os.path.join(folder, 'capture'))
    said = subprocess.run(['chroot', peer.ROOT, 'suricata', '-c', '/bench-rules/suricata.yaml', '-S', '/bench-rules/rules', '-l', '/bench-rules', '--runmode',
                           'single', '-k', 'none', '--set', 'mpm-algo=ac', '-v', '-r', '/bench-rules/capture'],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=100).stdout
    with open(os.path.join(folder, 'eve.json')) as lines:
        events = [json.loads(line) for line in lines]
    shutil.rmtree(folder)
    refused = {int(n) for n in re.findall(r'error parsing signature ".*; sid:(\d+); rev:1;\)"', said)}
    return refused, {e['alert']['signature_id'] for e in events if e.get('event_type') == 'alert'}, said


def main():
    tap = Tap()
    reason = peer.why_not()
    if reason:
        tap.skip('random rules as Suricata means them', reason)
        tap.done()
    folder = konseki.scratch()
    rules, frames, texts = [], [], []
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        texts.append(exchange())
        rules += [rule(port, len(rules) + i + 1, *texts[-1]) for i in range(RULES_EACH)]
        ends = Ends('10.1.0.1', '10.2.0.2', port + 20000, port)
        frames += [ethernet(ip(*ends.tcp(s))) for s in talk([(True, texts[-1][0].encode()), (False, texts[-1][1].encode())])]
    paths = [os.path.join(folder, name) for name in ('rules', 'capture')]
    with open(paths[0], 'w') as file:
        file.write('\n'.join(rules) + '\n')
    with open(paths[1], 'wb') as file:
        file.write(pcap(frames))
    refused, theirs, said = ask_suricata(*paths)
    conf = konseki.config(folder, rules=paths[0])
    checked = konseki.konseki('check', '-c', conf)
    ours_refused = {int(n) for n in re.findall(rb'rules:(\d+): ', checked.stdout + checked.stderr)}
    records, done = konseki.replay([paths[1]], conf)
    ours = {alert['signature_id'] for r in records or [] for alert in r['alerts']}
    both = set(range(1, len(rules) + 1)) - refused - ours_refused
    tap.ok(len(both) > 0.9 * len(rules) and len(theirs) > len(rules) / 10, f'{len(both)} of {len(rules)} rules load in both, {len(theirs)} fire', said[-800:])
    tap.ok(not ours_refused - refused, 'none is refused by Konseki alone', '\n'.join(rules[n - 1] for n in sorted(ours_refused - refused)))
    differ = sorted(n for n in both if (n in ours) != (n in theirs))
    tap.ok(not differ, 'each fires in both or in neither', '\n'.join(f'{"Konseki" if n in ours else "Suricata"}: {rules[n - 1]}\n{texts[(n - 1) // RULES_EACH]}' for n in differ))
    tap.done()


main()
