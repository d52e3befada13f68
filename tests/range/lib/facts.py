# SPDX-License-Identifier: GPL-2.0-or-later
"""What the facts of one request mean: did foreign code run, and what of it could be seen?"""
import base64, collections, html, os, re
from urllib.parse import unquote, unquote_plus

from lib import sql

Seen = collections.namedtuple('Seen', 'request cls row steps contacts learned')
Result = collections.namedtuple('Result', 'executed observable kind ambiguous note')
DROPS = ('198.51.100.140', '192.0.2.99')
NOTHING = Result(False, False, 'none', False, 'no foreign code reached anything that runs')
RUN_TIME = {'mysql': {'1105', '1062', '1690', '1242', '1525', '1292', '1366', '1411', '1139', '1317', '1086', '1367', '1406', '1264'}, }
REFUSED_SQLITE = re.compile(r'near |no such|unrecognized token|incomplete input|SELECTs to the left|wrong number|only execute one|ambiguous|misuse|1st ORDER|ORDER BY term|datatype|parser')
SLOW = re.compile(r'sleep|benchmark|randomblob|generate_series|waitfor|get_lock', re.I)
OWN_OUTPUT = re.compile(r'^\s*$|^[\d.:a-f]+\s+\S+|^[\d.]+\s+(STREAM|DGRAM|RAW)|^\w+\.txt$')
WORDS = re.compile(r"(\w+=\S*\s+)*(\S+)")
BUILTINS = {'echo', 'printf', 'cd', 'pwd', 'set', 'export', 'eval', 'exec', '.', ':', 'test', '[', 'true', 'false', 'read', 'type', 'command', 'umask', 'ulimit', 'wait', 'exit', 'kill', 'for', 'times', 'trap'}
FOLDERS = ('usr/bin', 'usr/sbin')


class Learned:
    """What ordinary statements of an application give: its own data."""

    def __init__(self):
        self.cells = collections.defaultdict(set)

    def learn(self, request, row):
        for fact in (row or {}).get('facts', []):
            if fact['kind'] == 'sql' and not sql.changed(fact['dialect'], fact['sql'], fact['plain']):
                self.cells[fact['plain']].update(str(c) for r in fact['rows'] for c in r)


def page(seen):
    return html.unescape(seen.request.answer.decode('utf-8', 'replace'))


def everything(request):
    """What was asked, as it came and with the common encodings undone."""
    text = request.line + '\n' + request.head + '\n' + request.body.decode('utf-8', 'replace')
    text += unquote_plus(text) + unquote(unquote_plus(text))
    for word in re.findall(r'[\w+/-]{16,}', text)[:40]:
        try:
            text += base64.b64decode(word.replace('-', '+').replace('_', '/') + '=' * (-len(word) % 4)).decode('latin-1')
        except ValueError:
            continue
    return text.lower() + text


def asked(seen):
    return everything(seen.request)


def in_page(seen, text):
    """Does a telling piece of the text stand in the answer?"""
    lines = [line.strip() for line in text.splitlines() if len(line.strip()) >= 3] or [text.strip()]
    whole = page(seen)
    raw = seen.request.answer.decode('utf-8', 'replace')
    escaped = whole.encode().decode('unicode_escape', 'replace') if '\\' in whole and len(whole) < 200000 else whole
    return any(line in whole or line in raw or line in escaped for line in lines[:6])


def far(seen):
    return ', '.join(f'{c.kind} {c.to}' + (f' {c.port}' if c.port else '') for c in seen.contacts[:4])


def slow(seen):
    return (seen.row.get('end') or 0) - seen.row['start'] >= 0.9


def of_sql(seen, fact):
    dialect, statement = fact['dialect'], fact['sql']
    if not sql.changed(dialect, statement, fact['plain']):
        return Result(False, False, 'none', False, 'value stayed inside the literal; structure unchanged')
    shown = fact['shown'] == 'yes' and any(f['kind'] == 'error' and f['shown'] == 'yes' for f in seen.row['facts'])
    if fact['error']:
        number, state, text = fact['error']
        ran = number in RUN_TIME['mysql'] if dialect == 'mysql' else state[:2] in ('22', '21', 'P0', '23') if dialect == 'pgsql' else not REFUSED_SQLITE.search(text)
        note = f'{"run-time error" if ran else "database refused the statement"} {number or state}: {text[:90]}'
        if not ran:
            return Result(False, False, 'none', state in ('42501', '57014') or number in ('1227', '1142', '1290', '2013', '2006'), note)
        told = shown and in_page(seen, text.split(':', 2)[-1])
        return Result(True, told, 'error-output' if told else 'none', False, note)
    if fact['took'] >= 0.9 and SLOW.search(statement):
        return Result(True, True, 'delay', False, f'statement took {fact["took"]:.3f} s')
    if fact['shown'] == 'login':
        ok = any(f['kind'] == 'login' and f['ok'] and not f['true'] for f in seen.row['facts'])
        return Result(True, ok, 'login' if ok else 'differential', False, 'logged in without the password' if ok else 'altered statement ran, no login')
    if fact['shown'] == 'yes' and fact['rows']:
        cells = {str(c) for r in fact['rows'] for c in r if c is not None} - seen.learned.cells[fact['plain']]
        new = [c for c in cells if c.strip() and in_page(seen, c)]
        if sql.asks_foreign(dialect, statement, fact['plain']) and any(len(c.strip()) >= 3 for c in cells) and new:
            computed = [c for c in new if c not in asked(seen)]
            return Result(True, True, 'output', not computed, f'foreign data in the result: {max(computed or new, key=len)[:60]}')
        if sql.asks_foreign(dialect, statement, fact['plain']) and cells:
            return Result(True, False, 'none', True, f'foreign data, too little to tell: {sorted(cells)[0][:40]}')
    return Result(True, False, 'none' if fact['shown'] == 'no' else 'differential', False, f'altered statement ran, {fact["count"]} rows; only a comparison could tell')


def exists(step):
    """Is there such a command on the server?"""
    word = WORDS.match(step)
    name = word[2].strip("'\"") if word else ''
    root = os.environ.get('ROOT', '/tmp/konseki-range-wide')
    return name in BUILTINS or '=' in name or any(os.path.exists(os.path.join(root, f, os.path.basename(name))) for f in FOLDERS)


def of_shell(seen, fact):
    own = [w for w in fact['own'].split(';') if w]
    steps = [s[3] for s in seen.steps if s[2] == 'S']
    if fact.get('direct') and (fact['output'] or slow(seen)) and not steps:
        steps = [fact['command'].strip('| ')]
    foreign = [s for s in steps if not any(s.startswith(w) for w in own)]
    if not foreign and len(steps) > len(own) and own[0] != '-':
        foreign = steps[len(own):]
    if not foreign:
        return Result(False, False, 'none', '>' in fact['command'].replace('>/dev/null', '').replace('2>&1', '') and seen.cls != 'benign' and not seen.row['build'] in ('fest', 'sain'),
                      'no foreign command in the shell trace')
    note = 'shell trace: ' + ' | '.join(foreign)[:100]
    if not any(exists(s) for s in foreign):
        return Result(False, False, 'none', True, 'no such command: ' + note)
    lines = [line for line in fact['output'].splitlines() if not OWN_OUTPUT.match(line) and not re.match(r'sh: \d+: ', line)]
    if slow(seen) and sum(map(len, lines)) < 5 and any(re.search(r'sleep|ping|timeout', s) for s in foreign):
        return Result(True, True, 'delay', False, note)
    if fact['shown'] == 'yes' and lines and in_page(seen, '\n'.join(lines)):
        computed = [line for line in lines if line.strip() not in asked(seen)]
        return Result(True, True, 'output', not computed, note)
    if slow(seen) and any(re.search(r'sleep|ping|timeout', s) for s in foreign):
        return Result(True, True, 'delay', False, note)
    if seen.contacts:
        return Result(True, True, 'oob', False, note + '; out of band: ' + far(seen))
    return Result(True, False, 'none', False, note)


def of_code(seen, fact):
    steps = [s[3] for s in seen.steps if s[2] == 'S']
    note = 'evaluated' + (f'; shell: {steps[0][:80]}' if steps else '')
    if fact.get('refused'):
        return Result(False, False, 'none', False, "refused by the application's check")
    if fact['error'] and not steps and not any(f['kind'] == 'audit' and not re.search(r'<code object|/usr/lib', f['arguments']) for f in seen.row['facts']):
        parse = re.match(r'(ParseError|SyntaxError|IndentationError)', fact['error'])
        return Result(False, False, 'none', not parse, ('not parsed: ' if parse else 'run-time error: ') + fact['error'][:90])
    out = (fact['output'] or '') + '\n' + (fact['value'] or '')
    if len(out.strip()) < 5 and (slow(seen) or seen.contacts):
        return beyond(seen, note)
    if fact['shown'] == 'yes' and out.strip() and in_page(seen, out):
        computed = [line for line in out.splitlines() if line.strip() and line.strip() not in asked(seen)]
        return Result(True, True, 'output', not computed or len(out.strip()) < 3, note)
    return beyond(seen, note, bool(fact['shown'] == 'yes' and out.strip() and len(out.strip()) < 3))


