#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Handlebars and Nunjucks as the emulated servers' Node has them beside the real ones: the same templates through both.

usage: page_engine.py EMULATED PROFILE handlebars|nunjucks [--count N] [--seed S] [--show N] [--library FOLDER]
EMULATED is tests/native's program. Fails below 99 % equal, blanks and line ends aside (traces do not count them). An error of one
side must be one of the other.
"""
import argparse, os, subprocess, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import page_grammar

EQUAL, SKIP = 0.99, 77
HERE = os.path.dirname(os.path.abspath(__file__))
ENGINES = { # the byte by which emu/server/node/pages.py knows it, where Debian has it
    'handlebars': (b'\x02', page_grammar.Handlebars, '/usr/share/javascript/handlebars/handlebars.js'),
    'nunjucks': (b'\x03', page_grammar.Nunjucks, '/usr/share/nodejs/nunjucks'),
}


def skip(why):
    print(f'skipped: {why}')
    sys.exit(SKIP)


def real(engine, library, templates):
    command = ['node', os.path.join(HERE, 'drivers', 'page_driver.js'), engine, library]
    env = dict(os.environ, NODE_PATH=os.environ.get('NODE_PATH', '/usr/share/nodejs'))
    try:
        done = subprocess.run(command, input=''.join(t.encode().hex() + '\n' for t in templates).encode(), env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except FileNotFoundError:
        skip('no Node here')
    if done.returncode != 0:
        skip(f'no {engine} here')
    return [(line[0], bytes.fromhex(line[2:])) for line in done.stdout.decode().splitlines()]


def emulated(binary, profile, mark, templates):
    done = subprocess.run([binary, profile, 'node'], input=b''.join(mark + t.encode() + b'\0' for t in templates), stdout=subprocess.PIPE, check=True)
    return [(line.split(b' ')[0], bytes.fromhex(line.rpartition(b' ')[2].decode())) for line in done.stdout.splitlines()]


def main():
    p = argparse.ArgumentParser()
    p.add_argument('binary')
    p.add_argument('profile')
    p.add_argument('engine', choices=ENGINES)
    p.add_argument('--count', type=int, default=300)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--show', type=int, default=10)
    p.add_argument('--library')
    a = p.parse_args()
    mark, grammar, library = ENGINES[a.engine]
    library = a.library or library
    if not os.path.exists(library):
        skip(f'no {a.engine} here')
    g = grammar(a.seed)
    templates = [g.template() for _ in range(a.count)]
    theirs, ours = real(a.engine, library, templates), emulated(a.binary, a.profile, mark, templates)
    assert len(theirs) == len(ours) == a.count, f'{len(theirs)} and {len(ours)} answers to {a.count}'
    equal = errors = 0
    for template, (kind, text), (status, mine) in zip(templates, theirs, ours):
        same = (kind == 'e') == (status != b'0') and (kind == 'e' or b''.join(text.split()) == b''.join(mine.split()))
        equal += same
        errors += same and kind == 'e'
        if not same and a.show > 0:
            a.show -= 1
            print(f'# {template!r}\n#   engine {kind} {text!r}\n#   ours   {status.decode()} {mine!r}')
    print(f'{a.engine}, seed {a.seed}: {equal} of {a.count} templates equal ({100 * equal / a.count:.2f} %), {errors} of them errors on both sides')
    sys.exit(0 if equal >= EQUAL * a.count else 1)


main()
