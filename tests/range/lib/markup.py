# SPDX-License-Identifier: GPL-2.0-or-later
"""Would a browser run script of the request in the page that came back? html5lib parses as browsers do, Node reads script."""
import functools, os, re, subprocess
from urllib.parse import unquote, unquote_plus

CALL = re.compile(r'(?:alert|confirm|prompt|print|eval|fetch|import|write|atob|fromCharCode|location|open|console\.log)')
LINKS = {'href', 'src', 'action', 'formaction', 'data', 'xlink:href', 'srcdoc', 'to', 'values'}


def asked(request):
    text = request.line + '\n' + request.head + '\n' + request.body.decode('utf-8', 'replace')
    return re.sub(r'\s+', '', text + unquote(text) + unquote_plus(text) + unquote_plus(unquote_plus(text)))


def may_run(request):
    return 'html' in request.answer_head.lower() and bool(request.answer)


def in_string(script, at):
    """Is the position inside a quoted string or a comment of the script?"""
    quote, i = '', 0
    while i < at:
        c = script[i]
        if quote and c == '\\':
            i += 1
        elif quote and c == quote:
            quote = ''
        elif not quote and c in '\'"`':
            quote = c
        elif not quote and script.startswith('//', i):
            i = script.find('\n', i)
            if i < 0 or i >= at:
                return True
        i += 1
    return bool(quote)


def codes(answer):
    """Script of every node that would run."""
    import html5lib
    tree = html5lib.parse(answer, namespaceHTMLElements=False)
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        if node.tag.split('}')[-1] == 'script' and node.text and node.get('type', 'text/javascript') in ('', 'text/javascript', 'module', 'application/javascript'):
            yield 'script', node.text
        for name, value in node.attrib.items():
            name = name if isinstance(name, str) else name[-1]
            if name.lower() == 'srcdoc':
                yield from ((where, code) for where, code in codes(value))
            elif name.lower().startswith('on'):
                yield 'attribute', value
            elif name.lower() in LINKS and re.match(r'[\s\x00-\x20]*j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*:', value, re.I):
                yield 'attribute', value
            elif name.lower() == 'src' and node.tag in ('script', 'iframe') and re.match(r'(?:https?:)?//|data:', value):
                yield 'attribute', value + 'import'


@functools.lru_cache(4096)
def is_script(text):
    """Is it whole script? What breaks out of a string and leaves an error behind does not run, nor does what stands before it."""
    root = os.environ.get('ROOT', '/tmp/konseki-range-wide')
    done = subprocess.run(['chroot', root, 'node', '--check', '-'], input=text.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode and b'SyntaxError' not in done.stderr:
        raise RuntimeError(f'node in {root}: {done.stderr[-200:]}')
    return done.returncode == 0


def runs(request):
    if not may_run(request):
        return False
    sent = asked(request)
    for where, code in codes(request.answer.decode('utf-8', 'replace')):
        for call in CALL.finditer(code):
            near = re.sub(r'\s+', '', code[call.start():call.start() + 16].split('\n')[0])
            if (near[:12] in sent or code.endswith('import') and code[:-6] in sent) and (where == 'attribute' or not in_string(code, call.start()) and is_script(code)):
                return True
    return False
