#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Behaviour logs of samples against strace: programs and scripts that do known things, run emulated, and natively in a
throw-away root of the same profile with no network and a process namespace of its own.

usage: behaviour.py BUILD
"""
import glob, hashlib, json, os, re, shutil, subprocess, sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'support'), HERE]
import konseki
import native
import schema
from tap import Tap

PROFILE = 'container'  # its user is root
SCRIPTS = {
    'a script of sh': '''#!/bin/sh
mkdir .w .w/x
echo '#!/bin/sh' > run; echo 'exit 0' >> run; chmod +x run; ./run a b
echo '@reboot root /tmp/.w/run' > /etc/cron.d/again
cp run /etc/init.d/again; ln -s ../init.d/again /etc/rc2.d/S99again
sleep 9 & sleep 1; kill -9 $!; mv run walk; rmdir .w/x .w; rm -f "$0"
''',
    'a script of bash': '''#!/bin/bash
exec 3<>/dev/tcp/203.0.113.77/8081; echo hi >&3
(echo > /dev/tcp/198.51.100.4/9001) ; bash -c 'exit 4'; echo done > /var/tmp/done
''',
}
SCRIPTED = ('/tmp/.cache/stage', './run')  # what samples write and run with a #! line of /bin/sh
TRACED = ('open,openat,creat,mkdir,mkdirat,unlink,unlinkat,rmdir,rename,renameat,renameat2,chmod,fchmodat,link,linkat,symlink,symlinkat,'
          'execve,connect,sendto,bind,listen,kill,prctl,ptrace')


def absolute(path):
    return path if path.startswith('/') else os.path.normpath('/tmp/' + path)


def end_of(text):
    found = re.search(r'sin_port=htons\((\d+)\), sin_addr=inet_addr\("([\d.]+)"\)', text)
    return found and f'{found[2]}:{found[1]}'


class Native:
    """What strace saw, as artefacts; relative names only where a sample stays in /tmp."""
    def __init__(self):
        self.seen, self.bound = set(), {}

    def add(self, kind, action, value):
        if value:
            self.seen.add((kind, action, value))

    def call(self, name, arguments, result):
        strings = re.findall(r'"((?:[^"\\]|\\.)*)"', arguments)
        if name in ('connect', 'sendto') and end_of(arguments):
            self.add('ip', 'connect' if name == 'connect' else 'send', end_of(arguments))
        elif name == 'bind' and result >= 0:
            self.bound[arguments.split(',')[0]] = end_of(arguments)
        elif name == 'listen' and result >= 0:
            self.add('ip', 'listen', self.bound.get(arguments.split(',')[0]))
        elif name == 'kill':
            self.add('process', 'kill', arguments.split(',')[0] if result < 0 else 'its own')
        elif name == 'ptrace':
            self.add('process', 'trace', 'traceme' if 'TRACEME' in arguments else 'other')
        elif name == 'prctl' and 'PR_SET_NAME' in arguments:
            self.add('process', 'rename', strings[0])
        elif result < 0:
            return
        elif name in ('open', 'openat', 'creat') and re.search('O_TRUNC|O_CREAT|O_WRONLY', arguments):
            self.add('file', 'write', absolute(strings[0]))
        elif name.startswith('mkdir'):
            self.add('file', 'mkdir', absolute(strings[0]))
        elif name.startswith('unlink') or name == 'rmdir':
            self.add('file', 'delete', absolute(strings[0]))
        elif name.startswith('rename'):
            self.add('file', 'rename', absolute(strings[0]))
            self.add('file', 'write', absolute(strings[1]))
        elif name.endswith('chmod') or name == 'fchmodat':
            self.add('file', 'chmod', absolute(strings[0]))
        elif name.startswith(('link', 'symlink')):
            self.add('file', 'link', absolute(strings[1]))
        elif name == 'execve':
            self.add('command', 'create', ' '.join(['/bin/sh', *strings[:1], *strings[2:]] if strings[0] in SCRIPTED else strings[1:]))


def traced(root, environment, log):
    subprocess.run(['strace', '-ff', '-qq', '-v', '-s', '4096', '-e', 'signal=none', '-e', 'trace=' + TRACED, '-o', log, 'unshare', '--net', '--pid', '--fork',
                    '--kill-child', f'--mount-proc={root}/proc', 'chroot', root, '/bin/sh', '-c', 'cd /tmp; env -i "$@" /tmp/program; exit $?', 'sh',
                    *environment], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=root, timeout=60)
    seen, begun = Native(), False
    for path in sorted(glob.glob(log + '.*'), key=lambda p: int(p.rsplit('.', 1)[1])):
        with open(path, errors='replace') as lines:
            for line in lines:
                found = re.match(r'(\w+)\((.*)\)\s+= (-?\d+)', line)
                if not found:
                    continue
                if begun:
                    # what execve was given as environment is no part of the command
                    arguments = re.sub(r'(\]), \[.*$', r'\1', found[2]) if found[1] == 'execve' else found[2]
                    seen.call(found[1], arguments, int(found[3]))
                begun = begun or line.startswith('execve("/tmp/program"')
        os.unlink(path)
    return seen.seen


def logged(answer):
    """The same of a behaviour log: what strace cannot tell apart is one, what it does not show is left out."""
    seen = set()
    for a in answer['behaviour']['artefacts']:
        kind, action, value = a['kind'], a['action'], a['value']
        if (kind, action) in {('file', 'create'), ('file', 'write')}:
            seen.add(('file', 'write', value))
        elif (kind, action) == ('process', 'kill'):
            seen.add((kind, action, value if value.isdigit() else 'its own'))
        elif (kind, action) not in {('file', 'read'), ('process', 'create'), ('task', 'create'), ('service', 'create')}:
            seen.add((kind, action, value))
    return seen


def emulate(path, *options):
    done = konseki.konseki('emulate', '-c', os.path.join(konseki.ROOT, 'config', 'konseki.conf'), '--language', 'elf', '--profile', PROFILE,
                           *options, path)
    return done.stdout


def compare(tap, name, path, clean, environment, folder):
    """Natively in a copy of the clean root."""
    root = os.path.join(folder, 'copy')
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(['cp', '-a', clean, root], check=True)
    to = root + '/tmp/program'
    with open(path, 'rb') as file:
        code = file.read()
    with open(to, 'wb') as file:
        file.write(code)
    os.chmod(to, 0o755)
    real = traced(root, environment, os.path.join(folder, 'log'))
    answer = json.loads(emulate(path, '--json'))
    schema.check(tap, 'emulate', [answer], name)
    ours = logged(answer)
    tap.ok(len(real) > 3 and real == ours, f'{name} leaves what strace saw ({len(real)} artefacts)',
           '\n'.join(['only strace: ' + ' '.join(a) for a in sorted(real - ours)] + ['only emulated: ' + ' '.join(a) for a in sorted(ours - real)]))
    tap.equal((answer['behaviour']['sample'], answer['behaviour']['source']), (hashlib.sha256(code).hexdigest(), f'konseki-emu {PROFILE}'),
              f'{name} is named by its digest and where it ran')
    return answer['behaviour']['artefacts']


def places(tap, artefacts):
    has = lambda kind, value: {'kind': kind, 'action': 'create', 'value': value} in artefacts
    tap.ok(has('task', '/etc/cron.d/update') and has('service', '/etc/systemd/system/update.service'), 'what the system starts is a task or a service')


def text(tap, path):
    shown = emulate(path).decode()
    tap.ok(re.search(r'(?m)^behaviour: \d+ artefacts\n(  \w+ +\w+ +\S.*\n)+', shown) and 'task     create   /etc/cron.d/update' in shown,
           'the log is readable without --json', shown)


def many(tap, folder):
    path = os.path.join(folder, 'many')
    with open(path, 'w') as file:
        file.write('#!/bin/sh\nwhile [ $((i=i+1)) -lt 2000 ]; do : > /tmp/f$i; done; for i in 1 2 3; do echo x >> /tmp/f1; done\nexec 3<>/dev/null; /bin/ls /tmp\n')
    log = json.loads(emulate(path, '--json'))['behaviour']
    values = [(a['kind'], a['action'], a['value']) for a in log['artefacts']]
    tap.ok(len(values) == len(set(values)) <= 1024 and log['left'] > 1000, 'repeats are one, numbers are bounded and what is left is counted', log.get('left'))


def main():
    tap = Tap()
    reason = 'a root of its own needs root' if os.geteuid() != 0 else \
             'strace is not installed' if subprocess.run(['strace', '-V'], capture_output=True).returncode else None
    if reason:
        tap.skip('behaviour logs', reason)
        tap.done()
    folder = konseki.scratch()
    root = folder + '/root'
    with open(os.path.join(konseki.ROOT, 'emu', 'profiles', PROFILE, 'profile.conf')) as file:
        conf = file.read()
    os.mkdir(root)
    native.make_root(os.path.join(konseki.ROOT, 'emu', 'profiles', PROFILE), conf, root)
    environment = [e for e in re.findall(r'"([^"]*)"', native.setting(conf, 'environment')) if '@' not in e]
    for how, flags in (('static', ['-static']), ('dynamic', [])):
        path = os.path.join(folder, how)
        done = subprocess.run(['cc', '-w', '-O1', *flags, '-o', path, os.path.join(HERE, 'sample.c')], capture_output=True, text=True)
        if done.returncode:
            tap.skip(f'a {how} program', 'cc does not build it: ' + (done.stderr.splitlines() or ['?'])[0])
            continue
        artefacts = compare(tap, f'a {how} program', path, root, environment, folder)
        places(tap, artefacts)
    if os.path.exists(os.path.join(folder, 'static')):
        text(tap, os.path.join(folder, 'static'))
    for name, script in SCRIPTS.items():
        path = os.path.join(folder, 'script')
        with open(path, 'w') as file:
            file.write(script)
        compare(tap, name, path, root, environment, folder)
    many(tap, folder)
    tap.done()


main()
