#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Our evaluators of templates beside the real engines: the same templates through both.

usage: template_engine.py TEMPLATES jinja2|twig|smarty [--count N] [--seed S] [--show N]
TEMPLATES is the test program that prints what emu/template says. Fails where fewer than 99 % of what was not refused are
equal, or 5 % or more are refused.
"""
import argparse, collections, os, subprocess, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import template_grammar

EQUAL, REFUSED = 0.99, 0.05
SKIP = 77
HERE = os.path.dirname(os.path.abspath(__file__))


def skip(why):
    print(f'skipped: {why}')
    sys.exit(SKIP)


def through(command, templates):
    """Each driver reads a template in hex a line and prints "v HEX" or "e MESSAGE"."""
    text = ''.join(t.encode().hex() + '\n' for t in templates)
    return subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode('latin-1').splitlines()


def jinja2(templates):
    for python in ('/usr/bin/python3', sys.executable):
        if os.access(python, os.X_OK) and subprocess.run([python, '-c', 'import jinja2'], stderr=subprocess.DEVNULL).returncode == 0:
            return through([python, os.path.join(HERE, 'drivers', 'jinja2_driver.py')], templates)
    skip('no Jinja2 here')


def by_php(name, library):
    def run(templates):
        if not os.path.exists(library) or subprocess.run(['php', '-v'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
            skip(f'no {name} here')
        return through(['php', os.path.join(HERE, 'drivers', f'{name}_driver.php'), library], templates)
    return run


ENGINES = {
    'jinja2': (jinja2, 'Jinja2'),
    'twig': (by_php('twig', '/usr/share/php/Twig/autoload.php'), 'Twig'),
    'smarty': (by_php('smarty', '/usr/share/php/smarty4/Smarty.class.php'), 'Smarty'),
}


def compare(theirs, ours, templates, show):
    count, refused = collections.Counter(), collections.Counter()
    for template, real, mine in zip(templates, theirs, ours):
        if mine[0] in 'rb':
            count['refused'] += 1
            refused[mine] += 1
            continue
        same = real == mine if mine[0] == 'v' else real[0] == 'e'
        count['equal' if same else 'different'] += 1
        count['errors'] += same and mine[0] != 'v'
        count['messages'] += same and mine[0] != 'v' and bytes.fromhex(mine[2:]).decode(errors='replace') in bytes.fromhex(real[2:]).decode(errors='replace')
        if not same and count['different'] <= show:
            print(f'# {template!r}\n#   engine {real[0]} {bytes.fromhex(real[2:])!r}\n#   ours   {mine[0]} {bytes.fromhex(mine[2:])!r}')
    return count, refused


def main():
    p = argparse.ArgumentParser()
    p.add_argument('binary')
    p.add_argument('engine', choices=ENGINES)
    p.add_argument('--count', type=int, default=500)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--show', type=int, default=10)
    a = p.parse_args()
    engine, language_grammar = ENGINES[a.engine]
    g = getattr(template_grammar, language_grammar)(a.seed)
    templates = [g.template() for _ in range(a.count)]
    theirs, ours = engine(templates), through([a.binary, a.engine], templates)
    assert len(theirs) == len(ours) == a.count, f'{len(theirs)} and {len(ours)} answers to {a.count}'
    count, refused = compare(theirs, ours, templates, a.show)
    judged = count['equal'] + count['different']
    print(f"{a.engine}, seed {a.seed}: {a.count} templates, {count['refused']} refused ({100 * count['refused'] / a.count:.2f} %), {count['equal']} of {judged} equal "
          f"({100 * count['equal'] / max(judged, 1):.2f} %), {count['errors']} of them errors on both sides, {count['messages']} with the same message")
    if refused:
        print('refused: ' + ', '.join(f'{what[2:] or "bound"} {n}' for what, n in refused.most_common(12)))
    sys.exit(0 if judged and count['equal'] >= EQUAL * judged and count['refused'] < REFUSED * a.count else 1)


main()
