# SPDX-License-Identifier: GPL-2.0-or-later
"""One label for each request of a recording, from what the servers themselves say happened."""
import collections, json, os, re
from urllib.parse import unquote, unquote_plus

from lib import facts, markup, wire

ORDINARY = {('tcp', '192.0.2.80', 80), ('dns', 'mirror.example.net', 53), ('dns', 'time.example.net', 53)}
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
    return rows, shells


def sent_of(path):
    sent = collections.defaultdict(list)
    with open(path) as file:
        for line in file:
            row = json.loads(line)
            sent[row['src'], row['sport'], row['line']].append(row)
    return sent


def kind_of(request, sent, default):
    """The class of attack: what the script meant, or, for a tool, what its run was for and whether the value is plain."""
    if sent:
        return sent['class']
    value = unquote_plus(request.line.partition(' ')[2].rpartition(' ')[0]) + unquote_plus(request.body.decode('latin-1'))
    return default if not PLAIN.fullmatch(value) else 'benign'


def contacts_of(request, row, contacts):
    """What the victim began of its own accord while it answered, and just after."""
    end = (row['end'] if row and row.get('end') else request.answered or request.at) + 1.2
    text = facts.everything(request)
    found = [c for c in contacts if c.src == request.dst and request.at - 0.01 <= c.at <= end and (c.kind, c.to, c.port) not in ORDINARY]
    return [c for c in found if c.to in text or c.kind == 'dns' and c.to.endswith('drop.example') and c.to.split('.')[-3] in text]


def labelled(request, cls, row, steps, contacts, learned):
    seen = facts.Seen(request, cls, row, steps, contacts_of(request, row, contacts), learned)
    result = facts.judge(seen)
    if cls == 'xss' or (not result.executed and cls != 'benign' and markup.may_run(request)):
        shown = markup.runs(request)
        if cls == 'xss':
            result = facts.Result(shown, shown, 'output' if shown else 'none', False, 'script node in the page' if shown else 'no script node of the request in the page')
    if cls in ('benign', 'recon'):
        result = facts.Result(False, False, 'none', False, 'ordinary request')
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
            asked += wire.requests(key, client, server) if not re.match(rb'[^A-Z]', bytes(client.data[:1] or b'A')) else wire.raw(key, client, server)
    asked.sort(key=lambda r: r.at)
    learned, pairs = facts.Learned(), []
    for request in asked:
        rows, shells = truth[victims[request.dst]]
        line = ' '.join(request.line.split(' ')[:2])
        queue = rows.get((request.src, request.sport, line.rstrip('?')), [])
        row = queue.pop(0) if queue else None
        script = sent.get((request.src, request.sport, line), [])
        steps = [s for s in shells if row and row['pid'] in s[1] and row['start'] - 0.05 <= s[0] <= row.get('end', 0) + 0.05]
        pairs.append((request, kind_of(request, script.pop(0) if script else None, default), row, steps))
        learned.learn(request, row)
    return [json.dumps(labelled(request, cls, row, steps, contacts, learned)) for request, cls, row, steps in pairs]
