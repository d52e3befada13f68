# SPDX-License-Identifier: GPL-2.0-or-later
"""RFC 5424 read strictly: what its ABNF (section 6) does not allow is refused by name. And severities as DESIGN states them."""
import datetime, re

FACILITY = 20  # local4
SEVERITY = {'high': 2, 'medium': 4, 'low': 6}
TIME = re.compile(rb'(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,6})?(Z|[+-]\d\d:\d\d)')
NAME = re.compile(rb'[!#-<>-\\^-~]{1,32}')  # SD-NAME: printable, but no '=', ']', '"'
PRIVATE = re.compile(rb'[!#-<>-?A-\\^-~]+@[0-9]+(\.[0-9]+)*')


class Refused(ValueError):
    pass


def need(holds, why):
    if not holds:
        raise Refused(why)


def take(data, at, end, most, what):
    """A header field: 1 to most printable ASCII characters, ended by a blank."""
    stop = data.find(b' ', at, end)
    need(stop > at, f'{what} is empty')
    field = data[at:stop]
    need(len(field) <= most, f'{what} is longer than {most}')
    need(all(33 <= c <= 126 for c in field), f'{what} holds what is not printable ASCII: {field!r}')
    return field, stop + 1


def time_of(field):
    found = TIME.fullmatch(field)
    need(found, f'no TIMESTAMP: {field!r}')
    text = field.decode().replace('Z', '+00:00')
    head, dot, rest = text.partition('.')
    if dot:
        digits, zone = rest[:-6], rest[-6:]
        text = f'{head}.{digits.ljust(6, "0")}{zone}'
    return datetime.datetime.fromisoformat(text).timestamp()


def value_of(data, at):
    """PARAM-VALUE between its quotes: '"', '\\' and ']' stand there escaped only, and nothing else is escaped."""
    out = bytearray()
    while True:
        need(at < len(data), 'a value without an end')
        c = data[at]
        if c == ord('"'):
            return out.decode('utf-8'), at + 1
        need(c != ord(']'), "']' in a value must be escaped")
        need(c >= 32 and c != 127, f'a control character in a value: {c:#x}')
        if c == ord('\\'):
            at += 1
            need(at < len(data) and data[at] in b'"\\]', 'an escape that is none')
            c = data[at]
        out.append(c)
        at += 1


def elements(data, at):
    if data[at:at + 1] == b'-':
        return {}, at + 1
    found = {}
    need(data[at:at + 1] == b'[', 'no structured data')
    while data[at:at + 1] == b'[':
        name = NAME.match(data, at + 1)
        need(name and (b'@' not in name[0] or PRIVATE.fullmatch(name[0])), 'no SD-ID')
        key, at, parameters = name[0].decode(), name.end(), {}
        need(key not in found, f'{key} stands there twice')
        while data[at:at + 1] == b' ':
            name = NAME.match(data, at + 1)
            need(name and data[name.end():name.end() + 2] == b'="', 'no PARAM-NAME')
            parameters[name[0].decode()], at = value_of(data, name.end() + 2)
        need(data[at:at + 1] == b']', 'an element without an end')
        found[key], at = parameters, at + 1
    return found, at


def read(data):
    """bytes -> {facility, severity, time, host, app, process, message_id, data {id: {name: value}}, message (bytes)}.
    Refused says what is wrong."""
    found = re.match(rb'<(0|[1-9]\d{0,2})>([1-9]\d{0,2}) ', data)
    need(found, f'no PRI and VERSION: {data[:40]!r}')
    priority = int(found[1])
    need(priority <= 191, 'PRI above 191')
    need(found[2] == b'1', f'VERSION {found[2]!r}')
    at, end = found.end(), len(data)
    stamp, at = take(data, at, end, 64, 'TIMESTAMP')
    host, at = take(data, at, end, 255, 'HOSTNAME')
    app, at = take(data, at, end, 48, 'APP-NAME')
    process, at = take(data, at, end, 128, 'PROCID')
    message_id, at = take(data, at, end, 32, 'MSGID')
    parameters, at = elements(data, at)
    need(at == end or data[at:at + 1] == b' ', 'no blank before MSG')
    message = data[at + 1:]
    if not message.startswith(b'\xef\xbb\xbf'):
        need(all(c < 128 for c in message), 'MSG holds UTF-8 without a BOM')
    need(all(c >= 32 and c != 127 for c in message), 'MSG holds control characters')
    return {'facility': priority >> 3, 'severity': priority & 7, 'time': time_of(stamp), 'host': host.decode(), 'app': app.decode(),
            'process': process.decode(), 'message_id': message_id.decode(), 'data': parameters, 'message': message}


def frames(stream):
    """RFC 6587 3.4.1: (frames, what is left of an unfinished one)."""
    out = []
    while True:
        found = re.match(rb'([1-9]\d{0,8}) ', stream)
        if not found:
            need(len(stream) < 10 and re.fullmatch(rb'([1-9]\d*)?', stream), f'no octet count: {stream[:40]!r}')
            return out, stream
        end = found.end() + int(found[1])
        if len(stream) < end:
            return out, stream
        out.append(stream[found.end():end])
        stream = stream[end:]
