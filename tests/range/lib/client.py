#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends the steps of a scenario from inside a host's network and notes what was sent.

usage: client.py SCENARIO SENT | client.py visit SENT SECONDS SEED SCENARIO
SENT gets a JSON line a request: source port, request line, class.
"""
import importlib, json, os, random, re, socket, sys, time

sys.path[:0] = [os.path.dirname(os.path.realpath(__file__)), os.path.dirname(os.path.dirname(os.path.realpath(__file__)))]
AGENTS = ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0', 'curl/7.88.1', 'python-requests/2.28.1',
          'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15']
# builds that a small recording does without: mended ones, of which it has others
SMALL_WITHOUT = {'203.0.113.74', '203.0.113.93', '203.0.113.113'}


class Client:
    """One connection, kept as long as server and steps keep it."""

    def __init__(self, sent, source, agent):
        self.sent, self.source, self.agent, self.socket, self.peer = sent, source, agent, None, None

    def connect(self, peer):
        if self.socket is None or self.peer != peer:
            self.close()
            self.socket = socket.create_connection(peer, timeout=45, source_address=(self.source, 0))
            self.peer, self.buffer = peer, b''
        return self.socket.getsockname()[1]

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None

    def encode(self, step):
        data = step.get('body')
        data = data.encode('utf-8', 'surrogateescape') if isinstance(data, str) else data
        lines = [f'{step["method"]} {step["target"]} HTTP/1.1', f'Host: {step.get("host", self.peer[0])}']
        headers = {'User-Agent': self.agent, 'Accept': '*/*'}
        if step.get('gzip'):
            headers['Accept-Encoding'] = 'gzip, deflate'
        if data is not None:
            headers.update({'Content-Type': step['type'], 'Content-Length': str(len(data))})
        headers.update(step.get('headers', {}))
        if not step.get('keep'):
            headers['Connection'] = 'close'
        return ('\r\n'.join(lines + [f'{k}: {v}' for k, v in headers.items()]) + '\r\n\r\n').encode('utf-8', 'surrogateescape') + (data or b'')

    def more(self):
        data = self.socket.recv(65536)
        self.buffer += data
        return bool(data)

    def answer(self, method):
        while b'\r\n\r\n' not in self.buffer and self.more():
            pass
        head, _, self.buffer = self.buffer.partition(b'\r\n\r\n')
        head = head.decode('latin-1')
        length = re.search(r'(?im)^content-length: (\d+)', head)
        if method == 'HEAD' or re.match(r'HTTP/1\.\d (204|304)', head):
            pass
        elif re.search(r'(?im)^transfer-encoding: chunked', head):
            while not re.search(rb'(^|\r\n)0\r\n(.*\r\n)*\r\n$', self.buffer) and self.more():
                pass
            self.buffer = b''
        elif length:
            while len(self.buffer) < int(length[1]) and self.more():
                pass
            self.buffer = self.buffer[int(length[1]):]
        else:
            while self.more():
                pass
        if not head or re.search(r'(?im)^connection: close', head):
            self.close()

    def speak(self, peer, step):
        """Bytes for a server that is no web server: after its greeting; then what is said to a shell that answers, here or on another port."""
        port = self.connect(peer)
        self.socket.settimeout(2.5)
        self.more()
        self.sent.write(json.dumps({'src': self.source, 'sport': port, 'line': 'payload', 'class': step['class'], 'at': time.time()}) + '\n')
        self.sent.flush()
        self.socket.sendall(step['send'])
        for words in step.get('talk', []):
            time.sleep(0.4)
            self.socket.sendall(words)
        if step.get('visit'):
            time.sleep(0.5)
            with socket.create_connection((peer[0], step['visit']), timeout=2, source_address=(self.source, 0)) as other:
                other.sendall(b'id\nexit\n')
                other.settimeout(1.5)
                while other.recv(4096):
                    pass
        while self.more():
            pass

    def send(self, peer, step):
        if 'send' in step:
            try:
                self.speak(peer, step)
            except OSError:
                pass
            self.close()
            return
        try:
            port = self.connect(peer)
            at = time.time()
            self.socket.sendall(self.encode(step))
            self.sent.write(json.dumps({'src': self.source, 'sport': port, 'line': f'{step["method"]} {step["target"]}', 'class': step['class'], 'at': at}) + '\n')
            self.sent.flush()
            if step.get('raw'):
                while self.more():
                    pass
                self.close()
            else:
                self.answer(step['method'])
        except OSError:
            self.close()
        if not step.get('keep'):
            self.close()


def answers(peer):
    try:
        socket.create_connection(peer, timeout=1).close()
        return True
    except OSError:
        return False


def visit(sent, seconds, random_, only):
    """Ordinary visitors: pages of every application, in bursts."""
    ordinary = importlib.import_module('scenarios.ordinary')
    # the applications that are not up in this run have no visitors
    sites = [site for site in ordinary.SITES if answers(site[0]) and (not only or site[0] in only)]
    end = time.time() + seconds
    while sites and time.time() < end:
        peer, pages = random_.choice(sites)
        client = Client(sent, random_.choice(['198.51.100.201', '198.51.100.202', '198.51.100.203']), random_.choice(AGENTS))
        for step in random_.sample(pages, min(len(pages), random_.randint(1, 4))):
            client.send(peer, dict(step, keep=True, gzip=random_.random() < 0.7))
            time.sleep(random_.uniform(0.05, 0.6))
        client.close()
        time.sleep(random_.uniform(0.1, 1.0) * int(os.environ.get('PART', 1)))


def attacked(scenario):
    """In a small recording visitors go where the attacks go."""
    if 'PART' not in os.environ:
        return set()
    return {peer for peers, _ in importlib.import_module(f'scenarios.{scenario}').SCENARIO for peer in peers}


def part(steps, of, nth, thin):
    """Every of-th attack of a list, another one for each build; what is ordinary or belongs together stays."""
    count = 0
    for step in steps:
        if step['class'] in ('benign', 'upload') and not thin:
            yield step
        else:
            count += 1
            if (count + nth) % of == 0:
                yield step


def main():
    scenario, path = sys.argv[1:3]
    with open(path, 'a') as sent:
        if scenario == 'visit':
            try:
                visit(sent, float(sys.argv[3]), random.Random(int(sys.argv[4])), attacked(sys.argv[5]))
            except (ConnectionError, KeyboardInterrupt):
                pass
            return
        for peers, steps in importlib.import_module(f'scenarios.{scenario}').SCENARIO:
            for nth, peer in enumerate(filter(answers, peers)):
                if 'PART' in os.environ and peer[0] in SMALL_WITHOUT:
                    continue
                client = Client(sent, '198.51.100.140', AGENTS[len(scenario) % len(AGENTS)])
                for step in part(steps, int(os.environ.get('PART', 1)), nth, scenario == 'ordinary'):
                    client.send(peer, step)
                    time.sleep(step.get('pause', 0.05))
                client.close()


main()
