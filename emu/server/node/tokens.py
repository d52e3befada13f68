# SPDX-License-Identifier: GPL-2.0-or-later
"""JavaScript cut into tokens: kind, text, whether a line end stands before it."""
import re

TOKEN = re.compile(r'''(?P<space>[\s\ufeff]+|//[^\n]*|/\*[\s\S]*?\*/|\#![^\n]*)|(?P<number>0[xX][0-9a-fA-F_]+n?|0[oO][0-7_]+n?|0[bB][01_]+n?|
(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?n?)|(?P<name>(?:[A-Za-z_$\#\u0080-\uffff]|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]+\})(?:[\w$\u0080-\uffff]|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]+\})*)|
(?P<string>"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')|(?P<template>`)|
(?P<op>>>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|\+=|-=|\*=|/=|%=|&=|\|=|\^=|<<|>>|\*\*|[{}()\[\];,<>+\-*/%&|^!~?:=.@])''', re.X)
REGEXP = re.compile(r'/((?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/([a-z]*)')
KEYWORDS = set('''break case catch class const continue debugger default delete do else export extends finally for function if import in
instanceof new return super switch this throw try typeof var void while with null true false'''.split())
ESCAPES = {'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', 'v': '\v', '0': '\0', '\n': ''}


class ParseError(Exception):
    pass


def unescape(text):
    def one(m):
        e = m.group(1)
        if e[0] == 'x':
            return chr(int(e[1:], 16))
        if e[0] == 'u':
            return chr(int(e[1:].strip('{}'), 16))
        return ESCAPES.get(e, e)
    text = re.sub(r'\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]+\}|[\s\S])', one, text) if '\\' in text else text
    if any('\ud800' <= c <= '\udbff' for c in text):
        text = text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')
    return text


def tokens_of(source):
    out, at, newline, end = [], 0, False, len(source)
    while at < end:
        c = source[at]
        previous = out[-1] if out else ('op', ';')
        if c == '/' and source[at + 1:at + 2] not in ('/', '*') and not (
                previous[0] in ('number', 'string', 'template', 'regexp') or (previous[0] == 'name' and previous[1] not in KEYWORDS) or
                previous[1] in (')', ']', '}', 'this', 'null', 'true', 'false', 'super')):
            m = REGEXP.match(source, at)
            if not m:
                raise ParseError('Invalid regular expression: missing /')
            out.append(('regexp', m.group(1), newline, m.group(2)))
            at, newline = m.end(), False
            continue
        m = TOKEN.match(source, at)
        if not m:
            raise ParseError('Invalid or unexpected token')
        kind, text = m.lastgroup, m.group()
        at = m.end()
        if kind == 'space':
            newline |= '\n' in text
            continue
        if kind == 'template':
            text, at = template(source, at)
        elif kind == 'string':
            text = unescape(text[1:-1])
        elif kind == 'name' and '\\' in text:
            text = unescape(text)
        out.append((kind, text, newline))
        newline = False
    out.append(('end', '', True))
    return out


def template(source, at):
    strings, values, raw = [], [], ''
    while True:
        if at >= len(source):
            raise ParseError('Unterminated template literal')
        c = source[at]
        if c == '`':
            return (strings + [raw], values), at + 1
        if c == '\\':
            raw += source[at:at + 2]
            at += 2
        elif source.startswith('${', at):
            depth, start = 1, at + 2
            at = start
            while depth:
                if at >= len(source):
                    raise ParseError('Unterminated template literal')
                if source[at] == '`':
                    at = template(source, at + 1)[1]
                    continue
                if source[at] in '"\'':
                    m = TOKEN.match(source, at)
                    at = m.end() if m else at + 1
                    continue
                depth += {'{': 1, '}': -1}.get(source[at], 0)
                at += 1
            values.append(source[start:at - 1])
            strings.append(raw)
            raw = ''
        else:
            raw += c
            at += 1


def number_value(text):
    text = text.replace('_', '').rstrip('n')
    if text[:2].lower() in ('0x', '0o', '0b'):
        return float(int(text, 0))
    if len(text) > 1 and text[0] == '0' and text.isdigit() and all(c in '01234567' for c in text):
        return float(int(text, 8))
    return float(text)


def number_text(text):
    value = number_value(text)
    return str(int(value)) if value == int(value) else repr(value)
