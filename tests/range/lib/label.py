# SPDX-License-Identifier: GPL-2.0-or-later
"""One label for each request of a recording, from what the servers themselves say happened."""
import collections, json, os, re
from urllib.parse import unquote, unquote_plus

from lib import facts, markup, wire

ORDINARY = {('tcp', '192.0.2.80', 80), ('dns', 'mirror.example.net', 53), ('dns', 'time.example.net', 53)}
# what a tool's value looks like where no application says what it was
LOOKS = (('xss', r'<\s*\w+[^>]*(?:on\w+\s*=|script|src)|javascript:'), ('ssti', r'\{\{|\$\{|<%='), ('xxe', r'<!DOCTYPE|<!ENTITY'), ('lfi', r'\.\.[/\\]|/etc/|boot\.ini|php://|file:/'), ('rfi', r'^(?:https?|ftp)://'),
         ('cmdi', r'[;|&`\n]\s*(?:id|ls|cat|sleep|ping|echo|uname|dir|env|a|/bin)|\$\(|\(\)\s*\{'), ('sqli', r'[\'"`)]|--|\b(?:select|union|and|or|sleep|order by)\b|\|\|'))
OF_FACT = {'sql': 'sqli', 'shell': 'cmdi', 'include': 'lfi', 'read': 'lfi', 'fetch': 'ssrf', 'xml': 'xxe', 'template': 'ssti', 'unserialize': 'deserialization', 'upload': 'upload'}
PLAIN = re.compile(r'[\w .,@:/+*()?&=%-]*')


def rows_of(folder):
    """The truth of one server: a line a request, and the shells with their processes."""
    rows, shells = collections.defaultdict(list), []
    with open(os.path.join(folder, 'requests'), errors='replace') as file:
        for line in file:
            try:
                row = json.loads(line)
            except ValueError:
                continue
            rows[row['src'], row['sport'], row['line'].rstrip('?')].append(row)
    with open(os.path.join(folder, 'shell'), errors='replace') as file:
        for line in file:
            parts = line.rstrip('\n').split('\t', 3)
            if len(parts) == 4:
                shells.append((float(parts[0]), {int(p) for p in parts[1].split(',')}, parts[2], parts[3]))
    for name in sorted(os.listdir(folder)):
        if name.startswith('machine-'):
            with open(os.path.join(folder, name), errors='replace') as file:
                calls = [(int(p[0]), float(p[1]), p[2]) for p in (line.rstrip('\n').split(None, 2) for line in file) if len(p) == 3 and p[0].isdigit()]
            for row in (r for many in rows.values() for r in many if r['build'] == name[8:]):
                mark = next((i for i, c in enumerate(calls) if c[0] == row['pid'] and c[1] >= row['start'] and c[2].startswith('write(-1')), len(calls))
                row['facts'][0]['calls'] = [c[2] for c in calls[mark + 1:] if c[0] == row['pid']]
    return rows, shells


def sent_of(path):
    sent = collections.defaultdict(list)
    with open(path) as file:
        for line in file:
            row = json.loads(line)
            sent[row['src'], row['sport'], row['line']].append(row)
    return sent


def kind_of(request, row, sent, default):
    """The class of attack: what the script meant; for a tool, the value's look and the place that it goes to."""
    if sent:
        return sent['class']
    query = request.line.partition(' ')[2].rpartition(' ')[0].partition('?')
    text = unquote_plus(unquote_plus(query[0])) + '\n' + '\n'.join(unquote_plus(unquote_plus(pair.partition('=')[2] or pair)) for pair in (query[2] + '&' + request.body.decode('latin-1')).split('&'))
    look = next((name for name, pattern in LOOKS if re.search(pattern, text, re.I | re.M)), None)
    place = [f['kind'] for f in (row or {}).get('facts', []) if f['kind'] in OF_FACT]
    if look is None:
        return 'recon' if default in ('recon', 'tool') or not row else 'benign'
    return 'sqli' if look in ('sqli', 'cmdi') and 'sql' in place else OF_FACT[place[0]] if place and look in ('sqli', 'cmdi') and place[0] in ('shell', 'sql') else look


def contacts_of(request, row, contacts):
    """What the victim began of its own accord while it answered, and just after."""
    end = (row['end'] if row and row.get('end') else request.answered or request.at) + 1.2
    text = facts.everything(request) + json.dumps((row or {}).get('facts', []))
    found = [c for c in contacts if c.src == request.dst and request.at - 0.01 <= c.at <= end and (c.kind, c.to, c.port) not in ORDINARY]
    # a name is told only where it is the attacker's: applications look up what they are given anyway
    return [c for c in found if (c.to.endswith('drop.example') and c.to.split('.')[-3] in text if c.kind == 'dns' else c.to in text)]


def labelled(request, cls, row, steps, contacts, learned, tool):
    seen = facts.Seen(request, cls, row, steps, contacts_of(request, row, contacts), learned)
    result = facts.judge(seen)
    if cls == 'xss':
        shown = markup.runs(request)
        result = facts.Result(shown, shown, 'output' if shown else 'none', not shown and 'data:text/html' in facts.everything(request).replace(' ', ''), 'script node in the page' if shown else 'no script node of the request in the page')
    if tool and result.executed and cls != 'xss':
        kinds = [f['kind'] for f in row['facts'] if f['kind'] in OF_FACT or f['kind'] == 'code']
        if cls in ('benign', 'recon'):
            cls = OF_FACT.get(kinds[0], row['facts'][0].get('language', 'php') + 'i') if kinds else 'upload'
    if cls in ('benign', 'recon'):
        # whoever uses a page that fetches what it is told is no attacker, but looks like one
        fetched = any(f['kind'] == 'fetch' and f.get('ok') for f in (row or {}).get('facts', []))
        result = facts.Result(False, False, 'none', fetched, 'ordinary request')
    return {'ts': round(request.at, 6), 'src': request.src, 'sport': request.sport, 'dst': request.dst, 'dport': request.dport, 'request_line': request.line,
            'class': cls, 'executed': result.executed, 'observable': result.observable, 'obs_kind': result.kind, 'ambiguous': result.ambiguous,
            'note': result.note[:160], 'status': request.status}


def labels(capture, sent_path, truths, apps, scenario):
    """JSON lines, in order of time."""
    victims = {address: app for app, addresses in apps.items() for address in addresses}
    flows, contacts = wire.read(capture, victims)
    truth, sent = {a: rows_of(folder) for a, folder in truths.items()}, sent_of(sent_path)
    default, asked = scenario.split('_')[0], []
    for key, client, server in flows:
        if key[2] in victims and key[0] not in victims:
            asked += wire.raw(key, client, server) if key[3] == 7007 else wire.requests(key, client, server) if key[3] != 4455 else []
    asked.sort(key=lambda r: r.at)
    learned, pairs = facts.Learned(), []
    for request in asked:
        rows, shells = truth[victims[request.dst]]
        line = ' '.join(request.line.split(' ')[:2])
        queue = rows.get((request.src, request.sport, line.rstrip('?')), [])
        row = queue.pop(0) if queue else None
        script = sent.get((request.src, request.sport, line), [])
        steps = [s for s in shells if row and row['pid'] in s[1] and row['start'] - 0.002 <= s[0] <= row.get('end', 0) + 0.003]
        tool = not script
        pairs.append((request, kind_of(request, row, script.pop(0) if script else None, default), row, steps, tool))
        learned.learn(request, row)
    return [json.dumps(labelled(request, cls, row, steps, contacts, learned, tool)) for request, cls, row, steps, tool in pairs]
