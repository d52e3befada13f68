# SPDX-License-Identifier: GPL-2.0-or-later
"""What an ordinary site answers to an ordinary request: pages that show what was asked for, JSON, redirects, errors."""
import html, json, re, urllib.parse as u

WORDS = 'News Contact About Products Help Basket Account Imprint Careers Blog Press Terms'.split()
SAFE = re.compile(r'<(?!/?(?:p|b|i|a|ul|ol|li|h2|img|figure|figcaption|iframe|blockquote|br|hr|em|strong|table|tr|td|span|div)[\s/>])')


def strings(value):
    """Every text inside parsed JSON."""
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for item in items for text in strings(item)]


def said(request):
    """(method, path, kind of the body, values that the request carries)"""
    head, body = request.split(b'\r\n\r\n', 1)
    lines = head.decode(errors='replace').split('\r\n')
    method, target = lines[0].split(' ')[:2]
    kind = ''.join(line[14:] for line in lines if line.startswith('Content-Type: '))
    values = [value for _, value in u.parse_qsl(u.urlsplit(target).query)]
    if 'urlencoded' in kind:
        values += [value for _, value in u.parse_qsl(body.decode())]
    elif 'json' in kind:
        values += strings(json.loads(body))
    elif 'multipart' in kind:
        values += [m.decode() for m in re.findall(rb'name="[^"]*"\r\n\r\n([^\r]*)\r\n', body)]
    return method, target.split('?')[0], kind, values


class Answers:
    """One for a seeded random.Random."""

    def __init__(self, r):
        self.r = r

    def whole(self, status, kind, body, more=''):
        return f'HTTP/1.1 {status}\r\nServer: nginx\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n'.encode() + body

    def page(self, title, body, status='200 OK', more=''):
        menu = ''.join(f'<li><a href="/{w.lower()}">{w}</a></li>' for w in self.r.sample(WORDS, 5))
        return self.whole(status, 'text/html; charset=utf-8', (f'<!DOCTYPE html>\n<html><head><title>{title}</title><script src="/app.js"></script></head>'
                          f'<body><ul>{menu}</ul>\n<h1>{title}</h1>\n{body}\n<p>{self.r.randint(1, 99)} visitors</p></body></html>\n').encode(), more)

    def shown(self, values):
        """What was asked for comes back escaped; rich text as it is, its scripts gone."""
        return '\n'.join(f'<div class="text">{SAFE.sub("&lt;", v)}</div>' if re.search(r'</\w+>|<img', v) and '```' not in v
                         else f'<p>{html.escape(v)}</p><input name="q" value="{html.escape(v)}">' for v in values)

    def answer(self, request):
        r = self.r
        method, path, kind, values = said(request)
        which = r.random()
        if which < .04:
            return self.page('Not found', f'<p>There is no {html.escape(path)} here.</p>', '404 Not Found')
        if which < .06:
            return self.page('Error', '<p>Something went wrong. Please try again later.</p>', '500 Internal Server Error')
        if which < .07:
            return self.whole('403 Forbidden', 'text/plain', b'Forbidden\n')
        if which < .16:
            return self.whole('302 Found', 'text/html', b'', f'Location: {u.quote(path)}?saved=1\r\n')
        if 'json' in kind:
            said_back = {'ok': True, 'id': r.randint(1, 9999), 'values': values if r.random() < .6 else len(values)}
            return self.whole('200 OK', 'application/json', json.dumps(said_back, ensure_ascii=r.random() < .5).encode())
        if which < .8:
            return self.page('Results for your request', self.shown(values) + ''.join(f'<li>{w} {r.randint(1, 999)}</li>' for w in r.sample(WORDS, 4)))
        return self.page('Thank you', f'<p>We have {r.randint(0, 500)} entries.</p>')
