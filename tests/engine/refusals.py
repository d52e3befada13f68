#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What real engines say when they refuse an injected text, beside what we expect them to say.

usage: refusals.py REFUSED mariadb|postgresql|sqlite [--show]
Each text is put into queries of several quotings. Where the engine refuses the statement before it runs (by the class of its error),
some pattern of ours must match its message, in 95 of 100; where it ran, or failed while it ran, none may: that would call an attack
that was executed a failure.
"""
import argparse, os, re, sqlite3, subprocess, sys
import engine

TEXTS = r"""1'|1"|1)|1\|1'"|1' AND 66 63 AND 'dz'='dz|1') AND 9=9 AND ('b'='b|1(),.))"'))|x,,(),."'((|1'RoE<'">Jm|1;waitfor delay '0:0:3'--|1;SELECT SLEEP(0)
1 AND pg_sleep(0)|1 AND SLEEP(0)|0 UNION SELECT 1,2|0 UNION SELECT 1,2,3|1 ORDER BY 9|1 ORDER BY 2|1' ORDER BY 9-- x|1' UNION SELECT 1,2,nosuch FROM nowhere-- x
1 AND extractvalue(1,concat(0x7e,version()))|1 AND 1=cast(version() as int)|1 AND exp(710)|1 AND 1/0|1 AND (SELECT 1 UNION SELECT 2)|1 AND nosuch(1)=1
1 AND nosuch=1|' OR 1=1-- x|' OR '1'='1|1 OR 1=1|1 AND 'a'='b|1" AND "1"="1|1; DROP TABLE nope|1 AND (SELECT COUNT(*) FROM nowhere)>0|1 HAVING 1=1|1 GROUP BY nosuch
1 AND gtid_subset(user(),1)|1 PROCEDURE ANALYSE(EXTRACTVALUE(1,CONCAT(0x7e,version())),1)|1 AND updatexml(1,concat(0x7e,user()),1)|1 LIMIT 1,1 UNION SELECT 1
1 AND JSON_KEYS((SELECT CONCAT(0x7e,version())))|1 AND 1=(SELECT 1 FROM pg_class)|1 AND randomblob(1)|1 AND load_extension('x')|1 AND 1=CONVERT(int,@@version)
1 AND (SELECT 1 FROM(SELECT COUNT(*),CONCAT(version(),FLOOR(RAND(0)*2))x FROM information_schema.tables GROUP BY x)a)|1 AND substr((select item from goods limit 1),1,1)='a'
x'||(select item from goods limit 1)||'|1 UNION ALL SELECT NULL,NULL,NULL-- x|1 AND abs(-9223372036854775808)|1 AND 1=0x31|1 AND NOT EXISTS(SELECT 1)|' AND 1=cast('x' as int)-- x"""
CONTEXTS = ['select id,item,qty from goods where id={}', "select id,item,qty from goods where item='{}'", 'select id,item,qty from goods where (id={})',
            "select id,item,qty from goods where (item='{}') and qty>0", 'select id,item,qty from goods order by {}', "select id,item,qty from goods where item like '%{}%'"]
CREATE = 'create table goods(id int, item varchar(20), qty int)', "insert into goods values(1,'rope',3),(2,'x',4)"
# by the engines' own documentation: nothing of the statement has run then
REFUSED = {'mariadb': re.compile(r'ERROR (1064|1305|1054|1146|1222|1582) '), 'postgresql': re.compile(r'ERROR:  (42601|42703|42883|42P01|42P10)'),
           'sqlite': re.compile(r'syntax error|unrecognized token|no such (table|column|function)|same number of result columns|term out of range')}
# messages that quote nothing, so that they may be another statement's
SILENT = re.compile(r"near '' at line|syntax error at end of input|incomplete input|operator does not exist|must be of type|argument of|GROUP BY")


class Mariadb:
    def __init__(self):
        self.server = engine.MariaDB()
        self.ask('create database shop')
        for s in CREATE:
            self.ask(s)

    def ask(self, statement):
        s = self.server
        return subprocess.run(s.client + ['--comments', '--delimiter=;;;', '-e', statement] + ([] if statement.startswith('create database') else ['shop']),
                              env=s.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **engine.as_nobody()).stderr.decode('latin-1')

    def end(self):
        self.server.end()


class Postgresql:
    def __init__(self):
        self.server = engine.PostgreSQL()
        for s in CREATE:
            self.ask(s)

    def ask(self, statement):
        s = self.server
        done = subprocess.run(s.client + ['-v', 'VERBOSITY=verbose', '-c', statement], env=s.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **engine.as_nobody())
        return done.stderr.decode('latin-1').split('LOCATION:')[0]

    def end(self):
        self.server.end()


class Sqlite:
    def __init__(self):
        self.database = sqlite3.connect(':memory:')
        for s in CREATE:
            self.database.execute(s)

    def ask(self, statement):
        try:
            self.database.execute(statement).fetchall()
            return ''
        except (sqlite3.Error, sqlite3.Warning) as error:
            return str(error)

    def end(self):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('engine', choices=['mariadb', 'postgresql', 'sqlite'])
    parser.add_argument('--show', action='store_true')
    a = parser.parse_args()
    asked = {'mariadb': Mariadb, 'postgresql': Postgresql, 'sqlite': Sqlite}[a.engine]()
    texts = [t for line in TEXTS.split('\n') for t in re.split(r'(?<!\|)\|(?!\|)', line) if t]
    language = 'sql-mysql' if a.engine == 'mariadb' else 'sql-' + a.engine
    out = subprocess.run([a.program, language], input='\n'.join(texts).encode() + b'\n', stdout=subprocess.PIPE, check=True).stdout.decode('latin-1').split('\n')
    refused = told = silent = ran = wrong = 0
    for text, line in zip(texts, out):
        patterns = [re.compile(p, re.I) for p in line.split('\t') if p]
        for context in CONTEXTS:
            said = asked.ask(context.format(text))
            hit = any(p.search(said) for p in patterns)
            if REFUSED[a.engine].search(said):
                refused += 1
                told += hit
                silent += not hit and bool(SILENT.search(said))
                if a.show and not hit and not SILENT.search(said):
                    print(f'not told: {context.format(text)!r}: {said.strip()[:200]!r}')
            else:
                ran += 1
                wrong += hit
                if hit:
                    print(f'WRONG: {context.format(text)!r} ran, or failed as it ran: {said.strip()[:200]!r}')
    asked.end()
    print(f'{a.engine}: {told} of {refused} refusals told ({silent} quote nothing); of {ran} that ran, {wrong} are called refused')
    return 1 if wrong or told < 0.95 * (refused - silent) else 0


if __name__ == '__main__':
    sys.exit(main())
