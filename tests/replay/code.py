#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Script code and serialised objects sent to applications that run them, that show them as data, and that do neither.

usage: code.py BUILD [NAME…]
"""
import base64, html, os, pickle, subprocess, sys, urllib.parse, zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from exchanges import SHOWN, judge, kept, request, response, write
from segments import *
from tap import Tap

HEAD, TAIL = b'<html><body><h1>Calculator</h1><pre>', b'</pre><p>Results are rounded.</p></body></html>'
RUNS, NOT, OPEN, NONE = {'success'}, {'failure', 'unknown'}, {'unknown'}, {None}


class Sent:
    """A pickle that calls."""

    def __init__(self, call, *args):
        self.made = call, args

    def __reduce__(self):
        return self.made


def page(shown):
    return HEAD + (shown if isinstance(shown, bytes) else shown.encode()) + TAIL


def form(value):
    body = b'expression=' + urllib.parse.quote_from_bytes(value.encode() if isinstance(value, str) else value, safe='').encode()
    return request('/calculate', 'POST', body, 'Content-Type: application/x-www-form-urlencoded\r\n')


def cookie(value):
    return request('/', more=f'Cookie: theme=dark; session={value}\r\n')


def whole(value, kind):
    return request('/api', 'POST', value, f'Content-Type: {kind}\r\n')


def printed(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout


PICKLE = base64.b64encode(pickle.dumps(Sent(subprocess.check_output, ['id']))).decode()
OLD = base64.urlsafe_b64encode(zlib.compress(pickle.dumps(Sent(os.system, 'id'), 2))).decode()
PYTHON = "__import__('os').popen('id').read()"
NODE = "require('child_process').execSync('id').toString()"
OBJECT = 'O:6:"Report":2:{s:4:"name";s:5:"daily";s:7:"command";s:2:"id";}'
TAGGED = '!!python/object/apply:subprocess.check_output [["id"]]'
BROKEN = b"Traceback (most recent call last):\n  File \"/srv/app.py\", line 9, in calculate\nSyntaxError: invalid syntax\n"

# name, request, what the page shows, verdicts
CASES = [
    ('Python is evaluated', form(PYTHON), SHOWN, RUNS),
    ('Python out of a text', form(f"x'+{PYTHON}+'"), b'x' + SHOWN, RUNS),
    ('Python behind a bracket', form('1);import os;print(os.popen("id").read())#'), SHOWN, RUNS),
    ('Python is shown as it came', form(PYTHON), html.escape(PYTHON), NOT),
    ('Python where nothing shows', form(PYTHON), '42', NOT),
    ('Python that is no number', form(PYTHON), BROKEN, NOT),
    ('JavaScript is evaluated', form(NODE), SHOWN, RUNS),
    ('JavaScript that answers itself', form("res.end(require('fs').readFileSync('/etc/passwd'))"), open('/etc/passwd', 'rb').read(), RUNS),
    ('JavaScript by a constructor', form("this.constructor.constructor('return process')().mainModule.require('child_process').execSync('id')+''"), SHOWN, RUNS),
    ('JavaScript is shown as it came', form(NODE), NODE, NOT),
    ('Ruby is evaluated', form('%x(id)'), SHOWN, RUNS),
    ('Ruby in an interpolation', form('#{IO.popen("id").read}'), SHOWN, RUNS),
    ('Ruby in a page', form("<%= IO.popen('id').read %>"), SHOWN, RUNS),
    ('Perl is evaluated', form('qx{id}'), SHOWN, RUNS),
    ('a page of Microsoft', form('response.write("kq"&7351*98765&"zt")'), b'kq%dzt' % (7351 * 98765), RUNS),
    ('a pickle in a cookie', cookie(PICKLE), html.escape(str(SHOWN)).replace('&#x27;', "'"), RUNS),
    ('a pickle whose bytes are decoded', cookie(PICKLE), SHOWN, RUNS),
    ('a pickle, compressed', cookie(OLD), SHOWN, RUNS),
    ('a pickle, signed', cookie('sig.' + PICKLE), SHOWN, RUNS),
    ('a pickle as the body', whole(pickle.dumps(Sent(subprocess.check_output, ['id'])), 'application/octet-stream'), SHOWN, RUNS),
    ('a pickle that nobody reads', cookie(PICKLE), 'Welcome', NOT),
    ('a pickle of data alone', cookie(base64.b64encode(pickle.dumps({'cart': [1, 2, 3], 'name': 'id'})).decode()), 'Welcome', NONE),
    ('tags of YAML', whole(TAGGED.encode(), 'application/x-yaml'), SHOWN, RUNS),
    ('YAML without tags', whole(b'name: id\nlist:\n  - a\n  - b\n', 'application/x-yaml'), 'ok', NONE),
    ('an object of PHP', form(OBJECT), SHOWN, RUNS),
    ('an object of PHP in a cookie', cookie(urllib.parse.quote(base64.b64encode(OBJECT.encode()).decode())), SHOWN, RUNS),
    ('an object of PHP that does nothing', form(OBJECT), 'Welcome', NOT),
    ('a list of PHP', cookie(urllib.parse.quote('a:2:{i:0;s:2:"id";i:1;i:5;}')), 'Welcome', NONE),
    ('prose about code', form("Use require('fs') to read files, or open the file by hand"), 'Thank you', NONE),
    ('prose about another language', form('I call os.listdir on every import and it is slow. Any idea?'), 'Thank you', NONE),
]


def main():
    tap = Tap()
    files, wanted = [], {}
    folder = konseki.scratch()
    for number, (name, question, shown, verdicts) in enumerate(CASES):
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        server = f'192.0.2.{number + 1}'
        parts = [(True, question), (False, response(page(shown)))]
        files.append(write(folder, f'{number:03}', kept(Ends('198.51.100.9', server, 40000 + number, 80), parts)))
        wanted[server] = name, verdicts
    judge(tap, files, wanted)
    tap.done()


main()
