# SPDX-License-Identifier: GPL-2.0-or-later
"""Does a value change the structure of a statement? The kinds of its tokens say so."""
import re

TOKEN = {
    'mysql': r"""(?P<s>'(?:\\.|''|[^'\\])*'|"(?:\\.|""|[^"\\])*")|(?P<c>/\*!?.*?\*/|--[\s\x00].*?(?:\n|$)|--$|\#.*?(?:\n|$))""",
    'pgsql': r"""(?P<s>[eE]'(?:\\.|''|[^'\\])*'|'(?:''|[^'])*'|(?P<d>\$\w*\$).*?(?P=d))|(?P<c>/\*.*?\*/|--.*?(?:\n|$))""",
    'sqlite': r"""(?P<s>'(?:''|[^'])*'|"(?:""|[^"])*")|(?P<c>/\*.*?(?:\*/|$)|--.*?(?:\n|$))""",
}
REST = r"""|(?P<n>0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<w>[A-Za-z_@\x80-\uffff][\w$@\x80-\uffff]*|`[^`]*`)|(?P<b>\s+)|(?P<o>.)"""


def tokens(dialect, text):
    """[(kind, text)] of a statement; executable comments of MySQL are opened."""
    if dialect == 'mysql':
        text = re.sub(r'/\*!\d*(.*?)\*/', r' \1 ', text, flags=re.S)
    found = []
    for match in re.finditer(TOKEN[dialect] + REST, text, re.S):
        kind = match.lastgroup
        if match.group('s') is not None:
            kind = 's'
        if kind != 'b':
            found.append((kind, match.group(0).lower() if kind in 'wo' else ''))
    return found


def changed(dialect, statement, plain):
    """A literal for a literal is no change; all else is."""
    def shape(text):
        return [('v', '') if kind in 'sn' else (kind, value) for kind, value in tokens(dialect, text)]
    return shape(statement) != shape(plain)


def asks_foreign(dialect, statement, plain):
    """Does it hold a SELECT or a set operation that the ordinary statement does not?"""
    def count(text, word):
        return sum(value == word for _, value in tokens(dialect, text))
    return any(count(statement, word) > count(plain, word) for word in ('select', 'union'))