def beyond(seen, note, ambiguous=False):
    """It ran; what shows of it besides text?"""
    if slow(seen):
        return Result(True, True, 'delay', False, note)
    if seen.contacts:
        return Result(True, True, 'oob', False, note + '; out of band: ' + far(seen))
    return Result(True, False, 'none', ambiguous, note)


def of_template(seen, fact):
    text, out = fact['text'], html.unescape(fact['output'] or '')
    audit = [f['arguments'] for f in seen.row['facts'] if f['kind'] == 'audit' and not re.search(r'<code object|__pycache__|/usr/lib', f['arguments'])] + [s[3] for s in seen.steps if s[2] == 'S']
    if fact['bound']:
        return Result(False, False, 'none', False, 'value passed as a variable')
    if fact['error'] and not audit:
        parse = re.search(r'Syntax|Compile|Parse', fact['error'])
        return Result(False, False, 'none', not parse, ('template syntax error: ' if parse else 'evaluated, run-time error: ') + fact['error'][:90])
    if not fact['error'] and (text in out or html.unescape(text) in out):
        return Result(False, False, 'none', False, 'no template expression in the value for this engine')
    if not fact['error'] and out.strip() and re.sub(r'\{#.*?#\}|##.*|<%#.*?%>|\{\*.*?\*\}', '', text).strip() in out and text not in out and not audit:
        return Result(False, False, 'none', True, 'nothing but a comment was taken away')
    note = 'template evaluated' + (': ' + str(audit[0])[:90] if audit else '')
    if fact['shown'] == 'yes' and not fact['error'] and in_page(seen, '\n'.join(re.split(r'[<>]', out))):
        return Result(True, True, 'output', False, note)
    if fact['shown'] == 'yes' and not fact['error'] and out.strip():
        return Result(True, True, 'output', True, note)
    return beyond(seen, note)


def of_file(seen, fact):
    path = fact['path']
    own = os.path.normpath(path) if not re.match(r'\w+:', path) else path
    if not fact['ok']:
        return Result(False, False, 'none', bool(seen.contacts), f'no such file: {path[:80]}' + ('; note: contacts follow: ' + far(seen) if seen.contacts else ''))
    if fact.get('own') or re.match(r'/var/www/kontor/(vorlagen|teile)/[\w.]+$|/var/herbier/planches/[\w.]+$|(?:/srv/puerto/|\.\./)(?:vistas|mareas|fotos)/[\w.]+$', own):
        return Result(False, False, 'none', False, 'own page')
    if not fact['bytes'] and fact['kind'] == 'read':
        return Result(False, False, 'none', True, f'nothing was read of {path[:80]}')
    note = f'{"included" if fact["kind"] == "include" else "read"} {path[:100]}'
    if fact['shown'] == 'yes' and fact['bytes'] and in_page(seen, fact['text']):
        return Result(True, True, 'output', bool(fact['bytes'] < 4), note)
    return beyond(seen, note)


def of_fetch(seen, fact):
    if fact.get('refused'):
        return Result(False, False, 'none', False, "refused by the application's check")
    note = f'fetched {fact["url"][:80]}'
    if not fact['ok']:
        return Result(bool(seen.contacts), bool(seen.contacts), 'oob' if seen.contacts else 'none', True, f'attempted {fact["url"][:60]}: {fact["error"][:60]}')
    if fact['shown'] == 'yes' and fact['bytes'] and in_page(seen, fact['text']):
        return Result(True, True, 'output', False, note)
    return beyond(seen, note)


def of_xml(seen, fact):
    fetched = fact.get('fetched') or []
    if fact.get('safe') or not fetched:
        inner = '<!ENTITY' in seen.request.body.decode('latin-1') and not fact.get('safe') and fact['ok']
        return Result(False, False, 'none', inner, 'no external entity was resolved')
    note = 'resolved ' + ', '.join(f'{u} ({n})' for u, n in fetched[:3])
    if all(n < 0 for _, n in fetched):
        return Result(bool(seen.contacts), bool(seen.contacts), 'oob' if seen.contacts else 'none', True, note)
    if fact['shown'] == 'yes' and fact['text'] and in_page(seen, fact['text'].replace('|', '\n')):
        computed = [line for line in fact['text'].splitlines() if line.strip() and line.strip() not in asked(seen)]
        return Result(True, True, 'output', not computed, note)
    if fact['shown'] == 'yes' and fact['errors'] and in_page(seen, '\n'.join(fact['errors'])):
        return Result(True, True, 'error-output', True, note)
    return beyond(seen, note)


