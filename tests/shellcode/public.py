#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""public.py BUILD LANGUAGE=FOLDER...: machine code that others published, emulated and beside it on the real kernel.

Takes every text with \\x escapes and every nasm source out of the files of a folder (a clone of a public collection; none is kept
here), runs each on the real kernel in a sandbox (oracle.py; qemu-user for other processors), and where that shows network
behaviour asks whether the emulated server shows the same: kind, address and port, or the network tool's command line.
"""
import os, re, subprocess, sys, tempfile

import oracle

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOLS = re.compile(r'\b(nc|ncat|netcat|wget|curl|telnet|ftp|tftp|ping|nslookup|ssh|scp|fetch)\b|/dev/tcp')
ESCAPES = {'n': 10, 'r': 13, 't': 9, '\\': 92, '"': 34, "'": 39, 'a': 7, 'b': 8, 'f': 12, 'v': 11}
SIZES = range(16, 4097)


def unescaped(text):
    """The bytes of one string literal, and how many of them were written as \\x."""
    out, written, at = bytearray(), 0, 0
    while at < len(text):
        hexed = re.compile(r'\\x([0-9a-fA-F]{1,2})').match(text, at)
        octal = re.compile(r'\\([0-7]{1,3})').match(text, at)
        if hexed:
            out.append(int(hexed[1], 16))
            written, at = written + 1, hexed.end()
        elif octal:
            out.append(int(octal[1], 8) & 255)
            at = octal.end()
        elif text[at] == '\\' and at + 1 < len(text):
            out.append(ESCAPES.get(text[at + 1], ord(text[at + 1]) & 255))
            at += 2
        else:
            out.append(ord(text[at]) & 255)
            at += 1
    return bytes(out), written


def of_text(text):
    """Neighbouring literals are one code; macros that are literals are put in."""
    text = re.sub(r'/\*.*?\*/', ' ', text, flags=re.S)
    text = re.sub(r'(?<!:)//[^\n]*', ' ', text)
    literal = r'"(?:[^"\\\n]|\\.)*"'
    for name, value in re.findall(rf'(?m)^\s*#\s*define\s+(\w+)\s+((?:{literal}\s*)+)', text):
        text = re.sub(rf'(?<![\w\\"]){name}(?!\w)(?!\s+"[^"]*"\s*$)', lambda _: f' {value.strip()} ', text)
    text = re.sub(r'"\s*;?\s*\n\s*\$?\w+\s*(?:\+=|\.=)\s*b?"', '"\n"', text)
    for group in re.finditer(rf'(?:b?{literal}\s*[.+\\]?\s*)+', text):
        parts = [unescaped(part) for part in re.findall(r'"((?:[^"\\\n]|\\.)*)"', group[0])]
        if sum(written for _, written in parts) >= 8:
            yield b''.join(code for code, _ in parts)


def of_nasm(path, language, folder):
    """The text section of an assembled source; one that has data elsewhere is no shellcode."""
    with open(path, encoding='latin1') as file:
        if language not in ('x86', 'x86-64') or re.search(r'section\s+\.(data|bss)', file.read(), re.I):
            return
    form, machine = ('elf64', 'elf_x86_64') if language == 'x86-64' else ('elf32', 'elf_i386')
    at = os.path.join(folder, 'one')
    for words in (['nasm', '-f', form, path, '-o', at + '.o'], ['ld', '-m', machine, '-o', at + '.elf', at + '.o'],
                  ['objcopy', '-O', 'binary', '-j', '.text', at + '.elf', at + '.bin']):
        if subprocess.run(words, capture_output=True).returncode != 0:
            return
    with open(at + '.bin', 'rb') as file:
        yield file.read()


def codes(language, top, folder, known):
    for where, _, names in sorted(os.walk(top)):
        for name in sorted(names):
            path, ending = os.path.join(where, name), name.rsplit('.', 1)[-1].lower()
            if not os.path.isfile(path) or os.path.getsize(path) > 200000:
                continue
            if ending in ('nasm', 'asm'):
                found = of_nasm(path, language, folder)
            elif ending in ('c', 'cpp', 'h', 'txt', 'md', 'py', 'pl', 'pm', 'rb'):
                with open(path, encoding='latin1') as file:
                    found = of_text(file.read())
            else:
                continue
            for code in found:
                if len(code) in SIZES and (language, code) not in known:
                    known.add((language, code))
                    yield os.path.relpath(path, top), code


def plain(address):
    """As it stands on the wire: mapped addresses are IPv4's, and who connects to no address connects to itself."""
    address = address.replace('::ffff:', '')
    return {'0.0.0.0': '127.0.0.1', '::': '::1'}.get(address, address)


