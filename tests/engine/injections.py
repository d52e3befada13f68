#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Injected SQL that others collected, in requests: how much of it is found, and which ordinary texts are taken for it.

usage: injections.py INJECTED FOLDER [--every N] [--show]
FOLDER holds libinjection/ (sqli-*.txt, false_positives.txt) and crs-tests.tar.zst (OWASP core rule set, its SQL rules' tests: what a
rule must match is an attack unless another test says the contrary of the same request; what it must not match may be one all the same,
so those are printed, and only counted). Skips where there is no such folder. Fails below what it found when it was written.
"""
import argparse, glob, io, os, subprocess, sys, tarfile, urllib.parse

FOUND, ORDINARY = 0.96, 0.005


def texts(pattern, decoded=True):
    found = []
    for path in sorted(glob.glob(pattern)):
        for line in open(path, encoding='latin-1'):
            line = line.rstrip('\n')
            if line and not line.startswith('#'):
                found.append(urllib.parse.unquote_to_bytes(line.replace('+', ' ')) if decoded else line.encode('latin-1'))
    return found


def requests_of(values):
    return [b'GET /list?item=' + urllib.parse.quote_from_bytes(v, safe='').encode() + b' HTTP/1.1\r\nHost: shop\r\n\r\n' for v in values]


def core_rules(path):
    """(attacks, look-alikes) as requests."""
    import yaml
    packed = subprocess.run(['zstd', '-dc', path], stdout=subprocess.PIPE, check=True).stdout
    attacks, others = [], []
    for member in tarfile.open(fileobj=io.BytesIO(packed)):
        if '942-' not in member.name or not member.name.endswith('.yaml'):
            continue
        for test in yaml.safe_load(tarfile.open(fileobj=io.BytesIO(packed)).extractfile(member.name))['tests']:
            for stage in test['stages']:
                request, log = stage['input'], stage['output'].get('log', {})
                if 'encoded_request' in request or request.get('uri') is None:
                    continue
                body = (request.get('data') or '').encode()
                headers = dict(request.get('headers') or {})
                head = f'{request.get("method", "GET")} {request["uri"]} HTTP/1.1\r\n'
                head += ''.join(f'{k}: {v}\r\n' for k, v in headers.items() if k.lower() != 'content-length')
                (attacks if 'expect_ids' in log else others).append(head.encode() + b'\r\n' + body)
    return attacks, others


def found_in(program, requests):
    frames = b''.join(b'%d\n' % len(r) + r for r in requests)
    out = subprocess.run([program], input=frames, stdout=subprocess.PIPE, check=True).stdout.split()
    assert len(out) == len(requests)
    return [n != b'0' for n in out]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('folder')
    parser.add_argument('--every', type=int, default=1)
    parser.add_argument('--show', action='store_true')
    a = parser.parse_args()
    lists = os.path.join(a.folder, 'libinjection')
    if not glob.glob(os.path.join(lists, 'sqli-*.txt')):
        print(f'skipped: no lists in {lists}')
        return 77
    sets = [('attacks of libinjection\'s lists', requests_of(texts(os.path.join(lists, 'sqli-*.txt'))[::a.every]), True),
            ('ordinary texts of its list', requests_of(texts(os.path.join(lists, 'false_positives.txt'), False) +
                                                        texts(os.path.join(lists, 'false_positives.txt'))), False)]
    try:
        attacks, others = core_rules(os.path.join(a.folder, 'crs-tests.tar.zst'))
        sets += [('requests that a core rule must match', attacks[::a.every], None), ('requests that a core rule must not match', others, None)]
    except (ImportError, OSError, subprocess.CalledProcessError) as error:
        print(f'no core rules: {error}')
    failed = False
    for name, requests, wanted in sets:
        found = found_in(a.program, requests)
        share = sum(found) / len(found)
        print(f'{sum(found)} of {len(found)} ({100 * share:.2f} %) {name}')
        failed |= wanted is True and share < FOUND or wanted is False and share > ORDINARY
        for request, hit in zip(requests, found):
            if a.show and hit != (name.endswith('must match') or wanted is True):
                print(f'  {request.decode("latin-1")[:300]!r}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
