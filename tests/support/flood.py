# SPDX-License-Identifier: GPL-2.0-or-later
"""Numbered datagrams from one host of a wire to the other for as long as something goes on: how many came, once each, in order?"""
import subprocess, sys

from pair import HOSTS

SEND = f'''
import select, socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
n = 0
print("up", flush=True)
while not select.select([sys.stdin], [], [], 0.005)[0]:
    for _ in range(5):
        s.sendto(b"%d" % n, ("{HOSTS['server']}", 9000))
        n += 1
for _ in range(10):
    time.sleep(0.05)
    s.sendto(b"end %d" % n, ("{HOSTS['server']}", 9000))
'''
HEAR = '''
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
s.bind(("0.0.0.0", 9000))
print("up", flush=True)
got = []
while not (b := s.recv(64)).startswith(b"end"):
    got.append(int(b))
print(int(b.split()[1]), len(got), len(set(got)), got == sorted(got), flush=True)
'''


class Flood:
    """About a thousand a second."""
    def __init__(self, wire):
        self.hearing = wire.python('server', HEAR)
        self.hearing.stdout.readline()
        self.sending = wire.python('client', SEND, stdin=subprocess.PIPE)
        self.sending.stdout.readline()

    def end(self):
        """(sent, came, different ones, in order)"""
        self.sending.stdin.close()
        self.sending.wait(60)
        sent, came, single, ordered = self.hearing.stdout.readline().split()
        return int(sent), int(came), int(single), ordered == 'True'
