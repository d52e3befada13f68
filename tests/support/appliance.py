# SPDX-License-Identifier: GPL-2.0-or-later
"""`konseki run` in the sensor's network, its port the tap; what it tells, and the processes it is made of."""
import json, os, re, socket

import konseki

PORT = 'ports = ( { name = "tap0"; device = "net_af_packet0,iface=tap0,blocksz=65536,framesz=2048,framecnt=4096"; } );'
COLLECTORS = 'syslog = { targets = [ "udp://127.0.0.1:5514", "tcp://127.0.0.1:5514" ]; };'


class Appliance:
    def __init__(self, at, folder, before=(), settings=COLLECTORS, **more):
        """before: words of a program that starts it; settings: further groups of its config"""
        self.at, self.folder, self.before = at, folder, before
        self.conf = konseki.config(folder, dataplane=PORT, more=settings, **more)
        self.start()

    def start(self):
        self.log = open(os.path.join(self.folder, 'run.log'), 'a')
        self.process = self.at.start('sensor', *self.before, konseki.KONSEKI, 'run', '-c', self.conf, stdout=self.log, stderr=self.log)

    def said(self):
        with open(os.path.join(self.folder, 'run.log'), errors='replace') as file:
            return file.read()[-3000:]

    def show(self, what):
        done = konseki.konseki('show', what, '-c', self.conf, '--json')
        try:
            return [json.loads(line) for line in done.stdout.decode().splitlines() if line]
        except ValueError:
            return []

    def health(self):
        """What `show health` tells, in one dict, the collectors' lines under 'each' by name."""
        told = {'each': {}}
        for line in self.show('health'):
            if 'collector' in line:
                told['each'][line['collector']] = line
            else:
                told.update(line)
        return told

    def alerts(self):
        """The newest revision of each."""
        newest = {}
        for record in self.show('alerts'):
            if 'triage' in record:
                newest[record['triage']['id']] = record
        return list(newest.values())

    def alert(self, part, verdict=None):
        """An alert whose URL holds part (and has that verdict)."""
        return next((r for r in self.alerts() if part in r.get('http', {}).get('url', '') and
                     (not verdict or r['triage']['verdict'] == verdict)), None)

    def ready(self):
        return konseki.konseki('show', 'health', '-c', self.conf).returncode == 0

    def latest(self, limit=1000):
        """The newest revision of the latest records, asked at the admin socket itself: the command line shows fewer."""
        with open(self.conf) as file:
            place = re.search(r'socket = "(.*)"', file.read())[1]
        with socket.socket(socket.AF_UNIX) as ask:
            ask.connect(os.path.join(self.folder, place))
            ask.sendall(json.dumps({'show': 'alerts', 'follow': False, 'limit': limit}).encode() + b'\n')
            answer = b''.join(iter(lambda: ask.recv(1 << 16), b''))
        return {r['triage']['id']: r for r in map(json.loads, answer.splitlines())}

    def stop(self, seconds=15):
        """SIGTERM; its exit code, None where it does not end."""
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except Exception:
            return None


def children(process):
    """{program: pid} of the appliance's own programs."""
    found = {}
    todo = [process.pid]
    while todo:
        pid = todo.pop()
        try:
            with open(f'/proc/{pid}/task/{pid}/children') as file:
                below = [int(word) for word in file.read().split()]
            name = os.path.basename(os.readlink(f'/proc/{pid}/exe'))
        except OSError:
            continue
        found.setdefault(name, pid)
        todo += below
    return found


def workers(process):
    """The emulation workers: the children of the konseki-emu that they were forked from."""
    zygote = children(process).get('konseki-emu')
    try:
        with open(f'/proc/{zygote}/task/{zygote}/children') as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []
