# SPDX-License-Identifier: GPL-2.0-or-later
"""Suricata in its private root: whether it is there, what it says of rules, what a capture costs it."""
import glob, json, os, re, shutil, subprocess

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.environ.get('PEER_ROOT', os.path.expanduser('~/.cache/konseki-peer/root'))


def why_not():
    if not os.access(os.path.join(ROOT, 'usr/bin/suricata'), os.X_OK):
        return 'the peer is not there: tests/bench/setup builds it'
    if os.getuid() != 0:
        return 'the peer runs in a root of its own: that needs root rights'
    return None


def prepare(rules):
    """Gives the peer its config and rules inside its root; both are looked for under /bench."""
    folder = os.path.join(ROOT, 'bench')
    os.makedirs(folder, exist_ok=True)
    shutil.copy(os.path.join(HERE, 'suricata.yaml'), folder)
    shutil.copy(rules, os.path.join(folder, 'rules'))
    return folder


def command(capture, core=None):
    """capture: a path inside the root."""
    log = os.path.join(ROOT, 'bench', 'log')
    shutil.rmtree(log, ignore_errors=True)
    os.makedirs(log)
    return (['taskset', '-c', str(core)] if core is not None else []) + [
        'chroot', ROOT, 'suricata', '-c', '/bench/suricata.yaml', '-S', '/bench/rules', '-l', '/bench/log', '--runmode', 'single', '-k', 'none',
        '--set', 'mpm-algo=hs', '-v', '-r', capture]


def check(rules):
    """(rules loaded, rules failed, what it said of them)."""
    prepare(rules)
    done = subprocess.run(['chroot', ROOT, 'suricata', '-T', '-c', '/bench/suricata.yaml', '-S', '/bench/rules', '-l', '/bench', '-v'],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace', timeout=300)
    found = re.search(r'(\d+) rules successfully loaded, (\d+) rules failed', done.stdout)
    errors = '\n'.join(line for line in done.stdout.splitlines() if 'rror' in line)
    return (int(found[1]), int(found[2]), errors) if found else (0, -1, done.stdout[-1500:])


def alerts():
    """Alerts of the last run: {sid: how many}."""
    counted = {}
    for path in glob.glob(os.path.join(ROOT, 'bench', 'log', 'eve.json')):
        with open(path, errors='replace') as lines:
            for line in lines:
                event = json.loads(line)
                if event.get('event_type') == 'alert':
                    sid = event['alert']['signature_id']
                    counted[sid] = counted.get(sid, 0) + 1
    return counted
