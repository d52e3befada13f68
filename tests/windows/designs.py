#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Windows machine code after the classic designs does in emulated servers what its source says.

usage: designs.py SHELLCODES SOURCE
Each code/*.asm states what it does in its "expect:" lines, and what stops it in "stops:". Ways to kernel32 and hashes of names are tried in all
combinations that the profile's version of Windows has; encoders stand before some. All is run twice, in another order:
the same bytes, the same answers.
"""
import os, random, re, shutil, subprocess, sys, tempfile

TOOL, SOURCE = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
CODE = os.path.join(SOURCE, 'tests', 'windows', 'code')
# what each way to kernel32 needs of the system
WAYS = {'memory': None, 'load': None, 'length': None, 'stack': None, 'return': None, 'second': 'windows-old', 'seh': 'windows-old'}
HASHES = ['ror13', 'djb2', 'fnv', 'crc32', 'rol7', 'words']
passed = failed = 0


def check(holds, what, shown=''):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print(f'not ok - {what} {shown}')


def assemble(source, to, **defines):
    subprocess.run(['nasm', '-f', 'bin', '-I', CODE + '/', *[f'-D{k}={v}' for k, v in defines.items()], '-o', to,
                    os.path.join(CODE, source)], check=True)


def expected(source):
    with open(os.path.join(CODE, source)) as file:
        text = file.read()
    return [m.split(' ') for m in re.findall(r'^; expect: (.*)$', text, re.M)] + \
        [['stops', m] for m in re.findall(r'^; stops: (.*)$', text, re.M)]


def xor_call(code, rng):
    """call, pop; the length in ecx; each byte"""
    key = rng.randrange(1, 256)
    head = b'\xeb\x0f' + b'\x5e' + b'\xb9' + len(code).to_bytes(4, 'little') + b'\x80\x74\x0e\xff' + bytes([key]) + b'\xe2\xf9' + \
        b'\xeb\x05' + b'\xe8\xec\xff\xff\xff'
    return head + bytes(b ^ key for b in code)


def add_float(code, rng):
    """the address of the last floating-point instruction; each word, the key changed by what comes out"""
    code += b'\x90' * (-len(code) % 4)
    key = rng.randrange(1 << 32)
    out, k = b'', key
    for i in range(0, len(code), 4):
        plain = int.from_bytes(code[i:i + 4], 'little')
        out += ((plain ^ k) & 0xffffffff).to_bytes(4, 'little')
        k = (k + plain) & 0xffffffff
    body = b'\xd9\xee' + b'\xd9\x74\x24\xf4' + b'\x5e' + b'\xbb' + key.to_bytes(4, 'little') + \
        b'\xb9' + (len(code) // 4).to_bytes(4, 'little') + b'\x31\x5e\x1c' + b'\x03\x5e\x1c' + b'\x83\xc6\x04' + b'\xe2\xf5'
    return body + out


def ask(profile, codes):
    """[(language, path)] -> {path: [event as words]}, and all that was said"""
    lines = ''.join(f'{language} {path}\n' for language, path in codes)
    done = subprocess.run([TOOL, os.path.join(SOURCE, 'emu', 'profiles', profile)], input=lines.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=280)
    if done.returncode != 0:
        last = done.stdout.decode(errors='replace').splitlines()[-1:]
        print(f'not ok - {profile}: ended with {done.returncode} behind {last}: {done.stderr.decode()[-300:]}')
        sys.exit(1)
    answers, now = {}, None
    for line in done.stdout.decode(errors='replace').splitlines():
        words = line.split(' ')
        if words[0] == 'code':
            now = answers[words[1]] = [['stops', line.split('"')[1]]]
        elif words[0] == 'event':
            now.append(event(words[1:]))
    return answers


def event(words):
    kind, address, port, protocol, path, argv, name = words
    text = lambda h: '' if h == '-' else bytes.fromhex(h).decode('latin1')
    if kind == 'connect':
        return ['connect', address, port] if name == '-' else ['connect', '-', port]
    if kind == 'listen':
        return ['listen', port]
    if kind in ('accept', 'sleep'):
        return [kind]
    if kind == 'exec':
        return ['exec', text(path), *text(argv).split('\0')[:-1]]
    if kind == 'send':
        return ['send', protocol]
    return [kind, text(name) or text(path)]


def shortened(want):
    """Of what a source expects, what the tool tells."""
    return want[:2] if want[0] == 'send' else want[:1] if want[0] == 'sleep' else want


def build(folder):
    """[(file, language, what is expected, the one profile or None)]"""
    rng, made = random.Random(7), []
    for source in sorted(os.listdir(CODE)):
        if not source.endswith('.asm'):
            continue
        language = 'win-x86' if source.endswith('32.asm') else 'win-x86-64'
        path = os.path.join(folder, source[:-4])
        assemble(source, path)
        made.append((path, language, expected(source), None))
        if source in ('reverse32.asm', 'bind32.asm', 'download32.asm'):
            with open(path, 'rb') as file:
                plain = file.read()
            for encoder in (xor_call, add_float):
                with open(f'{path}-{encoder.__name__}', 'wb') as file:
                    file.write(encoder(plain, rng))
                made.append((f'{path}-{encoder.__name__}', language, expected(source), None))
    for way, only in WAYS.items():
        for hash_name in HASHES:
            path = os.path.join(folder, f'{way}-{hash_name}')
            assemble('exec32.asm', path, WAY=way, HASH=hash_name)
            made.append((path, 'win-x86', expected('exec32.asm'), only))
    return made


def main():
    if not shutil.which('nasm'):
        print('skipped: nasm is not installed')
        return 77
    with tempfile.TemporaryDirectory() as folder:
        made = build(folder)
        for profile in ('windows', 'windows-old'):
            here = [m for m in made if m[3] in (None, profile)]
            answers = ask(profile, [(m[1], m[0]) for m in here])
            for path, language, wants, _ in here:
                name = os.path.basename(path)
                for want in wants:
                    check(shortened(want) in answers.get(path, []), f'{profile}: {name}: {" ".join(want)}',
                          str(answers.get(path))[:300])
            again = ask(profile, [(m[1], m[0]) for m in reversed(here)])
            check(again == answers, f'{profile}: the same in another order',
                  str([os.path.basename(p) for p in answers if answers[p] != again.get(p)]))
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


sys.exit(main())
