#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""config/README.md and tests/schema name the same keys of every JSON output.

usage: documented.py ROOT
A section of the README names its schema in its heading; each property of that schema stands in it, in backticks, and each word in
backticks of its tables is a property of some schema (or a value that one lists).
"""
import json, os, re, sys

SECTION = re.compile(r'^### .*\((\w+\.json)\)$', re.M)
WORD = re.compile(r'`([a-z][a-z0-9_]*)`')
# commands and the shared ending, not keys
OTHER = {'konseki', '_base64'}


def walk(schema, properties, values):
    if isinstance(schema, list):
        for part in schema:
            walk(part, properties, values)
    elif isinstance(schema, dict):
        properties |= set(schema.get('properties', {})) | set(schema.get('required', []) if isinstance(schema.get('required'), list) else [])
        values |= {v for v in schema.get('enum', []) if isinstance(v, str)}
        for part in schema.values():
            walk(part, properties, values)


def named(word, text):
    """A key is named as it is; one in base64 by the word without that ending."""
    return f'`{word}`' in text or (word.endswith('_base64') and f'`{word[:-len("_base64")]}`' in text)


def main():
    root = sys.argv[1]
    with open(os.path.join(root, 'config', 'README.md')) as file:
        readme = file.read()
    begin = readme.index('## Every JSON output')
    found = list(SECTION.finditer(readme, begin))
    sections = {m[1]: readme[m.start():n.start() if n else len(readme)] for m, n in zip(found, found[1:] + [None])}
    told, every, values = [], set(), set()
    for name in sorted(os.listdir(os.path.join(root, 'tests', 'schema'))):
        properties = set()
        with open(os.path.join(root, 'tests', 'schema', name)) as file:
            walk(json.load(file), properties, values)
        every |= properties
        if name not in sections:
            told.append(f'config/README.md: no section for {name}')
            continue
        # what a trace is stands with the alerts
        text = sections[name] + (sections.get('alert.json', '') if '`traces`' in sections[name] else '')
        told += [f'config/README.md: {name} has `{p}`' for p in sorted(properties) if not named(p, text)]
    for name, text in sections.items():
        rows = ''.join(line + '\n' for line in text.splitlines() if line.startswith('|'))
        told += [f'config/README.md: no schema has `{w}` ({name})' for w in sorted(set(WORD.findall(rows)) - every - values - OTHER)]
    print('\n'.join(told) or f'{len(every)} keys of {len(sections)} outputs are documented')
    return 1 if told or not sections else 0


sys.exit(main())