def of_object(seen, fact):
    steps = [s[3] for s in seen.steps if s[2] == 'S']
    events = [f for f in seen.row['facts'] if f['kind'] in ('audit', 'object')]
    ran = steps or [f for f in events if f.get('call') or f.get('event') not in ('wakeup', 'open', 'exec', None) and not (fact.get('error') and f['event'] == 'pickle.find_class')]
    if fact['language'] == 'yaml' and '!!python/object/' in fact['text'] and not fact.get('error'):
        ran = ran or [{'arguments': fact['text']}]
    events += [r for r in ran if isinstance(r, dict) and r not in events]
    if fact['language'] == 'java' and seen.contacts and not fact.get('refused'):
        ran = ran or [{'arguments': far(seen)}]
    if fact.get('refused') or not ran:
        named = fact['language'] == 'yaml' and '!!python/name' in fact['text']
        return Result(False, False, 'none', (bool(events) or named) and not fact.get('refused'), 'no object of the value ran anything')
    note = 'unserialised: ' + (steps[0] if steps else str(ran[0].get('arguments') or ran[0].get('call')))[:100]
    outputs = '\n'.join(f['output'] for f in seen.row['facts'] if f['kind'] == 'shell' and f['shown'] == 'yes') + '\n' + (fact.get('value') or '').replace('\\n', '\n').strip('b\'"')
    if fact.get('shown', 'yes') == 'yes' and any(len(line.strip(' \'")')) > 3 for line in outputs.splitlines()) and in_page(seen, '\n'.join(line.strip(' \'")') for line in outputs.splitlines())):
        return Result(True, True, 'output', False, note)
    return beyond(seen, note)


def of_upload(seen, fact):
    if not fact['ok'] or not fact['script']:
        return Result(False, False, 'none', False, 'stored as data' if fact['ok'] else 'not stored')
    return Result(False, False, 'none', True, f'stored as a script: {fact["stored"]}')


def of_lookup(seen, fact):
    note = f'looked up {fact["name"][:80]}'
    return Result(True, True, 'oob', False, note + '; out of band: ' + far(seen)) if seen.contacts else Result(True, False, 'none', True, note)


def of_machine(seen, fact):
    calls = [c for c in fact.get('calls', []) if not re.match(r'write\(\d+, "(250 noted|221 bye)|\+\+\+|---|exit', c)]
    note = 'syscalls: ' + ' ; '.join(calls[:5])[:150] if calls else 'syscalls: none'
    if not calls:
        return Result(False, False, 'none', b'\xcc\xcc\xcc' in seen.request.body, note)
    said = re.sub(rb'^220 [^\n]*\n|250 noted\r\n', b'', seen.request.answer)
    if said.strip():
        return Result(True, True, 'output', False, note)
    if any(c.startswith('listen') for c in calls):
        return Result(True, True, 'bindshell', False, note)
    if seen.contacts:
        return Result(True, True, 'oob', False, note + '; out of band: ' + far(seen))
    return Result(True, False, 'none', False, note)


READERS = {'sql': of_sql, 'shell': of_shell, 'code': of_code, 'template': of_template, 'include': of_file, 'read': of_file, 'fetch': of_fetch, 'xml': of_xml,
           'unserialize': of_object, 'jndi': of_lookup, 'machine': of_machine, 'upload': of_upload}


def called_script(seen):
    """A script that an attacker put where scripts run."""
    if not re.search(r'/(ablage|export|subidas)/', seen.row.get('script', '')):
        return None
    text = seen.request.answer.decode('utf-8', 'replace').strip()
    steps = [s[3] for s in seen.steps if s[2] == 'S']
    note = 'uploaded script ran' + (f'; shell: {steps[0][:80]}' if steps else '')
    return Result(True, True, 'output', len(text) < 3, note) if text and text not in asked(seen) else beyond(seen, note)


def judge(seen):
    """The strongest of what the facts say."""
    if not seen.row:
        return Result(False, False, 'none', seen.request.status == 500, f'no application handled it (status {seen.request.status})')
    results = [READERS[f['kind']](seen, f) for f in seen.row['facts'] if f['kind'] in READERS]
    if any(f['kind'] == 'refused' for f in seen.row['facts']):
        results.append(Result(False, False, 'none', False, "refused by the application's check"))
    if any(f['kind'] == 'bound' for f in seen.row['facts']):
        results.append(Result(False, False, 'none', False, 'prepared statement, value bound as data'))
    if any(f['kind'] == 'expanded' for f in seen.row['facts']) and not results:
        results.append(Result(False, False, 'none', True, 'a look-up without a name was expanded'))
    called = called_script(seen)
    if called:
        results.append(called)
    nothing = NOTHING._replace(ambiguous=seen.request.status == 500 or b'Fatal error' in seen.request.answer)
    return max(results, key=lambda r: (r.executed, r.observable, not r.ambiguous), default=nothing)
