#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Bad captures end in one clear error or in counted drops, never in a crash, a hang or silence; other formats are read.

usage: bad.py BUILD
"""
import json, os, random, shutil, struct, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from tap import Tap

HEADER = struct.Struct('<IHHiIII')
RECORD = struct.Struct('<IIII')


def header(magic=0xa1b2c3d4, link=1):
    return HEADER.pack(magic, 2, 4, 0, 0, 262144, link)


def record(data, length=None, wire_length=None):
    length = len(data) if length is None else length
    return RECORD.pack(1700000000, 0, length, length if wire_length is None else wire_length) + data


def good(name):
    with open(konseki.capture(name), 'rb') as file:
        return file.read()


def records_of(data):
    at = HEADER.size
    while at + RECORD.size <= len(data):
        _, _, length, _ = RECORD.unpack_from(data, at)
        yield at, data[at + RECORD.size:at + RECORD.size + length]
        at += RECORD.size + length


def refused_files():
    """name, contents: no capture at all, or one that breaks off: exit 1 and an error that names the file."""
    whole = good('apache-traversal-shell')
    yield 'nothing', b''
    yield 'half a header', whole[:12]
    yield 'wrong magic', b'\x7fELF' + whole[4:]
    yield 'text', b'this is no capture\n' * 40
    yield 'a record cut in its header', whole[:next(at for at, _ in records_of(whole)) + 7]
    yield 'a record cut in its data', whole[:-9]
    yield 'a length beyond the file', header() + record(b'x' * 60, length=70000)
    yield 'a hostile length', header() + record(b'x' * 60, length=0xfffffff0)
    yield 'random bytes', random.Random(7).randbytes(5000)
    yield 'random records', header() + random.Random(8).randbytes(5000)


def ng(kind, body, length=None):
    body += b'\0' * (-len(body) % 4)
    length = len(body) + 12 if length is None else length
    return struct.pack('<II', kind, length & 0xffffffff) + body + struct.pack('<I', length & 0xffffffff)


SECTION = ng(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1))


def interface(link=1):
    return ng(1, struct.pack('<HHI', link, 0, 262144))


def enhanced(caplen=60, which=0, length=None):
    return ng(6, struct.pack('<IIIII', which, 0, 0, caplen, caplen) + b'x' * 60, length)


def refused_pcapng():
    """name, contents: blocks that lie; what stands before them is read."""
    head = SECTION + interface() + enhanced()
    for length in (0, 11, 13, 70000, 0xfffffff0):
        yield f'a block of length {length}', head + enhanced(length=length)
    yield 'a trailer that differs', head + enhanced()[:-4] + b'\x4d\0\0\0' + enhanced()
    yield 'a packet longer than its block', head + enhanced(caplen=5000)
    yield 'an interface that is not there', head + enhanced(which=9)
    yield 'no interface at all', SECTION + enhanced()
    yield 'two link types', head + interface(101) + enhanced(which=1)
    yield 'a block cut off', head + enhanced()[:30]


def compressed():
    for program, suffix in (('gzip', 'gz'), ('bzip2', 'bz2'), ('xz', 'xz'), ('zstd', 'zst')):
        if shutil.which(program):
            yield program, subprocess.run([program, '-c'], input=good('apache-traversal-shell'), stdout=subprocess.PIPE, check=True).stdout


def hostile_packets():
    """name, packets: frames that lie about themselves; read to the end, each lost one counted."""
    whole = [data for _, data in records_of(good('injected'))]
    noise = random.Random(9)
    yield 'empty packets', [b''] * 5
    yield 'one byte each', [b'\x45'] * 5
    yield 'every length of one frame', [whole[5][:n] for n in range(len(whole[5]))]
    yield 'random bytes flipped', [bytes(b ^ (noise.random() < 0.02) * noise.randrange(256) for b in d) for d in whole]
    yield 'random frames', [noise.randbytes(noise.randrange(1600)) for _ in range(300)]
    yield 'ip lengths that lie', [d[:16] + noise.randbytes(2) + d[18:] for d in whole]
    yield 'tcp offsets that lie', [d[:46] + bytes([noise.randrange(256)]) + d[47:] for d in whole]
    yield 'a jumbo packet', [whole[5] + b'A' * 60000]
    yield 'vlan tags without end', [b'\x02' * 12 + b'\x81\x00\x00\x01' * 300]
    yield 'packets in reverse', whole[::-1]
    yield 'every packet twice', [d for d in whole for _ in (0, 1)]


def write(folder, name, data):
    path = os.path.join(folder, name.replace(' ', '-') + '.pcap')
    with open(path, 'wb') as file:
        file.write(data)
    os.chmod(path, 0o644)
    return path


def told(done):
    return f'exit {done.returncode}\n{done.stderr.decode(errors="replace")[-1500:]}'


def sane(done):
    return done.returncode in (0, 1) and b'Sanitizer' not in done.stderr and b'assert' not in done.stderr.lower()


def check_refused(tap, folder, conf):
    """All of them in one replay with a good capture at its end: each has its line, and the good one its verdicts."""
    whole = konseki.capture('apache-traversal-shell')
    os.mkfifo(os.path.join(folder, 'pipe'))
    paths = {name: write(folder, name, data) for name, data in [*refused_files(), *refused_pcapng()]}
    paths.update({f'packed by {program}': write(folder, f'packed-by-{program}', data) for program, data in compressed()})
    paths.update({path: path for path in (os.path.join(folder, 'not-there'), folder, os.path.join(folder, 'pipe'), '/dev/null', '/dev/zero')})
    records, done = konseki.replay([*paths.values(), whole], conf)
    lines = done.stderr.decode(errors='replace').splitlines()
    tap.ok(done.returncode == 1 and records is not None, 'bad captures: exit 1', told(done))
    expected = verdicts(konseki.replay([whole], conf)[0])
    tap.ok(expected and verdicts(records)[-len(expected):] == expected, 'a good capture among bad ones is judged', told(done))
    for name, path in paths.items():
        about = [line for line in lines if line.startswith(f'konseki replay: {path}: ')]
        tap.ok(len(about) == 1, f'{os.path.basename(name)}: one line that names the file', '\n'.join(about))
        if name.startswith('packed'):
            tap.ok(about and name.split()[-1] + ' -dc' in about[0], f'{name}: how to unpack it', about)


def check_goes_on(tap, folder, conf):
    """What could be read before the end of a cut file is judged, and a good file after a bad one too."""
    whole = konseki.capture('apache-traversal-shell')
    expected, _ = konseki.replay([whole], conf)
    cut = write(folder, 'cut-after', good('apache-traversal-shell')[:-9])
    records, done = konseki.replay([cut], conf)
    tap.ok(done.returncode == 1 and records is not None and len(records) >= len(expected or []) - 1 > 0,
           'what stands before the cut is judged', told(done))


def check_sequence(tap, folder, conf):
    """However many packets a capture holds, the next one is read from its own beginning: bursts end at their file's end."""
    whole = konseki.capture('apache-traversal-shell')
    expected, _ = konseki.replay([whole], conf)
    small = [data for _, data in records_of(good('benign')) if len(data) < 70] # all of it fits one buffer of the reader
    for count in (31, 32, 33):
        before = write(folder, f'before-{count}', header() + b''.join(record(p) for p in small[:count]))
        for lanes in ('1', '3'):
            done = konseki.konseki('replay', '-c', conf, '--json', '--lanes', lanes, before, whole)
            got = [json.loads(line) for line in done.stdout.splitlines()]
            tap.ok(done.returncode == 0 and verdicts(got) == verdicts(expected), f'after a capture of {count} packets, {lanes} lanes: the next one is judged',
                   told(done))


