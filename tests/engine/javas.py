#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""emu/expression beside the libraries whose languages it knows: expressions by chance, evaluated by both.

usage: javas.py JAVAS LANGUAGE [--count N] [--seed SEED] [--show N]
Prints what differs and the share that is equal or refused by name. Exit 1 below 99 %; 77 where Java or the library is missing.
"""
import argparse, os, random, re, shutil, subprocess, sys, tempfile

from java_grammar import texts

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'java')
# language: class of tests/engine/java, jars that it needs, arguments of ours
ENGINES = {
    'spel': ('Spel', ['spring3-expression', 'spring3-core', 'commons-logging'], ['spel', 'whole']),
    'ognl': ('OgnlEngine', ['ognl', 'javassist?'], ['ognl', 'whole']),
    'el': ('El', ['tomcat9-el-api', 'tomcat9-jasper-el'], ['el', 'whole']),
    'mvel': ('Mvel', ['mvel2'], ['mvel', 'whole']),
    'groovy': ('GroovyEngine', ['groovy-all'], ['java', 'whole']),
    'freemarker': ('Freemarker', ['freemarker'], ['freemarker']),
    'velocity': ('Velocity', ['velocity', 'commons-lang', 'commons-collections3'], ['velocity']),
}
ENOUGH = 0.99


def classpath(jars):
    found = []
    for jar in jars:
        path = f'/usr/share/java/{jar.rstrip("?")}.jar'
        if os.path.exists(path):
            found.append(path)
        elif not jar.endswith('?'):
            return None
    return found


def run(command, given):
    out = subprocess.run(command, input=b''.join(t.encode() + b'\0' for t in given), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return out.decode('utf-8', 'replace').split('\0')[:-1]


def same_real(their, our):
    """Java before 19 prints some doubles with a digit more than need be; the number must be the same."""
    real = r'= -?\d+\.\d+(E-?\d+)?'
    return bool(re.fullmatch(real, their) and re.fullmatch(real, our)) and float(their[2:]) == float(our[2:])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('javas')
    parser.add_argument('language', choices=sorted(ENGINES))
    parser.add_argument('--count', type=int, default=5000)
    parser.add_argument('--seed', default='1')
    parser.add_argument('--show', type=int, default=20)
    options = parser.parse_args()
    engine, jars, ours = ENGINES[options.language]
    paths = classpath(jars)
    if shutil.which('javac') is None or paths is None:
        print(f'SKIP {options.language}: no javac, or not all of {" ".join(jars)} in /usr/share/java')
        return 77
    given = texts(options.language, random.Random(f'{options.language} {options.seed}'), options.count)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(['javac', '-nowarn', '-proc:none', '-Xlint:none', '-cp', ':'.join(paths), '-d', folder, os.path.join(HERE, 'Engine.java'), os.path.join(HERE, engine + '.java')],
                       check=True, stderr=subprocess.DEVNULL)
        theirs = run(['java', '-Xshare:auto', '-cp', ':'.join([folder] + paths), engine], given)
    # what a text is, is told by its looks: Groovy's must look so
    mine = run([options.javas] + ours, ['/*groovy*/ ' + t for t in given] if options.language == 'groovy' else given)
    if len(theirs) != len(given) or len(mine) != len(given):
        print(f'FAIL {options.language}: {len(given)} expressions, {len(theirs)} answers of the library, {len(mine)} of ours')
        return 1
    equal = refused = errors = shown = 0
    for text, their, our in zip(given, theirs, mine):
        same = their == our or (their[0] == our[0] == '?') or same_real(their, our)
        equal += same
        errors += same and their[0] == '?'
        refused += our[0] == '!'
        if not same and our[0] != '!' and shown < options.show:
            shown += 1
            print(f'{text}\n  library: {their}\n  ours:    {our}')
    share = (equal + refused) / len(given)
    print(f'{options.language}: {len(given)} expressions of seed {options.seed}: {equal} equal ({errors} of them errors), {refused} refused, {len(given) - equal - refused} other: {share:.2%}')
    return 0 if share >= ENOUGH and refused < len(given) / 20 else 1


sys.exit(main())
