#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Ordinary traffic by chance of a seed gives no code, no record and no success: requests alone, then with their answers as a capture.

usage: ordinary.py BUILD [COUNT [SEED [library]]]
None of it is an attack. library: what people wrote in the documents of this machine's packages, in place of what we thought of.
"""
import collections, os, random, struct, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import exchanges, konseki
from answers import Answers
from segments import Ends, ethernet, ip, pcap, talk
from library import Library
from tap import Tap
from traffic import Traffic

RECORDS = 0.0001  # of the transactions, at most


def extracted(tap, build, requests, seed):
    count = len(requests)
    done = subprocess.run([os.path.join(build, 'tests', 'support', 'extracted')], input=b''.join(struct.pack('<I', len(r)) + r for r in requests),
                          stdout=subprocess.PIPE, check=True)
    lines = done.stdout.decode().rstrip('\n').split('\n')
    tap.ok(lines[-1] == f'{count} requests', 'every request is read', lines[-1])
    told = [(int(number), language, text) for number, language, text in (line.split(' ', 2) for line in lines[:-1])]
    # an address in a parameter, and arithmetic in place of a number, are code by themselves: what comes of it tells
    for language, share in (('url', 1.0), ('sql', 0.01)):
        some = {number for number, which, text in told if which == language}
        tap.ok(len(some) <= share * count, f'{len(some)} of {count} ordinary requests of seed {seed} hold {language}')
    others = [t for t in told if t[1] not in ('url', 'sql')]
    tap.ok(len({t[0] for t in others}) * 4000 <= count, f'{len({t[0] for t in others})} of {count} hold code of other languages', others[:40])


def frames(requests, seed):
    """Visitors of a few sites, several requests a connection; an answer takes its time, now and then a long one."""
    r, start, left = random.Random(seed), 0.0, list(requests)
    answers, all_frames = Answers(r), []
    while left:
        at, ends = start, Ends(f'192.0.2.{r.randint(1, 90)}', f'198.51.100.{r.randint(1, 12)}', r.randint(20000, 60000))
        parts = []
        for request in left[:r.randint(1, 6)]:
            parts += exchanges.exchange(request, answers.answer(request))
        del left[:len(parts) // 2]
        asks = False
        for s in talk(parts):
            if not s.client and s.data and asks:
                at += r.choices([r.uniform(.005, .3), r.uniform(.5, 6)], [97, 3])[0]
            asks = s.client if s.data else asks
            all_frames.append((ethernet(ip(*ends.tcp(s))), at))
            at += .0004
        start += r.uniform(.01, .4)
    return sorted(all_frames, key=lambda f: f[1])


def judged(tap, requests, seed):
    folder = konseki.scratch()
    path = exchanges.write(folder, 'ordinary', pcap(frames(requests, seed)))
    if os.environ.get('KEEP'):
        os.link(path, os.environ['KEEP'])
    records, done = konseki.replay([path], konseki.config(folder))
    tap.ok(records is not None, 'the capture is read', done.stderr.decode())
    records = [r for r in records or [] if 'triage' in r]
    for r in records:
        print('#', r['triage']['class'], r['triage']['verdict'], r['triage']['reason'], konseki.request_line(r)[:160])
    by_class = collections.Counter((r['triage']['class'], r['triage']['verdict']) for r in records)
    print(f'# {len(requests)} transactions, {len(records)} records: ' + ', '.join(f'{n} {c} {v}' for (c, v), n in sorted(by_class.items())))
    tap.ok(not any(verdict == 'success' for _, verdict in by_class), 'no success', dict(by_class))
    tap.ok(len(records) <= RECORDS * len(requests), f'{len(records)} records of {len(requests)} ordinary transactions', dict(by_class))


def main():
    build, count, seed = sys.argv[1], int((sys.argv[2:] or ['3000'])[0]), int((sys.argv[3:] or ['11'])[0])
    tap, traffic = Tap(), (Library if sys.argv[4:] == ['library'] else Traffic)(seed)
    requests = [traffic.request() for _ in range(count)]
    extracted(tap, build, requests, seed)
    judged(tap, requests, seed)
    tap.done()


main()
