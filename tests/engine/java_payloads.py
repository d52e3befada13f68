#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests that others collected with Java's expressions and code in them: what of them is found, and whether what it is
expected to leave is what a scanner's matcher looks for.

usage: java_payloads.py KONSEKI TEMPLATES.json.zst [--show]
Prints one line of shares; --show also what was not found or does not match. Exit 1 where there is nothing to read.
"""
import json, re, subprocess, sys
from urllib.parse import unquote

HOST, COLLABORATOR = 'www.example.org', 'q7x2k9.oast.example.net'
# what makes a request one of these: words of the platform, as code has them
JAVA = re.compile(r'getRuntime\s*\(|ProcessBuilder\s*[(\["]|T\s*\(java|@java\.|freemarker\.template|#set\s*\(|_memberAccess|\.execute\(\)|InetAddress\)?\.getByName|forName\(|ShellSession|groovy.{0,40}(?:println|execute)|OgnlContext|GroovyShell', re.I)
# what is no expression but an object of a serialiser, which another room evaluates
OBJECT = re.compile(r'<(?:java\.|sorted-set|map>|org\.|linked-hash-set|jdk\.)|CREATE ALIAS|jndi:', re.I)


def fill(text):
    numbers = iter(range(1, 99))
    text = text.replace('{{BaseURL}}', '').replace('{{Hostname}}', HOST).replace('{{interactsh-url}}', COLLABORATOR).replace('{{revstr}}', 'zq9v3k').replace('{{cmd}}', 'nslookup ' + COLLABORATOR)
    text = re.sub(r'\{\{(?:rand_int\(.*?\)|num\w*)\}\}', lambda m: str(44137 + 211 * next(numbers)), text)
    return re.sub(r'\{\{[\w.()\- ,\'"]+\}\}', 'k3v9qz', text)


def request_bytes(text):
    lines = [l for l in fill(text).split('\n')]
    while lines and lines[0].startswith('@'):
        lines.pop(0)
    if lines and not re.search(r' HTTP/1', lines[0]):
        lines[0] += ' HTTP/1.1'
    try:
        cut = lines.index('')
    except ValueError:
        cut = len(lines)
    head, body = lines[:cut], '\n'.join(lines[cut + 1:])
    if body.startswith('Content-Type') is False and body and not any(l.lower().startswith('content-type') for l in head):
        head.append('Content-Type: application/x-www-form-urlencoded')
    if not any(l.lower().startswith('host:') for l in head):
        head.insert(1, f'Host: {HOST}')
    return ('\r\n'.join(head) + '\r\n\r\n' + body).encode()


def ask(konseki, arguments, given):
    out = subprocess.run([konseki] + arguments + ['-'], input=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return [json.loads(l) for l in out.decode('utf-8', 'replace').splitlines() if l.startswith('{')]


def codes_of(konseki, request):
    found = []
    for line in ask(konseki, ['extract', '--json'], request):
        for code in line.get('codes') or line.get('attack_code') or [line]:
            if code.get('class') in ('template', 'java') or code.get('language') in ('template', 'java'):
                found.append((code['language'], code.get('text', '')))
    return found


def matches(matcher, output, traces):
    """Does the matcher's text stand in what is expected? None: it asks for something else."""
    part = matcher.get('part') or 'body'
    if 'interactsh' in part or 'interactsh' in json.dumps(matcher.get('dsl', [])):
        return any(t['kind'] in ('dns', 'fetch', 'connect') and COLLABORATOR in t['pattern'].replace('\\', '') for t in traces)
    if matcher['type'] == 'regex':
        return any(re.search(r, output) for r in matcher.get('regex', []))
    if matcher['type'] == 'word':
        return any(fill(w) in output for w in matcher.get('words', []))
    if matcher['type'] == 'dsl':
        shown = [w for d in matcher.get('dsl', []) for call in re.findall(r'contains\w*\(body[^)]*\)', d) for w in re.findall(r'"([^"]+)"', call)]
        return any(re.sub(r'<.*', '', fill(w)) in output for w in shown if re.sub(r'<.*', '', w))
    return None


def main():
    konseki, path = sys.argv[1:3]
    show = '--show' in sys.argv
    templates = json.loads(subprocess.run(['zstdcat', path], stdout=subprocess.PIPE, check=True).stdout)
    asked = found = left = matched = 0
    for template in templates:
        best = None
        for text in template['reqs']:
            plain = unquote(unquote(text))
            if not JAVA.search(plain) or OBJECT.search(plain):
                continue
            codes = codes_of(konseki, request_bytes(text))
            output, traces = '', []
            for language, code in codes:
                for report in ask(konseki, ['emulate', '--json', '--language', language], code.encode()):
                    traces += report['traces']
                    output += '\n'.join(p.get('output', '') for p in report['profiles']) + '\n'.join(t.get('text', '') for t in report['traces'])
            result = (bool(codes), bool(traces), any(matches(m, output, traces) for m in template['ms']))
            best = result if best is None or sum(result) > sum(best) else best
        if best is None:
            continue
        asked, found, left, matched = asked + 1, found + best[0], left + best[1], matched + best[2]
        if show and not all(best):
            print(template['id'], 'no code' if not best[0] else 'no trace' if not best[1] else 'no match')
    print(f'{asked} attacks: code found in {found}, traces of {left}, what the matcher looks for in {matched}')
    return 0 if asked > 0 else 1


sys.exit(main())
