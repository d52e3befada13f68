#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scripts that are uploaded, and what happens when somebody asks for them: the answers are a real PHP's.

usage: uploads.py BUILD [NAME…]
"""
import io, os, shutil, subprocess, sys, tempfile, urllib.parse, zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from exchanges import judge, kept, request, write
from segments import *
from tap import Tap

SHELL = b'<?php system($_GET["k"]); ?>'
FORM = b'<?php if (isset($_POST["x7"])) { echo "<pre>" . shell_exec($_POST["x7"]) . "</pre>"; } else { echo "<form method=post>"; }'
SUM = b'<?php echo md5("a".(191*7)); unlink(__FILE__); ?>'
RUNS, HELD, OPEN = {'success'}, {'failure'}, {'unknown'}


def upload(name, content, kind='image/jpeg', target='/upload.php'):
    body = (b'--sepa7\r\nContent-Disposition: form-data; name="title"\r\n\r\nmy file\r\n--sepa7\r\nContent-Disposition: form-data; name="file"; '
            b'filename="%s"\r\nContent-Type: %s\r\n\r\n%s\r\n--sepa7--\r\n' % (name.encode(), kind.encode(), content))
    return request(target, 'POST', body, 'Content-Type: multipart/form-data; boundary=sepa7\r\n')


def zipped(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as made:
        made.writestr('theme/style.css', b'p { margin: 0 }\n' * 9)
        made.writestr(name, content)
    return out.getvalue()


def page(body, status='200 OK', kind='text/html'):
    return f'HTTP/1.1 {status}\r\nServer: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n'.encode() + body


STORED = page(b'<html><body><p>Thank you, your file was stored.</p></body></html>')
MISSING = page(b'<html><body><h1>Not Found</h1></body></html>', '404 Not Found')


def php(script, get='', post=b''):
    """What PHP prints for this script and request: nobody of ours says it."""
    with tempfile.NamedTemporaryFile(suffix='.php') as file:
        file.write(script)
        file.flush()
        where = {'REQUEST_METHOD': 'POST' if post else 'GET', 'QUERY_STRING': get, 'SCRIPT_FILENAME': file.name, 'REDIRECT_STATUS': '1',
                 'CONTENT_LENGTH': str(len(post)), 'CONTENT_TYPE': 'application/x-www-form-urlencoded', 'PATH': os.environ['PATH']}
        done = subprocess.run(['php-cgi', '-q'], input=post, env=where, stdout=subprocess.PIPE, check=True, cwd='/')
    return done.stdout


def cases():
    """name, exchanges on one connection, verdicts of the last one."""
    ask = lambda path, query='': request(path + ('?' + query if query else ''))
    yield 'a shell with a parameter of its own', [(upload('av.php', SHELL), STORED), (ask('/uploads/av.php', 'k=id'), page(php(SHELL, 'k=id')))], RUNS
    makes = upload('.htaccess', b'AddType application/x-httpd-php .jpg\n', 'text/plain')
    yield 'an image that .htaccess makes a script', [(makes, STORED), (upload('av.jpg', SHELL), STORED), (ask('/uploads/av.jpg', 'k=id'), page(php(SHELL, 'k=id')))], RUNS
    yield 'an image that .htaccess does not make one', [(makes, STORED), (upload('aw.jpg', SHELL), STORED), (ask('/uploads/aw.jpg', 'k=id'), page(SHELL, kind='image/jpeg'))], HELD | OPEN
    yield 'another image after it', [(makes, STORED), (ask('/uploads/ax.jpg', 'k=id'), page(b'\xff\xd8\xff\xe0image', kind='image/jpeg'))], {None}
    yield 'a page in an archive that is unpacked', [(upload('theme.zip', zipped('theme/az.php', SHELL), 'application/zip'), STORED),
                                                    (ask('/themes/theme/az.php', 'k=id'), page(php(SHELL, 'k=id')))], RUNS
    yield 'a longer command', [(upload('av.php', SHELL), STORED), (ask('/uploads/av.php', 'k=expr+1913+%2B+7'), page(php(SHELL, 'k=expr+1913+%2B+700001')))], OPEN
    yield 'a script that computes and deletes itself', [(upload('s.phtml', SUM), STORED), (ask('/files/s.phtml'), page(php(SUM.replace(b'unlink(__FILE__);', b''))))], RUNS
    yield 'an image with a script behind it', [(upload('i.php.jpg', b'GIF89a\1\0;' + SHELL), STORED),
                                              (ask('/images/i.php.jpg', 'k=id'), page(b'GIF89a\1\0;' + php(SHELL, 'k=id')))], RUNS
    yield 'a name that the server made', [(upload('cat.php', SHELL), page(b'<a href="/uploads/65ab3f9921.php">your file</a>')),
                                         (ask('/uploads/65ab3f9921.php', 'k=id'), page(php(SHELL, 'k=id')))], RUNS
    yield 'a form in the body', [(upload('f.php', FORM), STORED), (request('/uploads/f.php', 'POST', b'x7=id', 'Content-Type: application/x-www-form-urlencoded\r\n'),
                                                                 page(php(FORM, post=b'x7=id')))], RUNS
    yield 'put', [(request('/media/p.php', 'PUT', SHELL), page(b'', '201 Created')), (ask('/media/p.php', 'k=id'), page(php(SHELL, 'k=id')))], RUNS
    yield 'shown, not run', [(upload('av.php', SHELL), STORED), (ask('/uploads/av.php', 'k=id'), page(SHELL, kind='text/plain'))], HELD
    yield 'not there', [(ask('/uploads/none.php'), MISSING), (upload('av.php', SHELL), STORED), (ask('/uploads/av.php', 'k=id'), MISSING)], HELD
    yield 'blank', [(upload('av.php', SHELL), STORED), (ask('/uploads/av.php', 'k=id'), page(b'<html></html>'))], OPEN
    yield 'nobody brought it', [(ask('/uploads/av.php'), page(b'<p>hello</p>'))], {None}
    yield 'a usual name of a parameter', [(ask('/uploads/av.php', 'c=id'), page(php(SHELL, 'k=id')))], RUNS


def main():
    tap = Tap()
    if shutil.which('php-cgi') is None:
        tap.skip('uploads', 'php-cgi is not installed')
        return tap.done()
    folder, files, wanted = konseki.scratch(), [], {}
    for number, (name, exchanges, verdicts) in enumerate(cases(), 1):
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        ends = Ends('198.51.100.200', f'192.0.2.{number}', 41000 + number)
        parts = [(side, data) for asked, answered in exchanges for side, data in ((True, asked), (False, answered))]
        files.append(write(folder, str(number), kept(ends, parts)))
        wanted[str(ends.server)] = name, len(exchanges) - 1, verdicts
    records, done = konseki.replay(files, konseki.config(konseki.scratch()))
    tap.ok(records is not None and done.returncode == 0, 'every capture is read', done.stderr.decode())
    for server, (name, last, verdicts) in wanted.items():
        told = {r['tx_id']: (r['triage']['verdict'], r['triage']['reason'], r['triage']['class']) for r in records or [] if r['dest_ip'] == server}
        tap.ok(told.get(last, (None,))[0] in verdicts, f'{name}: {told.get(last)}', f'{told}, wanted {verdicts}')
        tap.ok(told.get(last - 1, ('unknown',))[0] == 'unknown', f'{name}: the upload by itself is open', told)
    tap.done()


main()
