#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How many shells by the classic hash of names reach their connection in a second of one core, cut off behind it.

usage: rate.py RATE SOURCE; no test: figures for people
"""
import os, shutil, subprocess, sys, tempfile

TOOL, SOURCE = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
CODE = os.path.join(SOURCE, 'tests', 'windows', 'code')

if not shutil.which('nasm'):
    sys.exit('nasm is not installed')
with tempfile.TemporaryDirectory() as folder:
    for name, language, after in (('reverse32', 'win-x86', '\ttest eax, eax'), ('reverse64', 'win-x86-64', '\tpush rdi')):
        text, code = os.path.join(folder, name + '.asm'), os.path.join(folder, name)
        with open(os.path.join(CODE, name + '.asm')) as source, open(text, 'w') as to:
            lines = source.read().split('\n')
            lines.insert(lines.index(after), '\tud2')
            to.write('\n'.join(lines))
        subprocess.run(['nasm', '-f', 'bin', '-I', CODE + '/', '-o', code, text], check=True)
        for profile in ('windows', 'windows-old'):
            done = subprocess.run([TOOL, os.path.join(SOURCE, 'emu', 'profiles', profile), language, code],
                                  stdout=subprocess.PIPE, check=True)
            print(f'{profile} {language}: {done.stdout.decode().strip()}')