def wanted(events):
    """The first network behaviour of the real kernel."""
    for event in events:
        if event[0] == 'connect' and event[2] != 0:
            return 'connect', plain(event[1]), event[2]
        if event[0] == 'listen':
            return event
        if event[0] == 'exec' and TOOLS.search(' '.join(event[2])):
            words = ' '.join(event[2]).encode('latin1').decode('unicode_escape')
            return 'tool', ''.join(c for c in words if ' ' <= c < '\x7f')
    return None


def emulated(build, items):
    """What each code did in the emulated server: a set of the same shapes as wanted() gives."""
    lines = ''.join(f'{language} {path}\n' for language, path in items)
    done = subprocess.run([os.path.join(build, 'tests/shellcode/shellcodes'), os.path.join(ROOT, 'emu/profiles/debian')],
                          input=lines.encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    seen, current = {}, None
    for line in done.stdout.decode('latin1').splitlines():
        words = line.split()
        if words[:1] == ['code']:
            current = seen.setdefault(words[1], set())
        elif words[:2] == ['event', 'connect']:
            current.add(('connect', plain(words[2]), int(words[3])))
        elif words[:2] == ['event', 'listen']:
            current.add(('listen', int(words[3])))
        elif words[:2] == ['event', 'exec'] and words[6] != '-':
            argv = bytes.fromhex(words[6]).rstrip(b'\0').replace(b'\0', b' ').decode('latin1')
            current.add(('tool', ''.join(c for c in argv if ' ' <= c < '\x7f')))
    return seen


def same(want, seen):
    if want[0] == 'listen' and (want[1] == 0 or want[1] >= 32768):
        return any(event[0] == 'listen' for event in seen)  # the kernel chose the port
    if want[0] == 'tool':  # the tool itself may stand for its command line
        ports = set(re.findall(r'\d{2,5}', want[1]))
        return want in seen or any(str(event[-1]) in ports for event in seen if event[0] != 'tool')
    return want in seen


def main():
    if len(sys.argv) < 3 or not all('=' in word for word in sys.argv[2:]):
        sys.exit(__doc__)
    known, truths = set(), {}
    with tempfile.TemporaryDirectory() as folder:
        for language, top in (word.split('=', 1) for word in sys.argv[2:]):
            why = oracle.cannot(language)
            if why:
                print(f'{language}: skipped, {why}')
                continue
            for name, code in codes(language, top, folder, known):
                want = wanted(oracle.run(language, code))
                if want:
                    path = os.path.join(folder, str(len(truths)))
                    with open(path, 'wb') as file:
                        file.write(code)
                    truths[path] = (language, name, want)
        seen = emulated(sys.argv[1], [(language, path) for path, (language, _, _) in truths.items()])
    wrong = [truths[path] for path in truths if not same(truths[path][2], seen.get(path, set()))]
    for language, name, want in wrong:
        print(f'{language} {name}: the real kernel saw {want}')
    print(f'{len(known)} codes, {len(truths)} with network behaviour on the real kernel, {len(truths) - len(wrong)} of them the same when emulated')


if __name__ == '__main__':
    main()
