#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a server's other addresses did after an attack: its pool's member, its NAT, its resolver are the attack's only where the config says so.

usage: sites.py BUILD
"""
import os, struct, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from exchanges import *
from segments import *
from tap import Tap

ATTACKER, FAR = '198.51.100.66', '198.51.100.7'
SHOP, MEMBER, NAT, RESOLVER, OTHER, OTHERS_NAT = '203.0.113.10', '10.1.0.5', '203.0.113.99', '10.9.9.53', '203.0.113.20', '203.0.113.98'
UPSTREAM = '192.0.2.53'
NAME = f'k{os.getpid()}wvz7qx.probe.example.net'
SITES = f'''sites = (
    {{ name = "shop"; addresses = [ "{SHOP}", "10.1.0.0/28", "{NAT}", "{RESOLVER}" ]; }},
    {{ name = "other"; addresses = [ "{OTHER}", "{OTHERS_NAT}", "{RESOLVER}" ]; }} );'''
QUIET = b'<html><body>done</body></html>'


def echo(source):
    a, b = map(ipaddress.ip_address, (source, FAR))
    header = struct.pack('>BBHHH', 8, 0, 0, 77, 1) + bytes(56)
    return ethernet(ip4(a, b, header[:2] + struct.pack('>H', checksum(header)) + header[4:], protocol=1))


def question(source):
    a, b = map(ipaddress.ip_address, (source, UPSTREAM))
    data = struct.pack('>HHHHHH', 4711, 0x100, 1, 0, 0, 0) + b''.join(bytes([len(l)]) + l.encode() for l in NAME.split('.')) + b'\0\0\1\0\1'
    return ethernet(ip4(a, b, transport(a, b, 17, struct.pack('>HHHH', 45123, 53, 8 + len(data), 0), data, 6), protocol=17))


def scene(server, code, acts):
    """An attack on server, and what is seen half a second later."""
    talked = plain(Ends(ATTACKER, server), talk(exchange(request('/cgi-bin/lookup?name=x%3B' + code), response(QUIET))))
    return pcap([(ethernet(p), i * 0.001) for i, p in enumerate(talked)] + [(acts, 0.5)] + [(echo('192.0.2.1'), 200)])


def main():
    tap, folder = Tap(), konseki.scratch()
    stated, silent = konseki.scratch(), konseki.scratch()
    confs = {'stated': konseki.config(stated, judging=SITES), 'not stated': konseki.config(silent)}
    ping, lookup = f'ping+-c+1+{FAR}', f'nslookup+{NAME}'
    scenes = [
        ('the server itself', SHOP, ping, echo(SHOP), 'success', 'success'),
        ('a member of its pool', SHOP, ping, echo(MEMBER), 'success', 'unknown'),
        ('its NAT', SHOP, ping, echo(NAT), 'success', 'unknown'),
        ('the resolver of both', SHOP, lookup, question(RESOLVER), 'success', 'unknown'),
        ('the resolver of both, for the other', OTHER, lookup, question(RESOLVER), 'success', 'unknown'),
        ("the other's NAT", SHOP, ping, echo(OTHERS_NAT), 'unknown', 'unknown'),
        ("the pool's net, for the other", OTHER, ping, echo(MEMBER), 'unknown', 'unknown'),
    ]
    for i, (name, server, code, acts, with_sites, without) in enumerate(scenes):
        path = write(folder, f's{i}', scene(server, code, acts))
        for (how, conf), wanted in zip(confs.items(), (with_sites, without)):
            records, done = konseki.replay([path], conf)
            found = [r['triage']['verdict'] for r in records or []]
            tap.ok(found == [wanted], f'{name}, sites {how}: {wanted}', f'{found} {done.stderr.decode()}')
    tap.done()


main()
