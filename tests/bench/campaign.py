#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Many attacks in one capture: recordings repeated, each time between other addresses and at a later time.

usage: campaign.py OUT TIMES CAPTURE…      as a module: write(out, times, captures)
Checksums are kept right (RFC 1624), so that both sides may check them.
"""
import struct, sys

HEADER, RECORD = struct.Struct('<IHHiIII'), struct.Struct('<IIII')


def packets(path):
    with open(path, 'rb') as file:
        data = file.read()
    at = HEADER.size
    while at + RECORD.size <= len(data):
        seconds, fraction, length, wire = RECORD.unpack_from(data, at)
        yield seconds * 1000000 + fraction, wire, data[at + RECORD.size:at + RECORD.size + length]
        at += RECORD.size + length


def adjusted(checksum, old, new):
    """The checksum after the 16-bit words of old became those of new."""
    total = ~checksum & 0xffff
    for a, b in zip(struct.unpack(f'>{len(old) // 2}H', old), struct.unpack(f'>{len(new) // 2}H', new)):
        total += (~a & 0xffff) + b
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def moved(frame, number):
    """The frame between other hosts: the middle bytes of both addresses become number."""
    if frame[12:14] != b'\x08\x00':
        return frame
    data = bytearray(frame)
    old = bytes(data[26:34])
    for at in (26, 30):
        data[at + 1:at + 3] = struct.pack('>H', number)
    new = bytes(data[26:34])
    start = 14 + (data[14] & 15) * 4
    for at, protocol in ((24, None), (start + 16, 6), (start + 6, 17)):
        if protocol in (None, data[23]) and at + 2 <= len(data):
            data[at:at + 2] = struct.pack('>H', adjusted(struct.unpack_from('>H', data, at)[0], old, new))
    return bytes(data)


def write(out, times, captures):
    """Returns (packets, bytes) written."""
    recordings = [list(packets(path)) for path in captures]
    clock, count, size = 1700000000 * 1000000, 0, 0
    with open(out, 'wb') as file:
        file.write(HEADER.pack(0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        for number in range(times):
            for recording in recordings:
                first = recording[0][0]
                for at, wire, frame in recording:
                    now = clock + at - first
                    file.write(RECORD.pack(now // 1000000, now % 1000000, len(frame), wire) + moved(frame, number))
                    count, size = count + 1, size + len(frame)
                clock += recording[-1][0] - first + 1000
    return count, size


def write_first(out, capture):
    """The capture's first packet alone: a peer may take a file without packets for an error."""
    _, wire, frame = next(packets(capture))
    with open(out, 'wb') as file:
        file.write(HEADER.pack(0xa1b2c3d4, 2, 4, 0, 0, 262144, 1) + RECORD.pack(1700000000, 0, len(frame), wire) + frame)


if __name__ == '__main__':
    print('%d packets, %d bytes' % write(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
