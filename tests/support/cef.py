# SPDX-License-Identifier: GPL-2.0-or-later
"""CEF 0 read strictly, as its specification (ArcSight Common Event Format, version 25) says. What it does not allow is refused by name."""
import re

BANDS = {'low': range(0, 4), 'medium': range(4, 7), 'high': range(7, 9)}
KEY = re.compile(r'([A-Za-z0-9]+)=')
LENGTHS = {'externalId': 40, 'msg': 1023, 'request': 1023, 'requestMethod': 1023, 'app': 31, 'proto': 31, 'outcome': 63, 'reason': 1023, 'cat': 1023,
           'dhost': 1023, 'requestClientApplication': 1023, **{f'cs{i}': 4000 for i in range(1, 7)}}


class Refused(ValueError):
    pass


def unescape(text, allowed):
    def one(found):
        if found[1] not in allowed:
            raise Refused(f'an escape that is none: {found[0]!r}')
        return {'n': '\n', 'r': '\r'}.get(found[1], found[1])
    if re.search(r'(?<!\\)(\\\\)*\\$', text):
        raise Refused('a backslash that escapes nothing')
    return re.sub(r'\\(.)', one, text)


def read(message):
    """text -> (header {version, vendor, product, device_version, id, name, severity}, {key: value})"""
    if not message.startswith('CEF:0|') or '\n' in message or '\r' in message:
        raise Refused(f'no event: {message[:40]!r}')
    fields = re.findall(r'((?:[^|\\]|\\.)*)\|', message[4:])[:7]
    if len(fields) < 7:
        raise Refused('fewer than seven fields')
    rest = message[4 + sum(len(f) + 1 for f in fields):]
    header = dict(zip(('version', 'vendor', 'product', 'device_version', 'id', 'name', 'severity'), (unescape(f, '|\\') for f in fields)))
    if not re.fullmatch(r'\d|10', header['severity']):
        raise Refused(f'no severity: {header["severity"]!r}')
    # a key follows a blank and is followed by an equal sign that nothing escapes
    starts = [m for m in re.finditer(r'(?:^|(?<= ))([A-Za-z0-9]+)=', rest)]
    values = {}
    if not starts or starts[0].start():
        raise Refused('the extension begins with no key')
    for this, after in zip(starts, starts[1:] + [None]):
        value = rest[this.end():after.start() - 1 if after else len(rest)]
        if re.search(r'(?<!\\)(\\\\)*=', value):
            raise Refused(f'an equal sign in {this[1]}')
        if this[1] in values:
            raise Refused(f'{this[1]} stands there twice')
        values[this[1]] = unescape(value, '\\=nr')
        if len(values[this[1]]) > LENGTHS.get(this[1], 1023):
            raise Refused(f'{this[1]} is too long')
    for key in values:
        if re.fullmatch(r'(cs|cn|c6a)\d', key) and key + 'Label' not in values:
            raise Refused(f'{key} without a label')
    return header, values
