#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each packet of each capture: the same addresses, ports and payload length as tshark says.

usage: packets.py PACKETS SOURCE_ROOT
"""
import glob, ipaddress, os, shutil, struct, subprocess, sys, tempfile

PACKETS, ROOT = sys.argv[1:3]
SKIP = 77
FIELDS = ('frame.number', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'ip.proto', 'ip.len', 'ip.hdr_len', 'ip.flags.mf',
          'ip.frag_offset', 'tcp.srcport', 'tcp.dstport', 'tcp.len', 'udp.srcport', 'udp.dstport', 'udp.length',
          'ipv6.fraghdr.offset', 'ipv6.fraghdr.more', '_ws.malformed')
OPTIONS = ('ip.defragment:FALSE', 'ipv6.defragment:FALSE', 'tcp.desegment_tcp_streams:FALSE',
           'tcp.analyze_sequence_numbers:FALSE', 'tcp.relative_sequence_numbers:FALSE')


def theirs(path):
    command = ['tshark', '-n', '-r', path, '-T', 'fields', '-E', 'occurrence=f']
    for option in OPTIONS:
        command += ['-o', option]
    for field in FIELDS:
        command += ['-e', field]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [dict(zip(FIELDS, line.split('\t'))) for line in out.splitlines()]


def ours(path):
    out = subprocess.run([PACKETS, path], capture_output=True, text=True, check=True).stdout
    return [line.split(' ')[1:] for line in out.splitlines()]


def same_address(a, b):
    return ipaddress.ip_address(a) == ipaddress.ip_address(b)


def compare(mine, its):
    """None where both agree, else what differs."""
    source, destination = its['ip.src'] or its['ipv6.src'], its['ip.dst'] or its['ipv6.dst']
    if mine[0].startswith('drop_'):
        if mine[0] == 'drop_not_ip':
            return 'tshark sees IP' if source else None
        return None if its['_ws.malformed'] or mine[0] in ('drop_protocol', 'drop_truncated') else 'we alone drop it'
    if not source or not same_address(mine[0], source) or not same_address(mine[1], destination):
        return 'addresses'
    if mine[3] == 'fragment':
        part = its['ip.frag_offset'] not in ('', '0') or its['ip.flags.mf'] in ('1', 'True') or its['ipv6.fraghdr.more']
        return None if part else 'tshark sees no fragment'
    if mine[2] == '6':
        return None if mine[3:] == [its['tcp.srcport'], its['tcp.dstport'], its['tcp.len']] else 'tcp'
    if mine[2] == '17':
        payload = str(int(its['udp.length'] or 8) - 8)
        return None if mine[3:] == [its['udp.srcport'], its['udp.dstport'], payload] else 'udp'
    return None


def made(folder):
    """Link layers and headers that the recordings do not hold."""
    v4 = struct.pack('>BBHHHBBH', 0x46, 0, 24 + 20 + 5, 1, 0, 64, 6, 0) + bytes(8) + b'\1\1\1\0'
    tcp = struct.pack('>HHIIBBHI', 1234, 8080, 1, 2, 0x50, 0x18, 100, 0) + b'hello'
    v6 = (struct.pack('>IHBB', 0x60000000, 8 + 24 + 8 + 3, 0, 64) + bytes(15) + b'\1' + bytes(15) + b'\2' +
          b'\x3c\0\1\4' + bytes(4) + b'\x11\2\1\x14' + bytes(20) + struct.pack('>HHHH', 53, 999, 11, 0) + b'abc')
    part = struct.pack('>BBHHHBBH', 0x45, 0, 36, 7, 0x2000, 64, 17, 0) + bytes(8) + b'0123456789abcdef'
    tagged = bytes(12) + b'\x88\xa8\0\7\x81\0\0\x09\x08\0' + v4 + tcp
    frames = {
        1: [bytes(12) + b'\x08\0' + v4 + tcp + bytes(9), tagged, bytes(12) + b'\x08\x06' + bytes(28),
            bytes(12) + b'\x86\xdd' + v6, bytes(12) + b'\x08\0' + part],
        113: [bytes(14) + b'\x08\0' + v4 + tcp], 276: [b'\x86\xdd' + bytes(18) + v6], 101: [v4 + tcp, v6, part],
        0: [b'\2\0\0\0' + v4 + tcp], 108: [b'\0\0\0\2' + v4 + tcp],
    }
    for link, packets in frames.items():
        path = os.path.join(folder, f'link{link}.pcap')
        with open(path, 'wb') as file:
            file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, link))
            for data in packets:
                file.write(struct.pack('<IIII', 1, 2, len(data), len(data)) + data)
        yield path


def main():
    if shutil.which('tshark') is None:
        print('skipped: tshark is not installed')
        return SKIP
    count = differ = 0
    with tempfile.TemporaryDirectory() as folder:
        files = [p for place in ('tests/captures', '../shared/data/captures')
                 for p in sorted(glob.glob(os.path.join(ROOT, place, '**', '*.pcap*'), recursive=True))]
        for path in [*made(folder), *files]:
            mine, its = ours(path), theirs(path)
            assert len(mine) == len(its), f'{path}: {len(mine)} packets, tshark {len(its)}'
            for number, pair in enumerate(zip(mine, its), 1):
                count += 1
                why = compare(*pair)
                if why:
                    differ += 1
                    print(f'{os.path.basename(path)} packet {number}: {why}: {pair}')
    print(f'{count} packets compared, {differ} differ')
    return 1 if differ or count == 0 else 0


sys.exit(main())
