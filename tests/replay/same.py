#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Same captures, config and build: the same bytes out, for any number of lanes and workers, and twice in a row.

usage: same.py BUILD
"""
import os, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from tap import Tap


def difference(a, b):
    for number, (x, y) in enumerate(zip(a.splitlines(), b.splitlines()), 1):
        if x != y:
            at = next((i for i, (p, q) in enumerate(zip(x, y)) if p != q), min(len(x), len(y)))
            return f'line {number}, byte {at}:\n{x[max(0, at - 120):at + 120]!r}\n{y[max(0, at - 120):at + 120]!r}'
    return f'{len(a)} bytes against {len(b)}'


def main():
    tap = Tap()
    paths = konseki.captures()
    conf = konseki.config(konseki.scratch())
    _, first = konseki.replay(paths, conf)
    _, table = konseki.replay(paths, conf, json_lines=False)
    tap.ok(first.returncode == 0 and first.stdout.count(b'\n') > 5, 'all captures in one replay', first.stderr.decode(errors='replace'))
    for lanes, workers in ((1, 2), (1, 1), (2, 1), (2, 3), (4, 2), (4, 1), (1, 3)):
        other = konseki.config(konseki.scratch(), lanes=lanes, workers=workers)
        _, again = konseki.replay(paths, other)
        tap.ok(again.stdout == first.stdout, f'{lanes} lanes, {workers} workers: byte for byte the same records',
               difference(first.stdout, again.stdout) + '\n' + again.stderr.decode(errors='replace')[-600:])
    _, again = konseki.replay(paths, konseki.config(konseki.scratch(), lanes=4, workers=3), json_lines=False)
    tap.ok(again.stdout == table.stdout, 'and the same table', difference(table.stdout, again.stdout))
    # whether a code's traces came from the cache tells of the captures before; nothing else may
    plain = lambda out: out.replace(b'"cached":true', b'"cached":false')
    alone = b''.join(konseki.replay([p], conf)[1].stdout for p in paths)
    tap.ok(plain(alone) == plain(first.stdout), 'each capture by itself: the same records as in one replay',
           difference(plain(first.stdout), plain(alone)))
    tap.done()


main()
