#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Any number of lanes says the same of a capture; bad captures say what is wrong with them and stop nothing else.

usage: lanes.py RECORDS DATAPLANE SOURCE_ROOT [--contents]
--contents: DATAPLANE is the real one, whose sessions make cases. Only the recordings are compared then; a raw stream's
first word may come behind its mark, once the case it might have become is given up.
"""
import glob, os, struct, subprocess, sys, tempfile

RECORDS, DATAPLANE, ROOT = sys.argv[1:4]
CONTENTS = sys.argv[4:] == ['--contents']
# a program that gave up its power to be traced cannot look for leaks: the unit tests do
os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'


def captures():
    """What the tree holds, and the shared test data where it is there."""
    found = [p for folder in ('tests/captures', '../shared/data/captures/range', '../shared/data/captures/real')
             for p in glob.glob(os.path.join(ROOT, folder, '**', '*.pcap*'), recursive=True)]
    return sorted(p for p in found if p.endswith(('.pcap', '.pcapng')))


def config(folder, lanes):
    path = os.path.join(folder, f'{lanes}.conf')
    rules = os.path.join(ROOT, 'config/rules/konseki.rules') if CONTENTS else write(folder, 'no.rules', b'')
    with open(path, 'w') as file:
        file.write(f'dataplane = {{ lanes = {lanes}; }};\nrules = {{ files = [ "{rules}" ]; }};\n')
    return path


def run(folder, lanes, files, *options):
    if CONTENTS:
        options = ['--late', *options]
    done = subprocess.run([RECORDS, *options, DATAPLANE, config(folder, lanes), str(lanes), *files],
                          capture_output=True, timeout=120, errors='replace', text=True)
    assert done.returncode == 0, f'exit {done.returncode} with {lanes} lanes: {done.stderr}'
    return done.stdout.splitlines()


def packet(time_us, data):
    return struct.pack('<IIII', time_us // 1000000, time_us % 1000000, len(data), len(data)) + data


def header(link=1, magic=0xa1b2c3d4):
    return struct.pack('<IHHiIII', magic, 2, 4, 0, 0, 262144, link)


def udp(source, destination, payload):
    ip = bytes([192, 0, 2, source]) + bytes([198, 51, 100, destination])
    datagram = struct.pack('>HHHH', 40000 + source, 9000, 8 + len(payload), 0) + payload
    return (b'\x02' * 12 + b'\x08\x00' + struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(datagram), 1, 0, 64, 17, 0) + ip +
            datagram)


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, 'wb') as file:
        file.write(data)
    return path


def lanes_agree(folder):
    files = captures()
    if not files:
        return print('lanes_agree: skipped, no captures here')
    one = run(folder, 1, files)
    for lanes in (2, 3):
        assert run(folder, lanes, files) == one, f'{lanes} lanes say something else than one'
    assert run(folder, 1, files) == one, 'the second time is not as the first'
    print(f'{len(files)} captures, {len(one)} lines, the same for 1, 2 and 3 lanes')


def ends(lines):
    return [line.split(' ', 1)[1] for line in lines if ' end packets ' in line]


def bad_captures_say_why(folder):
    good = header() + packet(10**15, udp(1, 1, b'a')) + packet(10**15 + 5, udp(2, 1, b'b'))
    files = [
        write(folder, 'empty.pcap', b''),
        write(folder, 'good, with a comma=.pcap', good),
        write(folder, 'cut.pcap', good[:-3]),
        write(folder, 'magic.pcap', b'not a capture at all, but long enough to be one'),
        write(folder, 'wifi.pcap', header(link=105) + packet(5, b'x' * 60)),
        write(folder, 'headeronly.pcap', header()),
        write(folder, 'cutheader.pcap', header()[:10]),
        write(folder, 'wild.pcap', header() + packet(10**15, b'') + packet(0, b'\xff' * 70000) +
              packet(2**31 * 10**6, b'\x02' * 12 + b'\x08\x00\x45') + packet(7, udp(3, 3, b'c'))),
        os.path.join(folder, 'missing.pcap'),
        folder,
        write(folder, 'good2.pcap', good),
    ]
    expected = [
        ('packets 0', 'EINVAL', 'empty'), ('packets 2', 'none', ''), ('packets 1', 'ENODATA', 'after packet 1'),
        ('packets 0', 'EBADMSG', 'neither pcap nor pcapng'), ('packets 0', 'EPROTONOSUPPORT', 'IEEE802_11'),
        ('packets 0', 'none', ''), ('packets 0', 'EBADMSG', 'file header'), ('packets 4', 'none', ''),
        ('packets 0', 'ENOENT', 'No such file'), ('packets 0', 'EINVAL', 'regular file'), ('packets 2', 'none', ''),
    ]
    for lanes in (1, 2):
        told = ends(run(folder, lanes, files))
        assert len(told) == len(files), told
        for line, words in zip(told, expected):
            assert all(word in line for word in words), f'{words} not in: {line}'
    print(f'{len(files)} good and bad captures end as they should')


def many_flows_are_not_lost(folder):
    """More history than a ring holds at once: the port waits, and nothing is dropped."""
    data = header() + b''.join(packet(10**15 + i * 10, udp(i % 250, i // 250 % 250, b'x' * (i % 60)))
                               for i in range(60000))
    path = write(folder, 'many.pcap', data)
    one = run(folder, 1, [path])
    assert run(folder, 4, [path]) == one
    counters = run(folder, 1, [path], '--counters')
    assert 'lane 0 packets 60000' in counters and not [c for c in counters if ' drop_' in c], counters[:40]
    print(f'{len(one)} records of 60000 packets')


def it_stops_when_control_is_gone(folder):
    path = write(folder, 'stop.pcap', header() + b''.join(packet(10**15 + i, udp(1, 1, b'x')) for i in range(200000)))
    run(folder, 2, [path] * 20, '--stop')
    print('stopped')


FRONT = (lanes_agree, bad_captures_say_why, many_flows_are_not_lost, it_stops_when_control_is_gone)
with tempfile.TemporaryDirectory() as work:
    for check in (lanes_agree,) if CONTENTS else FRONT:
        check(work)
