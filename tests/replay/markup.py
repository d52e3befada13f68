#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Script reflected into every place of a page, raw and defused: the verdict follows what a browser would run.

usage: markup.py BUILD [NAME…]
"""
import html, json, os, re, sys, urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from exchanges import judge, kept, request, write
from segments import *
from tap import Tap

HEAD = '<!DOCTYPE html><html><head><title>Shop</title></head><body><h1>Search in 200 offers</h1>'
TAIL = '<p>Prices include taxes.</p></body></html>'
PLACES = {
    'text': '<p>Nothing found for %s today</p>',
    'quoted': '<form><input name="q" value="%s"><input type=submit></form>',
    'single': "<form><input name='q' value='%s'></form>",
    'bare': '<form><input name=q value=%s></form>',
    'area': '<form><textarea name=q>%s</textarea></form>',
    'comment': '<!-- asked for %s --><p>Nothing</p>',
    'string': '<script>var asked = "%s"; show(asked);</script>',
    'apostrophe': "<script>var asked = '%s'; show(asked);</script>",
    'literal': '<script>var asked = `%s`; show(asked);</script>',
    'number': '<script>var page = %s; show(page);</script>',
    'handler': '<button onclick="find(\'%s\')">again</button>',
    'link': '<a href="%s">back</a>',
    'image': '<img src="%s">',
    'json script': '<script type="application/json">{"q":"%s"}</script>',
    'noscript': '<noscript><p>%s</p></noscript>',
    'style': '<style>p { color: %s }</style>',
}
slashed = lambda v: re.sub(r'([\\\'"])', r'\\\1', v)
stripped = lambda v: re.sub(r'<[^>]*>', '', v)
once = lambda v: v.replace('<script>', '')
raw = str
MARKUP = '<svg onload=alert(1)>'
ELEMENT = '<script>alert(document.domain)</script>'
RUNS, HELD, OPEN = {'success'}, {'failure'}, {'unknown'}
NOT = {'failure', 'unknown'}

# name, place, value, what the application does with it, verdicts
CASES = [
    ('an element in text', 'text', ELEMENT, raw, RUNS),
    ('an element in text, escaped', 'text', ELEMENT, html.escape, HELD),
    ('an element in text, tags stripped', 'text', ELEMENT, stripped, HELD),
    ('a handler in text', 'text', MARKUP, raw, RUNS),
    ('a handler in text, escaped', 'text', MARKUP, html.escape, HELD),
    ('a source', 'text', '<script src=//203.0.113.5/x.js></script>', raw, RUNS),
    ('a filter that strips once', 'text', '<scr<script>ipt>alert(31337)</scr</script>ipt>', lambda v: once(v).replace('</script>', '', 1), RUNS),
    ('another filter that strips once', 'text', '<scr<script>ipt>alert(31337)</script>', once, RUNS),
    ('upper case', 'text', '<ScRiPt>alert(31337)</sCrIpT>', raw, RUNS),
    ('an unquoted handler with slashes', 'text', '<details/open/ontoggle=confirm(31337)>', raw, RUNS),
    ('a handler that needs no call', 'text', '<img src=x onerror=alert`31337`>', raw, RUNS),
    ('a handler in references', 'text', '<img src=x onerror=&#97;lert(31337)>', raw, RUNS),
    ('a document in an attribute', 'text', '<iframe srcdoc="<script>alert(31337)</script>">', raw, RUNS),
    ('a link of script', 'text', '<a href=javascript:alert(31337)>x</a>', raw, RUNS),
    ('a link of script, disguised', 'text', '<a href="java&Tab;script:alert(31337)">x</a>', raw, RUNS),
    ('an image of script runs nothing', 'text', '<img src=javascript:alert(31337)>', raw, NOT),
    ('an element inside an attribute', 'quoted', MARKUP, raw, HELD),
    ('an element out of an attribute', 'quoted', '">' + MARKUP, raw, RUNS),
    ('an element out of an attribute, escaped', 'quoted', '">' + MARKUP, html.escape, HELD),
    ('a handler out of an attribute', 'quoted', '" onfocus="alert(31337)" autofocus x="', raw, RUNS),
    ('a handler out of the other quote', 'quoted', "' onfocus='alert(31337)' autofocus x='", raw, HELD),
    ('a handler out of single quotes', 'single', "' onfocus='alert(31337)' autofocus x='", raw, RUNS),
    ('single quotes left alone by the escape', 'single', "' onfocus='alert(31337)' autofocus x='",
     lambda v: html.escape(v, quote=False).replace('"', '&quot;'), RUNS),
    ('a handler out of no quotes', 'bare', 'x onfocus=alert(31337) autofocus', raw, RUNS),
    ('a handler out of no quotes, escaped', 'bare', 'x onfocus=alert(31337) autofocus', html.escape, RUNS),
    ('an element in a text area', 'area', MARKUP, raw, HELD),
    ('an element out of a text area', 'area', '</textarea>' + MARKUP, raw, RUNS),
    ('an element in a comment', 'comment', MARKUP, raw, HELD),
    ('an element out of a comment', 'comment', '-->' + MARKUP, raw, RUNS),
    ('a call out of a string', 'string', '";alert(31337);//', raw, RUNS),
    ('a call out of a string, slashed', 'string', '";alert(31337);//', slashed, HELD),
    ('a call out of a slashed string', 'string', '\\";alert(31337);//', lambda v: v.replace('"', '\\"'), RUNS),
    ('a call out of a string, escaped', 'string', '";alert(31337);//', html.escape, HELD),
    ('a call out of the other string', 'string', "';alert(31337);//", raw, HELD),
    ('a call between operators', 'apostrophe', "'-alert(31337)-'", raw, RUNS),
    ('two values in a row', 'apostrophe', "'alert(31337)'", raw, NOT | {None}),
    ('a script out of a string', 'apostrophe', '</script><script>alert(31337)</script>', raw, RUNS),
    ('a script out of a slashed string', 'apostrophe', '</script>' + MARKUP, slashed, RUNS),
    ('a script out of a string, escaped', 'string', '</script>' + MARKUP, lambda v: json.dumps(v)[1:-1].replace('<', '\\u003c'), HELD),
    ('a call in place of a number', 'number', '1;alert(31337)', raw, RUNS),
    ('a call in a handler', 'handler', "');alert(31337);//", raw, RUNS),
    ('a call in a handler, escaped for markup alone', 'handler', "');alert(31337);//", html.escape, RUNS),
    ('a call in a handler, slashed', 'handler', "');alert(31337);//", slashed, HELD),
    ('an address of script', 'link', 'javascript:alert(31337)', raw, RUNS),
    ('an address of script, escaped', 'link', 'javascript:alert(31337)', html.escape, RUNS),
    ('an address of script behind a slash', 'link', 'javascript:alert(31337)', lambda v: '/' + v, NOT),
    ('an address of script for an image', 'image', 'javascript:alert(31337)', raw, NOT),
    ('an element in data of a script', 'json script', MARKUP, raw, HELD),
    ('an element where browsers with script do not look', 'noscript', MARKUP, raw, HELD),
    ('an element out of a style', 'style', '</style>' + MARKUP, raw, RUNS),
    ('an element in a style', 'style', MARKUP, raw, HELD),
    ('nothing of it comes back', 'text', MARKUP, lambda v: 'it', OPEN),
]


def page(body, kind='text/html; charset=utf-8', more='', status='200 OK'):
    data = body.encode()
    return f'HTTP/1.1 {status}\r\nServer: x\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n{more}\r\n'.encode() + data


def asked(value):
    return request('/find?q=' + urllib.parse.quote(value), more='Cookie: s=1\r\n')


# other kinds of answers, with the element in them as it was sent
NOSNIFF = 'X-Content-Type-Options: nosniff\r\n'
ANSWERS = [
    ('JSON', page(json.dumps({'q': ELEMENT}), 'application/json'), HELD),
    ('plain text', page('Nothing for ' + ELEMENT, 'text/plain', NOSNIFF), HELD),
    ('a file to save', page(HEAD + ELEMENT + TAIL, more='Content-Disposition: attachment; filename=a.html\r\n'), HELD),
    ('a redirection', page('<a href="/find?q=%s">moved</a>%s' % (ELEMENT, ELEMENT), status='302 Found', more='Location: /x\r\n'), HELD),
    ('an error page', page(HEAD + '<p>No page ' + ELEMENT + '</p>' + TAIL, status='404 Not Found'), RUNS),
    ('a type that says nothing', page(HEAD + ELEMENT + TAIL, '*/*'), RUNS),
]


def cases():
    for name, place, value, made, verdicts in CASES:
        yield name, asked(value), page(HEAD + PLACES[place] % made(value) + TAIL), verdicts
    for name, answer, verdicts in ANSWERS:
        yield name, asked(ELEMENT), answer, verdicts


def main():
    tap = Tap()
    files, wanted = [], {}
    folder = konseki.scratch()
    for number, (name, question, answer, verdicts) in enumerate(cases()):
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        server = f'192.0.2.{number + 1}'
        parts = [(True, question), (False, answer)]
        files.append(write(folder, f'{number:03}', kept(Ends('198.51.100.9', server, 40000 + number, 80), parts)))
        wanted[server] = name, verdicts
    judge(tap, files, wanted)
    tap.done()



main()
