# SPDX-License-Identifier: GPL-2.0-or-later
"""Starting Konseki from tests: a config of one's own in a scratch folder, a replay, its records."""
import atexit, datetime, glob, json, os, shutil, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
BUILD = os.path.realpath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(ROOT, 'build')
KONSEKI = os.path.join(BUILD, 'konseki')
CAPTURES = os.path.join(ROOT, 'tests', 'captures')
TIMEOUT = 300  # seconds; sanitized builds are slow
# a program that gave up its power to be traced cannot look for leaks: the unit tests do
os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'


def scratch():
    """A folder that is removed at the end of the test."""
    folder = tempfile.mkdtemp(prefix='konseki-test.')
    os.chmod(folder, 0o755)  # the programs may run as another user
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def capture(name):
    return os.path.join(CAPTURES, name + '.pcap')


def captures():
    return sorted(glob.glob(os.path.join(CAPTURES, '*.pcap')))


def labels(path):
    with open(path[:-len('.pcap')] + '.labels.jsonl') as lines:
        return [json.loads(line) for line in lines if line.strip()]


def config(folder, lanes=1, workers=2, more='', rules=None, egress=False, judging='', dataplane='', emulation=''):
    """Writes folder/konseki.conf; everything it keeps is inside folder."""
    rules = rules or os.path.join(ROOT, 'config', 'rules', 'konseki.rules')
    os.makedirs(os.path.join(folder, 'state'), exist_ok=True)
    os.chmod(os.path.join(folder, 'state'), 0o777)
    path = os.path.join(folder, 'konseki.conf')
    with open(path, 'w') as file:
        file.write(f'''
dataplane = {{ lanes = {lanes}; {dataplane} }};
rules = {{ files = [ "{rules}" ]; compiled = "{BUILD}/compiled"; }};
emulation = {{ workers = {workers}; profiles = "{ROOT}/emu/profiles"; {emulation} }};
judging = {{ egress_visible = {str(egress).lower()}; {judging} }};
store = {{ folder = "state"; }};
admin = {{ socket = "state/admin.sock"; }};
{more}
''')
    return path


def konseki(*arguments, timeout=TIMEOUT, **more):
    """Runs it to the end; .stdout and .stderr are bytes."""
    return subprocess.run([KONSEKI, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=more.pop('stdin', subprocess.DEVNULL),
                          timeout=timeout, **more)


def replay(paths, conf, json_lines=True):
    """(records, the finished process); records is None where it printed no JSON that could be read."""
    done = konseki('replay', '-c', conf, *(['--json'] if json_lines else []), *paths)
    records = None
    if json_lines:
        try:
            records = [json.loads(line) for line in done.stdout.decode().splitlines() if line]
        except ValueError:
            pass
    return records, done


def request_line(record):
    http = record.get('http') or {}
    return f'{http.get("http_method", "")} {http.get("url", "")}'


def seconds(record):
    """The record's time since the epoch."""
    return datetime.datetime.fromisoformat(record['timestamp'].replace('Z', '+00:00')).timestamp()


def ends(record):
    return record.get('src_ip'), record.get('src_port'), record.get('dest_ip'), record.get('dest_port')


def pair(records, labels):
    """((label, its record or None) for each label, the records that belong to none). One to one, the nearest in time:
    first of the same flow, method and target, then of what is left of the flow (odd methods, raw streams)."""
    of, taken = {}, set()
    line = lambda label: ' '.join(label['request_line'].split(' ')[:2])
    for alike in (lambda r, l: request_line(r) == line(l), lambda r, l: True):
        likely = sorted((abs(seconds(r) - l['ts']), i, j) for i, r in enumerate(records) for j, l in enumerate(labels)
                        if ends(r) == (l['src'], l['sport'], l['dst'], l['dport']) and alike(r, l))
        for distance, i, j in likely:
            if i not in taken and j not in of and distance < 1:
                taken.add(i)
                of[j] = records[i]
    return [(l, of.get(j)) for j, l in enumerate(labels)], [r for i, r in enumerate(records) if i not in taken]
