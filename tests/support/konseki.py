# SPDX-License-Identifier: GPL-2.0-or-later
"""Starting Konseki from tests: a config of one's own in a scratch folder, a replay, its records."""
import atexit, glob, json, os, shutil, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
BUILD = os.path.realpath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(ROOT, 'build')
KONSEKI = os.path.join(BUILD, 'konseki')
CAPTURES = os.path.join(ROOT, 'tests', 'captures')
TIMEOUT = 300  # seconds; sanitized builds are slow


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


def config(folder, lanes=1, workers=2, more='', rules=None, egress=False, judging='', dataplane=''):
    """Writes folder/konseki.conf; everything it keeps is inside folder."""
    rules = rules or os.path.join(ROOT, 'config', 'rules', 'konseki.rules')
    os.makedirs(os.path.join(folder, 'state'), exist_ok=True)
    os.chmod(os.path.join(folder, 'state'), 0o777)
    path = os.path.join(folder, 'konseki.conf')
    with open(path, 'w') as file:
        file.write(f'''
dataplane = {{ lanes = {lanes}; {dataplane} }};
rules = {{ files = [ "{rules}" ]; }};
emulation = {{ workers = {workers}; profiles = "{ROOT}/emu/profiles"; }};
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


def of_label(records, label):
    """The records of one labelled request: same flow, method and target. Several requests may be alike: see nth."""
    line = label['request_line'].rsplit(' ', 1)[0]
    return [r for r in records if (r.get('src_ip'), r.get('src_port'), r.get('dest_ip'), r.get('dest_port')) ==
            (label['src'], label['sport'], label['dst'], label['dport']) and request_line(r) == line]
