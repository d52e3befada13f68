#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""konseki config, typed: what is committed, shown, compared, taken back, and what a bad candidate cannot harm.

usage: config.py BUILD
"""
import fcntl, hashlib, json, os, random, re, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki, schema
from tap import Tap

RULE = 'alert http any any -> any any (msg:"a"; http.uri; content:"x"; sid:1;)\n'


class World:
    def __init__(self):
        self.folder = konseki.scratch()
        self.conf = os.path.join(self.folder, 'k.conf')
        self.write('rules/a.rules', RULE)
        self.write('more.conf', 'privacy = { mask_outside = false; };\n')
        self.window(60)

    def at(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.at(name)), exist_ok=True)
        with open(self.at(name), 'w') as file:
            file.write(text)

    def read(self, name):
        with open(self.at(name)) as file:
            return file.read()

    def window(self, seconds, more=''):
        self.write('k.conf', f'@include "more.conf"\nrules = {{ files = [ "rules/a.rules" ]; }};\njudging = {{ window_s = {seconds}; }};\n'
                   f'emulation = {{ profiles = "{konseki.ROOT}/emu/profiles"; }};\nstore = {{ folder = "state"; }};\n{more}')

    def config(self, *words):
        done = konseki.konseki('config', *words, '-c', self.conf)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def json(self, *words):
        return [json.loads(line) for line in self.config(*words, '--json')[1].splitlines()]


def check_first(tap, w):
    tap.ok(w.config('history')[0] == 1 and w.config('diff')[0] == 3 and w.config('rollback')[0] == 1, 'nothing is committed yet: said by exit codes')
    shown = w.json('show')
    tap.ok('number' not in shown[0] and shown[0]['files'][0]['text'] == w.read('k.conf'), 'show without versions: the candidate')
    schema.check(tap, 'version', shown, 'the candidate', broken={'files': []})
    code, out, said = w.config('commit', 'confirmed', '5')
    tap.ok(code == 1 and 'no version to go back to' in said, 'the first one cannot go back', said)
    w.window(60, 'nonsense = { };\n')
    code, out, said = w.config('commit')
    tap.ok(code == 1 and f'{w.conf}:6: unknown key nonsense' in said and not os.path.exists(w.conf + '.versions/1'), 'a bad candidate: its line, exit 1, nothing stored', said)
    w.window(60)
    w.write('rules/a.rules', RULE + 'nonsense\n')
    code, out, said = w.config('commit')
    tap.ok(code == 1 and f'{w.folder}/rules/a.rules:2: ' in said and not os.path.exists(w.conf + '.versions/1'), 'a bad rule likewise', said)
    w.write('rules/a.rules', RULE)
    code, out, said = w.config('commit', '-m', 'größer, "besser"', '--author', 'ann')
    tap.ok(code == 0 and 'version 1 is in force' in out and not said, 'commit', out + said)
    code, out, said = w.config('commit')
    tap.ok(code == 0 and 'nothing to commit' in out, 'again: there is nothing to commit', out + said)


def check_told(tap, w):
    shown, listed = w.json('show'), w.json('history')
    schema.check(tap, 'version', shown + listed, 'a version', broken=dict(listed[0], author=''))
    one = shown[0]
    tap.equal((one['number'], one['author'], one['reason'], one['parent'], one['in_force']), (1, 'ann', 'größer, "besser"', 0, True), 'who and why')
    tap.equal([(f['path'], f['role']) for f in one['files']], [('k.conf', 'main'), ('more.conf', 'include'), ('rules/a.rules', 'rules.files')], 'every input is in it')
    tap.equal([f['sha256'] for f in one['files']], [hashlib.sha256(w.read(f['path']).encode()).hexdigest() for f in one['files']], 'with its digest')
    for words in (['-m', 'two\nlines'], ['-m', 'x' * 1001], ['--author', ''], ['confirmed'], ['confirmed', '0'], ['confirmed', '99999'], ['7']):
        tap.ok(w.config('commit', *words)[0] == 2, f'commit {words[0]} …: usage')


def applied(lines, diff):
    """The lines after a unified diff of one file, every number of which must be right."""
    out, at, hunk = [], 0, None
    for line in diff:
        found = re.fullmatch(r'@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n', line)
        if found:
            begin, count = int(found[1]), int(found[2] or 1)
            begin -= count > 0
            out += lines[at:begin]
            at = begin
            assert len(out) == int(found[3]) - (found[4] != '0'), line
        elif line[0] in ' -':
            assert lines[at] == line[1:], (lines[at], line)
            out += [line[1:]] if line[0] == ' ' else []
            at += 1
        elif line[0] == '+':
            out.append(line[1:])
    return out + lines[at:]


def check_diff(tap, w):
    tap.ok(w.config('diff') == (0, '', ''), 'no difference: exit 0 and no word')
    w.window(61)
    w.write('more.conf', 'privacy = { mask_outside = true; };\n')
    code, out, said = w.config('diff')
    tap.ok(code == 1 and '\n-judging = { window_s = 60; };\n+judging = { window_s = 61; };\n' in out and 'judging.window_s: 60 -> 61 (needs a restart)\n' in out and
           'privacy.mask_outside: false -> true (needs a restart)\n' in out and '--- version 1/more.conf\n+++ candidate/more.conf\n' in out, 'diff: lines and keys, of every file', out + said)
    w.window(0x3c)
    w.write('k.conf', w.read('k.conf').replace('= 60;', '= 0x3C;'))
    w.write('more.conf', 'privacy = { mask_outside = false; };\n')
    code, out, said = w.config('diff')
    tap.ok(code == 1 and 'window_s:' not in out, 'the same value written otherwise is no changed key', out)
    w.window(60)
    r = random.Random(7)
    first = [f'# {r.randint(1, 9)}\n' for _ in range(60)] + [RULE]
    w.write('rules/a.rules', ''.join(first))
    base = 1 + (w.config('commit')[0] == 0)
    wrong = longer = 0
    for _ in range(12):
        text = [f'# {r.randint(1, 9)}\n' if r.random() < .15 else line for line in first if r.random() > .1]
        text += [f'# {r.randint(1, 9)}\n' for _ in range(r.choice((0, 0, 3)))]
        w.write('rules/a.rules', ''.join(text))
        code, out, _ = w.config('diff', str(base))
        got = out[:out.index('\n\n') + 1].splitlines(True)[2:]
        other = subprocess.run(['diff', '-d', '-U3', w.conf + f'.versions/{base}/files/rules/a.rules', w.at('rules/a.rules')], stdout=subprocess.PIPE).stdout.decode().splitlines(True)[2:]
        count = lambda lines: sum(line[0] in '+-' for line in lines)
        wrong += code != 1 or applied(first, got) != text
        longer += count(got) > count(other)
    tap.ok(not wrong and not longer, 'diffs of texts by chance: applied they give the other text, none longer than those of diff -d', f'{wrong} wrong, {longer} longer')
    w.write('rules/a.rules', RULE)
    tap.equal(w.config('commit')[0], 0, 'the rules as they were')


def check_confirmed(tap, w):
    before = w.json('show')[0]['number']
    w.window(70)
    code, out, said = w.config('commit', 'confirmed', '5')
    newest = w.json('history')[0]
    tap.ok(code == 0 and newest['in_force'] and newest['back_to'] == before, 'commit confirmed: it says where it goes back to', out + said)
    schema.check(tap, 'version', [newest], 'a pending version')
    code, out, said = w.config('commit')
    tap.ok(code == 0 and 'is confirmed' in out and 'back_to' not in w.json('history')[0], 'commit again: it stays', out + said)
    w.window(71)
    w.config('commit', 'confirmed', '5')
    newest = w.json('history')[0]['number']
    w.write('k.conf.versions/pending', f'{newest} {newest - 1} 1000\n')  # its time is over
    code, out, said = w.config('history')
    listed = w.json('history')
    tap.ok(f'version {newest - 1} is in force again' in said and listed[0].get('went_back') and listed[1]['in_force'], 'not confirmed in time: the one before is in force, and the history says so', out + said)
    schema.check(tap, 'version', listed, 'a version that went back')
    tap.ok('window_s = 71' in w.read('k.conf'), 'the candidate stays for the next try')


def check_rollback(tap, w):
    code, out, said = w.config('rollback', '1')
    now = w.json('show')[0]
    tap.ok(code == 0 and now['reason'] == 'rollback to 1' and [f['sha256'] for f in now['files']] == [f['sha256'] for f in w.json('show', '1')[0]['files']],
           'rollback: a new version of the same contents', out + said)
    tap.ok('window_s = 60' in w.read('k.conf') and 'window_s = 71' in w.read('k.conf.versions/candidate-before-rollback/k.conf'), 'the candidate too; what it was is kept')
    tap.ok(w.config('diff')[0] == 0, 'and does not differ')
    code, out, said = w.config('rollback')
    tap.ok(code == 0 and 'window_s = 70' in w.read('k.conf'), 'once more: the one before', out + said)
    tap.equal(w.config('rollback', '4711')[0], 1, 'a version that is not there: exit 1')


def check_in_force(tap, w):
    """What runs does not hang on the candidate."""
    newest = w.json('show')[0]['number']
    w.write('k.conf', 'nonsense')
    done = konseki.konseki('run', '-c', w.conf)
    tap.ok(done.returncode == 3 and f'dataplane.ports in {w.conf}.versions/running/files/k.conf'.encode() in done.stderr and os.readlink(w.conf + '.versions/running') == str(newest), 'a broken candidate: run takes the version in force', done.stderr)
    w.write(f'k.conf.versions/{newest}/files/rules/a.rules', RULE.replace('"x"', '"y"'))
    done = konseki.konseki('run', '-c', w.conf)
    tap.ok(f'version {newest} of {w.conf} cannot be used: its rules/a.rules: not what was committed; version {newest - 1} is taken\n'.encode() in done.stderr and
           os.readlink(w.conf + '.versions/running') == str(newest - 1), 'a damaged version: the one before, with a line', done.stderr)
    tap.ok('DAMAGED: rules/a.rules' in w.config('history')[1] and w.json('history')[0]['damaged'] == ['rules/a.rules'], 'the history shows it')
    with open(w.at('k.conf.versions/lock'), 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, out, said = w.config('commit')
        tap.ok(code == 3 and 'another konseki config is at work' in said and len(said.splitlines()) == 1, 'two at once: one waits for its turn', said)
        tap.equal(w.config('history')[0], 0, 'looking is free')
    code, out, said = w.config('rollback', '1')
    tap.ok(code == 0 and w.config('diff')[0] == 0 and w.config('commit')[0] == 0, 'a rollback mends all of it', out + said)


def main():
    tap = Tap()
    w = World()
    for check in (check_first, check_told, check_diff, check_confirmed, check_rollback, check_in_force):
        check(tap, w)
    tap.done()


main()
