#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The emulated libraries as others read them: binutils' objdump finds every function at its place and ordinal, and
MinGW's import libraries, which state them too, have as many arguments for each.

usage: images.py IMAGES
"""
import collections, glob, os, re, shutil, subprocess, sys, tempfile

TOOL = os.path.realpath(sys.argv[1])
IMPORTS = '/usr/i686-w64-mingw32/lib'
# names that only Microsoft's own headers state, or that MinGW makes of others
UNKNOWN_TO_MINGW = re.compile(r'^(Interlocked(Increment|Decrement|Exchange)|InterlockedPushListSList)$')
passed = failed = skipped = 0


def check(holds, what, shown=''):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print(f'not ok - {what} {shown}')


def exports(path):
    """What objdump says: (name the image has for itself, {ordinal: (address or forward)}, {name: ordinal})"""
    text = subprocess.run(['objdump', '-p', path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True).stdout.decode()
    own = re.search(r'^Name\s+[0-9a-f]+ (\S+)', text, re.M)
    base = int((re.search(r'^Ordinal Base\s+(\d+)', text, re.M) or [0, '1'])[1])
    places = {int(i) + base: rest for i, rest in
              re.findall(r'^\s*\[\s*(\d+)\] \+base\[\s*\d+\]\s+([0-9a-f]+ .*)$', text, re.M) if 'RVA' in rest}
    # binutils 2.40 prints "[i] NAME", later ones "[i] +base[n] hint NAME"
    table = text[text.find('[Ordinal/Name Pointer] Table'):]
    names = {name: int(i) + base for i, name in re.findall(r'^\s*\[\s*(\d+)\] (?:\+base\[\s*\d+\]\s+[0-9a-f]+ )?(\S+)$', table, re.M)}
    return own[1] if own else None, places, names


def look(folder, rows):
    for (version, width, library), functions in rows.items():
        path = os.path.join(folder, f'{version}-{width}-{library}')
        own, places, names = exports(path)
        where = f'{library} of {version}, {width} bits'
        check(own == library, f'objdump reads the name of {where}', str(own))
        check(set(names) == {f[0] for f in functions}, f'objdump finds the functions of {where}',
              str(set(names) ^ {f[0] for f in functions})[:200])
        for name, _, _, ordinal, forward in functions:
            if ordinal != '0':
                check(names.get(name) == int(ordinal), f'{name} of {where} has its ordinal', str(names.get(name)))
            if forward != '-':
                check(forward in places.get(names.get(name), ''), f'{name} of {where} leads on to {forward}',
                      places.get(names.get(name), '')[:80])


def compare(rows):
    """Bytes that a function takes off the stack, as "_NAME@BYTES" says."""
    global skipped
    stated = {}
    for path in glob.glob(IMPORTS + '/lib*.a'):
        library = os.path.basename(path)[3:-2] + '.dll'
        if any(library == key[2] for key in rows):
            text = subprocess.run(['nm', path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
            stated[library] = {n: int(b) for n, b in re.findall(r' T _(\w+)@(\d+)', text)}
    if not stated:
        print('skipped: the counts of arguments: mingw-w64-i686-dev is not installed')
        skipped += 1
        return
    everywhere = {n: b for names in stated.values() for n, b in names.items()}
    compared = 0
    for (version, width, library), functions in rows.items():
        for name, count, who, _, _ in functions:
            bytes_off = stated.get(library, {}).get(name, everywhere.get(name))
            if width != '32' or bytes_off is None or UNKNOWN_TO_MINGW.match(name):
                continue
            compared += 1
            check(who == 'CALLEE' and 4 * int(count) == bytes_off, f'{library}: {name} takes {bytes_off} bytes', count)
    check(compared > 500, 'enough functions could be compared', str(compared))


def main():
    if not shutil.which('objdump'):
        print('skipped: images: objdump is not installed')
        return 77
    with tempfile.TemporaryDirectory() as folder:
        text = subprocess.run([TOOL, folder], stdout=subprocess.PIPE, check=True).stdout.decode()
        rows = collections.defaultdict(list)
        for line in text.splitlines():
            version, width, library, *rest = line.split(' ')
            rows[version, width, library].append(rest)
        look(folder, rows)
        compare(rows)
    print(f'{passed} passed, {failed} failed, {skipped} skipped')
    return 1 if failed else 0


sys.exit(main())
