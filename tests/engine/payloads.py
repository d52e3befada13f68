#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Attacks and ordinary texts that others collected, through the evaluators: how many do something, and none that should not.

usage: payloads.py FRAGMENTS FOLDER [EVERY]
FOLDER holds libinjection's lists (sqli-*.txt, xss-*.txt, false_positives.txt); EVERY: only each so-manyth text of the attacks. Skips where
there is no such folder. A text counts as an attack understood if it has an effect in at least one dialect.
"""
import glob, os, subprocess, sys, time, urllib.parse

DIALECTS = ['sql-mysql', 'sql-postgresql', 'sql-mssql', 'sql-oracle', 'sql-sqlite']
UNDERSTOOD = 0.85  # the lists hold broken texts too, and such that only tell a place's quotes


def texts(pattern, decoded=True):
    found = []
    for path in sorted(glob.glob(pattern)):
        for line in open(path, encoding='latin-1'):
            line = line.rstrip('\n')
            if line and not line.startswith('#'):
                raw = urllib.parse.unquote_to_bytes(line.replace('+', ' ')) if decoded else line.encode('latin-1')
                found.append(raw.replace(b'\n', b' ').replace(b'\r', b' ').replace(b'\0', b' '))
    return found


def effects(program, dialect, list_of):
    out = subprocess.run([program, dialect], input=b''.join(t + b'\n' for t in list_of), stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    assert len(out) == len(list_of)
    return [(int(line.split()[0]), line.endswith('refused')) for line in out]


def main():
    program, folder, every = sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1
    if not glob.glob(os.path.join(folder, 'sqli-*.txt')):
        print(f'skipped: no lists in {folder}')
        return 77
    attacks = texts(os.path.join(folder, 'sqli-*.txt'))[::every]
    ordinary = texts(os.path.join(folder, 'false_positives.txt'), False) + texts(os.path.join(folder, 'false_positives.txt'))
    begun, any_effect, wrong = time.time(), [False] * len(attacks), []
    for dialect in DIALECTS:
        answers = effects(program, dialect, attacks)
        any_effect = [a or n > 0 for a, (n, _) in zip(any_effect, answers)]
        print(f'{dialect}: {sum(n > 0 for n, _ in answers)} of {len(attacks)} attacks do something, {sum(r for _, r in answers)} only refused')
        wrong += [(dialect, t) for t, (n, _) in zip(ordinary, effects(program, dialect, ordinary)) if n > 0]
    share = sum(any_effect) / len(attacks)
    print(f'{sum(any_effect)} of {len(attacks)} ({100 * share:.1f} %) do something in some dialect, {time.time() - begun:.1f} s')
    print(f'{len(wrong)} of {len(ordinary)} ordinary texts do' + ''.join(f'\n  {d}: {t!r}' for d, t in wrong[:10]))
    return 0 if share >= UNDERSTOOD and not wrong else 1


sys.exit(main())
