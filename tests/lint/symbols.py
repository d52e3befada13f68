#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""No two static libraries of konseki-emu give the same name to the program: the linker would take either, silently.

usage: symbols.py BUILD
"""
import collections, glob, os, shutil, subprocess, sys

BUILD = sys.argv[1]


def main():
    if not shutil.which('nm'):
        print('skipped: nm is not installed')
        return 77
    owners = collections.defaultdict(set)
    libraries = [l for top in ('emu', 'control/wire') for l in glob.glob(f'{BUILD}/{top}/**/*.a', recursive=True)] + \
        glob.glob(f'{BUILD}/config/libconfig.a')
    for library in libraries:
        text = subprocess.run(['nm', '--defined-only', library], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
        for line in text.splitlines():
            words = line.split()
            if len(words) == 3 and words[1] in 'TDBR':
                owners[words[2]].add(os.path.relpath(library, BUILD))
    # instrumentation brings names of its own into each
    twice = {n: o for n, o in owners.items() if len(o) > 1 and not n.startswith('__')}
    for name, where in sorted(twice.items()):
        print(f'{name}: in {" and ".join(sorted(where))}')
    print(f'{len(owners)} names of {len(libraries)} libraries, {len(twice)} given twice')
    return 1 if twice or len(libraries) < 10 else 0


sys.exit(main())
