# SPDX-License-Identifier: GPL-2.0-or-later
"""A conversation across a wire while something happens to what carries it: how long was it silent?"""
# a TCP client that sends a line every 10 ms and tells the longest time without an answer, and when it was over
TALK = '''
import socket, sys, time
s = socket.create_connection(("192.0.2.2", 7), timeout=60)
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print("up", flush=True)
longest, n, last = 0, 0, time.monotonic()
end = last + float(sys.argv[1])
while time.monotonic() < end:
    s.sendall(b"x")
    got = s.recv(1)
    now = time.monotonic()
    longest, last, n = max(longest, now - last), now, n + 1
    time.sleep(0.01)
print(f"{longest:.3f} {n}", flush=True)
'''
# the same by datagrams: what is missing is the time without traffic, without TCP's own waiting
PULSE = '''
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setblocking(False)
s.connect(("192.0.2.2", 7))
print("up", flush=True)
longest, last = 0, time.monotonic()
end = last + float(sys.argv[1])
while time.monotonic() < end:
    try: s.send(b"x")
    except OSError: pass
    time.sleep(0.005)
    try:
        while s.recv(16):
            now = time.monotonic()
            longest, last = max(longest, now - last), now
    except OSError: pass
longest = max(longest, time.monotonic() - last)
print(f"{longest:.3f}", flush=True)
'''
ECHO = '''
import socket, threading
t = socket.create_server(("0.0.0.0", 7))
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(("0.0.0.0", 7))
def udp():
    while True:
        b, a = u.recvfrom(64)
        u.sendto(b, a)
threading.Thread(target=udp, daemon=True).start()
print("up", flush=True)
while True:
    c, _ = t.accept()
    def talk(c=c):
        try:
            while (b := c.recv(64)): c.sendall(b)
        except OSError: pass
    threading.Thread(target=talk, daemon=True).start()
'''


class Talk:
    """A conversation of so many seconds while something happens: the longest silence of TCP and of datagrams."""
    def __init__(self, wire, seconds):
        self.both = [wire.python('client', text, str(seconds)) for text in (TALK, PULSE)]
        for one in self.both:
            one.stdout.readline()

    def silences(self):
        said = [one.stdout.readline().split() for one in self.both]
        return float(said[0][0]) if said[0] else 99.0, float(said[1][0]) if said[1] else 99.0
