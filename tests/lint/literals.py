#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""No known answer is written into the code: what commands print comes out of emulated programs and profile files.

usage: literals.py ROOT
Looks into the string literals (not the comments) of control/ and emu/, the profiles apart, for text that well-known
commands and files would show. A literal split over several quotes is joined first.
"""
import os, re, sys

ANSWERS = [
    r'[ug]id=', r'groups=', r'root:[x*!]:', r':/bin/(ba|da)?sh\b', r'nologin', r'daemon:', r'www-data:',
    r'bytes of data', r'packets transmitted', r'icmp_seq', r'bytes from',
    r'Linux version', r'GNU/Linux', r'\bPRETTY_NAME', r'vmlinuz', r'BOOT_IMAGE',
    r'PHP Version', r'Windows IP Configuration', r'for 16-bit app support', r'\[boot loader\]', r'nt authority',
    r'is not recognized as', r'operable program', r'Volume (in drive|Serial)', r'file\(s\) (copied|moved)', r'bytes free',
    r'completed successfully', r'Reply from', r'The system cannot', r'Access is denied', r'Microsoft Windows', r'PRIVILEGES INFORMATION',
    r'SUCCESS: The', r'ERROR: (The|Access)', r'Pinging', r'System error \d', r'Could Not Find', r'was unexpected',
    r'drwx', r'total \d', r'load average', r'<directory>', r'BEGIN (RSA|OPENSSH) PRIVATE',
]
WRONG = re.compile('|'.join(ANSWERS), re.I)
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
BETWEEN = re.compile(r'"\s*"')


def literals(text):
    """(line, contents) of each string literal."""
    blanked = TOKEN.sub(lambda m: m[0] if m[0][0] == '"' else re.sub(r'[^\n]', ' ', m[0]), text)
    joined = BETWEEN.sub(lambda m: '\0' * m[0].count('\n'), blanked)
    for found in TOKEN.finditer(joined):
        if found[0][0] == '"':
            before = joined[:found.start()]
            yield before.count('\n') + before.count('\0') + 1, found[0].replace('\0', '')


def sources(root):
    for top in ('control', 'emu'):
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = [f for f in folders if f != 'profiles']
            yield from (os.path.join(folder, n) for n in sorted(names) if n.endswith(('.c', '.h')))


def main():
    root = sys.argv[1]
    count = failed = 0
    for path in sources(root):
        with open(path, errors='replace') as file:
            text = file.read()
        for line, literal in literals(text):
            count += 1
            if WRONG.search(literal):
                failed += 1
                print(f'{os.path.relpath(path, root)}:{line}: {literal[:100]} is an answer; an emulator should say it')
    print(f'{count} string literals, {failed} are answers')
    return 1 if failed else 0


sys.exit(main())
