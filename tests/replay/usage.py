#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line as such: help, wrong words, exit codes, interrupts, closed pipes, terminals wide and narrow, konseki check.

usage: usage.py BUILD
"""
import fcntl, glob, os, pty, re, signal, struct, subprocess, sys, termios, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from tap import Tap

VERBS = ('check', 'run', 'replay', 'emulate', 'extract', 'show', 'case', 'block', 'config')
LATER = ('report', 'update')
ESCAPE = re.compile(r'\x1b\[[0-9;]*[mK]')


def check_help(tap):
    for verb in VERBS + LATER:
        done = konseki.konseki(verb, '--help')
        tap.ok(done.returncode == 0 and done.stdout.startswith(b'usage: konseki ' + verb.encode()) and not done.stderr, f'{verb} --help: exit 0, on stdout', done)
    for words in (['--help'], ['-h'], ['help']):
        done = konseki.konseki(*words)
        tap.ok(done.returncode == 0 and all(v.encode() in done.stdout for v in VERBS) and not done.stderr, f'{words[0]} names every verb', done)
    done = konseki.konseki('--version')
    tap.ok(done.returncode == 0 and re.fullmatch(rb'konseki \d+\.\d+\.\d+\n', done.stdout), '--version', done)
    for program in ('dataplane/konseki-dataplane', 'control/konseki-control', 'emu/konseki-emu'):
        path = os.path.join(konseki.BUILD, program)
        done = subprocess.run([path, '--help'], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        tap.ok(done.returncode == 0 and done.stdout.startswith(b'usage: ' + os.path.basename(path).encode()), f'{program} --help: exit 0, on stdout', done)


def check_wrong(tap):
    wrong = [([], 'no verb'), (['nonsense'], 'no such verb'), (['show'], 'show what?'), (['show', 'nonsense'], 'show nonsense'), (['case'], 'no case'),
             (['replay'], 'no capture'), (['replay', '--lanes', '0', 'x'], 'no lanes'), (['run', 'x'], 'run what?'), (['config'], 'config what?'), (['block'], 'block what?'), (['block', 'nonsense'], 'block nonsense'), (['block', 'add'], 'block add what?'), (['config', 'nonsense'], 'config nonsense'), (['emulate'], 'no language')]
    wrong += [([verb, '--nonsense'], f'{verb} --nonsense') for verb in VERBS] + [([verb, '-c'], f'{verb} -c without a file') for verb in ('check', 'run', 'replay', 'show', 'case', 'block', 'config')]
    for words, what in wrong:
        done = konseki.konseki(*words)
        lines = len(done.stderr.splitlines())
        tap.ok(done.returncode == 2 and not done.stdout and (lines == 1 or not words), f'{what}: exit 2, one line on stderr', f'{done.returncode} {done.stderr} {done.stdout}')
        if words and '--nonsense' in words:
            tap.ok(b'--nonsense' in done.stderr, f'{what}: which names it', done.stderr)
    for verb in LATER:
        done = konseki.konseki(verb)
        tap.ok(done.returncode == 3 and len(done.stderr.splitlines()) == 1, f'{verb}: not in this version: exit 3', done)


def check_check(tap):
    folder = konseki.scratch()
    conf = konseki.config(folder)
    done = konseki.konseki('check', '-c', conf)
    tap.ok(done.returncode == 0 and re.fullmatch(rb'\d+ rules loaded, 0 refused\n', done.stdout) and not done.stderr, 'check: all is well: one line', done)
    done = konseki.konseki('check', '-c', os.path.join(konseki.ROOT, 'config', 'konseki.conf'), cwd='/')
    tap.ok(done.returncode == 0 and re.fullmatch(rb'\d+ rules loaded, 0 refused\n', done.stdout) and not done.stderr, 'the shipped config too', done)
    rules = os.path.join(folder, 'a.rules')
    with open(rules, 'w') as file:
        file.write('alert http any any -> any any (msg:"a"; http.uri; content:"x"; sid:1;)\n\nnonsense\nalert http any any -> any any (sid:2; frobnicate:1;)\n')
    done = konseki.konseki('check', '-c', conf, '--rules', rules)
    lines = done.stderr.decode().splitlines()
    tap.ok(done.returncode == 1 and done.stdout == b'1 rules loaded, 2 refused\n' and [l.startswith(f'{rules}:{n}: ') for l, n in zip(lines, (3, 4))] == [True, True],
           'check --rules: each error FILE:LINE, the count last, exit 1', done)
    with open(conf, 'a') as file:
        file.write('emulation2 = { };\n')
    number = len(open(conf).read().splitlines())
    for words, code in ((['check'], 1), (['replay', konseki.capture('benign')], 3), (['show', 'alerts'], 3), (['run'], 3), (['case', '0123456789abcdef-0'], 3)):
        done = konseki.konseki(*words, '-c', conf)
        tap.ok(done.returncode == code and f'{conf}:{number}: unknown key emulation2; did you mean emulation?'.encode() in done.stderr and len(done.stderr.splitlines()) == 1,
               f'{words[0]}: a wrong key: exit {code}, file and line', done)
    other = konseki.config(konseki.scratch())
    with open(other) as file:
        text = file.read()
    with open(other, 'w') as file:
        file.write(text.replace('emulation = {', 'emulation = { user = "no-such-account";').replace(f'{konseki.ROOT}/emu/profiles', '/nonexistent'))
    done = konseki.konseki('check', '-c', other)
    line = [i for i, l in enumerate(text.splitlines(), 1) if l.startswith('emulation')][0]
    tap.ok(done.returncode == 1 and [l.startswith(f'{other}:{line}: emulation.'.encode()) for l in done.stderr.splitlines()] == [True, True],
           'check: no such account, no such folder of profiles: their line', done)


def check_pipe(tap, conf):
    """`| head -1`: no word about it, nothing left running."""
    for words in (['--json'], []):
        process = subprocess.Popen([konseki.KONSEKI, 'replay', '-c', conf, *words, konseki.capture('injected'), konseki.capture('refused')],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        first = os.read(process.stdout.fileno(), 10)
        process.stdout.close()
        said = process.stderr.read()
        code = process.wait(60)
        tap.ok(len(first) == 10 and (code in (0, -signal.SIGPIPE) or b'cannot write' in said), f'replay {"".join(words)} into a pipe that closes', f'{code} {said}')


def ours():
    return [l for l in glob.glob('/proc/[0-9]*/exe') if os.path.exists(l) and os.readlink(l).startswith(konseki.BUILD + '/')]


def check_interrupt(tap, conf):
    for number in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen([konseki.KONSEKI, 'replay', '-c', conf, *konseki.captures() * 20], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(1.5)
        process.send_signal(number)
        began = time.monotonic()
        out, said = process.communicate(timeout=30)
        tap.ok(process.returncode == 3 and said == b'konseki replay: interrupted\n', f'{number.name} ends a replay: exit 3 and one line', f'{process.returncode} {said}')
        tap.ok(time.monotonic() - began < 20, 'soon, also on a busy machine')


def terminal(columns, *words):
    """What the words write to a terminal so wide."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 40, columns, 0, 0))
    process = subprocess.Popen([konseki.KONSEKI, *words], stdin=slave, stdout=slave, stderr=slave, close_fds=True)
    os.close(slave)
    said = b''
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    process.wait()
    os.close(master)
    return said.decode(errors='replace')


