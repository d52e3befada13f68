#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""docs/konseki.1 names the verbs and options that the program's own help names, and no others; groff finds nothing wrong with it.

usage: manual.py ROOT KONSEKI
"""
import os, re, shutil, subprocess, sys

OPTION = re.compile(r'(?<![\w-])--?[a-z][a-z-]*')
# what every verb has, and what stands in an address or a range
EVERYWHERE = {'--help', '--version'}


def help_of(program, *verb):
    done = subprocess.run([program, *verb, '--help'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, timeout=20)
    return done.stdout


def options(text):
    return set(OPTION.findall(text)) - EVERYWHERE


def main():
    root, program = sys.argv[1:]
    page, told = os.path.join(root, 'docs', 'konseki.1'), []
    with open(page) as file:
        # as it is read: without the requests and escapes of man(7)
        text = re.sub(r'\\f[A-Z]|\\c\n?', '', file.read().replace('\\-', '-'))
    sections = dict(re.findall(r'^\.SS (\w+)\n(.*?)(?=^\.S[SH] )', text, re.M | re.S))
    verbs = [verb for verb, what in re.findall(r'^  (\w+) +(.*)', help_of(program), re.M) if 'not available' not in what]
    told += [f'no section for the verb {v}' for v in verbs if v not in sections]
    told += [f'a section for {v}, which is no verb' for v in sections if v not in verbs]
    for verb in set(verbs) & set(sections) - {'ioc'}:
        has, says = options(help_of(program, verb)), options(sections[verb])
        told += [f'{verb}: {o} is not told' for o in sorted(has - says)] + [f'{verb}: there is no {o}' for o in sorted(says - has)]
    told += [f'ioc: {v} is not told' for v in re.findall(r'^  (\w+) +', help_of(program, 'ioc'), re.M) if v not in sections.get('ioc', '')]
    if shutil.which('groff'):
        done = subprocess.run(['groff', '-man', '-ww', '-z', page], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        told += done.stdout.splitlines()
    print('\n'.join(f'docs/konseki.1: {line}' for line in told) or f'{len(verbs)} verbs are told')
    return 1 if told or len(verbs) < 5 else 0


sys.exit(main())
