# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts that people wrote, out of the documents of this machine's packages: excerpts of them by chance of a seed, as values of ordinary requests."""
import glob, gzip, html, json, os, re, urllib.parse as u

from traffic import Traffic

KINDS = {'documents': ['/usr/share/doc/*/README*', '/usr/share/doc/*/*.txt*', '/usr/share/doc/*/FAQ*', '/usr/share/doc/*/*.md*', '/usr/share/doc/*/*/*.txt*'],
         'news': ['/usr/share/doc/*/changelog*', '/usr/share/doc/*/NEWS*'],
         'manuals': ['/usr/share/man/man[1578]/*.gz'],
         'perl': ['/usr/share/perl/*/pod/*.pod', '/usr/share/perl5/**/*.pm', '/usr/share/perl/5*/**/*.pm'],
         'python': ['/usr/lib/python3/dist-packages/**/*.py', '/usr/lib/python3.*/*.py', '/usr/lib/python3.*/*/*.py'],
         'pages': ['/usr/share/doc/**/*.html']}
TEXT_MAX = 200 << 10      # bytes read of one file
PARAGRAPH_MIN = 20
ADDRESS_MAX = 2000        # of a form that goes into the address
SCRIPT = re.compile(r'<script\b', re.I)  # a page with scripts of its own holds what it looks like
ROFF = [(re.compile(r'^(?:\.\\"|\.(?:TH|de|ie|el|if|so|nr|ds|rm|ne)).*$', re.M), ''), (re.compile(r'^\.[A-Za-z]+ ?', re.M), ''),
        (re.compile(r'\\f(?:\[\w*\]|\(..|.)|\\[&|^)]|\\s[-+]?\d'), ''), (re.compile(r'\\-'), '-'), (re.compile(r'\\\((?:aq|cq|oq)'), "'"),
        (re.compile(r'\\\((?:dq|lq|rq)'), '"'), (re.compile(r'\\e|\\\(rs'), r'\\')]


def read(path):
    """What a person reads in a file: of code the documentation, of a manual page the text."""
    with (gzip.open if path.endswith('.gz') else open)(path, 'rb') as file:
        text = file.read(TEXT_MAX).decode(errors='replace')
    if '/man/' in path:
        for pattern, becomes in ROFF:
            text = pattern.sub(becomes, text)
    elif path.endswith('.py'):
        text = '\n\n'.join(text.split('"""')[1::2])
    elif path.endswith('.pm'):
        text = '\n\n'.join(re.findall(r'^=\w[^\n]*\n\n(.*?)(?=^=cut|\Z)', text, re.M | re.S))
    return text


class Library(Traffic):
    """Requests with such texts in searches, forms, JSON, mails, XML and parts of forms."""

    def __init__(self, seed):
        super().__init__(seed)
        self.kept = {}
        shelves = {kind: sorted({p for g in globs for p in glob.glob(g, recursive=True) if os.path.isfile(p)}) for kind, globs in KINDS.items()}
        self.shelves = [paths for kind, paths in sorted(shelves.items()) if paths]

    def paragraphs(self):
        while True:
            path = self.r.choice(self.r.choice(self.shelves))
            if path not in self.kept:
                try:
                    self.kept[path] = [p.strip('\n') for p in re.split(r'\n\s*\n', read(path)) if len(p.strip()) >= PARAGRAPH_MIN and not SCRIPT.search(p)]
                except (OSError, EOFError):
                    self.kept[path] = []
            if self.kept[path]:
                return self.kept[path]

    def excerpt(self):
        every = self.paragraphs()
        at = self.r.randrange(len(every))
        return '\n\n'.join(every[at:at + self.r.randint(1, 6)])

    def words(self):
        line = self.r.choice(self.r.choice(self.paragraphs()).splitlines()).split()
        at = self.r.randrange(max(1, len(line)))
        return ' '.join(line[at:at + self.r.randint(1, 8)])

    def request(self):
        r = self.r
        text, which = (self.words(), 0) if r.random() < .4 else (self.excerpt(), r.randrange(6))
        if which == 0 and len(text) < ADDRESS_MAX:
            return self.head('GET', '/search?' + u.urlencode({r.choice(['q', 's', 'query', 'search', 'term', 'text']): text, 'page': 1}))
        if which <= 1:
            form = u.urlencode({'title': self.words(), 'text': text.replace('\n', '\r\n')})
            return self.head('POST', '/comment', 'application/x-www-form-urlencoded', form.encode())
        if which == 2:
            return self.head('POST', '/api/posts', 'application/json', json.dumps({'title': self.words(), 'body': text}, ensure_ascii=r.random() < .5).encode())
        if which == 3:
            return self.head('POST', '/mail', 'text/plain; charset=utf-8', text.encode())
        if which == 4:
            return self.head('POST', '/soap', 'text/xml; charset=utf-8', f'<?xml version="1.0"?><m><t>{html.escape(text)}</t></m>'.encode())
        mark = '----WebKitFormBoundary' + r.randbytes(8).hex()
        return self.head('POST', '/post', 'multipart/form-data; boundary=' + mark,
                         f'--{mark}\r\nContent-Disposition: form-data; name="text"\r\n\r\n{text}\r\n--{mark}--\r\n'.encode())