def check_terminal(tap, conf):
    for columns in (80, 132, 200):
        said = terminal(columns, 'replay', '-c', conf, konseki.capture('injected'), konseki.capture('shellshock-ping'))
        lines = [l.rpartition('\r')[2] for l in ESCAPE.sub('', said).replace('\r\n', '\n').split('\n')]
        wide = [l for l in lines if len(l) > columns]
        tap.ok(lines and not wide and 'VERDICT' in said, f'the table fits {columns} columns', '\n'.join(wide) or said[:500])
        tap.ok('\x1b[1;31msuccess' in said, 'a success is marked by colour')
    os.environ['NO_COLOR'] = '1'
    said = terminal(100, 'replay', '-c', conf, konseki.capture('shellshock-ping'))
    del os.environ['NO_COLOR']
    tap.ok('\x1b[1' not in said and 'success' in said, 'NO_COLOR is heard', said)


def check_together(tap, conf):
    """Replays at the same time with one config: each as if it were alone."""
    alone = [konseki.replay([konseki.capture(n)], conf)[1].stdout for n in ('injected', 'shellshock-ping')]
    both = [subprocess.Popen([konseki.KONSEKI, 'replay', '-c', conf, '--json', konseki.capture(n)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for n in ('injected', 'shellshock-ping')]
    told = [p.communicate(timeout=konseki.TIMEOUT) for p in both]
    tap.ok([out for out, _ in told] == alone and not any(said for _, said in told), 'two replays at once', [said for _, said in told])


def check_twice(tap, conf):
    """A capture named twice in one command is judged twice, alike."""
    name = konseki.capture('apache-traversal-shell')
    once, _ = konseki.replay([name], conf)
    records, done = konseki.replay([name, name], conf)
    strip = lambda rs: [dict(r, triage=dict(r['triage'], emulation=None)) for r in rs or []]
    tap.ok(strip(records) == strip(once) * 2 and once and done.returncode == 0, 'the same capture twice: the same records twice', done.stderr)


def main():
    tap = Tap()
    before = set(ours())
    conf = konseki.config(konseki.scratch())
    check_help(tap)
    check_wrong(tap)
    check_check(tap)
    check_pipe(tap, conf)
    check_interrupt(tap, conf)
    check_terminal(tap, conf)
    check_twice(tap, conf)
    check_together(tap, conf)
    time.sleep(0.5)
    tap.ok(set(ours()) <= before, 'no process is left', set(ours()) - before)
    tap.done()


main()
