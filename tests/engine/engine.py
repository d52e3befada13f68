#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Our evaluators of SQL beside the real engines: the same expressions through both.

usage: engine.py EXPRESSIONS mariadb|postgresql|sqlite [--count N] [--seed S] [--show N]
EXPRESSIONS is the test program that prints what emu/sql says. A server is started on a private folder and socket, as
an ordinary user, and ended. Fails where fewer than 99 % of what was not refused are equal, or 5 % or more are refused.
"""
import argparse, collections, os, pwd, shutil, signal, sqlite3, subprocess, sys, tempfile, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import grammar

EQUAL, REFUSED = 0.99, 0.05
SKIP = 77


def skip(why):
    print(f'skipped: {why}')
    sys.exit(SKIP)


def program(name, *more):
    for folder in os.environ['PATH'].split(os.pathsep) + ['/usr/sbin', '/sbin'] + list(more):
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            return path
    skip(f'no {name} here')


def as_nobody():
    """Servers refuse to run as root."""
    return {'user': 'nobody', 'group': 'nogroup'} if os.geteuid() == 0 else {}


def folder_for_nobody():
    path = tempfile.mkdtemp(prefix='konseki-engine-')
    if os.geteuid() == 0:
        os.chown(path, pwd.getpwnam('nobody').pw_uid, -1)
    return path


class Server:
    """What both servers share: a folder, a process, an end."""
    def __init__(self):
        self.folder, self.process = folder_for_nobody(), None
        self.environment = dict(os.environ, HOME=self.folder, LC_ALL='C.UTF-8')

    def run(self, *command, **more):
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self.environment, cwd=self.folder, **as_nobody(), **more)

    def start(self, *command):
        self.log = open(os.path.join(self.folder, 'log'), 'w')
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, env=self.environment, cwd=self.folder, **as_nobody())

    def wait(self, ready):
        until = time.time() + 60
        while time.time() < until and self.process.poll() is None:
            if ready():
                return
            time.sleep(0.1)
        print(open(os.path.join(self.folder, 'log')).read()[-2000:])
        self.end()
        sys.exit('the server did not start')

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT if isinstance(self, PostgreSQL) else signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def answers(self, expressions):
        """{index: None or bytes}; a missing index is an error."""
        text = ''.join(self.statement(i, e) + '\n' for i, e in enumerate(expressions))
        out = subprocess.run(self.client, input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self.environment, cwd=self.folder, **as_nobody()).stdout
        found = {}
        for line in out.decode('latin-1').splitlines():
            number, _, value = line.partition(self.between)
            if number.isdigit():
                found[int(number)] = None if value == 'NULL' else bytes.fromhex(value)
        return found


class MariaDB(Server):
    between = '\t'

    def __init__(self):
        super().__init__()
        install, daemon, client = program('mariadb-install-db'), program('mariadbd'), program('mariadb')
        data, socket = os.path.join(self.folder, 'data'), os.path.join(self.folder, 's')
        done = self.run(install, '--no-defaults', f'--datadir={data}', '--auth-root-authentication-method=normal', '--skip-test-db')
        if done.returncode != 0:
            print(done.stdout.decode()[-2000:])
            sys.exit('mariadb-install-db failed')
        self.start(daemon, '--no-defaults', f'--datadir={data}', f'--socket={socket}', '--skip-networking', '--innodb-buffer-pool-size=16M')
        self.client = [client, '--no-defaults', '-u', 'root', '-S', socket, '-N', '-B', '-f', '--default-character-set=utf8mb4']
        self.wait(lambda: subprocess.run(self.client + ['-e', 'select 1'], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_nobody()).returncode == 0)

    def statement(self, i, e):
        return f'SELECT {i}, HEX(CONCAT(({e})));'


class PostgreSQL(Server):
    between = '|'

    def __init__(self):
        super().__init__()
        homes = [os.path.join('/usr/lib/postgresql', v, 'bin') for v in sorted(os.listdir('/usr/lib/postgresql'))] if os.path.isdir('/usr/lib/postgresql') else []
        initdb, daemon, client = program('initdb', *homes), program('postgres', *homes), program('psql', *homes)
        data = os.path.join(self.folder, 'data')
        done = self.run(initdb, '-D', data, '-U', 'postgres', '-A', 'trust', '--locale=C', '-E', 'UTF8', '-N')
        if done.returncode != 0:
            print(done.stdout.decode()[-2000:])
            sys.exit('initdb failed')
        self.start(daemon, '-D', data, '-k', self.folder, '-c', 'listen_addresses=', '-c', 'huge_pages=off', '-c', 'fsync=off')
        self.client = [client, '-X', '-h', self.folder, '-U', 'postgres', '-A', '-t', '-q', '-P', 'null=NULL', 'postgres']
        self.wait(lambda: subprocess.run(self.client + ['-c', 'select 1'], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_nobody()).returncode == 0)

    def statement(self, i, e):
        return f"SELECT {i}, encode(convert_to(({e})::text, 'UTF8'), 'hex');"


class SQLite:
    def __init__(self):
        self.base = sqlite3.connect(':memory:')
        self.base.text_factory = bytes

    def answers(self, expressions):
        found = {}
        for i, e in enumerate(expressions):
            try:
                value = self.base.execute(f'SELECT hex(cast(({e}) AS blob)), typeof({e})').fetchone()
                found[i] = None if value[1] == b'null' else bytes.fromhex(value[0].decode())
            except sqlite3.Error:
                pass
        return found

    def end(self):
        self.base.close()


ENGINES = {'mariadb': (MariaDB, grammar.MySQL, 'sql-mysql'), 'postgresql': (PostgreSQL, grammar.PostgreSQL, 'sql-postgresql'), 'sqlite': (SQLite, grammar.SQLite, 'sql-sqlite')}


def ours(binary, language, expressions):
    text = ''.join(f'select {e}\n' for e in expressions)
    out = subprocess.run([binary, language], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode('latin-1').splitlines()
    assert len(out) == len(expressions), f'{len(out)} answers to {len(expressions)}'
    return out


def compare(answers, said, expressions, show):
    count = collections.Counter()
    refused = collections.Counter()
    for i, (e, line) in enumerate(zip(expressions, said)):
        if line[0] in 'rb':
            count['refused'] += 1
            refused[line] += 1
            continue
        mine = None if line[0] == 'n' else bytes.fromhex(line[2:]) if line[0] == 'v' else 'error'
        theirs = answers.get(i, 'error') if i in answers else 'error'
        if mine == theirs:
            count['equal'] += 1
            count['errors'] += mine == 'error'
            continue
        count['different'] += 1
        if count['different'] <= show:
            print(f'# {e}\n#   engine {theirs!r}\n#   ours   {mine!r}')
    return count, refused


def main():
    p = argparse.ArgumentParser()
    p.add_argument('binary')
    p.add_argument('engine', choices=ENGINES)
    p.add_argument('--count', type=int, default=500)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--show', type=int, default=10)
    a = p.parse_args()
    make, language_grammar, language = ENGINES[a.engine]
    g = language_grammar(a.seed)
    expressions = [g.query() for _ in range(a.count)]
    engine = make()
    try:
        answers = engine.answers(expressions)
    finally:
        engine.end()
    count, refused = compare(answers, ours(a.binary, language, expressions), expressions, a.show)
    judged = count['equal'] + count['different']
    print(f"{a.engine}, seed {a.seed}: {a.count} expressions, {count['refused']} refused ({100 * count['refused'] / a.count:.2f} %), "
          f"{count['equal']} of {judged} equal ({100 * count['equal'] / max(judged, 1):.2f} %), {count['errors']} of them errors on both sides")
    if refused:
        print('refused: ' + ', '.join(f'{what[2:] or "bound"} {n}' for what, n in refused.most_common(12)))
    sys.exit(0 if judged and count['equal'] >= EQUAL * judged and count['refused'] < REFUSED * a.count else 1)


if __name__ == '__main__':
    main()