def check_hostile(tap, folder, conf):
    paths = {name: write(folder, name, header() + b''.join(record(p) for p in packets)) for name, packets in hostile_packets()}
    records, done = konseki.replay([*paths.values()], conf)
    tap.ok(sane(done) and done.returncode == 0 and records is not None, f'read to the end: {", ".join(paths)}', told(done))
    if done.returncode != 0: # which one was it?
        for name, path in paths.items():
            records, done = konseki.replay([path], conf)
            tap.ok(sane(done) and records is not None, f'{name}: read to the end', told(done))
    every = [b'\xff' * 12 + b'\x08\x06' + b'\0' * 28, b'', b'\x45', *[d for _, d in records_of(good('injected'))][:3]]
    path = write(folder, 'counted', header() + b''.join(record(p) for p in every))
    for words, stream in (([], 'stdout'), (['--json'], 'stderr')):
        done = konseki.konseki('replay', '-c', conf, *words, path)
        tap.ok(b'drop_not_ip 1' in getattr(done, stream) and b'drop_truncated 2' in getattr(done, stream),
               f'what was lost and what was ignored is told by name on {stream}', told(done))
    path = write(folder, 'short', header() + b''.join(record(d[:60], wire_length=len(d)) for _, d in records_of(good('injected'))))
    records, done = konseki.replay([path], conf)
    tap.ok(sane(done) and records is not None and not any(r['triage']['verdict'] in ('success', 'failure') for r in records),
           'packets captured short: nothing is called success or failure', told(done))
    path = write(folder, 'unknown-link', header(link=147) + b''.join(record(d) for _, d in records_of(good('injected'))))
    _, done = konseki.replay([path], conf)
    tap.ok(done.returncode == 1 and len(done.stderr) > 0, 'a link type that is not known: an error', told(done))


