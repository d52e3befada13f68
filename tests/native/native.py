#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The emulated busybox sh against the real one: stdout and exit status of every command must be the same.

usage: native.py EMULATED PROFILE COMMANDS [COUNT]

The real one runs as the same user in a throw-away root made of the same profile (its files, folders and applet names),
without network, in a process namespace of its own. Commands come from the list COMMANDS and from a grammar with random constants
(fixed seed; COUNT of them). Needs root: skipped (77) without.
"""
import os, random, re, shutil, subprocess, sys, tempfile

SEED = 20261125
USER = 65534 # as emu/profiles/busybox/profile.conf says


def setting(conf, name):
    """The text of a list or value of profile.conf."""
    found = re.search(r'(?m)^%s\s*=\s*([\[(].*?[\])]|[^;]*)\s*;' % name, conf, re.S)
    return found.group(1) if found else ''


def make_root(profile, conf, at):
    shutil.copytree(os.path.join(profile, 'files'), at, dirs_exist_ok=True, symlinks=True)
    for folder, files in ((d, f) for d, _, f in os.walk(at)):
        os.chmod(folder, 0o755)
        for name in files:
            path = os.path.join(folder, name)
            os.chmod(path, 0o755 if os.access(path, os.X_OK) and os.stat(path).st_mode & 0o111 else 0o644)
    for row in re.findall(r'\{\s*path = "([^"]+)"([^}]*)\}', setting(conf, 'folders').replace('\n', ' ')):
        path = at + row[0]
        numbers = dict(re.findall(r'(mode|uid|gid) = (\d+)', row[1]))
        os.makedirs(path, exist_ok=True)
        os.chown(path, int(numbers.get('uid', 0)), int(numbers.get('gid', 0)))
        os.chmod(path, int(numbers.get('mode', 0o755)))
    os.makedirs(at + '/bin', exist_ok=True)
    shutil.copy('/bin/busybox', at + '/bin/busybox')
    with open(os.path.join(profile, 'applets')) as names:
        for name in names.read().split():
            os.makedirs(at + os.path.dirname(name), exist_ok=True)
            if not os.path.lexists(at + name):
                os.symlink('/bin/busybox', at + name)
    os.makedirs(at + '/dev', exist_ok=True)
    for name, minor in (('null', 3), ('zero', 5), ('random', 8), ('urandom', 9)):
        os.mknod(at + '/dev/' + name, 0o020666, os.makedev(1, minor))
        os.chmod(at + '/dev/' + name, 0o666)


def native(root, environment, cwd, command):
    for name in os.listdir(root + '/tmp'):
        path = os.path.join(root, 'tmp', name)
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
    words = ['unshare', '--net', '--pid', '--fork', '--kill-child', 'chroot', f'--userspec={USER}:{USER}',
             f'--groups={USER}', root, '/bin/sh', '-c', 'cd "$1" && shift && exec /bin/busybox env -i "$@"', 'sh', cwd,
             *environment, 'sh', '-c', command]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20,
                          cwd=root)
    return done.returncode if done.returncode >= 0 else 128 - done.returncode, done.stdout


def emulated(program, profile, commands):
    done = subprocess.run([program, profile], input=b''.join(c.encode() + b'\0' for c in commands), stdout=subprocess.PIPE,
                          timeout=600)
    rows = re.findall(r'(?m)^(-?\d+) "([^"]*)" ([0-9a-f]*)$', done.stdout.decode())
    if done.returncode != 0 or len(rows) != len(commands):
        sys.exit(f'{program}: {len(rows)} answers to {len(commands)} commands, exit code {done.returncode}')
    return [(int(status), bytes.fromhex(out), stop) for status, stop, out in rows]


class Grammar:
    """Shell commands with constants of chance."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def word(self):
        return ''.join(self.r.choice('abcdefghijklmnopqrstuvwxyz') for _ in range(self.r.randint(1, 9)))

    def number(self, below=10000):
        return str(self.r.randrange(1, below))

    def sum(self):
        text = self.number()
        for _ in range(self.r.randint(1, 4)):
            text += self.r.choice(['+', '-', '*', '/', '%', '^', '|', '&']) + self.number(97)
        return f'$(({text}))'

    def value(self):
        return self.r.choice([self.word, self.number, self.sum, lambda: f'"{self.word()} {self.word()}"',
                              lambda: f"'{self.word()}  {self.number()}'", lambda: f'$(echo {self.word()})'])()

    def source(self):
        return self.r.choice([
            lambda: f'echo {self.value()} {self.value()}',
            lambda: f'printf "%s\\n" {" ".join(self.word() for _ in range(self.r.randint(2, 6)))}',
            lambda: f'seq {self.r.randrange(1, 9)} {self.r.randrange(9, 30)}',
            lambda: 'cat /etc/passwd', lambda: 'ls /etc', lambda: f'printf "%0{self.r.randint(1, 9)}d\\n" {self.number()}',
            lambda: f'x={self.word()}; echo ${{x}}{self.word()} ${{#x}}',
            lambda: f'for i in {self.word()} {self.word()} {self.number()}; do echo "$i {self.number()}"; done',
            lambda: f'awk "BEGIN{{print {self.number()}*{self.number(50)}, \\"{self.word()}\\"}}"'])()

    def filter(self):
        return self.r.choice([
            'rev', 'sort', 'sort -r', 'uniq', 'wc', 'wc -c', 'wc -l', 'tac', 'cat -A' if self.r.random() < .5 else 'cat', 'md5sum',
            'sha1sum', 'base64', 'base64 | base64 -d', 'tr a-m n-z', 'tr a-z A-Z', f'head -n {self.r.randint(1, 4)}',
            f'tail -n {self.r.randint(1, 4)}', f'cut -c1-{self.r.randint(1, 12)}', f'grep -c {self.r.choice("aeiou")}',
            f'grep {self.r.choice("aeiou")}', f'sed s/{self.r.choice("aeiou")}/{self.word()}/', 'od -An -tx1', 'xxd -p',
            "awk '{print NF, $1}'", 'fold -w 7', 'gzip -c | gunzip -c', 'nl', 'while read l; do echo "<$l>"; done'])

    def test(self):
        return self.r.choice([
            f'[ {self.number()} -lt {self.number()} ]', f'[ -e /etc/{self.r.choice(["passwd", "hosts", self.word()])} ]',
            f'[ {self.word()} = {self.word()} ]', 'true', 'false', f'grep -q {self.word()} /etc/passwd',
            f'expr {self.number()} \\> {self.number()} >/dev/null', f'(exit {self.r.randrange(3)})'])

    def command(self, depth=0):
        pipe = ' | '.join([self.source()] + [self.filter() for _ in range(self.r.randrange(0, 4))])
        if depth > 2:
            return pipe
        more = lambda: self.command(depth + 1)
        return self.r.choice([
            lambda: pipe, lambda: pipe, lambda: f'{self.test()} && {more()}', lambda: f'{self.test()} || {more()}',
            lambda: f'if {self.test()}; then {more()}; else {more()}; fi', lambda: f'{more()}; {more()}',
            lambda: f'({more()}); echo $?', lambda: f'echo "$({more()})"', lambda: f'{{ {more()}; }} > /tmp/{self.word()}; cat /tmp/*',
            lambda: f'f() {{ {more()}; return {self.r.randrange(9)}; }}; f; echo $?',
            lambda: f'{more()}; exit {self.r.randrange(256)}',
            lambda: f'case {self.word()} in {self.r.choice("abcdefgh")}*) {more()};; *) {more()};; esac'])()


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    if os.geteuid() != 0:
        print('skipped: a root of its own needs root')
        return 77
    program, profile, listed = sys.argv[1:4]
    grammar = Grammar(SEED)
    with open(listed) as file:
        commands = [line for line in file.read().splitlines() if line]
    commands += [grammar.command() for _ in range(int(sys.argv[4]) if len(sys.argv) > 4 else 250)]
    with open(os.path.join(profile, 'profile.conf')) as file:
        conf = file.read()
    environment = re.findall(r'"([^"]*)"', setting(conf, 'environment'))
    cwd = setting(conf, 'cwd').strip('"')
    answers = emulated(program, profile, commands)
    differ = 0
    with tempfile.TemporaryDirectory(prefix='konseki-native.') as root:
        os.chmod(root, 0o755)
        make_root(profile, conf, root)
        for command, (status, out, stop) in zip(commands, answers):
            real = native(root, environment, cwd, command)
            if real != (status, out) or stop != 'exit' and status < 128:
                differ += 1
                print(f'DIFFERS: {command}\n  native   {real[0]} {real[1][-300:]}\n  emulated {status} {out[-300:]} ({stop})')
    print(f'{len(commands) - differ} of {len(commands)} commands print and end the same')
    return 1 if differ else 0


if __name__ == '__main__':
    sys.exit(main())
