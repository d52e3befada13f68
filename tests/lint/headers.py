#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each header compiles alone, with every warning an error.

usage: headers.py ROOT COMPILER...
"""
import concurrent.futures, os, subprocess, sys

FOLDERS = ('dataplane', 'control', 'emu', 'config', 'tests')
FLAGS = ['-std=gnu17', '-D_GNU_SOURCE', '-DKONSEKI_VERSION="0"', '-Wall', '-Wextra', '-Wshadow', '-Wvla', '-Werror',
         '-Wno-unused-parameter', '-Wno-unused-function', '-fsyntax-only', '-x', 'c', '-']


def headers(root):
    for top in FOLDERS:
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders.sort()
            yield from (os.path.relpath(os.path.join(folder, n), root) for n in sorted(names) if n.endswith('.h'))


def library_flags():
    done = subprocess.run(['pkg-config', '--cflags', 'libdpdk', 'libhs', 'unicorn'], stdout=subprocess.PIPE, text=True)
    # a system header's warnings are not ours
    return [('-isystem' + f[2:] if f.startswith('-I') else f) for f in done.stdout.split()]


def compiles(compiler, root, header, flags):
    text = f'#include "{header}"\n#include "{header}"\n'
    done = subprocess.run(compiler + ['-I', root] + flags + FLAGS, input=text, text=True, cwd=root,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return header, done.returncode, done.stdout


def main():
    root, compiler = sys.argv[1], sys.argv[2:]
    flags = library_flags()
    failed = count = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for header, status, output in pool.map(lambda h: compiles(compiler, root, h, flags), headers(root)):
            count += 1
            if status:
                failed += 1
                print(f'{header} does not compile alone:\n{output[:2000]}')
    print(f'{count} headers, {failed} do not compile alone')
    return 1 if failed or count == 0 else 0


sys.exit(main())
