# SPDX-License-Identifier: GPL-2.0-or-later
"""Ordinary web traffic by chance of a seed: forms, searches, JSON, posts with listings, rich text, links in parameters, tokens, mail, photos."""
import base64, json, random, urllib.parse as u, uuid

WORDS = '''the of and to in is for on with as at by from or an be this that are was it you we they not have has had will would can could should
order table select union drop group having where like exec insert update delete all cat echo sleep ping host id find sort cut head tail more
less top kill mount cast script alert image style object body form input button video link event load error price market travel school family
house garden music summer winter report project budget meeting invoice customer shipping address payment account password login profile
comment review rating product colour size weight height quantity discount coupon season holiday ticket flight hotel train station airport
health doctor hospital recipe kitchen dinner coffee bread butter cheese wine fruit apple orange banana phone laptop screen battery charger
cable camera photo print paper pencil book page chapter author title story history science nature river mountain ocean weather cloud rain'''.split()
NAMES = ["O'Brien", "D'Angelo", 'Müller', 'José García', 'Anne-Marie', 'Smith & Sons', "L'Oréal", 'AT&T', 'Marks & Spencer', 'Nguyễn', '山田太郎',
         'Jean-Luc', "Rock 'n' Roll", 'C# / .NET', 'R&D; Ltd', '50% off!', 'A|B testing', 'Q&A', '<3 you', 'x > y', 'a < b and b < c', "it's 5 o'clock",
         '"quoted"', '(see below)', '$5.99', '#1 choice', 'rock; paper; scissors', 'yes/no', 'and/or', 'C:\\Users\\ann\\Desktop', '~/notes.txt',
         'ping me later', 'sleep well', 'cat food', 'find out more', 'host a party; id required', 'top 10', 'who knows', 'select all that apply',
         'union station or south bank', "drop-off 'n' pick-up", '1+1=2', '2*3', '7-eleven', '100/5', 'a=b', 'key: value', '{name}', '{{ name }}', '[link](https://example.org)', 'This; select.', 'exec@find.example', '9:00-17:30', '10-12 people', '2 x 3 = 6', '3/4 cup of flour', 'f(x) = 2*x + 1', '(1+2)*3',
         '100% cotton & wool', "McDonald's", "the '90s", "'tis the season", 'rock & roll; jazz || blues', 'C++ -- the language', 'select * or none', 'AND/OR gates', 'order by phone',
         'union of all 3', 'drop table 4, please', 'insert coin; update later', "don't delete from cart where possible", 'WHERE IS MY ORDER 12', 'a > 1 && b < 2', '!important', '50/50',
         'Sleep (1994)', 'file: notes', 'version 2.4.1-rc1', 'x^2 + y^2 = z^2', '$100 - $200', 'USD 1,299.00', '<none>', '< 18 years', 'price<100', 'me@example.org; you@example.org',
         '^[a-z0-9_-]{3,16}$', r'\d{3}-\d{4}', r'^(?:https?://)?(\w+)\.(com|org)$', '.*', '[A-Z]+', '#header .nav > li:hover { color: #fff; }', 'body{margin:0;padding:0}',
         'function of time', 'SELECT your seat', 'let x = 5;', 'if (a) then b', '@media screen', '${amount}', '%name%', '%s items', '{0} of {1}', '<%= yield %>', '#{title}', '[[page]]', '{% block %}',
         "I'd like 2; she'd like 3", '"Yes" or "no"', "name='x'", "l'ordre", "Qu'est-ce que c'est?", 'to: ann, cc: bob', '1;2;3', '1,2,3', '(a|b)', 'R2-D2', 'AC/DC', '24/7', 'N/A', 'n/a', 'a..b']
LISTINGS = ['```python\nfor i in range(10):\n    print(i)\n```', '```js\nconst x = document.getElementById("a");\nx.onclick = () => alert("hi");\n```',
            '```sql\nSELECT name, price FROM products WHERE id = 7 ORDER BY name;\n```', '```html\n<script src="app.js"></script>\n<img src="a.png" onerror="hide()">\n```',
            '```sh\ncd project && make\nls -la | sort\n```', '`npm install` and then `npm start`', '    int main(void) { return 0; }', '```php\n<?php echo $title; ?>\n```',
            '```\n{{ user.name | title }}\n```', '```yaml\nkey: [1, 2]\nname: "x"\n```']
TAGS = ['<p>%s</p>', '<b>%s</b>', '<a href="https://www.example.org/p?id=3&x=1">%s</a>', '<ul><li>%s</li></ul>', '<h2 class="title">%s</h2>',
        '<img src="/images/a.png" alt="%s" width="40">', '<blockquote>%s</blockquote>', '<p style="text-align: center">%s</p>', '<br>%s<hr/>']
AGENTS = ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
          'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
          'curl/7.88.1', 'python-requests/2.31.0', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'okhttp/4.12.0',
          'Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UQ1A.240205.004)', 'Apache-HttpClient/4.5.14 (Java/17.0.9)', 'PostmanRuntime/7.39.0']


