# SPDX-License-Identifier: GPL-2.0-or-later
"""Verdicts beside labels: which record belongs to which request, and whether it is right."""
import collections, datetime, json, subprocess, sys

ANSWERS = ('success', 'failure', 'unknown', 'none')
NEAR = 0.02  # seconds
KINDS = ('executed, seen', 'executed, unseen', 'not executed', 'recon', 'benign')


def records_of(konseki, config, capture):
    done = subprocess.run([konseki, 'replay', '-c', config, '--json', capture], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=1800)
    if done.returncode not in (0, 1):
        sys.exit(f'{capture}: konseki ended with {done.returncode}: {done.stderr.decode(errors="replace")[-300:]}')
    return [r for r in (json.loads(line) for line in done.stdout.decode(errors='replace').splitlines() if line.startswith('{')) if 'triage' in r]


def at(record):
    return datetime.datetime.fromisoformat(record['timestamp'].replace('Z', '+00:00')).timestamp()


def joined(records, labels):
    """Gives every label its record: of the same connection and request line, the nearest in time."""
    by_request = collections.defaultdict(list)
    for record in records:
        http = record.get('http') or {}
        by_request[record['src_ip'], record['src_port'], f'{http.get("http_method", "")} {http.get("url", "")}' if http else ''].append(record)
    for label in labels:
        line = ' '.join(label['request_line'].split(' ')[:2])
        mine = by_request.get((label['src'], label['sport'], line)) or by_request.get((label['src'], label['sport'], '')) or []
        # both tell the packet that completed the request
        best = min((r for r in mine if abs(at(r) - label['ts']) < NEAR), key=lambda r: abs(at(r) - label['ts']), default=None)
        if best is not None:
            mine.remove(best)
        label['record'] = best


def kind_of(label):
    if label['class'] in ('benign', 'recon'):
        return label['class']
    return 'not executed' if not label['executed'] else 'executed, seen' if label['observable'] else 'executed, unseen'


def answer_of(label):
    return label['record']['triage']['verdict'] if label['record'] else 'none'


def wrong(label):
    kind, answer = kind_of(label), answer_of(label)
    return {'executed, seen': answer != 'success', 'executed, unseen': answer in ('failure', 'none'), 'not executed': answer == 'success'}.get(kind, answer in ('success',) or kind == 'benign' and answer != 'none')
