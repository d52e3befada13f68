#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What konseki show tells of an appliance whose port is silent: every subject, in both forms; before and after it ran.

usage: show.py BUILD
"""
import json, os, subprocess, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki, schema
from tap import Tap

SUBJECTS = ('ports', 'lanes', 'flows', 'queue', 'rules', 'profiles', 'health')
NOT_YET = ('iocs',)


def show(conf, *words):
    return konseki.konseki('show', *words, '-c', conf)


def check_silent(tap, conf, when):
    """Nobody answers: one line that says what to do."""
    for subject in ('alerts', 'block') + SUBJECTS:
        done = konseki.konseki('block', 'list', '-c', conf) if subject == 'block' else show(conf, subject)
        tap.ok(done.returncode == 3 and not done.stdout and b'konseki run' in done.stderr and len(done.stderr.splitlines()) == 1,
               f'show {subject} {when}: exit 3 and what to do', done)


def check_subjects(tap, conf):
    for subject in SUBJECTS:
        done = show(conf, subject, '--json')
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        tap.equal(done.returncode, 0, f'show {subject} --json')
        schema.check(tap, 'show', lines, f'show {subject} --json', {'nonsense': 1}, part=subject)
        plain = show(conf, subject)
        names = [key for line in lines for key in line]
        tap.ok(plain.returncode == 0 and all(key.encode() in plain.stdout for key in names), f'show {subject} tells the same to people', plain)
    for subject in NOT_YET:
        done = show(conf, subject)
        tap.ok(done.returncode == 3 and len(done.stderr.splitlines()) == 1, f'show {subject}: not in this version: exit 3 and one line', done)
    done = show(conf, 'alerts', '--json')
    tap.equal((done.returncode, done.stdout, done.stderr), (0, b'', b''), 'show alerts: none yet')
    tap.ok({p['profile'] for p in map(json.loads, show(conf, 'profiles', '--json').stdout.splitlines())} ==
           {n for n in os.listdir(os.path.join(konseki.ROOT, 'emu', 'profiles')) if os.path.isdir(os.path.join(konseki.ROOT, 'emu', 'profiles', n))},
           'show profiles names the folders that are there')


def check_block(tap, conf):
    """On a tap a block stops nothing, and that is said."""
    done = konseki.konseki('block', 'add', '198.51.100.7', '-c', conf, '--json')
    tap.ok(done.returncode == 0 and json.loads(done.stdout)['in_force'] is False and b'on a tap nothing is stopped' in done.stderr, 'block add on a tap: said', done)
    done = konseki.konseki('block', 'list', '-c', conf)
    tap.ok(done.returncode == 0 and b'198.51.100.7' in done.stdout and b'on a tap' in done.stderr, 'block list on a tap: said', done)
    tap.equal(konseki.konseki('block', 'remove', '--all', '-c', conf).returncode, 0, 'block remove')


def check_follow(tap, conf):
    """Asked again and again, until interrupted; ends when the appliance does."""
    follow = subprocess.Popen([konseki.KONSEKI, 'show', 'queue', '--json', '--follow', '-c', conf], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    lines = [follow.stdout.readline() for _ in range(2)]
    follow.terminate()
    follow.wait(10)
    tap.ok(all(json.loads(line)['workers'] == 1 for line in lines), 'show queue --follow goes on', lines)
    return subprocess.Popen([konseki.KONSEKI, 'show', 'alerts', '--json', '--follow', '-c', conf], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def main():
    tap = Tap()
    folder = konseki.scratch()
    conf = konseki.config(folder, dataplane='memory_mb = 64; ports = ( { name = "none"; device = "net_null0"; } );', workers=1)
    check_silent(tap, conf, 'before anything ran')
    run = subprocess.Popen([konseki.KONSEKI, 'run', '-c', conf], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    line = run.stderr.readline()
    tap.ok(line.startswith(b'konseki run: up with 1 lane and 1 worker'), 'konseki run says when it is up', line)
    check_subjects(tap, conf)
    check_block(tap, conf)
    follower = check_follow(tap, conf)
    time.sleep(0.3)
    tap.ok(follower.poll() is None, 'show alerts --follow waits for alerts')
    run.terminate()
    _, said = run.communicate(timeout=20)
    tap.ok(run.returncode == 0 and all(b'blocked' in line for line in said.splitlines()), 'SIGTERM ends konseki run without a word', said)
    out, said = follower.communicate(timeout=10)
    tap.equal((follower.returncode, out, said), (0, b'', b''), 'and a follower with it')
    done = show(conf, 'alerts')
    tap.equal((done.returncode, done.stdout, done.stderr), (0, b'', b''), 'show alerts reads the store when nothing runs')
    conf = konseki.config(konseki.scratch())
    done = konseki.konseki('run', '-c', conf)
    tap.ok(done.returncode == 3 and f'dataplane.ports in {conf}'.encode() in done.stderr and len(done.stderr.splitlines()) == 1,
           'a config without ports: konseki run says which key', done)
    tap.done()


main()
