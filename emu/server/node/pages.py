# SPDX-License-Identifier: GPL-2.0-or-later
"""
Templates of engines that make JavaScript of them: EJS and lodash's, doT's and what else has code between braces, Pug.
The first byte of the code says which (emu/evaluate/script_templates.c).
"""
import json, re
from tokens import ParseError
from parse import Parser
from handlebars import handlebars
from nunjucks import nunjucks

VALUE = '__page+=__text(%s);'
START = 'var __page="";var __text=function(v){return v==null?"":""+v};'
BRACES = re.compile(r'\{\{([=!\-]?)([\s\S]*?)\}\}')


def ejs(text):
    """<% code %>, <%= value %>, <%- value %>"""
    out, at = START, 0
    while True:
        begin = text.find('<%', at)
        out += '__page+=%s;' % json.dumps(text[at:begin if begin >= 0 else len(text)])
        end = text.find('%>', begin) if begin >= 0 else -1
        if end < 0:
            return out + '__page'
        inner = text[begin + 2:end].rstrip('-_')
        if inner[:1] in ('=', '-'):
            out += VALUE % inner[1:]
        elif inner[:1] != '#':
            out += inner.lstrip('_') + '\n'
        at = end + 2


def is_value(text):
    try:
        Parser('(' + text + '\n)').program()
        return True
    except ParseError:
        return False


def braces(text):
    """{{= value }}, {{! value }}, {{ value or code }}"""
    out, at = START, 0
    for m in BRACES.finditer(text):
        out += '__page+=%s;' % json.dumps(text[at:m.start()])
        out += VALUE % m.group(2) if m.group(1) or is_value(m.group(2)) else m.group(2) + ';\n'
        at = m.end()
    return out + '__page+=%s;__page' % json.dumps(text[at:])


def interpolated(text):
    """A line of text with #{value} and !{value} in it."""
    out, at = '', 0
    for m in re.finditer(r'[#!]\{', text):
        if m.start() < at:
            continue
        depth, i = 1, m.end()
        while i < len(text) and depth:
            depth += {'{': 1, '}': -1}.get(text[i], 0)
            i += 1
        if depth:
            break
        out += '__page+=%s;' % json.dumps(text[at:m.start()]) + VALUE % text[m.end():i - 1]
        at = i
    return out + '__page+=%s;' % json.dumps(text[at:])


def pug(text):
    """Lines: "- code", "= value", else text. What of a line makes an element is left as it stands."""
    out = START
    for line in text.split('\n'):
        bare = line.strip()
        if bare[:2] == '- ':
            out += bare[2:] + '\n'
        elif bare[:2] in ('= ', '!='):
            out += VALUE % bare[2:]
        else:
            out += interpolated(line)
    return out + '__page'


COMPILED = {'\x01': ejs, '\x04': braces, '\x05': pug}
RENDERED = {'\x02': handlebars, '\x03': nunjucks}
