#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every C file says its licence and what it is; nothing in the tree is announced as unfinished.

usage: words.py ROOT
"""
import os, re, sys

FOLDERS = ('dataplane', 'control', 'emu', 'config', 'tests', 'images')
# written in halves, so that this file does not find itself
UNFINISHED = re.compile(r'\b(' + '|'.join(a + b for a, b in (
    ('TO', 'DO'), ('FIX', 'ME'), ('X', 'XX'), ('HA', 'CK'), ('not imple', 'mented'), ('st', 'ub'), ('for n', 'ow'),
    ('place', 'holder'))) + r')\b')
SKIPPED = ('corpus', 'captures', 'profiles', '__pycache__')


def files(root):
    for top in FOLDERS:
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = [f for f in folders if f not in SKIPPED]
            yield from (os.path.join(folder, n) for n in sorted(names) if n.endswith(('.c', '.h', '.py', '.sh', '.build')))


def first_lines_right(lines):
    return len(lines) > 1 and lines[0] == '/* SPDX-License-Identifier: GPL-2.0-or-later */' and lines[1].startswith('/*')


def main():
    root = sys.argv[1]
    told = []
    for path in files(root):
        name = os.path.relpath(path, root)
        with open(path, errors='replace') as file:
            lines = file.read().splitlines()
        if name.endswith(('.c', '.h')) and not first_lines_right(lines):
            told.append(f'{name}:1: begin with the SPDX line, then one sentence that says what the file is')
        told += [f'{name}:{n}: finish it, or say it in another way: {line.strip()[:80]}'
                 for n, line in enumerate(lines, 1) if UNFINISHED.search(line)]
    print('\n'.join(told) or 'every file says what it is')
    return 1 if told else 0


sys.exit(main())
