# SPDX-License-Identifier: GPL-2.0-or-later
"""The attacker's own listeners: takes what a victim sends, answers little; 4448 speaks to shells that come back."""
import socket, threading, time


def serve(port):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('198.51.100.140', port))
    s.listen(16)
    while True:
        peer, _ = s.accept()
        threading.Thread(target=speak, args=(peer, port), daemon=True).start()


def speak(peer, port):
    try:
        peer.settimeout(3)
        if port == 4448:
            time.sleep(0.2)
            peer.sendall(b'id; uname -r\n')
            peer.recv(4096)
            time.sleep(0.3)
            peer.sendall(b'exit\n')
        elif port == 1389:
            # LDAP: any bind is right, no object is found
            while True:
                asked = peer.recv(4096)
                if len(asked) < 6:
                    break
                done = 0x61 if b'\x60' in asked[4:8] else 0x65
                peer.sendall(b'\x30\x0c' + asked[2:5] + bytes([done]) + b'\x07\x0a\x01' + (b'\x00' if done == 0x61 else b'\x20') + b'\x04\x00\x04\x00')
        elif port in (80, 9090):
            if peer.recv(8192):
                peer.sendall(b'HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n')
        else:
            peer.recv(4096)
    except OSError:
        pass
    peer.close()


for number in (80, 443, 1389, 4448, 9090):
    threading.Thread(target=serve, args=(number,), daemon=True).start()
threading.Event().wait()
