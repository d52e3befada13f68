#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""No two libraries of konseki-emu call a function alike: the linker would take whichever comes first, and say nothing.

usage: symbols.py BUILD
"""
import glob, subprocess, sys


def main():
    build, owners, told = sys.argv[1], {}, []
    libraries = sorted(glob.glob(build + '/emu/**/lib*.a', recursive=True)) + [build + '/config/libconfig.a', build + '/control/wire/libwire.a']
    for library in libraries:
        listing = subprocess.run(['nm', '-g', '--defined-only', library], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
        for name in {line.split()[2] for line in listing.splitlines() if len(line.split()) == 3 and line.split()[1] in 'TDBR'}:
            if owners.setdefault(name, library) != library and not name.startswith('__'):
                told.append(f'{name}: in {owners[name][len(build) + 1:]} and {library[len(build) + 1:]}')
    print('\n'.join(told) or f'{len(owners)} names of {len(libraries)} libraries, each of one')
    return 1 if told or not owners else 0


sys.exit(main())