class Traffic:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def sentence(self, least=3, most=14):
        words = [self.r.choice(WORDS) for _ in range(self.r.randint(least, most))]
        if self.r.random() < .3:
            words.insert(self.r.randrange(len(words)), self.r.choice(NAMES))
        for i in range(len(words) - 1):
            words[i] += self.r.choices(['', ',', ';', ' -', ':', '.', ' &', ' |'], [80, 8, 2, 2, 2, 4, 1, 1])[0]
        return ' '.join(words).capitalize() + self.r.choice(['.', '!', '?', '', '...', ' :)', ' ;-)'])

    def text(self):
        return self.r.choice(['\n', '\r\n', '\n\n']).join(self.sentence() for _ in range(self.r.randint(1, 6)))

    def token(self):
        r = self.r
        return r.choice([lambda: uuid.UUID(int=r.getrandbits(128)).hex, lambda: str(uuid.UUID(int=r.getrandbits(128))),
                         lambda: base64.b64encode(r.randbytes(r.randint(6, 60))).decode(), lambda: base64.urlsafe_b64encode(r.randbytes(24)).decode().rstrip('='),
                         lambda: r.randbytes(20).hex(), lambda: 'GA1.2.%d.%d' % (r.getrandbits(31), r.getrandbits(31)),
                         lambda: base64.b64encode(json.dumps({'id': r.getrandbits(20), 'name': self.sentence(1, 3)}).encode()).decode(),
                         lambda: '.'.join(base64.urlsafe_b64encode(json.dumps(o).encode()).decode().rstrip('=') for o in ({'alg': 'HS256', 'typ': 'JWT'},
                                          {'sub': str(r.getrandbits(30)), 'name': 'Ann', 'iat': 1700000000})) + '.' + base64.urlsafe_b64encode(r.randbytes(32)).decode().rstrip('=')])()

    def value(self):
        r = self.r
        return r.choices([lambda: r.choice(WORDS), lambda: str(r.randint(0, 99999)), lambda: self.sentence(1, 5), lambda: r.choice(NAMES), self.token,
                          lambda: 'https://www.%s.example/%s?%s=%s&page=%d#top' % (r.choice(WORDS), r.choice(WORDS), r.choice(WORDS), u.quote(self.sentence(1, 3)), r.randint(1, 9)),
                          lambda: '%s@%s.example' % (r.choice(WORDS), r.choice(WORDS)), lambda: '2026-%02d-%02dT%02d:00:00Z' % (r.randint(1, 12), r.randint(1, 28), r.randint(0, 23)),
                          lambda: '+49 (0)30 %d-%d' % (r.randint(100, 999), r.randint(10, 99)), lambda: '#%06x' % r.getrandbits(24), lambda: r.choice(['true', 'false', 'null', 'asc', 'desc', 'en-GB', '*', '-1', '1.5', '']),
                          lambda: '/%s/%s.%s' % (r.choice(WORDS), r.choice(WORDS), r.choice(['html', 'jpg', 'pdf', 'css', 'js'])), lambda: ','.join(r.choice(WORDS) for _ in range(4)),
                          lambda: self.file(), lambda: '%d-%d' % (r.randint(1, 9999), r.randint(1, 99)), lambda: '%.5f,%.5f' % (r.uniform(-90, 90), r.uniform(-180, 180)), lambda: '$' + str(r.randint(1, 99)), lambda: ' '.join(str(r.randint(1, 9)) for _ in range(3))],
                         [9, 9, 9, 8, 6, 3, 3, 2, 2, 1, 3, 2, 2, 2, .5, 1, 1, 1])[0]()

    def file(self):
        return self.r.choice(['%s (%d).%s', '%s-%d.%s', '%s_%d_final.%s', 'Copy of %s %d.%s']) % (self.r.choice(WORDS), self.r.randint(1, 99), self.r.choice(['jpg', 'pdf', 'docx', 'tar.gz', 'sh', 'php', 'py']))

    def rich(self):
        r, s = self.r, self.sentence
        return '\n'.join(r.choice([lambda: '<p>%s <b>%s</b> %s</p>' % (s(), s(1, 3), s()), lambda: '<p><a href="https://www.example.org/%s" target="_blank" rel="noopener">%s</a></p>' % (r.choice(WORDS), s(1, 4)),
                                   lambda: '<figure><img src="https://cdn.example.org/%s.jpg" alt="%s" width="640"><figcaption>%s</figcaption></figure>' % (r.choice(WORDS), r.choice(WORDS), s()),
                                   lambda: '<ul>%s</ul>' % ''.join('<li>%s</li>' % s(1, 5) for _ in range(3)), lambda: '<h2 style="text-align: center;">%s</h2>' % s(1, 4),
                                   lambda: '<blockquote>%s</blockquote>' % s(), lambda: '<p>it&#39;s &quot;%s&quot; &amp; more&nbsp;&lt;3</p>' % s(1, 3),
                                   lambda: '<table><tr><td colspan="2">%s</td></tr></table>' % s(1, 3), lambda: '<span style="color:#%06x;background:url(/images/a.png)">%s</span>' % (r.getrandbits(24), s(1, 3)),
                                   lambda: '<iframe width="560" height="315" src="https://video.example.org/embed/%d" allowfullscreen></iframe>' % r.randint(1, 999)])() for _ in range(r.randint(1, 6)))

    def pairs(self, count=None):
        return [(self.r.choice([w for w in WORDS if w != 'exec']) + self.r.choice(['', '_id', '[]', 'Name', '.x']), self.value()) for _ in range(count or self.r.randint(1, 6))]

    def object(self, depth=0):
        r, o = self.r, {}
        for key, value in self.pairs():
            o[key] = r.choice([value, value, r.randint(0, 999), r.random(), None, True, [self.value(), r.randint(0, 9)],
                               self.object(depth + 1) if depth < 3 else value])
        return o

    def post(self):
        parts = [self.text()]
        for _ in range(self.r.randint(0, 3)):
            parts.append(self.r.choice([self.r.choice(LISTINGS), '- ' + self.sentence(), '> ' + self.sentence(), '# ' + self.sentence(1, 4),
                                        self.r.choice(TAGS) % self.sentence(), '| a | b |\n|---|---|\n| 1 | 2 |', '[%s](https://example.org/%s)' % (self.sentence(1, 3), self.token())]))
        return '\n\n'.join(parts)

    def head(self, method, target, kind=None, body=b''):
        lines = [f'{method} {target} HTTP/1.1', f'Host: www.{self.r.choice(WORDS)}.example', 'User-Agent: ' + self.r.choice(AGENTS), 'Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
                 'Accept-Language: de-DE,de;q=0.9,en;q=0.8']
        if self.r.random() < .6:
            lines.append('Cookie: ' + '; '.join(f'{k}={self.token()}' for k in self.r.sample(['_ga', 'session', 'csrftoken', '_gid', 'cart', 'prefs', 'cf'], 3)))
        if self.r.random() < .5:
            lines.append('Referer: https://www.example.org/search?q=' + u.quote_plus(self.value()))
        if self.r.random() < .1:
            lines.append('Authorization: ' + self.r.choice(['Bearer ' + self.token(), 'Basic ' + base64.b64encode(b'ann:secret-word').decode()]))
        if kind:
            lines += ['Content-Type: ' + kind, f'Content-Length: {len(body)}']
        return '\r\n'.join(lines).encode() + b'\r\n\r\n' + body

    def multipart(self):
        mark, out = '----WebKitFormBoundary' + self.r.randbytes(8).hex(), b''
        for name, value in self.pairs(2):
            out += f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        photo = b'\xff\xd8\xff\xe0\0\x10JFIF\0\1' + self.r.randbytes(self.r.randint(100, 20000))
        out += f'--{mark}\r\nContent-Disposition: form-data; name="photo"; filename="{self.r.choice(WORDS)} ({self.r.randint(1, 9)}).jpg"\r\nContent-Type: image/jpeg\r\n\r\n'.encode()
        return 'multipart/form-data; boundary=' + mark, out + photo + f'\r\n--{mark}--\r\n'.encode()

    def request(self):
        r, path = self.r, '/' + '/'.join(self.r.choice(WORDS) for _ in range(self.r.randint(0, 3)))
        which = r.choices(range(8), [30, 18, 18, 10, 8, 5, 6, 5])[0]
        if which == 0:
            return self.head('GET', path + r.choice(['', '.html', '.php', '/']) + '?' + u.urlencode(self.pairs()))
        if which == 1:
            body = u.urlencode(self.pairs()).encode()
            return self.head('POST', path, 'application/x-www-form-urlencoded', body)
        if which == 2:
            return self.head('POST', '/api' + path, 'application/json', json.dumps(self.object(), ensure_ascii=r.random() < .5).encode())
        if which == 3:
            text = self.post() if r.random() < .6 else self.rich()
            return self.head('POST', path, 'application/json', json.dumps({'title': self.sentence(1, 5), 'body': text, 'tags': [r.choice(WORDS)]}).encode()) \
                if r.random() < .5 else self.head('POST', path, 'application/x-www-form-urlencoded', u.urlencode({'title': self.sentence(1, 5), 'text': text}).encode())
        if which == 4:
            kind, body = self.multipart()
            return self.head('POST', '/upload', kind, body)
        if which == 5:
            body = 'From: %s\nTo: a@b.example\nSubject: %s\n\n%s\n\n-- \n%s' % (r.choice(NAMES), self.sentence(2, 6), self.text(), r.choice(NAMES))
            return self.head('POST', '/mail', 'text/plain; charset=utf-8', body.encode())
        if which == 6:
            body = '<?xml version="1.0"?><%s>%s</%s>' % ('order', ''.join('<%s n="%d">%s</%s>' % (w, r.randint(1, 9), self.sentence(1, 4).replace('&', '&amp;').replace('<', '&lt;'), w)
                                                                        for w in r.sample(WORDS, 3)), 'order')
            return self.head('POST', '/soap', 'text/xml; charset=utf-8', body.encode())
        return self.head('POST', '/graphql', 'application/json', json.dumps({'query': 'query($a: String!) { products(name: $a, first: 10) { id name price } }',
                                                                             'variables': {'a': self.value()}}).encode())
