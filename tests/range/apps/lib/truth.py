# SPDX-License-Identifier: GPL-2.0-or-later
"""What really happened while a Python server of the range answered: one line of truth a request."""
import json, os, re, subprocess, sys, time

WATCHED = {'os.system', 'subprocess.Popen', 'os.exec', 'os.posix_spawn', 'open', 'socket.connect', 'socket.getaddrinfo', 'os.mkdir', 'os.remove', 'os.listdir', 'pickle.find_class'}


class Truth:
    """One request at a time: the workers are single processes."""

    def __init__(self):
        self.watching = False
        self.begin('', 0, '', '')
        sys.addaudithook(self.audit)

    def audit(self, event, arguments):
        """What the interpreter itself says it does, while visitors' code may run."""
        if self.watching and event in WATCHED and not (event == 'open' and re.match(r'/usr/lib|/usr/local/lib', str(arguments[0]))):
            self.watching = False
            self.fact('audit', event=event, arguments=repr(arguments)[:300])
            self.watching = True

    def __enter__(self):
        self.watching = True

    def __exit__(self, *_):
        self.watching = False

    def begin(self, src, sport, line, build):
        self.row = {'src': src, 'sport': int(sport or 0), 'pid': os.getpid(), 'line': line, 'start': time.time(), 'build': build, 'facts': []}

    def fact(self, kind, **what):
        self.row['facts'].append(dict(kind=kind, **what))

    def end(self):
        self.row['end'] = time.time()
        with open('/run/truth/requests', 'a') as file:
            file.write(json.dumps(self.row, default=repr) + '\n')

    def ask(self, db, dialect, sql, plain, shown, many=False):
        """A statement as a careless programmer sends it; plain: the same with an ordinary value."""
        start, rows, error = time.time(), [], None
        try:
            if many:
                db.executescript(sql)
            else:
                cursor = db.execute(sql)
                rows = [list(r) for r in cursor.fetchmany(400)]
            db.commit()
            return rows
        except Exception as e:
            error = ['', type(e).__name__, str(e)]
            raise
        finally:
            self.fact('sql', dialect=dialect, sql=sql, plain=plain, rows=[[str(v) for v in r] for r in rows[:60]], count=len(rows), shown=shown,
                      error=error, took=time.time() - start)

    def run(self, command, own, shown, quiet=False):
        done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL if quiet else subprocess.STDOUT, stdin=subprocess.DEVNULL)
        text = done.stdout.decode('utf-8', 'replace')
        self.fact('shell', command=command, own=own, output=text[:20000], shown=shown)
        return text


truth = Truth()
