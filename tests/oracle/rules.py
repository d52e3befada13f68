#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Our rules are rules of Suricata too: it loads every one.

usage: rules.py BUILD
"""
import os, re, sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'support'), os.path.join(HERE, '..', 'bench')]
import konseki, peer
from tap import Tap

RULES = os.path.join(konseki.ROOT, 'config', 'rules', 'konseki.rules')


def main():
    tap = Tap()
    conf = konseki.config(konseki.scratch())
    done = konseki.konseki('check', '-c', conf)
    found = re.search(rb'(\d+) rules loaded, (\d+) refused\s*$', done.stdout)
    tap.ok(found and done.returncode == 0 and int(found[2]) == 0, 'konseki check loads every rule of ours', done.stdout[-500:] + done.stderr[-500:])
    reason = peer.why_not()
    if reason:
        tap.skip('Suricata loads our rules', reason)
        tap.done()
    loaded, failed, said = peer.check(RULES)
    tap.ok(failed == 0 and found and loaded == int(found[1]), f'Suricata loads all {loaded} of them', f'{loaded} loaded, {failed} failed\n{said}')
    tap.done()


main()
