#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line of replay: the table for people, JSON that fits its schema, exit codes, any folder, nothing left behind.

usage: command.py BUILD
"""
import glob, json, os, re, subprocess, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki, schema
from tap import Tap

ROW = re.compile(r'^\S.*\b(success|failure|unknown)\b.*\b(high|medium|low)\b', re.M)


def ours():
    """Processes of this build, shared memory and temporary files that might be ours."""
    running = []
    for link in glob.glob('/proc/[0-9]*/exe'):
        try:
            if os.readlink(link).startswith(konseki.BUILD + '/'):
                running.append(link)
        except OSError:
            pass
    return running, sorted(glob.glob('/dev/shm/*')), sorted(f for f in glob.glob('/tmp/*') if 'konseki' in f or 'dpdk' in f)


def check_table(tap, conf):
    paths = [konseki.capture(n) for n in ('shellshock-ping', 'apache-traversal-shell')]
    records, _ = konseki.replay(paths, conf)
    _, done = konseki.replay(paths, conf, json_lines=False)
    text = done.stdout.decode()
    rows = ROW.findall(text)
    tap.equal(rows, [(r['triage']['verdict'], r['triage']['priority']) for r in records or []], 'the table has a row a record, in its order')
    lines = text.splitlines()
    tap.ok(lines and re.search(r'time.*alert.*source.*destination.*verdict.*priority', lines[0], re.I), 'the table has its heads', text[:400])
    tap.ok(max(map(len, lines), default=0) < 400, 'no line of the table is endless')
    tap.ok('10.246.50.6' in text and '10.246.50.2' in text, 'the table names both sides', text[:600])
    tap.ok(not re.search(r'[\x00-\x08\x0b-\x1f\x7f]', text), 'no byte of an attack reaches the terminal as it is')


def check_readme(tap, conf):
    """The picture in README.md is really printed; how wide the columns are hangs on all rows, so blanks and cut alerts may differ."""
    _, done = konseki.replay(konseki.captures(), conf, json_lines=False)
    words = lambda line: [w for w in line.split('  ') if w.strip() and '…' not in w]
    told = [[w.strip() for w in words(line)] for line in done.stdout.decode().splitlines()]
    with open(os.path.join(konseki.ROOT, 'README.md')) as file:
        picture = file.read().split('Some of what it prints:')[1].split('\n\n')[1]
    block = [line[4:] for line in picture.splitlines() if re.match(r'    (TIME |\d{4}-| {4}\w)', line)]
    missing = [line for line in block if [w.strip() for w in words(line)] not in told]
    tap.ok(len(block) > 6 and not missing, 'the picture in README.md is what is printed', missing or block)


def check_schema(tap, records):
    schema.check(tap, 'alert', records, 'replay --json', dict(records[0], triage={}))
    tap.equal(len({r['triage']['id'] for r in records}), len(records), 'no two records have one id')
    tap.ok(all(r['triage']['final'] for r in records), 'replay prints final records only')


def check_folders(tap, conf):
    name = konseki.capture('shellshock-ping')
    _, here = konseki.replay([name], conf)
    done = konseki.konseki('replay', '-c', conf, '--json', name, cwd='/')
    tap.ok(done.stdout == here.stdout and here.stdout, 'the same from another folder', done.stderr.decode(errors='replace'))
    done = konseki.konseki('replay', '-c', conf, '--json', os.path.basename(name), cwd=konseki.CAPTURES)
    tap.ok(done.stdout == here.stdout, 'a relative name is relative to where one stands', done.stderr.decode(errors='replace'))


def check_exits(tap, conf):
    for words, code, what in ((['replay', '-c', conf], 2, 'no capture'), (['replay', '--nonsense'], 2, 'an unknown option'),
                              (['replay', '-c', '/nowhere/konseki.conf', konseki.capture('benign')], None, 'a config that is not there')):
        done = konseki.konseki(*words)
        fits = done.returncode == code if code else done.returncode in (1, 2, 3)
        tap.ok(fits and done.stderr and not done.stdout, f'{what}: exit {code or "1, 2 or 3"} and one line on stderr',
               f'{done.returncode} {done.stderr[-300:]}')
    _, done = konseki.replay([konseki.capture('benign')], conf)
    tap.ok(done.returncode == 0 and not done.stdout, 'nothing to tell is exit 0 and no output', f'{done.returncode} {done.stdout[:500]}')


def check_ordinary_user(tap, conf, folder):
    """Anyone may replay: no root, no hugepages."""
    if os.getuid() != 0:
        tap.skip('an ordinary user can replay', 'this is an ordinary user already')
        return
    os.chmod(folder, 0o777)
    user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'env', 'HOME=/nonexistent']
    if subprocess.run([*user, 'test', '-r', konseki.capture('shellshock-ping'), '-a', '-x', konseki.KONSEKI]).returncode:
        tap.skip('an ordinary user can replay', 'other users cannot read this folder')
        return
    fresh = konseki.config(konseki.scratch())
    os.chmod(os.path.dirname(fresh), 0o777)
    _, root = konseki.replay([konseki.capture('shellshock-ping')], conf)
    done = subprocess.run([*user, konseki.KONSEKI, 'replay', '-c', fresh, '--json', konseki.capture('shellshock-ping')],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=konseki.TIMEOUT)
    tap.ok(done.stdout == root.stdout and done.returncode == 0, 'an ordinary user can replay, with the same result',
           f'exit {done.returncode} {done.stderr.decode(errors="replace")[-800:]}')


def main():
    tap = Tap()
    before = ours()
    folder = konseki.scratch()
    conf = konseki.config(folder)
    records, done = konseki.replay(konseki.captures(), conf)
    tap.ok(records, 'there are records', done.stderr.decode(errors='replace'))
    check_table(tap, conf)
    check_readme(tap, conf)
    check_schema(tap, records or [])
    check_folders(tap, conf)
    check_exits(tap, conf)
    check_ordinary_user(tap, conf, folder)
    time.sleep(0.5)
    after = ours()
    for what, old, new in zip(('process', 'shared memory', 'temporary file'), before, after):
        left = [n for n in new if n not in old and 'konseki-test.' not in n]
        tap.ok(not left, f'no {what} is left behind', left)
    tap.done()


main()
