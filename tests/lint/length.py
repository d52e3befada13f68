#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of ours are at most 500 lines (a warning from 400 on), functions at most 120.

usage: length.py ROOT
"""
import os, re, sys

FOLDERS = ('dataplane', 'control', 'emu', 'config', 'tests', 'images')
ENDINGS = ('.c', '.h', '.py', '.sh')
WARN, MAX, FUNCTION_MAX = 400, 500, 120


def ours(root):
    for top in FOLDERS:
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = [f for f in folders if f not in ('corpus', 'captures', 'profiles', '__pycache__')]
            yield from (os.path.join(folder, n) for n in sorted(names) if n.endswith(ENDINGS))


def long_functions(lines):
    """(first line, length): from a line before an opening brace in column 0 to the brace that closes it there."""
    start = None
    for number, line in enumerate(lines, 1):
        if re.match(r'\{\s*$', line):
            start = number
        elif start and line.startswith('}'):
            if number - start > FUNCTION_MAX:
                yield start, number - start
            start = None


def main():
    root = sys.argv[1]
    failed = warned = count = 0
    for path in ours(root):
        name = os.path.relpath(path, root)
        with open(path, errors='replace') as file:
            lines = file.read().splitlines()
        count += 1
        if len(lines) > MAX:
            failed += 1
            print(f'{name}: {len(lines)} lines, more than {MAX}: split it')
        elif len(lines) > WARN:
            warned += 1
            print(f'{name}: {len(lines)} lines, warning: is there a second noun inside?')
        if name.endswith('.c'):
            for line, length in long_functions(lines):
                failed += 1
                print(f'{name}:{line}: a function of {length} lines')
    print(f'{count} files, {warned} above {WARN} lines, {failed} failures')
    return 1 if failed else 0


sys.exit(main())