def verdicts(records):
    return [(konseki.request_line(r), r['triage']['verdict'], r['triage']['reason'], [e.get('packet') for e in r['triage']['evidence']])
            for r in records or []]


def swap(data):
    """The same capture written by a machine of the other byte order."""
    fields = HEADER.unpack_from(data)
    out = [struct.pack('>IHHiIII', *fields)]
    for at, packet in records_of(data):
        out.append(struct.pack('>IIII', *RECORD.unpack_from(data, at)) + packet)
    return b''.join(out)


def check_formats(tap, folder, conf):
    for name in ('shellshock-ping', 'injected'):
        path = konseki.capture(name)
        expected = verdicts(konseki.replay([path], conf)[0])
        tap.ok(expected, f'{name}: has records')
        versions = {'the other byte order': write(folder, name + '-swapped', swap(good(name)))}
        for form, what in (('pcapng', 'pcapng'), ('nsecpcap', 'nanoseconds')):
            versions[what] = os.path.join(folder, f'{name}-{form}.pcap')
            subprocess.run(['editcap', '-F', form, path, versions[what]], check=True)
        versions['VLAN tags'] = write(folder, name + '-vlan', tagged(good(name)))
        for what, version in versions.items():
            records, done = konseki.replay([version], conf)
            tap.ok(verdicts(records) == expected, f'{name}: {what}: the same verdicts', f'{verdicts(records)}\n{expected}\n{told(done)}')


def check_times(tap, folder, conf):
    """Seconds are 32 bits without a sign; a clock that jumps loses no packet."""
    noise = random.Random(3)
    for name, at in (('2100', lambda i: 4102444800 + i // 50), ('random', lambda i: noise.getrandbits(32)), ('backwards', lambda i: 1700000000 - i)):
        data = good('injected')[:HEADER.size]
        for i, (_, packet) in enumerate(records_of(good('injected'))):
            data += RECORD.pack(at(i), noise.randrange(10 ** 6), len(packet), len(packet)) + packet
        records, done = konseki.replay([write(folder, f'at-{name}', data)], conf)
        tap.ok(sane(done) and records, f'times, {name}: read to the end', told(done))
        if name == '2100':
            tap.ok(all(r['timestamp'].startswith('2100-01-01T00:0') for r in records), 'a packet of 2100 is of 2100', records and records[0]['timestamp'])


def tagged(data):
    out = [data[:HEADER.size]]
    for at, packet in records_of(data):
        seconds, fraction, length, wire_length = RECORD.unpack_from(data, at)
        out.append(RECORD.pack(seconds, fraction, length + 4, wire_length + 4) + packet[:12] + b'\x81\x00\x00\x2a' + packet[12:])
    return b''.join(out)


def main():
    tap = Tap()
    folder = konseki.scratch()
    conf = konseki.config(folder)
    check_refused(tap, folder, conf)
    check_goes_on(tap, folder, conf)
    check_sequence(tap, folder, conf)
    check_hostile(tap, folder, conf)
    check_times(tap, folder, conf)
    if shutil.which('editcap'):
        check_formats(tap, folder, conf)
    else:
        tap.skip('other formats', 'editcap is not installed')
    tap.done()


main()
