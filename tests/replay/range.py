#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The recorded part of the wide range (tests/captures/range): servers, languages and tools that no rule was written for.

usage: range.py BUILD
Labels are the servers' own truth. No executed attack is called a failure, nothing that did not run or is harmless a success,
and of what ran and could be seen at least FLOOR of every class is called a success.
"""
import collections, glob, json, os, sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', folder) for folder in ('support', 'range')]
import konseki
from lib.score import answer_of, joined, kind_of, records_of
from tap import Tap

# in percent; a class that is not here has none. Raised as the judge learns, never lowered for a recording.
FLOOR = {'deserialization': 30, 'jndi': 60, 'rfi': 60, 'sqli': 50, 'upload': 90, 'xss': 60, 'cmdi': 40}
# mistakes that are known and owed: a remote file whose name the application lengthens (include($v . '.php'))
OWED = {}
# of ordinary requests, how many in a thousand may give a record at all
NOISE = 10


def told(labels, kind, answer):
    return [f'{l["class"]} {l["dst"]} {l["request_line"][:100]}: {l["record"]["triage"]["reason"]}' for l in labels if kind_of(l) in kind and answer_of(l) == answer]


def main():
    tap, config = Tap(), konseki.config(konseki.scratch())
    seen, won, plain, noise = collections.Counter(), collections.Counter(), 0, 0
    for capture in sorted(glob.glob(os.path.join(konseki.ROOT, 'tests', 'captures', 'range', '*.pcap'))):
        name = os.path.basename(capture)[:-len('.pcap')]
        with open(capture[:-len('.pcap')] + '.labels.jsonl') as file:
            labels = [label for label in map(json.loads, file) if not label['ambiguous']]
        joined(records_of(konseki.KONSEKI, config, capture), labels)
        for kind, answer, what in ((('executed, seen', 'executed, unseen'), 'failure', 'nothing that ran is called a failure'),
                                   (('not executed', 'benign', 'recon'), 'success', 'nothing that did not run is called a success')):
            wrong = told(labels, kind, answer)
            tap.ok(len(wrong) <= OWED.get((name, answer), 0), f'{name}: {what}', '\n'.join(wrong))
        for label in labels:
            seen[label['class']] += kind_of(label) == 'executed, seen'
            won[label['class']] += kind_of(label) == 'executed, seen' and answer_of(label) == 'success'
            plain += kind_of(label) == 'benign'
            noise += kind_of(label) == 'benign' and answer_of(label) != 'none'
    for name, floor in sorted(FLOOR.items()):
        tap.ok(seen[name] and 100 * won[name] >= floor * seen[name], f'{name}: at least {floor} % of what ran and showed is a success', f'{won[name]} of {seen[name]}')
    tap.ok(plain and 1000 * noise <= NOISE * plain, f'at most {NOISE} in 1000 ordinary requests give a record', f'{noise} of {plain}')
    print('# ' + ', '.join(f'{name} {won[name]}/{seen[name]}' for name in sorted(seen) if seen[name]))
    tap.done()


main()
